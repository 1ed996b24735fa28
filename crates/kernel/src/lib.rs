//! The pure law and domain of Motcua: time, units, procedures, the case and its journal, access.
//!
//! Nothing here is async, opens a file or a socket, reads a clock or rolls dice. What a rule needs
//! (now, chance, the calendar, the unit tree) comes in with the call, so that the simulator, the
//! demo, the tests and the running service call the very same functions.

pub mod access;
pub mod calendar;
mod calendars;
pub mod case;
pub mod catalogue;
pub mod fold;
pub mod ids;
pub mod journal;
pub mod limits;
pub mod org;
pub mod people;
pub mod procedure;
pub mod whatif;
