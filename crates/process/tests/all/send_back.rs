//! Sending back: to the previous step only, never over a split, a join, an answer or a timer.

use process::{BackReason, Command, Event, Refusal, send_back_check, send_back_target};

use crate::support::{Case, built, flows, shared};

fn why(case: &Case<'_>, id: &str) -> Option<BackReason> {
    match send_back_check(case.def, &case.state, case.token(id)) {
        Err(Refusal::CannotSendBack { why, .. }) => Some(why),
        _ => None,
    }
}

#[test]
fn step_by_step_back_to_the_first() {
    let def = shared("appraisal");
    let mut case = Case::start(&def);
    assert_eq!(why(&case, "assign"), Some(BackReason::FirstStep));
    for (id, outcome) in [("assign", "done"), ("appraise", "done"), ("review", "approve")] {
        case.complete(id, outcome).expect(id);
    }
    let token = case.token("sign");
    assert_eq!(send_back_target(&def, &case.state, token), Some(case.node("review")));
    let (sign, review) = (case.node("sign"), case.node("review"));
    let events = case.act(Command::SendBack { token }).expect("sent back");
    assert_eq!(events[0], Event::SentBack { token, from: sign, to: review });
    assert_eq!(events[1], Event::Entered { token, node: review, from: Some(sign), first: false });
    // The outcome does the same where the diagram draws no return.
    let events = case.complete("review", "send_back").expect("sent back");
    assert!(matches!(events[0], Event::SentBack { .. }));
    assert_eq!(case.tasks(), ["appraise"]);
    case.complete("appraise", "send_back").expect("sent back");
    assert_eq!(case.tasks(), ["assign"]);
    assert_eq!(why(&case, "assign"), Some(BackReason::FirstStep));
    // And forward again, with no trace left in the tokens.
    for (id, outcome) in
        [("assign", "done"), ("appraise", "done"), ("review", "approve"), ("sign", "approve")]
    {
        case.complete(id, outcome).expect(id);
    }
    assert_eq!(case.complete("stamp", "done").expect("end").last(), Some(&Event::Finished));
}

#[test]
fn never_over_a_split_a_join_an_answer_or_a_timer() {
    let def = shared("consultation");
    let mut case = Case::start(&def);
    case.complete("assign", "done").expect("assigned");
    assert_eq!(why(&case, "appraise"), Some(BackReason::AcrossSplit));
    let token = case.token("consult");
    assert!(matches!(case.act(Command::SendBack { token }), Err(Refusal::WrongPlace { .. })));
    case.act(Command::Answered { token }).expect("answered");
    case.complete("appraise", "done").expect("appraised");
    assert_eq!(why(&case, "summarise"), Some(BackReason::AcrossJoin));
    case.complete("summarise", "done").expect("summarised");
    case.complete("review", "send_back").expect("back within the same stretch");
    assert_eq!(case.tasks(), ["summarise"]);

    let def = shared("interlinked_up");
    let mut case = Case::start(&def);
    case.complete("check", "done").expect("checked");
    case.complete("refer", "approve").expect("signed");
    let token = case.token("interlink");
    case.act(Command::Answered { token }).expect("answered");
    assert_eq!(why(&case, "receive"), Some(BackReason::AcrossAnswer));

    let body = r#"<startEvent id="s"/><userTask id="a"/><intermediateCatchEvent id="t">
        <timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>
        </intermediateCatchEvent><userTask id="b"/><endEvent id="e"/>"#;
    let def = built(&format!("{body}{}", flows("s>a a>t t>b b>e")));
    let mut case = Case::start(&def);
    case.complete("a", "").expect("a");
    let token = case.token("t");
    case.act(Command::TimerFired { token, boundary: None }).expect("fired");
    assert_eq!(why(&case, "b"), Some(BackReason::AcrossTimer));
}

#[test]
fn a_return_drawn_in_the_diagram_wins() {
    let body = r#"<startEvent id="s"/><userTask id="a"/><userTask id="b"/>
        <userTask id="c" mc:outcomes="ok,send_back"/><exclusiveGateway id="x" default="ok"/>
        <endEvent id="e"/>
        <sequenceFlow id="ok" sourceRef="x" targetRef="e"/>
        <sequenceFlow id="no" sourceRef="x" targetRef="a"><conditionExpression>
        outcome = "send_back"</conditionExpression></sequenceFlow>"#;
    let def = built(&format!("{body}{}", flows("s>a a>b b>c c>x")));
    let mut case = Case::start(&def);
    case.complete("a", "").expect("a");
    case.complete("b", "").expect("b");
    let events = case.complete("c", "send_back").expect("back to the very first");
    assert!(matches!(&events[0], Event::Left { outcome: Some(o), .. } if o == "send_back"));
    assert_eq!(case.tasks(), ["a"]);
    assert_eq!(why(&case, "a"), Some(BackReason::FirstStep));
}
