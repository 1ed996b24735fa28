//! Undoing what was done, and transactions.

use serde_json::json;

use super::{done, file, flows, nodes, run};

const UNDO: &str = "<compensateEventDefinition/>";

/// A task with a handler that undoes it.
fn undoable(task: &str) -> String {
    let handler = format!("<userTask id=\"un_{task}\" isForCompensation=\"true\"/>");
    nodes(&format!("t:{task}"))
        + &format!("<boundaryEvent id=\"c_{task}\" attachedToRef=\"{task}\">{UNDO}</boundaryEvent>")
        + &handler
        + &format!(
            "<association id=\"a_{task}\" associationDirection=\"One\" sourceRef=\"c_{task}\" \
             targetRef=\"un_{task}\"/>"
        )
}

fn throw(what: &str) -> String {
    format!("<intermediateThrowEvent id=\"undo\">{what}</intermediateThrowEvent>")
}

#[test]
fn what_was_done_is_undone_and_the_thrower_waits() {
    let body = nodes("s:s t:after t:third e:e")
        + &undoable("one")
        + &undoable("two")
        + &throw(UNDO)
        + &flows("s>one one>two two>third third>undo undo>after after>e");
    let text = file("", &body);
    let all = json!([done("one"), done("two"), done("third")]);
    let trace = run(&text, all).all_done();
    assert_eq!(trace.tree(), "un_one un_two undo");
    let steps = json!([done("one"), done("two"), done("third"), done("un_two"), done("un_one")]);
    assert_eq!(run(&text, steps).all_done().tree(), "after");
    let one = throw("<compensateEventDefinition activityRef=\"one\"/>");
    let text = file("", &body.replace(&throw(UNDO), &one));
    let steps = json!([done("one"), done("two"), done("third")]);
    assert_eq!(run(&text, steps).all_done().tree(), "un_one undo");
    let none = nodes("s:s t:after e:e") + &throw(UNDO) + &flows("s>undo undo>after after>e");
    assert_eq!(run(&file("", &none), json!([])).all_done().tree(), "after");
}

#[test]
fn what_has_not_been_done_is_not_undone_and_nothing_twice() {
    let body = nodes("s:s a:f t:slow e:e t:again")
        + &undoable("one")
        + &undoable("two")
        + &throw(UNDO)
        + "<intermediateThrowEvent id=\"undo2\"><compensateEventDefinition/></intermediateThrowEvent>"
        + &flows("s>f f>one f>two one>slow slow>undo undo>again again>undo2 undo2>e two>e");
    let text = file("", &body);
    let steps = json!([done("one"), done("slow")]);
    assert_eq!(run(&text, steps).all_done().tree(), "two un_one undo");
    let steps = json!([done("one"), done("slow"), done("un_one"), done("again")]);
    assert_eq!(run(&text, steps).all_done().tree(), "two");
}

#[test]
fn a_finished_sub_process_is_undone_from_inside() {
    let inside =
        nodes("s:s1 e:e1") + &undoable("one") + &undoable("two") + &flows("s1>one one>two two>e1");
    let body = nodes("s:s t:third t:after e:e")
        + &format!("<subProcess id=\"sub\">{inside}</subProcess>")
        + &throw(UNDO)
        + &flows("s>sub sub>third third>undo undo>after after>e");
    let text = file("", &body);
    let steps = json!([done("one"), done("two"), done("third")]);
    assert_eq!(run(&text, steps).all_done().tree(), "sub[un_one un_two] undo");
    let steps = json!([done("one"), done("two"), done("third"), {"complete_all": {}}]);
    assert_eq!(run(&text, steps).all_done().tree(), "after");
    let own = format!(
        "<subProcess id=\"own\" triggeredByEvent=\"true\"><startEvent id=\"os\">{UNDO}</startEvent>\
         {}{}</subProcess>",
        nodes("t:mend e:oe"),
        flows("os>mend mend>oe")
    );
    let text = file("", &body.replace("</subProcess>", &format!("{own}</subProcess>")));
    let steps = json!([done("one"), done("two"), done("third")]);
    assert_eq!(run(&text, steps).all_done().tree(), "sub[own[mend]] undo");
    let steps = json!([done("one"), done("two"), done("third"), done("mend")]);
    assert_eq!(run(&text, steps).all_done().tree(), "after");
}

