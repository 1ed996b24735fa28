//! One visit: what the kit knows before a handler runs (who, language, now, checked form), and what
//! it adds after (headers, cookies, error pages). `open(router, kit)` puts it around all pages.

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

use crate::cookies::{self, Jar};
use crate::form::{Entries, OnceKey, read_body};
use crate::frame::{Flash, LangLink, Page};
use crate::limits;
use crate::respond::{self, Refused, SetSession};
use crate::session::{Kit, SessionInfo, TokenHash, UploadLimits, same, token_hash};
use crate::texts::{Lang, T, When};

/// Where addresses for programs begin.
pub const API_PREFIX: &str = "/api/";
/// Name of the hidden anti-forgery field.
pub const CSRF_FIELD: &str = "_csrf";

/// One request as pages see it; cheap to clone, taken as a handler argument.
#[derive(Clone)]
pub struct Visit(Arc<Inner>);

struct Inner {
    kit: Kit,
    lang: Lang,
    now_ms: i64,
    session: Option<SessionInfo>,
    token: Option<TokenHash>,
    csrf: String,
    new_visitor: Option<String>,
    flash: Option<Flash>,
    uri: Uri,
    fragment: bool,
    query: Entries,
}

impl Visit {
    /// The live session, if the person signed in.
    pub fn session(&self) -> Option<&SessionInfo> {
        self.0.session.as_ref()
    }

    /// The account signed in, if any.
    pub fn account_id(&self) -> Option<&str> {
        self.session().map(|info| info.account_id.as_str())
    }

    pub(crate) fn token_hash(&self) -> Option<TokenHash> {
        self.0.token
    }

    /// The instant of this request, ms UTC: the only `now` a handler uses.
    pub fn now_ms(&self) -> i64 {
        self.0.now_ms
    }

    /// The same instant on the local calendar.
    pub fn now(&self) -> When {
        When::from_ms(self.0.now_ms)
    }

    /// Language of the answer.
    pub fn lang(&self) -> Lang {
        self.0.lang
    }

    /// Texts in that language.
    pub fn t(&self) -> T {
        T::new(self.0.lang)
    }

    /// The kit, for sign-in, chance and site settings.
    pub fn kit(&self) -> &Kit {
        &self.0.kit
    }

    /// What stands after `?`, decoded.
    pub fn query(&self) -> &Entries {
        &self.0.query
    }

    /// Path without query.
    pub fn path(&self) -> &str {
        self.0.uri.path()
    }

    /// Whether our script asks for a piece of a page (suggestions), not a person for a page.
    pub fn wants_fragment(&self) -> bool {
        self.0.fragment
    }

    /// The anti-forgery token that this visitor's next form, or program, must give.
    pub fn csrf(&self) -> &str {
        &self.0.csrf
    }

    /// Whether a program asks: its answers are JSON, refusals too.
    pub fn is_for_programs(&self) -> bool {
        self.path().starts_with(API_PREFIX)
    }

