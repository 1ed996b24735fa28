//! Sample papers: an ordinary one, and one that is extreme in every field.

use chrono::{NaiveDate, NaiveDateTime};
use papers::{
    Apology, ControlSlip, FeeLine, Fees, Form01, FormsEdition, Handover, Issuer, LateEntry,
    MissingPaper, PaperForm, PaperLine, Party, PinStub, RefusalNotice, RegisterEntry, StepOutcome,
    SupplementRequest, SupplementStage,
};

pub fn at(y: i32, m: u32, d: u32, h: u32, min: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(y, m, d).unwrap().and_hms_opt(h, min, 0).unwrap()
}

pub fn issuer() -> Issuer {
    Issuer {
        parent: Some("Ủy ban nhân dân tỉnh Kiên Giang".into()),
        office: "Trung tâm Phục vụ hành chính công".into(),
        place: "Kiên Giang".into(),
        hotline: Some("0297 1022".into()),
    }
}

pub fn filer() -> Party {
    Party {
        name: "Nguyễn Thị Hồng Phượng".into(),
        identity: Some("091186001234".into()),
        address: Some("12 Nguyễn Trung Trực, phường Vĩnh Thanh, thành phố Rạch Giá".into()),
        phone: Some("0912 345 678".into()),
        email: None,
    }
}

fn paper(name: &str, form: PaperForm, count: u32) -> PaperLine {
    PaperLine { name: name.into(), form, count }
}

pub fn ordinary(edition: FormsEdition) -> Form01 {
    let (case_code, year) = match edition {
        FormsEdition::Tt01_2018 => ("000.00.11.H33-191125-0007", 2019),
        FormsEdition::Tt03_2025 => ("H01.16.05-261125-0007", 2026),
    };
    Form01 {
        edition,
        issuer: issuer(),
        case_code: case_code.into(),
        tracking_url: "https://motcua.example.vn/theo-doi/7KQ4-MX2P-9D".into(),
        issued_at: at(year, 11, 25, 8, 5),
        desk: "Quầy số 4 – Xây dựng, Trung tâm Phục vụ hành chính công".into(),
        filer: filer(),
        applicant_name: None,
        procedure_name: "Cấp giấy phép xây dựng mới đối với nhà ở riêng lẻ tại đô thị".into(),
        papers: vec![
            paper("Đơn đề nghị cấp giấy phép xây dựng", PaperForm::Original, 1),
            paper(
                "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền \
                 với đất",
                PaperForm::CertifiedCopy,
                1,
            ),
            paper("Bản vẽ thiết kế xây dựng", PaperForm::Copy, 2),
            paper("Ảnh hiện trạng khu đất", PaperForm::Electronic, 1),
        ],
        sets: 1,
        statutory_time: "15 ngày làm việc".into(),
        accepted_at: at(year, 11, 25, 8, 5),
        due_at: at(year, 12, 16, 17, 0),
        delivery: "Trung tâm Phục vụ hành chính công, Quầy trả kết quả".into(),
        fees: Fees::Lines(vec![FeeLine {
            name: "Lệ phí cấp giấy phép xây dựng".into(),
            amount_vnd: 75_000,
            paid: true,
        }]),
        register: None,
        officer_name: "Trần Minh Ngữ".into(),
        late_entry: None,
    }
}

pub fn extreme(edition: FormsEdition) -> Form01 {
    let mut form = ordinary(edition);
    form.issuer.parent = None;
    form.issuer.office =
        "Văn phòng Đăng ký đất đai và Bộ phận Tiếp nhận và Trả kết quả đặc khu Phú Quốc".into();
    form.issuer.hotline = None;
    form.filer = Party {
        name: "Tổng công ty Đầu tư Phát triển Hạ tầng Kỹ thuật và Khu công nghiệp Đồng bằng sông \
               Cửu Long – Chi nhánh Rạch Giá #let x = 1 *đậm* $y$ <script>"
            .into(),
        email: Some("lien-he.rat-dai.nguyen-thi-hong-phuong@vi-du.example.vn".into()),
        phone: None,
        identity: None,
        address: Some("2. Đường Lâm Quang Ky, khu phố 3\n- ấp Mỹ Lâm\u{202E}".into()),
    };
    form.applicant_name = Some("Sơn".into());
    form.papers = (0..30)
        .map(|i| {
            let name = match i % 3 {
                0 => "2. Bản sao giấy chứng nhận",
                1 => {
                    "Văn bản cam kết của chủ hộ liền kề về an toàn công trình trong thời gian \
                      thi công, có xác nhận của Ủy ban nhân dân cấp xã nơi có đất"
                }
                _ if i == 29 => {
                    "don_de_nghi_cap_giay_phep_xay_dung_nha_o_rieng_le_tai_do_thi_ban_cuoi_cung.pdf"
                }
                _ => "Tờ khai ក #sys.inputs",
            };
            paper(name, PaperForm::Copy, i)
        })
        .collect();
    form.fees = Fees::Lines(vec![
        FeeLine { name: "Phí thẩm định".into(), amount_vnd: 1_250_000, paid: true },
        FeeLine { name: "Lệ phí cấp giấy phép".into(), amount_vnd: 75_000, paid: false },
        FeeLine { name: "Lệ phí trước bạ".into(), amount_vnd: 12_345_678_900, paid: false },
    ]);
    form.register = Some(RegisterEntry { book: "03".into(), number: "1207".into() });
    form.late_entry =
        Some(LateEntry { slip_number: "G-0012".into(), entered_at: at(2019, 11, 26, 9, 30) });
    form
}

