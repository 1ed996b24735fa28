//! Exactly the acts that this person may do on this case now: what a page offers, nothing more.

use super::action::Action;
use super::decide::{
    Ctx, SEND_BACK, counter_task, done_already, expected, finished_by, is_free, may_be_helped,
    may_be_lent, may_head, may_move_on, open_vnd, own_right, task_right,
};
use super::state::{Business, Case, Delivery, DeliveryState, Finance};
use crate::access;
use crate::limits;
use process::NodeIx;

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
    /// Steps that the act may lead to, the likeliest last.
    pub targets: Vec<Target>,
}

/// A step that an act may lead to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// Element id.
    pub id: String,
    /// Name in the process.
    pub name: String,
    /// Kind.
    pub kind: String,
}

/// The acts on offer: those that state and policy allow. Data may still be refused.
#[must_use]
pub fn offers(case: &Case, ctx: &Ctx<'_>) -> Vec<Offer> {
    let mut offers = tasks(case, ctx);
    if case.business == Business::Processing && allowed(case, Action::Choose(0), ctx) {
        offers.extend(choices(case, ctx));
    }
    for action in Action::ON_CASE {
        if fits(case, action, ctx) && allowed(case, action, ctx) && somebody(case, action, ctx) {
            let task = (action == Action::AddStep).then(|| addable(case, ctx));
            offers.push(Offer { action, task });
        }
    }
    offers.extend(beside(case, ctx));
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
    let open: Vec<(u32, NodeIx)> = match case.business {
        Business::Processing => process::open_tasks(ctx.definition, &case.process).collect(),
        Business::Accepted => counter_task(ctx).map(|ix| (0, ix)).into_iter().collect(),
        _ => Vec::new(),
    };
    let mut offers = Vec::new();
    for (token, ix) in open {
        if task_right(case, token, ctx).is_err() {
            continue;
        }
        let task = offered(token, ix, Vec::new(), ctx);
        if !done_already(case, token) {
            offers.push(Offer { action: Action::Complete(token), task: Some(task.clone()) });
        }
        if case.business != Business::Processing {
            continue;
        }
        let mut targets = process::return_targets(ctx.definition, &case.process, token);
        // The step before stands last: most returns lead there.
        let before = case.process.token(token).and_then(process::Token::came_from);
        targets.sort_by_key(|ix| (Some(*ix) == before, *ix));
        if !targets.is_empty() {
            let task = offered(token, ix, targets, ctx);
            offers.push(Offer { action: Action::Return(token), task: Some(task) });
        }
        if is_free(case, token, ctx) && ctx.actor.account().is_some() {
            offers.push(Offer { action: Action::Claim(token), task: Some(task) });
        }
    }
    offers
}

fn offered(token: u32, ix: NodeIx, targets: Vec<NodeIx>, ctx: &Ctx<'_>) -> OfferedTask {
    let node = ctx.definition.node(ix);
    let kind = node.task_kind.clone().or_else(|| node.job.clone()).unwrap_or_default();
    // A gateway, a script has often no name of its own.
    let nameless = node.name.is_empty() && kind.is_empty();
    OfferedTask {
        token,
        id: node.id.clone(),
        name: if nameless { node.id.clone() } else { node.name.clone() },
        kind,
        outcomes: node.outcomes.iter().filter(|o| *o != SEND_BACK).cloned().collect(),
        targets: targets.into_iter().map(|ix| target(ix, ctx)).collect(),
    }
}

fn target(ix: NodeIx, ctx: &Ctx<'_>) -> Target {
    let node = ctx.definition.node(ix);
    let kind = node.task_kind.clone().unwrap_or_default();
    let nameless = node.name.is_empty() && kind.is_empty();
    let name = if nameless { node.id.clone() } else { node.name.clone() };
    Target { id: node.id.clone(), name, kind }
}

/// The tasks that a leader may have done once more.
fn addable(case: &Case, ctx: &Ctx<'_>) -> OfferedTask {
    let all = process::add_targets(ctx.definition, &case.process);
    OfferedTask {
        token: 0,
        id: String::new(),
        name: String::new(),
        kind: String::new(),
        outcomes: Vec::new(),
        targets: all.into_iter().map(|ix| target(ix, ctx)).collect(),
    }
}

