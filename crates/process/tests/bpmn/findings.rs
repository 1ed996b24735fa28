//! Findings and the way of a case in the picture.

use process::bpmn::Definitions;
use process::diagram::{Finding, Highlights, Lang, svg};
use process::{Command, Env, Severity, State, apply, step};

use crate::support::own_models;

#[test]
fn findings_are_numbered_marks_with_titles_and_without_styles() {
    let (name, bytes) = own_models().into_iter().find(|(name, _)| name == "appraisal").unwrap();
    let model = process::read(&bytes, &name).unwrap();
    let view = Definitions::of(&model);
    let finding = |element: &str, severity, text: &str| Finding {
        element: element.into(),
        severity,
        text: text.into(),
    };
    let findings = vec![
        finding("sign", Severity::Error, "thời gian > luật"),
        finding("sign", Severity::Warning, "không có đơn vị"),
        finding("appraise_to_review", Severity::Warning, "thừa"),
        finding("nowhere", Severity::Error, "không vẽ"),
    ];
    let highlights = Highlights { findings, ..Highlights::default() };
    let picture = svg(&view, &highlights);
    crate::diagrams::keep("findings", &picture);
    assert_eq!(picture.matches("bpmn-finding is-error").count(), 1);
    assert_eq!(picture.matches("bpmn-finding is-warning").count(), 2);
    assert!(picture.contains("<title>Lỗi 1: thời gian &gt; luật</title>"));
    assert!(picture.contains("<title>Cảnh báo 3: thừa</title>"));
    assert!(picture.contains("4 phát hiện."), "the description names them all");
    assert!(!picture.contains("style="));
    quick_xml::Reader::from_str(&picture);
    let english = svg(&view, &Highlights { lang: Lang::En, ..highlights });
    assert!(english.contains("<title>Warning 2: không có đơn vị</title>"));
}

#[test]
fn the_way_of_a_case_can_be_told_without_colour() {
    let (name, bytes) = own_models().into_iter().find(|(name, _)| name == "consultation").unwrap();
    let model = process::read(&bytes, &name).unwrap();
    let def = process::compile(&model).unwrap();
    let mut state = State::default();
    let env = Env { data: &|_| None };
    let done = "done".to_owned();
    for command in [Command::Start, Command::Complete { token: 1, outcome: done }] {
        for event in step(&def, &state, command, &env).unwrap() {
            apply(&def, &mut state, &event);
        }
    }
    let ahead = Highlights::ahead_of(&def, &state);
    assert!(ahead.contains("notify_late") && ahead.contains("stamp") && ahead.contains("join"));
    assert!(!ahead.contains("assign") && !ahead.contains("appraise"));
    let here = state.tokens.iter().map(|token| (def.node(token.node).id.clone(), 1));
    let highlights = Highlights {
        current: here.collect(),
        done: ["assign".to_owned()].into(),
        ahead,
        ..Highlights::default()
    };
    let picture = svg(&Definitions::of(&model), &highlights);
    crate::diagrams::keep("way", &picture);
    let group = |id: &str| {
        let at = picture.find(&format!("data-id=\"{id}\"")).unwrap();
        let start = picture[..at].rfind("<g ").unwrap();
        picture[start..start + picture[start..].find("</g>").unwrap()].to_owned()
    };
    assert!(group("assign").contains("is-done") && group("assign").contains("bpmn-hatch"));
    assert!(group("stamp").contains("is-ahead") && group("stamp").contains("stroke-dasharray"));
    assert!(group("appraise").contains("stroke-width=\"3\""));
    assert!(group("start").contains("is-out") && group("start").contains("không còn tới nữa"));
}
