//! Child cases: consultations that are answered, silent, late, or ended with the case that asked
//! (transition 10; Decree 61/2018 Art. 19.5).

use crate::play::*;
use crate::world::{self, DESK, HOME, day};
use kernel::access::Actor;
use kernel::case::{
    self, Business, ChildAnswer, Command, Event, Job, ParentLink, Refusal, Source, Submission,
    TimerChange,
};
use kernel::ids::CaseId;
use kernel::org::Role;
use uuid::Uuid;

fn state(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::State { .. })
}

fn denied(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Denied(_))
}

/// What a department is asked by a case that is not played here.
fn asked() -> Submission {
    let mut asked = submission(Source::Parent);
    asked.desk = "kg.stp".into();
    asked.papers.clear();
    asked.parent = Some(ParentLink {
        case: CaseId(Uuid::from_u128(4)),
        token: 2,
        job: "consult".into(),
        unit: HOME.into(),
        code: "X".into(),
        call: None,
    });
    asked
}

#[test]
fn consultation_runs_beside_the_appraisal_and_silence_goes_on_art_19_5() {
    let mut play = Play::new(3);
    play.assigned();
    let system = Actor::system("test");
    let definition = &PROVINCE.process("consultation", 1).unwrap().definition;
    let (token, _) = process::open_jobs(definition, &play.case.process).next().unwrap();
    let child = |n| CaseId(Uuid::from_u128(n));
    let ask = |n, unit: &str| Command::OpenChild { child: child(n), token, unit: unit.into() };
    for (n, unit) in [(5, "kg.stp"), (6, "kg.tnmt")] {
        play.act(&system, &ask(n, unit)).unwrap();
    }
    let open = ask(7, "kg.stp");
    assert!(denied(&play.no(Role::CaseOfficer, &open)));
    let answer = |n| Command::AnswerChild { child: child(n), answer: ChildAnswer::Done };
    play.act(&system, &answer(5)).unwrap();
    assert_eq!(process::open_jobs(definition, &play.case.process).count(), 1, "one still waits");
    assert!(state(&play.decide(&system, &answer(5)).unwrap_err()), "answered once");
    let (token, boundary) = process::live_timers(definition, &play.case.process)[0];
    let ring = Command::FireTimer { token, boundary: Some(boundary) };
    let rung = play.act(&system, &ring).unwrap();
    assert_eq!(process::open_jobs(definition, &play.case.process).count(), 0);
    // The head of the desk is told once, and of nobody who answered.
    let told = Job::NotifyDesk {
        message: "opinion_late".into(),
        desk: DESK.into(),
        units: vec!["kg.tnmt".into()],
    };
    assert_eq!(jobs(&play, &rung), [told]);
    assert_eq!(play.decide(&system, &ring), Ok(Vec::new()), "a stale timer does nothing");
    let mut heard = play.clone();
    let late = heard.act(&system, &answer(6)).unwrap();
    assert!(matches!(&late[0], Event::ChildAnswered { moves, .. } if moves.is_empty()));
    // Who is silent to the end is asked no more once the case is decided; who answered is not.
    for (mut play, expected) in [(play, vec![Job::CloseChildren]), (heard, Vec::new())] {
        play.ok(Role::CaseOfficer, &play.done("done"));
        let mut closed = Vec::new();
        for (role, outcome) in [
            (Role::CaseOfficer, "done"),
            (Role::UnitLeader, "approve"),
            (Role::Leader, "approve"),
            (Role::Clerk, "done"),
        ] {
            closed.extend(inside(&play.ok(role, &play.done(outcome)), &play));
        }
        play.ok(Role::DeskOfficer, &pay(20_000));
        closed.extend(inside(&play.ok(Role::DeskOfficer, &deliver()), &play));
        assert_eq!(play.case.business, Business::Returned);
        assert_eq!(closed, expected);
    }
}

/// The jobs of the last events, which led to the present state.
fn jobs(play: &Play, events: &[Event]) -> Vec<Job> {
    let definition = &PROVINCE.process("consultation", 1).unwrap().definition;
    let calendar = PROVINCE.calendar_of(&play.case.desk);
    let before = play.events.len() - events.len();
    let mut case = case::replay(play.case.id, &play.events[..before], definition).unwrap();
    let mut jobs = Vec::new();
    for event in events {
        let was = case.business;
        case::apply(&mut case, event, definition);
        jobs.extend(case::effects(Some(was), &case, event, calendar).jobs);
    }
    jobs
}

