//! Running cases go to another edition: by plan, with reasons, exactly, and back.

use std::collections::{BTreeMap, HashSet, VecDeque};

use process::migration::{By, Plan, PlanError, Stays, Why, migrate, plan, revert};
use process::table::{Edit, NewRow, Spot, StepKind, Table, Time, Way};
use process::{
    Command, Definition, Document, Env, Event, NodeIx, State, apply, compile_unchecked,
    live_timers, open_jobs, open_tasks, step,
};
use proptest::prelude::*;

use crate::support::{FILES, built, file_bytes, shared};
use crate::world::lawful;

/// What a person or the world does, by the BPMN id of the place.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Answer {
    Done(String, String),
    Answered(String),
    Rang(String),
}

fn id(def: &Definition, ix: NodeIx) -> String {
    def.node(ix).id.clone()
}

/// Everything that can be done, each once for each place.
fn answers(def: &Definition, state: &State) -> Vec<Answer> {
    let mut all = Vec::new();
    for (_, node) in open_tasks(def, state) {
        let outcomes = def.node(node).outcomes.iter().map(String::as_str);
        let outcomes: Vec<&str> = outcomes.filter(|outcome| *outcome != "send_back").collect();
        let outcomes = if outcomes.is_empty() { vec!["done"] } else { outcomes };
        all.extend(outcomes.iter().map(|o| Answer::Done(id(def, node), (*o).to_owned())));
    }
    all.extend(open_jobs(def, state).map(|(_, node)| Answer::Answered(id(def, node))));
    all.extend(live_timers(def, state).into_iter().map(|(_, node)| Answer::Rang(id(def, node))));
    all.sort_by_key(|answer| format!("{answer:?}"));
    all.dedup();
    all
}

/// The command of an answer for the oldest token at its place.
fn command(def: &Definition, state: &State, answer: &Answer) -> Option<Command> {
    let first = |mut all: Vec<(u32, NodeIx)>, wanted: &str| {
        all.retain(|(_, node)| id(def, *node) == wanted);
        all.first().copied()
    };
    Some(match answer {
        Answer::Done(task, outcome) => {
            let (token, _) = first(open_tasks(def, state).collect(), task)?;
            Command::Complete { token, outcome: outcome.clone() }
        }
        Answer::Answered(job) => {
            Command::Answered { token: first(open_jobs(def, state).collect(), job)?.0 }
        }
        Answer::Rang(timer) => {
            let (token, node) = first(live_timers(def, state), timer)?;
            let at = state.token(token).map(|token| token.node);
            Command::TimerFired { token, boundary: (at != Some(node)).then_some(node) }
        }
    })
}

fn give(def: &Definition, state: &State, answer: &Answer) -> Option<State> {
    lawful(def, state, &command(def, state, answer)?).map(|(after, _)| after)
}

fn begun(def: &Definition) -> State {
    lawful(def, &State::default(), &Command::Start).expect("it starts").0
}

/// A state without token ids, for the list of those seen.
fn shape(state: &State) -> Vec<(NodeIx, Option<u16>, usize)> {
    let mut all: Vec<_> = state
        .tokens
        .iter()
        .map(|t| (t.node, t.via, t.rang.len() + usize::from(t.scope > 0)))
        .collect();
    all.sort();
    all
}

/// Two cases of one edition offer the same and go on offering the same whatever is answered.
fn same_future(def: &Definition, one: &State, two: &State) {
    let mut seen = HashSet::new();
    let mut open = VecDeque::from([(one.clone(), two.clone())]);
    while let Some((one, two)) = open.pop_front() {
        let tasks = |state: &State| {
            let mut all: Vec<String> = open_tasks(def, state).map(|(_, n)| id(def, n)).collect();
            all.sort();
            all
        };
        assert_eq!((tasks(&one), one.done), (tasks(&two), two.done));
        assert_eq!(answers(def, &one), answers(def, &two));
        for answer in answers(def, &one) {
            match (give(def, &one, &answer), give(def, &two, &answer)) {
                (Some(one), Some(two)) => {
                    if seen.insert((shape(&one), shape(&two))) {
                        open.push_back((one, two));
                    }
                }
                (one, two) => assert_eq!(one, two, "{answer:?}"),
            }
        }
    }
}

