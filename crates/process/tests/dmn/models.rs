//! Whole models: versions of DMN, imports, files that are none.

use process::dmn::{Decisions, MODEL_NAMESPACES, Source};
use process::feel::Value;

use crate::support::{DMN_15, check, decision, input, literal, model, model_in, source};

#[test]
fn every_version_is_read() {
    let body = input("n", "number") + &decision("d", "number", &["n"], &literal("n + 1"));
    for namespace in MODEL_NAMESPACES {
        let decisions = Decisions::compile(&[source(&model_in(namespace, "urn:m", &body))]);
        check(&decisions, "d", &[("{n: 1}", "2")]);
        assert_eq!(decisions.names().collect::<Vec<_>>(), ["d"]);
        assert_eq!(decisions.inputs().collect::<Vec<_>>(), ["n"]);
        assert_eq!(decisions.needs("d"), Some(vec!["n".to_owned()]));
    }
}

#[test]
fn built_in_types_of_old_versions_have_a_prefix() {
    let body = input("n", "feel:number") + &decision("d", "feel:string", &["n"], &literal("\"a\""));
    let decisions = Decisions::compile(&[source(&model_in(MODEL_NAMESPACES[0], "urn:m", &body))]);
    assert!(decisions.is_accepted(), "{:?}", decisions.problems());
}

fn importing(import: &str, uses: &str) -> Vec<Source> {
    let library = [
        input("rate", "number"),
        "<itemDefinition name=\"tFee\"><typeRef>number</typeRef></itemDefinition>".to_owned(),
        "<businessKnowledgeModel id=\"f\" name=\"to fee\"><variable name=\"to fee\"/>\
         <encapsulatedLogic><formalParameter name=\"x\"/>"
            .to_owned(),
        literal("x * 2"),
        "</encapsulatedLogic></businessKnowledgeModel>".to_owned(),
        decision("base fee", "tFee", &["rate"], &literal("rate * 100")),
    ];
    let body = format!(
        "{import}<decision id=\"d\" name=\"d\"><variable name=\"d\" typeRef=\"lib.tFee\"/>\
         <informationRequirement><requiredDecision href=\"urn:lib#base fee\"/>\
         </informationRequirement><informationRequirement><requiredInput href=\"urn:lib#rate\"/>\
         </informationRequirement><knowledgeRequirement><requiredKnowledge href=\"urn:lib#f\"/>\
         </knowledgeRequirement>{}</decision>",
        literal(uses)
    );
    vec![source(&model(&body)), source(&model_in(DMN_15, "urn:lib", &library.concat()))]
}

#[test]
fn models_import_models() {
    let import = format!("<import name=\"lib\" namespace=\"urn:lib\" importType=\"{DMN_15}\"/>");
    let sources = importing(&import, "lib.to fee(lib.base fee) + lib.rate");
    let decisions = Decisions::compile(&sources);
    assert!(decisions.is_accepted(), "{:#?}", decisions.problems());
    check(&decisions, "d", &[("{lib: {rate: 3}}", "603")]);
    assert_eq!(decisions.needs("d"), Some(vec!["lib.rate".to_owned()]));
    assert_eq!(decisions.needs("nothing"), None);
    let missing = Decisions::compile(sources.get(..1).expect("one"));
    let codes: Vec<&str> = missing.problems().iter().map(|p| p.code.as_str()).collect();
    assert!(codes.contains(&"missing-import"), "{codes:?}");
}

#[test]
fn an_import_of_something_else_is_outside_the_profile() {
    let import = "<import name=\"lib\" namespace=\"urn:x\" importType=\"urn:pmml\"/>";
    let decisions = Decisions::compile(&[source(&model(import))]);
    let codes: Vec<&str> = decisions.problems().iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["outside-profile"]);
}

#[test]
fn what_is_no_model_is_refused() {
    for (xml, reason) in [
        ("", "no root"),
        ("<a", ""),
        ("<definitions/>", "expected DMN"),
        ("<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"/>", "expected DMN"),
        ("<!DOCTYPE a><definitions/>", ""),
    ] {
        let problems = Source::read(xml.as_bytes(), "m.dmn").expect_err(xml);
        let first = problems.first().expect("a reason");
        assert!(first.reason.contains(reason), "{xml}: {first}");
    }
}

#[test]
fn circles_of_types_end() {
    let items = "<itemDefinition name=\"a\"><typeRef>b</typeRef></itemDefinition>\
                 <itemDefinition name=\"b\"><typeRef>a</typeRef></itemDefinition>";
    let body = format!("{items}{}", decision("d", "a", &[], &literal("1 instance of a")));
    let decisions = Decisions::compile(&[source(&model(&body))]);
    let codes: Vec<&str> = decisions.problems().iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["cycle"]);
    let found = decisions.evaluate("d", &process::feel::Context::default(), None);
    assert_eq!(found.map(|found| found.value), Ok(Value::from(true)));
}

#[test]
fn doubled_names_and_ids_are_named() {
    let one = decision("d", "Any", &[], &literal("1"));
    let decisions = Decisions::compile(&[source(&model(&format!("{one}{one}")))]);
    let codes: Vec<&str> = decisions.problems().iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["duplicate-id", "duplicate-name"]);
}
