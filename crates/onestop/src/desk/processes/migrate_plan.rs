//! The plan of a migration as a table: where a case can stand in the old version, what corresponds
//! to it in the new one and why, and the form that chooses another target.

use super::words;
use kit::{Entries, Faults, Field, T};
use process::diagram::Finding;
use process::migration::{By, Plan};
use process::table::Table;
use process::{Definition, NodeIx, NodeKind, Severity};
use std::collections::HashSet;

/// Element or branch of the old version.
pub(super) struct PlanRow {
    pub(super) name: String,
    pub(super) kind: String,
    /// What corresponds to it; empty when nothing does.
    pub(super) target: String,
    pub(super) why: String,
    /// Address of the form that chooses another; empty when the plan stands.
    pub(super) edit: String,
    pub(super) open: bool,
}

/// The form for one element.
pub(super) struct TargetForm {
    pub(super) title: String,
    pub(super) element: String,
    pub(super) field: Field,
}

/// One of the two versions.
#[derive(Clone, Copy)]
pub(super) struct Version<'a> {
    pub(super) definition: &'a Definition,
    pub(super) table: &'a Table,
}

/// Both, with the plan between them.
pub(super) struct Between<'a> {
    pub(super) t: T,
    pub(super) plan: &'a Plan,
    pub(super) old: Version<'a>,
    pub(super) new: Version<'a>,
}

/// Where a case can stand or what can ring for it; what is passed at once needs no counterpart.
fn holds_cases(definition: &Definition, ix: NodeIx) -> bool {
    let node = definition.node(ix);
    match node.kind {
        NodeKind::Parallel | NodeKind::Inclusive => {
            definition.flows().iter().filter(|flow| flow.to == ix).count() > 1
        }
        NodeKind::UserTask
        | NodeKind::ServiceTask
        | NodeKind::TimerCatch
        | NodeKind::TimerBoundary
        | NodeKind::Receive
        | NodeKind::Call
        | NodeKind::SubProcess
        | NodeKind::EventSubProcess
        | NodeKind::AdHoc
        | NodeKind::EventGateway
        | NodeKind::Catch
        | NodeKind::Boundary => true,
        NodeKind::Script => node.is_wait(),
        _ => false,
    }
}

/// How BPMN spells what a node is, for the word of it.
fn local(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::UserTask => "userTask",
        NodeKind::ServiceTask => "serviceTask",
        NodeKind::Parallel => "parallelGateway",
        NodeKind::Inclusive => "inclusiveGateway",
        NodeKind::EventGateway => "eventBasedGateway",
        NodeKind::TimerCatch | NodeKind::Catch => "intermediateCatchEvent",
        NodeKind::TimerBoundary | NodeKind::Boundary => "boundaryEvent",
        NodeKind::Receive => "receiveTask",
        NodeKind::Call => "callActivity",
        NodeKind::SubProcess | NodeKind::EventSubProcess => "subProcess",
        NodeKind::AdHoc => "adHocSubProcess",
        NodeKind::Script => "scriptTask",
        _ => "task",
    }
}

/// The name of an element or flow of a version.
pub(super) fn called(t: T, version: Version<'_>, id: &str) -> String {
    if version.table.row(id).is_some() {
        return words::called_id(t, version.table, id);
    }
    if let Some(ix) = version.definition.node_by_id(id) {
        let node = version.definition.node(ix);
        return match node.name.trim() {
            "" => format!("{} ({id})", words::element(t, local(node.kind))),
            name => name.to_owned(),
        };
    }
    let flows = version.definition.flows().iter();
    let flow = flows.into_iter().find(|flow| flow.id == id);
    flow.map_or_else(
        || id.to_owned(),
        |flow| {
            let from = &version.definition.node(flow.from).id;
            t.a1("process-migration-branch", "from", called(t, version, from))
        },
    )
}

