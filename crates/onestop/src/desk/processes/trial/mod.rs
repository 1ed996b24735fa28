//! `/noi-lam-viec/quy-trinh/nhap/{draft}/thu`: a draft tried before it counts: real cases carried
//! out again in it, invented ones let through it. A trial runs in the background, one of a draft at
//! a time; the page tells how far it is and asks again by itself, without a script.

mod form;
mod number;
mod read;
mod replay;
pub(super) mod scenario;
mod seen_cases;
mod simulate;
#[cfg(test)]
mod tests;
mod told;

use super::draft::{self, Loaded};
use super::findings::{self, Checked};
use super::{draft_href, draft_id, may, whatif};
use crate::app::{App, Officer};
use crate::trials::{Kind, NotBegun, Run, Ticket};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::access::{Actor, ProcessAction};
use kernel::calendar::Limit;
use kernel::procedure::check_process;
use kit::{Entries, Fault, Faults, Field, Flash, Page, Refused, T, Visit, redirect};
use process::{Definition, Severity};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::audit::{self, Access};
use store::cases::{CaseError, Env};
use store::process_trials::{self, Trial};
use store::{StoreError, Tx};
use uuid::Uuid;

/// Seconds after which the page of a running trial asks again.
const REFRESH_S: u32 = 3;
/// Highest fee that may be tried, in đồng.
const FEE_MAX: f64 = 1_000_000_000.0;
/// What is said of a trial in the record of accesses.
const ACT: &str = "process_trial";

/// What a trial found, as it is kept.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Told {
    Replay(Box<replay::Found>),
    Simulation(Box<simulate::Found>),
    /// It was broken off: the engine's own sentence, and the form that was sent.
    Broken {
        detail: String,
        entries: Vec<(String, String)>,
    },
}

/// A kept trial, read.
struct Kept {
    trial: Trial,
    told: Told,
}

/// The kept trials of a draft. One that this program cannot read any more is left out.
fn kept(trials: &[Trial]) -> Vec<Kept> {
    let read = |trial: &Trial| match serde_json::from_str(&trial.told) {
        Ok(told) => Some(Kept { trial: trial.clone(), told }),
        Err(error) => {
            tracing::warn!(kind = %trial.kind, %error, "a trial of a draft cannot be read");
            None
        }
    };
    trials.iter().filter_map(read).collect()
}

fn of(all: &[Kept], kind: Kind) -> Option<&Kept> {
    all.iter().find(|kept| kept.trial.kind == kind.as_str())
}

/// The replay that was kept, for what it measured.
fn measured(all: &[Kept]) -> Option<&replay::Found> {
    match of(all, Kind::Replay).map(|kept| &kept.told) {
        Some(Told::Replay(found)) => Some(found),
        _ => None,
    }
}

/// The last trials in short, for the page of the draft.
pub(super) fn short(t: T, loaded: &Loaded) -> Option<whatif::Report> {
    let parts: Vec<_> = kept(&loaded.trials)
        .iter()
        .map(|kept| told::short(t, kept, loaded.draft.head.revision))
        .collect();
    (!parts.is_empty()).then_some(whatif::Report { parts })
}

/// The address of the trials of a draft.
pub(super) fn href(draft: Uuid) -> String {
    format!("{}/thu", draft_href(draft))
}

/// The first thing that keeps a draft from being tried.
struct FirstFault {
    name: String,
    text: String,
    others: usize,
}

/// A trial under way as the page shows it.
struct Running {
    what: String,
    told: String,
    /// Percent; `None` while nobody knows how much there is.
    percent: Option<u64>,
    /// The page asks again by itself.
    follows: bool,
    stopping: bool,
}

#[derive(Template)]
#[template(path = "desk/process_trial.html")]
struct TrialPage {
    page: Page,
    draft: String,
    to: String,
    title: String,
    refusal: String,
    fault: Option<FirstFault>,
    running: Option<Running>,
    replay: Option<told::Replay>,
    /// Why real cases cannot be carried out again; empty if they can.
    no_replay: String,
    fields: Vec<Field>,
    listed: Option<seen_cases::Listed>,
    simulation: Option<told::Simulation>,
    broken: Vec<told::Broken>,
}

/// The checked draft.
fn checked(app: &App, t: T, loaded: &Loaded) -> Checked {
    let of = (loaded.draft.head.name.as_str(), loaded.draft.xml.as_str());
    findings::check(t, &app.catalogue(), of, &loaded.table, app.today())
}

fn first_fault(checked: &Checked) -> Option<FirstFault> {
    let first = checked.found.iter().find(|found| found.severity == Severity::Error)?;
    let (name, text) = (first.name.clone(), first.text.clone());
    Some(FirstFault { name, text, others: checked.errors() - 1 })
}

