//! `/noi-lam-viec/quy-trinh/nhap/{draft}/thu/kich-ban`: the form of a simulation: how cases come
//! in, who works, how long the steps take. The page does not ask again by itself, so nothing typed
//! is lost.

use super::super::draft::{self, Loaded};
use super::super::{draft_href, draft_id, may};
use super::form::{FIELDS_MAX, Group, Shape, groups, known};
use super::simulate::{Found, Job};
use super::{Kept, Request, Told, checked, definition, href, keep, kept, measured, of, read};
use crate::app::{App, Officer};
use crate::trials::{Kind, NotBegun, Ticket};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::access::ProcessAction;
use kernel::calendar::{Calendar, Limit};
use kernel::ids::UnitId;
use kernel::whatif::simulate::{Refused as Misfit, Scenario};
use kit::{Entries, Faults, Page, Refused, T, Visit, redirect};
use process::Definition;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "desk/process_scenario.html")]
struct ScenarioPage {
    page: Page,
    draft: String,
    trial: String,
    to: String,
    title: String,
    rev: u64,
    refusal: String,
    /// The engine's own sentence in English.
    detail: String,
    groups: Vec<Group>,
    /// The process has more fields than one form takes.
    too_large: bool,
    /// Times come from real cases.
    measured: bool,
    /// Real cases could be measured.
    measurable: bool,
}

/// What the form is made from.
struct Ground {
    loaded: Loaded,
    kept: Vec<Kept>,
    definition: Arc<Definition>,
    shape: Shape,
}

/// GET: the form with what is known.
pub(in super::super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let request = Request { app: &app, officer: &officer, visit: &visit };
    let ground = match request.ground(&address).await? {
        Ok(ground) => ground,
        Err(instead) => return Ok(instead),
    };
    let entries = request.known(&ground);
    request.form(&ground, (&entries, Faults::new()), (StatusCode::OK, String::new(), "")).await
}

/// POST: begins the simulation.
pub(in super::super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    Path(address): Path<String>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let request = Request { app: &app, officer: &officer, visit: &visit };
    let ground = match request.ground(&address).await? {
        Ok(ground) => ground,
        Err(instead) => return Ok(instead),
    };
    let t = visit.t();
    if entries.text("rev") != ground.loaded.draft.head.revision.to_string() {
        let told = (StatusCode::CONFLICT, t.s("process-trial-changed"), "");
        return request.form(&ground, (&entries, Faults::new()), told).await;
    }
    let calendar = request.calendar();
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let found = read::read(t, &ground.shape, &entries, (&calendar, app.today()));
    let (scenario, seed) = match found {
        Ok(found) => found,
        Err(faults) => {
            let told = (unprocessable, String::new(), "");
            return request.form(&ground, (&entries, faults), told).await;
        }
    };
    if let Err(misfit) = Job::try_one(&ground.definition, &calendar, &scenario, seed) {
        let faults: Faults = read::blamed(&ground.shape, &misfit).into_iter().collect();
        let told = if faults.is_empty() { why(t, &misfit) } else { String::new() };
        let detail = misfit.to_string();
        let told = (unprocessable, told, detail.as_str());
        return request.form(&ground, (&entries, faults), told).await;
    }
    match request.begin(&ground.loaded, Kind::Simulation).await? {
        Ok(ticket) => request.run(&ground, (scenario, seed, calendar), &entries, ticket),
        Err(NotBegun::Full) => {
            let told = (StatusCode::TOO_MANY_REQUESTS, t.s("process-trial-full"), "");
            return request.form(&ground, (&entries, Faults::new()), told).await;
        }
        Err(NotBegun::Running) => {}
    }
    Ok(redirect(href(ground.loaded.draft.head.id)).into_response())
}

/// Why a simulation cannot be begun, where no field is to blame.
fn why(t: T, misfit: &Misfit) -> String {
    match misfit {
        Misfit::Element { element, name, .. } => {
            let name = if name.is_empty() { element } else { name };
            t.a1("process-trial-element", "name", name)
        }
        Misfit::Scenario { .. } | Misfit::Stopped { .. } => t.s("process-trial-stopped"),
    }
}

