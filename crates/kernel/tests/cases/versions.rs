//! Versions of a process: a case runs to its end on the one that its acceptance pinned, replay
//! follows the pin at each event, and what may not be published is refused with every finding.

use crate::play::{self, accept, complete, why};
use crate::world::{self, DESK, HOME, day};
use kernel::access::Actor;
use kernel::calendar::{Date, Instant};
use kernel::case::{self, Business, Case, Command, Event, LateEntry, Source, work_items};
use kernel::catalogue::{Catalogue, Misfit};
use kernel::ids::CaseId;
use kernel::org::Role;
use kernel::procedure::{Definitions, ProcessEdition, Standing, check_process};
use proptest::prelude::*;
use std::sync::LazyLock;
use uuid::Uuid;

/// First day of the second version: a Monday.
fn change() -> Date {
    day(2019, 5, 6)
}

static CHANGED: LazyLock<Catalogue> = LazyLock::new(|| {
    let text = world::next_appraisal();
    let second = ProcessEdition::compile("appraisal", 2, change(), &text).unwrap();
    play::PROVINCE.with_process(second).unwrap()
});

fn morning(date: Date) -> Instant {
    Instant::at(date, 9, 0)
}

fn who(unit: &str, role: Role, at: Instant) -> Actor {
    world::officer(&CHANGED, unit, role, at)
}

/// A case of the appraisal with its history.
#[derive(Clone)]
struct Run {
    case: Case,
    events: Vec<Event>,
}

impl Run {
    fn submitted(at: Instant) -> Self {
        let edition = CHANGED.edition(&"1.000002".into(), 1).unwrap();
        let actor = who(DESK, Role::DeskOfficer, at);
        let ctx = CHANGED.ctx_new(edition, &DESK.into(), &actor, at).unwrap();
        let command = Command::Submit(Box::new(play::submission(Source::Counter)));
        let (_, events) = case::decide(None, &command, &ctx).unwrap();
        let case = case::born(CaseId(Uuid::from_u128(3)), &events[0]).unwrap();
        Self { case, events }
    }

    fn act(&mut self, actor: &Actor, at: Instant, command: &Command) {
        let ctx = CHANGED.ctx(&self.case, actor, at).unwrap();
        let (_, events) = case::decide(Some(&self.case), command, &ctx).unwrap();
        for event in events {
            case::apply(&mut self.case, &event, ctx.definitions);
            self.events.push(event);
        }
    }

    /// Submitted and accepted at an instant.
    fn accepted(at: Instant) -> Self {
        let mut run = Self::submitted(at);
        run.act(&who(DESK, Role::DeskOfficer, at), at, &accept());
        run
    }

    /// Ids of the open tasks, by the version that the case is pinned to.
    fn open(&self, at: Instant) -> Vec<String> {
        let definition = CHANGED.definition_of(&self.case, at.date()).unwrap();
        work_items(&self.case, definition).into_iter().map(|row| row.task).collect()
    }

    /// Forwards the case and does its tasks one by one; gives their ids.
    fn through(&mut self, at: Instant, most: usize) -> Vec<String> {
        self.act(&who(DESK, Role::DeskOfficer, at), at, &Command::Forward);
        let mut done = Vec::new();
        while self.case.business == Business::Processing && done.len() < most {
            let definition = CHANGED.definition_of(&self.case, at.date()).unwrap();
            let row = work_items(&self.case, definition).remove(0);
            let node = definition.node(definition.node_by_id(&row.task).unwrap());
            let outcome = node.outcomes.first().unwrap().clone();
            self.act(&who(HOME, row.role, at), at, &complete(row.slot, &outcome));
            done.push(row.task);
        }
        done
    }

    /// Replay gives the state, on all versions together and through JSON.
    fn replays(&self) {
        let edition = CHANGED.edition(&self.case.procedure, 1).unwrap();
        let all = CHANGED.definitions(edition);
        assert_eq!(case::replay(self.case.id, &self.events, all).unwrap(), self.case);
        let json = serde_json::to_string(&self.events).unwrap();
        let again: Vec<Event> = serde_json::from_str(&json).unwrap();
        assert_eq!(case::replay(self.case.id, &again, all).unwrap(), self.case);
        let state = serde_json::to_string(&self.case).unwrap();
        assert_eq!(serde_json::from_str::<Case>(&state).unwrap(), self.case);
    }
}

