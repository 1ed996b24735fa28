//! Turns conditions and scripts of other engines into FEEL text or a small closed form.
//!
//! An adapter for checks, runs and imports of outside models; the engine itself speaks FEEL only.
//! `betsy` is the suite of that name (scripts are single words), `juel` are the forms `${name}`,
//! `${!name}` and `${name OP literal}` with their combinations by `&&`, `||` and brackets.

use crate::bpmn::{Definitions, Loop, Trigger};
use crate::limits;
use crate::model::Element;
use crate::problem::Problem;

/// How the expressions of a file are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Dialect {
    /// FEEL.
    #[default]
    Feel,
    /// The words of the betsy suite.
    Betsy,
    /// `${…}` and `#{…}`.
    Juel,
}

/// A script in closed form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Script {
    /// Does nothing.
    Nothing,
    /// Leaves a mark in the log.
    Mark(String),
    /// Adds 1 to `integerVariable` and may leave a mark.
    Increment {
        /// The mark.
        mark: Option<String>,
    },
    /// Sets the variable, property or data object named `data`.
    SetData {
        /// Its new value.
        value: String,
    },
    /// Leaves the mark `data:` with the value of `data`.
    LogData,
    /// Throws a BPMN error.
    Throw {
        /// Its code.
        code: String,
    },
    /// Takes time on the clock of the run, and may leave a mark with begin and end.
    Wait {
        /// Length in seconds.
        seconds: u32,
        /// The mark.
        mark: Option<String>,
    },
    /// FEEL text to be evaluated.
    Feel(String),
}

/// A duration, date or cycle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Time {
    /// As written in the file.
    Literal(String),
    /// FEEL text that gives it.
    Feel(String),
}

/// What a wait of the betsy suite takes.
const BETSY_SECONDS: u32 = 10;

impl Dialect {
    /// The dialect of a name: `feel`, `betsy`, `juel`.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "feel" => Some(Self::Feel),
            "betsy" => Some(Self::Betsy),
            "juel" => Some(Self::Juel),
            _ => None,
        }
    }

    /// A condition, cardinality or collection as FEEL text.
    ///
    /// # Errors
    /// What was expected, and what was found.
    pub fn expression(self, text: &str) -> Result<String, String> {
        let text = text.trim();
        match self {
            Self::Feel => Ok(text.strip_prefix('=').map_or(text, str::trim).to_owned()),
            Self::Betsy => {
                let inner = unwrapped(text).unwrap_or(text);
                translate(inner.strip_suffix('>').unwrap_or(inner))
            }
            Self::Juel => match unwrapped(text) {
                Some(inner) => translate(inner),
                None if is_name(text) || text.parse::<f64>().is_ok() => Ok(text.to_owned()),
                None => Err(format!("expected ${{…}} or #{{…}}, but found {text:?}")),
            },
        }
    }

    /// A duration, date or cycle.
    ///
    /// # Errors
    /// What was expected, and what was found.
    pub fn time(self, text: &str) -> Result<Time, String> {
        let text = text.trim();
        match self {
            Self::Feel => Ok(match text.strip_prefix('=') {
                Some(feel) => Time::Feel(feel.trim().to_owned()),
                None => Time::Literal(text.to_owned()),
            }),
            Self::Betsy | Self::Juel => match unwrapped(text) {
                Some(inner) => translate(inner).map(Time::Feel),
                None if text.contains("${") || text.contains("#{") => {
                    Err(format!("expected a duration, a date or one ${{…}}, but found {text:?}"))
                }
                None => Ok(Time::Literal(text.to_owned())),
            },
        }
    }

    /// The text of a script task in closed form.
    ///
    /// # Errors
    /// What was expected, and what was found.
    pub fn script(self, text: &str) -> Result<Script, String> {
        match self {
            Self::Feel => self.expression(text).map(Script::Feel),
            Self::Betsy => betsy_script(text.trim()),
            Self::Juel => match text.trim() {
                "" => Ok(Script::Nothing),
                text => self.expression(text).map(Script::Feel),
            },
        }
    }

    /// Problems with the expressions and scripts of a file, each with its element and line.
    #[must_use]
    pub fn check(self, view: &Definitions<'_>) -> Vec<Problem> {
        let mut problems = Vec::new();
        if self == Self::Feel {
            return problems;
        }
        let mut note = |element: &Element, line: usize, result: Result<(), String>| {
            if let (Err(reason), true) = (result, problems.len() < limits::PROBLEMS) {
                let id = element.attr("id").unwrap_or_default();
                let name = element.attr("name").unwrap_or_default();
                let kind = &element.local;
                problems.push(Problem::error(
                    "bad-expression",
                    view.file,
                    line,
                    (id, name),
                    kind,
                    reason,
                ));
            }
        };
        for flow in &view.flows {
            if let Some(condition) = flow.condition {
                note(flow.element, condition.line, self.expression(condition.text).map(drop));
            }
        }
        for node in &view.nodes {
            if let Some((script, line)) = node.script() {
                note(node.element, line, self.script(script).map(drop));
            }
            for definition in &node.triggers {
                for (_, time) in definition.times() {
                    note(node.element, time.line, self.time(time.text).map(drop));
                }
                let condition = definition.condition().filter(|c| !c.text.is_empty());
                if let (Some(condition), Trigger::Conditional) = (condition, definition.trigger) {
                    note(node.element, condition.line, self.expression(condition.text).map(drop));
                }
            }
            let expressions = match node.looping {
                Some(Loop::Standard { condition, .. }) => [condition, None],
                Some(Loop::Multi { cardinality, completion, .. }) => [cardinality, completion],
                None => [None, None],
            };
            for expression in expressions.into_iter().flatten() {
                note(node.element, expression.line, self.expression(expression.text).map(drop));
            }
        }
        problems
    }
}

