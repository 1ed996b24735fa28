//! Compiles a model into definitions: every element is executed or refused by name.

mod events;
mod flows;
mod lanes;
mod nodes;
mod repeats;
mod shape;
mod tasks;
mod vendor;

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::bpmn::{Definitions, Kind};
use crate::definition::{Definition, Inner, Node, NodeIx, NodeKind};
use crate::dialect::Dialect;
use crate::dmn::{Decisions, Source};
use crate::limits;
use crate::lint::lint;
use crate::model::{Element, Model};
use crate::problem::{OUTSIDE_PROFILE, Problem, Severity};
use crate::profile;

/// Codes of findings, beside `outside-profile`.
pub(crate) mod code {
    /// A reference to something that is not there.
    pub(crate) const REFERENCE: &str = "missing-reference";
    /// An expression that cannot be read.
    pub(crate) const EXPRESSION: &str = "bad-expression";
    /// A timer without a usable time.
    pub(crate) const TIMER: &str = "bad-timer";
    /// An attribute of ours that is unknown or has no usable value.
    pub(crate) const EXTENSION: &str = "bad-extension";
    /// Something stands where it may not, or is missing where it must be.
    pub(crate) const STRUCTURE: &str = "bad-structure";
    /// Too many or too long.
    pub(crate) const LIMIT: &str = "limit";
}

/// Compiles a process file and checks that its process can be carried out.
///
/// # Errors
/// Every element outside the profile, every broken rule of the standard, every broken reference and
/// every finding of `lint`, each with file, line, id, name, kind and reason; at most
/// `limits::PROBLEMS`.
pub fn compile(model: &Model) -> Result<Definition, Vec<Problem>> {
    let definition = compile_unchecked(model)?;
    let mut findings = crate::rules::rules(model);
    findings.retain(|problem| problem.severity == Severity::Error);
    findings.extend(lint(&definition, model.file()));
    findings.extend(definition.table_problems().filter(|problem| refuses_tables(problem)).cloned());
    findings.sort_by_key(|problem| problem.line);
    findings.truncate(limits::PROBLEMS);
    for finding in &mut findings {
        finding.severity = Severity::Error;
    }
    if findings.is_empty() { Ok(definition) } else { Err(findings) }
}

/// Whether a finding about the decision tables in the file refuses it: an error, or rules that both
/// apply where only one may, which would stop the case that comes there.
fn refuses_tables(problem: &Problem) -> bool {
    problem.severity == Severity::Error || problem.code == "overlap"
}

/// Compiles without `lint`: for suites of outside models that may be unsound on purpose. A case
/// that runs into a hole stops with a typed refusal.
///
/// # Errors
/// Every element outside the profile and every broken reference.
pub fn compile_unchecked(model: &Model) -> Result<Definition, Vec<Problem>> {
    let (mut definitions, mut problems) = compile_all(model, Dialect::Feel, true);
    problems.sort_by_key(|problem| problem.line);
    match definitions.pop() {
        Some(definition) if problems.is_empty() => Ok(with_tables(definition, model)),
        _ => Err(problems),
    }
}

/// The process with the decision tables that its file brings along.
fn with_tables(definition: Definition, model: &Model) -> Definition {
    let sources = Source::within(model);
    if sources.is_empty() {
        return definition;
    }
    definition.with_decisions(Arc::new(Decisions::compile(&sources)))
}

