//! Why a file is not taken: typed, with the key of its text and the text's parameters.

use super::Kind;
use super::name::NameFault;

/// Why a file is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// No bytes at all.
    #[error("expected a file with content, but it is empty")]
    Empty,
    /// More bytes than allowed.
    #[error("expected at most {limit_bytes} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit_bytes: u64,
    },
    /// Not a PDF, JPEG, PNG, DOCX or XLSX by its bytes.
    #[error("expected PDF, JPEG, PNG, DOCX or XLSX")]
    Type,
    /// The start is right, the end is missing: an interrupted transfer or a damaged file.
    #[error("{kind:?}: the file is cut short or damaged")]
    Broken {
        /// What it would be.
        kind: Kind,
    },
    /// A ZIP archive that is cut short or damaged.
    #[error("the archive is cut short or damaged")]
    BrokenArchive,
    /// An office file with macros.
    #[error("the office file carries macros")]
    Macro,
    /// The name cannot be made safe.
    #[error("the file name: {0}")]
    Name(NameFault),
}

impl FileFault {
    /// Key of the text that tells the person.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Empty => "file-empty",
            Self::TooLarge { .. } => "file-too-large",
            Self::Type => "file-type",
            Self::Broken { .. } | Self::BrokenArchive => "file-broken",
            Self::Macro => "file-macro",
            Self::Name(fault) => fault.key(),
        }
    }

    /// Parameters of the text, by name.
    #[must_use]
    pub fn params(&self) -> Vec<(&'static str, String)> {
        /// Bytes of a mebibyte.
        const MIB: u64 = 1024 * 1024;
        match self {
            Self::TooLarge { limit_bytes } => {
                vec![("limit_mib", format_mib(*limit_bytes, MIB))]
            }
            Self::Broken { kind } => vec![("kind", kind.extensions()[0].to_uppercase())],
            Self::BrokenArchive => vec![("kind", "ZIP".to_owned())],
            Self::Type => vec![("allowed", "PDF, JPEG, PNG, DOCX, XLSX".to_owned())],
            Self::Name(fault) => fault.params(),
            Self::Empty | Self::Macro => Vec::new(),
        }
    }
}

/// Whole mebibytes without a fraction, others with one digit (decimal comma, as in Vietnamese).
fn format_mib(bytes: u64, mib: u64) -> String {
    if bytes.is_multiple_of(mib) {
        return (bytes / mib).to_string();
    }
    format!("{},{}", bytes / mib, bytes % mib * 10 / mib)
}
