//! Pictures of processes.

use std::collections::{HashMap, HashSet};

use process::bpmn::Definitions;
use process::diagram::{Highlights, Lang, svg};

use crate::support::{cases, definitions, models, own_models};

/// Elements of the picture as an independent reader of XML sees them: local name and `data-id`.
fn drawn(picture: &str) -> Vec<(String, String)> {
    let mut reader = quick_xml::Reader::from_str(picture);
    let mut found = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Eof => return found,
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                let id = tag.try_get_attribute("data-id").unwrap();
                let id = id.map(|id| {
                    id.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned()
                });
                found.push((format!("{:?}", tag.name()), id.unwrap_or_default()));
            }
            _ => {}
        }
    }
}

/// Writes a picture where the environment wants to see it.
pub fn keep(name: &str, picture: &str) {
    if let Some(folder) = std::env::var_os("DIAGRAMS_KEEP") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.svg")), picture).unwrap();
    }
}

#[test]
fn every_shape_and_line_of_the_diagram_is_drawn() {
    let mut all = own_models();
    all.extend(cases("bpmn-miwg").map(|folder| models(&folder)).unwrap_or_default());
    let mut count = 0;
    for (name, bytes) in &all {
        let model = process::read(bytes, name).unwrap();
        let view = Definitions::of(&model);
        let picture = svg(&view, &Highlights::default());
        keep(name, &picture);
        let found: HashSet<String> = drawn(&picture).into_iter().map(|(_, id)| id).collect();
        let mut open = vec![model.root()];
        while let Some(element) = open.pop() {
            if matches!(element.local.as_str(), "BPMNShape" | "BPMNEdge") {
                let id = element.attr("bpmnElement").unwrap();
                let local = id.split_once(':').map_or(id, |(_, local)| local);
                assert!(found.contains(id) || found.contains(local), "{name}: {id} is not drawn");
                count += 1;
            }
            open.extend(&element.children);
        }
    }
    eprintln!("{count} shapes and lines drawn");
}

#[test]
fn a_file_without_a_diagram_is_laid_out_without_overlaps() {
    let folders = ["betsy", "bpmn-miwg"].map(cases);
    let mut all: Vec<(String, Vec<u8>)> = own_models();
    for folder in folders.into_iter().flatten() {
        all.extend(models(&folder));
    }
    for (name, bytes) in &all {
        let mut document = process::Document::read(bytes, name).unwrap();
        let model = process::read(bytes, name).unwrap();
        for child in &model.root().children {
            if child.local == "BPMNDiagram" {
                document.remove(child.attr("id").unwrap()).unwrap();
            }
        }
        let model = document.model().unwrap();
        let view = Definitions::of(&model);
        let picture = svg(&view, &Highlights::default());
        keep(&format!("{name}.auto"), &picture);
        let found: HashSet<String> = drawn(&picture).into_iter().map(|(_, id)| id).collect();
        for node in &view.nodes {
            assert!(found.contains(node.id), "{name}: {} is not drawn", node.id);
        }
        for flow in &view.flows {
            assert!(found.contains(flow.id), "{name}: {} is not drawn", flow.id);
        }
        assert_eq!(picture, svg(&view, &Highlights::default()), "{name}: not the same twice");
    }
}

const TEXT: &str = r#"<collaboration id="C"><participant id="Pool" name="Sở Xây dựng" processRef="P"/><participant id="Other" name="Người nộp"/>
  <messageFlow id="MF" sourceRef="A" targetRef="Other"/></collaboration>
