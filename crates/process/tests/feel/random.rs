//! Random texts: reading never panics, evaluation is bounded, both give the same each time.

use process::feel::{Expression, Nothing, UnaryTests, Value};
use proptest::prelude::*;

/// Few cases and no file beside the test.
fn small() -> ProptestConfig {
    ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() }
}

const PIECES: &[&str] = &[
    "1",
    "2.5",
    "-3",
    "\"a\"",
    "\"é\"",
    "true",
    "null",
    "x",
    "date and time",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    "..",
    ".",
    "+",
    "-",
    "*",
    "/",
    "**",
    "=",
    "!=",
    "<",
    ">=",
    "and",
    "or",
    "not",
    "in",
    "between",
    "if",
    "then",
    "else",
    "for",
    "return",
    "some",
    "every",
    "satisfies",
    "function",
    "instance of",
    "number",
    "list<",
    ">",
    ":",
    "?",
    "@\"2026-01-05\"",
    "@\"P1D\"",
    "count",
    "sum",
    "string",
    "sort",
    "append",
    "1..9",
    "a: ",
    "//",
    "/*",
    "\\",
    "\u{300}",
];

/// An expression that is always FEEL.
fn written() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "1",
        "0",
        "-2.5",
        "1e30",
        "\"text\"",
        "true",
        "false",
        "null",
        "x",
        "[]",
        "[1, 2, null]",
        "{k: 1}",
        "@\"2026-01-05\"",
        "@\"PT1H\"",
        "@\"P1M\"",
        "[1..5)",
        "count",
        "@\"10:00:00Z\"",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(5, 60, 3, |inner| {
        let two = (inner.clone(), inner.clone());
        let three = (inner.clone(), inner.clone(), inner.clone());
        let op = prop::sample::select(vec![
            "+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in",
        ]);
        let name = prop::sample::select(vec![
            "count",
            "sum",
            "string",
            "not",
            "abs",
            "sqrt",
            "exp",
            "reverse",
            "flatten",
            "mode",
            "upper case",
            "date",
            "duration",
            "floor",
            "get entries",
            "sort",
            "distinct values",
        ]);
        prop_oneof![
            (two.clone(), op).prop_map(|((a, b), op)| format!("({a}) {op} ({b})")),
            (inner.clone(), name).prop_map(|(a, name)| format!("{name}({a})")),
            three.clone().prop_map(|(a, b, c)| format!("if {a} then {b} else {c}")),
            two.clone().prop_map(|(a, b)| format!("for i in ({a}) return [i, {b}]")),
            two.clone().prop_map(|(a, b)| format!("some i in ({a}) satisfies i = ({b})")),
            two.clone().prop_map(|(a, b)| format!("({a})[({b})]")),
            three.prop_map(|(a, b, c)| format!("({a}) between ({b}) and ({c})")),
            two.prop_map(|(a, b)| format!("{{k: {a}, l: {b}}}.k")),
            inner.prop_map(|a| format!("(function(p) p)({a})")),
        ]
    })
}

fn same_twice(text: &str) -> Result<(), TestCaseError> {
    if let Ok(parsed) = Expression::parse(text) {
        let first = parsed.eval_noted(&Nothing);
        prop_assert_eq!(format!("{first:?}"), format!("{:?}", parsed.eval_noted(&Nothing)));
        let _ = parsed.names();
        if let Ok((value, _)) = first {
            let marked = value.to_marked();
            let back = Value::from_marked(&marked);
            if let Some(back) = back {
                prop_assert_eq!(back.to_marked(), marked);
            }
            let _ = value.to_json();
        }
    }
    if let Ok(tests) = UnaryTests::parse(text) {
        let once = tests.matches(&Value::from(1), &Nothing);
        prop_assert_eq!(once, tests.matches(&Value::from(1), &Nothing));
    }
    Ok(())
}

proptest! {
    #![proptest_config(small())]

    #[test]
    fn any_text(text in "\\PC{0,80}") {
        same_twice(&text)?;
    }

    #[test]
    fn any_pieces(picks in prop::collection::vec(prop::sample::select(PIECES), 0..30)) {
        same_twice(&picks.join(" "))?;
        same_twice(&picks.concat())?;
    }

    #[test]
    fn what_is_written_well_is_read(text in written()) {
        prop_assert!(Expression::parse(&text).is_ok(), "{}", text);
        same_twice(&text)?;
    }
}
