//! What may stand in a text's variable: words as they are, counts that choose a plural.

use fluent_bundle::FluentValue;
use std::borrow::Cow;

/// A value for a text's variable. Counts go in as integers so that English can choose its plural;
/// everything already formatted (dates, money, codes) goes in as a string.
pub trait Arg {
    /// The value as the text library wants it.
    fn value(&self) -> FluentValue<'_>;
}

impl Arg for str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::String(Cow::Borrowed(self))
    }
}

impl Arg for String {
    fn value(&self) -> FluentValue<'_> {
        self.as_str().value()
    }
}

impl Arg for Cow<'_, str> {
    fn value(&self) -> FluentValue<'_> {
        self.as_ref().value()
    }
}

impl<A: Arg + ?Sized> Arg for &A {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

macro_rules! counts {
    ($($kind:ty),*) => {
        $(impl Arg for $kind {
            fn value(&self) -> FluentValue<'_> {
                FluentValue::from(*self)
            }
        })*
    };
}

counts!(i32, i64, u8, u16, u32, u64, usize);

/// Most digits that are taken for a count; longer ones are codes and numbers of people.
const COUNT_DIGITS: usize = 6;

/// A value kept as text: short digits without a leading zero are a count, all else words.
pub(super) fn guess(value: &str) -> FluentValue<'_> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let count = digits && value.len() <= COUNT_DIGITS && (value == "0" || !value.starts_with('0'));
    match value.parse::<i64>() {
        Ok(number) if count => FluentValue::from(number),
        _ => FluentValue::String(Cow::Borrowed(value)),
    }
}
