//! PDF: beginning, end, and names in it that people have to be warned of.
//!
//! Names are read in the plain bytes and in deflated object streams, not in encrypted ones nor
//! behind rarer filters. The flags are a help to the officer, not a virus scanner.

use std::collections::BTreeSet;

use flate2::{Decompress, FlushDecompress, Status};

use super::{Flag, find, last};
use crate::limits::{END_MARK_WITHIN, PDF_HEADER_WITHIN, PDF_INFLATED_BYTES_MAX};

/// The word before the data of a stream.
const STREAM_WORD: [u8; 6] = *b"stream";
/// Piece of inflated data read at once.
const INFLATE_BUFFER_BYTES: usize = 4 * 1024;

/// Longest PDF name that matters here, written with every letter as `#xx`.
const NAME_BYTES_MAX: usize = 3 * 16 + 1;

pub(super) fn is_pdf(head: &[u8]) -> bool {
    find(&head[..head.len().min(PDF_HEADER_WITHIN)], b"%PDF-").is_some()
}

pub(super) fn ends_well(tail: &[u8]) -> bool {
    find(last(tail, END_MARK_WITHIN), b"%%EOF").is_some()
}

/// Collects the telling names of a PDF from a stream; a name may lie across two pieces. Object
/// streams, where newer PDFs keep most of their objects, are inflated on the way.
#[derive(Debug, Default)]
pub(super) struct Marks {
    names: Names,
    /// The last bytes, to see the word "stream".
    recent: [u8; STREAM_WORD.len()],
    inflater: Option<Inflater>,
    /// Bytes inflated so far, over all object streams.
    inflated: usize,
}

impl Marks {
    pub(super) fn push(&mut self, piece: &[u8]) {
        let mut rest = piece;
        while let Some((byte, more)) = rest.split_first() {
            if let Some(inflater) = &mut self.inflater {
                let step = inflater.feed(rest, &mut self.names, &mut self.inflated);
                rest = rest.get(step.used..).unwrap_or_default();
                if step.ended {
                    self.inflater = None;
                    self.names.close();
                }
            } else {
                self.plain(*byte);
                rest = more;
            }
        }
    }

    pub(super) fn flags(mut self) -> Vec<Flag> {
        self.names.close();
        self.names.found.into_iter().collect()
    }

    fn plain(&mut self, byte: u8) {
        self.names.push(byte);
        self.recent.rotate_left(1);
        self.recent[STREAM_WORD.len() - 1] = byte;
        if self.recent == STREAM_WORD && std::mem::take(&mut self.names.object_stream) {
            self.inflater = Some(Inflater::default());
        }
    }
}

/// The names of a PDF, one byte at a time.
#[derive(Debug, Default)]
struct Names {
    /// The name being read, without its slash; `None` outside a name.
    name: Option<Vec<u8>>,
    /// `/ObjStm` was read: the next stream holds objects.
    object_stream: bool,
    found: BTreeSet<Flag>,
}

impl Names {
    fn push(&mut self, byte: u8) {
        match &mut self.name {
            _ if byte == b'/' => {
                self.close();
                self.name = Some(Vec::new());
            }
            Some(name) if is_regular(byte) && name.len() < NAME_BYTES_MAX => name.push(byte),
            Some(_) => self.close(),
            None => {}
        }
    }

    fn close(&mut self) {
        let Some(name) = self.name.take() else { return };
        let flag = match unescape(&name).as_slice() {
            b"JavaScript" | b"JS" => Flag::PdfScript,
            b"Launch" | b"GoToR" | b"ImportData" => Flag::PdfLaunch,
            b"Encrypt" => Flag::PdfEncrypted,
            b"EmbeddedFile" | b"EmbeddedFiles" | b"RichMedia" => Flag::PdfEmbedded,
            b"ObjStm" => {
                self.object_stream = true;
                return;
            }
            _ => return,
        };
        self.found.insert(flag);
    }
}

/// Inflates one object stream and reads the names in it.
#[derive(Debug)]
struct Inflater {
    state: Decompress,
    /// Still before the first data byte: the line end after "stream" is passed over.
    at_start: bool,
}

impl Default for Inflater {
    fn default() -> Self {
        Self { state: Decompress::new(true), at_start: true }
    }
}

/// How far one piece was read.
struct Step {
    used: usize,
    ended: bool,
}

