//! Which characters XML 1.0 (fifth edition) allows where, and how values are normalised.

use std::borrow::Cow;

/// Production [2] `Char`.
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

/// Production [3] `S`.
pub(crate) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Production [4] `NameStartChar` without the colon.
fn starts_name(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}'
        | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}'
        | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}' | '\u{2c00}'..='\u{2fef}'
        | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

/// Production [4a] `NameChar`, with the colon.
pub(crate) fn in_name(c: char) -> bool {
    starts_name(c)
        || matches!(c, ':' | '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}'
            | '\u{203f}'..='\u{2040}')
}

/// `NCName` of Namespaces in XML: a prefix or a local name.
pub(crate) fn is_prefix_or_local(name: &str) -> bool {
    name.starts_with(starts_name) && name.chars().all(|c| c != ':' && in_name(c))
}

/// `QName` of Namespaces in XML.
pub(crate) fn is_qualified(name: &str) -> bool {
    match name.split_once(':') {
        Some((prefix, local)) => is_prefix_or_local(prefix) && is_prefix_or_local(local),
        None => is_prefix_or_local(name),
    }
}

/// Prefix (or empty) and local part of a qualified name.
pub(crate) fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

/// The text of one reference, given without `&` and `;`.
pub(crate) fn reference(name: &str) -> Result<char, String> {
    let found = match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => {
            let Some(number) = name.strip_prefix('#') else {
                return Err(format!("the entity &{name}; is not accepted"));
            };
            let (digits, radix) = match number.strip_prefix('x') {
                Some(digits) => (digits, 16),
                None => (number, 10),
            };
            let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            let code = u32::from_str_radix(digits, radix).ok().filter(|_| plain);
            code.and_then(char::from_u32).filter(|c| is_char(*c))
        }
    };
    found.ok_or_else(|| format!("&{name}; is no character of XML"))
}

/// Raw character data as text: line ends as `\n`, references resolved. The raw text is well-formed.
pub(crate) fn normalise_text(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['&', '\r']) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(resolve(&unix_lines(raw), false))
}

/// A raw attribute value as its value: white space as blanks (3.3.3), references resolved.
pub(crate) fn normalise_attribute(raw: &str) -> Cow<'_, str> {
    if !raw.contains(['&', '\r', '\n', '\t']) {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(resolve(&unix_lines(raw), true))
}

/// Section 2.11: `\r\n` and `\r` are read as `\n`.
pub(crate) fn unix_lines(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\r') {
        return Cow::Borrowed(raw);
    }
    Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
}

fn resolve(raw: &str, blanks: bool) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        rest = after;
        match c {
            '&' => {
                let (name, tail) = after.split_once(';').unwrap_or((after, ""));
                text.extend(reference(name));
                rest = tail;
            }
            '\n' | '\t' if blanks => text.push(' '),
            _ => text.push(c),
        }
    }
    text
}

/// Text as it must be written between tags.
pub(crate) fn escape_text(text: &str) -> String {
    let mut raw = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => raw.push_str("&amp;"),
            '<' => raw.push_str("&lt;"),
            '>' => raw.push_str("&gt;"),
            '\r' => raw.push_str("&#13;"),
            _ => raw.push(c),
        }
    }
    raw
}

/// A value as it must be written between quotes of this kind.
pub(crate) fn escape_attribute(value: &str, quote: char) -> String {
    let mut raw = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => raw.push_str("&amp;"),
            '<' => raw.push_str("&lt;"),
            '"' if quote == '"' => raw.push_str("&quot;"),
            '\'' if quote == '\'' => raw.push_str("&apos;"),
            '\n' => raw.push_str("&#10;"),
            '\r' => raw.push_str("&#13;"),
            '\t' => raw.push_str("&#9;"),
            _ => raw.push(c),
        }
    }
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for good in ["a", "_1", "bpmn:task", "Bước", "a-b.c", "\u{10000}"] {
            assert!(is_qualified(good), "{good}");
        }
        for bad in ["", "1a", "-a", ":a", "a:", "a:b:c", "a b", "a:1"] {
            assert!(!is_qualified(bad), "{bad}");
        }
    }

    #[test]
    fn values() {
        assert_eq!(normalise_attribute("a\r\nb\tc&#10;d&amp;&#xe9;"), "a b c\nd&é");
        assert_eq!(normalise_text("a\r\nb\rc&lt;&#13;"), "a\nb\nc<\r");
        for value in ["a<b&\"c'\n\r\t d", "đơn"] {
            for quote in ['"', '\''] {
                assert_eq!(normalise_attribute(&escape_attribute(value, quote)), value);
            }
            assert_eq!(normalise_text(&escape_text(value)), value);
        }
        for bad in ["#0", "#x1F", "#xD800", "#", "#x", "#+5", "nbsp", "#1114112", ""] {
            assert!(reference(bad).is_err(), "{bad}");
        }
    }
}
