//! Exactly the acts that this person may do on this case now: what a page offers, nothing more.

use super::action::Action;
use super::decide::{Ctx, SEND_BACK, counter_task, open_vnd, task_right};
use super::state::{Business, Case, Delivery, DeliveryState, Finance};
use crate::access;
use crate::limits;

/// An act that can be done now.
#[derive(Clone, PartialEq, Debug)]
pub struct Offer {
    /// The act.
    pub action: Action,
    /// The task, if the act belongs to one.
    pub task: Option<OfferedTask>,
}

/// The task of an offer.
#[derive(Clone, PartialEq, Debug)]
pub struct OfferedTask {
    /// Token.
    pub token: u32,
    /// Element id.
    pub id: String,
    /// Name in the process.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Outcomes.
    pub outcomes: Vec<String>,
}

/// The acts on offer: those that state and policy allow. Data may still be refused.
#[must_use]
pub fn offers(case: &Case, ctx: &Ctx<'_>) -> Vec<Offer> {
    let mut offers = tasks(case, ctx);
    for action in Action::ON_CASE {
        if fits(case, action, ctx) && allowed(case, action, ctx) {
            offers.push(Offer { action, task: None });
        }
    }
    offers
}

fn allowed(case: &Case, action: Action, ctx: &Ctx<'_>) -> bool {
    if action == Action::AskPreSupplement && case.pre_supplements >= limits::PRE_SUPPLEMENTS {
        let leader = &[crate::org::Role::Leader];
        return access::seat_in(ctx.actor, leader, &case.decided_by, ctx.tree, ctx.today()).is_ok();
    }
    access::allowed(ctx.actor, action, case, ctx.tree, ctx.today()).is_ok()
}

fn tasks(case: &Case, ctx: &Ctx<'_>) -> Vec<Offer> {
    let open: Vec<(u32, process::NodeIx)> = match case.business {
        Business::Processing => process::open_tasks(ctx.definition, &case.process).collect(),
        Business::Accepted => counter_task(ctx).map(|ix| (0, ix)).into_iter().collect(),
        _ => Vec::new(),
    };
    let mut offers = Vec::new();
    for (token, ix) in open {
        if task_right(case, token, ctx).is_err() {
            continue;
        }
        let node = ctx.definition.node(ix);
        let task = OfferedTask {
            token,
            id: node.id.clone(),
            name: node.name.clone(),
            kind: node.task_kind.clone().unwrap_or_default(),
            outcomes: node.outcomes.iter().filter(|o| *o != SEND_BACK).cloned().collect(),
        };
        offers.push(Offer { action: Action::Complete(token), task: Some(task.clone()) });
        if process::send_back_target(ctx.definition, &case.process, token).is_some() {
            offers.push(Offer { action: Action::SendBack(token), task: Some(task) });
        }
    }
    offers
}

/// Whether the state allows an act; the deciders judge the same and more.
fn fits(case: &Case, action: Action, ctx: &Ctx<'_>) -> bool {
    use Business as B;
    let is = |states: &[Business]| states.contains(&case.business);
    let travelling =
        matches!(case.delivery_state, DeliveryState::Collected | DeliveryState::Failed(_));
    match action {
        Action::Accept | Action::AskPreSupplement => is(&[B::Submitted]),
        Action::Reject => is(&[B::Submitted, B::PreSupplement]),
        Action::GivePreSupplement => is(&[B::PreSupplement]),
        Action::VoidAcceptance => is(&[B::Accepted]) && case.parent.is_none(),
        Action::Forward => is(&[B::Accepted]) && counter_task(ctx).is_none(),
        Action::AskSupplement | Action::OpenFinance | Action::Suspend => is(&[B::Processing]),
        Action::GiveSupplement => is(&[B::Supplement]),
        Action::AcceptSupplement => is(&[B::Supplemented]),
        Action::StopUnanswered => {
            is(&[B::Supplement]) && case.supplement.as_ref().is_some_and(|s| ctx.now >= s.answer_by)
        }
        Action::CloseFinance => is(&[B::FinDuty]),
        Action::AskWithdrawal => {
            is(&[
                B::Submitted,
                B::PreSupplement,
                B::Accepted,
                B::Processing,
                B::Supplement,
                B::Supplemented,
                B::FinDuty,
                B::Suspended,
            ]) && case.parent.is_none()
        }
        Action::DecideWithdrawal => is(&[B::WithdrawReq]),
        Action::Stop => is(&[B::Processing, B::Suspended]),
        Action::Resume => is(&[B::Suspended]),
        // A new draft takes the place of one that the leader has not granted.
        Action::DraftExtension => is(&[B::Processing]) && case.extensions < limits::EXTENSIONS,
        Action::GrantExtension => is(&[B::Processing]) && case.extension_draft.is_some(),
        Action::Deliver => is(&[B::ResultReady]) && !travelling && open_vnd(case) == 0,
        Action::PostCollect => {
            is(&[B::ResultReady]) && !travelling && case.delivery == Delivery::Post
        }
        Action::PostDeliver | Action::PostFail => is(&[B::ResultReady]) && travelling,
        Action::PostReturn => {
            is(&[B::ResultReady])
                && matches!(case.delivery_state,
                    DeliveryState::Failed(n) if n >= limits::POST_ATTEMPTS)
        }
        Action::Reassign => is(&[B::Processing, B::FinDuty]) && case.officer.is_some(),
        Action::Pay => {
            open_vnd(case) > 0 && !(case.business.is_terminal() && case.business != B::Returned)
        }
        Action::Refund => case.paid_vnd > 0 && case.business.is_terminal(),
        Action::Waive => {
            case.finance == Finance::Due
                && !ctx.edition.exemptions.is_empty()
                && !(case.business.is_terminal() && case.business != B::Returned)
        }
        Action::RenewPin => case.parent.is_none(),
        Action::Note => !case.business.is_terminal(),
        _ => false,
    }
}