impl Between<'_> {
    /// The rows: those without a target first, else in the order of the file.
    pub(super) fn rows(&self, to: &str, open: &str, editable: bool) -> Vec<PlanRow> {
        let mut rows: Vec<PlanRow> =
            self.elements().into_iter().map(|id| self.row(&id, to, open, editable)).collect();
        rows.sort_by_key(|row| !row.target.is_empty());
        rows
    }

    /// Elements at which cases stand, and the branches of joins that were found again.
    fn elements(&self) -> Vec<String> {
        let mut ids = Vec::new();
        for (ix, node) in self.old.definition.nodes() {
            if !holds_cases(self.old.definition, ix) {
                continue;
            }
            ids.push(node.id.clone());
            let joins = matches!(node.kind, NodeKind::Parallel | NodeKind::Inclusive);
            if joins && self.plan.nodes.contains_key(&node.id) {
                let flows = self.old.definition.flows().iter().filter(|flow| flow.to == ix);
                ids.extend(flows.map(|flow| flow.id.clone()));
            }
        }
        ids
    }

    fn target_of(&self, id: &str) -> Option<(&str, Option<By>)> {
        match self.plan.nodes.get(id) {
            Some(found) => Some((found.to.as_str(), Some(found.by))),
            None => self.plan.flows.get(id).map(|to| (to.as_str(), None)),
        }
    }

    fn row(&self, id: &str, to: &str, open: &str, editable: bool) -> PlanRow {
        let t = self.t;
        let found = self.target_of(id);
        let why = match found {
            None => t.s("process-migration-by-none"),
            Some((_, Some(By::Id))) => t.s("process-migration-by-id"),
            Some((_, Some(By::Traits))) => t.s("process-migration-by-traits"),
            Some((_, Some(By::Person))) => t.s("process-migration-by-person"),
            Some((_, None)) => t.s("process-migration-by-branch"),
        };
        let node = self.old.definition.node_by_id(id);
        let kind = node.map(|ix| words::element(t, local(self.old.definition.node(ix).kind)));
        PlanRow {
            name: called(t, self.old, id),
            kind: kind.unwrap_or_else(|| t.s("process-migration-flow")),
            target: found.map(|(to, _)| called(t, self.new, to)).unwrap_or_default(),
            why,
            edit: match editable {
                true => format!("{to}?phan-tu={}#chon", super::encoded(id)),
                false => String::new(),
            },
            open: open == id,
        }
    }

    /// The form that gives an element another target; `None` for an id that is not in the table.
    pub(super) fn form(&self, id: &str, entries: &Entries, faults: &Faults) -> Option<TargetForm> {
        let t = self.t;
        if !self.elements().iter().any(|known| known == id) {
            return None;
        }
        let now = self.target_of(id).map(|(to, _)| to.to_owned()).unwrap_or_default();
        let mut field = Field::select(t, "target", t.s("process-migration-target"));
        field = field.choice("", t.s("process-migration-target-none"));
        for target in self.targets(id) {
            let words = called(t, self.new, &target);
            field = field.choice(target, words);
        }
        let sent = entries.get("target").is_some();
        field = if sent { field.fill(entries, faults) } else { field.value(now) };
        Some(TargetForm {
            title: t.a1("process-migration-choose", "name", called(t, self.old, id)),
            element: id.to_owned(),
            field,
        })
    }

    /// Elements of the new version of the same kind that nothing else leads to.
    fn targets(&self, id: &str) -> Vec<String> {
        let taken: HashSet<&str> = self
            .plan
            .nodes
            .iter()
            .filter(|(old, _)| *old != id)
            .map(|(_, found)| found.to.as_str())
            .chain(self.plan.flows.iter().filter(|(old, _)| *old != id).map(|(_, to)| to.as_str()))
            .collect();
        let free = |id: &String| !taken.contains(id.as_str());
        if let Some(ix) = self.old.definition.node_by_id(id) {
            let kind = self.old.definition.node(ix).kind;
            let nodes = self.new.definition.nodes().filter(|(_, node)| node.kind == kind);
            return nodes.map(|(_, node)| node.id.clone()).filter(free).collect();
        }
        let flows = self.old.definition.flows().iter();
        let Some(join) = flows.into_iter().find(|flow| flow.id == id).map(|flow| flow.to) else {
            return Vec::new();
        };
        let join = self.plan.nodes.get(&self.old.definition.node(join).id);
        let join = join.and_then(|found| self.new.definition.node_by_id(&found.to));
        let flows = self.new.definition.flows().iter().filter(|flow| Some(flow.to) == join);
        flows.map(|flow| flow.id.clone()).filter(free).collect()
    }

    /// How many rows have no target.
    pub(super) fn missing(&self) -> usize {
        self.elements().iter().filter(|id| self.target_of(id).is_none()).count()
    }

    /// Marks for the drawing of the old version: what has no counterpart.
    pub(super) fn marks_old(&self) -> Vec<Finding> {
        let ids = self.elements().into_iter().filter(|id| self.target_of(id).is_none());
        let text = self.t.s("process-migration-mark-old");
        ids.map(|element| mark(element, Severity::Error, &text)).collect()
    }

    /// Marks for the drawing of the new version: what nothing corresponds to.
    pub(super) fn marks_new(&self) -> Vec<Finding> {
        let definition = self.new.definition;
        let added = self.plan.added.iter().filter(|id| {
            let at: Option<NodeIx> = definition.node_by_id(id);
            at.is_some_and(|ix| holds_cases(definition, ix))
        });
        let text = self.t.s("process-migration-mark-new");
        added.map(|element| mark(element.clone(), Severity::Warning, &text)).collect()
    }
}

fn mark(element: String, severity: Severity, text: &str) -> Finding {
    Finding { element, severity, text: text.to_owned() }
}
