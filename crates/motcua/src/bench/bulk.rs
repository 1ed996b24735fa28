//! The bulk generator: the rows of many cases, written by the very acts that officers do, many to a
//! commit. Nine in ten cases are settled; the rest stand in every list.

use crate::demo_fill;
use crate::install::Installation;
use kernel::access::Actor;
use kernel::calendar::{Channel, Date, Instant};
use kernel::case::{Action, Command, Delivery, Source, offers};
use kernel::catalogue::Catalogue;
use kernel::ids::{CaseId, UnitId};
use kernel::org::Role;
use kernel::procedure::Edition;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use sim::{Names, officer};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::cases::{self, Application, CaseError, Env, PaperIn};
use store::{ActError, Tx, bounds, outbox};

/// Cases in one unit of work.
const CASES_PER_UNIT: usize = 1_000;
/// Days over which the cases came in.
const DAYS: usize = 300;
/// Out of a hundred cases, how many are left open.
const OPEN_IN_100: u32 = 10;

/// What the generator did.
#[derive(Clone, Copy, Default, Debug)]
pub struct Bulk {
    /// Cases written.
    pub cases: usize,
    /// Acts done for them.
    pub acts: usize,
}

struct Makes {
    catalogue: Arc<Catalogue>,
    names: Names,
    desks: Vec<UnitId>,
    now: Instant,
    /// What was last found to be filed at a desk, and on which day: cases come in day by day.
    filed: Mutex<HashMap<UnitId, Filed>>,
}

/// A day and the plain procedures that a desk receives on it.
type Filed = (Date, Arc<[Arc<Edition>]>);

/// Writes `count` cases; `progress` hears how many are there.
///
/// # Errors
/// The first act that was refused, or what the store says.
pub fn bulk(
    installation: &Installation,
    set: &str,
    now: Instant,
    count: usize,
    seed: u64,
    progress: &mut dyn FnMut(usize),
) -> Result<Bulk, String> {
    let day = now.date();
    let makes = Arc::new(Makes {
        catalogue: Arc::clone(&installation.catalogue),
        names: demo_fill::names(&installation.loaded),
        desks: demo_fill::desks(&installation.loaded, set, day),
        now,
        filed: Mutex::default(),
    });
    let mut done = Bulk::default();
    while done.cases < count {
        let n = CASES_PER_UNIT.min(count - done.cases);
        let (makes, first) = (Arc::clone(&makes), done.cases);
        let part = seed ^ first as u64;
        let acts = installation.store.act_blocking(move |tx| {
            let mut rng = ChaCha12Rng::seed_from_u64(part);
            let mut acts = 0;
            for n in 0..n {
                acts += one(tx, &makes, (first + n, count), &mut rng)?;
            }
            outbox::acknowledge_due(tx, makes.now.0)?;
            while outbox::sweep(tx, makes.now.0 - bounds::OUTBOX_KEEP_MS)? > 0 {}
            Ok::<_, CaseError>(acts)
        });
        done.acts += acts.map_err(|e: ActError<CaseError>| e.to_string())?;
        done.cases += n;
        progress(done.cases);
    }
    Ok(done)
}

/// The case of a place in the row of all; they come in over the past in this order.
fn one(
    tx: &mut Tx<'_>,
    makes: &Makes,
    (nth, count): (usize, usize),
    rng: &mut ChaCha12Rng,
) -> Result<usize, CaseError> {
    let back = i64::try_from((count - nth) * DAYS / count.max(1)).unwrap_or(0);
    let at = makes.catalogue.calendar_of(&makes.desks[0]);
    let at = at.add_working_seconds(makes.now.plus_days(-back - 2), rng.random_range(1..20_000));
    let at = at.unwrap_or(makes.now);
    let Some((desk, edition)) = place(makes, at, rng) else { return Ok(0) };
    let day = at.date();
    let Some(officer) = officer(&makes.catalogue, &desk, Role::DeskOfficer, at, rng) else {
        return Ok(0);
    };
    let application = Application {
        channel: Channel::Counter,
        source: Source::Counter,
        desk: desk.clone(),
        applicant: makes.names.citizen(day, "Kiên Giang", rng),
        answers: vec![("note".to_owned(), "x".repeat(40))],
        papers: edition
            .papers
            .iter()
            .map(|p| PaperIn { no: p.no, count: p.count.max(1), files: Vec::new() })
            .collect(),
        delivery: Delivery::Counter,
        exemption: None,
        copies: None,
        parent: None,
        subject: None,
    };
    let mut chance = rng.clone();
    let mut env = Env { catalogue: &makes.catalogue, actor: &officer, now: at, rng: &mut chance };
    let case = cases::submit(tx, &mut env, &edition, &application)?.case.id;
    cases::accept(tx, &mut env, case, None, None, None)?;
    *rng = chance;
    let steps = if rng.random_range(0..100) < OPEN_IN_100 { rng.random_range(0..5) } else { 40 };
    Ok(2 + work_off(tx, makes, case, at, steps, rng)?)
}

