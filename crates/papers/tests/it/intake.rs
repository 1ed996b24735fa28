//! Files on arrival: every fault once, and every kind once.

use papers::intake::{Accepted, FileFault, Flag, Inspector, Kind, NameFault, inspect, sniff};
use papers::limits::FILE_BYTES_MAX;

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
const PNG: &[u8] =
    b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0\x3a\x7e\x9b\x55\
    \0\0\0\0IEND\xae\x42\x60\x82";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9";

fn look(bytes: &[u8], name: &str) -> Result<Accepted, FileFault> {
    inspect(bytes, name, FILE_BYTES_MAX)
}

/// A ZIP archive with empty entries of these names.
fn zip(names: &[&str]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for name in names {
        let offset = u32::try_from(out.len()).unwrap().to_le_bytes();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        out.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        out.extend(length);
        out.extend([0, 0]);
        out.extend(name.bytes());
        directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
        directory.extend(length);
        directory.extend([0; 12]);
        directory.extend(offset);
        directory.extend(name.bytes());
    }
    let start = u32::try_from(out.len()).unwrap().to_le_bytes();
    let size = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let count = u16::try_from(names.len()).unwrap().to_le_bytes();
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(size);
    out.extend(start);
    out.extend([0, 0]);
    out
}

#[test]
fn each_kind_is_known_by_its_bytes() {
    let docx = zip(&["[Content_Types].xml", "_rels/.rels", "word/document.xml"]);
    let xlsx = zip(&["[Content_Types].xml", "xl/workbook.xml"]);
    let cases: [(&[u8], Kind); 5] = [
        (PDF, Kind::Pdf),
        (PNG, Kind::Png),
        (JPEG, Kind::Jpeg),
        (&docx, Kind::Docx),
        (&xlsx, Kind::Xlsx),
    ];
    for (bytes, kind) in cases {
        let accepted = look(bytes, "Đơn đề nghị").unwrap();
        assert_eq!(accepted.kind, kind);
        assert_eq!(accepted.display_name, format!("Đơn đề nghị.{}", kind.extensions()[0]));
        assert_eq!(accepted.bytes, bytes.len() as u64);
        assert!(accepted.flags.is_empty());
        assert_eq!(sniff(bytes, Some(bytes), "a"), Ok(kind));
    }
    assert_eq!(sniff(&PDF[..9], None, "a.pdf"), Ok(Kind::Pdf));
}

#[test]
fn an_empty_file_is_refused() {
    assert_eq!(look(b"", "a.pdf"), Err(FileFault::Empty));
    assert_eq!(sniff(b"", None, "a.pdf"), Err(FileFault::Empty));
}

#[test]
fn a_file_over_the_limit_is_refused_at_once() {
    let fault = inspect(PDF, "a.pdf", 10).unwrap_err();
    assert_eq!(fault, FileFault::TooLarge { limit_bytes: 10 });
    assert_eq!(fault.key(), "file-too-large");
    let usual = FileFault::TooLarge { limit_bytes: FILE_BYTES_MAX };
    assert_eq!(usual.params(), vec![("limit_mib", "20".to_owned())]);
    assert!(inspect(PDF, "a.pdf", PDF.len() as u64).is_ok(), "the limit itself is allowed");
}

#[test]
fn a_wrong_kind_is_refused_whatever_its_name() {
    for bytes in [&b"MZ\x90\0"[..], b"<html><script>", b"GIF89a", b"just words"] {
        assert_eq!(look(bytes, "don.pdf"), Err(FileFault::Type));
    }
    assert_eq!(look(&zip(&["virus.exe"]), "don.docx"), Err(FileFault::Type));
    let both = zip(&["[Content_Types].xml", "word/document.xml", "xl/workbook.xml"]);
    assert_eq!(look(&both, "don.docx"), Err(FileFault::Type), "neither one nor the other");
}

#[test]
fn a_file_cut_short_is_refused() {
    for (bytes, kind) in [(PDF, Kind::Pdf), (PNG, Kind::Png), (JPEG, Kind::Jpeg)] {
        let fault = look(&bytes[..bytes.len() - 7], "a");
        // The sample JPEG loses its end mark with seven bytes as well.
        assert_eq!(fault, Err(FileFault::Broken { kind }));
    }
    let docx = zip(&["[Content_Types].xml", "word/document.xml"]);
    assert_eq!(look(&docx[..docx.len() - 22], "a"), Err(FileFault::BrokenArchive));
    let mut wrong = docx;
    let start = wrong.len() - 6;
    wrong[start..start + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(look(&wrong, "a"), Err(FileFault::BrokenArchive), "a directory out of bounds");
}

#[test]
fn an_office_file_with_macros_is_refused() {
    let bytes = zip(&["[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"]);
    assert_eq!(look(&bytes, "don.docx"), Err(FileFault::Macro));
}

#[test]
fn a_pdf_with_a_script_or_a_launch_is_flagged() {
    let bytes = b"%PDF-1.7\n1 0 obj<</S/J#61vaScript/JS(app.alert\\(1\\))>>endobj \
        2 0 obj<</S/Launch/F(x.exe)>>endobj trailer<</Encrypt 3 0 R>>\n%%EOF";
    let flags = look(bytes, "a.pdf").unwrap().flags;
    assert_eq!(flags, vec![Flag::PdfScript, Flag::PdfLaunch, Flag::PdfEncrypted]);
}

#[test]
fn a_tricky_name_is_refused_with_its_reason() {
    let fault = look(PDF, "hoadon\u{202E}fdp.exe").unwrap_err();
    assert_eq!(fault, FileFault::Name(NameFault::Bidi));
    assert_eq!(fault.key(), "file-name-bidi");
    let fault = look(PDF, "NUL.pdf").unwrap_err();
    assert_eq!(fault.params(), vec![("name", "NUL".to_owned())]);
    assert_eq!(look(PDF, "...").unwrap_err().key(), "file-name-empty");
}

#[test]
fn a_stream_in_pieces_gives_the_same_answer_with_bounded_memory() {
    let mut bytes = b"%PDF-1.7\n/JavaScript ".to_vec();
    bytes.extend(vec![b' '; 1_000_000]);
    bytes.extend(b"\n%%EOF\n");
    let whole = look(&bytes, "a.pdf").unwrap();
    for size in [1_usize, 7, 4096, 300_000] {
        let mut inspector = Inspector::new(FILE_BYTES_MAX);
        for piece in bytes.chunks(size) {
            inspector.push(piece).unwrap();
        }
        assert_eq!(inspector.finish("a.pdf").unwrap(), whole, "pieces of {size}");
    }
}

#[test]
fn the_directory_of_a_long_archive_is_found_in_pieces() {
    let names: Vec<String> = (0..3_000).map(|i| format!("word/media/{i}")).collect();
    let mut all = vec!["[Content_Types].xml", "word/document.xml"];
    all.extend(names.iter().map(String::as_str).take(1_500));
    let bytes = zip(&all);
    let mut inspector = Inspector::new(FILE_BYTES_MAX);
    for piece in bytes.chunks(1000) {
        inspector.push(piece).unwrap();
    }
    assert_eq!(inspector.finish("a.docx").unwrap().kind, Kind::Docx);
    all.extend(names.iter().map(String::as_str).skip(1_500));
    all.extend(names.iter().map(String::as_str));
    assert_eq!(look(&zip(&all), "a"), Err(FileFault::BrokenArchive), "too many entries");
}
