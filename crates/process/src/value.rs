//! Values of FEEL: what conditions, decisions and case data are made of.

use std::sync::Arc;

pub use crate::feel::date::Date;
pub use crate::feel::duration::{Days, Months};
pub use crate::feel::function::Function;
pub use crate::feel::number::{Number, Rounding};
pub use crate::feel::time::{DateTime, Offset, Time};

/// A value as FEEL knows it (DMN 10.3.2.2). Copies are cheap.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Value {
    /// No value; it equals only itself, and ordering it is neither true nor false.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// An exact decimal number.
    Num(Number),
    /// Text.
    Str(Arc<str>),
    /// A day.
    Date(Date),
    /// A time of day.
    Time(Time),
    /// A day and a time.
    DateTime(DateTime),
    /// A duration of days, hours, minutes and seconds.
    Days(Days),
    /// A duration of years and months.
    Months(Months),
    /// Values in order.
    List(Arc<List>),
    /// Values by name.
    Context(Arc<Context>),
    /// All values between two.
    Range(Arc<Range>),
    /// Something to call.
    Function(Function),
}

/// Values in order. Use it as a slice.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct List {
    items: Vec<Value>,
    weight: Weight,
}

/// Values by name, in the order in which they were put. Two are equal whatever their order.
#[derive(Clone, Eq, Debug, Default)]
pub struct Context {
    entries: Vec<(Arc<str>, Value)>,
    weight: Weight,
}

/// What a value costs to write out or to drop. Copies share their parts, so a small program could
/// make a value that is endless when written; whoever makes values looks at this.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Weight {
    /// Values inside, as often as they would be written; long texts count by their length.
    pub(crate) size: u64,
    /// How deep they nest.
    pub(crate) depth: usize,
}

/// So many bytes of a text count as one more value.
const BYTES_OF_ONE: usize = 64;

impl Weight {
    pub(crate) fn of(value: &Value) -> Self {
        match value {
            Value::List(list) => list.weight,
            Value::Context(context) => context.weight,
            Value::Function(function) => function.weight(),
            Value::Str(text) => {
                let size = u64::try_from(1 + text.len() / BYTES_OF_ONE).unwrap_or(u64::MAX);
                Self { size, depth: 0 }
            }
            _ => Self { size: 1, depth: 0 },
        }
    }

    /// The weight of what holds these values.
    pub(crate) fn around<'v>(values: impl Iterator<Item = &'v Value>) -> Self {
        values.fold(Self { size: 1, depth: 1 }, Self::and)
    }

    fn and(self, value: &Value) -> Self {
        let inner = Self::of(value);
        Self {
            size: self.size.saturating_add(inner.size),
            depth: self.depth.max(inner.depth.saturating_add(1)),
        }
    }
}

impl std::ops::Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.items
    }
}

impl From<Vec<Value>> for List {
    fn from(items: Vec<Value>) -> Self {
        Self { weight: Weight::around(items.iter()), items }
    }
}

/// All values between two ends (DMN 10.3.2.7). An end that is null is open to that side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Range {
    /// Lower end.
    pub low: Value,
    /// Upper end.
    pub high: Value,
    /// Whether the lower end belongs to it.
    pub low_included: bool,
    /// Whether the upper end belongs to it.
    pub high_included: bool,
}

impl PartialEq for Context {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().all(|(name, value)| other.get(name) == Some(value))
    }
}

impl Context {
    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.entries.iter().find(|(known, _)| &**known == name).map(|(_, value)| value)
    }

    /// Puts a value under a name; a value that was there is replaced in its place.
    pub fn put(&mut self, name: impl Into<Arc<str>>, value: Value) {
        let name = name.into();
        match self.entries.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => {
                *old = value;
                self.weight = Weight::around(self.entries.iter().map(|(_, value)| value));
            }
            None => {
                let empty = self.entries.is_empty();
                let weight = if empty { Weight { size: 1, depth: 1 } } else { self.weight };
                self.weight = weight.and(&value);
                self.entries.push((name, value));
            }
        }
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.entries.iter().map(|(name, value)| (name, value))
    }

    /// How many names it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has no names.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<N: Into<Arc<str>>> FromIterator<(N, Value)> for Context {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(entries: I) -> Self {
        let mut context = Self::default();
        for (name, value) in entries {
            context.put(name, value);
        }
        context
    }
}

impl Value {
    /// The truth, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(truth) = self { Some(*truth) } else { None }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Str(text) = self { Some(text) } else { None }
    }

    /// The number, if it is one.
    #[must_use]
    pub fn as_number(&self) -> Option<&Number> {
        if let Self::Num(number) = self { Some(number) } else { None }
    }

    /// The items, if it is a list.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(items) = self { Some(items) } else { None }
    }

    /// The values by name, if it is a context.
    #[must_use]
    pub fn as_context(&self) -> Option<&Context> {
        if let Self::Context(context) = self { Some(context) } else { None }
    }

    /// Whether it is no value.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// What kind of value it is, as FEEL names types.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Num(_) => "number",
            Self::Str(_) => "string",
            Self::Date(_) => "date",
            Self::Time(_) => "time",
            Self::DateTime(_) => "date and time",
            Self::Days(_) => "days and time duration",
            Self::Months(_) => "years and months duration",
            Self::List(_) => "list",
            Self::Context(_) => "context",
            Self::Range(_) => "range",
            Self::Function(_) => "function",
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Num(Number::from(number))
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Num(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

impl From<Vec<Self>> for Value {
    fn from(items: Vec<Self>) -> Self {
        Self::List(Arc::new(items.into()))
    }
}

impl From<Context> for Value {
    fn from(context: Context) -> Self {
        Self::Context(Arc::new(context))
    }
}