/// Compiles every process of a file. `strict` is the house's own measure: one process, nothing
/// unknown, jobs by name. Otherwise what the standard allows and the profile covers will do.
pub(crate) fn compile_all(
    model: &Model,
    dialect: Dialect,
    strict: bool,
) -> (Vec<Definition>, Vec<Problem>) {
    let view = Definitions::of(model);
    let mut definitions = Vec::new();
    let mut problems = Vec::new();
    let sha256 = hex(&Sha256::digest(model.bytes()));
    let mut rest = Vec::new();
    profile::root_refusals(&view, strict, &mut |element, code, kind, line, reason| {
        rest.push(problem_of(view.file, element, code, kind, line, reason));
    });
    for process in 0..view.processes.len() {
        let mut build = Build::new(&view, process, dialect, strict);
        let built = build.definition(&sha256);
        if build.problems.is_empty() {
            definitions.extend(built);
        }
        rest.append(&mut build.problems);
    }
    for element in view.others.iter().filter(|other| profile::is_global_task(&other.local)) {
        let mut build = Build::new(&view, usize::MAX, dialect, strict);
        let built = build.global(element, &sha256);
        if build.problems.is_empty() {
            definitions.extend(built);
        }
        rest.append(&mut build.problems);
    }
    if view.processes.is_empty() {
        let reason = "there is no process in the file".to_owned();
        rest.push(problem_of(view.file, view.root, code::STRUCTURE, "definitions", 0, reason));
    }
    problems.append(&mut rest);
    problems.truncate(limits::PROBLEMS);
    (definitions, problems)
}

fn problem_of(
    file: &str,
    owner: &Element,
    code: &str,
    kind: &str,
    line: usize,
    reason: String,
) -> Problem {
    let id = owner.attr("id").unwrap_or_default();
    let name = owner.attr("name").unwrap_or_default();
    let line = if line == 0 { owner.line } else { line };
    Problem::error(code, file, line, (id, name), kind, reason)
}

struct Build<'a> {
    view: &'a Definitions<'a>,
    /// Which process of the file.
    process: usize,
    dialect: Dialect,
    strict: bool,
    problems: Vec<Problem>,
    nodes: Vec<Node>,
    /// The node at a place of the view.
    ixs: HashMap<usize, NodeIx>,
    by_id: HashMap<String, NodeIx>,
    /// Ids of the nodes and flows taken so far.
    used: HashSet<&'a str>,
}

impl<'a> Build<'a> {
    fn new(view: &'a Definitions<'a>, process: usize, dialect: Dialect, strict: bool) -> Self {
        Self {
            view,
            process,
            dialect,
            strict,
            problems: Vec::new(),
            nodes: Vec::new(),
            ixs: HashMap::new(),
            by_id: HashMap::new(),
            used: HashSet::new(),
        }
    }

    fn refuse(&mut self, element: &Element, code: &str, reason: String) {
        self.refuse_part(element, code, &element.local, element.line, reason);
    }

    /// Refuses a part of an element under the element's id and name.
    fn refuse_part(
        &mut self,
        owner: &Element,
        code: &str,
        kind: &str,
        line: usize,
        reason: String,
    ) {
        if self.problems.len() < limits::PROBLEMS {
            self.problems.push(problem_of(self.view.file, owner, code, kind, line, reason));
        }
    }

    fn outside(&mut self, owner: &Element, kind: &str, line: usize) {
        let reason = profile::refusal(kind).to_owned();
        self.refuse_part(owner, OUTSIDE_PROFILE, kind, line, reason);
    }

    fn node_mut(&mut self, ix: NodeIx) -> Option<&mut Node> {
        self.nodes.get_mut(usize::from(ix.0))
    }

    /// The node that a reference names, if it belongs to this process.
    fn named(&self, reference: &'a str) -> Option<NodeIx> {
        self.view.node_ix(reference).and_then(|ix| self.ixs.get(&ix)).copied()
    }

    fn definition(&mut self, sha256: &str) -> Option<Definition> {
        let view = self.view;
        let process = view.processes.get(self.process)?;
        self.check_process(process.element);
        for (at, node) in view.nodes.iter().enumerate() {
            if node.owner.process == self.process {
                self.node(at, node);
            }
        }
        for (at, node) in view.nodes.iter().enumerate() {
            if node.owner.process == self.process {
                self.wire(at, node);
            }
        }
        self.lanes();
        let flows = self.flows();
        self.mark_drawn_returns(&flows);
        let inner = self.shape(&flows);
        let start = self.start(process.element, &inner)?;
        // One plain start begins an instance; of several the first is taken.
        let begins =
            self.nodes.get(usize::from(start.0)).is_some_and(|n| n.kind == NodeKind::Start);
        let inner = if begins && inner.starts.len() > 1 {
            Inner { starts: vec![start], ..inner }
        } else {
            inner
        };
        let mut definition = self.finished(process.id, &process.name, sha256, flows, inner, start);
        shape::finish(&mut definition);
        Some(definition)
    }