/// Applies the events of a migration, with the laws of a step: timers follow, the state is sound.
fn carried(from: &Definition, to: &Definition, state: &State, events: &[Event]) -> State {
    let mut after = state.clone();
    let mut timers: HashSet<(u32, NodeIx)> = live_timers(from, state).into_iter().collect();
    for event in events {
        apply(to, &mut after, event);
        match event {
            Event::TimerDropped { token, node } => assert!(timers.remove(&(*token, *node))),
            Event::TimerSet { token, node, .. } => assert!(timers.insert((*token, *node))),
            Event::Migrated { nodes, .. } => {
                let new: BTreeMap<NodeIx, NodeIx> = nodes.iter().copied().collect();
                timers = timers.into_iter().map(|(token, node)| (token, new[&node])).collect();
            }
            _ => {}
        }
    }
    assert_eq!(timers, live_timers(to, &after).into_iter().collect());
    let text = serde_json::to_string(events).expect("events");
    assert_eq!(serde_json::from_str::<Vec<Event>>(&text).expect("events"), events);
    assert_eq!((state.next, state.tokens.len()), (after.next, after.tokens.len()));
    after
}

fn why(result: Result<Vec<Event>, Vec<Stays>>) -> Vec<(String, Why)> {
    let stays = result.expect_err("refused");
    stays.into_iter().map(|stays| (stays.node, stays.why)).collect()
}

const HEAD: &str = "<startEvent id=\"s\"/><userTask id=\"a\" name=\"Một\"/><endEvent id=\"e\"/>";

fn flow(id: &str, from: &str, to: &str) -> String {
    format!("<sequenceFlow id=\"{id}\" sourceRef=\"{from}\" targetRef=\"{to}\"/>")
}

fn line(ids: &str) -> String {
    let ids: Vec<&str> = ids.split_whitespace().collect();
    ids.windows(2).map(|pair| flow(&format!("{}-{}", pair[0], pair[1]), pair[0], pair[1])).collect()
}

#[test]
fn elements_are_matched_by_id_then_by_type_name_and_lane_then_by_a_person() {
    let old = built(&format!(
        "{HEAD}<userTask id=\"b\" name=\"Hai\"/><userTask id=\"x\"/>{}",
        line("s a b x e")
    ));
    let new = built(&format!(
        "{HEAD}<userTask id=\"b2\" name=\"Hai\"/><userTask id=\"y\"/>{}",
        line("s a b2 y e")
    ));
    let mut made = plan(&old, &new);
    assert_eq!((made.nodes["a"].by, made.nodes["b"].by), (By::Id, By::Traits));
    // Two nameless tasks are alike only while there is one on each side.
    assert_eq!(made.nodes["x"].to, "y");
    assert_eq!((made.unmatched.clone(), made.added.clone()), (vec![], vec![]));
    assert_eq!(made.set(&old, &new, "x", None), Ok(()));
    assert_eq!(made.unmatched, ["x"]);
    assert_eq!(
        made.set(&old, &new, "x", Some("b2")),
        Err(PlanError::Taken("b2".into(), "b".into()))
    );
    assert_eq!(made.set(&old, &new, "x", Some("z")), Err(PlanError::NoSuchElement("z".into())));
    assert_eq!(made.set(&old, &new, "q", None), Err(PlanError::NoSuchElement("q".into())));
    assert_eq!(made.set(&old, &old, "x", None), Err(PlanError::OtherEditions));
    made.set(&old, &new, "x", Some("y")).expect("free");
    assert_eq!(made.nodes["x"].by, By::Person);
    let text = serde_json::to_string(&made).expect("plan");
    assert_eq!(serde_json::from_str::<Plan>(&text).expect("plan"), made);
    assert_eq!(made.inverse().inverse(), made);
    let state = give(&old, &begun(&old), &Answer::Done("a".into(), "done".into())).expect("a");
    let events = migrate(&made, &old, &new, &state).expect("goes");
    let after = carried(&old, &new, &state, &events);
    assert_eq!(open_tasks(&new, &after).map(|(_, n)| id(&new, n)).collect::<Vec<_>>(), ["b2"]);
}

