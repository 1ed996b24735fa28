//! Boxed expressions, knowledge models, services.

use process::dmn::{Decisions, NotDecided};
use process::feel::{DateTime, Limit, Value};

use crate::support::{
    check, compiled, decide, decision, feel, input, inputs, literal, model, null, source,
};

#[test]
fn contexts_lists_and_relations() {
    let entry = |name: &str, logic: &str| {
        format!("<contextEntry><variable name=\"{name}\"/>{logic}</contextEntry>")
    };
    let context = format!(
        "<context>{}{}{}</context>",
        entry("net price", &literal("price * 2")),
        entry("with tax", &literal("net price * 1.1")),
        entry("all", &format!("<list>{}{}</list>", literal("net price"), literal("\"x\"")))
    );
    let result = format!(
        "<context>{}<contextEntry>{}</contextEntry></context>",
        entry("half", &literal("price / 2")),
        literal("half + 1")
    );
    let relation = format!(
        "<relation><column name=\"unit name\"/><column name=\"fee\"/><row>{}{}</row>\
         <row>{}{}</row></relation>",
        literal("\"A\""),
        literal("price"),
        literal("\"B\""),
        literal("price + 1")
    );
    let decisions = compiled(
        &[
            input("price", "number"),
            decision("c", "Any", &["price"], &context),
            decision("r", "number", &["price"], &result),
            decision("t", "Any", &["price"], &relation),
            decision("n", "Any", &["decision:t"], &literal("t[fee > 10].unit name")),
        ]
        .concat(),
    );
    check(
        &decisions,
        "c",
        &[("{price: 10}", "{\"net price\": 20, \"with tax\": 22, all: [20, \"x\"]}")],
    );
    check(&decisions, "r", &[("{price: 10}", "6")]);
    check(&decisions, "n", &[("{price: 10}", "[\"B\"]"), ("{price: 1}", "[]")]);
}

#[test]
fn conditionals_iterations_and_filters() {
    let part = |local: &str, text: &str| format!("<{local}>{}</{local}>", literal(text));
    let choice = format!(
        "<conditional>{}{}{}</conditional>",
        part("if", "n > 3"),
        part("then", "\"big\""),
        part("else", "\"small\"")
    );
    let each = format!(
        "<for iteratorVariable=\"one item\">{}{}</for>",
        part("in", "1..n"),
        part("return", "one item * 2")
    );
    let each = each.replace("1..n", "[1..n]");
    let every = format!(
        "<every iteratorVariable=\"i\">{}{}</every>",
        part("in", "[1, 2, n]"),
        part("satisfies", "i < 5")
    );
    let filter =
        format!("<filter>{}{}</filter>", part("in", "[{v: 1}, {v: n}]"), part("match", "v > 2"));
    let decisions = compiled(
        &[
            input("n", "number"),
            decision("choice", "string", &["n"], &choice),
            decision("each", "Any", &["n"], &each),
            decision("every", "boolean", &["n"], &every),
            decision("filter", "Any", &["n"], &filter),
        ]
        .concat(),
    );
    check(&decisions, "choice", &[("{n: 4}", "\"big\""), ("{n: 3}", "\"small\"")]);
    check(&decisions, "each", &[("{n: 3}", "[2, 4, 6]")]);
    check(&decisions, "every", &[("{n: 3}", "true"), ("{n: 9}", "false")]);
    check(&decisions, "filter", &[("{n: 3}", "[{v: 3}]")]);
}

fn knowledge(name: &str, params: &str, logic: &str, requires: &str) -> String {
    let params: String = params
        .split(',')
        .map(|param| format!("<formalParameter name=\"{}\" typeRef=\"number\"/>", param.trim()))
        .collect();
    let edge = match requires {
        "" => String::new(),
        id => format!(
            "<knowledgeRequirement><requiredKnowledge href=\"#{id}\"/></knowledgeRequirement>"
        ),
    };
    format!(
        "<businessKnowledgeModel id=\"{name}\" name=\"{name}\"><variable name=\"{name}\"/>\
         <encapsulatedLogic>{params}{logic}</encapsulatedLogic>{edge}</businessKnowledgeModel>\n"
    )
}

