//! Damaged files: both readers refuse or read them, within a few seconds and without a panic.

use std::fmt::Write as _;

use process::dmn::contract::{run, score};
use process::dmn::{Decisions, Source};
use proptest::prelude::*;

use crate::support::{decision, input, literal, model, table};

fn sample() -> String {
    let inputs = [("age", "number", ""), ("risk", "string", "\"a\", \"b\"")];
    let rules = ["< 18 | \"a\" -> 1 | \"x\"", "[18..20] | not(\"b\") -> 2 | \"y\""];
    let table = table("hitPolicy=\"FIRST\"", &inputs, &[("o", "", "0"), ("p", "", "")], &rules);
    let types = "<itemDefinition name=\"t\"><itemComponent name=\"a b\"><typeRef>number</typeRef>\
        </itemComponent></itemDefinition><businessKnowledgeModel id=\"k\" name=\"k\">\
        <encapsulatedLogic><formalParameter name=\"x\" typeRef=\"t\"/><context><contextEntry>\
        <variable name=\"e f\"/><literalExpression><text>x.a b + 1</text></literalExpression>\
        </contextEntry></context></encapsulatedLogic></businessKnowledgeModel>";
    model(
        &[
            types.to_owned(),
            input("age", "number"),
            input("risk", "string"),
            decision("d", "Any", &["age", "risk"], &table),
            decision("e", "Any", &["decision:d", "knowledge:k"], &literal("k({a b: d.o}).e f")),
        ]
        .concat(),
    )
}

const TEST: &str = "<testCases xmlns=\"http://www.omg.org/spec/DMN/20160719/testcase\" \
    xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><testCase id=\"1\">\
    <inputNode name=\"age\"><value xsi:type=\"xsd:decimal\">19</value></inputNode>\
    <inputNode name=\"risk\"><value xsi:type=\"xsd:string\">a</value></inputNode>\
    <resultNode name=\"e\"><expected><value xsi:type=\"xsd:decimal\">3</value></expected>\
    </resultNode></testCase></testCases>";

/// Some bytes of a text replaced.
fn damaged(text: &str, cuts: &[(prop::sample::Index, usize, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (at, cut, put) in cuts {
        if bytes.is_empty() {
            break;
        }
        let from = at.index(bytes.len());
        let to = (from + cut).min(bytes.len());
        bytes.splice(from..to, put.iter().copied());
    }
    bytes
}

fn cuts() -> impl Strategy<Value = Vec<(prop::sample::Index, usize, Vec<u8>)>> {
    let pieces = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..4),
        prop::sample::select(vec![
            "<text>",
            "</text>",
            "(",
            "\"",
            "for",
            "name=\"d\"",
            "href=\"#d\"",
            "&lt;",
            "[1..",
            "1e9",
            "typeRef=\"t\"",
            "<list>",
            "COLLECT",
            "**",
            "?",
            "-",
            "age",
            "k(",
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, pieces), 1..5)
}

#[test]
fn the_sample_is_sound() {
    let model = sample();
    let found = score(&[("m.dmn", model.as_bytes())], TEST.as_bytes()).expect("both are read");
    assert_eq!((found.passed, found.failed), (1, Vec::new()));
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn damaged_models(cuts in cuts()) {
        let bytes = damaged(&sample(), &cuts);
        match Source::read(&bytes, "m.dmn") {
            Ok(source) => {
                let decisions = Decisions::compile(&[source.clone(), source]);
                let names: Vec<String> = decisions.names().map(str::to_owned).collect();
                for name in names {
                    let _ = decisions.evaluate(&name, &process::feel::Context::default(), None);
                }
            }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
        let once = run(&[("m.dmn", &bytes)], TEST.as_bytes());
        prop_assert_eq!(once, run(&[("m.dmn", &bytes)], TEST.as_bytes()));
    }

    #[test]
    fn damaged_tests(cuts in cuts()) {
        let bytes = damaged(TEST, &cuts);
        let model = sample();
        let (answer, exit) = run(&[("m.dmn", model.as_bytes())], &bytes);
        prop_assert!((0..3).contains(&exit));
        prop_assert_eq!(&answer["format"], "motcua/dmn/1");
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Source::read(&bytes, "m.dmn").is_err());
        let (_, exit) = run(&[("m.dmn", &bytes)], &bytes);
        prop_assert_eq!(exit, 2);
    }
}

#[test]
fn deep_and_wide_models_end() {
    let mut deep = literal("1");
    for _ in 0..60 {
        deep = format!("<list>{deep}</list>");
    }
    let mut chain = decision("d0", "Any", &[], &literal("1"));
    for n in 1..600 {
        let before = format!("decision:d{}", n - 1);
        let _ = write!(
            chain,
            "{}",
            decision(&format!("d{n}"), "Any", &[&before], &literal(&format!("d{} + 1", n - 1)))
        );
    }
    for (body, name) in [(decision("d", "Any", &[], &deep), "d"), (chain, "d599")] {
        let source = Source::read(model(&body).as_bytes(), "m.dmn");
        let Ok(source) = source else { continue };
        let decisions = Decisions::compile(&[source]);
        let found = decisions.evaluate(name, &process::feel::Context::default(), None);
        if name == "d599" {
            let value = found.map(|found| found.value);
            assert_eq!(value, Ok(process::feel::Value::from(600)));
        }
    }
}
