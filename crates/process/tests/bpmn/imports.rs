//! Models of other engines: what is taken over and what is not.

use process::import::{Outcome, map_vendor};
use process::{Document, MC_NS};

use crate::support::definitions;

const TEXT: &str = r#"<process id="P" isExecutable="true" camunda:historyTimeToLive="180">
  <laneSet id="LS"><lane id="L1"><flowNodeRef>U1</flowNodeRef><flowNodeRef>U2</flowNodeRef></lane>
    <lane id="L2"><flowNodeRef>U3</flowNodeRef><flowNodeRef>U4</flowNodeRef></lane></laneSet>
  <startEvent id="S" camunda:initiator="who"/>
  <userTask id="U1" name="Thẩm định" camunda:candidateGroups="caseOfficer" camunda:formKey="appraise" camunda:dueDate="P3D"/>
  <userTask id="U2" camunda:candidateGroups="caseOfficer" camunda:assignee="${who}" camunda:dueDate="${d}"/>
  <userTask id="U3" camunda:candidateGroups="clerk"/>
  <userTask id="U4" camunda:candidateGroups="leader" mc:kind="sign" camunda:formKey="other"/>
  <serviceTask id="J1" camunda:type="external" camunda:topic="SendMail"/>
  <serviceTask id="J2" camunda:class="vn.Example"/>
  <serviceTask id="J3"><extensionElements><zeebe:taskDefinition xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" type="= &quot;notify&quot;" retries="3"/></extensionElements></serviceTask>
  <businessRuleTask id="R" camunda:decisionRef="fee" camunda:resultVariable="feeVnd"/>
  <callActivity id="C"><extensionElements><zeebe:calledElement xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" processId="other"/></extensionElements></callActivity>
  <userTask id="M"><multiInstanceLoopCharacteristics camunda:collection="agencies"><loopCardinality>${n}</loopCardinality></multiInstanceLoopCharacteristics></userTask>
  <scriptTask id="X" scriptFormat="groovy"><script>println 1</script></scriptTask>
  <intermediateCatchEvent id="T"><timerEventDefinition><timeDuration>${wait}</timeDuration></timerEventDefinition></intermediateCatchEvent>
  <sequenceFlow id="F1" sourceRef="S" targetRef="U1"><conditionExpression><![CDATA[${amount >= 5 && !approved}]]></conditionExpression></sequenceFlow>
  <sequenceFlow id="F2" sourceRef="S" targetRef="U2"><conditionExpression>${bean.call(1)}</conditionExpression></sequenceFlow>
  <sequenceFlow id="F3" sourceRef="S" targetRef="U3"><conditionExpression>= a > 3</conditionExpression></sequenceFlow>
</process>"#;

#[test]
fn attributes_and_expressions_become_ours() {
    let text = definitions(TEXT);
    let before = Document::read(text.as_bytes(), "f").unwrap();
    let (after, remarks) = map_vendor(&before).unwrap();
    let told = |id: &str, name: &str| after.attribute(id, MC_NS, name);
    for (id, name, value) in [
        ("L1", "role", Some("case-officer")),
        ("L2", "role", None),
        ("U1", "kind", Some("appraise")),
        ("U1", "limit", Some("P3D")),
        ("U2", "limit", None),
        ("U4", "kind", Some("sign")),
        ("J1", "job", Some("send-mail")),
        ("J1", "wait", Some("true")),
        ("J2", "job", None),
        ("J3", "job", Some("notify")),
        ("R", "decision", Some("fee")),
        ("R", "result", Some("feeVnd")),
    ] {
        assert_eq!(told(id, name).as_deref(), value, "{id} {name}");
    }
    assert_eq!(after.attribute("C", "", "calledElement").as_deref(), Some("other"));
    let text = after.text();
    for part in [
        "<conditionExpression>amount &gt;= 5 and not(approved = true)</conditionExpression>",
        "<conditionExpression>${bean.call(1)}</conditionExpression>",
        "<conditionExpression>a &gt; 3</conditionExpression>",
        "<loopCardinality>n</loopCardinality>",
        "<timeDuration>= wait</timeDuration>",
        "camunda:assignee=\"${who}\"",
        "<script>println 1</script>",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    let outcome = |element: &str, what: &str| {
        let found = remarks.iter().find(|r| r.element == element && r.what == what);
        found.unwrap_or_else(|| panic!("{element} {what}: {remarks:#?}")).outcome
    };
    for (element, what, expected) in [
        ("P", "camunda:historyTimeToLive", Outcome::Ignored),
        ("S", "camunda:initiator", Outcome::Ignored),
        ("U1", "camunda:candidateGroups", Outcome::Mapped),
        ("U2", "camunda:assignee", Outcome::NotMapped),
        ("U2", "camunda:dueDate", Outcome::NotMapped),
        ("U3", "camunda:candidateGroups", Outcome::NotMapped),
        ("U4", "camunda:formKey", Outcome::Ignored),
        ("J1", "camunda:topic", Outcome::Mapped),
        ("J2", "camunda:class", Outcome::NotMapped),
        ("J3", "zeebe:taskDefinition type", Outcome::Mapped),
        ("M", "camunda:collection", Outcome::Kept),
        ("X", "script (groovy)", Outcome::NotMapped),
        ("F1", "conditionExpression", Outcome::Mapped),
        ("F2", "conditionExpression", Outcome::NotMapped),
        ("T", "timeDuration", Outcome::Mapped),
    ] {
        assert_eq!(outcome(element, what), expected, "{element} {what}");
    }
    for remark in &remarks {
        assert!(remark.line > 0 && remark.message_vi.contains(&remark.what), "{remark:?}");
        assert!(remark.message_en.contains(&remark.what), "{remark:?}");
    }
    let graph = |document: &Document| process::graph(&document.write(), "f").unwrap();
    let (mut old, new) = (graph(&before), graph(&after));
    let calls = old["nodes"].as_array_mut().unwrap();
    let call = calls.iter_mut().find(|node| node["id"] == "C").unwrap();
    call["called"] = "other".into();
    assert_eq!(old, new);
}

#[test]
fn an_import_twice_changes_nothing_more() {
    let text = definitions(TEXT);
    let once = map_vendor(&Document::read(text.as_bytes(), "f").unwrap()).unwrap().0;
    let twice = map_vendor(&Document::read(&once.write(), "f").unwrap()).unwrap().0;
    assert_eq!(once.text(), twice.text());
}

#[test]
fn a_file_without_vendors_is_left_alone() {
    let text = definitions("<process id=\"P\"><userTask id=\"U\" mc:kind=\"sign\"/></process>");
    let (document, remarks) = map_vendor(&Document::read(text.as_bytes(), "f").unwrap()).unwrap();
    assert_eq!((document.text(), remarks), (text, vec![]));
}
