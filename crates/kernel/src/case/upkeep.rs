//! What the program or an administrator does to running cases from outside their process: timers
//! of steps that stand while the clock stands, dates that an amended calendar moves, cases that go
//! to another version of their process. A released event is frozen, as in `event`.

use crate::calendar::Instant;
use process::{Event as Move, NodeIx};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How much of a step's time is left when its timer is stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeLeft {
    /// All of it: it begins when the clock runs again.
    Whole,
    /// Working days.
    WorkingDays(u32),
    /// Working seconds.
    WorkingSeconds(i64),
    /// Milliseconds by the clock on the wall.
    Millis(i64),
}

/// A timer of a step that stands still.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Paused {
    /// The token.
    #[serde(rename = "t")]
    pub token: u32,
    /// The timer event.
    #[serde(rename = "n")]
    pub node: NodeIx,
    /// What is left of its time.
    #[serde(rename = "l")]
    pub left: TimeLeft,
}

/// When a timer of a step rings.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct StepDue {
    /// The token.
    #[serde(rename = "t")]
    pub token: u32,
    /// The timer event.
    #[serde(rename = "n")]
    pub node: NodeIx,
    /// When it rings.
    #[serde(rename = "d")]
    pub due_at: Instant,
}

/// One event of upkeep.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpkeepEvent {
    /// The clock stands, and with it these timers of steps.
    TimersPaused {
        /// The timers with what is left of their time.
        timers: Vec<Paused>,
        /// When.
        at: Instant,
    },
    /// The clock runs again.
    TimersResumed {
        /// When they ring now.
        timers: Vec<StepDue>,
        /// When.
        at: Instant,
    },
    /// The calendar was amended and the last day of these timers is closed now (rule W5).
    TimersMoved {
        /// When they would have rung.
        before: Vec<StepDue>,
        /// When they ring now.
        timers: Vec<StepDue>,
        /// When.
        at: Instant,
    },
    /// The case went to another version of its process.
    Migrated {
        /// The migration.
        migration: Uuid,
        /// The version that it left.
        from: u32,
        /// The version that it runs on.
        to: u32,
        /// When the timers ring that began with it, counted from when their tokens came there.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        timers: Vec<StepDue>,
        /// When the timers would have rung that ended with it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        ended: Vec<StepDue>,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
    /// That was taken back: nothing had been done since.
    MigrationReverted {
        /// The migration.
        migration: Uuid,
        /// The version that it left again.
        from: u32,
        /// The version that it runs on.
        to: u32,
        /// When the timers ring that the migration had ended.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        timers: Vec<StepDue>,
        /// Numbers of the version that it left, and of the one that it runs on again: timers that
        /// went on have their old keys again.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        nodes: Vec<(NodeIx, NodeIx)>,
        /// The timers that stand, as before the migration.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        paused: Vec<Paused>,
        /// When.
        at: Instant,
        /// Moves of the process.
        moves: Vec<Move>,
    },
}

impl UpkeepEvent {
    /// Kind, as the journal's column has it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::TimersPaused { .. } => "timers_paused",
            Self::TimersResumed { .. } => "timers_resumed",
            Self::TimersMoved { .. } => "timers_moved",
            Self::Migrated { .. } => "migrated",
            Self::MigrationReverted { .. } => "migration_reverted",
        }
    }

    /// When it happened.
    #[must_use]
    pub fn at(&self) -> Instant {
        match self {
            Self::TimersPaused { at, .. }
            | Self::TimersResumed { at, .. }
            | Self::TimersMoved { at, .. }
            | Self::Migrated { at, .. }
            | Self::MigrationReverted { at, .. } => *at,
        }
    }

    /// The version of the process that the case is pinned to from here on, if it pins one.
    #[must_use]
    pub fn pins(&self) -> Option<u32> {
        match self {
            Self::Migrated { to, .. } | Self::MigrationReverted { to, .. } => Some(*to),
            _ => None,
        }
    }

    /// The moves of the process.
    #[must_use]
    pub fn moves(&self) -> &[Move] {
        match self {
            Self::Migrated { moves, .. } | Self::MigrationReverted { moves, .. } => moves,
            _ => &[],
        }
    }
}