/// Those of them that stay in the house.
fn inside(events: &[Event], play: &Play) -> Vec<Job> {
    let leaves = |job: &Job| matches!(job.name(), "portal_sync" | "notify_applicant");
    jobs(play, events).into_iter().filter(|job| !leaves(job)).collect()
}

#[test]
fn however_the_asking_case_ends_its_open_children_are_ended() {
    let system = Actor::system("test");
    let asking = || {
        let mut play = Play::new(3);
        play.assigned();
        let definition = &PROVINCE.process("consultation", 1).unwrap().definition;
        let (token, _) = process::open_jobs(definition, &play.case.process).next().unwrap();
        let child = CaseId(Uuid::from_u128(5));
        let open = Command::OpenChild { child, token, unit: "kg.stp".into() };
        play.act(&system, &open).unwrap();
        play
    };
    let mut stopped = asking();
    let events = stopped.ok(Role::Leader, &Command::Stop { reason: why() });
    assert_eq!(inside(&events, &stopped), [Job::CloseChildren]);

    let mut withdrawn = asking();
    let filer = withdrawn.filer();
    let asked = withdrawn.act(&filer, &Command::AskWithdrawal { reason: None }).unwrap();
    assert_eq!(inside(&asked, &withdrawn), [], "it may still be refused");
    let grant = Command::DecideWithdrawal { granted: true, reason: None };
    let events = withdrawn.ok(Role::CaseOfficer, &grant);
    assert_eq!(inside(&events, &withdrawn), [Job::CloseChildren]);

    let mut unanswered = asking();
    let ask = Command::AskSupplement { papers: vec![1], reason: why(), answer_days: 5 };
    let events = unanswered.ok(Role::CaseOfficer, &ask);
    assert_eq!(inside(&events, &unanswered), []);
    unanswered.later(day(2019, 5, 20), 9);
    let events = unanswered.ok(Role::CaseOfficer, &Command::StopUnanswered { reason: why() });
    assert_eq!(inside(&events, &unanswered), [Job::CloseChildren]);
}

#[test]
fn a_child_case_ends_with_the_asking_case_and_answers_nobody() {
    let mut play = Play::with(3, &asked()).unwrap();
    let system = Actor::system("test");
    let mut own = Play::new(2);
    own.assigned();
    assert!(state(&own.decide(&system, &Command::EndWithParent).unwrap_err()), "no child");
    play.act(&system, &accept()).unwrap();
    play.act(&system, &Command::Forward).unwrap();
    let leader = world::officer(&PROVINCE, "kg.stp", Role::Leader, world::morning());
    assert!(denied(&play.decide(&leader, &Command::EndWithParent).unwrap_err()));
    let ended = play.act(&system, &Command::EndWithParent).unwrap();
    assert!(matches!(ended[..], [Event::ParentEnded { .. }]));
    assert_eq!(play.case.business, Business::Stopped);
    let calendar = PROVINCE.calendar_of(&play.case.desk);
    let after = case::effects(Some(Business::Processing), &play.case, &ended[0], calendar);
    assert_eq!((after.jobs, after.timers), (Vec::new(), vec![TimerChange::DropAll]));
    assert_eq!(play.act(&system, &Command::EndWithParent), Ok(Vec::new()), "once");
}

#[test]
fn a_child_case_returns_its_answer_by_itself() {
    let mut play = Play::with(3, &asked()).unwrap();
    let system = Actor::system("test");
    play.act(&system, &accept()).unwrap();
    assert_eq!(play.case.code.as_deref(), Some("X/1"));
    let at = |role| world::officer(&PROVINCE, "kg.stp", role, world::morning());
    let void = Command::VoidAcceptance { reason: why() };
    assert!(state(&play.decide(&at(Role::DeskOfficer), &void).unwrap_err()));
    play.act(&system, &Command::Forward).unwrap();
    let withdraw = Command::AskWithdrawal { reason: None };
    assert!(state(&play.decide(&at(Role::DeskOfficer), &withdraw).unwrap_err()));
    let mut assign = play.done("done");
    let own = world::account("kg.stp", Role::CaseOfficer);
    if let Command::Complete { officer, .. } = &mut assign {
        *officer = Some(own.as_str().into());
    }
    play.act(&at(Role::UnitLeader), &assign).unwrap();
    for (role, outcome) in [(Role::CaseOfficer, "done"), (Role::Leader, "approve")] {
        let mut step = play.done(outcome);
        if let Command::Complete { officer, .. } = &mut step {
            *officer = None;
        }
        play.act(&at(role), &step).unwrap();
    }
    assert_eq!(play.case.business, Business::Returned);
}