/// Acts on single tasks that are not one's next work: whose they are, and what a leader orders.
fn beside(case: &Case, ctx: &Ctx<'_>) -> Vec<Offer> {
    if case.business != Business::Processing {
        return Vec::new();
    }
    let mut offers = Vec::new();
    for done in &case.ops.finished {
        if finished_by(case, done.token, ctx) == Some(done) {
            let ix = ctx.definition.node_by_id(&done.task);
            let task = ix.map(|ix| offered(done.token, ix, Vec::new(), ctx));
            offers.push(Offer { action: Action::TakeBack(done.token), task });
        }
    }
    if allowed(case, Action::Happen(0), ctx) {
        offers.extend(awaited(case, ctx));
    }
    for (token, ix) in process::open_tasks(ctx.definition, &case.process) {
        offers.extend(holding(case, token, ix, ctx));
    }
    if allowed(case, Action::Jump(0), ctx) {
        for (token, ix) in process::skip_targets(ctx.definition, &case.process) {
            let targets = process::jump_targets(ctx.definition, &case.process, token);
            let task = offered(token, ix, targets, ctx);
            if !task.targets.is_empty() {
                offers.push(Offer { action: Action::Jump(token), task: Some(task.clone()) });
            }
            offers.push(Offer { action: Action::Skip(token), task: Some(task) });
        }
    }
    for incident in &case.ops.incidents {
        if allowed(case, Action::Retry(incident.number), ctx) {
            let ix = ctx.definition.node_by_id(&incident.node);
            let ix = ix.unwrap_or(ctx.definition.start());
            let task = Some(offered(incident.number, ix, Vec::new(), ctx));
            offers.push(Offer { action: Action::Retry(incident.number), task });
        }
    }
    offers
}

/// Activities of ad-hoc sub-processes that may begin now.
fn choices(case: &Case, ctx: &Ctx<'_>) -> Vec<Offer> {
    let open = process::choices(ctx.definition, &case.process).into_iter();
    let offer = |(token, among): (u32, Vec<NodeIx>)| {
        let at = case.process.token(token)?.node;
        let task = Some(offered(token, at, among, ctx));
        Some(Offer { action: Action::Choose(token), task })
    };
    open.filter_map(offer).collect()
}

/// What the case waits for from outside, an act for each token; for what the process as a whole
/// waits for, one of the number 0.
fn awaited(case: &Case, ctx: &Ctx<'_>) -> Vec<Offer> {
    let waits = expected(case, ctx);
    let mut tokens: Vec<u32> = waits.iter().map(|(token, _)| *token).collect();
    tokens.sort_unstable();
    tokens.dedup();
    let offer = |token: u32| {
        let of_token = waits.iter().filter(|(waiting, _)| *waiting == token);
        let events: Vec<NodeIx> = of_token.map(|(_, node)| *node).collect();
        // The whole process is told by the part that would begin.
        let part = events.first().and_then(|event| ctx.definition.node(*event).parent);
        let whole = part.unwrap_or(ctx.definition.start());
        let at = case.process.token(token).map_or(whole, |token| token.node);
        let task = Some(offered(token, at, events, ctx));
        Offer { action: Action::Happen(token), task }
    };
    tokens.into_iter().map(offer).collect()
}

/// Giving a task back, lending it, and the end of that.
fn holding(case: &Case, token: u32, ix: NodeIx, ctx: &Ctx<'_>) -> Vec<Offer> {
    let own = own_right(case, token, ctx).is_some();
    let heads = may_head(case, token, ctx).is_ok();
    let hold = case.ops.hold(token);
    let lent = hold.and_then(|hold| hold.lent.as_ref());
    let borrowed = lent.is_some_and(|lent| Some(&lent.to) == ctx.actor.account());
    let mut actions = Vec::new();
    if (own || heads) && hold.is_some_and(|hold| hold.by.is_some()) {
        actions.push(Action::Release(token));
    }
    let free = case.ops.lent(token, ctx.today()).is_none();
    if (own || heads) && free && may_be_lent(case, token, ctx) {
        actions.push(Action::Delegate(token));
    }
    if (own || heads || borrowed) && lent.is_some() {
        actions.push(Action::EndDelegation(token));
    }
    let task = offered(token, ix, Vec::new(), ctx);
    actions.into_iter().map(|action| Offer { action, task: Some(task.clone()) }).collect()
}

/// Whether there is somebody for acts that name somebody; looked at last, since it walks the units.
fn somebody(case: &Case, action: Action, ctx: &Ctx<'_>) -> bool {
    match action {
        Action::Transfer => may_move_on(case, ctx),
        Action::CoProcess => may_be_helped(case, ctx),
        _ => true,
    }
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
        Action::Reassign => {
            is(&[B::Processing, B::FinDuty]) && (case.officer.is_some() || case.ops.to_assign)
        }
        Action::AddStep => {
            is(&[B::Processing]) && !process::add_targets(ctx.definition, &case.process).is_empty()
        }
        Action::Transfer => is(&[B::Processing]),
        Action::CoProcess => {
            !case.is_decided()
                && case.accepted_at.is_some()
                && case.ops.helpers.len() < limits::HELPERS
        }
        Action::EndCoProcess => !case.ops.helpers.is_empty(),
        Action::SetData => {
            is(&[B::Processing]) && case.process.started() && !case.ops.incidents.is_empty()
        }
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