#[test]
fn each_token_that_cannot_go_says_why() {
    let old = built(&format!("{HEAD}<userTask id=\"b\" name=\"Hai\"/>{}", line("s a b e")));
    let at_b = give(&old, &begun(&old), &Answer::Done("a".into(), "done".into())).expect("a");
    let to = |body: &str| built(&format!("{HEAD}{body}"));
    let refused = |new: &Definition| why(migrate(&plan(&old, new), &old, new, &at_b));
    let gone = to(&line("s a e"));
    assert_eq!(refused(&gone), [("b".into(), Why::NoTarget)]);
    let job =
        to(&format!("<serviceTask id=\"b\" mc:job=\"j\" mc:wait=\"true\"/>{}", line("s a b e")));
    assert_eq!(refused(&job), [("b".into(), Why::TypeDiffers("b".into()))]);
    let multi = "<userTask id=\"b\"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>\
                 </multiInstanceLoopCharacteristics></userTask>";
    let multi = to(&format!("{multi}{}", line("s a b e")));
    assert_eq!(refused(&multi), [("b".into(), Why::RepeatDiffers("b".into()))]);
    let inner = format!(
        "<subProcess id=\"p1\"><startEvent id=\"s1\"/><userTask id=\"b\"/><endEvent id=\"e1\"/>{}</subProcess>",
        line("s1 b e1")
    );
    let inner = to(&format!("{inner}{}", line("s a p1 e")));
    assert_eq!(refused(&inner), [("b".into(), Why::ScopeDiffers("b".into()))]);
    let timed = "<userTask id=\"b\"/><boundaryEvent id=\"t\" attachedToRef=\"b\"><timerEventDefinition>\
                 <timeDuration>= d</timeDuration></timerEventDefinition></boundaryEvent>";
    let timed = to(&format!("{timed}{}{}", line("s a b e"), flow("t-e", "t", "e")));
    assert_eq!(refused(&timed), [("t".into(), Why::ComputedTimer("t".into()))]);
    let same = to(&format!("<userTask id=\"b\"/>{}", line("s a b e")));
    let other = plan(&old, &gone);
    assert_eq!(why(migrate(&other, &old, &same, &at_b)), [(String::new(), Why::OtherEditions)]);
    let fresh = plan(&old, &same);
    assert_eq!(
        why(migrate(&fresh, &old, &same, &State::default())),
        [(String::new(), Why::NotRunning)]
    );
}

/// A split into the branches with these steps, and a join; each branch is `steps` long.
fn forked(branches: &[&str]) -> Definition {
    let mut body = "<startEvent id=\"s\"/><endEvent id=\"e\"/><parallelGateway id=\"f\"/><parallelGateway id=\"j\"/>".to_owned();
    body += &(flow("s-f", "s", "f") + &flow("j-e", "j", "e"));
    for branch in branches {
        let steps: Vec<&str> = branch.split_whitespace().collect();
        for task in &steps {
            body += &format!("<userTask id=\"{task}\"/>");
        }
        body += &line(&format!("f {branch} j"));
    }
    built(&body)
}

