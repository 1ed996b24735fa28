//! Which cases a replay named for one reason: only those that the officer may see, and the look is
//! recorded like every list.

use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::seen;
use kernel::access::{RowFilter, sees};
use kit::{Entries, Refused, T};
use store::cases::{self, Stored};
use uuid::Uuid;

/// Cases of one reason.
pub(super) struct Listed {
    pub(super) reason: String,
    pub(super) rows: Vec<Row>,
    /// How many of those that were named are not the officer's to see.
    pub(super) hidden: String,
}

/// A case.
pub(super) struct Row {
    pub(super) code: String,
    pub(super) href: String,
}

/// Whether the officer may see any case at all.
pub(super) fn sees_any(app: &App, officer: &Officer) -> bool {
    officer.filter(app) != RowFilter::Nothing
}

/// The cases of the reason that the address asks for; nothing for somebody who sees no cases.
///
/// # Errors
/// What the store says; then nothing may be shown.
pub(super) async fn listed(
    app: &App,
    officer: &Officer,
    t: T,
    found: Option<&super::replay::Found>,
    query: &Entries,
) -> Result<Option<Listed>, Refused> {
    let reason = query.text("ly-do").to_owned();
    let named = found.and_then(|found| found.named.get(&reason)).cloned();
    let Some(named) = named.filter(|_| sees_any(app, officer)) else { return Ok(None) };
    let (filter, all) = (officer.filter(app), named.len());
    let read = app.read(move |reader| {
        let mut theirs: Vec<Stored> = Vec::new();
        for id in named {
            theirs.extend(cases::by_id(reader, id)?.filter(|s| sees(&filter, &s.case)));
        }
        Ok(theirs)
    });
    let theirs = read.await.map_err(refused)?;
    let ids: Vec<Uuid> = theirs.iter().map(|stored| stored.case.id.0).collect();
    seen::many(app, officer, "list", &format!("process-trial {reason}"), ids).await?;
    let hidden = all - theirs.len();
    let row = |stored: &Stored| Row {
        code: stored.case.name().to_owned(),
        href: format!("/noi-lam-viec/ho-so/{}", stored.case.id),
    };
    Ok(Some(Listed {
        reason: super::told::reason(t, &reason),
        rows: theirs.iter().map(row).collect(),
        hidden: match hidden {
            0 => String::new(),
            n => t.a1("process-trial-hidden", "n", n),
        },
    }))
}
