//! Scripts, jobs, decisions, ad-hoc sub-processes.

use serde_json::json;

use super::{done, file, flows, nodes, run, run_in};

#[test]
fn scripts_set_variables() {
    let body = nodes("s:s t:work e:e")
        + "<scriptTask id=\"sum\" mc:result=\"total\"><script>fee * 2 + 0.5</script></scriptTask>\
           <scriptTask id=\"many\"><script>{double: total * 2, list: [1, total]}</script></scriptTask>"
        + &flows("s>sum sum>many many>work work>e");
    let trace = run_in("feel", &file("", &body), json!({"fee": 10}), json!([])).all_done();
    assert_eq!(trace.var("total"), &json!(20.5));
    assert_eq!((trace.var("double"), trace.var("list")), (&json!(41), &json!([1, 20.5])));
}

#[test]
fn jobs_end_well_or_with_an_error_or_fail() {
    let body = nodes("s:s j:job t:after t:caught e:e")
        + "<boundaryEvent id=\"b\" attachedToRef=\"job\"><errorEventDefinition errorRef=\"E\"/>\
           </boundaryEvent>"
        + &flows("s>job job>after after>e b>caught caught>e");
    let text = file("<error id=\"E\" errorCode=\"bad\"/>", &body);
    assert_eq!(run(&text, json!([])).waits(), "job");
    let job = |result: &str, code: &str| json!({"job": {"element": "job", "result": result, "code": code, "variables": {"x": 1}}});
    let trace = run(&text, json!([job("done", "")])).all_done();
    assert_eq!((trace.tree().as_str(), trace.var("x")), ("after", &json!(1)));
    assert_eq!(run(&text, json!([job("error", "bad")])).all_done().tree(), "caught");
    let trace = run(&text, json!([job("error", "worse")])).all_done();
    assert_eq!(trace.state(), "ended error");
    let trace = run(&text, json!([job("failed", "")])).all_done();
    assert_eq!(trace.state(), "failed");
    let trace = run(&text, json!([job("done", ""), job("done", "")]));
    assert_eq!(trace.results()[2], "refused no-job");
}

fn adhoc(attributes: &str, inside: &str) -> String {
    let body = nodes("s:s t:after e:e")
        + &format!("<adHocSubProcess id=\"free\" {attributes}>{inside}</adHocSubProcess>")
        + &flows("s>free free>after after>e");
    file("", &body)
}

#[test]
fn an_ad_hoc_sub_process_without_people_runs_by_itself() {
    let script = |id: &str| {
        format!("<scriptTask id=\"{id}\" mc:result=\"{id}\"><script>1</script></scriptTask>")
    };
    let jobs = nodes("j:one j:two");
    let trace = run(&adhoc("", &(jobs.clone() + &script("three"))), json!([])).all_done();
    assert_eq!(trace.tree(), "free[one two]");
    let job = |id: &str| json!({"job": {"element": id, "result": "done"}});
    let trace = run(&adhoc("", &jobs), json!([job("two"), job("one")])).all_done();
    assert_eq!(trace.tree(), "after");
    let sequential = adhoc("ordering=\"Sequential\"", &jobs);
    assert_eq!(run(&sequential, json!([])).tree(), "free[one]");
    assert_eq!(run(&sequential, json!([job("one")])).tree(), "free[two]");
    assert_eq!(run(&sequential, json!([job("one"), job("two")])).tree(), "after");
    let enough = jobs + "<completionCondition>enough</completionCondition>";
    let one = json!({"job": {"element": "one", "result": "done", "variables": {"enough": true}}});
    assert_eq!(run(&adhoc("", &enough), json!([one])).all_done().tree(), "after");
    let rest = adhoc("cancelRemainingInstances=\"false\"", &enough);
    assert_eq!(run(&rest, json!([one])).all_done().tree(), "free[two]");
}

