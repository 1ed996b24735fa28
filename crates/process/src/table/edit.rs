//! Edits of the table: each is made whole or not at all.

use serde::{Deserialize, Serialize};

use super::{StepKind, Time};
use crate::document::{Document, EditError, EditReason};

/// One change of the table of steps.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// Gives a step, lane, flow or process another name.
    Rename {
        /// The element.
        id: String,
        /// The name; empty for none.
        name: String,
    },
    /// Makes a step work of a person, a job or manual work.
    SetKind {
        /// The step.
        id: String,
        /// The kind: `User`, `Service` or `Manual`.
        kind: StepKind,
    },
    /// Puts a step into a lane: who does it.
    SetLane {
        /// The step.
        id: String,
        /// The lane.
        lane: String,
    },
    /// Adds a lane, below all others.
    AddLane {
        /// The process, when the file has several with lanes or none at all.
        process: Option<String>,
        /// The lane.
        lane: NewLane,
    },
    /// Changes name, role and unit of a lane.
    ChangeLane {
        /// The lane as it is to be; `id` names it.
        lane: NewLane,
    },
    /// Takes an empty lane away.
    RemoveLane {
        /// The lane.
        id: String,
    },
    /// Sets the time of a step, or the duration of a timer.
    SetTime {
        /// The step or timer event.
        id: String,
        /// The time; `None` for a step without a time of its own.
        time: Option<Time>,
    },
    /// Sets how a user task may end.
    SetOutcomes {
        /// The user task.
        id: String,
        /// Keys; none when any one outcome ends it.
        outcomes: Vec<String>,
    },
    /// Puts a new step in.
    Insert {
        /// Where.
        spot: Spot,
        /// The step.
        step: NewRow,
    },
    /// Takes a step out; the ways to it lead on. A parallel part left with one branch dissolves.
    Remove {
        /// The step.
        id: String,
    },
    /// Puts a step elsewhere.
    Move {
        /// The step.
        id: String,
        /// Where.
        spot: Spot,
    },
    /// Sets where a step leads; several ways make a choice after it, one way ends the choice.
    SetNext {
        /// The step.
        id: String,
        /// The ways, in the order in which their conditions are looked at.
        ways: Vec<Way>,
    },
    /// Adds a step that runs at the same time as another one.
    Parallel {
        /// The step that is there.
        beside: String,
        /// The new step.
        step: NewRow,
    },
    /// Lays out the whole diagram anew.
    Layout,
}

/// Where a step is put.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    /// Right after a step that leads one way.
    After(String),
    /// Right before a step: all ways to it lead to the new one.
    Before(String),
    /// Into a sequence flow.
    Flow(String),
}

/// A step to be put in.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NewRow {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// `User`, `Service` or `Manual`.
    pub kind: StepKind,
    /// Its lane; without one it stands where its neighbours stand.
    pub lane: Option<String>,
    /// Its time.
    pub time: Option<Time>,
    /// Its outcomes, for a user task.
    #[serde(default)]
    pub outcomes: Vec<String>,
}

/// A lane that is added or changed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct NewLane {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// `mc:role`: who.
    pub role: Option<String>,
    /// `mc:unit`: at which unit.
    pub unit: Option<String>,
}

/// A way on from a step.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Way {
    /// The step that it leads to.
    pub to: String,
    /// Its condition in FEEL.
    #[serde(default)]
    pub condition: Option<String>,
    /// Taken when no condition holds.
    #[serde(default)]
    pub default: bool,
    /// The name of the way for people; `None` leaves it as it is.
    #[serde(default)]
    pub name: Option<String>,
}

impl Way {
    /// A way without a condition.
    #[must_use]
    pub fn to(to: &str) -> Self {
        Self { to: to.to_owned(), condition: None, default: false, name: None }
    }

    /// A way with a condition.
    #[must_use]
    pub fn when(to: &str, condition: &str) -> Self {
        Self { condition: Some(condition.to_owned()), ..Self::to(to) }
    }

    /// The way that is taken when no condition holds.
    #[must_use]
    pub fn otherwise(to: &str) -> Self {
        Self { default: true, ..Self::to(to) }
    }
}

impl Document {
    /// Makes one change of the table of steps. All else in the file stays as it was written; new
    /// shapes find their place in the diagram.
    ///
    /// # Errors
    /// The element and the reason; the document is then as before.
    pub fn edit(&mut self, edit: &Edit) -> Result<(), EditError> {
        let mut draft = self.clone();
        draft.make(edit)?;
        let unreadable = |problems: Vec<crate::Problem>| {
            let reason = problems.first().map(ToString::to_string).unwrap_or_default();
            EditError::refused("", EditReason::Unreadable(reason))
        };
        let bytes = draft.write();
        crate::read(&bytes, self.file()).map_err(unreadable)?;
        // Read anew, so that lines and places are those of the text as it is now.
        *self = Self::read(&bytes, self.file()).map_err(unreadable)?;
        Ok(())
    }

    fn make(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::Rename { id, name } => self.rename(id, name),
            Edit::SetKind { id, kind } => self.set_step_kind(id, kind),
            Edit::SetLane { id, lane } => self.set_lane(id, lane),
            Edit::AddLane { process, lane } => self.add_lane(process.as_deref(), lane),
            Edit::ChangeLane { lane } => self.change_lane(lane),
            Edit::RemoveLane { id } => self.remove_lane(id),
            Edit::SetTime { id, time } => self.set_time(id, time.as_ref()),
            Edit::SetOutcomes { id, outcomes } => self.set_outcomes(id, outcomes),
            Edit::Insert { spot, step } => self.insert_row(spot, step),
            Edit::Remove { id } => self.remove_row(id),
            Edit::Move { id, spot } => self.move_row(id, spot),
            Edit::SetNext { id, ways } => self.set_next(id, ways),
            Edit::Parallel { beside, step } => self.add_parallel(beside, step),
            Edit::Layout => self.layout(),
        }
    }
}
