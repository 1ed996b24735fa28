//! The public pages through the router: search, procedure, filing, and every kind of bad input.

use crate::portal;
use crate::testing::{
    Answer, BIRTH, Browser, COMMUNE_DESK, DISTRICT_DESK, LAND, PAPER_ONLY, Part, World, pdf, world,
};
use axum::http::{StatusCode, header};
use kit::When;
use store::cases::latest;

fn browser(world: &World) -> Browser {
    Browser::new(world, portal::routes(world.app.clone()))
}

/// The words of the error summary, one line each.
fn faults(answer: &Answer) -> String {
    let summary = answer.body.split("role=\"alert\"").nth(1).unwrap_or_default();
    let summary = summary.split("</div>").next().unwrap_or_default();
    let lines = summary.split("<li><a href=\"").skip(1).map(|line| {
        let line = line.split("</a>").next().unwrap_or_default();
        line.replacen("\">", " ", 1)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Begins an application for land and answers the first two pages.
pub(crate) async fn to_papers(browser: &mut Browser) -> String {
    let start = browser.get(&format!("/nop/{LAND}")).await;
    let begun =
        browser.post(&start, &format!("/nop/{LAND}"), &[Part::Text("desk", DISTRICT_DESK)]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER, "{}", begun.body);
    let first = begun.location().to_owned();
    let base = first.trim_end_matches("/nguoi-nop").to_owned();
    let page = browser.get(&first).await;
    let next = browser.post(&page, &first, &applicant("Thạch", "0912 345 678")).await;
    assert_eq!(next.location(), format!("{base}/noi-dung"));
    let page = browser.get(next.location()).await;
    let answers = [Part::Text("content", "Tách thửa 214"), Part::Text("since-y", "")];
    let next = browser.post(&page, &format!("{base}/noi-dung"), &answers).await;
    assert_eq!(next.location(), format!("{base}/giay-to"), "{}", faults(&next));
    base
}

fn applicant<'a>(name: &'a str, phone: &'a str) -> [Part<'a>; 4] {
    [
        Part::Text("applicant_kind", "person"),
        Part::Text("applicant_name", name),
        Part::Text("applicant_born-y", "1950"),
        Part::Text("applicant_phone", phone),
    ]
}

/// Files an application for land; yields the receipt and its address.
pub(crate) async fn file_land(browser: &mut Browser) -> (Answer, String) {
    let (check, base) = to_check(browser).await;
    assert!(check.body.contains("đơn.pdf") && check.body.contains("450.000 đ"), "{}", check.body);
    (send(browser, &check, &base).await, base)
}

/// Answers everything for land; yields the page on which all is checked, and the draft's address.
pub(crate) async fn to_check(browser: &mut Browser) -> (Answer, String) {
    let base = to_papers(browser).await;
    let page = browser.get(&format!("{base}/giay-to")).await;
    let bytes = pdf();
    let papers = [Part::File("paper_1", "đơn.pdf", &bytes)];
    let next = browser.post(&page, &format!("{base}/giay-to"), &papers).await;
    assert_eq!(next.location(), format!("{base}/ket-qua"), "{}", faults(&next));
    let page = browser.get(next.location()).await;
    let choice = [Part::Text("delivery", "counter"), Part::Text("exemption", "")];
    let next = browser.post(&page, &format!("{base}/ket-qua"), &choice).await;
    assert_eq!(next.location(), format!("{base}/kiem-tra"), "{}", faults(&next));
    (browser.get(next.location()).await, base)
}

/// Sends what the check page shows; yields the receipt.
pub(crate) async fn send(browser: &mut Browser, check: &Answer, base: &str) -> Answer {
    let sent =
        browser.post(check, &format!("{base}/kiem-tra"), &[Part::Text("declare", "1")]).await;
    assert_eq!(sent.location(), format!("{base}/bien-nhan"), "{}", faults(&sent));
    let receipt = browser.get(sent.location()).await;
    assert_eq!(receipt.status, StatusCode::OK);
    receipt
}

/// What stands between two marks.
pub(crate) fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split(from).nth(1).and_then(|rest| rest.split(to).next()).unwrap_or_default()
}

/// Tracking number and PIN of a receipt.
pub(crate) fn numbers(receipt: &Answer) -> (String, String) {
    let tracking = between(&receipt.body, "<b class=\"mc-code\">", "</b>").to_owned();
    let pin = between(&receipt.body, "<p class=\"mc-big mc-code\">", "</p>").replace(' ', "");
    (tracking, pin)
}

fn cases(world: &World) -> usize {
    let filter = kernel::access::RowFilter::Everything;
    let all = world.app.0.store.read_blocking(|r| latest(r, &filter, None, 100)).unwrap();
    all.cases.len()
}

#[tokio::test]
async fn search_takes_words_without_marks_initials_codes_and_fields() {
    let world = world();
    let mut browser = browser(&world);
    for query in ["khai+sinh", "dang%20ky%20khai", "dkks", "1.001193"] {
        let found = browser.get(&format!("/thu-tuc?q={query}")).await;
        assert!(found.body.contains("/thu-tuc/1.001193"), "{query}");
    }
    let field = browser.get("/thu-tuc?linh-vuc=dat-dai").await;
    assert!(field.body.contains("Tách thửa hoặc hợp thửa đất"));
    let none = browser.get("/thu-tuc?q=xyzzy").await;
    assert!(none.body.contains("Không thấy thủ tục nào"));
    let piece = browser.get("/thu-tuc/goi-y?q=tach").await;
    insta::assert_snapshot!(piece.body.trim(), @r#"<ul class="mc-opts"><li><a href="/thu-tuc/1.012784">Tách thửa hoặc hợp thửa đất<small>1.012784 · Đất đai</small></a></li></ul>"#);
}

#[tokio::test]
async fn home_and_help_pages_are_whole_in_both_languages() {
    let world = world();
    let mut browser = browser(&world);
    let pages =
        ["/", "/thu-tuc", "/tro-giup", "/ho-tro-nguoi-khuyet-tat", "/du-lieu-ca-nhan", "/so-lieu"];
    for page in pages {
        for lang in ["vi", "en"] {
            let answer = browser.get(&format!("{page}?lang={lang}")).await;
            assert_eq!(answer.status, StatusCode::OK, "{page}");
            assert!(!answer.body.contains('⟦'), "{page} {lang}: a text is missing");
            assert!(answer.body.len() < 20_000, "{page}: {} bytes", answer.body.len());
        }
    }
}

#[tokio::test]
async fn a_procedure_says_what_is_not_verified_and_when_filing_is_closed() {
    let world = world();
    let mut browser = browser(&world);
    let land = browser.get(&format!("/thu-tuc/{LAND}")).await;
    assert!(land.body.contains("chưa đối chiếu với quyết định công bố"));
    assert!(land.body.contains("Hộ nghèo") && land.body.contains(&format!("/nop/{LAND}")));
    let copy = browser.get(&format!("/thu-tuc/{PAPER_ONLY}")).await;
    assert!(!copy.body.contains("/nop/") && copy.body.contains("chưa nộp trực tuyến được"));
    let refused = browser.get(&format!("/nop/{PAPER_ONLY}")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let unknown = browser.get("/thu-tuc/9.999999").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    world.clock.set(When::from_ymd(2026, 10, 8).at(9, 0).ms());
    let later = browser.get(&format!("/thu-tuc/{LAND}")).await;
    assert!(later.body.contains("Cổng Dịch vụ công quốc gia") && !later.body.contains("/nop/"));
    let closed = browser.get(&format!("/nop/{BIRTH}")).await;
    assert_eq!(closed.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn an_application_is_filed_once_and_its_receipt_belongs_to_one_browser() {
    let world = world();
    let mut browser = browser(&world);
    let (receipt, base) = file_land(&mut browser).await;
    let (tracking, pin) = numbers(&receipt);
    assert_eq!((tracking.len(), pin.len()), (12, 8));
    assert!(receipt.body.contains("Dự kiến trả kết quả") && receipt.body.contains("ngày dự kiến"));
    assert!(!receipt.body.contains("Hẹn trả kết quả"), "no promise before acceptance");
    let stub = browser.get(&format!("{base}/ma-bi-mat.pdf")).await;
    assert!(stub.bytes.starts_with(b"%PDF"));
    let page = browser.get("/nop/1.012784").await;
    let again =
        browser.post(&page, &format!("{base}/kiem-tra"), &[Part::Text("declare", "1")]).await;
    assert_eq!(again.location(), format!("{base}/bien-nhan"));
    assert_eq!(numbers(&browser.get(again.location()).await), (tracking, pin));
    assert_eq!(cases(&world), 1);
    let mut stranger = Browser::new(&world, portal::routes(world.app.clone()));
    assert_eq!(stranger.get(&format!("{base}/bien-nhan")).await.status, StatusCode::NOT_FOUND);
    world.clock.set(world.app.now().0 + 31 * 60_000);
    assert_eq!(browser.get(&format!("{base}/bien-nhan")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn wrong_entries_come_back_with_a_summary_and_are_kept() {
    let world = world();
    let mut browser = browser(&world);
    let start = browser.get(&format!("/nop/{LAND}")).await;
    let to = format!("/nop/{LAND}");
    let foreign = browser.post(&start, &to, &[Part::Text("desk", COMMUNE_DESK)]).await;
    assert_eq!(foreign.status, StatusCode::UNPROCESSABLE_ENTITY);
    let begun = browser.post(&start, &to, &[Part::Text("desk", DISTRICT_DESK)]).await;
    let step = begun.location().to_owned();
    let page = browser.get(&step).await;
    let wrong = [
        Part::Text("applicant_name", ""),
        Part::Text("applicant_number", "1234"),
        Part::Text("applicant_phone", "số nhà"),
        Part::Text("applicant_email", "a@b"),
        Part::Text("applicant_born-d", "31"),
        Part::Text("applicant_born-m", "2"),
        Part::Text("applicant_born-y", "1999"),
    ];
    let answer = browser.post(&page, &step, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("<title>Lỗi: ") && answer.body.contains("value=\"số nhà\""));
    insta::assert_snapshot!(faults(&answer), @r"
    #applicant_name Nhập họ và tên, hoặc tên tổ chức
    #applicant_number Số căn cước có 12 chữ số, CMND có 9 chữ số. Xem lại số.
    #applicant_phone Số điện thoại có 10 hoặc 11 chữ số, bắt đầu bằng 0. Xem lại số.
    #applicant_email Địa chỉ thư có dạng ten@noi.vn. Xem lại địa chỉ.
    #applicant_born Không có ngày này, hoặc ngày ở tương lai. Xem lại ngày, tháng, năm.
    ");
    let base = step.trim_end_matches("/nguoi-nop");
    let early = browser.get(&format!("{base}/kiem-tra")).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "the first page at fault is shown");
}

#[tokio::test]
async fn files_at_fault_are_refused_with_the_reason_and_nothing_is_half_stored() {
    let world = world();
    let mut browser = browser(&world);
    let base = to_papers(&mut browser).await;
    let to = format!("{base}/giay-to");
    let big = [pdf(), vec![b' '; 1100 * 1024]].concat();
    let cut = b"%PDF-1.4\n1 0 obj\n<< >>\n".to_vec();
    let good = pdf();
    let tries: [(&str, &[u8]); 6] = [
        ("lạ.exe", b"MZ\x90\x00 this is a program"),
        ("to.pdf", &big),
        ("rỗng.pdf", b""),
        ("cụt.pdf", &cut),
        ("a\u{202e}fdp.pdf", &good),
        ("con.pdf", &good),
    ];
    let mut told = Vec::new();
    for (name, bytes) in tries {
        let page = browser.get(&to).await;
        let answer = browser.post(&page, &to, &[Part::File("paper_1", name, bytes)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        told.push(faults(&answer));
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    #paper_1 Tệp “lạ.exe” không thuộc loại nhận được (PDF, JPEG, PNG, DOCX, XLSX). Chụp lại hoặc lưu thành PDF.
    #paper_1 Tệp “to.pdf” lớn hơn 1 MB. Chụp lại ở cỡ nhỏ hơn hoặc chia tệp.
    #paper_1 Tệp “rỗng.pdf” không có nội dung. Chọn lại tệp.
    #paper_1 Tệp “cụt.pdf” bị hỏng hoặc tải chưa hết (PDF). Chọn lại tệp.
    #paper_1 Tên tệp có dấu đổi chiều chữ, dễ nhầm. Đổi tên rồi chọn lại.
    #paper_1 Tên tệp “CON” không dùng được. Đổi tên rồi chọn lại.
    ");
    let page = browser.get(&to).await;
    assert!(!page.body.contains("name=\"remove\""), "no file was kept");
    let missing = browser.post(&page, &to, &[]).await;
    insta::assert_snapshot!(faults(&missing), @"#paper_1 Thêm tệp cho “Đơn đề nghị tách thửa”");
}

#[tokio::test]
async fn a_draft_is_saved_continued_and_thrown_away() {
    let world = world();
    let mut browser = browser(&world);
    let base = to_papers(&mut browser).await;
    let resumed = browser.get(&base).await;
    assert_eq!(resumed.location(), format!("{base}/giay-to"));
    let step = format!("{base}/nguoi-nop");
    let page = browser.get(&step).await;
    assert!(page.body.contains("value=\"Thạch\""));
    let saved = browser
        .post(&page, &step, &[Part::Text("applicant_name", ""), Part::Text("save", "1")])
        .await;
    assert_eq!(saved.location(), format!("/thu-tuc/{LAND}"), "saving asks for nothing");
    let page = browser.get(&step).await;
    let gone = browser.post(&page, &format!("{base}/xoa"), &[]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get(&step).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_draft_cookie_is_for_the_server_only() {
    let world = world();
    let mut browser = browser(&world);
    let start = browser.get(&format!("/nop/{BIRTH}")).await;
    let begun =
        browser.post(&start, &format!("/nop/{BIRTH}"), &[Part::Text("desk", COMMUNE_DESK)]).await;
    let cookie = begun.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.starts_with("mc-draft-") && cookie.contains("HttpOnly"), "{cookie}");
    assert!(!begun.location().contains(browser.cookies.values().next().unwrap()));
}

#[tokio::test]
async fn one_address_cannot_begin_drafts_without_end() {
    let world = world();
    let mut browser = browser(&world);
    let to = format!("/nop/{LAND}");
    let start = browser.get(&to).await;
    for _ in 0..60 {
        let begun = browser.post(&start, &to, &[Part::Text("desk", DISTRICT_DESK)]).await;
        assert_eq!(begun.status, StatusCode::SEE_OTHER);
        browser.cookies.retain(|name, _| !name.starts_with("mc-draft"));
    }
    let blocked = browser.post(&start, &to, &[Part::Text("desk", DISTRICT_DESK)]).await;
    assert_eq!(blocked.status, StatusCode::TOO_MANY_REQUESTS);
}
