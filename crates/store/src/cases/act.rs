//! One act on one case: read, decide, record, apply, project; all of it in the caller's unit of
//! work.

use super::rows::{self, Before, Stored};
use super::running::{self, RunsOn};
use super::upkeep;
use crate::journal::{self, Entry, Head};
use crate::secrets::{self, NewParticular};
use crate::sql::{Query, Tx};
use crate::timers::{self, Timer};
use crate::{StoreError, outbox};
use kernel::access::{Actor, Grant};
use kernel::calendar::Instant;
use kernel::case::{
    self, Business, Case, Command, Ctx, Event, Ref, Refusal, TimerChange, work_items,
};
use kernel::catalogue::Catalogue;
use kernel::ids::{CaseId, ParticularId, SubjectId, uuid_v7};
use process::NodeIx;
use rand::RngCore;
use uuid::Uuid;

/// What comes in by the front door with every act.
pub struct Env<'a> {
    /// The province's data.
    pub catalogue: &'a Catalogue,
    /// Who acts.
    pub actor: &'a Actor,
    /// Now.
    pub now: Instant,
    /// Chance.
    pub rng: &'a mut dyn RngCore,
}

impl std::fmt::Debug for Env<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Env").field("actor", &self.actor).field("now", &self.now).finish()
    }
}

impl Env<'_> {
    /// A fresh id that sorts by time.
    pub fn id(&mut self) -> Uuid {
        let random: [u8; 10] = secrets::random(self.rng);
        uuid_v7(self.now.0, random)
    }
}

