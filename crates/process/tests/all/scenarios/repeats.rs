//! Multi-instance and standard loops.

use serde_json::{Value as Json, json};

use super::{done, file, flows, nodes, run, run_in};

fn multi(kind: &str, id: &str, attributes: &str, inside: &str, body: &str) -> String {
    format!(
        "<{kind} id=\"{id}\"><multiInstanceLoopCharacteristics {attributes}>{inside}\
         </multiInstanceLoopCharacteristics>{body}</{kind}>"
    )
}

fn with_task(task: &str, rest: &str, list: &str) -> String {
    file(
        "",
        &(nodes("s:s t:after e:e")
            + task
            + rest
            + &flows("s>ask ask>after after>e")
            + &flows(list)),
    )
}

#[test]
fn a_quorum_ends_the_rest_and_silence_is_consent() {
    let inside = "<completionCondition>numberOfCompletedInstances >= 2</completionCondition>";
    let inside = inside.replace(">=", "&gt;=");
    let attributes = "mc:collection=\"agencies\" mc:item=\"agency\"";
    let task = multi("userTask", "ask", attributes, &inside, "");
    let silence = "<boundaryEvent id=\"silence\" attachedToRef=\"ask\"><timerEventDefinition>\
        <timeDuration>P5WD</timeDuration></timerEventDefinition></boundaryEvent>";
    let text = with_task(&task, silence, "silence>after");
    let variables = json!({"agencies": ["tax", "land", "fire"]});
    let trace = run_in("feel", &text, variables.clone(), json!([])).all_done();
    assert_eq!((trace.tree().as_str(), trace.timers().as_str()), ("ask*[ask ask ask]", "silence"));
    assert_eq!(trace.tasks(), "ask ask ask");
    let one = run_in("feel", &text, variables.clone(), json!([done("ask")])).all_done();
    assert_eq!(one.tree(), "ask*[ask ask]");
    let two = run_in("feel", &text, variables.clone(), json!([done("ask"), done("ask")]));
    assert_eq!(two.all_done().tree(), "after");
    let late = json!([done("ask"), {"advance": {"by": "P7D"}}]);
    assert_eq!(run_in("feel", &text, variables, late).all_done().tree(), "after");
    let none = run_in("feel", &text, json!({"agencies": []}), json!([])).all_done();
    assert_eq!(none.tree(), "after");
    let wrong = run_in("feel", &text, json!({"agencies": "tax"}), json!([]));
    assert_eq!(wrong.results(), ["failed expression"]);
    assert_eq!(wrong.state(), "failed");
}

#[test]
fn sequential_instances_come_one_after_the_other() {
    let inside = "<loopCardinality>n</loopCardinality>";
    let task = multi("userTask", "ask", "isSequential=\"true\"", inside, "");
    let text = with_task(&task, "", "");
    let steps = |count: usize| Json::from(vec![done("ask"); count]);
    for (count, tree) in [(0, "ask*[ask]"), (2, "ask*[ask]"), (3, "after")] {
        let trace = run_in("feel", &text, json!({"n": 3}), steps(count)).all_done();
        assert_eq!(trace.tree(), tree, "{count}");
    }
    let trace = run_in("feel", &text, json!({"n": -1}), json!([]));
    assert_eq!(trace.results(), ["failed expression"]);
}

#[test]
fn instances_of_a_sub_process_have_data_of_their_own_and_gather_results() {
    let body = nodes("s:s1 t:say e:e1")
        + "<property id=\"vote\" name=\"vote\"/>"
        + "<scriptTask id=\"note\" mc:result=\"vote\"><script>agency + \"!\"</script></scriptTask>"
        + &flows("s1>note note>say say>e1");
    let attributes = "mc:collection=\"agencies\" mc:item=\"agency\" mc:gather=\"votes\" \
                      mc:output=\"agency + string(loopCounter)\"";
    let sub = multi("subProcess", "ask", attributes, "", &body);
    let text = with_task(&sub, "", "");
    let variables = json!({"agencies": ["tax", "land"]});
    let trace = run_in("feel", &text, variables.clone(), json!([])).all_done();
    assert_eq!(trace.tree(), "ask*[ask[say] ask[say]]");
    let trace = run_in("feel", &text, variables, json!([{"complete_all": {}}])).all_done();
    assert_eq!(trace.tree(), "after");
    assert_eq!(trace.var("votes"), &json!(["tax1", "land2"]));
    assert!(trace.instance("main")["variables"].get("vote").is_none());
}

