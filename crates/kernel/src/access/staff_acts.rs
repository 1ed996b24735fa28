//! Who keeps accounts and posts: administrators of a province for all of them, an administrator of
//! another unit for that unit and what stands below it.

use super::{Actor, Grant, Who, grant, seat_in};
use crate::calendar::Date;
use crate::ids::UnitId;
use crate::org::{Role, Tree};

/// For which units an actor keeps accounts and posts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StaffScope {
    /// Every unit, by this right.
    Whole(Grant),
    /// These units and what stands below them, each by its right.
    Lines(Vec<(UnitId, Grant)>),
}

impl StaffScope {
    /// Whether it reaches every unit.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Whole(_))
    }

    /// By what right accounts and posts of a unit are kept; `None` if not at all.
    #[must_use]
    pub fn grant(&self, unit: &UnitId, tree: &Tree) -> Option<Grant> {
        match self {
            Self::Whole(grant) => Some(grant.clone()),
            Self::Lines(lines) => {
                let line = tree.line(unit);
                let fits = |(own, _): &&(UnitId, Grant)| line.iter().any(|above| above.id == *own);
                lines.iter().find(fits).map(|(_, grant)| grant.clone())
            }
        }
    }

    /// The right that is named where no unit is.
    #[must_use]
    pub fn first(&self) -> Grant {
        match self {
            Self::Whole(grant) => grant.clone(),
            Self::Lines(lines) => lines.first().map(|(_, g)| g.clone()).unwrap_or_default(),
        }
    }
}

/// The units whose accounts and posts an actor keeps on a day; `None` for everybody else.
#[must_use]
pub fn staff_scope(actor: &Actor, tree: &Tree, day: Date) -> Option<StaffScope> {
    match actor.who {
        Who::System(_) => return Some(StaffScope::Whole(Grant::default())),
        Who::Officer(_) => {}
        Who::Visitor | Who::Filer(_) => return None,
    }
    let keeps = |unit: &UnitId| seat_in(actor, &[Role::Administrator], unit, tree, day).ok();
    let seats = || actor.seats.iter().filter(|seat| seat.role == Role::Administrator);
    // A seat of the top unit that was succeeded reaches as far as its successor lets it.
    let tops = seats().filter(|seat| tree.unit(&seat.unit).is_none_or(|u| u.parent.is_none()));
    if let Some(grant) = tops.filter_map(|seat| keeps(&seat.unit)).next() {
        return Some(StaffScope::Whole(grant));
    }
    let holds = |unit: &UnitId| tree.unit(unit).is_some_and(|u| u.valid.holds(day));
    let own = seats().filter(|seat| holds(&seat.unit));
    let lines: Vec<_> = own.map(|seat| (seat.unit.clone(), grant(seat))).collect();
    (!lines.is_empty()).then_some(StaffScope::Lines(lines))
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
            level: "district".into(),
            kind: "committee".into(),
            name: id.into(),
            name_en: String::new(),
            valid: Validity { from: day(2018, 1, 1), to: None },
            succeeded_by: None,
            verified: true,
        };
        let two = [unit("kg", None), unit("kg.rg", Some("kg"))];
        let two_more = [unit("kg.rg.vtv", Some("kg.rg")), unit("kg.ht", Some("kg"))];
        Tree::build([two, two_more].concat()).unwrap()
    }

    fn scope(role: Role, unit: &str) -> Option<StaffScope> {
        let seat = Seat { unit: unit.into(), role, on_behalf_of: None, carries_on: Vec::new() };
        let actor = Actor::officer(AccountId("a".into()), vec![seat]);
        staff_scope(&actor, &tree(), Date::from_ymd_opt(2019, 4, 25).unwrap())
    }

    #[test]
    fn a_province_keeps_all_a_unit_its_own_line_and_other_roles_nothing() {
        let tree = tree();
        for role in Role::ALL.into_iter().filter(|role| *role != Role::Administrator) {
            assert_eq!(scope(role, "kg"), None, "{role:?}");
        }
        let whole = scope(Role::Administrator, "kg").unwrap();
        assert!(whole.is_whole());
        let line = scope(Role::Administrator, "kg.rg").unwrap();
        assert!(!line.is_whole());
        for (unit, theirs) in
            [("kg.rg", true), ("kg.rg.vtv", true), ("kg.ht", false), ("kg", false)]
        {
            assert_eq!(line.grant(&unit.into(), &tree).is_some(), theirs, "{unit}");
            assert!(whole.grant(&unit.into(), &tree).is_some(), "{unit}");
        }
        assert_eq!(line.first().unit, Some("kg.rg".into()));
    }
}
