//! Exhaustive small worlds: every reachable state of a process, tried with every command.

use std::collections::{BTreeSet, HashMap, VecDeque};

use process::{
    Command, Definition, Env, Event, NodeIx, NodeKind, State, Vars, apply, live_timers, open_tasks,
    step, waits,
};

/// What the exploration found.
pub struct World {
    pub states: usize,
    pub largest_json: usize,
    pub finished: bool,
}

/// Every command that anyone might try in a state, sensible or not.
pub fn commands(def: &Definition, state: &State) -> Vec<Command> {
    let mut all = vec![Command::Start, Command::Cancel];
    let ids = state.tokens.iter().map(|token| token.id).chain([0, state.next + 7]);
    let boundaries: Vec<NodeIx> = def.nodes().map(|(ix, _)| ix).collect();
    for token in ids {
        all.push(Command::SendBack { token });
        all.push(Command::Fail { token, code: "e".to_owned() });
        all.push(Command::Returned { token, vars: Vars::new() });
        all.push(Command::Answered { token });
        all.push(Command::TimerFired { token, boundary: None });
        for &boundary in &boundaries {
            all.push(Command::TimerFired { token, boundary: Some(boundary) });
        }
        let mut outcomes = vec![String::new(), "no_such_outcome".to_owned()];
        if let Some(here) = state.token(token) {
            outcomes.extend(def.node(here.node).outcomes.iter().cloned());
        }
        all.extend(outcomes.into_iter().map(|outcome| Command::Complete { token, outcome }));
    }
    let events = waits(def, state).into_iter();
    all.extend(events.map(|(token, node)| Command::Trigger { token, node }));
    let adhoc = state.tokens.iter().filter(|t| def.node(t.node).kind == NodeKind::AdHoc);
    for token in adhoc.map(|token| token.id) {
        all.extend(boundaries.iter().map(|&node| Command::Choose { token, node }));
    }
    all
}

/// Renames tokens by their order, so that states that differ only in old ids are one.
fn canonical(state: &State) -> State {
    let mut state = state.clone();
    // Where it has been matters only to returns, which have tests of their own.
    state.reached.clear();
    let names: HashMap<u32, u32> = state.tokens.iter().map(|token| token.id).zip(1..).collect();
    let name = |id: u32| names.get(&id).copied().unwrap_or(0);
    for token in &mut state.tokens {
        token.id = name(token.id);
        token.scope = name(token.scope);
        token.undo = token.undo.map(name);
    }
    for scope in &mut state.scopes {
        scope.owner = name(scope.owner);
    }
    if state.next > 0 {
        state.next = u32::try_from(state.tokens.len()).expect("few") + 2;
    }
    state
}

/// Decides, applies and checks the laws of one step. `None` for a refusal.
pub fn lawful(def: &Definition, state: &State, command: &Command) -> Option<(State, Vec<Event>)> {
    let data = |_: &str| None;
    let env = Env { data: &data };
    let first = step(def, state, command.clone(), &env);
    assert_eq!(first, step(def, state, command.clone(), &env), "deterministic");
    let events = first.ok()?;
    let mut after = state.clone();
    let mut timers: BTreeSet<(u32, NodeIx)> = live_timers(def, state).into_iter().collect();
    for event in &events {
        apply(def, &mut after, event);
        match event {
            Event::TimerSet { token, node, .. } => assert!(timers.insert((*token, *node))),
            Event::TimerDropped { token, node } | Event::TimerRang { token, node } => {
                assert!(timers.remove(&(*token, *node)), "{event:?} of a timer that was not set");
            }
            _ => {}
        }
    }
    let live: BTreeSet<_> = live_timers(def, &after).into_iter().collect();
    assert_eq!(live, timers, "timer rows follow the events: {command:?} → {events:?}");
    check_state(def, state, &after, &events);
    let text = serde_json::to_string(&events).expect("events");
    assert_eq!(serde_json::from_str::<Vec<Event>>(&text).expect("events"), events);
    Some((after, events))
}

