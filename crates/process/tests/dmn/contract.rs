//! The contract of the command line.

use process::dmn::contract::{EXIT_DONE, EXIT_MISUSE, EXIT_REFUSED, run, score};
use serde_json::json;

use crate::support::{decision, input, literal, model};

fn tests(cases: &str) -> String {
    format!(
        "<testCases xmlns=\"http://www.omg.org/spec/DMN/20160719/testcase\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
         xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\"><modelName>m.dmn</modelName>{cases}\
         </testCases>"
    )
}

fn value(of: &str, text: &str) -> String {
    format!("<value xsi:type=\"xsd:{of}\">{text}</value>")
}

#[test]
fn values_go_in_and_come_out() {
    let names = ["s", "b", "n", "d", "t", "m", "u", "l", "c", "z"];
    let mut body: String = names.iter().map(|name| input(name, "Any")).collect();
    let all: Vec<String> = names.iter().map(|name| format!("{name}: {name}")).collect();
    body += &decision("all", "Any", &names, &literal(&format!("{{{}}}", all.join(", "))));
    let node = |name: &str, inner: &str| format!("<inputNode name=\"{name}\">{inner}</inputNode>");
    let item = format!("<item>{}</item>", value("decimal", "1"));
    let case = format!(
        "<testCase id=\"001\">{}<resultNode name=\"all\" type=\"decision\"><expected/>\
         </resultNode></testCase>",
        [
            node("s", &value("string", " a ")),
            node("b", &value("boolean", "true")),
            node("n", &value("double", "12.50")),
            node("d", &value("date", "2026-01-05")),
            node("t", &value("time", "08:00:00Z")),
            node("m", &value("dateTime", "2026-01-05T08:00:00+07:00")),
            node("u", &value("duration", "P1DT2H")),
            node("l", &format!("<list>{item}{item}</list>")),
            node("c", &format!("<component name=\"x y\">{}</component>", value("duration", "P1Y"))),
            node("z", "<value xsi:nil=\"true\"/>"),
        ]
        .concat()
    );
    let (answer, exit) = run(&[("m.dmn", model(&body).as_bytes())], tests(&case).as_bytes());
    assert_eq!(exit, EXIT_DONE);
    let wanted = json!({
        "format": "motcua/dmn/1",
        "cases": [{"id": "001", "results": [{"name": "all", "value": {"context": {
            "s": {"string": " a "},
            "b": {"boolean": true},
            "n": {"number": "12.5"},
            "d": {"date": "2026-01-05"},
            "t": {"time": "08:00:00Z"},
            "m": {"dateTime": "2026-01-05T08:00:00+07:00"},
            "u": {"duration": "P1DT2H"},
            "l": {"list": [{"number": "1"}, {"number": "1"}]},
            "c": {"context": {"x y": {"duration": "P1Y"}}},
            "z": null,
        }}, "error": null}]}],
    });
    assert_eq!(answer, wanted);
}

#[test]
fn faults_are_told_where_they_belong() {
    let body = decision("zero", "Any", &[], &literal("1 / 0"))
        + &decision("loop", "Any", &[], &literal("every i in 1..1000000000 satisfies i > 0"))
        + &decision("good", "Any", &[], &literal("1"));
    let result = |name: &str| format!("<resultNode name=\"{name}\"/>");
    let case = format!(
        "<testCase id=\"1\">{}</testCase>",
        ["zero", "loop", "good", "none"].map(result).concat()
    );
    let test = tests(&case);
    let (answer, exit) = run(&[("m.dmn", model(&body).as_bytes())], test.as_bytes());
    assert_eq!(exit, EXIT_DONE);
    let results = answer["cases"][0]["results"].as_array().expect("results").clone();
    assert_eq!(
        results[0],
        json!({"name": "zero", "value": null, "error": null,
        "notes": ["zero: at byte 0: division by zero"]})
    );
    let stopped = "the decision \"loop\" was stopped: at byte 35: it takes too many steps";
    assert_eq!(results[1]["error"], stopped);
    assert_eq!(results[2], json!({"name": "good", "value": {"number": "1"}, "error": null}));
    assert_eq!(results[3]["error"], "there is no decision \"none\"");
    for (files, test, exit) in [
        (vec![("m.dmn", "<a/>")], test.as_str(), EXIT_MISUSE),
        (vec![], test.as_str(), EXIT_MISUSE),
        (vec![("m.dmn", "<a/>")], "<a/>", EXIT_MISUSE),
    ] {
        let files: Vec<(&str, &[u8])> = files.iter().map(|(n, x)| (*n, x.as_bytes())).collect();
        let (answer, found) = run(&files, test.as_bytes());
        assert_eq!(found, exit);
        assert_eq!(answer["format"], "motcua/dmn/1");
        for case in answer["cases"].as_array().expect("cases") {
            for result in case["results"].as_array().expect("results") {
                assert!(result["value"].is_null() && result["error"].is_string(), "{result}");
            }
        }
    }
    let import = "<import name=\"x\" namespace=\"urn:x\" \
                  importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\"/>";
    let broken = model(&format!("{import}{body}"));
    let (answer, exit) = run(&[("m.dmn", broken.as_bytes())], test.as_bytes());
    assert_eq!(exit, EXIT_REFUSED);
    assert!(answer["cases"][0]["results"][2]["error"].is_string());
}

#[test]
fn services_and_knowledge_are_called_by_tests() {
    let body = "<businessKnowledgeModel id=\"k\" name=\"k\"><encapsulatedLogic>\
        <formalParameter name=\"x\"/><literalExpression><text>x + 1</text></literalExpression>\
        </encapsulatedLogic></businessKnowledgeModel>";
    let case = format!(
        "<testCase id=\"1\" type=\"bkm\" invocableName=\"k\"><inputNode name=\"x\">{}</inputNode>\
         <resultNode name=\"k\"><expected>{}</expected></resultNode></testCase>",
        value("decimal", "1"),
        value("decimal", "2.000000001")
    );
    let model = model(body);
    let files: [(&str, &[u8]); 1] = [("m.dmn", model.as_bytes())];
    let found = score(&files, tests(&case).as_bytes()).expect("both are read");
    assert_eq!((found.passed, found.failed), (1, Vec::new()));
    let service = "<decision id=\"d\" name=\"d\"><literalExpression><text>5</text>\
        </literalExpression></decision><decisionService id=\"s\" name=\"s\">\
        <outputDecision href=\"#d\"/></decisionService>";
    let asked = format!(
        "<testCase id=\"1\"><resultNode name=\"s\" type=\"decisionService\"><expected>{}\
         </expected></resultNode></testCase>",
        value("decimal", "5")
    );
    let services = crate::support::model(service);
    let found = score(&[("m.dmn", services.as_bytes())], tests(&asked).as_bytes());
    assert_eq!(found.map(|found| found.passed), Ok(1));
    let far = tests(&case.replace("2.000000001", "2.0000001"));
    let found = score(&files, far.as_bytes()).expect("both are read");
    assert_eq!(found.failed.len(), 1);
}
