//! Posts, their holders and delegations, each with dates: who may act, and in whose stead.

use super::Validity;
use crate::calendar::Date;
use crate::ids::{AccountId, UnitId};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// What a post may do; the policy in `access` reads nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Receives cases and hands over results.
    DeskOfficer,
    /// Head of a one-stop desk.
    DeskHead,
    /// Appraises cases.
    CaseOfficer,
    /// Head of a division: assigns and reviews.
    UnitLeader,
    /// Head of the agency: decides.
    Leader,
    /// Numbers, seals and issues.
    Clerk,
    /// Takes fees.
    Cashier,
    /// Carries files and results by post.
    PostOfficer,
    /// Watches the province's cases, changes nothing.
    Monitor,
    /// Reads and exports everything, changes nothing.
    Auditor,
    /// Keeps accounts and settings, sees no particulars.
    Administrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 11] = [
        Self::DeskOfficer,
        Self::DeskHead,
        Self::CaseOfficer,
        Self::UnitLeader,
        Self::Leader,
        Self::Clerk,
        Self::Cashier,
        Self::PostOfficer,
        Self::Monitor,
        Self::Auditor,
        Self::Administrator,
    ];

    /// The key in data, texts and lanes of processes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DeskOfficer => "desk_officer",
            Self::DeskHead => "desk_head",
            Self::CaseOfficer => "case_officer",
            Self::UnitLeader => "unit_leader",
            Self::Leader => "leader",
            Self::Clerk => "clerk",
            Self::Cashier => "cashier",
            Self::PostOfficer => "post_officer",
            Self::Monitor => "monitor",
            Self::Auditor => "auditor",
            Self::Administrator => "administrator",
        }
    }

    /// The role of a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == key)
    }
}

/// A post in a unit; it outlives its holders.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Post {
    /// Key, for example `kg.rach-gia.vinh-thanh-van/leader`.
    pub id: String,
    /// The unit that the post belongs to.
    pub unit: UnitId,
    /// What it may do.
    pub role: Role,
    /// Vietnamese title, for papers and pages.
    pub title: String,
    /// English title.
    pub title_en: String,
}

/// Who holds a post, and when.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Holding {
    /// The post.
    pub post: String,
    /// The holder.
    pub account: AccountId,
    /// When.
    pub valid: Validity,
}

/// One holder's power lent to another for a time, with its ground.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Delegation {
    /// The post whose power is lent.
    pub post: String,
    /// Who lends.
    pub from: AccountId,
    /// Who acts in their stead.
    pub to: AccountId,
    /// When.
    pub valid: Validity,
    /// The decision or order that it rests on.
    pub ground: String,
}

/// A role in a unit that an account may use today, of its own or in another's stead.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct Seat {
    /// The unit.
    pub unit: UnitId,
    /// The role.
    pub role: Role,
    /// Whose power it is, if lent.
    pub on_behalf_of: Option<AccountId>,
    /// Units of the past whose affairs the unit carries on; the catalogue fills them in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub carries_on: Vec<UnitId>,
}

/// What is wrong with a set of posts; nothing of the set is used then.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StaffFault {
    /// Two posts carry one key.
    #[error("post {0}: the key appears twice")]
    Twice(String),
    /// A holding or delegation of an unknown post.
    #[error("post {0} does not exist")]
    NoPost(String),
    /// A delegation to oneself.
    #[error("post {0}: a delegation to oneself")]
    ToOneself(String),
}

/// All posts with their holders and delegations.
#[derive(Clone, Debug, Default)]
pub struct Staff {
    posts: HashMap<String, Post>,
    holdings: Vec<Holding>,
    delegations: Vec<Delegation>,
    by_account: HashMap<AccountId, Vec<usize>>,
    by_seat: HashMap<UnitId, Vec<(Role, usize)>>,
}

impl Staff {
    /// Builds the staff, or says everything that is wrong with it.
    ///
    /// # Errors
    /// Every fault found.
    pub fn build(
        posts: Vec<Post>,
        holdings: Vec<Holding>,
        delegations: Vec<Delegation>,
    ) -> Result<Self, Vec<StaffFault>> {
        let mut faults = Vec::new();
        let mut by_key = HashMap::new();
        for post in posts {
            if let Some(twice) = by_key.insert(post.id.clone(), post) {
                faults.push(StaffFault::Twice(twice.id));
            }
        }
        let named = holdings.iter().map(|h| &h.post).chain(delegations.iter().map(|d| &d.post));
        faults.extend(
            named.filter(|p| !by_key.contains_key(*p)).map(|p| StaffFault::NoPost(p.clone())),
        );
        let own = delegations.iter().filter(|d| d.from == d.to);
        faults.extend(own.map(|d| StaffFault::ToOneself(d.post.clone())));
        if !faults.is_empty() {
            return Err(faults);
        }
        let mut by_account: HashMap<AccountId, Vec<usize>> = HashMap::new();
        for (i, holding) in holdings.iter().enumerate() {
            by_account.entry(holding.account.clone()).or_default().push(i);
        }
        let mut by_seat: HashMap<UnitId, Vec<(Role, usize)>> = HashMap::new();
        for (i, holding) in holdings.iter().enumerate() {
            if let Some(post) = by_key.get(&holding.post) {
                by_seat.entry(post.unit.clone()).or_default().push((post.role, i));
            }
        }
        Ok(Self { posts: by_key, holdings, delegations, by_account, by_seat })
    }

    /// The post with this key.
    #[must_use]
    pub fn post(&self, id: &str) -> Option<&Post> {
        self.posts.get(id)
    }

    /// All posts, in order of key.
    #[must_use]
    pub fn posts(&self) -> Vec<&Post> {
        let mut posts: Vec<&Post> = self.posts.values().collect();
        posts.sort_by(|a, b| a.id.cmp(&b.id));
        posts
    }

