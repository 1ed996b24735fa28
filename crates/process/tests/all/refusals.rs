//! Files that are refused: by element, by line, by limit, by the linter.

use process::{Problem, compile, limits, read};

use crate::support::{flows, linted, wrap};

/// Compiles a start and an end with `extra` between, and gives the problems.
fn problems(extra: &str) -> Vec<Problem> {
    let body = format!("<startEvent id=\"s\"/>\n{extra}\n<endEvent id=\"e\"/>\n{}", flows("s>e"));
    linted(&body).expect_err(extra)
}

#[test]
fn each_element_outside_the_profile_is_refused_by_name() {
    for kind in [
        "complexGateway",
        "implicitThrowEvent",
        "callChoreography",
        "subChoreography",
        "choreographyTask",
        "somethingNew",
    ] {
        let found = problems(&format!("<{kind} id=\"odd\" name=\"Bước lạ\"/>"));
        let first = &found[0];
        let place = (first.kind.as_str(), first.element_id.as_str(), first.line);
        assert_eq!(place, (kind, "odd", 3), "{found:?}");
        assert_eq!(first.element_name, "Bước lạ");
        assert_eq!(first.code, process::OUTSIDE_PROFILE);
        assert!(!first.reason.is_empty());
        let shown = first.to_string();
        assert!(shown.starts_with(&format!("t.bpmn:3: {kind} odd (Bước lạ): ")), "{shown}");
    }
}

#[test]
fn event_definitions_stand_where_they_belong() {
    for (event, definitions) in [
        ("startEvent", vec!["terminate", "cancel", "link"]),
        ("endEvent", vec!["timer", "conditional", "link"]),
        ("intermediateCatchEvent", vec!["terminate", "error", "escalation", "compensate"]),
        ("intermediateThrowEvent", vec!["timer", "error", "conditional", "terminate"]),
        ("boundaryEvent", vec!["terminate", "link"]),
    ] {
        let attached = if event == "boundaryEvent" { "attachedToRef=\"u\"" } else { "" };
        for definition in definitions {
            let part = format!("{definition}EventDefinition");
            let found = problems(&format!(
                "<{event} id=\"odd\" {attached}><{part}/></{event}><userTask id=\"u\"/>"
            ));
            let named = |p: &&Problem| p.kind == part && p.element_id == "odd" && p.line == 3;
            assert!(found.iter().any(|p| named(&p)), "{event} {part}: {found:?}");
        }
    }
}

/// A catch event with a timer.
fn catch(timer: &str) -> String {
    format!(
        "<intermediateCatchEvent id=\"o\"><timerEventDefinition>{timer}</timerEventDefinition>\
         </intermediateCatchEvent>"
    )
}

/// A flow with a condition, given from inside its start tag on.
fn asking(condition: &str) -> String {
    format!(
        "<sequenceFlow id=\"o\" sourceRef=\"s\" targetRef=\"e\">\
         <conditionExpression{condition}</conditionExpression></sequenceFlow>"
    )
}

