//! Text for papers: input as data, cleaned and measured; dates and money in the official wording.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use typst::foundations::{Array, Dict, IntoValue, Value};
use unicode_normalization::UnicodeNormalization;

use crate::faces::faces;
use crate::limits::{REASON_CHARS_MAX, TABLE_LINES_MAX, TEXT_CHARS_MAX, WORD_CHARS_MAX};
use crate::world::RenderFault;

/// Builds the dictionary that a template reads. Every value enters as data; nothing is ever pasted
/// into the template, so a `#`, a `*` or a leading "2." in a name stays what it is.
#[derive(Default)]
pub(crate) struct Data(Dict);

impl Data {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A text that must be there.
    pub(crate) fn need(&mut self, key: &'static str, text: &str) -> Result<(), RenderFault> {
        let clean = line(key, text)?;
        if clean.is_empty() {
            return Err(RenderFault::Empty { field: key });
        }
        self.raw(key, clean);
        Ok(())
    }

    /// A code or an address, to be typed in or copied: printed exactly, never given break marks.
    pub(crate) fn exact(&mut self, key: &'static str, text: &str) -> Result<(), RenderFault> {
        line(key, text)?;
        let clean = clean(text);
        if clean.is_empty() {
            return Err(RenderFault::Empty { field: key });
        }
        self.raw(key, clean);
        Ok(())
    }

    /// A text that may be missing; the template sees `none`.
    pub(crate) fn may(&mut self, key: &'static str, text: Option<&str>) -> Result<(), RenderFault> {
        let clean = text.map(|text| line(key, text)).transpose()?.filter(|t| !t.is_empty());
        self.value(key, clean.map_or(Value::None, IntoValue::into_value));
        Ok(())
    }

    /// A running text with line breaks that must be there.
    pub(crate) fn reason(&mut self, key: &'static str, text: &str) -> Result<(), RenderFault> {
        if text.chars().count() > REASON_CHARS_MAX {
            return Err(RenderFault::TooLong { field: key, limit: REASON_CHARS_MAX });
        }
        let paragraphs: Array = text
            .lines()
            .map(clean)
            .filter(|line| !line.is_empty())
            .map(|line| breakable(&line).into_value())
            .collect();
        if paragraphs.is_empty() {
            return Err(RenderFault::Empty { field: key });
        }
        self.value(key, Value::Array(paragraphs));
        Ok(())
    }

    /// A list of rows, each a dictionary of its own.
    pub(crate) fn rows<T>(
        &mut self,
        key: &'static str,
        items: &[T],
        row: impl Fn(&T) -> Result<Data, RenderFault>,
    ) -> Result<(), RenderFault> {
        if items.len() > TABLE_LINES_MAX {
            return Err(RenderFault::TooLong { field: key, limit: TABLE_LINES_MAX });
        }
        let rows = items
            .iter()
            .map(|item| Ok(Value::Dict(row(item)?.into())))
            .collect::<Result<Array, RenderFault>>()?;
        self.value(key, Value::Array(rows));
        Ok(())
    }

    /// A text of our own making, already clean.
    pub(crate) fn raw(&mut self, key: &'static str, text: impl Into<String>) {
        let text: String = text.into();
        self.value(key, text.into_value());
    }

    /// Any value.
    pub(crate) fn value(&mut self, key: &'static str, value: Value) {
        self.0.insert(key.into(), value);
    }
}

impl From<Data> for Dict {
    fn from(data: Data) -> Self {
        data.0
    }
}

fn line(field: &'static str, text: &str) -> Result<String, RenderFault> {
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(RenderFault::TooLong { field, limit: TEXT_CHARS_MAX });
    }
    Ok(breakable(&clean(text)))
}

/// Lets a word that is too long for any column break: a zero-width space after every
/// [`WORD_CHARS_MAX`] signs without a space. Vietnamese words are far shorter; this is for file
/// names and the like.
fn breakable(text: &str) -> String {
    let mut out = String::new();
    let mut run = 0;
    for c in text.chars() {
        run = if c == ' ' { 0 } else { run + 1 };
        if run > WORD_CHARS_MAX {
            out.push('\u{200B}');
            run = 1;
        }
        out.push(c);
    }
    out
}

/// One line of printable text: composed letters (NFC), single spaces, no controls and no direction
/// marks. A sign that no face carries is printed as its code, "[U+1780]": visible, never lost.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::new();
    for c in text.nfc() {
        if c.is_whitespace() || c.is_control() {
            if !out.ends_with(' ') {
                out.push(' ');
            }
        } else if is_invisible(c) {
        } else if faces().covers(c) {
            out.push(c);
        } else {
            out.push_str(&format!("[U+{:04X}]", c as u32));
        }
    }
    out.trim().to_owned()
}

/// Direction marks and zero-width signs: they can make a text read other than it is.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FE00}'..='\u{FE0F}')
}

/// "ngày 05 tháng 02 năm 2019": days under 10 and months 1 and 2 get a zero (Decree 30/2020,
/// annex I).
pub(crate) fn date_words(date: NaiveDate) -> String {
    let month = match date.month() {
        m @ 1..=2 => format!("0{m}"),
        m => m.to_string(),
    };
    format!("ngày {:02} tháng {month} năm {}", date.day(), date.year())
}

/// "08 giờ 05 phút, ngày …", as the forms word an instant.
pub(crate) fn instant_words(at: NaiveDateTime) -> String {
    format!("{:02} giờ {:02} phút, {}", at.hour(), at.minute(), date_words(at.date()))
}

/// "1.250.000 đồng".
pub(crate) fn money(vnd: i64) -> String {
    let digits = vnd.unsigned_abs().to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('.');
        }
        out.push(digit);
    }
    let sign = if vnd < 0 { "-" } else { "" };
    format!("{sign}{out} đồng")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_grouped_by_thousands() {
        assert_eq!(money(0), "0 đồng");
        assert_eq!(money(15_000), "15.000 đồng");
        assert_eq!(money(1_250_000), "1.250.000 đồng");
    }

    #[test]
    fn months_from_march_have_no_zero() {
        let day = |m, d| NaiveDate::from_ymd_opt(2019, m, d).unwrap();
        assert_eq!(date_words(day(2, 5)), "ngày 05 tháng 02 năm 2019");
        assert_eq!(date_words(day(3, 15)), "ngày 15 tháng 3 năm 2019");
    }

    #[test]
    fn text_is_composed_and_tricks_are_taken_out() {
        assert_eq!(clean("Nguye\u{302}\u{303}n\t Văn\n\u{202E}A"), "Nguyễn Văn A");
        assert_eq!(clean("Sok ក"), "Sok [U+1780]");
    }

    #[test]
    fn a_word_without_end_may_break() {
        let long = "x".repeat(WORD_CHARS_MAX + 1);
        assert_eq!(breakable(&long).matches('\u{200B}').count(), 1);
        assert_eq!(breakable("000.00.11.H33-191125-0007"), "000.00.11.H33-191125-0007");
    }

    #[test]
    fn a_line_over_the_limit_names_its_field() {
        let mut data = Data::new();
        let long = "x".repeat(TEXT_CHARS_MAX + 1);
        let fault = data.need("filer_name", &long);
        assert_eq!(fault, Err(RenderFault::TooLong { field: "filer_name", limit: TEXT_CHARS_MAX }));
        assert_eq!(data.need("place", " "), Err(RenderFault::Empty { field: "place" }));
    }
}
