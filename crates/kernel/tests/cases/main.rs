//! The case file from outside: every transition with its guards, the policy, and the whole space of
//! states that a small province can reach.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a broken promise ends the test, also in its helpers"
)]

mod access;
mod carried;
mod children;
mod explore;
mod explore_drawn;
mod migrations;
mod ops;
mod play;
mod timers;
mod transitions;
mod versions;
mod what_if;
mod world;
