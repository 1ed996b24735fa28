//! The stored spelling of events and states. Journals hold it: a change here breaks old cases, so
//! a new meaning gets a new tag and these lines stay.

use process::{Behind, Event, NodeIx, State, TimerSpec, Token};

#[test]
fn the_spelling_of_events_is_frozen() {
    let (token, node) = (3, NodeIx(5));
    let spec = TimerSpec::Duration("P5WD".to_owned());
    let from = Some(NodeIx(4));
    for (event, text) in [
        (Event::Started, r#"{"k":"started"}"#),
        (Event::Entered { token, node, from }, r#"{"k":"in","t":3,"n":5,"f":4}"#),
        (Event::Entered { token, node, from: None }, r#"{"k":"in","t":3,"n":5}"#),
        (
            Event::Left { token, node, outcome: Some("approve".to_owned()) },
            r#"{"k":"out","t":3,"n":5,"o":"approve"}"#,
        ),
        (Event::Chose { token, node, flow: 7 }, r#"{"k":"via","t":3,"n":5,"e":7}"#),
        (Event::TimerSet { token, node, spec }, r#"{"k":"timer","t":3,"n":5,"w":{"d":"P5WD"}}"#),
        (Event::TimerDropped { token, node }, r#"{"k":"timer_off","t":3,"n":5}"#),
        (Event::TimerRang { token, node }, r#"{"k":"rang","t":3,"n":5}"#),
        (Event::Interrupted { token, node, by: NodeIx(6) }, r#"{"k":"cut","t":3,"n":5,"by":6}"#),
        (Event::Forked { token, node }, r#"{"k":"beside","t":3,"n":5}"#),
        (
            Event::JobAsked { token, node, job: "consult".to_owned() },
            r#"{"k":"job","t":3,"n":5,"j":"consult"}"#,
        ),
        (Event::Arrived { token, node, flow: 7 }, r#"{"k":"arrived","t":3,"n":5,"e":7}"#),
        (Event::Joined { token, node, of: vec![1, 2] }, r#"{"k":"joined","t":3,"n":5,"of":[1,2]}"#),
        (Event::Split { token, node, into: vec![4, 5] }, r#"{"k":"split","t":3,"n":5,"to":[4,5]}"#),
        (Event::Ended { token, node }, r#"{"k":"end","t":3,"n":5}"#),
        (Event::Finished, r#"{"k":"finished"}"#),
        (Event::SentBack { token, from: NodeIx(6), to: node }, r#"{"k":"back","t":3,"f":6,"n":5}"#),
        (Event::Cancelled, r#"{"k":"cancelled"}"#),
    ] {
        assert_eq!(serde_json::to_string(&event).expect("text"), text);
        assert_eq!(serde_json::from_str::<Event>(text).expect(text), event);
    }
}

#[test]
fn the_spelling_of_a_state_is_frozen() {
    let plain = Token {
        id: 1,
        node: NodeIx(2),
        via: None,
        path: Vec::new(),
        behind: Behind::Start,
        rang: Vec::new(),
    };
    let full = Token {
        id: 4,
        node: NodeIx(9),
        via: Some(3),
        path: vec![NodeIx(1), NodeIx(2)],
        behind: Behind::Split,
        rang: vec![NodeIx(8)],
    };
    for (state, text) in [
        (State::default(), r#"{"t":[],"n":0}"#),
        (
            State { tokens: vec![plain, full], next: 5, done: false },
            r#"{"t":[{"i":1,"n":2},{"i":4,"n":9,"v":3,"p":[1,2],"b":"f","r":[8]}],"n":5}"#,
        ),
        (State { tokens: Vec::new(), next: 5, done: true }, r#"{"t":[],"n":5,"d":true}"#),
    ] {
        assert_eq!(serde_json::to_string(&state).expect("text"), text);
        assert_eq!(serde_json::from_str::<State>(text).expect(text), state);
    }
}
