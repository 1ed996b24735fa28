//! Every reachable state of small processes, with every operation beyond BPMN tried in each: done,
//! returned, sent on, left out, added, taken back, timers and answers. Nothing is stuck, nothing is
//! doubled, every state can still come to its end by ordinary work, and what is not listed as
//! lawful is refused.

use std::collections::{BTreeMap, HashMap, VecDeque};

use process::{
    Command, Definition, Env, Event, Instruction, NodeIx, NodeKind, State, Trace, Value,
    add_targets, apply, compile_unchecked, jump_targets, live_timers, open_jobs, open_tasks,
    return_targets, skip_targets, step, take_back,
};

use crate::scenarios::{file, flows, nodes};
use crate::world::lawful;

const TIMER: &str = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>";
/// Steps added beside the others at one time; more only repeat the same states.
const BESIDE: usize = 1;
/// States of one world; more would not be small.
const STATES: usize = 60_000;

fn built(body: &str) -> Definition {
    let model = process::read(file("", body).as_bytes(), "w").expect("readable");
    compile_unchecked(&model).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn edge(id: &str, on: &str, cancels: bool) -> String {
    format!(
        "<boundaryEvent id=\"{id}\" attachedToRef=\"{on}\" cancelActivity=\"{cancels}\">{TIMER}\
         </boundaryEvent>"
    )
}

/// A flow with a condition on the outcome of the step before.
fn when(from: &str, to: &str, outcome: &str) -> String {
    format!(
        "<sequenceFlow id=\"{from}-{to}\" sourceRef=\"{from}\" targetRef=\"{to}\">\
         <conditionExpression>outcome = \"{outcome}\" or outcome = \"all\"</conditionExpression>\
         </sequenceFlow>"
    )
}

fn task(id: &str, outcomes: &str) -> String {
    format!("<userTask id=\"{id}\" mc:outcomes=\"{outcomes}\"/>")
}

/// Renames tokens by their order, so that states that differ only in old ids are one; where the
/// case has been stays, since returns hang on it.
fn canonical(state: &State) -> State {
    let mut state = state.clone();
    state.reached.sort_unstable();
    let names: HashMap<u32, u32> = state.tokens.iter().map(|token| token.id).zip(1..).collect();
    let name = |id: u32| names.get(&id).copied().unwrap_or(0);
    for token in &mut state.tokens {
        token.id = name(token.id);
        token.scope = name(token.scope);
        // What lies behind a token matters only to the simple way back, which has its own tests.
        token.path.clear();
        token.behind = process::Behind::Start;
    }
    for scope in &mut state.scopes {
        scope.owner = name(scope.owner);
    }
    if state.next > 0 {
        state.next = u32::try_from(state.tokens.len()).expect("few") + 2;
    }
    state
}

/// What a case does by ordinary work.
fn ordinary(def: &Definition, state: &State) -> Vec<Command> {
    if !state.started() {
        return vec![Command::Start];
    }
    let mut all = Vec::new();
    for (token, node) in open_tasks(def, state) {
        let known = &def.node(node).outcomes;
        let outcomes = if known.is_empty() { vec![String::new()] } else { known.clone() };
        all.extend(outcomes.into_iter().map(|outcome| Command::Complete { token, outcome }));
    }
    all.extend(open_jobs(def, state).map(|(token, _)| Command::Answered { token }));
    for (token, node) in live_timers(def, state) {
        all.push(Command::TimerFired { token, boundary: Some(node) });
    }
    all
}

fn modify(instruction: Instruction) -> Command {
    Command::Modify { instructions: vec![instruction] }
}

/// Every operation on every element, with whether it is listed as lawful.
fn operations(def: &Definition, state: &State) -> Vec<(Command, bool)> {
    let every: Vec<NodeIx> = def.nodes().map(|(ix, _)| ix).collect();
    let mut all = Vec::new();
    let ids: Vec<u32> = state.tokens.iter().map(|token| token.id).chain([state.next + 3]).collect();
    for token in ids {
        let (back, over) = (return_targets(def, state, token), jump_targets(def, state, token));
        for &to in &every {
            all.push((Command::Return { token, to }, back.contains(&to)));
            all.push((modify(Instruction::Goto { token, to }), over.contains(&to)));
        }
        let left_out = skip_targets(def, state).iter().any(|(skipped, _)| *skipped == token);
        all.push((modify(Instruction::Skip { token }), left_out));
    }
    let full = state.tokens.iter().filter(|token| token.beside).count() >= BESIDE;
    let addable = add_targets(def, state);
    for &node in every.iter().filter(|node| !full || !addable.contains(node)) {
        all.push((modify(Instruction::Beside { node }), addable.contains(&node)));
    }
    all
}

/// Two tokens at one task, apart from instances of a repetition and added steps.
fn no_doubles(def: &Definition, state: &State, why: &str) {
    let own = open_tasks(def, state).filter(|(token, _)| {
        state.token(*token).is_some_and(|token| !token.beside && token.index.is_none())
    });
    let mut tasks: Vec<(u32, NodeIx)> = own
        .map(|(token, node)| (state.token(token).map_or(0, |token| token.scope), node))
        .collect();
    let count = tasks.len();
    tasks.sort_unstable();
    tasks.dedup();
    assert_eq!(tasks.len(), count, "two tokens at one task after {why}: {state:#?}");
}

#[derive(Default)]
struct Found {
    states: usize,
    done: BTreeMap<&'static str, usize>,
    refused: usize,
}

struct Explored<'d> {
    def: &'d Definition,
    /// Steps that a reminder on an edge makes may stand there more than once.
    single: bool,
    places: HashMap<State, usize>,
    /// By ordinary work alone: from where each state is reached.
    back: Vec<Vec<usize>>,
    goals: Vec<usize>,
    open: VecDeque<State>,
    found: Found,
}

