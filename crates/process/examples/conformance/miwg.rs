//! The reference models of BPMN MIWG: every fact read, nothing lost on the way, every shape drawn.

use std::collections::BTreeSet;
use std::path::Path;

use process::Element;
use process::bpmn::Definitions;
use process::diagram::{Highlights, svg};
use serde_json::{Map, Value as Json};

use crate::report::{Row, Verdict};

/// Tries each model in three ways.
pub fn run(folder: &Path) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    let models = crate::entries(folder)?;
    for path in models.iter().filter(|path| path.extension().is_some_and(|end| end == "bpmn")) {
        let (bytes, name) = (crate::bytes(path)?, crate::name(path));
        let stem = name.trim_end_matches(".bpmn");
        let expected = crate::bytes(&folder.join("graphs").join(format!("{stem}.json")))?;
        let expected: Json = serde_json::from_slice(&expected).map_err(|why| why.to_string())?;
        let ways = [
            ("facts read", facts(&bytes, &name, &expected)),
            ("round trip", round_trip(&bytes, &name)),
            ("picture", picture(&bytes, &name)),
        ];
        for (group, found) in ways {
            let verdict = found.map_or_else(Verdict::Failed, |()| Verdict::Passed);
            let case = format!("{name}, {group}");
            rows.push(Row { group: group.to_owned(), case, verdict });
        }
    }
    rows.sort_by(|a, b| a.group.cmp(&b.group));
    Ok(rows)
}

/// A fact as text, without what may be left out.
fn fact(value: &Json) -> String {
    let empty = |value: &Json| match value {
        Json::Null | Json::Bool(false) => true,
        Json::String(text) => text.is_empty() || text == "none",
        Json::Array(list) => list.is_empty(),
        _ => false,
    };
    let object = value.as_object().into_iter().flatten();
    let mut kept: Vec<_> = object.filter(|(_, value)| !empty(value)).collect();
    kept.sort_by_key(|(key, _)| *key);
    let kept: Map<String, Json> = kept.into_iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    Json::Object(kept).to_string()
}

fn first(problems: &[process::Problem]) -> String {
    problems.first().map(ToString::to_string).unwrap_or_default()
}

/// The facts are those of an independent reader.
fn facts(bytes: &[u8], name: &str, expected: &Json) -> Result<(), String> {
    let graph = process::graph(bytes, name).map_err(|problems| first(&problems))?;
    for list in ["processes", "pools", "lanes", "nodes", "edges"] {
        let of = |graph: &Json| -> BTreeSet<String> {
            graph[list].as_array().into_iter().flatten().map(fact).collect()
        };
        let (found, expected) = (of(&graph), of(expected));
        if let Some(missing) = expected.difference(&found).next() {
            return Err(format!("{list}: {missing} was not read"));
        }
        if let Some(extra) = found.difference(&expected).next() {
            return Err(format!("{list}: {extra} is not in the model"));
        }
    }
    Ok(())
}

/// Reading and writing gives the same bytes, so the drawing and foreign elements too.
fn round_trip(bytes: &[u8], name: &str) -> Result<(), String> {
    let copy = process::convert(bytes, name).map_err(|problems| first(&problems))?;
    if copy == bytes { Ok(()) } else { Err("the copy differs from the file".to_owned()) }
}

/// Each shape and edge of the diagram is in the picture.
fn picture(bytes: &[u8], name: &str) -> Result<(), String> {
    let model = process::read(bytes, name).map_err(|problems| first(&problems))?;
    let picture = svg(&Definitions::of(&model), &Highlights::default());
    let mut open: Vec<&Element> = vec![model.root()];
    while let Some(element) = open.pop() {
        if matches!(element.local.as_str(), "BPMNShape" | "BPMNEdge") {
            let id = element.attr("bpmnElement").unwrap_or_default();
            let local = id.split_once(':').map_or(id, |(_, local)| local);
            let is_drawn = |id: &str| picture.contains(&format!("data-id=\"{id}\""));
            if !is_drawn(id) && !is_drawn(local) {
                return Err(format!("{id} is not drawn"));
            }
        }
        open.extend(&element.children);
    }
    Ok(())
}
