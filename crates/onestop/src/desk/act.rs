//! `/noi-lam-viec/ho-so/{id}/lam/{action}`: one act on one case. GET says what it will do and asks
//! for
//! what it needs; POST does it once, against the state that the page was made from.

use super::act_fields::{self, Ground};
use super::act_told::Told;
use super::once::Sent;
use super::sight::{self, Sight};
use super::{HOME, case_story, pin, shell};
use crate::app::{App, Officer};
use crate::refusals::{form_faults, reason_text, refused};
use crate::{seen, view};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::access;
use kernel::calendar::Date;
use kernel::case::{Action, Command, Offer, OfferedTask, Refusal, offers};
use kernel::catalogue::Catalogue;
use kernel::ids::CaseId;
use kernel::procedure::Edition;
use kit::pieces::Timeline;
use kit::{Entries, Faults, Field, Flash, Page, Refused, T, Visit, redirect};
use std::sync::Arc;
use store::cases::{self, CaseError, Env, HistoryEntry, Stored};
use store::{Tx, pins};
use view::Names;

/// A button that ends a task with an outcome.
struct Outcome {
    value: String,
    label: String,
}

#[derive(Template)]
#[template(path = "desk/act.html")]
struct ActPage {
    page: Page,
    code: String,
    case_href: String,
    procedure: String,
    will: String,
    refusal: String,
    to: String,
    seen: u64,
    back: String,
    fields: Vec<Field>,
    outcomes: Vec<Outcome>,
    go: String,
    danger: bool,
}

#[derive(Template)]
#[template(path = "desk/changed.html")]
struct ChangedPage {
    page: Page,
    code: String,
    case_href: String,
    timeline: Timeline,
}

/// A case with what the pages of its acts need.
struct Loaded {
    stored: Stored,
    sight: Sight,
    edition: Arc<Edition>,
    applicant: String,
    names: Names,
}

/// The action that an address names; a task's token comes beside it.
fn action_of(key: &str, token: &str) -> Result<Action, Refused> {
    let token = || token.parse::<u32>().map_err(|_| Refused::not_found());
    match key {
        "complete" => Ok(Action::Complete(token()?)),
        "send-back" => Ok(Action::SendBack(token()?)),
        other => Action::from_key(other).ok_or_else(Refused::not_found),
    }
}

/// The address of an act.
pub(super) fn href(id: CaseId, action: Action) -> String {
    let base = format!("{HOME}/ho-so/{id}/lam/{}", action.key());
    match action {
        Action::Complete(token) | Action::SendBack(token) => format!("{base}?token={token}"),
        _ => base,
    }
}

/// The words on the button of an act.
pub(super) fn label(t: T, action: Action, task: Option<&OfferedTask>) -> String {
    match (action, task) {
        (Action::Complete(_), Some(task)) => view::task_name(t, &task.name, Some(&task.kind)),
        _ => t.s(&format!("desk-act-{}", action.key())),
    }
}

/// Acts that end or undo something: their button warns.
pub(super) fn is_grave(action: Action) -> bool {
    matches!(
        action,
        Action::Reject | Action::Stop | Action::StopUnanswered | Action::VoidAcceptance
    )
}

/// What may be done now, notes included.
pub(super) fn offered(
    catalogue: &Catalogue,
    officer: &Officer,
    stored: &Stored,
    now: kernel::calendar::Instant,
) -> Vec<Offer> {
    let case = &stored.case;
    let Some(ctx) = catalogue.ctx(case, &officer.actor, now) else { return Vec::new() };
    let mut all = offers(case, &ctx);
    let note = access::allowed(&officer.actor, Action::Note, case, &catalogue.tree, now.date());
    if !case.business.is_terminal() && note.is_ok() {
        all.push(Offer { action: Action::Note, task: None });
    }
    all
}

async fn load(app: &App, officer: &Officer, id: &str) -> Result<Loaded, Refused> {
    let (catalogue, today) = (app.catalogue(), app.today());
    let (officer, id) = (officer.clone(), id.to_owned());
    let read = app.read(move |reader| {
        let (stored, sight) = sight::load(reader, &catalogue, &officer, &id, today)?;
        let case = &stored.case;
        let edition = catalogue.edition(&case.procedure, case.edition).cloned();
        let edition = edition.ok_or_else(|| CaseError::NoEdition(case.procedure.0.clone()))?;
        let applicant = view::applicant(reader, case)?.map(|p| p.name).unwrap_or_default();
        let named = act_fields::named(&catalogue, case, today);
        let names = Names::read(reader, named.iter().map(|a| a.as_str()))?;
        Ok(Loaded { stored, sight, edition, applicant, names })
    });
    read.await.map_err(refused)
}

