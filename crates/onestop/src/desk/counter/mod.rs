//! `/noi-lam-viec/quay`: reception at the counter on one page: procedure, person, papers, date and
//! fee; F9 receives. Without script the same buttons send the same form. What was begun is kept,
//! and one person may have several procedures in one go.

mod card;
pub(in crate::desk) mod done;
mod draft;
mod form;
pub(in crate::desk) mod lane;
mod page;
mod place;
mod take;
#[cfg(test)]
mod tests;

pub(in crate::desk) use place::place;

use super::once::Sent;
use super::{HOME, act, shell, sight};
use crate::app::{App, Officer};
use crate::refusals::{form_faults, refused};
use crate::{seen, view};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use done::CHAIN;
use draft::{Kept, Slot};
use kernel::calendar::Instant;
use kernel::case::{Action, Refusal};
use kernel::catalogue::Catalogue;
use kernel::ids::{ProcedureCode, UnitId};
use kernel::procedure::Edition;
use kit::{Entries, Faults, Field, Flash, Page, Refused, T, Visit, redirect};
use page::{Form, Shown};
use place::{Choice, desk_choices, desk_of};
use std::sync::Arc;
use store::cases::CaseError;
use take::{Intake, Reach, take};

/// Procedures offered for what was typed.
const SUGGESTED: usize = 8;
/// Others that are named beside the best.
const OTHERS: usize = 4;
/// Longest words of the search for a procedure, in characters.
const WORDS_CHARS_MAX: usize = 100;
/// What a form says that only wants to be kept.
const KEEP: &str = "luu";
/// The field that names a case of the same person.
const SAME: &str = "tu";

/// A reception that was begun.
struct Begun {
    no: u8,
    href: String,
    procedure: String,
    name: String,
    files: u64,
    when: String,
}

#[derive(Template)]
#[template(path = "desk/choose.html")]
struct ChoosePage {
    page: Page,
    words: Field,
    typed: bool,
    /// Whether the choices are desks, not procedures.
    asks_desk: bool,
    noi: String,
    /// A case of the same person, and those of this go.
    same: String,
    chain: String,
    choices: Vec<Choice>,
    begun: Vec<Begun>,
}

#[derive(Template)]
#[template(path = "desk/suggest.html")]
struct Suggestions {
    choices: Vec<Choice>,
}

/// The procedures that a desk receives today, best first.
pub(super) fn search(
    catalogue: &Catalogue,
    t: T,
    desk: &UnitId,
    words: &str,
    now: Instant,
) -> Vec<Choice> {
    let choice = |e: Arc<Edition>| choice(t, desk, &e, "");
    fitting(catalogue, desk, words, now).into_iter().map(choice).collect()
}

fn fitting(catalogue: &Catalogue, desk: &UnitId, words: &str, now: Instant) -> Vec<Arc<Edition>> {
    let today = now.date();
    let found = catalogue.search(words, today).into_iter();
    let here = found.filter(|e| e.decides(desk, &catalogue.tree, today).is_ok());
    here.take(SUGGESTED).cloned().collect()
}

fn choice(t: T, desk: &UnitId, edition: &Edition, rest: &str) -> Choice {
    Choice {
        href: format!("{HOME}/quay?tt={}&noi={desk}{rest}", edition.code),
        code: edition.code.to_string(),
        name: view::procedure(t, edition),
    }
}

fn words(visit: &Visit) -> String {
    visit.query().text("q").chars().take(WORDS_CHARS_MAX).collect()
}

/// What an address says of the person and the go, to be carried on.
fn carried(visit: &Visit) -> String {
    let part = |name: &str| {
        let ids = done::chained(visit.query().text(name), "");
        if ids.is_empty() { ids } else { format!("&{name}={ids}") }
    };
    format!("{}{}", part(SAME), part(CHAIN))
}