/// The process of a draft without errors.
///
/// # Errors
/// The draft was checked before, so this is a fault of ours.
fn definition(loaded: &Loaded) -> Result<Arc<Definition>, Refused> {
    let name = &loaded.draft.head.name;
    let file = format!("{name}.bpmn");
    check_process(name, &loaded.draft.xml, &file).map(Arc::new).map_err(|_| Refused::fault())
}

/// GET: what is under way, what the last trials found; `?ly-do=` names the cases of one reason,
/// `?theo=1` asks again by itself while something is under way: only for who asks for it, since a
/// page that reloads takes others out of their reading.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::EditProcess)?;
    let loaded = draft::load(&app, draft_id(&address)?, None).await?;
    let request = Request { app: &app, officer: &officer, visit: &visit };
    request.page(&loaded, &Entries::default(), Faults::new(), (StatusCode::OK, "")).await
}

/// POST: begins a replay, or ends what is under way.
pub(super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    may(&app, &officer, ProcessAction::EditProcess)?;
    let id = draft_id(&address)?;
    let loaded = draft::load(&app, id, None).await?;
    let request = Request { app: &app, officer: &officer, visit: &visit };
    match entries.text("lam") {
        "replay" => request.replay(loaded, &entries).await,
        "end" => {
            app.0.trials.end(id);
            let flash = Flash::new("process-trial-ended");
            Ok(redirect(href(id)).flash(flash).into_response())
        }
        _ => Err(Refused::bad_request()),
    }
}

struct Request<'a> {
    app: &'a App,
    officer: &'a Officer,
    visit: &'a Visit,
}

impl Request<'_> {
    async fn replay(&self, loaded: Loaded, entries: &Entries) -> Result<Response, Refused> {
        let (t, head) = (self.visit.t(), &loaded.draft.head);
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let Some(version) = head.base_version else { return Err(Refused::bad_request()) };
        if checked(self.app, t, &loaded).errors() > 0 {
            return self.page(&loaded, entries, Faults::new(), (unprocessable, "")).await;
        }
        let asked = match asked(t, entries) {
            Ok(asked) => asked,
            Err(faults) => return self.page(&loaded, entries, faults, (unprocessable, "")).await,
        };
        let draft = definition(&loaded)?;
        let ticket = match self.begin(&loaded, Kind::Replay).await? {
            Ok(ticket) => ticket,
            Err(NotBegun::Running) => return Ok(redirect(href(head.id)).into_response()),
            Err(NotBegun::Full) => {
                let status = (StatusCode::TOO_MANY_REQUESTS, "process-trial-full");
                return self.page(&loaded, entries, Faults::new(), status).await;
            }
        };
        let (app, name, run) = (self.app.clone(), head.name.clone(), Arc::clone(&ticket.run));
        let job = replay::Job { app, name, version, draft, asked, run };
        let (app, actor, id) = (self.app.clone(), self.officer.actor.clone(), head.id);
        tokio::spawn(async move {
            let told = match job.perform().await {
                Ok(Some(found)) => Some(Told::Replay(Box::new(found))),
                Ok(None) => None,
                Err(error) => {
                    tracing::error!(%error, "a replay of cases failed");
                    Some(Told::Broken { detail: String::new(), entries: Vec::new() })
                }
            };
            keep(&app, &actor, id, &ticket, told).await;
        });
        Ok(redirect(href(head.id)).into_response())
    }

    /// Takes a place for a trial and records who asked for it.
    async fn begin(
        &self,
        loaded: &Loaded,
        kind: Kind,
    ) -> Result<Result<Ticket, NotBegun>, Refused> {
        let head = &loaded.draft.head;
        let by = self.officer.account.as_str();
        let ticket = match self.app.0.trials.begin(head.id, kind, (head.revision, by)) {
            Ok(ticket) => ticket,
            Err(not) => return Ok(Err(not)),
        };
        let filter = serde_json::json!({
            "process": &head.name,
            "draft": head.id,
            "revision": head.revision,
            "kind": kind.as_str(),
        });
        let access = Access {
            at_ms: self.app.now().0,
            actor: self.officer.actor.by(),
            act: ACT.to_owned(),
            case_id: None,
            filter: Some(filter.to_string()),
            ids: vec![head.id],
        };
        let unit = move |tx: &mut Tx<'_>, _: &mut Env<'_>| -> Result<(), CaseError> {
            audit::record(tx, &access)?;
            Ok(())
        };
        let recorded = self.app.act(&self.officer.actor, unit).await;
        recorded.map_err(crate::refusals::refused)?;
        Ok(Ok(ticket))
    }

    async fn page(
        &self,
        loaded: &Loaded,
        entries: &Entries,
        faults: Faults,
        (status, refusal): (StatusCode, &str),
    ) -> Result<Response, Refused> {
        let (t, head) = (self.visit.t(), &loaded.draft.head);
        let fault = first_fault(&checked(self.app, t, loaded));
        let all = kept(&loaded.trials);
        let run = self.app.0.trials.of(head.id);
        let query = self.visit.query();
        let follows = run.is_some() && query.has("theo", "1");
        let running = run.map(|run| running(t, &run, follows));
        let listed = seen_cases::listed(self.app, self.officer, t, measured(&all), query).await?;
        let title = t.a1("process-trial-title", "name", &head.title);
        let mut page = super::page(self.app, self.visit, self.officer, title).await?;
        page.refresh_s = follows.then_some(REFRESH_S);
        let names = told::Names::of(self.app, loaded);
        let ctx = told::Context {
            t,
            revision: head.revision,
            names: &names,
            sees: seen_cases::sees_any(self.app, self.officer),
            to: href(head.id),
            now: self.visit.now(),
            people: &loaded.names,
        };
        let no_replay = match head.base_version {
            None => t.s("process-trial-replay-new"),
            Some(_) => String::new(),
        };
        kit::respond::html_status(
            status,
            &TrialPage {
                draft: draft_href(head.id),
                to: href(head.id),
                title: head.title.clone(),
                refusal: if refusal.is_empty() { String::new() } else { t.s(refusal) },
                fields: fields(t, entries, &faults),
                replay: of(&all, Kind::Replay).and_then(|kept| told::replay(&ctx, kept)),
                simulation: of(&all, Kind::Simulation).and_then(|k| told::simulation(&ctx, k)),
                broken: all.iter().filter_map(|kept| told::broken(&ctx, kept)).collect(),
                fault,
                running,
                no_replay,
                listed,
                page: page.faults(faults),
            },
        )
    }
}

