//! The unit tree: parents, levels and successions, each valid from a day to a day.

use super::Validity;
use crate::calendar::Date;
use crate::ids::UnitId;
use crate::limits;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// One unit of the administration: a people's committee, a department, a division, a desk.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Unit {
    /// Key, never reused.
    pub id: UnitId,
    /// Organisation code in case codes, as Decision 20/2020 writes it (`H33.12`); a setting.
    pub org_code: String,
    /// The unit above.
    pub parent: Option<UnitId>,
    /// `province`, `department`, `district`, `commune`: data, since levels come and go by law.
    pub level: String,
    /// `committee`, `office`, `department`, `division`, `desk`.
    pub kind: String,
    /// Full Vietnamese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// When the unit exists.
    pub valid: Validity,
    /// Who carries on when it ends.
    pub succeeded_by: Option<UnitId>,
    /// Whether a source was seen for it.
    pub verified: bool,
}

/// What is wrong with a set of units; nothing of the set is used then.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum TreeFault {
    /// Two units carry one key.
    #[error("unit {0}: the key appears twice")]
    Twice(UnitId),
    /// A parent that does not exist.
    #[error("unit {unit}: parent {parent} does not exist")]
    NoParent {
        /// The unit.
        unit: UnitId,
        /// Its missing parent.
        parent: UnitId,
    },
    /// A successor that does not exist.
    #[error("unit {unit}: successor {next} does not exist")]
    NoSuccessor {
        /// The unit.
        unit: UnitId,
        /// Its missing successor.
        next: UnitId,
    },
    /// Parents in a circle, or too deep.
    #[error("unit {0}: its parents form a circle or are deeper than {max}",
        max = limits::TREE_DEPTH)]
    Depth(UnitId),
    /// Successions in a circle, or too long.
    #[error("unit {0}: its successions form a circle or are longer than {max}",
        max = limits::SUCCESSIONS)]
    Succession(UnitId),
    /// A validity that ends before it starts.
    #[error("unit {0}: valid_to lies before valid_from")]
    Validity(UnitId),
}

/// All units that ever existed, checked.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    units: HashMap<UnitId, Unit>,
    /// All keys, in order.
    order: Vec<UnitId>,
    children: HashMap<UnitId, Vec<UnitId>>,
    /// The units that each one succeeds directly.
    succeeds: HashMap<UnitId, Vec<UnitId>>,
}

impl Tree {
    /// Builds the tree, or says everything that is wrong with it.
    ///
    /// # Errors
    /// Every fault found; the tree is all or nothing.
    pub fn build(units: Vec<Unit>) -> Result<Self, Vec<TreeFault>> {
        let mut tree = Self::default();
        let mut faults = Vec::new();
        for unit in units {
            if unit.valid.to.is_some_and(|to| to < unit.valid.from) {
                faults.push(TreeFault::Validity(unit.id.clone()));
            }
            if let Some(twice) = tree.units.insert(unit.id.clone(), unit) {
                faults.push(TreeFault::Twice(twice.id));
            }
        }
        for unit in tree.units.values() {
            faults.extend(tree.fault_of(unit));
        }
        if !faults.is_empty() {
            faults.sort_by_key(ToString::to_string);
            return Err(faults);
        }
        for unit in tree.units.values() {
            if let Some(parent) = &unit.parent {
                tree.children.entry(parent.clone()).or_default().push(unit.id.clone());
            }
            if let Some(next) = &unit.succeeded_by {
                tree.succeeds.entry(next.clone()).or_default().push(unit.id.clone());
            }
        }
        tree.order = tree.units.keys().cloned().collect();
        tree.order.sort();
        tree.children.values_mut().for_each(|c| c.sort());
        tree.succeeds.values_mut().for_each(|c| c.sort());
        Ok(tree)
    }

