//! Sub-processes, errors, escalations, termination, event sub-processes.

use serde_json::json;

use super::{done, file, flows, nodes, run, run_in};

fn sub(id: &str, inside: &str) -> String {
    format!("<subProcess id=\"{id}\">{inside}</subProcess>")
}

fn edge(id: &str, on: &str, cancels: bool, what: &str) -> String {
    format!(
        "<boundaryEvent id=\"{id}\" attachedToRef=\"{on}\" cancelActivity=\"{cancels}\">{what}</boundaryEvent>"
    )
}

const TIMER: &str =
    "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>";
const ERRORS: &str = "<error id=\"E1\" errorCode=\"one\"/><error id=\"E2\" errorCode=\"two\"/>\
    <escalation id=\"X1\" escalationCode=\"up\"/>";

#[test]
fn a_sub_process_holds_its_steps_and_can_be_interrupted() {
    let inside = nodes("s:is a:f t:t1 t:t2 e:ie") + &flows("is>f f>t1 f>t2 t1>ie t2>ie");
    let body = nodes("s:s t:after t:late e:e")
        + &sub("sub", &inside)
        + &edge("limit", "sub", true, TIMER)
        + &flows("s>sub sub>after limit>late after>e late>e");
    let file = file("", &body);
    let trace = run(&file, json!([]));
    assert_eq!((trace.tree().as_str(), trace.timers().as_str()), ("sub[t1 t2]", "limit"));
    let trace = run(&file, json!([done("t1"), done("t2")])).all_done();
    assert_eq!((trace.tasks().as_str(), trace.timers().as_str()), ("after", ""));
    let trace = run(&file, json!([done("t1"), {"advance": {"by": "PT1H"}}])).all_done();
    assert_eq!(trace.tree(), "late");
    let trace = run(
        &file,
        json!([done("t1"), {"advance": {"by": "PT59M"}}, done("t2"),
        {"advance": {"by": "PT5H"}}, done("after")]),
    );
    assert_eq!(trace.all_done().state(), "ended completed");
}

/// A nested pair of sub-processes whose inner end throws.
fn throwing(thrown: &str, edges: &str, list: &str) -> String {
    let inner = nodes("s:s2 t:work a:f2 t:beside")
        + &format!("<endEvent id=\"thrown\">{thrown}</endEvent>")
        + &nodes("e:e2")
        + &flows("s2>f2 f2>work f2>beside work>thrown beside>e2");
    let outer = nodes("s:s1 e:e1") + &sub("inner", &inner) + &flows("s1>inner inner>e1");
    let body = nodes("s:s t:after t:caught t:all e:e")
        + &sub("outer", &outer)
        + edges
        + &flows("s>outer outer>after after>e caught>e all>e")
        + &flows(list);
    file(ERRORS, &body)
}

#[test]
fn an_error_goes_up_to_the_nearest_that_catches_it() {
    let thrown = "<errorEventDefinition errorRef=\"E1\"/>";
    let one = edge("one", "outer", true, thrown);
    let all = edge("any", "outer", true, "<errorEventDefinition/>");
    let both = throwing(thrown, &(one + &all), "one>caught any>all");
    let trace = run(&both, json!([done("work")])).all_done();
    assert_eq!(trace.tree(), "caught", "the very code wins over catch-all");
    let only = throwing(thrown, &all, "any>all");
    assert_eq!(run(&only, json!([done("work")])).all_done().tree(), "all");
    let uncaught = throwing(thrown, "", "");
    let trace = run(&uncaught, json!([done("work")])).all_done();
    assert_eq!(trace.state(), "ended error");
    let error = &trace.instance("main")["error"];
    assert_eq!((&error["kind"], &error["code"]), (&json!("error-event"), &json!("one")));
    assert_eq!(error["element"], "thrown");
}

#[test]
fn an_escalation_need_not_interrupt() {
    let thrown = "<escalationEventDefinition escalationRef=\"X1\"/>";
    let beside = throwing(thrown, &edge("up", "outer", false, thrown), "up>caught");
    let trace = run(&beside, json!([done("work")])).all_done();
    assert_eq!(trace.tree(), "caught outer[inner[beside]]");
    let trace = run(&beside, json!([done("work"), done("beside")])).all_done();
    assert_eq!(trace.tree(), "after caught");
    let cutting = throwing(thrown, &edge("up", "outer", true, thrown), "up>caught");
    assert_eq!(run(&cutting, json!([done("work")])).all_done().tree(), "caught");
    let nobody = throwing(thrown, "", "");
    let trace = run(&nobody, json!([done("work")])).all_done();
    assert_eq!(trace.tree(), "outer[inner[beside]]");
    assert_eq!(trace.instance("main")["error"]["kind"], "escalation-event");
    assert_eq!(trace.state(), "active");
}

#[test]
fn a_throwing_escalation_goes_on_after_it() {
    let up = "<escalationEventDefinition escalationRef=\"X1\"/>";
    let inside = nodes("s:s1 t:next e:e1")
        + &format!("<intermediateThrowEvent id=\"call\">{up}</intermediateThrowEvent>")
        + &flows("s1>call call>next next>e1");
    let body = nodes("s:s t:told e:e") + &sub("sub", &inside) + &edge("up", "sub", false, up);
    let text = file(ERRORS, &(body + &flows("s>sub sub>e up>told told>e")));
    assert_eq!(run(&text, json!([])).all_done().tree(), "sub[next] told");
}

