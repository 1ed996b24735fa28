//! A tiny province for tests: three levels, two procedures, a handful of officers, a temporary
//! store, and a browser that keeps cookies and sends forms.

use crate::app::{App, DemoAccount, Inner, Place, Settings};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode, header};
use kernel::calendar::{Date, Limit, LimitUnit, SupplementRule};
use kernel::catalogue::Catalogue;
use kernel::ids::AccountId;
use kernel::org::{Holding, Post, Role, Staff, Unit, Validity};
use kernel::procedure::{
    AnswerKind, Edition, EditionStatus, Exemption, Field, FormSchema, Paper, PaperForm, Verified,
};
use kit::chance::{FixedClock, SeededChance};
use kit::session::{Later, SessionFault, SessionInfo, Sessions, TokenHash};
use kit::{Kit, Site, When};
use papers::staging::Staging;
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock};
use store::accounts::{self, NewAccount};
use store::{Keys, Options, Store};
use tower::ServiceExt;
use uuid::Uuid;

mod catalogues;
mod law;
mod standing;

pub(crate) use catalogues::*;

/// The clock of the tests: the week of the swapped days.
pub(crate) const NOW: When = When { year: 2019, month: 4, day: 25, hour: 9, minute: 12 };
/// A procedure settled at the counter, received by communes.
pub(crate) const BIRTH: &str = "1.001193";
/// A procedure of twelve working days with a fee and an exemption, received by districts.
pub(crate) const LAND: &str = "1.012784";
/// A procedure that cannot be filed online.
pub(crate) const PAPER_ONLY: &str = "2.000815";
/// The commune, and the desk that receives for it.
pub(crate) const COMMUNE: &str = "kg.rach-gia.vinh-thanh-van";
pub(crate) const COMMUNE_DESK: &str = "kg.rach-gia.vinh-thanh-van.desk";
/// The district, and its desk.
pub(crate) const DISTRICT: &str = "kg.rach-gia";
pub(crate) const DISTRICT_DESK: &str = "kg.rach-gia.desk";
/// The password of every officer.
pub(crate) const PASSWORD: &str = "mot-cua-rach-gia";

/// An officer of the tests: sign-in name, name, role, unit.
pub(crate) const OFFICERS: [(&str, &str, Role, &str); 8] = [
    ("han", "Lê Ngọc Hân", Role::DeskOfficer, DISTRICT_DESK),
    ("lan", "Danh Thị Lan", Role::DeskOfficer, COMMUNE_DESK),
    ("bao", "Trần Quốc Bảo", Role::CaseOfficer, DISTRICT),
    ("phong", "Võ Thanh Phong", Role::UnitLeader, DISTRICT),
    ("minh", "Nguyễn Văn Minh", Role::Leader, DISTRICT),
    ("thu", "Phạm Thị Thu", Role::Clerk, DISTRICT),
    ("giam", "Huỳnh Văn Giám", Role::Auditor, "kg"),
    ("tri", "Quách Minh Trí", Role::Administrator, "kg"),
];

/// The account id of an officer of the tests.
pub(crate) fn account_of(login: &str) -> AccountId {
    let place = OFFICERS.iter().position(|(l, ..)| *l == login).unwrap();
    AccountId(Uuid::from_u128(0x0700 + place as u128).to_string())
}

/// Everything that a test stands on; the folder goes with it.
pub(crate) struct World {
    pub app: App,
    pub clock: Arc<FixedClock>,
    pub kit: Kit,
    _dir: tempfile::TempDir,
}

/// A world with the officers' accounts, at [`NOW`].
pub(crate) fn world() -> World {
    world_with(catalogue())
}

/// A world on other data.
pub(crate) fn world_with(catalogue: Catalogue) -> World {
    let dir = tempfile::tempdir().unwrap();
    let mut rng = StdRng::from_seed([5; 32]);
    let options = Options { migrate_at_ms: Some(NOW.ms()), ..Options::default() };
    let store = Store::open(dir.path(), Keys::unsaved(&mut rng), options).unwrap();
    let phc = accounts::hash_password(&mut rng, PASSWORD).unwrap();
    let add = move |tx: &mut store::Tx<'_>| -> Result<(), store::StoreError> {
        for (login, name, ..) in OFFICERS {
            let new = NewAccount {
                id: account_of(login).as_str().parse().unwrap(),
                login: login.to_owned(),
                password_phc: phc.clone(),
                display_name: name.to_owned(),
                must_change: false,
            };
            accounts::add(tx, &new, NOW.ms())?;
        }
        Ok(())
    };
    store.act_blocking(add).unwrap();
    let clock = Arc::new(FixedClock::new(NOW.ms()));
    let chance = Arc::new(SeededChance::new([1; 32]));
    let site = Site {
        place: "Kiên Giang".into(),
        phone: "(0297) 1022".into(),
        tls: false,
        demo: true,
        officer_prefix: "/noi-lam-viec".into(),
        secret: [7; 32],
        uploads: kit::UploadLimits::default(),
    };
    let kit = Kit {
        sessions: Arc::new(Table::default()),
        clock: clock.clone(),
        chance: chance.clone(),
        site: Arc::new(site),
    };
    let app = App(Arc::new(Inner {
        store,
        catalogue: RwLock::new(Arc::new(catalogue)),
        blobs: Staging::open(dir.path().join("blobs")).unwrap(),
        clock: clock.clone(),
        chance,
        place: Place {
            address: "https://motcua.example".into(),
            name: "Kiên Giang".into(),
            phone: "(0297) 1022".into(),
        },
        settings: Settings {
            file_bytes_max: 1024 * 1024,
            files_per_case: kernel::limits::FILES_PER_CASE,
            pin: store::pins::PinLimits::default(),
        },
        demo: vec![DemoAccount {
            login: "han".into(),
            password: PASSWORD.into(),
            name: "Lê Ngọc Hân".into(),
            note: "Quầy".into(),
            note_en: "Desk".into(),
        }],
        trials: crate::trials::Trials::default(),
    }));
    World { app, clock, kit, _dir: dir }
}

