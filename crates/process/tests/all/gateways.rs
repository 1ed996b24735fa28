//! Exclusive and parallel gateways, conditions, defaults, joins and ends.

use process::{Command, Event, Refusal, Value, limits};

use crate::support::{Case, built, flows};

const CHOICE: &str = r#"
<startEvent id="s"/><userTask id="a"/><exclusiveGateway id="x" DEFAULT/>
<userTask id="big"/><userTask id="small"/><userTask id="other"/><endEvent id="e"/>
<sequenceFlow id="f1" sourceRef="s" targetRef="a"/>
<sequenceFlow id="f2" sourceRef="a" targetRef="x"/>
<sequenceFlow id="c1" sourceRef="x" targetRef="big">
  <conditionExpression>outcome = "approve" and fee &gt;= 1000</conditionExpression></sequenceFlow>
<sequenceFlow id="c2" sourceRef="x" targetRef="small">
  <conditionExpression><![CDATA[outcome = "approve" and fee < 1000]]></conditionExpression>
</sequenceFlow>
FALLBACK
<sequenceFlow id="f3" sourceRef="big" targetRef="e"/>
<sequenceFlow id="f4" sourceRef="small" targetRef="e"/>
<sequenceFlow id="f5" sourceRef="other" targetRef="e"/>"#;