fn betsy_script(word: &str) -> Result<Script, String> {
    let span = |mark: &str| Script::Wait { seconds: BETSY_SECONDS, mark: Some(mark.to_owned()) };
    Ok(match word {
        "CREATE_LOG_FILE" => Script::Nothing,
        "CREATE_MARKER_FILE" => Script::Mark("marker".to_owned()),
        "SCRIPT_task1" | "SCRIPT_task2" | "SCRIPT_task3" | "SCRIPT_task4" | "SCRIPT_task5" => {
            Script::Mark(word.trim_start_matches("SCRIPT_").to_owned())
        }
        "INCREMENT_INTEGER_VARIABLE" => Script::Increment { mark: None },
        "INCREMENT_INTEGER_VARIABLE_AND_LOG" => {
            Script::Increment { mark: Some("increment".to_owned()) }
        }
        "SET_STRING_DATA" => Script::SetData { value: "String".to_owned() },
        "LOG_DATA" => Script::LogData,
        "THROW_ERROR" => Script::Throw { code: "ERR_CODE".to_owned() },
        "WAIT_TEN_SECONDS" => Script::Wait { seconds: BETSY_SECONDS, mark: None },
        "CREATE_TIMESTAMP_LOG_1" => span("span1"),
        "CREATE_TIMESTAMP_LOG_2" => span("span2"),
        _ => return Err(format!("expected a word of the betsy suite, but found {word:?}")),
    })
}

/// The text inside one `${…}` or `#{…}` that spans the whole.
fn unwrapped(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("${").or_else(|| text.strip_prefix("#{"))?.strip_suffix('}')?;
    if inner.contains(['{', '}']) { None } else { Some(inner.trim()) }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
}

