//! `/noi-lam-viec/ho-so/{id}/tep/{n}`, `/mau-01.pdf`, `/giay/{seq}`, `/phieu-kiem-soat.pdf`: files
//! and papers of a case, each look recorded before the answer.

use super::sight;
use crate::app::{App, Officer};
use crate::{papers_issued, papers_of, seen};
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

/// GET: the paper that one entry of the history gives: forms 02, 03, 04.
pub(super) async fn issued(
    State(app): State<App>,
    officer: Officer,
    Path((id, seq)): Path<(String, u64)>,
) -> Result<Response, Refused> {
    let stored = sight::whole(&app, &officer, &id).await?;
    seen::one(&app, &officer, "print", stored.case.id).await?;
    let (name, bytes) = papers_issued::pdf(&app, &stored, seq).await?;
    Ok(File::new(name, bytes).into_response())
}

/// GET: the control slip, which goes with the paper case from hand to hand.
pub(super) async fn control_slip(
    State(app): State<App>,
    officer: Officer,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let stored = sight::whole(&app, &officer, &id).await?;
    if stored.case.code.is_none() || stored.case.parent.is_some() {
        return Err(Refused::not_found());
    }
    seen::one(&app, &officer, "print", stored.case.id).await?;
    let name = format!("phieu-kiem-soat-{}.pdf", stored.case.name());
    let bytes = papers_issued::control_slip_pdf(&app, &stored).await?;
    Ok(File::new(name, bytes).into_response())
}
