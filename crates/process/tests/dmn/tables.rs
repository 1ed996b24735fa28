//! Hit policies, defaults, allowed values.

use crate::support::{check, compiled, decision, input, null, table};

fn with_table(attributes: &str, outputs: &[(&str, &str, &str)], rules: &[&str]) -> String {
    let inputs = [("age", "number", ""), ("risk", "string", "\"high\", \"low\"")];
    let table = table(attributes, &inputs, outputs, rules);
    let decision = decision("d", "Any", &["age", "risk"], &table);
    input("age", "number") + &input("risk", "string") + &decision
}

const ONE: &[(&str, &str, &str)] = &[("", "", "")];

#[test]
fn unique() {
    let rules = ["< 18 | - -> \"no\"", ">= 18 | \"low\" -> \"yes\"", ">= 65 | - -> \"ask\""];
    let decisions = compiled(&with_table("", ONE, &rules));
    check(
        &decisions,
        "d",
        &[
            ("{age: 3, risk: \"high\"}", "\"no\""),
            ("{age: 18, risk: \"low\"}", "\"yes\""),
            ("{age: 70, risk: \"high\"}", "\"ask\""),
        ],
    );
    null(&decisions, "d", "{age: 70, risk: \"low\"}", "rules 2 and 3 match, but only one may");
    null(&decisions, "d", "{age: 30, risk: \"high\"}", "no rule matches");
    null(&decisions, "d", "{age: 30, risk: \"middle\"}", "risk has a value that is not allowed");
    null(&decisions, "d", "{age: \"x\", risk: \"low\"}", "where a number is wanted");
    null(&decisions, "d", "{}", "no rule matches");
}

#[test]
fn any() {
    let rules = ["< 18 | - -> \"no\"", "- | \"high\" -> \"no\"", "> 60 | \"high\" -> \"ask\""];
    let decisions = compiled(&with_table("hitPolicy=\"ANY\"", ONE, &rules));
    check(&decisions, "d", &[("{age: 3, risk: \"high\"}", "\"no\"")]);
    null(&decisions, "d", "{age: 61, risk: \"high\"}", "rules 2 and 3 match with different");
}

#[test]
fn first_and_orders() {
    let rules =
        ["> 10 | - -> \"b\"", "> 20 | - -> \"a\"", "> 30 | - -> \"c\"", "> 40 | - -> \"a\""];
    let outputs = [("", "\"a\", \"b\", \"c\"", "")];
    for (policy, at_15, at_50) in [
        ("FIRST", "\"b\"", "\"b\""),
        ("PRIORITY", "\"b\"", "\"a\""),
        ("RULE ORDER", "[\"b\"]", "[\"b\", \"a\", \"c\", \"a\"]"),
        ("OUTPUT ORDER", "[\"b\"]", "[\"a\", \"a\", \"b\", \"c\"]"),
        ("COLLECT", "[\"b\"]", "[\"b\", \"a\", \"c\", \"a\"]"),
    ] {
        let attributes = format!("hitPolicy=\"{policy}\"");
        let decisions = compiled(&with_table(&attributes, &outputs, &rules));
        check(&decisions, "d", &[("{age: 15}", at_15), ("{age: 50}", at_50)]);
        null(&decisions, "d", "{age: 1}", "no rule matches");
    }
}

#[test]
fn aggregates() {
    let rules = ["> 10 | - -> 5.5", "> 20 | - -> 3", "> 30 | - -> 7", "> 30 | - -> 3"];
    for (how, at_15, at_50) in
        [("SUM", "5.5", "18.5"), ("MIN", "5.5", "3"), ("MAX", "5.5", "7"), ("COUNT", "1", "4")]
    {
        let attributes = format!("hitPolicy=\"COLLECT\" aggregation=\"{how}\"");
        let decisions = compiled(&with_table(&attributes, ONE, &rules));
        check(&decisions, "d", &[("{age: 15}", at_15), ("{age: 50}", at_50)]);
    }
    let counted = compiled(&with_table("hitPolicy=\"COLLECT\" aggregation=\"COUNT\"", ONE, &rules));
    check(&counted, "d", &[("{age: 1}", "0")]);
    let bad = ["> 10 | - -> \"x\"", "> 20 | - -> 3"];
    let summed = compiled(&with_table("hitPolicy=\"COLLECT\" aggregation=\"SUM\"", ONE, &bad));
    null(&summed, "d", "{age: 50}", "nothing to add");
}