    fn fault_of(&self, unit: &Unit) -> Option<TreeFault> {
        if let Some(parent) = unit.parent.as_ref().filter(|p| !self.units.contains_key(*p)) {
            return Some(TreeFault::NoParent { unit: unit.id.clone(), parent: parent.clone() });
        }
        if let Some(next) = unit.succeeded_by.as_ref().filter(|n| !self.units.contains_key(*n)) {
            return Some(TreeFault::NoSuccessor { unit: unit.id.clone(), next: next.clone() });
        }
        if self.walk(&unit.id, limits::TREE_DEPTH, |u| u.parent.as_ref()).is_none() {
            return Some(TreeFault::Depth(unit.id.clone()));
        }
        if self.walk(&unit.id, limits::SUCCESSIONS, |u| u.succeeded_by.as_ref()).is_none() {
            return Some(TreeFault::Succession(unit.id.clone()));
        }
        None
    }

    /// The units met from `start` (first) by following `next`; `None` if that takes too long.
    fn walk<'a>(
        &'a self,
        start: &UnitId,
        max: usize,
        next: impl Fn(&'a Unit) -> Option<&'a UnitId>,
    ) -> Option<Vec<&'a Unit>> {
        let mut found = Vec::new();
        let mut at = self.units.get(start);
        while let Some(unit) = at {
            found.push(unit);
            if found.len() > max {
                return None;
            }
            at = next(unit).and_then(|id| self.units.get(id));
        }
        Some(found)
    }

    /// The unit with this key, whenever it existed.
    #[must_use]
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.units.get(id)
    }

    /// Who is in charge of this unit's affairs on a day: itself while it exists, then its
    /// successor. `None` before it existed, or when it ended without a successor.
    #[must_use]
    pub fn in_charge(&self, id: &UnitId, day: Date) -> Option<&Unit> {
        let line = self.walk(id, limits::SUCCESSIONS, |u| u.succeeded_by.as_ref())?;
        if line.first().is_none_or(|first| day < first.valid.from) {
            return None;
        }
        line.into_iter().find(|u| u.valid.holds(day))
    }

    /// The units of the past whose affairs this one carries on that day, however long the line of
    /// successions; not itself.
    #[must_use]
    pub fn carries_on(&self, id: &UnitId, day: Date) -> Vec<UnitId> {
        let mut found: Vec<UnitId> = Vec::new();
        let mut todo = vec![id];
        while let Some(at) = todo.pop() {
            for before in self.succeeds.get(at).map(Vec::as_slice).unwrap_or_default() {
                if self.in_charge(before, day).is_some_and(|now| now.id == *id) {
                    found.push(before.clone());
                }
                todo.push(before);
            }
        }
        found.sort();
        found
    }

    /// The unit itself and all above it, nearest first.
    #[must_use]
    pub fn line(&self, id: &UnitId) -> Vec<&Unit> {
        self.walk(id, limits::TREE_DEPTH, |u| u.parent.as_ref()).unwrap_or_default()
    }

    /// The unit over all others above this one: its province.
    #[must_use]
    pub fn top(&self, id: &UnitId) -> Option<&Unit> {
        let mut at = self.units.get(id)?;
        for _ in 0..limits::TREE_DEPTH {
            match at.parent.as_ref().and_then(|parent| self.units.get(parent)) {
                Some(above) => at = above,
                None => break,
            }
        }
        Some(at)
    }

    /// The nearest unit of a level at or above this one.
    #[must_use]
    pub fn at_level(&self, id: &UnitId, level: &str) -> Option<&Unit> {
        self.line(id).into_iter().find(|u| u.level == level && u.kind != "desk")
    }

    /// The units right below, on a day, in order of key.
    #[must_use]
    pub fn children(&self, id: &UnitId, day: Date) -> Vec<&Unit> {
        let ids = self.children.get(id).map(Vec::as_slice).unwrap_or_default();
        ids.iter().filter_map(|c| self.units.get(c)).filter(|u| u.valid.holds(day)).collect()
    }

    /// The unit and everything below it that exists on a day.
    #[must_use]
    pub fn subtree(&self, id: &UnitId, day: Date) -> Vec<&Unit> {
        let mut found = Vec::new();
        let mut todo: Vec<&Unit> = self.units.get(id).into_iter().collect();
        while let Some(unit) = todo.pop() {
            if found.len() > self.units.len() {
                break;
            }
            found.push(unit);
            todo.extend(self.children(&unit.id, day));
        }
        found
    }

    /// The one-stop desk of a unit on a day: the unit itself if it is one, else its desk child.
    #[must_use]
    pub fn desk_of(&self, id: &UnitId, day: Date) -> Option<&Unit> {
        let unit = self.units.get(id)?;
        if unit.kind == "desk" {
            return Some(unit);
        }
        self.children(id, day).into_iter().find(|u| u.kind == "desk")
    }

    /// All units, in order of key.
    #[must_use]
    pub fn all(&self) -> Vec<&Unit> {
        self.iter().collect()
    }

    /// The same, one after the other.
    pub fn iter(&self) -> impl Iterator<Item = &Unit> {
        self.order.iter().filter_map(|id| self.units.get(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> Date {
        Date::from_ymd_opt(y, m, d).unwrap()
    }

    fn unit(id: &str, parent: Option<&str>, level: &str, kind: &str) -> Unit {
        Unit {
            id: id.into(),
            org_code: "H33".into(),
            parent: parent.map(UnitId::from),
            level: level.into(),
            kind: kind.into(),
            name: id.into(),
            name_en: id.into(),
            valid: Validity { from: day(2000, 1, 1), to: None },
            succeeded_by: None,
            verified: true,
        }
    }

    fn two_tiers() -> Vec<Unit> {
        let mut old = unit("kg.rg.vtv", Some("kg"), "commune", "committee");
        old.valid.to = Some(day(2025, 6, 30));
        old.succeeded_by = Some("ag.rg".into());
        let mut new = unit("ag.rg", None, "commune", "committee");
        new.valid.from = day(2025, 7, 1);
        vec![unit("kg", None, "province", "committee"), old, new]
    }

    #[test]
    fn a_case_of_2019_and_one_of_2026_both_find_who_is_in_charge() {
        let tree = Tree::build(two_tiers()).unwrap();
        let id = UnitId::from("kg.rg.vtv");
        assert_eq!(tree.in_charge(&id, day(2019, 5, 2)).unwrap().id.as_str(), "kg.rg.vtv");
        assert_eq!(tree.in_charge(&id, day(2025, 6, 30)).unwrap().id.as_str(), "kg.rg.vtv");
        assert_eq!(tree.in_charge(&id, day(2026, 8, 3)).unwrap().id.as_str(), "ag.rg");
        assert!(tree.in_charge(&"ag.rg".into(), day(2019, 5, 2)).is_none());
    }

    #[test]
    fn faults_are_all_named() {
        let mut units = two_tiers();
        units[1].parent = Some("nowhere".into());
        units[2].succeeded_by = Some("ag.rg".into());
        let faults = Tree::build(units).unwrap_err();
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[1].to_string().contains("nowhere"), "{faults:?}");
    }

    #[test]
    fn desks_levels_and_lines() {
        let mut units = two_tiers();
        units.push(unit("kg.rg.vtv.desk", Some("kg.rg.vtv"), "commune", "desk"));
        let tree = Tree::build(units).unwrap();
        let desk = tree.desk_of(&"kg.rg.vtv".into(), day(2019, 5, 2)).unwrap();
        assert_eq!(desk.id.as_str(), "kg.rg.vtv.desk");
        assert_eq!(tree.at_level(&desk.id, "commune").unwrap().id.as_str(), "kg.rg.vtv");
        assert_eq!(tree.at_level(&desk.id, "province").unwrap().id.as_str(), "kg");
        assert_eq!(tree.line(&desk.id).len(), 3);
        assert_eq!(tree.subtree(&"kg".into(), day(2019, 5, 2)).len(), 3);
    }
}
