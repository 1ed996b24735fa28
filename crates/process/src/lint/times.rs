//! The longest way through the step times, against the statutory limit.

use std::collections::{BTreeMap, BTreeSet};

use crate::definition::{Definition, Node, NodeIx, NodeKind, TimerSpec};
use crate::problem::Problem;

use super::kind_name;

/// Parts of one percent of the caller's unit are kept: amounts are counted in hundredths.
const PARTS: u64 = 100;

/// A step on the longest way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StepTime {
    /// The BPMN id.
    pub id: String,
    /// The name for people; may be empty.
    pub name: String,
    /// Its kind as BPMN spells it.
    pub kind: &'static str,
    /// Line of its start tag.
    pub line: usize,
    /// Its time, in hundredths of the caller's unit.
    pub hundredths: u64,
}

/// The longest way through a process.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Times {
    /// The sum of the times on it, in hundredths of the caller's unit.
    pub hundredths: u64,
    /// The statutory limit, in the caller's unit.
    pub limit: u64,
    /// Its steps that have a time, in order.
    pub steps: Vec<StepTime>,
    /// Steps whose duration the caller cannot compare, with the duration.
    pub unknown: Vec<(String, String)>,
}

impl Times {
    /// Whether the steps take longer than the law allows.
    #[must_use]
    pub fn exceeds(&self) -> bool {
        self.hundredths > self.limit.saturating_mul(PARTS)
    }

    /// A finding for each step on the way when it is too long: all of them together exceed the
    /// limit. Durations that cannot be compared are remarks.
    #[must_use]
    pub fn problems(&self, file: &str) -> Vec<Problem> {
        let mut found = Vec::new();
        let way: Vec<&str> = self.steps.iter().map(|step| step.id.as_str()).collect();
        let told = |hundredths: u64| {
            let (whole, part) = (hundredths / PARTS, hundredths % PARTS);
            if part == 0 { whole.to_string() } else { format!("{whole}.{part:02}") }
        };
        for step in self.steps.iter().filter(|_| self.exceeds()) {
            let reason = format!(
                "the steps {} take {} together, more than the statutory limit of {}; this one {}",
                way.join(", "),
                told(self.hundredths),
                self.limit,
                told(step.hundredths)
            );
            let element = (step.id.as_str(), step.name.as_str());
            found.push(Problem::error(
                "time-over-limit",
                file,
                step.line,
                element,
                step.kind,
                reason,
            ));
        }
        for (id, duration) in &self.unknown {
            let reason = format!("its time {duration} cannot be compared with the statutory limit");
            let problem = Problem::error("time-not-comparable", file, 0, (id, ""), "", reason);
            found.push(problem.as_warning());
        }
        found
    }
}

/// The longest way through the times of the steps. `limit` is the statutory limit in any unit;
/// `amount` tells a duration (`P5WD`) in the same unit, or `None` when it cannot be compared.
/// A share is a part of the limit. Ways back are not counted: each step counts once. Parallel
/// branches run at the same time, so the longest one counts. A step without a time of its own that
/// a timer interrupts takes as long as the timer; a timer in the flow takes its duration.
#[must_use]
pub fn lint_times(def: &Definition, limit: u64, amount: &dyn Fn(&str) -> Option<u64>) -> Times {
    let mut walk = Walk { def, limit, amount, unknown: BTreeMap::new() };
    let way = walk.level(None, 0);
    let unknown = walk.unknown.into_iter().collect();
    let timed = way.nodes.into_iter().filter(|(_, time)| *time > 0);
    let steps = timed.map(|(ix, hundredths)| {
        let node = def.node(ix);
        StepTime {
            id: node.id.clone(),
            name: node.name.clone(),
            kind: kind_name(node.kind),
            line: node.line,
            hundredths,
        }
    });
    Times { hundredths: way.total, limit, steps: steps.collect(), unknown }
}

/// A way with its steps.
#[derive(Clone, Default)]
struct Way {
    total: u64,
    nodes: Vec<(NodeIx, u64)>,
}

struct Walk<'a> {
    def: &'a Definition,
    limit: u64,
    amount: &'a dyn Fn(&str) -> Option<u64>,
    unknown: BTreeMap<String, String>,
}

