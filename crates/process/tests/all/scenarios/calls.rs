//! Call activities: data in and out, errors, several calls, cancellation.

use serde_json::json;

use super::{done, files, flows, nodes, run, run_in};

const CALLED: &str = "<error id=\"E\" errorCode=\"e\"/><escalation id=\"X\" escalationCode=\"x\"/>";

fn caller(call: &str, rest: &str, list: &str) -> String {
    nodes("s:s t:after e:e") + call + rest + &flows("s>call call>after after>e") + &flows(list)
}

#[test]
fn a_called_process_takes_and_gives_data() {
    let called = nodes("s:qs t:work e:qe") + &flows("qs>work work>qe");
    let call = "<callActivity id=\"call\" calledElement=\"q\"/>";
    let text = files("", &[("p", &caller(call, "", "")), ("q", &called)]);
    let trace = run_in("feel", &text, json!({"amount": 4}), json!([])).all_done();
    assert_eq!(trace.names(), ["main", "main/call"]);
    assert_eq!((trace.tree().as_str(), trace.tasks().as_str()), ("call", ""));
    assert_eq!(trace.instance("main/call")["variables"]["amount"], 4);
    let work = json!({"complete": {"task": "work", "variables": {"result": 9}}});
    let trace = run_in("feel", &text, json!({"amount": 4}), json!([work])).all_done();
    assert_eq!((trace.tree().as_str(), trace.var("result")), ("after", &json!(9)));
    assert_eq!(trace.state_of("main/call"), "ended completed");
    let mapped = "<callActivity id=\"call\" calledElement=\"q\"><extensionElements>\
        <camunda:in source=\"amount\" target=\"sum\"/><camunda:out source=\"result\" \
        target=\"answer\"/></extensionElements></callActivity>";
    let text = files("", &[("p", &caller(mapped, "", "")), ("q", &called)]);
    let trace = run_in("juel", &text, json!({"amount": 4, "secret": 1}), json!([work])).all_done();
    assert_eq!(trace.instance("main/call")["variables"], json!({"result": 9, "sum": 4}));
    assert_eq!(trace.instance("main")["variables"], json!({"amount": 4, "answer": 9, "secret": 1}));
}

#[test]
fn errors_and_escalations_come_out_of_a_called_process() {
    let ends = |what: &str| {
        nodes("s:qs a:f t:work t:other e:qe")
            + &format!("<endEvent id=\"out\">{what}</endEvent>")
            + &flows("qs>f f>work f>other work>out other>qe")
    };
    let call = "<callActivity id=\"call\" calledElement=\"q\"/>";
    let edge = |what: &str, cancels: bool| {
        format!(
            "<boundaryEvent id=\"b\" attachedToRef=\"call\" cancelActivity=\"{cancels}\">{what}</boundaryEvent>"
        ) + &nodes("t:caught")
    };
    let error = "<errorEventDefinition errorRef=\"E\"/>";
    let first = caller(call, &edge(error, true), "b>caught caught>e");
    let text = files(CALLED, &[("p", &first), ("q", &ends(error))]);
    let trace = run(&text, json!([done("work")])).all_done();
    assert_eq!(
        (trace.tree().as_str(), trace.state_of("main/call")),
        ("caught", "ended error".into())
    );
    let text = files(CALLED, &[("p", &caller(call, "", "")), ("q", &ends(error))]);
    let trace = run(&text, json!([done("work")])).all_done();
    assert_eq!(
        (trace.state(), trace.instance("main")["error"]["kind"].clone()),
        ("ended error".into(), json!("error-event"))
    );
    let up = "<escalationEventDefinition escalationRef=\"X\"/>";
    let second = caller(call, &edge(up, false), "b>caught caught>e");
    let text = files(CALLED, &[("p", &second), ("q", &ends(up))]);
    let trace = run(&text, json!([done("work")])).all_done();
    assert_eq!(
        (trace.tree().as_str(), trace.tasks_of("main/call")),
        ("call caught", "other".into())
    );
}

#[test]
fn what_nobody_waits_for_is_cancelled() {
    let called = nodes("s:qs t:work e:qe") + &flows("qs>work work>qe");
    let call = "<callActivity id=\"call\" calledElement=\"q\"/>";
    let edge = "<boundaryEvent id=\"b\" attachedToRef=\"call\"><timerEventDefinition>\
        <timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>";
    let text = files("", &[("p", &caller(call, edge, "b>after")), ("q", &called)]);
    let trace = run(&text, json!([{"advance": {"by": "PT1H"}}])).all_done();
    assert_eq!(
        (trace.tree().as_str(), trace.state_of("main/call")),
        ("after", "ended cancelled".into())
    );
    let trace = run(&text, json!([{"stop": {"instance": "main"}}])).all_done();
    assert_eq!(
        (trace.state(), trace.state_of("main/call")),
        ("ended cancelled".into(), "ended cancelled".into())
    );
}

#[test]
fn several_calls_are_numbered_and_a_missing_process_fails() {
    let called = nodes("s:qs t:work e:qe") + &flows("qs>work work>qe");
    let call = "<callActivity id=\"call\" calledElement=\"q\"><multiInstanceLoopCharacteristics>\
        <loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics></callActivity>";
    let text = files("", &[("p", &caller(call, "", "")), ("q", &called)]);
    let trace = run(&text, json!([])).all_done();
    assert_eq!(trace.names(), ["main", "main/call", "main/call#2"]);
    assert_eq!(trace.tree(), "call*[call call]");
    let trace = run(&text, json!([{"complete_all": {}}])).all_done();
    assert_eq!(trace.tree(), "after");
    let gone = files("", &[("p", &caller(&call.replace("\"q\"", "\"none\""), "", ""))]);
    let trace = run(&gone, json!([]));
    assert_eq!(
        (trace.results()[0].as_str(), trace.state().as_str()),
        ("failed no-process", "failed")
    );
    let itself = "<callActivity id=\"call\" calledElement=\"p\"/>";
    let text = files("", &[("p", &caller(itself, "", ""))]);
    assert_eq!(run(&text, json!([])).results(), ["failed limit"]);
}

#[test]
fn force_without_a_name_means_the_instances_that_have_the_element() {
    let called = nodes("s:qs t:work e:qe") + &flows("qs>work work>qe");
    let call = "<callActivity id=\"call\" calledElement=\"q\"/>";
    let text = files("", &[("p", &caller(call, "", "")), ("q", &called)]);
    let modify = |order: serde_json::Value| json!({"modify": {"instructions": [order]}});
    let trace = run(&text, json!([modify(json!({"start_before": "after"}))])).all_done();
    assert_eq!((trace.tree().as_str(), trace.tasks_of("main/call")), ("after call", "work".into()));
    let trace = run(&text, json!([modify(json!({"start_before": "work"}))])).all_done();
    assert_eq!(trace.tasks_of("main/call"), "work work");
    let trace = run(&text, json!([modify(json!({"cancel": "call"}))])).all_done();
    assert_eq!(
        (trace.state(), trace.state_of("main/call")),
        ("ended cancelled".into(), "ended cancelled".into())
    );
}
