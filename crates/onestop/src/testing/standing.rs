//! A process that stands still behind its first step, and a program in front of the routes.

use super::{Answer, Browser};

/// A case officer's step, then a gateway on data that the case does not have, without a default.
const STANDING: &str = r#"<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:mc="http://motcua.vn/bpmn/1" targetNamespace="t"><process id="standing">
  <laneSet id="ls"><lane id="l1" name="A" mc:role="case_officer" mc:unit="deciding">
    <flowNodeRef>s</flowNodeRef><flowNodeRef>a</flowNodeRef><flowNodeRef>x</flowNodeRef>
    <flowNodeRef>b</flowNodeRef><flowNodeRef>c</flowNodeRef><flowNodeRef>e</flowNodeRef>
  </lane></laneSet>
  <startEvent id="s"/><userTask id="a" name="Thẩm định" mc:kind="appraise" mc:outcomes="done"/>
  <exclusiveGateway id="x"/><userTask id="b" name="Kiểm tra lớn" mc:outcomes="done"/>
  <userTask id="c" name="Kiểm tra nhỏ" mc:outcomes="done"/><endEvent id="e"/>
  <sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
  <sequenceFlow id="f2" sourceRef="a" targetRef="x"/>
  <sequenceFlow id="f3" sourceRef="x" targetRef="b"><conditionExpression>area &gt;= 500
    </conditionExpression></sequenceFlow>
  <sequenceFlow id="f4" sourceRef="x" targetRef="c"><conditionExpression>area &lt; 500
    </conditionExpression></sequenceFlow>
  <sequenceFlow id="f5" sourceRef="b" targetRef="e"/>
  <sequenceFlow id="f6" sourceRef="c" targetRef="e"/>
</process></definitions>"#;

/// The process; no publication would let it through.
pub(super) fn process() -> kernel::procedure::ProcessEdition {
    let from = super::day(2018, 1, 1);
    kernel::procedure::ProcessEdition::published("standing", 1, from, STANDING).unwrap()
}

impl Browser {
    /// Sends JSON like a program, with the token and the key of the act in headers.
    pub async fn program(
        &mut self,
        to: &str,
        (csrf, once): (&str, &str),
        body: &serde_json::Value,
    ) -> Answer {
        let headers = [("x-csrf-token", csrf), ("idempotency-key", once)];
        let body = body.to_string().into_bytes();
        self.send_with("POST", to, "application/json", &headers, body).await
    }
}