/// Running text of several paragraphs with everything that markup could stumble over.
pub const REASON: &str = "Bản vẽ thiết kế chưa thể hiện ranh giới với thửa đất liền kề.\n\
    2. Đơn chưa có chữ ký của đồng sở hữu (#lỗi, *đậm*, $x$, @nhãn, <nhãn>).\n\
    - Giấy chứng nhận đã hết thời hạn sử dụng đất ghi trên giấy.";

pub fn supplement(edition: FormsEdition, lines: usize) -> SupplementRequest {
    SupplementRequest {
        edition,
        issuer: issuer(),
        number: "000.00.11.H33-191125-0007".into(),
        issued_at: at(2019, 11, 27, 9, 15),
        desk: "Trung tâm Phục vụ hành chính công".into(),
        filer: filer(),
        procedure_name: "Cấp giấy phép xây dựng nhà ở riêng lẻ".into(),
        stage: SupplementStage::AfterAcceptance,
        missing: (0..lines)
            .map(|i| MissingPaper {
                name: format!("Bản vẽ mặt bằng tầng {i}, có chữ ký của đơn vị thiết kế"),
                originals: 1,
                certified: 0,
                copies: 2,
            })
            .collect(),
        reason: REASON.into(),
        legal_basis: Some("khoản 4 Điều 19 Nghị định số 61/2018/NĐ-CP".into()),
        until: Some(at(2019, 12, 27, 17, 0)),
        officer_name: "Trần Minh Ngữ".into(),
        officer_phone: Some("0297 3863 123".into()),
    }
}

pub fn refusal(reason: &str) -> RefusalNotice {
    RefusalNotice {
        edition: FormsEdition::Tt03_2025,
        issuer: issuer(),
        number: "7KQ4-MX2P-9D".into(),
        issued_at: at(2026, 3, 2, 9, 15),
        desk: "Trung tâm Phục vụ hành chính công".into(),
        filer: filer(),
        procedure_name: "Cấp giấy phép xây dựng nhà ở riêng lẻ".into(),
        reason: reason.into(),
        officer_name: "Trần Minh Ngữ".into(),
    }
}

pub fn sorry(edition: FormsEdition) -> Apology {
    Apology {
        edition,
        issuer: Issuer { office: "Sở Xây dựng".into(), ..issuer() },
        number: None,
        issued_at: at(2019, 12, 13, 10, 0),
        filer: filer(),
        case_code: "000.00.11.H33-191125-0007".into(),
        procedure_name: "Cấp giấy phép xây dựng nhà ở riêng lẻ".into(),
        desk: "Trung tâm Phục vụ hành chính công".into(),
        accepted_at: at(2019, 11, 25, 8, 5),
        due_at: at(2019, 12, 16, 17, 0),
        reason: REASON.into(),
        new_due_at: at(2019, 12, 23, 17, 0),
        signer_post: "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC".into(),
        signer_name: "Danh Hoàng Sơn".into(),
    }
}

pub fn slip(edition: FormsEdition, rows: u32) -> ControlSlip {
    ControlSlip {
        edition,
        issuer: issuer(),
        case_code: "000.00.11.H33-191125-0007".into(),
        issued_at: at(2019, 12, 13, 10, 0),
        filer: filer(),
        procedure_name: "Cấp giấy phép xây dựng nhà ở riêng lẻ".into(),
        accepted_at: at(2019, 11, 25, 8, 5),
        handovers: (0..rows)
            .map(|i| Handover {
                from: "Trung tâm Phục vụ hành chính công".into(),
                to: "Sở Xây dựng – Phòng Quản lý quy hoạch, kiến trúc".into(),
                at: at(2019, 11, 1 + i, 9, 30),
                giver: Some("Trần Minh Ngữ".into()),
                taker: (i % 2 == 0).then(|| "Lê Thị Ánh Tuyết".into()),
                outcome: [None, Some(StepOutcome::Early), Some(StepOutcome::OnTime)]
                    [i as usize % 3],
                note: (i == 1).then(|| "Đã xử lý".into()),
            })
            .collect(),
    }
}

pub fn stub() -> PinStub {
    PinStub {
        issuer: issuer(),
        number: "7KQ4-MX2P-9D".into(),
        pin: "12345678".into(),
        tracking_url: "https://motcua.example.vn/theo-doi/7KQ4-MX2P-9D".into(),
        issued_at: at(2026, 11, 25, 8, 5),
    }
}
