//! The data of a calendar before it is compiled: the week, and what differs from it.

use serde::{Deserialize, Serialize};

use super::time::{ClockTime, Date, Instant};

/// Keys of the weekdays, Monday first.
pub const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// A stretch of a day: the start belongs to it, the end does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Window {
    /// Start.
    pub from: ClockTime,
    /// End, not before the start; before 24:00 in working and desk windows.
    pub to: ClockTime,
}

/// One weekday: when working time passes, and when files are received.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct WeekdaySpec {
    /// Windows of working time; none makes a weekly rest day.
    #[serde(default)]
    pub work: Vec<Window>,
    /// Windows of reception; `None` means those of `work`.
    #[serde(default)]
    pub desk: Option<Vec<Window>>,
}

/// What an entry does to its date.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum EntryKind {
    /// Public holiday (Labour Code 2019 Art. 112); moved where it falls on a weekly rest day.
    Holiday {
        /// Reception on that day, if any.
        #[serde(default)]
        desk: Vec<Window>,
    },
    /// A working day given off in exchange for another.
    SwappedOff {
        /// Reception on that day, if any.
        #[serde(default)]
        desk: Vec<Window>,
    },
    /// A rest day that is worked.
    SwappedWork {
        /// Its windows; `None` means Monday's.
        #[serde(default)]
        work: Option<Vec<Window>>,
        /// Its reception; `None` means its own `work`.
        #[serde(default)]
        desk: Option<Vec<Window>>,
    },
    /// The unit is closed for a part of the day or all of it.
    Closure {
        /// From when, 00:00 for the whole day.
        from: ClockTime,
        /// Until when, 24:00 for the whole day.
        to: ClockTime,
    },
}

/// One date that differs from the week.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct EntrySpec {
    /// The date.
    pub date: Date,
    /// What happens on it.
    #[serde(flatten)]
    pub kind: EntryKind,
    /// Before this moment nobody knows of the entry; `None`: always known.
    #[serde(default)]
    pub published_at: Option<Instant>,
    /// From this moment on it holds no more: what was announced was taken back; `None`: it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Instant>,
    /// What people call it; may be empty.
    #[serde(default)]
    pub name: String,
}

impl EntrySpec {
    /// Whether the entry is known at a UTC second.
    pub(super) fn is_known(&self, utc: i64) -> bool {
        self.published_at.is_none_or(|at| at.sec(0) <= utc)
            && self.withdrawn_at.is_none_or(|at| utc < at.sec(0))
    }

    /// Whether the entry is known at an instant.
    #[must_use]
    pub fn is_known_at(&self, at: Instant) -> bool {
        self.is_known(at.sec(0))
    }

    /// Whether it and another one cannot both stand: two that are no closures on one date, known at
    /// one time.
    #[must_use]
    pub fn excludes(&self, other: &Self) -> bool {
        let plain = |entry: &Self| !matches!(entry.kind, EntryKind::Closure { .. });
        self.date == other.date && plain(self) && plain(other) && self.overlaps(other)
    }

    /// Whether there is a moment at which both are known.
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        let before = |a: &Self, b: &Self| match (a.withdrawn_at, b.published_at) {
            (Some(end), Some(start)) => end.sec(0) <= start.sec(0),
            _ => false,
        };
        !before(self, other) && !before(other, self)
    }
}

/// A calendar as data. [`super::Calendar::compile`] checks it and makes it countable.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct CalendarSpec {
    /// Its name; may be empty.
    #[serde(default)]
    pub name: String,
    /// Monday to Sunday.
    pub weekly: [WeekdaySpec; 7],
    /// Dates that differ, in any order.
    #[serde(default)]
    pub entries: Vec<EntrySpec>,
    /// Whether a holiday on a weekly rest day takes a later working day off (Labour Code 2019
    /// Art. 111.3).
    pub move_holidays: bool,
}
