//! Messages, signals, timers, conditions, links, event-based gateways.

use serde_json::json;

use super::{done, file, files, flows, nodes, run, run_all, run_in};

const ROOT: &str = "<message id=\"M\" name=\"news\"/><message id=\"N\" name=\"other\"/>\
    <signal id=\"S\" name=\"alarm\"/>";
const NEWS: &str = "<messageEventDefinition messageRef=\"M\"/>";
const ALARM: &str = "<signalEventDefinition signalRef=\"S\"/>";

fn catch(id: &str, what: &str) -> String {
    format!("<intermediateCatchEvent id=\"{id}\">{what}</intermediateCatchEvent>")
}

fn throw(id: &str, what: &str) -> String {
    format!("<intermediateThrowEvent id=\"{id}\">{what}</intermediateThrowEvent>")
}

fn condition(text: &str) -> String {
    format!(
        "<conditionalEventDefinition><condition>{text}</condition></conditionalEventDefinition>"
    )
}

#[test]
fn a_message_goes_to_the_oldest_waiter_then_to_a_start() {
    let waiting = nodes("s:s t:got e:e") + &catch("wait", NEWS) + &flows("s>wait wait>got got>e");
    let begun = format!("<startEvent id=\"begin\">{NEWS}</startEvent>")
        + &nodes("t:born e:end")
        + &flows("begin>born born>end");
    let text = files(ROOT, &[("p", &waiting), ("q", &begun)]);
    let start = |name: &str| json!({"start": {"process": "p", "as": name}});
    let news = json!({"message": {"name": "news", "variables": {"what": 7}}});
    let steps = json!([start("a"), start("b"), news, news, news, news]);
    let trace = run_all("feel", &text, steps).all_done();
    assert_eq!(trace.names(), ["a", "b", "q#1", "q#2"]);
    assert_eq!((trace.tasks_of("a"), trace.tasks_of("q#2")), ("got".into(), "born".into()));
    assert_eq!(trace.instance("q#1")["variables"]["what"], 7);
    let for_b = json!({"message": {"name": "news", "instance": "b"}});
    let trace = run_all("feel", &text, json!([start("a"), start("b"), for_b, for_b]));
    assert_eq!(trace.results(), ["done", "done", "done", "refused no-receiver"]);
    assert_eq!((trace.tasks_of("a"), trace.tasks_of("b")), (String::new(), "got".into()));
    let trace = run_all("feel", &text, json!([{"start": {"process": "q", "as": "x"}}]));
    assert_eq!(trace.results(), ["refused no-start"]);
}

#[test]
fn signals_reach_everyone_and_start_processes() {
    let waiting = nodes("s:s a:f t:got t:send e:e")
        + &catch("wait", ALARM)
        + &throw("call", ALARM)
        + &flows("s>f f>wait f>send send>call call>e wait>got got>e");
    let begun = format!("<startEvent id=\"begin\">{ALARM}</startEvent>")
        + &nodes("t:born e:end")
        + &flows("begin>born born>end");
    let text = files(ROOT, &[("p", &waiting), ("q", &begun)]);
    let start = |name: &str| json!({"start": {"process": "p", "as": name}});
    let send = json!({"complete": {"task": "send", "instance": "a"}});
    let trace = run_all("feel", &text, json!([start("a"), start("b"), send])).all_done();
    assert_eq!(trace.tasks_of("a"), "got");
    assert_eq!((trace.tasks_of("b"), trace.tasks_of("q#1")), ("got send".into(), "born".into()));
    let none = json!([start("a"), {"signal": {"name": "quiet"}}]);
    assert_eq!(run_all("feel", &text, none).all_done().names(), ["a"]);
}

