//! Operations beyond the drawn process: who may, what is refused, what they leave, and that replay
//! gives the same (`Play` holds every step against that law).

use crate::play::*;
use crate::world::{self, DESK, HOME, OTHER, day};
use kernel::access::{self, Actor};
use kernel::calendar::Instant;
use kernel::case::{
    self, Action, Bucket, Business, ChildAnswer, Command, Event, Job, Op, OpEvent, Refusal,
    TimerChange, Why, WorkItem,
};
use kernel::ids::CaseId;
use kernel::org::Role;
use uuid::Uuid;

fn field(refusal: &Refusal, name: &str) -> bool {
    matches!(refusal, Refusal::Fields(faults) if faults.iter().any(|f| f.field == name))
}

fn denied(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::Denied(_))
}

fn places(play: &Play) -> Vec<String> {
    let edition = PROVINCE.edition(&play.case.procedure, 1).unwrap();
    let definition = PROVINCE.process_of(edition, day(2019, 5, 6)).unwrap();
    let ids = play.case.process.tokens.iter().map(|t| definition.node(t.node).id.clone());
    let mut ids: Vec<String> = ids.collect();
    ids.sort_unstable();
    ids
}

fn rows(play: &Play) -> Vec<WorkItem> {
    let edition = PROVINCE.edition(&play.case.procedure, 1).unwrap();
    case::work_items(&play.case, PROVINCE.process_of(edition, day(2019, 5, 6)).unwrap())
}

fn effects(play: &Play, event: &Event) -> case::Effects {
    let calendar = PROVINCE.calendar_of(&play.case.desk);
    case::effects(Some(play.case.business), &play.case, event, calendar)
}

fn at(play: &Play, id: &str) -> u32 {
    let edition = PROVINCE.edition(&play.case.procedure, 1).unwrap();
    let definition = PROVINCE.process_of(edition, day(2019, 5, 6)).unwrap();
    let node = definition.node_by_id(id).unwrap();
    play.case.process.tokens.iter().find(|t| t.node == node).expect(id).id
}

fn offered(play: &Play, actor: &Actor) -> Vec<Action> {
    let ctx = PROVINCE.ctx(&play.case, actor, play.now).unwrap();
    case::offers(&play.case, &ctx).into_iter().map(|offer| offer.action).collect()
}

fn give_back(token: u32, to: &str) -> Command {
    Command::Op(Op::Return { token, to: to.into(), why: because() })
}

fn colleague(play: &Play) -> Actor {
    world::named(&PROVINCE, &format!("{HOME}/colleague"), play.now)
}

/// A consultation with its appraisal and one asked agency open.
fn consulting() -> (Play, CaseId) {
    let mut play = Play::new(3);
    play.assigned();
    let child = CaseId(Uuid::from_u128(77));
    let token = at(&play, "consult");
    let open = Command::OpenChild { child, token, unit: "kg.stp".into() };
    play.act(&Actor::system("open_children"), &open).unwrap();
    (play, child)
}

#[test]
fn a_return_leads_to_any_step_that_encloses_it_with_reason_and_ground() {
    let mut play = Play::new(2);
    play.assigned();
    play.ok(Role::CaseOfficer, &play.done("done"));
    play.ok(Role::UnitLeader, &play.done("approve"));
    let token = play.token();
    let bare = |why| Command::Op(Op::Return { token, to: "assign".into(), why });
    assert!(field(&play.no(Role::Leader, &bare(Why::default())), "reason"));
    let groundless = Why { reason: why(), ground: "  ".into() };
    assert!(field(&play.no(Role::Leader, &bare(groundless)), "ground"));
    assert!(denied(&play.no(Role::CaseOfficer, &give_back(token, "assign"))));
    let nowhere = play.no(Role::Leader, &give_back(token, "nowhere"));
    assert_eq!(nowhere, Refusal::NoTarget("nowhere".into()));
    let forward = play.no(Role::Leader, &give_back(token, "stamp"));
    assert!(
        matches!(forward, Refusal::Process(process::Refusal::CannotReturn { .. })),
        "{forward}"
    );
    let events = play.ok(Role::Leader, &give_back(token, "assign"));
    assert!(matches!(&events[0], Event::Op(OpEvent::Returned { to, because, .. })
        if to == "assign" && because.ground == "Quy chế làm việc, Điều 9"));
    assert_eq!(places(&play), ["assign"]);
    assert_eq!(rows(&play)[0].role, Role::UnitLeader);
    play.ok(Role::UnitLeader, &play.done("done"));
    play.ok(Role::CaseOfficer, &play.done("done"));
    play.ok(Role::UnitLeader, &play.done("approve"));
    play.ok(Role::Leader, &play.done("approve"));
    play.ok(Role::Clerk, &play.done("done"));
    assert_eq!(play.case.business, Business::ResultReady);
}

