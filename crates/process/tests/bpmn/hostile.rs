//! Hostile and broken files are refused with their place, in bounded time and memory.

use std::time::{Duration, Instant};

use process::limits;

use crate::support::definitions;

fn refused(bytes: &[u8]) -> process::Problem {
    #[expect(clippy::disallowed_methods, reason = "the test bounds real time")]
    let begun = Instant::now();
    let problems = process::read(bytes, "xấu.bpmn").unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert_eq!((problems.len(), problems[0].file.as_str()), (1, "xấu.bpmn"));
    problems.into_iter().next().unwrap()
}

#[test]
fn entities_and_document_types() {
    for (text, line) in [
        ("<!DOCTYPE a [<!ENTITY x 'y'>]><definitions/>", 1),
        ("\n<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", 2),
        ("<?xml version='1.0'?>\n\n<!doctype a [<!ENTITY a '&b;&b;'>]>\n<a>&a;</a>", 3),
        ("<a>\n&x;</a>", 2),
        ("<a b='\n&amp&x;'/>", 2),
    ] {
        let problem = refused(text.as_bytes());
        assert_eq!((problem.code.as_str(), problem.line), ("not-well-formed", line), "{text}");
    }
}

#[test]
fn size_depth_and_floods() {
    let big = vec![b'<'; 50 * 1024 * 1024];
    let problem = refused(&big);
    assert_eq!((problem.code.as_str(), problem.line), ("too-large", 0));
    assert!(problem.reason.contains("52428800"), "{}", problem.reason);
    let deep = format!("{}{}", "<a>\n".repeat(limits::XML_DEPTH + 1), "</a>".repeat(65));
    assert_eq!(refused(deep.as_bytes()).line, limits::XML_DEPTH + 1);
    let deepest = format!("{}{}", "<a>".repeat(900_000), "</a>".repeat(900_000));
    assert!(refused(deepest.as_bytes()).reason.contains("deeper"));
    let wide: String = (0..=limits::XML_ATTRIBUTES).map(|n| format!(" a{n}=''")).collect();
    assert!(refused(format!("<x{wide}/>").as_bytes()).reason.contains("attributes"));
    let many = format!("<x>{}</x>", "<y/>".repeat(limits::XML_ELEMENTS));
    assert!(refused(many.as_bytes()).reason.contains("elements"));
    let long = format!("<a xmlns='{}'/>", "n".repeat(limits::XML_NAMESPACE_BYTES + 1));
    assert!(refused(long.as_bytes()).reason.contains("namespace"));
    let mut scopes = String::new();
    for n in 0..=limits::XML_NAMESPACES / 60 {
        let declared: String = (0..60).map(|m| format!(" xmlns:p{n}x{m}='u'")).collect();
        scopes.push_str(&format!("<a{declared}>"));
    }
    scopes.push_str(&"</a>".repeat(limits::XML_NAMESPACES / 60 + 1));
    assert!(refused(scopes.as_bytes()).reason.contains("in scope"));
}

#[test]
fn broken_text_names_line_and_element() {
    let text = definitions("<process id=\"P\">\n<task id=\"T1\" a='1' a='2'/></process>");
    let problem = refused(text.as_bytes());
    assert_eq!((problem.line, problem.element_id.as_str()), (7, "P"));
    assert!(problem.reason.contains("a stands twice"), "{}", problem.reason);
    let text = definitions("<process id=\"P\">\n<task id=\"T1\" y:a='1'/></process>");
    let problem = refused(text.as_bytes());
    assert_eq!((problem.line, problem.element_id.as_str()), (7, "T1"));
    let problem = refused(b"<a>\n\xff</a>");
    assert_eq!((problem.code.as_str(), problem.line), ("encoding", 2));
    let problem = refused(b"<a/>");
    assert_eq!(problem.code, "not-bpmn");
    for bad in [&b""[..], b"\xff\xfe", b"\0", b"<", b"PK\x03\x04", b"{}"] {
        refused(bad);
    }
}

#[test]
fn a_large_file_is_read_judged_and_drawn_in_bounded_time() {
    let steps = 12_000;
    let mut content = String::from("<laneSet id='LS'><lane id='L'>");
    for n in 0..steps {
        content.push_str(&format!("<flowNodeRef>T{n}</flowNodeRef>"));
    }
    content.push_str("</lane></laneSet><exclusiveGateway id='G'>");
    for n in 0..steps {
        content.push_str(&format!("<outgoing>F{n}</outgoing>"));
    }
    content.push_str("</exclusiveGateway>");
    for n in 0..steps {
        content.push_str(&format!(
            "<task id='T{n}'/><sequenceFlow id='F{n}' sourceRef='G' targetRef='T{n}'/>\
             <boundaryEvent id='B{n}' attachedToRef='T0'/>"
        ));
    }
    let text = definitions(&format!("<process id='P'>{content}</process>"));
    #[expect(clippy::disallowed_methods, reason = "the test bounds real time")]
    let begun = Instant::now();
    let model = process::read(text.as_bytes(), "f").unwrap();
    let view = process::bpmn::Definitions::of(&model);
    assert_eq!(process::graph_of(&view)["nodes"].as_array().unwrap().len(), 2 * steps + 1);
    assert_eq!(process::rules::check(&view).len(), limits::PROBLEMS);
    let picture = process::diagram::svg(&view, &process::diagram::Highlights::default());
    assert!(picture.len() < 10_000_000);
    assert_eq!(process::convert(text.as_bytes(), "f").unwrap(), text.as_bytes());
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

/// A small generator, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides.max(1)
    }
}