#[test]
fn a_token_at_a_join_goes_by_its_branch() {
    let old = forked(&["a", "b"]);
    let waits = give(&old, &begun(&old), &Answer::Done("a".into(), "done".into())).expect("a");
    // Both branches have new last steps, so that every flow into the join is new.
    let new = forked(&["b y", "a x"]);
    let made = plan(&old, &new);
    assert_eq!((made.flows["a-j"].as_str(), made.flows["b-j"].as_str()), ("x-j", "y-j"));
    let events = migrate(&made, &old, &new, &waits).expect("goes");
    let after = carried(&old, &new, &waits, &events);
    let after = give(&new, &after, &Answer::Done("b".into(), "done".into())).expect("b");
    let after = give(&new, &after, &Answer::Done("y".into(), "done".into())).expect("y");
    assert!(after.done);
    // A person may say that the branches are the other way round.
    let mut turned = made.clone();
    turned.set(&old, &new, "a-j", None).expect("known");
    assert_eq!(
        why(migrate(&turned, &old, &new, &waits)),
        [("j".into(), Why::BranchUnknown("a-j".into()))]
    );
    // A branch that the case has not begun would be waited for; one less would open the join.
    let more = forked(&["a", "b", "c"]);
    let refused = why(migrate(&plan(&old, &more), &old, &more, &waits));
    assert!(refused.contains(&("j".into(), Why::WouldStick("j".into()))), "{refused:?}");
    let single = built(&format!(
        "<startEvent id=\"s\"/><endEvent id=\"e\"/><parallelGateway id=\"f\"/><parallelGateway id=\"j\"/>\
         <userTask id=\"a\"/><userTask id=\"b\"/>{}{}{}",
        line("s f a j e"),
        flow("f-b", "f", "b"),
        flow("b-e", "b", "e")
    ));
    let refused = why(migrate(&plan(&old, &single), &old, &single, &waits));
    assert!(refused.contains(&("j".into(), Why::JoinOpens("j".into()))), "{refused:?}");
}

