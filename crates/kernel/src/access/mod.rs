//! Who may do what: one policy for acts, and the row filter that every list, search, count and file
//! goes through.
//!
//! The policy reads roles and units only. Support is not approval: an administrator changes no
//! case, an auditor and a monitor read and change nothing.

mod lending;
mod process_acts;
mod staff_acts;

pub use lending::{deputies, lendable, may_lend, may_take_back, sees_lending};
pub use process_acts::{ProcessAction, process_allowed};
pub use staff_acts::{StaffScope, staff_scope};

use crate::calendar::Date;
use crate::case::{Action, Case};
use crate::ids::{AccountId, CaseId, UnitId};
use crate::org::{Role, Seat, Tree};

/// Who acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Who {
    /// An officer.
    Officer(AccountId),
    /// Somebody outside who files, not tied to a case yet.
    Visitor,
    /// The filer of one case, known by tracking number and PIN.
    Filer(CaseId),
    /// The program itself, by the name of the job.
    System(&'static str),
}

/// Who acts, with the seats of the day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Actor {
    /// Who.
    pub who: Who,
    /// Roles in units that may be used today.
    pub seats: Vec<Seat>,
}

impl Actor {
    /// The program itself.
    #[must_use]
    pub fn system(job: &'static str) -> Self {
        Self { who: Who::System(job), seats: Vec::new() }
    }

    /// A visitor.
    #[must_use]
    pub fn visitor() -> Self {
        Self { who: Who::Visitor, seats: Vec::new() }
    }

    /// The filer of a case.
    #[must_use]
    pub fn filer(case: CaseId) -> Self {
        Self { who: Who::Filer(case), seats: Vec::new() }
    }

    /// An officer.
    #[must_use]
    pub fn officer(account: AccountId, seats: Vec<Seat>) -> Self {
        Self { who: Who::Officer(account), seats }
    }

    /// As the journal writes it.
    #[must_use]
    pub fn by(&self) -> String {
        match &self.who {
            Who::Officer(account) => account.0.clone(),
            Who::Visitor | Who::Filer(_) => "citizen".to_owned(),
            Who::System(job) => format!("system:{job}"),
        }
    }

    /// The account, if an officer acts.
    #[must_use]
    pub fn account(&self) -> Option<&AccountId> {
        match &self.who {
            Who::Officer(account) => Some(account),
            _ => None,
        }
    }

    /// Whether one of the seats has this role.
    #[must_use]
    pub fn has_role(&self, role: Role) -> bool {
        self.seats.iter().any(|s| s.role == role)
    }
}

/// By what right an act was done; the journal keeps it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Grant {
    /// For which unit.
    pub unit: Option<UnitId>,
    /// In whose stead.
    pub on_behalf_of: Option<AccountId>,
}

/// Why not.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Denied {
    /// Nobody but these roles of that unit.
    #[error("only {} of {unit} may", roles.join(", "))]
    Seat {
        /// Role keys.
        roles: Vec<&'static str>,
        /// Unit.
        unit: UnitId,
    },
    /// Only the officer in charge of the case.
    #[error("only the officer in charge may")]
    OtherOfficer,
    /// Only the filer of the case, or the desk for them.
    #[error("only the filer of the case may")]
    NotFiler,
    /// Only the program itself.
    #[error("only the program itself may")]
    SystemOnly,
    /// Not theirs to see.
    #[error("not theirs to see")]
    NotTheirs,
}

/// Which unit of the case the seat must belong to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    Desk,
    Deciding,
    Province,
}

struct Rule {
    roles: &'static [Role],
    side: Side,
    /// Whether the filer may too.
    filer: bool,
}

const DESK: &[Role] = &[Role::DeskOfficer, Role::DeskHead];
const MONEY: &[Role] = &[Role::Cashier, Role::DeskOfficer, Role::DeskHead];
const POST: &[Role] = &[Role::PostOfficer];
/// Who signs the hand-over record of a file that comes by post.
const BY_POST: &[Role] = &[Role::PostOfficer, Role::DeskOfficer, Role::DeskHead];
const OFFICER: &[Role] = &[Role::CaseOfficer, Role::UnitLeader];
const HEAD: &[Role] = &[Role::UnitLeader];
const LEADER: &[Role] = &[Role::Leader];
/// Who answers for the work of a unit.
pub(crate) const HEADS: &[Role] = &[Role::UnitLeader, Role::Leader];
/// Who works on cases inside the administration.
pub(crate) const INSIDE: &[Role] = &[
    Role::DeskOfficer,
    Role::DeskHead,
    Role::CaseOfficer,
    Role::UnitLeader,
    Role::Leader,
    Role::Clerk,
];

