//! The cases at work: tokens walk through the process, wait at desks, for timers and at joins.
//!
//! A token's `key` says how it came to where it is; everything that chance decides about it follows
//! from the key, so that other staff changes when things happen and never what happens.

mod walk;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};

use super::clock::{Work, WorkClock};
use super::desk::{Desk, Ticket};
use super::dice::{exponential, join};
use super::plan::{Act, NO_OUTCOME, Plan};
use super::scenario::Times;
use super::tally::Tally;
use crate::calendar::Date;

use super::{LIVE_CASES_MAX, Refused};

/// What a key is joined with for each thing that it decides.
const ARRIVAL: u64 = 1;
const SERVICE: u64 = 2;
const OUTCOME: u64 = 3;
const BRANCH: u64 = 4;
const EDGE: u64 = 5;
/// Most different ways that tokens can have come, for sending back.
const WAYS_MAX: usize = 1_000_000;
/// Progress is told after so many cases.
const TOLD_EVERY: u64 = 4_096;
/// Parts of a second in which the time between arrivals is summed up.
const PARTS: f64 = 1_024.0;
/// Not at a join.
const NO_FLOW: u16 = u16::MAX;

/// What a token waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    Queue,
    Service,
    Outside,
    Join,
}

/// A token at rest.
#[derive(Clone, Copy)]
struct Token {
    id: u64,
    key: u64,
    node: u16,
    via: u16,
    /// User tasks done on the way here, as a number of `World::ways`; 0 is none.
    way: u32,
    waits: Waits,
}

/// A token on its way along a flow.
#[derive(Clone, Copy)]
struct Moving {
    key: u64,
    way: u32,
    flow: u16,
}

/// A case under way.
#[derive(Default)]
struct Case {
    tokens: Vec<Token>,
    arrived: Work,
    due: Work,
    steps: u32,
}

/// Something that will happen: a service ends, a timer rings. In order of time, then of making.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Due {
    at: Work,
    number: u64,
    token: u64,
    slot: u32,
    /// The timer on the edge, or the node itself.
    node: u16,
}

/// What came of a run.
pub(super) struct Outcome {
    pub(super) cases: u64,
    pub(super) on_time: u64,
    pub(super) durations: Tally,
    pub(super) desks: Vec<Desk>,
    /// How often each node was begun.
    pub(super) visits: Vec<u64>,
    /// When the last case ended.
    pub(super) end: Work,
    /// The date of that moment; `None` beyond the calendar.
    pub(super) last_day: Option<Date>,
}

/// A run under way.
pub(super) struct World<'p, 'c> {
    plan: &'p Plan,
    clock: &'p mut WorkClock<'c>,
    seed: u64,
    now: Work,
    cases: Vec<Case>,
    free: Vec<u32>,
    due: BinaryHeap<Reverse<Due>>,
    moving: VecDeque<Moving>,
    picked: Vec<u16>,
    next_token: u64,
    next_due: u64,
    /// Ways by number: the way before and the task done last; number 0 is the empty way.
    ways: Vec<(u32, u16)>,
    numbers: HashMap<(u32, u16), u32>,
    arrived: u64,
    out: Outcome,
}

impl<'p, 'c> World<'p, 'c> {
    pub(super) fn new(
        plan: &'p Plan,
        officers: &[u32],
        clock: &'p mut WorkClock<'c>,
        seed: u64,
    ) -> Self {
        clock.rewind();
        let out = Outcome {
            cases: 0,
            on_time: 0,
            durations: Tally::default(),
            desks: officers.iter().map(|officers| Desk::new(*officers)).collect(),
            visits: vec![0; plan.places.len()],
            end: 0,
            last_day: None,
        };
        Self {
            plan,
            clock,
            seed,
            now: 0,
            cases: Vec::new(),
            free: Vec::new(),
            due: BinaryHeap::new(),
            moving: VecDeque::new(),
            picked: Vec::new(),
            next_token: 0,
            next_due: 0,
            ways: vec![(0, 0)],
            numbers: HashMap::new(),
            arrived: 0,
            out,
        }
    }

    /// Lets so many cases come in and waits until the last has ended.
    pub(super) fn run(
        mut self,
        times: &Times,
        cases: u64,
        told: &mut dyn FnMut(u64) -> bool,
    ) -> Result<Outcome, Refused> {
        let mut parts = 0_u64;
        let mut next = self.arrival(times, &mut parts, cases);
        loop {
            let ring = self.due.peek().map(|due| due.0.at);
            match (next, ring) {
                (Some(at), ring) if ring.is_none_or(|ring| at <= ring) => {
                    self.now = at;
                    self.arrive()?;
                    next = self.arrival(times, &mut parts, cases);
                }
                (_, Some(_)) => self.happen(told)?,
                (_, None) => break,
            }
        }
        self.out.end = self.now;
        self.out.last_day = self.clock.date(self.now);
        for desk in &mut self.out.desks {
            desk.until(self.now);
        }
        Ok(self.out)
    }