/// GET `/quay/goi-y?q=`: procedures while typing, as a piece of the page.
pub(super) async fn suggest(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let (desk, _) = desk_of(&app, &officer, visit.query().text("noi"))?;
    let desk = desk.ok_or_else(Refused::not_found)?;
    let (catalogue, rest) = (app.catalogue(), carried(&visit));
    let found = fitting(&catalogue, &desk, &words(&visit), app.now());
    let choices = found.iter().map(|e| choice(visit.t(), &desk, e, &rest)).collect();
    kit::html(&Suggestions { choices })
}

/// GET: choose a procedure, then receive. Words that find one lead to its form at once; others that
/// fit stand beside it.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let (named, _) = desk_of(&app, &officer, visit.query().text("noi"))?;
    let Some(desk) = named else { return choose(&app, &officer, &visit, None).await };
    let (code, catalogue) = (visit.query().text("tt"), app.catalogue());
    let typed = words(&visit);
    let mut shown = Shown::default();
    let edition = if code.is_empty() && !typed.trim().is_empty() {
        let mut found = fitting(&catalogue, &desk, &typed, app.now()).into_iter();
        let best = found.next();
        let (t, rest) = (visit.t(), carried(&visit));
        shown.others = found.take(OTHERS).map(|e| choice(t, &desk, &e, &rest)).collect();
        shown.words = typed;
        best
    } else {
        catalogue.in_force(&ProcedureCode::from(code), app.today()).cloned()
    };
    let Some(edition) = edition else {
        return choose(&app, &officer, &visit, Some(desk)).await;
    };
    let slot = slot_of(&app, &officer, visit.query().text("nhap"), &edition).await?;
    let form =
        Form { app: &app, officer: &officer, visit: &visit, edition: &edition, desk: desk.clone() };
    if let Some(slot) = slot {
        let t = visit.t();
        shown.note =
            t.a1("counter-kept-at", "when", t.moment(view::when(slot.at), view::when(app.now())));
        shown.slot = Some(slot.no);
        return form.answer(&slot.kept.entries(), &slot.kept, shown).await;
    }
    let mut entries = visit.query().clone();
    let same = visit.query().text(SAME).to_owned();
    if !same.is_empty() {
        let stored = sight::handed_in(&app, &officer, &visit, &same).await?;
        seen::one(&app, &officer, "open", stored.case.id).await?;
        let case = stored.case.clone();
        let read = app.read(move |reader| Ok(view::applicant(reader, &case)?));
        if let Some(party) = read.await.map_err(refused)? {
            entries = page::filled(&entries, &party);
            shown.known = visit.t().a1("counter-same-person", "code", stored.case.name());
        }
    }
    let kept = Kept::new(&edition, desk.as_str());
    form.answer(&entries, &kept, shown).await
}

/// The slot that a number names, if it holds this procedure.
async fn slot_of(
    app: &App,
    officer: &Officer,
    no: &str,
    edition: &Edition,
) -> Result<Option<Slot>, Refused> {
    let Some(no) = no.parse().ok().filter(|no| *no < draft::SLOTS) else { return Ok(None) };
    let slot = draft::one(app, officer, no).await?;
    Ok(slot.filter(|slot| slot.kept.code == edition.code.0))
}

/// The page where a procedure, or first a desk, is chosen; what was begun stands there.
async fn choose(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    desk: Option<UnitId>,
) -> Result<Response, Refused> {
    let around = shell::around(app, officer).await?;
    let (t, words, catalogue) = (visit.t(), words(visit), app.catalogue());
    let title = (t.s("desk-nav-counter"), "/noi-lam-viec/quay");
    let noi = desk.as_ref().map(ToString::to_string).unwrap_or_default();
    let rest = carried(visit);
    let field = Field::text(t, "q", t.s("desk-counter-words"))
        .hint(t.s("desk-counter-words-hint"))
        .suggest(format!("{HOME}/quay/goi-y?noi={noi}{rest}"))
        .focus();
    let choices = match &desk {
        Some(desk) => {
            let found = fitting(&catalogue, desk, &words, app.now());
            found.iter().map(|e| choice(t, desk, e, &rest)).collect()
        }
        None => desk_choices(app, officer, t),
    };
    let begun = draft::all(app, officer).await?;
    kit::html(&ChoosePage {
        page: shell::page(app, visit, officer, &around, title),
        choices,
        asks_desk: desk.is_none(),
        noi,
        same: visit.query().text(SAME).to_owned(),
        chain: visit.query().text(CHAIN).to_owned(),
        typed: !words.is_empty(),
        words: field.value(words),
        begun: begun.iter().map(|slot| begun_line(app, t, &catalogue, slot)).collect(),
    })
}

