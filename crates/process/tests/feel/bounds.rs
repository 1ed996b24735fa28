//! Evaluation is bounded: whatever is written, it ends soon with a value or a limit.

use process::feel::{EvalError, Expression, Limit, Nothing, Value};

fn limit(text: &str) -> Limit {
    let parsed = Expression::parse(text).expect(text);
    match parsed.eval(&Nothing) {
        Err(EvalError { limit, .. }) => limit,
        Ok(value) => panic!("{text} is a {}", value.kind()),
    }
}

#[test]
fn what_grows_without_end_is_stopped() {
    let join =
        "string join(for i in 1..9000 return \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\")";
    let doubled = "{t: \"aaaaaaaaaaaaaaaa\", u: t+t+t+t+t+t+t+t, v: u+u+u+u+u+u+u+u, \
                   w: v+v+v+v+v+v+v+v, x: w+w+w+w+w+w+w+w, y: x+x+x+x+x+x+x+x}";
    for (text, wanted) in [
        ("for i in 1..1000000000 return i", Limit::ListItems),
        ("for i in 1..10000, j in 1..10000 return 1", Limit::ListItems),
        ("every i in 1..1000000000 satisfies i > 0", Limit::Steps),
        ("for i in 1..200 return [partial]", Limit::ListItems),
        ("for i in 1..200 return [partial[-1]]", Limit::Depth),
        ("for i in 1..40 return [partial, partial]", Limit::ListItems),
        ("for i in 1..200 return function() partial", Limit::Depth),
        ("(function(f) f(f))(function(f) f(f))", Limit::Depth),
        ("(function(f) f(f) + f(f))(function(f) [f(f), f(f)])", Limit::Depth),
        (join, Limit::TextBytes),
        (doubled, Limit::TextBytes),
        ("some i in 1..1000000 satisfies matches(\"aaaa\", \"(a|b|c)*d\")", Limit::Steps),
        ("for i in 1..19000, j in [2..3] return i ** 0.5", Limit::Steps),
    ] {
        assert_eq!(limit(text), wanted, "{text}");
    }
    let long = format!("replace(\"{}\", \"a\", \"{}\")", "a".repeat(8000), "$0".repeat(400));
    assert_eq!(limit(&long), Limit::TextBytes);
}

#[test]
fn what_is_long_but_honest_is_done() {
    let sum = format!("sum([{}1])", "1, ".repeat(5000));
    let chain = format!("0{}", " + 1".repeat(5000));
    let or = format!("false{}", " or false".repeat(3000));
    for (text, wanted) in [
        (sum.as_str(), Value::from(5001)),
        (chain.as_str(), Value::from(5000)),
        (or.as_str(), Value::from(false)),
        ("count(for i in 1..20000 return i)", Value::from(20_000)),
        ("sum(for i in 1..2000 return i * 2)", Value::from(4_002_000)),
    ] {
        let parsed = Expression::parse(text).expect("it is FEEL");
        assert_eq!(parsed.eval(&Nothing), Ok(wanted));
    }
}

#[test]
fn notes_are_few() {
    let parsed = Expression::parse("for i in 1..1000 return missing").expect("it is FEEL");
    let (_, notes) = parsed.eval_noted(&Nothing).expect("it ends");
    assert_eq!(notes.len(), process::limits::NOTES);
    assert_eq!(notes.first().map(|note| note.position), Some(24));
}

/// One way to nest: what stands before, inside and after.
const NESTINGS: &[(&str, &str, &str)] = &[
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("-", "1", ""),
    ("{a: ", "1", "}"),
    ("if true then 1 else ", "1", ""),
    ("if ", "true", " then true else false"),
    ("for i in ", "[1]", " return i"),
    ("some i in [1] satisfies ", "true", ""),
    ("count(", "[1]", ")"),
    ("string join(list: ", "[\"a\"]", ")"),
    ("[1][", "true", "]"),
    ("1 in (", "1", ")"),
    ("1 in (2, ", "1", ")"),
    ("function(x) ", "1", ""),
    ("[1..", "2", "]"),
    ("1 between 0 and ", "2", ""),
    ("1 instance of list<", "Any", ">"),
    ("1 instance of context<a: ", "Any", ">"),
    ("not(", "true", ")"),
];

#[test]
fn every_nesting_is_read_or_refused_and_never_overflows() {
    for (before, inside, after) in NESTINGS {
        for depth in [5, 20, 40, 60, 63, 64, 200, 2000] {
            let text = [before.repeat(depth), (*inside).to_owned(), after.repeat(depth)].concat();
            if let Ok(parsed) = Expression::parse(&text) {
                let _ = (parsed.eval(&Nothing), parsed.names());
            }
            let _ = process::feel::UnaryTests::parse(&text);
        }
    }
    let mixed: String = NESTINGS.iter().map(|(before, ..)| *before).collect();
    assert!(Expression::parse(&mixed.repeat(50)).is_err());
}

#[test]
fn recursion_through_every_form_is_stopped() {
    for body in [
        "f(f)",
        "1 + f(f)",
        "if true then f(f) else 1",
        "for i in [1] return f(f)",
        "some i in [1] satisfies f(f)",
        "[1, 2][f(f)]",
        "sort([1, 2], function(a, b) f(f))",
        "list replace([1], function(a, b) f(f), 2)",
        "{a: f(f)}.a",
        "1 in (f(f))",
        "f(f) between 1 and 2",
        "(function(g) g(f))(f)",
        "count([f(f)])",
    ] {
        let text = format!("(function(f) f(f))(function(f) {body})");
        assert_eq!(limit(&text), Limit::Depth, "{text}");
    }
}

#[test]
fn what_is_compiled_is_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Expression>();
    shared::<process::feel::UnaryTests>();
    shared::<process::dmn::Decisions>();
    shared::<Value>();
}