fn running(t: T, run: &Run, follows: bool) -> Running {
    let (done, total) = run.progress();
    let told = match total {
        0 => t.s("process-trial-looking"),
        _ => t.a2(
            "process-trial-progress",
            "n",
            number::whole(t, done),
            "total",
            number::whole(t, total),
        ),
    };
    Running {
        what: t.s(&format!("process-trial-running-{}", run.kind.as_str())),
        told,
        percent: (done.min(total) * 100).checked_div(total),
        follows,
        stopping: run.is_ended(),
    }
}

/// The fields of a replay: another fee, another limit.
fn fields(t: T, entries: &Entries, faults: &Faults) -> Vec<Field> {
    let fee = Field::text(t, "le-phi", t.s("process-trial-fee")).digits("12").optional();
    let limit = Field::text(t, "thoi-han", t.s("process-trial-other-limit")).digits("6");
    let limit = limit.hint(t.s("process-trial-other-limit-hint")).optional();
    vec![fee.fill(entries, faults), limit.fill(entries, faults)]
}

fn asked(t: T, entries: &Entries) -> Result<replay::Asked, Faults> {
    let mut faults = Faults::new();
    let mut read = |name: &str, key: &str, most: f64, parts: f64| {
        let text = entries.text(name);
        if text.is_empty() {
            return None;
        }
        let least = if parts > 1.0 { 1.0 / parts } else { 0.0 };
        let fits = |n: &f64| (least..=most).contains(n) && (*n * parts).fract() == 0.0;
        let found = number::typed(text).filter(fits);
        if found.is_none() {
            let most = number::decimal(t, most, 0);
            let fault = Fault::new(name, key).with("min", number::decimal(t, least, 2));
            faults.add(fault.with("max", most));
        }
        found.map(|n| format!("{:.0}", n * parts))
    };
    let fee = read("le-phi", "process-trial-whole", FEE_MAX, 1.0);
    let most = f64::from(Limit::MAX_QUARTERS) / 4.0;
    let quarters = read("thoi-han", "process-trial-quarters", most, 4.0);
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(replay::Asked {
        fee_vnd: fee.and_then(|text| text.parse().ok()),
        limit_quarters: quarters.and_then(|text| text.parse().ok()),
    })
}

/// Keeps what a trial found, if its draft is still there and nobody ended it.
async fn keep(app: &App, actor: &Actor, draft: Uuid, ticket: &Ticket, told: Option<Told>) {
    let Some(told) = told.filter(|_| !ticket.run.is_ended()) else { return };
    let Ok(told) = serde_json::to_string(&told) else { return };
    let run = &ticket.run;
    let trial = Trial {
        kind: run.kind.as_str().to_owned(),
        revision: run.revision,
        asked_by: run.asked_by.clone(),
        ended_at_ms: app.now().0,
        told,
    };
    let unit = move |tx: &mut Tx<'_>, _: &mut Env<'_>| -> Result<bool, StoreError> {
        process_trials::keep(tx, draft, &trial)
    };
    if let Err(error) = app.unit(actor, unit).await {
        tracing::error!(?error, "what a trial found was not kept");
    }
}
