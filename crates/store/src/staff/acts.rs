//! Acts on an account: each checked against whoever acts and against the posts that stand, done and
//! recorded in one unit of work.

use super::guard::{in_scope, not_oneself, somebody_stays};
use super::{Change, StaffError, StaffEvent, corrupt, holdings, place, stream};
use super::{put_holding, remove_holding};
use crate::accounts::{self, Account, NewAccount};
use crate::bounds;
use crate::cases::Env;
use crate::journal::{self, Entry};
use crate::sessions;
use crate::sql::Tx;
use kernel::access::{Grant, StaffScope, staff_scope};
use kernel::calendar::{Date, Instant};
use kernel::catalogue::Catalogue;
use kernel::ids::AccountId;
use kernel::limits::{GROUND_CHARS, LATE_ENTRY_DAYS, NAME_CHARS};
use kernel::org::{Holding, Validity};
use kernel::people::{Fault, tidy};
use uuid::Uuid;

/// What is done to an account.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    /// Another name.
    Rename(String),
    /// It can sign in no longer.
    Disable,
    /// It can sign in again.
    Enable,
    /// A new first password, hashed by the caller; it must be changed at the next sign-in.
    Reset {
        /// From [`accounts::hash_password`].
        phc: String,
    },
    /// A rest after wrong passwords ends.
    Lift,
    /// All its sessions end.
    EndSessions,
    /// It holds one more post.
    Appoint {
        /// The post.
        post: String,
        /// When.
        valid: Validity,
    },
    /// The last day of an appointment; `None` for one without end.
    SetEnd {
        /// The post.
        post: String,
        /// First day of the appointment.
        from: Date,
        /// Its last day.
        to: Option<Date>,
    },
    /// An appointment is taken back before its first day.
    Cancel {
        /// The post.
        post: String,
        /// First day of the appointment.
        from: Date,
    },
    /// Another post from a day on, in the place of one; the day before is the last of the old one.
    Move {
        /// The post that is left.
        post: String,
        /// First day of the appointment that is left.
        from: Date,
        /// The post that is taken up.
        to_post: String,
        /// First day there.
        on: Date,
    },
}

/// An account to be made, with its first post.
#[derive(Clone)]
pub struct NewStaff {
    /// The account; its password must be changed at the first sign-in unless it says otherwise.
    pub account: NewAccount,
    /// Its first post.
    pub post: String,
    /// When it holds it.
    pub valid: Validity,
}

/// What an act may look at: who holds what, read once for a whole sheet.
pub(super) struct Room {
    pub(super) scope: StaffScope,
    pub(super) holdings: Vec<Holding>,
    pub(super) ground: String,
    pub(super) import: Option<Uuid>,
}

impl Room {
    pub(super) fn open(
        tx: &mut Tx<'_>,
        env: &Env<'_>,
        ground: &str,
        import: Option<Uuid>,
    ) -> Result<Self, StaffError> {
        let scope = staff_scope(env.actor, &env.catalogue.tree, env.now.date());
        let scope = scope.ok_or(StaffError::OtherUnit)?;
        let ground = tidy(ground);
        if ground.is_empty() {
            return Err(Fault::new("ground", "err-reason-missing").into());
        }
        if ground.chars().count() > GROUND_CHARS {
            return Err(Fault::new("ground", "err-too-long").with("max", GROUND_CHARS).into());
        }
        Ok(Self { scope, holdings: holdings(tx)?, ground, import })
    }

    fn of(&self, id: &AccountId) -> Vec<&Holding> {
        self.holdings.iter().filter(|h| h.account == *id).collect()
    }
}

/// Does an act on an account. `seen` is the place of its history that the page was made from.
///
/// # Errors
/// Why it was not done; nothing of it stays then.
pub fn act(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    (id, seen): (Uuid, Option<u64>),
    act: &Act,
    ground: &str,
) -> Result<(), StaffError> {
    let mut room = Room::open(tx, env, ground, None)?;
    let found = place(tx, id)?;
    if let Some(expected) = seen.filter(|seen| *seen != found) {
        return Err(StaffError::Changed { expected, found });
    }
    act_in(tx, env, &mut room, id, act)
}

