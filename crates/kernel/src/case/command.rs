//! What may be done to a case, with checked data. Free texts come in sealed (`Ref`).

use super::action::Action;
use super::event::{PaperGiven, Ref, Source};
use super::link::{Answer, Became, ParentLink};
use super::migrate::{Migrate, RevertMigration};
use super::op::Op;
use super::state::{Delivery, SyncState, SyncTarget};
use crate::calendar::{Channel, Date, Instant};
use crate::ids::{AccountId, CaseId, SubjectId, UnitId};
use crate::procedure::Copies;

/// A checked application.
#[derive(Clone, PartialEq, Debug)]
pub struct Submission {
    /// Channel.
    pub channel: Channel,
    /// Through whom.
    pub source: Source,
    /// Receiving desk.
    pub desk: UnitId,
    /// Random tracking number.
    pub tracking: String,
    /// Subject of the particulars.
    pub subject: SubjectId,
    /// Sealed applicant.
    pub applicant: Ref,
    /// Sealed answers.
    pub answers: Option<Ref>,
    /// Papers handed in.
    pub papers: Vec<PaperGiven>,
    /// How the result goes out.
    pub delivery: Delivery,
    /// Key of an exemption claimed.
    pub exemption: Option<String>,
    /// What was copied, where the fee goes by pages.
    pub copies: Option<Copies>,
    /// Asking case.
    pub parent: Option<ParentLink>,
}

/// A late entry from the paper book after an outage.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LateEntry {
    /// True time of reception.
    pub received_at: Instant,
    /// Reason.
    pub reason: Ref,
    /// The second person, who saw the paper book.
    pub second: AccountId,
}

/// One command.
#[derive(Clone, PartialEq, Debug)]
pub enum Command {
    /// 1: hand in.
    Submit(Box<Submission>),
    /// 2: accept. `number` is the next one of the desk's day, drawn in the same unit of work.
    Accept {
        /// Number of the day.
        number: u32,
        /// Papers as counted at the desk; `None` keeps what was handed in.
        papers: Option<Vec<PaperGiven>>,
        /// Late entry.
        late: Option<LateEntry>,
    },
    /// 3: ask for more before acceptance.
    AskPreSupplement {
        /// Papers.
        papers: Vec<u16>,
        /// Reason and guidance.
        reason: Option<Ref>,
    },
    /// 5: give it.
    GivePreSupplement {
        /// Papers.
        papers: Vec<PaperGiven>,
    },
    /// 4: refuse to accept.
    Reject {
        /// Reason.
        reason: Option<Ref>,
    },
    /// 6: the time to supplement ran out.
    ExpirePreSupplement,
    /// Cancel an acceptance before it is forwarded.
    VoidAcceptance {
        /// Reason.
        reason: Option<Ref>,
    },
    /// 7: forward.
    Forward,
    /// Do a task of the process (8, 9, 10, 15, 16).
    Complete {
        /// Token.
        token: u32,
        /// Outcome.
        outcome: String,
        /// Officer named (assignments).
        officer: Option<AccountId>,
        /// Units to consult (assignments).
        consulted: Vec<UnitId>,
        /// Opinion, minutes, draft.
        note: Option<Ref>,
        /// Number and sign of the result (the clerk).
        number: Option<String>,
        /// Amount of a financial duty in đồng (the notice of it).
        amount_vnd: Option<i64>,
    },
    /// Send a task back to the step before.
    SendBack {
        /// Token.
        token: u32,
        /// Reason.
        reason: Option<Ref>,
    },
    /// A timer of the process fired.
    FireTimer {
        /// Token.
        token: u32,
        /// Boundary node, if it is one.
        boundary: Option<process::NodeIx>,
    },
    /// A child case was opened.
    OpenChild {
        /// The child.
        child: CaseId,
        /// The waiting token.
        token: u32,
        /// The unit that is asked.
        unit: UnitId,
    },
    /// A waiting token has nobody to ask and goes on.
    SkipWait {
        /// The waiting token.
        token: u32,
    },
    /// A child answered.
    AnswerChild {
        /// The child.
        child: CaseId,
        /// How.
        answer: Answer,
    },
    /// Something became of a called process.
    Called {
        /// The child case that runs it.
        child: CaseId,
        /// What.
        became: Became,
    },
    /// A child case ends, since the asking case was decided or ended.
    EndWithParent,
    /// 11: ask for more after acceptance.
    AskSupplement {
        /// Papers.
        papers: Vec<u16>,
        /// Reason and guidance.
        reason: Option<Ref>,
        /// Days to answer.
        answer_days: u32,
    },
    /// 12: give it.
    GiveSupplement {
        /// Papers.
        papers: Vec<PaperGiven>,
    },
    /// 12: take it at the desk.
    AcceptSupplement,
    /// 13: stop since nothing came in.
    StopUnanswered {
        /// Reason.
        reason: Option<Ref>,
    },
    /// 14: a financial duty is open.
    OpenFinance {
        /// Amount in đồng.
        amount_vnd: i64,
    },
    /// 14: it is fulfilled.
    CloseFinance,
    /// 17: ask to withdraw.
    AskWithdrawal {
        /// Reason.
        reason: Option<Ref>,
    },
    /// 17: decide.
    DecideWithdrawal {
        /// Granted.
        granted: bool,
        /// Reason when not.
        reason: Option<Ref>,
    },
    /// 18: stop.
    Stop {
        /// Reason.
        reason: Option<Ref>,
    },
    /// Suspend lawfully.
    Suspend {
        /// Ground in law.
        ground: String,
        /// Reason.
        reason: Option<Ref>,
        /// Last day.
        until: Date,
    },
    /// Resume.
    Resume,
    /// 19: draft an extension.
    DraftExtension {
        /// New day.
        new_due_on: Date,
        /// Reason.
        reason: Option<Ref>,
    },
    /// 19: grant the drafted one.
    GrantExtension,
    /// 20: hand over.
    Deliver {
        /// How.
        how: Delivery,
        /// Who took it.
        taken_by: Option<Ref>,
        /// By written authorisation.
        authorised: bool,
    },
    /// The post takes the result over.
    PostCollect,
    /// 20: the post delivered it.
    PostDeliver {
        /// Who took it.
        taken_by: Option<Ref>,
    },
    /// A delivery failed.
    PostFail {
        /// Reason.
        reason: Option<Ref>,
    },
    /// 21: the post brings it back.
    PostReturn,
    /// 22: another officer.
    Reassign {
        /// Who.
        officer: AccountId,
        /// Reason.
        reason: Option<Ref>,
    },
    /// Take money.
    Pay {
        /// Amount in đồng.
        amount_vnd: i64,
        /// `cash`, `transfer`, `online`.
        method: String,
    },
    /// Give money back.
    Refund {
        /// Amount in đồng.
        amount_vnd: i64,
        /// Reason.
        reason: Option<Ref>,
    },
    /// Waive the fee by a rule of the edition.
    Waive {
        /// Key of the exemption.
        exemption: String,
    },
    /// Note among officers.
    Note {
        /// The note.
        note: Option<Ref>,
    },
    /// Issue a new PIN.
    RenewPin,
    /// The telling of an outside system moved on.
    Sync {
        /// Which.
        target: SyncTarget,
        /// Where it stands.
        state: SyncState,
    },
    /// Derive the due date again after a change of the calendar (rule W5).
    RederiveDue,
    /// An operation beyond the drawn process.
    Op(Op),
    /// Go to another version of its process.
    Migrate(Box<Migrate>),
    /// Go back, since nothing was done since.
    RevertMigration(Box<RevertMigration>),
}

