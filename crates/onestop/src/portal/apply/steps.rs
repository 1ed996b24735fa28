//! `/nop/{code}/{draft}/{step}`: the pages of questions; what was typed is kept, right or wrong.

use super::draft::{self, Opened};
use super::questions::{About, Step};
use super::{files, start};
use crate::app::App;
use crate::refusals::refused;
use crate::view;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use kernel::access::Actor;
use kernel::procedure::{Edition, FormSchema};
use kit::{Entries, Faults, Field, Flash, Page, Refused, Visit, redirect};
use std::sync::Arc;

#[derive(Template)]
#[template(path = "portal/step.html")]
struct StepPage {
    page: Page,
    base: String,
    step: &'static str,
    name: String,
    desk: String,
    back: String,
    number: usize,
    total: usize,
    blocks: Vec<Block>,
    has_files: bool,
}

/// A field with the files that were added before.
struct Block {
    field: Field,
    files: Vec<FileRow>,
}

struct FileRow {
    address: String,
    name: String,
    size: String,
}

/// "84 kB", "1,2 MB".
pub(crate) fn size_words(bytes: u64) -> String {
    const MB: u64 = 1024 * 1024;
    if bytes >= MB {
        format!("{},{} MB", bytes / MB, bytes % MB * 10 / MB)
    } else {
        format!("{} kB", bytes.div_ceil(1024))
    }
}

fn form_of(app: &App, edition: &Edition) -> Option<Arc<FormSchema>> {
    app.catalogue().form_of(edition).cloned()
}

fn page(
    app: &App,
    visit: &Visit,
    opened: &Opened,
    step: Step,
    about: &About<'_>,
    faults: Faults,
) -> StepPage {
    let t = visit.t();
    let content = &opened.content;
    let base = format!("/nop/{}/{}", content.code, opened.id);
    let steps = Step::of(about.edition, about.form);
    let number = steps.iter().position(|s| *s == step).unwrap_or_default();
    let before = number.checked_sub(1).and_then(|n| steps.get(n));
    let mut fields = about.fields(step, &content.entries(), &faults);
    if step == Step::Applicant && content.text("applicant_kind").is_empty() {
        fields[0] = fields[0].clone().value("person");
    }
    let block = |field: Field| {
        let own = content.files.iter().filter(|f| files::field_of(f.paper) == field.name);
        let rows = own.map(|f| FileRow {
            address: f.address.clone(),
            name: f.name.clone(),
            size: size_words(f.bytes),
        });
        Block { files: rows.collect(), field }
    };
    StepPage {
        page: visit.page(t.s(step.title())).at("/thu-tuc").faults(faults),
        back: before
            .map_or_else(|| format!("/nop/{}", content.code), |s| format!("{base}/{}", s.as_str())),
        step: step.as_str(),
        name: view::procedure(t, about.edition),
        desk: start::desk_words(&app.catalogue(), t, &content.desk.as_str().into()).0,
        number: number + 1,
        total: steps.len() + 1,
        blocks: fields.into_iter().map(block).collect(),
        has_files: step == Step::Papers,
        base,
    }
}

type At = Path<(String, String)>;

