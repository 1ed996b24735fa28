//! The language itself: operators, names, conditionals, iterations, filters, ranges.

use process::feel::{Expression, Known, Nothing, UnaryTests, Value};

use crate::support::{NAMES, equal, null_with, plain, world};

#[test]
fn arithmetic_follows_precedence() {
    equal(&[
        ("10 + 20 / -5 - 3", "3"),
        ("-10--5", "-5"),
        ("(10+20)/(-5*3)", "-2"),
        ("10**-5", "0.00001"),
        ("5+2**5+3", "40"),
        ("2**3**2", "64"),
        ("-2**2", "4"),
        ("1.2*10**3", "1200"),
        (".872", "0.872"),
        ("1.5E3 + 1e-1", "1500.1"),
        ("0.1 + 0.2", "0.3"),
        ("1/3*3", "0.9999999999999999999999999999999999"),
        ("a-b", "7"),
        ("a - b", "6"),
        ("(a)-b*2", "2"),
        ("(loan.principal*loan.rate/12)/(1-(1+loan.rate/12)**-loan.termMonths) > 2778.69", "true"),
        ("\"Hello \" + full name", "\"Hello Nguyễn An\""),
        ("12 * monthly   salary", "12000"),
        ("rate %*100", "5"),
        ("1 // one\n + /* two */ 2", "3"),
    ]);
    null_with(&[
        ("10/0", "division by zero"),
        ("10 + null", "sum with null"),
        ("1 + \"a\"", "no sum of number and string"),
        ("-\"a\"", "no negative"),
        ("0 ** -1", "not defined"),
        ("10 ** 10000", "out of range"),
        ("missing", "no name \"missing\""),
        ("loan.missing", "no entry \"missing\""),
    ]);
}

#[test]
fn logic_has_three_values() {
    equal(&[
        ("true and null", "null"),
        ("false and null", "false"),
        ("null or true", "true"),
        ("null or false", "null"),
        ("true and 3", "null"),
        ("not(null)", "null"),
        ("not(yes)", "false"),
        ("yes and not(false) or null", "true"),
        ("if null then 1 else 2", "2"),
        ("if yes then \"a\" else \"b\"", "\"a\""),
        ("if false then 1 else if true then 2 else 3", "2"),
    ]);
}

#[test]
fn comparisons_and_membership() {
    equal(&[
        ("1 = 1.0", "true"),
        ("1 != 2", "true"),
        ("null = null", "true"),
        ("x = null", "true"),
        ("1 = null", "false"),
        ("1 = \"1\"", "null"),
        ("1 < null", "null"),
        ("\"a\" < \"b\"", "true"),
        ("true < false", "null"),
        ("[1, 2] = [1, 2]", "true"),
        ("[1, 2] = [2, 1]", "false"),
        ("{a: 1, b: 2} = {b: 2, a: 1}", "true"),
        ("[1..3] = [1..3)", "false"),
        ("5 between 1 and 5", "true"),
        ("5 between 6 and 7 or yes", "true"),
        ("5 in [1..5)", "false"),
        ("5 in (1..5]", "true"),
        ("5 in ]1..5[", "false"),
        ("5 in (> 3, < 1)", "true"),
        ("5 in (1, 2)", "false"),
        ("5 in >= 5", "true"),
        ("5 in [1, [4..6]]", "true"),
        ("5 in (a - 5)", "true"),
        ("5 in (1..9)", "true"),
        ("1 in null", "false"),
        ("\"b\" in [\"a\"..\"c\"]", "true"),
        ("[5 in [1..9], true]", "[true, true]"),
        ("@\"2026-01-05\" in [@\"2026-01-01\"..@\"2026-12-31\"]", "true"),
    ]);
}

