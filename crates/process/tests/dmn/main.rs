//! Tests of decision models through their public face.
#![expect(clippy::expect_used, clippy::panic, reason = "test helpers stop the test where it fails")]

mod contract;
mod fuzz;
mod lint;
mod logic;
mod models;
mod support;
mod tables;
mod tck;