#[derive(Clone, PartialEq, Debug)]
enum Token {
    Name(String),
    /// A number, or a text in double quotes as FEEL writes it.
    Literal(String),
    Sign(&'static str),
}

/// Signs and words, longer ones first, with what FEEL writes.
const SIGNS: &[(&str, &str)] = &[
    ("==", "="),
    ("!=", "!="),
    ("<=", "<="),
    (">=", ">="),
    ("&&", "and"),
    ("||", "or"),
    ("<", "<"),
    (">", ">"),
    ("!", "!"),
    ("(", "("),
    (")", ")"),
    (",", ","),
];

const WORDS: &[(&str, &str)] = &[
    ("eq", "="),
    ("ne", "!="),
    ("le", "<="),
    ("ge", ">="),
    ("lt", "<"),
    ("gt", ">"),
    ("and", "and"),
    ("or", "or"),
    ("not", "!"),
];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let (mut rest, mut found) = (text.trim_start(), Vec::new());
    while let Some(first) = rest.chars().next() {
        let length = if let Some((sign, feel)) = SIGNS.iter().find(|(s, _)| rest.starts_with(s)) {
            found.push(Token::Sign(feel));
            sign.len()
        } else if matches!(first, '"' | '\'') {
            let (inner, length) = quoted(rest, first)?;
            found.push(Token::Literal(inner));
            length
        } else if first.is_ascii_digit() || first == '-' {
            let digits = rest.get(1..).unwrap_or_default();
            let digits = digits.find(|c: char| !c.is_ascii_digit() && c != '.');
            let length = digits.map_or(rest.len(), |end| end + 1);
            let number = rest.get(..length).unwrap_or_default();
            number.parse::<f64>().map_err(|_| format!("{number:?} is no number"))?;
            found.push(Token::Literal(number.to_owned()));
            length
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.')));
            let name = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
            if !is_name(name) {
                return Err(format!("{first:?} is not understood in {text:?}"));
            }
            found.push(match WORDS.iter().find(|(word, _)| *word == name) {
                Some((_, feel)) => Token::Sign(feel),
                None => Token::Name(name.to_owned()),
            });
            name.len()
        };
        rest = rest.get(length..).unwrap_or_default().trim_start();
    }
    Ok(found)
}

/// A quoted text as FEEL writes it, and the length of the original.
fn quoted(text: &str, quote: char) -> Result<(String, usize), String> {
    let mut feel = String::from("\"");
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => {
                if matches!(c, '"' | '\\') {
                    feel.push('\\');
                }
                feel.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            _ if c == quote => {
                feel.push('"');
                return Ok((feel, at + 1));
            }
            '"' => feel.push_str("\\\""),
            _ => feel.push(c),
        }
    }
    Err(format!("a text does not end in {text:?}"))
}

/// An expression of the closed forms as FEEL text.
fn translate(text: &str) -> Result<String, String> {
    if text.len() > limits::FEEL_BYTES {
        return Err(format!("it is longer than {} bytes", limits::FEEL_BYTES));
    }
    let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0 };
    let (feel, _) = reader.either()?;
    match reader.tokens.get(reader.at) {
        None => Ok(feel),
        Some(_) => Err(format!("only names, comparisons, !, && and || are understood: {text:?}")),
    }
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
}

impl Reader {
    fn sign(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        match self.tokens.get(self.at) {
            Some(Token::Sign(sign)) if signs.contains(sign) => {
                self.at += 1;
                Some(sign)
            }
            _ => None,
        }
    }

    /// FEEL text, and whether it is one name.
    fn either(&mut self) -> Result<(String, bool), String> {
        let (mut feel, mut name) = self.both()?;
        while self.sign(&["or"]).is_some() {
            feel = format!("{feel} or {}", self.both()?.0);
            name = false;
        }
        Ok((feel, name))
    }

    fn both(&mut self) -> Result<(String, bool), String> {
        let (mut feel, mut name) = self.comparison()?;
        while self.sign(&["and"]).is_some() {
            feel = format!("{feel} and {}", self.comparison()?.0);
            name = false;
        }
        Ok((feel, name))
    }

    fn comparison(&mut self) -> Result<(String, bool), String> {
        let (left, name) = self.one()?;
        match self.sign(&["=", "!=", "<=", ">=", "<", ">"]) {
            Some(sign) => Ok((format!("{left} {sign} {}", self.one()?.0), false)),
            None => Ok((left, name)),
        }
    }

    fn one(&mut self) -> Result<(String, bool), String> {
        self.depth += 1;
        if self.depth > limits::FEEL_DEPTH {
            return Err(format!("it nests deeper than {}", limits::FEEL_DEPTH));
        }
        let found = self.nested();
        self.depth -= 1;
        found
    }

