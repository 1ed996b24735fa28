//! Pages that everybody may open: home, search, procedures, help, and filing an application.

pub(crate) mod apply;
mod help;
mod home;
mod icon;
mod procedure;
mod search;
#[cfg(test)]
pub(crate) mod tests;

use crate::app::App;
use axum::Router;
use axum::routing::{get, post};

/// Every address of the public pages, as the router has it.
pub const ROUTES: &[&str] = &[
    "/",
    "/thu-tuc",
    "/thu-tuc/goi-y",
    "/thu-tuc/{code}",
    "/nop/{code}",
    "/nop/{code}/{draft}",
    "/nop/{code}/{draft}/kiem-tra",
    "/nop/{code}/{draft}/bien-nhan",
    "/nop/{code}/{draft}/ma-bi-mat.pdf",
    "/nop/{code}/{draft}/xoa",
    "/nop/{code}/{draft}/{step}",
    "/tro-giup",
    "/ho-tro-nguoi-khuyet-tat",
    "/du-lieu-ca-nhan",
    "/so-lieu",
    "/du-lieu-mo",
];

/// The routes of the public pages.
pub fn routes(app: App) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/thu-tuc", get(search::show))
        .route("/thu-tuc/goi-y", get(search::suggest))
        .route("/thu-tuc/{code}", get(procedure::show))
        .route("/nop/{code}", get(apply::start::show).post(apply::start::begin))
        .route("/nop/{code}/{draft}", get(apply::steps::resume))
        .route("/nop/{code}/{draft}/kiem-tra", get(apply::check::show).post(apply::check::submit))
        .route("/nop/{code}/{draft}/bien-nhan", get(apply::receipt::show))
        .route("/nop/{code}/{draft}/ma-bi-mat.pdf", get(apply::receipt::stub))
        .route("/nop/{code}/{draft}/xoa", post(apply::steps::discard))
        .route("/nop/{code}/{draft}/{step}", get(apply::steps::show).post(apply::steps::save))
        .route("/tro-giup", get(help::help))
        .route("/ho-tro-nguoi-khuyet-tat", get(help::access))
        .route("/du-lieu-ca-nhan", get(help::privacy))
        .route("/so-lieu", get(help::figures))
        .route("/du-lieu-mo", get(help::open_data))
        .with_state(app)
}