impl Explored<'_> {
    fn place(&mut self, state: &State, why: &str) -> usize {
        let state = canonical(state);
        if self.single {
            no_doubles(self.def, &state, why);
        }
        let count = self.places.len();
        let there = *self.places.entry(state.clone()).or_insert(count);
        if there == count {
            self.back.push(Vec::new());
            self.open.push_back(state);
            assert!(count < STATES, "the world is not small");
        }
        there
    }

    fn ordinary_steps(&mut self, state: &State, here: usize) -> Vec<(Command, State)> {
        let mut steps = Vec::new();
        for command in ordinary(self.def, state) {
            let (after, events) = lawful(self.def, state, &command).expect("ordinary work");
            let there = self.place(&after, &format!("{command:?}"));
            self.back[there].push(here);
            if events.contains(&Event::Finished) {
                self.goals.push(there);
            }
            steps.push((command, after));
        }
        steps
    }

    fn operated(&mut self, state: &State) {
        for (command, listed) in operations(self.def, state) {
            let done = match self.outcomes_of_skipped(state, &command) {
                outcomes if outcomes.is_empty() => lawful(self.def, state, &command),
                outcomes => {
                    for outcome in &outcomes {
                        let after = self.skipped_as(state, &command, outcome);
                        self.place(&after, &format!("{command:?} as {outcome}"));
                    }
                    continue;
                }
            };
            assert_eq!(done.is_some(), listed, "{command:?} in {state:#?}");
            let Some((after, _)) = done else {
                self.found.refused += 1;
                continue;
            };
            let kind = match &command {
                Command::Return { .. } => "return",
                Command::Modify { instructions } => match instructions.as_slice() {
                    [Instruction::Goto { .. }] => "jump",
                    [Instruction::Skip { .. }] => "skip",
                    _ => "add",
                },
                _ => "other",
            };
            *self.found.done.entry(kind).or_default() += 1;
            self.place(&after, &format!("{command:?} in {state:#?}"));
        }
    }

    /// The outcomes that a step has which is left out: a gateway behind it may ask for one.
    fn outcomes_of_skipped(&self, state: &State, command: &Command) -> Vec<String> {
        let Command::Modify { instructions } = command else { return Vec::new() };
        let [Instruction::Skip { token }] = instructions.as_slice() else { return Vec::new() };
        state
            .token(*token)
            .map(|here| self.def.node(here.node).outcomes.clone())
            .unwrap_or_default()
    }

    fn skipped_as(&mut self, state: &State, command: &Command, outcome: &str) -> State {
        let data = |name: &str| (name == "outcome").then(|| Value::from(outcome));
        let events = step(self.def, state, command.clone(), &Env { data: &data });
        let mut after = state.clone();
        for event in &events.unwrap_or_else(|refusal| panic!("{refusal} in {state:#?}")) {
            apply(self.def, &mut after, event);
        }
        *self.found.done.entry("skip").or_default() += 1;
        after
    }

    /// A step that was just done is taken back: at once, and after anything else was done beside.
    fn taken_back(&mut self, state: &State, steps: &[(Command, State)]) {
        let completed =
            steps.iter().filter(|(command, _)| matches!(command, Command::Complete { .. }));
        for (_, after) in completed {
            let trace = Trace::of(state, after);
            let mut again = self.restored(after, &trace).unwrap_or_else(|| after.clone());
            if !after.done {
                again.next = state.next;
                again.reached.clone_from(&state.reached);
                assert_eq!(&again, state, "the very same state stands again");
            }
            for command in ordinary(self.def, after) {
                let (later, _) = lawful(self.def, after, &command).expect("ordinary work");
                if let Some(again) = self.restored(&later, &trace) {
                    self.place(&again, &format!("taken back after {command:?}"));
                }
            }
        }
    }

    fn restored(&mut self, state: &State, trace: &Trace) -> Option<State> {
        let events = take_back(self.def, state, trace);
        assert_eq!(events.is_ok(), trace.holds(state));
        let mut after = state.clone();
        let mut timers = live_timers(self.def, state);
        for event in &events.ok()? {
            apply(self.def, &mut after, event);
            match event {
                Event::TimerSet { token, node, .. } => timers.push((*token, *node)),
                Event::TimerDropped { token, node } => {
                    timers.retain(|timer| *timer != (*token, *node));
                }
                _ => {}
            }
        }
        let mut live = live_timers(self.def, &after);
        live.sort_unstable();
        timers.sort_unstable();
        assert_eq!(live, timers, "timer rows follow");
        assert!(after.tokens.is_sorted_by_key(|token| token.id));
        *self.found.done.entry("take back").or_default() += 1;
        Some(after)
    }

    fn all_can_finish(&self) {
        let mut leads = vec![false; self.back.len()];
        let mut open = self.goals.clone();
        while let Some(place) = open.pop() {
            if !std::mem::replace(&mut leads[place], true) {
                open.extend(&self.back[place]);
            }
        }
        for (state, place) in &self.places {
            assert!(leads[*place] || state.done, "cannot finish by ordinary work: {state:#?}");
        }
    }
}

