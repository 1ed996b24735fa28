//! Answers: pages, redirects, files, refusals, and the headers all of them carry.

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use crate::frame::{Flash, Page};
use crate::session::{SignedIn, UploadLimits};
use crate::texts::{Lang, T};
use crate::visit::Visit;

/// Set by our script when it asks for a piece of a page.
pub const FRAGMENT_HEADER: &str = "x-fragment";

/// The policy of pages: everything from this origin, nothing inline, in nobody's frame.
pub const PAGE_POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; \
    img-src 'self'; script-src 'self'; form-action 'self'; connect-src 'self'; frame-src 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// The policy of files shown in a page of ours.
pub const FILE_POLICY: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Marks answers that are not pages and keep their own body whatever their status.
#[derive(Clone, Copy)]
pub(crate) struct Raw;

/// Marks answers that begin or end a session.
#[derive(Clone)]
pub(crate) enum SetSession {
    In(String),
    Out,
}

/// A page, status 200, kept by no cache.
pub fn html(page: &impl Template) -> Result<Response, Refused> {
    html_status(StatusCode::OK, page)
}

/// Lets the browser keep a page without personal data for its back button; asked for again it is
/// fetched again, since language and tokens are the visitor's own.
pub fn revisitable(mut response: Response) -> Response {
    let cache = HeaderValue::from_static("private, no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, cache);
    response
}

/// A page with faults: status 422, the entries shown again.
pub fn html_faults(page: &impl Template) -> Result<Response, Refused> {
    html_status(StatusCode::UNPROCESSABLE_ENTITY, page)
}

/// A page with a status.
pub fn html_status(status: StatusCode, page: &impl Template) -> Result<Response, Refused> {
    let body = page.render().map_err(|fault| {
        tracing::error!(%fault, "a page could not be rendered");
        Refused::fault()
    })?;
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let mut response = (status, body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    Ok(response)
}

/// An answer for programs: JSON, whatever its status.
pub fn json(status: StatusCode, value: &serde_json::Value) -> Response {
    let mut response = (status, value.to_string()).into_response();
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response.extensions_mut().insert(Raw);
    response
}

/// A refusal for programs: its key and its words in both languages.
pub(crate) fn refused_json(refused: &Refused) -> Response {
    let words = |lang| {
        let t = T::new(lang);
        let advice = match refused.because.as_str() {
            "" => format!("{}-do", refused.key),
            key => key.to_owned(),
        };
        let (what, todo) =
            (t.dynamic(&refused.key, &refused.args), t.dynamic(&advice, &refused.args));
        format!("{what}. {todo}")
    };
    let key = if refused.because.is_empty() { &refused.key } else { &refused.because };
    let reason = serde_json::json!({"vi": words(Lang::Vi), "en": words(Lang::En)});
    let one = serde_json::json!({"key": key, "field": null, "reason": reason});
    let mut response = json(refused.status, &serde_json::json!({"refusals": [one]}));
    if let Some(seconds) = refused.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A redirect after an act (303), so that reloading repeats nothing.
#[derive(Clone)]
pub struct Redirect {
    to: String,
    flash: Option<Flash>,
    session: Option<SetSession>,
}

/// Answers with another page of this site. Addresses of other sites lead home: a redirect must not
/// be an open door.
pub fn redirect(to: impl Into<String>) -> Redirect {
    let to = to.into();
    let local = to.starts_with('/') && !to.starts_with("//") && !to.contains('\\');
    Redirect { to: if local { to } else { "/".to_owned() }, flash: None, session: None }
}

impl Redirect {
    /// Says on the next page what was done.
    #[must_use]
    pub fn flash(mut self, flash: Flash) -> Redirect {
        self.flash = Some(flash);
        self
    }

    /// Gives the browser its new session.
    #[must_use]
    pub fn signed_in(mut self, session: SignedIn) -> Redirect {
        self.session = Some(SetSession::In(session.0));
        self
    }

    /// Takes the session from the browser.
    #[must_use]
    pub fn signed_out(mut self) -> Redirect {
        self.session = Some(SetSession::Out);
        self
    }
}

impl IntoResponse for Redirect {
    fn into_response(self) -> Response {
        let mut response = StatusCode::SEE_OTHER.into_response();
        let to = HeaderValue::from_str(&ascii(&self.to));
        let to = to.unwrap_or(HeaderValue::from_static("/"));
        response.headers_mut().insert(header::LOCATION, to);
        if let Some(flash) = self.flash {
            response.extensions_mut().insert(flash);
        }
        if let Some(session) = self.session {
            response.extensions_mut().insert(session);
        }
        response
    }
}

/// A file. Sniffed PDF, JPEG and PNG may be shown in the browser; all else is only saved.
#[derive(Debug, Clone)]
pub struct File {
    /// Name offered when saving.
    pub name: String,
    /// Content.
    pub bytes: Bytes,
    /// Save even what could be shown.
    pub save: bool,
}

impl File {
    /// A file, shown where that is safe.
    pub fn new(name: impl Into<String>, bytes: impl Into<Bytes>) -> File {
        File { name: name.into(), bytes: bytes.into(), save: false }
    }

    /// Always offered for saving.
    #[must_use]
    pub fn saved(mut self) -> File {
        self.save = true;
        self
    }
}

/// The kind of a file that browsers may show, by its first bytes.
pub fn sniff(bytes: &[u8]) -> Option<&'static str> {
    let kinds: [(&[u8], &str); 3] = [
        (b"%PDF-", "application/pdf"),
        (b"\xFF\xD8\xFF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
    ];
    kinds.into_iter().find(|(start, _)| bytes.starts_with(start)).map(|(_, kind)| kind)
}

impl IntoResponse for File {
    fn into_response(self) -> Response {
        let kind = sniff(&self.bytes);
        let shown = kind.is_some() && !self.save;
        let plain: String = self.name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
        let disposition = format!(
            "{}; filename=\"{plain}\"; filename*=UTF-8''{}",
            if shown { "inline" } else { "attachment" },
            percent(&self.name)
        );
        let mut response = Response::new(Body::from(self.bytes));
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static(kind.unwrap_or("application/octet-stream"));
        headers.insert(header::CONTENT_TYPE, kind);
        let attachment = HeaderValue::from_static("attachment");
        let disposition = HeaderValue::from_str(&disposition).unwrap_or(attachment);
        headers.insert(header::CONTENT_DISPOSITION, disposition);
        let policy = HeaderValue::from_static(FILE_POLICY);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        response.extensions_mut().insert(Raw);
        response
    }
}

/// An address in ASCII, as a header wants it: letters with marks and blanks are percent-encoded.
fn ascii(address: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_graphic();
    let encode =
        |byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    address.bytes().map(encode).collect()
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_. ".contains(c)
}

/// Percent-encodes a file name for `filename*` (RFC 8187).
fn percent(name: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let encode =
        |byte| if keep(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    name.bytes().map(encode).collect()
}

/// A refusal: status, what is wrong, what to do. The kit shows it in the look and language of the
/// visit. Also the error type of handlers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// HTTP status.
    pub status: StatusCode,
    /// Key of the heading; what to do has the same key with `-do`.
    pub key: String,
    /// Variables of both texts.
    pub args: Vec<(String, String)>,
    /// Key of a sentence that replaces the general advice, may be empty.
    pub because: String,
    /// Seconds after which trying again makes sense.
    pub retry_after_s: Option<u32>,
}

impl Refused {
    fn new(status: StatusCode, key: &str) -> Refused {
        let (key, args) = (key.to_owned(), Vec::new());
        Refused { status, key, args, because: String::new(), retry_after_s: None }
    }

    /// 400: the request could not be read.
    pub fn bad_request() -> Refused {
        Refused::new(StatusCode::BAD_REQUEST, "refused-bad-request")
    }

    /// 403: sign in first. Page routes rather redirect to the sign-in page.
    pub fn sign_in() -> Refused {
        Refused::new(StatusCode::FORBIDDEN, "refused-sign-in")
    }

    /// 403: policy says no.
    pub fn forbidden() -> Refused {
        Refused::new(StatusCode::FORBIDDEN, "refused-forbidden")
    }

    /// 403: the anti-forgery token is missing or wrong; nothing was kept.
    pub fn csrf() -> Refused {
        Refused::new(StatusCode::FORBIDDEN, "refused-csrf")
    }

    /// 404.
    pub fn not_found() -> Refused {
        Refused::new(StatusCode::NOT_FOUND, "refused-not-found")
    }

    /// 405.
    pub fn method() -> Refused {
        Refused::new(StatusCode::METHOD_NOT_ALLOWED, "refused-method")
    }

    /// 408: the body came too slowly; nothing was kept.
    pub fn too_slow() -> Refused {
        Refused::new(StatusCode::REQUEST_TIMEOUT, "refused-too-slow")
    }

    /// 409: somebody else changed it meanwhile.
    pub fn conflict() -> Refused {
        Refused::new(StatusCode::CONFLICT, "refused-conflict")
    }

    /// 409: the act does not fit the state that the case is in; nobody need have changed it.
    pub fn state() -> Refused {
        Refused::new(StatusCode::CONFLICT, "refused-state")
    }

    /// 413: says what may be sent.
    pub fn too_large(uploads: UploadLimits) -> Refused {
        let mb = |bytes| bytes / (1024 * 1024);
        Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "refused-too-large")
            .with("mb", mb(uploads.file_bytes))
            .with("total", mb(uploads.request_bytes))
    }

    /// 422: where no form can be shown again.
    pub fn unprocessable() -> Refused {
        Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "refused-unprocessable")
    }

    /// 422: what is asked for is not done here, but elsewhere; the reason says where.
    pub fn elsewhere() -> Refused {
        Refused::new(StatusCode::UNPROCESSABLE_ENTITY, "refused-elsewhere")
    }

    /// 429.
    pub fn too_many(retry_after_s: u32) -> Refused {
        Refused::new(StatusCode::TOO_MANY_REQUESTS, "refused-too-many").retry(retry_after_s)
    }

    /// 500: our fault; the cause is in the log, never on the page.
    pub fn fault() -> Refused {
        Refused::new(StatusCode::INTERNAL_SERVER_ERROR, "refused-fault")
    }

    /// 503: too busy to save.
    pub fn busy(retry_after_s: u32) -> Refused {
        Refused::new(StatusCode::SERVICE_UNAVAILABLE, "refused-busy").retry(retry_after_s)
    }

    /// Says the reason in place of the general advice: a text key.
    #[must_use]
    pub fn because(mut self, key: impl Into<String>) -> Refused {
        self.because = key.into();
        self
    }

    /// Adds a variable of the texts.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Refused {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    fn retry(mut self, seconds: u32) -> Refused {
        self.retry_after_s = Some(seconds);
        self.with("n", seconds)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A refusal as a bare answer; the kit's door renders it.
pub(crate) fn refusal(refused: Refused) -> Response {
    refused.into_response()
}

#[derive(Template)]
#[template(path = "kit/refused_citizen.html")]
struct RefusedCitizen {
    page: Page,
    title: String,
    detail: String,
    home: String,
}

#[derive(Template)]
#[template(path = "kit/refused_officer.html")]
struct RefusedOfficer {
    page: Page,
    title: String,
    detail: String,
    home: String,
}

/// The page of a refusal.
pub(crate) fn refused_page(visit: &Visit, refused: &Refused) -> Response {
    let t = visit.t();
    let title = t.dynamic(&refused.key, &refused.args);
    let advice = match refused.because.as_str() {
        "" => format!("{}-do", refused.key),
        key => key.to_owned(),
    };
    let detail = t.dynamic(&advice, &refused.args);
    let page = visit.page(title.clone());
    let home = if visit.is_officer_side() { page.officer_home.clone() } else { "/".to_owned() };
    let rendered = if visit.is_officer_side() {
        html_status(refused.status, &RefusedOfficer { page, title, detail, home })
    } else {
        html_status(refused.status, &RefusedCitizen { page, title, detail, home })
    };
    let mut response = rendered.unwrap_or_else(|_| refused.status.into_response());
    if refused.status == StatusCode::REQUEST_TIMEOUT {
        // What is left of the body is not waited for.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Some(seconds) = refused.retry_after_s {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Headers of every answer; what an answer set itself stays.
pub(crate) fn guard(headers: &mut HeaderMap) {
    let all: [(HeaderName, &str); 6] = [
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in all {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.entry(name).or_insert(value);
        }
    }
}
