//! The processes that a process calls: each must be there when a case comes to the call, and no
//! chain of calls may come back to where it began.

use super::ProcessEdition;
use crate::calendar::Date;
use crate::catalogue::Catalogue;
use process::{Definition, Node, Problem};
use std::collections::HashSet;
use std::sync::Arc;

/// Codes of the findings.
const UNKNOWN: &str = "called-process-unknown";
const CIRCLE: &str = "calls-in-a-circle";
const DEEP: &str = "calls-too-deep";

/// What keeps a process from being published from a day on: calls of processes or versions that are
/// not in force then, and calls that come back to it or nest too deep.
#[must_use]
pub fn call_faults<'c>(
    catalogue: &'c Catalogue,
    name: &'c str,
    definition: &'c Definition,
    day: Date,
) -> Vec<Problem> {
    let file = format!("{name}.bpmn");
    let mut problems = Vec::new();
    let mut walk = Walk { catalogue, day, way: vec![name], sound: HashSet::new() };
    for (node, called, version) in calls(definition) {
        if let Some((code, reason)) = walk.fault((called, version)) {
            let element = (node.id.as_str(), node.name.as_str());
            problems.push(Problem::error(code, &file, node.line, element, "callActivity", reason));
        }
    }
    problems.truncate(process::limits::PROBLEMS);
    problems
}

/// The calls of a process, each with the name and version that it asks for.
fn calls(definition: &Definition) -> impl Iterator<Item = (&Node, &str, Option<u32>)> {
    definition.nodes().filter_map(|(_, node)| {
        let (called, version) = node.calls()?;
        Some((node, called, version))
    })
}

/// A walk along calls.
struct Walk<'c> {
    catalogue: &'c Catalogue,
    day: Date,
    /// The processes from the first to where it is.
    way: Vec<&'c str>,
    /// Those whose calls were all followed, with the depth at which they stood.
    sound: HashSet<(&'c str, Option<u32>, usize)>,
}

impl<'c> Walk<'c> {
    fn fault(&mut self, called: (&'c str, Option<u32>)) -> Option<(&'static str, String)> {
        let (name, version) = called;
        if self.way.contains(&name) {
            let chain = self.way.join(" → ");
            return Some((CIRCLE, format!("the calls come back: {chain} → {name}")));
        }
        let deepest = process::limits::CALL_DEPTH;
        if self.way.len() > deepest {
            return Some((DEEP, format!("calls nest deeper than {deepest}")));
        }
        let place = (name, version, self.way.len());
        if self.sound.contains(&place) {
            return None;
        }
        let Some(edition) = meant(self.catalogue, called, self.day) else {
            let reason = match version {
                Some(version) => format!("there is no version {version} of a process {name}"),
                None => format!("no process {name} is in force on {}", self.day),
            };
            return Some((UNKNOWN, reason));
        };
        self.way.push(name);
        let mut next = calls(&edition.definition);
        let found = next.find_map(|(_, called, version)| self.fault((called, version)));
        self.way.pop();
        if found.is_none() {
            self.sound.insert(place);
        }
        found
    }
}

/// The version that a call means on a day.
fn meant<'c>(
    catalogue: &'c Catalogue,
    (called, version): (&str, Option<u32>),
    day: Date,
) -> Option<&'c Arc<ProcessEdition>> {
    match version {
        Some(version) => catalogue.process(called, version),
        None => catalogue.process_in_force(called, day),
    }
}