#[test]
fn a_return_ends_what_runs_beside_it_with_its_child_cases() {
    let (mut play, child) = consulting();
    let events = play.ok(Role::CaseOfficer, &give_back(at(&play, "appraise"), "assign"));
    let Event::Op(OpEvent::Returned { ended, moves, .. }) = &events[0] else {
        panic!("{events:?}")
    };
    assert_eq!(ended, &[child]);
    let silence = moves.iter().any(|m| matches!(m, process::Event::TimerDropped { .. }));
    assert!(silence, "the timer of the asked agency goes with it");
    assert_eq!(effects(&play, &events[0]).jobs, [Job::EndChildren { children: vec![child] }]);
    assert_eq!(places(&play), ["assign"]);
    // The second round asks anew, and a late answer of the first moves nothing.
    play.ok(Role::UnitLeader, &play.done("done"));
    let token = at(&play, "consult");
    assert!(play.case.children.iter().all(|child| child.token != token));
    let late = Command::AnswerChild { child, answer: ChildAnswer::Done };
    play.act(&Actor::system("answer_parent"), &late).unwrap();
    assert_eq!(places(&play), ["appraise", "consult"]);
}

#[test]
fn a_finished_step_is_taken_back_until_somebody_opens_what_follows() {
    let mut play = Play::new(2);
    play.assigned();
    let before = play.case.clone();
    let token = play.token();
    play.ok(Role::CaseOfficer, &play.done("done"));
    let back = Command::Op(Op::TakeBack { token, why: Why::default() });
    assert_eq!(play.no(Role::UnitLeader, &back), Refusal::NotTakenBack, "not theirs");
    assert!(offered(&play, &play.who(Role::CaseOfficer)).contains(&Action::TakeBack(token)));
    let mut undone = play.clone();
    undone.ok(Role::CaseOfficer, &back);
    assert_eq!(undone.case.process.tokens, before.process.tokens);
    assert_eq!(undone.case.officer, before.officer);
    assert_eq!(undone.no(Role::CaseOfficer, &back), Refusal::NotTakenBack, "only once");
    // A look by somebody who may not act on it leaves it open.
    let open = Command::Op(Op::Open);
    assert!(play.ok(Role::Clerk, &open).is_empty());
    assert!(play.ok(Role::CaseOfficer, &open).is_empty(), "one's own look does not count");
    let page = play.case.page_seq;
    let events = play.ok(Role::UnitLeader, &open);
    assert!(matches!(&events[0], Event::Op(OpEvent::Opened { .. })));
    assert_eq!(play.case.page_seq, page, "a look changes nothing that a page shows");
    assert_eq!(play.no(Role::CaseOfficer, &back), Refusal::NotTakenBack);
    assert!(play.ok(Role::UnitLeader, &open).is_empty(), "recorded once");
}

#[test]
fn who_claims_what_follows_has_opened_it() {
    let mut play = Play::new(2);
    play.assigned();
    let token = play.token();
    play.ok(Role::CaseOfficer, &play.done("done"));
    play.ok(Role::UnitLeader, &Command::Op(Op::Claim { token: play.token() }));
    let back = Command::Op(Op::TakeBack { token, why: because() });
    assert_eq!(play.no(Role::CaseOfficer, &back), Refusal::NotTakenBack);
}

