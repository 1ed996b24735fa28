//! Form 03, "Phiếu từ chối tiếp nhận giải quyết hồ sơ": a refusal with its reason (A5).

use chrono::NaiveDateTime;

use super::{FormsEdition, Issuer, Party, head, party};
use crate::text::Data;
use crate::world::{Job, RenderFault, Template, render};

/// Input of form 03.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalNotice {
    /// Edition of the forms.
    pub edition: FormsEdition,
    /// Letterhead.
    pub issuer: Issuer,
    /// Tracking number or case code.
    pub number: String,
    /// Date of the paper (Vietnam time).
    pub issued_at: NaiveDateTime,
    /// The desk that refuses.
    pub desk: String,
    /// Who handed the case in.
    pub filer: Party,
    /// Name of the procedure.
    pub procedure_name: String,
    /// Why the case is not taken.
    pub reason: String,
    /// Official who signs.
    pub officer_name: String,
}

/// Renders form 03 as PDF/A-2a, A5 portrait.
///
/// # Errors
/// [`RenderFault`] with the field that is empty or too long.
pub fn refusal_notice(input: &RefusalNotice) -> Result<Vec<u8>, RenderFault> {
    let mut data = Data::new();
    head(&mut data, &input.issuer, input.edition, "03", input.issued_at)?;
    party(&mut data, &input.filer)?;
    data.exact("number", &input.number)?;
    data.need("desk", &input.desk)?;
    data.need("procedure_name", &input.procedure_name)?;
    data.reason("reason", &input.reason)?;
    data.need("officer_name", &input.officer_name)?;
    let ident = format!("form03/{}/{}", input.number, input.issued_at);
    let inputs = data.into();
    let created_at = input.issued_at;
    render(Job { template: Template::RefusalNotice, inputs, ident, created_at })
}
