//! Numbers of the trial pages as people write and read them: a comma before the parts in
//! Vietnamese, a point in English; both are read.

use kit::{Lang, T};

/// Digits of a group in a long number.
const GROUP: usize = 3;
/// Digits after the mark that are read.
const PARTS: usize = 2;

/// A whole number with marks between its groups.
pub(super) fn whole(t: T, n: u64) -> String {
    t.number(i64::try_from(n).unwrap_or(i64::MAX))
}

/// A number with at most so many digits after the mark, without needless zeros.
pub(super) fn decimal(t: T, number: f64, places: usize) -> String {
    if !number.is_finite() {
        return "—".to_owned();
    }
    let text = format!("{number:.places$}");
    let (digits, parts) = text.split_once('.').unwrap_or((&text, ""));
    let minus = if digits.starts_with('-') { "−" } else { "" };
    let digits = digits
        .trim_start_matches('-')
        .parse()
        .map_or_else(|_| digits.to_owned(), |n: i64| t.number(n));
    let mark = if t.lang() == Lang::Vi { ',' } else { '.' };
    let parts = parts.trim_end_matches('0');
    match (parts.is_empty(), digits == "0") {
        (true, true) => digits,
        (true, false) => format!("{minus}{digits}"),
        (false, _) => format!("{minus}{digits}{mark}{parts}"),
    }
}

/// A share as percent: `97,6%`.
pub(super) fn percent(t: T, share: f64) -> String {
    format!("{}%", decimal(t, share * 100.0, 1))
}

/// A change with its sign.
pub(super) fn signed(t: T, number: f64, places: usize) -> String {
    let text = decimal(t, number, places);
    if number > 0.0 && text != "0" { format!("+{text}") } else { text }
}

/// A number as somebody typed it, at least 0: groups of three digits are one number (`1.000`,
/// `1,000`), one or two digits after the last mark are parts (`12,5`).
pub(super) fn typed(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<&str> = text.split(['.', ',']).collect();
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !parts.iter().all(digits) {
        return None;
    }
    let (first, rest) = parts.split_first()?;
    let (after, groups) = match rest.split_last() {
        Some((last, groups)) if last.len() <= PARTS => (*last, groups),
        _ => ("", rest),
    };
    let grouped = groups.is_empty() || first.len() <= GROUP;
    if !grouped || groups.iter().any(|group| group.len() != GROUP) {
        return None;
    }
    format!("{first}{}.{after}0", groups.concat()).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let read = [
            ("12", 12.0),
            (" 12,5 ", 12.5),
            ("12.25", 12.25),
            ("1.000", 1_000.0),
            ("1,000", 1_000.0),
            ("1 000 000", 1_000_000.0),
            ("1.234.567,5", 1_234_567.5),
            ("0,05", 0.05),
            ("1000,5", 1_000.5),
        ];
        for (text, number) in read {
            assert_eq!(typed(text), Some(number), "{text}");
        }
        for text in ["", "-1", "1,", ",5", "1e3", "mười", "1.00.000", "1,2345", "1234.567", "NaN"]
        {
            assert_eq!(typed(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_written_in_the_language_of_the_page() {
        let (vi, en) = (T::new(Lang::Vi), T::new(Lang::En));
        assert_eq!(
            (decimal(vi, 1_234.5, 1), decimal(en, 1_234.5, 1)),
            ("1.234,5".into(), "1,234.5".into())
        );
        assert_eq!((decimal(vi, 12.0, 2), decimal(vi, 0.04, 1)), ("12".into(), "0".into()));
        assert_eq!((decimal(vi, -0.25, 2), decimal(vi, -0.04, 1)), ("−0,25".into(), "0".into()));
        assert_eq!(decimal(vi, f64::INFINITY, 1), "—");
        assert_eq!((percent(vi, 0.976), percent(en, 1.0)), ("97,6%".into(), "100%".into()));
        assert_eq!(
            (signed(vi, 2.5, 1), signed(vi, 0.01, 1), signed(vi, -3.0, 1)),
            ("+2,5".into(), "0".into(), "−3".into())
        );
        assert_eq!(whole(vi, 1_000_000), "1.000.000");
        for n in [0.5, 12.25, 1_000.0, 123_456.75] {
            assert_eq!(typed(&decimal(vi, n, 2)), Some(n), "what is shown can be sent back");
        }
    }
}
