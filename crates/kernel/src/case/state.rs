//! Where a case stands: four independent axes, its clock, its process, its links.

use super::event::{PaperGiven, Ref, Source};
use super::link::{Child, ParentLink};
use super::op_state::Ops;
use super::upkeep::Paused;
use crate::calendar::{Channel, ClockEvent, Date, Instant};
use crate::ids::{AccountId, CaseId, ProcedureCode, SubjectId, UnitId};
use crate::procedure::Copies;
use serde::{Deserialize, Serialize};

/// The business axis.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Business {
    /// Handed in, waits for the desk.
    Submitted,
    /// The desk asked for more before acceptance.
    PreSupplement,
    /// Not accepted (form 03). Terminal.
    Rejected,
    /// Accepted, waits to be forwarded.
    Accepted,
    /// The acceptance was cancelled before it was forwarded. Terminal.
    Voided,
    /// In work at the deciding unit.
    Processing,
    /// The citizen was asked for more after acceptance (form 02).
    Supplement,
    /// What was asked came in, waits for the desk's check.
    Supplemented,
    /// Waits for a financial duty.
    FinDuty,
    /// The applicant asked to withdraw.
    WithdrawReq,
    /// Withdrawn. Terminal.
    Withdrawn,
    /// Stopped (form 03 or 05). Terminal.
    Stopped,
    /// Lawfully suspended.
    Suspended,
    /// The result waits to be handed over.
    ResultReady,
    /// Handed over. Terminal.
    Returned,
}

impl Business {
    /// All states.
    pub const ALL: [Self; 15] = [
        Self::Submitted,
        Self::PreSupplement,
        Self::Rejected,
        Self::Accepted,
        Self::Voided,
        Self::Processing,
        Self::Supplement,
        Self::Supplemented,
        Self::FinDuty,
        Self::WithdrawReq,
        Self::Withdrawn,
        Self::Stopped,
        Self::Suspended,
        Self::ResultReady,
        Self::Returned,
    ];

    /// Key in tables and texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::PreSupplement => "pre_supplement",
            Self::Rejected => "rejected",
            Self::Accepted => "accepted",
            Self::Voided => "voided",
            Self::Processing => "processing",
            Self::Supplement => "supplement",
            Self::Supplemented => "supplemented",
            Self::FinDuty => "fin_duty",
            Self::WithdrawReq => "withdraw_req",
            Self::Withdrawn => "withdrawn",
            Self::Stopped => "stopped",
            Self::Suspended => "suspended",
            Self::ResultReady => "result_ready",
            Self::Returned => "returned",
        }
    }

    /// The state of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == key)
    }

    /// Whether nothing more happens to the business of the case.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(
            self,
            Self::Rejected | Self::Voided | Self::Withdrawn | Self::Stopped | Self::Returned
        )
    }

    /// The status code of the national portal (1–10) for this state.
    #[must_use]
    pub fn portal_status(self) -> u8 {
        match self {
            Self::Submitted => 1,
            Self::Accepted => 2,
            Self::Rejected | Self::Voided => 3,
            Self::Processing | Self::Suspended => 4,
            Self::PreSupplement | Self::Supplement | Self::Supplemented => 5,
            Self::FinDuty => 6,
            Self::WithdrawReq | Self::Withdrawn => 7,
            Self::Stopped => 8,
            Self::ResultReady => 9,
            Self::Returned => 10,
        }
    }
}

/// The finance axis.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finance {
    /// Nothing to pay.
    None,
    /// To pay.
    Due,
    /// Paid in part.
    Partly,
    /// Paid.
    Paid,
    /// Given back.
    Refunded,
    /// Exempt, with a ground.
    Waived,
}

impl Finance {
    /// Key in tables and texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Due => "due",
            Self::Partly => "partly",
            Self::Paid => "paid",
            Self::Refunded => "refunded",
            Self::Waived => "waived",
        }
    }
}

/// How the applicant wants the result.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// At the counter.
    Counter,
    /// As an electronic result.
    Online,
    /// By the public post.
    Post,
}

impl Delivery {
    /// Key in tables and texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Online => "online",
            Self::Post => "post",
        }
    }
}

/// Where the result is on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// No result yet.
    None,
    /// Waits at the desk.
    Created,
    /// Taken over by the post.
    Collected,
    /// A delivery failed; the number counts attempts.
    Failed(u16),
    /// In the applicant's hands.
    Delivered,
    /// Back at the desk after failed deliveries.
    Returned,
}

/// An outside system that is told of every change.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncTarget {
    /// The national service portal.
    NationalPortal,
}

/// Where the telling stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// Waits in the outbox.
    Queued,
    /// Sent, no answer yet.
    Sent,
    /// Acknowledged.
    Acked,
    /// Failed this many times; will be tried again.
    Error(u16),
    /// Given up; a person must send it again.
    Dead,
}

