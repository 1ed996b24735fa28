//! Paths, filters, `for`, `some` and `every` (DMN 10.3.2.5, 10.3.2.11, 10.3.2.14).

use std::cmp::Ordering;
use std::sync::Arc;

use super::{Eval, Machine, order};
use crate::feel::Limit;
use crate::feel::ast::{Expr, Kind, Over};
use crate::feel::builtins::property;
use crate::feel::walk::parts;
use crate::limits;
use crate::value::{Context, Value};

/// Values of one turn of an iteration.
enum Items {
    List(Arc<crate::value::List>),
    /// First, last, whether upwards.
    Numbers(i64, i64),
    Dates(crate::value::Date, crate::value::Date),
}

impl Items {
    fn get(&self, at: usize) -> Option<Value> {
        let step = i64::try_from(at).ok()?;
        match self {
            Self::List(list) => list.get(at).cloned(),
            Self::Numbers(from, to) if from <= to => {
                from.checked_add(step).filter(|n| n <= to).map(Value::from)
            }
            Self::Numbers(from, to) => from.checked_sub(step).filter(|n| n >= to).map(Value::from),
            Self::Dates(from, to) => {
                let day = from.plus_days(if from <= to { step } else { -step })?;
                let past = day.cmp(to);
                let end = if from <= to { Ordering::Greater } else { Ordering::Less };
                (past != end).then_some(Value::Date(day))
            }
        }
    }
}

