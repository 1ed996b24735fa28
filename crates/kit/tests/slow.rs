//! Bodies that come too slowly are given up and give their place back. A program of its own, since the
//! places are counted for the whole program.

#![expect(clippy::unwrap_used, reason = "tests say by failing what was not there")]

#[path = "pages/world.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod world;

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::http::{Request, StatusCode, header};
use http_body::Frame;
use kit::limits;
use tokio::time::{Sleep, sleep, timeout};
use tower::ServiceExt;

use world::{Browser, hidden, world};

const HEAD: &[u8] =
    b"--X\r\nContent-Disposition: form-data; name=\"paper\"; filename=\"a.pdf\"\r\n\r\n%PDF-";
/// A piece of a trickle that never ends.
const DROP: &[u8] = &[b'a'; 64];

/// A body that brings one piece, then the same piece again every `pause`, or nothing more.
struct Dripping {
    next: Option<Bytes>,
    again: Option<(Bytes, Duration)>,
    wait: Option<Pin<Box<Sleep>>>,
}

impl Dripping {
    fn stalled() -> Body {
        Body::new(Dripping { next: Some(Bytes::from_static(HEAD)), again: None, wait: None })
    }

    fn every(pause: Duration, piece: Bytes) -> Body {
        let next = Some(Bytes::from_static(HEAD));
        Body::new(Dripping { next, again: Some((piece, pause)), wait: None })
    }
}

impl HttpBody for Dripping {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if let Some(piece) = self.next.take() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        let Some((piece, pause)) = self.again.clone() else { return Poll::Pending };
        let wait = self.wait.get_or_insert_with(|| Box::pin(sleep(pause)));
        if wait.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        self.wait = None;
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

fn request(body: Body) -> Request<Body> {
    let kind = "multipart/form-data; boundary=X";
    let request = Request::post("/hoi?lang=vi").header(header::CONTENT_TYPE, kind);
    request.body(body).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_stalled_or_trickling_body_is_told_so_after_one_window() {
    let app = world().app;
    let second = Duration::from_secs(1);
    for body in [Dripping::stalled(), Dripping::every(second, Bytes::from_static(DROP))] {
        let answer = timeout(limits::BODY_WINDOW + second, app.clone().oneshot(request(body)));
        let (parts, body) = answer.await.expect("in time").unwrap().into_parts();
        assert_eq!(parts.status, StatusCode::REQUEST_TIMEOUT);
        assert_eq!(parts.headers[header::CONNECTION], "close");
        let page = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        assert!(
            page.contains("Gửi quá chậm nên đã dừng") && page.contains("Chưa lưu gì"),
            "{page}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_keeps_its_pace_still_ends_at_the_whole_limit() {
    // Just enough in each window, so that only the limit of the whole body can end it.
    let piece = Bytes::from(vec![b'a'; limits::BODY_WINDOW_BYTES / 10]);
    let body = Dripping::every(limits::BODY_WINDOW / 15, piece);
    let answer = world().app.oneshot(request(body));
    let early = limits::BODY_MAX - Duration::from_secs(1);
    tokio::pin!(answer);
    assert!(timeout(early, &mut answer).await.is_err(), "it is waited for until then");
    let answer = timeout(Duration::from_secs(2), answer).await.expect("in time").unwrap();
    assert_eq!(answer.status(), StatusCode::REQUEST_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn stalled_bodies_hold_the_places_no_longer_than_a_window() {
    let world = world();
    let held: Vec<_> = (0..limits::UPLOADS_AT_ONCE)
        .map(|_| tokio::spawn(world.app.clone().oneshot(request(Dripping::stalled()))))
        .collect();
    sleep(Duration::from_secs(1)).await;

    let mut browser = Browser::new(&world);
    let page = browser.get("/hoi").await.body;
    let (csrf, once) = (hidden(&page, "_csrf"), hidden(&page, "_once"));
    let text = |name: &str, value: &str| {
        format!("--X\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut whole = text("_csrf", &csrf) + &text("_once", &once) + &text("name", "Loan");
    whole += &(text("born-d", "9") + &text("born-m", "4") + &text("born-y", "2019"));
    let whole = [whole.as_bytes(), HEAD, b"\r\n--X--\r\n"].concat();
    let kind = "multipart/form-data; boundary=X";
    let early = browser.send("POST", "/hoi", kind, whole.clone()).await;
    assert_eq!(early.status, StatusCode::SERVICE_UNAVAILABLE, "all places are held");
    assert!(early.body.contains("Máy chủ đang bận"));

    sleep(limits::BODY_WINDOW).await;
    let late = browser.send("POST", "/hoi", kind, whole).await;
    assert_eq!(late.status, StatusCode::SEE_OTHER, "{}", late.body);
    for one in held {
        assert_eq!(one.await.unwrap().unwrap().status(), StatusCode::REQUEST_TIMEOUT);
    }
}