impl Command {
    /// The action that the policy knows.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Self::Submit(s) if s.source == Source::Counter => Action::Register,
            Self::Submit(s) if s.source == Source::Parent => Action::System,
            Self::Submit(_) => Action::Submit,
            Self::Accept { .. } => Action::Accept,
            Self::AskPreSupplement { .. } => Action::AskPreSupplement,
            Self::GivePreSupplement { .. } => Action::GivePreSupplement,
            Self::Reject { .. } => Action::Reject,
            Self::VoidAcceptance { .. } => Action::VoidAcceptance,
            Self::Forward => Action::Forward,
            Self::Complete { token, .. } => Action::Complete(*token),
            Self::SendBack { token, .. } => Action::SendBack(*token),
            Self::AskSupplement { .. } => Action::AskSupplement,
            Self::GiveSupplement { .. } => Action::GiveSupplement,
            Self::AcceptSupplement => Action::AcceptSupplement,
            Self::StopUnanswered { .. } => Action::StopUnanswered,
            Self::OpenFinance { .. } => Action::OpenFinance,
            Self::CloseFinance => Action::CloseFinance,
            Self::AskWithdrawal { .. } => Action::AskWithdrawal,
            Self::DecideWithdrawal { .. } => Action::DecideWithdrawal,
            Self::Stop { .. } => Action::Stop,
            Self::Suspend { .. } => Action::Suspend,
            Self::Resume => Action::Resume,
            Self::DraftExtension { .. } => Action::DraftExtension,
            Self::GrantExtension => Action::GrantExtension,
            Self::Deliver { .. } => Action::Deliver,
            Self::PostCollect => Action::PostCollect,
            Self::PostDeliver { .. } => Action::PostDeliver,
            Self::PostFail { .. } => Action::PostFail,
            Self::PostReturn => Action::PostReturn,
            Self::Reassign { .. } => Action::Reassign,
            Self::Pay { .. } => Action::Pay,
            Self::Refund { .. } => Action::Refund,
            Self::Waive { .. } => Action::Waive,
            Self::Note { .. } => Action::Note,
            Self::RenewPin => Action::RenewPin,
            Self::Op(op) => op.action(),
            Self::ExpirePreSupplement
            | Self::FireTimer { .. }
            | Self::OpenChild { .. }
            | Self::SkipWait { .. }
            | Self::AnswerChild { .. }
            | Self::Called { .. }
            | Self::EndWithParent
            | Self::Sync { .. }
            | Self::RederiveDue
            | Self::Migrate(_)
            | Self::RevertMigration(_) => Action::System,
        }
    }
}
