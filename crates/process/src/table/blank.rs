//! A new minimal process: lanes, a beginning, an end.

use super::NewLane;
use crate::document::{Document, EditError, Fragment, Place};
use crate::xml::chars::escape_attribute;
use crate::xml::is_prefix_or_local;

/// A new process file with these lanes, a start event in the first and an end event in the last
/// one, and a diagram. Steps are put into its one flow, `start_to_done`.
///
/// # Errors
/// An id that is no name of XML or stands twice, a role or unit that is no key.
pub fn blank(id: &str, name: &str, lanes: &[NewLane]) -> Result<Document, EditError> {
    let names = lanes.iter().map(|lane| lane.id.as_str());
    if let Some(bad) = names.chain([id]).find(|id| !is_prefix_or_local(id)) {
        return Err(EditError::Name(bad.to_owned()));
    }
    let text = TEXT.replace("{id}", id).replace("{name}", &escape_attribute(name, '"'));
    let file = format!("{id}.bpmn");
    let mut document =
        Document::read(text.as_bytes(), &file).map_err(|_| EditError::Value(name.to_owned()))?;
    if let (Some(first), Some(last)) = (lanes.first(), lanes.last()) {
        let set = format!("{id}_lanes");
        document.insert_before_nodes(id, &Fragment::bpmn("laneSet").with("id", &set))?;
        for lane in lanes {
            let new = document.lane_fragment(lane)?;
            document.insert(Place::LastIn(&set), &new)?;
        }
        document.name_in_lane(&first.id, "start")?;
        document.name_in_lane(&last.id, "done")?;
    }
    document.layout()?;
    Ok(document)
}

const TEXT: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
    xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:mc="http://motcua.vn/bpmn/1"
    id="{id}_file" targetNamespace="http://motcua.vn/processes"
    expressionLanguage="https://www.omg.org/spec/DMN/20191111/FEEL/">
  <bpmn:process id="{id}" name="{name}" isExecutable="true">
    <bpmn:startEvent id="start">
      <bpmn:outgoing>start_to_done</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:endEvent id="done">
      <bpmn:incoming>start_to_done</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="start_to_done" sourceRef="start" targetRef="done" />
  </bpmn:process>
</bpmn:definitions>
"#;
