//! Each form with ordinary and extreme inputs: page size, words, codes, determinism.

use std::io::Write as _;
use std::process::{Command, Stdio};

use papers::{
    Fees, FormsEdition, RenderFault, apology, control_slip, form01, pin_stub, refusal_notice,
    supplement_request,
};

use crate::samples::{REASON, extreme, ordinary, refusal, slip, sorry, stub, supplement};

const A5_POINTS: (f64, f64) = (419.528, 595.276);
const A6_SHORT_POINTS: f64 = 297.638;

/// Keeps the PDF for looking at when the folder is named in the environment.
fn keep(name: &str, pdf: &[u8]) {
    if let Some(folder) = std::env::var_os("PAPERS_KEEP") {
        std::fs::write(std::path::Path::new(&folder).join(name), pdf).unwrap();
    }
}

/// All page boxes as (width, height) in points.
fn page_boxes(pdf: &[u8]) -> Vec<(f64, f64)> {
    let text = String::from_utf8_lossy(pdf);
    text.split("/MediaBox")
        .skip(1)
        .map(|rest| {
            let inside = rest.split(['[', ']']).nth(1).expect("a box has brackets");
            let n: Vec<f64> = inside.split_whitespace().map(|n| n.parse().unwrap()).collect();
            (n[2] - n[0], n[3] - n[1])
        })
        .collect()
}

fn assert_pages(pdf: &[u8], size: (f64, f64), pages: std::ops::RangeInclusive<usize>) {
    let boxes = page_boxes(pdf);
    assert!(pages.contains(&boxes.len()), "{} pages", boxes.len());
    for (width, height) in boxes {
        assert!((width - size.0).abs() < 0.1 && (height - size.1).abs() < 0.1, "{width}×{height}");
    }
}

