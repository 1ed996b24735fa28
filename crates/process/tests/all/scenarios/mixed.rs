//! Constructs inside each other.

use serde_json::{Value as Json, json};

use super::{done, file, files, flows, nodes, run, run_in};

const ROOT: &str = "<message id=\"M\" name=\"m\"/><signal id=\"S\" name=\"s\"/>\
    <error id=\"E\" errorCode=\"e\"/><escalation id=\"X\" escalationCode=\"x\"/>";
const MESSAGE: &str = "<messageEventDefinition messageRef=\"M\"/>";
const ERROR: &str = "<errorEventDefinition errorRef=\"E\"/>";

fn handler(id: &str, interrupting: bool, what: &str, inside: &str, list: &str) -> String {
    format!(
        "<subProcess id=\"{id}\" triggeredByEvent=\"true\"><startEvent id=\"{id}s\" \
         isInterrupting=\"{interrupting}\">{what}</startEvent>{inside}{}</subProcess>",
        flows(list)
    )
}

fn repeated(kind: &str, id: &str, attributes: &str, count: &str, body: &str) -> String {
    format!(
        "<{kind} id=\"{id}\"><multiInstanceLoopCharacteristics {attributes}><loopCardinality>\
         {count}</loopCardinality></multiInstanceLoopCharacteristics>{body}</{kind}>"
    )
}

fn edge(id: &str, on: &str, cancels: bool, what: &str) -> String {
    format!(
        "<boundaryEvent id=\"{id}\" attachedToRef=\"{on}\" cancelActivity=\"{cancels}\">{what}\
         </boundaryEvent>"
    )
}

#[test]
fn an_event_sub_process_takes_over_one_instance_only() {
    let inside = nodes("s:s1 t:work e:e1")
        + &flows("s1>work work>e1")
        + &handler("over", true, MESSAGE, &nodes("t:rescue e:oe"), "overs>rescue rescue>oe");
    let body = nodes("s:s t:after e:e")
        + &repeated("subProcess", "sub", "", "2", &inside)
        + &flows("s>sub sub>after after>e");
    let text = file(ROOT, &body);
    let message = json!({"message": {"name": "m"}});
    let trace = run(&text, json!([message])).all_done();
    assert_eq!(trace.tree(), "sub*[sub[over[rescue]] sub[work]]");
    let trace = run(&text, json!([message, done("rescue")])).all_done();
    assert_eq!(trace.tree(), "sub*[sub[work]]");
    let trace = run(&text, json!([message, done("rescue"), done("work")])).all_done();
    assert_eq!(trace.tree(), "after");
}

#[test]
fn a_failing_instance_interrupts_the_repetition() {
    let body = nodes("s:s t:after t:caught t:told e:e")
        + &repeated("serviceTask", "job", "", "3", "")
        + &edge("bad", "job", true, ERROR)
        + &edge("news", "job", false, MESSAGE)
        + &flows("s>job job>after after>e bad>caught caught>e news>told told>e");
    let text = file(ROOT, &body);
    let job = |result: &str| json!({"job": {"element": "job", "result": result, "code": "e"}});
    let message = json!({"message": {"name": "m"}});
    let trace = run(&text, json!([job("done"), message, message])).all_done();
    assert_eq!(trace.tree(), "job*[job job] told told");
    assert_eq!(trace.waits(), "job job news");
    let trace = run(&text, json!([job("done"), job("error")])).all_done();
    assert_eq!((trace.tree().as_str(), trace.waits().as_str()), ("caught", ""));
    let all = json!([job("done"), job("done"), job("done")]);
    assert_eq!(run(&text, all).all_done().tree(), "after");
}

#[test]
fn a_condition_may_start_an_event_sub_process() {
    let condition = "<conditionalEventDefinition><condition>level = 2</condition>\
                     </conditionalEventDefinition>";
    for (interrupting, tree) in [(true, "over[rescue]"), (false, "over[rescue] work")] {
        let body = nodes("s:s t:work e:e")
            + &flows("s>work work>e")
            + &handler(
                "over",
                interrupting,
                condition,
                &nodes("t:rescue e:oe"),
                "overs>rescue rescue>oe",
            );
        let set = |level: i64| json!({"set": {"instance": "main", "variables": {"level": level}}});
        let trace = run(&file(ROOT, &body), json!([set(1), set(2)])).all_done();
        assert_eq!(trace.tree(), tree);
        let trace = run_in("feel", &file(ROOT, &body), json!({"level": 2}), json!([])).all_done();
        assert_eq!(trace.tree(), tree, "it holds from the beginning");
    }
}

#[test]
fn event_sub_processes_nest() {
    let inner = handler("deep", true, ERROR, &nodes("t:last e:de"), "deeps>last last>de");
    let bad = format!("<endEvent id=\"bad\">{ERROR}</endEvent>");
    let inside = nodes("t:rescue") + &bad + &inner;
    let body = nodes("s:s t:work e:e")
        + &flows("s>work work>e")
        + &handler("over", false, MESSAGE, &inside, "overs>rescue rescue>bad");
    let message = json!({"message": {"name": "m"}});
    let trace = run(&file(ROOT, &body), json!([message, done("rescue")])).all_done();
    assert_eq!(trace.tree(), "over[deep[last]] work");
    let steps = json!([message, done("rescue"), done("last"), done("work")]);
    assert_eq!(run(&file(ROOT, &body), steps).all_done().state(), "ended completed");
}

