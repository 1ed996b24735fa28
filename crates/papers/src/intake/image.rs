//! JPEG and PNG: how they begin and how they end.

use super::{find, last};
use crate::limits::END_MARK_WITHIN;

const PNG_START: [u8; 8] = *b"\x89PNG\r\n\x1a\n";
/// First chunk of every PNG, after the signature.
const PNG_IHDR: &[u8] = b"\x00\x00\x00\x0dIHDR";
/// Last chunk: length 0, name, checksum.
const PNG_END: [u8; 12] = *b"\x00\x00\x00\x00IEND\xae\x42\x60\x82";
const JPEG_START: [u8; 3] = [0xff, 0xd8, 0xff];
const JPEG_END: [u8; 2] = [0xff, 0xd9];

pub(super) fn is_png(head: &[u8]) -> bool {
    head.strip_prefix(&PNG_START).is_some_and(|rest| rest.starts_with(PNG_IHDR))
}

pub(super) fn is_jpeg(head: &[u8]) -> bool {
    head.starts_with(&JPEG_START)
}

pub(super) fn png_ends_well(tail: &[u8]) -> bool {
    find(last(tail, END_MARK_WITHIN), &PNG_END).is_some()
}

/// Some cameras pad behind the end mark, so it may stand a little before the end.
pub(super) fn jpeg_ends_well(tail: &[u8]) -> bool {
    find(last(tail, END_MARK_WITHIN), &JPEG_END).is_some()
}