#[test]
fn taking_back_an_assignment_takes_the_officer_back_too() {
    let mut play = Play::new(2);
    play.forward();
    let token = play.token();
    play.ok(Role::UnitLeader, &play.done("done"));
    assert!(play.case.officer.is_some());
    play.ok(Role::UnitLeader, &Command::Op(Op::TakeBack { token, why: because() }));
    assert_eq!((play.case.officer.as_ref(), places(&play)), (None, vec!["assign".into()]));
    play.ok(Role::UnitLeader, &play.done("done"));
    play.ok(Role::CaseOfficer, &play.done("done"));
    let back = Command::Op(Op::TakeBack { token, why: because() });
    assert_eq!(play.no(Role::UnitLeader, &back), Refusal::NotTakenBack, "the next step was done");
}

#[test]
fn what_left_the_house_is_not_taken_back() {
    let mut play = Play::new(3);
    play.forward();
    let token = play.token();
    play.ok(Role::UnitLeader, &play.done("done"));
    let back = Command::Op(Op::TakeBack { token, why: because() });
    assert_eq!(play.no(Role::UnitLeader, &back), Refusal::NotTakenBack, "agencies were asked");
}

#[test]
fn one_branch_is_taken_back_though_the_other_went_on() {
    let (mut play, child) = consulting();
    let token = at(&play, "appraise");
    play.ok(Role::CaseOfficer, &complete(token, "done"));
    let back = Command::Op(Op::TakeBack { token, why: because() });
    let mut undone = play.clone();
    undone.ok(Role::CaseOfficer, &back);
    assert_eq!(places(&undone), ["appraise", "consult"]);
    let answer = Command::AnswerChild { child, answer: ChildAnswer::Done };
    undone.act(&Actor::system("answer_parent"), &answer).unwrap();
    assert_eq!(places(&undone), ["appraise", "join"]);
    play.act(&Actor::system("answer_parent"), &answer).unwrap();
    assert_eq!(places(&play), ["summarise"]);
    assert_eq!(play.no(Role::CaseOfficer, &back), Refusal::NotTakenBack, "the branches met");
}

#[test]
fn only_the_leader_jumps_skips_and_adds() {
    let mut play = Play::new(2);
    play.assigned();
    let token = play.token();
    let jump = |to: &str| Command::Op(Op::Jump { token, to: to.into(), why: because() });
    let skip =
        |outcome: &str| Command::Op(Op::Skip { token, outcome: outcome.into(), why: because() });
    let add = |node: &str| Command::Op(Op::AddStep { node: node.into(), why: because() });
    for role in [Role::CaseOfficer, Role::UnitLeader, Role::Clerk, Role::Administrator] {
        for command in [jump("sign"), skip("done"), add("appraise")] {
            assert!(denied(&play.no(role, &command)), "{command:?} by {role:?}");
        }
    }
    assert!(field(&play.no(Role::Leader, &jump("")), "to"));
    assert_eq!(play.no(Role::Leader, &jump("done")), Refusal::NoTarget("done".into()));
    let mut jumped = play.clone();
    jumped.ok(Role::Leader, &jump("sign"));
    assert_eq!(places(&jumped), ["sign"]);
    let mut skipped = play.clone();
    skipped.ok(Role::Leader, &skip("done"));
    assert_eq!(places(&skipped), ["review"]);
    let mut added = play.clone();
    added.ok(Role::Leader, &add("review"));
    assert_eq!(places(&added), ["appraise", "review"]);
    let beside = at(&added, "review");
    added.ok(Role::UnitLeader, &complete(beside, "approve"));
    assert_eq!(places(&added), ["appraise"], "it ends by itself");
}

#[test]
fn a_skipped_question_ends_its_child_cases() {
    let (mut play, child) = consulting();
    let token = at(&play, "consult");
    let skip = Op::Skip { token, outcome: String::new(), why: because() };
    let events = play.ok(Role::Leader, &Command::Op(skip));
    assert!(matches!(&events[0], Event::Op(OpEvent::Skipped { ended, .. }) if *ended == [child]));
    assert_eq!(places(&play), ["appraise", "join"]);
}

