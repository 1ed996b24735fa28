//! A look that makes somebody else's finished step final: whoever may act on what follows has
//! opened it. Recorded in the journal before the answer, so that taking back and looking cannot
//! both win.

use crate::app::{App, Officer};
use crate::refusals::refused;
use kernel::case::{Command, Op, opens};
use kit::Refused;
use store::cases::{self, Stored};

/// Records the look, if it is one of these; most are not and write nothing.
///
/// # Errors
/// What the store says; a case that moved on in between is no error.
pub(super) async fn note(app: &App, officer: &Officer, stored: &Stored) -> Result<(), Refused> {
    let catalogue = app.catalogue();
    let ctx = catalogue.ctx(&stored.case, &officer.actor, app.now());
    if ctx.is_none_or(|ctx| opens(&stored.case, &ctx).is_empty()) {
        return Ok(());
    }
    let id = stored.case.id;
    // Judged again on the case as it is when the writer comes to it.
    let unit = move |tx: &mut store::Tx<'_>, env: &mut cases::Env<'_>| {
        cases::act(tx, env, id, None, &Command::Op(Op::Open)).map(drop)
    };
    app.act(&officer.actor, unit).await.map_err(refused)
}
