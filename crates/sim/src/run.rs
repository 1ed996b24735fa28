//! The queue of what happens next, in order of time, in units of work of many acts each.

use crate::arrivals;
use crate::people::Names;
use crate::steps;
use kernel::access::Actor;
use kernel::calendar::{Calendar, Instant};
use kernel::catalogue::Catalogue;
use kernel::ids::{CaseId, UnitId};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;
use store::cases::{self, CaseError, Env};
use store::{ActError, Store, StoreError, Tx, outbox, timers};

/// Acts in one unit of work: one commit for all of them.
const ACTS_PER_UNIT: usize = 200;

/// Runs a job of the outbox inside the unit of work; gives the cases that it touched.
pub type JobRunner =
    dyn Fn(&mut Tx<'_>, &mut Env<'_>, &outbox::Job) -> Result<Vec<CaseId>, CaseError> + Send + Sync;

/// What is to happen.
#[derive(Clone, Debug)]
pub struct Plan {
    /// First arrival not before.
    pub from: Instant,
    /// Nothing after.
    pub until: Instant,
    /// Arrivals.
    pub cases: usize,
    /// Receiving desks; one named twice is twice as busy.
    pub desks: Vec<UnitId>,
    /// Everything follows from it.
    pub seed: u64,
}

/// What happened.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Report {
    /// Cases handed in by citizens.
    pub cases: usize,
    /// Acts on cases, jobs and timers included.
    pub acts: usize,
    /// Arrivals that the law or the data turned away.
    pub turned_away: usize,
}

/// Why a simulation stopped.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum SimError {
    /// An act that was on offer was refused: the offer and the deciders disagree.
    #[error("at {at}: case {case}: {error}")]
    Act {
        /// When.
        at: String,
        /// Case.
        case: String,
        /// What was refused.
        error: String,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The province: its store and data.
pub struct World {
    /// The store.
    pub store: Store,
    /// The data.
    pub catalogue: Arc<Catalogue>,
    /// Names of citizens.
    pub names: Names,
    /// Runs jobs.
    pub jobs: Arc<JobRunner>,
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").finish_non_exhaustive()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Next {
    Arrival(usize),
    Case(CaseId),
}

/// All that changes while a simulation runs; a unit of work gets a copy and gives it back, so that
/// a unit that runs again starts from the same place.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    queue: BinaryHeap<Reverse<(Instant, u64, Next)>>,
    ticket: u64,
    /// Chance.
    pub(crate) rng: ChaCha12Rng,
    /// Temper of each case: how slow its officers are.
    pub(crate) slow: HashMap<CaseId, f64>,
    report: Report,
    failed: Option<SimError>,
}

impl Course {
    fn new(seed: u64) -> Self {
        Self {
            queue: BinaryHeap::new(),
            ticket: 0,
            rng: ChaCha12Rng::seed_from_u64(seed),
            slow: HashMap::new(),
            report: Report::default(),
            failed: None,
        }
    }

    pub(crate) fn later(&mut self, at: Instant, case: CaseId) {
        self.ticket += 1;
        self.queue.push(Reverse((at, self.ticket, Next::Case(case))));
    }
}

/// One case from outside at this moment, as the national portal would send it: the fake portal of
/// the demo calls it now and then.
///
/// # Errors
/// What the act or the store says.
pub fn portal_arrival(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    names: &Names,
    desks: &[UnitId],
    at: Instant,
    seed: u64,
) -> Result<Option<CaseId>, CaseError> {
    let plan = Plan { from: at, until: at.plus_days(1), cases: 0, desks: desks.to_vec(), seed };
    let mut course = Course::new(seed);
    arrivals::arrive_online(tx, catalogue, names, &plan, at, &mut course)
}

impl World {
    /// Runs a plan to its end. `progress` hears the report after every unit of work.
    ///
    /// # Errors
    /// The first act that was on offer and yet refused, or what the store says.
    pub fn run(&self, plan: &Plan, progress: &mut dyn FnMut(&Report)) -> Result<Report, SimError> {
        self.go(plan, self.begin(plan), progress)
    }

    fn go(
        &self,
        plan: &Plan,
        mut course: Course,
        progress: &mut dyn FnMut(&Report),
    ) -> Result<Report, SimError> {
        while !course.queue.is_empty() {
            let (catalogue, jobs) = (Arc::clone(&self.catalogue), Arc::clone(&self.jobs));
            let (plan, names, start) = (plan.clone(), self.names.clone(), course);
            let done = self.store.act_blocking(move |tx| {
                let mut course = start.clone();
                unit(tx, &catalogue, &names, &*jobs, &plan, &mut course)?;
                Ok::<_, CaseError>(course)
            });
            course = match done {
                Ok(course) => course,
                Err(ActError::Store(error)) => return Err(error.into()),
                Err(ActError::Refused(error)) => {
                    return Err(SimError::Act {
                        at: String::new(),
                        case: String::new(),
                        error: error.to_string(),
                    });
                }
            };
            if let Some(error) = course.failed.take() {
                return Err(error);
            }
            progress(&course.report);
        }
        Ok(course.report)
    }