/// Sessions in memory.
#[derive(Default)]
struct Table(Mutex<HashMap<TokenHash, SessionInfo>>);

impl Sessions for Table {
    fn find(&self, token: TokenHash) -> Later<'_, Result<Option<SessionInfo>, SessionFault>> {
        let row = self.0.lock().unwrap().get(&token).cloned();
        Box::pin(async move { Ok(row) })
    }
    fn create(&self, token: TokenHash, info: SessionInfo) -> Later<'_, Result<(), SessionFault>> {
        self.0.lock().unwrap().insert(token, info);
        Box::pin(async { Ok(()) })
    }
    fn end(&self, token: TokenHash) -> Later<'_, Result<(), SessionFault>> {
        self.0.lock().unwrap().remove(&token);
        Box::pin(async { Ok(()) })
    }
}

fn day(y: i32, m: u32, d: u32) -> Date {
    Date::from_ymd_opt(y, m, d).unwrap()
}

fn always() -> Validity {
    Validity { from: day(2018, 1, 1), to: None }
}

fn unit(id: &str, parent: Option<&str>, level: &str, kind: &str, name: &str, code: &str) -> Unit {
    Unit {
        id: id.into(),
        org_code: code.into(),
        parent: parent.map(Into::into),
        level: level.into(),
        kind: kind.into(),
        name: name.into(),
        name_en: String::new(),
        valid: always(),
        succeeded_by: None,
        verified: true,
    }
}

fn units() -> Vec<Unit> {
    let commune = "UBND phường Vĩnh Thanh Vân";
    let desk = "Bộ phận Tiếp nhận và Trả kết quả";
    vec![
        unit("kg", None, "province", "committee", "UBND tỉnh Kiên Giang", "H33"),
        unit(DISTRICT, Some("kg"), "district", "committee", "UBND thành phố Rạch Giá", "H33.27"),
        unit(
            DISTRICT_DESK,
            Some(DISTRICT),
            "district",
            "desk",
            &format!("{desk} UBND thành phố Rạch Giá"),
            "H33.27",
        ),
        unit(COMMUNE, Some(DISTRICT), "commune", "committee", commune, "H33.27.31"),
        unit(
            COMMUNE_DESK,
            Some(COMMUNE),
            "commune",
            "desk",
            &format!("{desk} {commune}"),
            "H33.27.31",
        ),
    ]
}

fn staff() -> Staff {
    let post = |login: &str, role: Role, unit: &str| Post {
        id: format!("{unit}/{login}"),
        unit: unit.into(),
        role,
        title: role.as_str().into(),
        title_en: role.as_str().into(),
    };
    let posts = OFFICERS.iter().map(|(l, _, r, u)| post(l, *r, u)).collect();
    let holding = |login: &str, unit: &str| Holding {
        post: format!("{unit}/{login}"),
        account: account_of(login),
        valid: always(),
    };
    let holdings = OFFICERS.iter().map(|(l, _, _, u)| holding(l, u)).collect();
    Staff::build(posts, holdings, Vec::new()).unwrap()
}

fn paper(no: u16, name: &str, form: PaperForm, required: bool) -> Paper {
    Paper { no, name: name.into(), form, count: 1, required }
}

fn edition(code: &str, name: &str, name_en: &str, level: &str, process: &str) -> Edition {
    Edition {
        code: code.into(),
        edition: 1,
        status: EditionStatus::Active,
        valid: always(),
        name: name.into(),
        name_en: name_en.into(),
        field: "Hộ tịch".into(),
        field_en: "Civil status".into(),
        levels: vec![level.into()],
        decided_by: vec![(level.into(), level.into())],
        limit: Limit { unit: LimitUnit::SameDay, quarters: 0 },
        time_text: "Trong ngày".into(),
        supplement_rule: SupplementRule::Reset,
        supplement_within_days: 3,
        fee_vnd: 0,
        fee_known: true,
        fee_note: String::new(),
        page_fee: None,
        exemptions: Vec::new(),
        papers: vec![paper(1, "Giấy chứng sinh", PaperForm::Original, true)],
        result: "Giấy khai sinh".into(),
        process: process.into(),
        form: "plain".into(),
        consults: Vec::new(),
        online: true,
        verified: Verified::Yes,
        source: "Luật Hộ tịch 2014, Điều 13".into(),
    }
}

