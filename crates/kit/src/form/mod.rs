//! Forms: what was sent, what is wrong with it, and the fields that show both.

mod body;
mod check;
mod entries;
mod faults;
mod field;
mod once;
mod pace;

pub(crate) use body::read_body;
pub use check::Check;
pub use entries::{Entries, Upload};
pub use faults::{Fault, Faults};
pub use field::{Choice, Field, Kind};
pub use once::{ONCE_FIELD, OnceKey};
