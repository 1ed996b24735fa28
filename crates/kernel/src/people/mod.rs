//! Checked value types of persons and organisations: what people type becomes one of these, or a
//! fault with the field and the reason.
//!
//! A name of one word, a birth year alone and no phone at all are valid: they are real.

use crate::calendar::Date;
use crate::limits;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Why a value was not taken. `key` is the key of a text; `field` the field of the form.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Fault {
    /// Key of the field, as the form names it.
    pub field: String,
    /// Key of the text that tells what is wrong and what to do.
    pub key: String,
    /// Arguments of that text.
    pub args: Vec<(String, String)>,
}

impl Fault {
    /// A fault without arguments.
    #[must_use]
    pub fn new(field: &str, key: &str) -> Self {
        Self { field: field.into(), key: key.into(), args: Vec::new() }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.args.push((name.into(), value.to_string()));
        self
    }
}

/// When a person was born, as exactly as their papers tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Born {
    /// The whole date.
    On(Date),
    /// The year alone, as on many older papers.
    Year(i32),
}

/// Whether an applicant is a person or an organisation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A natural person.
    Person,
    /// An enterprise, co-operative, association.
    Organisation,
}

/// A person or organisation that files or is filed for; sealed before it is stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Party {
    /// Person or organisation.
    pub kind: PartyKind,
    /// Name, NFC, single spaces.
    pub name: String,
    /// Identity number of 9 or 12 digits, or tax code of 10 or 13.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Birth date or year of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub born: Option<Born>,
    /// Phone in national form, digits only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Address in one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// What was typed, unchecked.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct DraftParty {
    /// `person` or `organisation`; empty means a person.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Identity number or tax code.
    pub number: String,
    /// Day of birth, may be empty.
    pub born_day: String,
    /// Month of birth, may be empty.
    pub born_month: String,
    /// Year of birth, may be empty.
    pub born_year: String,
    /// Phone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Address.
    pub address: String,
}

impl DraftParty {
    /// Checks everything that was typed. `prefix` goes before the field keys (`applicant_`).
    ///
    /// # Errors
    /// Every fault, so that the page can show them all at once.
    pub fn check(&self, prefix: &str, today: Date) -> Result<Party, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut take = |result: Result<Option<String>, Fault>| {
            result.unwrap_or_else(|fault| {
                faults.push(fault);
                None
            })
        };
        let kind = match self.kind.as_str() {
            "organisation" => PartyKind::Organisation,
            _ => PartyKind::Person,
        };
        let field = |name: &str| format!("{prefix}{name}");
        let name = take(name(&field("name"), &self.name).map(Some));
        let number = take(match kind {
            PartyKind::Person => identity_number(&field("number"), &self.number),
            PartyKind::Organisation => tax_code(&field("number"), &self.number),
        });
        let phone = take(phone(&field("phone"), &self.phone));
        let email = take(email(&field("email"), &self.email));
        let address = take(line(&field("address"), &self.address, limits::ADDRESS_CHARS));
        let parts = (self.born_day.trim(), self.born_month.trim(), self.born_year.trim());
        let born = born(&field("born"), parts, today).unwrap_or_else(|fault| {
            faults.push(fault);
            None
        });
        match name {
            Some(name) if faults.is_empty() => {
                Ok(Party { kind, name, number, born, phone, email, address })
            }
            _ => Err(faults),
        }
    }
}