#[test]
fn knowledge_is_called() {
    let invocation = format!(
        "<invocation>{}<binding><parameter name=\"the base\"/>{}</binding>\
         <binding><parameter name=\"extra\"/>{}</binding></invocation>",
        literal("total fee"),
        literal("n"),
        literal("1")
    );
    let decisions = compiled(
        &[
            input("n", "number"),
            "<itemDefinition name=\"tWords\"><functionItem outputTypeRef=\"string\"/>\
             </itemDefinition>"
                .to_owned(),
            knowledge("is null", "x", &literal("x = null"), ""),
            knowledge("worded", "x", &literal("x"), "").replace(
                "<variable name=\"worded\"/>",
                "<variable name=\"worded\" typeRef=\"tWords\"/>",
            ),
            knowledge("double", "x", &literal("x * 2"), ""),
            knowledge(
                "total fee",
                "the base, extra",
                &literal("double(the base) + extra"),
                "double",
            ),
            knowledge("fact", "x", &literal("if x < 2 then 1 else x * fact(x - 1)"), ""),
            decision("a", "number", &["n", "knowledge:total fee"], &invocation),
            decision("b", "number", &["n", "knowledge:total fee"], &literal("total fee(n, 3)")),
            decision("c", "number", &["n", "knowledge:fact"], &literal("fact(n)")),
        ]
        .concat(),
    );
    check(&decisions, "a", &[("{n: 10}", "21")]);
    check(&decisions, "b", &[("{n: 10}", "23")]);
    check(&decisions, "c", &[("{n: 10}", "3628800")]);
    null(&decisions, "b", "{n: \"x\"}", "where a number is wanted");
    let wrong = decisions.invoke("is null", &inputs("{x: \"text\"}"), None).expect("a function");
    assert_eq!(wrong.value, Value::from(true), "what does not fit is null");
    let wrong = decisions.invoke("worded", &inputs("{x: 1}"), None).expect("a function");
    assert_eq!(wrong.value, Value::Null, "what it gives must fit");
    let called = decisions.invoke("double", &inputs("{x: 4}"), None).expect("it is a function");
    assert_eq!(called.value, Value::from(8));
    let stopped = decisions.evaluate("c", &inputs("{n: 100000}"), None);
    assert!(
        matches!(&stopped, Err(NotDecided::Stopped { decision, error })
            if decision == "c" && error.limit == Limit::Depth),
        "{stopped:?}"
    );
}

#[test]
fn entries_that_are_functions_may_call_themselves() {
    let context = format!(
        "<context><contextEntry><variable name=\"fact\"/><functionDefinition>\
         <formalParameter name=\"n\"/>{}</functionDefinition></contextEntry>\
         <contextEntry>{}</contextEntry></context>",
        literal("if n < 2 then 1 else n * fact(n - 1)"),
        literal("fact(5)")
    );
    let decisions = compiled(&decision("d", "number", &[], &context));
    check(&decisions, "d", &[("{}", "120")]);
}

#[test]
fn services_are_called() {
    let service = |outputs: &[&str]| {
        let outputs: String =
            outputs.iter().map(|id| format!("<outputDecision href=\"#{id}\"/>")).collect();
        format!(
            "<decisionService id=\"s\" name=\"s\"><variable name=\"s\"/>{outputs}\
             <encapsulatedDecision href=\"#inner\"/><inputDecision href=\"#before\"/>\
             <inputData href=\"#n\"/></decisionService>\n"
        )
    };
    let around = |outputs: &[&str]| {
        [
            input("n", "number"),
            decision("before", "number", &[], &literal("1 / 0")),
            decision("inner", "number", &["n", "decision:before"], &literal("n + before")),
            decision("out", "number", &["decision:inner"], &literal("inner * 10")),
            service(outputs),
            decision("user", "Any", &["knowledge:s"], &literal("s(2, 3)")),
        ]
        .concat()
    };
    let one = compiled(&around(&["out"]));
    check(&one, "user", &[("{}", "50")]);
    let called = one.invoke("s", &inputs("{before: 1, n: 4}"), None).expect("a service");
    assert_eq!(called.value, Value::from(50));
    let two = compiled(&around(&["out", "inner"]));
    check(&two, "user", &[("{}", "{out: 50, inner: 5}")]);
    assert!(one.invoke("t", &inputs("{}"), None).is_err());
    // A decision that is given is not evaluated.
    check(&one, "out", &[("{inner: 7}", "70")]);
}