fn explore(def: &Definition, single: bool) -> Found {
    let mut world = Explored {
        def,
        single,
        places: HashMap::new(),
        back: Vec::new(),
        goals: Vec::new(),
        open: VecDeque::new(),
        found: Found::default(),
    };
    world.place(&State::default(), "the beginning");
    while let Some(state) = world.open.pop_front() {
        let here = world.places[&state];
        let steps = world.ordinary_steps(&state, here);
        assert!(state.done || !steps.is_empty(), "stuck: {state:#?}");
        world.operated(&state);
        world.taken_back(&state, &steps);
    }
    world.all_can_finish();
    world.found.states = world.places.len();
    world.found
}

/// All operations were possible somewhere, and some were refused.
fn tried(found: &Found, states: usize) {
    for kind in ["return", "jump", "skip", "add", "take back"] {
        assert!(found.done.get(kind).copied().unwrap_or(0) > 0, "no {kind}: {:?}", found.done);
    }
    assert!(found.refused > 0);
    assert!(found.states >= states, "{} states, {:?}", found.states, found.done);
}

#[test]
fn a_line_with_a_choice() {
    let body = nodes("s:s t:a x:x t:c m:m e:e x:y")
        + &task("b", "yes,no")
        + &flows("s>a a>b b>x m>y c>y y>e")
        + &when("x", "c", "yes")
        + &when("x", "m", "no");
    tried(&explore(&built(&body), true), 20);
}

#[test]
fn two_branches() {
    let body = nodes("s:s t:a a:f t:b t:c t:d a:j t:last e:e")
        + &flows("s>a a>f f>b f>c b>d d>j c>j j>last last>e");
    tried(&explore(&built(&body), true), 60);
}