    /// When the next case comes in.
    #[expect(clippy::cast_precision_loss, reason = "the parts are few enough")]
    fn arrival(&self, times: &Times, parts: &mut u64, cases: u64) -> Option<Work> {
        if self.arrived >= cases {
            return None;
        }
        match times {
            Times::Listed(list) => list.get(usize::try_from(self.arrived).ok()?).copied(),
            Times::Mean(mean) => {
                let key = join(join(self.seed, ARRIVAL), self.arrived);
                let gap = exponential(key) * mean * PARTS;
                *parts = parts.saturating_add(super::dice::whole(gap));
                Some(super::dice::whole(*parts as f64 / PARTS))
            }
        }
    }

    fn stopped<T>(&self, reason: String) -> Result<T, Refused> {
        Err(Refused::Stopped { cases: self.arrived, reason })
    }

    fn beyond<T>(&self) -> Result<T, Refused> {
        let days = super::HORIZON_DAYS;
        self.stopped(format!("the calendar does not reach further than {days} days"))
    }

    fn arrive(&mut self) -> Result<(), Refused> {
        let Some(due) = self.clock.due(self.now) else { return self.beyond() };
        let slot = match self.free.pop() {
            Some(slot) => slot,
            None if self.cases.len() >= LIVE_CASES_MAX => return self.overloaded(),
            None => {
                self.cases.push(Case::default());
                u32::try_from(self.cases.len() - 1).unwrap_or(u32::MAX)
            }
        };
        let key = join(self.seed, self.arrived.wrapping_add(1 << 32));
        self.arrived += 1;
        let now = self.now;
        if let Some(case) = self.case(slot) {
            (case.arrived, case.due, case.steps) = (now, due, 0);
        }
        self.begin(slot, self.plan.start, key, 0, NO_OUTCOME)?;
        self.walk(slot, NO_OUTCOME)
    }

    fn overloaded<T>(&self) -> Result<T, Refused> {
        let desks = self.plan.desks.iter().zip(&self.out.desks);
        let worst = desks.max_by_key(|(_, desk)| desk.waiting());
        let (name, waiting) = worst.map_or(("", 0), |(plan, desk)| (&plan.name, desk.waiting()));
        self.stopped(format!(
            "{LIVE_CASES_MAX} cases are under way at one time: the staff cannot keep up; {waiting} \
             of them wait for {name}"
        ))
    }

    fn case(&mut self, slot: u32) -> Option<&mut Case> {
        self.cases.get_mut(usize::try_from(slot).ok()?)
    }

    fn place_of(&self, ticket: Ticket) -> Option<usize> {
        let case = self.cases.get(usize::try_from(ticket.slot).ok()?)?;
        case.tokens.iter().position(|token| token.id == ticket.token)
    }

    fn take(&mut self, ticket: Ticket) -> Option<Token> {
        let at = self.place_of(ticket)?;
        self.case(ticket.slot).map(|case| case.tokens.remove(at))
    }

    fn later(&mut self, at: Work, ticket: Ticket, node: u16) {
        let number = self.next_due;
        self.next_due += 1;
        self.due.push(Reverse(Due { at, number, token: ticket.token, slot: ticket.slot, node }));
    }

    /// The next thing that is due. One about a token that is gone is passed over.
    fn happen(&mut self, told: &mut dyn FnMut(u64) -> bool) -> Result<(), Refused> {
        let Some(Reverse(due)) = self.due.pop() else { return Ok(()) };
        let ticket = Ticket { slot: due.slot, token: due.token };
        let Some(at) = self.place_of(ticket) else { return Ok(()) };
        let token = self.case(due.slot).and_then(|case| case.tokens.get(at).copied());
        let Some(token) = token else { return Ok(()) };
        self.now = due.at;
        let ended = self.out.cases;
        if due.node == token.node {
            self.done(ticket, token)?;
        } else {
            self.edge(ticket, token, due.node)?;
        }
        let tells = self.out.cases != ended && self.out.cases.is_multiple_of(TOLD_EVERY);
        if tells && !told(self.out.cases) {
            return self.stopped("who asked for it ended it".to_owned());
        }
        Ok(())
    }

    /// The work at a node is done, or its timer rang.
    fn done(&mut self, ticket: Ticket, token: Token) -> Result<(), Refused> {
        let plan = self.plan;
        self.take(ticket);
        let Some(place) = plan.places.get(usize::from(token.node)) else { return Ok(()) };
        let Act::Work { desk, outcomes, back, .. } = &place.act else {
            // An answer or a timer is a barrier: nothing is sent back over it.
            self.on(&place.out, token.key, 0);
            return self.walk(ticket.slot, NO_OUTCOME);
        };
        self.let_go(*desk, token.waits);
        let key = join(token.key, OUTCOME);
        let mut outcome = outcomes.pick(key);
        if let Some((send_back, others)) = back
            && outcome == *send_back
        {
            let (before, task) = self.ways.get(token.way as usize).copied().unwrap_or_default();
            if token.way != 0 {
                self.count(ticket.slot, task)?;
                return self.wait(ticket.slot, task, join(token.key, BRANCH), before);
            }
            outcome = others.as_ref().map_or(outcome, |others| others.pick(join(key, OUTCOME)));
        }
        let way = self.further(token.way, token.node)?;
        self.on(&place.out, token.key, way);
        self.walk(ticket.slot, outcome)
    }

