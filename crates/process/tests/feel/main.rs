//! Tests of FEEL through its public face.
#![expect(clippy::expect_used, clippy::panic, reason = "test helpers stop the test where it fails")]

mod bounds;
mod functions;
mod language;
mod numbers;
mod random;
mod support;
mod times;
mod values;
