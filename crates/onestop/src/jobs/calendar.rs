//! The calendar of a running program: days that were announced are taken over, and the running
//! cases are looked at again, batch by batch (rule W5).

use crate::App;
use kernel::access::Actor;
use kernel::catalogue::Catalogue;
use store::StoreError;
use store::announcements;
use store::cases::{self, CaseError, Rederived};

/// Takes over days that were announced. Says whether running cases have to be looked at: also when
/// nothing was announced but the time has come from which an entry is known.
///
/// # Errors
/// What the store says.
pub async fn take_over(app: &App) -> Result<bool, CaseError> {
    let (store, catalogue, now) = (app.0.store.clone(), app.catalogue(), app.now());
    let taken =
        tokio::task::spawn_blocking(move || announcements::take_over(&store, &catalogue, now));
    match taken.await {
        Ok(taken) => taken?,
        Err(error) => return Err(StoreError::Io(error.to_string()).into()),
    };
    let announced = app.read(|reader| Ok(announcements::all(reader)?)).await?;
    let entries = announcements::entries(&announced);
    if app.catalogue().announced() != entries {
        let change = |catalogue: &Catalogue| catalogue.with_announced(entries);
        if let Err(error) = app.change_catalogue(change) {
            tracing::error!(%error, "the announced days do not go with the calendar");
        }
    }
    let mark = app.catalogue().calendars_mark(app.now());
    let done = app.read(move |reader| Ok(cases::is_rederived(reader, &mark)?)).await?;
    Ok(!done)
}

/// Looks at the next running cases. The walk ends with a batch that is `finished`.
///
/// # Errors
/// What the store says; the batch is done again then.
pub async fn rederive(app: &App) -> Result<Rederived, CaseError> {
    let unit = |tx: &mut store::Tx<'_>, env: &mut cases::Env<'_>| {
        cases::rederive_next(tx, env).map_err(CaseError::from)
    };
    let done = app.act(&Actor::system("calendar"), unit).await?;
    for (case, why) in &done.refused {
        tracing::warn!(case, why, "its dates could not be looked at");
    }
    if done.moved > 0 {
        tracing::info!(moved = done.moved, "dates moved with the calendar");
    }
    if done.finished && done.refused_so_far > 0 {
        let refused = done.refused_so_far;
        tracing::error!(refused, "cases were passed over when the calendar changed");
    }
    Ok(done)
}
