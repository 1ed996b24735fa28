//! One binary for the tests of this crate through its public door.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test ends at the first surprise")]

mod forms;
mod intake;
mod samples;
mod staging;
