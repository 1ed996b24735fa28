//! Records who looks at what, before the answer goes out (who read whose data is law's business:
//! Decree 13/2023 Art. 26). One record for a list or search, with its filter and the ids shown.

use crate::app::{App, Officer};
use crate::refusals::refused;
use kernel::ids::CaseId;
use kit::Refused;
use store::audit::{self, Access};
use store::secrets::mac;
use store::{Query, StoreError};
use uuid::Uuid;

/// Purpose of the key under which searched words are kept as a digest.
const SEARCH_KEY: &str = "audit-filter";

/// A look at one case: `open`, `file`, `unmask`, `print`.
///
/// # Errors
/// The store could not keep the record; then nothing may be shown.
pub(crate) async fn one(
    app: &App,
    officer: &Officer,
    act: &str,
    case: CaseId,
) -> Result<(), Refused> {
    let access = Access {
        at_ms: app.now().0,
        actor: officer.account.0.clone(),
        act: act.to_owned(),
        case_id: Some(case.0),
        filter: None,
        ids: Vec::new(),
    };
    keep(app, officer, access, None).await
}

/// A look at many: `list`, `search`. `filter` is kept as it is, `words` only as a keyed digest, since
/// records are never erased and people are searched by name and number.
///
/// # Errors
/// As [`one`].
pub(crate) async fn many(
    app: &App,
    officer: &Officer,
    act: &str,
    filter: &str,
    words: Option<&str>,
    ids: Vec<Uuid>,
) -> Result<(), Refused> {
    let access = Access {
        at_ms: app.now().0,
        actor: officer.account.0.clone(),
        act: act.to_owned(),
        case_id: None,
        filter: Some(filter.to_owned()),
        ids,
    };
    keep(app, officer, access, words.map(str::to_owned)).await
}

async fn keep(
    app: &App,
    officer: &Officer,
    access: Access,
    words: Option<String>,
) -> Result<(), Refused> {
    let unit = move |tx: &mut store::Tx<'_>, _: &mut store::cases::Env<'_>| {
        let mut access = access.clone();
        if let Some(words) = &words {
            let key = tx.keys().derived(tx.keys().current(), SEARCH_KEY).map_err(StoreError::from)?;
            let digest = mac(&key, &[kernel::fold::fold(words).as_bytes()]);
            let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
            let filter = access.filter.unwrap_or_default();
            access.filter = Some(format!("{filter} words={hex}"));
        }
        audit::record(tx, &access)?;
        Ok(())
    };
    app.act(&officer.actor, unit).await.map_err(refused)
}
