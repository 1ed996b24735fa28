//! Remarks that refuse nothing: what a person should look at before publication.

use std::collections::BTreeSet;

use crate::definition::{Definition, NodeKind};
use crate::limits;
use crate::problem::{Problem, Severity};

use super::kind_name;

/// Remarks about a process that compiles, each of severity warning: user tasks whose lane names no
/// unit, steps without a time in a process where others have one, doubts about its decision tables.
#[must_use]
pub fn remarks(def: &Definition, file: &str) -> Vec<Problem> {
    let mut found = Vec::new();
    let mut remark = |code: &str, node: &crate::Node, reason: String| {
        let element = (node.id.as_str(), node.name.as_str());
        let problem = Problem::error(code, file, node.line, element, kind_name(node.kind), reason);
        found.push(problem.as_warning());
    };
    let timed = |node: &crate::Node| node.limit.is_some() || node.limit_share.is_some();
    let any_time = def.nodes.iter().any(timed);
    let mut lanes = BTreeSet::new();
    for (_, node) in def.nodes() {
        if node.kind != NodeKind::UserTask {
            continue;
        }
        let lane = node.lane.as_deref().unwrap_or_default();
        if node.unit.is_none() && !lane.is_empty() && lanes.insert(lane) {
            let reason = format!("its lane {lane:?} names no unit (mc:unit)");
            remark("lane-without-unit", node, reason);
        }
        if any_time && !timed(node) && !node.for_compensation {
            let reason =
                "it has no time, but other steps have (mc:limitShare, mc:limit)".to_owned();
            remark("step-without-time", node, reason);
        }
    }
    let doubtful = def.table_problems().filter(|problem| problem.severity == Severity::Warning);
    found.extend(doubtful.map(|problem| Problem { file: file.to_owned(), ..problem.clone() }));
    found.sort_by_key(|problem| problem.line);
    found.truncate(limits::PROBLEMS);
    found
}
