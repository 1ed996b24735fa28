//! What was done to a case. Events record outcomes, so that replay needs neither law nor
//! particulars. A released event is frozen; a new meaning is a new variant.

pub use super::given::{PaperGiven, Ref, Source};

use super::event_meta::{first_version, is_first_version};
use super::link::{Answer, ParentLink};
use super::op_event::OpEvent;
use super::state::{Delivery, SyncState, SyncTarget};
use super::upkeep::UpkeepEvent;
use crate::calendar::{Channel, Date, Instant};
use crate::ids::{AccountId, CaseId, ProcedureCode, SubjectId, UnitId};
use crate::procedure::Copies;
use serde::{Deserialize, Serialize};

/// One event.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "few are held at once, and every case starts with the large one"
)]
pub enum Event {
    /// 1: handed in.
    Submitted {
        /// Procedure.
        procedure: ProcedureCode,
        /// Edition.
        edition: u32,
        /// Legal profile of the day.
        profile: String,
        /// Channel.
        channel: Channel,
        /// Through whom.
        source: Source,
        /// Receiving desk.
        desk: UnitId,
        /// Unit of that desk.
        received_by: UnitId,
        /// Top unit over that desk: the public post serves it as a whole.
        province: UnitId,
        /// Deciding unit.
        decided_by: UnitId,
        /// Tracking number.
        tracking: String,
        /// Subject of the particulars.
        subject: SubjectId,
        /// Sealed applicant.
        applicant: Ref,
        /// Sealed answers.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answers: Option<Ref>,
        /// Papers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<PaperGiven>,
        /// How the result goes out.
        delivery: Delivery,
        /// Fee in đồng.
        fee_vnd: i64,
        /// Exemption claimed, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        exemption: Option<String>,
        /// What was copied, where the fee goes by pages.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        copies: Option<Copies>,
        /// When it was handed in.
        at: Instant,
        /// Expected date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected_at: Option<Instant>,
        /// Asking case.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        parent: Option<ParentLink>,
    },
    /// 3: more was asked for before acceptance.
    PreSupplementAsked {
        /// Papers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<u16>,
        /// Reason.
        reason: Ref,
        /// When.
        at: Instant,
        /// Until when.
        answer_by: Instant,
    },
    /// 5: it came in.
    PreSupplementGiven {
        /// Papers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<PaperGiven>,
        /// When.
        at: Instant,
    },
    /// The desk counted the papers anew at acceptance.
    PapersCounted {
        /// Papers as counted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<PaperGiven>,
        /// When.
        at: Instant,
    },
    /// 4 and 6: not accepted.
    Rejected {
        /// Reason; none when the time to supplement ran out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Ref>,
        /// Whether the time to supplement ran out.
        expired: bool,
        /// When.
        at: Instant,
    },
    /// 2: accepted.
    Accepted {
        /// Case code.
        code: String,
        /// Legal profile.
        profile: String,
        /// The instant that starts the clock.
        at: Instant,
        /// Due.
        due_at: Instant,
        /// To be forwarded by.
        forward_by: Instant,
        /// Supplement may be asked until.
        supplement_deadline: Instant,
        /// Late entry from the paper book: reason and second person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        late: Option<(Ref, AccountId)>,
        /// Version of the process that the case runs on from here. Journals from before versions
        /// were recorded name none and mean the first.
        #[serde(default = "first_version", skip_serializing_if = "is_first_version")]
        process_version: u32,
    },
    /// The acceptance was cancelled.
    AcceptanceVoided {
        /// Reason.
        reason: Ref,
        /// Money given back in đồng.
        refund_vnd: i64,
        /// When.
        at: Instant,
    },
    /// 7: forwarded to the deciding unit; the process starts.
    Forwarded {
        /// When.
        at: Instant,
        /// Whether after `forward_by`.
        late: bool,
        /// Moves of the process.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moves: Vec<process::Event>,
    },
    /// A task was done (8, 9, 10, 15, 16).
    TaskDone {
        /// Element id of the task.
        task: String,
        /// Kind of the task.
        kind: String,
        /// Outcome.
        outcome: String,
        /// Officer named by an assignment.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        officer: Option<AccountId>,
        /// Units to be consulted.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        consulted: Vec<UnitId>,
        /// Opinion, minutes, draft: sealed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Ref>,
        /// Number and sign of the result.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        number: Option<String>,
        /// The officer who did it and may take it back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<AccountId>,
        /// When.
        at: Instant,
        /// Moves of the process.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moves: Vec<process::Event>,
    },
    /// A task was sent back to the step before.
    SentBack {
        /// Element id of the task sent back.
        task: String,
        /// Reason.
        reason: Ref,
        /// When.
        at: Instant,
        /// Moves of the process.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moves: Vec<process::Event>,
    },
    /// The process moved by itself: a timer, an answer.
    Moved {
        /// When.
        at: Instant,
        /// Moves of the process.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moves: Vec<process::Event>,
    },
    /// A child case was opened for a waiting token.
    ChildOpened {
        /// The child.
        child: CaseId,
        /// The token.
        token: u32,
        /// The unit that is asked.
        unit: UnitId,
        /// Whether it carries out a called process.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        call: bool,
        /// When.
        at: Instant,
    },
    /// A child answered.
    ChildAnswered {
        /// The child.
        child: CaseId,
        /// How.
        answer: Answer,
        /// The variables that a called process gave back.
        #[serde(default, skip_serializing_if = "process::Vars::is_empty")]
        given: process::Vars,
        /// The code of the error with which a called process ended.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        error: String,
        /// When.
        at: Instant,
        /// Moves of the process.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moves: Vec<process::Event>,
    },
    /// 11: more was asked for after acceptance.
    SupplementAsked {
        /// Papers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<u16>,
        /// Reason.
        reason: Ref,
        /// When.
        at: Instant,
        /// Until when.
        answer_by: Instant,
        /// Whether after the third working day.
        late: bool,
    },
    /// 12: it came in, waits for the desk.
    SupplementGiven {
        /// Papers.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<PaperGiven>,
        /// When.
        at: Instant,
    },
    /// 12: the desk took it; the clock runs on or again.
    SupplementAccepted {
        /// When.
        at: Instant,
        /// Due before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_before: Option<Instant>,
        /// Due now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Instant>,
    },
    /// 14: waits for a financial duty.
    FinanceOpened {
        /// Amount in đồng.
        amount_vnd: i64,
        /// When.
        at: Instant,
    },
    /// 14: the duty was fulfilled.
    FinanceClosed {
        /// Due now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Instant>,
        /// When.
        at: Instant,
        /// Moves of the process.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        moves: Vec<process::Event>,
    },
    /// 17: the applicant asked to withdraw.
    WithdrawalAsked {
        /// Reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Ref>,
        /// When.
        at: Instant,
    },
    /// 17: decided.
    WithdrawalDecided {
        /// Granted or not.
        granted: bool,
        /// Reason when not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Ref>,
        /// When.
        at: Instant,
    },
    /// 13 and 18: stopped.
    Stopped {
        /// Reason.
        reason: Ref,
        /// Whether the time to supplement ran out.
        expired: bool,
        /// When.
        at: Instant,
    },
    /// A child case ended because the asking case was decided or ended without it.
    ParentEnded {
        /// When.
        at: Instant,
    },
    /// Lawfully suspended.
    Suspended {
        /// Ground in law.
        ground: String,
        /// Reason.
        reason: Ref,
        /// Last day.
        until: Date,
        /// When.
        at: Instant,
        /// Due now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Instant>,
    },
    /// Resumed.
    Resumed {
        /// When.
        at: Instant,
        /// Due now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Instant>,
    },
    /// 19: an extension was drafted.
    ExtensionDrafted {
        /// New day.
        new_due_on: Date,
        /// Reason.
        reason: Ref,
        /// When.
        at: Instant,
    },
    /// 19: granted, with the apology (form 04).
    Extended {
        /// New day.
        new_due_on: Date,
        /// Reason.
        reason: Ref,
        /// When.
        at: Instant,
        /// Due before.
        due_before: Instant,
        /// Due now.
        due_at: Instant,
    },
    /// 16: the result is ready; the clock stops.
    ResultReady {
        /// When.
        at: Instant,
        /// Due then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Instant>,
    },
    /// 20: handed over.
    Delivered {
        /// How.
        how: Delivery,
        /// Who took it, and on what paper: sealed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        taken_by: Option<Ref>,
        /// Whether by written authorisation.
        authorised: bool,
        /// When.
        at: Instant,
    },
    /// The post took the result over.
    PostCollected {
        /// When.
        at: Instant,
    },
    /// A delivery failed.
    PostFailed {
        /// Reason.
        reason: Ref,
        /// When.
        at: Instant,
    },
    /// 21: the post brought it back.
    PostReturned {
        /// When.
        at: Instant,
    },
    /// 22: another officer.
    Reassigned {
        /// Who from now on.
        officer: AccountId,
        /// Reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Ref>,
        /// When.
        at: Instant,
    },
    /// Money came in.
    Paid {
        /// Amount in đồng.
        amount_vnd: i64,
        /// `cash`, `transfer`, `online`.
        method: String,
        /// When.
        at: Instant,
    },
    /// Money went back.
    Refunded {
        /// Amount in đồng.
        amount_vnd: i64,
        /// Reason.
        reason: Ref,
        /// When.
        at: Instant,
    },
    /// The fee was waived by a rule of the edition.
    Waived {
        /// Key of the exemption.
        exemption: String,
        /// When.
        at: Instant,
    },
    /// A note among officers.
    Noted {
        /// The note.
        note: Ref,
        /// When.
        at: Instant,
    },
    /// A new PIN was issued; the old one is void.
    PinRenewed {
        /// When.
        at: Instant,
    },
    /// The telling of an outside system moved on.
    Synced {
        /// Which.
        target: SyncTarget,
        /// Where it stands.
        state: SyncState,
        /// When.
        at: Instant,
    },
    /// The due date moved since the calendar changed (rule W5).
    DueMoved {
        /// Due before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_before: Option<Instant>,
        /// Due now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        due_at: Option<Instant>,
        /// When.
        at: Instant,
    },
    /// An operation beyond the drawn process.
    Op(OpEvent),
    /// What is done to it from outside its process.
    Upkeep(UpkeepEvent),
}
