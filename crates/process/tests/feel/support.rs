//! Rows of expressions and what they are equal to, both in FEEL.

use process::feel::{Context, DateTime, Expression, Note, Scope, Value};

/// Names that the tests may use, some of them with blanks and signs.
pub struct World(Context);

pub const NAMES: &[&str] =
    &["full name", "monthly salary", "a-b", "a", "b", "loan", "people", "yes", "rate %", "x"];

impl Scope for World {
    fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).cloned()
    }

    fn now(&self) -> Option<DateTime> {
        DateTime::parse("2026-01-05T08:00:00+07:00")
    }
}

/// A plain expression without names.
pub fn plain(text: &str) -> Value {
    let parsed = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    parsed.eval(&process::feel::Nothing).unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub fn world() -> World {
    let people = r#"[{name: "An", age: 31, tags: ["x"]}, {name: "Bình", age: 17, tags: []},
        {name: "Chi", age: 65, tags: ["x", "y"]}]"#;
    World(Context::from_iter([
        ("full name", Value::from("Nguyễn An")),
        ("monthly salary", Value::from(1000)),
        ("a-b", Value::from(7)),
        ("a", Value::from(10)),
        ("b", Value::from(4)),
        ("x", Value::Null),
        ("yes", Value::from(true)),
        ("rate %", plain("0.05")),
        ("loan", plain("{principal: 600000, rate: 0.0375, termMonths: 360}")),
        ("people", plain(people)),
    ]))
}

pub fn noted(text: &str) -> (Value, Vec<Note>) {
    let parsed = Expression::parse_with_names(text, NAMES.iter().copied());
    let parsed = parsed.unwrap_or_else(|error| panic!("{text}: {error}"));
    parsed.eval_noted(&world()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Checks that each left side is equal to its right side.
pub fn equal(rows: &[(&str, &str)]) {
    for (text, wanted) in rows {
        let (found, notes) = noted(text);
        assert_eq!(found, noted(wanted).0, "{text} is not {wanted}; {notes:?}");
    }
}

/// Checks that each is null and says why.
pub fn null_with(rows: &[(&str, &str)]) {
    for (text, reason) in rows {
        let (found, notes) = noted(text);
        assert_eq!(found, Value::Null, "{text}");
        let said = notes.iter().any(|note| note.message.contains(reason));
        assert!(said, "{text} does not say {reason:?}: {notes:?}");
    }
}
