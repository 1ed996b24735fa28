//! Papers: official forms rendered to PDF, files looked at on arrival, blobs kept on disk.
//!
//! Nothing here reads a clock or rolls dice: every time printed on a paper, and the creation date
//! inside the PDF, comes from the caller, so that the same input always gives the same bytes on
//! one machine (the typeface may differ between machines, see [`typeface`]).

mod codes;
mod faces;
mod forms;
pub mod intake;
pub mod limits;
pub mod staging;
mod text;
mod world;

pub use faces::typeface;
pub use forms::apology::{Apology, apology};
pub use forms::control_slip::{ControlSlip, Handover, StepOutcome, control_slip};
pub use forms::form01::{
    FeeLine, Fees, Form01, LateEntry, PaperForm, PaperLine, RegisterEntry, form01,
};
pub use forms::pin_stub::{PinStub, pin_stub};
pub use forms::refusal_notice::{RefusalNotice, refusal_notice};
pub use forms::supplement_request::{
    MissingPaper, SupplementRequest, SupplementStage, supplement_request,
};
pub use forms::{FormsEdition, Issuer, Party};
pub use world::RenderFault;