#[test]
fn a_task_of_the_post_is_claimed_by_one_and_given_back() {
    let mut play = Play::new(2);
    play.assigned();
    play.ok(Role::CaseOfficer, &play.done("done"));
    let token = play.token();
    let claim = Command::Op(Op::Claim { token });
    let release = |why| Command::Op(Op::Release { token, why });
    assert!(denied(&play.no(Role::Clerk, &claim)));
    assert_eq!(play.no(Role::UnitLeader, &release(Why::default())), Refusal::NotHeld);
    play.ok(Role::UnitLeader, &claim);
    assert_eq!(rows(&play)[0].holder, play.who(Role::UnitLeader).account().cloned());
    assert_eq!(play.no(Role::UnitLeader, &claim), Refusal::Held);
    assert!(denied(&play.no(Role::Clerk, &release(Why::default()))));
    let mut freed = play.clone();
    freed.ok(Role::Leader, &release(because()));
    assert_eq!(rows(&freed)[0].holder, None, "who answers for the unit gives it back too");
    play.ok(Role::UnitLeader, &release(Why::default()));
    play.ok(Role::UnitLeader, &claim);
    play.ok(Role::UnitLeader, &play.done("approve"));
    assert!(play.case.ops.holds.is_empty(), "the hold goes with the task");
}

#[test]
fn an_appraisal_of_nobody_is_claimed_and_then_theirs_alone() {
    let mut play = Play::new(7);
    play.forward();
    let token = play.token();
    let second = colleague(&play);
    play.act(&second, &Command::Op(Op::Claim { token })).unwrap();
    assert!(denied(&play.no(Role::CaseOfficer, &play.done("done"))), "a colleague has it");
    assert!(!offered(&play, &play.who(Role::CaseOfficer)).contains(&Action::Complete(token)));
    let stands_still = play.act(&second, &play.done("done"));
    assert!(stands_still.is_ok(), "{stands_still:?}");
}

#[test]
fn one_task_is_lent_until_a_day() {
    let mut play = Play::new(2);
    play.assigned();
    play.ok(Role::CaseOfficer, &play.done("done"));
    play.ok(Role::UnitLeader, &play.done("approve"));
    let token = play.token();
    let clerk = world::account(HOME, Role::Clerk);
    let lend =
        |to: &str, until| Command::Op(Op::Delegate { token, to: to.into(), until, why: because() });
    let day_of = |n: i64| play.now.plus_days(n).date();
    assert!(denied(&play.no(Role::CaseOfficer, &lend(&clerk, day_of(3)))));
    let stranger = world::account(OTHER, Role::Clerk);
    assert_eq!(play.no(Role::Leader, &lend(&stranger, day_of(3))), Refusal::OfficerElsewhere);
    assert_eq!(play.no(Role::Leader, &lend(&clerk, day_of(-1))), Refusal::DelegationLength(90));
    assert_eq!(play.no(Role::Leader, &lend(&clerk, day_of(91))), Refusal::DelegationLength(90));
    assert!(denied(&play.no(Role::Clerk, &play.done("approve"))), "not lent yet");
    let until = day_of(3);
    let events = play.ok(Role::Leader, &lend(&clerk, until));
    let timers = effects(&play, &events[0]).timers;
    let rings = Instant::at(until, 0, 0).plus_days(1);
    let set = TimerChange::Set { kind: "delegation", token: token.to_string(), due_at: rings };
    assert_eq!(timers, [set]);
    let held: Vec<_> = rows(&play).into_iter().filter_map(|row| row.holder).collect();
    assert!(held.contains(&clerk.as_str().into()), "it stands on their list");
    assert_eq!(play.no(Role::Leader, &lend(&clerk, until)), Refusal::Held);
    let actor = play.who(Role::Clerk);
    let ctx = PROVINCE.ctx(&play.case, &actor, play.now).unwrap();
    let (grant, _) = case::decide(Some(&play.case), &play.done("approve"), &ctx).unwrap();
    assert_eq!(grant.on_behalf_of, play.who(Role::Leader).account().cloned());
    let mut later = play.clone();
    later.now = rings;
    assert!(denied(&later.no(Role::Clerk, &later.done("approve"))), "its day is over");
    later.act(&Actor::system("timer"), &Command::Op(Op::EndDelegation { token })).unwrap();
    assert_eq!(rows(&later).len(), 1);
    later.ok(Role::Leader, &later.done("approve"));
    play.ok(Role::Clerk, &Command::Op(Op::EndDelegation { token }));
    assert!(denied(&play.no(Role::Clerk, &play.done("approve"))), "given back");
}

