//! Replay of a case against drafts of its process: what would differ, and where it is first seen.

use crate::play::*;
use kernel::case;
use kernel::org::Role;
use kernel::whatif::replay::{Draft, Past, Reason, Summary, Verdict, replay, replay_all};
use process::Definition;

const APPRAISAL: &str = include_str!("../../../../procedures/processes/appraisal.bpmn");

fn drafted(changes: &[(&str, &str)]) -> Definition {
    let mut text = APPRAISAL.to_owned();
    for (old, new) in changes {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    let model = process::read(text.as_bytes(), "draft").unwrap();
    process::compile(&model).unwrap()
}

fn past(case: &case::Case) -> Option<Past<'static>> {
    let edition = PROVINCE.edition(&case.procedure, case.edition)?;
    let definitions = PROVINCE.definitions(edition);
    let calendar = PROVINCE.calendar_of(&case.desk);
    Some(Past { definitions, edition, calendar, cutoff_minutes: 900 })
}

fn tried(play: &Play, draft: &Definition) -> Verdict {
    let draft = Draft { definition: draft, edition: None };
    replay(play.case.id, &play.events, past(&play.case).unwrap(), draft).unwrap()
}

fn reasons(verdict: &Verdict) -> Vec<Reason> {
    verdict.departures.iter().map(|departure| departure.reason).collect()
}

/// A finished appraisal that was sent back once on the way.
fn finished() -> Play {
    let mut play = Play::new(2);
    play.assigned();
    play.ok(Role::CaseOfficer, &play.done("done"));
    let back = case::Command::SendBack { token: play.token(), reason: why() };
    play.ok(Role::UnitLeader, &back);
    play.ok(Role::CaseOfficer, &play.done("done"));
    play.ok(Role::UnitLeader, &play.done("approve"));
    play.ok(Role::Leader, &play.done("approve"));
    play.ok(Role::Clerk, &play.done("done"));
    play
}

#[test]
fn the_process_itself_changes_nothing() {
    let play = finished();
    assert_eq!(play.case.procedure.as_str(), "1.000002");
    let verdict = tried(&play, &drafted(&[]));
    assert_eq!(reasons(&verdict), [], "{verdict:#?}");
    assert!(verdict.followed());
    let mut running = Play::new(2);
    running.assigned();
    assert_eq!(reasons(&tried(&running, &drafted(&[]))), []);
}

/// A step between review and signature.
const ONE_MORE: [(&str, &str); 3] = [
    (
        "<bpmn:flowNodeRef>review</bpmn:flowNodeRef>",
        "<bpmn:flowNodeRef>review</bpmn:flowNodeRef><bpmn:flowNodeRef>legal</bpmn:flowNodeRef>",
    ),
    (
        "sourceRef=\"review\" targetRef=\"sign\" />",
        "sourceRef=\"review\" targetRef=\"legal\"/>\
         <bpmn:sequenceFlow id=\"legal_to_sign\" sourceRef=\"legal\" targetRef=\"sign\"/>",
    ),
    (
        "<bpmn:userTask id=\"sign\"",
        "<bpmn:userTask id=\"legal\" name=\"Thẩm tra\" mc:kind=\"review\" mc:outcomes=\"OUT\"/>\
         <bpmn:userTask id=\"sign\"",
    ),
];

fn one_more(outcomes: &str) -> Definition {
    let mut changes = ONE_MORE.to_vec();
    let task = changes[2].1.replace("OUT", outcomes);
    changes[2].1 = &task;
    drafted(&changes)
}

#[test]
fn a_step_more_is_seen_where_the_case_would_wait() {
    let play = finished();
    let verdict = tried(&play, &one_more("done"));
    assert_eq!(reasons(&verdict), [Reason::StepAdded], "{verdict:#?}");
    let seen = &verdict.departures[0];
    assert_eq!(
        (seen.step.as_str(), seen.was.as_str(), seen.would.as_str()),
        ("legal", "sign", "legal")
    );
    assert!(matches!(play.events[seen.seq as usize - 1], case::Event::TaskDone { .. }));
    assert!(verdict.followed(), "it can end in one way only and is passed");
    let verdict = tried(&play, &one_more("agreed,refused"));
    assert_eq!(reasons(&verdict), [Reason::StepAdded, Reason::NotFollowed], "{verdict:#?}");
    assert!(verdict.departures[1].would.contains("decision that nobody took"));
}

#[test]
fn another_time_and_an_outcome_that_the_draft_does_not_know() {
    let play = finished();
    let verdict = tried(&play, &drafted(&[("mc:limitShare=\"50\"", "mc:limit=\"P2WD\"")]));
    assert_eq!(reasons(&verdict), [Reason::StepTime], "{verdict:#?}");
    assert_eq!(verdict.departures[0].would, "P2WD");
    let strict =
        drafted(&[("mc:outcomes=\"approve,send_back\"", "mc:outcomes=\"agree,send_back\"")]);
    let verdict = tried(&play, &strict);
    assert_eq!(reasons(&verdict), [Reason::NotFollowed], "{verdict:#?}");
    assert_eq!(verdict.departures[0].step, "review");
}

#[test]
fn fee_and_due_date_follow_a_draft_of_the_edition() {
    let play = finished();
    let past_of = past(&play.case).unwrap();
    let mut edition = past_of.edition.clone();
    edition.fee_vnd = 50_000;
    edition.limit.quarters = 4;
    let definition = drafted(&[]);
    let draft = Draft { definition: &definition, edition: Some(&edition) };
    let cases = [(play.case.id, play.events.clone()), (play.case.id, Vec::new())];
    let all: Vec<Verdict> = replay_all(cases, past, draft).collect();
    assert_eq!(all.len(), 1, "a journal without a beginning is passed over");
    assert_eq!(reasons(&all[0]), [Reason::Fee, Reason::Due], "{all:#?}");
    assert_eq!(all[0].departures[0].would, "50000 VND");
    let mut summary = Summary::default();
    summary.add(&all[0]);
    summary.add(&tried(&play, &definition));
    assert_eq!((summary.cases, summary.same), (2, 1));
    assert_eq!(summary.reasons[&Reason::Due], 1);
}
