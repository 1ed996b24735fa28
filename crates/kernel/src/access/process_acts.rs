//! Who may write and publish processes: administrators of the province, in a seat of its top unit.
//! Every officer may look: how the administration works is no secret inside it.

use super::{Actor, Denied, Grant, Who, seat_in, top_of};
use crate::calendar::Date;
use crate::org::{Role, Tree};

/// An act on processes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProcessAction {
    /// Reads processes, their versions and drafts.
    ReadProcess,
    /// Begins, changes, checks or throws away a draft.
    EditProcess,
    /// Publishes a draft, or withdraws a publication before its first day.
    PublishProcess,
    /// Moves running cases to another version, or takes that back.
    MigrateCases,
}

/// Who writes and publishes.
const WRITERS: &[Role] = &[Role::Administrator];

/// Whether an actor may do an act on processes.
///
/// # Errors
/// Says who may.
pub fn process_allowed(
    actor: &Actor,
    action: ProcessAction,
    tree: &Tree,
    day: Date,
) -> Result<Grant, Denied> {
    match (&actor.who, action) {
        (Who::System(_), _) => return Ok(Grant::default()),
        (Who::Officer(_), ProcessAction::ReadProcess) if !actor.seats.is_empty() => {
            return Ok(Grant::default());
        }
        (Who::Officer(_), _) => {}
        _ => return Err(Denied::NotTheirs),
    }
    let mut denied = Denied::NotTheirs;
    for seat in &actor.seats {
        match seat_in(actor, WRITERS, top_of(&seat.unit, tree), tree, day) {
            Ok(grant) => return Ok(grant),
            Err(why) => denied = why,
        }
    }
    Err(denied)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::AccountId;
    use crate::org::{Seat, Unit, Validity};

    fn tree() -> Tree {
        let day = |y, m, d| Date::from_ymd_opt(y, m, d).unwrap();
        let unit = |id: &str, parent: Option<&str>| Unit {
            id: id.into(),
            org_code: "H33".into(),
            parent: parent.map(Into::into),
            level: if parent.is_some() { "district" } else { "province" }.into(),
            kind: "committee".into(),
            name: id.into(),
            name_en: String::new(),
            valid: Validity { from: day(2018, 1, 1), to: None },
            succeeded_by: None,
            verified: true,
        };
        Tree::build(vec![unit("kg", None), unit("kg.rach-gia", Some("kg"))]).unwrap()
    }

    #[test]
    fn only_administrators_of_the_province_write_and_publish_and_every_seat_reads() {
        use ProcessAction::{EditProcess, MigrateCases, PublishProcess, ReadProcess};
        let (tree, day) = (tree(), Date::from_ymd_opt(2019, 4, 25).unwrap());
        for role in Role::ALL {
            for unit in ["kg", "kg.rach-gia"] {
                let seat =
                    Seat { unit: unit.into(), role, on_behalf_of: None, carries_on: Vec::new() };
                let actor = Actor::officer(AccountId("a".into()), vec![seat]);
                let may = |action| process_allowed(&actor, action, &tree, day);
                let writes = role == Role::Administrator && unit == "kg";
                for action in [EditProcess, PublishProcess, MigrateCases] {
                    assert_eq!(may(action).is_ok(), writes, "{role:?} of {unit}: {action:?}");
                }
                assert!(may(ReadProcess).is_ok());
                if writes {
                    assert_eq!(may(EditProcess).unwrap().unit, Some("kg".into()));
                }
            }
        }
        let nobody = Actor::officer(AccountId("a".into()), Vec::new());
        assert!(process_allowed(&nobody, ReadProcess, &tree, day).is_err());
        assert!(process_allowed(&Actor::visitor(), ReadProcess, &tree, day).is_err());
    }
}
