//! Decision tables that travel inside the process file.

use crate::support::{Case, flows, linted, wrap};
use process::dmn::Source;
use process::{Command, Document, Value, compile, read};

/// A table of fees by area; `second` is the entry of its second rule.
fn table(second: &str) -> String {
    let rule = |when: &str, then: &str| {
        format!(
            "<d:rule><d:inputEntry><d:text>{when}</d:text></d:inputEntry>\
             <d:outputEntry><d:text>{then}</d:text></d:outputEntry></d:rule>"
        )
    };
    format!(
        "<extensionElements><d:definitions xmlns:d=\"https://www.omg.org/spec/DMN/20191111/MODEL/\" \
         id=\"fees\" name=\"fees\" namespace=\"fees\"><d:inputData id=\"area_in\" name=\"area\"/>\
         <d:decision id=\"fee\" name=\"fee\"><d:informationRequirement>\
         <d:requiredInput href=\"#area_in\"/></d:informationRequirement>\
         <d:decisionTable id=\"by_area\" hitPolicy=\"UNIQUE\"><d:input id=\"area_col\">\
         <d:inputExpression><d:text>area</d:text></d:inputExpression></d:input>\
         <d:output id=\"fee_col\"/>{}{}</d:decisionTable></d:decision></d:definitions>\
         </extensionElements>",
        rule("&lt; 100", "50"),
        rule(second, "80"),
    )
}

/// A rule task that asks for the fee, then a choice by it.
fn body(table: &str, decision: &str) -> String {
    let lane = "<laneSet id=\"ls\"><lane id=\"l\" mc:role=\"clerk\"><flowNodeRef>high</flowNodeRef>\
                <flowNodeRef>low</flowNodeRef></lane></laneSet>";
    let nodes = format!(
        "<startEvent id=\"s\"/><businessRuleTask id=\"rule\" mc:decision=\"{decision}\" \
         mc:result=\"due\"/><exclusiveGateway id=\"x\" default=\"down\"/>\
         <userTask id=\"high\" mc:outcomes=\"done\"/><userTask id=\"low\" mc:outcomes=\"done\"/>\
         <endEvent id=\"e\"/>"
    );
    let choice = "<sequenceFlow id=\"up\" sourceRef=\"x\" targetRef=\"high\"><conditionExpression>\
                  due = 80</conditionExpression></sequenceFlow>\
                  <sequenceFlow id=\"down\" sourceRef=\"x\" targetRef=\"low\"/>";
    [table, lane, &nodes, &flows("s>rule rule>x high>e low>e"), choice].concat()
}

#[test]
fn a_case_decides_by_the_table_in_its_file() {
    let def = linted(&body(&table("&gt;= 100"), "fee")).expect("accepted");
    let rule = def.node_by_id("rule").expect("rule");
    assert!(def.has_decision(rule));
    for (area, task) in [(120, "high"), (99, "low")] {
        let mut case = Case::fresh(&def);
        case.data.push(("area", Value::from(i64::from(area))));
        case.act(Command::Start).expect("start");
        assert_eq!(case.tasks(), [task], "area {area}");
    }
    let unknown = linted(&body(&table("&gt;= 100"), "rent")).expect("accepted by the engine");
    let rule = unknown.node_by_id("rule").expect("rule");
    assert!(!unknown.has_decision(rule), "the table decides no rent");
}

#[test]
fn a_broken_or_overlapping_table_refuses_the_file_with_its_line() {
    for (second, code) in [("&gt;= 90", "overlap"), ("&gt;= (", "feel")] {
        let found = linted(&body(&table(second), "fee")).expect_err(second);
        let table = found.iter().find(|problem| problem.code == code);
        let table = table.unwrap_or_else(|| panic!("{second}: {found:#?}"));
        assert_eq!((table.file.as_str(), table.line > 0), ("t.bpmn", true), "{table}");
    }
}

#[test]
fn the_table_stays_in_the_file_byte_for_byte() {
    let text = wrap(&body(&table("&gt;= 100"), "fee"));
    let model = read(text.as_bytes(), "t.bpmn").expect("readable");
    assert_eq!(Source::within(&model).len(), 1);
    let document = Document::read(text.as_bytes(), "t.bpmn").expect("readable");
    assert_eq!(document.write(), text.as_bytes());
    let plain = wrap(&body("", "fee"));
    let model = read(plain.as_bytes(), "t.bpmn").expect("readable");
    assert_eq!(Source::within(&model), []);
    let def = compile(&model).expect("accepted");
    assert_eq!(def.table_problems().count(), 0);
}
