//! Form 02, "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ": what is missing, why, and by when (A5).

use chrono::NaiveDateTime;

use super::{FormsEdition, Issuer, Party, head, party};
use crate::text::{Data, date_words};
use crate::world::{Job, RenderFault, Template, render};

/// Input of form 02.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplementRequest {
    /// Edition of the forms.
    pub edition: FormsEdition,
    /// Letterhead.
    pub issuer: Issuer,
    /// Case code, or the tracking number before acceptance; printed as "Số: …/HDHS".
    pub number: String,
    /// Date of the paper (Vietnam time).
    pub issued_at: NaiveDateTime,
    /// The desk that speaks.
    pub desk: String,
    /// Who handed the case in.
    pub filer: Party,
    /// Name of the procedure.
    pub procedure_name: String,
    /// Before or after acceptance; printed in the edition of 2025.
    pub stage: SupplementStage,
    /// What is missing.
    pub missing: Vec<MissingPaper>,
    /// Why.
    pub reason: String,
    /// Legal ground, printed where given.
    pub legal_basis: Option<String>,
    /// Last day for the supplement, printed where given.
    pub until: Option<NaiveDateTime>,
    /// Official who guides, and signs.
    pub officer_name: String,
    /// The official's telephone.
    pub officer_phone: Option<String>,
}

/// When in the life of the case the supplement is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SupplementStage {
    /// At the desk, before acceptance.
    BeforeAcceptance,
    /// By the resolving agency, after acceptance.
    AfterAcceptance,
}

impl SupplementStage {
    const fn words(self) -> &'static str {
        match self {
            Self::BeforeAcceptance => "Trước khi tiếp nhận hồ sơ",
            Self::AfterAcceptance => "Sau khi tiếp nhận hồ sơ",
        }
    }
}

/// One missing or faulty paper with the copies that are asked for; zero prints a dash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingPaper {
    /// Name of the paper, with what has to be mended.
    pub name: String,
    /// Originals (bản chính).
    pub originals: u32,
    /// Certified copies (bản chứng thực).
    pub certified: u32,
    /// Plain copies (bản photo).
    pub copies: u32,
}

/// Renders form 02 as PDF/A-2a, A5 portrait.
///
/// # Errors
/// [`RenderFault`] with the field that is empty or too long.
pub fn supplement_request(input: &SupplementRequest) -> Result<Vec<u8>, RenderFault> {
    if input.missing.is_empty() {
        return Err(RenderFault::Empty { field: "missing" });
    }
    let mut data = Data::new();
    head(&mut data, &input.issuer, input.edition, "02", input.issued_at)?;
    party(&mut data, &input.filer)?;
    data.exact("number", &input.number)?;
    data.need("desk", &input.desk)?;
    data.need("procedure_name", &input.procedure_name)?;
    data.raw("stage", input.stage.words());
    data.rows("missing", &input.missing, missing_row)?;
    data.reason("reason", &input.reason)?;
    data.may("legal_basis", input.legal_basis.as_deref())?;
    data.may("until", input.until.map(|at| date_words(at.date())).as_deref())?;
    data.need("officer_name", &input.officer_name)?;
    data.may("officer_phone", input.officer_phone.as_deref())?;
    let ident = format!("form02/{}/{}", input.number, input.issued_at);
    let inputs = data.into();
    let created_at = input.issued_at;
    render(Job { template: Template::SupplementRequest, inputs, ident, created_at })
}

fn missing_row(paper: &MissingPaper) -> Result<Data, RenderFault> {
    let count = |n: u32| if n == 0 { "–".to_owned() } else { format!("{n:02}") };
    let mut row = Data::new();
    row.need("name", &paper.name)?;
    row.raw("originals", count(paper.originals));
    row.raw("certified", count(paper.certified));
    row.raw("copies", count(paper.copies));
    Ok(row)
}
