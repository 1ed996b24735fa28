//! Arithmetic, `and` and `or` (DMN 10.3.2.10, 10.3.2.12).

use super::{Eval, Machine};
use crate::feel::ast::{Expr, Op};
use crate::feel::temporal;
use crate::value::Value;

impl Machine<'_> {
    /// `and` stops at the first false, `or` at the first true; otherwise unknown beats known.
    pub(super) fn joined(&mut self, parts: &[Expr], stop: bool) -> Eval<Value> {
        let mut unknown = false;
        for part in parts {
            match self.eval(part)? {
                Value::Bool(truth) if truth == stop => return Ok(Value::Bool(stop)),
                Value::Bool(_) => {}
                _ => unknown = true,
            }
        }
        Ok(if unknown { Value::Null } else { Value::Bool(!stop) })
    }

    pub(super) fn chain(&mut self, first: &Expr, rest: &[(Op, Expr)]) -> Eval<Value> {
        let mut left = self.eval(first)?;
        for (op, part) in rest {
            self.spend(1)?;
            let right = self.eval(part)?;
            left = match op {
                Op::Compare(compare) => self.compared(*compare, &left, &right)?,
                op => self.arithmetic(*op, left, right)?,
            };
        }
        Ok(left)
    }

    fn arithmetic(&mut self, op: Op, left: Value, right: Value) -> Eval<Value> {
        let found = match (&left, &right, op) {
            (Value::Null, _, _) | (_, Value::Null, _) => {
                return Ok(self.null(format!("{} with null", noun(op))));
            }
            (Value::Num(a), Value::Num(b), _) => {
                if op == Op::Pow {
                    self.spend(if b.is_whole() { POWER_STEPS } else { SERIES_STEPS })?;
                }
                let result = match op {
                    Op::Add => a.add(b),
                    Op::Sub => a.sub(b),
                    Op::Mul => a.mul(b),
                    Op::Div if b.is_zero() => return Ok(self.null("division by zero")),
                    Op::Div => a.div(b),
                    _ => a.pow(b),
                };
                match result {
                    Some(number) => return Ok(Value::Num(number)),
                    None => return Ok(self.null("the result is not defined or out of range")),
                }
            }
            (Value::Str(a), Value::Str(b), Op::Add) => {
                if a.len() + b.len() > crate::limits::TEXT_BYTES {
                    return Err(self.over(crate::feel::Limit::TextBytes));
                }
                return self.text([&**a, &**b].concat());
            }
            (a, b, Op::Add) => temporal::add(a, b),
            (a, b, Op::Sub) => temporal::sub(a, b),
            (a, b, Op::Mul) => temporal::mul(a, b),
            (a, b, Op::Div) => temporal::div(a, b),
            _ => None,
        };
        Ok(match found {
            Some(value) => value,
            None => {
                let what = format!("no {} of {} and {}", noun(op), left.kind(), right.kind());
                self.null(what)
            }
        })
    }

    pub(super) fn negated(&mut self, value: &Value) -> Value {
        match value {
            Value::Num(number) => Value::Num(number.neg()),
            Value::Null => self.null("the negative of null"),
            other => match temporal::negate(other) {
                Some(value) => value,
                None => self.null(format!("a {} has no negative", other.kind())),
            },
        }
    }
}

/// What a power with a whole exponent costs.
const POWER_STEPS: usize = 20;
/// What a function costs that is calculated as a series, such as a logarithm.
pub(crate) const SERIES_STEPS: usize = 300;

fn noun(op: Op) -> &'static str {
    match op {
        Op::Add => "sum",
        Op::Sub => "difference",
        Op::Mul => "product",
        Op::Div => "quotient",
        Op::Pow => "power",
        Op::Compare(_) => "comparison",
    }
}
