//! The measuring bench: durable acts beside what disk and engine can do in the same run, lists and
//! search on a large database, start, memory, bytes. It reads the true clock, since it measures it.

mod acts;
mod bulk;
mod engine;
mod figures;
mod http;
mod lists;

pub use acts::{Acts, acts};
pub use bulk::{Bulk, bulk};
pub use engine::{Engine, engine};
pub use figures::{Spread, stopwatch};
pub use http::{Client, Http, http};
pub use lists::{Lists, lists};