fn place(makes: &Makes, at: Instant, rng: &mut ChaCha12Rng) -> Option<(UnitId, Arc<Edition>)> {
    let desk = makes.desks.choose(rng)?.clone();
    let edition = filed(makes, &desk, at.date()).choose(rng).map(Arc::clone)?;
    Some((desk, edition))
}

/// The plain procedures that a desk receives on a day.
fn filed(makes: &Makes, desk: &UnitId, day: Date) -> Arc<[Arc<Edition>]> {
    let mut known = makes.filed.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((found_on, found)) = known.get(desk)
        && *found_on == day
    {
        return Arc::clone(found);
    }
    let tree = &makes.catalogue.tree;
    let plain = |e: &&Arc<Edition>| {
        matches!(e.process.as_str(), "counter" | "appraisal") && e.decides(desk, tree, day).is_ok()
    };
    let found: Arc<[_]> = makes.catalogue.all_in_force(day).filter(plain).cloned().collect();
    known.insert(desk.clone(), (day, Arc::clone(&found)));
    found
}

/// Does the next ordinary act until the case is settled or `steps` are used up.
fn work_off(
    tx: &mut Tx<'_>,
    makes: &Makes,
    id: CaseId,
    mut at: Instant,
    steps: usize,
    rng: &mut ChaCha12Rng,
) -> Result<usize, CaseError> {
    let catalogue = &*makes.catalogue;
    for done in 0..steps {
        let Some(stored) = cases::by_id(tx, id.0)? else { return Ok(done) };
        let case = &stored.case;
        let Some(definition) = catalogue.definition_of(case, at.date()) else { return Ok(done) };
        let Some(item) = kernel::case::work_items(case, definition).into_iter().next() else {
            return Ok(done);
        };
        let next = catalogue.calendar_of(&case.desk).add_working_seconds(at, 1_800);
        at = next.filter(|n| *n < makes.now).unwrap_or(at);
        let actor = match &item.holder {
            Some(account) => {
                Some(Actor::officer(account.clone(), catalogue.seats(account, at.date())))
            }
            None => officer(catalogue, &item.unit, item.role, at, rng),
        };
        let Some(actor) = actor else { return Ok(done) };
        let Some(ctx) = catalogue.ctx(case, &actor, at) else { return Ok(done) };
        let mut chance = rng.clone();
        let mut env = Env { catalogue, actor: &actor, now: at, rng: &mut chance };
        let Some(command) = ordinary(tx, &mut env, case, &offers(case, &ctx))? else {
            return Ok(done);
        };
        cases::act_on(tx, &mut env, stored, &command)?;
        *rng = chance;
    }
    Ok(steps)
}

fn ordinary(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    case: &kernel::case::Case,
    offered: &[kernel::case::Offer],
) -> Result<Option<Command>, CaseError> {
    for offer in offered {
        let command = match (offer.action, &offer.task) {
            (Action::Complete(token), Some(task)) => {
                let day = env.now.date();
                let officers =
                    env.catalogue.staff.holders(&case.decided_by, Role::CaseOfficer, day);
                let officer = (task.kind == "assign")
                    .then(|| officers.first().map(|a| (*a).clone()))
                    .flatten();
                Command::Complete {
                    token,
                    outcome: task.outcomes.first().cloned().unwrap_or_default(),
                    officer,
                    consulted: Vec::new(),
                    note: None,
                    number: (task.kind == "stamp").then(|| "1/QĐ".to_owned()),
                    amount_vnd: None,
                }
            }
            (Action::Forward, _) => Command::Forward,
            (Action::Deliver, _) => {
                let note = cases::keep(tx, env, case.subject, Some(case.id), "note", "CMND")?;
                let how = Delivery::Counter;
                Command::Deliver { how, taken_by: Some(note), authorised: false }
            }
            (Action::Pay, _) if case.business == kernel::case::Business::ResultReady => {
                let amount_vnd = case.fee_vnd - case.paid_vnd;
                Command::Pay { amount_vnd, method: "cash".to_owned() }
            }
            _ => continue,
        };
        return Ok(Some(command));
    }
    Ok(None)
}