    /// A timer on the edge of a step rang.
    fn edge(&mut self, ticket: Ticket, token: Token, timer: u16) -> Result<(), Refused> {
        let plan = self.plan;
        let Some(place) = plan.places.get(usize::from(token.node)) else { return Ok(()) };
        let interrupts =
            place.edge.iter().any(|(node, _, interrupts)| *node == timer && *interrupts);
        if interrupts {
            self.take(ticket);
            if let Act::Work { desk, .. } = &place.act {
                self.let_go(*desk, token.waits);
            }
        }
        let out = plan.places.get(usize::from(timer)).map_or(&[][..], |place| &place.out);
        self.on(out, join(token.key, EDGE ^ (u64::from(timer) << 8)), 0);
        self.walk(ticket.slot, NO_OUTCOME)
    }

    /// A token leaves a desk: its officer, or its place in the queue, is free.
    fn let_go(&mut self, desk: u16, waits: Waits) {
        let now = self.now;
        if let Some(desk) = self.out.desks.get_mut(usize::from(desk)) {
            match waits {
                Waits::Service => desk.free(now),
                Waits::Queue => desk.give_back(now),
                Waits::Outside | Waits::Join => {}
            }
        }
        self.serve(desk);
    }

    /// Free officers take the next cases.
    fn serve(&mut self, at: u16) {
        loop {
            let cases = &self.cases;
            let holds = |ticket: Ticket| {
                let case = usize::try_from(ticket.slot).ok().and_then(|slot| cases.get(slot));
                case.is_some_and(|case| case.tokens.iter().any(|t| t.id == ticket.token))
            };
            let desk = self.out.desks.get_mut(usize::from(at));
            let Some(ticket) = desk.and_then(|desk| desk.next(self.now, holds)) else { return };
            if let Some(place) = self.place_of(ticket) {
                let token = self.case(ticket.slot).and_then(|case| case.tokens.get_mut(place));
                let Some(token) = token else { return };
                token.waits = Waits::Service;
                let token = *token;
                self.work(ticket, token.node, token.key);
            }
        }
    }

    /// An officer begins.
    fn work(&mut self, ticket: Ticket, node: u16, key: u64) {
        let place = self.plan.places.get(usize::from(node));
        if let Some(Act::Work { time, .. }) = place.map(|place| &place.act) {
            self.later(self.now + time.seconds(join(key, SERVICE)), ticket, node);
        }
    }

    /// The way with one more step at its end.
    fn further(&mut self, way: u32, node: u16) -> Result<u32, Refused> {
        if !self.plan.keeps_way {
            return Ok(0);
        }
        if let Some(number) = self.numbers.get(&(way, node)) {
            return Ok(*number);
        }
        if self.ways.len() >= WAYS_MAX {
            return self.stopped(format!("cases go {WAYS_MAX} different ways"));
        }
        let number = u32::try_from(self.ways.len()).unwrap_or(u32::MAX);
        self.ways.push((way, node));
        self.numbers.insert((way, node), number);
        Ok(number)
    }

    /// A step done again starts its way anew: what it had handed on is undone.
    fn way_at(&self, way: u32, node: u16) -> u32 {
        let mut at = way;
        while at != 0 {
            let (before, task) = self.ways.get(at as usize).copied().unwrap_or_default();
            if task == node {
                return before;
            }
            at = before;
        }
        way
    }

    /// A token comes to rest at a node; its timers are set.
    fn wait(&mut self, slot: u32, node: u16, key: u64, way: u32) -> Result<(), Refused> {
        let plan = self.plan;
        let Some(place) = plan.places.get(usize::from(node)) else { return Ok(()) };
        let way = self.way_at(way, node);
        let ticket = Ticket { slot, token: self.token_number() };
        let mut waits = Waits::Outside;
        match &place.act {
            Act::Work { desk, .. } => {
                let desk = self.out.desks.get_mut(usize::from(*desk));
                let taken = desk.is_some_and(|desk| desk.come(ticket, self.now));
                waits = if taken { Waits::Service } else { Waits::Queue };
            }
            Act::Outside(time) => {
                self.later(self.now + time.seconds(join(key, SERVICE)), ticket, node);
            }
            Act::Timer(spec) => match self.clock.rings(spec, self.now) {
                Some(at) => self.later(at, ticket, node),
                None => return self.beyond(),
            },
            _ => {}
        }
        if let Some(case) = self.case(slot) {
            let token = Token { id: ticket.token, key, node, via: NO_FLOW, way, waits };
            case.tokens.push(token);
        }
        if waits == Waits::Service {
            self.work(ticket, node, key);
        }
        for (timer, spec, _) in &place.edge {
            match self.clock.rings(spec, self.now) {
                Some(at) => self.later(at, ticket, *timer),
                None => return self.beyond(),
            }
        }
        Ok(())
    }
}
