//! Versions of a process: each with the day from which cases are accepted under it, its file and
//! the SHA-256 of that file. A case runs to its end on the version that its acceptance pinned.

use crate::calendar::Date;
use crate::org::Role;
use process::{Definition, Node, NodeKind, Problem};
use std::sync::Arc;

/// The version that a case ran on before versions were recorded, and that the seeds carry.
pub const FIRST_VERSION: u32 = 1;
/// What a lane may name as its unit: where the case was received, or where it is decided.
pub const LANE_UNITS: [&str; 2] = ["receiving", "deciding"];

/// Codes of the findings that this file adds to those of the engine.
const NOT_CARRIED_OUT: &str = "not-carried-out";
const LANE_ROLE: &str = "lane-role";
const LANE_UNIT: &str = "lane-unit";
const PROCESS_ID: &str = "process-id";
const TIMER_UNCOUNTED: &str = "timer-uncounted";

/// One published version of a process.
#[derive(Clone, PartialEq, Debug)]
pub struct ProcessEdition {
    /// Name of the process: the id of the `process` element in its file, and what the editions of
    /// procedures call it by.
    pub name: String,
    /// Number of the version, from [`FIRST_VERSION`]; never given twice.
    pub version: u32,
    /// First day on which cases are accepted under it; it ends where the next one starts.
    pub valid_from: Date,
    /// Title for people.
    pub title: String,
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: String,
    /// The file, as it was published.
    pub xml: Arc<str>,
    /// The file compiled.
    pub definition: Arc<Definition>,
}

/// Where a version stands on a day. It follows from the days alone, so it is never out of date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Its first day is still to come.
    Planned,
    /// Cases are accepted under it.
    InForce,
    /// A later one took its place; cases accepted under it end under it.
    Superseded,
}

impl ProcessEdition {
    /// Compiles a file as a version of a process and checks all that a publication needs: see
    /// [`check`].
    ///
    /// # Errors
    /// Every finding.
    pub fn compile(
        name: &str,
        version: u32,
        valid_from: Date,
        xml: &str,
    ) -> Result<Self, Vec<Problem>> {
        let definition = check(name, xml, &file_name(name))?;
        Ok(Self::of(name, version, valid_from, xml, definition))
    }

    /// A version of a file that was checked already.
    #[must_use]
    pub fn of(
        name: &str,
        version: u32,
        valid_from: Date,
        xml: &str,
        definition: Definition,
    ) -> Self {
        Self {
            name: name.to_owned(),
            version,
            valid_from,
            title: definition.name().to_owned(),
            sha256: definition.sha256().to_owned(),
            xml: xml.into(),
            definition: Arc::new(definition),
        }
    }

    /// Compiles a file that was published before: what a later program would not publish any more
    /// still carries the cases that are pinned to it.
    ///
    /// # Errors
    /// Every construct outside the engine's profile.
    pub fn published(
        name: &str,
        version: u32,
        valid_from: Date,
        xml: &str,
    ) -> Result<Self, Vec<Problem>> {
        let model = process::read(xml.as_bytes(), &file_name(name))?;
        let definition = process::compile_unchecked(&model)?;
        Ok(Self::of(name, version, valid_from, xml, definition))
    }
}

fn file_name(name: &str) -> String {
    format!("{name}.bpmn")
}