/// The policy, row by row. Tasks of the process carry their own role and unit.
fn rule(action: Action) -> Option<Rule> {
    let rule = |roles, side, filer| Some(Rule { roles, side, filer });
    match action {
        Action::Submit => rule(&[], Side::Desk, true),
        Action::Register
        | Action::Accept
        | Action::AskPreSupplement
        | Action::Reject
        | Action::VoidAcceptance
        | Action::Forward
        | Action::AcceptSupplement
        | Action::Deliver
        | Action::RenewPin => rule(DESK, Side::Desk, false),
        Action::GivePreSupplement | Action::GiveSupplement | Action::AskWithdrawal => {
            rule(DESK, Side::Desk, true)
        }
        Action::Pay | Action::Refund | Action::Waive => rule(MONEY, Side::Desk, false),
        Action::PostCollect | Action::PostDeliver | Action::PostFail | Action::PostReturn => {
            rule(POST, Side::Province, false)
        }
        Action::AskSupplement
        | Action::OpenFinance
        | Action::CloseFinance
        | Action::DecideWithdrawal
        | Action::Happen(_)
        | Action::Choose(_)
        | Action::StopUnanswered => rule(OFFICER, Side::Deciding, false),
        Action::DraftExtension | Action::Reassign => rule(HEAD, Side::Deciding, false),
        Action::Transfer | Action::CoProcess | Action::EndCoProcess => {
            rule(HEADS, Side::Deciding, false)
        }
        Action::Stop
        | Action::Suspend
        | Action::Resume
        | Action::GrantExtension
        | Action::Jump(_)
        | Action::Skip(_)
        | Action::AddStep
        | Action::Retry(_)
        | Action::SetData => rule(LEADER, Side::Deciding, false),
        Action::Note => rule(INSIDE, Side::Deciding, false),
        Action::Complete(_)
        | Action::SendBack(_)
        | Action::Return(_)
        | Action::TakeBack(_)
        | Action::Claim(_)
        | Action::Release(_)
        | Action::Delegate(_)
        | Action::EndDelegation(_)
        | Action::Open
        | Action::System => None,
    }
}

/// Whether the unit of a seat is the one in charge of `unit` on that day.
fn in_charge(seat: &Seat, unit: &UnitId, tree: &Tree, day: Date) -> bool {
    seat.unit == *unit && tree.unit(unit).is_none_or(|u| u.valid.holds(day))
        || tree.in_charge(unit, day).is_some_and(|u| u.id == seat.unit)
}

/// The seat by which an actor may use one of `roles` in `unit`; one's own power before a lent one.
///
/// # Errors
/// Says which roles of which unit may.
pub fn seat_in(
    actor: &Actor,
    roles: &[Role],
    unit: &UnitId,
    tree: &Tree,
    day: Date,
) -> Result<Grant, Denied> {
    seats_in(actor, roles, unit, tree, day).first().map(|seat| grant(seat)).ok_or_else(|| {
        Denied::Seat { roles: roles.iter().map(|r| r.as_str()).collect(), unit: unit.clone() }
    })
}

/// All seats that fit, one's own before the lent ones.
fn seats_in<'a>(
    actor: &'a Actor,
    roles: &[Role],
    unit: &UnitId,
    tree: &Tree,
    day: Date,
) -> Vec<&'a Seat> {
    let fits = |s: &&Seat| roles.contains(&s.role) && in_charge(s, unit, tree, day);
    let mut seats: Vec<&Seat> = actor.seats.iter().filter(fits).collect();
    seats.sort_by_key(|s| s.on_behalf_of.is_some());
    seats
}