/// The same within what was read for a whole sheet.
pub(super) fn act_in(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    room: &mut Room,
    id: Uuid,
    act: &Act,
) -> Result<(), StaffError> {
    let account = accounts::by_id(tx, id)?.ok_or(StaffError::NotFound)?;
    let key = AccountId(id.to_string());
    let today = env.now.date();
    let mine = room.of(&key);
    let grant = in_scope(&room.scope, (&key, &mine), env.catalogue, today);
    let grant = grant.ok_or(StaffError::OtherUnit)?;
    not_oneself(env, &key, act)?;
    found(tx, env, room, (&account, &key))?;
    let events = match act {
        Act::Appoint { .. } | Act::SetEnd { .. } | Act::Cancel { .. } | Act::Move { .. } => {
            posts(tx, env, room, (&key, act))?
        }
        _ => vec![keys(tx, env, room, (&account, &key, act))?],
    };
    record(tx, env, (id, &grant), room, events)
}

/// Makes an account with its first post.
///
/// # Errors
/// Why not; nothing of it stays then.
pub fn add(tx: &mut Tx<'_>, env: &Env<'_>, new: &NewStaff, ground: &str) -> Result<(), StaffError> {
    let mut room = Room::open(tx, env, ground, None)?;
    add_in(tx, env, &mut room, new)
}

pub(super) fn add_in(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    room: &mut Room,
    new: &NewStaff,
) -> Result<(), StaffError> {
    let account =
        NewAccount { display_name: name(&new.account.display_name)?, ..new.account.clone() };
    if accounts::by_login(tx, &account.login)?.is_some() {
        return Err(Fault::new("login", "admin-err-login-taken").into());
    }
    let key = AccountId(account.id.to_string());
    let grant = appointable(env, room, &key, (&new.post, new.valid))?;
    accounts::add(tx, &account, env.now.0)?;
    let holding = Holding { post: new.post.clone(), account: key, valid: new.valid };
    put_holding(tx, &holding)?;
    room.holdings.push(holding);
    let (login, name) = (account.login.clone(), account.display_name.clone());
    let (post, valid) = (new.post.clone(), new.valid);
    let events =
        vec![StaffEvent::AccountAdded { login, name }, StaffEvent::Appointed { post, valid }];
    record(tx, env, (account.id, &grant), room, events)
}

/// Writes down an account that has no history yet, as it is.
fn found(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    room: &Room,
    (account, key): (&Account, &AccountId),
) -> Result<(), StaffError> {
    if place(tx, account.id)? > 0 {
        return Ok(());
    }
    let event = StaffEvent::AccountFound {
        login: account.login.clone(),
        name: account.display_name.clone(),
        active: account.active,
        holdings: room.of(key).iter().map(|h| (h.post.clone(), h.valid)).collect(),
    };
    record(tx, env, (account.id, &Grant::default()), room, vec![event])
}

/// Acts on the account itself.
fn keys(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    room: &Room,
    (account, key, act): (&Account, &AccountId, &Act),
) -> Result<StaffEvent, StaffError> {
    let (id, now) = (account.id, env.now.0);
    let end_all = |tx: &mut Tx<'_>| sessions::end_all(tx, id, None, now).map(|n| n as u64);
    Ok(match act {
        Act::Rename(to) => {
            let to = name(to)?;
            if to == account.display_name {
                return Err(StaffError::Same);
            }
            accounts::set_display_name(tx, id, &to, now)?;
            StaffEvent::AccountRenamed { from: account.display_name.clone(), to }
        }
        Act::Disable if account.active => {
            let both = (room.holdings.as_slice(), room.holdings.as_slice());
            somebody_stays(tx, env.catalogue, both, Some(key), &[env.now.date()])?;
            accounts::set_active(tx, id, false, now)?;
            StaffEvent::AccountDisabled { sessions: end_all(tx)? }
        }
        Act::Enable if !account.active => {
            accounts::set_active(tx, id, true, now)?;
            StaffEvent::AccountEnabled {}
        }
        Act::Reset { phc } => {
            accounts::set_password(tx, id, phc, true, now)?;
            StaffEvent::PasswordReset { sessions: end_all(tx)? }
        }
        Act::Lift if account.locked_until_ms.is_some_and(|until| until > now) => {
            accounts::note_sign_in(tx, id, true, now)?;
            StaffEvent::LockLifted {}
        }
        Act::EndSessions => match end_all(tx)? {
            0 => return Err(StaffError::Same),
            sessions => StaffEvent::SessionsEnded { sessions },
        },
        _ => return Err(StaffError::Same),
    })
}

