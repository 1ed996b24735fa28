//! Cases walk through each construct of the wider profile: what stands on which list, what is
//! offered to whom, what leaves the house, which timers are set.

use crate::play::*;
use crate::world;
use kernel::access::Actor;
use kernel::case::{
    self, Action, Bucket, Business, Command, Event, Job, Op, OpEvent, Refusal, TimerChange, Waits,
};
use kernel::ids::CaseId;
use kernel::org::Role;
use kernel::procedure::call_faults;
use process::Definition;
use uuid::Uuid;

fn definition(play: &Play) -> &'static Definition {
    PROVINCE.definition_of(&play.case, play.now.date()).unwrap()
}

/// Ids of the steps where the case waits, in order.
fn at(play: &Play) -> Vec<&'static str> {
    let here = case::places(&play.case, definition(play));
    let mut ids: Vec<&str> =
        here.iter().map(|(_, ix, _)| definition(play).node(*ix).id.as_str()).collect();
    ids.sort_unstable();
    ids
}

fn token(play: &Play, id: &str) -> u32 {
    let here = case::places(&play.case, definition(play));
    let found = here.iter().find(|(_, ix, _)| definition(play).node(*ix).id == id);
    found.expect(id).0
}

fn done(play: &mut Play, id: &str, outcome: &str) -> Vec<Event> {
    let command = complete(token(play, id), outcome);
    play.ok(Role::CaseOfficer, &command)
}

fn happen(token: u32, event: &str) -> Command {
    Command::Op(Op::Happen { token, event: event.into(), why: because() })
}

fn choose(token: u32, to: &str) -> Command {
    Command::Op(Op::Choose { token, to: to.into() })
}

fn offered(play: &Play, role: Role) -> Vec<Action> {
    let actor = play.who(role);
    let ctx = PROVINCE.ctx(&play.case, &actor, play.now).unwrap();
    case::offers(&play.case, &ctx).into_iter().map(|offer| offer.action).collect()
}

/// Effects of events, each with the state after all of them.
fn effects(play: &Play, events: &[Event]) -> (Vec<Job>, Vec<TimerChange>) {
    let calendar = PROVINCE.calendar_of(&play.case.desk);
    let each =
        events.iter().map(|e| case::effects(Some(play.case.business), &play.case, e, calendar));
    let (mut jobs, mut timers) = (Vec::new(), Vec::new());
    for one in each {
        jobs.extend(one.jobs);
        timers.extend(one.timers);
    }
    (jobs, timers)
}

fn begun(procedure: usize) -> Play {
    let mut play = Play::new(procedure);
    play.forward();
    play
}

fn is_ready(play: &Play) {
    assert_eq!(play.case.business, Business::ResultReady);
}

#[test]
fn what_is_repeated_is_done_as_often_as_drawn() {
    let mut play = begun(10);
    done(&mut play, "fill", "done");
    assert_eq!(at(&play), ["fill"], "a second time");
    done(&mut play, "fill", "done");
    assert_eq!(play.case.process.vars["n"], serde_json::json!(3), "the script ran three times");
    assert_eq!(at(&play), ["look", "look"], "a part for each of two");
    done(&mut play, "look", "done");
    done(&mut play, "look", "done");
    is_ready(&play);
}