#[test]
fn an_error_handler_undoes_the_scope_around_it() {
    let error = "<errorEventDefinition errorRef=\"E\"/>";
    let handler = format!(
        "<subProcess id=\"mend\" triggeredByEvent=\"true\"><startEvent id=\"ms\">{error}</startEvent>\
         {}{}{}</subProcess>",
        throw(UNDO),
        nodes("e:me"),
        flows("ms>undo undo>me")
    );
    let body = nodes("s:s t:third")
        + &undoable("one")
        + &handler
        + &format!("<endEvent id=\"bad\">{error}</endEvent>")
        + &flows("s>one one>third third>bad");
    let text = file("<error id=\"E\" errorCode=\"e\"/>", &body);
    let trace = run(&text, json!([done("one"), done("third")])).all_done();
    assert_eq!(trace.tree(), "mend[undo] un_one");
    let trace = run(&text, json!([done("one"), done("third"), done("un_one")])).all_done();
    assert_eq!(trace.state(), "ended completed");
}

#[test]
fn an_end_event_undoes_before_it_ends() {
    let body = nodes("s:s")
        + &undoable("one")
        + &format!("<endEvent id=\"end\">{UNDO}</endEvent>")
        + &flows("s>one one>end");
    let text = file("", &body);
    assert_eq!(run(&text, json!([done("one")])).all_done().tree(), "end un_one");
    let trace = run(&text, json!([done("one"), done("un_one")])).all_done();
    assert_eq!(trace.state(), "ended completed");
}

#[test]
fn a_cancelled_transaction_is_undone_and_left_by_its_cancel_event() {
    let cancel = "<cancelEventDefinition/>";
    let inside = nodes("s:s1 a:f t:slow e:e1")
        + &undoable("one")
        + &format!("<endEvent id=\"stop\">{cancel}</endEvent>")
        + &flows("s1>f f>one f>slow slow>e1 one>stop");
    let body = nodes("s:s t:after t:sorry e:e")
        + &format!("<transaction id=\"sub\">{inside}</transaction>")
        + &format!("<boundaryEvent id=\"c\" attachedToRef=\"sub\">{cancel}</boundaryEvent>")
        + &flows("s>sub sub>after after>e c>sorry sorry>e");
    let text = file("", &body);
    assert_eq!(run(&text, json!([done("one")])).all_done().tree(), "sub[stop un_one]");
    assert_eq!(run(&text, json!([done("one"), done("un_one")])).all_done().tree(), "sorry");
}

#[test]
fn each_instance_of_a_repeated_sub_process_is_undone() {
    let inside = nodes("s:s1 e:e1") + &undoable("one") + &flows("s1>one one>e1");
    let body = nodes("s:s t:check t:after e:e")
        + &format!(
            "<subProcess id=\"sub\"><multiInstanceLoopCharacteristics><loopCardinality>2\
             </loopCardinality></multiInstanceLoopCharacteristics>{inside}</subProcess>"
        )
        + &throw(UNDO)
        + &flows("s>sub sub>check check>undo undo>after after>e");
    let text = file("", &body);
    let trace = run(&text, json!([done("one"), done("one"), done("check")])).all_done();
    assert_eq!(trace.tree(), "sub[un_one] sub[un_one] undo");
    let all = json!([done("one"), done("one"), done("check"), {"complete_all": {}}]);
    assert_eq!(run(&text, all).all_done().tree(), "after");
}

#[test]
fn a_handler_may_be_a_sub_process() {
    let handler = "<subProcess id=\"un\" isForCompensation=\"true\">".to_owned()
        + &nodes("s:us t:mend e:ue")
        + &flows("us>mend mend>ue")
        + "</subProcess>";
    let body = nodes("s:s t:one t:after e:e")
        + &format!("<boundaryEvent id=\"c\" attachedToRef=\"one\">{UNDO}</boundaryEvent>")
        + &handler
        + "<association id=\"x\" sourceRef=\"c\" targetRef=\"un\"/>"
        + &throw(UNDO)
        + &flows("s>one one>undo undo>after after>e");
    let text = file("", &body);
    assert_eq!(run(&text, json!([done("one")])).all_done().tree(), "un[mend] undo");
    assert_eq!(run(&text, json!([done("one"), done("mend")])).all_done().tree(), "after");
}
