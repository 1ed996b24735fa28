//! Moving tokens by force.

use serde_json::{Value as Json, json};

use super::{Trace, done, file, flows, nodes, run};

fn modify(instructions: Json) -> Json {
    json!({"modify": {"instructions": instructions}})
}

fn multi(kind: &str, id: &str, attributes: &str, count: u32, body: &str) -> String {
    format!(
        "<{kind} id=\"{id}\"><multiInstanceLoopCharacteristics {attributes}><loopCardinality>\
         {count}</loopCardinality></multiInstanceLoopCharacteristics>{body}</{kind}>"
    )
}

/// a ∥ b, then a sub-process with two tasks, then c.
fn model() -> String {
    let inside = nodes("s:s1 t:one t:two e:e1") + &flows("s1>one one>two two>e1");
    let edge = "<boundaryEvent id=\"limit\" attachedToRef=\"sub\"><timerEventDefinition>\
        <timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>";
    let body = nodes("s:s a:f t:a t:b a:j t:c e:e t:late")
        + &format!("<subProcess id=\"sub\">{inside}</subProcess>")
        + edge
        + &flows("s>f f>a f>b a>j b>j j>sub sub>c c>e limit>late late>e");
    file("", &body)
}

fn modified(before: Json, instructions: Json) -> Trace {
    let mut steps = before.as_array().expect("steps").clone();
    steps.push(modify(instructions));
    run(&model(), Json::from(steps))
}

#[test]
fn tokens_are_cancelled_and_started() {
    let trace = modified(json!([]), json!([{"cancel": "a"}])).all_done();
    assert_eq!(trace.tree(), "b");
    let trace = modified(json!([]), json!([{"start_before": "c"}])).all_done();
    assert_eq!(trace.tree(), "a b c");
    let trace = modified(json!([]), json!([{"start_after": "c"}])).all_done();
    assert_eq!(trace.tree(), "a b");
    let trace = modified(json!([]), json!([{"take_flow": "j-sub"}])).all_done();
    assert_eq!((trace.tree().as_str(), trace.timers().as_str()), ("a b sub[one]", "limit"));
    let trace = modified(json!([]), json!([{"cancel": "a"}, {"cancel": "b"}])).all_done();
    assert_eq!(trace.state(), "ended cancelled");
    let trace = modified(json!([]), json!([{"cancel_instance": true}, {"start_before": "a"}]));
    assert_eq!(trace.all_done().tree(), "a", "judged only after the last instruction");
    let trace = modified(json!([done("a")]), json!([{"cancel": "b"}, {"start_before": "j"}]));
    assert_eq!(trace.all_done().tree(), "sub[one]", "a token at a join counts for what is missing");
}

#[test]
fn sub_processes_are_opened_and_closed_as_needed() {
    let trace = modified(json!([]), json!([{"start_before": "two"}])).all_done();
    assert_eq!((trace.tree().as_str(), trace.timers().as_str()), ("a b sub[two]", "limit"));
    let twice = json!([{"start_before": "two"}, {"start_before": "one"}]);
    assert_eq!(modified(json!([]), twice).all_done().tree(), "a b sub[one two]");
    let inside = json!([done("a"), done("b")]);
    let trace = modified(inside.clone(), json!([{"cancel": "one"}, {"start_before": "c"}]));
    assert_eq!((trace.all_done().tree().as_str()), "c");
    let trace = modified(inside.clone(), json!([{"cancel": "sub"}, {"start_before": "a"}]));
    let trace = trace.all_done();
    assert_eq!((trace.tree().as_str(), trace.timers().as_str()), ("a", ""));
    let trace = modified(inside.clone(), json!([{"start_after": "two"}])).all_done();
    assert_eq!(trace.tree(), "sub[one]");
    let before = json!([{"start_before": "sub"}, {"start_before": "sub"}]);
    let trace = run(&model(), json!([modify(before), modify(json!([{"start_before": "two"}]))]));
    assert_eq!(trace.results(), ["done", "done", "refused cannot-move"]);
    assert_eq!(trace.tree(), "a b sub[one] sub[one]");
}