/// Why an act was not done.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum CaseError {
    /// The law or the policy says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such case, or it is not theirs to know.
    #[error("no such case")]
    NotFound,
    /// Somebody else acted in the meantime.
    #[error("the case is at {found}, not at {expected}")]
    Changed {
        /// The place that the page was made from.
        expected: u64,
        /// Where it stands now.
        found: u64,
    },
    /// The case was accepted under data that are not loaded.
    #[error("edition or process of {0} is not loaded")]
    NoEdition(String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What an act did.
#[derive(Clone, PartialEq, Debug)]
pub struct Done {
    /// The state after it.
    pub case: Case,
    /// What was recorded.
    pub events: Vec<Event>,
}

/// Seals a text for a subject and gives what the journal may know of it.
///
/// # Errors
/// What the store says.
pub fn keep(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    subject: SubjectId,
    case: Option<CaseId>,
    kind: &str,
    text: &str,
) -> Result<Ref, StoreError> {
    // Sorted by time, so that the newest stand together in the index.
    let id = env.id();
    let new = NewParticular {
        id,
        subject_id: subject.0,
        case_id: case.map(|c| c.0),
        kind,
        plain: text.as_bytes(),
    };
    let commitment = secrets::put(tx, env.rng, &new, env.now.0)?;
    Ok(Ref { id: ParticularId(id), commit: hex::encode(commitment) })
}

/// The text behind a reference; `None` after erasure.
///
/// # Errors
/// What the store says.
pub fn open_text(query: &mut impl Query, sealed: &Ref) -> Result<Option<String>, StoreError> {
    let found = secrets::particular_get(query, sealed.id.0)?;
    let plain = found.and_then(|p| p.plain);
    Ok(plain.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// Does a command on a case. `seen` is the place of the journal that the person saw; another one
/// means that somebody acted in between, and nothing is done.
///
/// # Errors
/// A refusal, or what the store says. The unit of work must end with the error, so that nothing of
/// it stays.
pub fn act(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    id: CaseId,
    seen: Option<u64>,
    command: &Command,
) -> Result<Done, CaseError> {
    let stored = rows::to_change(tx, id.0)?.ok_or(CaseError::NotFound)?;
    if let Some(seen) = seen {
        stored.unchanged_since(seen)?;
    }
    act_on(tx, env, stored, command)
}

/// The same on a case that was read in this very unit of work.
///
/// # Errors
/// As [`act`].
pub fn act_on(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    stored: Stored,
    command: &Command,
) -> Result<Done, CaseError> {
    let Stored { number, head, mut case } = stored;
    let ctx = env
        .catalogue
        .ctx(&case, env.actor, env.now)
        .ok_or_else(|| CaseError::NoEdition(case.procedure.0.clone()))?;
    let (grant, mut events) = case::decide(Some(&case), command, &ctx)?;
    events.extend(upkeep::timer_events(tx, &case, command, &events, &ctx)?);
    if events.is_empty() {
        return Ok(Done { case, events });
    }
    // Notes and the telling of outside systems give nobody anything to do.
    let works = !events.iter().all(Event::leaves_work);
    let before = works.then(|| work_items(&case, ctx.definition));
    // Only operations change who takes part, and the end of what they left.
    let may_rejoin = !case.ops.is_empty() || events.iter().any(|e| matches!(e, Event::Op(_)));
    let parties = may_rejoin.then(|| rows::listed_under(&case));
    // No event changes the name of the process, only its version.
    let called = case.call().map(|call| call.process.clone());
    let process = called.as_deref().unwrap_or(&ctx.edition.process);
    let ran_on = RunsOn::of(&case, process);
    let was = Before { number, seq: case.seq, code: case.code.clone() };
    let place = Head { seq: case.seq, hash: head };
    let added = journal::append_to(tx, case.id.0, place, &entries(&events, env, &grant)?)?;
    let head = added.last().map_or(head, |row| row.head.hash);
    for event in &events {
        let stood = case.business;
        case::apply(&mut case, event, ctx.definitions);
        put_effects(tx, Some(stood), &case, event, &ctx, env.now)?;
    }
    // An event may have pinned the case to another version of its process.
    let definition = ctx.definitions.of(case.process_version).unwrap_or(ctx.definition);
    rows::change(tx, &was, head, &case, env.now.0)?;
    if let Some(parties) = parties {
        rows::rejoin(tx, number, &parties, &case)?;
    }
    if let Some(before) = before {
        rows::write_work(tx, number, &before, &work_items(&case, definition))?;
    }
    running::follow(tx, number, ran_on, RunsOn::of(&case, process))?;
    Ok(Done { case, events })
}

/// Journal rows of events.
pub(super) fn entries(
    events: &[Event],
    env: &Env<'_>,
    grant: &Grant,
) -> Result<Vec<Entry>, StoreError> {
    let entry = |event: &Event| -> Result<Entry, StoreError> {
        let body = crate::envelope::json(event).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        Ok(Entry {
            at_ms: env.now.0,
            by: env.actor.by(),
            on_behalf_of: grant.on_behalf_of.as_ref().map(|a| a.0.clone()),
            unit: grant.unit.as_ref().map(|u| u.0.clone()),
            kind: event.kind().to_owned(),
            version: 1,
            body,
        })
    };
    events.iter().map(entry).collect()
}

/// Timers of steps go on with their dates under other numbers. All that change their key leave
/// before any comes, since one may take the key that another had.
fn renumber(tx: &mut Tx<'_>, case: &Case, nodes: &[(NodeIx, NodeIx)]) -> Result<(), StoreError> {
    let rows = timers::by_case(tx, case.id.0)?;
    let of_steps = rows.into_iter().filter(|row| row.kind == "process");
    let mut moved = Vec::new();
    for mut row in of_steps {
        let token = case::renumbered_key(&row.token, nodes);
        if token != row.token {
            timers::remove(tx, &row)?;
            row.token = token;
            row.id = timers::set_id(&row, case.seq);
            moved.push(row);
        }
    }
    moved.iter().try_for_each(|row| timers::set(tx, row))
}

/// Writes the jobs and timers of an event.
pub(super) fn put_effects(
    tx: &mut Tx<'_>,
    before: Option<Business>,
    case: &Case,
    event: &Event,
    ctx: &Ctx<'_>,
    now: Instant,
) -> Result<(), StoreError> {
    let effects = case::effects(before, case, event, ctx.calendar);
    for (place, job) in effects.jobs.iter().enumerate() {
        let payload = serde_json::to_string(job).map_err(|e| StoreError::Corrupt(e.to_string()))?;
        // An event may ask for several jobs of a kind.
        let before = effects.jobs.iter().take(place).filter(|other| other.name() == job.name());
        let part = Some(before.count()).filter(|n| *n > 0).map(|n| n.to_string());
        let key = (case.id.0, case.seq, job.name(), part.as_deref().unwrap_or_default());
        outbox::add_part(tx, key, &payload, now.0, now.0)?;
    }
    for change in &effects.timers {
        match change {
            TimerChange::Set { kind, token, due_at } => {
                let (kind, token) = ((*kind).to_owned(), token.clone());
                let (due_at_ms, case_id) = (due_at.0, case.id.0);
                let mut timer = Timer { due_at_ms, id: Uuid::nil(), case_id, kind, token };
                timer.id = timers::set_id(&timer, case.seq);
                timers::set(tx, &timer)?;
            }
            TimerChange::Drop { kind, token } => {
                timers::remove_token(tx, case.id.0, kind, token)?;
            }
            TimerChange::Renumber { nodes } => renumber(tx, case, nodes)?,
            TimerChange::DropAll => {
                timers::remove_case(tx, case.id.0)?;
            }
        }
    }
    Ok(())
}
