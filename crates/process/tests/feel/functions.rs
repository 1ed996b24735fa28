//! Every built-in function, but those of time.

use crate::support::{equal, null_with};

#[test]
fn of_texts() {
    equal(&[
        ("string(1.50)", "\"1.5\""),
        ("string(\"a\")", "\"a\""),
        ("string(null)", "null"),
        ("string([1, \"a\", true])", "\"[1, \\\"a\\\", true]\""),
        ("string({a: 1, b: null})", "\"{a: 1, b: null}\""),
        ("string([1..2))", "\"[1..2)\""),
        ("substring(\"người dân\", 3)", "\"ười dân\""),
        ("substring(\"foobar\", 3, 3)", "\"oba\""),
        ("substring(\"foobar\", -2, 1)", "\"a\""),
        ("substring(\"foobar\", 3, 3.8)", "\"oba\""),
        ("substring(string: \"foobar\", start position: 6)", "\"r\""),
        ("string length(\"😀ab\")", "3"),
        ("upper case(\"đường\")", "\"ĐƯỜNG\""),
        ("lower case(\"ĐƯỜNG\")", "\"đường\""),
        ("trim(\"  a \")", "\"a\""),
        ("substring before(\"foobar\", \"bar\")", "\"foo\""),
        ("substring before(\"foobar\", \"xyz\")", "\"\""),
        ("substring after(\"foobar\", \"ob\")", "\"ar\""),
        ("substring after(\"\", \"a\")", "\"\""),
        ("contains(\"foobar\", \"ob\")", "true"),
        ("starts with(\"foobar\", \"fo\")", "true"),
        ("ends with(\"foobar\", \"r\")", "true"),
        ("string join([\"a\", null, \"b\"], \"-\")", "\"a-b\""),
        ("string join([\"a\", \"b\"])", "\"ab\""),
        ("string join([\"a\", \"b\"], \", \", \"[\", \"]\")", "\"[a, b]\""),
        ("string join([])", "\"\""),
        ("upper case([\"a\"])", "\"A\""),
    ]);
    null_with(&[
        ("substring(\"abc\", 0)", "no place 0"),
        ("substring(\"abc\", 1, 0)", "less than 1"),
        ("upper case(1)", "argument 1 is not a string"),
        ("string join([1])", "not a string"),
        ("upper case(\"a\", \"b\")", "does not take 2"),
        ("upper case(text: \"a\")", "names of the arguments"),
    ]);
}

#[test]
fn of_patterns() {
    equal(&[
        ("matches(\"foobar\", \"^fo*b\")", "true"),
        ("matches(\"FOObar\", \"^fo*b\", \"i\")", "true"),
        ("replace(\"abcd\", \"(ab)|(a)\", \"[1=$1][2=$2]\")", "\"[1=ab][2=]cd\""),
        ("replace(\"a.b\", \"\\\\.\", \"\\\\$\")", "\"a$b\""),
        ("replace(\"banana\", \"a\", \"$0$0\")", "\"baanaanaa\""),
        ("split(\"John Doe\", \"\\\\s\")", "[\"John\", \"Doe\"]"),
        ("split(\"a;b;c;;\", \";\")", "[\"a\", \"b\", \"c\", \"\", \"\"]"),
    ]);
    null_with(&[
        ("matches(\"a\", \"(\")", "not one that is read"),
        ("matches(\"a\", \"a\", \"q\")", "a flag is"),
        ("replace(\"a\", \"a\", \"\\\\q\")", "backslash"),
    ]);
}