#[test]
fn a_throw_has_people_undo_what_they_did_and_scripts_what_they_noted() {
    let mut play = begun(11);
    done(&mut play, "book", "done");
    done(&mut play, "inner", "done");
    assert_eq!(play.case.process.vars["logged"], serde_json::json!(true));
    let mut kept = play.clone();
    done(&mut kept, "check", "approve");
    is_ready(&kept);
    let mut ended = play.clone();
    done(&mut ended, "check", "duty");
    assert_eq!(at(&ended), ["unbook", "whole_t"], "the end waits until all is undone");
    done(&mut ended, "unbook", "done");
    assert_eq!(ended.case.business, Business::Processing);
    done(&mut ended, "whole_t", "done");
    is_ready(&ended);

    done(&mut play, "check", "done");
    assert_eq!(at(&play), ["unbook", "whole_t"]);
    assert_eq!(play.case.process.vars["logged"], serde_json::json!(false));
    let unbook = token(&play, "unbook");
    let skip = Command::Op(Op::Skip { token: unbook, outcome: "done".into(), why: because() });
    assert!(play.decide(&play.who(Role::Leader), &skip).is_err(), "undoing is not left out");
    let whole = token(&play, "whole_t");
    let out = Command::Op(Op::Jump { token: whole, to: "after".into(), why: because() });
    assert_eq!(play.no(Role::Leader, &out), Refusal::NoTarget("after".into()));
    done(&mut play, "whole_t", "done");
    done(&mut play, "unbook", "done");
    assert_eq!(at(&play), ["after"], "the throw goes on");
    done(&mut play, "after", "done");
    is_ready(&play);
}

#[test]
fn the_step_that_began_the_undoing_can_be_taken_back() {
    let mut play = begun(11);
    done(&mut play, "book", "done");
    done(&mut play, "inner", "done");
    let before = play.case.process.clone();
    done(&mut play, "check", "done");
    let finished = play.case.ops.finished.last().unwrap().token;
    let back = Command::Op(Op::TakeBack { token: finished, why: because() });
    play.ok(Role::CaseOfficer, &back);
    assert_eq!(at(&play), ["check"]);
    assert_eq!(play.case.process.undoable, before.undoable);
    assert_eq!(play.case.process.vars, before.vars);
}

#[test]
fn a_payment_lets_a_case_go_on_that_waits_for_it() {
    let mut play = begun(12);
    done(&mut play, "a", "done");
    assert_eq!(at(&play), ["wait"]);
    let rows = case::work_items(&play.case, definition(&play));
    assert_eq!((rows[0].bucket, rows[0].task.as_str()), (Bucket::WaitingAgency, "wait"));
    assert!(!offered(&play, Role::CaseOfficer).iter().any(|a| matches!(a, Action::Happen(_))));
    let half = play.ok(Role::Cashier, &pay(10_000));
    assert_eq!(half.len(), 1, "half of it moves nothing");
    let paid = play.ok(Role::Cashier, &pay(10_000));
    assert!(matches!(paid.as_slice(), [Event::Paid { .. }, Event::Moved { .. }]), "{paid:?}");
    assert_eq!(at(&play), ["b"]);
    done(&mut play, "b", "done");
    is_ready(&play);
}

#[test]
fn a_condition_on_the_edge_that_interrupts_nothing_happens_once() {
    let mut play = begun(12);
    play.ok(Role::Cashier, &pay(20_000));
    assert_eq!(at(&play), ["a", "note"]);
    let refused = play.decide(&play.who(Role::Cashier), &pay(1));
    assert!(refused.is_err());
    done(&mut play, "note", "done");
    assert_eq!(at(&play), ["a"], "what holds still happened already");
    done(&mut play, "a", "done");
    assert_eq!(at(&play), ["b"], "the wait in the flow finds it fulfilled");
}

#[test]
fn a_waiver_begins_the_part_of_the_process_that_waits_for_it() {
    let mut play = begun(12);
    let waived = play.ok(Role::Cashier, &Command::Waive { exemption: "poor".into() });
    assert!(matches!(waived.as_slice(), [Event::Waived { .. }, Event::Moved { .. }]));
    assert_eq!(at(&play), ["waived_t"], "all else ended");
    done(&mut play, "waived_t", "done");
    is_ready(&play);
}

#[test]
fn while_the_clock_stands_a_condition_waits_for_the_case_to_come_back() {
    let mut play = begun(12);
    done(&mut play, "a", "done");
    let ask = Command::AskSupplement { papers: vec![1], reason: why(), answer_days: 5 };
    play.ok(Role::CaseOfficer, &ask);
    let paid = play.ok(Role::Cashier, &pay(20_000));
    assert_eq!(paid.len(), 1, "nothing moves while the case is with the applicant");
    play.ok(Role::DeskOfficer, &Command::GiveSupplement { papers: papers() });
    let events = play.ok(Role::DeskOfficer, &Command::AcceptSupplement);
    assert!(matches!(events.last(), Some(Event::Moved { .. })), "{events:?}");
    assert_eq!(at(&play), ["b"]);
}