    /// All holdings, those that ended included.
    #[must_use]
    pub fn holdings(&self) -> &[Holding] {
        &self.holdings
    }

    /// The same posts and delegations with other holders.
    ///
    /// # Errors
    /// Every fault found.
    pub fn with_holdings(&self, holdings: Vec<Holding>) -> Result<Self, Vec<StaffFault>> {
        let posts = self.posts.values().cloned().collect();
        Self::build(posts, holdings, self.delegations.clone())
    }

    /// The seats that an account may use on a day: its own posts, then those lent to it. A lent
    /// power ends when its lender leaves the post.
    #[must_use]
    pub fn seats(&self, account: &AccountId, day: Date) -> Vec<Seat> {
        let mut seats: Vec<Seat> = Vec::new();
        for holding in self.held_by(account, day) {
            if let Some(post) = self.posts.get(&holding.post) {
                seats.push(seat(post, None));
            }
        }
        let lent = self.delegations.iter().filter(|d| d.to == *account && d.valid.holds(day));
        for delegation in lent {
            let still = self.held_by(&delegation.from, day).any(|h| h.post == delegation.post);
            if let Some(post) = self.posts.get(&delegation.post).filter(|_| still) {
                let on_behalf_of = Some(delegation.from.clone());
                seats.push(seat(post, on_behalf_of));
            }
        }
        seats
    }

    fn held_by<'a>(
        &'a self,
        account: &AccountId,
        day: Date,
    ) -> impl Iterator<Item = &'a Holding> + use<'a> {
        let of_account = self.by_account.get(account).map(Vec::as_slice).unwrap_or_default();
        of_account.iter().filter_map(|i| self.holdings.get(*i)).filter(move |h| h.valid.holds(day))
    }

    /// The posts that an account holds itself on a day.
    #[must_use]
    pub fn posts_of(&self, account: &AccountId, day: Date) -> Vec<&Post> {
        self.held_by(account, day).filter_map(|held| self.posts.get(&held.post)).collect()
    }

    /// The same staff with one delegation of a post in the place of what was there from the same
    /// holder to the same deputy since the same day; one that ends before it begins is none.
    #[must_use]
    pub fn with_delegation(&self, one: Delegation) -> Self {
        let mut changed = self.clone();
        let same = |d: &Delegation| {
            (&d.post, &d.from, &d.to, d.valid.from)
                == (&one.post, &one.from, &one.to, one.valid.from)
        };
        changed.delegations.retain(|d| !same(d));
        let known = changed.posts.contains_key(&one.post) && one.from != one.to;
        if known && one.valid.to.is_none_or(|to| to >= one.valid.from) {
            changed.delegations.push(one);
        }
        changed
    }

    /// The accounts that hold a role in a unit on a day.
    #[must_use]
    pub fn holders(&self, unit: &UnitId, role: Role, day: Date) -> Vec<&AccountId> {
        self.held(unit, day).filter(|(r, _)| *r == role).map(|(_, account)| account).collect()
    }

    /// The roles held in a unit on a day, each with its holder.
    pub fn held(&self, unit: &UnitId, day: Date) -> impl Iterator<Item = (Role, &AccountId)> {
        let seats = self.by_seat.get(unit).map(Vec::as_slice).unwrap_or_default();
        let held = seats.iter().filter_map(|(role, i)| Some((*role, self.holdings.get(*i)?)));
        held.filter(move |(_, h)| h.valid.holds(day)).map(|(role, h)| (role, &h.account))
    }

    /// The delegations that touch an account on a day, given or received.
    #[must_use]
    pub fn delegations(&self, account: &AccountId, day: Date) -> Vec<&Delegation> {
        let touches = |d: &&Delegation| d.from == *account || d.to == *account;
        self.delegations.iter().filter(|d| d.valid.holds(day)).filter(touches).collect()
    }
}

fn seat(post: &Post, on_behalf_of: Option<AccountId>) -> Seat {
    Seat { unit: post.unit.clone(), role: post.role, on_behalf_of, carries_on: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(d: u32) -> Date {
        Date::from_ymd_opt(2019, 4, d).unwrap()
    }

    fn staff() -> Staff {
        let post = Post {
            id: "vtv/leader".into(),
            unit: "vtv".into(),
            role: Role::Leader,
            title: "Chủ tịch".into(),
            title_en: "Chair".into(),
        };
        let whole = Validity { from: day(1), to: Some(day(20)) };
        let lent = Validity { from: day(10), to: None };
        Staff::build(
            vec![post],
            vec![Holding { post: "vtv/leader".into(), account: "a".into(), valid: whole }],
            vec![Delegation {
                post: "vtv/leader".into(),
                from: "a".into(),
                to: "b".into(),
                valid: lent,
                ground: "QĐ 12".into(),
            }],
        )
        .unwrap()
    }

    #[test]
    fn lent_power_starts_and_ends_with_its_dates_and_its_lender() {
        let staff = staff();
        assert!(staff.seats(&"b".into(), day(9)).is_empty());
        let seat = &staff.seats(&"b".into(), day(10))[0];
        assert_eq!(seat.on_behalf_of, Some("a".into()));
        assert_eq!(staff.seats(&"a".into(), day(10))[0].on_behalf_of, None);
        assert!(staff.seats(&"b".into(), day(21)).is_empty(), "the lender has left the post");
        assert_eq!(staff.holders(&"vtv".into(), Role::Leader, day(3)), [&AccountId::from("a")]);
    }

    #[test]
    fn role_keys_round_trip() {
        for role in Role::ALL {
            assert_eq!(Role::from_key(role.as_str()), Some(role));
        }
    }
}
