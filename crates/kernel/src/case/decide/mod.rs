//! What a command does to a case: the guards of transitions 1 to 22, in files by the part of the
//! life cycle. Deciders read and never change.

mod calls;
mod clock_acts;
mod drawn;
mod incidents;
mod intake;
mod look;
mod money;
mod ops;
mod outcome;
mod people;
mod steps;

use super::command::Command;
use super::event::{Event, PaperGiven, Ref};
use super::migrate;
use super::profile::LegalProfile;
use super::refusal::Refusal;
use super::state::{Business, Case};
use super::step_timers;
use crate::access::{self, Actor, Grant};
use crate::calendar::{Calendar, Date, Instant};
use crate::limits;
use crate::org::{Role, Staff, Tree};
use crate::people::Fault;
use crate::procedure::{Definitions, Edition};

pub(crate) use calls::start;
pub(super) use incidents::done_already;
pub(super) use money::open_vnd;
pub use ops::opens;
pub(super) use ops::{expected, finished_by};
pub use people::{helpers_for, lendable_to, transfer_targets};
pub(super) use people::{is_free, may_be_helped, may_be_lent, may_head, may_move_on, own_right};
pub(crate) use steps::field;
pub(super) use steps::{SEND_BACK, counter_task, lane_unit, task_right};

/// All that a decision may look at beside the case.
#[derive(Clone, Copy, Debug)]
pub struct Ctx<'a> {
    /// Now.
    pub now: Instant,
    /// Who acts.
    pub actor: &'a Actor,
    /// Units.
    pub tree: &'a Tree,
    /// Posts and holders.
    pub staff: &'a Staff,
    /// The pinned edition.
    pub edition: &'a Edition,
    /// Its process, in the pinned version; before acceptance in that of today.
    pub definition: &'a process::Definition,
    /// All versions of its process: acceptance pins one, and `apply` follows the pin.
    pub definitions: Definitions<'a>,
    /// The calendar of the receiving desk.
    pub calendar: &'a Calendar,
    /// The legal profile: of today before acceptance, then the pinned one.
    pub profile: &'a LegalProfile,
    /// All legal profiles: a late entry is accepted under that of its true time.
    pub profiles: &'a [LegalProfile],
}

impl Ctx<'_> {
    /// Today.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now.date()
    }
}

/// Events and by what right.
type Decided = Result<(Grant, Vec<Event>), Refusal>;

/// Decides a command. `case` is `None` for a submission only.
///
/// # Errors
/// A typed refusal; nothing was changed.
pub fn decide(case: Option<&Case>, command: &Command, ctx: &Ctx<'_>) -> Decided {
    let case = match (case, command) {
        (None, Command::Submit(submission)) => return intake::submit(submission, ctx),
        (Some(_), Command::Submit(_)) => return Err(Refusal::Exists(true)),
        (None, _) => return Err(Refusal::Exists(false)),
        (Some(case), _) => case,
    };
    let grant = right(case, command, ctx)?;
    let mut events = match command {
        Command::Submit(_) => return Err(Refusal::Exists(true)),
        Command::Accept { .. }
        | Command::AskPreSupplement { .. }
        | Command::GivePreSupplement { .. }
        | Command::Reject { .. }
        | Command::ExpirePreSupplement
        | Command::VoidAcceptance { .. } => intake::decide(case, command, ctx),
        Command::Forward
        | Command::Complete { .. }
        | Command::SendBack { .. }
        | Command::FireTimer { .. }
        | Command::OpenChild { .. }
        | Command::SkipWait { .. }
        | Command::AnswerChild { .. }
        | Command::Reassign { .. } => steps::decide(case, command, ctx),
        Command::Called { child, became } => calls::decide(case, *child, became, ctx),
        Command::AskSupplement { .. }
        | Command::GiveSupplement { .. }
        | Command::AcceptSupplement
        | Command::Suspend { .. }
        | Command::Resume
        | Command::DraftExtension { .. }
        | Command::GrantExtension
        | Command::RederiveDue => clock_acts::decide(case, command, ctx),
        Command::OpenFinance { .. }
        | Command::CloseFinance
        | Command::Pay { .. }
        | Command::Refund { .. }
        | Command::Waive { .. } => money::decide(case, command, ctx),
        Command::StopUnanswered { .. }
        | Command::AskWithdrawal { .. }
        | Command::DecideWithdrawal { .. }
        | Command::Stop { .. }
        | Command::Deliver { .. }
        | Command::PostCollect
        | Command::PostDeliver { .. }
        | Command::PostFail { .. }
        | Command::PostReturn
        | Command::Note { .. }
        | Command::RenewPin
        | Command::EndWithParent
        | Command::Sync { .. } => outcome::decide(case, command, ctx),
        Command::Op(op) => ops::decide(case, op, ctx),
        Command::Migrate(order) => migrate::migrate(case, order, ctx),
        Command::RevertMigration(order) => migrate::revert(case, order, ctx),
    }?;
    events.extend(step_timers::resume(case, &events, ctx));
    let events = look::after(case, events, ctx)?;
    Ok((grant, calls::after(case, events, ctx)))
}

