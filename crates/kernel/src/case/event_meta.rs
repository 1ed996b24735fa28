//! What every event has: its kind, when it happened, and what it means to the clock.

use super::event::Event;
use crate::calendar::{ClockEvent, Instant};
use crate::procedure::FIRST_VERSION;

/// Journals from before versions were recorded name none and mean the first.
pub(super) fn first_version() -> u32 {
    FIRST_VERSION
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde asks for")]
pub(super) fn is_first_version(version: &u32) -> bool {
    *version == FIRST_VERSION
}

impl Event {
    /// Kind, as the journal's column has it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "submitted",
            Self::PreSupplementAsked { .. } => "pre_supplement_asked",
            Self::PreSupplementGiven { .. } => "pre_supplement_given",
            Self::PapersCounted { .. } => "papers_counted",
            Self::Rejected { .. } => "rejected",
            Self::Accepted { .. } => "accepted",
            Self::AcceptanceVoided { .. } => "acceptance_voided",
            Self::Forwarded { .. } => "forwarded",
            Self::TaskDone { .. } => "task_done",
            Self::SentBack { .. } => "sent_back",
            Self::Moved { .. } => "moved",
            Self::ChildOpened { .. } => "child_opened",
            Self::ChildAnswered { .. } => "child_answered",
            Self::SupplementAsked { .. } => "supplement_asked",
            Self::SupplementGiven { .. } => "supplement_given",
            Self::SupplementAccepted { .. } => "supplement_accepted",
            Self::FinanceOpened { .. } => "finance_opened",
            Self::FinanceClosed { .. } => "finance_closed",
            Self::WithdrawalAsked { .. } => "withdrawal_asked",
            Self::WithdrawalDecided { .. } => "withdrawal_decided",
            Self::Stopped { .. } => "stopped",
            Self::ParentEnded { .. } => "parent_ended",
            Self::Suspended { .. } => "suspended",
            Self::Resumed { .. } => "resumed",
            Self::ExtensionDrafted { .. } => "extension_drafted",
            Self::Extended { .. } => "extended",
            Self::ResultReady { .. } => "result_ready",
            Self::Delivered { .. } => "delivered",
            Self::PostCollected { .. } => "post_collected",
            Self::PostFailed { .. } => "post_failed",
            Self::PostReturned { .. } => "post_returned",
            Self::Reassigned { .. } => "reassigned",
            Self::Paid { .. } => "paid",
            Self::Refunded { .. } => "refunded",
            Self::Waived { .. } => "waived",
            Self::Noted { .. } => "noted",
            Self::PinRenewed { .. } => "pin_renewed",
            Self::Synced { .. } => "synced",
            Self::DueMoved { .. } => "due_moved",
            Self::Op(op) => op.kind(),
            Self::Upkeep(upkeep) => upkeep.kind(),
        }
    }

    /// When it happened in the world; the journal's own instant is when it was recorded.
    #[must_use]
    pub fn at(&self) -> Instant {
        match self {
            Self::Submitted { at, .. }
            | Self::PreSupplementAsked { at, .. }
            | Self::PreSupplementGiven { at, .. }
            | Self::PapersCounted { at, .. }
            | Self::Rejected { at, .. }
            | Self::Accepted { at, .. }
            | Self::AcceptanceVoided { at, .. }
            | Self::Forwarded { at, .. }
            | Self::TaskDone { at, .. }
            | Self::SentBack { at, .. }
            | Self::Moved { at, .. }
            | Self::ChildOpened { at, .. }
            | Self::ChildAnswered { at, .. }
            | Self::SupplementAsked { at, .. }
            | Self::SupplementGiven { at, .. }
            | Self::SupplementAccepted { at, .. }
            | Self::FinanceOpened { at, .. }
            | Self::FinanceClosed { at, .. }
            | Self::WithdrawalAsked { at, .. }
            | Self::WithdrawalDecided { at, .. }
            | Self::Stopped { at, .. }
            | Self::ParentEnded { at }
            | Self::Suspended { at, .. }
            | Self::Resumed { at, .. }
            | Self::ExtensionDrafted { at, .. }
            | Self::Extended { at, .. }
            | Self::ResultReady { at, .. }
            | Self::Delivered { at, .. }
            | Self::PostCollected { at }
            | Self::PostFailed { at, .. }
            | Self::PostReturned { at }
            | Self::Reassigned { at, .. }
            | Self::Paid { at, .. }
            | Self::Refunded { at, .. }
            | Self::Waived { at, .. }
            | Self::Noted { at, .. }
            | Self::PinRenewed { at }
            | Self::Synced { at, .. }
            | Self::DueMoved { at, .. } => *at,
            Self::Op(op) => op.at(),
            Self::Upkeep(upkeep) => upkeep.at(),
        }
    }

    /// Whether it leaves all worklists as they are.
    #[must_use]
    pub fn leaves_work(&self) -> bool {
        matches!(self, Self::Noted { .. } | Self::PinRenewed { .. } | Self::Synced { .. })
    }

    /// The version of the process that the case is pinned to from this event on, if it pins one.
    #[must_use]
    pub fn pins(&self) -> Option<u32> {
        match self {
            Self::Accepted { process_version, .. } => Some(*process_version),
            Self::Upkeep(upkeep) => upkeep.pins(),
            _ => None,
        }
    }

    /// The step that this event adds to the clock, if any.
    #[must_use]
    pub fn clock_event(&self) -> Option<ClockEvent> {
        super::clock::of_event(self)
    }
}
