//! Bytes to text and back: UTF-8, UTF-16, and the single-byte encodings that older modellers write.

use std::borrow::Cow;

/// How a file is encoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Encoding {
    /// UTF-8, and ASCII as its part.
    #[default]
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// ISO 8859-1.
    Latin1,
    /// Windows code page 1252.
    Windows1252,
}

/// A file as text.
pub(crate) struct Decoded<'a> {
    /// The text, without a byte order mark.
    pub(crate) text: Cow<'a, str>,
    pub(crate) encoding: Encoding,
    /// Whether the file began with a byte order mark.
    pub(crate) mark: bool,
}

/// An XML declaration ends within this many bytes.
const DECLARATION_BYTES: usize = 256;

/// Characters of Windows-1252 from 0x80 to 0x9F; a hole is `\0`.
const WINDOWS_1252: [char; 32] = [
    '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0', '‘',
    '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
];

/// The bytes as text, by byte order mark, else by the XML declaration, else UTF-8.
///
/// The error is the offset of the first byte that is not text, and the reason.
pub(crate) fn decode(xml: &[u8]) -> Result<Decoded<'_>, (usize, String)> {
    match xml {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => {
            Err((0, "expected UTF-8 or UTF-16, but the file is UTF-32".to_owned()))
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest, true, 3),
        [0xff, 0xfe, rest @ ..] => utf16(rest, Encoding::Utf16Le, true),
        [0xfe, 0xff, rest @ ..] => utf16(rest, Encoding::Utf16Be, true),
        [b'<', 0, _, 0, ..] => utf16(xml, Encoding::Utf16Le, false),
        [0, b'<', 0, _, ..] => utf16(xml, Encoding::Utf16Be, false),
        _ => declared(xml),
    }
}

fn utf8(xml: &[u8], mark: bool, shift: usize) -> Result<Decoded<'_>, (usize, String)> {
    let text = std::str::from_utf8(xml).map_err(|error| {
        let byte = xml.get(error.valid_up_to()).copied().unwrap_or_default();
        (error.valid_up_to() + shift, format!("the text is not UTF-8: byte {byte:#04x}"))
    })?;
    Ok(Decoded { text: Cow::Borrowed(text), encoding: Encoding::Utf8, mark })
}

fn utf16(xml: &[u8], encoding: Encoding, mark: bool) -> Result<Decoded<'static>, (usize, String)> {
    if !xml.len().is_multiple_of(2) {
        return Err((xml.len(), "the text is not UTF-16: half a character at the end".to_owned()));
    }
    let units = xml.chunks_exact(2).map(|pair| match (pair, encoding) {
        ([a, b], Encoding::Utf16Le) => u16::from_le_bytes([*a, *b]),
        ([a, b], _) => u16::from_be_bytes([*a, *b]),
        _ => 0,
    });
    let mut text = String::with_capacity(xml.len() / 2);
    for c in char::decode_utf16(units) {
        let c = c.map_err(|_| (text.len(), "the text is not UTF-16".to_owned()))?;
        text.push(c);
    }
    Ok(Decoded { text: Cow::Owned(text), encoding, mark })
}

fn declared(xml: &[u8]) -> Result<Decoded<'_>, (usize, String)> {
    let name = declaration(xml).and_then(declared_encoding).unwrap_or("utf-8");
    let single = |of: fn(u8) -> char, encoding| {
        let text = Cow::Owned(xml.iter().map(|byte| of(*byte)).collect());
        Ok(Decoded { text, encoding, mark: false })
    };
    match name.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => utf8(xml, false, 0),
        "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "latin-1" => {
            single(char::from, Encoding::Latin1)
        }
        "windows-1252" | "cp1252" => single(windows_1252, Encoding::Windows1252),
        _ => {
            let name: String = name.chars().take(40).collect();
            let reason = format!(
                "expected UTF-8, UTF-16, ISO-8859-1 or windows-1252, but the file says {name:?}"
            );
            Err((0, reason))
        }
    }
}

fn windows_1252(byte: u8) -> char {
    let found = byte.checked_sub(0x80).and_then(|at| WINDOWS_1252.get(usize::from(at)));
    found.copied().filter(|c| *c != '\0').unwrap_or_else(|| char::from(byte))
}

/// The text of the XML declaration, without `<?xml` and `?>`.
fn declaration(xml: &[u8]) -> Option<&str> {
    let end = xml.windows(2).take(DECLARATION_BYTES).position(|pair| pair == b"?>")?;
    std::str::from_utf8(xml.get(..end)?.strip_prefix(b"<?xml")?).ok()
}

/// The value of the pseudo-attribute `encoding` in the text of a declaration.
pub(crate) fn declared_encoding(declaration: &str) -> Option<&str> {
    let (_, rest) = declaration.split_once("encoding")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split_once(quote).map(|(name, _)| name)
}

/// The text as bytes; `None` when a character has no place in the encoding.
pub(crate) fn encode(text: &str, encoding: Encoding, mark: bool) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() + 3);
    match encoding {
        Encoding::Utf8 => {
            if mark {
                bytes.extend([0xef, 0xbb, 0xbf]);
            }
            bytes.extend(text.as_bytes());
        }
        Encoding::Utf16Le | Encoding::Utf16Be => {
            let mark = mark.then_some(0xfeff);
            for unit in mark.into_iter().chain(text.encode_utf16()) {
                let little = encoding == Encoding::Utf16Le;
                bytes.extend(if little { unit.to_le_bytes() } else { unit.to_be_bytes() });
            }
        }
        Encoding::Latin1 => {
            for c in text.chars() {
                bytes.push(u8::try_from(u32::from(c)).ok()?);
            }
        }
        Encoding::Windows1252 => {
            for c in text.chars() {
                bytes.push((0..=u8::MAX).find(|byte| windows_1252(*byte) == c)?);
            }
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_encoding_comes_back() {
        let text = "<?xml version='1.0'?><a b='Đơn vị'>é€</a>";
        for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
            for mark in [true, false] {
                let bytes = encode(text, encoding, mark).unwrap();
                let decoded = decode(&bytes).ok().unwrap();
                assert_eq!(
                    (&*decoded.text, decoded.encoding, decoded.mark),
                    (text, encoding, mark)
                );
            }
        }
        for (name, encoding, text) in
            [("ISO-8859-1", Encoding::Latin1, "é"), ("windows-1252", Encoding::Windows1252, "é€")]
        {
            let text = format!("<?xml version=\"1.0\" encoding=\"{name}\"?><a>{text}</a>");
            let bytes = encode(&text, encoding, false).unwrap();
            let decoded = decode(&bytes).ok().unwrap();
            assert_eq!((&*decoded.text, decoded.encoding), (text.as_str(), encoding));
        }
        assert_eq!(encode("Đ", Encoding::Latin1, false), None);
    }

    #[test]
    fn what_is_not_text_is_refused() {
        for bad in [
            &b"<a>\xff</a>"[..],
            b"\xff\xfe<\0a\0>",
            b"\xff\xfe\0\xd8<\0",
            b"\xff\xfe\0\0<\0\0\0",
            b"<?xml version='1.0' encoding='Shift_JIS'?><a/>",
            b"<?xml version='1.0' encoding='UTF-16'?><a/>",
        ] {
            assert!(decode(bad).is_err(), "{bad:?}");
        }
    }
}
