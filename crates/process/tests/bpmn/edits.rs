//! Single elements change; everything else stays as it was written.

use process::{Document, EditError, Fragment, MC_NS, Place};

use crate::support::{cases, models};

const TEXT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:v="urn:vendor" targetNamespace="urn:x">
  <!-- quy trình -->
  <bpmn:process id="P">
    <bpmn:startEvent id="S"/>
    <bpmn:task id='T' name='Thẩm định' v:color="&#x23;fff"><bpmn:outgoing>F</bpmn:outgoing></bpmn:task>
    <bpmn:sequenceFlow id="F" sourceRef="S" targetRef="T"/>
  </bpmn:process>
</bpmn:definitions>
"#;

fn document() -> Document {
    Document::read(TEXT.as_bytes(), "f").unwrap()
}

#[test]
fn attributes_change_in_place() {
    let mut changed = document();
    changed.set_attribute("T", "", "name", "Ký & 'đóng dấu'").unwrap();
    changed.set_attribute("T", MC_NS, "kind", "sign").unwrap();
    changed.set_kind("T", "userTask").unwrap();
    assert_eq!(changed.attribute("T", MC_NS, "kind").as_deref(), Some("sign"));
    assert_eq!(changed.attribute("T", "urn:vendor", "color").as_deref(), Some("#fff"));
    let expected = TEXT
        .replace("<bpmn:task id='T' name='Thẩm định' v:color=\"&#x23;fff\">",
            "<bpmn:userTask id='T' name='Ký &amp; &apos;đóng dấu&apos;' v:color=\"&#x23;fff\" mc:kind=\"sign\">")
        .replace("</bpmn:task>", "</bpmn:userTask>")
        .replace("targetNamespace=\"urn:x\"", "targetNamespace=\"urn:x\" xmlns:mc=\"http://motcua.vn/bpmn/1\"");
    assert_eq!(changed.text(), expected);
    assert!(changed.remove_attribute("T", MC_NS, "kind").unwrap());
    assert!(!changed.remove_attribute("T", MC_NS, "kind").unwrap());
}

#[test]
fn elements_come_and_go_with_their_lines() {
    let mut changed = document();
    let end = Fragment::bpmn("endEvent")
        .with("id", "E")
        .child(Fragment::bpmn("terminateEventDefinition"));
    changed.insert(Place::After("T"), &end).unwrap();
    changed.insert(Place::LastIn("P"), &Fragment::bpmn("textAnnotation").with("id", "N")).unwrap();
    changed.insert(Place::FirstIn("P"), &Fragment::bpmn("documentation").text("a<b")).unwrap();
    changed.insert(Place::Before("F"), &Fragment::bpmn("task").with("id", "T2")).unwrap();
    changed.insert(Place::LastIn("S"), &Fragment::bpmn("outgoing").text("F")).unwrap();
    let lines: Vec<String> = changed.text().lines().map(str::to_owned).collect();
    assert_eq!(
        lines[3..],
        [
            "  <bpmn:process id=\"P\">",
            "    <bpmn:documentation>a&lt;b</bpmn:documentation>",
            "    <bpmn:startEvent id=\"S\">",
            "      <bpmn:outgoing>F</bpmn:outgoing>",
            "    </bpmn:startEvent>",
            "    <bpmn:task id='T' name='Thẩm định' v:color=\"&#x23;fff\"><bpmn:outgoing>F</bpmn:outgoing></bpmn:task>",
            "    <bpmn:endEvent id=\"E\">",
            "      <bpmn:terminateEventDefinition/>",
            "    </bpmn:endEvent>",
            "    <bpmn:task id=\"T2\"/>",
            "    <bpmn:sequenceFlow id=\"F\" sourceRef=\"S\" targetRef=\"T\"/>",
            "    <bpmn:textAnnotation id=\"N\"/>",
            "  </bpmn:process>",
            "</bpmn:definitions>",
        ]
    );
    for id in ["E", "N", "T2"] {
        changed.remove(id).unwrap();
    }
    assert!(!changed.contains("E"));
    let graph = process::graph(&changed.write(), "f").unwrap();
    assert_eq!(graph, process::graph(TEXT.as_bytes(), "f").unwrap());
}

#[test]
fn an_id_changes_with_its_references() {
    let mut changed = document();
    changed.rename_id("F", "Flow_9").unwrap();
    changed.rename_id("T", "appraise").unwrap();
    let text = changed.text();
    assert!(text.contains("<bpmn:outgoing>Flow_9</bpmn:outgoing>"), "{text}");
    assert!(text.contains("id=\"Flow_9\" sourceRef=\"S\" targetRef=\"appraise\""), "{text}");
    assert_eq!(changed.rename_id("S", "appraise"), Err(EditError::IdTaken("appraise".into())));
}

#[test]
fn wrong_changes_are_refused_and_change_nothing() {
    let mut changed = document();
    let task = |id: &str| Fragment::bpmn("task").with("id", id);
    let refused = [
        changed.set_attribute("X", "", "name", "a"),
        changed.set_attribute("T", "", "a b", "a"),
        changed.set_attribute("T", "", "name", "\u{0}"),
        changed.set_attribute("T", "", "id", "S"),
        changed.insert(Place::After("T"), &task("S")),
        changed.insert(Place::After("X"), &task("N")),
        changed.insert(Place::After("T"), &Fragment::bpmn("a b")),
        changed.insert(Place::After("T"), &task("N").child(task("T"))),
        changed.remove("X"),
        changed.set_text("T", "\u{1}"),
        changed.rename_id("T", "1 2"),
    ];
    for result in refused {
        assert!(result.is_err());
    }
    assert_eq!(changed.text(), TEXT);
}

#[test]
fn a_change_in_an_outside_model_touches_one_element() {
    let Some(folder) = cases("bpmn-miwg") else { return };
    for (name, bytes) in models(&folder) {
        let model = process::read(&bytes, &name).unwrap();
        let view = process::bpmn::Definitions::of(&model);
        let ids: Vec<String> = view.nodes.iter().map(|node| node.id.to_owned()).collect();
        let document = Document::read(&bytes, &name).unwrap();
        for id in ids.iter().step_by(7) {
            let mut changed = document.clone();
            changed.set_attribute(id, "", "name", "Bước mới").unwrap();
            let text = changed.text();
            let differing =
                text.lines().zip(document.text().lines()).filter(|(a, b)| a != b).count();
            assert!(differing <= 1 && text.lines().count() == document.text().lines().count());
            changed.rename_id(id, "renamed_step").unwrap();
            let after = process::graph(&changed.write(), &name).unwrap().to_string();
            assert!(!after.contains(id.as_str()) && after.contains("renamed_step"), "{name} {id}");
        }
    }
}