/// Text of the PDF with all white space made single, or `None` where the tool is not installed.
fn words(pdf: &[u8]) -> Option<String> {
    let child = Command::new("pdftotext")
        .args(["-layout", "-", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("SKIPPED: pdftotext is not installed, the words of the paper are not checked");
        return None;
    };
    child.stdin.take().unwrap().write_all(pdf).unwrap();
    let out = child.wait_with_output().unwrap();
    assert!(out.status.success());
    let text = String::from_utf8(out.stdout).unwrap();
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn assert_words(pdf: &[u8], expected: &[&str], absent: &[&str]) {
    let Some(text) = words(pdf) else { return };
    for part in expected {
        assert!(text.contains(part), "missing {part:?} in {text}");
    }
    for part in absent {
        assert!(!text.contains(part), "unexpected {part:?} in {text}");
    }
}

#[test]
fn form01_of_2018_has_seven_items_on_one_a5_page() {
    let pdf = form01(&ordinary(FormsEdition::Tt01_2018)).unwrap();
    keep("form01-2018.pdf", &pdf);
    assert_pages(&pdf, A5_POINTS, 1..=1);
    let expected = [
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Mã hồ sơ: 000.00.11.H33-191125-0007",
        "Nguyễn Thị Hồng Phượng",
        "3. Thời gian giải quyết hồ sơ theo quy định là: 15 ngày làm việc",
        "4. Thời gian nhận hồ sơ: 08 giờ 05 phút, ngày 25 tháng 11 năm 2019",
        "5. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 16 tháng 12 năm 2019",
        "7. Phí, lệ phí (nếu có): Lệ phí cấp giấy phép xây dựng: 75.000 đồng (đã nộp)",
        "CHƯA KÝ SỐ",
        "Thông tư số 01/2018/TT-VPCP",
    ];
    assert_words(&pdf, &expected, &["NHẬP SAU"]);
}

#[test]
fn form01_of_2025_has_six_items_and_no_statutory_time() {
    let pdf = form01(&ordinary(FormsEdition::Tt03_2025)).unwrap();
    keep("form01-2025.pdf", &pdf);
    assert_pages(&pdf, A5_POINTS, 1..=1);
    let expected = [
        "3. Thời gian nhận hồ sơ: 08 giờ 05 phút",
        "6. Phí, lệ phí",
        "Thông tư số 03/2025/TT-VPCP",
        "CHƯA KÝ SỐ",
    ];
    assert_words(&pdf, &expected, &["theo quy định là", "7. Phí"]);
}

#[test]
fn form01_carries_extreme_input_as_plain_text() {
    for edition in [FormsEdition::Tt01_2018, FormsEdition::Tt03_2025] {
        let pdf = form01(&extreme(edition)).unwrap();
        keep(&format!("form01-extreme-{edition:?}.pdf"), &pdf);
        assert_pages(&pdf, A5_POINTS, 2..=6);
        let expected = [
            "#let x = 1 *đậm* $y$ <script>",
            "2. Đường Lâm Quang Ky, khu phố 3 - ấp Mỹ Lâm",
            "2. Bản sao giấy chứng nhận",
            "[U+1780] #sys.inputs",
            "Chủ hồ sơ: Sơn",
            "12.345.678.900 đồng",
            "12.347.003.900 đồng",
            "Quyển số: 03 Số thứ tự: 1207",
            "NHẬP SAU TỪ SỔ GIẤY",
            "giấy viết tay số G-0012",
            "Trang 2/",
        ];
        assert_words(&pdf, &expected, &["U+202E"]);
        if let Some(text) = words(&pdf) {
            assert!(text.matches("Tên giấy tờ").count() >= 2, "the header row repeats");
        }
    }
}

#[test]
fn form01_without_fees_says_so() {
    let mut input = ordinary(FormsEdition::Tt03_2025);
    input.fees = Fees::Free;
    input.filer.name = "Lượm".into();
    let pdf = form01(&input).unwrap();
    assert_pages(&pdf, A5_POINTS, 1..=1);
    assert_words(&pdf, &["Phí, lệ phí (nếu có): không thu", "Tiếp nhận hồ sơ của: Lượm"], &[]);
}

#[test]
fn form01_does_not_call_free_what_was_not_recorded() {
    for edition in [FormsEdition::Tt01_2018, FormsEdition::Tt03_2025] {
        let mut input = ordinary(edition);
        input.fees = Fees::Unrecorded;
        let pdf = form01(&input).unwrap();
        keep(&format!("form01-fee-unrecorded-{edition:?}.pdf"), &pdf);
        assert_pages(&pdf, A5_POINTS, 1..=1);
        assert_words(&pdf, &["Phí, lệ phí (nếu có): theo mức do cơ quan"], &["không thu"]);
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let input = ordinary(FormsEdition::Tt03_2025);
    assert_eq!(form01(&input).unwrap(), form01(&input).unwrap());
}

#[test]
fn the_pdf_is_tagged_archival_vietnamese_and_dated_by_its_input() {
    let pdf = form01(&ordinary(FormsEdition::Tt03_2025)).unwrap();
    let text = String::from_utf8_lossy(&pdf);
    for part in ["/Lang(vi-VN)", "<pdfaid:part>2", "<pdfaid:conformance>A", "20261125080500+07"] {
        assert!(text.replace(' ', "").contains(&part.replace(' ', "")), "missing {part}");
    }
}

#[test]
fn a_code_that_no_bar_code_carries_is_refused() {
    let mut input = ordinary(FormsEdition::Tt03_2025);
    input.case_code = "HỒ-SƠ".into();
    assert!(matches!(form01(&input), Err(RenderFault::Code { field: "case_code", .. })));
    input = ordinary(FormsEdition::Tt03_2025);
    input.officer_name = "  ".into();
    assert_eq!(form01(&input), Err(RenderFault::Empty { field: "officer_name" }));
}

#[test]
fn the_stub_groups_the_pin_and_names_nobody() {
    let pdf = pin_stub(&stub()).unwrap();
    keep("pin-stub.pdf", &pdf);
    assert_pages(&pdf, (A5_POINTS.0, A6_SHORT_POINTS), 1..=1);
    let expected = ["1234 5678", "GIỮ KÍN MÃ NÀY", "7KQ4-MX2P-9D", "ngày 25 tháng 11 năm 2026"];
    assert_words(&pdf, &expected, &[]);
    assert!(!format!("{:?}", stub()).contains("12345678"), "a PIN never reaches a log");
}

#[test]
fn a_pin_that_is_not_eight_digits_is_refused() {
    for pin in ["1234567", "123456789", "1234567a", ""] {
        let input = papers::PinStub { pin: pin.into(), ..stub() };
        assert!(matches!(pin_stub(&input), Err(RenderFault::Code { field: "pin", .. })), "{pin}");
    }
}

#[test]
fn form02_lists_what_is_missing() {
    let pdf = supplement_request(&supplement(FormsEdition::Tt03_2025, 2)).unwrap();
    keep("form02-2025.pdf", &pdf);
    assert_pages(&pdf, A5_POINTS, 1..=1);
    let expected = [
        "Số: 000.00.11.H33-191125-0007/HDHS",
        "Giai đoạn: Sau khi tiếp nhận hồ sơ",
        "2. Đơn chưa có chữ ký của đồng sở hữu (#lỗi, *đậm*, $x$, @nhãn, <nhãn>).",
        "Thời hạn bổ sung: ngày 27 tháng 12 năm 2019",
        "NGƯỜI HƯỚNG DẪN",
        "CHƯA KÝ SỐ",
    ];
    assert_words(&pdf, &expected, &[]);
    let pdf = supplement_request(&supplement(FormsEdition::Tt01_2018, 60)).unwrap();
    assert_pages(&pdf, A5_POINTS, 3..=6);
    assert_words(&pdf, &["Bản vẽ mặt bằng tầng 59"], &["Giai đoạn:"]);
    let none = supplement_request(&supplement(FormsEdition::Tt01_2018, 0));
    assert_eq!(none, Err(RenderFault::Empty { field: "missing" }));
}

#[test]
fn form03_states_the_reason() {
    let pdf = refusal_notice(&refusal(REASON)).unwrap();
    keep("form03-2025.pdf", &pdf);
    assert_pages(&pdf, A5_POINTS, 1..=1);
    let expected = ["PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ", "đã hết thời hạn", "CHƯA KÝ SỐ"];
    assert_words(&pdf, &expected, &[]);
    let long = "Hồ sơ không thuộc thẩm quyền giải quyết. ".repeat(140);
    assert_pages(&refusal_notice(&refusal(&long)).unwrap(), A5_POINTS, 2..=5);
    assert_eq!(refusal_notice(&refusal("\n ")), Err(RenderFault::Empty { field: "reason" }));
    let over = "a".repeat(papers::limits::REASON_CHARS_MAX + 1);
    assert!(matches!(
        refusal_notice(&refusal(&over)),
        Err(RenderFault::TooLong { field: "reason", .. })
    ));
}

#[test]
fn form04_bears_the_name_of_its_edition_and_both_dates() {
    let pdf = apology(&sorry(FormsEdition::Tt01_2018)).unwrap();
    keep("form04-2018.pdf", &pdf);
    assert_pages(&pdf, A5_POINTS, 1..=1);
    let expected = [
        "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        "Ngày hẹn trả kết quả giải quyết hồ sơ: ngày 16 tháng 12 năm 2019",
        "Thời gian hẹn trả kết quả lại: ngày 23 tháng 12 năm 2019",
        "PHÓ GIÁM ĐỐC",
    ];
    assert_words(&pdf, &expected, &[]);
    let pdf = apology(&sorry(FormsEdition::Tt03_2025)).unwrap();
    keep("form04-2025.pdf", &pdf);
    assert_words(&pdf, &["VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN"], &["HẸN LẠI NGÀY"]);
}

#[test]
fn the_control_slip_repeats_its_header_and_changes_its_number_in_2025() {
    let pdf = control_slip(&slip(FormsEdition::Tt01_2018, 14)).unwrap();
    keep("control-slip-2018.pdf", &pdf);
    assert_pages(&pdf, A5_POINTS, 2..=5);
    assert_words(&pdf, &["Mẫu số 05", "Trước hạn", "Đúng hạn", "Người giao"], &[]);
    if let Some(text) = words(&pdf) {
        assert!(text.matches("TÊN CƠ QUAN").count() >= 2, "the header row repeats");
    }
    let pdf = control_slip(&slip(FormsEdition::Tt03_2025, 1)).unwrap();
    assert_words(&pdf, &["Mẫu số 06"], &["Mẫu số 05"]);
}

/// Reads the codes off the printed page the way a scanner would.
#[test]
fn the_printed_qr_and_bar_code_can_be_read() {
    for edition in [FormsEdition::Tt01_2018, FormsEdition::Tt03_2025] {
        let input = ordinary(edition);
        let Some(read) = scan(&form01(&input).unwrap()) else {
            eprintln!("SKIPPED: pdftoppm or zbarimg is not installed, the codes are not read");
            return;
        };
        assert!(read.contains(&format!("QR-Code:{}", input.tracking_url)), "{read}");
        assert!(read.contains(&format!("CODE-128:{}", input.case_code)), "{read}");
    }
}

fn scan(pdf: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let (paper, page) = (folder.path().join("paper.pdf"), folder.path().join("page"));
    std::fs::write(&paper, pdf).unwrap();
    // 200 dots an inch: an ordinary office scanner.
    let drawn = Command::new("pdftoppm")
        .args(["-png", "-r", "200", "-singlefile"])
        .args([&paper, &page])
        .status();
    if !drawn.ok()?.success() {
        return None;
    }
    let picture = page.with_extension("png");
    let read = Command::new("zbarimg").arg("--quiet").arg(&picture).output().ok()?;
    Some(String::from_utf8_lossy(&read.stdout).into_owned())
}
