//! Records who looks at what, before the answer goes out (who read whose data is law's business:
//! Decree 13/2023 Art. 26). One record for a list or search, with its filter and the ids shown.

use crate::app::{App, Officer};
use crate::refusals::refused;
use kernel::ids::CaseId;
use kit::{Refused, Visit};
use store::audit::{self, Access};
use store::secrets::mac;
use uuid::Uuid;

/// Keeps digests of searched words apart from all else that the key signs.
const DIGEST_PURPOSE: &[u8] = b"access-filter";

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
    keep(app, officer, access).await
}

/// A look at many: `list`, `search`. `filter` is kept as it is.
///
/// # Errors
/// As [`one`].
pub(crate) async fn many(
    app: &App,
    officer: &Officer,
    act: &str,
    filter: &str,
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
    keep(app, officer, access).await
}

/// What a record may say about searched words: records are never erased and people are searched by
/// name and number, so only a digest under the site's own key, over the folded words.
pub(crate) fn digest(visit: &Visit, words: &str) -> String {
    let folded = kernel::fold::fold(words);
    let digest = mac(&visit.kit().site.secret, &[DIGEST_PURPOSE, folded.as_bytes()]);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn keep(app: &App, officer: &Officer, access: Access) -> Result<(), Refused> {
    let unit = move |tx: &mut store::Tx<'_>, _: &mut store::cases::Env<'_>| {
        audit::record(tx, &access)?;
        Ok(())
    };
    app.act(&officer.actor, unit).await.map_err(refused)
}
