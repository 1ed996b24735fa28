//! What is fuzzed. A target takes any bytes and says what is wrong with the program, if anything.

use std::sync::{Arc, LazyLock};

use kernel::calendar::{Calendar, CalendarSpec, ClockTime, WeekdaySpec, Window, contract};
use kernel::whatif::simulate::{Scenario, simulate};
use process::bpmn::Definitions;
use process::diagram::{Highlights, svg};
use process::feel::{Expression, Known, UnaryTests};
use process::{Definition, Value};

use crate::corpus;

/// A target.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// What its inputs are made of.
    pub samples: fn() -> Vec<Vec<u8>>,
    /// Words of its format.
    pub words: &'static [&'static str],
    /// Tries one input.
    pub once: fn(&[u8]) -> Result<(), String>,
}

const XML: &[&str] = &[
    "<",
    ">",
    "/>",
    "</",
    "<!DOCTYPE a [<!ENTITY x 'y'>]>",
    "&x;",
    "&#0;",
    "&#x10FFFF;",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
    "xmlns=\"\"",
    "xmlns:a=\"u\"",
    "\u{feff}",
    "id=\"P\"",
    "sourceRef=\"P\"",
    "<subProcess id=\"Z\">",
    "</subProcess>",
    "<standardLoopCharacteristics/>",
    "triggeredByEvent=\"true\"",
    "<multiInstanceLoopCharacteristics><loopCardinality>999999999</loopCardinality>",
    "<timeCycle>R/PT0S</timeCycle>",
    "<timeDuration>P4000000000WD</timeDuration>",
    "isForCompensation=\"true\"",
    "<callActivity id=\"C\" calledElement=\"P\"/>",
    "mc:limitShare=\"300\"",
    "cancelActivity=\"false\"",
    "attachedToRef=\"start\"",
];
const FEEL: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "..",
    "for x in ",
    " return ",
    "some ",
    "every ",
    " satisfies ",
    "if ",
    " then ",
    " else ",
    "function(x) ",
    " instance of ",
    " between ",
    "null",
    "true",
    "\"",
    "\\u{1F600}",
    "**",
    "-",
    "/ 0",
    "date(\"2026-02-30\")",
    "@\"P1D\"",
    "?",
    "item",
    "not(",
    "x.y",
    "1..999999999",
    "sort(",
    "sum(",
    "9999999999999999999999999999999999e6111",
];
const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "null",
    "true",
    "\"\"",
    "\"\\ud800\"",
    "-",
    "1e400",
    "\"P1D\"",
    "\"PT0S\"",
    "\"P999999999Y\"",
    "\"R/PT0S\"",
    "\"2026-01-05T08:00:00Z\"",
    "\"9999-12-31\"",
    "\"start\"",
    "\"modify\"",
    "\"start_before\"",
    "\"sub\"",
    "\"per_hour\"",
    "\"working_day\"",
    "\"2018\"",
    "\"at\"",
    "{\"cancel_instance\": true}",
];

/// All targets.
pub const ALL: [Target; 9] = [
    Target { name: "xml", samples: corpus::models, words: XML, once: xml },
    Target { name: "convert", samples: corpus::models, words: XML, once: convert },
    Target { name: "bpmn", samples: corpus::models, words: XML, once: bpmn },
    Target { name: "feel", samples: corpus::expressions, words: FEEL, once: feel },
    Target { name: "dmn", samples: corpus::decisions, words: FEEL, once: dmn },
    Target { name: "scenario", samples: scenarios, words: JSON, once: scenario },
    Target { name: "step", samples: crate::steps::samples, words: &[], once: crate::steps::once },
    Target { name: "deadline", samples: corpus::deadlines, words: JSON, once: deadline },
    Target { name: "simulation", samples: simulations, words: JSON, once: simulation },
];

/// A target by its name.
pub fn named(name: &str) -> Option<&'static Target> {
    ALL.iter().find(|target| target.name == name)
}

fn scenarios() -> Vec<Vec<u8>> {
    vec![corpus::SCENARIO.as_bytes().to_vec()]
}

fn simulations() -> Vec<Vec<u8>> {
    vec![corpus::SIMULATION.as_bytes().to_vec()]
}

/// A refusal names the file and says why.
fn told(problems: &[process::Problem]) -> Result<(), String> {
    match problems.iter().find(|problem| problem.reason.is_empty() || problem.file != "f") {
        _ if problems.is_empty() => Err("refused without a reason".to_owned()),
        Some(problem) => Err(format!("a problem without file or reason: {problem:?}")),
        None => Ok(()),
    }
}

fn xml(bytes: &[u8]) -> Result<(), String> {
    match process::Document::read(bytes, "f") {
        Ok(document) => match document.root() {
            Ok(_) => Ok(()),
            Err(problems) => told(&problems),
        },
        Err(problems) => told(&problems),
    }
}

