//! Functions as values: built in, defined by an expression, or made by a decision model.

use std::fmt;
use std::sync::Arc;

use super::ast::Lambda;
use super::builtins::Builtin;
use crate::value::{Value, Weight};

/// A function; two are equal when they are the same one.
#[derive(Clone)]
pub struct Function(pub(crate) Kind);

#[derive(Clone)]
pub(crate) enum Kind {
    Builtin(&'static Builtin),
    /// With the names that were visible where it was defined.
    Defined(Arc<Closure>),
}

pub(crate) struct Closure {
    pub(crate) lambda: Arc<Lambda>,
    pub(crate) names: Vec<(Arc<str>, Value)>,
    /// The name by which it may call itself.
    pub(crate) own: Option<Arc<str>>,
}

impl Function {
    /// A defined function keeps all that it can see.
    pub(crate) fn weight(&self) -> Weight {
        match &self.0 {
            Kind::Builtin(_) => Weight { size: 1, depth: 0 },
            Kind::Defined(closure) => {
                let held = Weight::around(closure.names.iter().map(|(_, value)| value));
                Weight { size: 1, depth: held.depth }
            }
        }
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Kind::Builtin(a), Kind::Builtin(b)) => a.name == b.name,
            (Kind::Defined(a), Kind::Defined(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

impl Eq for Function {}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Builtin(builtin) => write!(f, "function {}", builtin.name),
            Kind::Defined(closure) => {
                let names: Vec<&str> =
                    closure.lambda.params.iter().map(|(name, _)| &**name).collect();
                write!(f, "function({})", names.join(", "))
            }
        }
    }
}
