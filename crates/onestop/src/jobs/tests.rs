//! The worker from end to end: a consultation is asked, stays silent, is reported to the head of
//! the desk, and ends with the case that asked.

use super::{Outside, round};
use crate::testing::{World, world_with};
use kernel::access::Actor;
use kernel::calendar::{Channel, Instant};
use kernel::case::{Business, Case, Command, Delivery, Job, Source};
use kernel::ids::{CaseId, ProcedureCode, UnitId};
use kernel::org::Role;
use kernel::people::{Party, PartyKind};
use kit::T;
use std::sync::Mutex;
use store::cases::{self, Application, CaseError, Env, PaperIn};
use store::outbox::{self, JobState};
use store::{Tx, timers};

#[path = "../../../kernel/tests/cases/world.rs"]
#[expect(dead_code, reason = "the province of the kernel's tests has more than is needed here")]
pub(crate) mod province;

use province::{DESK, HOME};

/// What a desk was told: desk, message, units.
type Told = (String, String, Vec<String>);

/// An outside that takes everything but the first message to a desk.
#[derive(Default)]
pub(super) struct Desks {
    tried: Mutex<u32>,
    told: Mutex<Vec<Told>>,
    sent: Mutex<Vec<(String, Option<String>)>>,
}

impl Desks {
    /// Messages of processes, with where they went.
    pub(super) fn sent(&self) -> Vec<(String, Option<String>)> {
        self.sent.lock().unwrap().clone()
    }
}

impl Outside for Desks {
    fn portal_sync(&self, _: CaseId, _: u8) -> Result<(), String> {
        Ok(())
    }