fn begun_line(app: &App, t: T, catalogue: &Catalogue, slot: &Slot) -> Begun {
    let code = ProcedureCode::from(slot.kept.code.as_str());
    let edition = catalogue.in_force(&code, app.today());
    Begun {
        no: slot.no,
        href: format!("{HOME}/quay?tt={code}&noi={}&nhap={}", slot.kept.desk, slot.no),
        procedure: edition.map_or_else(|| slot.kept.code.clone(), |e| view::procedure(t, e)),
        name: slot.kept.text("name").to_owned(),
        files: slot.kept.files.len() as u64,
        when: t.moment(view::when(slot.at), view::when(app.now())),
    }
}

/// POST: look a person up, tick all papers, keep for later, take a file out, hand in, or receive.
pub(super) async fn receive(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let act = entries.text("lam").to_owned();
    if let Some(no) = act.strip_prefix("xoa-").and_then(|no| no.parse().ok()) {
        draft::drop_one(&app, &officer, no).await?;
        let flash = Flash::new("counter-dropped");
        return Ok(redirect(format!("{HOME}/quay")).flash(flash).into_response());
    }
    let (desk, post) = desk_of(&app, &officer, entries.text("noi"))?;
    let desk = desk.ok_or_else(Refused::not_found)?;
    let code = ProcedureCode::from(entries.text("tt"));
    let catalogue = app.catalogue();
    let edition = catalogue.in_force(&code, app.today()).ok_or_else(Refused::not_found)?;
    let form = Form { app: &app, officer: &officer, visit: &visit, edition, desk: desk.clone() };
    let reach = match act.as_str() {
        "" | "nhan" if post => Some(Reach::Post),
        "giu" => Some(Reach::HandIn),
        "" | "nhan" => Some(Reach::Accept),
        _ => None,
    };
    let sent = Sent::of(&visit, &entries);
    if reach.is_some()
        && let Some(id) = take::first(&app, &officer, &sent).await.map_err(refused)?
    {
        return Ok(redirect(format!("{HOME}/quay/xong/{id}")).into_response());
    }
    // What was still on its way when the case was taken in must not be begun again.
    if act == KEEP && take::is_used(&app, &officer, &sent).await.map_err(refused)? {
        return Err(Refused::conflict());
    }
    let slot = slot_of(&app, &officer, entries.text("nhap"), edition).await?;
    let number = slot.as_ref().map(|slot| slot.no);
    let mut kept = slot.map_or_else(|| Kept::new(edition, desk.as_str()), |slot| slot.kept);
    let mut faults = Faults::new();
    draft::take_files(&app, &officer, &entries, edition, &mut kept, &mut faults).await?;
    let Some(reach) = reach else {
        return keep(&form, &entries, (number, kept), faults, &act).await;
    };
    let reception = match form::read(&entries, edition, app.today()) {
        Ok(reception) if faults.is_empty() => reception,
        read => {
            for fault in read.err().iter().flat_map(Faults::iter) {
                faults.add(fault.clone());
            }
            return keep(&form, &entries, (number, kept), faults, "").await;
        }
    };
    let intake = Intake {
        desk,
        edition: Arc::clone(edition),
        reception,
        reach,
        sent,
        secret: visit.session().map(|s| s.csrf_secret).unwrap_or_default(),
        subject: kept.subject,
        files: kept.files.clone(),
        slot: number,
    };
    let chain = entries.text(CHAIN).to_owned();
    match take(&app, &officer, intake).await {
        Ok(id) => Ok(taken(id, reach, &chain)),
        Err(CaseError::Refused(refusal)) => {
            let (faults, refusal) = told(edition, refusal);
            let (slot, note) = put(&form, &entries, (number, &mut kept)).await?;
            let refusal = refusal.as_ref();
            let shown = Shown { faults, refusal, slot, note, ..Shown::default() };
            form.answer(&entries, &kept, shown).await
        }
        Err(error) => Err(refused(error)),
    }
}

