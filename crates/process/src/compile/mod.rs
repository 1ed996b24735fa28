//! Compiles a model into a definition: every element is executed or refused by name.

mod flows;
mod lanes;
mod nodes;

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::definition::{Definition, Node, NodeIx, NodeKind};
use crate::limits;
use crate::lint::lint;
use crate::model::{BPMN_NS, Element, Model};
use crate::problem::Problem;
use crate::profile;

/// Compiles a process file and checks that its process can be carried out.
///
/// # Errors
/// Every element outside the profile, every broken reference and every finding of `lint`, each with
/// file, line, id, name, kind and reason; at most `limits::PROBLEMS`.
pub fn compile(model: &Model) -> Result<Definition, Vec<Problem>> {
    let definition = compile_unchecked(model)?;
    let findings = lint(&definition, model.file());
    if findings.is_empty() { Ok(definition) } else { Err(findings) }
}

/// Compiles without `lint`: for suites of outside models that may be unsound on purpose. A case
/// that runs into a hole stops with a typed refusal.
///
/// # Errors
/// Every element outside the profile and every broken reference.
pub fn compile_unchecked(model: &Model) -> Result<Definition, Vec<Problem>> {
    let mut build = Build {
        model,
        problems: Vec::new(),
        nodes: Vec::new(),
        by_id: HashMap::new(),
        drawn: drawn_ids(model),
        used: HashSet::new(),
    };
    match build.definition() {
        Some(definition) if build.problems.is_empty() => Ok(definition),
        _ => {
            if build.problems.is_empty() {
                build.refuse(&model.root, "the process could not be compiled".to_owned());
            }
            build.problems.sort_by_key(|problem| problem.line);
            Err(build.problems)
        }
    }
}

struct Build<'a> {
    model: &'a Model,
    problems: Vec<Problem>,
    nodes: Vec<Node>,
    by_id: HashMap<String, NodeIx>,
    /// Ids of all that stands in a process, refused or not: a reference to what was refused by name
    /// is no fault of its own.
    drawn: HashSet<&'a str>,
    /// Ids of the nodes and flows taken so far.
    used: HashSet<&'a str>,
}

fn drawn_ids(model: &Model) -> HashSet<&str> {
    let inside = model.root.bpmn("process").flat_map(|process| &process.children);
    inside.filter_map(|child| child.attr("id")).collect()
}

impl<'a> Build<'a> {
    fn refuse(&mut self, element: &Element, reason: String) {
        self.refuse_part(element, &element.local, element.line, reason);
    }

    /// Refuses a part of an element under the element's id and name.
    fn refuse_part(&mut self, owner: &Element, kind: &str, line: usize, reason: String) {
        if self.problems.len() < limits::PROBLEMS {
            self.problems.push(Problem {
                file: self.model.file.clone(),
                line,
                element_id: owner.attr("id").unwrap_or_default().to_owned(),
                element_name: owner.attr("name").unwrap_or_default().to_owned(),
                kind: kind.to_owned(),
                reason,
            });
        }
    }

    fn definition(&mut self) -> Option<Definition> {
        let process = self.process()?;
        let mut flows = Vec::new();
        let mut lane_sets = Vec::new();
        for child in &process.children {
            match child.local.as_str() {
                _ if child.namespace != BPMN_NS => {
                    self.refuse(child, "a foreign element stands outside extensionElements".into());
                }
                "laneSet" => lane_sets.push(child),
                "sequenceFlow" => flows.push(child),
                local if profile::is_artefact(local) => self.check_extensions(child),
                _ => self.node(child),
            }
        }
        let mut placed = HashMap::new();
        for set in lane_sets {
            self.lanes(set, &mut placed);
        }
        self.attach(process);
        let flows = self.flows(process, &flows);
        let start = self.start(process)?;
        self.mark_drawn_returns(&flows);
        Some(Definition {
            id: process.attr("id").unwrap_or_default().to_owned(),
            name: process.attr("name").unwrap_or_default().to_owned(),
            sha256: hex(&Sha256::digest(&self.model.bytes)),
            nodes: std::mem::take(&mut self.nodes),
            flows,
            by_id: std::mem::take(&mut self.by_id),
            start,
            missing: Node::new("", "", NodeKind::Missing, 0),
        })
    }

    /// The one process of the file; other root elements are judged by the way.
    fn process(&mut self) -> Option<&'a Element> {
        let root = &self.model.root;
        let mut process = None;
        for child in root.children.iter().filter(|child| child.namespace == BPMN_NS) {
            match child.local.as_str() {
                "process" if process.is_none() => process = Some(child),
                "process" => self.refuse(child, "a file holds one process; this is another".into()),
                "collaboration" => self.collaboration(child),
                local if profile::is_declaration(local) => {}
                local => self.refuse(child, profile::refusal(local).to_owned()),
            }
        }
        match process {
            Some(found) => {
                self.check_extensions(found);
                if found.attr("isExecutable") == Some("false") {
                    self.refuse(found, "the process is marked as not executable".into());
                }
            }
            None => self.refuse(root, "there is no process in the file".into()),
        }
        process
    }

    fn collaboration(&mut self, collaboration: &'a Element) {
        for child in &collaboration.children {
            match child.local.as_str() {
                "participant" => {
                    for part in child.bpmn("participantMultiplicity") {
                        let reason = profile::refusal(&part.local).to_owned();
                        self.refuse_part(child, &part.local, part.line, reason);
                    }
                }
                local if profile::is_artefact(local) => {}
                local => self.refuse(child, profile::refusal(local).to_owned()),
            }
        }
    }

    fn check_extensions(&mut self, element: &Element) {
        for reason in profile::unknown_extensions(element) {
            self.refuse(element, reason);
        }
    }

    /// Ties boundary events to their tasks.
    fn attach(&mut self, process: &'a Element) {
        for element in process.bpmn("boundaryEvent") {
            let id = element.attr("id").unwrap_or_default();
            let Some(&event) = self.by_id.get(id) else { continue };
            let task = element.attr("attachedToRef").and_then(|task| self.by_id.get(task)).copied();
            let holder = task.and_then(|task| self.nodes.get_mut(usize::from(task.0)));
            match holder {
                Some(holder)
                    if matches!(holder.kind, NodeKind::UserTask | NodeKind::ServiceTask)
                        && holder.is_wait() =>
                {
                    holder.boundaries.push(event);
                    if let Some(node) = self.nodes.get_mut(usize::from(event.0)) {
                        node.attached_to = task;
                    }
                }
                _ => {
                    let reason = "it must stand on a user task or a waiting service task";
                    self.refuse(element, reason.to_owned());
                }
            }
        }
    }

    fn start(&mut self, process: &Element) -> Option<NodeIx> {
        let mut starts = (0_u16..).zip(&self.nodes).filter(|(_, n)| n.kind == NodeKind::Start);
        let first = starts.next().map(|(ix, _)| NodeIx(ix));
        let another = starts.next().map(|(_, node)| node.id.clone());
        if first.is_none() {
            self.refuse(process, "the process has no start event".to_owned());
        }
        if let Some(id) = another {
            self.refuse(process, format!("the process has a second start event, {id}"));
        }
        first
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
