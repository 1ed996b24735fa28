//! The twelve worked examples, every refusal, and the laws of the calendar.

use std::sync::Arc;

use serde_json::{Value, json};

use super::contract::{Answered, NotJson, answer};
use super::{Calendar, CalendarSpec};

const EXAMPLES: &str = include_str!("../../tests/deadline/examples.json");
const HOLIDAYS: &str = include_str!("../../../../seeds/calendar/holidays.csv");

fn shipped() -> Arc<Calendar> {
    let spec = CalendarSpec::from_holiday_csv("kien-giang", HOLIDAYS).unwrap();
    Arc::new(Calendar::compile(spec).unwrap())
}

fn ask(stdin: &str) -> Answered {
    let calendar = shipped();
    answer(stdin, &|name| (name == "kien-giang").then(|| Arc::clone(&calendar))).unwrap()
}

#[test]
fn the_twelve_examples() {
    let examples: Vec<Value> = serde_json::from_str(EXAMPLES).unwrap();
    assert_eq!(examples.len(), 12);
    for example in &examples {
        let got = ask(&example["request"].to_string());
        let wanted = &example["answer"];
        assert_eq!(&got.value, wanted, "\n{got:#?}\n{wanted:#?}");
        assert_eq!(got.exit_code(), 0);
    }
}

#[test]
fn ten_thousand_requests() {
    let examples: Vec<Value> = serde_json::from_str(EXAMPLES).unwrap();
    let requests: Vec<&Value> =
        examples.iter().map(|e| &e["request"]).cycle().take(10_000).collect();
    let got = ask(&json!(requests).to_string());
    assert_eq!(got.value.as_array().unwrap().len(), 10_000);
    assert_eq!(got.refused, 0);
}

#[test]
fn lists_and_what_is_not_json() {
    assert_eq!(ask("[]").value, json!([]));
    let none = |_: &str| None;
    assert!(matches!(answer("{", &none), Err(NotJson::Syntax(_))));
    assert!(matches!(answer("3", &none), Err(NotJson::Shape)));
    let got = ask("[1, {\"id\": 7}]");
    assert_eq!(got.exit_code(), 1);
    assert_eq!(got.value[0]["error"]["code"], "request_invalid");
    assert_eq!(got.value[1]["id"], 7);
}

/// Changes one field of a good request by JSON pointer and gives code and field of the refusal.
fn refusal(pointer: &str, value: Value) -> (String, String) {
    let mut request = json!({
        "calendar": {
            "weekly": {"mon": {"work": [["07:00", "11:00"]]}},
            "entries": [{"date": "2019-02-20", "kind": "closure"}],
        },
        "received_at": "2019-02-13T08:30:00+07:00",
        "channel": "counter",
        "limit": {"unit": "working_day", "quarters": 4},
        "edition": "2018",
        "events": [],
        "as_of": "2019-02-13T09:00:00+07:00",
    });
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    request.pointer_mut(parent).unwrap()[key] = value;
    let got = ask(&request.to_string());
    let error = got.value["error"].clone();
    assert_eq!(got.exit_code(), u8::from(!error.is_null()));
    let text = |name: &str| error[name].as_str().unwrap_or("-").to_owned();
    (text("code"), text("field"))
}

