//! Evaluates a tree within bounds of steps, depth and size.

mod call;
mod compare;
mod iterate;
mod operate;

use std::sync::Arc;

use super::ast::{Expr, Kind, Lambda, Link, RangeExpr};
use super::function::{Closure, Function, Kind as FunctionKind};
use super::{EvalError, Limit, Note, Scope};
use crate::limits;
use crate::value::{Context, Range, Value, Weight};

pub(crate) use call::coerced;
pub(crate) use compare::{equal, in_range, order};
pub(crate) use iterate::{by_order, index, merged};
pub(crate) use operate::SERIES_STEPS;

/// One evaluation: where names come from, what is bound, what is left of the budget.
pub(crate) struct Machine<'s> {
    pub(super) scope: &'s dyn Scope,
    locals: Vec<(Arc<str>, Value)>,
    steps: u64,
    depth: usize,
    at: usize,
    pub(crate) notes: Vec<Note>,
}

type Eval<T> = Result<T, EvalError>;

impl<'s> Machine<'s> {
    pub(crate) fn new(scope: &'s dyn Scope) -> Self {
        let (locals, notes) = (Vec::new(), Vec::new());
        Self { scope, locals, steps: limits::EVAL_STEPS, depth: 0, at: 0, notes }
    }

    /// The error of a limit, here.
    pub(crate) fn over(&self, limit: Limit) -> EvalError {
        EvalError { position: self.at, limit }
    }