#[test]
fn moves_keep_what_encloses_both() {
    let inside = json!([done("a"), done("b"), {"advance": {"by": "PT30M"}}]);
    let trace = modified(inside.clone(), json!([{"move": {"from": ["one"], "to": ["two"]}}]));
    let trace = trace.all_done();
    assert_eq!(trace.tree(), "sub[two]");
    let due = &trace.instance("main")["timers"][0]["due"];
    assert_eq!(due, "2026-01-05T09:00:00Z", "the sub-process stayed open");
    let trace = modified(inside.clone(), json!([{"move": {"from": ["one"], "to": ["c"]}}]));
    assert_eq!(trace.all_done().tree(), "c");
    let trace = modified(json!([]), json!([{"move": {"from": ["a", "b"], "to": ["c"]}}]));
    assert_eq!(trace.all_done().tree(), "c");
    let trace = modified(json!([]), json!([{"move": {"from": ["a"], "to": ["one", "c"]}}]));
    assert_eq!(trace.all_done().tree(), "b c sub[one]");
    let trace =
        modified(json!([]), json!([{"cancel": "a"}, {"move": {"from": ["c"], "to": ["a"]}}]));
    assert_eq!(trace.results(), ["done", "refused cannot-move"]);
    assert_eq!(trace.tree(), "a b", "all or nothing");
    let trace = modified(json!([]), json!([{"start_before": "nowhere"}]));
    assert_eq!(trace.results(), ["done", "refused unknown-element"]);
}

#[test]
fn instances_are_added_to_a_repetition() {
    let body = nodes("s:s t:after e:e")
        + &multi("userTask", "ask", "", 2, "")
        + &flows("s>ask ask>after after>e");
    let text = file("", &body);
    let add = modify(json!([{"start_before": "ask"}]));
    let trace = run(&text, json!([add])).all_done();
    assert_eq!(trace.tree(), "ask*[ask ask ask]");
    let whole = modify(json!([{"start_before": "ask", "whole": true}]));
    let trace = run(&text, json!([whole])).all_done();
    assert_eq!(trace.tree(), "ask*[ask ask] ask*[ask ask]");
    let one = modify(json!([{"cancel_one": "ask"}]));
    let trace = run(&text, json!([one])).all_done();
    assert_eq!(trace.tree(), "ask*[ask]");
    assert_eq!(run(&text, json!([one, done("ask")])).all_done().tree(), "after");
    assert_eq!(run(&text, json!([one, one])).all_done().state(), "ended cancelled");
    let closed = modify(json!([{"cancel": "ask"}, {"start_before": "ask"}]));
    assert_eq!(run(&text, json!([closed])).all_done().tree(), "ask*[ask]");
    let trace = run(&text, json!([closed, done("ask")])).all_done();
    assert_eq!(trace.tree(), "after");
    let sequential = nodes("s:s t:after e:e")
        + &multi("userTask", "ask", "isSequential=\"true\"", 2, "")
        + &flows("s>ask ask>after after>e");
    let trace = run(&file("", &sequential), json!([add]));
    assert_eq!(trace.results(), ["done", "refused cannot-move"]);
}

#[test]
fn a_target_inside_an_interrupting_event_sub_process_interrupts() {
    let handler = |interrupting: bool| {
        format!(
            "<subProcess id=\"over\" triggeredByEvent=\"true\"><startEvent id=\"os\" \
             isInterrupting=\"{interrupting}\"><messageEventDefinition messageRef=\"M\"/>\
             </startEvent>{}{}</subProcess>",
            nodes("t:rescue e:oe"),
            flows("os>rescue rescue>oe")
        )
    };
    let text = |interrupting: bool| {
        let body =
            nodes("s:s a:f t:a t:b e:e") + &handler(interrupting) + &flows("s>f f>a f>b a>e b>e");
        file("<message id=\"M\" name=\"m\"/>", &body)
    };
    let moved = modify(json!([{"move": {"from": ["a"], "to": ["rescue"]}}]));
    let trace = run(&text(true), json!([moved])).all_done();
    assert_eq!((trace.tree().as_str(), trace.waits().as_str()), ("over[rescue]", ""));
    let trace = run(&text(false), json!([moved])).all_done();
    assert_eq!((trace.tree().as_str(), trace.waits().as_str()), ("b over[rescue]", "os"));
}