/// Where a draft goes on: its receipt once it was sent, else the first page that is not done.
pub(in super::super) async fn resume(
    State(app): State<App>,
    Path((code, id)): At,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Refused> {
    let opened = draft::open(&app, &visit, &headers, &code, &id).await?;
    let base = format!("/nop/{code}/{}", opened.id);
    if opened.content.receipt.is_some() {
        return Ok(redirect(format!("{base}/bien-nhan")).into_response());
    }
    let edition = draft::edition_of(&app, &opened.content)?;
    let form = form_of(&app, &edition);
    let about = About::of(&app, &visit, &edition, form.as_deref());
    let open = first_fault(&about, &opened).map(|(step, _)| step.as_str());
    Ok(redirect(format!("{base}/{}", open.unwrap_or("kiem-tra"))).into_response())
}

/// The first page with something wrong.
pub(super) fn first_fault(about: &About<'_>, opened: &Opened) -> Option<(Step, Faults)> {
    Step::of(about.edition, about.form).into_iter().find_map(|step| {
        let faults = about.faults(step, &opened.content);
        (!faults.is_empty()).then_some((step, faults))
    })
}

/// The page of a step with its faults, status 422.
pub(super) fn faulty(
    app: &App,
    visit: &Visit,
    opened: &Opened,
    about: &About<'_>,
    (step, faults): (Step, Faults),
) -> Result<Response, Refused> {
    kit::respond::html_faults(&page(app, visit, opened, step, about, faults))
}

/// GET: a page of questions.
pub(in super::super) async fn show(
    State(app): State<App>,
    Path((code, id, step)): Path<(String, String, String)>,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Refused> {
    let step = Step::from_key(&step).ok_or_else(Refused::not_found)?;
    let opened = draft::open(&app, &visit, &headers, &code, &id).await?;
    if opened.content.receipt.is_some() {
        return Ok(redirect(format!("/nop/{code}/{id}/bien-nhan")).into_response());
    }
    let edition = draft::edition_of(&app, &opened.content)?;
    let form = form_of(&app, &edition);
    let about = About::of(&app, &visit, &edition, form.as_deref());
    kit::html(&page(&app, &visit, &opened, step, &about, Faults::new()))
}

/// POST: keeps what was typed and goes on, or shows what is wrong with it.
pub(in super::super) async fn save(
    State(app): State<App>,
    Path((code, id, step)): Path<(String, String, String)>,
    headers: HeaderMap,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let step = Step::from_key(&step).ok_or_else(Refused::not_found)?;
    let mut opened = draft::open(&app, &visit, &headers, &code, &id).await?;
    let base = format!("/nop/{code}/{}", opened.id);
    if opened.content.receipt.is_some() {
        return Ok(redirect(format!("{base}/bien-nhan")).into_response());
    }
    let edition = draft::edition_of(&app, &opened.content)?;
    let form = form_of(&app, &edition);
    let about = About::of(&app, &visit, &edition, form.as_deref());
    let mut faults = Faults::new();
    if step == Step::Papers {
        faults = take_files(&app, &visit, &mut opened, &edition, &entries).await?;
    } else {
        opened.content.take(&entries, &about.names(step));
    }
    draft::save(&app, &visit, &opened).await?;
    if entries.get("save").is_some() && faults.is_empty() {
        let flash = Flash::new("apply-saved").link(base, visit.t().s("apply-saved-link"));
        return Ok(redirect(format!("/thu-tuc/{code}")).flash(flash).into_response());
    }
    let stay = entries.get("remove").is_some() || entries.get("more").is_some();
    if stay && faults.is_empty() {
        return Ok(redirect(format!("{base}/{}", step.as_str())).into_response());
    }
    faults.extend(about.faults(step, &opened.content).iter().cloned());
    if !faults.is_empty() {
        return faulty(&app, &visit, &opened, &about, (step, faults));
    }
    let steps = Step::of(&edition, form.as_deref());
    let next = steps.iter().skip_while(|s| **s != step).nth(1).map(|s| s.as_str());
    Ok(redirect(format!("{base}/{}", next.unwrap_or("kiem-tra"))).into_response())
}

/// Removes the file whose button was pressed and adds what was sent; faults of single files do not
/// take the others away.
async fn take_files(
    app: &App,
    visit: &Visit,
    opened: &mut Opened,
    edition: &Edition,
    entries: &Entries,
) -> Result<Faults, Refused> {
    let mut faults = entries.faults().clone();
    if let Some(address) = entries.get("remove") {
        opened.content.files.retain(|f| f.address != address);
    }
    let kept = opened.content.files.len();
    let checked = files::look(app, edition, entries.all_files(), kept, &mut faults);
    if faults.iter().any(|f| f.key == "err-files-many") {
        return Ok(faults);
    }
    let staged = files::stage(app, visit, opened.content.subject, checked).await?;
    opened.content.files.extend(staged);
    Ok(faults)
}

/// POST: throws the draft away.
pub(in super::super) async fn discard(
    State(app): State<App>,
    Path((code, id)): At,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Refused> {
    let opened = draft::open(&app, &visit, &headers, &code, &id).await?;
    let (draft_id, secret) = (opened.id, opened.secret.clone());
    // A sent draft holds only the receipt; its person belongs to the case then.
    let subject = opened.content.receipt.is_none().then_some(opened.content.subject);
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        store::drafts::remove(tx, draft_id, &secret)?;
        if let Some(subject) = subject {
            store::secrets::erase(tx, subject, env.now.0)?;
        }
        Ok(())
    };
    app.act(&Actor::visitor(), unit).await.map_err(refused)?;
    let flash = Flash::new("apply-discarded");
    let mut answer = redirect(format!("/thu-tuc/{code}")).flash(flash).into_response();
    draft::forget_cookie(&visit, answer.headers_mut(), draft_id);
    Ok(answer)
}
