//! Procedures in editions: papers, fees, time limit, form, process, who decides at which level.

mod called;
mod form;
mod page_fee;
mod process_edition;
mod step_times;

pub use called::call_faults;
pub use form::{AnswerKind, Field, FormSchema};
pub use page_fee::{Copies, PageFee};
pub use process_edition::{
    Definitions, FIRST_VERSION, LANE_UNITS, ProcessEdition, Standing, check as check_process,
};
pub(crate) use process_edition::{in_force, standing};
pub use step_times::{over_limit, step_times, step_times_of};

use crate::calendar::{Channel, Date, Limit, SupplementRule};
use crate::ids::{ProcedureCode, UnitId};
use crate::org::{Tree, Unit, Validity};
use serde::{Deserialize, Serialize};

/// Where an edition stands. A case is pinned to the edition it was accepted under.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditionStatus {
    /// Being written; nobody can file under it.
    Draft,
    /// In force.
    Active,
    /// No longer filed under; running cases end under it.
    Retired,
}

/// How sure the data of an edition are; what is not verified says so on its page.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// Checked against the published decision.
    Yes,
    /// Some of it.
    Partly,
    /// None of it.
    No,
}

/// In what form a paper is handed in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperForm {
    /// The original.
    Original,
    /// A copy, certified or compared with the original.
    Copy,
    /// An electronic paper.
    Electronic,
    /// Shown and given back at once.
    Shown,
}

/// A paper that an edition asks for. Papers not listed may not be asked for (Decree 61/2018
/// Art. 5.1.đ), so a supplement request names papers by this number.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Paper {
    /// Number within the edition, from 1.
    pub no: u16,
    /// Name.
    pub name: String,
    /// In which form.
    pub form: PaperForm,
    /// How many.
    pub count: u16,
    /// Whether the case is incomplete without it.
    pub required: bool,
}

/// An exemption from a fee: a rule with its ground, chosen at the desk and recorded.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Exemption {
    /// Key within the edition.
    pub key: String,
    /// Who is exempt.
    pub who: String,
    /// The ground in law.
    pub ground: String,
}

/// One edition of a procedure.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Edition {
    /// National code.
    pub code: ProcedureCode,
    /// Number of the edition, from 1.
    pub edition: u32,
    /// Draft, active, retired.
    pub status: EditionStatus,
    /// When it may be filed under.
    pub valid: Validity,
    /// Name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Field of administration.
    pub field: String,
    /// English name of the field.
    pub field_en: String,
    /// Levels at which it is received: `commune`, `district`, `province`.
    pub levels: Vec<String>,
    /// Who decides, per receiving level: `(level, target)`; a target is `commune`, `district`,
    /// `province` or `department:<key>`.
    pub decided_by: Vec<(String, String)>,
    /// Statutory time.
    pub limit: Limit,
    /// The time in the words of the law.
    pub time_text: String,
    /// What a supplement does to the clock.
    pub supplement_rule: SupplementRule,
    /// Days in which a supplement may be asked for (3 by Decree 61/2018 Art. 19.4, unless a sector
    /// law sets another time).
    pub supplement_within_days: u32,
    /// Fee in đồng; 0 where none is taken or where the amount is not known.
    pub fee_vnd: i64,
    /// Whether `fee_vnd` is what is taken. If not, 0 does not mean free of charge: the province
    /// sets the amount and it was not recorded.
    #[serde(default)]
    pub fee_known: bool,
    /// The fee in words.
    pub fee_note: String,
    /// What is taken by the page of an original instead, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_fee: Option<PageFee>,
    /// Exemptions.
    pub exemptions: Vec<Exemption>,
    /// Papers.
    pub papers: Vec<Paper>,
    /// What the applicant gets.
    pub result: String,
    /// Name of the process file.
    pub process: String,
    /// Name of the form schema.
    pub form: String,
    /// Units asked for their opinion where the process consults, as targets of `decided_by`.
    pub consults: Vec<String>,
    /// Whether it can be filed online.
    pub online: bool,
    /// How sure.
    pub verified: Verified,
    /// Where the data come from.
    pub source: String,
}

/// Why no unit decides; shown to the person who tried.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotHere {
    /// The desk's level does not receive this procedure.
    #[error("{procedure} is not received at the level of {desk}")]
    Level {
        /// The procedure.
        procedure: ProcedureCode,
        /// The desk.
        desk: UnitId,
    },
    /// The unit that the edition names does not exist on that day.
    #[error("{procedure}: {target} does not exist on {day}")]
    Nobody {
        /// The procedure.
        procedure: ProcedureCode,
        /// The target of the edition.
        target: String,
        /// The day.
        day: Date,
    },
}

impl Edition {
    /// Whether cases can be filed under it on a day.
    #[must_use]
    pub fn open_on(&self, day: Date) -> bool {
        self.status == EditionStatus::Active && self.valid.holds(day)
    }

    /// Whether nothing is charged; an amount that is not known is not nothing.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.fee_vnd == 0 && self.fee_known
    }

    /// Whether it is settled at once, without a slip (Decree 61/2018 Art. 17.4).
    #[must_use]
    pub fn at_once(&self) -> bool {
        self.process == "counter" && self.limit.unit == crate::calendar::LimitUnit::SameDay
    }

    /// The paper with this number.
    #[must_use]
    pub fn paper(&self, no: u16) -> Option<&Paper> {
        self.papers.iter().find(|p| p.no == no)
    }

    /// The unit that decides cases received at a desk on a day.
    ///
    /// # Errors
    /// The desk's level does not receive it, or the named unit does not exist.
    pub fn decides<'t>(
        &self,
        desk: &UnitId,
        tree: &'t Tree,
        day: Date,
    ) -> Result<&'t Unit, NotHere> {
        let level = tree.unit(desk).map(|u| u.level.as_str()).unwrap_or_default();
        let target = self.decided_by.iter().find(|(l, _)| l == level).map(|(_, t)| t.as_str());
        let Some(target) = target else {
            return Err(NotHere::Level { procedure: self.code.clone(), desk: desk.clone() });
        };
        self.target(target, desk, tree, day)
    }

    /// The unit that a target means, seen from a desk on a day.
    ///
    /// # Errors
    /// There is none.
    pub fn target<'t>(
        &self,
        target: &str,
        desk: &UnitId,
        tree: &'t Tree,
        day: Date,
    ) -> Result<&'t Unit, NotHere> {
        let found = match target.split_once(':') {
            Some((_, key)) => {
                let top = tree.line(desk).last().map(|u| u.id.as_str()).unwrap_or_default();
                tree.in_charge(&UnitId(format!("{top}.{key}")), day)
            }
            None => tree.at_level(desk, target).and_then(|u| tree.in_charge(&u.id, day)),
        };
        found.ok_or_else(|| NotHere::Nobody {
            procedure: self.code.clone(),
            target: target.to_owned(),
            day,
        })
    }

    /// Whether a channel is open for filing.
    #[must_use]
    pub fn takes(&self, channel: Channel) -> bool {
        channel != Channel::Online || self.online
    }
}