#[test]
fn a_case_goes_to_another_unit_which_names_its_officer() {
    let mut play = Play::new(2);
    play.assigned();
    let to = |unit: &str| Command::Op(Op::Transfer { unit: unit.into(), why: because() });
    assert!(denied(&play.no(Role::CaseOfficer, &to("kg.rg"))));
    for wrong in [HOME, DESK, world::AWAY, "ag.rg", "nowhere"] {
        let refused = play.no(Role::Leader, &to(wrong));
        assert_eq!(refused, Refusal::UnitElsewhere(wrong.into()), "{wrong}");
    }
    play.ok(Role::Leader, &to("kg.rg"));
    assert_eq!((play.case.decided_by.as_str(), play.case.officer.as_ref()), ("kg.rg", None));
    assert!(denied(&play.no(Role::CaseOfficer, &play.done("done"))), "it left the unit");
    let sees = |unit: &str| {
        let actor = world::officer(&PROVINCE, unit, Role::Leader, play.now);
        let filter = access::row_filter(&actor, &PROVINCE.tree, play.now.date());
        access::sees(&filter, &play.case)
    };
    assert!(sees(HOME) && sees("kg.rg") && !sees(OTHER));
    let waits = rows(&play).into_iter().any(|row| {
        row.role == Role::UnitLeader && row.unit.as_str() == "kg.rg" && row.bucket == Bucket::InWork
    });
    assert!(waits, "the receiving unit has it on its list");
    let there = |role| world::officer(&PROVINCE, "kg.rg", role, play.now);
    let officer = world::account("kg.rg", Role::CaseOfficer);
    let (leader, theirs) = (there(Role::UnitLeader), there(Role::CaseOfficer));
    let name = Command::Reassign { officer: officer.as_str().into(), reason: why() };
    play.act(&leader, &name).unwrap();
    assert!(!play.case.ops.to_assign);
    let mut done = play.done("done");
    if let Command::Complete { officer: named, .. } = &mut done {
        *named = Some(officer.as_str().into());
    }
    play.act(&theirs, &done).unwrap();
}

#[test]
fn helpers_see_and_note_and_decide_nothing() {
    let mut play = Play::new(2);
    play.assigned();
    let helper = world::account(OTHER, Role::CaseOfficer);
    let actor = world::named(&PROVINCE, &helper, play.now);
    let ask =
        |officer: &str| Command::Op(Op::CoProcess { officer: officer.into(), why: because() });
    let sees = |play: &Play| {
        let filter = access::row_filter(&actor, &PROVINCE.tree, play.now.date());
        access::sees(&filter, &play.case)
    };
    assert!(denied(&play.no(Role::CaseOfficer, &ask(&helper))));
    let away = world::account(world::AWAY, Role::CaseOfficer);
    assert_eq!(play.no(Role::UnitLeader, &ask(&away)), Refusal::OfficerElsewhere);
    assert!(!sees(&play));
    play.ok(Role::UnitLeader, &ask(&helper));
    assert!(sees(&play));
    let row = rows(&play).into_iter().find(|row| row.bucket == Bucket::Helping).unwrap();
    assert_eq!(row.holder, Some(helper.as_str().into()));
    play.act(&actor, &Command::Note { note: why() }).unwrap();
    let done = play.done("done");
    assert!(denied(&play.decide(&actor, &done).unwrap_err()));
    assert_eq!(play.no(Role::UnitLeader, &ask(&helper)), Refusal::OfficerElsewhere, "only once");
    let end = Op::EndCoProcess { officer: helper.as_str().into(), why: because() };
    play.ok(Role::Leader, &Command::Op(end));
    assert!(!sees(&play));
    assert!(denied(&play.decide(&actor, &Command::Note { note: why() }).unwrap_err()));
}