#[test]
fn a_timer_of_the_whole_process_has_the_number_0_and_goes_with_it() {
    let mut play = Play::new(13);
    play.accept();
    let events = play.ok(Role::DeskOfficer, &Command::Forward);
    let start = definition(&play).node_by_id("remind_s").unwrap();
    let key = format!("0:{}", start.0);
    let (_, timers) = effects(&play, &events);
    let set = |c: &TimerChange| matches!(c, TimerChange::Set { token, .. } if *token == key);
    assert!(timers.iter().any(set), "{timers:?}");
    let ring = Command::FireTimer { token: 0, boundary: Some(start) };
    let mut reminded = play.clone();
    reminded.act(&Actor::system("timer"), &ring).unwrap();
    assert_eq!(at(&reminded), ["in", "remind_t"], "beside what runs");
    assert_eq!(reminded.act(&Actor::system("timer"), &ring).unwrap(), [], "it rings once");
    let remind = token(&reminded, "remind_t");
    let out = Command::Op(Op::Jump { token: remind, to: "b".into(), why: because() });
    assert_eq!(
        reminded.no(Role::Leader, &out),
        Refusal::NoTarget("b".into()),
        "it would be there twice"
    );

    let events = play.ok(Role::CaseOfficer, &happen(0, "obey_s"));
    let dropped = |c: &TimerChange| matches!(c, TimerChange::Drop { token, .. } if *token == key);
    assert!(effects(&play, &events).1.iter().any(dropped), "nothing is left to remind of");
    assert_eq!(at(&play), ["obey_t"]);
    let jump =
        Command::Op(Op::Jump { token: token(&play, "obey_t"), to: "b".into(), why: because() });
    play.ok(Role::Leader, &jump);
    assert_eq!(at(&play), ["b"], "what took over can be led back into the process");
}

#[test]
fn event_sub_processes_begin_by_messages_errors_and_escalations() {
    let mut play = begun(13);
    assert!(offered(&play, Role::CaseOfficer).contains(&Action::Happen(0)));
    let part = play.case.process.scopes[0].owner;
    assert!(offered(&play, Role::UnitLeader).contains(&Action::Happen(part)));
    assert!(matches!(play.no(Role::Clerk, &happen(part, "stop_s")), Refusal::Denied(_)));
    let mut stopped = play.clone();
    stopped.ok(Role::CaseOfficer, &happen(part, "stop_s"));
    assert_eq!(at(&stopped), ["stop_t"]);
    done(&mut stopped, "stop_t", "done");
    assert_eq!(at(&stopped), ["b", "boss_t"], "the part ends, the escalation is told beside");
    done(&mut stopped, "b", "done");
    assert_eq!(stopped.case.business, Business::Processing);
    done(&mut stopped, "boss_t", "done");
    is_ready(&stopped);

    done(&mut play, "in", "approve");
    assert_eq!(at(&play), ["mend_t"], "the error is caught by the process");
    let finished = play.case.ops.finished.len();
    assert_eq!(finished, 0, "what shut the process cannot be taken back");
    done(&mut play, "mend_t", "done");
    is_ready(&play);
}

