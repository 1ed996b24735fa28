//! Reads FEEL (DMN 10.3.1.2) into a tree, without a separate list of lexemes.
//!
//! What a name is depends on the names known at its place, so characters are looked at on the way.

mod brackets;
mod expr;
mod primary;
mod tests;
mod types;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::FeelError;
use super::ast::{Expr, Kind, Tests};
use super::names::{Names, is_part, is_start};
use super::types::Type;
use crate::limits;

/// What a reader must know: names with blanks or signs, and types by name.
#[derive(Clone, Default, Debug)]
pub struct Known {
    /// Names of variables, functions and parts of contexts.
    pub names: Names,
    /// Types by name.
    pub types: BTreeMap<String, Type>,
}

pub(super) struct Parser<'t> {
    text: &'t str,
    at: usize,
    known: &'t Known,
    /// Names that the expression itself introduces.
    own: Names,
    depth: usize,
    /// Whether `[` ends the expression, as at the upper end of a range.
    range_end: bool,
}

/// Names with blanks that every expression may use: functions and properties.
static BUILT_IN: LazyLock<Names> = LazyLock::new(|| {
    let functions = super::builtins::names().filter(|name| name.contains(' '));
    functions.chain(["time offset", "start included", "end included"]).collect()
});

type Read<T> = Result<T, FeelError>;

const RESERVED: &[&str] = &[
    "and",
    "between",
    "else",
    "every",
    "false",
    "for",
    "function",
    "if",
    "in",
    "instance",
    "null",
    "or",
    "return",
    "satisfies",
    "some",
    "then",
    "true",
];

pub(super) fn expression(text: &str, known: &Known) -> Read<Expr> {
    let mut parser = Parser::new(text, known)?;
    let expr = parser.expr()?;
    parser.end()?;
    Ok(expr)
}

pub(super) fn unary_tests(text: &str, known: &Known) -> Read<Tests> {
    let mut parser = Parser::new(text, known)?;
    let tests = parser.cell()?;
    parser.end()?;
    Ok(tests)
}

impl<'t> Parser<'t> {
    fn new(text: &'t str, known: &'t Known) -> Read<Self> {
        let own = Names::default();
        let parser = Self { text, at: 0, known, own, depth: 0, range_end: false };
        if text.len() > limits::EXPRESSION_BYTES {
            return parser.fail(format!("longer than {} bytes", limits::EXPRESSION_BYTES));
        }
        if text.trim().is_empty() {
            return parser.fail("the expression is empty");
        }
        Ok(parser)
    }

    fn fail<T>(&self, message: impl Into<String>) -> Read<T> {
        Err(FeelError { position: self.at, message: message.into() })
    }

    fn wanted<T>(&self, what: &str) -> Read<T> {
        let rest: String = self.rest().chars().take(20).collect();
        if rest.is_empty() {
            return self.fail(format!("expected {what}, but the expression ends"));
        }
        self.fail(format!("expected {what}, but found {rest:?}"))
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn end(&mut self) -> Read<()> {
        self.blank()?;
        if self.rest().is_empty() { Ok(()) } else { self.wanted("the end of the expression") }
    }

    /// Passes blanks and comments.
    fn blank(&mut self) -> Read<()> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if trimmed.starts_with("//") {
                self.at += trimmed.find('\n').unwrap_or(trimmed.len());
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                match comment.find("*/") {
                    Some(length) => self.at += length + 4,
                    None => return self.fail("a comment is not closed"),
                }
            } else {
                return Ok(());
            }
        }
    }

    /// The next character after blanks.
    fn peek(&mut self) -> Read<Option<char>> {
        self.blank()?;
        Ok(self.rest().chars().next())
    }

    fn sign(&mut self, sign: &str) -> Read<bool> {
        self.blank()?;
        let here = self.rest().starts_with(sign);
        self.at += if here { sign.len() } else { 0 };
        Ok(here)
    }

    fn need(&mut self, sign: &str) -> Read<()> {
        if self.sign(sign)? { Ok(()) } else { self.wanted(sign) }
    }

    /// Whether this word comes next, as a whole word.
    fn sees(&mut self, word: &str) -> Read<bool> {
        self.blank()?;
        let after = self.rest().strip_prefix(word);
        Ok(after.is_some_and(|rest| !rest.chars().next().is_some_and(is_part)))
    }

    fn word(&mut self, word: &str) -> Read<bool> {
        let here = self.sees(word)?;
        self.at += if here { word.len() } else { 0 };
        Ok(here)
    }

    fn need_word(&mut self, word: &str) -> Read<()> {
        if self.word(word)? { Ok(()) } else { self.wanted(word) }
    }

    /// The longest known name that comes next.
    fn longest(&self) -> Option<(&str, usize)> {
        let sets = [&self.own, &self.known.names, &*BUILT_IN];
        let found = sets.map(|names| names.longest(self.rest()));
        found.into_iter().flatten().max_by_key(|(_, length)| *length)
    }

    /// A known name, the longest that fits, or else a single word that is not reserved.
    fn name(&mut self) -> Read<Option<String>> {
        self.blank()?;
        let word = word_of(self.rest());
        if let Some((name, length)) = self.longest().filter(|(_, length)| *length >= word.len())
            && !RESERVED.contains(&name)
        {
            let name = name.to_owned();
            self.at += length;
            return Ok(Some(name));
        }
        if word.is_empty() || RESERVED.contains(&word) {
            return Ok(None);
        }
        self.at += word.len();
        Ok(Some(word.to_owned()))
    }

    /// One step deeper in brackets.
    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        self.depth += 1;
        if self.depth > limits::EXPRESSION_DEPTH {
            return self.fail(format!("nests deeper than {}", limits::EXPRESSION_DEPTH));
        }
        let found = read(self)?;
        self.depth -= 1;
        Ok(found)
    }

    /// Reads with a fresh view of brackets: inside them `[` is a filter again.
    fn enclosed<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let before = std::mem::replace(&mut self.range_end, false);
        let found = read(self)?;
        self.range_end = before;
        Ok(found)
    }

    /// Tries to read; takes nothing if that fails.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Option<T> {
        let (at, depth, range_end) = (self.at, self.depth, self.range_end);
        let found = read(self);
        if found.is_err() {
            (self.at, self.depth, self.range_end) = (at, depth, range_end);
        }
        found.ok()
    }

    fn at(&mut self) -> Read<usize> {
        self.blank()?;
        Ok(self.at)
    }
}

/// The word at the beginning of a text, or nothing.
fn word_of(text: &str) -> &str {
    if !text.chars().next().is_some_and(is_start) {
        return "";
    }
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn expr(at: usize, kind: Kind) -> Expr {
    Expr { at, kind }
}