/// A refusal as faults of fields, or as it is.
fn told(edition: &Edition, refusal: Refusal) -> (Faults, Option<Refusal>) {
    match refusal {
        Refusal::Fields(faults) => (form_faults(&faults), None),
        Refusal::PaperMissing(no) => {
            let name = edition.paper(no).map(|p| p.name.clone()).unwrap_or_default();
            let fault = kit::Fault::new(format!("paper_{no}"), "err-paper-missing");
            ([fault.with("name", name)].into_iter().collect(), None)
        }
        other => (Faults::new(), Some(other)),
    }
}

/// Where an officer goes after a case was taken in.
fn taken(id: kernel::ids::CaseId, reach: Reach, chain: &str) -> Response {
    if reach == Reach::HandIn {
        let to = act::href(id, Action::AskPreSupplement);
        return redirect(to).flash(Flash::new("desk-counter-handed-in")).into_response();
    }
    let mut flash = Flash::new("desk-counter-received");
    if reach == Reach::Accept {
        flash = flash.undo(act::href(id, Action::VoidAcceptance));
    }
    let chain = done::chained(chain, "");
    let more = if chain.is_empty() { String::new() } else { format!("?{CHAIN}={chain}") };
    redirect(format!("{HOME}/quay/xong/{id}{more}")).flash(flash).into_response()
}

/// Keeps what the form holds in its slot; says that it did, or why not.
async fn put(
    form: &Form<'_>,
    entries: &Entries,
    (slot, kept): (Option<u8>, &mut Kept),
) -> Result<(Option<u8>, String), Refused> {
    kept.take(entries);
    let t = form.visit.t();
    let slot = draft::save(form.app, form.officer, form.visit, slot, kept).await?;
    let note = match slot {
        Some(_) => t.a1("counter-kept-at", "when", t.clock(view::when(form.app.now()))),
        None => t.a1("counter-slots-full", "n", u64::from(draft::SLOTS)),
    };
    Ok((slot, note))
}

/// The form again, with what was asked done to it and kept.
async fn keep(
    form: &Form<'_>,
    entries: &Entries,
    (slot, mut kept): (Option<u8>, Kept),
    faults: Faults,
    act: &str,
) -> Result<Response, Refused> {
    let mut now = entries.clone();
    let mut known = String::new();
    match act {
        "tim" => (now, known) = form.look_up(entries).await?,
        "du" => now = all_ticked(entries, form.edition),
        other => {
            let file = other.strip_prefix("bo-").unwrap_or_default();
            kept.files.retain(|kept| kept.file.to_string() != file);
        }
    }
    let (slot, note) = put(form, &now, (slot, &mut kept)).await?;
    let shown = Shown { faults, slot, note, known, ..Shown::default() };
    form.answer(&now, &kept, shown).await
}

/// The same form with every required paper ticked; what is optional was handed in only if somebody
/// ticked it.
fn all_ticked(entries: &Entries, edition: &Edition) -> Entries {
    let needed = edition.papers.iter().filter(|p| p.required).map(|p| p.no.to_string());
    let missing = needed.filter(|no| !entries.has("papers", no));
    let ticked = missing.map(|no| ("papers".to_owned(), no));
    let all = entries.pairs().map(|(n, v)| (n.to_owned(), v.to_owned()));
    Entries::from_pairs(all.chain(ticked))
}
