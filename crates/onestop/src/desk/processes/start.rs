//! `/noi-lam-viec/quy-trinh/moi`: a draft is begun: from the newest version of a process, from a
//! file of any BPMN modeller, or from nothing.

use super::super::once::Sent;
use super::draft::{FoundRow, table_of};
use super::save::{Change, Saving, Told, save};
use super::{HOME, draft_href, edit, findings, may, version_href};
use crate::app::{App, Officer};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::access::ProcessAction;
use kernel::catalogue::Catalogue;
use kit::{Check, Entries, Fault, Faults, Field, Flash, Page, Refused, T, Visit, redirect};
use process::table::{NewLane, Table, blank};
use process::{Document, Problem, import};
use store::bounds::{PROCESS_DRAFT_BYTES_MAX, PROCESS_TITLE_CHARS_MAX};
use store::process_drafts::Content;

/// Lanes of a new process: role and unit; the file names them in Vietnamese.
const LANES: [(&str, &str, &str); 4] = [
    ("unit_leader", "Lãnh đạo phòng", "deciding"),
    ("case_officer", "Chuyên viên", "deciding"),
    ("leader", "Lãnh đạo cơ quan", "deciding"),
    ("clerk", "Văn thư", "deciding"),
];

#[derive(Template)]
#[template(path = "desk/process_start.html")]
struct StartPage {
    page: Page,
    home: &'static str,
    from_version: Field,
    from_file: Field,
    blank_title: Field,
    blank_name: Field,
    /// Why a file could not be read.
    found: Vec<FoundRow>,
}

/// GET: the three ways to begin.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::EditProcess)?;
    let entries = visit.query().clone();
    answer(&app, &visit, &officer, (&entries, Faults::new()), &[]).await
}

async fn answer(
    app: &App,
    visit: &Visit,
    officer: &Officer,
    (entries, faults): (&Entries, Faults),
    problems: &[Problem],
) -> Result<Response, Refused> {
    let t = visit.t();
    let page = super::page(app, visit, officer, t.s("process-start-title")).await?;
    let status = match faults.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let version = newest(&app.catalogue()).into_iter().fold(
        Field::select(t, "ban", t.s("process-start-version")).choice("", t.s("process-choose")),
        |field, (name, version, title)| {
            let label = t.a(
                "process-start-version-of",
                &[("title", &title), ("version", &u64::from(version))],
            );
            field.choice(name, label)
        },
    );
    let title = Field::text(t, "ten", t.s("process-field-title"));
    let name = Field::text(t, "ma", t.s("process-start-name"))
        .hint(t.s("process-start-name-hint"))
        .width("20");
    let file = Field::file(t, "tep", t.s("process-start-file"));
    let file = file.hint(t.a1("process-start-file-hint", "kb", PROCESS_DRAFT_BYTES_MAX / 1024));
    let none = Table::default();
    let checked = findings::Checked {
        found: problems.iter().map(|problem| findings::told(t, &none, problem)).collect(),
        problems: Vec::new(),
    };
    kit::respond::html_status(
        status,
        &StartPage {
            home: HOME,
            from_version: version.fill(entries, &faults),
            from_file: file.fill(entries, &faults),
            blank_title: title.fill(entries, &faults),
            blank_name: name.fill(entries, &faults),
            found: super::draft::found_rows(t, &none, &checked),
            page: page.faults(faults),
        },
    )
}

/// The newest version of each process: name, number, title.
fn newest(catalogue: &Catalogue) -> Vec<(String, u32, String)> {
    let of = |name: &&str| catalogue.process_editions(name).iter().max_by_key(|e| e.version);
    let names = catalogue.process_names();
    let found = names.iter().filter_map(of);
    found.map(|e| (e.name.clone(), e.version, e.title.clone())).collect()
}

/// What a draft begins with.
struct Begun {
    name: String,
    xml: String,
    told: String,
    /// Things of another modeller's that became ours.
    mapped: usize,
}

/// Why nothing was begun.
struct Unread {
    faults: Faults,
    problems: Vec<Problem>,
}

impl From<Fault> for Unread {
    fn from(fault: Fault) -> Self {
        Self { faults: Faults::from_iter([fault]), problems: Vec::new() }
    }
}