#[test]
fn timers_go_on_end_or_begin() {
    let timed = |time: &str, more: &str| {
        let edge = format!(
            "<boundaryEvent id=\"t\" attachedToRef=\"a\"><timerEventDefinition><timeDuration>{time}\
             </timeDuration></timerEventDefinition></boundaryEvent>"
        );
        built(&format!("{more}{HEAD}{edge}{}{}", line("s a e"), flow("t-e", "t", "e")))
    };
    let (none, short, long) =
        (built(&format!("{HEAD}{}", line("s a e"))), timed("P1D", ""), timed("P2D", ""));
    let moved = timed("P1D", "<textAnnotation id=\"n\"/><userTask id=\"zero\"/>");
    let kinds = |old: &Definition, new: &Definition| {
        let state = begun(old);
        let events = migrate(&plan(old, new), old, new, &state).expect("goes");
        carried(old, new, &state, &events);
        let names = events.iter().map(|event| match event {
            Event::TimerDropped { .. } => "off",
            Event::TimerSet { .. } => "on",
            Event::Migrated { .. } => "migrated",
            _ => "?",
        });
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(kinds(&none, &short), "migrated on");
    assert_eq!(kinds(&short, &none), "off migrated");
    assert_eq!(kinds(&short, &long), "off migrated on");
    assert_eq!(kinds(&short, &moved), "migrated");
}

/// All states that a case can come to, by answers.
fn reachable(def: &Definition) -> Vec<(State, Vec<Answer>)> {
    let first = begun(def);
    let mut seen = HashSet::from([shape(&first)]);
    let mut all = vec![(first, Vec::new())];
    let mut at = 0;
    while let Some((state, given)) = all.get(at).cloned() {
        at += 1;
        for answer in answers(def, &state) {
            if let Some(after) = give(def, &state, &answer)
                && !after.done
                && seen.insert(shape(&after))
            {
                let given = given.iter().cloned().chain([answer]).collect();
                all.push((after, given));
            }
        }
    }
    all
}

/// The file with every node and flow under another id, and its steps in the reverse order.
fn renamed(name: &str) -> Definition {
    let mut document = Document::read(&file_bytes(name), name).expect("readable");
    let ids: Vec<String> = {
        let model = document.model().expect("model");
        let view = process::bpmn::Definitions::of(&model);
        let nodes = view.nodes.iter().map(|node| node.id.to_owned());
        nodes.chain(view.flows.iter().map(|flow| flow.id.to_owned())).collect()
    };
    for id in ids {
        document.rename_id(&id, &format!("other_{id}")).expect("free");
    }
    compile_unchecked(&document.model().expect("model")).expect("compiles")
}

#[test]
fn every_state_of_the_shared_files_goes_to_an_equal_edition_and_back() {
    let mut states = 0;
    for name in FILES {
        let (old, new) = (shared(name), renamed(name));
        // What a person compares by eye: the steps are the same under other names.
        let mut made = plan(&old, &new);
        for (_, node) in old.nodes() {
            made.set(&old, &new, &node.id, Some(&format!("other_{}", node.id))).expect("free");
        }
        let back = made.inverse();
        for (state, given) in reachable(&old) {
            let events = migrate(&made, &old, &new, &state).expect("goes");
            let after = carried(&old, &new, &state, &events);
            let mut fresh = begun(&new);
            for answer in &given {
                let other = |id: &String| format!("other_{id}");
                let answer = match answer {
                    Answer::Done(task, outcome) => Answer::Done(other(task), outcome.clone()),
                    Answer::Answered(job) => Answer::Answered(other(job)),
                    Answer::Rang(timer) => Answer::Rang(other(timer)),
                };
                fresh = give(&new, &fresh, &answer).expect("the same answers");
            }
            assert_eq!(after, fresh, "{name}: a migrated case is a fresh case");
            let events = migrate(&back, &new, &old, &after).expect("goes back");
            assert_eq!(carried(&new, &old, &after, &events), state, "{name}: and back");
            states += 1;
        }
    }
    assert!(states > 30, "{states}");
}

#[test]
fn a_migration_is_taken_back_until_the_next_step() {
    let (old, new) = (shared("consultation"), {
        let mut document = Document::read(&file_bytes("consultation"), "c").expect("readable");
        document.edit(&Edit::Remove { id: "assign".into() }).expect("removes");
        let time = Some(Time::Limit("P9WD".into()));
        document.edit(&Edit::SetTime { id: "silence".into(), time }).expect("a timer");
        compile_unchecked(&document.model().expect("model")).expect("compiles")
    });
    let before =
        give(&old, &begun(&old), &Answer::Done("assign".into(), "done".into())).expect("a");
    let events = migrate(&plan(&old, &new), &old, &new, &before).expect("goes");
    let after = carried(&old, &new, &before, &events);
    // The new edition does not know the step that was done: only the state before has it.
    assert!(after.reached.len() < before.reached.len());
    let back = revert(&old, &new, &before, &events, &after).expect("nothing was done since");
    let mut again = after.clone();
    for event in &back {
        apply(&old, &mut again, event);
    }
    assert_eq!(again, before);
    assert!(matches!(back.first(), Some(Event::TimerDropped { .. })), "{back:?}");
    assert!(matches!(back.last(), Some(Event::TimerSet { .. })), "{back:?}");
    let on = give(&new, &after, &Answer::Done("appraise".into(), "done".into())).expect("goes on");
    assert_eq!(revert(&old, &new, &before, &events, &on), None);
}

/// What a migrated case is compared with: a fresh case of the new edition with the same answers,
/// unless an answer is not asked for there, or it is asked for more than the old edition knows.
fn fresh(new: &Definition, made: &Plan, given: &[Answer]) -> Option<State> {
    let mut state = begun(new);
    let known =
        |state: &State| state.tokens.iter().all(|token| !made.added.contains(&id(new, token.node)));
    for answer in given {
        if !known(&state) {
            return None;
        }
        state = give(new, &state, answer)?;
    }
    known(&state).then_some(state)
}

fn row(id: &str) -> NewRow {
    NewRow {
        id: id.to_owned(),
        name: String::new(),
        kind: StepKind::User { kind: None },
        lane: None,
        time: None,
        outcomes: Vec::new(),
    }
}

fn changed(document: &mut Document, pick: (u32, u32, u32), number: usize) {
    let table = Table::of(&document.model().expect("model"));
    let at = |n: u32| table.rows[n as usize % table.rows.len()].clone();
    let (one, two) = (at(pick.1), at(pick.2));
    let new = format!("new_{number}");
    let edit = match pick.0 % 7 {
        0 => Edit::Insert { spot: Spot::After(one.id), step: row(&new) },
        1 => Edit::Insert { spot: Spot::Before(one.id), step: row(&new) },
        2 => Edit::Parallel { beside: one.id, step: row(&new) },
        3 => Edit::Remove { id: one.id },
        4 => Edit::Move { id: one.id, spot: Spot::After(two.id) },
        5 => {
            let next = one.next.first().map_or(two.id.clone(), |next| next.to.clone());
            let ways = vec![Way::when(&two.id, "outcome = \"done\""), Way::otherwise(&next)];
            Edit::SetNext { id: one.id, ways }
        }
        _ => Edit::Rename { id: one.id, name: "khác".into() },
    };
    // An edit that does not fit leaves the draft as it is.
    let _ = document.edit(&edit);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_migrated_case_equals_a_fresh_case_with_the_same_answers(
        file in 0..FILES.len(),
        picks in prop::collection::vec(any::<(u32, u32, u32)>(), 1..5),
    ) {
        let old = shared(FILES[file]);
        let mut document = Document::read(&file_bytes(FILES[file]), "f").expect("readable");
        for (number, pick) in picks.into_iter().enumerate() {
            changed(&mut document, pick, number);
        }
        if let Ok(new) = process::compile(&document.model().expect("model")) {
            compare(&old, &new);
        }
    }
}

/// Migrates every state of an edition to another; gives how many states went, and how many of them
/// were compared with a fresh case that comes to the same places by the same answers.
fn compare(old: &Definition, new: &Definition) -> (usize, usize) {
    let made = plan(old, new);
    let (mut went, mut compared) = (0, 0);
    for (state, given) in reachable(old) {
        let Ok(events) = migrate(&made, old, new, &state) else { continue };
        let after = carried(old, new, &state, &events);
        let env = Env { data: &|_| None };
        let look = step(new, &after, Command::Set { vars: process::Vars::new() }, &env);
        assert!(look.is_ok(), "{look:?}");
        went += 1;
        if let Some(fresh) = fresh(new, &made, &given)
            && places(&fresh) == places(&after)
        {
            same_future(new, &after, &fresh);
            compared += 1;
        }
    }
    (went, compared)
}

fn places(state: &State) -> Vec<NodeIx> {
    let mut all: Vec<NodeIx> = state.tokens.iter().map(|token| token.node).collect();
    all.sort();
    all
}

#[test]
fn every_state_goes_to_every_edition_that_one_edit_makes() {
    let (mut editions, mut went, mut compared) = (0, 0, 0);
    for name in ["counter", "appraisal", "consultation", "financial_duty", "opinion"] {
        let old = shared(name);
        let document = Document::read(&file_bytes(name), name).expect("readable");
        let rows = Table::of(&document.model().expect("model")).rows.len();
        for at in 0..u32::try_from(rows).expect("few") {
            for kind in 0..6 {
                let mut document = document.clone();
                changed(&mut document, (kind, at, at + 2), 0);
                let Ok(new) = process::compile(&document.model().expect("model")) else { continue };
                let (one, two) = compare(&old, &new);
                (editions, went, compared) = (editions + 1, went + one, compared + two);
            }
        }
    }
    eprintln!("{editions} editions, {went} states went, {compared} compared");
    assert!(editions > 100 && went > 500 && compared > 300);
}
