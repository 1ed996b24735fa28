//! Small models, written out as XML.

use process::dmn::{Decisions, Evaluated, Source};
use process::feel::{Context, Expression, Nothing, Value};

pub const DMN_15: &str = "https://www.omg.org/spec/DMN/20230324/MODEL/";

/// A model around some elements.
pub fn model_in(namespace: &str, own: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<definitions xmlns=\"{namespace}\" namespace=\"{own}\" \
         name=\"m\" id=\"m\">\n{body}\n</definitions>\n"
    )
}

pub fn model(body: &str) -> String {
    model_in(DMN_15, "urn:m", body)
}

pub fn source(xml: &str) -> Source {
    Source::read(xml.as_bytes(), "m.dmn").unwrap_or_else(|found| panic!("{found:?}"))
}

/// Compiles a model that must be without errors.
pub fn compiled(body: &str) -> Decisions {
    let decisions = Decisions::compile(&[source(&model(body))]);
    assert!(decisions.is_accepted(), "{:#?}", decisions.problems());
    decisions
}

pub fn feel(text: &str) -> Value {
    let parsed = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    parsed.eval(&Nothing).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Inputs as a context in FEEL.
pub fn inputs(text: &str) -> Context {
    feel(text).as_context().cloned().unwrap_or_else(|| panic!("{text} is not a context"))
}

pub fn decide(decisions: &Decisions, name: &str, given: &str) -> Evaluated {
    let found = decisions.evaluate(name, &inputs(given), None);
    found.unwrap_or_else(|error| panic!("{name} of {given}: {error}"))
}

/// Checks values of one decision, all written in FEEL.
pub fn check(decisions: &Decisions, name: &str, rows: &[(&str, &str)]) {
    for (given, wanted) in rows {
        let found = decide(decisions, name, given);
        assert_eq!(found.value, feel(wanted), "{name} of {given}: {:?}", found.remarks);
    }
}

/// Checks that a decision is null and says why.
pub fn null(decisions: &Decisions, name: &str, given: &str, reason: &str) {
    let found = decide(decisions, name, given);
    assert_eq!(found.value, Value::Null, "{name} of {given}");
    let said = found.remarks.iter().any(|remark| remark.note.message.contains(reason));
    assert!(said, "{name} of {given} does not say {reason:?}: {:?}", found.remarks);
}

/// An input of a type.
pub fn input(name: &str, of: &str) -> String {
    format!(
        "<inputData id=\"{name}\" name=\"{name}\"><variable name=\"{name}\" typeRef=\"{of}\"/>\
         </inputData>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A decision that requires others by id, with its logic.
pub fn decision(name: &str, of: &str, requires: &[&str], logic: &str) -> String {
    let mut edges = String::new();
    for id in requires {
        let (edge, end, id) = match id.split_once(':') {
            Some(("decision", id)) => ("informationRequirement", "requiredDecision", id),
            Some(("knowledge", id)) => ("knowledgeRequirement", "requiredKnowledge", id),
            _ => ("informationRequirement", "requiredInput", *id),
        };
        edges += &format!("<{edge}><{end} href=\"#{id}\"/></{edge}>");
    }
    format!(
        "<decision id=\"{name}\" name=\"{name}\"><variable name=\"{name}\" typeRef=\"{of}\"/>\
         {edges}\n{logic}</decision>\n"
    )
}

pub fn literal(text: &str) -> String {
    format!("<literalExpression><text>{}</text></literalExpression>", escaped(text))
}

/// A table: attributes, inputs (expression, type, values), outputs (name, values, default), rules
/// with their inputs before `->` and all cells parted by `|`.
pub fn table(
    attributes: &str,
    inputs: &[(&str, &str, &str)],
    outputs: &[(&str, &str, &str)],
    rules: &[&str],
) -> String {
    let mut xml = format!("<decisionTable {attributes}>\n");
    let text = |local: &str, text: &str| match text {
        "" => String::new(),
        text => format!("<{local}><text>{}</text></{local}>", escaped(text)),
    };
    for (expression, of, values) in inputs {
        xml += &format!(
            "<input><inputExpression typeRef=\"{of}\"><text>{}</text></inputExpression>{}</input>\n",
            escaped(expression),
            text("inputValues", values)
        );
    }
    for (name, values, default) in outputs {
        xml += &format!(
            "<output name=\"{name}\">{}{}</output>\n",
            text("outputValues", values),
            text("defaultOutputEntry", default)
        );
    }
    for rule in rules {
        let (ins, outs) = rule.split_once("->").expect("a rule has ->");
        xml += "<rule>";
        for (local, cells) in [("inputEntry", ins), ("outputEntry", outs)] {
            for cell in cells.split('|') {
                xml += &format!("<{local}><text>{}</text></{local}>", escaped(cell.trim()));
            }
        }
        xml += "</rule>\n";
    }
    xml + "</decisionTable>"
}
