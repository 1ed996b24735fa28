//! The control slip (form 05 of 2018, form 06 of 2025): every handover of a case, with its result.

use chrono::NaiveDateTime;

use super::{FormsEdition, Issuer, Party, head, party};
use crate::text::{Data, instant_words};
use crate::world::{Job, RenderFault, Template, render};

/// Input of the control slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlSlip {
    /// Edition of the forms.
    pub edition: FormsEdition,
    /// Letterhead.
    pub issuer: Issuer,
    /// Case code.
    pub case_code: String,
    /// Date of the paper (Vietnam time).
    pub issued_at: NaiveDateTime,
    /// Whose case it goes with.
    pub filer: Party,
    /// Name of the procedure.
    pub procedure_name: String,
    /// When the case was accepted.
    pub accepted_at: NaiveDateTime,
    /// Handovers, oldest first.
    pub handovers: Vec<Handover>,
}

/// One handover between two bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handover {
    /// Body that gives.
    pub from: String,
    /// Body that takes.
    pub to: String,
    /// When (Vietnam time).
    pub at: NaiveDateTime,
    /// Person who gave, printed in the place of a signature.
    pub giver: Option<String>,
    /// Person who took.
    pub taker: Option<String>,
    /// Result of the giver's step; `None` while it is open.
    pub outcome: Option<StepOutcome>,
    /// Note.
    pub note: Option<String>,
}

/// Time used in a step against the time allotted to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepOutcome {
    /// Trước hạn.
    Early,
    /// Đúng hạn.
    OnTime,
    /// Quá hạn.
    Late,
}

impl StepOutcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Early => "Trước hạn",
            Self::OnTime => "Đúng hạn",
            Self::Late => "Quá hạn",
        }
    }
}

/// Renders the control slip as PDF/A-2a, A5 portrait.
///
/// # Errors
/// [`RenderFault`] with the field that is empty or too long.
pub fn control_slip(input: &ControlSlip) -> Result<Vec<u8>, RenderFault> {
    let form_no = match input.edition {
        FormsEdition::Tt01_2018 => "05",
        FormsEdition::Tt03_2025 => "06",
    };
    let mut data = Data::new();
    head(&mut data, &input.issuer, input.edition, form_no, input.issued_at)?;
    party(&mut data, &input.filer)?;
    data.exact("case_code", &input.case_code)?;
    data.need("procedure_name", &input.procedure_name)?;
    data.raw("accepted", instant_words(input.accepted_at));
    data.rows("handovers", &input.handovers, handover_row)?;
    let ident = format!("control-slip/{}/{}", input.case_code, input.issued_at);
    let inputs = data.into();
    render(Job { template: Template::ControlSlip, inputs, ident, created_at: input.issued_at })
}

fn handover_row(handover: &Handover) -> Result<Data, RenderFault> {
    let mut row = Data::new();
    row.need("from", &handover.from)?;
    row.need("to", &handover.to)?;
    row.raw("at", instant_words(handover.at));
    row.may("giver", handover.giver.as_deref())?;
    row.may("taker", handover.taker.as_deref())?;
    row.may("outcome", handover.outcome.map(StepOutcome::word))?;
    row.may("note", handover.note.as_deref())?;
    Ok(row)
}