#[test]
fn of_numbers() {
    equal(&[
        ("number(\"1 000,5\", \" \", \",\")", "1000.5"),
        ("number(\"1,000.5\", \",\", \".\")", "1000.5"),
        ("number(from: \"12\")", "12"),
        ("number(12)", "12"),
        ("decimal(1/3, 2)", ".33"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(1234, -2)", "1200"),
        ("floor(1.5)", "1"),
        ("floor(-1.56, 1)", "-1.6"),
        ("ceiling(1.5)", "2"),
        ("ceiling(-1.56, 1)", "-1.5"),
        ("round up(5.5, 0)", "6"),
        ("round up(-1.121, 2)", "-1.13"),
        ("round down(-5.5, 0)", "-5"),
        ("round half up(5.5, 0)", "6"),
        ("round half up(-5.5, 0)", "-6"),
        ("round half down(5.5, 0)", "5"),
        ("round half down(-1.126, 2)", "-1.13"),
        ("abs(-3)", "3"),
        ("abs(@\"-P1D\")", "@\"P1D\""),
        ("modulo(12, 5)", "2"),
        ("modulo(-12, 5)", "3"),
        ("modulo(12, -5)", "-3"),
        ("modulo(10.1, 4.5)", "1.1"),
        ("sqrt(16)", "4"),
        ("decimal(log(10), 8)", "2.30258509"),
        ("decimal(exp(5), 8)", "148.41315910"),
        ("odd(5)", "true"),
        ("odd(-2)", "false"),
        ("even(2)", "true"),
        ("not(true)", "false"),
    ]);
    null_with(&[
        ("number(\"a\")", "not a number"),
        ("number(\"1,0\", \",\", \",\")", "the same"),
        ("sqrt(-1)", "not defined"),
        ("log(0)", "not defined"),
        ("modulo(1, 0)", "division by zero"),
        ("decimal(1, 100000)", "scale"),
        ("odd(1.5)", "not whole"),
        ("not(3)", "not of a number"),
    ]);
}

#[test]
fn of_lists() {
    equal(&[
        ("list contains([1, 2, null], null)", "true"),
        ("list contains([1, 2], 3)", "false"),
        ("index of([1, 2, 3, 2], 2)", "[2, 4]"),
        ("sublist([4, 5, 6], 1, 2)", "[4, 5]"),
        ("sublist([4, 5, 6], -2)", "[5, 6]"),
        ("append([1], 2, 3)", "[1, 2, 3]"),
        ("concatenate([1, 2], [3])", "[1, 2, 3]"),
        ("union([1, 2], [2, 3])", "[1, 2, 3]"),
        ("distinct values([1, 2, 3, 2, 1])", "[1, 2, 3]"),
        ("insert before([1, 3], 1, 2)", "[2, 1, 3]"),
        ("insert before([1, 3], -1, 2)", "[1, 2, 3]"),
        ("remove([1, 2, 3], 2)", "[1, 3]"),
        ("list replace([2, 4, 7, 8], 3, 6)", "[2, 4, 6, 8]"),
        ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", "[5, 5, 7, 8]"),
        ("reverse([1, 2, 3])", "[3, 2, 1]"),
        ("flatten([[1, 2], [[3]], 4])", "[1, 2, 3, 4]"),
        ("sort([3, 1, 4, 5, 2], function(x, y) x < y)", "[1, 2, 3, 4, 5]"),
        ("sort([3, 1, 2])", "[1, 2, 3]"),
        ("sort(people, function(p, q) p.age < q.age).name", "[\"Bình\", \"An\", \"Chi\"]"),
    ]);
    null_with(&[
        ("sublist([1], 2)", "no place 2"),
        ("sublist([1, 2], 1, 5)", "no 5 items"),
        ("remove([1], 4)", "no place 4"),
        ("sort([1], 3)", "not a function"),
        ("reverse(null)", "not a list"),
    ]);
}

#[test]
fn of_figures() {
    equal(&[
        ("count([1, null])", "2"),
        ("count([])", "0"),
        ("min([3, 1, 2])", "1"),
        ("min(3, 1, 2)", "1"),
        ("max([\"a\", \"c\", \"b\"])", "\"c\""),
        ("max(@\"2026-01-05\", @\"2025-01-05\")", "@\"2026-01-05\""),
        ("sum([1, 2.5, 3])", "6.5"),
        ("sum(1, 2)", "3"),
        ("sum([@\"P1D\", @\"PT12H\"])", "@\"P1DT12H\""),
        ("product([2, 3, 4])", "24"),
        ("mean([1, 2, 3, 4])", "2.5"),
        ("median(8, 2, 5, 3, 4)", "4"),
        ("median([6, 1, 2, 3])", "2.5"),
        ("stddev(2, 4, 7, 5)", "2.081665999466132735282297706979931"),
        ("mode(6, 3, 9, 6, 6)", "[6]"),
        ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
        ("mode([])", "[]"),
        ("all([true, true])", "true"),
        ("all([true, null])", "null"),
        ("all([false, null])", "false"),
        ("all([])", "true"),
        ("any([false, true, null])", "true"),
        ("any(false, false)", "false"),
        ("any([])", "false"),
    ]);
    null_with(&[
        ("sum([])", "nothing to add"),
        ("sum([1, \"a\"])", "cannot be added"),
        ("min([])", "nothing to choose"),
        ("min([1, \"a\"])", "cannot be compared"),
        ("mean([])", "not defined"),
        ("median([])", "not defined"),
        ("stddev([1])", "not defined"),
        ("product([])", "not defined"),
        ("mean([1, null])", "not a number"),
    ]);
}

#[test]
fn of_contexts() {
    equal(&[
        ("get value({a: 1}, \"a\")", "1"),
        ("get value({a: {b: 2}}, [\"a\", \"b\"])", "2"),
        ("get entries({a: 1})", "[{key: \"a\", value: 1}]"),
        ("context([{key: \"a\", value: 1}, {key: \"b\", value: 2}])", "{a: 1, b: 2}"),
        ("context put({a: 1}, \"b\", 2)", "{a: 1, b: 2}"),
        ("context put({a: {b: 2}}, [\"a\", \"b\"], 3)", "{a: {b: 3}}"),
        ("context merge([{a: 1, b: 1}, {b: 2}])", "{a: 1, b: 2}"),
    ]);
    null_with(&[
        ("get value({a: 1}, \"b\")", "no entry"),
        ("context([{key: \"a\", value: 1}, {key: \"a\", value: 2}])", "stands twice"),
        ("context put({a: 1}, [\"a\", \"b\"], 3)", "not a context"),
        ("get entries(3)", "not a context"),
    ]);
}

#[test]
fn of_ranges() {
    equal(&[
        ("before(1, 10)", "true"),
        ("before(10, 1)", "false"),
        ("before(1, [1..10])", "false"),
        ("before(1, (1..10])", "true"),
        ("before([1..10), 10)", "true"),
        ("before([1..10], [15..20])", "true"),
        ("after(10, 5)", "true"),
        ("after([11..20], [1..11))", "true"),
        ("meets([1..5], [5..10])", "true"),
        ("meets([1..5), [5..10])", "false"),
        ("met by([5..10], [1..5])", "true"),
        ("overlaps([1..5], [3..8])", "true"),
        ("overlaps([1..5), [5..8])", "false"),
        ("overlaps before([1..5], [3..8])", "true"),
        ("overlaps before([1..5), (3..5])", "true"),
        ("overlaps after([3..8], [1..5])", "true"),
        ("finishes(10, [1..10])", "true"),
        ("finishes([5..10], [1..10])", "true"),
        ("finished by([1..10], 10)", "true"),
        ("includes([1..10], 5)", "true"),
        ("includes([1..10], [1..10))", "true"),
        ("includes((1..10], 1)", "false"),
        ("during(5, [1..10])", "true"),
        ("during([4..6], [1..10))", "true"),
        ("starts(1, [1..10])", "true"),
        ("starts([1..5], [1..10])", "true"),
        ("started by([1..10], 1)", "true"),
        ("coincides([1..5], [1..5])", "true"),
        ("coincides(3, 3)", "true"),
        ("before(@\"2026-01-05\", [@\"2026-01-06\"..@\"2026-01-07\"])", "true"),
    ]);
    null_with(&[("before(1, \"a\")", "do not stand so"), ("meets(1, [1..2])", "do not stand so")]);
}
