//! Timers in the flow and on the edge of tasks.

use process::{Command, Event, TimerSpec};

use crate::support::{Case, built, flows};
use crate::world::explore;

const EDGE: &str = r#"<startEvent id="s"/><userTask id="first"/><userTask id="a"/>
<boundaryEvent id="remind" attachedToRef="a" cancelActivity="false"><timerEventDefinition>
  <timeDuration>P2WD</timeDuration></timerEventDefinition></boundaryEvent>
<boundaryEvent id="late" attachedToRef="a"><timerEventDefinition>
  <timeDuration>P5WD</timeDuration></timerEventDefinition></boundaryEvent>
<serviceTask id="mail" mc:job="notify"/><endEvent id="told"/>
<userTask id="chief"/><endEvent id="e"/>"#;
const EDGE_FLOWS: &str = "s>first first>a a>e remind>mail mail>told late>chief chief>e";

#[test]
fn a_timer_in_the_flow() {
    let body = r#"<startEvent id="s"/><intermediateCatchEvent id="t"><timerEventDefinition>
        <timeDate>2019-04-25T09:12:00+07:00</timeDate></timerEventDefinition>
        </intermediateCatchEvent><endEvent id="e"/>"#;
    let def = built(&format!("{body}{}", flows("s>t t>e")));
    let mut case = Case::fresh(&def);
    let events = case.act(Command::Start).expect("start");
    let spec = TimerSpec::Date("2019-04-25T09:12:00+07:00".to_owned());
    let (token, node) = (1, case.node("t"));
    assert_eq!(events.last(), Some(&Event::TimerSet { token, node, spec }));
    let events = case.act(Command::TimerFired { token, boundary: None }).expect("fired");
    assert_eq!(events.first(), Some(&Event::TimerRang { token, node }));
    assert_eq!(events.last(), Some(&Event::Finished));
    let again = case.act(Command::TimerFired { token, boundary: None });
    assert_eq!(again, Ok(Vec::new()), "after the end it changes nothing");
}

#[test]
fn a_reminder_runs_beside_its_task_once() {
    let def = built(&format!("{EDGE}{}", flows(EDGE_FLOWS)));
    let mut case = Case::start(&def);
    let events = case.complete("first", "").expect("first");
    assert_eq!(events.iter().filter(|e| matches!(e, Event::TimerSet { .. })).count(), 2);
    let (token, remind) = (case.token("a"), case.node("remind"));
    let fired = Command::TimerFired { token, boundary: Some(remind) };
    let events = case.act(fired.clone()).expect("reminded");
    assert!(events.iter().any(|e| matches!(e, Event::JobAsked { .. })));
    assert!(!events.contains(&Event::Finished));
    assert_eq!(case.places(), ["a"]);
    assert_eq!(case.act(fired), Ok(Vec::new()));
    let events = case.complete("a", "").expect("a");
    let dropped: Vec<_> =
        events.iter().filter(|e| matches!(e, Event::TimerDropped { .. })).collect();
    let late = case.node("late");
    assert_eq!(dropped, [&Event::TimerDropped { token, node: late }]);
}

#[test]
fn a_limit_cuts_its_task_and_the_timers_come_back_with_the_task() {
    let def = built(&format!("{EDGE}{}", flows(EDGE_FLOWS)));
    let mut case = Case::start(&def);
    case.complete("first", "").expect("first");
    let (token, late, remind) = (case.token("a"), case.node("late"), case.node("remind"));
    case.act(Command::TimerFired { token, boundary: Some(remind) }).expect("reminded");
    case.act(Command::SendBack { token }).expect("back");
    assert_eq!(case.tasks(), ["first"]);
    let stale = case.act(Command::TimerFired { token, boundary: Some(late) });
    assert_eq!(stale, Ok(Vec::new()));
    let events = case.complete("first", "").expect("again");
    assert_eq!(events.iter().filter(|e| matches!(e, Event::TimerSet { .. })).count(), 2);
    let events = case.act(Command::TimerFired { token, boundary: Some(late) }).expect("late");
    let a = case.node("a");
    assert_eq!(
        events[..3],
        [
            Event::TimerRang { token, node: late },
            Event::TimerDropped { token, node: remind },
            Event::Interrupted { token, node: a, by: late },
        ]
    );
    assert_eq!(case.tasks(), ["chief"]);
}

#[test]
fn every_state_with_boundary_timers() {
    let world = explore(&built(&format!("{EDGE}{}", flows(EDGE_FLOWS))));
    assert!(world.finished);
    // Fresh, first, a, a reminded, chief, done.
    assert_eq!(world.states, 6);
}

#[test]
fn every_state_with_nested_parallel_regions() {
    let body = r#"<startEvent id="s"/><parallelGateway id="f"/><parallelGateway id="g"/>
        <userTask id="a"/><userTask id="a2"/><userTask id="b"/><userTask id="c"/>
        <boundaryEvent id="t" attachedToRef="b"><timerEventDefinition>
        <timeDuration>PT4WH</timeDuration></timerEventDefinition></boundaryEvent>
        <exclusiveGateway id="m"/><parallelGateway id="k"/><parallelGateway id="j"/>
        <endEvent id="e"/>"#;
    let list = "s>f f>a a>a2 a2>j f>g g>b g>c b>m t>m m>k c>k k>j j>e";
    let world = explore(&built(&format!("{body}{}", flows(list))));
    assert!(world.finished && world.states > 12, "{}", world.states);
}
