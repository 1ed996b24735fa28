//! Looking at a file on arrival: what it really is, whether it is whole, and a name safe to show.
//!
//! The kind comes from the bytes; the name only lends its words. [`Inspector`] takes a stream in
//! pieces and keeps a bounded part of it; [`inspect`] takes bytes that are already in memory;
//! [`sniff`] is the bare question "which kind".

mod fault;
mod image;
mod name;
mod ooxml;
mod pdf;

pub use fault::FileFault;
pub use name::{NameFault, display_name};

use crate::limits::{HEAD_BYTES, TAIL_BYTES};

/// Kinds of file that a case may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// PDF.
    Pdf,
    /// JPEG picture.
    Jpeg,
    /// PNG picture.
    Png,
    /// Word document (OOXML).
    Docx,
    /// Excel workbook (OOXML).
    Xlsx,
}

impl Kind {
    /// Media type to serve it with.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// Endings of names, the usual one first.
    #[must_use]
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Jpeg => &["jpg", "jpeg", "jpe", "jfif"],
            Self::Png => &["png"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
        }
    }
}

/// Something in an accepted file that people have to know before they open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flag {
    /// The PDF carries JavaScript.
    PdfScript,
    /// The PDF wants to start a program or open another file.
    PdfLaunch,
    /// The PDF is encrypted: an officer may be unable to read it.
    PdfEncrypted,
    /// The PDF carries other files inside.
    PdfEmbedded,
}

impl Flag {
    /// Key of the text that explains it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::PdfScript => "file-flag-script",
            Self::PdfLaunch => "file-flag-launch",
            Self::PdfEncrypted => "file-flag-encrypted",
            Self::PdfEmbedded => "file-flag-embedded",
        }
    }
}

/// A file that may enter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// What it is, by its bytes.
    pub kind: Kind,
    /// Name to show and to save under; its ending matches the kind.
    pub display_name: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Warnings, sorted, each once.
    pub flags: Vec<Flag>,
}

/// Looks at a stream piece by piece. Memory stays under [`HEAD_BYTES`] + 2 × [`TAIL_BYTES`] plus
/// one piece, whatever the length of the stream.
#[derive(Debug)]
pub struct Inspector {
    limit_bytes: u64,
    seen: u64,
    head: Vec<u8>,
    tail: Vec<u8>,
    marks: pdf::Marks,
}

impl Inspector {
    /// A new look with the caller's limit in bytes (see [`crate::limits::FILE_BYTES_MAX`]).
    #[must_use]
    pub fn new(limit_bytes: u64) -> Self {
        let (head, tail) = (Vec::new(), Vec::new());
        Self { limit_bytes, seen: 0, head, tail, marks: pdf::Marks::default() }
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`FileFault::TooLarge`] as soon as the limit is passed, so that the rest need not be read.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), FileFault> {
        self.seen = self.seen.saturating_add(piece.len() as u64);
        if self.seen > self.limit_bytes {
            return Err(FileFault::TooLarge { limit_bytes: self.limit_bytes });
        }
        let room = HEAD_BYTES.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..room]);
        self.marks.push(piece);
        self.tail.extend_from_slice(piece);
        if self.tail.len() > 2 * TAIL_BYTES {
            let surplus = self.tail.len() - TAIL_BYTES;
            self.tail.drain(..surplus);
        }
        Ok(())
    }

    /// Ends the look with the name that the sender gave.
    ///
    /// # Errors
    /// [`FileFault`] with the reason.
    pub fn finish(self, declared_name: &str) -> Result<Accepted, FileFault> {
        let parts = Parts { head: &self.head, tail: &self.tail, bytes: self.seen };
        let kind = recognise(&parts)?;
        check_whole(kind, &parts)?;
        let flags = if kind == Kind::Pdf { self.marks.flags() } else { Vec::new() };
        let display_name = display_name(declared_name, kind).map_err(FileFault::Name)?;
        Ok(Accepted { kind, display_name, bytes: self.seen, flags })
    }
}

/// Looks at a whole file in memory.
///
/// # Errors
/// [`FileFault`] with the reason.
pub fn inspect(whole: &[u8], declared_name: &str, limit_bytes: u64) -> Result<Accepted, FileFault> {
    let mut inspector = Inspector::new(limit_bytes);
    inspector.push(whole)?;
    inspector.finish(declared_name)
}

/// Which kind a file is. From the first bytes alone PDF, JPEG and PNG are known; with the `whole`
/// file it is also checked to be unbroken, and DOCX and XLSX are known.
///
/// # Errors
/// [`FileFault`] with the reason; a name that cannot be made safe is refused too.
pub fn sniff(
    first_bytes: &[u8],
    whole: Option<&[u8]>,
    declared_name: &str,
) -> Result<Kind, FileFault> {
    let tail = whole.unwrap_or_default();
    let parts = Parts { head: whole.unwrap_or(first_bytes), tail, bytes: tail.len() as u64 };
    let kind = recognise(&parts)?;
    if whole.is_some() {
        check_whole(kind, &parts)?;
    }
    display_name(declared_name, kind).map_err(FileFault::Name)?;
    Ok(kind)
}

/// What is kept of a file.
struct Parts<'a> {
    head: &'a [u8],
    tail: &'a [u8],
    bytes: u64,
}

fn recognise(parts: &Parts<'_>) -> Result<Kind, FileFault> {
    let head = parts.head;
    if head.is_empty() {
        return Err(FileFault::Empty);
    }
    if image::is_png(head) {
        return Ok(Kind::Png);
    }
    if image::is_jpeg(head) {
        return Ok(Kind::Jpeg);
    }
    if ooxml::is_zip(head) {
        return ooxml::recognise(parts.tail, parts.bytes);
    }
    if pdf::is_pdf(head) {
        return Ok(Kind::Pdf);
    }
    Err(FileFault::Type)
}

fn check_whole(kind: Kind, parts: &Parts<'_>) -> Result<(), FileFault> {
    let whole = match kind {
        Kind::Pdf => pdf::ends_well(parts.tail),
        Kind::Jpeg => image::jpeg_ends_well(parts.tail),
        Kind::Png => image::png_ends_well(parts.tail),
        // Their directory stands at the end and has been read.
        Kind::Docx | Kind::Xlsx => true,
    };
    if whole { Ok(()) } else { Err(FileFault::Broken { kind }) }
}

/// Position of `needle` in `hay`.
fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

/// The last `count` bytes, or all.
fn last(bytes: &[u8], count: usize) -> &[u8] {
    &bytes[bytes.len().saturating_sub(count)..]
}
