//! `/noi-lam-viec/quy-trinh`: processes, their versions, and the editor of drafts: the table of
//! steps and the diagram are two views of one BPMN file.
//!
//! Everybody with a seat may look; writing and publishing is asked of the policy before each act.

mod acts;
mod diff;
mod draft;
mod edit;
mod findings;
mod forms;
mod list;
mod migrate;
mod migrate_page;
mod migrate_plan;
#[cfg(test)]
mod migrate_tests;
mod publish;
mod save;
mod show;
mod start;
#[cfg(test)]
mod tests;
mod trial;
mod ways;
mod whatif;
mod withdraw;
mod words;

use super::shell::{self, Around};
use crate::app::{App, Officer};
use crate::refusals::refused;
use askama::FastWritable;
use askama::filters::HtmlSafe;
use axum::Router;
use axum::routing::get;
use kernel::access::{Grant, ProcessAction, process_allowed};
use kit::{Lang, Page, Refused, T, Visit};
use process::Model;
use process::bpmn::Definitions;
use process::diagram::{self, Highlights};
use store::cases::CaseError;
use store::process_drafts::DraftError;
use uuid::Uuid;

/// Where the pages of processes begin.
pub(super) const HOME: &str = "/noi-lam-viec/quy-trinh";

/// The routes of the room; `desk::ROUTES` names them too.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/noi-lam-viec/quy-trinh", get(list::show))
        .route("/noi-lam-viec/quy-trinh/moi", get(start::show).post(start::begin))
        .route("/noi-lam-viec/quy-trinh/ban/{name}/{version}", get(show::show))
        .route("/noi-lam-viec/quy-trinh/ban/{name}/{version}/tep.bpmn", get(show::file))
        .route(
            "/noi-lam-viec/quy-trinh/ban/{name}/{version}/thu-hoi",
            get(withdraw::show).post(withdraw::perform),
        )
        .route(
            "/noi-lam-viec/quy-trinh/ban/{name}/{version}/chuyen-ho-so",
            get(migrate::list).post(migrate::begin),
        )
        .route(
            "/noi-lam-viec/quy-trinh/chuyen/{migration}",
            get(migrate::show).post(migrate::perform),
        )
        .route("/noi-lam-viec/quy-trinh/nhap/{draft}", get(draft::show).post(acts::perform))
        .route("/noi-lam-viec/quy-trinh/nhap/{draft}/tep.bpmn", get(draft::file))
        .route("/noi-lam-viec/quy-trinh/nhap/{draft}/thu", get(trial::show).post(trial::perform))
        .route(
            "/noi-lam-viec/quy-trinh/nhap/{draft}/thu/kich-ban",
            get(trial::scenario::show).post(trial::scenario::perform),
        )
        .route(
            "/noi-lam-viec/quy-trinh/nhap/{draft}/cong-bo",
            get(publish::show).post(publish::perform),
        )
}

/// By what right the officer may do an act on processes today.
///
/// # Errors
/// 403 with who may.
fn may(app: &App, officer: &Officer, action: ProcessAction) -> Result<Grant, Refused> {
    let answer = process_allowed(&officer.actor, action, &app.catalogue().tree, app.today());
    let key = match action {
        ProcessAction::ReadProcess => "refused-forbidden-do",
        _ => "process-only-province",
    };
    answer.map_err(|_| Refused::forbidden().because(key))
}

/// The frame of a page of this room.
async fn page(app: &App, visit: &Visit, officer: &Officer, title: String) -> Result<Page, Refused> {
    let around: Around = shell::around(app, officer).await?;
    Ok(shell::page(app, visit, officer, &around, (title, HOME)))
}

/// The address of a version.
fn version_href(name: &str, version: u32) -> String {
    format!("{HOME}/ban/{}/{version}", encoded(name))
}

/// The address of a version, for pages of other rooms.
pub(super) fn version_page(name: &str, version: u32) -> String {
    version_href(name, version)
}

/// The address of a draft.
fn draft_href(id: Uuid) -> String {
    format!("{HOME}/nhap/{id}")
}

/// The address of a migration of cases.
fn migration_href(id: Uuid) -> String {
    format!("{HOME}/chuyen/{id}")
}

/// An id of a file, as it may stand in an address.
fn encoded(id: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let one =
        |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    id.bytes().map(one).collect()
}

/// The id of a draft in an address.
fn draft_id(address: &str) -> Result<Uuid, Refused> {
    Uuid::parse_str(address).map_err(|_| Refused::not_found())
}

/// A drawn process; the engine escapes every text of the file that it draws.
pub(super) struct Svg(String);

/// Pixels up to which a drawing is shrunk into its frame; a wider one scrolls there.
const FITTED_PX: u32 = 1_300;

impl Svg {
    /// The class of its frame.
    pub(super) fn frame(&self) -> &'static str {
        let width = self.0.split_once(" width=\"").and_then(|(_, rest)| rest.split_once('"'));
        let width = width.and_then(|(width, _)| width.parse::<f64>().ok());
        match width {
            Some(width) if width <= f64::from(FITTED_PX) => "mc-diagram mc-diagram--fit",
            _ => "mc-diagram",
        }
    }
}

impl HtmlSafe for Svg {}

impl std::fmt::Display for Svg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl FastWritable for Svg {
    fn write_into(
        &self,
        dest: &mut dyn std::fmt::Write,
        _: &dyn askama::Values,
    ) -> askama::Result<()> {
        Ok(dest.write_str(&self.0)?)
    }
}

/// Draws a file that was read.
pub(super) fn drawn(t: T, model: &Model, highlights: Highlights) -> Svg {
    let lang = if t.lang() == Lang::Vi { diagram::Lang::Vi } else { diagram::Lang::En };
    Svg(diagram::svg(&Definitions::of(model), &Highlights { lang, ..highlights }))
}

/// The answer when a draft was not kept and no page can say so better.
fn draft_refused(error: DraftError) -> Refused {
    match error {
        DraftError::NotFound => Refused::not_found(),
        DraftError::Changed { .. } => Refused::conflict().because("process-changed"),
        DraftError::Many { max } => {
            Refused::unprocessable().because("process-drafts-many").with("max", max)
        }
        DraftError::Store(store::StoreError::TooLarge { max, .. }) => {
            Refused::unprocessable().because("process-too-large").with("max", max)
        }
        DraftError::Store(error) => refused(CaseError::Store(error)),
    }
}
