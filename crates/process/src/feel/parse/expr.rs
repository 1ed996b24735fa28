//! Operators, from the loosest to the tightest, and what follows a value.

use super::{Parser, Read, expr};
use crate::feel::ast::{Args, Compare, Expr, Kind, Link, Op};
use crate::feel::names::tidy;
use crate::limits;

/// The colon behind the name of an argument is looked for so many characters ahead.
const NAME_CHARS: usize = 100;

impl Parser<'_> {
    pub(super) fn expr(&mut self) -> Read<Expr> {
        self.deeper(Self::disjunction)
    }

    fn disjunction(&mut self) -> Read<Expr> {
        self.joined("or", Self::conjunction, Kind::Some)
    }

    fn conjunction(&mut self) -> Read<Expr> {
        self.joined("and", Self::comparison, Kind::All)
    }

    fn joined(
        &mut self,
        word: &str,
        part: fn(&mut Self) -> Read<Expr>,
        wrap: fn(Vec<Expr>) -> Kind,
    ) -> Read<Expr> {
        let at = self.at()?;
        let first = part(self)?;
        if !self.sees(word)? {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.word(word)? {
            parts.push(part(self)?);
        }
        Ok(expr(at, wrap(parts)))
    }

    fn comparison(&mut self) -> Read<Expr> {
        let at = self.at()?;
        let mut left = self.sum()?;
        let mut turns = 0;
        loop {
            if let Some(op) = self.compare_sign()? {
                let right = self.sum()?;
                left = chained(at, left, Op::Compare(op), right);
            } else if self.word("between")? {
                let low = self.sum()?;
                self.need_word("and")?;
                let high = self.sum()?;
                left = expr(at, Kind::Between(Box::new([left, low, high])));
                turns += 1;
            } else if self.sees("in")? && !self.range_end {
                self.need_word("in")?;
                let tests = self.in_tests()?;
                left = expr(at, Kind::In(Box::new(left), tests));
                turns += 1;
            } else {
                return Ok(left);
            }
            if turns > limits::EXPRESSION_DEPTH {
                return self.fail("too many comparisons in a row");
            }
        }
    }

    pub(super) fn compare_sign(&mut self) -> Read<Option<Compare>> {
        let signs = [
            ("<=", Compare::Le),
            (">=", Compare::Ge),
            ("!=", Compare::Ne),
            ("<", Compare::Lt),
            (">", Compare::Gt),
            ("=", Compare::Eq),
        ];
        for (sign, op) in signs {
            if self.sign(sign)? {
                return Ok(Some(op));
            }
        }
        Ok(None)
    }

    /// A sum; also the bounds of ranges.
    pub(super) fn sum(&mut self) -> Read<Expr> {
        let at = self.at()?;
        let mut left = self.product()?;
        loop {
            let op = match self.peek()? {
                Some('+') => Op::Add,
                Some('-') => Op::Sub,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.product()?;
            left = chained(at, left, op, right);
        }
    }

    fn product(&mut self) -> Read<Expr> {
        let at = self.at()?;
        let mut left = self.power()?;
        loop {
            let op = match self.peek()? {
                Some('*') => Op::Mul,
                Some('/') => Op::Div,
                _ => return Ok(left),
            };
            self.at += 1;
            let right = self.power()?;
            left = chained(at, left, op, right);
        }
    }

    fn power(&mut self) -> Read<Expr> {
        let at = self.at()?;
        let mut left = self.negation()?;
        while self.sign("**")? {
            let right = self.negation()?;
            left = chained(at, left, Op::Pow, right);
        }
        Ok(left)
    }

    /// A sign binds tighter than a power: `-2 ** 2` is 4 (DMN 10.3.1.2, rule 4).
    fn negation(&mut self) -> Read<Expr> {
        let at = self.at()?;
        if !self.sign("-")? {
            return self.tail();
        }
        let inner = self.deeper(Self::negation)?;
        Ok(expr(at, Kind::Negate(Box::new(inner))))
    }

    /// A value with its paths, filters, calls and `instance of`.
    fn tail(&mut self) -> Read<Expr> {
        let at = self.at()?;
        let first = self.primary()?;
        let mut links = Vec::new();
        loop {
            let here = self.at()?;
            let rest = self.rest();
            if rest.starts_with('.') && !rest.starts_with("..") {
                self.at += 1;
                match self.name()? {
                    Some(name) => links.push((here, Link::Path(name.into()))),
                    None => return self.wanted("a name after the point"),
                }
            } else if rest.starts_with('[') && !self.range_end {
                self.at += 1;
                let filter = self.enclosed(Self::expr)?;
                self.need("]")?;
                links.push((here, Link::Filter(filter)));
            } else if rest.starts_with('(') {
                self.at += 1;
                let args = self.enclosed(Self::args)?;
                links.push((here, Link::Call(args)));
            } else if self.sees("instance")? {
                self.need_word("instance")?;
                self.need_word("of")?;
                links.push((here, Link::InstanceOf(self.type_ref()?)));
            } else if links.is_empty() {
                return Ok(first);
            } else {
                return Ok(expr(at, Kind::Tail(Box::new(first), links)));
            }
        }
    }

    /// Arguments and the closing bracket.
    fn args(&mut self) -> Read<Args> {
        if self.sign(")")? {
            return Ok(Args::Placed(Vec::new()));
        }
        let (mut placed, mut named) = (Vec::new(), Vec::new());
        loop {
            if let Some(name) = self.argument_name()? {
                named.push((name.into(), self.expr()?));
            } else {
                placed.push(self.expr()?);
            }
            if !self.sign(",")? {
                break;
            }
        }
        self.need(")")?;
        match (placed.is_empty(), named.is_empty()) {
            (_, true) => Ok(Args::Placed(placed)),
            (true, false) => Ok(Args::Named(named)),
            _ => self.fail("arguments are all named or none is"),
        }
    }

    /// A name and a colon, if that is what comes.
    fn argument_name(&mut self) -> Read<Option<String>> {
        self.blank()?;
        let end = self.rest().char_indices().nth(NAME_CHARS).map(|(end, _)| end);
        let near = self.rest().get(..end.unwrap_or(self.rest().len())).unwrap_or_default();
        let Some((name, _)) = near.split_once(':') else { return Ok(None) };
        let plain = |c: char| !"()[]{}\",<>=\\@?".contains(c);
        if !name.chars().all(plain) || name.trim().is_empty() {
            return Ok(None);
        }
        self.at += name.len() + 1;
        Ok(Some(tidy(name)))
    }
}

/// Adds to a chain, or begins one.
fn chained(at: usize, left: Expr, op: Op, right: Expr) -> Expr {
    match left.kind {
        // Also one from brackets: what stands left is done first anyway.
        Kind::Chain(first, mut rest) => {
            rest.push((op, right));
            expr(at, Kind::Chain(first, rest))
        }
        kind => {
            let first = Box::new(expr(left.at, kind));
            expr(at, Kind::Chain(first, vec![(op, right)]))
        }
    }
}