#[test]
fn an_act_is_kept_when_the_process_stands_still_and_goes_on_when_mended() {
    let mut play = Play::new(7);
    play.forward();
    let token = play.token();
    let events = play.ok(Role::CaseOfficer, &play.done("done"));
    assert!(matches!(&events[0], Event::TaskDone { note: Some(_), moves, .. } if moves.is_empty()));
    let Event::Op(OpEvent::IncidentRaised { node, code, message, .. }) = &events[1] else {
        panic!("{events:?}")
    };
    assert_eq!((node.as_str(), code.as_str()), ("x", "no_path"));
    assert!(!message.is_empty());
    assert_eq!(play.no(Role::CaseOfficer, &play.done("done")), Refusal::StandsStill);
    let lists: Vec<_> = rows(&play).into_iter().map(|row| (row.bucket, row.role)).collect();
    let both = [Role::Leader, Role::Administrator].map(|role| (Bucket::Incident, role));
    assert_eq!(lists, both);
    let admin = world::officer(&PROVINCE, "kg", Role::Administrator, play.now);
    let retry = Command::Op(Op::Retry { incident: 1, why: Why::default() });
    let still = play.decide(&admin, &retry).unwrap_err();
    assert!(matches!(still, Refusal::Process(process::Refusal::NoPath { .. })), "{still}");
    assert!(denied(&play.no(Role::CaseOfficer, &retry)));
    let set = |name: &str, why: Why| {
        let vars = process::Vars::from([(name.to_owned(), serde_json::json!(700))]);
        Command::Op(Op::SetData { vars, why })
    };
    assert!(field(&play.decide(&admin, &set("area", Why::default())).unwrap_err(), "reason"));
    assert!(field(&play.decide(&admin, &set("not a name", because())).unwrap_err(), "vars"));
    assert!(denied(&play.no(Role::UnitLeader, &set("area", because()))));
    play.act(&admin, &set("area", because())).unwrap();
    assert_eq!(places(&play), ["a"]);
    play.act(&admin, &retry).unwrap();
    assert_eq!(places(&play), ["b"]);
    assert!(play.case.ops.incidents.is_empty());
    assert_eq!(play.decide(&admin, &retry).unwrap_err(), Refusal::NoIncident);
    assert_eq!(play.decide(&admin, &set("area", because())).unwrap_err(), Refusal::NoIncident);
    let second = Op::Jump { token: play.token(), to: "c".into(), why: because() };
    assert!(denied(&play.decide(&admin, &Command::Op(second)).unwrap_err()), "only the leader");
    assert_eq!(play.token(), token);
}

#[test]
fn a_leader_gets_a_case_past_an_incident() {
    let mut play = Play::new(7);
    play.forward();
    play.ok(Role::CaseOfficer, &play.done("done"));
    let token = play.token();
    let jump = Op::Jump { token, to: "c".into(), why: because() };
    play.ok(Role::Leader, &Command::Op(jump));
    assert!(play.case.ops.incidents.is_empty());
    play.ok(Role::CaseOfficer, &play.done("done"));
    assert_eq!(play.case.business, Business::ResultReady);
}

#[test]
fn a_suspension_ends_by_itself_after_its_last_day() {
    let mut play = Play::new(2);
    play.assigned();
    let until = day(2019, 5, 3);
    let suspend = |until| Command::Suspend { ground: "Điều 12".into(), reason: why(), until };
    let far = play.now.plus_days(366).date();
    assert_eq!(play.no(Role::Leader, &suspend(far)), Refusal::SuspensionLength(365));
    assert_eq!(play.no(Role::Leader, &suspend(play.now.date())), Refusal::SuspensionLength(365));
    let events = play.ok(Role::Leader, &suspend(until));
    let due_at = Instant::at(day(2019, 5, 4), 0, 0);
    let set = TimerChange::Set { kind: "suspension", token: String::new(), due_at };
    assert_eq!(effects(&play, &events[0]).timers, [set]);
    play.now = due_at;
    let resumed = play.act(&Actor::system("timer"), &Command::Resume).unwrap();
    let off = TimerChange::Drop { kind: "suspension", token: String::new() };
    assert_eq!(effects(&play, &resumed[0]).timers, [off]);
    assert_eq!(play.case.business, Business::Processing);
}

#[test]
fn an_apology_comes_once_and_a_day_before() {
    let mut play = Play::new(2);
    play.assigned();
    let draft = |d| Command::DraftExtension { new_due_on: day(2019, 5, d), reason: why() };
    let due = play.case.due_at.unwrap();
    let mut late = play.clone();
    late.now = Instant(due.0 - 3_600_000);
    let refused = late.no(Role::UnitLeader, &draft(30));
    assert!(matches!(refused, Refusal::ExtensionTooLate(_)), "{refused}");
    let mut early = play.clone();
    early.now = due.plus_days(-1);
    early.ok(Role::UnitLeader, &draft(30));
    early.ok(Role::Leader, &Command::GrantExtension);
    assert_eq!(early.no(Role::UnitLeader, &draft(31)), Refusal::ExtensionRepeated);
}