    fn nested(&mut self) -> Result<(String, bool), String> {
        if self.sign(&["!"]).is_some() {
            let (inner, name) = self.one()?;
            // A name without value counts as false there, and as null in FEEL.
            let feel = if name { format!("not({inner} = true)") } else { format!("not({inner})") };
            return Ok((feel, false));
        }
        if self.sign(&["("]).is_some() {
            let (inner, _) = self.either()?;
            return match self.sign(&[")"]) {
                Some(_) => Ok((format!("({inner})"), false)),
                None => Err("a bracket is not closed".to_owned()),
            };
        }
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match token {
            Some(Token::Literal(literal)) => Ok((literal, false)),
            Some(Token::Name(name)) if self.sign(&["("]).is_some() => self.call(&name),
            Some(Token::Name(name)) => {
                let plain = !matches!(name.as_str(), "true" | "false" | "null");
                Ok((name, plain))
            }
            Some(Token::Sign(sign)) => Err(format!("expected a name or a value, but found {sign}")),
            None => Err("expected a name or a value, but found the end".to_owned()),
        }
    }

    /// `name.contains("a")`, the one call that is understood.
    fn call(&mut self, name: &str) -> Result<(String, bool), String> {
        let (Some(holder), Some(Token::Literal(part))) =
            (name.strip_suffix(".contains"), self.tokens.get(self.at).cloned())
        else {
            return Err(format!("the call {name}(…) is not understood"));
        };
        self.at += 1;
        match self.sign(&[")"]) {
            Some(_) => Ok((format!("contains({holder}, {part})"), false)),
            None => Err(format!("the call {name}(…) is not understood")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn betsy_conditions() {
        for (text, feel) in [
            ("test.contains(\"a\")", "contains(test, \"a\")"),
            (" \n test.contains(\"a\")> ", "contains(test, \"a\")"),
            ("!test.contains('a')", "not(contains(test, \"a\"))"),
            ("${integerVariable}", "integerVariable"),
            ("integerVariable<3", "integerVariable < 3"),
            ("activationCount >= 1", "activationCount >= 1"),
            ("false", "false"),
            ("3", "3"),
        ] {
            assert_eq!(Dialect::Betsy.expression(text).as_deref(), Ok(feel), "{text}");
        }
        assert_eq!(Dialect::Betsy.script(" SCRIPT_task5 "), Ok(Script::Mark("task5".into())));
        assert!(Dialect::Betsy.script("SCRIPT_task6").is_err());
        assert!(Dialect::Betsy.script("System.exit(0)").is_err());
    }

    #[test]
    fn juel_forms() {
        for (text, feel) in [
            ("${approved}", "approved"),
            ("#{ !approved }", "not(approved = true)"),
            ("${amount == 5}", "amount = 5"),
            ("${a != 'x\"y'}", "a != \"x\\\"y\""),
            ("${a >= -1.5 && b || !(c lt 3)}", "a >= -1.5 and b or not((c < 3))"),
            ("${order.total gt 3 and ok eq true}", "order.total > 3 and ok = true"),
            ("3", "3"),
            ("names", "names"),
        ] {
            assert_eq!(Dialect::Juel.expression(text).as_deref(), Ok(feel), "{text}");
        }
        for bad in [
            "",
            "${",
            "${}",
            "a b",
            "${a}${b}",
            "${a.b(1)}",
            "${x = 1}",
            "${a ? b : c}",
            "${a +}",
            "${\"a}",
            "${(a}",
            "${a) }",
            "PT${n}S",
            "${a == }",
            "${1.2.3}",
        ] {
            assert!(Dialect::Juel.expression(bad).is_err(), "{bad}");
        }
        let deep = format!("${{{}a{}}}", "(".repeat(500), ")".repeat(500));
        assert!(Dialect::Juel.expression(&deep).is_err());
    }

    #[test]
    fn times() {
        assert_eq!(Dialect::Juel.time("PT1H"), Ok(Time::Literal("PT1H".into())));
        assert_eq!(Dialect::Juel.time("${wait}"), Ok(Time::Feel("wait".into())));
        assert_eq!(Dialect::Feel.time("= d"), Ok(Time::Feel("d".into())));
        assert_eq!(Dialect::Betsy.time(" PT5S "), Ok(Time::Literal("PT5S".into())));
        assert!(Dialect::Juel.time("PT${n}S").is_err());
    }
}
