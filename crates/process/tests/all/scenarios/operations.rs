//! Returns, suspension, stopping, completing all, and what a scenario may not say.

use serde_json::json;

use super::{done, file, flows, nodes, run};

/// assign → ( a1 → a2 ∥ b ) → sign, with an exclusive detour before signing.
fn parallel() -> String {
    let body = nodes("s:s t:assign a:f t:a1 t:a2 t:b a:j t:sign e:e")
        + &flows("s>assign assign>f f>a1 a1>a2 a2>j f>b b>j j>sign sign>e");
    file("", &body)
}

fn targets(steps: serde_json::Value, task: &str) -> String {
    let mut steps: Vec<_> = steps.as_array().expect("steps").clone();
    steps.push(json!({"targets": {"task": task}}));
    let trace = run(&parallel(), json!(steps)).all_done();
    let found = trace.last()["targets"].as_array().expect("targets").clone();
    found.iter().map(|t| t.as_str().expect("id")).collect::<Vec<_>>().join(" ")
}

#[test]
fn returns_lead_to_what_encloses_the_step() {
    assert_eq!(targets(json!([]), "assign"), "");
    assert_eq!(targets(json!([done("assign")]), "a1"), "assign");
    assert_eq!(targets(json!([done("assign"), done("a1")]), "a2"), "assign a1");
    assert_eq!(targets(json!([done("assign"), done("a1")]), "b"), "assign");
    let all = json!([done("assign"), done("a1"), done("a2"), done("b")]);
    assert_eq!(targets(all, "sign"), "assign");
}

#[test]
fn a_return_cancels_exactly_the_region() {
    let back = |task: &str, to: &str| json!({"return": {"task": task, "to": to, "reason": "x"}});
    let text = parallel();
    let trace = run(&text, json!([done("assign"), done("a1"), back("a2", "a1")])).all_done();
    assert_eq!(trace.tree(), "a1 b");
    let trace = run(&text, json!([done("assign"), done("a1"), back("b", "assign")])).all_done();
    assert_eq!(trace.tree(), "assign");
    let trace = run(&text, json!([done("assign"), done("b"), back("a1", "assign")])).all_done();
    assert_eq!(trace.tree(), "assign", "the token that waits at the join is in the region");
    let all = json!([
        done("assign"),
        done("b"),
        back("a1", "assign"),
        done("assign"),
        done("b"),
        done("a1"),
        done("a2"),
        done("sign")
    ]);
    assert_eq!(run(&text, all).all_done().state(), "ended completed");
    let trace = run(
        &text,
        json!([done("assign"), back("a1", "b"), back("a1", "sign"), back("a1", "nowhere")]),
    );
    let refused = [
        "done",
        "done",
        "refused cannot-return",
        "refused cannot-return",
        "refused unknown-element",
    ];
    assert_eq!(trace.results(), refused);
    assert_eq!(trace.tree(), "a1 b");
}

#[test]
fn a_return_out_of_a_sub_process_closes_it() {
    let inside = nodes("s:s1 t:one t:two e:e1") + &flows("s1>one one>two two>e1");
    let body = nodes("s:s t:before t:after e:e")
        + &format!("<subProcess id=\"sub\">{inside}</subProcess>")
        + &flows("s>before before>sub sub>after after>e");
    let text = file("", &body);
    let back = |task: &str, to: &str| json!({"return": {"task": task, "to": to}});
    let trace = run(&text, json!([done("before"), done("one"), back("two", "one")])).all_done();
    assert_eq!(trace.tree(), "sub[one]");
    let trace = run(&text, json!([done("before"), done("one"), back("two", "before")])).all_done();
    assert_eq!(trace.tree(), "before");
    let steps = json!([done("before"), done("one"), done("two"), back("after", "one")]);
    assert_eq!(run(&text, steps).results()[4], "refused cannot-return");
}

#[test]
fn a_suspended_instance_does_nothing_until_it_is_resumed() {
    let text = parallel();
    let main = |op: &str| json!({op: {"instance": "main"}});
    let trace = run(&text, json!([main("suspend"), done("assign"), main("suspend")]));
    assert_eq!(trace.results(), ["done", "done", "refused no-task", "refused suspended"]);
    assert_eq!((trace.state().as_str(), trace.tasks().as_str()), ("suspended", "assign"));
    let trace = run(&text, json!([main("suspend"), main("resume"), done("assign")])).all_done();
    assert_eq!(trace.tree(), "a1 b");
    assert_eq!(run(&text, json!([main("resume")])).results()[1], "refused not-suspended");
    let trace = run(&text, json!([main("suspend"), main("stop"), main("stop")]));
    assert_eq!(trace.results(), ["done", "done", "done", "refused ended"]);
    assert_eq!((trace.state().as_str(), trace.tree().as_str()), ("ended cancelled", ""));
}