#[test]
fn parts_and_attributes_of_known_elements_are_judged_too() {
    for (extra, kind, reason) in [
        (
            "<userTask id=\"o\"><multiInstanceLoopCharacteristics/></userTask>",
            "multiInstanceLoopCharacteristics",
            "neither a number",
        ),
        ("<userTask id=\"o\"><oddPart/></userTask>", "oddPart", "outside the profile"),
        ("<userTask id=\"o\" startQuantity=\"0\"/>", "userTask", "startQuantity"),
        ("<scriptTask id=\"o\"><script>1 +</script></scriptTask>", "script", "expected"),
        ("<callActivity id=\"o\"/>", "callActivity", "which process"),
        ("<complexGateway id=\"o\"/>", "complexGateway", "inclusive"),
        ("<userTask id=\"o\" default=\"f1\"/>", "userTask", "default"),
        ("<userTask id=\"o\" mc:knd=\"review\"/>", "userTask", "mc:knd"),
        ("<userTask id=\"o\" mc:job=\"notify\"/>", "userTask", "mc:job"),
        ("<userTask id=\"o\" mc:kind=\"Xem xét\"/>", "userTask", "mc:kind"),
        ("<userTask id=\"o\" mc:outcomes=\"a,,b\"/>", "userTask", "mc:outcomes"),
        ("<userTask id=\"o\" mc:outcomes=\"a,a\"/>", "userTask", "twice"),
        ("<userTask id=\"o\" mc:limitShare=\"101\"/>", "userTask", "limitShare"),
        ("<userTask id=\"o\" mc:limit=\"2 days\"/>", "userTask", "mc:limit"),
        ("<userTask id=\"o\" mc:limit=\"P2WD\" mc:limitShare=\"5\"/>", "userTask", "not both"),
        (
            "<userTask id=\"o\"><extensionElements><mc:due/></extensionElements></userTask>",
            "userTask",
            "mc:due",
        ),
        ("<userTask/>", "userTask", "no id"),
        ("<userTask id=\"s\"/>", "userTask", "twice"),
        ("<serviceTask id=\"o\"/>", "serviceTask", "mc:job"),
        ("<serviceTask id=\"o\" mc:job=\"ask\" mc:wait=\"yes\"/>", "serviceTask", "mc:wait"),
        ("<intermediateCatchEvent id=\"o\"/>", "intermediateCatchEvent", "needs a timer or"),
        (
            "<intermediateCatchEvent id=\"o\"><timerEventDefinition/></intermediateCatchEvent>",
            "timerEventDefinition",
            "no duration",
        ),
        (&catch("<timeCycle>R3/P1D</timeCycle>"), "timeCycle", "repeating"),
        (&catch("<timeDuration>5 days</timeDuration>"), "timeDuration", "5 days"),
        (
            &catch("<timeDuration>P1D</timeDuration>")
                .replace("intermediateCatchEvent", "boundaryEvent"),
            "boundaryEvent",
            "must stand on an activity",
        ),
        (
            "<sequenceFlow id=\"o\" sourceRef=\"s\" targetRef=\"nowhere\"/>",
            "sequenceFlow",
            "nowhere",
        ),
        ("<sequenceFlow id=\"o\" sourceRef=\"e\" targetRef=\"s\"/>", "sequenceFlow", "end event"),
        (&asking(">a = 1"), "sequenceFlow", "exclusive or inclusive"),
        (&asking(">${a}"), "conditionExpression", "expected"),
        (&asking(" language=\"javascript\">a"), "conditionExpression", "FEEL"),
        ("<exclusiveGateway id=\"o\" default=\"f1\"/>", "exclusiveGateway", "default"),
        ("<startEvent id=\"o\"/>", "process", "second start"),
        ("<laneSet id=\"o\"><lane id=\"l\" mc:rle=\"x\"/></laneSet>", "lane", "mc:rle"),
        (
            "<laneSet id=\"o\"><lane id=\"l\"><flowNodeRef>gone</flowNodeRef></lane></laneSet>",
            "flowNodeRef",
            "gone",
        ),
        ("<x:odd xmlns:x=\"urn:x\"/>", "odd", "foreign"),
    ] {
        let found = problems(extra);
        let named = |p: &Problem| p.kind == kind && p.reason.contains(reason);
        assert!(found.iter().any(named), "{extra}: {found:#?}");
    }
}

#[test]
fn pools_with_messages_and_a_second_process_are_refused() {
    let root = |inside: &str| {
        let text = wrap(&format!("<startEvent id=\"s\"/><endEvent id=\"e\"/>{}", flows("s>e")))
            .replace("</definitions>", &format!("\n{inside}</definitions>"));
        compile(&read(text.as_bytes(), "t.bpmn").expect("readable"))
    };
    assert!(
        root("<message id=\"m\"/><collaboration id=\"c\"><participant id=\"q\"/></collaboration>")
            .is_ok()
    );
    for (inside, kind) in [
        ("<process id=\"o\"/>", "process"),
        ("<choreography id=\"o\"/>", "choreography"),
        ("<globalTask id=\"o\"/>", "globalTask"),
    ] {
        let found = root(inside).expect_err(inside);
        assert!(found.iter().any(|p| p.kind == kind && p.element_id == "o"), "{found:?}");
    }
    let text = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\"/>";
    let found = compile(&read(text.as_bytes(), "t.bpmn").expect("readable")).expect_err("none");
    assert!(found[0].reason.contains("no process"));
}

