//! Samples that inputs are made of: the project's own processes and examples, and a few files here.

use std::path::Path;

/// One process with nearly every construct.
pub const KITCHEN: &str = include_str!("kitchen.bpmn");
/// A decision with a table, a context and a function.
pub const DECISION: &str = include_str!("decision.dmn");
/// Its tests.
pub const DECISION_TEST: &str = include_str!("decision-test.xml");
/// A scenario with every kind of step.
pub const SCENARIO: &str = include_str!("scenario.json");
/// A simulation of the consultation.
pub const SIMULATION: &str = include_str!("simulation.json");
/// Expressions, one a line.
const FEEL: &str = include_str!("feel.txt");
/// Requests to the deadline engine.
const DEADLINES: &str = include_str!("../../tests/deadline/examples.json");
/// Between the parts of an input that has several.
pub const SPLIT: u8 = 0x1e;

/// A file of the project's own processes.
pub fn own(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../procedures/processes");
    std::fs::read(folder.join(name)).unwrap_or_default()
}

/// Names of those files.
pub const OWN: [&str; 7] = [
    "appraisal.bpmn",
    "consultation.bpmn",
    "counter.bpmn",
    "field_check.bpmn",
    "financial_duty.bpmn",
    "interlinked_up.bpmn",
    "opinion.bpmn",
];

/// BPMN files: ours, the one with every construct, and small ones that break a rule each.
pub fn models() -> Vec<Vec<u8>> {
    let samples = include_str!("../../../process/tests/bpmn/rule_samples.txt");
    let small = samples.split("\n# ").skip(1).flat_map(|rule| {
        let body = rule.split_once('\n').map_or("", |(_, body)| body);
        body.split("\n= sound").map(|part| {
            format!(
                "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
                 xmlns:mc=\"http://motcua.vn/bpmn/1\" id=\"D\" targetNamespace=\"t\">{part}\
                 </definitions>"
            )
            .into_bytes()
        })
    });
    let own = OWN.iter().map(|name| own(name));
    own.chain([KITCHEN.as_bytes().to_vec()]).chain(small).collect()
}

/// Expressions.
pub fn expressions() -> Vec<Vec<u8>> {
    FEEL.lines().map(|line| line.as_bytes().to_vec()).collect()
}

/// A decision and its tests.
pub fn decisions() -> Vec<Vec<u8>> {
    let mut both = DECISION.as_bytes().to_vec();
    both.push(SPLIT);
    both.extend_from_slice(DECISION_TEST.as_bytes());
    vec![both]
}

/// Requests for deadlines, one by one and two together.
pub fn deadlines() -> Vec<Vec<u8>> {
    let all: Vec<serde_json::Value> = serde_json::from_str(DEADLINES).unwrap_or_default();
    let request = |example: &serde_json::Value| example.get("request").cloned();
    let mut texts: Vec<Vec<u8>> = all
        .iter()
        .filter_map(request)
        .map(|request| serde_json::Value::Array(vec![request]).to_string().into_bytes())
        .collect();
    texts.push(b"[]".to_vec());
    texts
}