fn editions() -> Vec<Edition> {
    let birth = edition(BIRTH, "Đăng ký khai sinh", "Birth registration", "commune", "counter");
    let mut land =
        edition(LAND, "Tách thửa hoặc hợp thửa đất", "Land parcels", "district", "appraisal");
    land.field = "Đất đai".into();
    land.field_en = "Land".into();
    land.limit = Limit { unit: LimitUnit::WorkingDay, quarters: 48 };
    land.time_text = "12 ngày làm việc".into();
    land.fee_vnd = 450_000;
    land.exemptions = vec![Exemption {
        key: "poor".into(),
        who: "Hộ nghèo".into(),
        ground: "Nghị quyết của Hội đồng nhân dân tỉnh".into(),
    }];
    land.papers = vec![
        paper(1, "Đơn đề nghị tách thửa", PaperForm::Original, true),
        paper(2, "Giấy chứng nhận đã cấp", PaperForm::Copy, false),
    ];
    land.result = "Giấy chứng nhận".into();
    land.verified = Verified::Partly;
    let mut copy =
        edition(PAPER_ONLY, "Chứng thực bản sao", "Certified copy", "commune", "counter");
    copy.field = "Chứng thực".into();
    copy.online = false;
    copy.verified = Verified::No;
    vec![birth, land, copy]
}

fn form() -> FormSchema {
    let field = |key: &str, kind, label: &str, required| Field {
        key: key.into(),
        kind,
        label: label.into(),
        label_en: String::new(),
        hint: String::new(),
        hint_en: String::new(),
        required,
        choices: Vec::new(),
        max: 0,
    };
    let fields = vec![
        field("content", AnswerKind::Textarea, "Nội dung đề nghị", true),
        field("since", AnswerKind::Date, "Từ ngày", false),
        field("count", AnswerKind::Number, "Số bản", false),
    ];
    FormSchema { name: "plain".into(), fields }
}

/// A browser: keeps cookies, sends forms.
pub(crate) struct Browser {
    router: Router,
    pub cookies: HashMap<String, String>,
}

/// What came back.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Answer {
    /// Where a redirect leads.
    pub fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }

    /// The value of a hidden field of the page.
    pub fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let rest = self.body.split(&start).nth(1).unwrap_or_else(|| panic!("no {name}"));
        rest.split('"').next().unwrap().to_owned()
    }
}

/// One field or file of a form.
pub(crate) enum Part<'a> {
    /// Name and value.
    Text(&'a str, &'a str),
    /// Name, file name, content.
    File(&'a str, &'a str, &'a [u8]),
}

impl Browser {
    /// A browser in front of some routes.
    pub fn new(world: &World, routes: Router) -> Self {
        Self { router: kit::open(routes, world.kit.clone()), cookies: HashMap::new() }
    }

    /// Sends a request.
    pub async fn send(&mut self, method: &str, to: &str, kind: &str, body: Vec<u8>) -> Answer {
        self.send_with(method, to, kind, &[], body).await
    }

    async fn send_with(
        &mut self,
        method: &str,
        to: &str,
        kind: &str,
        more: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let mut request = Request::builder().method(method).uri(to);
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        for (name, value) in more {
            request = request.header(*name, *value);
        }
        let request = request.header(header::COOKIE, cookies.join("; "));
        let request = request.body(Body::from(body)).unwrap();
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body: text, bytes }
    }

    /// Opens a page.
    pub async fn get(&mut self, to: &str) -> Answer {
        self.send("GET", to, "", Vec::new()).await
    }

    /// Sends a form with the hidden fields of the page it stands on.
    pub async fn post(&mut self, page: &Answer, to: &str, parts: &[Part<'_>]) -> Answer {
        let (csrf, once) = (page.hidden("_csrf"), page.hidden("_once"));
        let mut all = vec![Part::Text("_csrf", &csrf), Part::Text("_once", &once)];
        all.extend(parts.iter().map(|part| match part {
            Part::Text(name, value) => Part::Text(name, value),
            Part::File(name, file, bytes) => Part::File(name, file, bytes),
        }));
        let (kind, body) = multipart(&all);
        self.send("POST", to, &kind, body).await
    }
}

/// A multipart body with its content type.
fn multipart(parts: &[Part<'_>]) -> (String, Vec<u8>) {
    const EDGE: &str = "motcua-edge";
    let mut body = Vec::new();
    for part in parts {
        let (head, content): (String, &[u8]) = match part {
            Part::Text(name, value) => (format!("name=\"{name}\""), value.as_bytes()),
            Part::File(name, file, bytes) => {
                (format!("name=\"{name}\"; filename=\"{file}\""), bytes)
            }
        };
        let head = format!("--{EDGE}\r\nContent-Disposition: form-data; {head}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={EDGE}"), body)
}

/// A small PDF that passes the look at the door.
pub(crate) fn pdf() -> Vec<u8> {
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n".to_vec()
}