    /// Whether this path belongs to the officers' side.
    pub fn is_officer_side(&self) -> bool {
        let prefix = &self.0.kit.site.officer_prefix;
        let rest = self.path().strip_prefix(prefix.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// A page with all that every page needs; the slice adds navigation, user and keys.
    pub fn page(&self, title: impl Into<String>) -> Page {
        let site = &self.0.kit.site;
        let mut page = Page::new(self.t(), self.now(), site, title.into());
        page.csrf.clone_from(&self.0.csrf);
        page.once = OnceKey::fresh(self.0.kit.chance.as_ref()).to_string();
        page.flash.clone_from(&self.0.flash);
        page.address = self.0.uri.path().to_owned();
        page.languages = Lang::ALL.map(|lang| self.lang_link(lang)).to_vec();
        page
    }

    fn lang_link(&self, lang: Lang) -> LangLink {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (key, value) in self.0.query.pairs().filter(|(key, _)| *key != "lang") {
            query.append_pair(key, value);
        }
        query.append_pair("lang", lang.code());
        LangLink {
            code: lang.code(),
            name: self.t().s(&format!("lang-{}", lang.code())),
            // Only the query: a path such as "//elsewhere" would lead out of the house.
            href: format!("?{}", query.finish()),
            current: lang == self.lang(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visit {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visit, Refused> {
        parts.extensions.get::<Visit>().cloned().ok_or_else(Refused::fault)
    }
}

/// Puts the kit around all page routes. Routes of programs (JSON) are merged outside of it.
pub fn open(router: Router, kit: Kit) -> Router {
    router
        .merge(crate::assets::routes())
        .fallback(async || Refused::not_found())
        .method_not_allowed_fallback(async || Refused::method())
        .layer(from_fn_with_state(kit, visit))
        // The kit has its own limits, which also name the file that is too large.
        .layer(DefaultBodyLimit::disable())
}

async fn visit(State(kit): State<Kit>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let visit = match enter(&kit, &parts).await {
        Ok(visit) => visit,
        Err(visit) => return leave(&visit, respond::refusal(Refused::busy(limits::BUSY_RETRY_S))),
    };
    parts.extensions.insert(visit.clone());
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(&parts.method);
    let body = if safe {
        parts.extensions.insert(visit.query().clone());
        body
    } else {
        match checked(&visit, &parts, body).await {
            Ok(entries) => parts.extensions.insert(entries),
            Err(refused) => return leave(&visit, respond::refusal(refused)),
        };
        axum::body::Body::empty()
    };
    leave(&visit, next.run(Request::from_parts(parts, body)).await)
}

/// Reads who comes and in which language. The error arm is the same visit without its session.
async fn enter(kit: &Kit, parts: &Parts) -> Result<Visit, Visit> {
    let jar = Jar { tls: kit.site.tls };
    let headers = &parts.headers;
    let query = Entries::from_query(parts.uri.query().unwrap_or_default());
    let lang = query.get("lang").and_then(Lang::parse);
    let lang = lang.or_else(|| jar.get(headers, cookies::LANG).and_then(Lang::parse));
    let token = jar.get(headers, cookies::SESSION);
    let (session, broken) = match token {
        Some(token) => match kit.session(token).await {
            Ok(session) => (session, false),
            Err(fault) => {
                tracing::error!(%fault, "session look-up");
                (None, true)
            }
        },
        None => (None, false),
    };
    let known = jar.get(headers, cookies::VISITOR).filter(|value| is_visitor(value));
    let fresh = known.is_none().then(|| hex::encode(kit.secret()));
    let csrf = match &session {
        Some(info) => kit.csrf(&info.csrf_secret),
        None => kit.csrf(known.or(fresh.as_deref()).unwrap_or_default().as_bytes()),
    };
    let visit = Visit(Arc::new(Inner {
        kit: kit.clone(),
        lang: lang.unwrap_or_default(),
        now_ms: kit.clock.now_ms(),
        token: token.map(token_hash),
        session,
        csrf,
        new_visitor: fresh,
        flash: jar.get(headers, cookies::FLASH).and_then(|value| Flash::open(kit, value)),
        uri: parts.uri.clone(),
        fragment: headers.contains_key(respond::FRAGMENT_HEADER),
        query,
    }));
    if broken { Err(visit) } else { Ok(visit) }
}

fn is_visitor(value: &str) -> bool {
    value.len() == 64 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Reads the form and its anti-forgery token; nothing reaches a handler without it.
async fn checked(visit: &Visit, parts: &Parts, body: axum::body::Body) -> Result<Entries, Refused> {
    if header_is(&parts.headers, "sec-fetch-site", "cross-site") {
        return Err(Refused::csrf());
    }
    let entries = read_body(parts, body, visit.0.kit.site.uploads).await?;
    let given = entries.get(CSRF_FIELD).unwrap_or_default();
    if same(given.as_bytes(), visit.0.csrf.as_bytes()) { Ok(entries) } else { Err(Refused::csrf()) }
}

fn header_is(headers: &HeaderMap, name: &str, value: &str) -> bool {
    headers.get(name).is_some_and(|found| found == value)
}

/// Renders refusals, sets cookies and the headers of every answer.
fn leave(visit: &Visit, response: Response) -> Response {
    let mut response = match refusal_in(&response, visit.0.kit.site.uploads) {
        Some(refused) if visit.is_for_programs() => respond::refused_json(&refused),
        Some(refused) => respond::refused_page(visit, &refused),
        None => response,
    };
    let jar = Jar { tls: visit.0.kit.site.tls };
    let session = response.extensions_mut().remove::<SetSession>();
    let flash = response.extensions_mut().remove::<Flash>();
    let page = is_html(response.headers()) && !visit.wants_fragment();
    let headers = response.headers_mut();
    match session {
        Some(SetSession::In(token)) => drop(jar.set(headers, cookies::SESSION, &token, None)),
        Some(SetSession::Out) => jar.forget(headers, cookies::SESSION),
        None => {}
    }
    if let Some(lang) = visit.query().get("lang").and_then(Lang::parse) {
        jar.set(headers, cookies::LANG, lang.code(), Some(limits::LANG_COOKIE_S));
    }
    if page && let Some(visitor) = &visit.0.new_visitor {
        jar.set(headers, cookies::VISITOR, visitor, None);
    }
    match flash.and_then(|flash| flash.seal(&visit.0.kit)) {
        Some(sealed) => drop(jar.set(headers, cookies::FLASH, &sealed, None)),
        None if page && visit.0.flash.is_some() => jar.forget(headers, cookies::FLASH),
        None => {}
    }
    respond::guard(headers);
    response
}

/// A refusal in the answer, or the framework's own bare error turned into one.
fn refusal_in(response: &Response, uploads: UploadLimits) -> Option<Refused> {
    if let Some(refused) = response.extensions().get::<Refused>() {
        return Some(refused.clone());
    }
    if is_html(response.headers()) || response.extensions().get::<respond::Raw>().is_some() {
        return None;
    }
    match response.status() {
        StatusCode::NOT_FOUND => Some(Refused::not_found()),
        StatusCode::METHOD_NOT_ALLOWED => Some(Refused::method()),
        StatusCode::PAYLOAD_TOO_LARGE => Some(Refused::too_large(uploads)),
        StatusCode::SERVICE_UNAVAILABLE => Some(Refused::busy(limits::BUSY_RETRY_S)),
        status if status.is_server_error() => Some(Refused::fault()),
        status if status.is_client_error() => Some(Refused::bad_request()),
        _ => None,
    }
}

fn is_html(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("text/html"))
}
