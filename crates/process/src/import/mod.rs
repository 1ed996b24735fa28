//! Takes over models of other engines: their attributes become ours, and it is told what did not.
//!
//! Everything of the vendor stays in the file, so that it still opens in the vendor's modeller;
//! ours is added beside it. Expressions become FEEL.

mod texts;
mod vendors;

use crate::document::{Document, EditError};
use crate::model::{BPMN_NS, Element, MC_NS};
use crate::problem::Problem;
use crate::profile::{is_duration, is_key};

use vendors::{Meaning, meaning_of_attribute, meaning_of_element, prefix};

/// What became of something of a vendor's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It became something of ours.
    Mapped,
    /// It is executed as it is written.
    Kept,
    /// It has no bearing on the work here.
    Ignored,
    /// It means something, but nothing here does the same; a person must decide.
    NotMapped,
}

/// What became of one attribute, element or expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Remark {
    /// Id of the element, or of the nearest one around it with an id.
    pub element: String,
    /// Its name, or empty.
    pub name: String,
    /// Line, from 1.
    pub line: usize,
    /// The vendor's name for it (`camunda:assignee`), or the element with the expression.
    pub what: String,
    /// Its value as written.
    pub value: String,
    /// What became of it.
    pub outcome: Outcome,
    /// What it became, such as `mc:job="notify"`.
    pub into: String,
    /// The same in Vietnamese.
    pub message_vi: String,
    /// The same in English.
    pub message_en: String,
}

/// Maps the attributes and expressions of camunda, zeebe, flowable, activiti and operaton.
///
/// # Errors
/// As [`crate::read`], when the document is no BPMN.
pub fn map_vendor(document: &Document) -> Result<(Document, Vec<Remark>), Vec<Problem>> {
    // Read anew, so that the places of the elements are those of the text as it is now.
    let bytes = document.write();
    let model = crate::read(&bytes, document.file())?;
    let document = Document::read(&bytes, document.file())?;
    let mut import = Import { document, remarks: Vec::new() };
    import.walk(model.root(), model.root());
    import.lanes(model.root());
    import.remarks.sort_by_key(|remark| remark.line);
    Ok((import.document, import.remarks))
}

struct Import {
    document: Document,
    remarks: Vec<Remark>,
}

/// An element with the nearest one around it that has an id.
#[derive(Clone, Copy)]
struct Spot<'a> {
    owner: &'a Element,
    element: &'a Element,
}

impl Import {
    fn walk(&mut self, element: &Element, around: &Element) {
        let owner = if element.attr("id").is_some() { element } else { around };
        let spot = Spot { owner, element };
        if element.namespace == BPMN_NS {
            for attribute in &element.attributes {
                if let Some(prefix) = prefix(&attribute.namespace) {
                    let what = format!("{prefix}:{}", attribute.local);
                    let meaning = meaning_of_attribute(&element.local, &attribute.local);
                    self.take(spot, &what, &attribute.value, meaning);
                }
            }
            self.expression(spot);
        }
        let extensions = element.is_bpmn("extensionElements");
        for child in &element.children {
            match prefix(&child.namespace) {
                Some(prefix) if extensions => self.extension(spot, prefix, child),
                _ => self.walk(child, owner),
            }
        }
    }

    fn extension(&mut self, spot: Spot<'_>, prefix: &str, child: &Element) {
        let owner = Spot { owner: spot.owner, element: spot.owner };
        let parts = meaning_of_element(&child.local);
        if parts.is_empty() {
            let what = format!("{prefix}:{}", child.local);
            self.remark(owner, child.line, &what, "", Outcome::NotMapped, "");
        }
        for (attribute, meaning) in parts {
            let Some(value) = child.attr(attribute) else { continue };
            let what = format!("{prefix}:{} {attribute}", child.local);
            self.take(owner, &what, value, *meaning);
        }
    }