#[test]
fn timers_of_a_suspended_instance_wait_for_it() {
    let timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>";
    let body = nodes("s:s t:got e:e")
        + &format!("<intermediateCatchEvent id=\"wait\">{timer}</intermediateCatchEvent>")
        + &flows("s>wait wait>got got>e");
    let text = file("", &body);
    let steps = json!([{"suspend": {"instance": "main"}}, {"advance": {"by": "PT2H"}}]);
    assert_eq!(run(&text, steps).all_done().timers(), "wait");
    let steps = json!([{"suspend": {"instance": "main"}}, {"advance": {"by": "PT2H"}},
        {"resume": {"instance": "main"}}, {"advance": {"by": "PT0S"}}]);
    assert_eq!(run(&text, steps).all_done().tasks(), "got");
}

#[test]
fn all_tasks_are_completed_once_or_until_none_is_left() {
    let text = parallel();
    let once = run(&text, json!([done("assign"), {"complete_all": {}}])).all_done();
    assert_eq!(once.tree(), "a2 j");
    let rest = run(&text, json!([{"complete_all": {"repeat": true}}])).all_done();
    assert_eq!(rest.state(), "ended completed");
    let none = run(&text, json!([{"complete_all": {"task": "sign"}}])).all_done();
    assert_eq!(none.tree(), "assign");
    let several = run(&text, json!([done("assign"), {"complete": {}}]));
    assert_eq!(several.results()[2], "refused several-tasks");
}

#[test]
fn what_is_no_scenario_is_misuse() {
    let files = [("p".to_owned(), parallel().into_bytes())];
    let good =
        r#"{"format": "motcua/scenario/1", "clock": "2026-01-05T08:00:00Z", "steps": STEPS}"#;
    for steps in [
        r#"[{"start": {"process": "p", "as": "m", "odd": 1}}]"#,
        r#"[{"jump": {}}]"#,
        r#"[{"advance": {}}]"#,
        r#"[{"advance": {"by": "PT1H", "to": "2026-01-05T08:00:00Z"}}]"#,
        r#"[{"modify": {"instructions": [{"cancel": "a", "start_before": "b"}]}}]"#,
        r#"[{"modify": {"instructions": [{"cancel": "a", "whole": true}]}}]"#,
        r#"[{"start": {"process": "p", "as": "m"}, "complete": {}}]"#,
        r#"[], "more": 1"#,
    ] {
        let (trace, exit) = process::contract::run(&files, good.replace("STEPS", steps).as_bytes());
        assert_eq!((exit, &trace["outcome"]), (2, &json!("refused")), "{steps}");
        assert!(!trace["problems"][0]["message"].as_str().expect("message").is_empty());
    }
    let odd = good.replace("scenario/1", "scenario/2").replace("STEPS", "[]");
    assert_eq!(process::contract::run(&files, odd.as_bytes()).1, 2);
    let broken = [("p".to_owned(), b"<a".to_vec())];
    assert_eq!(process::contract::run(&broken, good.replace("STEPS", "[]").as_bytes()).1, 2);
    assert_eq!(process::contract::check(b"<a", "feel").1, 2);
    assert_eq!(process::contract::check(parallel().as_bytes(), "klingon").1, 2);
}

#[test]
fn returns_of_a_long_process_are_found_quickly() {
    let blocks = 200;
    let mut body = nodes("s:s e:e a:f0 t:last");
    let mut list = String::from("s>f0");
    for n in 0..blocks {
        let next = if n + 1 == blocks { "last".to_owned() } else { format!("f{}", n + 1) };
        body += &nodes(&format!("t:a{n} t:b{n} a:j{n}"));
        if n + 1 < blocks {
            body += &nodes(&format!("a:f{}", n + 1));
        }
        list += &format!(" f{n}>a{n} f{n}>b{n} a{n}>j{n} b{n}>j{n} j{n}>{next}");
    }
    let text = file("", &(body + &flows(&list) + &flows("last>e")));
    let all = json!({"complete_all": {}});
    let mut steps = vec![all; blocks];
    steps.push(json!({"targets": {"task": "last"}}));
    let trace = run(&text, json!(steps)).all_done();
    assert_eq!(trace.last()["targets"], json!([]), "nothing lies before it but parallel branches");
}

#[test]
fn our_own_processes_run_by_the_contract() {
    for name in crate::support::FILES {
        let bytes = crate::support::file_bytes(name);
        let (answer, exit) = process::contract::check(&bytes, "feel");
        assert_eq!((exit, &answer["accepted"]), (0, &json!(true)), "{name}: {answer:#}");
        let scenario = json!({
            "format": "motcua/scenario/1", "clock": "2026-01-05T08:00:00Z",
            "steps": [{"start": {"process": name, "as": "main"}}],
        });
        let scenario = serde_json::to_vec(&scenario).expect("scenario");
        let (trace, _) = process::contract::run(&[(name.to_owned(), bytes)], &scenario);
        let trace = super::Trace(trace).all_done();
        assert_eq!((trace.state().as_str(), trace.tasks().is_empty()), ("active", false), "{name}");
    }
}