#[test]
fn branches_in_branches() {
    let body = nodes("s:s t:a a:f t:b a:g t:c t:d a:k a:j t:last e:e")
        + &flows("s>a a>f f>b f>g g>c g>d c>k d>k k>j b>j j>last last>e");
    tried(&explore(&built(&body), true), 80);
}

#[test]
fn branches_that_are_chosen() {
    let body = nodes("s:s o:f t:b t:c o:j t:last e:e")
        + &task("a", "b,c,all")
        + &flows("s>a a>f b>j c>j j>last last>e")
        + &when("f", "b", "b")
        + &when("f", "c", "c");
    tried(&explore(&built(&body), true), 40);
}

#[test]
fn an_answer_in_one_branch_with_silence() {
    let body = nodes("s:s t:a a:f t:b a:j t:last e:e x:heard m:tell")
        + "<serviceTask id=\"ask\" mc:job=\"consult\" mc:wait=\"true\"/>"
        + &edge("silence", "ask", true)
        + &flows("s>a a>f f>b f>ask ask>heard silence>tell tell>heard heard>j b>j j>last last>e");
    tried(&explore(&built(&body), true), 40);
}

#[test]
fn a_part_of_its_own_with_branches_and_a_limit() {
    let inside = nodes("s:s1 a:f t:b t:c a:j e:e1") + &flows("s1>f f>b f>c b>j c>j j>e1");
    let body = nodes("s:s t:a t:late t:last e:e x:m")
        + &format!("<subProcess id=\"sub\">{inside}</subProcess>")
        + &edge("limit", "sub", true)
        + &flows("s>a a>sub sub>m limit>late late>m m>last last>e");
    tried(&explore(&built(&body), true), 60);
}

#[test]
fn a_part_of_its_own_inside_a_branch() {
    let inside = nodes("s:s1 t:c t:d e:e1") + &flows("s1>c c>d d>e1");
    let body = nodes("s:s t:a a:f t:b a:j t:last e:e")
        + &format!("<subProcess id=\"sub\">{inside}</subProcess>")
        + &flows("s>a a>f f>b f>sub b>j sub>j j>last last>e");
    tried(&explore(&built(&body), true), 60);
}

#[test]
fn several_are_asked_at_the_same_time() {
    let many = "<userTask id=\"ask\"><multiInstanceLoopCharacteristics><loopCardinality>2\
        </loopCardinality></multiInstanceLoopCharacteristics></userTask>";
    let body = nodes("s:s t:a t:last e:e") + many + &flows("s>a a>ask ask>last last>e");
    tried(&explore(&built(&body), true), 15);
}

#[test]
fn a_reminder_beside_a_step() {
    let body = nodes("s:s t:a t:b t:told t:last e:e")
        + &edge("remind", "b", false)
        + &flows("s>a a>b b>last last>e remind>told told>e");
    tried(&explore(&built(&body), true), 20);
}

#[test]
fn what_is_added_ends_by_itself() {
    let body = nodes("s:s t:a a:f t:b t:c a:j e:e") + &flows("s>a a>f f>b f>c b>j c>j j>e");
    let def = built(&body);
    let at = |id: &str| def.node_by_id(id).expect(id);
    let mut state = State::default();
    let act = |state: &State, command: &Command| lawful(&def, state, command).expect("lawful");
    state = act(&state, &Command::Start).0;
    state = act(&state, &modify(Instruction::Beside { node: at("c") })).0;
    let added = state.tokens.iter().find(|token| token.beside).expect("added").id;
    assert!(return_targets(&def, &state, added).is_empty());
    for id in ["a", "b", "c"] {
        let own = open_tasks(&def, &state)
            .find(|(token, node)| *token != added && *node == at(id))
            .expect(id);
        state = act(&state, &Command::Complete { token: own.0, outcome: String::new() }).0;
    }
    assert!(!state.done, "the added step is still to be done");
    let (after, events) = act(&state, &Command::Complete { token: added, outcome: String::new() });
    assert!(after.done && events.contains(&Event::Finished));
    assert_eq!(def.node(at("c")).kind, NodeKind::UserTask);
}