#[test]
fn timers_wait_for_durations_dates_and_cycles() {
    let time = |part: &str| format!("<timerEventDefinition>{part}</timerEventDefinition>");
    let date = "<timeDate>2026-01-05T10:00:00Z</timeDate>";
    let body =
        nodes("s:s t:got e:e") + &catch("wait", &time(date)) + &flows("s>wait wait>got got>e");
    let text = file("", &body);
    let trace = run(&text, json!([{"advance": {"to": "2026-01-05T09:59:59Z"}}])).all_done();
    assert_eq!((trace.timers().as_str(), trace.tasks().as_str()), ("wait", ""));
    let timer = &trace.instance("main")["timers"][0];
    assert_eq!(timer["due"], "2026-01-05T10:00:00Z");
    let trace = run(&text, json!([{"fire_timer": {"element": "wait"}}])).all_done();
    assert_eq!(trace.tasks(), "got");
    assert_eq!(trace.last()["snapshot"]["clock"], "2026-01-05T08:00:00Z");
    let trace = run(&text, json!([{"fire_timer": {}}, {"fire_timer": {}}]));
    assert_eq!(trace.results(), ["done", "done", "refused no-timer"]);
    let computed = file("", &body.replace(date, "<timeDuration>${wait}</timeDuration>"));
    let trace = run_in("juel", &computed, json!({"wait": "PT10M"}), json!([]));
    assert_eq!(trace.instance("main")["timers"][0]["due"], "2026-01-05T08:10:00Z");
    let trace = run_in("juel", &computed, json!({}), json!([]));
    assert_eq!(trace.results(), ["failed expression"]);
    let cycle = "<timeCycle>R2/PT1H</timeCycle>";
    let start = format!("<startEvent id=\"s\">{}</startEvent>", time(cycle))
        + &nodes("t:got e:e")
        + &flows("s>got got>e");
    let trace = run_all("feel", &file("", &start), json!([{"advance": {"by": "PT9H"}}]));
    assert_eq!(trace.names(), ["p#1", "p#2"]);
}

#[test]
fn timers_fire_in_order_each_at_its_own_time() {
    let time = |id: &str, text: &str| {
        let part = format!(
            "<timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition>"
        );
        catch(id, &part)
    };
    let body = nodes("s:s a:f e:e t:got")
        + &time("two", "PT2H")
        + &time("one", "PT1H")
        + &time("more", "PT30M")
        + &flows("s>f f>two f>one one>more more>got two>e got>e");
    let text = file("", &body);
    let trace = run(&text, json!([{"advance": {"by": "PT89M"}}])).all_done();
    assert_eq!(trace.timers(), "more two");
    let due = trace.instance("main")["timers"].to_string();
    assert!(due.contains("2026-01-05T09:30:00Z"), "{due}");
    assert_eq!(run(&text, json!([{"advance": {"by": "PT90M"}}])).tasks(), "got");
}

#[test]
fn conditions_are_looked_at_when_they_begin_and_when_data_changes() {
    let edge = |id: &str, cancels: bool, text: &str| {
        format!(
            "<boundaryEvent id=\"{id}\" attachedToRef=\"work\" cancelActivity=\"{cancels}\">{}\
             </boundaryEvent>",
            condition(text)
        )
    };
    let body = nodes("s:s t:work t:beside t:instead e:e")
        + &catch("wait", &condition("ready"))
        + &edge("more", false, "level = 1")
        + &edge("stop", true, "level = 2")
        + &flows("s>wait wait>work work>e more>beside beside>e stop>instead instead>e");
    let text = file("", &body);
    let set = |vars: serde_json::Value| json!({"set": {"instance": "main", "variables": vars}});
    assert_eq!(run(&text, json!([])).waits(), "wait");
    assert_eq!(run_in("feel", &text, json!({"ready": true}), json!([])).tasks(), "work");
    let trace = run(&text, json!([set(json!({"ready": false})), set(json!({"ready": true}))]));
    assert_eq!(trace.all_done().tree(), "work");
    let trace = run(&text, json!([set(json!({"ready": true})), set(json!({"level": 1}))]));
    assert_eq!(trace.all_done().tree(), "beside work");
    let trace = run(&text, json!([set(json!({"ready": true})), set(json!({"level": 2}))]));
    assert_eq!(trace.all_done().tree(), "instead");
}

