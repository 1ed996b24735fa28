//! The whole space of processes of the wider profile: from every state that work, events, choices,
//! times, payments and signals can reach, every act and every operation is tried by everybody. No
//! token stands out of sight, none is doubled, and from everywhere the result can be reached.

use crate::explore::{agree, by_itself};
use crate::play::*;
use kernel::access::Actor;
use kernel::case::{Business, Command, Op};
use kernel::ids::CaseId;
use std::collections::{HashMap, HashSet, VecDeque};
use uuid::Uuid;

/// What makes two states differ here: all that can move again. Tokens are told by their order,
/// since ids are never given again.
fn sight(play: &Play) -> String {
    let mut text = serde_json::to_string(&play.case.process).unwrap();
    let mut state: serde_json::Value = serde_json::from_str(&text).unwrap();
    let ids: Vec<u64> = play.case.process.tokens.iter().map(|t| u64::from(t.id)).collect();
    let place = |value: &mut serde_json::Value| {
        if let Some(at) = value.as_u64().and_then(|id| ids.iter().position(|known| *known == id)) {
            *value = serde_json::json!(format!("#{at}"));
        }
    };
    state["n"] = serde_json::json!(0);
    for (list, keys) in [("t", ["i", "s", "u"]), ("s", ["o", "o", "o"])] {
        for one in state.get_mut(list).and_then(|l| l.as_array_mut()).into_iter().flatten() {
            keys.iter().for_each(|key| {
                if let Some(value) = one.get_mut(*key) {
                    place(value);
                }
            });
        }
    }
    text.clear();
    let asked: Vec<_> = play
        .case
        .children
        .iter()
        .filter(|child| !child.answered)
        .filter_map(|child| ids.iter().position(|id| *id == u64::from(child.token)))
        .collect();
    let case = &play.case;
    format!("{:?} {} {} {asked:?} {state}", case.business, case.fee_vnd, case.paid_vnd)
}

/// Whether an act moves a case on its drawn way, or changes what its conditions read.
fn is_drawn(command: &Command) -> bool {
    matches!(
        command,
        Command::Complete { .. }
            | Command::Pay { .. }
            | Command::Waive { .. }
            | Command::FireTimer { .. }
            | Command::Called { .. }
            | Command::Op(Op::Happen { .. } | Op::Choose { .. } | Op::Hear { .. })
    )
}

/// Visits all of a process; `most` is how many tokens may be there at once. Gives how many states
/// there are.
fn whole(procedure: usize, most: usize) -> usize {
    let mut start = Play::new(procedure);
    start.forward();
    let mut known: HashMap<String, usize> = HashMap::from([(sight(&start), 0)]);
    let mut todo = VecDeque::from([(0, start)]);
    let mut ways: Vec<(usize, usize)> = Vec::new();
    let mut ends: HashSet<usize> = HashSet::new();
    let system = Actor::system("test");
    while let Some((here, play)) = todo.pop_front() {
        assert!(play.case.process.tokens.len() <= most, "doubled: {:?}", play.case.process);
        if play.case.business != Business::Processing {
            assert_eq!(play.case.business, Business::ResultReady);
            ends.insert(here);
            continue;
        }
        let hear = Op::Hear {
            signal: "order".into(),
            from: CaseId(Uuid::from_u128(9)),
            code: "H01".into(),
        };
        let alone = by_itself(&play).into_iter().chain([Command::Op(hear)]);
        let alone = alone.map(|command| (system.clone(), command));
        let mut tried = HashSet::new();
        for (actor, command) in agree(&play).into_iter().chain(alone) {
            if !tried.insert(format!("{command:?}")) {
                continue;
            }
            let mut next = play.clone();
            next.now = kernel::calendar::Instant(next.now.0 + 60_000);
            let done = next.act(&actor, &command);
            assert!(done.is_ok(), "{command:?}: {done:?} {:?}", play.case);
            if !is_drawn(&command) {
                continue;
            }
            let number = known.len();
            let there = *known.entry(sight(&next)).or_insert(number);
            ways.push((here, there));
            if there == number {
                todo.push_back((there, next));
            }
        }
    }
    let mut leads: HashSet<usize> = ends;
    loop {
        let before = leads.len();
        for (from, to) in &ways {
            if leads.contains(to) {
                leads.insert(*from);
            }
        }
        if leads.len() == before {
            break;
        }
    }
    assert_eq!(leads.len(), known.len(), "from some states the result cannot be reached");
    known.len()
}

#[test]
fn the_whole_of_repetitions() {
    assert!(whole(10, 6) > 5);
}

#[test]
fn the_whole_of_undoing() {
    assert!(whole(11, 6) > 8);
}

#[test]
fn the_whole_of_conditions() {
    assert!(whole(12, 3) > 8);
}

#[test]
fn the_whole_of_event_sub_processes() {
    assert!(whole(13, 8) > 20);
}

#[test]
fn the_whole_of_choices() {
    assert!(whole(14, 2) > 3);
}

#[test]
fn the_whole_of_what_is_sent() {
    assert!(whole(16, 1) > 3);
}

#[test]
fn the_whole_of_quantities_and_repeated_letters() {
    assert!(whole(19, 4) > 8);
}

#[test]
fn the_whole_of_calls() {
    assert!(whole(17, 8) > 10);
}

#[test]
fn the_whole_of_letters_and_signals() {
    assert!(whole(9, 2) > 3);
}