    fn take(&mut self, spot: Spot<'_>, what: &str, value: &str, meaning: Meaning) {
        let line = spot.element.line;
        let plain = value.strip_prefix('=').map_or(value, str::trim).trim_matches('"');
        let (outcome, into) = match meaning {
            Meaning::Ignored => (Outcome::Ignored, String::new()),
            Meaning::Kept => (Outcome::Kept, String::new()),
            Meaning::Unknown => (Outcome::NotMapped, String::new()),
            Meaning::Job => self.job(spot, plain),
            Meaning::Key(name) if is_key(&key(plain)) => self.set(spot, MC_NS, name, &key(plain)),
            Meaning::Name(name) if !plain.is_empty() && !plain.contains(['$', '#', '{', '=']) => {
                self.set(spot, MC_NS, name, plain)
            }
            Meaning::Limit if is_duration(plain) => self.set(spot, MC_NS, "limit", plain),
            Meaning::Plain(name) if !plain.is_empty() => self.set(spot, "", name, plain),
            // The lane decides who works; `lanes` looks at the groups of all its tasks.
            Meaning::Group => return,
            _ => (Outcome::NotMapped, String::new()),
        };
        self.remark(spot, line, what, value, outcome, &into);
    }

    /// Work for an outside worker: a job that the case waits for.
    fn job(&mut self, spot: Spot<'_>, topic: &str) -> (Outcome, String) {
        let job = key(topic);
        if !is_key(&job) || spot.owner.local != "serviceTask" {
            return (Outcome::NotMapped, String::new());
        }
        let (_, into) = self.set(spot, MC_NS, "job", &job);
        let (outcome, wait) = self.set(spot, MC_NS, "wait", "true");
        (outcome, format!("{into} {wait}"))
    }

    /// Sets an attribute of the owner, unless the file says something of its own already.
    fn set(
        &mut self,
        spot: Spot<'_>,
        namespace: &str,
        name: &str,
        value: &str,
    ) -> (Outcome, String) {
        let told = spot.owner.attr_in(namespace, name);
        let prefix = if namespace.is_empty() { "" } else { "mc:" };
        if let Some(told) = told.filter(|told| *told != value) {
            return (Outcome::Ignored, format!("{prefix}{name}={told:?}"));
        }
        match self.set_at(spot.owner, namespace, name, value) {
            Ok(()) => (Outcome::Mapped, format!("{prefix}{name}={value:?}")),
            Err(_) => (Outcome::NotMapped, String::new()),
        }
    }

    fn set_at(
        &mut self,
        element: &Element,
        namespace: &str,
        name: &str,
        value: &str,
    ) -> Result<(), EditError> {
        let path = self.document.path_at(element.span.0).ok_or(EditError::Root)?;
        self.document.set_attribute_at(&path, namespace, name, value)
    }

    fn remark(
        &mut self,
        spot: Spot<'_>,
        line: usize,
        what: &str,
        value: &str,
        outcome: Outcome,
        into: &str,
    ) {
        if self.remarks.len() >= REMARKS {
            return;
        }
        let value: String = value.chars().take(VALUE_CHARS).collect();
        let (message_vi, message_en) = texts::messages(what, &value, outcome, into);
        self.remarks.push(Remark {
            element: spot.owner.attr("id").unwrap_or_default().to_owned(),
            name: spot.owner.attr("name").map(crate::bpmn::words).unwrap_or_default(),
            line,
            what: what.to_owned(),
            value,
            outcome,
            into: into.to_owned(),
            message_vi,
            message_en,
        });
    }

    /// Makes the expression or script in an element FEEL.
    fn expression(&mut self, spot: Spot<'_>) {
        let element = spot.element;
        let text = element.text.trim();
        let time = element.local.starts_with("time");
        let told = match element.local.as_str() {
            "conditionExpression"
            | "condition"
            | "loopCardinality"
            | "completionCondition"
            | "loopCondition"
            | "timeDate"
            | "timeDuration"
            | "timeCycle" => text,
            "script" => return self.script(spot),
            _ => return,
        };
        let feel = if told.contains("${") || told.contains("#{") {
            crate::dialect::Dialect::Juel.expression(told)
        } else if let Some(feel) = told.strip_prefix('=').filter(|_| !time) {
            Ok(feel.trim().to_owned())
        } else {
            return;
        };
        let feel = feel.map(|feel| if time { format!("= {feel}") } else { feel });
        let (outcome, into) = match feel {
            Ok(feel) => match self.set_text(element, &feel) {
                Ok(()) => (Outcome::Mapped, feel),
                Err(_) => (Outcome::NotMapped, String::new()),
            },
            Err(reason) => (Outcome::NotMapped, reason),
        };
        self.remark(spot, element.line, &element.local, told, outcome, &into);
    }

