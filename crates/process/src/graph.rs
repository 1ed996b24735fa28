//! The facts that a file states, as JSON in the form `motcua/graph/1`.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::bpmn::{Definitions, Kind, Node, Owner};
use crate::problem::Problem;

/// Reads a BPMN 2.0 file and tells what it says: processes, pools, lanes, nodes, edges.
///
/// # Errors
/// As [`crate::read`].
pub fn graph(xml: &[u8], file: &str) -> Result<Value, Vec<Problem>> {
    let model = crate::read(xml, file)?;
    Ok(graph_of(&Definitions::of(&model)))
}

/// The facts of a view that is there already.
#[must_use]
pub fn graph_of(view: &Definitions<'_>) -> Value {
    let processes: Vec<Value> =
        view.processes.iter().map(|p| json!({"id": p.id, "name": p.name})).collect();
    let pools: Vec<Value> = view
        .pools
        .iter()
        .map(|pool| json!({"id": pool.id, "name": pool.name, "process": pool.process}))
        .collect();
    let lanes: Vec<Value> = view
        .lanes
        .iter()
        .map(|lane| {
            let parent = lane.parent.and_then(|ix| view.lanes.get(ix)).map(|parent| parent.id);
            json!({"id": lane.id, "name": lane.name, "process": process(view, lane.owner),
                "parent": parent})
        })
        .collect();
    json!({"format": "motcua/graph/1", "processes": processes, "pools": pools, "lanes": lanes,
        "nodes": nodes(view), "edges": edges(view)})
}

fn process<'a>(view: &Definitions<'a>, owner: Owner) -> Option<&'a str> {
    view.process_of(owner).map(|process| process.id)
}

fn parent<'a>(view: &Definitions<'a>, owner: Owner) -> Option<&'a str> {
    view.parent_of(owner).map(|node| node.id)
}

fn nodes(view: &Definitions<'_>) -> Vec<Value> {
    let mut nodes: Vec<Value> = view.nodes.iter().map(|node| flow_node(view, node)).collect();
    for (element, owner) in &view.artefacts {
        if element.local == "textAnnotation" {
            let text: String =
                element.bpmn("text").map(|part| part.text.as_str()).collect::<Vec<_>>().join(" ");
            nodes.push(json!({"id": element.attr("id").unwrap_or_default(),
                "type": "textAnnotation", "name": crate::bpmn::words(&text),
                "process": process(view, *owner), "parent": parent(view, *owner)}));
        }
    }
    for data in &view.data {
        let kind = match data.element.local.as_str() {
            "dataObjectReference" => "dataObject",
            "dataStoreReference" => "dataStore",
            _ => continue,
        };
        let Some(owner) = data.owner else { continue };
        nodes.push(json!({"id": data.id, "type": kind, "name": data.name,
            "process": process(view, owner), "parent": parent(view, owner)}));
    }
    nodes
}

fn flow_node(view: &Definitions<'_>, node: &Node<'_>) -> Value {
    let mut facts = Map::new();
    let mut fact = |key: &str, value: Value| facts.insert(key.to_owned(), value);
    fact("id", json!(node.id));
    fact("type", json!(node.element.local));
    fact("name", json!(node.name));
    fact("process", json!(process(view, node.owner)));
    fact("parent", json!(parent(view, node.owner)));
    fact("lane", json!(view.lane_of(node).map(|lane| lane.id)));
    if node.kind.is_event() {
        let mut triggers: Vec<&str> = node.triggers.iter().map(|t| t.trigger.name()).collect();
        triggers.sort_unstable();
        fact("triggers", json!(triggers));
    }
    match node.kind {
        Kind::BoundaryEvent => {
            let on = node.attached_to().map(|id| view.resolve(id));
            fact("attached_to", json!(on));
            fact("interrupting", json!(node.interrupting()));
        }
        Kind::StartEvent => {
            fact("interrupting", json!(node.interrupting()));
        }
        _ => {}
    }
    if node.kind.is_activity() {
        let repeated = node.looping.as_ref().map_or("none", crate::bpmn::Loop::name);
        fact("loop", json!(repeated));
        fact("compensation", json!(node.for_compensation()));
    }
    if node.kind.is_sub_process() {
        fact("by_event", json!(node.by_event()));
    }
    if node.kind == Kind::CallActivity {
        fact("called", json!(node.called().map(|id| view.resolve(id))));
    }
    Value::Object(facts)
}

fn edges(view: &Definitions<'_>) -> Vec<Value> {
    let mut edges = Vec::new();
    for flow in &view.flows {
        let default = view.node(flow.source).and_then(Node::default_flow);
        let default = default.map(|id| view.resolve(id)) == Some(flow.id);
        edges.push(json!({"id": flow.id, "kind": "sequence", "name": flow.name,
            "source": flow.source, "target": flow.target,
            "default": default, "conditional": flow.condition.is_some()}));
    }
    for flow in &view.message_flows {
        edges.push(json!({"id": flow.id, "kind": "message", "name": flow.name,
            "source": flow.source, "target": flow.target}));
    }
    for association in &view.associations {
        edges.push(json!({"id": association.id, "kind": "association", "name": "",
            "source": association.source, "target": association.target}));
    }
    let kinds = ["dataObjectReference", "dataStoreReference"];
    let references = view.data.iter().filter(|d| kinds.contains(&d.element.local.as_str()));
    let held: HashSet<&str> = references.map(|data| data.id).collect();
    for node in view.nodes.iter().filter(|node| node.kind.is_activity()) {
        for data in &node.data {
            let others: Vec<&str> =
                if data.input { data.sources.clone() } else { data.target.into_iter().collect() };
            for other in others.into_iter().filter(|other| held.contains(other)) {
                let (source, target) = if data.input { (other, node.id) } else { (node.id, other) };
                edges.push(json!({"id": data.id, "kind": "data", "name": "", "source": source,
                    "target": target}));
            }
        }
    }
    edges
}
