//! Transitions 1 to 22 of the life cycle: the happy way, and each refusal of guard or role.

use crate::play::*;
use crate::world::{self, DESK, HOME, OTHER_DESK, day};
use kernel::access::{Actor, Denied};
use kernel::calendar::Instant;
use kernel::case::{
    self, Business, Command, Delivery, DeliveryState, Event, Finance, Holder, LateEntry,
    PaperGiven, Refusal, Source, work_items,
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

fn field(refusal: &Refusal, name: &str) -> bool {
    matches!(refusal, Refusal::Fields(faults) if faults.iter().any(|f| f.field == name))
}

#[test]
fn t1_submit_needs_required_papers_online_and_an_open_desk() {
    assert!(Play::with(2, &submission(Source::Portal)).is_ok());
    let mut bare = submission(Source::Portal);
    bare.papers.clear();
    assert_eq!(Play::with(2, &bare).err(), Some(Refusal::PaperMissing(1)));
    bare.papers = vec![PaperGiven { no: 9, count: 1, files: Vec::new() }];
    assert_eq!(Play::with(2, &bare).err(), Some(Refusal::PaperNotAsked(9)));
    bare = submission(Source::Counter);
    bare.papers.clear();
    assert!(Play::with(2, &bare).is_ok(), "the desk counts at acceptance");
    bare.exemption = Some("rich".into());
    assert!(field(&Play::with(2, &bare).err().unwrap(), "exemption"));
    bare.exemption = Some("poor".into());
    assert_eq!(Play::with(2, &bare).unwrap().case.finance, Finance::Waived);
}

#[test]
fn t1_who_files_decides_through_whom_a_case_comes() {
    let now = world::morning();
    for source in [Source::NationalPortal, Source::Counter, Source::Post, Source::Parent] {
        let refused = Play::by(&Actor::visitor(), 2, &submission(source), now).err().unwrap();
        assert!(matches!(refused, Refusal::Channel | Refusal::Denied(_)), "{source:?} {refused}");
    }
    let desk = world::officer(&PROVINCE, DESK, Role::DeskOfficer, now);
    for source in [Source::NationalPortal, Source::Portal, Source::Parent] {
        let refused = Play::by(&desk, 2, &submission(source), now).err().unwrap();
        assert!(matches!(refused, Refusal::Channel | Refusal::Denied(_)), "{source:?} {refused}");
    }
    assert!(Play::by(&desk, 2, &submission(Source::Post), now).is_ok());
    let post = world::officer(&PROVINCE, DESK, Role::PostOfficer, now);
    assert!(Play::by(&post, 2, &submission(Source::Post), now).is_ok());
    assert!(denied(&Play::by(&post, 2, &submission(Source::Counter), now).err().unwrap()));
    let other = world::officer(&PROVINCE, OTHER_DESK, Role::DeskOfficer, now);
    assert!(denied(&Play::by(&other, 2, &submission(Source::Counter), now).err().unwrap()));
}

#[test]
fn t1_after_july_2025_local_filing_and_old_desks_are_closed() {
    let now = Instant::at(day(2026, 10, 8), 9, 0);
    let mut new = submission(Source::Portal);
    new.desk = "ag.rg.desk".into();
    let visitor = Actor::visitor();
    assert_eq!(Play::by(&visitor, 2, &new, now).err(), Some(Refusal::LocalFilingClosed));
    new.source = Source::NationalPortal;
    let system = Actor::system("national_portal");
    assert!(Play::by(&system, 2, &new, now).is_ok());
    let successor = world::officer(&PROVINCE, "ag.rg.desk", Role::DeskOfficer, now);
    let old = submission(Source::Counter);
    assert!(matches!(Play::by(&successor, 2, &old, now), Err(Refusal::NotHere(_))));
}

#[test]
fn t2_accept_gives_code_clock_and_appointment_together_art_17() {
    let mut play = Play::new(2);
    assert!(play.case.code.is_none() && play.case.due_at.is_none());
    assert!(denied(&play.no(Role::CaseOfficer, &accept())));
    play.accept();
    let case = &play.case;
    assert_eq!(case.code.as_deref(), Some("000.05.12.H33-190425-0001"));
    assert_eq!(case.due_at, Some(Instant::at(day(2019, 5, 9), 17, 0)));
    assert_eq!(case.original_due_at, case.due_at);
    assert!(state(&play.no(Role::DeskOfficer, &accept())));
}

#[test]
fn t2_counting_keeps_files_and_required_papers_must_be_there() {
    let mut online = submission(Source::Portal);
    online.papers[0].files = vec![("blob".into(), sealed())];
    let mut play = Play::with(2, &online).unwrap();
    let counted = |no, count| PaperGiven { no, count, files: Vec::new() };
    let papers = Some(vec![counted(1, 2), counted(2, 1)]);
    play.ok(Role::DeskOfficer, &Command::Accept { number: 3, papers, late: None });
    assert_eq!(play.case.papers[0].files.len(), 1, "{:?}", play.case.papers);
    assert_eq!((play.case.papers[0].count, play.case.papers.len()), (2, 2));
    let papers = Some(vec![counted(2, 1)]);
    let refused =
        Play::new(2).no(Role::DeskOfficer, &Command::Accept { number: 1, papers, late: None });
    assert_eq!(refused, Refusal::PaperMissing(1));
}

#[test]
fn t2_a_late_entry_takes_the_law_of_its_time_of_receipt() {
    let typed = Instant::at(day(2025, 7, 2), 9, 0);
    let desk = world::officer(&PROVINCE, "ag.rg.desk", Role::DeskOfficer, typed);
    let mut handed_in = submission(Source::Counter);
    handed_in.desk = "ag.rg.desk".into();
    let accepted = |received_at: Option<Instant>, typed: Instant| {
        let mut play = Play::by(&desk, 2, &handed_in, typed).unwrap();
        assert_eq!(play.case.profile, "nd118_2025", "the expected date is of the day it is typed");
        let second = world::account("ag.rg.desk", Role::DeskHead).as_str().into();
        let late =
            received_at.map(|received_at| LateEntry { received_at, reason: sealed(), second });
        play.act(&desk, &Command::Accept { number: 1, papers: None, late }).unwrap();
        (play.case.profile.clone(), play.case.code.clone().unwrap())
    };
    let of = |profile: &str, code: &str| (profile.to_owned(), code.to_owned());
    let last = Instant::at(day(2025, 6, 30), 23, 59);
    let first = Instant::at(day(2025, 7, 1), 0, 0);
    let old = accepted(Some(last), typed);
    assert_eq!(old, of("nd61_2018", "000.00.50.H01-250630-0001"));
    assert_eq!(accepted(Some(first), typed), of("nd118_2025", "H01.50-250701-0001"));
    assert_eq!(accepted(None, typed), of("nd118_2025", "H01.50-250702-0001"));

    // Typed in before the change, it knows the old law only; and what is pinned stays.
    let before = Instant::at(day(2025, 6, 30), 16, 0);
    let desk = world::officer(&PROVINCE, DESK, Role::DeskOfficer, before);
    let mut play = Play::by(&desk, 2, &submission(Source::Counter), before).unwrap();
    let late = LateEntry {
        received_at: Instant::at(day(2025, 6, 27), 9, 0),
        reason: sealed(),
        second: world::account(DESK, Role::DeskHead).as_str().into(),
    };
    play.act(&desk, &Command::Accept { number: 1, papers: None, late: Some(late) }).unwrap();
    play.later(day(2025, 7, 2), 9);
    let ctx = PROVINCE.ctx(&play.case, &desk, play.now).unwrap();
    assert_eq!((play.case.profile.as_str(), ctx.profile.key.as_str()), ("nd61_2018", "nd61_2018"));
}

#[test]
fn t2_late_entry_has_its_true_time_a_reason_and_a_second_person() {
    let late = |days: i64, second: &str| {
        let received_at = world::morning().plus_days(-days);
        let late = LateEntry { received_at, reason: sealed(), second: second.into() };
        Command::Accept { number: 1, papers: None, late: Some(late) }
    };
    let head = world::account(DESK, Role::DeskHead);
    let me = world::account(DESK, Role::DeskOfficer);
    let mut play = Play::new(2);
    assert_eq!(play.no(Role::DeskOfficer, &late(1, &me)), Refusal::SecondPerson);
    assert_eq!(play.no(Role::DeskOfficer, &late(1, "nobody")), Refusal::SecondPerson);
    assert!(matches!(play.no(Role::DeskOfficer, &late(-1, &head)), Refusal::LateEntryTime(_)));
    assert!(matches!(play.no(Role::DeskOfficer, &late(31, &head)), Refusal::LateEntryTime(_)));
    play.ok(Role::DeskOfficer, &late(1, &head));
    assert!(play.case.late_entry);
    assert_eq!(play.case.accepted_at, Some(world::morning().plus_days(-1)));
    assert_eq!(play.case.code.as_deref(), Some("000.05.12.H33-190424-0001"));
    let online = Play::with(2, &submission(Source::Portal)).unwrap();
    assert_eq!(online.no(Role::DeskOfficer, &late(1, &head)), Refusal::Channel);
}

#[test]
fn t2_after_the_last_number_of_a_day_nothing_is_accepted() {
    let command = Command::Accept { number: 10_000, papers: None, late: None };
    assert_eq!(Play::new(2).no(Role::DeskOfficer, &command), Refusal::CodesUsedUp);
}

#[test]
fn t3_t5_one_full_request_before_acceptance_art_17_2_a() {
    let ask = |papers: &[u16]| Command::AskPreSupplement { papers: papers.to_vec(), reason: why() };
    let give = Command::GivePreSupplement { papers: papers() };
    let mut play = Play::new(2);
    assert_eq!(play.no(Role::DeskOfficer, &ask(&[9])), Refusal::PaperNotAsked(9));
    assert!(field(&play.no(Role::DeskOfficer, &ask(&[])), "papers"));
    let silent = Command::AskPreSupplement { papers: vec![1], reason: None };
    assert!(field(&play.no(Role::DeskOfficer, &silent), "reason"));
    play.ok(Role::DeskOfficer, &ask(&[1]));
    assert!(state(&play.no(Role::DeskOfficer, &accept())));
    let stranger = Actor::filer(CaseId(Uuid::from_u128(2)));
    assert_eq!(play.decide(&stranger, &give), Err(Refusal::Denied(Denied::NotFiler)));
    let filer = play.filer();
    play.act(&filer, &give).unwrap();
    assert_eq!(play.case.business, Business::Submitted);
    assert_eq!(play.no(Role::DeskOfficer, &ask(&[2])), Refusal::SecondRequest);
    play.ok(Role::Leader, &ask(&[2]));
    assert_eq!(play.case.pre_supplements, 2);
}

#[test]
fn t4_t6_refusal_needs_a_reason_and_the_wait_ends_by_itself() {
    let mut play = Play::new(2);
    assert!(field(&play.no(Role::DeskOfficer, &Command::Reject { reason: None }), "reason"));
    play.ok(Role::DeskOfficer, &Command::Reject { reason: why() });
    assert_eq!(play.case.business, Business::Rejected);
    let mut play = Play::new(2);
    let ask = Command::AskPreSupplement { papers: vec![1], reason: why() };
    play.ok(Role::DeskOfficer, &ask);
    assert!(denied(&play.no(Role::DeskHead, &Command::ExpirePreSupplement)));
    let events = play.act(&Actor::system("timer"), &Command::ExpirePreSupplement).unwrap();
    assert!(matches!(events[0], Event::Rejected { expired: true, .. }));
}

#[test]
fn void_before_forwarding_only_and_money_goes_back() {
    let mut play = Play::new(2);
    play.accept();
    play.ok(Role::Cashier, &pay(20_000));
    let void = Command::VoidAcceptance { reason: why() };
    let mut late = play.clone();
    play.ok(Role::DeskOfficer, &void);
    assert_eq!((play.case.business, play.case.paid_vnd), (Business::Voided, 0));
    assert_eq!(play.case.finance, Finance::Refunded);
    late.ok(Role::DeskOfficer, &Command::Forward);
    assert_eq!(late.no(Role::DeskOfficer, &void), Refusal::Forwarded);
    late.ok(Role::UnitLeader, &late.done("done"));
    let ask = Command::AskSupplement { papers: vec![1], reason: why(), answer_days: 5 };
    late.ok(Role::CaseOfficer, &ask);
    assert_eq!(late.no(Role::DeskOfficer, &void), Refusal::Forwarded, "also while it waits");
}

#[test]
fn t7_forward_the_same_day_or_the_next_morning_after_15_00_art_18() {
    let mut play = Play::new(2);
    play.now = Instant::at(day(2019, 4, 25), 15, 30);
    play.accept();
    play.later(day(2019, 4, 26), 7);
    let events = play.ok(Role::DeskOfficer, &Command::Forward);
    assert!(matches!(events[0], Event::Forwarded { late: false, .. }));
    let mut slow = Play::new(2);
    slow.accept();
    slow.later(day(2019, 4, 26), 7);
    let events = slow.ok(Role::DeskOfficer, &Command::Forward);
    assert!(matches!(events[0], Event::Forwarded { late: true, .. }), "accepted in the morning");
}

#[test]
fn t8_settled_at_the_counter_in_one_act_art_17_5() {
    let mut play = Play::new(1);
    play.accept();
    assert!(state(&play.no(Role::DeskOfficer, &Command::Forward)), "nobody to forward to");
    assert!(denied(&play.no(Role::Leader, &complete(0, "approve"))));
    let events = play.ok(Role::DeskOfficer, &complete(0, "approve"));
    let kinds: Vec<&str> = events.iter().map(Event::kind).collect();
    assert_eq!(kinds, ["forwarded", "task_done", "result_ready"]);
}

#[test]
fn t9_assignment_names_an_officer_who_holds_the_post() {
    let mut play = Play::new(2);
    play.forward();
    let assign = |officer: Option<&str>| match play.done("done") {
        Command::Complete { token, outcome, .. } => Command::Complete {
            token,
            outcome,
            officer: officer.map(Into::into),
            consulted: Vec::new(),
            note: None,
            number: None,
            amount_vnd: None,
        },
        other => other,
    };
    assert!(field(&play.no(Role::UnitLeader, &assign(None)), "officer"));
    let elsewhere = world::account("kg.rg", Role::CaseOfficer);
    assert_eq!(play.no(Role::UnitLeader, &assign(Some(&elsewhere))), Refusal::OfficerElsewhere);
    assert!(denied(&play.no(Role::CaseOfficer, &assign(Some(&elsewhere)))));
    let right = assign(Some(&world::account(HOME, Role::CaseOfficer)));
    play.ok(Role::UnitLeader, &right);
    let colleague = world::named(&PROVINCE, "kg.rg.vtv/colleague", play.now);
    let refused = play.decide(&colleague, &play.done("done"));
    assert_eq!(refused, Err(Refusal::Denied(Denied::OtherOfficer)));
}

#[test]
fn t9_a_colleague_with_a_seat_of_their_own_acts_in_the_officers_stead() {
    let mut play = Play::new(2);
    play.assigned();
    let mut colleague = world::named(&PROVINCE, "kg.rg.vtv/colleague", play.now);
    let mut lent = colleague.seats[0].clone();
    lent.on_behalf_of = Some(world::account(HOME, Role::CaseOfficer).as_str().into());
    colleague.seats.push(lent);
    play.act(&colleague, &play.done("done")).unwrap();
}

#[test]
fn t11_t12_supplement_after_acceptance_cites_papers_and_is_marked_late_art_19_4() {
    let ask = |papers: &[u16], days| Command::AskSupplement {
        papers: papers.to_vec(),
        reason: why(),
        answer_days: days,
    };
    let mut play = Play::new(2);
    play.assigned();
    assert!(denied(&play.no(Role::DeskOfficer, &ask(&[1], 10))));
    assert_eq!(play.no(Role::CaseOfficer, &ask(&[8], 10)), Refusal::PaperNotAsked(8));
    assert!(field(&play.no(Role::CaseOfficer, &ask(&[1], 0)), "answer_days"));
    let mut late = play.clone();
    late.later(day(2019, 5, 3), 9);
    let events = late.ok(Role::CaseOfficer, &ask(&[1], 10));
    assert!(matches!(events[0], Event::SupplementAsked { late: true, .. }));
    let events = play.ok(Role::CaseOfficer, &ask(&[1], 10));
    assert!(matches!(events[0], Event::SupplementAsked { late: false, .. }));
    assert_eq!(play.case.due_at, None, "the clock stands");
    play.later(day(2019, 4, 29), 9);
    let filer = play.filer();
    play.act(&filer, &Command::GiveSupplement { papers: papers() }).unwrap();
    assert_eq!(play.case.due_at, None, "only the desk starts the clock");
    play.ok(Role::DeskOfficer, &Command::AcceptSupplement);
    assert_eq!(play.case.due_at, Some(Instant::at(day(2019, 5, 13), 17, 0)), "from the beginning");
    assert_eq!(play.case.business, Business::Processing);
}

#[test]
fn t11_a_stop_after_the_date_stops_nothing_rule_n10() {
    let mut play = Play::new(5);
    play.assigned();
    let due = play.case.due_at;
    play.later(day(2019, 6, 3), 9);
    let mut other = play.clone();
    let ask = Command::AskSupplement { papers: vec![1], reason: why(), answer_days: 5 };
    play.ok(Role::CaseOfficer, &ask);
    assert_eq!(play.case.due_at, due);
    other.ok(Role::CaseOfficer, &Command::OpenFinance { amount_vnd: 1 });
    assert_eq!(other.case.due_at, due);
}

#[test]
fn t13_stop_when_nothing_came_in() {
    let mut play = Play::new(2);
    play.assigned();
    let ask = Command::AskSupplement { papers: vec![1], reason: why(), answer_days: 5 };
    play.ok(Role::CaseOfficer, &ask);
    let stop = Command::StopUnanswered { reason: why() };
    assert!(state(&play.no(Role::CaseOfficer, &stop)), "the citizen still has time");
    play.later(day(2019, 5, 2), 9);
    assert!(field(
        &play.no(Role::CaseOfficer, &Command::StopUnanswered { reason: None }),
        "reason"
    ));
    play.ok(Role::CaseOfficer, &stop);
    assert_eq!(play.case.business, Business::Stopped);
}

#[test]
fn t14_a_financial_duty_stops_the_clock_and_the_process_waits() {
    let mut play = Play::new(5);
    play.assigned();
    play.ok(Role::CaseOfficer, &play.done("duty"));
    let mut nothing = play.done("done");
    if let Command::Complete { amount_vnd, .. } = &mut nothing {
        *amount_vnd = Some(0);
    }
    assert!(field(&play.no(Role::CaseOfficer, &nothing), "amount_vnd"));
    play.ok(Role::CaseOfficer, &play.done("done"));
    assert_eq!((play.case.business, play.case.due_at), (Business::FinDuty, None));
    play.later(day(2019, 4, 26), 9);
    assert!(denied(&play.no(Role::DeskOfficer, &Command::CloseFinance)));
    play.ok(Role::CaseOfficer, &Command::CloseFinance);
    assert_eq!(play.case.due_at, Some(Instant::at(day(2019, 5, 10), 17, 0)));
    play.ok(Role::Leader, &play.done("approve"));
    play.ok(Role::Clerk, &play.done("done"));
    assert_eq!(play.case.business, Business::ResultReady);
}

#[test]
fn t15_t16_review_sign_stamp_and_back_to_the_step_before() {
    let mut play = Play::new(2);
    play.assigned();
    play.ok(Role::CaseOfficer, &play.done("done"));
    let back = |play: &Play, reason| Command::SendBack { token: play.token(), reason };
    assert!(field(&play.no(Role::UnitLeader, &back(&play, None)), "reason"));
    assert!(denied(&play.no(Role::Leader, &back(&play, why()))));
    play.ok(Role::UnitLeader, &back(&play, why()));
    play.ok(Role::CaseOfficer, &play.done("done"));
    let refused = play.no(Role::UnitLeader, &play.done("send_back"));
    assert!(matches!(refused, Refusal::Process(_)), "sending back needs its own act: {refused}");
    play.ok(Role::UnitLeader, &play.done("approve"));
    assert!(denied(&play.no(Role::UnitLeader, &play.done("approve"))), "separation of steps");
    play.ok(Role::Leader, &play.done("approve"));
    let mut blank = play.done("done");
    if let Command::Complete { number, .. } = &mut blank {
        *number = Some("  ".into());
    }
    assert!(field(&play.no(Role::Clerk, &blank), "number"));
    let events = play.ok(Role::Clerk, &play.done("done"));
    assert!(matches!(events[1], Event::ResultReady { .. }));
    assert_eq!(play.case.result_number.as_deref(), Some("12/GP"));
}

#[test]
fn t17_withdrawal_is_asked_by_the_filer_and_goes_back_where_it_was() {
    let ask = Command::AskWithdrawal { reason: None };
    let decide = |granted, reason| Command::DecideWithdrawal { granted, reason };
    let mut play = Play::new(2);
    play.assigned();
    let ask_more = Command::AskSupplement { papers: vec![1], reason: why(), answer_days: 5 };
    play.ok(Role::CaseOfficer, &ask_more);
    let filer = play.filer();
    play.act(&filer, &ask).unwrap();
    assert!(denied(&play.no(Role::DeskOfficer, &decide(true, None))));
    assert!(field(&play.no(Role::CaseOfficer, &decide(false, None)), "reason"));
    let mut granted = play.clone();
    play.ok(Role::CaseOfficer, &decide(false, why()));
    assert_eq!((play.case.business, play.case.due_at), (Business::Supplement, None));
    granted.ok(Role::CaseOfficer, &decide(true, None));
    assert_eq!(granted.case.business, Business::Withdrawn);
    assert!(state(&granted.decide(&filer, &ask).unwrap_err()));
}

#[test]
fn t18_only_the_leader_stops_a_case_and_gives_a_reason_art_19_8() {
    let mut play = Play::new(2);
    play.assigned();
    let stop = Command::Stop { reason: why() };
    assert!(denied(&play.no(Role::UnitLeader, &stop)));
    assert!(field(&play.no(Role::Leader, &Command::Stop { reason: None }), "reason"));
    play.ok(Role::Leader, &stop);
    assert_eq!(play.case.business, Business::Stopped);
    assert!(play.case.process.tokens.is_empty());
}

#[test]
fn t19_one_extension_at_least_a_day_before_the_date_art_19_9() {
    let draft = |d| Command::DraftExtension { new_due_on: day(2019, 5, d), reason: why() };
    let mut play = Play::new(2);
    play.assigned();
    assert!(state(&play.no(Role::Leader, &Command::GrantExtension)));
    assert_eq!(play.no(Role::UnitLeader, &draft(9)), Refusal::ExtensionNotLater);
    assert!(denied(&play.no(Role::Leader, &draft(16))));
    let mut late = play.clone();
    late.later(day(2019, 5, 9), 9);
    assert!(matches!(late.no(Role::UnitLeader, &draft(16)), Refusal::ExtensionTooLate(_)));
    play.ok(Role::UnitLeader, &draft(16));
    let mut slow = play.clone();
    slow.later(day(2019, 5, 9), 9);
    assert!(matches!(
        slow.no(Role::Leader, &Command::GrantExtension),
        Refusal::ExtensionTooLate(_)
    ));
    play.ok(Role::Leader, &Command::GrantExtension);
    assert_eq!(play.case.due_at, Some(Instant::at(day(2019, 5, 16), 17, 0)));
    assert_eq!(play.case.original_due_at, Some(Instant::at(day(2019, 5, 9), 17, 0)));
    assert_eq!(play.no(Role::UnitLeader, &draft(20)), Refusal::ExtensionRepeated);
}

#[test]
fn suspension_has_a_ground_and_an_end() {
    let suspend =
        |ground: &str, until| Command::Suspend { ground: ground.into(), reason: why(), until };
    let mut play = Play::new(2);
    play.assigned();
    assert!(field(&play.no(Role::Leader, &suspend(" ", day(2019, 5, 30))), "ground"));
    for until in [day(2019, 4, 25), day(2020, 4, 25)] {
        let refused = play.no(Role::Leader, &suspend("niêm yết", until));
        assert!(matches!(refused, Refusal::SuspensionLength(_)), "{refused}");
    }
    assert!(denied(&play.no(Role::CaseOfficer, &suspend("niêm yết", day(2019, 5, 30)))));
    play.ok(Role::Leader, &suspend("niêm yết", day(2019, 5, 30)));
    assert_eq!(play.case.business, Business::Suspended);
    play.later(day(2019, 4, 29), 9);
    play.ok(Role::Leader, &Command::Resume);
    assert_eq!(play.case.due_at, Some(Instant::at(day(2019, 5, 13), 17, 0)));
}

#[test]
fn t20_hand_over_needs_the_fee_and_a_signature() {
    let mut play = Play::new(2);
    play.ready();
    assert_eq!(play.no(Role::DeskOfficer, &deliver()), Refusal::FeeOpen(20_000));
    assert_eq!(play.no(Role::Cashier, &pay(20_001)), Refusal::TooMuch(20_000));
    assert!(field(&play.no(Role::Cashier, &pay(0)), "amount_vnd"));
    let refund = Command::Refund { amount_vnd: 5_000, reason: why() };
    play.ok(Role::Cashier, &pay(5_000));
    assert!(state(&play.no(Role::Cashier, &refund)), "the case still runs");
    play.ok(Role::Cashier, &pay(15_000));
    let unsigned = Command::Deliver { how: Delivery::Counter, taken_by: None, authorised: false };
    assert!(field(&play.no(Role::DeskOfficer, &unsigned), "taken_by"));
    let by_post = Command::Deliver { how: Delivery::Post, taken_by: why(), authorised: false };
    assert!(field(&play.no(Role::DeskOfficer, &by_post), "how"));
    assert!(state(&play.no(Role::PostOfficer, &Command::PostCollect)), "not ordered by post");
    play.ok(Role::DeskOfficer, &deliver());
    assert_eq!(play.case.business, Business::Returned);
    assert!(state(&play.no(Role::DeskOfficer, &deliver())), "once");
}

#[test]
fn t20_t21_post_delivers_or_brings_back_after_two_attempts() {
    let mut by_post = submission(Source::Counter);
    by_post.delivery = Delivery::Post;
    let mut play = Play::with(2, &by_post).unwrap();
    play.ready();
    let fail = Command::PostFail { reason: why() };
    assert!(state(&play.no(Role::PostOfficer, &fail)), "not collected");
    play.ok(Role::PostOfficer, &Command::PostCollect);
    assert!(state(&play.no(Role::DeskOfficer, &deliver())), "on its way");
    play.ok(Role::PostOfficer, &fail);
    let refused = play.no(Role::PostOfficer, &Command::PostReturn);
    assert_eq!(refused, Refusal::TooFewAttempts { expected: 2, found: 1 });
    play.ok(Role::PostOfficer, &fail);
    let mut back = play.clone();
    play.ok(Role::PostOfficer, &Command::PostDeliver { taken_by: why() });
    assert_eq!(play.case.business, Business::Returned);
    play.ok(Role::Cashier, &pay(20_000));
    back.ok(Role::PostOfficer, &Command::PostReturn);
    assert_eq!(back.case.business, Business::ResultReady);
    assert_eq!(back.case.delivery_state, DeliveryState::Returned);
    back.ok(Role::Cashier, &pay(20_000));
    back.ok(Role::DeskOfficer, &deliver());
}

#[test]
fn t22_reassigning_is_the_unit_leaders_and_needs_a_post_there() {
    let to = |officer: &str| Command::Reassign { officer: officer.into(), reason: None };
    let mut play = Play::new(2);
    play.forward();
    assert!(state(&play.no(Role::UnitLeader, &to("kg.rg.vtv/colleague"))), "nobody was named yet");
    play.ok(Role::UnitLeader, &play.done("done"));
    assert!(denied(&play.no(Role::CaseOfficer, &to("kg.rg.vtv/colleague"))));
    assert_eq!(play.no(Role::UnitLeader, &to("kg.rg/colleague")), Refusal::OfficerElsewhere);
    play.ok(Role::UnitLeader, &to("kg.rg.vtv/colleague"));
    assert!(denied(&play.no(Role::CaseOfficer, &play.done("done"))));
}

#[test]
fn t22_after_the_reorganisation_the_successor_goes_on_without_a_new_clock() {
    let start = Instant::at(day(2025, 6, 27), 9, 0);
    let desk = world::officer(&PROVINCE, DESK, Role::DeskOfficer, start);
    let mut play = Play::by(&desk, 2, &submission(Source::Counter), start).unwrap();
    play.assigned();
    let due = play.case.due_at;
    play.later(day(2025, 7, 2), 9);
    let old = Actor::officer(
        world::account(HOME, Role::UnitLeader).as_str().into(),
        vec![world::officer(&PROVINCE, HOME, Role::UnitLeader, world::morning()).seats[0].clone()],
    );
    let next = "ag.rg/case_officer";
    let reassign = Command::Reassign { officer: next.into(), reason: None };
    assert!(denied(&play.decide(&old, &reassign).unwrap_err()), "old rights are gone");
    let at = |role| world::officer(&PROVINCE, "ag.rg", role, play.now);
    let (leader, clerk) = (at(Role::Leader), at(Role::Clerk));
    let (head, officer) = (at(Role::UnitLeader), at(Role::CaseOfficer));
    play.act(&head, &reassign).unwrap();
    assert_eq!(play.case.due_at, due);
    let plain = |play: &Play, outcome: &str| match play.done(outcome) {
        Command::Complete { token, outcome, number, .. } => Command::Complete {
            token,
            outcome,
            officer: None,
            consulted: Vec::new(),
            note: None,
            number,
            amount_vnd: None,
        },
        other => other,
    };
    play.act(&officer, &plain(&play, "done")).unwrap();
    play.act(&head, &plain(&play, "approve")).unwrap();
    play.act(&leader, &plain(&play, "approve")).unwrap();
    play.act(&clerk, &plain(&play, "done")).unwrap();
    assert_eq!(play.case.desk.as_str(), DESK, "who received it stays");
    assert!(play.case.code.as_deref().unwrap().starts_with("000.05.12.H33-250627"));
    let desk = world::officer(&PROVINCE, "ag.rg.desk", Role::DeskOfficer, play.now);
    let rows = work_items(&play.case, &PROVINCE.process("appraisal", 1).unwrap().definition);
    assert!(desk.seats[0].carries_on.contains(&rows[0].unit));
}

/// The time of a case is all told, each stretch once, with whom it stood.
#[test]
fn time_used_adds_up_to_the_time_that_passed() {
    let mut play = Play::new(2);
    let calendar = PROVINCE.calendar_of(&play.case.desk);
    let edition = PROVINCE.edition(&play.case.procedure, 1).unwrap();
    let start = play.case.submitted_at;
    play.later(day(2019, 4, 25), 10);
    play.accept();
    play.later(day(2019, 4, 25), 14);
    play.ok(Role::DeskOfficer, &Command::Forward);
    play.later(day(2019, 4, 26), 9);
    play.ok(Role::UnitLeader, &play.done("done"));
    let ask = Command::AskSupplement { papers: vec![1], reason: why(), answer_days: 5 };
    play.ok(Role::CaseOfficer, &ask);
    play.later(day(2019, 5, 3), 9);
    play.ok(Role::DeskOfficer, &Command::GiveSupplement { papers: papers() });
    let now = kernel::calendar::Instant::at(day(2019, 5, 3), 11, 0);
    let definitions = PROVINCE.definitions(edition);
    let used = case::time_used(play.case.id, &play.events, definitions, calendar, now);
    let of = |holder: Holder| -> i64 {
        used.iter().filter(|one| one.holder == holder).map(|one| one.seconds).sum()
    };
    let all: i64 = used.iter().map(|one| one.seconds).sum();
    assert_eq!(all, calendar.working_seconds_between(start, now));
    let hours = |from: (u32, u32), to: (u32, u32)| {
        let at =
            |(d, h): (u32, u32), month| kernel::calendar::Instant::at(day(2019, month, d), h, 0);
        let month = |d: u32| if d > 20 { 4 } else { 5 };
        calendar.working_seconds_between(at(from, month(from.0)), at(to, month(to.0)))
    };
    assert_eq!(of(Holder::Citizen), hours((26, 9), (3, 9)));
    assert_eq!(of(Holder::Unit), hours((25, 14), (26, 9)));
    assert_eq!(of(Holder::Agencies), 0);
    assert_eq!(of(Holder::Desk), all - of(Holder::Citizen) - of(Holder::Unit));
    assert!(
        case::time_used(play.case.id, &play.events[1..], definitions, calendar, now).is_empty()
    );
}