impl Request<'_> {
    /// The draft and what its form asks; a draft with errors leads to the page that says so.
    async fn ground(&self, address: &str) -> Result<Result<Ground, Response>, Refused> {
        may(self.app, self.officer, ProcessAction::EditProcess)?;
        let id = draft_id(address)?;
        let loaded = draft::load(self.app, id, None).await?;
        if checked(self.app, self.visit.t(), &loaded).errors() > 0 {
            return Ok(Err(redirect(href(id)).into_response()));
        }
        let definition = definition(&loaded)?;
        let shape = Shape::of(self.visit.t(), &definition);
        Ok(Ok(Ground { kept: kept(&loaded.trials), loaded, definition, shape }))
    }

    /// The calendar of the officer's unit.
    fn calendar(&self) -> Calendar {
        let unit = self.officer.seat().map_or_else(|| UnitId(String::new()), |s| s.unit.clone());
        self.app.catalogue().calendar_of(&unit).clone()
    }

    fn known(&self, ground: &Ground) -> Entries {
        let last = match of(&ground.kept, Kind::Simulation).map(|kept| &kept.told) {
            Some(Told::Simulation(found)) => found.entries.as_slice(),
            Some(Told::Broken { entries, .. }) => entries.as_slice(),
            _ => &[],
        };
        let limit = self.limit(&ground.loaded.draft.head.name);
        known(self.visit.t(), &ground.shape, measured(&ground.kept), limit, last)
    }

    /// The limit of the first procedure that uses the process today.
    fn limit(&self, name: &str) -> Option<Limit> {
        let catalogue = self.app.catalogue();
        let mut users = catalogue.all_in_force(self.app.today()).filter(|e| e.process == name);
        users.next().map(|edition| edition.limit)
    }

    fn run(
        &self,
        ground: &Ground,
        (scenario, seed, calendar): (Scenario, u64, Calendar),
        entries: &Entries,
        ticket: Ticket,
    ) {
        let (draft, run) = (Arc::clone(&ground.definition), Arc::clone(&ticket.run));
        let job = Job { draft, calendar, scenario, seed, run };
        let entries: Vec<(String, String)> = entries
            .pairs()
            .filter(|(name, _)| !name.starts_with('_') && *name != "rev")
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let (app, actor) = (self.app.clone(), self.officer.actor.clone());
        let id = ground.loaded.draft.head.id;
        tokio::spawn(async move {
            let ran = tokio::task::spawn_blocking(move || (job.perform(), job.scenario)).await;
            let told = match ran {
                Ok((Ok(report), scenario)) => {
                    Some(Told::Simulation(Box::new(Found { scenario, entries, report })))
                }
                Ok((Err(misfit), _)) => Some(Told::Broken { detail: misfit.to_string(), entries }),
                Err(error) => {
                    tracing::error!(%error, "a simulation failed");
                    None
                }
            };
            keep(&app, &actor, id, &ticket, told).await;
        });
    }

    async fn form(
        &self,
        ground: &Ground,
        (entries, faults): (&Entries, Faults),
        (status, refusal, detail): (StatusCode, String, &str),
    ) -> Result<Response, Refused> {
        let (t, head) = (self.visit.t(), &ground.loaded.draft.head);
        let title = t.a1("process-trial-scenario-title", "name", &head.title);
        let page = super::super::page(self.app, self.visit, self.officer, title).await?;
        let too_large = ground.shape.fields() > FIELDS_MAX;
        let measured = measured(&ground.kept);
        let all = || groups(t, &ground.shape, measured, (entries, &faults));
        kit::respond::html_status(
            status,
            &ScenarioPage {
                draft: draft_href(head.id),
                trial: href(head.id),
                to: format!("{}/kich-ban", href(head.id)),
                title: head.title.clone(),
                rev: head.revision,
                refusal,
                detail: detail.to_owned(),
                groups: if too_large { Vec::new() } else { all() },
                too_large,
                measured: measured.is_some(),
                measurable: head.base_version.is_some(),
                page: page.faults(faults),
            },
        )
    }
}
