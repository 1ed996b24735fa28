//! Literals, names and the forms that begin with a word.

use std::sync::Arc;

use super::{Parser, Read, expr, word_of};
use crate::feel::ast::{Expr, Kind, Lambda, Over};
use crate::feel::names::{is_part, tidy};
use crate::feel::temporal;
use crate::feel::types::Type;
use crate::value::{Number, Value};

impl Parser<'_> {
    pub(super) fn primary(&mut self) -> Read<Expr> {
        let at = self.at()?;
        let Some(first) = self.peek()? else { return self.wanted("a value") };
        let kind = match first {
            '"' => Kind::Literal(Value::from(self.text_literal()?)),
            '@' => self.at_literal()?,
            '0'..='9' | '.' => Kind::Literal(Value::Num(self.number()?)),
            '(' => return self.round(at),
            '[' => return self.square(at),
            ']' => return self.reversed(at),
            '{' => self.enclosed(Self::context)?,
            _ => match self.form()? {
                Some(kind) => kind,
                None => match self.name()? {
                    Some(name) => Kind::Name(name.into()),
                    None => return self.wanted("a value"),
                },
            },
        };
        Ok(expr(at, kind))
    }

    /// `true`, `if …`, `for …` and the like.
    fn form(&mut self) -> Read<Option<Kind>> {
        let word = word_of(self.rest());
        let constant = match word {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            "null" => Some(Value::Null),
            _ => None,
        };
        if constant.is_none() && !matches!(word, "if" | "for" | "some" | "every" | "function") {
            return Ok(None);
        }
        if self.longest().is_some_and(|(_, length)| length > word.len()) {
            // A known name that begins with such a word: `for sale`.
            return Ok(None);
        }
        self.at += word.len();
        if let Some(constant) = constant {
            return Ok(Some(Kind::Literal(constant)));
        }
        self.deeper(|parser| match word {
            "if" => parser.choice(),
            "for" => parser.iteration(),
            "function" => parser.lambda(),
            quantifier => parser.quantified(quantifier == "every"),
        })
        .map(Some)
    }

    fn choice(&mut self) -> Read<Kind> {
        let condition = self.enclosed(Self::expr)?;
        self.need_word("then")?;
        let then = self.enclosed(Self::expr)?;
        self.need_word("else")?;
        let other = self.expr()?;
        Ok(Kind::If(Box::new([condition, then, other])))
    }

    fn iteration(&mut self) -> Read<Kind> {
        let over = self.overs()?;
        self.need_word("return")?;
        Ok(Kind::For(over, Box::new(self.expr()?)))
    }

    fn quantified(&mut self, every: bool) -> Read<Kind> {
        let over = self.overs()?;
        self.need_word("satisfies")?;
        Ok(Kind::Quantified(every, over, Box::new(self.expr()?)))
    }

    fn overs(&mut self) -> Read<Vec<(Arc<str>, Over)>> {
        let mut overs = Vec::new();
        loop {
            let name = self.new_name("in")?;
            self.need_word("in")?;
            let first = self.enclosed(Self::expr)?;
            let over = if self.sign("..")? {
                Over::Span(first, self.enclosed(Self::expr)?)
            } else {
                Over::List(first)
            };
            overs.push((name.into(), over));
            if !self.sign(",")? {
                return Ok(overs);
            }
        }
    }

    /// A name that is introduced here: words up to the one that must follow, or up to a sign.
    fn new_name(&mut self, before: &str) -> Read<String> {
        self.blank()?;
        let start = self.at;
        loop {
            let word = word_of(self.rest());
            let digits = self.rest().find(|c| !is_part(c)).unwrap_or(self.rest().len());
            let length = if self.at == start { word.len() } else { digits };
            if length == 0 || (self.at > start && !before.is_empty() && word == before) {
                break;
            }
            self.at += length;
            self.blank()?;
        }
        let name = tidy(self.text.get(start..self.at).unwrap_or_default());
        if name.is_empty() {
            return self.wanted("a name");
        }
        self.own.add(&name);
        Ok(name)
    }

    fn lambda(&mut self) -> Read<Kind> {
        self.need("(")?;
        let mut params = Vec::new();
        if !self.sign(")")? {
            loop {
                let name = self.new_name("")?;
                let of = if self.sign(":")? { self.type_ref()? } else { Type::Any };
                params.push((name.into(), of));
                if !self.sign(",")? {
                    break;
                }
            }
            self.need(")")?;
        }
        if self.sees("external")? {
            return self.fail("external functions are not supported");
        }
        let body = self.expr()?;
        Ok(Kind::Function(Arc::new(Lambda { params, body })))
    }

    fn number(&mut self) -> Read<Number> {
        let rest = self.rest();
        let digits = |from: usize| {
            let tail = rest.get(from..).unwrap_or_default();
            from + tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len())
        };
        let mut end = digits(0);
        let after = rest.get(end..).unwrap_or_default();
        let part = after.strip_prefix('.').and_then(|part| part.chars().next());
        if part.is_some_and(|c| c.is_ascii_digit()) {
            end = digits(end + 1);
        }
        let after = rest.get(end..).unwrap_or_default();
        if let Some(power) = after.strip_prefix(['e', 'E']) {
            let sign = usize::from(power.starts_with(['+', '-']));
            let first = power.get(sign..).and_then(|digits| digits.chars().next());
            if first.is_some_and(|c| c.is_ascii_digit()) {
                end = digits(end + 1 + sign);
            }
        }
        let text = rest.get(..end).unwrap_or_default();
        let goes_on = rest.get(end..).and_then(|rest| rest.chars().next());
        match Number::parse(text) {
            Some(number) if !goes_on.is_some_and(is_part) => {
                self.at += end;
                Ok(number)
            }
            _ => self.wanted("a number"),
        }
    }

    pub(super) fn text_literal(&mut self) -> Read<String> {
        let mut text = String::new();
        self.need("\"")?;
        loop {
            let Some(c) = self.rest().chars().next() else {
                return self.fail("a text is not closed");
            };
            self.at += c.len_utf8();
            match c {
                '"' => return Ok(text),
                '\\' => text.push(self.escape()?),
                _ => text.push(c),
            }
        }
    }

    /// The character after a backslash.
    fn escape(&mut self) -> Read<char> {
        let Some(c) = self.rest().chars().next() else {
            return self.fail("a text is not closed");
        };
        self.at += c.len_utf8();
        match c {
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            '"' | '\\' | '\'' => Ok(c),
            'U' => self.code(6),
            'u' => {
                let unit = self.code_unit(4)?;
                // Half of a pair, as UTF-16 writes characters beyond the first plane.
                if (0xd800..0xdc00).contains(&unit) && self.rest().starts_with("\\u") {
                    self.at += 2;
                    let low = self.code_unit(4)?.wrapping_sub(0xdc00);
                    let code = 0x1_0000 + ((unit - 0xd800) << 10) + (low & 0x3ff);
                    return self.character(if low < 0x400 { code } else { unit });
                }
                self.character(unit)
            }
            _ => self.fail("unknown escape in a text"),
        }
    }

    fn code(&mut self, digits: usize) -> Read<char> {
        let code = self.code_unit(digits)?;
        self.character(code)
    }

    fn code_unit(&mut self, digits: usize) -> Read<u32> {
        let text = self.rest().get(..digits).unwrap_or_default();
        match u32::from_str_radix(text, 16) {
            Ok(code) if !text.starts_with('+') => {
                self.at += digits;
                Ok(code)
            }
            _ => self.fail(format!("expected {digits} hexadecimal digits in a text")),
        }
    }

    fn character(&self, code: u32) -> Read<char> {
        match char::from_u32(code) {
            Some(c) => Ok(c),
            None => self.fail("no character has this code"),
        }
    }

    /// `@"2026-01-05"`: a date, time or duration.
    fn at_literal(&mut self) -> Read<Kind> {
        self.at += 1;
        let text = self.text_literal()?;
        match temporal::any(&text) {
            Some(value) => Ok(Kind::Literal(value)),
            None => self.fail(format!("{text:?} is no date, time or duration")),
        }
    }
}
