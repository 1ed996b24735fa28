//! Sessions, language, headers, refusals, files, assets.

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use kit::{Cursor, Lang, Refused, T, limits};

use super::world::{Browser, NOW, world};

#[tokio::test]
async fn a_session_begins_and_ends() {
    let world = world();
    let mut browser = Browser::new(&world);
    assert_eq!(browser.get("/desk").await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.post("/vao", "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/desk").await.body, "account-1");
    let old = browser.cookies.clone();
    assert_eq!(browser.post("/ra", "").await.status, StatusCode::SEE_OTHER);
    assert!(!browser.cookies.contains_key("mc-session"));
    browser.cookies = old;
    assert_eq!(browser.get("/desk").await.status, StatusCode::FORBIDDEN, "ended in the table too");
}

#[tokio::test]
async fn a_session_ends_by_itself() {
    let world = world();
    let mut browser = Browser::new(&world);
    browser.post("/vao", "").await;
    world.clock.set(NOW.ms() + limits::OFFICER_SESSION_MS);
    assert_eq!(browser.get("/desk").await.status, StatusCode::FORBIDDEN);
    assert!(world.kit.clock.now_ms() > NOW.ms());
}

#[tokio::test]
async fn sessions_out_of_reach_are_busy_not_signed_out() {
    let world = world();
    let mut browser = Browser::new(&world);
    browser.post("/vao", "").await;
    *world.table.broken.lock().unwrap() = true;
    let answer = browser.get("/desk").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers[header::RETRY_AFTER], "5");
}

#[tokio::test]
async fn language_is_chosen_by_link_and_kept() {
    let mut browser = Browser::new(&world());
    assert!(browser.get("/hoi?a=1").await.body.contains("href=\"?a=1&#38;lang=en\""));
    assert!(browser.get("/hoi?lang=en").await.body.contains("<html lang=\"en\""));
    assert!(browser.get("/hoi").await.body.contains("Skip to main content"));
    assert!(browser.get("/hoi?lang=xx").await.body.contains("<html lang=\"en\""));
}

#[tokio::test]
async fn headers_of_a_page() {
    let mut browser = Browser::new(&world());
    let answer = browser.get("/hoi").await;
    let mut lines: Vec<_> = answer
        .headers
        .iter()
        .filter(|(name, _)| **name != header::SET_COOKIE && **name != header::CONTENT_LENGTH)
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    lines.sort();
    insta::assert_snapshot!("headers", lines.join("\n"));
}

#[tokio::test]
async fn refusals_are_pages_in_the_look() {
    let mut browser = Browser::new(&world());
    let answer = browser.get("/khong-co").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(
        answer.body.contains("class=\"citizen\"") && answer.body.contains("Không thấy trang này")
    );
    let answer = browser.get("/desk/ban").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers[header::RETRY_AFTER], "7");
    assert!(answer.body.contains("class=\"officer\"") && answer.body.contains("sau 7 giây"));
    let answer = browser.get("/desk/doi?lang=en").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.body.contains("Check the code and PIN."));
    assert_eq!(browser.get("/hong").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(browser.get("/hong").await.body.contains("The server met a fault"));
    assert_eq!(browser.get("/vao").await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn files_go_out_guarded() {
    let mut browser = Browser::new(&world());
    let shown = browser.get("/tep").await.headers;
    assert_eq!(shown[header::CONTENT_TYPE], "application/pdf");
    assert_eq!(
        shown[header::CONTENT_DISPOSITION],
        "inline; filename=\"gi_y _h_n_.pdf\"; \
         filename*=UTF-8''gi%E1%BA%A5y%20%22h%E1%BA%B9n%22.pdf"
    );
    let saved = browser.get("/tep-la").await.headers;
    assert_eq!(saved[header::CONTENT_TYPE], "application/octet-stream");
    assert!(saved[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment"));
    assert_eq!(saved[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(saved[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn assets_are_kept_for_ever() {
    let mut browser = Browser::new(&world());
    for name in ["motcua.css", "motcua.js", "mark.svg"] {
        let answer = browser.get(&kit::assets::href(name)).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert!(!answer.body.contains("url("), "nothing is fetched besides");
    }
    assert_eq!(browser.get("/assets/motcua-0.css").await.status, StatusCode::NOT_FOUND);
    assert!(include_str!("../../assets/motcua.js").len() <= 12 * 1024);
}

#[tokio::test]
async fn every_refusal_has_its_texts_in_both_languages() {
    let all = [
        Refused::bad_request(),
        Refused::sign_in(),
        Refused::forbidden(),
        Refused::csrf(),
        Refused::not_found(),
        Refused::method(),
        Refused::conflict(),
        Refused::state(),
        Refused::elsewhere(),
        Refused::too_large(kit::UploadLimits::default()),
        Refused::unprocessable(),
        Refused::too_many(30),
        Refused::too_slow(),
        Refused::fault(),
        Refused::busy(5),
    ];
    for refused in all {
        for lang in Lang::ALL {
            let t = T::new(lang);
            for key in [refused.key.clone(), format!("{}-do", refused.key)] {
                let text = t.dynamic(&key, &refused.args);
                assert!(!text.contains('⟦') && !text.contains("{$"), "{key}: {text}");
            }
        }
    }
}

#[test]
fn a_paging_token_goes_round_and_rubbish_does_not() {
    let cursor = Cursor(vec!["2019-05-06".into(), "Tách thửa".into()]);
    assert_eq!(Cursor::parse(&cursor.token(), 2), Some(cursor.clone()));
    assert_eq!(Cursor::parse(&cursor.token(), 3), None);
    assert_eq!(Cursor::parse("%%%", 1), None);
    assert_eq!(Cursor::parse(&"a".repeat(limits::CURSOR_MAX_BYTES + 1), 1), None);
}

#[tokio::test]
async fn redirects_stay_in_the_house() {
    for (to, lands) in [
        ("/theo-doi", "/theo-doi"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/tìm?q=a b", "/t%C3%ACm?q=a%20b"),
    ] {
        let response = kit::redirect(to).into_response();
        assert_eq!(response.headers()[header::LOCATION], lands);
    }
}