    fn script(&mut self, spot: Spot<'_>) {
        let format = spot.owner.attr("scriptFormat").unwrap_or_default();
        let feel = format.is_empty() || format.to_ascii_lowercase().contains("feel");
        if !feel {
            let what = format!("script ({format})");
            self.remark(spot, spot.element.line, &what, &spot.element.text, Outcome::NotMapped, "");
        }
    }

    fn set_text(&mut self, element: &Element, text: &str) -> Result<(), EditError> {
        let path = self.document.path_at(element.span.0).ok_or(EditError::Root)?;
        self.document.set_text_at(&path, text)
    }

    /// A lane whose tasks all name one group of candidates gets that group as its role.
    fn lanes(&mut self, root: &Element) {
        for process in root.bpmn("process") {
            let mut tasks = Vec::new();
            user_tasks(process, &mut tasks);
            let mut lanes = Vec::new();
            lanes_of(process, &mut lanes);
            for (task, what, group) in &tasks {
                let id = task.attr("id").unwrap_or_default();
                let lane = lanes.iter().rev().find(|lane| holds(lane, id));
                let spot = Spot { owner: task, element: task };
                let others = tasks.iter().filter(|(other, _, _)| {
                    lane.is_some_and(|lane| holds(lane, other.attr("id").unwrap_or_default()))
                });
                let mut others = others.map(|(_, _, group)| group);
                let role = key(group);
                let (outcome, into) = match lane {
                    Some(lane) if is_key(&role) && others.all(|other| other == group) => {
                        let lane = Spot { owner: lane, element: lane };
                        self.set(lane, MC_NS, "role", &role)
                    }
                    _ => (Outcome::NotMapped, String::new()),
                };
                self.remark(spot, task.line, what, group, outcome, &into);
            }
        }
    }
}

/// Most remarks; the rest are dropped.
const REMARKS: usize = 1_000;
/// Longest value in a remark, in characters.
const VALUE_CHARS: usize = 200;

/// A topic or name in the form of our keys: `SendMail` → `send-mail`.
fn key(text: &str) -> String {
    let mut key = String::new();
    let mut low = false;
    for c in text.trim().chars() {
        if c.is_ascii_uppercase() && low {
            key.push('-');
        }
        low = c.is_ascii_lowercase() || c.is_ascii_digit();
        match c.to_ascii_lowercase() {
            c if c.is_ascii_alphanumeric() || "_.-".contains(c) => key.push(c),
            ' ' | ':' | '/' => key.push('-'),
            other => key.push(other),
        }
    }
    key
}

fn user_tasks<'a>(element: &'a Element, found: &mut Vec<(&'a Element, String, String)>) {
    for child in &element.children {
        if child.is_bpmn("userTask") {
            let groups = child.attributes.iter().filter_map(|attribute| {
                let prefix = prefix(&attribute.namespace)?;
                (attribute.local == "candidateGroups")
                    .then(|| (child, format!("{prefix}:candidateGroups"), attribute.value.clone()))
            });
            found.extend(groups);
            let inside = child.bpmn("extensionElements").flat_map(|part| &part.children);
            for part in inside.filter(|part| part.local == "assignmentDefinition") {
                if let (Some(prefix), Some(value)) =
                    (prefix(&part.namespace), part.attr("candidateGroups"))
                {
                    let what = format!("{prefix}:assignmentDefinition candidateGroups");
                    found.push((child, what, value.to_owned()));
                }
            }
        }
        user_tasks(child, found);
    }
}

fn lanes_of<'a>(element: &'a Element, found: &mut Vec<&'a Element>) {
    for child in element.children.iter().filter(|child| child.namespace == BPMN_NS) {
        if child.local == "lane" {
            found.push(child);
        }
        lanes_of(child, found);
    }
}

fn holds(lane: &Element, id: &str) -> bool {
    lane.bpmn("flowNodeRef").any(|part| part.text.trim() == id)
}