    fn finished(
        &mut self,
        id: &str,
        name: &str,
        sha256: &str,
        flows: Vec<crate::Flow>,
        inner: Inner,
        start: NodeIx,
    ) -> Definition {
        Definition {
            id: id.to_owned(),
            name: name.to_owned(),
            sha256: sha256.to_owned(),
            nodes: std::mem::take(&mut self.nodes),
            flows,
            by_id: std::mem::take(&mut self.by_id),
            start,
            missing: Node::new("", "", NodeKind::Missing, 0),
            inner,
            event_starts: Vec::new(),
            reach: HashMap::new(),
            has_conditions: false,
            strict: self.strict,
            first_counter: u32::from(self.dialect != Dialect::Juel),
            tables: None,
        }
    }

    /// A global task is a process of one step.
    fn global(&mut self, element: &'a Element, sha256: &str) -> Option<Definition> {
        let kind = match element.local.as_str() {
            "globalUserTask" => NodeKind::UserTask,
            "globalScriptTask" => NodeKind::Script,
            "globalBusinessRuleTask" => NodeKind::Rule,
            _ => NodeKind::Pass,
        };
        let id = self.fresh_id(element)?;
        let name = element.attr("name").unwrap_or_default();
        let mut node = Node::new(id, name, kind, element.line);
        if kind == NodeKind::Script {
            self.scripted(element, &mut node);
        }
        self.by_id.insert(id.to_owned(), NodeIx(0));
        self.nodes.push(node);
        let inner = Inner { starts: vec![NodeIx(0)], ..Inner::default() };
        Some(self.finished(id, name, sha256, Vec::new(), inner, NodeIx(0)))
    }

    fn check_process(&mut self, element: &'a Element) {
        self.check_extensions(element);
        if self.strict && element.attr("isExecutable") == Some("false") {
            let reason = "the process is marked as not executable".to_owned();
            self.refuse(element, code::STRUCTURE, reason);
        }
        self.check_level(element);
    }

    /// Elements of a process or sub-process that are neither nodes nor known beside them.
    fn check_level(&mut self, element: &'a Element) {
        for child in &element.children {
            if child.namespace != crate::model::BPMN_NS {
                if self.strict {
                    let reason = "a foreign element stands outside extensionElements";
                    self.refuse(child, code::STRUCTURE, reason.to_owned());
                }
            } else if Kind::of(&child.local).is_none() && !profile::beside(&child.local) {
                self.outside(child, &child.local, child.line);
            } else if profile::is_artefact(&child.local) || child.local == "laneSet" {
                self.check_extensions(child);
            }
        }
    }

    fn check_extensions(&mut self, element: &Element) {
        for reason in profile::unknown_extensions(element) {
            self.refuse(element, code::EXTENSION, reason);
        }
    }

    /// The node where a plain start begins; any node when the process begins by events only.
    fn start(&mut self, process: &Element, inner: &Inner) -> Option<NodeIx> {
        let plain = |ix: &&NodeIx| {
            let node = self.nodes.get(usize::from(ix.0));
            node.is_some_and(|node| node.kind == NodeKind::Start)
        };
        let mut starts = inner.starts.iter().filter(plain);
        let (first, another) = (starts.next().copied(), starts.next().copied());
        if self.strict && first.is_none() {
            self.refuse(process, code::STRUCTURE, "the process has no start event".to_owned());
        }
        if let Some(another) = another.filter(|_| self.strict) {
            let id = self.nodes.get(usize::from(another.0)).map(|node| node.id.clone());
            let reason =
                format!("the process has a second start event, {}", id.unwrap_or_default());
            self.refuse(process, OUTSIDE_PROFILE, reason);
        }
        let any = inner.starts.first().copied().or(Some(NodeIx(0)));
        first.or(any.filter(|_| !self.nodes.is_empty()))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
