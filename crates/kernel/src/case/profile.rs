//! Legal profiles: which forms, code format and filing rules apply when. Data, not code: the rows
//! come from the seeds; a case pins the profile it was accepted under.

use crate::calendar::Date;
use crate::org::Validity;
use serde::{Deserialize, Serialize};

/// How case codes are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeFormat {
    /// Circular 01/2018 Art. 19: `000.00.12.H33-190213-0007`.
    Dotted2018,
    /// In use since 2025, without the padding: `H01.50.05-261008-0975`.
    Short2025,
}

/// One profile.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct LegalProfile {
    /// Key, for example `nd61_2018`.
    pub key: String,
    /// When it applies.
    pub valid: Validity,
    /// Key of the set of forms.
    pub forms: String,
    /// Format of codes.
    pub code_format: CodeFormat,
    /// Whether cases may be filed on the province's own portal.
    pub local_filing: bool,
    /// After this minute of the day a file goes on the next working morning.
    pub cutoff_minutes: u16,
    /// Whether the articles were read; what was not says so where it is used.
    pub verified: bool,
    /// The texts it rests on.
    pub source: String,
}

/// The profile in force on a day.
#[must_use]
pub fn profile_on(profiles: &[LegalProfile], day: Date) -> Option<&LegalProfile> {
    profiles.iter().find(|p| p.valid.holds(day))
}