/// By what right: the policy, or the lane of the task. A second full request before acceptance
/// needs the leader of the deciding unit.
fn right(case: &Case, command: &Command, ctx: &Ctx<'_>) -> Result<Grant, Refusal> {
    match command {
        Command::Complete { token, .. } | Command::SendBack { token, .. } => {
            task_right(case, *token, ctx).map(|(grant, _)| grant)
        }
        Command::Op(op) => ops::right(case, op, ctx),
        Command::AskPreSupplement { .. } if case.pre_supplements >= limits::PRE_SUPPLEMENTS => {
            access::seat_in(ctx.actor, &[Role::Leader], &case.decided_by, ctx.tree, ctx.today())
                .map_err(|_| Refusal::SecondRequest)
        }
        _ => {
            let action = command.action();
            Ok(access::allowed(ctx.actor, action, case, ctx.tree, ctx.today())?)
        }
    }
}

/// The case must stand in one of these states.
fn expect(case: &Case, states: &[Business], words: &'static str) -> Result<(), Refusal> {
    if states.contains(&case.business) {
        Ok(())
    } else {
        Err(Refusal::State { expected: words, found: case.business.as_str() })
    }
}

/// A child case belongs to the case that asked: nobody cancels or withdraws it by itself.
fn own_case(case: &Case) -> Result<(), Refusal> {
    match case.parent {
        None => Ok(()),
        Some(_) => Err(Refusal::State { expected: "a case of its own", found: "child" }),
    }
}

/// A reason must be given.
fn reason(given: Option<&Ref>) -> Result<Ref, Refusal> {
    given.cloned().ok_or_else(|| Refusal::field("reason", "err-reason-missing"))
}

/// Papers named in a request must be the edition's (Decree 61/2018 Art. 5.1.đ), at least one.
fn named_papers(papers: &[u16], ctx: &Ctx<'_>) -> Result<Vec<u16>, Refusal> {
    if papers.is_empty() && !ctx.edition.papers.is_empty() {
        return Err(Refusal::field("papers", "err-papers-none"));
    }
    match papers.iter().find(|no| ctx.edition.paper(**no).is_none()) {
        Some(no) => Err(Refusal::PaperNotAsked(*no)),
        None => {
            let mut papers = papers.to_vec();
            papers.sort_unstable();
            papers.dedup();
            Ok(papers)
        }
    }
}

/// Papers handed in must be the edition's, with a count that can be.
fn given_papers(papers: &[PaperGiven], ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let mut faults = Vec::new();
    for paper in papers {
        if ctx.edition.paper(paper.no).is_none() {
            return Err(Refusal::PaperNotAsked(paper.no));
        }
        if paper.count > limits::COPIES {
            let fault = Fault::new(&format!("paper_{}", paper.no), "err-number");
            faults.push(fault.with("max", limits::COPIES));
        }
    }
    let files: usize = papers.iter().map(|p| p.files.len()).sum();
    if files > limits::FILES_PER_CASE {
        faults.push(Fault::new("files", "err-files-many").with("max", limits::FILES_PER_CASE));
    }
    if faults.is_empty() { Ok(()) } else { Err(Refusal::Fields(faults)) }
}

/// Every required paper must be there.
fn all_required(papers: &[PaperGiven], ctx: &Ctx<'_>) -> Result<(), Refusal> {
    let has = |no: u16| papers.iter().any(|p| p.no == no && (p.count > 0 || !p.files.is_empty()));
    let missing = ctx.edition.papers.iter().find(|p| p.required && !has(p.no));
    missing.map_or(Ok(()), |paper| Err(Refusal::PaperMissing(paper.no)))
}
