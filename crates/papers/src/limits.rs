//! Every limit of this crate, by name.

/// Longest single-line text on a form (a name, an address), in characters.
pub const TEXT_CHARS_MAX: usize = 600;
/// Longest running text on a form (a reason), in characters.
pub const REASON_CHARS_MAX: usize = 6_000;
/// Signs without a space after which a word may break.
pub const WORD_CHARS_MAX: usize = 30;
/// Most lines in one table of a form (papers, missing papers, handovers, fees).
pub const TABLE_LINES_MAX: usize = 200;
/// Longest case code that the bar code carries, in characters: Decree-level codes stay under 40.
pub const BARCODE_CHARS_MAX: usize = 48;
/// Longest tracking address that the QR code carries, in bytes.
pub const QR_BYTES_MAX: usize = 300;
/// Digits of the PIN on the stub.
pub const PIN_DIGITS: usize = 8;
/// Cached typesetting results older than this many renders are dropped. Small on purpose: they
/// hold people's particulars.
pub const RENDER_CACHE_AGE: usize = 3;

/// Folder depth of the search for installed typefaces.
pub const FONT_SEARCH_DEPTH: usize = 6;
/// Most directory entries looked at in the search for installed typefaces.
pub const FONT_SEARCH_ENTRIES: usize = 20_000;
/// Largest font file read, in bytes.
pub const FONT_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Usual limit for one uploaded file, in bytes (20 MiB). Callers pass it, or a smaller one.
pub const FILE_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// Longest safe file name, in bytes of UTF-8.
pub const NAME_BYTES_MAX: usize = 180;
/// Bytes kept from the start of a stream to recognise its kind.
pub const HEAD_BYTES: usize = 4 * 1024;
/// Bytes kept from the end of a stream to see that it is whole. A ZIP's directory has to fit.
pub const TAIL_BYTES: usize = 128 * 1024;
/// `%PDF-` may stand behind this many foreign bytes, as readers allow.
pub const PDF_HEADER_WITHIN: usize = 1024;
/// `%%EOF` and `FF D9` have to stand within this many bytes of the end.
pub const END_MARK_WITHIN: usize = 2 * 1024;
/// Most bytes inflated from a PDF's object streams to look for scripts.
pub const PDF_INFLATED_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Most entries of an OOXML package that are looked at.
pub const ZIP_ENTRIES_MAX: usize = 4_000;
