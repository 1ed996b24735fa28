//! The jobs that run after a commit: child cases inside the house, telling outside systems through
//! whoever the binary binds to it. Each is idempotent and ends in an append or a mark.

pub mod calendar;
#[cfg(test)]
mod calendar_tests;
#[cfg(test)]
mod called_tests;
#[cfg(test)]
mod drawn_tests;
mod migrations;
mod outside;
pub mod staff;
#[cfg(test)]
pub(crate) mod tests;

pub use outside::Outside;

use crate::App;
use kernel::access::Actor;
use kernel::case::{Call, Command, Job, SyncState, SyncTarget};
use kernel::ids::CaseId;
use std::time::Duration;
use store::cases::{self, CaseError, Env};
use store::{StoreError, Tx, bounds, drafts, idempotency, limits, outbox, sessions, timers};

/// Longest time that a claimed job may take before another worker may take it, in milliseconds.
const LEASE_MS: i64 = 60_000;
/// Jobs and timers taken at once.
const BATCH: u32 = 50;
/// Time between two rounds of upkeep, in milliseconds.
const UPKEEP_MS: i64 = 10 * 60_000;
/// Pause of an idle worker.
const IDLE: Duration = Duration::from_millis(500);

/// Does a job inside the house. `None` for one that leaves it.
///
/// # Errors
/// A refusal, or what the store says.
pub fn perform_inside(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    row: &outbox::Job,
) -> Result<Option<Vec<CaseId>>, CaseError> {
    let id = CaseId(row.stream);
    Ok(match read(row)? {
        Job::OpenChildren { token, kind, units } => {
            let mut touched = cases::open_children(tx, env, id, token, &kind, &units)?;
            touched.push(id);
            Some(touched)
        }
        Job::OpenCall { token, process, version, asks, vars } => {
            let call = Call { process, version, vars };
            let child = cases::open_call(tx, env, id, token, call, asks.as_deref())?;
            Some(child.into_iter().chain([id]).collect())
        }
        Job::AnswerParent { parent, answer, code } => {
            cases::answer_parent(tx, env, id, parent, answer, &code)?;
            Some(vec![parent])
        }
        Job::EscalateParent { parent, code } => {
            cases::escalate_parent(tx, env, id, parent, &code)?;
            Some(vec![parent])
        }
        // Their work is done when they are ended; nothing is left to do on them.
        Job::CloseChildren => {
            cases::close_children(tx, env, id)?;
            Some(Vec::new())
        }
        Job::EndChildren { children } => {
            cases::end_children(tx, env, &children)?;
            Some(Vec::new())
        }
        Job::SpreadSignal { name, code, after } => {
            let told = cases::spread_signal(tx, env, (id, &code), &name, after.as_ref())?;
            if told.next.is_some() {
                queue_rest(tx, env, row, &Job::SpreadSignal { name, code, after: told.next })?;
            }
            Some(told.heard)
        }
        Job::PortalSync { .. }
        | Job::NotifyApplicant { .. }
        | Job::SendMessage { .. }
        | Job::NotifyDesk { .. } => None,
    })
}

/// Queues what is left of a job, in the unit of work that did a part of it.
fn queue_rest(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    row: &outbox::Job,
    rest: &Job,
) -> Result<(), StoreError> {
    let payload = serde_json::to_string(rest).map_err(|e| StoreError::Corrupt(e.to_string()))?;
    let part = row.id.to_string();
    let key = (row.stream, row.seq, rest.name(), part.as_str());
    outbox::add_part(tx, key, &payload, env.now.0, env.now.0)?;
    Ok(())
}

fn read(row: &outbox::Job) -> Result<Job, StoreError> {
    serde_json::from_str(&row.payload)
        .map_err(|e| StoreError::Corrupt(format!("outbox {}: {e}", row.id)))
}

/// Does a job that leaves the house.
///
/// # Errors
/// Why it was not taken.
pub fn perform_outside(outside: &dyn Outside, row: &outbox::Job) -> Result<(), String> {
    let id = CaseId(row.stream);
    match read(row).map_err(|e| e.to_string())? {
        Job::PortalSync { status } => outside.portal_sync(id, status),
        Job::NotifyApplicant { message } => outside.notify(id, &message),
        Job::NotifyDesk { message, desk, units } => {
            outside.notify_desk(id, &desk, &message, &units)
        }
        Job::SendMessage { name, to } => outside.message(id, &name, to.as_deref()),
        Job::OpenChildren { .. }
        | Job::OpenCall { .. }
        | Job::AnswerParent { .. }
        | Job::EscalateParent { .. }
        | Job::SpreadSignal { .. }
        | Job::CloseChildren
        | Job::EndChildren { .. } => Ok(()),
    }
}

/// Does a claimed job to its end in one unit of work: the fill of the demo and the simulator use
/// it.
///
/// # Errors
/// A refusal, or what the store says.
pub fn perform_now(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    outside: &dyn Outside,
    row: &outbox::Job,
) -> Result<Vec<CaseId>, CaseError> {
    if let Some(touched) = perform_inside(tx, env, row)? {
        outbox::mark_sent(tx, row.id, None, env.now.0)?;
        outbox::mark_acked(tx, row.id, env.now.0)?;
        return Ok(touched);
    }
    let result = perform_outside(outside, row);
    finish(tx, env, row, &result)?;
    Ok(Vec::new())
}

