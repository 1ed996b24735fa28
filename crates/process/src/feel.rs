//! Conditions on flows: the comparison subset of FEEL, parsed once, evaluated without failing.
//!
//! `and`, `or`, `not(…)`, `=`, `!=`, `<`, `<=`, `>`, `>=`, names, text, numbers, truth values and
//! null, with FEEL's three-valued logic. A condition holds only when it is true.

use std::cmp::Ordering;

use crate::limits;
use crate::value::{Number, Value};

/// A parsed condition with its text.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Condition {
    text: String,
    expr: Expr,
}

#[derive(Clone, PartialEq, Debug)]
enum Expr {
    Const(Value),
    Name(String),
    Not(Box<Expr>),
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Compare(Op, Box<Expr>, Box<Expr>),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Clone, PartialEq, Debug)]
enum Lexeme {
    Op(Op),
    Open,
    Close,
    Word(String),
    Const(Value),
}

impl Condition {
    /// Parses a condition; the error says what was expected, in English.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > limits::FEEL_BYTES {
            return Err(format!("the condition is longer than {} bytes", limits::FEEL_BYTES));
        }
        let mut parser = Parser { lexemes: lex(text)?, at: 0, depth: 0 };
        let expr = parser.any()?;
        if let Some(rest) = parser.lexemes.get(parser.at) {
            return Err(format!("expected the end of the condition, but found {}", show(rest)));
        }
        if matches!(&expr, Expr::Const(value) if !matches!(value, Value::Bool(_))) {
            return Err("expected a condition that is true or false, but found a value".to_owned());
        }
        Ok(Self { text: text.to_owned(), expr })
    }

    /// The condition as written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// True only when the condition is true; unknown counts as not holding.
    pub(crate) fn holds(&self, data: &dyn Fn(&str) -> Option<Value>) -> bool {
        eval(&self.expr, data) == Value::Bool(true)
    }

    /// Whether the condition compares something with this text.
    pub(crate) fn mentions(&self, text: &str) -> bool {
        mentions(&self.expr, text)
    }
}

fn mentions(expr: &Expr, text: &str) -> bool {
    match expr {
        Expr::Const(Value::Str(found)) => found == text,
        Expr::Const(_) | Expr::Name(_) => false,
        Expr::Not(inner) => mentions(inner, text),
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(|part| mentions(part, text)),
        Expr::Compare(_, left, right) => mentions(left, text) || mentions(right, text),
    }
}

fn eval(expr: &Expr, data: &dyn Fn(&str) -> Option<Value>) -> Value {
    match expr {
        Expr::Const(value) => value.clone(),
        Expr::Name(name) => data(name).unwrap_or(Value::Null),
        Expr::Not(inner) => match eval(inner, data) {
            Value::Bool(truth) => Value::Bool(!truth),
            _ => Value::Null,
        },
        Expr::All(parts) => fold(parts, data, false),
        Expr::Any(parts) => fold(parts, data, true),
        Expr::Compare(op, left, right) => compare(*op, &eval(left, data), &eval(right, data)),
    }
}

/// `and` stops at the first false, `or` at the first true; otherwise unknown beats known.
fn fold(parts: &[Expr], data: &dyn Fn(&str) -> Option<Value>, stop: bool) -> Value {
    let mut unknown = false;
    for part in parts {
        match eval(part, data) {
            Value::Bool(truth) if truth == stop => return Value::Bool(stop),
            Value::Bool(_) => {}
            _ => unknown = true,
        }
    }
    if unknown { Value::Null } else { Value::Bool(!stop) }
}

