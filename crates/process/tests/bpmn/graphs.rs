//! The facts read from a file, fact by fact.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::support::{cases, definitions, models};

/// A fact as text, without what may be left out.
fn fact(value: &Value) -> String {
    let object = value.as_object().unwrap();
    let empty = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty() || text == "none",
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    let mut kept: Vec<(&String, &Value)> = object.iter().filter(|(_, v)| !empty(v)).collect();
    kept.sort_by_key(|(key, _)| *key);
    let kept: Map<String, Value> = kept.into_iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    Value::Object(kept).to_string()
}

fn facts(graph: &Value, list: &str) -> BTreeSet<String> {
    let list = graph[list].as_array().unwrap();
    let facts: BTreeSet<String> = list.iter().map(fact).collect();
    assert_eq!(facts.len(), list.len(), "a fact is told twice");
    facts
}

#[test]
fn outside_models_give_the_facts_of_an_independent_reader() {
    let Some(folder) = cases("bpmn-miwg") else { return };
    let models = models(&folder);
    assert_eq!(models.len(), 8);
    let mut count = 0;
    for (name, bytes) in models {
        let graph = process::graph(&bytes, &name).unwrap();
        let path = folder.join("graphs").join(format!("{name}.json"));
        let expected: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        assert_eq!(graph["format"], expected["format"]);
        for list in ["processes", "pools", "lanes", "nodes", "edges"] {
            let (found, expected) = (facts(&graph, list), facts(&expected, list));
            let missing: Vec<_> = expected.difference(&found).collect();
            let extra: Vec<_> = found.difference(&expected).collect();
            assert!(
                missing.is_empty() && extra.is_empty(),
                "{name} {list}:\n{missing:#?}\n{extra:#?}"
            );
            count += found.len();
        }
    }
    eprintln!("{count} facts agree");
}

#[test]
fn every_kind_of_fact_is_told() {
    let text = definitions(
        r#"<message id="M" name="m"/><timerEventDefinition id="T1"/><dataStore id="Store"/>
        <collaboration id="C">
          <participant id="Pool1" name=" Một
             cửa " processRef="x:P"/><participant id="Pool2"/>
          <messageFlow id="MF" sourceRef="x:U" targetRef="Pool2" name="gửi"/>
          <association id="A2" sourceRef="Pool2" targetRef="Note2"/>
          <textAnnotation id="Note2"><text>a
             b</text></textAnnotation>
        </collaboration>
        <process id="P" name="p">
          <laneSet id="LS"><lane id="L1" name="l"><flowNodeRef>U</flowNodeRef><flowNodeRef>S</flowNodeRef>
             <childLaneSet id="LS2"><lane id="L2"><flowNodeRef> x:U </flowNodeRef></lane></childLaneSet>
          </lane></laneSet>
          <startEvent id="S"><eventDefinitionRef>x:T1</eventDefinitionRef><messageEventDefinition messageRef="M"/></startEvent>
          <userTask id="U" default="F2" isForCompensation="1"><standardLoopCharacteristics/>
             <dataOutputAssociation id="DA"><sourceRef>out</sourceRef><targetRef>DR</targetRef></dataOutputAssociation>
             <dataInputAssociation id="DB"><sourceRef>SR</sourceRef><targetRef>in</targetRef></dataInputAssociation>
          </userTask>
          <callActivity id="CA" calledElement="x:Other"><multiInstanceLoopCharacteristics isSequential="true"/></callActivity>
          <boundaryEvent id="B" attachedToRef="x:U" cancelActivity="false"><signalEventDefinition/></boundaryEvent>
          <subProcess id="Sub" triggeredByEvent="true"><startEvent id="S2" isInterrupting="false"><errorEventDefinition/></startEvent>
            <dataObject id="D1"/><dataObjectReference id="DR" name="dr" dataObjectRef="D1"/></subProcess>
          <dataStoreReference id="SR" dataStoreRef="Store"/>
          <sequenceFlow id="F1" sourceRef="S" targetRef="U"><conditionExpression>a</conditionExpression></sequenceFlow>
          <sequenceFlow id="F2" sourceRef="U" targetRef="CA" name="đi"/>
        </process>"#,
    );
    let graph = process::graph(text.as_bytes(), "f").unwrap();
    let told: Vec<(&str, &[&str])> = vec![
        ("processes", &[r#"{"id":"P","name":"p"}"#]),
        ("pools", &[r#"{"id":"Pool1","name":"Một cửa","process":"P"}"#, r#"{"id":"Pool2"}"#]),
        (
            "lanes",
            &[
                r#"{"id":"L1","name":"l","process":"P"}"#,
                r#"{"id":"L2","parent":"L1","process":"P"}"#,
            ],
        ),
        (
            "nodes",
            &[
                r#"{"id":"Note2","name":"a b","type":"textAnnotation"}"#,
                r#"{"id":"S","interrupting":true,"lane":"L1","process":"P","triggers":["message","timer"],"type":"startEvent"}"#,
                r#"{"compensation":true,"id":"U","lane":"L2","loop":"loop","process":"P","type":"userTask"}"#,
                r#"{"called":"Other","id":"CA","loop":"sequential","process":"P","type":"callActivity"}"#,
                r#"{"attached_to":"U","id":"B","process":"P","triggers":["signal"],"type":"boundaryEvent"}"#,
                r#"{"by_event":true,"id":"Sub","process":"P","type":"subProcess"}"#,
                r#"{"id":"S2","parent":"Sub","process":"P","triggers":["error"],"type":"startEvent"}"#,
                r#"{"id":"DR","name":"dr","parent":"Sub","process":"P","type":"dataObject"}"#,
                r#"{"id":"SR","process":"P","type":"dataStore"}"#,
            ],
        ),
        (
            "edges",
            &[
                r#"{"conditional":true,"id":"F1","kind":"sequence","source":"S","target":"U"}"#,
                r#"{"default":true,"id":"F2","kind":"sequence","name":"đi","source":"U","target":"CA"}"#,
                r#"{"id":"MF","kind":"message","name":"gửi","source":"U","target":"Pool2"}"#,
                r#"{"id":"A2","kind":"association","source":"Pool2","target":"Note2"}"#,
                r#"{"id":"DA","kind":"data","source":"U","target":"DR"}"#,
                r#"{"id":"DB","kind":"data","source":"SR","target":"U"}"#,
            ],
        ),
    ];
    for (list, expected) in told {
        let expected: BTreeSet<String> = expected.iter().map(|f| (*f).to_owned()).collect();
        assert_eq!(facts(&graph, list), expected, "{list}");
    }
}
