//! `/noi-lam-viec/ho-so/{id}/tep/{n}` and `/mau-01.pdf`: files of a case and its receipt, each look
//! recorded before the answer.

use super::sight;
use crate::app::{App, Officer};
use crate::{papers_of, seen};
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kit::{File, Refused};

/// GET: the n-th file of a case, from 0 in the order of its papers.
pub(super) async fn attachment(
    State(app): State<App>,
    officer: Officer,
    Path((id, n)): Path<(String, usize)>,
) -> Result<Response, Refused> {
    let stored = sight::whole(&app, &officer, &id).await?;
    let case = stored.case;
    let file = case.papers.iter().flat_map(|p| &p.files).nth(n).cloned();
    let file = file.ok_or_else(Refused::not_found)?;
    seen::one(&app, &officer, "file", case.id).await?;
    papers_of::open_file(&app, &case, &file).await.map(IntoResponse::into_response)
}

/// GET: form 01, the receipt and appointment slip.
pub(super) async fn form01(
    State(app): State<App>,
    officer: Officer,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let stored = sight::whole(&app, &officer, &id).await?;
    let case = &stored.case;
    if case.code.is_none() || case.parent.is_some() {
        return Err(Refused::not_found());
    }
    seen::one(&app, &officer, "print", case.id).await?;
    let name = format!("mau-01-{}.pdf", case.name());
    let bytes = papers_of::form01_pdf(&app, &stored).await?;
    Ok(File::new(name, bytes).into_response())
}
