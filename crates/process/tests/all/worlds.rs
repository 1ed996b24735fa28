//! Every state of small processes with scopes, repetitions, events and compensation, every command
//! tried in each: nothing stuck, nothing doubled, replay exact, always an end in reach.

use process::compile_unchecked;

use crate::scenarios::{file, flows, nodes};
use crate::world::{World, explore_with};

fn world(body: &str) -> World {
    let root = "<error id=\"E\" errorCode=\"e\"/><message id=\"M\" name=\"m\"/><signal id=\"S\" name=\"s\"/>";
    let text = file(root, body);
    let model = process::read(text.as_bytes(), "w").expect("readable");
    let def = compile_unchecked(&model).unwrap_or_else(|problems| panic!("{problems:#?}"));
    let world = explore_with(&def, false);
    assert!(world.finished, "it can finish");
    assert!(world.largest_json <= 600, "{} bytes of state", world.largest_json);
    world
}

const TIMER: &str = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>";
const ERROR: &str = "<errorEventDefinition errorRef=\"E\"/>";

fn edge(id: &str, on: &str, cancels: bool, what: &str) -> String {
    format!(
        "<boundaryEvent id=\"{id}\" attachedToRef=\"{on}\" cancelActivity=\"{cancels}\">{what}</boundaryEvent>"
    )
}

fn multi(kind: &str, id: &str, attributes: &str, body: &str) -> String {
    format!(
        "<{kind} id=\"{id}\"><multiInstanceLoopCharacteristics {attributes}><loopCardinality>2\
         </loopCardinality></multiInstanceLoopCharacteristics>{body}</{kind}>"
    )
}

#[test]
fn nested_sub_processes_with_limits() {
    let deep = nodes("s:s2 t:c e:e2") + &flows("s2>c c>e2");
    let inside = nodes("s:s1 a:f t:a a:j e:e1")
        + &format!("<subProcess id=\"deep\">{deep}</subProcess>")
        + &edge("inner", "deep", true, TIMER)
        + &nodes("x:m")
        + &flows("s1>f f>a f>deep a>j deep>m inner>m m>j j>e1");
    let body = nodes("s:s t:late e:e t:beside")
        + &format!("<subProcess id=\"sub\">{inside}</subProcess>")
        + &edge("outer", "sub", true, TIMER)
        + &edge("remind", "sub", false, TIMER)
        + &flows("s>sub sub>e outer>late late>e remind>beside beside>e");
    let world = world(&body);
    assert!(world.states > 15, "{}", world.states);
}

#[test]
fn instances_in_parallel_and_in_sequence() {
    let inside = nodes("s:s1 t:a t:b e:e1") + &flows("s1>a a>b b>e1");
    for attributes in ["", "isSequential=\"true\""] {
        let body = nodes("s:s t:late e:e")
            + &multi("subProcess", "sub", attributes, &inside)
            + &edge("limit", "sub", true, TIMER)
            + &multi("userTask", "ask", attributes, "")
            + &edge("silence", "ask", true, TIMER)
            + &nodes("x:m")
            + &flows("s>sub sub>ask ask>m silence>m m>e limit>late late>e");
        assert!(world(&body).states >= 8);
    }
}

#[test]
fn errors_and_event_sub_processes() {
    let handler = format!(
        "<subProcess id=\"mend\" triggeredByEvent=\"true\"><startEvent id=\"ms\">{ERROR}</startEvent>\
         {}{}</subProcess><subProcess id=\"late\" triggeredByEvent=\"true\"><startEvent id=\"ls\" \
         isInterrupting=\"false\">{TIMER}</startEvent>{}{}</subProcess>",
        nodes("t:repair e:me"),
        flows("ms>repair repair>me"),
        nodes("t:hurry e:le"),
        flows("ls>hurry hurry>le"),
    );
    let inside = nodes("s:s1 a:f t:a t:b e:e1")
        + "<serviceTask id=\"job\" mc:job=\"ask\" mc:wait=\"true\"/>"
        + &handler
        + &flows("s1>f f>a f>job job>b a>e1 b>e1");
    let body = nodes("s:s e:e")
        + &format!("<subProcess id=\"sub\">{inside}</subProcess>")
        + &flows("s>sub sub>e");
    assert!(world(&body).states > 10);
}

#[test]
fn the_first_event_of_several_and_joins_by_reachability() {
    let catch = |id: &str, what: &str| {
        format!("<intermediateCatchEvent id=\"{id}\">{what}</intermediateCatchEvent>")
    };
    let body = nodes("s:s a:f t:a t:early t:late o:j e:e")
        + "<eventBasedGateway id=\"g\"/>"
        + &catch("m", "<messageEventDefinition messageRef=\"M\"/>")
        + &catch("t", TIMER)
        + &flows("s>f f>a f>g g>m g>t m>early t>late a>j early>j late>j j>e");
    assert!(world(&body).states > 6);
}

#[test]
fn what_is_done_can_be_undone() {
    let undo = "<compensateEventDefinition/>";
    let undoable = |task: &str| {
        nodes(&format!("t:{task}"))
            + &format!(
                "<boundaryEvent id=\"c_{task}\" attachedToRef=\"{task}\">{undo}</boundaryEvent>"
            )
            + &format!("<userTask id=\"un_{task}\" isForCompensation=\"true\"/>")
            + &format!(
                "<association id=\"x_{task}\" sourceRef=\"c_{task}\" targetRef=\"un_{task}\"/>"
            )
    };
    let inside = nodes("s:s1 e:e1") + &undoable("one") + &flows("s1>one one>e1");
    let body = nodes("s:s a:f t:check a:j e:e")
        + &format!("<subProcess id=\"sub\">{inside}</subProcess>")
        + &undoable("two")
        + &format!("<intermediateThrowEvent id=\"undo\">{undo}</intermediateThrowEvent>")
        + &flows("s>f f>sub f>two sub>j two>j j>check check>undo undo>e");
    assert!(world(&body).states >= 8);
}

#[test]
fn ad_hoc_steps_are_chosen() {
    let inside = nodes("t:visit t:phone");
    let body = nodes("s:s e:e")
        + &format!(
            "<adHocSubProcess id=\"free\" ordering=\"Sequential\">{inside}</adHocSubProcess>"
        )
        + &flows("s>free free>e");
    assert!(world(&body).states >= 4);
}
