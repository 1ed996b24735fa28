//! Reads files of decision tests, as the DMN Technology Compatibility Kit defines them.

use super::read::{child, children, element};
use crate::feel::duration::{Days, Months};
use crate::limits;
use crate::model::Element;
use crate::problem::Problem;
use crate::value::{Context, Date, DateTime, Number, Time, Value};

const TEST_NS: &str = "http://www.omg.org/spec/DMN/20160719/testcase";
const INSTANCE_NS: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// One test case.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) id: String,
    /// `decision`, `bkm` or `decisionService`.
    pub(super) kind: String,
    pub(super) invocable: Option<String>,
    pub(super) inputs: Vec<Given>,
    pub(super) results: Vec<Wanted>,
}

/// A value for an input.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) name: String,
    pub(super) namespace: Option<String>,
    /// The value, or why it is none.
    pub(super) value: Result<Value, String>,
}

/// A result that is asked for.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) namespace: Option<String>,
    /// `decision` or `decisionService`.
    pub(super) kind: String,
    pub(super) expected: Result<Value, String>,
    pub(super) error_expected: bool,
}

/// Reads a file of tests.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Case>, Vec<Problem>> {
    let file = "test";
    let root = element(bytes, file)?;
    let refuse = |reason: String| {
        vec![Problem::error("xml", file, root.line, ("", ""), &root.local, reason)]
    };
    if root.namespace != TEST_NS || root.local != "testCases" {
        return Err(refuse(format!("expected testCases, but the root is {}", root.local)));
    }
    let cases: Vec<Case> = children(&root, "testCase").map(case).collect();
    if cases.len() > limits::TEST_CASES {
        return Err(refuse(format!("more than {} cases", limits::TEST_CASES)));
    }
    Ok(cases)
}

fn case(element: &Element) -> Case {
    let attr = |element: &Element, name: &str| element.attr(name).map(str::to_owned);
    let inputs = children(element, "inputNode").map(|input| Given {
        name: attr(input, "name").unwrap_or_default(),
        namespace: attr(input, "namespace"),
        value: value(input, 0),
    });
    let results = children(element, "resultNode").map(|result| Wanted {
        name: attr(result, "name").unwrap_or_default(),
        namespace: attr(result, "namespace"),
        kind: attr(result, "type").unwrap_or_else(|| "decision".to_owned()),
        expected: child(result, "expected").map_or(Ok(Value::Null), |found| value(found, 0)),
        error_expected: result.attr("errorResult") == Some("true"),
    });
    Case {
        id: attr(element, "id").unwrap_or_default(),
        kind: attr(element, "type").unwrap_or_else(|| "decision".to_owned()),
        invocable: attr(element, "invocableName"),
        inputs: inputs.collect(),
        results: results.collect(),
    }
}

fn is_nil(element: &Element) -> bool {
    matches!(element.attr_in(INSTANCE_NS, "nil"), Some("true" | "1"))
}

/// The value inside an element: a simple one, a list, or components.
fn value(element: &Element, depth: usize) -> Result<Value, String> {
    if depth > limits::VALUE_DEPTH {
        return Err(format!("a value nests deeper than {}", limits::VALUE_DEPTH));
    }
    if is_nil(element) {
        return Ok(Value::Null);
    }
    if let Some(simple) = child(element, "value") {
        return typed(simple);
    }
    if let Some(list) = child(element, "list") {
        if is_nil(list) {
            return Ok(Value::Null);
        }
        let items = children(list, "item").map(|item| value(item, depth + 1));
        return Ok(Value::from(items.collect::<Result<Vec<_>, _>>()?));
    }
    let mut context = Context::default();
    for component in children(element, "component") {
        let name = component.attr("name").unwrap_or_default();
        context.put(name, value(component, depth + 1)?);
    }
    Ok(if context.is_empty() { Value::Null } else { Value::from(context) })
}

/// A simple value by the type written on it; without one it is a text.
fn typed(element: &Element) -> Result<Value, String> {
    if is_nil(element) {
        return Ok(Value::Null);
    }
    let text = element.text.trim();
    let name = element.attr_in(INSTANCE_NS, "type").unwrap_or("string");
    let name = name.rsplit_once(':').map_or(name, |(_, local)| local);
    let found = match name {
        "string" | "anyURI" => return Ok(Value::from(element.text.as_str())),
        "boolean" => match text {
            "true" | "1" => Some(Value::Bool(true)),
            "false" | "0" => Some(Value::Bool(false)),
            _ => None,
        },
        "decimal" | "double" | "float" | "integer" | "int" | "long" | "short" => {
            Number::parse(text.strip_prefix('+').unwrap_or(text)).map(Value::Num)
        }
        "date" => Date::parse(text).map(Value::Date),
        "time" => Time::parse(text).map(Value::Time),
        "dateTime" => DateTime::parse(text).map(Value::DateTime),
        "duration" | "dayTimeDuration" | "yearMonthDuration" => {
            let days = || Days::parse(text).map(Value::Days);
            Months::parse(text).map(Value::Months).or_else(days)
        }
        other => return Err(format!("there is no type {other:?} of values")),
    };
    found.ok_or_else(|| format!("{text:?} is no {name}"))
}
