//! What would never end: calls in a circle, timers in the past and without pause, too many
//! instances, expressions that do not end. Each stops with a code and the element, soon.

use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::{Trace, file, files, flows, nodes, run, run_in};

/// Longest time for any of these.
const SOON: Duration = Duration::from_secs(30);

fn soon(run: impl FnOnce() -> Trace) -> Trace {
    #[expect(clippy::disallowed_methods, reason = "the test bounds real time")]
    let began = Instant::now();
    let trace = run();
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    trace
}

fn instances(trace: &Trace) -> Vec<Json> {
    trace.last()["snapshot"]["instances"].as_array().expect("instances").clone()
}

fn failed(trace: &Trace) -> Vec<Json> {
    let all = instances(trace).into_iter();
    all.filter(|instance| instance["state"] == "failed").map(|i| i["error"].clone()).collect()
}

#[test]
fn a_process_that_calls_itself_stops_with_the_call_named() {
    let body = nodes("s:s e:e")
        + "<callActivity id=\"again\" calledElement=\"p\"/>"
        + &flows("s>again again>e");
    let trace = soon(|| run(&file("", &body), json!([])));
    let count = instances(&trace).len();
    assert!(count < 100, "{count} instances");
    let errors = failed(&trace);
    assert!(errors.iter().any(|error| error["element"] == "again"), "{errors:#?}");
}

#[test]
fn two_processes_that_call_each_other_stop_too() {
    let body = |id: &str, other: &str| {
        nodes("s:s e:e")
            + &format!("<callActivity id=\"to_{id}\" calledElement=\"{other}\"/>")
            + &flows(&format!("s>to_{id} to_{id}>e"))
    };
    let (p, q) = (body("q", "q"), body("p", "p"));
    let q = q.replace("id=\"s\"", "id=\"qs\"").replace("id=\"e\"", "id=\"qe\"");
    let q = q.replace("\"s-", "\"qs-").replace("-e\"", "-qe\"");
    let q = q.replace("sourceRef=\"s\"", "sourceRef=\"qs\"");
    let q = q.replace("targetRef=\"e\"", "targetRef=\"qe\"");
    let trace = soon(|| run(&files("", &[("p", &p), ("q", &q)]), json!([])));
    let errors = failed(&trace);
    assert!(errors.iter().any(|e| e["element"] == "to_q" || e["element"] == "to_p"), "{errors:#?}");
}

#[test]
fn a_timer_in_the_past_rings_at_once_and_one_without_pause_is_stopped() {
    let wait = |what: &str| {
        nodes("s:s t:after e:e")
            + &format!(
                "<intermediateCatchEvent id=\"c\"><timerEventDefinition>{what}\
                 </timerEventDefinition></intermediateCatchEvent>"
            )
            + &flows("s>c c>after after>e")
    };
    let past = wait("<timeDate>1999-01-01T00:00:00Z</timeDate>");
    let step = json!([{"advance": {"by": "PT0S"}}]);
    let trace = soon(|| run(&file("", &past), step.clone()));
    assert_eq!(trace.tasks(), "after");
    let body = nodes("s:s t:ask t:told e:e")
        + "<boundaryEvent id=\"b\" attachedToRef=\"ask\" cancelActivity=\"false\">\
           <timerEventDefinition><timeCycle>R/PT0S</timeCycle></timerEventDefinition>\
           </boundaryEvent>"
        + &flows("s>ask ask>e b>told told>e");
    let trace = soon(|| run(&file("", &body), json!([{"advance": {"by": "P1D"}}])));
    let last = trace.last();
    let said = last.to_string();
    assert!(last["result"] != "done" || said.contains("told"), "{said:.600}");
    assert!(instances(&trace).len() == 1 && trace.tasks().len() < 100_000);
}

#[test]
fn a_huge_number_of_instances_is_refused_with_the_element() {
    for count in ["1000000000", "n", "1e300", "-5", "0.5", "1/0"] {
        for kind in ["", "isSequential=\"true\""] {
            let body = nodes("s:s e:e")
                + &format!(
                    "<userTask id=\"ask\"><multiInstanceLoopCharacteristics {kind}>\
                     <loopCardinality>{count}</loopCardinality>\
                     </multiInstanceLoopCharacteristics></userTask>"
                )
                + &flows("s>ask ask>e");
            let variables = json!({"n": 4_000_000_000_u64});
            let trace = soon(|| run_in("feel", &file("", &body), variables, json!([])));
            let open = trace.tasks().split_whitespace().count();
            assert!(open <= process::limits::TOKENS, "{count} {kind}: {open}");
            let errors = failed(&trace);
            let parallel = kind.is_empty() && count != "-5" && count != "0.5";
            if parallel {
                assert_eq!(errors.len(), 1, "{count}: {:.600}", trace.last().to_string());
            }
            assert!(errors.iter().all(|error| error["element"] == "ask"), "{errors:#?}");
        }
    }
}

#[test]
fn a_condition_that_does_not_end_or_divides_by_zero_names_its_gateway() {
    let gateway = |condition: &str| {
        nodes("s:s x:x t:a e:e e:e2")
            + &flows("s>x a>e")
            + &format!(
                "<sequenceFlow id=\"f1\" sourceRef=\"x\" targetRef=\"a\"><conditionExpression>\
                 {condition}</conditionExpression></sequenceFlow>"
            )
            + "<sequenceFlow id=\"f2\" sourceRef=\"x\" targetRef=\"e2\"><conditionExpression>\
               false</conditionExpression></sequenceFlow>"
    };
    for endless in [
        "{f: function(n) f(n + 1)}.f(0) = 1",
        "count(for i in 1..100000, j in 1..100000 return i) = 1",
        "some x in 1..999999999 satisfies x &lt; 0",
    ] {
        let trace = soon(|| run(&file("", &gateway(endless)), json!([])));
        let errors = failed(&trace);
        assert_eq!(errors.len(), 1, "{endless}");
        assert_eq!(errors[0]["element"], "x", "{errors:#?}");
        assert!(errors[0]["message"].as_str().expect("message").len() > 10);
    }
    // Division by zero is null in FEEL; no way is open then, and the gateway is named.
    let trace = soon(|| run(&file("", &gateway("1 / 0 = 1")), json!([])));
    assert_eq!(failed(&trace)[0]["element"], "x");
}