#[test]
fn conditions_lists_and_contexts() {
    equal(&[
        ("for i in [1, 2, 3] return i * 2", "[2, 4, 6]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in 1..3, j in 1..i return j", "[1, 1, 2, 1, 2, 3]"),
        ("for i in 1..5 return if i < 3 then 1 else partial[-1] + partial[-2]", "[1, 1, 2, 3, 5]"),
        ("for the day in @\"2026-02-27\"..@\"2026-03-01\" return the day.day", "[27, 28, 1]"),
        ("for p in people return p.name", "[\"An\", \"Bình\", \"Chi\"]"),
        ("for i in [1..3] return i", "[1, 2, 3]"),
        ("for i in [] return i", "[]"),
        ("some p in people satisfies p.age > 60", "true"),
        ("every p in people satisfies p.age > 18", "false"),
        ("every p in [] satisfies p > 18", "true"),
        ("some p in [1, null] satisfies p > 1", "null"),
        ("people[age >= 18].name", "[\"An\", \"Chi\"]"),
        ("people[item.age < 18][1].name", "\"Bình\""),
        ("people[count(tags) > 0 and age > b * 10].name", "[\"Chi\"]"),
        ("people.tags[1]", "[\"x\"]"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][item > 1]", "[2, 3]"),
        ("5[1]", "5"),
        ("null[1]", "null"),
        ("{a: 1, b: a + 1, \"c d\": b * 2}.c d", "4"),
        ("{full name: \"x\"}.full name", "\"x\""),
        ("{f: function(p: number, q) p - q, r: f(5, 2), s: f(q: 1, p: 2)}.r", "3"),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(10)}.r", "3628800"),
        ("(function(p) p + 1)(2)", "3"),
        ("[1..5].start", "1"),
        ("(1..5].start included", "false"),
        ("(< 5).end", "5"),
        ("3 in (< 5)", "true"),
        ("[[1, 2], [3]][1][2]", "2"),
    ]);
    null_with(&[
        ("[1, 2][3]", "no place 3"),
        ("[1, 2][0]", "no place 0"),
        ("for i in null return i", "nothing to iterate over"),
        ("for i in \"a\"..\"c\" return i", "no iteration"),
        ("(function(p) p)(1, 2)", "2 arguments given, but 1 wanted"),
        ("(function(p: number) p)(\"a\")", "not of its type"),
        ("5(1)", "not a function"),
        ("[1..\"a\"]", "no range"),
    ]);
}

#[test]
fn types_are_asked_for() {
    equal(&[
        ("1 instance of number", "true"),
        ("\"a\" instance of number", "false"),
        ("null instance of number", "false"),
        ("null instance of Any", "true"),
        ("[1, 2] instance of list<number>", "true"),
        ("[1, \"a\"] instance of list<number>", "false"),
        ("{a: 1} instance of context<a: number>", "true"),
        ("{a: 1} instance of context<b: number>", "false"),
        ("@\"P1D\" instance of days and time duration", "true"),
        ("@\"P1Y\" instance of years and months duration", "true"),
        ("@\"2026-01-05T08:00:00\" instance of date and time", "true"),
        ("[1..2] instance of range<number>", "true"),
        ("count instance of function<list<Any>> -> number", "true"),
        ("1 + 1 instance of number", "null"),
    ]);
}

#[test]
fn unary_tests_are_cells() {
    let rows = [
        ("-", "1", true),
        (">= 18", "18", true),
        (">= 18", "null", false),
        ("< 18", "\"a\"", false),
        ("\"Medium\",\"Low\"", "\"Low\"", true),
        ("\"Medium\",\"Low\"", "\"High\"", false),
        ("not(\"Medium\",\"Low\")", "\"High\"", true),
        ("not(\"Medium\",\"Low\")", "\"Low\"", false),
        ("not(> 5)", "5", true),
        ("[1..5)", "5", false),
        ("(1..5], 9", "9", true),
        ("true", "true", true),
        ("true", "false", false),
        ("false", "false", true),
        ("null", "null", true),
        ("null", "1", false),
        ("-5", "-5", true),
        ("a", "10", true),
        ("> a + b", "15", true),
        ("[1, 2, 3]", "2", true),
        ("[1, 2, 3]", "[1, 2, 3]", true),
        ("? > 5 and ? < 7", "6", true),
        ("? = true", "false", false),
        ("contains(?, \"n\")", "\"An\"", true),
        ("starts with(?, \"B\"), \"An\"", "\"An\"", true),
        ("not(?)", "false", true),
        ("!= 3", "4", true),
        ("@\"2026-01-05\"", "@\"2026-01-05\"", true),
        ("date(\"2026-01-05\")", "@\"2026-01-05\"", true),
        ("\"-\"", "\"-\"", true),
    ];
    let known = Known { names: NAMES.iter().collect(), ..Known::default() };
    for (cell, input, wanted) in rows {
        let tests = UnaryTests::parse_known(cell, &known).expect(cell);
        let value = Expression::parse(input).expect(input).eval(&Nothing).expect(input);
        assert_eq!(tests.matches(&value, &world()), Ok(wanted), "{input} in {cell}");
    }
}