    fn notify(&self, _: CaseId, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn notify_desk(
        &self,
        _: CaseId,
        desk: &UnitId,
        message: &str,
        units: &[UnitId],
    ) -> Result<(), String> {
        let mut tried = self.tried.lock().unwrap();
        *tried += 1;
        if *tried == 1 {
            return Err("no line".into());
        }
        let units = units.iter().map(|unit| unit.0.clone()).collect();
        self.told.lock().unwrap().push((desk.0.clone(), message.to_owned(), units));
        Ok(())
    }

    fn message(&self, _: CaseId, name: &str, to: Option<&str>) -> Result<(), String> {
        self.sent.lock().unwrap().push((name.to_owned(), to.map(str::to_owned)));
        Ok(())
    }
}

pub(super) fn officer(world: &World, unit: &str, role: Role) -> Actor {
    province::officer(&world.app.catalogue(), unit, role, world.app.now())
}

pub(super) async fn act(world: &World, actor: &Actor, id: CaseId, command: Command) -> Case {
    let unit = move |tx: &mut Tx<'_>, env: &mut Env<'_>| cases::act(tx, env, id, None, &command);
    world.app.act(actor, unit).await.unwrap().case
}

pub(super) async fn find(world: &World, id: CaseId) -> Case {
    world.app.read(move |reader| Ok(cases::by_id(reader, id.0)?)).await.unwrap().unwrap().case
}

/// A forwarded case of a procedure.
pub(super) async fn begun(world: &World, code: &str) -> CaseId {
    let desk = officer(world, DESK, Role::DeskOfficer);
    let code = ProcedureCode::from(code);
    let begin = move |tx: &mut Tx<'_>, env: &mut Env<'_>| -> Result<CaseId, CaseError> {
        let party = Party {
            kind: PartyKind::Person,
            name: "Danh Thị Mỹ".into(),
            number: None,
            born: None,
            phone: None,
            email: None,
            address: None,
        };
        let application = Application {
            channel: Channel::Counter,
            source: Source::Counter,
            desk: DESK.into(),
            applicant: party,
            answers: Vec::new(),
            papers: vec![PaperIn { no: 1, count: 1, files: Vec::new() }],
            delivery: Delivery::Counter,
            exemption: None,
            copies: None,
            parent: None,
            subject: None,
        };
        let edition = env.catalogue.edition(&code, 1).unwrap().clone();
        let id = cases::submit(tx, env, &edition, &application)?.case.id;
        cases::accept(tx, env, id, None, None, None)?;
        cases::act(tx, env, id, None, &Command::Forward)?;
        Ok(id)
    };
    world.app.act(&desk, begin).await.unwrap()
}

/// A case that asks two departments, assigned to an officer.
pub(crate) async fn asking(world: &World) -> Case {
    let id = begun(world, "1.000003").await;
    let case = find(world, id).await;
    let catalogue = world.app.catalogue();
    let definition = &catalogue.process("consultation", 1).unwrap().definition;
    let (token, _) = process::open_tasks(definition, &case.process).next().unwrap();
    let assign = Command::Complete {
        token,
        outcome: "done".into(),
        officer: Some(province::account(HOME, Role::CaseOfficer).as_str().into()),
        consulted: Vec::new(),
        note: None,
        number: None,
        amount_vnd: None,
    };
    act(world, &officer(world, HOME, Role::UnitLeader), id, assign).await
}

/// Rounds until there is nothing to do.
pub(super) async fn work(world: &World, outside: &Desks) {
    for _ in 0..20 {
        if !round(&world.app, outside).await.unwrap() {
            return;
        }
    }
    panic!("the worker comes to no end");
}

pub(super) async fn states(world: &World, id: CaseId, job: &'static str) -> Vec<JobState> {
    let rows = world.app.read(move |reader| Ok(outbox::by_stream(reader, id.0)?)).await.unwrap();
    rows.iter().filter(|row| row.job == job).map(|row| row.state).collect()
}

#[tokio::test]
async fn silence_is_told_to_the_desk_once_and_the_asked_cases_end_with_the_asking_one() {
    let world = world_with(province::province());
    let outside = Desks::default();
    let id = asking(&world).await.id;
    work(&world, &outside).await;
    let asked = find(&world, id).await.children;
    assert_eq!(asked.iter().map(|c| c.unit.as_str()).collect::<Vec<_>>(), ["kg.stp", "kg.tnmt"]);
    assert_eq!(*outside.tried.lock().unwrap(), 0);

    // The fifth working day ends without an answer; the line fails once, then the desk is told.
    let timer = world.app.read(move |reader| Ok(timers::by_case(reader, id.0)?)).await.unwrap();
    world.clock.set(timer[0].due_at_ms);
    work(&world, &outside).await;
    assert_eq!(states(&world, id, "notify_desk").await, [JobState::Failed]);
    world.clock.set(timer[0].due_at_ms + store::bounds::JOB_RETRY_MS);
    work(&world, &outside).await;
    assert_eq!(states(&world, id, "notify_desk").await, [JobState::Acked]);
    let told: Vec<Told> = outside.told.lock().unwrap().clone();
    let units = vec!["kg.stp".to_owned(), "kg.tnmt".to_owned()];
    assert_eq!(told, [(DESK.to_owned(), "opinion_late".to_owned(), units)]);
    // Both departments may still answer.
    for child in &asked {
        assert_eq!(find(&world, child.case).await.business, Business::Processing);
    }

    let subject = find(&world, id).await.subject;
    let sealed = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
        Ok(cases::keep(tx, env, subject, Some(id), "reason", "Không đủ điều kiện")?)
    };
    let reason = world.app.act(&Actor::system("test"), sealed).await.unwrap();
    let stop = Command::Stop { reason: Some(reason) };
    act(&world, &officer(&world, HOME, Role::Leader), id, stop).await;
    work(&world, &outside).await;
    assert_eq!(states(&world, id, "close_children").await, [JobState::Acked]);
    for child in &asked {
        let case = find(&world, child.case).await;
        assert_eq!((case.business, case.finished_at), (Business::Stopped, Some(world.app.now())));
        assert_eq!(states(&world, child.case, "answer_parent").await, []);
    }
    assert_eq!(*outside.tried.lock().unwrap(), 2, "nobody is told twice");
    let catalogue = world.app.catalogue();
    let proof = world.app.0.store.read_blocking(|r| cases::verify(r, &catalogue, &mut |_| ()));
    assert_eq!(proof.unwrap().cases, 3);
}

#[tokio::test]
async fn a_timer_that_is_refused_is_put_off_and_the_proof_still_holds() {
    let world = world_with(province::province());
    let id = asking(&world).await.id;
    let timer = world.app.read(move |reader| Ok(timers::by_case(reader, id.0)?)).await.unwrap();
    let due = Instant(timer[0].due_at_ms);
    world.clock.set(due.0);
    // The catalogue no longer has what the case was accepted under, so its timer is refused.
    let whole = world.app.catalogue();
    *world.app.0.catalogue.write().unwrap() = std::sync::Arc::new(crate::testing::catalogue());
    round(&world.app, &Desks::default()).await.unwrap();
    *world.app.0.catalogue.write().unwrap() = whole.clone();
    let later = world.app.read(move |reader| Ok(timers::by_case(reader, id.0)?)).await.unwrap();
    assert_eq!(later[0].due_at_ms, due.0 + super::LEASE_MS);
    let proof = world.app.0.store.read_blocking(|r| cases::verify(r, &whole, &mut |_| ()));
    assert_eq!(proof.unwrap().cases, 1);
}

#[test]
fn every_job_has_a_word_for_the_outbox_page_in_both_languages() {
    for name in Job::NAMES {
        let key = format!("desk-job-{}", name.replace('_', "-"));
        for lang in [kit::Lang::Vi, kit::Lang::En] {
            assert!(T::new(lang).has(&key), "{key} in {lang:?}");
        }
    }
}