/// An open or answered request for more papers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Supplement {
    /// Papers asked for, by their number in the edition.
    pub papers: Vec<u16>,
    /// Reason and guidance.
    pub reason: Ref,
    /// When it was asked.
    pub asked_at: Instant,
    /// Until when an answer is expected.
    pub answer_by: Instant,
}

/// A case's state; small, since every act reads and writes it whole.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Case {
    /// Id and journal stream.
    pub id: CaseId,
    /// Events applied so far: the number of the last one.
    pub seq: u64,
    /// Place of the last event that a page must know of: all but the telling of outside systems.
    /// A person who saw an earlier one is told what changed.
    pub page_seq: u64,
    /// Business axis.
    pub business: Business,
    /// Where an overlay (withdrawal asked, suspension) goes back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume_to: Option<Business>,
    /// Finance axis.
    pub finance: Finance,
    /// What was copied, where the fee goes by pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copies: Option<Copies>,
    /// Fee in đồng, after exemptions.
    pub fee_vnd: i64,
    /// Paid so far in đồng.
    pub paid_vnd: i64,
    /// How the result goes out.
    pub delivery: Delivery,
    /// Where the result is.
    pub delivery_state: DeliveryState,
    /// Sync axis, per target.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sync: Vec<(SyncTarget, SyncState)>,
    /// Procedure.
    pub procedure: ProcedureCode,
    /// Its edition; pinned.
    pub edition: u32,
    /// Version of the edition's process, pinned at acceptance; before it the one in force on the
    /// day counts, and this is the first.
    #[serde(
        default = "super::event_meta::first_version",
        skip_serializing_if = "super::event_meta::is_first_version"
    )]
    pub process_version: u32,
    /// Legal profile pinned at acceptance; at submission the one of that day.
    pub profile: String,
    /// How it came in.
    pub channel: Channel,
    /// Through whom it came in.
    pub source: Source,
    /// Desk that received it; kept through reorganisations.
    pub desk: UnitId,
    /// Unit of that desk; kept too.
    pub received_by: UnitId,
    /// Top unit over that desk, which the public post serves; kept too.
    pub province: UnitId,
    /// Unit that decides it; kept through reorganisations.
    pub decided_by: UnitId,
    /// Random tracking number, given at submission.
    pub tracking: String,
    /// Case code, given at acceptance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Whose particulars these are.
    pub subject: SubjectId,
    /// Sealed party that applies.
    pub applicant: Ref,
    /// Sealed answers on the form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Ref>,
    /// Papers handed in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<PaperGiven>,
    /// When it was handed in.
    pub submitted_at: Instant,
    /// The date shown before acceptance; not a promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected_at: Option<Instant>,
    /// When it was accepted: starts the clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Instant>,
    /// The due date; `None` before acceptance and while the clock stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<Instant>,
    /// The first promise, printed on form 01.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original_due_at: Option<Instant>,
    /// When it must have been forwarded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forward_by: Option<Instant>,
    /// Until when a supplement may be asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplement_deadline: Option<Instant>,
    /// Pauses, resets and extensions, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clock: Vec<ClockEvent>,
    /// Requests for more before acceptance so far.
    pub pre_supplements: u16,
    /// Requests for more after acceptance so far.
    pub supplements: u16,
    /// The open request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub supplement: Option<Supplement>,
    /// A drafted extension that waits for the leader: new day and reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_draft: Option<(Date, Ref)>,
    /// Extensions granted.
    pub extensions: u16,
    /// Process tokens.
    pub process: process::State,
    /// The officer in charge of the appraisal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officer: Option<AccountId>,
    /// Units chosen for consultation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consulted: Vec<UnitId>,
    /// Child cases, in the order they were opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<Child>,
    /// The case that this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<ParentLink>,
    /// Since when it stands where it stands.
    pub since: Instant,
    /// Number and sign of the result, given by the clerk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_number: Option<String>,
    /// When the business ended or the result was ready.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<Instant>,
    /// Entered late from the paper book.
    pub late_entry: bool,
    /// Timers of steps that stand still while the clock stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paused: Vec<Paused>,
    /// What operations left: who holds tasks, who helps, what stands still.
    #[serde(default, skip_serializing_if = "Ops::is_empty")]
    pub ops: Ops,
}

/// Whether a case in this state has its result, or ended without one.
pub(super) fn decided(business: Business) -> bool {
    business == Business::ResultReady || business.is_terminal()
}

impl Case {
    /// Whether it runs on the version of the process that it is pinned to: accepted and undecided.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.accepted_at.is_some() && !self.is_decided()
    }

    /// The last moment that counts for the clock: the result's, or now.
    #[must_use]
    pub fn moment(&self, now: Instant) -> Instant {
        self.finished_at.unwrap_or(now)
    }

    /// Whether nothing can be added to its decision any more: the result is there, or it ended
    /// without one.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        decided(self.business)
    }

    /// The code once there is one, the tracking number before.
    #[must_use]
    pub fn name(&self) -> &str {
        self.code.as_deref().unwrap_or(&self.tracking)
    }
}
