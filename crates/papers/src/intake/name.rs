//! File names from outside made safe to show, to log and to save under.

use unicode_normalization::UnicodeNormalization;

use super::Kind;
use crate::limits::NAME_BYTES_MAX;
use crate::text::is_invisible;

/// Names that Windows gives to devices; a file so named cannot be saved there.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];
/// Devices with a number behind.
const RESERVED_NUMBERED: [&str; 2] = ["com", "lpt"];
/// Longest ending that is looked at, in bytes.
const EXTENSION_BYTES_MAX: usize = 8;

/// Why a name cannot be made safe.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// Nothing readable is left.
    #[error("expected a name with at least one letter or digit")]
    Empty,
    /// A device name of Windows.
    #[error("{name} is the name of a device")]
    Reserved {
        /// The name without its ending.
        name: String,
    },
    /// Direction overrides make the name read other than it is, e.g. hide its real ending.
    #[error("the name contains marks that change the direction of reading")]
    Bidi,
}

impl NameFault {
    /// Key of the text that tells the person.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Empty => "file-name-empty",
            Self::Reserved { .. } => "file-name-reserved",
            Self::Bidi => "file-name-bidi",
        }
    }

    /// Parameters of the text, by name.
    #[must_use]
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Reserved { name } => vec![("name", name.clone())],
            Self::Empty | Self::Bidi => Vec::new(),
        }
    }
}

/// A safe name: last part of a path, composed letters (NFC), no controls, no invisible signs, no
/// leading dots, none of `< > : " | ? *`, at most [`NAME_BYTES_MAX`] bytes, and an ending that
/// matches `kind` ("hoadon.exe" that is a PDF becomes "hoadon.exe.pdf").
///
/// # Errors
/// [`NameFault`] where no honest name can be made.
pub fn display_name(declared: &str, kind: Kind) -> Result<String, NameFault> {
    if declared.chars().any(is_direction_override) {
        return Err(NameFault::Bidi);
    }
    let composed: String = declared.nfc().collect();
    let last = composed.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut clean = String::new();
    for c in last.chars() {
        match c {
            c if is_invisible(c) => {}
            c if c.is_control() || c.is_whitespace() => {
                if !clean.ends_with(' ') {
                    clean.push(' ');
                }
            }
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => clean.push('_'),
            c => clean.push(c),
        }
    }
    let clean = clean.trim_start_matches(['.', ' ']).trim_end_matches(['.', ' ']);
    let (stem, extension) = split_extension(clean, kind);
    let stem = stem.trim_end_matches(['.', ' ']);
    if !stem.chars().any(char::is_alphanumeric) {
        return Err(NameFault::Empty);
    }
    refuse_reserved(stem)?;
    Ok(format!("{}.{extension}", shorten(stem, NAME_BYTES_MAX - extension.len() - 1)))
}

/// Embeddings, overrides and isolates (U+202A–202E, U+2066–2069).
const fn is_direction_override(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Cuts off an ending that fits the kind, and gives the ending to write.
fn split_extension(name: &str, kind: Kind) -> (&str, String) {
    let usual = kind.extensions().first().copied().unwrap_or_default();
    if let Some((stem, end)) = name.rsplit_once('.') {
        let lower = end.to_ascii_lowercase();
        if end.len() <= EXTENSION_BYTES_MAX && kind.extensions().contains(&lower.as_str()) {
            return (stem, lower);
        }
    }
    (name, usual.to_owned())
}

fn refuse_reserved(stem: &str) -> Result<(), NameFault> {
    // Windows looks at the part before the first dot: "nul.tar.pdf" is still the device.
    let first = stem.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = RESERVED_NUMBERED.iter().any(|device| {
        first.strip_prefix(device).is_some_and(|rest| {
            matches!(rest.chars().collect::<Vec<_>>()[..], ['0'..='9' | '¹' | '²' | '³'])
        })
    });
    if numbered || RESERVED.contains(&first.as_str()) {
        return Err(NameFault::Reserved { name: first.to_uppercase() });
    }
    Ok(())
}

/// At most `limit` bytes, cut between letters, with an ellipsis to show it.
fn shorten(stem: &str, limit: usize) -> String {
    const ELLIPSIS: char = '…';
    if stem.len() <= limit {
        return stem.to_owned();
    }
    let mut end = limit.saturating_sub(ELLIPSIS.len_utf8());
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ELLIPSIS}", stem[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pdf(name: &str) -> Result<String, NameFault> {
        display_name(name, Kind::Pdf)
    }

    #[test]
    fn a_path_keeps_its_last_part_only() {
        assert_eq!(pdf("C:\\fakepath\\Đơn.pdf").unwrap(), "Đơn.pdf");
        assert_eq!(pdf("../../etc/passwd").unwrap(), "passwd.pdf");
    }

    #[test]
    fn letters_are_composed() {
        assert_eq!(pdf("Gia\u{302}\u{301}y.pdf").unwrap(), "Giấy.pdf");
    }

    #[test]
    fn control_signs_and_shell_signs_are_taken_out() {
        assert_eq!(pdf("a\r\nSet-Cookie: x\0.pdf").unwrap(), "a Set-Cookie_ x.pdf");
    }

    #[test]
    fn leading_dots_are_taken_off() {
        assert_eq!(pdf("..htaccess.pdf").unwrap(), "htaccess.pdf");
    }

    #[test]
    fn a_direction_override_is_refused() {
        assert_eq!(pdf("hoadon\u{202E}fdp.exe"), Err(NameFault::Bidi));
    }

    #[test]
    fn a_device_name_is_refused() {
        for name in ["NUL.pdf", "con", "com1.tar.pdf", "LPT³.pdf"] {
            assert!(matches!(pdf(name), Err(NameFault::Reserved { .. })), "{name}");
        }
        assert_eq!(pdf("console.pdf").unwrap(), "console.pdf");
    }

    #[test]
    fn a_name_without_letters_is_refused() {
        for name in ["", "...", "/", "--.pdf"] {
            assert_eq!(pdf(name), Err(NameFault::Empty), "{name}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_letters_and_keeps_its_ending() {
        let name = pdf(&format!("{}.pdf", "ữ".repeat(200))).unwrap();
        assert!(name.len() <= NAME_BYTES_MAX && name.ends_with("….pdf"), "{name}");
    }

    #[test]
    fn the_ending_tells_the_true_kind() {
        assert_eq!(pdf("hoadon.exe").unwrap(), "hoadon.exe.pdf");
        assert_eq!(display_name("Ảnh.JPEG", Kind::Jpeg).unwrap(), "Ảnh.jpeg");
    }
}
