//! `/nop/{code}/{draft}/kiem-tra`: everything once more on one page, the declaration, and filing.

use super::draft::{self, Opened, RECEIPT_MS, Receipt};
use super::questions::{self, About, Step};
use super::start;
use super::steps::{faulty, first_fault, size_words};
use crate::app::App;
use crate::refusals::refused;
use crate::view;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use kernel::access::Actor;
use kernel::calendar::Channel;
use kernel::case::{Delivery, Source};
use kernel::ids::SubjectId;
use kernel::procedure::Edition;
use kit::pieces::{Sum, SumLine};
use kit::{Check, Entries, Faults, Field, Page, Refused, T, Visit, redirect};
use store::cases::{Application, CaseError, PaperIn, submit as hand_in};
use store::drafts;

#[derive(Template)]
#[template(path = "portal/check.html")]
struct CheckPage {
    page: Page,
    base: String,
    name: String,
    desk: String,
    back: String,
    groups: Vec<Group>,
    sum: Sum,
    declare: Field,
}

struct Group {
    title: String,
    href: String,
    lines: Vec<(String, String)>,
}

fn about_lines(about: &About<'_>, opened: &Opened) -> Vec<Group> {
    let t = about.t;
    let base = format!("/nop/{}/{}", opened.content.code, opened.id);
    let group = |step: Step| Group {
        title: t.s(step.title()),
        href: format!("{base}/{}", step.as_str()),
        lines: match step {
            Step::Papers => paper_lines(about.edition, opened),
            _ => typed_lines(about, step, opened),
        },
    };
    Step::of(about.edition, about.form).into_iter().map(group).collect()
}

fn paper_lines(edition: &Edition, opened: &Opened) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    for paper in &edition.papers {
        let files = opened.content.files.iter().filter(|f| f.paper == paper.no);
        let names: Vec<String> =
            files.map(|f| format!("{}, {}", f.name, size_words(f.bytes))).collect();
        if !names.is_empty() {
            lines.push((paper.name.clone(), names.join("; ")));
        }
    }
    lines
}

fn typed_lines(about: &About<'_>, step: Step, opened: &Opened) -> Vec<(String, String)> {
    let fields = about.fields(step, &opened.content.entries(), &Faults::new());
    let mut lines = Vec::new();
    for field in fields {
        let chosen = field.choices.iter().find(|c| c.on && !c.value.is_empty());
        let value = match chosen {
            Some(choice) => choice.label.clone(),
            None if !field.choices.is_empty() => String::new(),
            None if field.parts.iter().any(|p| !p.is_empty()) => {
                let parts: Vec<&str> =
                    field.parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
                parts.join("/")
            }
            None => field.value.clone(),
        };
        if !value.is_empty() {
            lines.push((field.label.clone(), value));
        }
    }
    lines
}

/// The fee after an exemption, and the time.
fn sum(t: T, edition: &Edition, exemption: &str) -> Sum {
    let exempt = edition.exemptions.iter().find(|e| e.key == exemption);
    let fee = SumLine {
        what: t.s("proc-fee"),
        value: if exempt.is_some() { t.s("money-free") } else { view::fee(t, edition) },
        machine: String::new(),
        reason: match exempt {
            Some(e) => t.a2("apply-exempt-line", "who", &e.who, "ground", &e.ground),
            None => edition.fee_note.clone(),
        },
    };
    let time = SumLine {
        what: t.s("proc-time"),
        value: edition.time_text.clone(),
        machine: String::new(),
        reason: t.s("apply-time-line"),
    };
    Sum { lines: vec![fee, time], small: false }
}

fn page(app: &App, visit: &Visit, about: &About<'_>, opened: &Opened, faults: Faults) -> CheckPage {
    let t = visit.t();
    let base = format!("/nop/{}/{}", opened.content.code, opened.id);
    let desk = opened.content.desk.as_str().into();
    CheckPage {
        name: view::procedure(t, about.edition),
        desk: start::desk_words(&app.catalogue(), t, &desk).0,
        back: format!("{base}/{}", Step::Result.as_str()),
        groups: about_lines(about, opened),
        sum: sum(t, about.edition, &opened.content.text("exemption")),
        declare: Field::checkbox(t, "declare", t.s("check-declare"))
            .fill(&Entries::default(), &faults),
        page: visit.page(t.s("check-title")).at("/thu-tuc").faults(faults),
        base,
    }
}

