//! Who has to do something now: the rows of the worklists, a pure function of the state.

use super::places::{Waits, places};
use super::state::{Business, Case, Delivery, DeliveryState};
use crate::calendar::Instant;
use crate::ids::{AccountId, UnitId};
use crate::org::Role;
use process::{Definition, Node};

/// The list on which a piece of work stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Bucket {
    /// To be accepted.
    ToAccept,
    /// To be forwarded.
    ToForward,
    /// A task of the process.
    InWork,
    /// A supplement to be checked.
    ToCheck,
    /// A withdrawal to be decided.
    Withdrawal,
    /// Waits for the citizen.
    WaitingCitizen,
    /// Waits for money.
    WaitingMoney,
    /// Waits for another agency.
    WaitingAgency,
    /// Lawfully suspended.
    Suspended,
    /// A drafted extension to be granted.
    ToExtend,
    /// To be handed over at the counter or online.
    ToDeliver,
    /// With the post, or for it.
    ByPost,
    /// Helped with.
    Helping,
    /// The process stands still and must be mended.
    Incident,
}

impl Bucket {
    /// All, in the order of the side list.
    pub const ALL: [Self; 14] = [
        Self::ToAccept,
        Self::ToForward,
        Self::InWork,
        Self::ToCheck,
        Self::Withdrawal,
        Self::ToExtend,
        Self::WaitingCitizen,
        Self::WaitingMoney,
        Self::WaitingAgency,
        Self::Suspended,
        Self::ToDeliver,
        Self::ByPost,
        Self::Helping,
        Self::Incident,
    ];

    /// Key in tables, addresses and texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ToAccept => "to-accept",
            Self::ToForward => "to-forward",
            Self::InWork => "in-work",
            Self::ToCheck => "to-check",
            Self::Withdrawal => "withdrawal",
            Self::WaitingCitizen => "waiting-citizen",
            Self::WaitingMoney => "waiting-money",
            Self::WaitingAgency => "waiting-agency",
            Self::Suspended => "suspended",
            Self::ToExtend => "to-extend",
            Self::ToDeliver => "to-deliver",
            Self::ByPost => "by-post",
            Self::Helping => "helping",
            Self::Incident => "incident",
        }
    }

    /// The bucket of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|b| b.as_str() == key)
    }
}

/// One row of a worklist.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkItem {
    /// Distinguishes rows of one case: the token, or 0 for the rest.
    pub slot: u32,
    /// List.
    pub bucket: Bucket,
    /// Element id of the task, or empty.
    pub task: String,
    /// Unit whose work it is.
    pub unit: UnitId,
    /// Role whose work it is.
    pub role: Role,
    /// The one officer whose work it is.
    pub holder: Option<AccountId>,
    /// Since when.
    pub since: Instant,
    /// Until when.
    pub due_at: Option<Instant>,
}

/// Slots of rows beside those of the tokens: far above any token's id.
const HELPER_SLOT: u32 = 0x2000_0000;
const LENT_SLOT: u32 = 0x4000_0000;
const INCIDENT_SLOT: u32 = 0x6000_0000;
const ASSIGN_SLOT: u32 = u32::MAX - 1;

/// Whether a row stands for a task that was lent to its holder.
#[must_use]
pub fn is_lent_slot(slot: u32) -> bool {
    (LENT_SLOT..INCIDENT_SLOT).contains(&slot)
}

/// The rows of a case. Empty once nothing is left to do.
#[must_use]
pub fn work_items(case: &Case, definition: &Definition) -> Vec<WorkItem> {
    let mut rows = rows(case, definition);
    if !case.is_decided() {
        rows.extend((HELPER_SLOT..).zip(&case.ops.helpers).map(|(slot, helper)| WorkItem {
            slot,
            holder: Some(helper.officer.clone()),
            since: helper.since,
            ..item(case, Bucket::Helping, &helper.unit, listed(helper.role), case.due_at)
        }));
    }
    rows
}

fn rows(case: &Case, definition: &Definition) -> Vec<WorkItem> {
    let desk = |bucket, due_at| item(case, bucket, &case.desk, Role::DeskOfficer, due_at);
    let officer = |bucket, due_at| {
        let mut row = item(case, bucket, &case.decided_by, Role::CaseOfficer, due_at);
        row.holder.clone_from(&case.officer);
        row
    };
    let answer_by = case.supplement.as_ref().map(|s| s.answer_by);
    match case.business {
        Business::Submitted => vec![desk(Bucket::ToAccept, case.expected_at)],
        Business::PreSupplement => vec![desk(Bucket::WaitingCitizen, answer_by)],
        Business::Accepted => vec![desk(Bucket::ToForward, case.forward_by)],
        Business::Processing => in_process(case, definition),
        Business::Supplement => vec![officer(Bucket::WaitingCitizen, answer_by)],
        Business::Supplemented => vec![desk(Bucket::ToCheck, None)],
        Business::FinDuty => vec![officer(Bucket::WaitingMoney, None)],
        Business::WithdrawReq => vec![officer(Bucket::Withdrawal, case.due_at)],
        Business::Suspended => {
            vec![item(case, Bucket::Suspended, &case.decided_by, Role::Leader, case.due_at)]
        }
        Business::ResultReady => vec![to_deliver(case)],
        _ => Vec::new(),
    }
}