#[test]
fn a_looped_sub_process_can_be_left_by_an_error() {
    let inside = nodes("s:s1 t:work x:x e:e1")
        + &format!("<endEvent id=\"bad\">{ERROR}</endEvent>")
        + "<sequenceFlow id=\"again\" sourceRef=\"x\" targetRef=\"e1\"><conditionExpression>ok\
           </conditionExpression></sequenceFlow>"
        + "<sequenceFlow id=\"no\" sourceRef=\"x\" targetRef=\"bad\"><conditionExpression>not(ok)\
           </conditionExpression></sequenceFlow>"
        + &flows("s1>work work>x");
    let body = nodes("s:s t:after t:caught e:e")
        + &format!(
            "<subProcess id=\"sub\"><standardLoopCharacteristics loopMaximum=\"3\"/>{inside}</subProcess>"
        )
        + &edge("b", "sub", true, ERROR)
        + &flows("s>sub sub>after after>e b>caught caught>e");
    let text = file(ROOT, &body);
    let work = |ok: bool| json!({"complete": {"task": "work", "variables": {"ok": ok}}});
    assert_eq!(run(&text, json!([work(true), work(true)])).all_done().tree(), "sub[work]");
    let three = json!([work(true), work(true), work(true)]);
    assert_eq!(run(&text, three).all_done().tree(), "after");
    assert_eq!(run(&text, json!([work(true), work(false)])).all_done().tree(), "caught");
}

#[test]
fn a_message_on_the_edge_of_a_call_cancels_what_was_called() {
    let called = nodes("s:qs t:work e:qe") + &flows("qs>work work>qe");
    let body = nodes("s:s t:after e:e")
        + "<callActivity id=\"call\" calledElement=\"q\"/>"
        + &edge("b", "call", true, MESSAGE)
        + &flows("s>call call>after b>call after>e");
    let text = files(ROOT, &[("p", &body), ("q", &called)]);
    let trace = run(&text, json!([{"message": {"name": "m"}}])).all_done();
    assert_eq!(trace.names(), ["main", "main/call", "main/call#2"]);
    assert_eq!(trace.state_of("main/call"), "ended cancelled");
    assert_eq!((trace.tasks_of("main/call#2"), trace.tree()), ("work".into(), "call".into()));
    let trace = run(&text, json!([{"message": {"name": "m"}}, done("work")])).all_done();
    assert_eq!(trace.tree(), "after");
}

#[test]
fn an_event_gateway_inside_instances() {
    let inside = nodes("s:s1 t:got e:e1")
        + "<eventBasedGateway id=\"g\"/>"
        + &format!("<intermediateCatchEvent id=\"m\">{MESSAGE}</intermediateCatchEvent>")
        + "<intermediateCatchEvent id=\"t\"><timerEventDefinition><timeDuration>PT1H</timeDuration>\
           </timerEventDefinition></intermediateCatchEvent>"
        + &flows("s1>g g>m g>t m>got t>e1 got>e1");
    let body = nodes("s:s t:after e:e")
        + &repeated("subProcess", "sub", "", "n", &inside)
        + &flows("s>sub sub>after after>e");
    let text = file(ROOT, &body);
    let message = json!({"message": {"name": "m"}});
    let trace = run_in("feel", &text, json!({"n": 2}), json!([message])).all_done();
    assert_eq!((trace.tree().as_str(), trace.timers().as_str()), ("sub*[sub[g] sub[got]]", "t"));
    let steps = json!([message, {"advance": {"by": "PT1H"}}, done("got")]);
    assert_eq!(run_in("feel", &text, json!({"n": 2}), steps).all_done().tree(), "after");
}

#[test]
fn escalations_of_called_instances_and_repeating_timers() {
    let up = "<escalationEventDefinition escalationRef=\"X\"/>";
    let called = nodes("s:qs t:work e:qe")
        + &format!("<intermediateThrowEvent id=\"up\">{up}</intermediateThrowEvent>")
        + &flows("qs>up up>work work>qe");
    let cycle = "<timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>";
    let body = nodes("s:s t:after t:told e:e")
        + &repeated("callActivity", "call", "", "2", "")
            .replace("<callActivity", "<callActivity calledElement=\"q\"")
        + &edge("b", "call", false, up)
        + &flows("s>call call>after b>told told>e after>e")
        + &handler("tick", false, cycle, &nodes("t:look e:te"), "ticks>look look>te");
    let text = files(ROOT, &[("p", &body), ("q", &called)]);
    let trace = run(&text, json!([{"advance": {"by": "PT150M"}}])).all_done();
    assert_eq!(trace.tree(), "call*[call call] tick[look] tick[look] told told");
    assert_eq!(
        trace.instance("main")["timers"],
        json!([
            {"element": "ticks", "due": "2026-01-05T11:00:00Z"}
        ])
    );
    let steps: Json = json!([{"complete_all": {"repeat": true}}, {"advance": {"by": "P1D"}}]);
    assert_eq!(run(&text, steps).all_done().state(), "ended completed");
}

#[test]
fn variables_are_set_where_they_are_known() {
    let inside = "<property id=\"own\" name=\"note\"/>".to_owned()
        + &nodes("s:s1 t:work t:more e:e1")
        + "<scriptTask id=\"copy\" mc:result=\"seen\"><script>note</script></scriptTask>"
        + &flows("s1>work work>copy copy>more more>e1");
    let body = nodes("s:s e:e")
        + &format!("<subProcess id=\"sub\">{inside}</subProcess>")
        + &flows("s>sub sub>e");
    let work = json!({"complete": {"variables": {"note": "a", "other": 1}}});
    let trace = run(&file("", &body), json!([work])).all_done();
    assert_eq!(trace.instance("main")["variables"], json!({"other": 1, "seen": "a"}));
}