    /// Goes on with a province that was at work before: its open cases move on beside the arrivals
    /// of the plan.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn resume(
        &self,
        plan: &Plan,
        progress: &mut dyn FnMut(&Report),
    ) -> Result<Report, SimError> {
        const PAGE: u32 = 500;
        let mut course = self.begin(plan);
        let mut last = 0;
        loop {
            let page = self.store.read_blocking(|r| cases::page_after(r, last, PAGE));
            let page = page.map_err(ActError::into_store)?;
            let Some(end) = page.last() else { break };
            last = end.number;
            for stored in page.iter().filter(|s| !s.case.business.is_terminal()) {
                let wait = course.rng.random_range(0..14_400);
                course.later(plan.from.plus_seconds(wait), stored.case.id);
            }
        }
        self.go(plan, course, progress)
    }

    /// Arrivals spread over the working time of the plan.
    fn begin(&self, plan: &Plan) -> Course {
        let mut rng = ChaCha12Rng::seed_from_u64(plan.seed);
        let mut queue = BinaryHeap::new();
        for i in 0..plan.cases {
            let span = (plan.until.0 - plan.from.0).max(1);
            // A third of them lately, so that every list has something to show.
            let lately = rng.random_ratio(1, 3);
            let part = rng.random_range(if lately { 0.97..1.0 } else { 0.0f64..1.0 });
            #[expect(clippy::cast_possible_truncation, reason = "a span of years fits")]
            let at = Instant(plan.from.0 + (part * span as f64) as i64);
            queue.push(Reverse((at, i as u64, Next::Arrival(i))));
        }
        Course { queue, ticket: plan.cases as u64, rng, ..Course::new(plan.seed) }
    }
}

/// The next moment of work at or after an instant.
pub(crate) fn at_work(calendar: &Calendar, at: Instant) -> Option<Instant> {
    calendar.add_working_seconds(at, 1)
}

fn unit(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    names: &Names,
    jobs: &JobRunner,
    plan: &Plan,
    course: &mut Course,
) -> Result<(), CaseError> {
    for _ in 0..ACTS_PER_UNIT {
        let Some(Reverse((at, _, next))) = course.queue.pop() else { return Ok(()) };
        if at > plan.until {
            continue;
        }
        ring_timers(tx, catalogue, at, course)?;
        let result = match next {
            Next::Arrival(_) => {
                let found = arrivals::arrive(tx, catalogue, names, plan, at, course)?;
                match found {
                    Some(_) => course.report.cases += 1,
                    None => course.report.turned_away += 1,
                }
                Ok(())
            }
            Next::Case(case) => steps::step(tx, catalogue, case, at, course),
        };
        if let Err(error) = result {
            let case = match next {
                Next::Case(case) => case.to_string(),
                Next::Arrival(i) => format!("arrival {i}"),
            };
            let error = SimError::Act { at: at.print(25_200), case, error: error.to_string() };
            course.failed = Some(error);
            return Ok(());
        }
        course.report.acts += 1;
        run_jobs(tx, catalogue, jobs, at, course)?;
    }
    Ok(())
}

fn ring_timers(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    now: Instant,
    course: &mut Course,
) -> Result<(), CaseError> {
    for timer in timers::due(tx, now.0, 50)? {
        let actor = Actor::system("timer");
        let at = Instant(timer.due_at_ms.max(0)).min(now);
        let mut env = Env { catalogue, actor: &actor, now: at, rng: &mut course.rng };
        if store::cases::ring(tx, &mut env, &timer)?.is_some() {
            course.report.acts += 1;
            course.later(now.plus_seconds(600), CaseId(timer.case_id));
        }
    }
    Ok(())
}

fn run_jobs(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    jobs: &JobRunner,
    now: Instant,
    course: &mut Course,
) -> Result<(), CaseError> {
    const LEASE_MS: i64 = 60_000;
    loop {
        let due = outbox::claim(tx, LEASE_MS, 50, now.0)?;
        if due.is_empty() {
            return Ok(());
        }
        for job in due {
            let actor = Actor::system("worker");
            let mut env = Env { catalogue, actor: &actor, now, rng: &mut course.rng };
            for case in jobs(tx, &mut env, &job)? {
                course.report.acts += 1;
                let wait = course.rng.random_range(600..7_200);
                course.later(now.plus_seconds(wait), case);
            }
        }
    }
}