impl Walk<'_> {
    /// The longest way through the process or a sub-process.
    fn level(&mut self, level: Option<NodeIx>, depth: usize) -> Way {
        let def = self.def;
        if depth > crate::limits::XML_DEPTH {
            return Way::default();
        }
        let inner = def.inner(level);
        let mut starts = inner.starts.clone();
        if level.is_none() {
            starts.extend(def.event_starts());
        }
        for handler in &inner.handlers {
            starts.push(*handler);
        }
        let order = order(def, &starts);
        // From the end backwards: the longest way on from each node.
        let mut best: BTreeMap<NodeIx, Way> = BTreeMap::new();
        for ix in order {
            let inside = self.inside(ix, depth);
            let time = self.time(ix);
            let own = time.unwrap_or(inside.total);
            let mut on = longest(&best, ways(def, ix));
            on.total = on.total.saturating_add(own);
            // A sub-process with a time of its own hides the times inside.
            let mut nodes = match time {
                Some(time) => vec![(ix, time)],
                None => inside.nodes,
            };
            nodes.append(&mut on.nodes);
            let mut way = Way { total: on.total, nodes };
            // Leaving early by a timer takes the timer's time instead of the step's own.
            for boundary in def.node(ix).boundaries.clone() {
                let mut early = longest(&best, ways(def, boundary));
                let time =
                    self.timer(boundary).unwrap_or(if self.cuts_late(boundary) { own } else { 0 });
                early.total = early.total.saturating_add(time);
                if early.total > way.total {
                    early.nodes.insert(0, (boundary, time));
                    way = early;
                }
            }
            best.insert(ix, way);
        }
        longest(&best, starts)
    }

    /// Events other than timers may come at the very end of the step.
    fn cuts_late(&self, boundary: NodeIx) -> bool {
        self.def.node(boundary).kind == NodeKind::Boundary
    }

    fn inside(&mut self, ix: NodeIx, depth: usize) -> Way {
        if self.def.node(ix).is_scope() { self.level(Some(ix), depth + 1) } else { Way::default() }
    }

    /// The time that a node says for itself.
    fn time(&mut self, ix: NodeIx) -> Option<u64> {
        let node = self.def.node(ix);
        if let Some(share) = node.limit_share {
            return Some(self.limit.saturating_mul(u64::from(share)));
        }
        if let Some(limit) = node.limit.clone() {
            return self.told(node, &limit);
        }
        if node.kind == NodeKind::TimerCatch {
            return self.timer(ix);
        }
        // The shortest timer that ends the step bounds it.
        let cutting = node.boundaries.iter().filter(|at| self.def.node(**at).interrupting);
        let cutting: Vec<NodeIx> = cutting.copied().collect();
        cutting.into_iter().filter_map(|at| self.timer(at)).min()
    }

    fn timer(&mut self, ix: NodeIx) -> Option<u64> {
        let node = self.def.node(ix);
        match &node.timer {
            Some(TimerSpec::Duration(text)) => self.told(node, &text.clone()),
            _ => None,
        }
    }

    fn told(&mut self, node: &Node, text: &str) -> Option<u64> {
        let amount = (self.amount)(text);
        if amount.is_none() {
            self.unknown.insert(node.id.clone(), text.to_owned());
        }
        amount.map(|amount| amount.saturating_mul(PARTS))
    }
}

/// Where a node leads.
fn ways(def: &Definition, ix: NodeIx) -> Vec<NodeIx> {
    let mut next: Vec<NodeIx> = def.outgoing(ix).map(|(_, flow)| flow.to).collect();
    if def.node(ix).kind == NodeKind::Throw {
        next.extend(def.link_target(ix));
    }
    next
}

/// The longest of the ways that are known; a way back is not yet known and does not count.
fn longest(best: &BTreeMap<NodeIx, Way>, next: Vec<NodeIx>) -> Way {
    let known = next.into_iter().filter_map(|to| best.get(&to));
    known.max_by_key(|way| way.total).cloned().unwrap_or_default()
}

/// Nodes in the order of finishing: each one after all that it leads to, but for ways back.
fn order(def: &Definition, starts: &[NodeIx]) -> Vec<NodeIx> {
    let (mut seen, mut finished) = (BTreeSet::new(), Vec::new());
    for start in starts {
        let mut open = vec![(*start, false)];
        while let Some((ix, done)) = open.pop() {
            if done {
                finished.push(ix);
                continue;
            }
            if !seen.insert(ix) {
                continue;
            }
            open.push((ix, true));
            let mut next = ways(def, ix);
            for boundary in &def.node(ix).boundaries {
                next.extend(ways(def, *boundary));
            }
            open.extend(next.into_iter().map(|to| (to, false)));
        }
    }
    finished
}