/// GET: what the act will do, with its fields.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path((id, key)): Path<(String, String)>,
    visit: Visit,
) -> Result<Response, Refused> {
    let action = action_of(&key, visit.query().text("token"))?;
    let loaded = load(&app, &officer, &id).await?;
    seen::one(&app, &officer, "open", loaded.stored.case.id).await?;
    let page = ActPageOf { app: &app, officer: &officer, visit: &visit, loaded: &loaded, action };
    page.answer(visit.query(), Faults::new(), None, false).await
}

/// POST: does it.
pub(super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    Path((id, key)): Path<(String, String)>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let token = if entries.text("token").is_empty() { visit.query() } else { &entries };
    let action = action_of(&key, token.text("token"))?;
    let loaded = load(&app, &officer, &id).await?;
    let page = ActPageOf { app: &app, officer: &officer, visit: &visit, loaded: &loaded, action };
    // "Undo" under a message sends no form of this page: it leads to the page first.
    let Ok(seen) = entries.text("seen").parse::<u64>() else {
        return page.answer(&entries, Faults::new(), None, false).await;
    };
    let told = match Told::read(&entries, &loaded.edition, &loaded.stored.case) {
        Ok(told) => told,
        Err(faults) => return page.answer(&entries, faults, None, true).await,
    };
    let sent = Sent::of(&visit, &entries);
    let secret = visit.session().map(|s| s.csrf_secret).unwrap_or_default();
    let deed = Deed { id: id.clone(), action, seen, told, sent, secret };
    let (catalogue, who) = (app.catalogue(), officer.clone());
    let done = app.act(&officer.actor, move |tx, env| deed.run(tx, env, &catalogue, &who)).await;
    match done {
        Ok(()) => Ok(page.done(&entries)),
        Err(CaseError::Changed { expected, .. }) => page.changed(expected).await,
        Err(CaseError::Refused(Refusal::Fields(faults))) => {
            page.answer(&entries, form_faults(&faults), None, true).await
        }
        Err(CaseError::Refused(refusal)) if is_on_form(&refusal) => {
            page.answer(&entries, Faults::new(), Some(&refusal), true).await
        }
        Err(error) => Err(refused(error)),
    }
}

/// Whether a refusal is about what was told, so that the form can be sent again after a change.
fn is_on_form(refusal: &Refusal) -> bool {
    !matches!(
        refusal,
        Refusal::Denied(_)
            | Refusal::State { .. }
            | Refusal::Exists(_)
            | Refusal::Forwarded
            | Refusal::Clock(_)
    )
}

/// One act with all that its unit of work needs; may run again.
struct Deed {
    id: String,
    action: Action,
    seen: u64,
    told: Told,
    sent: Sent,
    secret: [u8; 32],
}

impl Deed {
    fn run(
        &self,
        tx: &mut Tx<'_>,
        env: &mut Env<'_>,
        catalogue: &Catalogue,
        officer: &Officer,
    ) -> Result<(), CaseError> {
        if self.sent.before(tx, env)?.is_some() {
            return Ok(());
        }
        let today = env.now.date();
        let (stored, _) = sight::load(tx, catalogue, officer, &self.id, today)?;
        let id = stored.case.id;
        stored.unchanged_since(self.seen)?;
        match self.told.command(tx, env, self.action, &stored.case)? {
            Command::Accept { papers, .. } => {
                cases::accept(tx, env, id, Some(self.seen), papers, None)?;
            }
            command => {
                cases::act_on(tx, env, stored, &command)?;
            }
        }
        if self.action == Action::RenewPin {
            let fresh = pins::issue(tx, env.rng, id.0, env.now.0)?;
            pin::keep(tx, env, id, &self.secret, &fresh)?;
        }
        self.sent.keep(tx, env, "done")
    }
}

/// The pages around one act.
struct ActPageOf<'a> {
    app: &'a App,
    officer: &'a Officer,
    visit: &'a Visit,
    loaded: &'a Loaded,
    action: Action,
}

