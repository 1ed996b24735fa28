//! Form 01, "Giấy tiếp nhận hồ sơ và hẹn trả kết quả": the receipt and appointment slip (A5).

use chrono::NaiveDateTime;
use typst::foundations::Value;

use super::{FormsEdition, Issuer, Party, head, party};
use crate::codes::{code128_svg, qr_svg};
use crate::text::{Data, instant_words, money};
use crate::world::{Job, RenderFault, Template, render};

/// Input of form 01. All times are Vietnam time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form01 {
    /// Edition of the forms in force at acceptance.
    pub edition: FormsEdition,
    /// Letterhead.
    pub issuer: Issuer,
    /// Case code, printable ASCII.
    pub case_code: String,
    /// Address to follow the case, carried by the QR code.
    pub tracking_url: String,
    /// Date of the paper, and the creation time inside the PDF.
    pub issued_at: NaiveDateTime,
    /// "Bộ phận tiếp nhận và trả kết quả": the desk that received the case.
    pub desk: String,
    /// Who handed the case in.
    pub filer: Party,
    /// Whose case it is, where a proxy filed it.
    pub applicant_name: Option<String>,
    /// Name of the procedure.
    pub procedure_name: String,
    /// Papers received.
    pub papers: Vec<PaperLine>,
    /// "Số lượng hồ sơ", in sets.
    pub sets: u32,
    /// "Thời gian giải quyết hồ sơ theo quy định", e.g. "15 ngày làm việc". Printed in the edition
    /// of 2018 only; that of 2025 has no such line.
    pub statutory_time: String,
    /// The instant that starts the clock (Decree 118/2025 Art. 17.3).
    pub accepted_at: NaiveDateTime,
    /// Appointment for the result.
    pub due_at: NaiveDateTime,
    /// Where and how the result is handed over.
    pub delivery: String,
    /// Fees.
    pub fees: Fees,
    /// Entry of the tracking register, if a paper register is kept.
    pub register: Option<RegisterEntry>,
    /// Name under "Người tiếp nhận hồ sơ".
    pub officer_name: String,
    /// Set when the case was first written into the paper book and entered later.
    pub late_entry: Option<LateEntry>,
}

/// One row of the table of papers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaperLine {
    /// Name of the paper.
    pub name: String,
    /// Original, copy or electronic.
    pub form: PaperForm,
    /// Number handed in.
    pub count: u32,
}

/// Kind of a paper handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaperForm {
    /// Bản chính.
    Original,
    /// Bản sao.
    Copy,
    /// Bản sao có chứng thực.
    CertifiedCopy,
    /// Bản điện tử.
    Electronic,
}

impl PaperForm {
    /// The word on paper.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Original => "Bản chính",
            Self::Copy => "Bản sao",
            Self::CertifiedCopy => "Bản sao chứng thực",
            Self::Electronic => "Bản điện tử",
        }
    }
}

/// "Phí, lệ phí (nếu có)".
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fees {
    /// Nothing is taken: "không thu".
    Free,
    /// A fee may be taken, but its amount is not recorded: the desk tells it.
    Unrecorded,
    /// What is taken; at least one line.
    Lines(Vec<FeeLine>),
}

impl Fees {
    fn lines(&self) -> &[FeeLine] {
        match self {
            Self::Lines(lines) => lines,
            Self::Free | Self::Unrecorded => &[],
        }
    }
}

/// One fee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeLine {
    /// Name of the fee.
    pub name: String,
    /// Amount in đồng.
    pub amount_vnd: i64,
    /// Whether it has been paid.
    pub paid: bool,
}

/// "Vào Sổ theo dõi hồ sơ, Quyển số …, Số thứ tự …".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterEntry {
    /// Number of the book.
    pub book: String,
    /// Number in the book.
    pub number: String,
}

/// The case was received on paper while the system could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateEntry {
    /// Number of the hand-written slip in the paper book.
    pub slip_number: String,
    /// When it was entered into the system.
    pub entered_at: NaiveDateTime,
}

/// Renders form 01 as PDF/A-2a, A5 portrait.
///
/// # Errors
/// [`RenderFault`] with the field that is empty, too long or cannot be encoded.
pub fn form01(input: &Form01) -> Result<Vec<u8>, RenderFault> {
    let mut data = Data::new();
    head(&mut data, &input.issuer, input.edition, "01", input.issued_at)?;
    party(&mut data, &input.filer)?;
    data.exact("case_code", &input.case_code)?;
    data.raw("barcode", code128_svg(&input.case_code)?);
    data.raw("qr", qr_svg(&input.tracking_url)?);
    data.exact("tracking_url", &input.tracking_url)?;
    data.need("desk", &input.desk)?;
    data.may("applicant_name", input.applicant_name.as_deref())?;
    data.need("procedure_name", &input.procedure_name)?;
    data.rows("papers", &input.papers, paper_row)?;
    data.raw("sets", format!("{:02}", input.sets));
    if input.edition == FormsEdition::Tt01_2018 {
        data.need("statutory_time", &input.statutory_time)?;
    }
    data.raw("accepted", instant_words(input.accepted_at));
    data.raw("due", instant_words(input.due_at));
    data.need("delivery", &input.delivery)?;
    let fees = input.fees.lines();
    data.rows("fees", fees, fee_row)?;
    data.value("fees_unrecorded", Value::Bool(input.fees == Fees::Unrecorded));
    let total = fees.iter().fold(0_i64, |sum, fee| sum.saturating_add(fee.amount_vnd));
    data.raw("fees_total", money(total));
    register(&mut data, input.register.as_ref())?;
    data.need("officer_name", &input.officer_name)?;
    late(&mut data, input.late_entry.as_ref())?;
    let ident = format!("form01/{}/{}", input.edition.circular(), input.case_code);
    let inputs = data.into();
    render(Job { template: Template::Form01, inputs, ident, created_at: input.issued_at })
}

fn paper_row(paper: &PaperLine) -> Result<Data, RenderFault> {
    let mut row = Data::new();
    row.need("name", &paper.name)?;
    row.raw("form", paper.form.word());
    row.raw("count", format!("{:02}", paper.count));
    Ok(row)
}

fn fee_row(fee: &FeeLine) -> Result<Data, RenderFault> {
    let mut row = Data::new();
    row.need("name", &fee.name)?;
    row.raw("amount", money(fee.amount_vnd));
    row.value("paid", Value::Bool(fee.paid));
    Ok(row)
}

fn register(data: &mut Data, entry: Option<&RegisterEntry>) -> Result<(), RenderFault> {
    data.may("register_book", entry.map(|entry| entry.book.as_str()))?;
    data.may("register_number", entry.map(|entry| entry.number.as_str()))
}

fn late(data: &mut Data, late: Option<&LateEntry>) -> Result<(), RenderFault> {
    data.may("late_slip", late.map(|late| late.slip_number.as_str()))?;
    data.may("late_entered", late.map(|late| instant_words(late.entered_at)).as_deref())?;
    data.value("late", Value::Bool(late.is_some()));
    Ok(())
}