#[test]
fn several_outputs() {
    let outputs = [("to do", "\"yes\", \"no\"", "\"no\""), ("fee / day", "", "0")];
    let rules = [">= 18 | \"low\" -> \"yes\" | 10", ">= 65 | - -> \"no\" | age * 2"];
    let decisions = compiled(&with_table("hitPolicy=\"PRIORITY\"", &outputs, &rules));
    check(
        &decisions,
        "d",
        &[
            ("{age: 70, risk: \"low\"}", "{\"to do\": \"yes\", \"fee / day\": 10}"),
            ("{age: 70, risk: \"high\"}", "{\"to do\": \"no\", \"fee / day\": 140}"),
            ("{age: 1, risk: \"high\"}", "{\"to do\": \"no\", \"fee / day\": 0}"),
        ],
    );
    let sums = compiled(&with_table(
        "hitPolicy=\"COLLECT\" aggregation=\"SUM\"",
        &[("a", "", ""), ("b", "", "")],
        &["> 1 | - -> 1 | 10", "> 2 | - -> 2 | 20"],
    ));
    check(&sums, "d", &[("{age: 5}", "{a: 3, b: 30}")]);
}

#[test]
fn outputs_must_be_allowed() {
    let outputs = [("", "\"yes\", \"no\"", "")];
    let decisions = compiled(&with_table("", &outputs, &["> 1 | - -> \"perhaps\""]));
    null(&decisions, "d", "{age: 5}", "the output has a value that is not allowed");
}

#[test]
fn cells_may_ask_more() {
    let rules = [
        "? > 10 and risk = \"low\" | - -> 1",
        "not(1, 2, [5..20]) | - -> 2",
        "1, 2 | not(\"low\") -> 3",
        "null | - -> 4",
    ];
    let decisions = compiled(&with_table("hitPolicy=\"FIRST\"", ONE, &rules));
    check(
        &decisions,
        "d",
        &[
            ("{age: 11, risk: \"low\"}", "1"),
            ("{age: 30, risk: \"high\"}", "2"),
            ("{age: 3, risk: \"high\"}", "2"),
            ("{age: 2, risk: \"high\"}", "3"),
            ("{age: null, risk: \"high\"}", "4"),
        ],
    );
}

#[test]
fn a_table_that_is_not_one_is_refused() {
    use process::dmn::Decisions;

    use crate::support::{model, source};
    for (attributes, outputs, rules, code) in [
        ("hitPolicy=\"BEST\"", ONE, vec!["- | - -> 1"], "table"),
        ("hitPolicy=\"COLLECT\" aggregation=\"MEAN\"", ONE, vec!["- | - -> 1"], "table"),
        ("", &[][..], vec![], "table"),
        ("", ONE, vec!["- -> 1"], "table"),
        ("", ONE, vec!["- | - -> 1 | 2"], "table"),
        ("", ONE, vec!["> | - -> 1"], "feel"),
        ("", ONE, vec!["- | - -> 1 +"], "feel"),
        ("", ONE, vec!["> limit | - -> 1"], "unknown-name"),
        ("", &[("", "", ""), ("b", "", "")][..], vec!["- | - -> 1 | 2"], "table"),
    ] {
        let xml = model(&with_table(attributes, outputs, &rules));
        let decisions = Decisions::compile(&[source(&xml)]);
        let codes: Vec<&str> = decisions.problems().iter().map(|p| p.code.as_str()).collect();
        assert!(codes.contains(&code), "{attributes} {rules:?}: {codes:?}");
        assert!(!decisions.is_accepted());
        assert!(decisions.problems().iter().all(|p| p.line > 0 && p.element_id == "d"));
    }
}