<process id="P" name="Cấp phép &lt;xây dựng&gt;"><laneSet id="LS"><lane id="L1" name="Một cửa"><flowNodeRef>S</flowNodeRef><flowNodeRef>A</flowNodeRef></lane>
  <lane id="L2" name="Phòng chuyên môn"><flowNodeRef>G</flowNodeRef><flowNodeRef>B</flowNodeRef><flowNodeRef>C1</flowNodeRef><flowNodeRef>J</flowNodeRef><flowNodeRef>E</flowNodeRef></lane></laneSet>
  <startEvent id="S" name="Nhận hồ sơ"/><userTask id="A" name="Kiểm tra hồ sơ"/><parallelGateway id="G"/>
  <userTask id="B" name="Thẩm định"/><subProcess id="C1" name="Lấy ý kiến"><startEvent id="S1"/><sendTask id="T1" name="Hỏi"/><endEvent id="E1"/>
    <sequenceFlow id="F8" sourceRef="S1" targetRef="T1"/><sequenceFlow id="F9" sourceRef="T1" targetRef="E1"/></subProcess>
  <boundaryEvent id="X" attachedToRef="B" cancelActivity="false"><timerEventDefinition><timeDuration>P5D</timeDuration></timerEventDefinition></boundaryEvent>
  <parallelGateway id="J"/><endEvent id="E" name="Có kết quả"/><task id="N" name="Nhắc"/>
  <sequenceFlow id="F1" sourceRef="S" targetRef="A"/><sequenceFlow id="F2" sourceRef="A" targetRef="G"/>
  <sequenceFlow id="F3" sourceRef="G" targetRef="B"/><sequenceFlow id="F4" sourceRef="G" targetRef="C1"/>
  <sequenceFlow id="F5" sourceRef="B" targetRef="J"/><sequenceFlow id="F6" sourceRef="C1" targetRef="J"/>
  <sequenceFlow id="F7" sourceRef="J" targetRef="E"/><sequenceFlow id="FX" sourceRef="X" targetRef="N"/><sequenceFlow id="FB" name="trả lại" sourceRef="B" targetRef="A"/>
  <textAnnotation id="Note"><text>Ghi chú</text></textAnnotation><association id="AS" sourceRef="B" targetRef="Note"/>
</process>"#;

#[test]
fn the_path_and_the_place_of_the_work_are_shown() {
    let text = definitions(TEXT);
    let model = process::read(text.as_bytes(), "f").unwrap();
    let view = Definitions::of(&model);
    let mut highlights = Highlights {
        current: HashMap::from([("B".to_owned(), 2)]),
        done: HashSet::from(["S".to_owned(), "A".to_owned()]),
        taken: HashSet::from(["F1".to_owned(), "F2".to_owned()]),
        faulty: HashSet::from(["E".to_owned()]),
        lang: Lang::Vi,
        ..Highlights::default()
    };
    let picture = svg(&view, &highlights);
    keep("highlights", &picture);
    for part in [
        "<title>Sơ đồ quy trình: Cấp phép &lt;xây dựng&gt;</title>",
        "Đang ở: Thẩm định.",
        "Đã qua: Nhận hồ sơ, Kiểm tra hồ sơ.",
        "class=\"bpmn-shape userTask is-current\" data-id=\"B\"",
        "class=\"bpmn-shape userTask is-done\" data-id=\"A\"",
        "class=\"bpmn-shape endEvent is-faulty\" data-id=\"E\"",
        "class=\"bpmn-edge sequenceFlow is-taken\" data-id=\"F1\"",
        "<title>Việc của người: Thẩm định (đang thực hiện)</title>",
        ">2</text>",
        "role=\"img\"",
    ] {
        assert!(picture.contains(part), "{part} in {picture}");
    }
    highlights.lang = Lang::En;
    assert!(svg(&view, &highlights).contains("Work is at: Thẩm định."));
}

#[test]
fn a_picture_holds_nothing_that_acts() {
    let text = definitions(
        "<process id=\"P\" name=\"&lt;script&gt;alert(1)&lt;/script&gt;\">
         <task id=\"a&quot; onload=&quot;x\" name=\"&lt;img src=x onerror=y&gt;\"/></process>",
    );
    let model = process::read(text.as_bytes(), "f").unwrap();
    let picture = svg(&Definitions::of(&model), &Highlights::default());
    let names: HashSet<String> = drawn(&picture).into_iter().map(|(name, _)| name).collect();
    for name in &names {
        let known = ["svg", "title", "desc", "g", "path", "rect", "circle", "text"];
        assert!(known.iter().any(|known| **name == format!("QName({known})")), "{name}");
    }
    assert!(!picture.contains("<script") && !picture.contains("<img"));
    assert!(!picture.contains("href") && !picture.contains("style="));
}
