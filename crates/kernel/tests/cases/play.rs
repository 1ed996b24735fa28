//! Plays commands on one case and holds every step against the laws of the case file.

use crate::world::{self, DESK, HOME};
use kernel::access::Actor;
use kernel::calendar::{Channel, Date, Instant};
use kernel::case::{
    self, Business, Case, Command, Delivery, Event, PaperGiven, Ref, Refusal, Source, Submission,
    Why, WorkItem,
};
use kernel::catalogue::Catalogue;
use kernel::ids::{CaseId, ParticularId, SubjectId};
use kernel::org::Role;
use std::sync::LazyLock;
use uuid::Uuid;

pub static PROVINCE: LazyLock<Catalogue> = LazyLock::new(world::province);

pub fn sealed() -> Ref {
    Ref { id: ParticularId(Uuid::from_u128(9)), commit: "00".into() }
}

pub fn why() -> Option<Ref> {
    Some(sealed())
}

/// A reason and a ground.
pub fn because() -> Why {
    Why { reason: why(), ground: "Quy chế làm việc, Điều 9".into() }
}

pub fn papers() -> Vec<PaperGiven> {
    vec![PaperGiven { no: 1, count: 1, files: Vec::new() }]
}

pub fn submission(source: Source) -> Submission {
    Submission {
        channel: match source {
            Source::Counter => Channel::Counter,
            Source::Post => Channel::Post,
            _ => Channel::Online,
        },
        source,
        desk: DESK.into(),
        tracking: "23456-789ABC".into(),
        subject: SubjectId(Uuid::from_u128(7)),
        applicant: sealed(),
        answers: None,
        papers: papers(),
        delivery: Delivery::Counter,
        exemption: None,
        copies: None,
        parent: None,
    }
}

#[derive(Clone, Debug)]
pub struct Play {
    pub case: Case,
    pub events: Vec<Event>,
    pub now: Instant,
}

impl Play {
    /// A case of the procedure `1.00000n`, handed in at the counter.
    pub fn new(procedure: usize) -> Self {
        Self::with(procedure, &submission(Source::Counter)).unwrap()
    }

    pub fn with(procedure: usize, submission: &Submission) -> Result<Self, Refusal> {
        let actor = match submission.source {
            Source::Counter | Source::Post => {
                world::officer(&PROVINCE, DESK, Role::DeskOfficer, world::morning())
            }
            Source::Portal => Actor::visitor(),
            _ => Actor::system("test"),
        };
        Self::by(&actor, procedure, submission, world::morning())
    }

    pub fn by(
        actor: &Actor,
        procedure: usize,
        submission: &Submission,
        now: Instant,
    ) -> Result<Self, Refusal> {
        let code = format!("1.00000{procedure}");
        let code = if submission.parent.is_some() { "internal.consult" } else { &code };
        let edition = PROVINCE.edition(&code.into(), 1).unwrap();
        let ctx = PROVINCE.ctx_new(edition, &submission.desk, actor, now).unwrap();
        let command = Command::Submit(Box::new(submission.clone()));
        let (_, events) = case::decide(None, &command, &ctx)?;
        let case = case::born(CaseId(Uuid::from_u128(1)), &events[0]).unwrap();
        let play = Self { case, events, now };
        play.laws();
        Ok(play)
    }

    /// The officer of a role: of the desk for desk roles, else of the commune.
    pub fn who(&self, role: Role) -> Actor {
        let unit = match role {
            Role::DeskOfficer | Role::DeskHead | Role::Cashier => DESK,
            Role::PostOfficer => "kg",
            _ => HOME,
        };
        world::officer(&PROVINCE, unit, role, self.now)
    }

    pub fn filer(&self) -> Actor {
        Actor::filer(self.case.id)
    }

    pub fn decide(&self, actor: &Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
        let ctx = PROVINCE.ctx(&self.case, actor, self.now).unwrap();
        case::decide(Some(&self.case), command, &ctx).map(|(_, events)| events)
    }

    /// Does a command; every law is checked after every event.
    pub fn act(&mut self, actor: &Actor, command: &Command) -> Result<Vec<Event>, Refusal> {
        let events = self.decide(actor, command)?;
        let edition = PROVINCE.edition(&self.case.procedure, self.case.edition).unwrap();
        let definitions = PROVINCE.definitions(edition);
        for event in &events {
            let seq = self.case.seq;
            case::apply(&mut self.case, event, definitions);
            assert_eq!(self.case.seq, seq + 1);
            self.events.push(event.clone());
            let json = serde_json::to_string(event).unwrap();
            assert_eq!(&serde_json::from_str::<Event>(&json).unwrap(), event);
        }
        self.laws();
        Ok(events)
    }

    pub fn ok(&mut self, role: Role, command: &Command) -> Vec<Event> {
        let actor = self.who(role);
        let done = self.act(&actor, command).map_err(|e| format!("{command:?}: {e}"));
        done.unwrap()
    }

    pub fn no(&self, role: Role, command: &Command) -> Refusal {
        let actor = self.who(role);
        self.decide(&actor, command).expect_err(&format!("{command:?} by {role:?}"))
    }

