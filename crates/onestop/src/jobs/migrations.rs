//! The worker goes on with a migration of running cases: one page of the dry run or one batch of
//! moves in each round, so that timers and jobs come in between.

use crate::App;
use kernel::access::Actor;
use store::cases::CaseError;
use store::process_migrations::{self, State};

/// Does the next step of the oldest migration under way. Says whether there was one.
///
/// # Errors
/// What the store says.
pub(super) async fn step(app: &App) -> Result<bool, CaseError> {
    let found = app.read(|reader| Ok(process_migrations::next(reader)?)).await?;
    let Some(migration) = found else { return Ok(false) };
    let (id, worker) = (migration.id, Actor::system("migration"));
    let done = if migration.state == State::Checking {
        let (catalogue, now) = (app.catalogue(), app.now());
        let looked = app
            .read(move |reader| process_migrations::look(reader, &catalogue, &migration, now))
            .await;
        match looked {
            Ok(looked) => {
                app.act(&worker, move |tx, _| Ok(process_migrations::note(tx, &looked)?)).await
            }
            Err(error) => Err(error),
        }
    } else {
        app.act(&worker, move |tx, env| process_migrations::carry_on(tx, env, id)).await
    };
    match done {
        Err(CaseError::Store(error)) => Err(error.into()),
        Err(error) => {
            tracing::warn!(%id, %error, "a migration cannot go on");
            Ok(false)
        }
        // Somebody else may have been faster; either way there may be more.
        Ok(_) => Ok(true),
    }
}