#[test]
fn terminate_ends_the_scope_only() {
    let inside = nodes("s:s1 a:f t:one t:two e:e1")
        + "<endEvent id=\"stop\"><terminateEventDefinition/></endEvent>"
        + &flows("s1>f f>one f>two one>stop two>e1");
    let body = nodes("s:s t:after e:e") + &sub("sub", &inside) + &flows("s>sub sub>after after>e");
    let trace = run(&file("", &body), json!([done("one")])).all_done();
    assert_eq!(trace.tree(), "after");
    let body = nodes("s:s a:f t:one t:two e:e")
        + "<endEvent id=\"stop\"><terminateEventDefinition/></endEvent>"
        + &flows("s>f f>one f>two one>stop two>e");
    let trace = run(&file("", &body), json!([done("one")])).all_done();
    assert_eq!((trace.state().as_str(), trace.tree().as_str()), ("ended terminated", ""));
}

fn handler(id: &str, interrupting: bool, what: &str, task: &str) -> String {
    let inside =
        format!("<startEvent id=\"{id}_s\" isInterrupting=\"{interrupting}\">{what}</startEvent>")
            + &nodes(&format!("t:{task} e:{id}_e"))
            + &flows(&format!("{id}_s>{task} {task}>{id}_e"));
    format!("<subProcess id=\"{id}\" triggeredByEvent=\"true\">{inside}</subProcess>")
}

#[test]
fn event_sub_processes_run_beside_or_take_over() {
    let news = "<message id=\"M\" name=\"news\"/><signal id=\"S\" name=\"alarm\"/>";
    let body = nodes("s:s t:work e:e")
        + &handler("beside", false, "<messageEventDefinition messageRef=\"M\"/>", "read")
        + &handler("over", true, "<signalEventDefinition signalRef=\"S\"/>", "rescue")
        + &handler("late", true, TIMER, "hurry")
        + &flows("s>work work>e");
    let text = file(news, &body);
    let trace = run(&text, json!([]));
    assert_eq!((trace.waits().as_str(), trace.timers().as_str()), ("beside_s over_s", "late_s"));
    let message = json!({"message": {"name": "news"}});
    let trace = run(&text, json!([message, message])).all_done();
    assert_eq!(trace.tree(), "beside[read] beside[read] work");
    let trace = run(&text, json!([message, {"signal": {"name": "alarm"}}])).all_done();
    assert_eq!((trace.tree().as_str(), trace.waits().as_str()), ("over[rescue]", ""));
    assert_eq!(trace.timers(), "");
    let trace = run(&text, json!([message, {"signal": {"name": "alarm"}}, done("rescue")]));
    assert_eq!(trace.all_done().state(), "ended completed");
    let trace = run(&text, json!([{"advance": {"by": "PT2H"}}, message]));
    assert_eq!(trace.results(), ["done", "done", "refused no-receiver"]);
    assert_eq!(trace.tree(), "late[hurry]");
    let trace = run(&text, json!([done("work")])).all_done();
    assert_eq!((trace.state().as_str(), trace.timers().as_str()), ("ended completed", ""));
    let trace = run(&text, json!([message, done("work")])).all_done();
    assert_eq!(trace.tree(), "beside[read]");
}

#[test]
fn an_event_sub_process_catches_an_error_of_its_scope_but_not_its_own() {
    let error = "<errorEventDefinition errorRef=\"E1\"/>";
    let throws = |id: &str| format!("<endEvent id=\"{id}\">{error}</endEvent>");
    let inside = nodes("s:s1 a:f t:work t:other e:e1")
        + &throws("bad")
        + &flows("s1>f f>work f>other work>bad other>e1")
        + &format!(
            "<subProcess id=\"mend\" triggeredByEvent=\"true\"><startEvent id=\"ms\">{error}\
             </startEvent>{}{}{}</subProcess>",
            nodes("t:repair"),
            throws("worse"),
            flows("ms>repair repair>worse")
        );
    let body = nodes("s:s t:outside e:e")
        + &sub("sub", &inside)
        + &edge("out", "sub", true, error)
        + &flows("s>sub sub>e out>outside outside>e");
    let text = file(ERRORS, &body);
    let trace = run(&text, json!([done("work")])).all_done();
    assert_eq!(trace.tree(), "sub[mend[repair]]");
    let trace = run(&text, json!([done("work"), done("repair")])).all_done();
    assert_eq!(trace.tree(), "outside");
}

#[test]
fn variables_live_in_their_scope() {
    let inside = "<property id=\"local\" name=\"local\"/>".to_owned()
        + &nodes("s:s1 t:work e:e1")
        + "<scriptTask id=\"set\" mc:result=\"local\"><script>amount + 1</script></scriptTask>\
           <scriptTask id=\"copy\" mc:result=\"seen\"><script>local * 2</script></scriptTask>"
        + &flows("s1>set set>copy copy>work work>e1");
    let body = nodes("s:s e:e") + &sub("sub", &inside) + &flows("s>sub sub>e");
    let text = file("", &body);
    let trace = run_in("feel", &text, json!({"amount": 4}), json!([])).all_done();
    assert_eq!((trace.var("seen"), trace.var("local")), (&json!(10), &json!(null)));
    assert!(trace.instance("main")["variables"].get("local").is_none());
}
