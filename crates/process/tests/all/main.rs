//! Tests of the process engine through its public face.
#![expect(clippy::expect_used, clippy::panic, reason = "test helpers stop the test where it fails")]

mod betsy;
mod files;
mod gateways;
mod kitchen;
mod linter;
mod migrations;
mod random;
mod refusals;
mod scenarios;
mod send_back;
mod small_worlds;
mod support;
mod tables;
mod timers;
mod wire;
mod world;
mod worlds;
