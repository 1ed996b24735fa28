//! Who has to do something now: the rows of the worklists, a pure function of the state.

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
}

impl Bucket {
    /// All, in the order of the side list.
    pub const ALL: [Self; 12] = [
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

/// The rows of a case. Empty once nothing is left to do.
#[must_use]
pub fn work_items(case: &Case, definition: &Definition) -> Vec<WorkItem> {
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
        rows.push(row);
    }
    for (token, ix) in process::open_jobs(definition, &case.process) {
        let role = Role::CaseOfficer;
        let mut row = item(case, Bucket::WaitingAgency, &case.decided_by, role, case.due_at);
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

/// The role of a lane; a lane without one belongs to the case officer.
#[must_use]
pub fn lane_role(node: &Node) -> Role {
    node.role.as_deref().and_then(Role::from_key).unwrap_or(Role::CaseOfficer)
}