const OLD: [&str; 5] = ["assign", "appraise", "review", "sign", "stamp"];
const NEW: [&str; 3] = ["assign", "prepare", "sign"];

#[test]
fn a_case_ends_under_the_version_that_it_was_accepted_under() {
    let after = morning(change());
    let mut old = Run::accepted(morning(day(2019, 5, 3)));
    let mut new = Run::accepted(after);
    assert_eq!((old.case.process_version, new.case.process_version), (1, 2));
    // Both are worked on after the change.
    assert_eq!(old.through(after, 9), OLD);
    assert_eq!(new.through(after, 9), NEW);
    for run in [&old, &new] {
        assert_eq!(run.case.business, Business::ResultReady);
        run.replays();
    }
}

#[test]
fn the_version_of_the_day_of_acceptance_counts_not_that_of_submission_or_typing() {
    let before = morning(day(2019, 5, 3));
    let after = morning(change());
    let mut handed_in_before = Run::submitted(before);
    let clerk = who(DESK, Role::DeskOfficer, after);
    let edition =
        |run: &Run, at: Instant| CHANGED.process_edition_of(&run.case, at.date()).unwrap().version;
    assert_eq!(edition(&handed_in_before, before), 1);
    assert_eq!(edition(&handed_in_before, after), 2, "not accepted: the day counts");
    handed_in_before.act(&clerk, after, &accept());
    assert_eq!(handed_in_before.case.process_version, 2);
    assert_eq!(edition(&handed_in_before, before), 2, "accepted: the pin counts");
    // From the paper book: received before the change, typed in after it.
    let mut late = Run::submitted(after);
    let second = world::account(DESK, Role::DeskHead).as_str().into();
    let entry = LateEntry { received_at: before, second, reason: why().unwrap() };
    let command = Command::Accept { number: 1, papers: None, late: Some(entry) };
    late.act(&clerk, after, &command);
    assert_eq!(late.case.process_version, 1);
    assert_eq!(late.through(after, 1), ["assign"]);
    assert_eq!(late.open(after), ["appraise"]);
    late.replays();
}

#[test]
fn a_journal_from_before_versions_were_recorded_means_the_first() {
    let run = Run::accepted(morning(day(2019, 5, 3)));
    let accepted = run.events.last().unwrap();
    let text = serde_json::to_string(accepted).unwrap();
    assert!(!text.contains("process_version"), "{text}");
    assert_eq!(serde_json::from_str::<Event>(&text).unwrap().pins(), Some(1));
    let state = serde_json::to_string(&run.case).unwrap();
    assert!(!state.contains("process_version"), "{state}");
    let new = Run::accepted(morning(change()));
    let text = serde_json::to_string(new.events.last().unwrap()).unwrap();
    assert!(text.contains("\"process_version\":2"), "{text}");
}

#[test]
fn replay_on_data_that_lack_the_pinned_version_says_so() {
    let mut run = Run::accepted(morning(change()));
    run.through(morning(change()), 1);
    let edition = play::PROVINCE.edition(&run.case.procedure, 1).unwrap();
    let first_only = play::PROVINCE.definitions(edition);
    assert_eq!(case::replay(run.case.id, &run.events, first_only), None);
    let actor = who(DESK, Role::DeskOfficer, morning(change()));
    assert!(play::PROVINCE.ctx(&run.case, &actor, morning(change())).is_none());
    // A trial of one file takes it for every version.
    let tried = &CHANGED.process("appraisal", 2).unwrap().definition;
    assert_eq!(case::replay(run.case.id, &run.events, tried).unwrap(), run.case);
    assert_eq!(Definitions::from(tried).version_on(change()), Some(1));
}

