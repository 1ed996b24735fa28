//! FEEL, the expression language of DMN: parsed once, evaluated within bounds, the same each time.
//!
//! Numbers are exact decimals. What goes wrong in an expression (a wrong type, a division by
//! zero) makes null and leaves a [`Note`]; only passing a limit is an [`EvalError`]. Neither clock
//! nor chance is looked at: `now()` and `today()` ask the [`Scope`].

pub(crate) mod ast;
pub(crate) mod builtins;
pub(crate) mod date;
pub(crate) mod duration;
pub(crate) mod eval;
pub(crate) mod function;
pub(crate) mod json;
mod names;
pub(crate) mod number;
mod parse;
mod show;
pub(crate) mod temporal;
pub(crate) mod time;
mod types;
pub(crate) mod walk;

use std::fmt;

pub use function::Function;
pub use names::{Names, tidy};
pub use parse::Known;
pub use types::Type;

pub use crate::value::{
    Context, Date, DateTime, Days, Months, Number, Offset, Range, Rounding, Time, Value,
};

use ast::{Expr, Tests};
use eval::Machine;

/// Why a text is not FEEL.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("at byte {position}: {message}")]
pub struct FeelError {
    /// Byte of the text where reading stopped.
    pub position: usize,
    /// What was expected, in English.
    pub message: String,
}

/// A limit that ended an evaluation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Limit {
    /// [`crate::limits::EVAL_STEPS`].
    Steps,
    /// [`crate::limits::EVAL_DEPTH`].
    Depth,
    /// [`crate::limits::LIST_ITEMS`].
    ListItems,
    /// [`crate::limits::TEXT_BYTES`].
    TextBytes,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Steps => "it takes too many steps",
            Self::Depth => "it nests too deep",
            Self::ListItems => "a list or context grows too long",
            Self::TextBytes => "a text grows too long",
        })
    }
}

/// An evaluation that was stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("at byte {position}: {limit}")]
pub struct EvalError {
    /// Byte of the text of the part that was evaluated.
    pub position: usize,
    /// The limit that was passed.
    pub limit: Limit,
}

/// What made a part of an expression null.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    /// Byte of the text where the part begins.
    pub position: usize,
    /// What was wrong, in English.
    pub message: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at byte {}: {}", self.position, self.message)
    }
}

/// Where an expression takes its names from. A function of a name is a scope.
pub trait Scope {
    /// The value of a name; `None` when there is no such name.
    fn get(&self, name: &str) -> Option<Value>;

    /// What `now()` and `today()` say; without it they are null.
    fn now(&self) -> Option<DateTime> {
        None
    }
}

impl<F: Fn(&str) -> Option<Value> + ?Sized> Scope for F {
    fn get(&self, name: &str) -> Option<Value> {
        self(name)
    }
}

impl Scope for Context {
    fn get(&self, name: &str) -> Option<Value> {
        Self::get(self, name).cloned()
    }
}

/// Whether two values are equal as FEEL compares them; what cannot be compared is not equal.
#[must_use]
pub fn equal(left: &Value, right: &Value) -> bool {
    eval::equal(left, right) == Some(true)
}

/// A value as `string()` writes it; a text stands for itself. One that would pass
/// [`crate::limits::TEXT_BYTES`] is empty.
#[must_use]
pub fn shown(value: &Value) -> String {
    show::text(value).unwrap_or_default()
}

/// A scope without names.
#[derive(Clone, Copy, Default, Debug)]
pub struct Nothing;

impl Scope for Nothing {
    fn get(&self, _: &str) -> Option<Value> {
        None
    }
}

/// A parsed expression with its text. Copies are as costly as parsing.
#[derive(Clone, Debug)]
pub struct Expression {
    text: String,
    expr: Expr,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Expression {
    /// Parses an expression in which names are single words.
    ///
    /// # Errors
    /// Where reading stopped and what was expected.
    pub fn parse(text: &str) -> Result<Self, FeelError> {
        Self::parse_known(text, &Known::default())
    }

    /// Parses an expression that may use these names; they may have blanks and signs.
    ///
    /// # Errors
    /// Where reading stopped and what was expected.
    pub fn parse_with_names<'n>(
        text: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<Self, FeelError> {
        let known = Known { names: names.into_iter().collect(), ..Known::default() };
        Self::parse_known(text, &known)
    }

    /// Parses an expression that may use these names and types.
    ///
    /// # Errors
    /// Where reading stopped and what was expected.
    pub fn parse_known(text: &str, known: &Known) -> Result<Self, FeelError> {
        Ok(Self { text: text.to_owned(), expr: parse::expression(text, known)? })
    }

    /// The expression as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its value.
    ///
    /// # Errors
    /// The limit that stopped it.
    pub fn eval(&self, scope: &dyn Scope) -> Result<Value, EvalError> {
        Machine::new(scope).eval(&self.expr)
    }

    /// Its value and what went wrong on the way.
    ///
    /// # Errors
    /// The limit that stopped it.
    pub fn eval_noted(&self, scope: &dyn Scope) -> Result<(Value, Vec<Note>), EvalError> {
        let mut machine = Machine::new(scope);
        let value = machine.eval(&self.expr)?;
        Ok((value, machine.notes))
    }

    /// Names it takes from the scope, sorted, each once; a path is given as far as it is plain
    /// (`loan.rate`). Names inside a filter may be entries of its items and are left out.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut free = walk::Free::of(Vec::new());
        free.walk(&self.expr);
        free.paths.into_iter().collect()
    }

    /// Whether a text literal with this content stands in it.
    #[must_use]
    pub fn mentions(&self, text: &str) -> bool {
        walk::mentions(&self.expr, text)
    }

    /// The value, if the expression is one literal.
    #[must_use]
    pub fn literal(&self) -> Option<&Value> {
        if let ast::Kind::Literal(value) = &self.expr.kind { Some(value) } else { None }
    }

    pub(crate) fn into_expr(self) -> Expr {
        self.expr
    }
}

/// Parsed unary tests (a cell of a decision table) with their text.
#[derive(Clone, Debug)]
pub struct UnaryTests {
    text: String,
    tests: Tests,
}

impl PartialEq for UnaryTests {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl UnaryTests {
    /// Parses tests in which names are single words.
    ///
    /// # Errors
    /// Where reading stopped and what was expected.
    pub fn parse(text: &str) -> Result<Self, FeelError> {
        Self::parse_known(text, &Known::default())
    }

    /// Parses tests that may use these names and types.
    ///
    /// # Errors
    /// Where reading stopped and what was expected.
    pub fn parse_known(text: &str, known: &Known) -> Result<Self, FeelError> {
        Ok(Self { text: text.to_owned(), tests: parse::unary_tests(text, known)? })
    }

    /// The tests as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the input passes; what cannot be said counts as no.
    ///
    /// # Errors
    /// The limit that stopped it.
    pub fn matches(&self, input: &Value, scope: &dyn Scope) -> Result<bool, EvalError> {
        Machine::new(scope).matches(&self.tests, input)
    }

    /// Names the tests take from the scope, as [`Expression::names`].
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut free = walk::Free::of(Vec::new());
        free.tests(&self.tests);
        free.paths.into_iter().collect()
    }

    pub(crate) fn into_tests(self) -> Tests {
        self.tests
    }
}