fn check_state(def: &Definition, before: &State, after: &State, events: &[Event]) {
    let mut ids: Vec<u32> = after.tokens.iter().map(|token| token.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), after.tokens.len(), "ids are unique and in order");
    assert!(ids.is_sorted() && ids.iter().all(|id| *id < after.next));
    assert!(after.next >= before.next, "ids are never used again");
    let ends = events.iter().filter(|e| matches!(e, Event::Finished | Event::Cancelled)).count();
    assert_eq!(ends, usize::from(after.done && !before.done), "ends exactly once");
    assert_eq!(after.done, after.started() && after.tokens.is_empty());
    for scope in &after.scopes {
        let owner = after.token(scope.owner).expect("a scope has an owner");
        assert_eq!(owner.node, scope.node, "the owner stands at its activity");
    }
    for token in &after.tokens {
        let node = def.node(token.node);
        let at_join = token.via.is_some();
        let undoes = after.tokens.iter().any(|other| other.undo == Some(token.id));
        let owns = after.scope(token.id).is_some();
        assert!(node.is_wait() || at_join || undoes || owns, "a token rests at {}", node.id);
        assert!(token.scope == 0 || after.scope(token.scope).is_some(), "{token:?} has a scope");
        assert!(!token.path.contains(&token.node), "the path does not hold the step itself");
    }
    let text = serde_json::to_string(after).expect("state");
    assert_eq!(&serde_json::from_str::<State>(&text).expect("state"), after);
}

/// Explores every reachable state; panics on a state that is stuck or doubles a task.
pub fn explore(def: &Definition) -> World {
    explore_with(def, true)
}

/// Explores every reachable state; `single` forbids two tokens at one task.
pub fn explore_with(def: &Definition, single: bool) -> World {
    let start = State::default();
    let mut seen: HashMap<State, usize> = HashMap::from([(start.clone(), 0)]);
    let mut back: Vec<Vec<usize>> = vec![Vec::new()];
    let mut goals = Vec::new();
    let mut open = VecDeque::from([start]);
    let mut world = World { states: 0, largest_json: 0, finished: false };
    while let Some(state) = open.pop_front() {
        let here = seen[&state];
        let mut moves = 0;
        for command in commands(def, &state) {
            let Some((after, events)) = lawful(def, &state, &command) else { continue };
            if events.is_empty() {
                assert_eq!(after, state, "no events, no change");
                continue;
            }
            assert!(!state.done, "nothing happens after the end");
            let finished = events.contains(&Event::Finished);
            world.finished |= finished;
            moves += usize::from(command != Command::Cancel);
            let after = canonical(&after);
            if single {
                no_doubles(def, &after);
            }
            world.largest_json =
                world.largest_json.max(serde_json::to_string(&after).expect("json").len());
            let count = seen.len();
            let there = *seen.entry(after.clone()).or_insert(count);
            if there == count {
                back.push(Vec::new());
                open.push_back(after);
            }
            if command != Command::Cancel {
                back[there].push(here);
            }
            if finished {
                goals.push(there);
            }
        }
        assert!(state.done || moves > 0, "stuck: {state:?}");
        assert!(seen.len() < 20_000, "the world is not small: {state:?}");
    }
    world.states = seen.len();
    can_finish(&back, goals, &seen);
    world
}

fn no_doubles(def: &Definition, state: &State) {
    let mut tasks: Vec<NodeIx> = open_tasks(def, state).map(|(_, node)| node).collect();
    let count = tasks.len();
    tasks.sort_unstable();
    tasks.dedup();
    assert_eq!(tasks.len(), count, "two tokens at one task: {state:?}");
}

fn can_finish(back: &[Vec<usize>], goals: Vec<usize>, seen: &HashMap<State, usize>) {
    let mut leads = vec![false; back.len()];
    let mut open = goals;
    while let Some(place) = open.pop() {
        if !std::mem::replace(&mut leads[place], true) {
            open.extend(&back[place]);
        }
    }
    for (state, place) in seen {
        assert!(leads[*place] || state.done, "cannot finish from {state:?}");
    }
}