impl ActPageOf<'_> {
    fn case_href(&self) -> String {
        let case = &self.loaded.stored.case;
        match self.loaded.sight {
            Sight::Whole => format!("{HOME}/ho-so/{}", case.id),
            Sight::Carried => format!("{HOME}?nhom=by-post&cua=don-vi"),
        }
    }

    fn task(&self) -> Result<Option<OfferedTask>, Refused> {
        let (catalogue, now) = (self.app.catalogue(), self.app.now());
        let all = offered(&catalogue, self.officer, &self.loaded.stored, now);
        let found = all.into_iter().find(|o| o.action == self.action);
        // The state moved on, or it was never theirs: the case page shows what may be done now.
        found.map(|o| o.task).ok_or_else(|| Refused::state().because("desk-not-offered"))
    }

    async fn answer(
        &self,
        entries: &Entries,
        faults: Faults,
        refusal: Option<&Refusal>,
        sent: bool,
    ) -> Result<Response, Refused> {
        let task = self.task()?;
        let around = shell::around(self.app, self.officer).await?;
        let wrong = refusal.is_some() || !faults.is_empty();
        let page = self.page_of(entries, faults, refusal, sent, task.as_ref(), &around);
        if wrong { kit::respond::html_faults(&page) } else { kit::html(&page) }
    }

    fn page_of(
        &self,
        entries: &Entries,
        faults: Faults,
        refusal: Option<&Refusal>,
        sent: bool,
        task: Option<&OfferedTask>,
        around: &shell::Around,
    ) -> ActPage {
        let t = self.visit.t();
        let case = &self.loaded.stored.case;
        let catalogue = self.app.catalogue();
        let kind = task.map(|task| task.kind.as_str()).unwrap_or_default();
        let today: Date = self.app.today();
        let ground = Ground {
            t,
            catalogue: &catalogue,
            edition: &self.loaded.edition,
            case,
            today,
            names: &self.loaded.names,
            kind,
            entries,
            faults: &faults,
            sent,
        };
        let fields = act_fields::fields(&ground, self.action, &self.loaded.applicant);
        let title = label(t, self.action, task);
        let back = entries.text("tiep");
        let at = shell::page(self.app, self.visit, self.officer, around, (title.clone(), ""));
        ActPage {
            page: at.faults(faults).key("F9", "desk-keys-do"),
            code: case.name().to_owned(),
            case_href: self.case_href(),
            procedure: view::procedure(t, &self.loaded.edition),
            will: will(t, self.action, kind),
            refusal: refusal.map(|r| reason_text(t, r)).unwrap_or_default(),
            to: href(case.id, self.action),
            // The place that this page shows: after faults still the one the person saw first.
            seen: if sent { entries.text("seen").parse().unwrap_or(case.seq) } else { case.seq },
            back: if back == "duyet" { back.to_owned() } else { String::new() },
            fields,
            outcomes: task
                .filter(|_| is_task(self.action))
                .map(|k| outcomes(t, k))
                .unwrap_or_default(),
            go: title,
            danger: is_grave(self.action),
        }
    }

    /// 303 to where the officer goes on, with what was done and how to undo it.
    fn done(&self, entries: &Entries) -> Response {
        let case = &self.loaded.stored.case;
        let mut flash = Flash::new(format!("desk-done-{}", self.action.key()));
        if self.action == Action::Accept {
            flash = flash.undo(href(case.id, Action::VoidAcceptance));
        }
        let to = match (self.action, entries.text("tiep")) {
            (Action::RenewPin, _) => format!("{HOME}/ho-so/{}/ma-bi-mat", case.id),
            (_, "duyet") => format!("{HOME}/duyet"),
            _ => self.case_href(),
        };
        redirect(to).flash(flash).into_response()
    }

    /// 409: what changed since, who did it, when.
    async fn changed(&self, expected: u64) -> Result<Response, Refused> {
        let t = self.visit.t();
        let case = &self.loaded.stored.case;
        let id = case.id;
        let read = self.app.read(move |reader| {
            let all = cases::history(reader, id.0)?;
            let since: Vec<HistoryEntry> = all.into_iter().filter(|e| e.seq > expected).collect();
            let texts = case_story::Texts::read(reader, &since)?;
            Ok((since, texts))
        });
        let (since, texts) = read.await.map_err(refused)?;
        let catalogue = self.app.catalogue();
        let teller = case_story::Teller {
            t,
            catalogue: &catalogue,
            case,
            texts: &texts,
            now: self.visit.now(),
        };
        let around = shell::around(self.app, self.officer).await?;
        let title = t.s("desk-changed-title");
        let steps = match self.loaded.sight {
            Sight::Whole => since.iter().map(|e| teller.step(e)).collect(),
            Sight::Carried => Vec::new(),
        };
        let page = ChangedPage {
            page: shell::page(self.app, self.visit, self.officer, &around, (title, "")),
            code: case.name().to_owned(),
            case_href: self.case_href(),
            timeline: Timeline { t, steps },
        };
        kit::respond::html_status(StatusCode::CONFLICT, &page)
    }
}

fn is_task(action: Action) -> bool {
    matches!(action, Action::Complete(_))
}

/// What an act will do, in a sentence.
fn will(t: T, action: Action, kind: &str) -> String {
    let by_kind = format!("desk-will-task-{}", kind.replace('_', "-"));
    match action {
        Action::Complete(_) if t.has(&by_kind) => t.s(&by_kind),
        _ => t.s(&format!("desk-will-{}", action.key())),
    }
}

fn outcomes(t: T, task: &OfferedTask) -> Vec<Outcome> {
    let outcome = |value: &String| Outcome { value: value.clone(), label: outcome_word(t, value) };
    task.outcomes.iter().map(outcome).collect()
}

/// The word of an outcome; one that has none is shown as the process writes it.
pub(super) fn outcome_word(t: T, outcome: &str) -> String {
    let key = format!("desk-outcome-{}", outcome.replace('_', "-"));
    if t.has(&key) { t.s(&key) } else { outcome.to_owned() }
}