#[test]
fn links_jump_within_their_scope() {
    let link = |name: &str| format!("<linkEventDefinition name=\"{name}\"/>");
    let body = nodes("s:s t:far e:e")
        + &throw("from", &link("L"))
        + &catch("to", &link("L"))
        + &flows("s>from to>far far>e");
    assert_eq!(run(&file("", &body), json!([])).all_done().tree(), "far");
}

#[test]
fn the_first_event_after_an_event_gateway_wins() {
    let timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>";
    let body = nodes("s:s t:early t:late t:other e:e")
        + "<eventBasedGateway id=\"g\"/>"
        + &catch("m", NEWS)
        + &catch("t", timer)
        + &catch("r", ALARM)
        + &flows("s>g g>m g>t g>r m>early t>late r>other early>e late>e other>e");
    let text = file(ROOT, &body);
    let trace = run(&text, json!([])).all_done();
    assert_eq!((trace.tree().as_str(), trace.waits().as_str()), ("g", "m r"));
    assert_eq!(trace.timers(), "t");
    let trace = run(&text, json!([{"message": {"name": "news"}}])).all_done();
    assert_eq!((trace.tree().as_str(), trace.timers().as_str()), ("early", ""));
    assert_eq!(run(&text, json!([{"signal": {"name": "alarm"}}])).tree(), "other");
    assert_eq!(run(&text, json!([{"advance": {"by": "PT1H"}}])).tree(), "late");
}

#[test]
fn gateways_and_receive_tasks_begin_processes() {
    let gateway = "<eventBasedGateway id=\"g\" instantiate=\"true\"/>".to_owned()
        + &catch("m", NEWS)
        + &catch("n", "<messageEventDefinition messageRef=\"N\"/>")
        + &nodes("t:early t:late e:e")
        + &flows("g>m g>n m>early n>late early>e late>e");
    let text = files(ROOT, &[("q", &gateway)]);
    let trace = run_all("feel", &text, json!([{"message": {"name": "other"}}])).all_done();
    assert_eq!(trace.tasks_of("q#1"), "late");
    let receive = "<receiveTask id=\"r\" messageRef=\"M\" instantiate=\"true\"/>".to_owned()
        + &nodes("t:got e:e")
        + &flows("r>got got>e");
    let text = files(ROOT, &[("q", &receive)]);
    let trace = run_all("feel", &text, json!([{"message": {"name": "news"}}])).all_done();
    assert_eq!(trace.tasks_of("q#1"), "got");
}

#[test]
fn what_waits_on_an_edge_hears_messages_and_signals() {
    let edge = |id: &str, cancels: bool, what: &str| {
        format!(
            "<boundaryEvent id=\"{id}\" attachedToRef=\"work\" cancelActivity=\"{cancels}\">{what}</boundaryEvent>"
        )
    };
    let body = nodes("s:s t:work t:beside t:instead e:e")
        + &edge("m", false, NEWS)
        + &edge("a", true, ALARM)
        + &flows("s>work work>e m>beside beside>e a>instead instead>e");
    let text = file(ROOT, &body);
    let news = json!({"message": {"name": "news"}});
    let trace = run(&text, json!([news, news])).all_done();
    assert_eq!((trace.tree().as_str(), trace.waits().as_str()), ("beside beside work", "a m"));
    let trace = run(&text, json!([news, {"signal": {"name": "alarm"}}, news]));
    assert_eq!(trace.results()[3], "refused no-receiver");
    assert_eq!(trace.tree(), "beside instead");
    assert_eq!(run(&text, json!([done("work")])).waits(), "");
}

#[test]
fn of_several_plain_starts_one_begins_the_process() {
    let body = nodes("s:s s:s2 t:one t:two e:e") + &flows("s>one s2>two one>e two>e");
    assert_eq!(run(&file("", &body), json!([])).all_done().tree(), "one");
}
