//! Reads XML strictly and without loss, within limits. DTDs and entities of their own are refused.
//!
//! `encoding` turns bytes into text, `scan` reads text into a lossless [`tree`], `view` makes the
//! plain [`Element`]s that the rest of the crate works with.

pub(crate) mod chars;
pub(crate) mod encoding;
mod scan;
pub(crate) mod tree;
mod view;

pub(crate) use chars::{is_prefix_or_local, normalise_attribute};
pub(crate) use scan::scan;
pub(crate) use view::view;

/// A fault in the text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    /// Byte offset in the text after a byte order mark.
    pub(crate) offset: usize,
    /// Why the text is refused.
    pub(crate) reason: String,
    /// Name of the element around it, or empty.
    pub(crate) inside: String,
    /// `id` of the element around it, or empty.
    pub(crate) id: String,
}

/// Line of an offset, from 1.
pub(crate) fn line_of(text: &[u8], offset: usize) -> usize {
    let before = text.get(..offset.min(text.len())).unwrap_or_default();
    1 + before.iter().filter(|byte| **byte == b'\n').count()
}