    /// Takes steps from the budget.
    pub(crate) fn spend(&mut self, steps: usize) -> Eval<()> {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                Ok(())
            }
            None => Err(self.over(Limit::Steps)),
        }
    }

    /// Null, with a remark on why.
    pub(crate) fn null(&mut self, message: impl Into<String>) -> Value {
        if self.notes.len() < limits::NOTES {
            self.notes.push(Note { position: self.at, message: message.into() });
        }
        Value::Null
    }

    /// A list, if it is within the limits.
    pub(crate) fn list(&mut self, items: Vec<Value>) -> Eval<Value> {
        self.spend(items.len())?;
        if items.len() > limits::LIST_ITEMS {
            return Err(self.over(Limit::ListItems));
        }
        self.made(Value::from(items))
    }

    /// A context, if it is within the limits.
    pub(crate) fn context(&mut self, context: Context) -> Eval<Value> {
        self.spend(context.len())?;
        if context.len() > limits::CONTEXT_ENTRIES {
            return Err(self.over(Limit::ListItems));
        }
        self.made(Value::from(context))
    }

    /// A text, if it is within the limits. Its length is paid for.
    pub(crate) fn text(&mut self, text: impl Into<Arc<str>>) -> Eval<Value> {
        let text = text.into();
        self.spend(text.len() / TEXT_BYTES_A_STEP)?;
        if text.len() > limits::TEXT_BYTES {
            return Err(self.over(Limit::TextBytes));
        }
        Ok(Value::Str(text))
    }

    fn made(&self, value: Value) -> Eval<Value> {
        let weight = Weight::of(&value);
        if weight.size > limits::VALUE_SIZE {
            Err(self.over(Limit::ListItems))
        } else if weight.depth > limits::VALUE_DEPTH {
            Err(self.over(Limit::Depth))
        } else {
            Ok(value)
        }
    }

    /// Binds names while `run` runs.
    pub(crate) fn with<T>(
        &mut self,
        names: impl IntoIterator<Item = (Arc<str>, Value)>,
        run: impl FnOnce(&mut Self) -> Eval<T>,
    ) -> Eval<T> {
        let before = self.locals.len();
        self.locals.extend(names);
        let found = run(self);
        self.locals.truncate(before);
        found
    }

    /// The value of a name: bound, from the scope, or a built-in function.
    pub(crate) fn look(&self, name: &str) -> Option<Value> {
        let bound = self.locals.iter().rev().find(|(known, _)| **known == *name);
        bound.map(|(_, value)| value.clone()).or_else(|| self.scope.get(name)).or_else(|| {
            Some(Value::Function(Function(FunctionKind::Builtin(super::builtins::find(name)?))))
        })
    }

    pub(crate) fn eval(&mut self, expr: &Expr) -> Eval<Value> {
        self.spend(1)?;
        let (before, at) = (self.depth, self.at);
        self.at = expr.at;
        self.depth += 1;
        if self.depth > limits::EVAL_DEPTH {
            return Err(self.over(Limit::Depth));
        }
        let value = self.eval_kind(&expr.kind)?;
        (self.depth, self.at) = (before, at);
        Ok(value)
    }

    fn eval_kind(&mut self, kind: &Kind) -> Eval<Value> {
        match kind {
            Kind::Literal(value) => Ok(value.clone()),
            Kind::Name(name) => Ok(self.name(name)),
            Kind::Negate(inner) => {
                let value = self.eval(inner)?;
                Ok(self.negated(&value))
            }
            Kind::Chain(first, rest) => self.chain(first, rest),
            Kind::All(parts) => self.joined(parts, false),
            Kind::Some(parts) => self.joined(parts, true),
            Kind::Between(three) => self.between(three),
            Kind::In(value, tests) => {
                let value = self.eval(value)?;
                self.inside(tests, &value)
            }
            Kind::If(three) => {
                let [condition, then, other] = &**three;
                let truth = self.eval(condition)?;
                self.eval(if truth == Value::Bool(true) { then } else { other })
            }
            Kind::For(overs, body) => self.iterated(overs, body),
            Kind::Quantified(every, overs, body) => self.quantified(*every, overs, body),
            Kind::Tail(first, links) => self.tail(first, links),
            Kind::List(items) => {
                let items = items.iter().map(|item| self.eval(item));
                let items = items.collect::<Eval<Vec<_>>>()?;
                self.list(items)
            }
            Kind::Context(entries) => self.entries(entries),
            Kind::Range(range) => self.range(range),
            Kind::Function(lambda) => self.function(lambda, None),
            Kind::Boxed(boxed) => boxed.eval(self),
        }
    }

    fn function(&mut self, lambda: &Arc<Lambda>, own: Option<Arc<str>>) -> Eval<Value> {
        self.spend(self.locals.len())?;
        let closure = Closure { lambda: lambda.clone(), names: self.locals.clone(), own };
        self.made(Value::Function(Function(FunctionKind::Defined(Arc::new(closure)))))
    }

    fn name(&mut self, name: &str) -> Value {
        match self.look(name) {
            Some(value) => value,
            None => self.null(format!("there is no name {name:?}")),
        }
    }

    fn entries(&mut self, entries: &[(Arc<str>, Expr)]) -> Eval<Value> {
        let before = self.locals.len();
        let mut context = Context::default();
        let mut result = Ok(());
        for (name, part) in entries {
            let value = match &part.kind {
                // A function may call itself by the name of its entry.
                Kind::Function(lambda) => self.function(lambda, Some(name.clone())),
                _ => self.eval(part),
            };
            match value {
                Ok(value) => {
                    self.locals.push((name.clone(), value.clone()));
                    context.put(name.clone(), value);
                }
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        self.locals.truncate(before);
        result?;
        self.context(context)
    }

    fn range(&mut self, range: &RangeExpr) -> Eval<Value> {
        let mut end = |expr: &Option<Expr>| match expr {
            Some(expr) => self.eval(expr),
            None => Ok(Value::Null),
        };
        let (low, high) = (end(&range.low)?, end(&range.high)?);
        let named = range.low.is_some() && low.is_null() || range.high.is_some() && high.is_null();
        let order = order(&low, &high);
        let open = low.is_null() || high.is_null();
        if (named && low.is_null() && high.is_null()) || (!open && order.is_none()) {
            let what = format!("no range from {} to {}", low.kind(), high.kind());
            return Ok(self.null(what));
        }
        if [&low, &high]
            .iter()
            .any(|end| matches!(end, Value::List(_) | Value::Context(_) | Value::Function(_)))
        {
            return Ok(self.null("the end of a range is not a single value"));
        }
        let (low_included, high_included) = (range.low_included, range.high_included);
        Ok(Value::Range(Arc::new(Range { low, high, low_included, high_included })))
    }

    /// A value with its paths, filters and calls. A scope may also know a path as one name.
    fn tail(&mut self, first: &Expr, links: &[(usize, Link)]) -> Eval<Value> {
        let mut links = links.iter().peekable();
        let mut value = match &first.kind {
            Kind::Name(root) if self.look(root).is_none() => {
                let mut path = root.to_string();
                let mut found = None;
                while let Some((_, Link::Path(part))) = links.peek() {
                    path.push('.');
                    path.push_str(part);
                    links.next();
                    found = self.look(&path);
                    if found.is_some() {
                        break;
                    }
                }
                match found {
                    Some(value) => value,
                    None => self.null(format!("there is no name {path:?}")),
                }
            }
            _ => self.eval(first)?,
        };
        for (at, link) in links {
            self.spend(1)?;
            self.at = *at;
            value = match link {
                Link::Path(name) => self.path(&value, name)?,
                Link::Filter(filter) => self.filter(value, filter)?,
                Link::Call(args) => self.call(&value, args)?,
                Link::InstanceOf(of) => Value::Bool(of.holds(&value)),
            };
        }
        Ok(value)
    }
}

/// So many bytes of a new text cost one step.
const TEXT_BYTES_A_STEP: usize = 64;
