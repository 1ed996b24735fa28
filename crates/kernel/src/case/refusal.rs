//! Why a command was not done: typed, so that it can be shown in the person's language and tested.

use super::migrate::Stay;
use crate::access::Denied;
use crate::calendar::Instant;
use crate::ids::UnitId;
use crate::people::Fault;
use crate::procedure::NotHere;

/// A refusal. Nothing was changed.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum Refusal {
    /// The person may not do this.
    #[error("not allowed: {0}")]
    Denied(#[from] Denied),
    /// The case is not in a state for it.
    #[error("expected a case that is {expected}, but it is {found}")]
    State {
        /// States for which the act exists.
        expected: &'static str,
        /// Where the case stands.
        found: &'static str,
    },
    /// The case does not exist yet, or already does.
    #[error("the case {}", if *.0 { "exists already" } else { "does not exist" })]
    Exists(bool),
    /// Fields are missing or wrong.
    #[error("{} fields are missing or wrong", .0.len())]
    Fields(Vec<Fault>),
    /// The procedure is not filed here or nobody decides it.
    #[error(transparent)]
    NotHere(#[from] NotHere),
    /// The edition is not in force on that day.
    #[error("the edition is not in force on that day")]
    EditionClosed,
    /// Filing on the local portal is closed by law (since 1 July 2025); the national portal takes
    /// it.
    #[error("local filing is closed; cases are filed on the national portal")]
    LocalFilingClosed,
    /// The procedure cannot be filed through this channel.
    #[error("this procedure cannot be filed through this channel")]
    Channel,
    /// Only one full request before acceptance (Decree 61/2018 Art. 17.2.a).
    #[error("one full request was already made; another needs the leader")]
    SecondRequest,
    /// The papers named are not in the edition (Decree 61/2018 Art. 5.1.đ).
    #[error("paper {0} is not among the papers of this edition")]
    PaperNotAsked(u16),
    /// A required paper is missing.
    #[error("paper {0} is missing")]
    PaperMissing(u16),
    /// Forwarded already; the acceptance can no longer be cancelled.
    #[error("the case was forwarded; its acceptance can no longer be cancelled")]
    Forwarded,
    /// The fee is still open.
    #[error("the fee of {0} đồng is still open")]
    FeeOpen(i64),
    /// More money than is open.
    #[error("more than the {0} đồng that are open")]
    TooMuch(i64),
    /// An extension was granted already (Decree 61/2018 Art. 19.9).
    #[error("an extension was granted already")]
    ExtensionRepeated,
    /// Too late for an apology (Decree 61/2018 Art. 19.9).
    #[error("an apology was possible until {}", .0.0)]
    ExtensionTooLate(Instant),
    /// The clock stands, there is no date to extend.
    #[error("the clock stands; there is no date to extend")]
    ExtensionWhileStopped,
    /// The new day is not after the due date.
    #[error("the new day must be after the due date")]
    ExtensionNotLater,
    /// The suspension is too long, or ends before it starts.
    #[error("a suspension ends after today and within {0} days")]
    SuspensionLength(i64),
    /// The post must try again before it brings the item back.
    #[error("expected {expected} attempts before the return, but there were {found}")]
    TooFewAttempts {
        /// Attempts needed.
        expected: u16,
        /// Attempts made.
        found: u16,
    },
    /// A late entry must lie in the past, not too far back, and after the last opening.
    #[error("a late entry lies between now and {0} days back")]
    LateEntryTime(i64),
    /// A late entry needs a second person.
    #[error("a late entry needs a second person")]
    SecondPerson,
    /// No more numbers at this desk today.
    #[error("no more numbers at this desk today")]
    CodesUsedUp,
    /// The officer named does not work there.
    #[error("the officer named has no post for this step")]
    OfficerElsewhere,
    /// There is no such task to go to, or none that may be gone to.
    #[error("step {0} is not among the steps that this may lead to")]
    NoTarget(String),
    /// The task is somebody's already.
    #[error("somebody has the task already")]
    Held,
    /// Nobody has taken the task, or it is lent to nobody.
    #[error("nobody has the task")]
    NotHeld,
    /// What follows was opened or done already, or was never this person's step.
    #[error("the step cannot be taken back any more")]
    NotTakenBack,
    /// The last day of a delegation lies too far or too near.
    #[error("a delegation ends today or within {0} days")]
    DelegationLength(i64),
    /// That unit cannot take the case.
    #[error("unit {0} cannot take the case")]
    UnitElsewhere(UnitId),
    /// The process stands still here; it must be mended first.
    #[error("the process stands still at this step")]
    StandsStill,
    /// There is no such incident any more.
    #[error("there is no such incident")]
    NoIncident,
    /// The case stays on its version of the process: every reason.
    #[error("the case stays on its version of the process for {} reasons", .0.len())]
    Stays(Vec<Stay>),
    /// The process refused.
    #[error(transparent)]
    Process(#[from] process::Refusal),
    /// The clock refused: damaged data or an impossible order of events.
    #[error("the due date cannot be derived: {0}")]
    Clock(String),
}

impl Refusal {
    /// Key of the text that tells it to a person.
    #[must_use]
    pub fn key(&self) -> &'static str {
        match self {
            Self::Denied(_) => "refusal-denied",
            Self::State { .. } => "refusal-state",
            Self::Exists(_) => "refusal-exists",
            Self::Fields(_) => "refusal-fields",
            Self::NotHere(NotHere::Level { .. }) => "refusal-level",
            Self::NotHere(NotHere::Nobody { .. }) => "refusal-nobody",
            Self::EditionClosed => "refusal-edition-closed",
            Self::LocalFilingClosed => "refusal-local-filing-closed",
            Self::Channel => "refusal-channel",
            Self::SecondRequest => "refusal-second-request",
            Self::PaperNotAsked(_) => "refusal-paper-not-asked",
            Self::PaperMissing(_) => "refusal-paper-missing",
            Self::Forwarded => "refusal-forwarded",
            Self::FeeOpen(_) => "refusal-fee-open",
            Self::TooMuch(_) => "refusal-too-much",
            Self::ExtensionRepeated => "refusal-extension-repeated",
            Self::ExtensionTooLate(_) => "refusal-extension-too-late",
            Self::ExtensionWhileStopped => "refusal-extension-while-stopped",
            Self::ExtensionNotLater => "refusal-extension-not-later",
            Self::SuspensionLength(_) => "refusal-suspension-length",
            Self::TooFewAttempts { .. } => "refusal-too-few-attempts",
            Self::LateEntryTime(_) => "refusal-late-entry-time",
            Self::SecondPerson => "refusal-second-person",
            Self::CodesUsedUp => "refusal-codes-used-up",
            Self::OfficerElsewhere => "refusal-officer-elsewhere",
            Self::NoTarget(_) => "refusal-no-target",
            Self::Held => "refusal-held",
            Self::NotHeld => "refusal-not-held",
            Self::NotTakenBack => "refusal-not-taken-back",
            Self::DelegationLength(_) => "refusal-delegation-length",
            Self::UnitElsewhere(_) => "refusal-unit-elsewhere",
            Self::StandsStill => "refusal-stands-still",
            Self::NoIncident => "refusal-no-incident",
            Self::Stays(_) => "refusal-stays",
            Self::Process(_) => "refusal-process",
            Self::Clock(_) => "refusal-clock",
        }
    }

    /// Arguments of that text.
    #[must_use]
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::State { expected, found } => {
                vec![("expected", (*expected).to_owned()), ("found", (*found).to_owned())]
            }
            Self::PaperNotAsked(n) | Self::PaperMissing(n) => vec![("n", n.to_string())],
            Self::FeeOpen(vnd) | Self::TooMuch(vnd) => vec![("vnd", vnd.to_string())],
            Self::ExtensionTooLate(at) => vec![("at_ms", at.0.to_string())],
            Self::SuspensionLength(days)
            | Self::LateEntryTime(days)
            | Self::DelegationLength(days) => {
                vec![("days", days.to_string())]
            }
            Self::TooFewAttempts { expected, found } => {
                vec![("expected", expected.to_string()), ("found", found.to_string())]
            }
            Self::Process(refusal) => {
                vec![("reason", refusal.key().to_owned()), ("detail", refusal.to_string())]
            }
            Self::NoTarget(id) => vec![("step", id.clone())],
            Self::UnitElsewhere(unit) => vec![("unit", unit.0.clone())],
            Self::Clock(detail) => vec![("detail", detail.clone())],
            _ => Vec::new(),
        }
    }

    /// A refusal about one field.
    #[must_use]
    pub fn field(field: &str, key: &str) -> Self {
        Self::Fields(vec![Fault::new(field, key)])
    }
}