fn grant(seat: &Seat) -> Grant {
    Grant { unit: Some(seat.unit.clone()), on_behalf_of: seat.on_behalf_of.clone() }
}

/// Whether an actor may do an act on a case; tasks go through [`task_allowed`].
///
/// # Errors
/// Says who may.
pub fn allowed(
    actor: &Actor,
    action: Action,
    case: &Case,
    tree: &Tree,
    day: Date,
) -> Result<Grant, Denied> {
    if matches!(actor.who, Who::System(_)) {
        return Ok(Grant::default());
    }
    let Some(rule) = rule(action) else {
        return Err(Denied::SystemOnly);
    };
    match &actor.who {
        Who::Filer(id) if rule.filer && *id == case.id => return Ok(Grant::default()),
        Who::Visitor if action == Action::Submit => return Ok(Grant::default()),
        Who::Filer(_) | Who::Visitor => return Err(Denied::NotFiler),
        _ => {}
    }
    let sides = match (action, rule.side) {
        (Action::Note, _) => vec![&case.decided_by, &case.desk],
        (_, Side::Desk) => vec![&case.desk],
        (_, Side::Province) => vec![&case.province],
        (_, Side::Deciding) => vec![&case.decided_by],
    };
    if let Some(grant) = aside(actor, action, case, tree, day) {
        return Ok(grant);
    }
    let mut last = Denied::NotTheirs;
    for unit in sides {
        match seat_in(actor, rule.roles, unit, tree, day) {
            Ok(grant) => return Ok(grant),
            Err(denied) => last = denied,
        }
    }
    Err(last)
}

/// Rights beside the table: whoever helps with a case writes notes on it; an administrator of the
/// province mends a process that stands still, and sees nothing of the case by it.
fn aside(actor: &Actor, action: Action, case: &Case, tree: &Tree, day: Date) -> Option<Grant> {
    match action {
        Action::Note => {
            let helps = case.ops.helpers.iter().find(|h| Some(&h.officer) == actor.account())?;
            seat_in(actor, &[helps.role], &helps.unit, tree, day).ok()
        }
        Action::Retry(_) | Action::SetData => {
            seat_in(actor, &[Role::Administrator], &case.province, tree, day).ok()
        }
        _ => None,
    }
}

/// Whether an actor may enter cases at a desk, or file from outside.
///
/// # Errors
/// Says who may.
pub fn may_submit(
    actor: &Actor,
    action: Action,
    desk: &UnitId,
    tree: &Tree,
    day: Date,
) -> Result<Grant, Denied> {
    match (&actor.who, action) {
        (Who::System(_), _) | (Who::Visitor | Who::Filer(_), Action::Submit) => {
            Ok(Grant::default())
        }
        (Who::Officer(_), Action::Submit) => seat_in(actor, BY_POST, desk, tree, day)
            .or_else(|_| seat_in(actor, POST, top_of(desk, tree), tree, day)),
        (Who::Officer(_), Action::Register) => seat_in(actor, DESK, desk, tree, day),
        _ => Err(Denied::SystemOnly),
    }
}

/// Whether an actor may do a task: the lane's role in the lane's unit, and, where the task is on
/// somebody's name, that officer or somebody who acts in their stead.
///
/// # Errors
/// Says who may.
pub fn task_allowed(
    actor: &Actor,
    role: Role,
    unit: &UnitId,
    officer: Option<&AccountId>,
    tree: &Tree,
    day: Date,
) -> Result<Grant, Denied> {
    if matches!(actor.who, Who::System(_)) {
        return Ok(Grant::default());
    }
    let roles: &[Role] = match role {
        Role::DeskOfficer => DESK,
        Role::CaseOfficer => &[Role::CaseOfficer],
        Role::UnitLeader => HEAD,
        Role::Leader => LEADER,
        Role::Clerk => &[Role::Clerk],
        Role::Cashier => MONEY,
        Role::PostOfficer => POST,
        _ => &[],
    };
    let found = seat_in(actor, roles, unit, tree, day)?;
    let Some(officer) = officer else { return Ok(found) };
    // A colleague of the same unit may hold a seat of their own and the officer's lent one.
    let theirs = |s: &&Seat| s.on_behalf_of.as_ref().or_else(|| actor.account()) == Some(officer);
    let seats = seats_in(actor, roles, unit, tree, day);
    seats.into_iter().find(theirs).map(grant).ok_or(Denied::OtherOfficer)
}