/// Marks a job that left the house, and writes the sync axis of the case.
fn finish(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    row: &outbox::Job,
    result: &Result<(), String>,
) -> Result<(), CaseError> {
    let state = match result {
        Ok(()) => {
            outbox::mark_sent(tx, row.id, None, env.now.0)?;
            outbox::mark_acked(tx, row.id, env.now.0)?;
            SyncState::Acked
        }
        Err(error) => match outbox::mark_failed(tx, row.id, error, env.now.0)? {
            outbox::JobState::Dead => SyncState::Dead,
            _ => SyncState::Error(u16::try_from(row.attempts).unwrap_or(u16::MAX)),
        },
    };
    if row.job == (Job::PortalSync { status: 0 }).name() {
        sync_axis(tx, env, CaseId(row.stream), state)?;
    }
    Ok(())
}

/// The axis moves only when it changes, so that an answer that comes twice writes once.
fn sync_axis(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    id: CaseId,
    state: SyncState,
) -> Result<(), CaseError> {
    let Some(stored) = cases::by_id(tx, id.0)? else { return Ok(()) };
    let target = SyncTarget::NationalPortal;
    if stored.case.sync.iter().any(|(t, s)| *t == target && *s == state) {
        return Ok(());
    }
    cases::act(tx, env, id, None, &Command::Sync { target, state })?;
    Ok(())
}

/// One round of the worker: timers that are due, then jobs, then the next batch of a migration.
/// Says whether there was anything to do.
///
/// # Errors
/// What the store says; a refused job is marked and does not stop the round.
pub async fn round(app: &App, outside: &dyn Outside) -> Result<bool, CaseError> {
    let now = app.now();
    let due = app.read(move |reader| Ok(timers::due(reader, now.0, BATCH)?)).await?;
    let mut busy = !due.is_empty();
    for timer in due {
        let rung = {
            let timer = timer.clone();
            app.act(&Actor::system("timer"), move |tx, env| cases::ring(tx, env, &timer)).await
        };
        if let Err(error) = rung {
            tracing::warn!(case = %timer.case_id, %error, "a timer was refused and is put off");
            let later = now.0 + LEASE_MS;
            let put_off =
                move |tx: &mut Tx<'_>, _: &mut Env<'_>| Ok(timers::put_off(tx, &timer, later)?);
            app.act(&Actor::system("timer"), put_off).await?;
        }
    }
    let worker = Actor::system("worker");
    let jobs =
        app.act(&worker, |tx, env| Ok(outbox::claim(tx, LEASE_MS, BATCH, env.now.0)?)).await?;
    busy |= !jobs.is_empty();
    for job in jobs {
        one(app, outside, &worker, job).await?;
    }
    busy |= migrations::step(app).await?;
    Ok(busy)
}

async fn one(
    app: &App,
    outside: &dyn Outside,
    worker: &Actor,
    job: outbox::Job,
) -> Result<(), CaseError> {
    let inside = {
        let job = job.clone();
        app.act(worker, move |tx, env| {
            let done = perform_inside(tx, env, &job)?.is_some();
            if done {
                outbox::mark_sent(tx, job.id, None, env.now.0)?;
                outbox::mark_acked(tx, job.id, env.now.0)?;
            }
            Ok(done)
        })
        .await
    };
    let done = match inside {
        Ok(true) => Ok(()),
        Ok(false) => {
            let (job, result) = (job.clone(), perform_outside(outside, &job));
            app.act(worker, move |tx, env| finish(tx, env, &job, &result)).await
        }
        Err(error) => Err(error),
    };
    match done {
        Err(CaseError::Store(error)) if error.is_passing() => Err(error.into()),
        Err(error) => {
            tracing::warn!(job = %job.job, case = %job.stream, %error, "a job was refused");
            let text = error.to_string();
            app.act(worker, move |tx, env| {
                outbox::mark_failed(tx, job.id, &text, env.now.0)?;
                Ok(())
            })
            .await
        }
        Ok(()) => Ok(()),
    }
}

/// Deletes what has run its time: sessions, drafts, answers to forms sent once, counters against
/// guessing, acknowledged jobs.
///
/// # Errors
/// What the store says.
pub async fn upkeep(app: &App) -> Result<(), CaseError> {
    app.act(&Actor::system("upkeep"), |tx, env| {
        let now = env.now.0;
        sessions::sweep(tx, now)?;
        drafts::sweep(tx, now)?;
        idempotency::sweep(tx, now)?;
        limits::sweep(tx, now)?;
        outbox::sweep(tx, now - bounds::OUTBOX_KEEP_MS)?;
        Ok(())
    })
    .await
}

/// Runs the worker until the process ends. A store that is busy or full is waited for.
pub async fn run(app: App, outside: std::sync::Arc<dyn Outside>) {
    let mut next_upkeep = 0;
    // Running cases are looked at by a new calendar, one batch between two rounds.
    let mut walking = false;
    loop {
        if app.now().0 >= next_upkeep {
            next_upkeep = app.now().0 + UPKEEP_MS;
            if let Err(error) = upkeep(&app).await {
                tracing::warn!(%error, "upkeep could not be done");
            }
            if let Err(error) = staff::take_over(&app).await {
                tracing::warn!(%error, "the holders of posts could not be looked at");
            }
            match calendar::take_over(&app).await {
                Ok(changed) => walking = changed,
                Err(error) => tracing::warn!(%error, "the calendar could not be looked at"),
            }
        }
        if walking {
            match calendar::rederive(&app).await {
                Ok(done) => walking = !done.finished,
                Err(error) => {
                    tracing::warn!(%error, "dates could not be looked at; they will be later");
                    walking = false;
                }
            }
        }
        match round(&app, outside.as_ref()).await {
            Ok(true) => {}
            Ok(false) if walking => {}
            Ok(false) => tokio::time::sleep(IDLE).await,
            Err(error) => {
                tracing::error!(%error, "the worker could not do its round");
                tokio::time::sleep(IDLE * 10).await;
            }
        }
    }
}
