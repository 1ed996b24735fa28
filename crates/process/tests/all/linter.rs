//! The linter: soundness with inclusive gateways and quantities, lanes, step times.

use process::{Severity, lint, lint_times, remarks};

use crate::scenarios::{file, flows, nodes};
use crate::support::{FILES, shared};

fn compiled(body: &str) -> process::Definition {
    let text = file("", body);
    let model = process::read(text.as_bytes(), "l").expect("readable");
    process::compile_unchecked(&model).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Findings about joins, piles and quantities; those about lanes are left out.
fn unsound(body: &str) -> Vec<String> {
    let found = lint(&compiled(body), "l").into_iter();
    let found = found.map(|problem| format!("{}: {}", problem.element_id, problem.reason));
    found.collect()
}

const OPEN: &str = "<laneSet id=\"ls\"><lane id=\"l\" mc:role=\"clerk\">";

/// Nodes in one lane, so that only the way itself can be wrong.
fn laned(list: &str) -> String {
    let refs: String = list
        .split_whitespace()
        .map(|word| format!("<flowNodeRef>{}</flowNodeRef>", word.split_once(':').expect("k:id").1))
        .collect();
    format!("{OPEN}{refs}</lane></laneSet>{}", nodes(list))
}

/// An inclusive split whose first flow is the default.
fn split(id: &str, default: &str) -> String {
    format!("<inclusiveGateway id=\"{id}\" default=\"{default}\"/>")
}

#[test]
fn inclusive_joins_are_played_by_reachability() {
    let body = laned("s:s t:a t:b t:c o:j e:e")
        + &split("o", "o-a")
        + &flows("s>o o>a o?b o?c a>j b>j c>j j>e");
    assert_eq!(unsound(&body), [""; 0]);
    // The same split before a parallel join: a branch that was not taken is waited for.
    let body =
        laned("s:s t:a t:b a:j e:e") + &split("o", "o-a") + &flows("s>o o>a o?b a>j b>j j>e");
    assert_eq!(unsound(&body), ["j: a case can wait for ever at this join"]);
    // Two joins in a circle: each waits for what the other would send.
    let turn =
        |id: &str, default: &str| format!("<exclusiveGateway id=\"{id}\" default=\"{default}\"/>");
    let body = laned("s:s a:f t:a t:b o:j o:k e:e")
        + &turn("x", "x-e")
        + &turn("y", "y-e")
        + &flows("s>f f>a f>b a>j b>k j>x k>y x>e x?k y>e y?j");
    let never = |id: &str| format!("{id}: this join can never fire");
    assert_eq!(unsound(&body), [never("j"), never("k")]);
}

#[test]
fn quantities_are_played() {
    let quantity = |start: u8, end: u8| {
        laned("s:s t:a e:e")
            + &format!("<manualTask id=\"m\" completionQuantity=\"{end}\"/>")
            + &format!("<manualTask id=\"q\" startQuantity=\"{start}\"/>")
            + &flows("s>a a>m m>q q>e")
    };
    assert_eq!(unsound(&quantity(3, 3)), [""; 0]);
    assert_eq!(unsound(&quantity(2, 6)), [""; 0]);
    let more = "q: a case can wait for ever here for more tokens (startQuantity)";
    assert_eq!(unsound(&quantity(3, 2)), [more]);
    assert_eq!(unsound(&quantity(2, 3)), [more]);
    let again = laned("s:s x:x t:a e:e")
        + "<manualTask id=\"m\" completionQuantity=\"2\"/><exclusiveGateway id=\"y\" default=\"y-x\"/>"
        + &flows("s>x x>a a>m m>y y>x y?e");
    assert!(unsound(&again).iter().any(|found| found.contains("pile up")), "{:?}", unsound(&again));
}

#[test]
fn lanes_without_a_unit_and_steps_without_a_time_are_remarked() {
    for name in FILES {
        let found = remarks(&shared(name), name);
        assert!(found.is_empty(), "{name}: {found:?}");
    }
    let body = format!(
        "{OPEN}<flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef></lane></laneSet>{}\
         <userTask id=\"a\" mc:limit=\"P1WD\"/><userTask id=\"b\"/>{}",
        nodes("s:s e:e"),
        flows("s>a a>b b>e")
    );
    let found = remarks(&compiled(&body), "l");
    let told: Vec<(&str, &str)> =
        found.iter().map(|p| (p.code.as_str(), p.element_id.as_str())).collect();
    assert_eq!(told, [("lane-without-unit", "a"), ("step-without-time", "b")]);
    assert!(found.iter().all(|problem| problem.severity == Severity::Warning));
}

/// Working days and hours of eight a day, in hours.
fn hours(text: &str) -> Option<u64> {
    let days = text.strip_prefix('P').and_then(|t| t.strip_suffix("WD")).map(|d| (d, 8));
    let hours = text.strip_prefix("PT").and_then(|t| t.strip_suffix("WH")).map(|h| (h, 1));
    let (count, unit) = days.or(hours)?;
    Some(count.parse::<u64>().ok()? * unit)
}

#[test]
fn the_longest_way_counts_against_the_limit() {
    let consultation = lint_times(&shared("consultation"), 100, &hours);
    // assign 10, appraise 30 beside 5 days (40) of waiting at most, summarise 20, review 15, sign 15, stamp 10.
    let steps: Vec<&str> = consultation.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(consultation.hundredths, 11_000);
    assert_eq!(steps, ["assign", "consult", "summarise", "review", "sign", "stamp"]);
    assert!(consultation.exceeds());
    let problems = consultation.problems("c");
    assert_eq!(problems.len(), steps.len());
    assert_eq!(
        (problems[0].element_id.as_str(), problems[0].code.as_str()),
        ("assign", "time-over-limit")
    );
    assert!(problems[0].reason.contains("consult") && problems[0].reason.contains("110"));
    let long = lint_times(&shared("consultation"), 200, &hours);
    assert!(!long.exceeds() && long.problems("c").is_empty());
    for name in FILES {
        let times = lint_times(&shared(name), 240, &hours);
        assert!(!times.exceeds(), "{name} {times:?}");
    }
    let body = |inner: &str| {
        nodes("s:s x:x x:y e:e")
            + "<userTask id=\"a\" mc:limit=\"P2WD\"/><userTask id=\"b\" mc:limit=\"PT20WH\"/>\
               <userTask id=\"c\" mc:limit=\"P1M\"/><subProcess id=\"sub\">"
            + &format!(
                "<startEvent id=\"s1\"/><userTask id=\"d\" mc:limit=\"{inner}\"/><endEvent id=\"e1\"/>{}</subProcess>",
                flows("s1>d d>e1")
            )
            + &flows("s>a a>x x>b x?c b>y c>y y>sub sub>e y?a")
    };
    let times = lint_times(&compiled(&body("P1WD")), 44, &hours);
    assert_eq!((times.hundredths, times.exceeds()), (4_400, false));
    assert_eq!(times.unknown, [("c".to_owned(), "P1M".to_owned())]);
    assert_eq!(times.problems("t")[0].code, "time-not-comparable");
    let times = lint_times(&compiled(&body("P2WD")), 44, &hours);
    let steps: Vec<&str> = times.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!((times.exceeds(), steps), (true, vec!["a", "b", "d"]));
}
