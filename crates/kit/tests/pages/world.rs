//! A small program around the kit: two pages, a table of sessions in memory, a clock that stands.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use askama::Template;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kit::chance::{FixedClock, SeededChance};
use kit::session::{Later, Realm, SessionFault, SessionInfo, Sessions, TokenHash};
use kit::{Check, Entries, Faults, Field, File, Flash, Kit, Page, Refused, Site, T, Visit, When};
use tower::ServiceExt;

#[derive(Default)]
pub struct Table {
    rows: Mutex<HashMap<TokenHash, SessionInfo>>,
    pub broken: Mutex<bool>,
}

impl Sessions for Table {
    fn find(&self, token: TokenHash) -> Later<'_, Result<Option<SessionInfo>, SessionFault>> {
        let broken = *self.broken.lock().unwrap();
        let row = self.rows.lock().unwrap().get(&token).cloned();
        Box::pin(async move { if broken { Err(SessionFault("cut".into())) } else { Ok(row) } })
    }
    fn create(&self, token: TokenHash, info: SessionInfo) -> Later<'_, Result<(), SessionFault>> {
        self.rows.lock().unwrap().insert(token, info);
        Box::pin(async { Ok(()) })
    }
    fn end(&self, token: TokenHash) -> Later<'_, Result<(), SessionFault>> {
        self.rows.lock().unwrap().remove(&token);
        Box::pin(async { Ok(()) })
    }
}

/// One question page, as a page crate writes it.
#[derive(Template)]
#[template(path = "ask.html", config = "tests/askama.toml")]
pub struct Ask {
    page: Page,
    name: Field,
    born: Field,
    paper: Field,
    step: usize,
    fee_vnd: i64,
}

impl Ask {
    pub fn new(page: Page, entries: &Entries, faults: Faults) -> Ask {
        let t = page.t;
        Ask {
            name: Field::text(t, "name", "Họ và tên").autocomplete("name").fill(entries, &faults),
            born: Field::date(t, "born", "Ngày sinh").hint("9 4 2019").fill(entries, &faults),
            paper: Field::file(t, "paper", "Ảnh Giấy chứng sinh").fill(entries, &faults),
            page: page.at("/thu-tuc").faults(faults),
            step: 4,
            fee_vnd: 450_000,
        }
    }
}

async fn ask(visit: Visit) -> Result<Response, Refused> {
    kit::html(&Ask::new(visit.page("Hỏi"), visit.query(), Faults::new()))
}

async fn answer(visit: Visit, entries: Entries) -> Result<Response, Refused> {
    let mut check = Check::new(&entries);
    check.required("name", "họ và tên", 100);
    check.required_date("born", "ngày sinh");
    check.files("paper", "ảnh", false);
    if let Err(faults) = check.done() {
        return kit::respond::html_faults(&Ask::new(visit.page("Hỏi"), &entries, faults));
    }
    let files = entries.files("paper").count();
    let once = entries.once().map(|key| key.as_str().len());
    assert_eq!(once, Some(32));
    let flash = Flash::new("bulk-done").with("n", files).with("m", 0).undo("/hoi/lai");
    Ok(kit::redirect("/hoi").flash(flash).into_response())
}

async fn sign_in(State(kit): State<Kit>) -> Result<Response, Refused> {
    let session = kit.sign_in("account-1", Realm::Officer).await.map_err(|_| Refused::busy(5))?;
    Ok(kit::redirect("/desk").signed_in(session).into_response())
}

async fn sign_out(visit: Visit) -> Result<Response, Refused> {
    visit.kit().sign_out(&visit).await.map_err(|_| Refused::busy(5))?;
    Ok(kit::redirect("/").signed_out().into_response())
}

async fn who(visit: Visit) -> Result<String, Refused> {
    visit.account_id().map(str::to_owned).ok_or_else(Refused::sign_in)
}

pub struct World {
    pub app: Router,
    pub table: Arc<Table>,
    pub clock: Arc<FixedClock>,
    pub kit: Kit,
}

pub const NOW: When = When { year: 2019, month: 4, day: 25, hour: 9, minute: 12 };

pub fn world() -> World {
    world_with(kit::UploadLimits::default())
}

/// The same with other limits of uploads.
pub fn world_with(uploads: kit::UploadLimits) -> World {
    let (table, clock) = (Arc::new(Table::default()), Arc::new(FixedClock::new(NOW.ms())));
    let site = Site {
        place: "Kiên Giang".into(),
        phone: "(0297) 1022".into(),
        tls: false,
        demo: true,
        officer_prefix: "/desk".into(),
        secret: [7; 32],
        uploads,
    };
    let chance = Arc::new(SeededChance::new([1; 32]));
    let kit = Kit { sessions: table.clone(), clock: clock.clone(), chance, site: Arc::new(site) };
    let routes = Router::new()
        .route("/hoi", get(ask).post(answer))
        .route("/vao", post(sign_in))
        .route("/ra", post(sign_out))
        .route("/desk", get(who))
        .route("/desk/ban", get(async || Refused::busy(7)))
        .route("/desk/doi", get(async || Refused::conflict().because("track-hidden")))
        .route("/tep", get(async || File::new("giấy \"hẹn\".pdf", &b"%PDF-1.7"[..])))
        .route("/tep-la", get(async || File::new("a.html", &b"<script>"[..])))
        .route("/hong", get(async || StatusCode::INTERNAL_SERVER_ERROR))
        .with_state(kit.clone());
    World { app: kit::open(routes, kit.clone()), table, clock, kit }
}

/// A browser: keeps cookies, sends forms.
pub struct Browser {
    pub app: Router,
    pub cookies: HashMap<String, String>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Browser {
    pub fn new(world: &World) -> Browser {
        Browser { app: world.app.clone(), cookies: HashMap::new() }
    }

    pub async fn send(&mut self, method: &str, to: &str, kind: &str, body: Vec<u8>) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let mut request = Request::builder().method(method).uri(to);
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let request = request.header(header::COOKIE, cookies.join("; "));
        let request = request.body(Body::from(body)).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8_lossy(&body).into_owned();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&mut self, to: &str) -> Answer {
        self.send("GET", to, "", Vec::new()).await
    }

    /// Opens the form's page, takes its hidden fields and sends them with the given ones.
    pub async fn post(&mut self, to: &str, fields: &str) -> Answer {
        let page = self.get("/hoi").await.body;
        let csrf = hidden(&page, "_csrf");
        let once = hidden(&page, "_once");
        let body = format!("_csrf={csrf}&_once={once}&{fields}");
        self.send("POST", to, "application/x-www-form-urlencoded", body.into_bytes()).await
    }
}

pub fn hidden(page: &str, name: &str) -> String {
    let start = format!("name=\"{name}\" value=\"");
    let rest = page.split(&start).nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

pub fn t(lang: kit::Lang) -> T {
    T::new(lang)
}