#[test]
fn versions_stand_in_the_order_of_their_days() {
    let on = |date| CHANGED.process_in_force("appraisal", date).map(|e| e.version);
    assert_eq!(on(day(2017, 12, 31)), None);
    assert_eq!((on(day(2019, 5, 5)), on(change())), (Some(1), Some(2)));
    let stands = |version, date| CHANGED.process_standing("appraisal", version, date);
    assert_eq!(stands(2, day(2019, 5, 5)), Some(Standing::Planned));
    assert_eq!(stands(1, day(2019, 5, 5)), Some(Standing::InForce));
    assert_eq!(stands(2, change()), Some(Standing::InForce));
    assert_eq!(stands(1, change()), Some(Standing::Superseded));
    assert_eq!(stands(3, change()), None);
    let first = &CHANGED.process_editions("appraisal")[0];
    assert_eq!(first.sha256, first.definition.sha256());
    assert!(first.xml.contains("Thẩm định thông thường"));

    let text = world::next_appraisal();
    let again = |version, from| {
        let edition = ProcessEdition::compile("appraisal", version, from, &text).unwrap();
        CHANGED.with_process(edition).map(|_| ())
    };
    let misfit = |a, b| Err(Misfit::Version { name: "appraisal".into(), a, b });
    assert_eq!(again(2, day(2020, 1, 1)), misfit(2, 2), "a number twice");
    assert_eq!(again(3, change()), misfit(2, 3), "a day twice");
    assert_eq!(again(3, day(2019, 5, 7)), Ok(()));
    let without = CHANGED.without_process("appraisal", 2);
    assert_eq!(without.process_in_force("appraisal", change()).unwrap().version, 1);
}

#[test]
fn what_may_not_be_published_is_refused_with_every_finding() {
    let text = world::next_appraisal();
    let codes = |name: &str, text: &str| -> Vec<(String, String)> {
        let problems = check_process(name, text, "x.bpmn").unwrap_err();
        assert!(problems.iter().all(|p| p.file == "x.bpmn" && !p.reason.is_empty()));
        problems.into_iter().map(|p| (p.code, p.element_id)).collect()
    };
    let is = |code: &str, id: &str| (code.to_owned(), id.to_owned());
    assert_eq!(codes("counter", &text), [is("process-id", "appraisal")]);
    let strange = text
        .replace("mc:role=\"case_officer\"", "mc:role=\"wizard\"")
        .replace("mc:role=\"leader\" mc:unit=\"deciding\"", "mc:role=\"leader\" mc:unit=\"moon\"");
    let expected = [is("lane-role", "prepare"), is("lane-unit", "sign")];
    assert_eq!(codes("appraisal", &strange), expected);
    let computed = "<bpmn:boundaryEvent id=\"odd\" attachedToRef=\"sign\">\
        <bpmn:timerEventDefinition><bpmn:timeDuration>= when</bpmn:timeDuration>\
        </bpmn:timerEventDefinition></bpmn:boundaryEvent>\
        <bpmn:sequenceFlow id=\"odd_f\" sourceRef=\"odd\" targetRef=\"done\"/>\
        <bpmn:userTask id=\"sign\"";
    let computed = text.replace("<bpmn:userTask id=\"sign\"", computed);
    assert_eq!(codes("appraisal", &computed), [is("not-carried-out", "odd")]);
    let looped =
        text.replace("</bpmn:userTask>", "<bpmn:standardLoopCharacteristics/></bpmn:userTask>");
    assert!(check_process("appraisal", &looped, "x.bpmn").is_ok());
    assert!(!codes("appraisal", "<bpmn").is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whenever a case is accepted and however far it is worked off: the pin is the version of the
    /// day of acceptance, its tasks are those of that version, and replay gives the state.
    #[test]
    fn the_pin_holds(accepted in 0_u64..20, worked in 0_u64..20, tasks in 0_usize..6) {
        let date = day(2019, 4, 25) + chrono::Days::new(accepted);
        let mut run = Run::accepted(morning(date));
        let expected = if date < change() { (1, &OLD[..]) } else { (2, &NEW[..]) };
        prop_assert_eq!(run.case.process_version, expected.0);
        let done = run.through(morning(date + chrono::Days::new(worked)), tasks);
        let some = done.len();
        prop_assert_eq!(&done[..], &expected.1[..some]);
        run.replays();
    }
}