fn compare(op: Op, left: &Value, right: &Value) -> Value {
    let order = match (left, right) {
        (Value::Null, _) | (_, Value::Null) => {
            return match op {
                Op::Eq => Value::Bool(left == right),
                Op::Ne => Value::Bool(left != right),
                _ => Value::Null,
            };
        }
        (Value::Str(a), Value::Str(b)) => a.cmp(b),
        (Value::Num(a), Value::Num(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => match op {
            Op::Eq => return Value::Bool(a == b),
            Op::Ne => return Value::Bool(a != b),
            _ => return Value::Null,
        },
        _ => return Value::Null,
    };
    Value::Bool(match op {
        Op::Eq => order == Ordering::Equal,
        Op::Ne => order != Ordering::Equal,
        Op::Lt => order == Ordering::Less,
        Op::Le => order != Ordering::Greater,
        Op::Gt => order == Ordering::Greater,
        Op::Ge => order != Ordering::Less,
    })
}

struct Parser {
    lexemes: Vec<Lexeme>,
    at: usize,
    depth: usize,
}

impl Parser {
    fn any(&mut self) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > limits::FEEL_DEPTH {
            return Err(format!("brackets nest deeper than {}", limits::FEEL_DEPTH));
        }
        let mut parts = vec![self.all()?];
        while self.word("or") {
            parts.push(self.all()?);
        }
        self.depth -= 1;
        Ok(one_or(parts, Expr::Any))
    }

    fn all(&mut self) -> Result<Expr, String> {
        let mut parts = vec![self.comparison()?];
        while self.word("and") {
            parts.push(self.comparison()?);
        }
        Ok(one_or(parts, Expr::All))
    }

    fn comparison(&mut self) -> Result<Expr, String> {
        let left = self.primary()?;
        let Some(Lexeme::Op(op)) = self.lexemes.get(self.at) else { return Ok(left) };
        let op = *op;
        self.at += 1;
        let right = self.primary()?;
        Ok(Expr::Compare(op, Box::new(left), Box::new(right)))
    }

    fn primary(&mut self) -> Result<Expr, String> {
        let found = self.lexemes.get(self.at).cloned();
        self.at += 1;
        match found {
            Some(Lexeme::Const(value)) => Ok(Expr::Const(value)),
            Some(Lexeme::Open) => self.closed(),
            Some(Lexeme::Word(word)) => match word.as_str() {
                "true" => Ok(Expr::Const(Value::Bool(true))),
                "false" => Ok(Expr::Const(Value::Bool(false))),
                "null" => Ok(Expr::Const(Value::Null)),
                "not" => {
                    if self.lexemes.get(self.at) != Some(&Lexeme::Open) {
                        return Err("expected ( after not".to_owned());
                    }
                    self.at += 1;
                    Ok(Expr::Not(Box::new(self.closed()?)))
                }
                "and" | "or" => Err(format!("expected a value, but found {word}")),
                _ => self.name(word),
            },
            Some(other) => Err(format!("expected a value, but found {}", show(&other))),
            None => Err("expected a value, but the condition ends".to_owned()),
        }
    }

    fn name(&self, word: String) -> Result<Expr, String> {
        match self.lexemes.get(self.at) {
            Some(Lexeme::Open) => Err(format!("the function {word} is not supported")),
            _ => Ok(Expr::Name(word)),
        }
    }

    fn closed(&mut self) -> Result<Expr, String> {
        let inner = self.any()?;
        if self.lexemes.get(self.at) != Some(&Lexeme::Close) {
            return Err("expected )".to_owned());
        }
        self.at += 1;
        Ok(inner)
    }

    fn word(&mut self, wanted: &str) -> bool {
        let here = matches!(self.lexemes.get(self.at), Some(Lexeme::Word(word)) if word == wanted);
        self.at += usize::from(here);
        here
    }
}

fn one_or(mut parts: Vec<Expr>, wrap: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            wrap(parts)
        }
        None => wrap(parts),
    }
}

fn show(lexeme: &Lexeme) -> String {
    match lexeme {
        Lexeme::Op(op) => format!("the operator {op:?}"),
        Lexeme::Open => "(".to_owned(),
        Lexeme::Close => ")".to_owned(),
        Lexeme::Word(word) => word.clone(),
        Lexeme::Const(value) => format!("{value:?}"),
    }
}