#[test]
fn one_instance_interrupted_from_inside_leaves_the_whole() {
    let body = nodes("s:s1 t:say")
        + "<endEvent id=\"bad\"><errorEventDefinition errorRef=\"E\"/></endEvent>"
        + &flows("s1>say say>bad");
    let sub = multi("subProcess", "ask", "", "<loopCardinality>3</loopCardinality>", &body);
    let edge = "<boundaryEvent id=\"error\" attachedToRef=\"ask\">\
        <errorEventDefinition errorRef=\"E\"/></boundaryEvent>";
    let text = nodes("s:s t:after t:sorry e:e")
        + &sub
        + edge
        + &flows("s>ask ask>after after>e error>sorry sorry>e");
    let text = file("<error id=\"E\" errorCode=\"e\"/>", &text);
    assert_eq!(run(&text, json!([done("say")])).all_done().tree(), "sorry");
}

#[test]
fn standard_loops_test_before_or_after() {
    let looped = |attributes: &str, condition: &str| {
        let task = format!(
            "<userTask id=\"ask\"><standardLoopCharacteristics {attributes}>\
             <loopCondition>{condition}</loopCondition></standardLoopCharacteristics></userTask>"
        );
        with_task(&task, "", "")
    };
    let again = |value: bool| json!({"complete": {"task": "ask", "variables": {"again": value}}});
    let text = looped("", "again");
    let trace = run_in("feel", &text, json!({}), json!([again(true)])).all_done();
    assert_eq!(trace.tree(), "ask");
    assert_eq!(run(&text, json!([again(true), again(false)])).all_done().tree(), "after");
    let before = looped("testBefore=\"true\"", "again");
    assert_eq!(run(&before, json!([])).all_done().tree(), "after");
    let most = looped("loopMaximum=\"2\"", "true");
    assert_eq!(run(&most, json!([done("ask")])).all_done().tree(), "ask");
    assert_eq!(run(&most, json!([done("ask"), done("ask")])).all_done().tree(), "after");
    let endless = "<scriptTask id=\"ask\"><standardLoopCharacteristics><loopCondition>true\
        </loopCondition></standardLoopCharacteristics><script>1</script></scriptTask>";
    let trace = run(&with_task(endless, "", ""), json!([]));
    assert_eq!(trace.results(), ["failed limit"]);
}

#[test]
fn timers_on_the_edge_of_a_repetition_count_once() {
    let task = multi("userTask", "ask", "", "<loopCardinality>2</loopCardinality>", "");
    let edge = "<boundaryEvent id=\"remind\" attachedToRef=\"ask\" cancelActivity=\"false\">\
        <timerEventDefinition><timeCycle>R2/PT1H</timeCycle></timerEventDefinition>\
        </boundaryEvent><userTask id=\"told\"/>";
    let text = with_task(&task, edge, "remind>told told>e");
    let hours = |n: u32| json!({"advance": {"by": format!("PT{n}H")}});
    let trace = run(&text, json!([hours(1)])).all_done();
    assert_eq!((trace.tasks().as_str(), trace.timers().as_str()), ("ask ask told", "remind"));
    let trace = run(&text, json!([hours(5)])).all_done();
    assert_eq!((trace.tasks().as_str(), trace.timers().as_str()), ("ask ask told told", ""));
    let trace = run(&text, json!([done("ask"), done("ask"), hours(5)])).all_done();
    assert_eq!(trace.tasks(), "after");
}
