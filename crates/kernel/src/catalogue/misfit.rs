//! What keeps the data of a province from fitting together.

use super::Catalogue;
use crate::ids::{ProcedureCode, UnitId};
use crate::procedure::{self, ProcessEdition};
use std::collections::HashMap;
use std::sync::Arc;

/// What does not fit together; nothing is used then.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Misfit {
    /// An edition names a process that is not there.
    #[error("procedure {code} edition {edition}: process {name} does not exist")]
    Process {
        /// Procedure.
        code: ProcedureCode,
        /// Edition.
        edition: u32,
        /// Process.
        name: String,
    },
    /// An edition names a form that is not there.
    #[error("procedure {code} edition {edition}: form {name} does not exist")]
    Form {
        /// Procedure.
        code: ProcedureCode,
        /// Edition.
        edition: u32,
        /// Form.
        name: String,
    },
    /// Two editions carry one number or are in force on one day.
    #[error("procedure {code}: editions {a} and {b} carry one number or overlap in time")]
    Overlap {
        /// Procedure.
        code: ProcedureCode,
        /// One edition.
        a: u32,
        /// The other.
        b: u32,
    },
    /// Two versions of a process carry one number, or a later one does not start later.
    #[error("process {name}: version {b} does not start after version {a}")]
    Version {
        /// Process.
        name: String,
        /// The version with the lower number.
        a: u32,
        /// The other.
        b: u32,
    },
    /// A process calls one that is not there, or comes back to itself.
    #[error("process {name} version {version}: {reason}")]
    Call {
        /// Process.
        name: String,
        /// Its version.
        version: u32,
        /// What is wrong.
        reason: String,
    },
    /// A calendar belongs to no unit.
    #[error("calendar of unit {0}: the unit does not exist")]
    CalendarUnit(UnitId),
}

/// Calls of processes that lead nowhere or back.
pub(super) fn of_calls(
    processes: &HashMap<String, Vec<Arc<ProcessEdition>>>,
    whole: &Catalogue,
) -> Vec<Misfit> {
    let mut misfits = Vec::new();
    for edition in processes.values().flatten() {
        let (name, day) = (edition.name.as_str(), edition.valid_from);
        let faults = procedure::call_faults(whole, name, &edition.definition, day);
        misfits.extend(faults.into_iter().map(|fault| Misfit::Call {
            name: name.to_owned(),
            version: edition.version,
            reason: format!("{}: {}", fault.element_id, fault.reason),
        }));
    }
    misfits
}
