//! Forms over the wire: anti-forgery, uploads and their faults, entries kept, flash.

use axum::http::{StatusCode, header};
use kit::limits;

use super::world::{Browser, hidden, world, world_with};

const MULTI: &str = "multipart/form-data; boundary=X";

fn part(name: &str, file: Option<&str>, content: &[u8]) -> Vec<u8> {
    let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
    let head = format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
    [head.as_bytes(), content, b"\r\n"].concat()
}

async fn upload(parts: Vec<Vec<u8>>) -> super::world::Answer {
    upload_to(&world(), parts).await
}

async fn upload_to(world: &super::world::World, parts: Vec<Vec<u8>>) -> super::world::Answer {
    let mut browser = Browser::new(world);
    let page = browser.get("/hoi").await.body;
    let (csrf, once) = (hidden(&page, "_csrf"), hidden(&page, "_once"));
    let mut body = part("_csrf", None, csrf.as_bytes());
    body.extend(part("_once", None, once.as_bytes()));
    for one in [("name", "Loan"), ("born-d", "9"), ("born-m", "4"), ("born-y", "2019")] {
        body.extend(part(one.0, None, one.1.as_bytes()));
    }
    body.extend(parts.concat());
    body.extend(b"--X--\r\n");
    browser.send("POST", "/hoi", MULTI, body).await
}

#[tokio::test]
async fn a_form_without_its_token_keeps_nothing() {
    let world = world();
    let mut browser = Browser::new(&world);
    let kind = "application/x-www-form-urlencoded";
    let answer = browser.send("POST", "/hoi", kind, b"name=Loan".to_vec()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("Chưa lưu gì") && !answer.body.contains("Loan"));
    let mut other = Browser::new(&world);
    let stolen = hidden(&other.get("/hoi").await.body, "_csrf");
    browser.get("/hoi").await;
    let body = format!("_csrf={stolen}&name=Loan");
    let answer = browser.send("POST", "/hoi", kind, body.into_bytes()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "another browser's token");
    let answer = browser.send("POST", "/hoi", "application/json", b"{}".to_vec()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "a program's token comes in a header");
    let answer = browser.send("POST", "/hoi", "text/plain", b"name=Loan".to_vec()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "no kind of form");
    let answer = browser.send("DELETE", "/hoi", "", Vec::new()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn faults_come_back_with_the_entries() {
    let mut browser = Browser::new(&world());
    let answer = browser.post("/hoi", "name=&born-d=31&born-m=2&born-y=2019").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("<title>Lỗi: "));
    assert!(answer.body.contains("Cần sửa 2 chỗ để đi tiếp"));
    assert!(answer.body.contains("Tháng 2 năm 2019 không có ngày 31."));
    assert!(answer.body.contains("value=\"31\"") && answer.body.contains("aria-invalid=\"true\""));
}

#[tokio::test]
async fn a_good_form_answers_with_a_flash_shown_once() {
    let mut browser = Browser::new(&world());
    let answer = browser.post("/hoi", "name=Loan&born-d=9&born-m=4&born-y=2019").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.headers[header::LOCATION], "/hoi");
    let page = browser.get("/hoi").await.body;
    assert!(page.contains("Đã chuyển 0 hồ sơ; 0 chưa chuyển được, xem lý do"));
    assert!(page.contains("action=\"/hoi/lai\""));
    assert!(!browser.get("/hoi").await.body.contains("Đã chuyển"));
}

#[tokio::test]
async fn a_forged_flash_is_not_shown() {
    let mut browser = Browser::new(&world());
    browser.cookies.insert("mc-flash".into(), "az11bmRv.00".into());
    assert!(!browser.get("/hoi").await.body.contains("mc-flash"));
}

#[tokio::test]
async fn files_arrive_and_an_empty_field_is_none() {
    let parts = vec![part("paper", Some("a.jpg"), b"\xFF\xD8\xFF"), part("paper", Some(""), b"")];
    assert_eq!(upload(parts).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_file_too_large_or_empty_is_named() {
    let big = vec![0; limits::FILE_MAX_BYTES + 1];
    let answer = upload(vec![part("paper", Some("C:\\anh\\to.jpg"), &big)]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("Tệp “to.jpg” lớn hơn 10 MB."), "{}", answer.body);
    assert!(answer.body.contains("value=\"Loan\""), "the other entries are kept");
    let answer = upload(vec![part("paper", Some("khong.pdf"), b"")]).await;
    assert!(answer.body.contains("Tệp “khong.pdf” không có nội dung."));
}

#[tokio::test]
async fn a_request_too_large_is_refused() {
    let big = vec![0; limits::FILE_MAX_BYTES];
    let parts = (0..5).map(|_| part("paper", Some("a.jpg"), &big)).collect();
    let answer = upload(parts).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("tối đa 40 MB"));
}

#[tokio::test]
async fn a_province_sets_its_own_limits_of_uploads() {
    const MIB: usize = 1024 * 1024;
    let small = world_with(kit::UploadLimits { file_bytes: MIB, request_bytes: 2 * MIB });
    let over = vec![0; MIB + 1];
    let answer = upload_to(&small, vec![part("paper", Some("to.jpg"), &over)]).await;
    assert!(answer.body.contains("Tệp “to.jpg” lớn hơn 1 MB."), "{}", answer.body);
    let parts = (0..3).map(|_| part("paper", Some("a.jpg"), &over)).collect();
    let answer = upload_to(&small, parts).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.body.contains("tối đa 2 MB"), "{}", answer.body);
}

#[tokio::test]
async fn a_broken_upload_is_refused() {
    let mut browser = Browser::new(&world());
    let answer = browser.send("POST", "/hoi", MULTI, b"--X\r\nno".to_vec()).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_neither_picture_nor_pdf_is_named() {
    let mut browser = Browser::new(&world());
    let page = browser.get("/hoi").await.body;
    let mut body = part("_csrf", None, hidden(&page, "_csrf").as_bytes());
    body.extend(part("paper", Some("giay.docx"), b"PK"));
    body.extend(b"--X--\r\n");
    let answer = browser.send("POST", "/hoi", MULTI, body).await;
    assert!(answer.body.contains("Tệp “giay.docx” không phải ảnh hoặc PDF."));
}
