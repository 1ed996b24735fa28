//! Rules of the standard: each with a file that breaks it and one that does not.

use std::collections::BTreeSet;

use process::Severity;
use process::bpmn::Definitions;
use process::rules::{self, Finding, Grade};

use crate::rule_samples::samples;
use crate::support::{cases, definitions, models, own_models};

pub fn findings(text: &str) -> Vec<Finding> {
    let model = process::read(text.as_bytes(), "f").unwrap();
    rules::check(&Definitions::of(&model))
}

fn codes(content: &str) -> BTreeSet<&'static str> {
    findings(&definitions(content)).iter().map(|finding| finding.code).collect()
}

#[test]
fn each_rule_finds_what_breaks_it_and_nothing_else() {
    let samples = samples();
    let mut wrong = Vec::new();
    for (code, bad, good) in &samples {
        let (found, sound) = (codes(bad), codes(good));
        if found != BTreeSet::from([*code]) || !sound.is_empty() {
            wrong.push(format!("{code}: {found:?}, sound: {sound:?}\n{bad}\n{good}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let tried: BTreeSet<&str> = samples.iter().map(|sample| sample.0).collect();
    let all: BTreeSet<&str> = rules::all().map(|rule| rule.code).collect();
    assert_eq!(tried, all);
    eprintln!("{} rules, {} samples", all.len(), samples.len() * 2);
}

#[test]
fn rules_are_well_told() {
    let mut seen = BTreeSet::new();
    for rule in rules::all() {
        assert!(seen.insert(rule.code), "{} stands twice", rule.code);
        let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(rule.code.chars().all(kebab) && rule.code != process::OUTSIDE_PROFILE);
        assert_eq!(rule.vi.matches("{}").count(), rule.en.matches("{}").count(), "{}", rule.code);
        assert!(!rule.vi.is_ascii() && rule.en.is_ascii(), "{}", rule.code);
    }
}

#[test]
fn a_finding_names_its_element() {
    let text = definitions(
        "<process id=\"P\"><startEvent id=\"S\"/><endEvent id=\"E\"/>\n\
         <sequenceFlow id=\"F\" name=\" đi\n tiếp\" sourceRef=\"S\" targetRef=\"X\"/>\n\
         <sequenceFlow id=\"F2\" sourceRef=\"S\" targetRef=\"E\"/></process>",
    );
    let found = findings(&text);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((finding.code, finding.element.as_str()), ("missing-target", "F"));
    assert_eq!((finding.name.as_str(), finding.line), ("đi tiếp", 7));
    assert_eq!((finding.severity, finding.formal), (Severity::Error, false));
    assert_eq!(finding.message_en, "the flow has no target: there is no \"X\"");
    assert!(finding.message_vi.contains("không tìm thấy"));
}

#[test]
fn formal_findings_do_not_block_and_warnings_do_not_refuse() {
    let text = definitions(
        "<process id=\"P\"><startEvent id=\"S\"/><exclusiveGateway id=\"G\"/>
         <endEvent id=\"E\"/><sequenceFlow id=\"A\" sourceRef=\"S\" targetRef=\"G\"/>
         <sequenceFlow id=\"B\" sourceRef=\"G\" targetRef=\"E\"/></process>",
    );
    let model = process::read(text.as_bytes(), "f").unwrap();
    assert_eq!(rules::blocking(&model), []);
    let all = rules::rules(&model);
    assert_eq!(all.len(), 1);
    assert_eq!(
        (all[0].code.as_str(), all[0].severity),
        ("gateway-without-choice", Severity::Error)
    );
    let grade = |code: &str| rules::all().find(|rule| rule.code == code).unwrap().grade;
    assert_eq!(grade("gateway-without-choice"), Grade::Formal);
}

#[test]
fn outside_models_and_our_own_are_sound() {
    let mut all = own_models();
    for part in ["betsy", "bpmn-miwg"] {
        all.extend(cases(part).map(|folder| models(&folder)).unwrap_or_default());
    }
    for (name, bytes) in &all {
        let model = process::read(bytes, name).unwrap();
        assert_eq!(rules::check(&Definitions::of(&model)), [], "{name}");
    }
    eprintln!("{} models are sound", all.len());
}