/// Composes, trims, and makes every run of white space one space.
#[must_use]
pub fn tidy(text: &str) -> String {
    text.nfc().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a character may not stand in a line of text: controls and direction overrides.
fn is_odd(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name: at least one letter, no digits-only, no control characters.
///
/// # Errors
/// Missing, too long, or not a name.
pub fn name(field: &str, typed: &str) -> Result<String, Fault> {
    let name = tidy(typed);
    if name.is_empty() {
        return Err(Fault::new(field, "err-name-missing"));
    }
    if name.chars().count() > limits::NAME_CHARS {
        return Err(Fault::new(field, "err-too-long").with("max", limits::NAME_CHARS));
    }
    if name.chars().any(is_odd) || !name.chars().any(char::is_alphabetic) {
        return Err(Fault::new(field, "err-name-letters"));
    }
    Ok(name)
}

/// A line of text that may be empty.
///
/// # Errors
/// Too long, or with control characters.
pub fn line(field: &str, typed: &str, max: usize) -> Result<Option<String>, Fault> {
    let text = tidy(typed);
    if text.chars().count() > max {
        return Err(Fault::new(field, "err-too-long").with("max", max));
    }
    if text.chars().any(is_odd) {
        return Err(Fault::new(field, "err-odd-characters"));
    }
    Ok((!text.is_empty()).then_some(text))
}

fn digits(typed: &str) -> Option<String> {
    let kept: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-' | '_')).collect();
    kept.chars().all(|c| c.is_ascii_digit()).then_some(kept)
}

/// An identity number: 9 digits (old card) or 12 (citizen card). Empty is allowed.
///
/// # Errors
/// Anything else.
pub fn identity_number(field: &str, typed: &str) -> Result<Option<String>, Fault> {
    match digits(typed.trim()) {
        Some(d) if d.is_empty() => Ok(None),
        Some(d) if d.len() == 9 || d.len() == 12 => Ok(Some(d)),
        _ => Err(Fault::new(field, "err-identity-number")),
    }
}

/// A tax code: 10 digits, or 13 for a branch, the tenth a check digit. Empty is allowed.
///
/// # Errors
/// Wrong length or check digit.
pub fn tax_code(field: &str, typed: &str) -> Result<Option<String>, Fault> {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let Some(code) = digits(typed.trim()) else {
        return Err(Fault::new(field, "err-tax-code"));
    };
    if code.is_empty() {
        return Ok(None);
    }
    let numbers: Vec<u32> = code.chars().filter_map(|c| c.to_digit(10)).collect();
    let sum: u32 = WEIGHTS.iter().zip(&numbers).map(|(w, d)| w * d).sum();
    let right_check = numbers.get(9).is_some_and(|c| *c == 10 - sum % 11);
    if matches!(numbers.len(), 10 | 13) && right_check {
        Ok(Some(code))
    } else {
        Err(Fault::new(field, "err-tax-code"))
    }
}

/// A phone number in national form; `+84` and `84` are written as `0`. Empty is allowed.
///
/// # Errors
/// Not 10 or 11 digits that start with 0.
pub fn phone(field: &str, typed: &str) -> Result<Option<String>, Fault> {
    let bare: String = typed.chars().filter(|c| !matches!(c, '(' | ')' | '+')).collect();
    let Some(mut number) = digits(bare.trim()) else {
        return Err(Fault::new(field, "err-phone"));
    };
    if number.is_empty() {
        return Ok(None);
    }
    if typed.trim_start().starts_with("+84") || (number.len() == 11 && number.starts_with("84")) {
        number.replace_range(..2, "0");
    }
    if number.starts_with('0') && (10..=11).contains(&number.len()) {
        Ok(Some(number))
    } else {
        Err(Fault::new(field, "err-phone"))
    }
}

/// An e-mail address, checked for shape only. Empty is allowed.
///
/// # Errors
/// No single @ with something on both sides and a dot after it.
pub fn email(field: &str, typed: &str) -> Result<Option<String>, Fault> {
    let address = tidy(typed);
    if address.is_empty() {
        return Ok(None);
    }
    let shape = address.split_once('@').is_some_and(|(who, host)| {
        !who.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    let plain = !address.contains(' ') && address.matches('@').count() == 1;
    if shape && plain && address.len() <= 254 && !address.chars().any(is_odd) {
        Ok(Some(address))
    } else {
        Err(Fault::new(field, "err-email"))
    }
}

/// A date of birth from three fields: nothing, a year alone, or a whole date not in the future.
///
/// # Errors
/// A day without its month or year, a day that does not exist, or one in the future.
pub fn born(
    field: &str,
    (day, month, year): (&str, &str, &str),
    today: Date,
) -> Result<Option<Born>, Fault> {
    use chrono::Datelike;
    if day.is_empty() && month.is_empty() && year.is_empty() {
        return Ok(None);
    }
    let number = |text: &str| text.parse::<u32>().ok();
    let year = year.parse::<i32>().ok().filter(|y| (1880..=today.year()).contains(y));
    let Some(year) = year else {
        return Err(Fault::new(field, "err-born-year"));
    };
    if day.is_empty() && month.is_empty() {
        return Ok(Some(Born::Year(year)));
    }
    let date = match (number(day), number(month)) {
        (Some(d), Some(m)) => Date::from_ymd_opt(year, m, d),
        _ => None,
    };
    match date {
        Some(date) if date <= today => Ok(Some(Born::On(date))),
        _ => Err(Fault::new(field, "err-date")),
    }
}

/// Hides the middle of a number, for pages where it was not asked for: `091192******18`.
#[must_use]
pub fn mask(number: &str) -> String {
    let n = number.chars().count();
    let (head, tail) = if n >= 9 { (3, 2) } else { (0, 2) };
    number
        .chars()
        .enumerate()
        .map(|(i, c)| if i < head || i + tail >= n { c } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Date {
        Date::from_ymd_opt(2019, 4, 25).unwrap()
    }

    #[test]
    fn one_word_a_year_alone_and_no_phone_are_valid() {
        let draft =
            DraftParty { name: " Thạch ".into(), born_year: "1950".into(), ..Default::default() };
        let party = draft.check("applicant_", today()).unwrap();
        assert_eq!(party.name, "Thạch");
        assert_eq!(party.born, Some(Born::Year(1950)));
        assert_eq!(party.phone, None);
    }

    #[test]
    fn every_fault_is_named_with_its_field() {
        let draft = DraftParty {
            name: "12".into(),
            number: "1234".into(),
            phone: "abc".into(),
            email: "a@b".into(),
            born_day: "31".into(),
            born_month: "2".into(),
            born_year: "2019".into(),
            ..Default::default()
        };
        let faults = draft.check("p_", today()).unwrap_err();
        let fields: Vec<&str> = faults.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["p_name", "p_number", "p_phone", "p_email", "p_born"]);
    }

    #[test]
    fn numbers_are_taken_as_people_write_them() {
        assert_eq!(identity_number("n", "091 192 003 418"), Ok(Some("091192003418".into())));
        assert_eq!(phone("p", "+84 912.345.678"), Ok(Some("0912345678".into())));
        assert_eq!(phone("p", "(0297) 3812345"), Ok(Some("02973812345".into())));
        assert_eq!(tax_code("t", "0100109106"), Ok(Some("0100109106".into())));
        assert!(tax_code("t", "0100109107").is_err());
        assert_eq!(mask("091192003418"), "091*******18");
    }

    #[test]
    fn direction_overrides_are_refused() {
        assert!(name("n", "An\u{202e}h").is_err());
    }
}
