//! Links between an asking case and its child cases: consultations, interlinked steps and called
//! processes.

use super::state::Case;
use crate::calendar::Date;
use crate::ids::{CaseId, UnitId};
use crate::org::Tree;
use crate::procedure::Edition;
use process::Vars;
use serde::{Deserialize, Serialize};

/// What [`ParentLink::job`] says of a case that carries out a called process.
pub const CALL: &str = "call";

/// The case and the waiting token that a child answers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ParentLink {
    /// The asking case.
    pub case: CaseId,
    /// Its waiting token.
    pub token: u32,
    /// `consult`, `interlink` or [`CALL`].
    pub job: String,
    /// The unit that asked.
    pub unit: UnitId,
    /// The asking case's code.
    pub code: String,
    /// What the call activity of the asking case calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<Call>,
}

/// A called process: what the child runs instead of the process of its procedure.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Call {
    /// Its name.
    pub process: String,
    /// The version that is meant; without one it is that of the day on which the child is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The variables with which it begins.
    #[serde(default, skip_serializing_if = "Vars::is_empty")]
    pub vars: Vars,
}

impl Case {
    /// The name of the process that the case runs on: what called it says so, else its edition.
    #[must_use]
    pub fn process_name<'a>(&'a self, edition: &'a Edition) -> &'a str {
        self.call().map_or(&edition.process, |call| &call.process)
    }

    /// What called this case, if a call activity did.
    #[must_use]
    pub fn call(&self) -> Option<&Call> {
        self.parent.as_ref().and_then(|parent| parent.call.as_ref())
    }
}

/// How a child answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// It came to its end.
    Done,
    /// It was stopped.
    Stopped,
    /// Its time ran out; silence counts as agreement where the process says so.
    Silent,
    /// The called process ended with an error.
    Failed,
}

/// What became of a called process.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Became {
    /// A child case runs it.
    Opened {
        /// The token that waits for it.
        token: u32,
        /// The unit that carries it out.
        unit: UnitId,
    },
    /// It came to its end.
    Returned {
        /// Its variables.
        vars: Vars,
    },
    /// It ended with an error that nothing in it caught, or was stopped.
    Failed {
        /// The code of the error; [`STOPPED`] for one that a person stopped.
        code: String,
    },
    /// It threw an escalation that nothing in it caught, and goes on.
    Escalated {
        /// The code.
        code: String,
    },
}

/// The error of a called process that a person stopped.
pub const STOPPED: &str = "stopped";

/// A child case, as the asking case knows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Child {
    /// The child.
    pub case: CaseId,
    /// The token that waits, or waited, for its answer.
    pub token: u32,
    /// The unit that was asked.
    pub unit: UnitId,
    /// Whether it answered.
    pub answered: bool,
    /// Whether it carries out a called process; then it ends with the token that waits for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub call: bool,
}

impl Child {
    /// One that was just asked.
    pub(super) fn asked(case: CaseId, token: u32, unit: &UnitId, call: bool) -> Self {
        Self { case, token, unit: unit.clone(), answered: false, call }
    }
}

/// The units that are asked today: those chosen, else those of the edition without the one that
/// decides itself. `here` are the receiving desk and the deciding unit.
#[must_use]
pub fn consulted_units(
    chosen: &[UnitId],
    (desk, decides): (&UnitId, &UnitId),
    edition: &Edition,
    (tree, day): (&Tree, Date),
) -> Vec<UnitId> {
    if chosen.is_empty() {
        let found = edition.consults.iter();
        let found = found.filter_map(|target| edition.target(target, desk, tree, day).ok());
        return found.map(|unit| unit.id.clone()).filter(|unit| unit != decides).collect();
    }
    let today = |unit: &UnitId| tree.in_charge(unit, day).map(|unit| unit.id.clone());
    let mut units: Vec<UnitId> = chosen.iter().filter_map(today).collect();
    units.sort();
    units.dedup();
    units
}

/// The unit that carries out a called process: `asks` is the id of a unit, or a level or office as
/// in an edition (`district`, `province:stp`); without it the unit that decides the case.
#[must_use]
pub fn called_unit(
    asks: Option<&str>,
    case: &Case,
    edition: &Edition,
    (tree, day): (&Tree, Date),
) -> Option<UnitId> {
    let Some(asks) = asks.filter(|asks| !asks.is_empty()) else {
        return tree.in_charge(&case.decided_by, day).map(|unit| unit.id.clone());
    };
    let known = UnitId::from(asks);
    let unit = match tree.unit(&known) {
        Some(_) => tree.in_charge(&known, day),
        None => edition.target(asks, &case.desk, tree, day).ok(),
    };
    unit.map(|unit| unit.id.clone())
}