#[test]
fn the_officer_chooses_what_begins_in_an_ad_hoc_part() {
    let mut play = begun(14);
    assert_eq!(at(&play), ["any"]);
    let rows = case::work_items(&play.case, definition(&play));
    assert_eq!((rows[0].bucket, rows[0].role), (Bucket::InWork, Role::CaseOfficer));
    let any = token(&play, "any");
    for role in [Role::CaseOfficer, Role::UnitLeader] {
        assert!(offered(&play, role).contains(&Action::Choose(any)), "{role:?}");
    }
    assert!(!offered(&play, Role::Leader).contains(&Action::Choose(any)));
    assert!(matches!(play.no(Role::Leader, &choose(any, "p")), Refusal::Denied(_)));
    assert_eq!(play.no(Role::CaseOfficer, &choose(any, "e")), Refusal::NoTarget("e".into()));
    let events = play.ok(Role::CaseOfficer, &choose(any, "q"));
    let Event::Op(OpEvent::Chosen { part, task, .. }) = &events[0] else { panic!("{events:?}") };
    assert_eq!((part.as_str(), task.as_str()), ("any", "q"));
    assert_eq!(at(&play), ["q"], "one at a time: nothing is to be chosen now");
    assert!(!offered(&play, Role::CaseOfficer).contains(&Action::Choose(any)));
    done(&mut play, "q", "done");
    is_ready(&play);
}

#[test]
fn an_ad_hoc_part_ends_when_its_condition_holds() {
    let mut play = begun(15);
    let any = token(&play, "any");
    play.ok(Role::CaseOfficer, &choose(any, "p"));
    play.ok(Role::CaseOfficer, &choose(any, "p"));
    assert_eq!(at(&play), ["any", "p", "p"], "twice, and more could follow");
    done(&mut play, "p", "done");
    done(&mut play, "p", "done");
    assert_eq!(at(&play), ["any"], "not enough yet");
    play.ok(Role::CaseOfficer, &choose(any, "p"));
    play.ok(Role::CaseOfficer, &choose(any, "q"));
    done(&mut play, "q", "done");
    is_ready(&play);
}

#[test]
fn what_is_sent_leaves_the_house_and_the_case_goes_on() {
    let mut play = begun(16);
    let events = done(&mut play, "a", "done");
    let (jobs, _) = effects(&play, &events);
    let code = play.case.code.clone().unwrap();
    let message =
        |to: Option<&str>| Job::SendMessage { name: "letter".into(), to: to.map(str::to_owned) };
    let signal = Job::SpreadSignal { name: "order".into(), code, after: None };
    assert_eq!(jobs, [message(Some("Cơ quan thuế")), message(None), signal]);
    assert_eq!(at(&play), ["rest"], "a wait for a time stands on a list too");
    assert!(play.case.ops.finished.is_empty(), "what left cannot be taken back");
    let rest = token(&play, "rest");
    let ring = Command::FireTimer { token: rest, boundary: None };
    play.act(&Actor::system("timer"), &ring).unwrap();
    let events = done(&mut play, "b", "done");
    assert_eq!(effects(&play, &events).0[0], message(None), "also at the end");
    is_ready(&play);
}

#[test]
fn a_case_hears_the_signal_of_another_once_and_names_it() {
    let hear = Command::Op(Op::Hear {
        signal: "order".into(),
        from: CaseId(Uuid::from_u128(5)),
        code: "H33.1".into(),
    });
    let mut play = begun(9);
    assert!(matches!(play.no(Role::Leader, &hear), Refusal::Denied(_)), "only the program tells");
    let worker = Actor::system("worker");
    let events = play.act(&worker, &hear).unwrap();
    let [Event::Op(OpEvent::SignalHeard { signal, event, code, .. })] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!([signal.as_str(), event.as_str(), code.as_str()], ["order", "edge", "H33.1"]);
    assert_eq!(at(&play), ["c"]);
    assert_eq!(play.act(&worker, &hear).unwrap(), [], "nobody waits for it any more");
    let mut other = begun(13);
    other.act(&worker, &hear).unwrap();
    assert_eq!(at(&other), ["obey_t"]);
    assert_eq!(Play::new(13).decide(&worker, &hear).unwrap(), [], "it has not begun");
}

