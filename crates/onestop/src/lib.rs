//! The one-stop shop: the pages of officers (`desk`), of citizens (`portal`), of following a case
//! (`track`), and the jobs that run after a commit. Rules are in the kernel, SQL is in the store.

mod app;
#[cfg(test)]
mod pages;
mod papers_issued;
mod papers_of;
mod refusals;
mod seen;
#[cfg(test)]
mod testing;
mod trials;
#[cfg(test)]
mod versions_tests;
mod view;
mod why;

pub mod desk;
pub mod jobs;
pub mod portal;
pub mod track;

pub use app::{App, ClientAddress, DemoAccount, Inner, Officer, Place, Settings};
pub use refusals::{reason_text, refused};
pub use trials::Trials;

/// All routes of the slice, without the web kit's door.
pub fn routes(app: App) -> axum::Router {
    axum::Router::new()
        .merge(portal::routes(app.clone()))
        .merge(track::routes(app.clone()))
        .merge(desk::routes(app))
}