/// POST: begins a draft and leads to it.
pub(super) async fn begin(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::EditProcess)?;
    let (t, catalogue) = (visit.t(), app.catalogue());
    let begun = match entries.text("tu") {
        "ban" => from_version(t, &catalogue, &entries),
        "tep" => from_file(t, &entries),
        "trang" => from_nothing(t, &catalogue, &entries),
        _ => return Err(Refused::bad_request()),
    };
    let begun = match begun {
        Ok(begun) => begun,
        Err(Unread { faults, problems }) => {
            return answer(&app, &visit, &officer, (&entries, faults), &problems).await;
        }
    };
    let table = table_of(&begun.xml, &begun.name).map_err(|_| Refused::fault())?;
    let of = (begun.name.as_str(), begun.xml.as_str());
    let checked = findings::check(t, &catalogue, of, &table, app.today());
    let title = table.processes.first().map(|p| p.name.clone()).unwrap_or_default();
    let base_version = catalogue.process_editions(&begun.name).iter().map(|e| e.version).max();
    let content = Content {
        title: title.chars().take(PROCESS_TITLE_CHARS_MAX).collect(),
        base_version,
        xml: begun.xml,
        findings: checked.problems,
    };
    let mut bytes = [0; 16];
    app.0.chance.fill(&mut bytes);
    let saving = Saving {
        id: uuid::Builder::from_random_bytes(bytes).into_uuid(),
        name: begun.name,
        revision: 0,
        change: Change::Begin(content),
        told: Told::Begun(begun.told),
        sent: Sent::of(&visit, &entries),
    };
    let id = save(&app, &officer, saving).await.map_err(super::save::Failed::refused)?;
    let flash = Flash::new("process-begun").with("n", begun.mapped);
    Ok(redirect(draft_href(id)).flash(flash).into_response())
}

fn from_version(t: T, catalogue: &Catalogue, entries: &Entries) -> Result<Begun, Unread> {
    let name = entries.text("ban");
    let edition = catalogue.process_editions(name).iter().max_by_key(|e| e.version);
    let Some(edition) = edition else {
        let what = t.s("process-start-version-what");
        return Err(Fault::new("ban", "err-choose").with("what", what).into());
    };
    Ok(Begun {
        name: name.to_owned(),
        xml: edition.xml.to_string(),
        told: version_href(name, edition.version),
        mapped: 0,
    })
}

/// A file of any modeller: read, its dialect made ours. What the engine does not carry out is
/// found by the check of the draft, at its element.
fn from_file(t: T, entries: &Entries) -> Result<Begun, Unread> {
    let mut check = Check::new(entries);
    let what = t.s("process-start-file-what");
    let upload = check.any_files("tep", &what, true).first().map(|file| (*file).clone());
    check.done().map_err(|faults| Unread { faults, problems: Vec::new() })?;
    let Some(upload) = upload else {
        return Err(Fault::new("tep", "err-choose").with("what", what).into());
    };
    if upload.bytes.len() > PROCESS_DRAFT_BYTES_MAX {
        let kb = PROCESS_DRAFT_BYTES_MAX / 1024;
        return Err(Fault::new("tep", "process-start-large").with("kb", kb).into());
    }
    let unread = |problems: Vec<Problem>| Unread {
        faults: Faults::from_iter([Fault::new("tep", "process-start-unread")]),
        problems,
    };
    let document = Document::read(&upload.bytes, &upload.name).map_err(unread)?;
    let (document, remarks) = import::map_vendor(&document).map_err(unread)?;
    let xml = utf8(&document);
    let table = table_of(&xml, &upload.name).map_err(unread)?;
    let Some(process) = table.processes.first() else {
        return Err(Fault::new("tep", "process-start-empty").into());
    };
    if process.id.is_empty() || process.id.len() > process::limits::KEY_BYTES {
        let max = process::limits::KEY_BYTES;
        return Err(Fault::new("tep", "process-start-long-name").with("max", max).into());
    }
    let mapped = remarks.iter().filter(|r| r.outcome == import::Outcome::Mapped).count();
    Ok(Begun { name: process.id.clone(), told: upload.name, mapped, xml })
}

/// The file as text that says of itself that it is UTF-8.
fn utf8(document: &Document) -> String {
    let text = document.text();
    let Some(end) = text.find("?>").filter(|_| text.starts_with("<?xml")) else { return text };
    let (declaration, rest) = text.split_at(end);
    let Some((before, after)) = declaration.split_once("encoding=") else { return text };
    let quote = after.chars().next().unwrap_or('"');
    let tail = after.trim_start_matches(quote).split_once(quote).map_or("", |(_, tail)| tail);
    format!("{before}encoding={quote}UTF-8{quote}{tail}{rest}")
}

fn from_nothing(t: T, catalogue: &Catalogue, entries: &Entries) -> Result<Begun, Unread> {
    let mut check = Check::new(entries);
    let title = check.required("ten", &t.s("process-field-title-what"), PROCESS_TITLE_CHARS_MAX);
    let mut name = check.optional("ma", process::limits::KEY_BYTES);
    check.done().map_err(|faults| Unread { faults, problems: Vec::new() })?;
    if name.is_empty() {
        name = edit::fresh_id("", &title, "process");
    }
    if !catalogue.process_editions(&name).is_empty() {
        return Err(Fault::new("ma", "process-start-taken").with("name", name).into());
    }
    let lanes = LANES.map(|(role, name, unit)| NewLane {
        id: role.to_owned(),
        name: name.to_owned(),
        role: Some(role.to_owned()),
        unit: Some(unit.to_owned()),
    });
    let document = blank(&name, &title, &lanes).map_err(|error| {
        let key = format!("process-edit-{}", error.key().replace('_', "-"));
        Fault::new("ma", key).with("element", &name).with("found", &name)
    })?;
    Ok(Begun { xml: document.text(), told: String::new(), mapped: 0, name })
}
