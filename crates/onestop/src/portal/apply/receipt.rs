//! `/nop/{code}/{draft}/bien-nhan`: the tracking number, the PIN and what comes next; seen only in
//! the browser that filed, and only for half an hour.

use super::draft::{self, Receipt};
use super::start;
use crate::app::App;
use crate::papers_of;
use crate::refusals::refused;
use crate::view;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use kernel::case::Case;
use kit::{File, Page, Refused, Visit};
use store::cases::{CaseError, by_id};

#[derive(Template)]
#[template(path = "portal/receipt.html")]
struct ReceiptPage {
    page: Page,
    base: String,
    name: String,
    tracking: String,
    pin: String,
    expected: String,
    machine: String,
    desk: String,
    where_from: String,
    files: Vec<(String, String)>,
}

async fn opened(
    app: &App,
    visit: &Visit,
    headers: &HeaderMap,
    code: &str,
    id: &str,
) -> Result<(Receipt, Case), Refused> {
    let opened = draft::open(app, visit, headers, code, id).await?;
    let receipt = opened.content.receipt.ok_or_else(Refused::not_found)?;
    let case = receipt.case;
    let read = move |reader: &mut store::Reader<'_>| -> Result<_, CaseError> {
        by_id(reader, case)?.ok_or(CaseError::NotFound)
    };
    let stored = app.read(read).await.map_err(refused)?;
    Ok((receipt, stored.case))
}

/// GET: the receipt.
pub(in super::super) async fn show(
    State(app): State<App>,
    Path((code, id)): Path<(String, String)>,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Refused> {
    let (receipt, case) = opened(&app, &visit, &headers, &code, &id).await?;
    let (t, catalogue) = (visit.t(), app.catalogue());
    let papers = case.papers.clone();
    let read = move |reader: &mut store::Reader<'_>| -> Result<_, CaseError> {
        Ok(papers_of::file_names(reader, &papers)?)
    };
    let names = app.read(read).await.map_err(refused)?;
    let files = names.into_iter().map(|(_, address, name)| {
        // Twelve characters are enough to compare by eye.
        (name.unwrap_or_default(), address.chars().take(12).collect())
    });
    let expected = case.expected_at.map(view::when);
    let page = ReceiptPage {
        base: format!("/nop/{code}/{id}"),
        name: view::procedure_of(&catalogue, t, &case),
        tracking: case.tracking.clone(),
        pin: spaced(&receipt.pin),
        expected: expected.map(|w| t.capital(&t.date(w))).unwrap_or_default(),
        machine: expected.map(kit::When::machine).unwrap_or_default(),
        desk: start::desk_words(&catalogue, t, &case.desk).0,
        where_from: t.s(&format!("delivery-{}", case.delivery.as_str())),
        files: files.collect(),
        page: visit.page(t.s("done-title")).at("/thu-tuc"),
    };
    kit::html(&page)
}

/// "4820 7391": two groups are easier to write down.
fn spaced(pin: &str) -> String {
    let half = pin.len() / 2;
    match pin.split_at_checked(half) {
        Some((first, second)) => format!("{first} {second}"),
        None => pin.to_owned(),
    }
}

/// GET: the stub with the PIN as PDF.
pub(in super::super) async fn stub(
    State(app): State<App>,
    Path((code, id)): Path<(String, String)>,
    headers: HeaderMap,
    visit: Visit,
) -> Result<Response, Refused> {
    let (receipt, case) = opened(&app, &visit, &headers, &code, &id).await?;
    let pdf = papers_of::pin_stub_pdf(&app, &case, &receipt.pin).await?;
    Ok(File::new(format!("ma-bi-mat-{}.pdf", case.tracking), pdf).into_response())
}