#[test]
fn free_names_are_told() {
    let names = |text: &str| {
        let parsed = Expression::parse_with_names(text, NAMES.iter().copied());
        parsed.unwrap_or_else(|error| panic!("{text}: {error}")).names()
    };
    assert_eq!(names("loan.rate * full name"), ["full name", "loan.rate"]);
    assert_eq!(names("for i in people return i.age + b"), ["b", "people"]);
    assert_eq!(names("{c: a, d: c}.d"), ["a"]);
    assert_eq!(names("(function(p) p + y)(1)"), ["y"]);
    assert_eq!(names("{f: function(n) f(n - y)}"), ["y"]);
    assert_eq!(names("count(people[age > 3])"), ["people"]);
    assert_eq!(names("some p in people satisfies p = a-b"), ["a-b", "people"]);
    assert_eq!(names("fee.due >= 1 and \"text\" = outcome"), ["fee.due", "outcome"]);
    let tests = UnaryTests::parse("? > limit, 3").expect("a cell");
    assert_eq!(tests.names(), ["limit"]);
}

#[test]
fn a_scope_may_know_a_path_as_one_name() {
    let scope = |name: &str| (name == "fee.due").then(|| Value::from(5));
    let eval = |text: &str| Expression::parse(text).expect(text).eval(&scope);
    assert_eq!(eval("fee.due + 1"), Ok(Value::from(6)));
    assert_eq!(eval("fee.paid"), Ok(Value::Null));
}

#[test]
fn what_is_not_feel_is_refused_with_its_place() {
    let deep = format!("{}a{}", "(".repeat(80), ")".repeat(80));
    let long = "a or ".repeat(10_000) + "a";
    for (text, position, reason) in [
        ("", 0, "empty"),
        ("  ", 0, "empty"),
        ("${outcome == 'x'}", 0, "a value"),
        ("a = ", 4, "ends"),
        ("a = = b", 4, "expected a value"),
        ("a b", 2, "end of the expression"),
        ("!a", 0, "a value"),
        ("\"open", 5, "not closed"),
        ("\"\\q\"", 3, "unknown escape"),
        ("1.2.3 = a", 4, "a name after the point"),
        ("(a", 2, "expected )"),
        ("not a", 4, "end of the expression"),
        ("if a then b", 11, "expected else"),
        ("for x in return 1", 9, "a value"),
        ("f(a: 1, 2)", 10, "all named or none"),
        ("{a: 1, a: 2}", 11, "stands twice"),
        ("a instance of wood", 18, "no type"),
        ("@\"soon\"", 7, "no date"),
        ("function(a) external {}", 12, "not supported"),
        ("/* a", 0, "comment"),
        (deep.as_str(), 64, "nests deeper"),
        (long.as_str(), 0, "longer than"),
    ] {
        let error = Expression::parse(text).expect_err(text);
        assert!(error.message.contains(reason), "{text}: {error}");
        assert_eq!(error.position, position, "{text}: {error}");
    }
}

#[test]
fn names_may_begin_like_other_words() {
    let names = ["for sale", "true cost", "if so", "date and time of birth", "not paid"];
    let scope = |name: &str| names.contains(&name).then(|| Value::from(3));
    for (text, wanted) in [
        ("for sale + true cost", Value::from(6)),
        ("if if so = 3 then true else false", Value::from(true)),
        ("date and time of birth * 2", Value::from(6)),
        ("not(true) = false and not paid > 1", Value::from(true)),
        ("for i in [1] return for sale", plain("[3]")),
    ] {
        let parsed = Expression::parse_with_names(text, names).expect(text);
        assert_eq!(parsed.eval(&scope), Ok(wanted), "{text}");
    }
}

#[test]
fn texts_have_escapes() {
    let eval = |text: &str| Expression::parse(text).expect(text).eval(&Nothing);
    assert_eq!(eval(r#""a\"\\\n\u00e9\U01F600""#), Ok(Value::from("a\"\\\né😀")));
    assert_eq!(eval(r#""\uD83D\uDE00""#), Ok(Value::from("😀")));
    assert!(Expression::parse(r#""\uD83D""#).is_err());
}