impl Inflater {
    fn feed(&mut self, piece: &[u8], names: &mut Names, inflated: &mut usize) -> Step {
        let mut out = [0; INFLATE_BUFFER_BYTES];
        let mut used = 0;
        if self.at_start {
            used = piece.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
            self.at_start = used == piece.len();
        }
        loop {
            let (before_in, before_out) = (self.state.total_in(), self.state.total_out());
            let input = piece.get(used..).unwrap_or_default();
            let status = self.state.decompress(input, &mut out, FlushDecompress::None);
            used += usize::try_from(self.state.total_in() - before_in).unwrap_or(input.len());
            let made = usize::try_from(self.state.total_out() - before_out).unwrap_or_default();
            out.iter().take(made).for_each(|byte| names.push(*byte));
            *inflated = inflated.saturating_add(made);
            // Another filter, damage, the end, or a bomb: go on with the plain bytes behind.
            let ended = !matches!(status, Ok(Status::Ok | Status::BufError))
                || *inflated > PDF_INFLATED_BYTES_MAX;
            if ended || made < out.len() {
                // A reader that takes nothing from a piece would never end.
                let stuck = used == 0 && !piece.is_empty();
                return Step { used, ended: ended || stuck };
            }
        }
    }
}

/// Neither white space nor a delimiter (ISO 32000-1, 7.2.2).
const fn is_regular(byte: u8) -> bool {
    !matches!(
        byte,
        0 | 9 | 10 | 12 | 13 | b' ' | b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'%'
    )
}

/// `J#61vaScript` → `JavaScript` (ISO 32000-1, 7.3.5).
fn unescape(name: &[u8]) -> Vec<u8> {
    let hex = |byte: Option<&u8>| byte.and_then(|b| char::from(*b).to_digit(16));
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(byte) = name.get(i) {
        let pair = (*byte == b'#').then(|| Some((hex(name.get(i + 1))?, hex(name.get(i + 2))?)));
        if let Some(Some((high, low))) = pair {
            out.push(u8::try_from(high * 16 + low).unwrap_or_default());
            i += 3;
        } else {
            out.push(*byte);
            i += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(pieces: &[&[u8]]) -> Vec<Flag> {
        let mut marks = Marks::default();
        for piece in pieces {
            marks.push(piece);
        }
        marks.flags()
    }

    #[test]
    fn a_name_across_two_pieces_is_seen() {
        assert_eq!(flags(&[b"<</S/Java", b"Script/JS(x)>>"]), vec![Flag::PdfScript]);
    }

    #[test]
    fn an_escaped_name_is_seen() {
        assert_eq!(flags(&[b"/S /#4aava#53cript "]), vec![Flag::PdfScript]);
        assert_eq!(flags(&[b"/S/L#61unch"]), vec![Flag::PdfLaunch]);
    }

    /// An object stream as newer PDFs write it.
    fn object_stream(content: &[u8]) -> Vec<u8> {
        let mut z = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        std::io::Write::write_all(&mut z, content).unwrap();
        let mut out = b"1 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\r\n".to_vec();
        out.extend(z.finish().unwrap());
        out.extend(b"\nendstream 2 0 obj<</S/Launch>>");
        out
    }

    #[test]
    fn a_script_in_an_object_stream_is_seen_however_the_file_is_cut() {
        let bytes = object_stream(b"5 0 <</S/JavaScript/JS(app.alert)>>");
        for size in [1, 2, 5, 1000] {
            let pieces: Vec<&[u8]> = bytes.chunks(size).collect();
            assert_eq!(flags(&pieces), vec![Flag::PdfScript, Flag::PdfLaunch], "pieces of {size}");
        }
    }

    #[test]
    fn a_bomb_is_left_and_the_rest_is_still_read() {
        let bytes = object_stream(&vec![b' '; PDF_INFLATED_BYTES_MAX + 100_000]);
        assert_eq!(flags(&[&bytes]), vec![Flag::PdfLaunch]);
    }

    #[test]
    fn a_stream_that_is_not_deflated_does_not_stop_the_look() {
        let bytes = b"<</Type/ObjStm>>stream\nplain words\nendstream<</S/JavaScript>>";
        assert_eq!(flags(&[bytes]), vec![Flag::PdfScript]);
    }

    #[test]
    fn longer_names_and_plain_words_are_no_alarm() {
        assert!(flags(&[b"/JavaScriptX (JavaScript) Launch /JSON"]).is_empty());
    }
}