    /// What holds in every state.
    pub fn laws(&self) {
        let case = &self.case;
        let edition = PROVINCE.edition(&case.procedure, case.edition).unwrap();
        let definition = PROVINCE.definition_of(case, self.now.date()).unwrap();
        let definitions = PROVINCE.definitions(edition);
        assert_eq!(&case::replay(case.id, &self.events, definitions).unwrap(), case);
        let json = serde_json::to_string(case).unwrap();
        assert_eq!(&serde_json::from_str::<Case>(&json).unwrap(), case);
        assert_eq!(case.seq, self.events.len() as u64);
        let rows = case::work_items(case, definition);
        let timers = process::live_timers(definition, &case.process);
        if case.business.is_terminal() {
            assert!(rows.is_empty(), "{case:?}");
            assert!(case.process.tokens.is_empty(), "{case:?}");
        } else {
            assert!(!rows.is_empty() || !timers.is_empty(), "stuck: {case:?}");
        }
        if case.business == Business::Processing {
            self.nobody_is_out_of_sight(definition, &rows);
        }
        let mut slots: Vec<u32> = rows.iter().map(|r| r.slot).collect();
        slots.dedup();
        assert_eq!(slots.len(), rows.len(), "one row per slot: {rows:?}");
        let ready = self.events.iter().filter(|e| matches!(e, Event::ResultReady { .. })).count();
        let has_result = matches!(case.business, Business::ResultReady | Business::Returned);
        assert_eq!(ready, usize::from(has_result), "{case:?}");
        assert_eq!(case.finished_at.is_some(), has_result || case.business.is_terminal());
        assert!(case.paid_vnd >= 0 && case.paid_vnd <= case.fee_vnd.max(case.paid_vnd));
        self.clock_law(edition);
    }

    /// Every token waits on a list, at a join, around others that do, or until they have undone
    /// what it undoes.
    fn nobody_is_out_of_sight(&self, definition: &process::Definition, rows: &[WorkItem]) {
        let (case, state) = (&self.case, &self.case.process);
        let resting = case::places(case, definition);
        for token in &state.tokens {
            let mut others = state.tokens.iter();
            let listed = rows.iter().any(|row| row.slot == token.id)
                || case.ops.incident_at(token.id).is_some();
            let rests = resting.iter().any(|(at, _, _)| *at == token.id);
            let around = others.any(|t| t.scope == token.id || t.undo == Some(token.id));
            let counts = token.via.is_some() || around || rests && listed;
            assert!(counts, "token {} is on no list: {case:?}", token.id);
        }
    }

    /// The date of the state is the date of the derivation.
    fn clock_law(&self, edition: &kernel::procedure::Edition) {
        let case = &self.case;
        let calendar = PROVINCE.calendar_of(&case.desk);
        let answer = case::explain(case, edition, calendar, 900, self.now).unwrap();
        if case.business == Business::Voided {
            assert_eq!(case.due_at, None);
            return;
        }
        assert_eq!(case.due_at, answer.and_then(|a| a.due_at), "{case:?}");
    }

    pub fn token(&self) -> u32 {
        let definition = PROVINCE.definition_of(&self.case, self.now.date()).unwrap();
        process::open_tasks(definition, &self.case.process).next().map_or(0, |(t, _)| t)
    }

    /// The plain end of the task that is open.
    pub fn done(&self, outcome: &str) -> Command {
        complete(self.token(), outcome)
    }

    pub fn accept(&mut self) {
        self.ok(Role::DeskOfficer, &accept());
    }

    pub fn forward(&mut self) {
        self.accept();
        self.ok(Role::DeskOfficer, &Command::Forward);
    }

    /// Forwarded and assigned to the first case officer of the commune.
    pub fn assigned(&mut self) {
        self.forward();
        self.ok(Role::UnitLeader, &self.done("done"));
    }

    /// An appraisal through to its result.
    pub fn ready(&mut self) {
        self.assigned();
        self.ok(Role::CaseOfficer, &self.done("done"));
        self.ok(Role::UnitLeader, &self.done("approve"));
        self.ok(Role::Leader, &self.done("approve"));
        self.ok(Role::Clerk, &self.done("done"));
    }

    pub fn later(&mut self, date: Date, hour: u32) {
        self.now = Instant::at(date, hour, 0);
    }
}

pub fn accept() -> Command {
    Command::Accept { number: 1, papers: None, late: None }
}

/// Completes a task with everything that any kind of task may need.
pub fn complete(token: u32, outcome: &str) -> Command {
    Command::Complete {
        token,
        outcome: outcome.into(),
        officer: Some(world::account(HOME, Role::CaseOfficer).as_str().into()),
        consulted: Vec::new(),
        note: why(),
        number: Some("12/GP".into()),
        amount_vnd: Some(500_000),
    }
}

/// Handing over at the counter.
pub fn deliver() -> Command {
    Command::Deliver { how: Delivery::Counter, taken_by: why(), authorised: false }
}

pub fn pay(amount_vnd: i64) -> Command {
    Command::Pay { amount_vnd, method: "cash".into() }
}