#[test]
fn instances_of_a_repeated_sub_process_are_added_and_begun_inside() {
    let inside = nodes("s:s1 t:one t:two e:e1") + &flows("s1>one one>two two>e1");
    let body = nodes("s:s t:before t:after e:e")
        + &multi("subProcess", "sub", "", 2, &inside)
        + &flows("s>before before>sub sub>after after>e");
    let text = file("", &body);
    let inside = modify(json!([{"start_before": "two"}]));
    let trace = run(&text, json!([inside])).all_done();
    assert_eq!(trace.tree(), "before sub*[sub[two]]");
    let trace = run(&text, json!([inside, done("two"), done("before")])).all_done();
    assert_eq!(trace.tree(), "after sub*[sub[one] sub[one]]");
    let trace = run(&text, json!([done("before"), inside]));
    assert_eq!(trace.results(), ["done", "done", "refused cannot-move"]);
    let more = modify(json!([{"start_before": "sub"}]));
    let trace = run(&text, json!([done("before"), more])).all_done();
    assert_eq!(trace.tree(), "sub*[sub[one] sub[one] sub[one]]");
    let one = modify(json!([{"cancel_one": "one"}]));
    let trace = run(&text, json!([done("before"), one])).all_done();
    assert_eq!(trace.tree(), "sub*[sub[one]]");
}

#[test]
fn boundary_timers_come_with_a_started_task_and_go_with_a_cancelled_one() {
    let edge = "<boundaryEvent id=\"b\" attachedToRef=\"a\"><timerEventDefinition>\
        <timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>";
    let body = nodes("s:s t:a t:c e:e") + edge + &flows("s>a a>c c>e b>c");
    let text = file("", &body);
    let twice = modify(json!([{"start_before": "a"}]));
    let trace = run(&text, json!([twice])).all_done();
    assert_eq!((trace.tree().as_str(), trace.timers().as_str()), ("a a", "b b"));
    let fired = run(&text, json!([twice, {"fire_timer": {"element": "b"}}]));
    assert_eq!(fired.results()[2], "refused several-timers");
    let trace = run(&text, json!([twice, modify(json!([{"cancel_one": "a"}]))])).all_done();
    assert_eq!((trace.tree().as_str(), trace.timers().as_str()), ("a", "b"));
    let trace = run(&text, json!([modify(json!([{"take_flow": "b-c"}]))])).all_done();
    assert_eq!(trace.tree(), "a c");
}

#[test]
fn a_leader_jumps_skips_and_adds() {
    use process::{Command, Env, Instruction, State, apply, step};
    let body = nodes("s:s t:a t:b t:c e:e") + &flows("s>a a>b b>c c>e");
    let model = process::read(file("", &body).as_bytes(), "p").expect("readable");
    let def = process::compile_unchecked(&model).expect("compiles");
    let at = |id: &str| def.node_by_id(id).expect(id);
    for (instructions, left) in [
        (Instruction::jump(at("a"), at("c")), vec!["c"]),
        (Instruction::skip(at("a")), vec!["b"]),
        (Instruction::add(at("c")), vec!["a", "c"]),
    ] {
        let env = Env { data: &|_| None };
        let mut state = State::default();
        for command in [Command::Start, Command::Modify { instructions }] {
            for event in step(&def, &state, command, &env).expect("lawful") {
                apply(&def, &mut state, &event);
            }
        }
        let ids: Vec<&str> =
            state.tokens.iter().map(|token| def.node(token.node).id.as_str()).collect();
        assert_eq!(ids, left);
    }
}