#[test]
fn the_first_condition_that_holds_wins_and_the_default_takes_the_rest() {
    let fallback = r#"<sequenceFlow id="c3" sourceRef="x" targetRef="other"/>"#;
    let body = CHOICE.replace("DEFAULT", r#"default="c3""#).replace("FALLBACK", fallback);
    let def = built(&body);
    for (outcome, fee, place) in [
        ("approve", Some(Value::from(1000)), "big"),
        ("approve", Some(Value::from(999)), "small"),
        ("approve", None, "other"),
        ("approve", Some(Value::from("1000")), "other"),
        ("refuse", Some(Value::from(1000)), "other"),
        ("", Some(Value::from(1000)), "other"),
    ] {
        let mut case = Case::start(&def);
        case.data.extend(fee.map(|fee| ("fee", fee)));
        let events = case.complete("a", outcome).expect("chosen");
        assert_eq!(case.places(), [place], "{outcome}");
        let chose = events.iter().find_map(|event| match event {
            Event::Chose { flow, .. } => Some(def.flows()[usize::from(*flow)].to),
            _ => None,
        });
        assert_eq!(chose, def.node_by_id(place));
    }
}

#[test]
fn no_condition_and_no_default_is_an_incident_that_changes_nothing() {
    let body = CHOICE
        .replace("DEFAULT", "")
        .replace("FALLBACK", "")
        .replace(r#"<userTask id="other"/>"#, "");
    let body = body.replace(r#"<sequenceFlow id="f5" sourceRef="other" targetRef="e"/>"#, "");
    let def = built(&body);
    let mut case = Case::start(&def);
    let before = case.state.clone();
    let refusal = case.complete("a", "refuse").expect_err("no way");
    assert_eq!(refusal, Refusal::NoPath { node: "x".to_owned() });
    assert!(refusal.is_incident());
    assert_eq!(case.state, before);
}

#[test]
fn a_split_opens_all_branches_and_a_join_waits_for_all() {
    let body = r#"<startEvent id="s"/><parallelGateway id="f"/><userTask id="a"/><userTask id="b"/>
        <userTask id="c"/><parallelGateway id="j"/><endEvent id="e"/>"#;
    let def = built(&format!("{body}{}", flows("s>f f>a f>b f>c a>j b>j c>j j>e")));
    let mut case = Case::start(&def);
    assert_eq!(case.places(), ["a", "b", "c"]);
    let arrived = case.complete("b", "").expect("b");
    assert!(matches!(arrived.last(), Some(Event::Arrived { .. })));
    case.complete("a", "").expect("a");
    assert_eq!(case.places(), ["c", "j", "j"]);
    let events = case.complete("c", "").expect("c");
    let joined = events.iter().find_map(|event| match event {
        Event::Joined { of, .. } => Some(of.len()),
        _ => None,
    });
    assert_eq!(joined, Some(3));
    assert_eq!(events.last(), Some(&Event::Finished));
    assert_eq!(events.iter().filter(|event| **event == Event::Finished).count(), 1);
}

#[test]
fn a_join_counts_branches_not_tokens() {
    // A second token on the same flow must not stand in for the missing branch.
    let body = r#"<startEvent id="s"/><parallelGateway id="f"/><userTask id="a"/><userTask id="b"/>
        <userTask id="c"/><exclusiveGateway id="m"/><parallelGateway id="j"/><endEvent id="e"/>"#;
    let def = built(&format!("{body}{}", flows("s>f f>a f>b f>c a>m b>m m>j c>j j>e")));
    let mut case = Case::start(&def);
    case.complete("a", "").expect("a");
    case.complete("b", "").expect("b");
    assert_eq!(case.places(), ["c", "j", "j"]);
    let refusal = case.complete("c", "").expect_err("one token would wait for ever");
    assert_eq!(refusal, Refusal::WouldStick { node: "j".to_owned() });
}

#[test]
fn a_terminate_end_ends_all_branches_and_their_timers() {
    let body = r#"<startEvent id="s"/><parallelGateway id="f"/><userTask id="a"/><userTask id="b"/>
        <boundaryEvent id="t" attachedToRef="b"><timerEventDefinition>
        <timeDuration>P1WD</timeDuration></timerEventDefinition></boundaryEvent>
        <endEvent id="e"><terminateEventDefinition/></endEvent><endEvent id="e2"/>"#;
    let def = built(&format!("{body}{}", flows("s>f f>a f>b a>e b>e2 t>e2")));
    let mut case = Case::start(&def);
    let events = case.complete("a", "").expect("a");
    assert!(case.state.done && case.state.tokens.is_empty());
    assert!(events.iter().any(|event| matches!(event, Event::TimerDropped { .. })));
    assert_eq!(events.last(), Some(&Event::Finished));
}

#[test]
fn a_loop_of_automatic_steps_is_cut_off() {
    let body = r#"<startEvent id="s"/><exclusiveGateway id="x"/>
        <serviceTask id="j" mc:job="ping"/>"#;
    let def = built(&format!("{body}{}", flows("s>x x>j j>x")));
    let refusal = Case::fresh(&def).act(Command::Start).expect_err("endless");
    assert!(matches!(refusal, Refusal::TooManySteps { limit: limits::AUTOMATIC_STEPS, .. }));
    let body = r#"<startEvent id="s"/><parallelGateway id="x"/><userTask id="a"/>"#;
    let def = built(&format!("{body}{}", flows("s>x x>x x>a")));
    let refusal = Case::fresh(&def).act(Command::Start).expect_err("multiplies");
    assert!(matches!(refusal, Refusal::WouldStick { .. } | Refusal::TooManyTokens { .. }));
}

#[test]
fn commands_out_of_turn_are_refused_by_type() {
    let body = r#"<startEvent id="s"/><userTask id="a" mc:outcomes="yes,no"/>
        <serviceTask id="w" mc:job="ask" mc:wait="true"/><endEvent id="e"/>"#;
    let def = built(&format!("{body}{}", flows("s>a a>w w>e")));
    let mut case = Case::fresh(&def);
    assert_eq!(case.act(Command::Cancel), Err(Refusal::NotStarted));
    case.act(Command::Start).expect("start");
    assert_eq!(case.act(Command::Start), Err(Refusal::AlreadyStarted));
    let answered = case.act(Command::Answered { token: 1 });
    assert!(matches!(answered, Err(Refusal::WrongPlace { .. })));
    let unknown = case.complete("a", &"x".repeat(500)).expect_err("no such outcome");
    let Refusal::UnknownOutcome { given, allowed, .. } = unknown else { panic!("{unknown}") };
    assert_eq!((given.len(), allowed), (limits::KEY_BYTES, vec!["yes".into(), "no".into()]));
    let gone = case.act(Command::Complete { token: 9, outcome: "yes".to_owned() });
    assert_eq!(gone, Err(Refusal::NoToken { token: 9 }));
    let events = case.complete("a", "yes").expect("done");
    assert!(matches!(events.last(), Some(Event::JobAsked { job, .. }) if job == "ask"));
    let events = case.act(Command::Cancel).expect("cancelled");
    assert_eq!(events, [Event::Cancelled]);
    assert_eq!(case.act(Command::Cancel), Err(Refusal::Ended));
}

#[test]
fn a_state_of_another_edition_is_refused() {
    let body = r#"<startEvent id="s"/><userTask id="a"/><endEvent id="e"/>"#;
    let def = built(&format!("{body}{}", flows("s>a a>e")));
    let mut case = Case::start(&def);
    case.state.tokens[0].node = process::NodeIx(77);
    assert_eq!(case.act(Command::Cancel), Err(Refusal::OtherEdition));
    assert_eq!(def.node(process::NodeIx(77)).kind, process::NodeKind::Missing);
}
