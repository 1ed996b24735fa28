//! DOCX and XLSX: told from other ZIP archives by the directory at the end of the archive.

use super::{FileFault, Kind, find};
use crate::limits::ZIP_ENTRIES_MAX;

const LOCAL_HEADER: &[u8] = b"PK\x03\x04";
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";
const DIRECTORY_END: &[u8] = b"PK\x05\x06";
/// Fixed part of an end record and of a directory entry, in bytes.
const END_BYTES: usize = 22;
const ENTRY_BYTES: usize = 46;

pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(LOCAL_HEADER)
}

/// Reads the directory from the last bytes of the archive. `bytes` is the size of the whole file.
pub(super) fn recognise(tail: &[u8], bytes: u64) -> Result<Kind, FileFault> {
    let names = names(tail, bytes).ok_or(FileFault::BrokenArchive)?;
    let has = |name: &[u8]| names.iter().any(|n| n.eq_ignore_ascii_case(name));
    if !has(b"[Content_Types].xml") {
        return Err(FileFault::Type);
    }
    if names.iter().any(|name| name.to_ascii_lowercase().ends_with(b"vbaproject.bin")) {
        return Err(FileFault::Macro);
    }
    match (has(b"word/document.xml"), has(b"xl/workbook.xml")) {
        (true, false) => Ok(Kind::Docx),
        (false, true) => Ok(Kind::Xlsx),
        _ => Err(FileFault::Type),
    }
}

/// Names of all entries, or `None` if the directory is missing, damaged or too long.
fn names(tail: &[u8], bytes: u64) -> Option<Vec<&[u8]>> {
    // The last end record counts: a comment could contain a false one before it.
    let end_at = tail.windows(DIRECTORY_END.len()).rposition(|w| w == DIRECTORY_END)?;
    let end = tail.get(end_at..end_at + END_BYTES)?;
    let count = usize::from(u16_at(end, 10)?);
    if count > ZIP_ENTRIES_MAX {
        return None;
    }
    // Offsets are counted from the start of the file; `tail` starts later in a long one.
    let skipped = bytes.checked_sub(tail.len() as u64)?;
    let start = u64::from(u32_at(end, 16)?).checked_sub(skipped)?;
    let mut rest = tail.get(usize::try_from(start).ok()?..end_at)?;
    let mut names = Vec::with_capacity(count);
    for _ in 0..count {
        if find(rest.get(..4)?, DIRECTORY_ENTRY) != Some(0) {
            return None;
        }
        let name_bytes = usize::from(u16_at(rest, 28)?);
        let more = usize::from(u16_at(rest, 30)?) + usize::from(u16_at(rest, 32)?);
        names.push(rest.get(ENTRY_BYTES..ENTRY_BYTES + name_bytes)?);
        rest = rest.get(ENTRY_BYTES + name_bytes + more..)?;
    }
    Some(names)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