fn unreadable(text: &str) -> Problem {
    let mut found = read(text.as_bytes(), "t.bpmn").expect_err(text);
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn malformed_text_is_refused_with_its_line() {
    let head = "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\">";
    for (text, line) in [
        (String::new(), 1),
        ("not xml".to_owned(), 1),
        (format!("{head}\n<process>\n</definitions>"), 3),
        (format!("{head}\n<process id=\"a\" id=\"b\"/></definitions>"), 2),
        (format!("{head}\n<process id=a/></definitions>"), 2),
        (format!("{head}\n\n<process/>\n"), 4),
        (format!("{head}\n<x:process/></definitions>"), 2),
        (format!("{head}</definitions>\n<another/>"), 2),
        (format!("{head}</definitions>\nwords"), 1),
        (format!("{head}\n<process name=\"&what;\"/></definitions>"), 2),
        (format!("{head}\n<process>&what;</process></definitions>"), 2),
        (format!("{head}\n<process>&#0;</process></definitions>"), 2),
        ("<?xml version=\"1.0\" encoding=\"UTF-16\"?><a/>".to_owned(), 1),
        ("<definitions/>".to_owned(), 1),
    ] {
        let found = unreadable(&text);
        assert_eq!((found.line, found.file.as_str()), (line, "t.bpmn"), "{text}: {found}");
    }
    let found = read(b"<a>\n\xff</a>", "t.bpmn").expect_err("bytes");
    assert_eq!((found[0].line, found[0].reason.as_str()), (2, "the text is not UTF-8: byte 0xff"));
    let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<d\xe9/>";
    let found = read(latin, "t.bpmn").expect_err("not BPMN");
    assert_eq!((found[0].line, found[0].reason.contains("d\u{e9}")), (2, true), "{}", found[0]);
    // A byte order mark is no fault, and lines still count from the first.
    let found = unreadable(&format!("\u{feff}{head}\n<process>\n</definitions>"));
    assert_eq!(found.line, 3);
}

#[test]
fn entity_tricks_are_refused_before_they_grow() {
    let bomb = "<!DOCTYPE d [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\n<d>&b;</d>";
    assert!(unreadable(bomb).reason.contains("DTD"));
    let file = "<!DOCTYPE d SYSTEM \"file:///etc/passwd\"><d/>";
    assert!(unreadable(file).reason.contains("DTD"));
}

#[test]
fn sizes_are_limited() {
    let found = read(&vec![b' '; limits::XML_BYTES + 1], "t.bpmn").expect_err("large");
    assert!(found[0].reason.contains("more than"));
    assert!(unreadable(&"<a>".repeat(limits::XML_DEPTH + 1)).reason.contains("nest deeper"));
    let many = format!("<a>{}</a>", "<b/>".repeat(limits::XML_ELEMENTS));
    assert!(unreadable(&many).reason.contains("elements"));
    let wide: String = (0..=limits::XML_ATTRIBUTES).map(|n| format!(" a{n}=\"\"")).collect();
    assert!(unreadable(&format!("<a{wide}/>")).reason.contains("attributes"));
    let nodes: String = (0..=limits::NODES).map(|n| format!("<endEvent id=\"n{n}\"/>")).collect();
    let found = problems(&nodes);
    assert!(found.iter().any(|p| p.reason.contains("steps")), "{:?}", found.first());
    let odd: String = (0..5_000).map(|n| format!("<task id=\"n{n}\"/>")).collect();
    assert_eq!(problems(&odd).len(), limits::PROBLEMS);
    let id = "i".repeat(limits::KEY_BYTES + 1);
    assert!(problems(&format!("<endEvent id=\"{id}\"/>"))[0].reason.contains("longer"));
    let outcomes: Vec<String> = (0..=limits::OUTCOMES).map(|n| format!("o{n}")).collect();
    let found = problems(&format!("<userTask id=\"o\" mc:outcomes=\"{}\"/>", outcomes.join(",")));
    assert!(found[0].reason.contains("outcomes"));
}

const LANE: &str = "<laneSet id=\"ls\"><lane id=\"l\" name=\"L\" mc:role=\"clerk\">\
    <flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef></lane></laneSet>\
    <userTask id=\"a\"/><userTask id=\"b\"/><startEvent id=\"s\"/>";

#[test]
fn the_linter_names_what_cannot_be_carried_out() {
    for (extra, list, id, reason) in [
        ("<endEvent id=\"e\"/>", "s>a a>e b>e", "b", "cannot be reached"),
        ("", "s>a a>b b>a", "s", "no end"),
        ("<endEvent id=\"e\"/>", "s>a a>b", "b", "nothing leaves"),
        ("<endEvent id=\"e\"/>", "s>a a>b b>e a>e", "a", "put a gateway"),
        ("<userTask id=\"c\"/><endEvent id=\"e\"/>", "s>a a>b b>c c>e", "c", "lane"),
        (
            "<exclusiveGateway id=\"x\"/><endEvent id=\"e\"/>",
            "s>x x?a x?b a>e b>e",
            "x",
            "no default",
        ),
        (
            "<exclusiveGateway id=\"x\" default=\"f2\"/><parallelGateway id=\"j\"/>\
             <endEvent id=\"e\"/>",
            "s>x x>a x?b a>j b>j j>e",
            "j",
            "never fire",
        ),
        (
            "<parallelGateway id=\"f\"/><exclusiveGateway id=\"m\"/><parallelGateway id=\"j\"/>\
             <userTask id=\"c\"/><endEvent id=\"e\"/>",
            "s>f f>a f>b a>m b>m m>j f>j j>e",
            "c",
            "cannot be reached",
        ),
        ("<parallelGateway id=\"f\"/><endEvent id=\"e\"/>", "s>a a>f f>a f>b b>e", "b", "pile up"),
    ] {
        let found = linted(&format!("{LANE}{extra}{}", flows(list))).expect_err(list);
        let named = |p: &Problem| p.element_id == id && p.reason.contains(reason);
        assert!(found.iter().any(named), "{list}: {found:#?}");
    }
    let no_role = LANE.replace(" mc:role=\"clerk\"", "");
    let found = linted(&format!("{no_role}<endEvent id=\"e\"/>{}", flows("s>a a>b b>e")));
    assert!(found.expect_err("no role")[0].reason.contains("role"));
}

#[test]
fn a_join_that_only_sometimes_waits_for_ever_is_found() {
    let body = format!(
        "{LANE}<parallelGateway id=\"f\"/><exclusiveGateway id=\"x\" default=\"ok\"/>\
         <parallelGateway id=\"j\"/><endEvent id=\"e\"/><endEvent id=\"e2\"/>\
         <sequenceFlow id=\"ok\" sourceRef=\"x\" targetRef=\"j\"/>\
         <sequenceFlow id=\"no\" sourceRef=\"x\" targetRef=\"e2\"><conditionExpression>stop\
         </conditionExpression></sequenceFlow>{}",
        flows("s>f f>a f>b a>x b>j j>e")
    );
    let found = linted(&body).expect_err("may stick");
    assert_eq!(found[0].element_id, "j");
    assert!(found[0].reason.contains("wait for ever"), "{}", found[0].reason);
}

#[test]
fn an_inner_lane_wins_and_takes_over_from_the_outer() {
    let body = |inner: &str| {
        format!(
            "<laneSet id=\"ls\"><lane id=\"o\" name=\"Sở\" mc:role=\"leader\"\
             \x20mc:unit=\"deciding\">\
             <flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef>\
             <childLaneSet><lane id=\"i\" name=\"Phòng\" mc:role=\"clerk\">{inner}</lane>\
             </childLaneSet></lane></laneSet><startEvent id=\"s\"/><userTask id=\"a\"/>\
             <userTask id=\"b\"/><endEvent id=\"e\"/>{}",
            flows("s>a a>b b>e")
        )
    };
    let def = linted(&body("<flowNodeRef>b</flowNodeRef>")).expect("sound");
    let who = |id: &str| {
        let node = def.node(def.node_by_id(id).expect(id));
        (node.lane.clone(), node.role.clone(), node.unit.clone())
    };
    let triple = |a: &str, b: &str, c: &str| (Some(a.into()), Some(b.into()), Some(c.into()));
    assert_eq!(who("a"), triple("Sở", "leader", "deciding"));
    assert_eq!(who("b"), triple("Phòng", "clerk", "deciding"));
    let twice = "<flowNodeRef>b</flowNodeRef><flowNodeRef>b</flowNodeRef>";
    let found = linted(&body(twice)).expect_err("twice");
    assert!(found[0].reason.contains("two lanes"), "{}", found[0]);
}

#[test]
fn hostile_graphs_are_judged_in_bounded_time() {
    // Many timers on parallel tasks make more combinations than can be played.
    let mut body = String::from(
        "<startEvent id=\"s\"/><parallelGateway id=\"f\"/><parallelGateway id=\"j\"/>\
         <endEvent id=\"e\"/><laneSet id=\"ls\"><lane id=\"l\" mc:role=\"clerk\">",
    );
    let mut list = String::from("s>f j>e");
    for n in 0..12 {
        body.push_str(&format!("<flowNodeRef>t{n}</flowNodeRef>"));
    }
    body.push_str("</lane></laneSet>");
    for n in 0..12 {
        body.push_str(&format!("<userTask id=\"t{n}\"/><exclusiveGateway id=\"m{n}\"/>"));
        list.push_str(&format!(" f>t{n} t{n}>m{n} m{n}>j"));
        for b in 0..100 {
            body.push_str(&format!(
                "<boundaryEvent id=\"b{n}_{b}\" attachedToRef=\"t{n}\"><timerEventDefinition>\
                 <timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>"
            ));
            list.push_str(&format!(" b{n}_{b}>m{n}"));
        }
    }
    assert!(linted(&format!("{body}{}", flows(&list))).is_ok());
    let spaces: String = (0..100_000).map(|n| format!(" xmlns:a{n}=\"u\"")).collect();
    assert!(!unreadable(&format!("<a{spaces}/>")).reason.is_empty());
}

#[test]
fn the_linter_looks_into_sub_processes() {
    let lane = "<laneSet id=\"ls\"><lane id=\"l\" mc:role=\"clerk\"><flowNodeRef>sub</flowNodeRef>\
        </lane></laneSet>";
    let body = |inside: &str| {
        format!(
            "{lane}<startEvent id=\"s\"/><endEvent id=\"e\"/><subProcess id=\"sub\">\
             <startEvent id=\"s1\"/><parallelGateway id=\"f\"/><userTask id=\"a\"/>\
             <userTask id=\"b\"/><parallelGateway id=\"j\"/><endEvent id=\"e1\"/>{inside}\
             </subProcess>{}",
            "<sequenceFlow id=\"o1\" sourceRef=\"s\" targetRef=\"sub\"/>\
             <sequenceFlow id=\"o2\" sourceRef=\"sub\" targetRef=\"e\"/>"
        )
    };
    let sound = flows("s1>f f>a f>b a>j b>j j>e1");
    let def = linted(&body(&sound)).expect("sound");
    let task = def.node(def.node_by_id("a").expect("a"));
    assert_eq!(task.role.as_deref(), Some("clerk"), "the lane of the sub-process counts inside");
    let stuck = sound
        .replace("<sequenceFlow id=\"f3\"", "<sequenceFlow id=\"f3x\"")
        .replace("sourceRef=\"b\" targetRef=\"j\"", "sourceRef=\"b\" targetRef=\"e1\"")
        .replace("sourceRef=\"a\" targetRef=\"j\"", "sourceRef=\"a\" targetRef=\"f\"");
    let found = linted(&body(&stuck)).expect_err("unsound");
    assert!(found.iter().any(|problem| problem.code == "unreached"), "{found:#?}");
}
