//! Form 04: the apology with a new appointment (2018), or with the wish for more time (2025) (A5).

use chrono::NaiveDateTime;

use super::{FormsEdition, Issuer, Party, head, party};
use crate::text::{Data, date_words};
use crate::world::{Job, RenderFault, Template, render};

/// Input of form 04. It is signed by the head of the *resolving* agency, never at the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apology {
    /// Edition of the forms.
    pub edition: FormsEdition,
    /// Letterhead: the resolving agency.
    pub issuer: Issuer,
    /// Number of the letter; printed as "Số: …/PXL". `None` leaves room for the clerk.
    pub number: Option<String>,
    /// Date of the paper (Vietnam time).
    pub issued_at: NaiveDateTime,
    /// To whom.
    pub filer: Party,
    /// Case code.
    pub case_code: String,
    /// Name of the procedure.
    pub procedure_name: String,
    /// The one-stop desk that received the case.
    pub desk: String,
    /// When the case was accepted.
    pub accepted_at: NaiveDateTime,
    /// The appointment that cannot be kept.
    pub due_at: NaiveDateTime,
    /// Why; with the agency that caused the delay, where it is another one.
    pub reason: String,
    /// The new appointment.
    pub new_due_at: NaiveDateTime,
    /// Post of the signer as printed, e.g. "GIÁM ĐỐC" or "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC".
    pub signer_post: String,
    /// Name of the signer.
    pub signer_name: String,
}

/// Renders form 04 as PDF/A-2a, A5 portrait.
///
/// # Errors
/// [`RenderFault`] with the field that is empty or too long.
pub fn apology(input: &Apology) -> Result<Vec<u8>, RenderFault> {
    let mut data = Data::new();
    head(&mut data, &input.issuer, input.edition, "04", input.issued_at)?;
    party(&mut data, &input.filer)?;
    data.may("number", input.number.as_deref())?;
    data.exact("case_code", &input.case_code)?;
    data.need("procedure_name", &input.procedure_name)?;
    data.need("desk", &input.desk)?;
    data.raw("accepted", date_words(input.accepted_at.date()));
    data.raw("due", date_words(input.due_at.date()));
    data.raw("new_due", date_words(input.new_due_at.date()));
    data.reason("reason", &input.reason)?;
    data.reason("signer_post", &input.signer_post)?;
    data.need("signer_name", &input.signer_name)?;
    let ident = format!("form04/{}/{}", input.case_code, input.issued_at);
    let inputs = data.into();
    render(Job { template: Template::Apology, inputs, ident, created_at: input.issued_at })
}
