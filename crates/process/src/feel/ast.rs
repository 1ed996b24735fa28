//! The tree of an expression. Chains are flat, so that its depth is only that of its brackets.

use std::fmt;
use std::sync::Arc;

use super::EvalError;
use super::eval::Machine;
use super::types::Type;
use crate::value::Value;

/// A part of an expression and the byte where it begins.
#[derive(Clone, Debug)]
pub(crate) struct Expr {
    pub(crate) at: usize,
    pub(crate) kind: Kind,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Literal(Value),
    Name(Arc<str>),
    Negate(Box<Expr>),
    /// A first operand and what is done with it, from left to right.
    Chain(Box<Expr>, Vec<(Op, Expr)>),
    All(Vec<Expr>),
    Some(Vec<Expr>),
    /// The value, its lower and its upper bound.
    Between(Box<[Expr; 3]>),
    In(Box<Expr>, Tests),
    /// Condition, then, else.
    If(Box<[Expr; 3]>),
    For(Vec<(Arc<str>, Over)>, Box<Expr>),
    /// Whether every one is asked for, else some.
    Quantified(bool, Vec<(Arc<str>, Over)>, Box<Expr>),
    /// A value and what follows it: `.name`, `[filter]`, `(arguments)`, `instance of`.
    Tail(Box<Expr>, Vec<(usize, Link)>),
    List(Vec<Expr>),
    Context(Vec<(Arc<str>, Expr)>),
    Range(Box<RangeExpr>),
    Function(Arc<Lambda>),
    /// Logic of another notation, such as a decision table.
    Boxed(Arc<dyn Boxed>),
}

#[derive(Clone, Debug)]
pub(crate) struct RangeExpr {
    pub(crate) low: Option<Expr>,
    pub(crate) high: Option<Expr>,
    pub(crate) low_included: bool,
    pub(crate) high_included: bool,
}

/// What an iteration runs over.
#[derive(Clone, Debug)]
pub(crate) enum Over {
    List(Expr),
    Span(Expr, Expr),
}

#[derive(Clone, Debug)]
pub(crate) enum Link {
    Path(Arc<str>),
    Filter(Expr),
    Call(Args),
    InstanceOf(Type),
}

#[derive(Clone, Debug)]
pub(crate) enum Args {
    Placed(Vec<Expr>),
    Named(Vec<(Arc<str>, Expr)>),
}

/// A function that an expression defines.
#[derive(Clone, Debug)]
pub(crate) struct Lambda {
    pub(crate) params: Vec<(Arc<str>, Type)>,
    pub(crate) body: Expr,
}

/// Logic that is not written in FEEL itself but evaluated by the same machine.
pub(crate) trait Boxed: fmt::Debug + Send + Sync {
    fn eval(&self, machine: &mut Machine<'_>) -> Result<Value, EvalError>;
    /// Calls back with each expression inside.
    fn parts(&self, visit: &mut dyn FnMut(&Expr));
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Op {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Compare(Compare),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Compare {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// Unary tests: any of the list must hold, or none if negated. An empty list holds always (`-`).
#[derive(Clone, Default, Debug)]
pub(crate) struct Tests {
    pub(crate) negated: bool,
    pub(crate) list: Vec<Test>,
}

#[derive(Clone, Debug)]
pub(crate) enum Test {
    Compare(Compare, Expr),
    Value(Expr),
}