fn item(
    case: &Case,
    bucket: Bucket,
    unit: &UnitId,
    role: Role,
    due_at: Option<Instant>,
) -> WorkItem {
    WorkItem {
        slot: 0,
        bucket,
        task: String::new(),
        unit: unit.clone(),
        role,
        holder: None,
        since: case.since,
        due_at,
    }
}

fn to_deliver(case: &Case) -> WorkItem {
    let post = case.delivery == Delivery::Post && case.delivery_state != DeliveryState::Returned;
    let (bucket, unit, role) = if post {
        (Bucket::ByPost, &case.province, Role::PostOfficer)
    } else {
        (Bucket::ToDeliver, &case.desk, Role::DeskOfficer)
    };
    item(case, bucket, unit, role, case.original_due_at)
}

fn in_process(case: &Case, definition: &Definition) -> Vec<WorkItem> {
    let mut rows = Vec::new();
    for (token, ix) in process::open_tasks(definition, &case.process) {
        let node = definition.node(ix);
        let mut row = item(
            case,
            Bucket::InWork,
            super::decide::lane_unit(case, node),
            lane_role(node),
            case.due_at,
        );
        row.slot = token;
        row.task.clone_from(&node.id);
        if row.role == Role::CaseOfficer {
            row.holder.clone_from(&case.officer);
        }
        if let Some(hold) = case.ops.hold(token) {
            row.holder = hold.by.clone().or(row.holder);
            rows.extend(hold.lent.as_ref().map(|lent| WorkItem {
                slot: LENT_SLOT | token,
                unit: lent.unit.clone(),
                role: listed(lent.role),
                holder: Some(lent.to.clone()),
                ..row.clone()
            }));
        }
        // What was done already waits for whoever mends the process.
        if !super::decide::done_already(case, token) {
            rows.push(row);
        }
    }
    rows.extend(beside(case));
    // What happens outside is noted, and what begins is chosen, by the officer whose case it is.
    let others = places(case, definition).into_iter().filter(|(_, _, waits)| *waits != Waits::Task);
    for (token, ix, waits) in others {
        let role = Role::CaseOfficer;
        let choice = waits == Waits::Choice;
        let bucket = if choice { Bucket::InWork } else { Bucket::WaitingAgency };
        let mut row = item(case, bucket, &case.decided_by, role, case.due_at);
        row.slot = token;
        row.task.clone_from(&definition.node(ix).id);
        row.holder.clone_from(&case.officer);
        rows.push(row);
    }
    if case.extension_draft.is_some() {
        let role = Role::Leader;
        let mut row = item(case, Bucket::ToExtend, &case.decided_by, role, case.due_at);
        row.slot = u32::MAX;
        rows.push(row);
    }
    rows
}

/// Rows that no token has: incidents, for the leader and for the province's administrators, and a
/// case from another unit for which nobody is named yet.
fn beside(case: &Case) -> Vec<WorkItem> {
    let mut rows = Vec::new();
    for incident in &case.ops.incidents {
        let slot = INCIDENT_SLOT.saturating_add(incident.number.saturating_mul(2));
        let row = |slot, unit, role| WorkItem {
            slot,
            task: incident.node.clone(),
            since: incident.since,
            ..item(case, Bucket::Incident, unit, role, case.due_at)
        };
        rows.push(row(slot, &case.decided_by, Role::Leader));
        rows.push(row(slot.saturating_add(1), &case.province, Role::Administrator));
    }
    if case.ops.to_assign {
        let role = Role::UnitLeader;
        let row = item(case, Bucket::InWork, &case.decided_by, role, case.due_at);
        rows.push(WorkItem { slot: ASSIGN_SLOT, ..row });
    }
    rows
}

/// The role under which the lists of a seat look: a head of a desk does the desk's work.
fn listed(role: Role) -> Role {
    if role == Role::DeskHead { Role::DeskOfficer } else { role }
}

/// The role of a lane; a lane without one belongs to the case officer.
#[must_use]
pub fn lane_role(node: &Node) -> Role {
    node.role.as_deref().and_then(Role::from_key).unwrap_or(Role::CaseOfficer)
}