#[test]
fn what_the_whole_process_could_not_do_stands_until_it_is_tried_again() {
    let mut play = begun(20);
    let start = definition(&play).node_by_id("late_s").unwrap();
    let ring = Command::FireTimer { token: 0, boundary: Some(start) };
    let events = play.act(&Actor::system("timer"), &ring).unwrap();
    let [Event::Op(OpEvent::IncidentRaised { token: 0, .. })] = events.as_slice() else {
        panic!("{events:?}")
    };
    let paid = play.ok(Role::Cashier, &pay(10_000));
    let raised = |e: &Event| matches!(e, Event::Op(OpEvent::IncidentRaised { .. }));
    assert!(matches!(paid[0], Event::Paid { .. }) && raised(&paid[1]), "the payment stands");
    assert_eq!(play.ok(Role::Cashier, &pay(1_000)).len(), 1, "it is not told again and again");
    done(&mut play, "a", "done");
    assert_eq!(play.case.ops.incidents.len(), 2, "going on elsewhere mends neither");
    let vars = process::Vars::from([("area".to_owned(), serde_json::json!(700))]);
    play.ok(Role::Leader, &Command::Op(Op::SetData { vars, why: because() }));
    assert_eq!(at(&play), ["b", "most_t"], "the condition was looked at with the new data");
    let retry = |incident| Command::Op(Op::Retry { incident, why: because() });
    play.ok(Role::Leader, &retry(1));
    assert_eq!(at(&play), ["b", "late_t", "most_t"]);
    play.ok(Role::Leader, &retry(2));
    assert!(play.case.ops.incidents.is_empty());
    assert_eq!(at(&play), ["b", "late_t", "most_t"], "what holds happened already");
}

#[test]
fn what_no_case_carries_out_is_refused_by_name() {
    let all = PROVINCE.process_names();
    for name in all {
        let definition = &PROVINCE.process(name, 1).unwrap().definition;
        assert_eq!(case::not_carried_out(definition).count(), 0, "{name}");
    }
    for (what, body) in [
        ("a call that is computed", "<callActivity id=\"n\" calledElement=\"=which\"/>"),
        (
            "a repeated job",
            "<serviceTask id=\"n\" mc:job=\"consult\" mc:wait=\"true\">\
             <standardLoopCharacteristics loopMaximum=\"2\"/></serviceTask>",
        ),
        ("a decision that did not come with it", "<businessRuleTask id=\"n\" mc:decision=\"d\"/>"),
        (
            "a computed time",
            "<intermediateCatchEvent id=\"n\"><timerEventDefinition><timeDuration>= when\
             </timeDuration></timerEventDefinition></intermediateCatchEvent>",
        ),
    ] {
        let xml = world::constructs::line(body);
        let model = process::read(xml.as_bytes(), "line").unwrap();
        let definition = process::compile_unchecked(&model).expect(what);
        let names: Vec<&str> =
            case::not_carried_out(&definition).map(|node| node.id.as_str()).collect();
        assert_eq!(names, ["n"], "{what}");
    }
}

#[test]
fn a_call_must_lead_somewhere_and_not_back() {
    let faults = |attributes: &str| -> Vec<(String, String)> {
        let xml = world::constructs::line(&format!("<callActivity id=\"n\" {attributes}/>"));
        let model = process::read(xml.as_bytes(), "line").unwrap();
        let definition = process::compile_unchecked(&model).unwrap();
        let found = call_faults(&PROVINCE, "line", &definition, world::day(2019, 5, 6));
        found.into_iter().map(|fault| (fault.code, fault.element_id)).collect()
    };
    let is = |code: &str| vec![(code.to_owned(), "n".to_owned())];
    assert_eq!(faults("calledElement=\"appraisal\""), []);
    assert_eq!(faults("calledElement=\"ask\" mc:version=\"1\""), []);
    assert_eq!(faults("calledElement=\"nowhere\""), is("called-process-unknown"));
    assert_eq!(faults("calledElement=\"ask\" mc:version=\"9\""), is("called-process-unknown"));
    assert_eq!(faults("calledElement=\"line\""), is("calls-in-a-circle"));
}

#[test]
fn a_choice_is_told_as_such() {
    let play = begun(14);
    let here = case::places(&play.case, definition(&play));
    assert_eq!(here.iter().map(|(_, _, waits)| *waits).collect::<Vec<_>>(), [Waits::Choice]);
    assert_eq!(Waits::Choice.as_str(), "choice");
}
