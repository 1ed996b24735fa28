//! The stored spelling of events and states. Journals hold it: a change here breaks old cases, so
//! a new meaning gets a new tag and these lines stay.

use process::{
    Behind, Done, Event, NodeIx, Nodes, Scope, ScopeKind, State, Thrown, TimerSpec, Token, Vars,
};
use serde_json::json;

#[test]
fn the_spelling_of_events_is_frozen() {
    let (token, node) = (3, NodeIx(5));
    let spec = TimerSpec::Duration("P5WD".to_owned());
    let from = Some(NodeIx(4));
    for (event, text) in [
        (Event::Started, r#"{"k":"started"}"#),
        (Event::Entered { token, node, from, first: false }, r#"{"k":"in","t":3,"n":5,"f":4}"#),
        (Event::Entered { token, node, from: None, first: false }, r#"{"k":"in","t":3,"n":5}"#),
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
        path: Nodes::new(),
        behind: Behind::Start,
        rang: Nodes::new(),
        scope: 0,
        index: None,
        undo: None,
        vars: Vars::new(),
        beside: false,
    };
    let full = Token {
        id: 4,
        node: NodeIx(9),
        via: Some(3),
        path: vec![NodeIx(1), NodeIx(2)].into(),
        behind: Behind::Split,
        rang: vec![NodeIx(8)].into(),
        scope: 0,
        index: None,
        undo: None,
        vars: Vars::new(),
        beside: false,
    };
    for (state, text) in [
        (State::default(), r#"{"t":[],"n":0}"#),
        (
            State { tokens: vec![plain, full].into(), next: 5, ..State::default() },
            r#"{"t":[{"i":1,"n":2},{"i":4,"n":9,"v":3,"p":[1,2],"b":"f","r":[8]}],"n":5}"#,
        ),
        (State { next: 5, done: true, ..State::default() }, r#"{"t":[],"n":5,"d":true}"#),
    ] {
        assert_eq!(serde_json::to_string(&state).expect("text"), text);
        assert_eq!(serde_json::from_str::<State>(text).expect(text), state);
    }
}

fn vars() -> Vars {
    Vars::from([("a".to_owned(), json!(1))])
}

#[test]
fn the_spelling_of_the_events_of_the_whole_profile_is_frozen() {
    let (token, node) = (3, NodeIx(5));
    let done = Done { node: NodeIx(2), vars: Vars::new(), inner: Vec::new() };
    let (name, code) = ("x".to_owned(), "e".to_owned());
    for (event, text) in [
        (
            Event::Entered { token, node, from: None, first: true },
            r#"{"k":"in","t":3,"n":5,"u":true}"#,
        ),
        (Event::StartedAt { node }, r#"{"k":"started_at","n":5}"#),
        (
            Event::Born { token, node, scope: 0, index: None, undo: None },
            r#"{"k":"born","t":3,"n":5}"#,
        ),
        (
            Event::Born { token, node, scope: 2, index: Some(1), undo: Some(7) },
            r#"{"k":"born","t":3,"n":5,"s":2,"i":1,"u":7}"#,
        ),
        (
            Event::Opened {
                token,
                node,
                kind: ScopeKind::Multi,
                total: 2,
                items: vec![json!("a")],
                undoable: vec![done.clone()],
            },
            r#"{"k":"open","t":3,"n":5,"w":"m","c":2,"l":["a"],"d":[{"n":2}]}"#,
        ),
        (Event::Closed { token }, r#"{"k":"close","t":3}"#),
        (Event::Gone { token, node }, r#"{"k":"gone","t":3,"n":5}"#),
        (Event::VarsSet { scope: 0, vars: vars() }, r#"{"k":"set","v":{"a":1}}"#),
        (Event::OwnSet { token, vars: vars() }, r#"{"k":"own","t":3,"v":{"a":1}}"#),
        (Event::Caught { token, node }, r#"{"k":"caught","t":3,"n":5}"#),
        (Event::RoundEnded { token }, r#"{"k":"round","t":3}"#),
        (Event::RoundAdded { token }, r#"{"k":"more","t":3}"#),
        (Event::Undoable { scope: 0, done }, r#"{"k":"undoable","d":{"n":2}}"#),
        (Event::Undone { scope: 1, node: Some(node) }, r#"{"k":"undone","s":1,"n":5}"#),
        (Event::Shut { scope: 0 }, r#"{"k":"shut"}"#),
        (Event::Marked { token, node, mark: name.clone() }, r#"{"k":"mark","t":3,"n":5,"m":"x"}"#),
        (Event::SignalSent { node, name: name.clone() }, r#"{"k":"signal","n":5,"m":"x"}"#),
        (
            Event::MessageSent { node, name: name.clone(), to: None },
            r#"{"k":"message","n":5,"m":"x"}"#,
        ),
        (
            Event::MessageSent { node, name: name.clone(), to: Some("Y".to_owned()) },
            r#"{"k":"message","n":5,"m":"x","to":"Y"}"#,
        ),
        (
            Event::Called {
                token,
                node,
                process: name.clone(),
                vars: vars(),
                version: None,
                asks: None,
            },
            r#"{"k":"call","t":3,"n":5,"p":"x","v":{"a":1}}"#,
        ),
        (
            Event::Called {
                token,
                node,
                process: name,
                vars: vars(),
                version: Some(2),
                asks: Some("kg.stp".to_owned()),
            },
            r#"{"k":"call","t":3,"n":5,"p":"x","v":{"a":1},"ver":2,"a":"kg.stp"}"#,
        ),
        (
            Event::Uncaught { node, what: Thrown::Error, code },
            r#"{"k":"uncaught","n":5,"w":"error","c":"e"}"#,
        ),
        (
            Event::Returned { token, from: NodeIx(6), to: node },
            r#"{"k":"returned","t":3,"f":6,"n":5}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&event).expect("text"), text);
        assert_eq!(serde_json::from_str::<Event>(text).expect(text), event);
    }
}

#[test]
fn the_spelling_of_scopes_is_frozen() {
    let mut token: Token = serde_json::from_str(r#"{"i":1,"n":2}"#).expect("token");
    token.scope = 4;
    token.index = Some(0);
    token.undo = Some(9);
    token.vars = vars();
    let scope = Scope {
        owner: 4,
        node: NodeIx(7),
        kind: ScopeKind::Loop,
        vars: vars(),
        undoable: Vec::new(),
        shut: true,
        total: 3,
        begun: 2,
        ended: 1,
        items: vec![json!(5)],
    };
    let state = State {
        tokens: vec![token].into(),
        next: 5,
        done: false,
        scopes: vec![scope],
        vars: vars(),
        undoable: Vec::new(),
        reached: vec![NodeIx(2)].into(),
        shut: true,
        rang: vec![NodeIx(3)].into(),
    };
    let text = r#"{"t":[{"i":1,"n":2,"s":4,"k":0,"u":9,"l":{"a":1}}],"n":5,"s":[{"o":4,"n":7,"k":"l","v":{"a":1},"x":true,"t":3,"b":2,"e":1,"l":[5]}],"v":{"a":1},"r":[2],"x":true,"g":[3]}"#;
    assert_eq!(serde_json::to_string(&state).expect("text"), text);
    assert_eq!(serde_json::from_str::<State>(text).expect(text), state);
}