const SCRAPS: &[&str] = &[
    "<",
    ">",
    "/>",
    "\"",
    "'",
    "&",
    "&#0;",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?",
    "?>",
    "xmlns=''",
    "<task id='x'>",
    "</task>",
    "\u{0}",
    "=",
    ":",
    "<!DOCTYPE",
    "&#x110000;",
    "sourceRef='S'",
    "<boundaryEvent attachedToRef='B' id='B'/>",
    "<subProcess id='P'>",
    "<sequenceFlow/>",
    "\u{feff}",
];

const STEP: process::NewStep<'_> = process::NewStep {
    id: "added",
    name: "Bước thêm",
    kind: "userTask",
    attributes: &[("kind", "review")],
    lane: None,
};

/// Mutated files to try: a few seconds in a build without optimisation.
const ROUNDS: u64 = 3_000;

/// Puts the value of one attribute in the place of another's.
fn mix_values(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let quotes: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b'"').collect();
    let pair = |n: usize| (quotes[2 * n] + 1)..quotes[2 * n + 1];
    let from = bytes[pair(dice.roll(quotes.len() / 2))].to_vec();
    let into = pair(dice.roll(quotes.len() / 2));
    drop(bytes.splice(into, from));
}

/// Changes, removes, adds or doubles bytes anywhere.
fn scratch(bytes: &mut Vec<u8>, dice: &mut Dice) {
    if bytes.is_empty() {
        return;
    }
    let at = dice.roll(bytes.len());
    match dice.roll(5) {
        0 => bytes[at] = u8::try_from(dice.roll(256)).unwrap(),
        1 => drop(bytes.remove(at)),
        2 => drop(bytes.splice(at..at, SCRAPS[dice.roll(SCRAPS.len())].bytes())),
        3 => bytes.truncate(at.max(1)),
        _ => {
            let to = (at + dice.roll(80)).min(bytes.len());
            let part = bytes[at..to].to_vec();
            let into = dice.roll(bytes.len());
            drop(bytes.splice(into..into, part));
        }
    }
}

#[test]
fn mutated_files_never_break_the_reader() {
    let seed = definitions(
        r#"<collaboration id="C"><participant id="Pool" processRef="P"/></collaboration>
        <process id="P" name="Quy trình"><laneSet id="LS"><lane id="L"><flowNodeRef>T</flowNodeRef></lane></laneSet>
        <startEvent id="S"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></startEvent>
        <userTask id="T" camunda:assignee="${a}"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>
        <subProcess id="Sub"><startEvent id="S2"/></subProcess><boundaryEvent id="B" attachedToRef="T"><linkEventDefinition name="x"/></boundaryEvent>
        <sequenceFlow id="F" sourceRef="S" targetRef="T"><conditionExpression><![CDATA[a < 3]]></conditionExpression></sequenceFlow></process>"#,
    );
    let (mut accepted, mut tried) = (0_u32, 0_u32);
    for round in 0..ROUNDS {
        let mut dice = Dice(round);
        let mut bytes = seed.clone().into_bytes();
        for _ in 0..=dice.roll(4) {
            // Half of the files stay well-formed: only their ids, names and values are mixed up.
            if round % 2 == 0 {
                mix_values(&mut bytes, &mut dice);
            } else {
                scratch(&mut bytes, &mut dice);
            }
        }
        tried += 1;
        if let Ok(model) = process::read(&bytes, "f") {
            accepted += 1;
            assert_eq!(process::convert(&bytes, "f").unwrap(), bytes, "{round}");
            let view = process::bpmn::Definitions::of(&model);
            assert!(process::graph_of(&view).is_object());
            let findings = process::rules::check(&view);
            assert!(findings.len() <= limits::PROBLEMS, "{round}");
            let picture = process::diagram::svg(&view, &process::diagram::Highlights::default());
            crate::round_trip::seen(&picture);
            let mut document = process::Document::read(&bytes, "f").unwrap();
            process::import::map_vendor(&document).unwrap();
            if document.insert_step("F", &STEP).is_ok() {
                document.model().unwrap();
                if document.remove_step(STEP.id).is_ok() {
                    document.model().unwrap();
                }
            }
            // What we accept, an independent reader accepts as well.
            let text = str::from_utf8(&bytes).unwrap();
            let text = text.strip_prefix('\u{feff}').unwrap_or(text);
            crate::round_trip::seen(text);
        }
    }
    eprintln!("{tried} files, {accepted} readable");
    assert!(tried > 1_000 && accepted > 50, "{tried} {accepted}");
}
