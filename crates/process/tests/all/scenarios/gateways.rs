//! Gateways, conditional flows, inclusive joins by reachability.

use serde_json::json;

use super::{done, file, flows, nodes, run, run_in};

#[test]
fn an_inclusive_join_waits_for_what_can_still_come() {
    let body = nodes("s:s o:f t:one t:two t:three o:j t:after e:e")
        + &flows("s>f f?one f?two f?three one>j two>j three>j j>after after>e");
    let text = file("", &body);
    let two = json!({"to_one": true, "to_two": true, "to_three": false});
    let trace = run_in("feel", &text, two.clone(), json!([done("one")])).all_done();
    assert_eq!(trace.tree(), "j two");
    let trace = run_in("feel", &text, two, json!([done("one"), done("two")])).all_done();
    assert_eq!(trace.tree(), "after");
    let one = json!({"to_three": true});
    assert_eq!(run_in("feel", &text, one, json!([done("three")])).tree(), "after");
    let trace = run_in("feel", &text, json!({"to_one": false}), json!([]));
    assert_eq!(trace.results(), ["failed no-path"]);
}

#[test]
fn a_token_is_waited_for_only_while_it_can_come() {
    let body = nodes("s:s a:f t:one t:two t:three o:j t:after e:e")
        + "<exclusiveGateway id=\"y\" default=\"y-e2\"/><endEvent id=\"e2\"/>\
           <sequenceFlow id=\"y-e2\" sourceRef=\"y\" targetRef=\"e2\"/>"
        + &flows("s>f f>one one>j f>two two>y y?three three>j j>after after>e");
    let text = file("", &body);
    let trace = run(&text, json!([done("one")])).all_done();
    assert_eq!(trace.tree(), "j two");
    let past = json!([done("one"), done("two")]);
    assert_eq!(run(&text, past).all_done().tree(), "after");
    let on = json!([done("one"), {"complete": {"task": "two", "variables": {"to_three": true}}}]);
    assert_eq!(run(&text, on).all_done().tree(), "j three");
}

#[test]
fn joins_of_parallel_instances_do_not_mix() {
    let inside = nodes("s:s1 a:f t:one t:two a:j t:both e:e1")
        + &flows("s1>f f>one f>two one>j two>j j>both both>e1");
    let body = nodes("s:s e:e")
        + &format!(
            "<subProcess id=\"sub\"><multiInstanceLoopCharacteristics><loopCardinality>2\
             </loopCardinality></multiInstanceLoopCharacteristics>{inside}</subProcess>"
        )
        + &flows("s>sub sub>e");
    let text = file("", &body);
    let trace = run(&text, json!([done("one"), done("one")])).all_done();
    assert_eq!(trace.tree(), "sub*[sub[j two] sub[j two]]");
    let trace = run(&text, json!([done("one"), done("one"), done("two")])).all_done();
    assert_eq!(trace.tree(), "sub*[sub[both] sub[j two]]");
}

#[test]
fn an_outside_branch_is_waited_for_through_a_sub_process() {
    let inside = nodes("s:s1 t:deep e:e1") + &flows("s1>deep deep>e1");
    let body = nodes("s:s o:f t:one o:j t:after e:e")
        + &format!("<subProcess id=\"sub\">{inside}</subProcess>")
        + &flows("s>f f?one f?sub one>j sub>j j>after after>e");
    let text = file("", &body);
    let both = json!({"to_one": true, "to_sub": true});
    let trace = run_in("feel", &text, both.clone(), json!([done("one")])).all_done();
    assert_eq!(trace.tree(), "j sub[deep]");
    let trace = run_in("feel", &text, both, json!([done("one"), done("deep")])).all_done();
    assert_eq!(trace.tree(), "after");
}

#[test]
fn conditions_on_flows_out_of_activities() {
    let body = nodes("s:s t:work t:one t:two e:e") + &flows("s>work work?one work>two one>e two>e");
    let text = file("", &body);
    let complete = |one: bool| json!({"complete": {"variables": {"to_one": one}}});
    assert_eq!(run(&text, json!([complete(true)])).all_done().tree(), "one two");
    assert_eq!(run(&text, json!([complete(false)])).all_done().tree(), "two");
    let quoted = body.replace("to_one", "${kind == 'new'}");
    let text = file("", &quoted);
    let new = json!([{"complete": {"variables": {"kind": "new"}}}]);
    assert_eq!(run_in("juel", &text, json!({}), new).all_done().tree(), "one two");
    let trace = run_in("juel", &text, json!({}), json!([done("work")]));
    assert_eq!(trace.results(), ["done", "failed expression"]);
}

#[test]
fn a_complex_gateway_is_outside_the_profile() {
    let body = nodes("s:s e:e t:one t:two")
        + "<complexGateway id=\"c\" name=\"Phức hợp\"/>"
        + &flows("s>c c?one c?two one>e two>e");
    let (answer, exit) = process::contract::check(file("", &body).as_bytes(), "feel");
    assert_eq!((exit, &answer["accepted"]), (1, &json!(false)), "{answer:#}");
    let problems = answer["problems"].as_array().expect("problems");
    let errors: Vec<_> = problems.iter().filter(|p| p["severity"] == "error").collect();
    assert_eq!(errors.len(), 1, "{answer:#}");
    assert_eq!(errors[0]["code"], "outside-profile");
    assert_eq!((&errors[0]["element"], &errors[0]["name"]), (&json!("c"), &json!("Phức hợp")));
}