#[test]
fn types_are_kept() {
    let items = "<itemDefinition name=\"tAge\"><typeRef>number</typeRef><allowedValues>\
        <text>[0..120]</text></allowedValues></itemDefinition>\
        <itemDefinition name=\"tPeople\" isCollection=\"true\">\
        <itemComponent name=\"full name\"><typeRef>string</typeRef></itemComponent>\
        <itemComponent name=\"age\"><typeRef>tAge</typeRef></itemComponent></itemDefinition>\
        <itemDefinition name=\"tTags\" isCollection=\"true\"><typeRef>string</typeRef>\
        <allowedValues><text>\"a\", \"b\"</text></allowedValues></itemDefinition>\
        <itemDefinition name=\"tTree\"><itemComponent name=\"kids\" isCollection=\"true\">\
        <typeRef>tTree</typeRef></itemComponent></itemDefinition>";
    let decisions = compiled(
        &[
            items.to_owned(),
            input("people", "tPeople"),
            input("tags", "tTags"),
            input("tree", "tTree"),
            decision("names", "Any", &["people"], &literal("people[age > 18].full name")),
            decision("all", "Any", &["people"], &literal("people")),
            decision("tagged", "Any", &["tags"], &literal("count(tags)")),
            decision("is", "Any", &["people"], &literal("people instance of tPeople")),
            decision("kids", "Any", &["tree"], &literal("count(tree.kids)")),
            decision("list", "tTags", &[], &literal("\"a\"")),
            decision("bad", "tTags", &[], &literal("[\"a\", \"z\"]")),
            decision("word", "string", &[], &literal("5")),
        ]
        .concat(),
    );
    let two = "{people: [{\"full name\": \"An\", age: 20}, {\"full name\": \"B\", age: 3}]}";
    check(&decisions, "names", &[(two, "[\"An\"]")]);
    check(&decisions, "is", &[(two, "true")]);
    check(&decisions, "tagged", &[("{tags: \"a\"}", "1"), ("{tags: [\"a\", \"b\"]}", "2")]);
    check(&decisions, "kids", &[("{tree: {kids: [{kids: []}]}}", "1")]);
    check(&decisions, "list", &[("{}", "[\"a\"]")]);
    null(&decisions, "all", "{people: [{age: 2}]}", "the entry \"full name\" is missing");
    null(
        &decisions,
        "all",
        "{people: [{\"full name\": \"A\", age: 200}]}",
        "age: the value is not one of those",
    );
    null(&decisions, "tagged", "{tags: \"z\"}", "not one of those allowed");
    null(&decisions, "bad", "{}", "not one of those allowed");
    null(&decisions, "word", "{}", "a number where a string is wanted");
}

#[test]
fn the_clock_is_given() {
    let decisions = compiled(&decision("d", "Any", &[], &literal("today()")));
    let now = DateTime::parse("2026-01-05T08:00:00+07:00");
    let found = decisions.evaluate("d", &inputs("{}"), now).expect("it decides");
    assert_eq!(found.value, feel("@\"2026-01-05\""));
    null(&decisions, "d", "{}", "no clock");
}

#[test]
fn one_bad_decision_does_not_stop_the_others() {
    let body = [
        decision("bad", "Any", &[], &literal("1 +")),
        decision("good", "Any", &[], &literal("1 + 1")),
        decision("java", "Any", &[], "<functionDefinition kind=\"Java\"/>"),
        decision("empty", "Any", &[], ""),
        decision("lost", "Any", &["nowhere"], &literal("nowhere")),
        decision("typed", "tNone", &[], &literal("1")),
        decision("a", "Any", &["decision:b"], &literal("b")),
        decision("b", "Any", &["decision:a"], &literal("a")),
        decision("unseen", "Any", &[], &literal("good")),
    ];
    let decisions = Decisions::compile(&[source(&model(&body.concat()))]);
    let found: Vec<(&str, &str)> = decisions
        .problems()
        .iter()
        .map(|problem| (problem.element_id.as_str(), problem.code.as_str()))
        .collect();
    for wanted in [
        ("bad", "feel"),
        ("java", "outside-profile"),
        ("empty", "no-logic"),
        ("lost", "missing-requirement"),
        ("lost", "unknown-name"),
        ("typed", "type"),
        ("a", "cycle"),
        ("b", "cycle"),
        ("unseen", "unknown-name"),
    ] {
        assert!(found.contains(&wanted), "{wanted:?} is not in {found:?}");
    }
    assert!(!decisions.is_accepted());
    assert_eq!(decide(&decisions, "good", "{}").value, Value::from(2));
    assert_eq!(decide(&decisions, "bad", "{}").value, Value::Null);
    let circle = decisions.evaluate("a", &inputs("{}"), None);
    assert_eq!(circle, Err(NotDecided::Circle("a".to_owned())));
    let none = decisions.evaluate("nothing", &inputs("{}"), None);
    assert_eq!(none, Err(NotDecided::NoSuch("nothing".to_owned())));
}

#[test]
fn problems_stand_at_their_line() {
    let text = "\n\n<decision id=\"d\" name=\"d\"><literalExpression><text>\n 1 +\n 2 +\n </text>\
                </literalExpression></decision>";
    let decisions = Decisions::compile(&[source(&model(text))]);
    let lines: Vec<usize> = decisions.problems().iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [7]);
}
