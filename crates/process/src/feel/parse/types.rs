//! Types as they are written after `instance of` and behind parameters.

use super::{Parser, Read};
use crate::feel::types::Type;

impl Parser<'_> {
    pub(super) fn type_ref(&mut self) -> Read<Type> {
        self.deeper(Self::one_type)
    }

    fn one_type(&mut self) -> Read<Type> {
        self.blank()?;
        let rest = self.rest();
        let spaced = Type::WITH_BLANKS.iter().find_map(|name| spaced(name, rest));
        if let Some((name, length)) = spaced {
            self.at += length;
            return Ok(Type::built_in(name).unwrap_or(Type::Any));
        }
        let defined = self.known.types.keys().filter(|name| rest.starts_with(name.as_str()));
        if let Some(name) = defined.max_by_key(|name| name.len()) {
            let goes_on = rest.get(name.len()..).and_then(|rest| rest.chars().next());
            if !goes_on.is_some_and(crate::feel::names::is_part) {
                self.at += name.len();
                return Ok(self.known.types.get(name).cloned().unwrap_or(Type::Any));
            }
        }
        if self.word("function")? {
            return self.function_type();
        }
        let Some(name) = self.name()? else { return self.wanted("a type") };
        match name.as_str() {
            "list" if self.sign("<")? => {
                let item = self.type_ref()?;
                self.need(">")?;
                Ok(Type::List(Box::new(item)))
            }
            "range" if self.sign("<")? => {
                let of = self.type_ref()?;
                self.need(">")?;
                Ok(Type::Range(Box::new(of)))
            }
            "context" if self.sign("<")? => self.context_type(),
            _ => match Type::built_in(&name) {
                Some(found) => Ok(found),
                None => self.fail(format!("there is no type {name:?}")),
            },
        }
    }

    fn context_type(&mut self) -> Read<Type> {
        let mut parts = Vec::new();
        while !self.sign(">")? {
            let rest = self.rest();
            let Some((name, _)) = rest.split_once(':') else { return self.wanted("a name") };
            self.at += name.len() + 1;
            parts.push((crate::feel::names::tidy(name).into(), self.type_ref()?));
            if !self.sign(",")? {
                self.need(">")?;
                break;
            }
        }
        Ok(Type::Context(parts))
    }

    fn function_type(&mut self) -> Read<Type> {
        if !self.sign("<")? {
            return Ok(Type::Function);
        }
        if !self.sign(">")? {
            loop {
                self.type_ref()?;
                if !self.sign(",")? {
                    break;
                }
            }
            self.need(">")?;
        }
        if self.sign("->")? {
            self.type_ref()?;
        }
        Ok(Type::Function)
    }
}

/// A name with blanks at the beginning of a text, and the bytes it takes.
fn spaced<'n>(name: &'n &'static str, text: &str) -> Option<(&'n str, usize)> {
    let mut at = 0;
    for word in name.split(' ') {
        let rest = text.get(at..)?;
        let trimmed = rest.trim_start();
        at += rest.len() - trimmed.len();
        if !trimmed.starts_with(word) {
            return None;
        }
        at += word.len();
    }
    let goes_on = text.get(at..)?.chars().next().is_some_and(crate::feel::names::is_part);
    (!goes_on).then_some((name, at))
}
