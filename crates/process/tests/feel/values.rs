//! Values: JSON both ways, contexts, texts of values.

use process::feel::{Context, Value, equal, shown};
use serde_json::json;

use crate::support::plain;

#[test]
fn plain_json() {
    let json = json!({"amount": 12.5, "count": 3, "ok": true, "none": null, "list": ["a", 1]});
    let value = Value::from_json(&json).expect("it is a value");
    assert_eq!(value, plain("{amount: 12.5, count: 3, ok: true, none: null, list: [\"a\", 1]}"));
    assert_eq!(value.to_json(), json);
    let exact = plain("0.1234567890123456789012345678901234");
    assert_eq!(exact.to_json(), json!("0.1234567890123456789012345678901234"));
    assert_eq!(plain("@\"P1D\"").to_json(), json!("P1D"));
    assert_eq!(plain("9223372036854775807").to_json(), json!(9_223_372_036_854_775_807_i64));
    assert_eq!(Value::from_json(&json!(0.1)), Some(plain("0.1")));
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    assert_eq!(Value::from_json(&deep), None);
    assert_eq!(Value::from_marked(&deep), None);
}

#[test]
fn marked_json() {
    for (text, json) in [
        ("null", json!(null)),
        ("12.50", json!({"number": "12.5"})),
        ("\"a\"", json!({"string": "a"})),
        ("true", json!({"boolean": true})),
        ("@\"2026-01-05\"", json!({"date": "2026-01-05"})),
        ("@\"08:00:00+07:00\"", json!({"time": "08:00:00+07:00"})),
        ("@\"2026-01-05T08:00:00\"", json!({"dateTime": "2026-01-05T08:00:00"})),
        ("@\"P1D\"", json!({"duration": "P1D"})),
        ("@\"P1Y\"", json!({"duration": "P1Y"})),
        ("[1, null]", json!({"list": [{"number": "1"}, null]})),
        ("{a: 1}", json!({"context": {"a": {"number": "1"}}})),
    ] {
        let value = plain(text);
        assert_eq!(value.to_marked(), json);
        assert_eq!(Value::from_marked(&json), Some(value.clone()));
        assert_eq!(serde_json::to_value(&value).ok(), Some(json.clone()));
        assert_eq!(serde_json::from_value::<Value>(json).ok(), Some(value));
    }
    assert_eq!(plain("[1..2)").to_marked(), json!({"range": "[1..2)"}));
    assert!(serde_json::to_value(plain("[1..2)")).is_err());
    assert!(serde_json::to_value(plain("count")).is_err());
    for wrong in [json!(1), json!({"number": 1}), json!({"what": "x"}), json!({}), json!([])] {
        assert_eq!(Value::from_marked(&wrong), None, "{wrong}");
        assert!(serde_json::from_value::<Value>(wrong).is_err());
    }
}

#[test]
fn contexts_keep_their_order_but_are_equal_without() {
    let mut context = Context::from_iter([("b", Value::from(1)), ("a", Value::from(2))]);
    context.put("b", Value::from(3));
    let names: Vec<&str> = context.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["b", "a"]);
    assert_eq!(Value::from(context), plain("{a: 2, b: 3}"));
}

#[test]
fn values_are_shown_and_compared() {
    assert_eq!(shown(&plain("[\"a\", 1.50, {k: null}]")), "[\"a\", 1.5, {k: null}]");
    assert!(equal(&plain("1"), &plain("1.0")));
    assert!(!equal(&plain("1"), &plain("\"1\"")));
}