#[test]
fn each_refusal() {
    let week = |windows: Value| json!({"mon": {"work": windows}});
    let at = "2019-02-14T08:00:00+07:00";
    let event = |kind: &str| json!([{"type": kind, "at": at}]);
    let entry = |kind: &str| json!({"date": "2019-02-20", "kind": kind});
    let w = "window_invalid";
    let mon = "calendar.weekly.mon";
    let cases = [
        ("/limit", Value::Null, "missing_field", "limit"),
        ("/edition", Value::Null, "missing_field", "edition"),
        ("/calendar/weekly", Value::Null, "missing_field", "calendar.weekly"),
        (
            "/calendar/entries",
            json!([{"kind": "closure"}]),
            "missing_field",
            "calendar.entries[0].date",
        ),
        ("/events", event("suspended"), "missing_field", "events[0].ground"),
        ("/other", json!(1), "request_invalid", "other"),
        ("/limit/other", json!(1), "request_invalid", "limit.other"),
        ("/received_at", json!("2019-02-13T08:30:00"), "instant_invalid", "received_at"),
        ("/as_of", json!("2019-02-30T08:30:00Z"), "instant_invalid", "as_of"),
        (
            "/calendar/entries",
            json!([{"kind": "closure", "date": "2019-2-1"}]),
            "date_invalid",
            "calendar.entries[0].date",
        ),
        ("/time_zone", json!("7"), "time_zone_invalid", "time_zone"),
        ("/channel", json!("fax"), "channel_invalid", "channel"),
        ("/edition", json!(2018), "edition_invalid", "edition"),
        ("/limit/unit", json!("week"), "limit_invalid", "limit.unit"),
        ("/limit/quarters", json!(4001), "limit_invalid", "limit.quarters"),
        ("/limit/quarters", json!(0), "limit_invalid", "limit.quarters"),
        ("/limit/quarters", json!(2.5), "limit_invalid", "limit.quarters"),
        ("/limit", json!({"unit": "same_day", "quarters": 4}), "limit_invalid", "limit.quarters"),
        ("/limit", json!({"unit": "month", "quarters": 5}), "limit_not_whole", "limit.quarters"),
        ("/calendar/weekly", week(json!([["7:00", "11:00"]])), w, mon),
        ("/calendar/weekly", week(json!([["11:00", "07:00"]])), w, mon),
        ("/calendar/weekly", week(json!([["07:00", "11:00"], ["10:00", "12:00"]])), w, mon),
        ("/calendar/weekly", week(json!([["07:00", "24:00"]])), w, mon),
        ("/cutoff", json!("25:00"), w, "cutoff"),
        ("/calendar", json!("nowhere"), "calendar_unknown", "calendar"),
        ("/calendar/weekly", json!({"monday": {}}), "calendar_invalid", "calendar.weekly"),
        (
            "/calendar/entries",
            json!([entry("feast")]),
            "calendar_invalid",
            "calendar.entries[0].kind",
        ),
        (
            "/calendar/entries",
            json!([entry("holiday"), entry("closure"), entry("swapped_off")]),
            "calendar_conflict",
            "calendar.entries[2]",
        ),
        ("/calendar/weekly", json!({}), "no_working_day", "calendar"),
        ("/as_of", json!("2019-02-13T08:29:59+07:00"), "as_of_before_reception", "as_of"),
        (
            "/events",
            json!([{"type": "finance_wait", "at": "2019-02-13T08:29:59+07:00"}]),
            "event_before_reception",
            "events[0].at",
        ),
        (
            "/events",
            json!([{"type": "finance_wait", "at": at}, {"type": "finance_done", "at": "2019-02-14T07:59:59+07:00"}]),
            "events_unordered",
            "events[1].at",
        ),
        ("/events", event("paid"), "event_invalid", "events[0].type"),
        (
            "/events",
            json!([{"type": "suspended", "at": at, "ground": "x", "until": "2019-02-13"}]),
            "event_invalid",
            "events[0].until",
        ),
        ("/events", event("resumed"), "event_unexpected", "events[0]"),
        (
            "/events",
            json!([{"type": "result_ready", "at": at}, {"type": "finance_wait", "at": at}]),
            "event_after_result",
            "events[1]",
        ),
    ];
    for (pointer, value, code, field) in cases {
        let got = refusal(pointer, value.clone());
        assert_eq!((got.0.as_str(), got.1.as_str()), (code, field), "{pointer} {value}");
    }
    assert_eq!(refusal("/id", json!(null)).0, "-");
}
