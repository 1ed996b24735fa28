//! Overlaps, gaps and hidden rules of tables.

use crate::support::{compiled, decision, input, table};

/// Codes and reasons of what is found in a table over age, risk and ok.
fn found(policy: &str, outputs: &[(&str, &str, &str)], rules: &[&str]) -> Vec<String> {
    let inputs =
        [("age", "number", ""), ("risk", "string", "\"high\", \"low\""), ("ok", "boolean", "")];
    let table = table(&format!("hitPolicy=\"{policy}\""), &inputs, outputs, rules);
    let body = [
        input("age", "number"),
        input("risk", "string"),
        input("ok", "boolean"),
        decision("d", "Any", &["age", "risk", "ok"], &table),
    ];
    let decisions = compiled(&body.concat());
    decisions.problems().iter().map(|p| format!("{}: {}", p.code, p.reason)).collect()
}

const ONE: &[(&str, &str, &str)] = &[("", "", "")];

#[test]
fn a_whole_table_has_no_findings() {
    let rules = [
        "< 18 | - | - -> 1",
        ">= 18 | \"high\" | - -> 2",
        ">= 18 | \"low\" | true -> 3",
        ">= 18 | \"low\" | false -> 4",
    ];
    for policy in ["UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT"] {
        assert_eq!(found(policy, ONE, &rules), Vec::<String>::new(), "{policy}");
    }
}

#[test]
fn overlaps_name_their_rules() {
    let rules = ["< 18 | - | - -> 1", "[17..20] | \"low\" | - -> 2", "> 20 | - | - -> 3"];
    let all = found("UNIQUE", ONE, &rules);
    assert_eq!(
        all.first().map(String::as_str),
        Some(
            "overlap: rules 1 and 2, which overlap, but the table is unique: \
             age in ([17..18)) and risk in (\"low\")"
        ),
        "{all:?}"
    );
    let same = ["< 18 | - | - -> 1", "< 10 | - | - -> 1", ">= 18 | - | - -> 3"];
    assert_eq!(found("ANY", ONE, &same), Vec::<String>::new());
    let other = ["< 18 | - | - -> 1", "< 10 | - | - -> 2", ">= 18 | - | - -> 3"];
    let all = found("ANY", ONE, &other);
    assert!(all.len() == 1 && all.iter().all(|f| f.contains("different outputs")), "{all:?}");
}

#[test]
fn gaps_are_told_by_their_inputs() {
    let rules = ["< 18 | - | - -> 1", "> 18 | \"low\" | true -> 2"];
    assert_eq!(
        found("UNIQUE", ONE, &rules),
        [
            "gap: no rule for age in (18)",
            "gap: no rule for age in (> 18) and risk in (\"high\")",
            "gap: no rule for age in (> 18) and risk in (\"low\") and ok in (false)",
        ]
    );
    let default = [("", "", "0")];
    assert_eq!(found("UNIQUE", &default, &rules), Vec::<String>::new());
    assert_eq!(found("COLLECT", ONE, &rules), Vec::<String>::new());
}

#[test]
fn hidden_rules_are_named() {
    let rules = ["> 10 | - | - -> 1", "[20..30] | \"low\" | - -> 2", "- | - | - -> 3"];
    let all = found("FIRST", ONE, &rules);
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(
        all.iter().all(|f| f
            .starts_with("unreachable-rule: rules 1 and 2, the first of which hides the other")),
        "{all:?}"
    );
}

#[test]
fn what_cannot_be_said_is_not_said() {
    let rules = ["? > age - 1 | - | - -> 1", "> 3 | - | - -> 2"];
    assert_eq!(found("UNIQUE", ONE, &rules), Vec::<String>::new());
    let negated = ["not(1, 2) | - | - -> 1", "1, 2 | - | - -> 2"];
    assert_eq!(found("UNIQUE", ONE, &negated), Vec::<String>::new());
}

#[test]
fn a_large_table_is_searched_or_said_not_to_be() {
    let lines: Vec<String> =
        (0..1500).map(|n| format!("[{}..{}) | - | - -> {n}", n * 2, n * 2 + 2)).collect();
    let mut rules: Vec<&str> = lines.iter().map(String::as_str).collect();
    rules.push("< 0, >= 3000 | - | - -> 0");
    let all = found("UNIQUE", ONE, &rules);
    assert!(all.is_empty() || all.iter().all(|f| f.starts_with("not-searched")), "{all:?}");
}
