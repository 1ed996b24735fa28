//! `/noi-lam-viec/ho-so/{id}/lam/{action}`: one act on one case. GET says what it will do and asks
//! for
//! what it needs; POST does it once, against the state that the page was made from.

use super::act_fields::{self, Ground};
use super::deed::{self, Loaded, NotDone, action_of, is_on_form, load};
use super::sight::Sight;
use super::{HOME, case_story, incidents, opened, shell};
use crate::app::{App, Officer};
use crate::refusals::{reason_text, refused};
use crate::{seen, view};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::calendar::SupplementRule;
use kernel::case::{Action, OfferedTask, Refusal};
use kernel::ids::CaseId;
use kernel::procedure::Edition;
use kit::pieces::Timeline;
use kit::{Entries, Faults, Field, Flash, Page, Refused, T, Visit, redirect};
use store::cases::{self, CaseError, HistoryEntry};

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

/// The address of an act.
pub(super) fn href(id: CaseId, action: Action) -> String {
    let base = format!("{HOME}/ho-so/{id}/lam/{}", action.key());
    match action.number() {
        Some(number) => format!("{base}?token={number}"),
        None => base,
    }
}

/// The words on the button of an act.
pub(super) fn label(t: T, action: Action, task: Option<&OfferedTask>) -> String {
    match (action, task) {
        (Action::Complete(_), Some(task)) => view::task_name(t, &task.name, Some(&task.kind)),
        // Which step, where the act does not stand beside it.
        (_, Some(task)) if names_its_step(action) && !task.id.is_empty() => {
            let step = view::task_name(t, &task.name, Some(&task.kind));
            t.a1(&format!("desk-act-{}-of", action.key()), "step", step)
        }
        _ => t.s(&format!("desk-act-{}", action.key())),
    }
}

/// Acts that may stand beside each other for several steps.
fn names_its_step(action: Action) -> bool {
    matches!(
        action,
        Action::TakeBack(_)
            | Action::Jump(_)
            | Action::Skip(_)
            | Action::Delegate(_)
            | Action::Choose(_)
            | Action::Happen(1..)
    )
}

/// Acts that end or undo something: their button warns.
pub(super) fn is_grave(action: Action) -> bool {
    matches!(
        action,
        Action::Reject | Action::Stop | Action::StopUnanswered | Action::VoidAcceptance
    )
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
    opened::note(&app, &officer, &loaded.stored).await?;
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
    let done = deed::perform(&app, &officer, &visit, &loaded, (action, seen), &entries).await;
    match done {
        Ok(()) => Ok(page.done(&entries)),
        Err(NotDone::Faults(faults)) => page.answer(&entries, faults, None, true).await,
        Err(NotDone::Case(CaseError::Changed { expected, .. })) => page.changed(expected).await,
        Err(NotDone::Case(CaseError::Refused(refusal))) if is_on_form(&refusal) => {
            page.answer(&entries, Faults::new(), Some(&refusal), true).await
        }
        Err(NotDone::Case(error)) => Err(refused(error)),
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
            Sight::Standing => incidents::PAGE.to_owned(),
        }
    }

    fn task(&self) -> Result<Option<OfferedTask>, Refused> {
        deed::offer_of(self.app, self.officer, self.loaded, self.action).map(|offer| offer.task)
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
        let ground = deed::ground(t, self.app, &catalogue, self.officer, self.loaded, task);
        let ground = Ground { entries, faults: &faults, sent, ..ground };
        let fields = act_fields::fields(&ground, self.action, &self.loaded.applicant);
        let title = label(t, self.action, task);
        let back = entries.text("tiep");
        let at = shell::page(self.app, self.visit, self.officer, around, (title.clone(), ""));
        ActPage {
            page: at.faults(faults).key("F9", "desk-keys-do"),
            code: case.name().to_owned(),
            case_href: self.case_href(),
            procedure: view::procedure(t, &self.loaded.edition),
            will: will(t, self.action, task, &self.loaded.edition),
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
            let since = all.into_iter().filter(|e| e.seq > expected && case_story::is_told(e));
            let since: Vec<HistoryEntry> = since.collect();
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
            used: &[],
        };
        let around = shell::around(self.app, self.officer).await?;
        let title = t.s("desk-changed-title");
        let steps = match self.loaded.sight {
            Sight::Whole => since.iter().map(|e| teller.step(e)).collect(),
            Sight::Carried | Sight::Standing => Vec::new(),
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

/// What an act will do, in a sentence or two.
pub(super) fn will(t: T, action: Action, task: Option<&OfferedTask>, edition: &Edition) -> String {
    let kind = task.map(|task| task.kind.as_str()).unwrap_or_default();
    let by_kind = format!("desk-will-task-{}", kind.replace('_', "-"));
    match (action, task) {
        (Action::Complete(_), _) if t.has(&by_kind) => t.s(&by_kind),
        // The law of the edition says what becomes of the date.
        (Action::AskSupplement | Action::AcceptSupplement, _) => {
            let rule = match edition.supplement_rule {
                SupplementRule::Reset => "reset",
                SupplementRule::Pause => "pause",
            };
            t.s(&format!("desk-will-{}-{rule}", action.key()))
        }
        (Action::Happen(0), _) => t.s("desk-will-happen-whole"),
        (Action::Complete(_), _) | (_, None) => t.s(&format!("desk-will-{}", action.key())),
        (_, Some(task)) => {
            let step = view::task_name(t, &task.name, Some(&task.kind));
            t.a1(&format!("desk-will-{}", action.key()), "step", step)
        }
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