fn lex(text: &str) -> Result<Vec<Lexeme>, String> {
    let mut lexemes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (lexeme, length) = match first {
            _ if first.is_whitespace() => {
                rest = &rest[first.len_utf8()..];
                continue;
            }
            '(' => (Lexeme::Open, 1),
            ')' => (Lexeme::Close, 1),
            '"' => text_literal(rest)?,
            '0'..='9' | '-' => number_literal(rest)?,
            '=' | '!' | '<' | '>' => operator(rest)?,
            _ if first.is_alphabetic() || first == '_' => {
                let end = rest.find(|c: char| !is_name_part(c)).unwrap_or(rest.len());
                (Lexeme::Word(rest[..end].to_owned()), end)
            }
            other => return Err(format!("the character {other:?} is not supported")),
        };
        lexemes.push(lexeme);
        rest = &rest[length..];
    }
    if lexemes.is_empty() { Err("the condition is empty".to_owned()) } else { Ok(lexemes) }
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

fn operator(rest: &str) -> Result<(Lexeme, usize), String> {
    let known = [("<=", Op::Le), (">=", Op::Ge), ("!=", Op::Ne), ("=", Op::Eq)];
    let short = [("<", Op::Lt), (">", Op::Gt)];
    let found = known.iter().chain(&short).find(|(sign, _)| rest.starts_with(sign));
    match found {
        Some((sign, op)) => Ok((Lexeme::Op(*op), sign.len())),
        None => Err("the operator ! is not supported; write not(…)".to_owned()),
    }
}

fn number_literal(rest: &str) -> Result<(Lexeme, usize), String> {
    let part = |c: char| !(c.is_ascii_digit() || c == '.');
    let end = rest[1..].find(part).map_or(rest.len(), |end| end + 1);
    match Number::parse(&rest[..end]) {
        Some(number) => Ok((Lexeme::Const(Value::Num(number)), end)),
        None => Err(format!("{} is not a number", &rest[..end])),
    }
}

fn text_literal(rest: &str) -> Result<(Lexeme, usize), String> {
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((Lexeme::Const(Value::Str(text)), at + 1)),
            '\\' => match chars.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, c @ ('"' | '\\'))) => text.push(c),
                _ => return Err("unknown escape in a text".to_owned()),
            },
            _ => text.push(c),
        }
    }
    Err("a text is not closed".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str) -> bool {
        let data = |name: &str| match name {
            "outcome" => Some(Value::from("approve")),
            "fee.due" => Some(Value::from(150_000)),
            "duty" => Some(Value::from(true)),
            _ => None,
        };
        Condition::parse(text).expect(text).holds(&data)
    }

    #[test]
    fn comparisons_and_logic() {
        for text in [
            "outcome = \"approve\"",
            "outcome != \"refuse\" and fee.due >= 150000",
            "fee.due > 149999.99 and fee.due<150000.5 and -1 < fee.due",
            "duty",
            "not(duty = false) or missing",
            "(missing = null)",
            "duty = true and not(outcome = \"x\" or fee.due = 0)",
            "\"a\" < \"b\"",
            "1.50 = 1.5",
        ] {
            assert!(holds(text), "{text}");
        }
        for text in [
            "missing",
            "not(missing)",
            "missing > 3",
            "outcome = 3",
            "not(outcome = 3)",
            "duty < true",
            "outcome",
            "false or missing",
            "missing and duty",
        ] {
            assert!(!holds(text), "{text}");
        }
    }

    #[test]
    fn what_is_not_in_the_subset_is_refused_with_a_reason() {
        let deep = format!("{}a{}", "(".repeat(40), ")".repeat(40));
        let long = "a or ".repeat(500) + "a";
        for (text, reason) in [
            ("", "empty"),
            ("${outcome == 'x'}", "'$'"),
            ("a = ", "ends"),
            ("a = = b", "expected a value"),
            ("a b", "end of the condition"),
            ("count(a) > 3", "function count"),
            ("a + 1 > 3", "'+'"),
            ("!a", "operator !"),
            ("\"open", "not closed"),
            ("\"text\"", "true or false"),
            ("1.2.3 = a", "not a number"),
            ("99999999999999999999 = a", "not a number"),
            ("(a", "expected )"),
            ("not a", "after not"),
            (deep.as_str(), "nest deeper"),
            (long.as_str(), "longer than"),
        ] {
            let refusal = Condition::parse(text).expect_err(text);
            assert!(refusal.contains(reason), "{text}: {refusal}");
        }
    }
}