/// GET: the check.
pub(in super::super) async fn show(
    State(app): State<App>,
    Path((code, id)): Path<(String, String)>,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Refused> {
    let opened = draft::open(&app, &visit, &headers, &code, &id).await?;
    if opened.content.receipt.is_some() {
        return Ok(redirect(format!("/nop/{code}/{id}/bien-nhan")).into_response());
    }
    let edition = draft::edition_of(&app, &opened.content)?;
    let form = app.catalogue().form_of(&edition).cloned();
    let about = About::of(&app, &visit, &edition, form.as_deref());
    if let Some(found) = first_fault(&about, &opened) {
        return faulty(&app, &visit, &opened, &about, found);
    }
    kit::html(&page(&app, &visit, &about, &opened, Faults::new()))
}

/// POST: files the application. The draft becomes the receipt in the same unit of work, so that a
/// repeat finds it and files nothing again.
pub(in super::super) async fn submit(
    State(app): State<App>,
    Path((code, id)): Path<(String, String)>,
    headers: HeaderMap,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let opened = draft::open(&app, &visit, &headers, &code, &id).await?;
    let receipt = format!("/nop/{code}/{}/bien-nhan", opened.id);
    if opened.content.receipt.is_some() {
        return Ok(redirect(receipt).into_response());
    }
    let edition = draft::edition_of(&app, &opened.content)?;
    let form = app.catalogue().form_of(&edition).cloned();
    let t = visit.t();
    let about = About::of(&app, &visit, &edition, form.as_deref());
    if let Some(found) = first_fault(&about, &opened) {
        return faulty(&app, &visit, &opened, &about, found);
    }
    let mut check = Check::new(&entries);
    check.ticked("declare", &t.s("check-declare-what"));
    if let Err(faults) = check.done() {
        return kit::respond::html_faults(&page(&app, &visit, &about, &opened, faults));
    }
    let application = application(&about, &opened)?;
    let lang = visit.lang().code().to_owned();
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        let kept = drafts::get(tx, opened.id, &opened.secret, env.now.0)?;
        let kept = kept.ok_or(CaseError::NotFound)?;
        let content: draft::Content = serde_json::from_slice(&kept.content)
            .map_err(|e| store::StoreError::Corrupt(e.to_string()))?;
        if content.receipt.is_some() {
            return Ok(());
        }
        let done = hand_in(tx, env, &edition, &application)?;
        let mut sent = opened.clone();
        sent.content.fields.clear();
        sent.content.files.clear();
        let pin = done.pin.unwrap_or_default();
        sent.content.receipt = Some(Receipt { case: done.case.id.0, pin });
        draft::write(tx, env, &sent, &lang, RECEIPT_MS)
    };
    app.act(&Actor::visitor(), unit).await.map_err(refused)?;
    Ok(redirect(receipt).into_response())
}

/// The checked application; the pages were checked before, so a fault here is a race of editions.
fn application(about: &About<'_>, opened: &Opened) -> Result<Application, Refused> {
    let content = &opened.content;
    let entries = content.entries();
    let applicant =
        questions::party(&entries, about.today).map_err(|_| Refused::unprocessable())?;
    let answers = about.answers(&entries).map_err(|_| Refused::unprocessable())?;
    let mut papers: Vec<PaperIn> = Vec::new();
    for paper in &about.edition.papers {
        let own = content.files.iter().filter(|f| f.paper == paper.no);
        let files: Vec<_> = own.map(|f| (f.address.clone(), f.file, f.name.clone())).collect();
        if !files.is_empty() {
            papers.push(PaperIn { no: paper.no, count: 0, files });
        }
    }
    let exemption = content.text("exemption");
    Ok(Application {
        channel: Channel::Online,
        source: Source::Portal,
        desk: content.desk.as_str().into(),
        applicant,
        answers,
        papers,
        delivery: questions::delivery(&content.text("delivery")).unwrap_or(Delivery::Counter),
        exemption: (!exemption.is_empty()).then_some(exemption),
        copies: None,
        parent: None,
        subject: Some(SubjectId(content.subject)),
    })
}