#[test]
fn people_choose_the_steps_of_an_ad_hoc_sub_process() {
    let inside = nodes("t:visit t:phone t:note")
        + &flows("visit>note")
        + "<completionCondition>enough</completionCondition>";
    let text = adhoc("", &inside);
    let begin = |id: &str| json!({"modify": {"instructions": [{"start_before": id}]}});
    assert_eq!(run(&text, json!([])).tree(), "free[]");
    let trace = run(&text, json!([begin("visit"), begin("phone"), done("visit")])).all_done();
    assert_eq!(trace.tree(), "free[note phone]");
    let enough = json!({"complete": {"task": "phone", "variables": {"enough": true}}});
    let trace = run(&text, json!([begin("visit"), begin("phone"), enough])).all_done();
    assert_eq!(trace.tree(), "after");
}

const FEES: &str = r##"<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"
    id="d" name="d" namespace="t"><inputData id="i" name="area"/>
    <decision id="fee" name="fee"><informationRequirement><requiredInput href="#i"/>
    </informationRequirement><decisionTable hitPolicy="UNIQUE"><input><inputExpression>
    <text>area</text></inputExpression></input><output/>
    <rule><inputEntry><text>&lt; 100</text></inputEntry><outputEntry><text>50</text></outputEntry></rule>
    <rule><inputEntry><text>&gt;= 100</text></inputEntry><outputEntry><text>80</text></outputEntry></rule>
    </decisionTable></decision></definitions>"##;

#[test]
fn a_decision_table_decides_at_once() {
    let body = nodes("s:s t:after e:e")
        + "<businessRuleTask id=\"rule\" mc:decision=\"fee\" mc:result=\"due\"/>"
        + &flows("s>rule rule>after after>e");
    let scenario = json!({
        "format": "motcua/scenario/1", "clock": "2026-01-05T08:00:00Z",
        "steps": [{"start": {"process": "p", "as": "main", "variables": {"area": 120}}}],
    });
    let files = [
        ("p.bpmn".to_owned(), file("", &body).into_bytes()),
        ("d.dmn".to_owned(), FEES.as_bytes().to_vec()),
    ];
    let scenario = serde_json::to_vec(&scenario).expect("scenario");
    let trace = super::Trace(process::contract::run(&files, &scenario).0).all_done();
    assert_eq!((trace.tree().as_str(), trace.var("due")), ("after", &json!(80)));
}

#[test]
fn a_decision_without_its_table_waits_like_a_job() {
    let body = nodes("s:s t:after e:e")
        + "<businessRuleTask id=\"rule\" mc:decision=\"fee\"/>"
        + &flows("s>rule rule>after after>e");
    let text = file("", &body);
    assert_eq!(run(&text, json!([])).waits(), "rule");
    let answer = json!({"job": {"element": "rule", "result": "done", "variables": {"fee": 3}}});
    assert_eq!(run(&text, json!([answer])).all_done().tree(), "after");
}

#[test]
fn global_tasks_are_called_like_processes() {
    let call =
        |id: &str, called: &str| format!("<callActivity id=\"{id}\" calledElement=\"{called}\"/>");
    let root = "<globalUserTask id=\"ask\"/><globalScriptTask id=\"sum\"><script>{total: 4}</script>\
                </globalScriptTask>";
    let body = nodes("s:s t:after e:e")
        + &call("c1", "sum")
        + &call("c2", "ask")
        + &flows("s>c1 c1>c2 c2>after after>e");
    let trace = run(&file(root, &body), json!([])).all_done();
    assert_eq!(
        (trace.names(), trace.var("total")),
        (vec!["main".to_owned(), "main/c1".to_owned(), "main/c2".to_owned()], &json!(4))
    );
    assert_eq!(run(&file(root, &body), json!([done("ask")])).all_done().tree(), "after");
}

#[test]
fn inputs_and_outputs_are_mapped() {
    let mapped = "<userTask id=\"work\"><extensionElements><camunda:inputOutput>\
        <camunda:inputParameter name=\"inner\">${amount}</camunda:inputParameter>\
        <camunda:outputParameter name=\"outer\">${inner}</camunda:outputParameter>\
        </camunda:inputOutput></extensionElements></userTask>";
    let body = nodes("s:s t:after e:e") + mapped + &flows("s>work work>after after>e");
    let trace = run_in("juel", &file("", &body), json!({"amount": 6}), json!([done("work")]));
    let trace = trace.all_done();
    assert_eq!(trace.instance("main")["variables"], json!({"amount": 6, "outer": 6}));
}