/// A wide case behind the two officers who are asked.
fn checked() -> Play {
    let mut play = Play::new(8);
    play.forward();
    assert_eq!(rows(&play).len(), 2, "two officers are asked at the same time");
    play.ok(Role::CaseOfficer, &play.done("done"));
    play.ok(Role::CaseOfficer, &play.done("done"));
    assert_eq!(places(&play), ["check", "sub"]);
    play
}

#[test]
fn the_wider_profile_is_carried_out() {
    assert_eq!(case::not_carried_out(&world::wide(true)).count(), 0);
    let without: Vec<String> =
        case::not_carried_out(&world::wide(false)).map(|node| node.id.clone()).collect();
    assert_eq!(without, ["rule"], "a decision that did not come with the process is refused");
    let mut play = checked();
    play.ok(Role::CaseOfficer, &play.done("fine"));
    assert_eq!(places(&play), ["big"], "the table gives 80, the script 160");
    assert_eq!(play.case.process.vars["twice"], serde_json::json!(160));
    play.ok(Role::CaseOfficer, &play.done("done"));
    assert_eq!(play.case.business, Business::ResultReady);
    let mut play = checked();
    play.ok(Role::CaseOfficer, &play.done("bad"));
    assert_eq!(places(&play), ["mend"], "the error is caught at the edge");
    play.ok(Role::CaseOfficer, &play.done("done"));
    play.ok(Role::CaseOfficer, &give_back(play.token(), "mend"));
    assert_eq!(places(&play), ["mend"]);
}

#[test]
fn operations_reach_into_parts_of_their_own() {
    let mut play = checked();
    let token = play.token();
    let back = Command::Op(Op::TakeBack { token: 0, why: because() });
    assert_eq!(play.no(Role::CaseOfficer, &back), Refusal::NotTakenBack);
    let out = Op::Jump { token, to: "mend".into(), why: because() };
    let mut jumped = play.clone();
    jumped.ok(Role::Leader, &Command::Op(out));
    assert_eq!(places(&jumped), ["mend"], "the part is closed when it is left");
    play.ok(Role::CaseOfficer, &give_back(token, "ask"));
    assert_eq!(rows(&play).len(), 2, "both are asked again");
}

#[test]
fn the_officer_notes_what_came_from_outside() {
    let happen =
        |token, event: &str| Command::Op(Op::Happen { token, event: event.into(), why: because() });
    let edition = PROVINCE.edition(&"1.000009".into(), 1).unwrap();
    assert_eq!(
        case::not_carried_out(PROVINCE.process_of(edition, day(2019, 5, 6)).unwrap()).count(),
        0
    );
    let mut play = Play::new(9);
    play.forward();
    let token = play.token();
    assert!(denied(&play.no(Role::Clerk, &happen(token, "edge"))));
    assert_eq!(
        play.no(Role::CaseOfficer, &happen(token, "letter")),
        Refusal::NoTarget("letter".into())
    );
    let mut ordered = play.clone();
    ordered.ok(Role::CaseOfficer, &happen(token, "edge"));
    assert_eq!(places(&ordered), ["c"], "a signal on the edge ends the task");
    play.ok(Role::CaseOfficer, &play.done("done"));
    assert_eq!(places(&play), ["g"]);
    assert_eq!(rows(&play)[0].bucket, Bucket::WaitingAgency, "the wait stands on a list");
    let token = play.case.process.tokens[0].id;
    assert!(offered(&play, &play.who(Role::CaseOfficer)).contains(&Action::Happen(token)));
    assert_eq!(
        play.no(Role::CaseOfficer, &happen(token, "late")),
        Refusal::NoTarget("late".into())
    );
    let events = play.ok(Role::CaseOfficer, &happen(token, "letter"));
    let dropped = effects(&play, &events[0]).timers;
    assert!(matches!(dropped.as_slice(), [TimerChange::Drop { kind: "process", .. }]));
    assert_eq!(places(&play), ["b"]);
    play.ok(Role::CaseOfficer, &play.done("done"));
    assert_eq!(play.case.business, Business::ResultReady);
}