/// Which cases an actor may see; the store turns it into SQL, always the same way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RowFilter {
    /// None at all.
    Nothing,
    /// One case, by tracking number and PIN.
    One(CaseId),
    /// Part of them: both lists together.
    Part {
        /// Cases in which one of these units takes part.
        units: Vec<UnitId>,
        /// All cases of these provinces.
        provinces: Vec<UnitId>,
    },
    /// All.
    Everything,
}

/// The row filter of an actor on a day.
///
/// A unit sees the cases that it receives, decides or is asked about; after a reorganisation the
/// successor sees those of the units before it. The post sees only what it carries, through its own
/// list. Monitors see the cases that the desks of their province receive, auditors everything,
/// administrators nothing.
#[must_use]
pub fn row_filter(actor: &Actor, tree: &Tree, day: Date) -> RowFilter {
    match &actor.who {
        Who::System(_) => RowFilter::Everything,
        Who::Visitor => RowFilter::Nothing,
        Who::Filer(case) => RowFilter::One(*case),
        Who::Officer(_) => {
            if actor.has_role(Role::Auditor) {
                return RowFilter::Everything;
            }
            let mine = |s: &&Seat| INSIDE.contains(&s.role) || s.role == Role::Cashier;
            let own = actor.seats.iter().filter(mine).map(|seat| &seat.unit);
            let units = with_those_before(own, tree, day);
            let watching = actor.seats.iter().filter(|s| s.role == Role::Monitor);
            let tops: Vec<&UnitId> = watching.map(|seat| top_of(&seat.unit, tree)).collect();
            let provinces = with_those_before(tops, tree, day);
            if units.is_empty() && provinces.is_empty() {
                return RowFilter::Nothing;
            }
            // What they help with, wherever they sit; only who works inside helps.
            let mut units = units;
            if let Some(account) = actor.account().filter(|_| !units.is_empty()) {
                units.push(helper_key(account));
            }
            RowFilter::Part { units, provinces }
        }
    }
}

/// Units and those of the past that they carry on, each once.
fn with_those_before<'a>(
    units: impl IntoIterator<Item = &'a UnitId>,
    tree: &Tree,
    day: Date,
) -> Vec<UnitId> {
    let mut all: Vec<UnitId> = Vec::new();
    for unit in units {
        all.push(unit.clone());
        all.extend(tree.carries_on(unit, day));
    }
    all.sort();
    all.dedup();
    all
}

/// The top unit over a unit: its province.
fn top_of<'a>(unit: &'a UnitId, tree: &'a Tree) -> &'a UnitId {
    tree.line(unit).last().map_or(unit, |top| &top.id)
}

/// The pseudo-unit under which a case is listed for one officer who helps with it. No unit's key
/// starts like it.
fn helper_key(account: &AccountId) -> UnitId {
    UnitId(format!("@{account}"))
}

/// The units that take part in a case, those that decided on it before, and whoever helps with it.
#[must_use]
pub fn parties(case: &Case) -> Vec<UnitId> {
    let mut units = vec![case.desk.clone(), case.received_by.clone(), case.decided_by.clone()];
    units.extend(case.parent.iter().map(|p| p.unit.clone()));
    units.extend(case.ops.past_units.iter().cloned());
    units.extend(case.ops.helpers.iter().map(|helper| helper_key(&helper.officer)));
    units.extend(
        case.ops
            .holds
            .iter()
            .filter_map(|hold| hold.lent.as_ref())
            .map(|lent| helper_key(&lent.to)),
    );
    units.sort();
    units.dedup();
    units
}

/// Whether an actor may see a case at all: the same rule as the row filter.
#[must_use]
pub fn sees(filter: &RowFilter, case: &Case) -> bool {
    match filter {
        RowFilter::Nothing => false,
        RowFilter::One(id) => *id == case.id,
        RowFilter::Everything => true,
        RowFilter::Part { units, provinces } => {
            provinces.contains(&case.province) || parties(case).iter().any(|u| units.contains(u))
        }
    }
}
