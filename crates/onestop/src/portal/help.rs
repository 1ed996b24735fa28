//! The pages behind the footer: help, accessibility, personal data, figures, open data.

use crate::app::App;
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::procedure::Verified;
use kit::{Page, Refused, Visit};

/// Headings and paragraphs, all by their text keys.
#[derive(Template)]
#[template(path = "portal/help.html")]
struct HelpPage {
    page: Page,
    parts: Vec<(String, Vec<String>)>,
}

fn answer(visit: &Visit, title: &str, parts: &[(&str, &[&str])]) -> Result<Response, Refused> {
    let t = visit.t();
    let words = |key: &&str| t.a1(key, "phone", &visit.kit().site.phone);
    let part = |(head, lines): &(&str, &[&str])| {
        let head = if head.is_empty() { String::new() } else { t.s(head) };
        (head, lines.iter().map(words).collect())
    };
    let parts = parts.iter().map(part).collect();
    kit::html(&HelpPage { page: visit.page(t.s(title)), parts }).map(kit::respond::revisitable)
}

/// A province may have no number to call yet.
fn has_phone(visit: &Visit) -> bool {
    !visit.kit().site.phone.is_empty()
}

/// GET `/tro-giup`: how to file, follow, and whom to ask.
pub(super) async fn help(visit: Visit) -> Result<Response, Refused> {
    let ask = if has_phone(&visit) { "help-ask-1" } else { "help-ask-desk" };
    let parts: [(&str, &[&str]); 4] = [
        ("help-file-title", &["help-file-1", "help-file-2", "help-file-3"]),
        ("help-track-title", &["help-track-1", "help-track-2"]),
        ("help-pin-title", &["help-pin-1", "help-pin-2"]),
        ("help-ask-title", &[ask]),
    ];
    answer(&visit, "foot-help", &parts)
}

/// GET `/ho-tro-nguoi-khuyet-tat`: what the pages do for people with disabilities.
pub(super) async fn access(visit: Visit) -> Result<Response, Refused> {
    let help = if has_phone(&visit) { "access-help-1" } else { "access-help-desk" };
    let parts: [(&str, &[&str]); 2] = [
        ("access-pages-title", &["access-pages-1", "access-pages-2", "access-pages-3"]),
        ("access-help-title", &[help]),
    ];
    answer(&visit, "foot-access", &parts)
}

/// GET `/du-lieu-ca-nhan`: what is kept, who sees it, what can be asked for.
pub(super) async fn privacy(visit: Visit) -> Result<Response, Refused> {
    let ask = if has_phone(&visit) { "privacy-rights-2" } else { "privacy-rights-desk" };
    let parts: [(&str, &[&str]); 4] = [
        ("privacy-kept-title", &["privacy-kept-1", "privacy-kept-2", "privacy-kept-3"]),
        ("privacy-seen-title", &["privacy-seen-1", "privacy-seen-2"]),
        ("privacy-rights-title", &["privacy-rights-1", ask]),
        ("privacy-cookies-title", &["privacy-cookies-1"]),
    ];
    answer(&visit, "foot-privacy", &parts)
}

#[derive(Template)]
#[template(path = "portal/figures.html")]
struct FiguresPage {
    page: Page,
    rows: Vec<(String, i64)>,
    open: bool,
}

fn figures_page(app: &App, visit: &Visit, title: &str, open: bool) -> Result<Response, Refused> {
    let (t, catalogue, day) = (visit.t(), app.catalogue(), app.today());
    let in_force: Vec<_> = catalogue.all_in_force(day).collect();
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let of = |wanted: Verified| in_force.iter().filter(|e| e.verified == wanted).count();
    let desks = catalogue.tree.all();
    let desks = desks.iter().filter(|u| u.kind == "desk" && u.valid.holds(day)).count();
    let rows = vec![
        (t.s("figures-procedures"), count(in_force.len())),
        (t.s("figures-online"), count(in_force.iter().filter(|e| e.online).count())),
        (t.s("figures-verified"), count(of(Verified::Yes))),
        (t.s("figures-partly"), count(of(Verified::Partly))),
        (t.s("figures-unverified"), count(of(Verified::No))),
        (t.s("figures-desks"), count(desks)),
    ];
    let page = FiguresPage { page: visit.page(t.s(title)), rows, open };
    kit::html(&page).map(kit::respond::revisitable)
}

/// GET `/so-lieu`: what can honestly be counted today.
pub(super) async fn figures(State(app): State<App>, visit: Visit) -> Result<Response, Refused> {
    figures_page(&app, &visit, "foot-figures", false)
}

/// GET `/du-lieu-mo`: which data are open, and that there is no service for programs yet.
pub(super) async fn open_data(State(app): State<App>, visit: Visit) -> Result<Response, Refused> {
    figures_page(&app, &visit, "foot-api", true)
}
