//! What if: a draft process tried before it is published, by simulation and by replay.
//!
//! [`simulate`] lets invented cases queue for invented staff on the real working calendar;
//! [`replay`] carries out again, in the draft, what was decided about real cases; [`measure`] takes
//! from the same journals how long their steps took.
//! Everything is pure: seed, calendar, scenario and process come in, a report goes out.

pub mod measure;
pub mod replay;
pub mod simulate;