impl Machine<'_> {
    pub(super) fn path(&mut self, value: &Value, name: &str) -> Eval<Value> {
        match value {
            Value::Context(context) => Ok(match context.get(name) {
                Some(value) => value.clone(),
                None => self.null(format!("the context has no entry {name:?}")),
            }),
            Value::List(items) => {
                let items = items.iter().map(|item| {
                    self.spend(1)?;
                    self.path(item, name)
                });
                let items = items.collect::<Eval<Vec<_>>>()?;
                self.list(items)
            }
            Value::Null => Ok(self.null(format!("{name:?} of null"))),
            other => Ok(match property(other, name) {
                Some(value) => value,
                None => self.null(format!("a {} has no {name:?}", other.kind())),
            }),
        }
    }

    /// Items by condition or by place, which counts from 1, or from the end if negative.
    pub(super) fn filter(&mut self, value: Value, filter: &Expr) -> Eval<Value> {
        let list = match value {
            Value::List(list) => list,
            Value::Null => Arc::new(Vec::new().into()),
            single => Arc::new(vec![single].into()),
        };
        let mut kept = Vec::new();
        for item in list.iter() {
            let mut names: Vec<(Arc<str>, Value)> = Vec::new();
            if let Value::Context(context) = item {
                names.extend(context.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            self.spend(1 + names.len())?;
            // An entry of that name hides the item itself.
            if !names.iter().any(|(name, _)| &**name == "item") {
                names.push(("item".into(), item.clone()));
            }
            match self.with(names, |machine| machine.eval(filter))? {
                Value::Bool(true) => kept.push(item.clone()),
                Value::Num(place) => return Ok(self.place(&list, &place)),
                _ => {}
            }
        }
        if list.is_empty()
            && let Value::Num(place) = self.eval(filter)?
        {
            return Ok(self.place(&list, &place));
        }
        self.list(kept)
    }

    fn place(&mut self, list: &[Value], place: &crate::value::Number) -> Value {
        let found = place.to_i64().and_then(|place| index(place, list.len()));
        match found.and_then(|at| list.get(at)) {
            Some(item) => item.clone(),
            None => self.null(format!("a list of {} has no place {place}", list.len())),
        }
    }

    pub(super) fn iterated(&mut self, overs: &[(Arc<str>, Over)], body: &Expr) -> Eval<Value> {
        let asks = uses(body, "partial");
        let mut done = Vec::new();
        let known = self.turns(overs, &mut |machine| {
            let value = if asks {
                let partial = machine.list(done.clone())?;
                machine.with([("partial".into(), partial)], |m| m.eval(body))?
            } else {
                machine.eval(body)?
            };
            done.push(value);
            if done.len() > limits::LIST_ITEMS {
                return Err(machine.over(Limit::ListItems));
            }
            Ok(true)
        })?;
        if known { self.list(done) } else { Ok(Value::Null) }
    }

    pub(super) fn quantified(
        &mut self,
        every: bool,
        overs: &[(Arc<str>, Over)],
        body: &Expr,
    ) -> Eval<Value> {
        let (mut unknown, mut decided) = (false, false);
        let known = self.turns(overs, &mut |machine| {
            match machine.eval(body)? {
                Value::Bool(truth) if truth != every => decided = true,
                Value::Bool(_) => {}
                _ => unknown = true,
            }
            Ok(!decided)
        })?;
        Ok(match (known, decided, unknown) {
            (false, ..) | (true, false, true) => Value::Null,
            (true, true, _) => Value::Bool(!every),
            (true, false, false) => Value::Bool(every),
        })
    }

    /// Runs `turn` for each combination until it says to stop. False when there is nothing to
    /// iterate over, which makes null.
    fn turns(
        &mut self,
        overs: &[(Arc<str>, Over)],
        turn: &mut dyn FnMut(&mut Self) -> Eval<bool>,
    ) -> Eval<bool> {
        let mut going = true;
        self.turns_from(overs, turn, &mut going)
    }

    fn turns_from(
        &mut self,
        overs: &[(Arc<str>, Over)],
        turn: &mut dyn FnMut(&mut Self) -> Eval<bool>,
        going: &mut bool,
    ) -> Eval<bool> {
        let Some(((name, over), rest)) = overs.split_first() else {
            *going = turn(self)?;
            return Ok(true);
        };
        let Some(items) = self.items(over)? else { return Ok(false) };
        let mut at = 0;
        while *going {
            let Some(item) = items.get(at) else { break };
            self.spend(1)?;
            let names = [(name.clone(), item)];
            if !self.with(names, |machine| machine.turns_from(rest, turn, going))? {
                return Ok(false);
            }
            at += 1;
        }
        Ok(true)
    }

    fn items(&mut self, over: &Over) -> Eval<Option<Items>> {
        let (from, to) = match over {
            Over::List(expr) => match self.eval(expr)? {
                Value::List(list) => return Ok(Some(Items::List(list))),
                Value::Null => {
                    self.null("nothing to iterate over: null");
                    return Ok(None);
                }
                Value::Range(range) => {
                    // Only a closed range of whole numbers or days can be counted through.
                    if !range.low_included || !range.high_included {
                        self.null("an open range cannot be iterated over");
                        return Ok(None);
                    }
                    (range.low.clone(), range.high.clone())
                }
                single => return Ok(Some(Items::List(Arc::new(vec![single].into())))),
            },
            Over::Span(from, to) => (self.eval(from)?, self.eval(to)?),
        };
        let items = match (&from, &to) {
            (Value::Num(from), Value::Num(to)) => {
                from.to_i64().zip(to.to_i64()).map(|(from, to)| Items::Numbers(from, to))
            }
            (Value::Date(from), Value::Date(to)) => Some(Items::Dates(*from, *to)),
            _ => None,
        };
        if items.is_none() {
            self.null(format!("no iteration from {} to {}", from.kind(), to.kind()));
        }
        Ok(items)
    }
}

/// Whether a name stands in an expression.
fn uses(expr: &Expr, wanted: &str) -> bool {
    if let Kind::Name(name) = &expr.kind {
        return &**name == wanted;
    }
    let mut found = false;
    parts(expr, &mut |part| found = found || uses(part, wanted));
    found
}

/// Where a place of a list is, counted from 1 or, negative, from the end.
pub(crate) fn index(place: i64, length: usize) -> Option<usize> {
    if place > 0 {
        usize::try_from(place - 1).ok().filter(|at| *at < length)
    } else {
        length.checked_sub(usize::try_from(place.checked_neg()?).ok().filter(|back| *back > 0)?)
    }
}

/// Puts contexts together; later entries win.
pub(crate) fn merged<'c>(contexts: impl Iterator<Item = &'c Context>) -> Context {
    let entries = contexts
        .flat_map(|context| context.iter().map(|(name, value)| (name.clone(), value.clone())));
    entries.collect()
}

/// Compares for sorting; what has no order stays where it is.
pub(crate) fn by_order(left: &Value, right: &Value) -> Ordering {
    order(left, right).unwrap_or(Ordering::Equal)
}
