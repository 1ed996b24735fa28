//! QR and Code 128 as small SVG pictures made of one path each, so that print stays sharp.

use std::fmt::Write as _;

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

use crate::limits::{BARCODE_CHARS_MAX, QR_BYTES_MAX};
use crate::world::RenderFault;

/// Quiet zone of a QR code in modules (ISO/IEC 18004).
const QR_QUIET: usize = 4;
/// Quiet zone of a Code 128 in modules (ISO/IEC 15417).
const BAR_QUIET: usize = 10;
/// Picture height of the bar code in modules; the template sets the printed size.
const BAR_HEIGHT: usize = 40;
/// Code set marks of the `barcoders` crate.
const SET_B: char = '\u{0181}';
const SET_C: char = '\u{0106}';

/// QR picture of `address` (at most [`QR_BYTES_MAX`] bytes), error level M.
pub(crate) fn qr_svg(address: &str) -> Result<String, RenderFault> {
    if address.len() > QR_BYTES_MAX {
        return Err(RenderFault::TooLong { field: "tracking_url", limit: QR_BYTES_MAX });
    }
    if address.is_empty() {
        return Err(RenderFault::Empty { field: "tracking_url" });
    }
    let code = QrCode::with_error_correction_level(address.as_bytes(), EcLevel::M)
        .map_err(|e| RenderFault::Code { field: "tracking_url", reason: e.to_string() })?;
    let width = code.width();
    let mut path = String::new();
    for (row, line) in code.to_colors().chunks(width).enumerate() {
        let dark: Vec<bool> = line.iter().map(|c| *c == Color::Dark).collect();
        for (from, len) in runs(&dark) {
            bar(&mut path, from + QR_QUIET, row + QR_QUIET, len, 1);
        }
    }
    Ok(svg(width + 2 * QR_QUIET, width + 2 * QR_QUIET, &path))
}

/// Code 128 picture of a case code: printable ASCII, at most [`BARCODE_CHARS_MAX`] characters.
pub(crate) fn code128_svg(case_code: &str) -> Result<String, RenderFault> {
    const FIELD: &str = "case_code";
    if case_code.len() > BARCODE_CHARS_MAX {
        return Err(RenderFault::TooLong { field: FIELD, limit: BARCODE_CHARS_MAX });
    }
    if case_code.is_empty() || !case_code.bytes().all(|b| (0x20..0x7f).contains(&b)) {
        let reason = "expected printable ASCII".to_owned();
        return Err(RenderFault::Code { field: FIELD, reason });
    }
    let bars = Code128::new(with_code_sets(case_code))
        .map_err(|e| RenderFault::Code { field: FIELD, reason: format!("{e:?}") })?
        .encode();
    let dark: Vec<bool> = bars.iter().map(|b| *b == 1).collect();
    let mut path = String::new();
    for (from, len) in runs(&dark) {
        bar(&mut path, from + BAR_QUIET, 0, len, BAR_HEIGHT);
    }
    Ok(svg(dark.len() + 2 * BAR_QUIET, BAR_HEIGHT, &path))
}

/// Marks the code sets: B for text, C (two digits a symbol) where a run of digits pays for the
/// switch. The shorter the code, the wider its bars, the surer it reads.
fn with_code_sets(text: &str) -> String {
    /// A run in the middle costs two switches, so it pays from six digits on.
    const PAYS_FROM: usize = 6;
    /// A run at the end costs one switch.
    const PAYS_AT_END: usize = 4;
    let mut out = String::from(SET_B);
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let even = digits - digits % 2;
        let needed = if even == rest.len() { PAYS_AT_END } else { PAYS_FROM };
        if even >= needed {
            out.push(SET_C);
            out.push_str(&rest[..even]);
            rest = &rest[even..];
            if !rest.is_empty() {
                out.push(SET_B);
            }
        } else {
            let plain = digits.max(1);
            out.push_str(&rest[..plain]);
            rest = &rest[plain..];
        }
    }
    out
}

/// Runs of `true` as (start, length).
fn runs(dark: &[bool]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (i, on) in dark.iter().chain(std::iter::once(&false)).enumerate() {
        match (on, start) {
            (true, None) => start = Some(i),
            (false, Some(from)) => {
                found.push((from, i - from));
                start = None;
            }
            _ => {}
        }
    }
    found
}

fn bar(path: &mut String, x: usize, y: usize, width: usize, height: usize) {
    // Writing to a String cannot fail.
    let _ = write!(path, "M{x} {y}h{width}v{height}h-{width}z");
}

fn svg(width: usize, height: usize, path: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#000\" d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_at_the_end_use_the_dense_set() {
        assert_eq!(
            with_code_sets("H15.50-261008-0975"),
            format!("{SET_B}H15.50-{SET_C}261008{SET_B}-{SET_C}0975")
        );
        assert_eq!(with_code_sets("A1234B"), format!("{SET_B}A1234B"));
    }

    #[test]
    fn runs_find_every_bar() {
        assert_eq!(runs(&[true, true, false, true]), vec![(0, 2), (3, 1)]);
        assert!(runs(&[]).is_empty());
    }

    #[test]
    fn a_code_that_cannot_be_drawn_is_refused_with_its_field() {
        assert!(matches!(code128_svg("H33-Đ"), Err(RenderFault::Code { field: "case_code", .. })));
        assert!(matches!(
            qr_svg(&"x".repeat(QR_BYTES_MAX + 1)),
            Err(RenderFault::TooLong { field: "tracking_url", .. })
        ));
    }
}