/// Acts on the posts of an account.
fn posts(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    room: &mut Room,
    (key, act): (&AccountId, &Act),
) -> Result<Vec<StaffEvent>, StaffError> {
    let before = room.holdings.clone();
    let (events, days) = match act {
        Act::Appoint { post, valid } => {
            appointable(env, room, key, (post, *valid))?;
            take_up(tx, room, key, (post, *valid))?;
            (vec![StaffEvent::Appointed { post: post.clone(), valid: *valid }], Vec::new())
        }
        Act::SetEnd { post, from, to } => {
            let event = set_end(tx, env, room, (key, post, *from), *to)?;
            let days = to.and_then(|to| to.succ_opt()).map(|day| day.max(env.now.date()));
            (vec![event], days.into_iter().collect())
        }
        Act::Cancel { post, from } => {
            let holding = one(room, key, post, *from)?;
            if *from <= env.now.date() {
                return Err(Fault::new("from", "admin-err-begun").into());
            }
            remove_holding(tx, &holding)?;
            room.holdings.retain(|h| *h != holding);
            let event =
                StaffEvent::AppointmentCancelled { post: post.clone(), valid: holding.valid };
            (vec![event], vec![*from])
        }
        Act::Move { post, from, to_post, on } => {
            if post == to_post {
                return Err(StaffError::Same);
            }
            let valid = Validity { from: *on, to: one(room, key, post, *from)?.valid.to };
            let last = on.pred_opt().filter(|last| last >= from);
            let last = last.ok_or_else(|| Fault::new("on", "admin-err-move-early"))?;
            appointable(env, room, key, (to_post, valid))?;
            let ended = set_end(tx, env, room, (key, post, *from), Some(last))
                .map_err(|error| at_field(error, "on"))?;
            take_up(tx, room, key, (to_post, valid))?;
            let taken = StaffEvent::Appointed { post: to_post.clone(), valid };
            (vec![ended, taken], vec![(*on).max(env.now.date())])
        }
        _ => return Err(StaffError::Same),
    };
    somebody_stays(tx, env.catalogue, (&before, &room.holdings), None, &days)?;
    Ok(events)
}

/// The same faults at another field of the form.
fn at_field(error: StaffError, field: &str) -> StaffError {
    match error {
        StaffError::Fields(faults) => StaffError::Fields(
            faults.into_iter().map(|fault| Fault { field: field.to_owned(), ..fault }).collect(),
        ),
        other => other,
    }
}

fn one(room: &Room, key: &AccountId, post: &str, from: Date) -> Result<Holding, StaffError> {
    let same = |h: &&Holding| h.account == *key && h.post == post && h.valid.from == from;
    room.holdings.iter().find(same).cloned().ok_or(StaffError::NotFound)
}

fn take_up(
    tx: &mut Tx<'_>,
    room: &mut Room,
    key: &AccountId,
    (post, valid): (&str, Validity),
) -> Result<(), StaffError> {
    let holding = Holding { post: post.to_owned(), account: key.clone(), valid };
    put_holding(tx, &holding)?;
    room.holdings.push(holding);
    Ok(())
}

fn set_end(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    room: &mut Room,
    (key, post, from): (&AccountId, &str, Date),
    to: Option<Date>,
) -> Result<StaffEvent, StaffError> {
    let holding = one(room, key, post, from)?;
    let before = holding.valid.to;
    if before == to {
        return Err(StaffError::Same);
    }
    may_end(env.now, from, to)?;
    let changed = Holding { valid: Validity { from, to }, ..holding.clone() };
    // Its post may have been left out of the data since; ending it stays possible.
    if before.is_some_and(|before| to.is_none_or(|to| to > before)) {
        in_reach(env, room, post)?;
        apart(room.holdings.iter(), &changed, Some(&holding))?;
    }
    put_holding(tx, &changed)?;
    for held in room.holdings.iter_mut().filter(|held| **held == holding) {
        held.valid = changed.valid;
    }
    Ok(StaffEvent::EndSet { post: post.to_owned(), from, before, to })
}

