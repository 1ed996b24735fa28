//! The seven shared process files: complete, drawn, sound, and explored to the last state.

use std::collections::HashSet;

use process::{Element, Event, NodeKind, read};

use crate::support::{Case, FILES, file_bytes, shared};
use crate::world::explore;

#[test]
fn every_reachable_state_of_every_file() {
    for (name, states) in FILES.into_iter().zip([3, 7, 11, 9, 6, 10, 5]) {
        let world = explore(&shared(name));
        assert!(world.finished, "{name} finishes");
        assert_eq!(world.states, states, "{name}: states that a case can be in");
        assert!(world.largest_json <= 300, "{name}: {} bytes of state", world.largest_json);
    }
}

fn walk<'a>(element: &'a Element, found: &mut Vec<&'a Element>) {
    found.push(element);
    element.children.iter().for_each(|child| walk(child, found));
}

#[test]
fn every_element_is_drawn_and_every_id_is_used_once() {
    for name in FILES {
        let bytes = file_bytes(name);
        let model = read(&bytes, name).expect("readable");
        assert_eq!(model.bytes(), bytes, "the file is kept as it is");
        let mut all = Vec::new();
        walk(model.root(), &mut all);
        let mut ids = HashSet::new();
        for id in all.iter().filter_map(|element| element.attr("id")) {
            assert!(ids.insert(id), "{name}: {id} twice");
        }
        let drawn: HashSet<&str> = all.iter().filter_map(|e| e.attr("bpmnElement")).collect();
        let def = shared(name);
        assert_eq!((def.id(), def.sha256().len()), (name, 64));
        assert!(!def.name().is_empty());
        for (_, node) in def.nodes() {
            assert!(drawn.contains(node.id.as_str()), "{name}: {} is not drawn", node.id);
        }
        for flow in def.flows() {
            assert!(drawn.contains(flow.id.as_str()), "{name}: {} is not drawn", flow.id);
        }
    }
}

#[test]
fn every_user_task_says_who_what_and_how_long() {
    for name in FILES {
        let def = shared(name);
        let mut shares = 0;
        for (_, node) in def.nodes() {
            shares += u32::from(node.limit_share.unwrap_or(0));
            if node.kind == NodeKind::UserTask {
                assert!(node.role.is_some() && node.unit.is_some(), "{name}: {}", node.id);
                assert!(node.task_kind.is_some() && !node.outcomes.is_empty());
                assert!(node.limit_share.is_some() && !node.name.is_empty());
            }
        }
        assert_eq!(shares, 100, "{name}: the shares of the limit add up");
    }
}

/// Plays a file by (task, outcome); `@task` is the answer to a waiting service task.
fn play(name: &str, steps: &[(&str, &str)]) -> Vec<Event> {
    let def = shared(name);
    let mut case = Case::start(&def);
    let mut last = Vec::new();
    for (id, outcome) in steps {
        last = match id.strip_prefix('@') {
            Some(id) => {
                let token = case.token(id);
                case.act(process::Command::Answered { token }).expect(id)
            }
            None => case.complete(id, outcome).expect(id),
        };
    }
    assert!(case.state.done, "{name}: {:?}", case.places());
    last
}

#[test]
fn the_usual_way_through_each_file() {
    let tail = [("review", "approve"), ("sign", "approve"), ("stamp", "done")];
    let with = |head: &[(&'static str, &'static str)]| [head, &tail].concat();
    for (name, steps) in [
        ("counter", vec![("decide", "approve")]),
        ("appraisal", with(&[("assign", "done"), ("appraise", "done")])),
        (
            "consultation",
            with(&[
                ("assign", "done"),
                ("@consult", ""),
                ("appraise", "done"),
                ("summarise", "done"),
            ]),
        ),
        (
            "field_check",
            with(&[
                ("assign", "done"),
                ("appraise", "done"),
                ("field", "done"),
                ("report", "done"),
            ]),
        ),
        (
            "interlinked_up",
            vec![("check", "done"), ("refer", "approve"), ("@interlink", ""), ("receive", "done")],
        ),
        (
            "financial_duty",
            vec![
                ("assign", "done"),
                ("appraise", "duty"),
                ("notice", "done"),
                ("@payment", ""),
                ("sign", "approve"),
                ("stamp", "done"),
            ],
        ),
        (
            "financial_duty",
            vec![("assign", "done"), ("appraise", "done"), ("sign", "approve"), ("stamp", "done")],
        ),
        ("opinion", vec![("assign", "done"), ("prepare", "done"), ("sign", "approve")]),
    ] {
        assert_eq!(play(name, &steps).last(), Some(&Event::Finished), "{name}");
    }
}

#[test]
fn silence_of_the_consulted_agency_lets_the_case_go_on() {
    let def = shared("consultation");
    let mut case = Case::start(&def);
    case.complete("assign", "done").expect("assigned");
    assert_eq!(case.places(), ["appraise", "consult"]);
    let (token, silence) = (case.token("consult"), case.node("silence"));
    let fired = process::Command::TimerFired { token, boundary: Some(silence) };
    let events = case.act(fired.clone()).expect("fired");
    let told = |event: &Event| matches!(event, Event::JobAsked { job, .. } if job == "notify");
    assert!(events.iter().any(told));
    assert_eq!(case.places(), ["appraise", "join"]);
    assert_eq!(case.act(fired), Ok(Vec::new()), "a stale timer changes nothing");
    let late = case.act(process::Command::Answered { token });
    assert!(matches!(late, Err(process::Refusal::WrongPlace { .. })), "{late:?}");
    case.complete("appraise", "done").expect("appraised");
    assert_eq!(case.tasks(), ["summarise"]);
}

/// Left, top, right, bottom of each drawn element, by id.
fn boxes(root: &Element) -> std::collections::HashMap<String, [i32; 4]> {
    let mut all = Vec::new();
    walk(root, &mut all);
    let shapes = all.into_iter().filter(|element| element.local == "BPMNShape");
    let bounds = shapes.filter_map(|shape| {
        let bounds = shape.children.iter().find(|child| child.local == "Bounds")?;
        let side = |name: &str| bounds.attr(name).and_then(|n| n.parse::<i32>().ok());
        let (x, y, w, h) = (side("x")?, side("y")?, side("width")?, side("height")?);
        Some((shape.attr("bpmnElement")?.to_owned(), [x, y, x + w, y + h]))
    });
    bounds.collect()
}

#[test]
fn the_diagrams_are_tidy() {
    let apart =
        |a: &[i32; 4], b: &[i32; 4]| a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
    for name in FILES {
        let model = read(&file_bytes(name), name).expect("readable");
        let boxes = boxes(model.root());
        let mut all = Vec::new();
        walk(model.root(), &mut all);
        for lane in all.iter().filter(|element| element.is_bpmn("lane")) {
            let outer = boxes[lane.attr("id").expect("id")];
            for part in lane.bpmn("flowNodeRef") {
                let inner = boxes[part.text.trim()];
                let inside = inner[0] >= outer[0] && inner[1] >= outer[1];
                assert!(inside && inner[2] <= outer[2] && inner[3] <= outer[3], "{name}: {part:?}");
            }
        }
        let def = shared(name);
        for (ix, a) in def.nodes() {
            for (other, b) in def.nodes().filter(|(other, _)| *other > ix) {
                let tied = a.attached_to == Some(other) || b.attached_to == Some(ix);
                assert!(tied || apart(&boxes[&a.id], &boxes[&b.id]), "{name}: {} {}", a.id, b.id);
            }
        }
    }
}