fn convert(bytes: &[u8]) -> Result<(), String> {
    let copy = match process::convert(bytes, "f") {
        Ok(copy) => copy,
        Err(problems) => return told(&problems),
    };
    if process::graph(&copy, "f") != process::graph(bytes, "f") {
        return Err("the copy states other facts".to_owned());
    }
    match process::convert(&copy, "f") {
        Ok(again) if again == copy => Ok(()),
        _ => Err("a copy of the copy differs".to_owned()),
    }
}

fn bpmn(bytes: &[u8]) -> Result<(), String> {
    let model = match process::read(bytes, "f") {
        Ok(model) => model,
        Err(problems) => return told(&problems),
    };
    let view = Definitions::of(&model);
    let _ = svg(&view, &Highlights::default());
    let (answer, exit) = process::contract::check(bytes, "feel");
    if answer["accepted"] == true && exit != 0 || exit > 2 {
        return Err(format!("the answer and the exit code {exit} differ"));
    }
    match process::compile(&model) {
        Ok(definition) => {
            let _ = process::return_targets(&definition, &process::State::default(), 1);
            Ok(())
        }
        Err(problems) => told(&problems),
    }
}

fn feel(bytes: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(bytes);
    let scope = |name: &str| match name {
        "x" | "amount" => Some(Value::from(3)),
        "outcome" => Some(Value::from("approve")),
        "yes" => Some(Value::from(true)),
        _ => None,
    };
    let known = Known { names: ["fee due", "x"].into_iter().collect(), ..Known::default() };
    let parsed = [Expression::parse(&text), Expression::parse_known(&text, &known)];
    for expression in parsed.into_iter().flatten() {
        // A function is the same as none but itself; what it shows is compared.
        let once = || match expression.eval_noted(&scope) {
            Ok((value, notes)) => Ok((process::feel::shown(&value), notes)),
            Err(limit) => Err(limit),
        };
        if once() != once() {
            return Err("two evaluations differ".to_owned());
        }
        let _ = expression.names();
    }
    if let Ok(tests) = UnaryTests::parse(&text) {
        let _ = tests.matches(&Value::from(3), &scope);
    }
    Ok(())
}

fn dmn(bytes: &[u8]) -> Result<(), String> {
    let mut parts = bytes.splitn(2, |byte| *byte == corpus::SPLIT);
    let model = parts.next().unwrap_or_default();
    let test = parts.next().unwrap_or(corpus::DECISION_TEST.as_bytes());
    let (answer, exit) = process::dmn::contract::run(&[("f", model)], test);
    if !(0..=2).contains(&exit) || answer["format"] != process::dmn::contract::FORMAT {
        return Err(format!("an answer with exit code {exit}"));
    }
    Ok(())
}

fn scenario(bytes: &[u8]) -> Result<(), String> {
    let files = [("f".to_owned(), corpus::KITCHEN.as_bytes().to_vec())];
    let (answer, exit) = process::contract::run(&files, bytes);
    let refused = answer["outcome"] == "refused";
    if exit > 2 || refused != (exit != 0) {
        return Err(format!("outcome {} with exit code {exit}", answer["outcome"]));
    }
    Ok(())
}

/// Monday to Friday, 08:00 to 12:00 and 13:00 to 17:00.
static CALENDAR: LazyLock<Option<Arc<Calendar>>> = LazyLock::new(|| {
    let window =
        |from, to| Some(Window { from: ClockTime::new(from, 0)?, to: ClockTime::new(to, 0)? });
    let work = vec![window(8, 12)?, window(13, 17)?];
    let day =
        |i: usize| WeekdaySpec { work: if i < 5 { work.clone() } else { Vec::new() }, desk: None };
    let weekly = std::array::from_fn(day);
    Calendar::compile(CalendarSpec { weekly, ..CalendarSpec::default() }).ok().map(Arc::new)
});

fn deadline(bytes: &[u8]) -> Result<(), String> {
    let text = String::from_utf8_lossy(bytes);
    let shipped = |_: &str| CALENDAR.clone();
    match contract::answer(&text, &shipped) {
        Ok(answered) if answered.exit_code() > 1 => Err("an unknown exit code".to_owned()),
        _ => Ok(()),
    }
}

/// Cases of one simulation here: enough for queues, few enough for many inputs a second.
const CASES: u64 = 20;

static CONSULTATION: LazyLock<Option<Definition>> = LazyLock::new(|| {
    let model = process::read(&corpus::own("consultation.bpmn"), "f").ok()?;
    process::compile(&model).ok()
});

fn simulation(bytes: &[u8]) -> Result<(), String> {
    let Ok(mut scenario) = serde_json::from_slice::<Scenario>(bytes) else { return Ok(()) };
    scenario.cases = scenario.cases.min(CASES);
    let (Some(definition), Some(calendar)) = (CONSULTATION.as_ref(), CALENDAR.as_ref()) else {
        return Err("the samples are not there".to_owned());
    };
    let once = || simulate(definition, calendar, &scenario, 1, &mut |_| {});
    let first = once();
    if let Ok(report) = &first {
        let share = report.on_time_share;
        if !(0.0..=1.0).contains(&share) || report.on_time > report.cases {
            return Err(format!("a share of {share}"));
        }
    }
    if first == once() { Ok(()) } else { Err("two runs differ".to_owned()) }
}