/// The right by which a post may be given for a time.
fn appointable(
    env: &Env<'_>,
    room: &Room,
    key: &AccountId,
    (post, valid): (&str, Validity),
) -> Result<Grant, StaffError> {
    let grant = in_reach(env, room, post)?;
    may_begin(env.catalogue, env.now, (post, valid))?;
    let all = room.of(key).len();
    if all >= bounds::HOLDINGS_PER_ACCOUNT_MAX {
        let max = bounds::HOLDINGS_PER_ACCOUNT_MAX;
        return Err(Fault::new("post", "admin-err-many-posts").with("max", max).into());
    }
    let holding = Holding { post: post.to_owned(), account: key.clone(), valid };
    apart(room.holdings.iter(), &holding, None)?;
    Ok(grant)
}

/// The days of an appointment: the unit is there on the first, which does not lie far back.
pub(super) fn may_begin(
    catalogue: &Catalogue,
    now: Instant,
    (post, valid): (&str, Validity),
) -> Result<(), StaffError> {
    let unit = catalogue.staff.post(post).and_then(|p| catalogue.tree.unit(&p.unit));
    if unit.is_none_or(|unit| !unit.valid.holds(valid.from)) {
        return Err(Fault::new("from", "admin-err-unit-not-there").into());
    }
    let earliest = now.plus_days(-LATE_ENTRY_DAYS).date();
    if valid.from < earliest {
        let day = earliest.format("%-d/%-m/%Y");
        return Err(Fault::new("from", "admin-err-from-early").with("day", day).into());
    }
    if valid.to.is_some_and(|to| to < valid.from) {
        return Err(Fault::new("to", "admin-err-to-before-from").into());
    }
    Ok(())
}

/// A last day is not before the first, and not further back than yesterday: what was done with a
/// post was done.
pub(super) fn may_end(now: Instant, from: Date, to: Option<Date>) -> Result<(), StaffError> {
    let yesterday = now.date().pred_opt().unwrap_or(from);
    let Some(to) = to else { return Ok(()) };
    if to < from || to < yesterday {
        let earliest = from.max(yesterday).format("%-d/%-m/%Y");
        return Err(Fault::new("to", "admin-err-end-early").with("day", earliest).into());
    }
    Ok(())
}

fn in_reach(env: &Env<'_>, room: &Room, post: &str) -> Result<Grant, StaffError> {
    let found = env.catalogue.staff.post(post);
    let found = found.ok_or_else(|| Fault::new("post", "admin-err-no-post").with("post", post))?;
    let grant = room.scope.grant(&found.unit, &env.catalogue.tree);
    grant.ok_or_else(|| Fault::new("post", "admin-err-post-elsewhere").into())
}

/// One account holds one post once at a time.
pub(super) fn apart<'a>(
    mut all: impl Iterator<Item = &'a Holding>,
    new: &Holding,
    but: Option<&Holding>,
) -> Result<(), StaffError> {
    let meets = |a: &Validity, b: &Validity| {
        a.to.is_none_or(|to| b.from <= to) && b.to.is_none_or(|to| a.from <= to)
    };
    let clash = all.any(|held| {
        let same = held.account == new.account && held.post == new.post && Some(held) != but;
        same && meets(&held.valid, &new.valid)
    });
    if clash { Err(Fault::new("post", "admin-err-holds-already").into()) } else { Ok(()) }
}

/// A name as it is kept.
pub(super) fn name(text: &str) -> Result<String, StaffError> {
    let name = tidy(text);
    let fault = if name.chars().filter(|c| c.is_alphabetic()).count() == 0 {
        Fault::new("name", "admin-err-name-missing")
    } else if name.chars().count() > NAME_CHARS {
        Fault::new("name", "err-too-long").with("max", NAME_CHARS)
    } else {
        return Ok(name);
    };
    Err(fault.into())
}

fn record(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    (id, grant): (Uuid, &Grant),
    room: &Room,
    events: Vec<StaffEvent>,
) -> Result<(), StaffError> {
    let mut entries = Vec::with_capacity(events.len());
    for event in events {
        let kind = event.kind().to_owned();
        let change = Change { event, ground: room.ground.clone(), import: room.import };
        entries.push(Entry {
            at_ms: env.now.0,
            by: env.actor.by(),
            on_behalf_of: grant.on_behalf_of.as_ref().map(|a| a.0.clone()),
            unit: grant.unit.as_ref().map(|u| u.0.clone()),
            kind,
            version: 1,
            body: serde_json::to_string(&change).map_err(corrupt)?,
        });
    }
    let head = journal::head(tx, stream(id))?;
    journal::append_to(tx, stream(id), head, &entries)?;
    Ok(())
}
