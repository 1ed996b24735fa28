//! Reading, viewing, judging, changing, importing and drawing BPMN files.
#![expect(clippy::unwrap_used, reason = "test helpers stop the test where it fails")]

mod diagrams;
mod edits;
mod findings;
mod graphs;
mod hostile;
mod imports;
mod published;
mod round_trip;
mod rule_samples;
mod rules;
mod steps;
mod support;
mod tables;
