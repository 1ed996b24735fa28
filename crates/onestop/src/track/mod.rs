//! Following a case: opened by its number and PIN, then by a citizen's session for this case alone.

mod answer;
mod case_page;
mod filer;
mod gate;
mod story;
#[cfg(test)]
mod tests;
mod withdraw;

use crate::app::App;
use axum::Router;
use axum::routing::{get, post};

/// Every address of following a case, as the router has it; all but the first need the session.
pub const ROUTES: &[&str] = &[
    "/theo-doi",
    "/theo-doi/ra",
    "/theo-doi/{number}",
    "/theo-doi/{number}/giay-hen.pdf",
    "/theo-doi/{number}/tep/{n}",
    "/theo-doi/{number}/bo-sung",
    "/theo-doi/{number}/rut",
];

/// The routes of following a case.
pub fn routes(app: App) -> Router {
    Router::new()
        .route("/theo-doi", get(gate::show).post(gate::enter))
        .route("/theo-doi/ra", post(gate::leave))
        .route("/theo-doi/{number}", get(case_page::show))
        .route("/theo-doi/{number}/giay-hen.pdf", get(case_page::slip))
        .route("/theo-doi/{number}/tep/{n}", get(case_page::file))
        .route("/theo-doi/{number}/bo-sung", get(answer::show).post(answer::give))
        .route("/theo-doi/{number}/rut", get(withdraw::show).post(withdraw::ask))
        .with_state(app)
}
