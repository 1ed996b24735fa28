//! What stands in brackets: groups, lists, ranges, contexts.

use super::{Parser, Read, expr};
use crate::feel::ast::{Compare, Expr, Kind, RangeExpr};
use crate::feel::names::tidy;

impl Parser<'_> {
    /// `(a)`, `(a..b)`, `(< 5)`.
    pub(super) fn round(&mut self, at: usize) -> Read<Expr> {
        self.need("(")?;
        if let Some(op) = self.compare_sign()? {
            let end = self.enclosed(Self::sum)?;
            self.need(")")?;
            return match half_range(op, end) {
                Some(range) => Ok(expr(at, Kind::Range(Box::new(range)))),
                None => self.fail("a range is not made with !="),
            };
        }
        let inner = self.enclosed(Self::expr)?;
        if self.sign("..")? {
            return self.range(at, inner, false);
        }
        self.need(")")?;
        Ok(inner)
    }

    /// `[a, b]`, `[a..b]`.
    pub(super) fn square(&mut self, at: usize) -> Read<Expr> {
        self.need("[")?;
        if self.sign("]")? {
            return Ok(expr(at, Kind::List(Vec::new())));
        }
        let first = self.enclosed(Self::expr)?;
        if self.sign("..")? {
            return self.range(at, first, true);
        }
        let mut items = vec![first];
        while self.sign(",")? {
            items.push(self.enclosed(Self::expr)?);
        }
        self.need("]")?;
        Ok(expr(at, Kind::List(items)))
    }

    /// `]a..b[`.
    pub(super) fn reversed(&mut self, at: usize) -> Read<Expr> {
        self.need("]")?;
        let low = self.enclosed(Self::expr)?;
        self.need("..")?;
        self.range(at, low, false)
    }

    pub(super) fn range(&mut self, at: usize, low: Expr, low_included: bool) -> Read<Expr> {
        let before = std::mem::replace(&mut self.range_end, true);
        let high = self.deeper(Self::sum)?;
        self.range_end = before;
        let high_included = self.sign("]")?;
        if !high_included && !self.sign(")")? && !self.sign("[")? {
            return self.wanted("] or ) or [");
        }
        let range = RangeExpr { low: Some(low), high: Some(high), low_included, high_included };
        Ok(expr(at, Kind::Range(Box::new(range))))
    }

    /// `{name: value, "name": value}`.
    pub(super) fn context(&mut self) -> Read<Kind> {
        self.need("{")?;
        let mut entries = Vec::new();
        if self.sign("}")? {
            return Ok(Kind::Context(entries));
        }
        loop {
            let key = self.key()?;
            self.need(":")?;
            let value = self.expr()?;
            if entries.iter().any(|(known, _): &(std::sync::Arc<str>, _)| **known == *key) {
                return self.fail(format!("the entry {key:?} stands twice"));
            }
            // Later entries and paths may use it.
            self.own.add(&key);
            entries.push((key.into(), value));
            if !self.sign(",")? {
                break;
            }
        }
        self.need("}")?;
        Ok(Kind::Context(entries))
    }

    fn key(&mut self) -> Read<String> {
        if self.peek()? == Some('"') {
            return self.text_literal();
        }
        let rest = self.rest();
        let end = rest.find([':', '{', '}', '[', ']', '(', ')', '"', ',']).unwrap_or(0);
        let key = tidy(rest.get(..end).unwrap_or_default());
        if !key.chars().next().is_some_and(crate::feel::names::is_start) {
            return self.wanted("the name of an entry");
        }
        self.at += end;
        Ok(key)
    }
}

/// The range on one side of a value.
pub(super) fn half_range(op: Compare, end: Expr) -> Option<RangeExpr> {
    let below = |high_included| RangeExpr {
        low: None,
        high: Some(end.clone()),
        low_included: false,
        high_included,
    };
    let above = |low_included| RangeExpr {
        low: Some(end.clone()),
        high: None,
        low_included,
        high_included: false,
    };
    match op {
        Compare::Lt => Some(below(false)),
        Compare::Le => Some(below(true)),
        Compare::Gt => Some(above(false)),
        Compare::Ge => Some(above(true)),
        Compare::Eq => Some(RangeExpr {
            low: Some(end.clone()),
            high: Some(end),
            low_included: true,
            high_included: true,
        }),
        Compare::Ne => None,
    }
}