/// Checks that a file may be published as the process `name`: the engine compiles it and finds it
/// sound, a case carries out each of its steps, its timers can be counted, its lanes name roles and
/// units that exist, and its process bears the name.
///
/// # Errors
/// Every finding; `file` is the name that they carry.
pub fn check(name: &str, xml: &str, file: &str) -> Result<Definition, Vec<Problem>> {
    let model = process::read(xml.as_bytes(), file)?;
    let definition = process::compile(&model)?;
    let mut problems = Vec::new();
    if definition.id() != name {
        let reason = format!("expected the process {name}, but found {}", definition.id());
        let element = (definition.id(), definition.name());
        problems.push(Problem::error(PROCESS_ID, file, 0, element, "process", reason));
    }
    for node in crate::case::not_carried_out(&definition) {
        let reason = format!("no case carries out “{}” yet", node.name);
        problems.push(finding(NOT_CARRIED_OUT, file, node, reason));
    }
    for (_, node) in definition.nodes() {
        let timer = node.timer.as_ref().filter(|timer| !crate::case::is_countable(timer));
        problems.extend(timer.map(|_| {
            let reason = format!("no calendar can count the time of “{}”", node.name);
            finding(TIMER_UNCOUNTED, file, node, reason)
        }));
    }
    for (_, node) in definition.nodes().filter(|(_, node)| node.kind == NodeKind::UserTask) {
        problems.extend(lane(file, node));
    }
    problems.sort_by_key(|problem| problem.line);
    problems.truncate(process::limits::PROBLEMS);
    if problems.is_empty() { Ok(definition) } else { Err(problems) }
}

/// What is wrong with the lane of a task: somebody must be able to do it.
fn lane(file: &str, node: &Node) -> Vec<Problem> {
    let mut problems = Vec::new();
    match node.role.as_deref() {
        Some(role) if Role::from_key(role).is_some() => {}
        found => {
            let known = Role::ALL.map(Role::as_str).join(", ");
            let found = found.unwrap_or("none");
            let reason = format!("expected a lane with a role out of {known}, but found {found}");
            problems.push(finding(LANE_ROLE, file, node, reason));
        }
    }
    match node.unit.as_deref() {
        Some(unit) if LANE_UNITS.contains(&unit) => {}
        found => {
            let (known, found) = (LANE_UNITS.join(", "), found.unwrap_or("none"));
            let reason = format!("expected a lane with a unit out of {known}, but found {found}");
            problems.push(finding(LANE_UNIT, file, node, reason));
        }
    }
    problems
}

fn finding(code: &str, file: &str, node: &Node, reason: String) -> Problem {
    let element = (node.id.as_str(), node.name.as_str());
    Problem::error(code, file, node.line, element, &format!("{:?}", node.kind), reason)
}

/// The compiled process of a case at every place of its history.
#[derive(Clone, Copy, Debug)]
pub enum Definitions<'a> {
    /// One, whatever version a case is pinned to: a trial of a draft, a test.
    One(&'a Definition),
    /// The published versions of one process, in order of number.
    Versions(&'a [Arc<ProcessEdition>]),
}

impl<'a> Definitions<'a> {
    /// The one that a version number names.
    #[must_use]
    pub fn of(self, version: u32) -> Option<&'a Definition> {
        match self {
            Self::One(definition) => Some(definition),
            // A handful of versions: the newest are asked for most.
            Self::Versions(all) => {
                all.iter().rev().find(|e| e.version == version).map(|e| &*e.definition)
            }
        }
    }

    /// The version under which cases are accepted on a day.
    #[must_use]
    pub fn version_on(self, day: Date) -> Option<u32> {
        match self {
            Self::One(_) => Some(FIRST_VERSION),
            Self::Versions(all) => in_force(all, day).map(|e| e.version),
        }
    }
}

impl<'a> From<&'a Definition> for Definitions<'a> {
    fn from(definition: &'a Definition) -> Self {
        Self::One(definition)
    }
}

impl<'a> From<&'a Arc<Definition>> for Definitions<'a> {
    fn from(definition: &'a Arc<Definition>) -> Self {
        Self::One(definition)
    }
}

/// The one of some versions that is in force on a day: the one that started last.
pub(crate) fn in_force(all: &[Arc<ProcessEdition>], day: Date) -> Option<&Arc<ProcessEdition>> {
    all.iter().filter(|e| e.valid_from <= day).max_by_key(|e| e.valid_from)
}

/// Where one of some versions stands on a day.
pub(crate) fn standing(all: &[Arc<ProcessEdition>], version: u32, day: Date) -> Option<Standing> {
    let edition = all.iter().find(|e| e.version == version)?;
    Some(match in_force(all, day) {
        Some(now) if now.version == version => Standing::InForce,
        _ if edition.valid_from > day => Standing::Planned,
        _ => Standing::Superseded,
    })
}
