//! The program as people run it: a child process, its exit codes, its pages over HTTP, its end.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops where it is wrong"
)]

mod browser;
mod calendar;
mod child;
mod damage;
mod faults;
mod http;
mod kills;
mod plans;
mod registry;
