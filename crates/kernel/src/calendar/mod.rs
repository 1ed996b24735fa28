//! Working time, holidays and swapped days, and the ONE deadline algorithm with its explanation.
//!
//! A due date is derived from events, never typed over: [`derive`] takes a compiled [`Calendar`],
//! a [`Limit`] and the events of the clock, and gives the date with every step and its legal
//! ground. [`contract`] is the same engine as JSON.

mod check;
pub mod contract;
mod count;
mod derive;
mod holidays;
mod plan;
mod read;
mod rows;
mod spec;
mod time;
mod types;
mod view;

#[cfg(test)]
mod brute;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod worlds;

pub use derive::derive;
pub use holidays::DataFault;
pub use plan::{Calendar, Off, SEARCH_DAYS};
pub use spec::{CalendarSpec, EntryKind, EntrySpec, WEEKDAYS, WeekdaySpec, Window};
pub use time::{ClockTime, Date, Instant, LAW_OFFSET_SECONDS, TimeFault, parse_date, parse_offset};
pub use types::{
    Answer, Channel, ClockEvent, ClockEventKind, ClockRefusal, ClockRequest, ClockSettings, Ground,
    Limit, LimitUnit, Line, Point, RefusalCode, Rule, Status, SupplementRule, Violation,
    ViolationCode,
};
pub use view::AsKnown;
