//! Expressions of a process file: parsed once, with the text as written.

use crate::dialect::{Dialect, Time};
use crate::feel::Expression;
use crate::limits;
use crate::value::Value;

/// A parsed expression with its text.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    text: String,
    body: Body,
    /// Names that must have a value, or the expression fails: other engines stop at unknown ones.
    needs: Vec<String>,
}

#[derive(Clone, Debug)]
enum Body {
    Fixed(Value),
    Feel(Box<Expression>),
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Code {
    /// Parses a condition or another expression; the error says what was expected, in English.
    pub(crate) fn parse(text: &str, dialect: Dialect) -> Result<Self, String> {
        let text = text.trim();
        if text.len() > limits::FEEL_BYTES {
            return Err(format!("the condition is longer than {} bytes", limits::FEEL_BYTES));
        }
        let feel = dialect.expression(text)?;
        Self::feel(text, &feel, dialect)
    }

    fn feel(text: &str, feel: &str, dialect: Dialect) -> Result<Self, String> {
        let expression = Expression::parse(feel).map_err(|error| error.to_string())?;
        let needs = if dialect == Dialect::Juel { roots(&expression.names()) } else { Vec::new() };
        Ok(Self { text: text.to_owned(), body: Body::Feel(Box::new(expression)), needs })
    }

    /// A condition: like `parse`, but a value that is never true or false is refused.
    pub(crate) fn condition(text: &str, dialect: Dialect) -> Result<Self, String> {
        let code = Self::parse(text, dialect)?;
        let literal = match &code.body {
            Body::Feel(expression) => expression.literal(),
            Body::Fixed(value) => Some(value),
        };
        if literal.is_some_and(|value| !matches!(value, Value::Bool(_))) {
            return Err("expected a condition that is true or false, but found a value".to_owned());
        }
        Ok(code)
    }

    /// A duration, a date or a cycle: plain text stands for itself.
    pub(crate) fn time(text: &str, dialect: Dialect) -> Result<Self, String> {
        match dialect.time(text)? {
            Time::Literal(plain) => Ok(Self::fixed(plain.into())),
            Time::Feel(feel) => Self::feel(text, &feel, dialect),
        }
    }

    /// A value that is always the same.
    pub(crate) fn fixed(value: Value) -> Self {
        Self { text: crate::data::shown(&value), body: Body::Fixed(value), needs: Vec::new() }
    }

    /// The value, if it is always the same text.
    pub(crate) fn plain(&self) -> Option<&str> {
        if let Body::Fixed(value) = &self.body { value.as_str() } else { None }
    }

    /// The expression as written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Its value.
    pub(crate) fn eval(&self, data: &dyn Fn(&str) -> Option<Value>) -> Result<Value, String> {
        if let Some(missing) = self.needs.iter().find(|name| data(name).is_none()) {
            return Err(format!("{}: there is no value {missing}", self.text));
        }
        match &self.body {
            Body::Fixed(value) => Ok(value.clone()),
            Body::Feel(expression) => expression.eval(&data).map_err(|error| error.to_string()),
        }
    }

    /// Whether it is true; unknown counts as not holding.
    pub(crate) fn holds(&self, data: &dyn Fn(&str) -> Option<Value>) -> Result<bool, String> {
        Ok(self.eval(data)? == Value::Bool(true))
    }

    /// Whether the condition compares something with this text.
    pub(crate) fn mentions(&self, text: &str) -> bool {
        matches!(&self.body, Body::Feel(expression) if expression.mentions(text))
    }
}

/// First words of paths, each once.
fn roots(names: &[String]) -> Vec<String> {
    let mut roots: Vec<String> = Vec::new();
    for name in names {
        let root = name.split('.').next().unwrap_or(name);
        if !roots.iter().any(|known| known == root) {
            roots.push(root.to_owned());
        }
    }
    roots
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(text: &str, dialect: Dialect) -> bool {
        let data = |name: &str| match name {
            "test" => Some(Value::from("ab")),
            "n" => Some(Value::from(2)),
            "yes" => Some(Value::from(true)),
            "no" => Some(Value::from(false)),
            _ => None,
        };
        Code::parse(text, dialect).expect(text).holds(&data).expect(text)
    }

    #[test]
    fn dialects_are_evaluated() {
        for text in ["test.contains(\"a\")", "!test.contains(\"c\")", "n<3>", "${yes}", "n == 2"] {
            assert!(holds(text, Dialect::Betsy), "{text}");
        }
        for text in ["${yes}", "${!no}", "#{n >= 2}", "${test == 'ab'}", "${test != \"c\"}"] {
            assert!(holds(text, Dialect::Juel), "{text}");
        }
        assert!(!holds("${n > 2}", Dialect::Juel));
        assert!(holds("=n = 2 and yes", Dialect::Feel));
        let none = |_: &str| None;
        assert!(Code::parse("${gone}", Dialect::Juel).expect("a name").holds(&none).is_err());
        let plain = Code::time("PT5S", Dialect::Feel).expect("plain");
        assert_eq!(plain.plain(), Some("PT5S"));
    }
}
