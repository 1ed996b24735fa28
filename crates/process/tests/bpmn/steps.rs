//! A process is changed as a table of steps.

use process::bpmn::Definitions;
use process::{Document, EditError, NewStep, rules};

use crate::support::own_models;

const STEP: NewStep<'_> = NewStep {
    id: "verify",
    name: "Thẩm tra lại",
    kind: "userTask",
    attributes: &[("kind", "review")],
    lane: None,
};

fn sound(document: &Document) {
    let model = document.model().unwrap();
    assert_eq!(rules::check(&Definitions::of(&model)), [], "{}", document.text());
}

#[test]
fn a_step_goes_into_every_flow_and_out_again() {
    let mut tried = 0;
    for (name, bytes) in own_models() {
        let original = Document::read(&bytes, &name).unwrap();
        let model = process::read(&bytes, &name).unwrap();
        let view = Definitions::of(&model);
        for flow in &view.flows {
            let mut document = original.clone();
            let after = document.insert_step(flow.id, &STEP).unwrap();
            sound(&document);
            let changed = document.model().unwrap();
            let changed = Definitions::of(&changed);
            let step = changed.node("verify").unwrap();
            let into: Vec<&str> = changed.incoming(step).map(|f| f.id).collect();
            let out: Vec<(&str, &str)> = changed.outgoing(step).map(|f| (f.id, f.target)).collect();
            assert_eq!((into, out), (vec![flow.id], vec![(after.as_str(), flow.target)]));
            let lane = changed.lane_of(step).map(|lane| lane.id);
            let source = view.node(flow.source).unwrap();
            let near = if source.kind.is_gateway() { flow.target } else { flow.source };
            assert_eq!(lane, view.node(near).and_then(|n| view.lane_of(n)).map(|l| l.id));
            let picture = process::diagram::svg(&changed, &process::diagram::Highlights::default());
            crate::diagrams::keep(&format!("{name}.{}", flow.id), &picture);
            assert!(picture.contains("data-id=\"verify\"") && picture.contains(&after), "{name}");
            document.remove_step("verify").unwrap();
            sound(&document);
            let graph = |document: &Document| {
                let graph = process::graph(&document.write(), &name).unwrap();
                let mut facts: Vec<String> = ["nodes", "edges", "lanes"]
                    .iter()
                    .flat_map(|list| graph[list].as_array().unwrap())
                    .map(ToString::to_string)
                    .collect();
                facts.sort();
                facts
            };
            assert_eq!(graph(&document), graph(&original), "{name} {}", flow.id);
            tried += 1;
        }
    }
    eprintln!("{tried} flows");
}

#[test]
fn the_rest_of_the_file_stays_as_it_was_written() {
    let Some((name, bytes)) = own_models().into_iter().find(|(name, _)| name == "counter") else {
        return;
    };
    let original = Document::read(&bytes, &name).unwrap();
    let mut document = original.clone();
    document.insert_step("start_to_decide", &STEP).unwrap();
    let (before, after) = (original.text(), document.text());
    let new: Vec<&str> = after.lines().filter(|line| !before.contains(line.trim())).collect();
    assert!(new.iter().any(|line| line.contains("mc:kind=\"review\"")), "{new:#?}");
    let gone = before.lines().filter(|line| !after.contains(line.trim())).count();
    // Moved shapes and points, the flow's new end, the list of the step after it.
    assert!(gone <= 14, "{gone} lines of the file changed");
    assert!(after.contains("<bpmn:documentation>Thủ tục được giải quyết ngay"));
}

#[test]
fn what_cannot_be_done_is_refused() {
    let text = crate::support::process(
        "<startEvent id=\"S\"/><task id=\"T\"/><exclusiveGateway id=\"G\"/><task id=\"A\"/><endEvent id=\"E\"/>
         <boundaryEvent id=\"B\" attachedToRef=\"T\"><timerEventDefinition/></boundaryEvent>
         <sequenceFlow id=\"F1\" sourceRef=\"S\" targetRef=\"T\"/><sequenceFlow id=\"F2\" sourceRef=\"T\" targetRef=\"G\"/>
         <sequenceFlow id=\"F3\" sourceRef=\"G\" targetRef=\"A\"/><sequenceFlow id=\"F4\" sourceRef=\"G\" targetRef=\"E\"/>",
    );
    let mut document = Document::read(text.as_bytes(), "f").unwrap();
    assert_eq!(document.remove_step("X"), Err(EditError::NoSuchElement("X".into())));
    assert_eq!(document.remove_step("G"), Err(EditError::Ways("G".into())));
    assert_eq!(document.remove_step("E"), Err(EditError::Ways("E".into())));
    assert_eq!(document.remove_step("T"), Err(EditError::InUse("T".into())));
    let taken = NewStep { id: "A", ..STEP };
    assert_eq!(document.insert_step("F1", &taken), Err(EditError::IdTaken("A".into())));
    let lane = NewStep { lane: Some("L9"), ..STEP };
    assert_eq!(document.insert_step("F1", &lane), Err(EditError::NoSuchElement("L9".into())));
    assert!(document.insert_step("F9", &STEP).is_err());
    assert_eq!(document.text(), text);
}
