//! The typesetter's world: our own templates, our faces, one dictionary of data, no clock, no disk.

use std::sync::OnceLock;

use chrono::{Datelike, NaiveDateTime, Timelike};
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Dict, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::faces::faces;
use crate::limits::RENDER_CACHE_AGE;

/// Offset of Asia/Ho_Chi_Minh in minutes; the country has one zone and no summer time.
const VIETNAM_OFFSET_MINUTES: i32 = 7 * 60;

/// Why a paper could not be made. `field` is the name of the input's field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderFault {
    /// A text or a list is longer than the paper can carry.
    #[error("{field}: expected at most {limit}")]
    TooLong {
        /// Field of the input.
        field: &'static str,
        /// Greatest length (characters, or lines of a list).
        limit: usize,
    },
    /// A text that the paper must carry is empty.
    #[error("{field}: expected a text, but it is empty")]
    Empty {
        /// Field of the input.
        field: &'static str,
    },
    /// A QR code, a bar code or a PIN cannot be made of the given text.
    #[error("{field}: {reason}")]
    Code {
        /// Field of the input.
        field: &'static str,
        /// What was expected.
        reason: String,
    },
    /// The typesetter failed; a fault of our template, never of the data.
    #[error("typesetting failed: {0}")]
    Typesetting(String),
}

/// The paper to set: template, data, identity and creation time.
pub(crate) struct Job {
    /// Which template.
    pub(crate) template: Template,
    /// Data for the template, as `sys.inputs`.
    pub(crate) inputs: Dict,
    /// Stable identity of the document (form and case).
    pub(crate) ident: String,
    /// Creation time written into the PDF, Vietnam time.
    pub(crate) created_at: NaiveDateTime,
}

/// Our templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Template {
    Form01,
    PinStub,
    SupplementRequest,
    RefusalNotice,
    Apology,
    ControlSlip,
}

/// Shared pieces, imported by every template, and the templates in the order of [`Template`].
const SOURCES: [(&str, &str); 7] = [
    ("form01.typ", include_str!("../templates/form01.typ")),
    ("pin_stub.typ", include_str!("../templates/pin_stub.typ")),
    ("supplement_request.typ", include_str!("../templates/supplement_request.typ")),
    ("refusal_notice.typ", include_str!("../templates/refusal_notice.typ")),
    ("apology.typ", include_str!("../templates/apology.typ")),
    ("control_slip.typ", include_str!("../templates/control_slip.typ")),
    ("common.typ", include_str!("../templates/common.typ")),
];

/// Parsed templates, kept for the life of the program.
fn sources() -> Result<&'static [Source], RenderFault> {
    static PARSED: OnceLock<Result<Vec<Source>, String>> = OnceLock::new();
    let parsed = PARSED.get_or_init(|| {
        SOURCES
            .iter()
            .map(|(name, text)| {
                let path = VirtualPath::new(name).map_err(|e| format!("{name}: {e:?}"))?;
                let id = FileId::new(RootedPath::new(VirtualRoot::Project, path));
                Ok(Source::new(id, (*text).to_owned()))
            })
            .collect()
    });
    parsed.as_deref().map_err(|e| RenderFault::Typesetting(e.clone()))
}

struct PaperWorld {
    library: LazyHash<Library>,
    sources: &'static [Source],
    main: FileId,
}

impl World for PaperWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &faces().book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let found = self.sources.iter().find(|source| source.id() == id);
        found.cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        // Templates bring everything with them; the disk and the network stay out of reach.
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        faces().fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

/// Sets the paper and writes it as PDF/A-2a (tagged, so that screen readers can follow it).
pub(crate) fn render(job: Job) -> Result<Vec<u8>, RenderFault> {
    let sources = sources()?;
    let main = sources
        .get(job.template as usize)
        .map(Source::id)
        .ok_or_else(|| RenderFault::Typesetting("template missing".to_owned()))?;
    let mut inputs = job.inputs;
    inputs.insert("family".into(), typst::foundations::Value::Str(faces().family.into()));
    let library = Library::builder().with_inputs(inputs).build();
    let world = PaperWorld { library: LazyHash::new(library), sources, main };
    let result = typst::compile::<PagedDocument>(&world)
        .output
        .map_err(|faults| typesetting(&faults))
        .and_then(|document| export(&document, job.ident, job.created_at));
    comemo::evict(RENDER_CACHE_AGE);
    result
}

fn export(
    document: &PagedDocument,
    ident: String,
    created_at: NaiveDateTime,
) -> Result<Vec<u8>, RenderFault> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a])
        .map_err(|e| RenderFault::Typesetting(e.message().to_string()))?;
    let options = PdfOptions {
        ident: Smart::Custom(ident),
        creator: Smart::Custom(Some("Motcua".to_owned())),
        timestamp: timestamp(created_at),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(document, &options).map_err(|faults| typesetting(&faults))
}

fn timestamp(at: NaiveDateTime) -> Option<Timestamp> {
    // Every part of these numbers fits: chrono keeps month, day and time under 60.
    let small = |n: u32| u8::try_from(n).unwrap_or(0);
    let datetime = Datetime::from_ymd_hms(
        at.year(),
        small(at.month()),
        small(at.day()),
        small(at.hour()),
        small(at.minute()),
        small(at.second()),
    )?;
    Timestamp::new_local(datetime, VIETNAM_OFFSET_MINUTES)
}

fn typesetting(faults: &[SourceDiagnostic]) -> RenderFault {
    let messages: Vec<String> = faults.iter().map(|fault| fault.message.to_string()).collect();
    RenderFault::Typesetting(messages.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_creation_date_bears_the_offset_of_vietnam() {
        let at = chrono::NaiveDate::from_ymd_opt(2026, 11, 25).unwrap().and_hms_opt(8, 5, 9);
        assert!(timestamp(at.unwrap()).is_some());
    }

    #[test]
    fn every_template_has_its_source() {
        use Template::*;
        let names = [
            (Form01, "form01.typ"),
            (PinStub, "pin_stub.typ"),
            (SupplementRequest, "supplement_request.typ"),
            (RefusalNotice, "refusal_notice.typ"),
            (Apology, "apology.typ"),
            (ControlSlip, "control_slip.typ"),
        ];
        for (template, name) in names {
            assert_eq!(SOURCES[template as usize].0, name);
        }
    }
}
