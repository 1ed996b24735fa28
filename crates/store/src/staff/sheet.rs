//! Staff from a sheet: what each line would change, and all of it in one unit of work. A sheet that
//! was taken before changes nothing when it comes again.

use super::acts::{Act, NewStaff, Room, act_in, add_in, apart, may_begin, may_end, name};
use super::guard::in_scope;
use super::{StaffError, corrupt, holdings};
use crate::accounts::{self, Account, NewAccount};
use crate::bounds;
use crate::cases::Env;
use crate::error::StoreError;
use crate::sql::{Query, Tx};
use kernel::access::{Actor, StaffScope, staff_scope};
use kernel::calendar::{Date, Instant};
use kernel::catalogue::Catalogue;
use kernel::ids::AccountId;
use kernel::org::{Holding, Validity};
use kernel::people::Fault;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A line of the sheet, as far as it could be read.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Line {
    /// Its number in the sheet, from 1.
    pub number: u32,
    /// Sign-in name as written.
    pub login: String,
    /// Name.
    pub name: String,
    /// Key of the post.
    pub post: String,
    /// First day; without it today, or the day on which the appointment began that stands.
    pub from: Option<Date>,
    /// Last day.
    pub to: Option<Date>,
}

/// What a line would change on an account that is there.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub enum What {
    /// Its name, which was this one.
    Renamed(String),
    /// It holds the post from this day to that.
    Appointed(Date, Option<Date>),
    /// The appointment that began on the first day ends on another day, after this one before.
    EndMoved(Date, Option<Date>),
}

/// What becomes of a line.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub enum Verdict {
    /// A new account with this appointment.
    New(Date, Option<Date>),
    /// An account that is there changes.
    Changed(Vec<What>),
    /// All is as the line says.
    Unchanged,
    /// The line cannot be taken: field, text key and its arguments.
    Wrong(String, String, Vec<(String, String)>),
}

/// A line with what becomes of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Planned {
    /// The line.
    pub line: Line,
    /// The account, if it is there.
    pub account: Option<Uuid>,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// Why a sheet was not taken.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum SheetError {
    /// Lines cannot be taken.
    #[error("{0} lines cannot be taken")]
    Wrong(usize),
    /// What it would change is not what the person saw.
    #[error("the staff changed since the preview")]
    Changed,
    /// A line was refused after all.
    #[error("line {0}: {1}")]
    Line(u32, StaffError),
    /// As for one account.
    #[error(transparent)]
    Staff(#[from] StaffError),
}

impl From<StoreError> for SheetError {
    fn from(error: StoreError) -> Self {
        Self::Staff(error.into())
    }
}

/// Id and hashed first password of an account that will be made.
#[derive(Clone)]
pub struct Secret {
    /// Its random id.
    pub id: Uuid,
    /// From [`accounts::hash_password`].
    pub phc: String,
}

/// What taking a sheet did.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Applied {
    /// Accounts made.
    pub new: u32,
    /// Lines that changed an account that was there.
    pub changed: u32,
    /// Lines that changed nothing.
    pub unchanged: u32,
}

/// What each line would change.
///
/// # Errors
/// What the store says, or that the actor keeps no accounts.
pub fn plan(
    query: &mut impl Query,
    (catalogue, actor, now): (&Catalogue, &Actor, Instant),
    lines: &[Line],
) -> Result<Vec<Planned>, StaffError> {
    let scope = staff_scope(actor, &catalogue.tree, now.date());
    let scope = scope.ok_or(StaffError::OtherUnit)?;
    let mut of_account: HashMap<AccountId, Vec<Holding>> = HashMap::new();
    for holding in holdings(query)? {
        of_account.entry(holding.account.clone()).or_default().push(holding);
    }
    let mut sheet = Sheet { catalogue, now, scope, of_account, names: BTreeMap::new() };
    lines.iter().map(|line| sheet.one(query, line)).collect()
}

/// What tells one preview from another: SHA-256 in 64 hexadecimal digits.
#[must_use]
pub fn digest(planned: &[Planned]) -> String {
    let text = serde_json::to_string(planned).unwrap_or_default();
    hex::encode(Sha256::digest(text.as_bytes()))
}

struct Sheet<'a> {
    catalogue: &'a Catalogue,
    now: Instant,
    scope: StaffScope,
    of_account: HashMap<AccountId, Vec<Holding>>,
    /// The name that each account has by the lines so far, and the line that says so.
    names: BTreeMap<String, (String, u32)>,
}

impl Sheet<'_> {
    fn one(&mut self, query: &mut impl Query, line: &Line) -> Result<Planned, StaffError> {
        let login = accounts::fold_login(&line.login).unwrap_or_default();
        let account = match login.as_str() {
            "" => None,
            login => accounts::by_login(query, login)?,
        };
        let id = account.as_ref().map(|account| account.id);
        let verdict = match self.verdict(line, &login, account.as_ref()) {
            Ok(verdict) => verdict,
            Err(StaffError::Fields(faults)) => faults.into_iter().next().map_or_else(
                || Verdict::Wrong(String::new(), "refused-unprocessable".to_owned(), Vec::new()),
                |fault| Verdict::Wrong(fault.field, fault.key, fault.args),
            ),
            Err(other) => return Err(other),
        };
        Ok(Planned { line: line.clone(), account: id, verdict })
    }

    fn verdict(
        &mut self,
        line: &Line,
        login: &str,
        account: Option<&Account>,
    ) -> Result<Verdict, StaffError> {
        if login.is_empty() {
            return Err(Fault::new("login", "admin-err-login").into());
        }
        let wanted = name(&line.name)?;
        if let Some((other, number)) = self.names.get(login).filter(|(n, _)| *n != wanted) {
            let fault = Fault::new("name", "admin-err-two-names").with("line", number);
            return Err(fault.with("other", other).into());
        }
        let key = AccountId(account.map_or_else(|| format!("new:{login}"), |a| a.id.to_string()));
        let known = self.names.contains_key(login);
        if let Some(account) = account {
            self.theirs(account, &key)?;
        }
        let what = self.posts(line, &key)?;
        self.names.insert(login.to_owned(), (wanted.clone(), line.number));
        let Some(account) = account else {
            // A later line of a new account gives it another post.
            return Ok(match (known, what) {
                (false, Some(What::Appointed(from, to))) => Verdict::New(from, to),
                (_, what) => Verdict::Changed(what.into_iter().collect()),
            });
        };
        let renamed = (account.display_name != wanted && !known)
            .then(|| What::Renamed(account.display_name.clone()));
        let all: Vec<What> = renamed.into_iter().chain(what).collect();
        Ok(if all.is_empty() { Verdict::Unchanged } else { Verdict::Changed(all) })
    }

    fn theirs(&self, account: &Account, key: &AccountId) -> Result<(), StaffError> {
        if !account.active {
            return Err(Fault::new("login", "admin-err-account-closed").into());
        }
        let held = self.of_account.get(key).map(Vec::as_slice).unwrap_or_default();
        let held: Vec<&Holding> = held.iter().collect();
        let today = self.now.date();
        match in_scope(&self.scope, (key, &held), self.catalogue, today) {
            Some(_) => Ok(()),
            None => Err(Fault::new("login", "admin-err-account-elsewhere").into()),
        }
    }

    /// What the line does to the posts of the account, noted for the lines that follow.
    fn posts(&mut self, line: &Line, key: &AccountId) -> Result<Option<What>, StaffError> {
        let today = self.now.date();
        let held = self.of_account.entry(key.clone()).or_default();
        let of_post = |h: &&mut Holding| h.post == line.post;
        let stands = held.iter_mut().filter(of_post).find(|h| match line.from {
            Some(from) => h.valid.from == from,
            None => h.valid.to.is_none_or(|to| to >= today),
        });
        if let Some(stands) = stands {
            if stands.valid.to == line.to {
                return Ok(None);
            }
            may_end(self.now, stands.valid.from, line.to)?;
            let moved = What::EndMoved(stands.valid.from, stands.valid.to);
            stands.valid.to = line.to;
            return Ok(Some(moved));
        }
        let catalogue = self.catalogue;
        let post = catalogue.staff.post(&line.post);
        let missing = || Fault::new("post", "admin-err-no-post").with("post", &line.post);
        let post = post.ok_or_else(missing)?;
        if self.scope.grant(&post.unit, &catalogue.tree).is_none() {
            return Err(Fault::new("post", "admin-err-post-elsewhere").into());
        }
        let from = line.from.unwrap_or(today);
        let valid = Validity { from, to: line.to };
        may_begin(catalogue, self.now, (&line.post, valid))?;
        let holding = Holding { post: line.post.clone(), account: key.clone(), valid };
        apart(held.iter(), &holding, None)?;
        held.push(holding);
        Ok(Some(What::Appointed(from, line.to)))
    }
}

/// Takes a sheet: everything that the preview showed, or nothing.
///
/// # Errors
/// Why not; nothing of it stays then.
pub fn apply(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    lines: &[Line],
    secrets: &BTreeMap<String, Secret>,
    (seen, ground): (&str, &str),
) -> Result<Applied, SheetError> {
    let planned = plan(tx, (env.catalogue, env.actor, env.now), lines)?;
    let wrong = planned.iter().filter(|p| matches!(p.verdict, Verdict::Wrong(..))).count();
    if wrong > 0 {
        return Err(SheetError::Wrong(wrong));
    }
    if digest(&planned) != seen {
        return Err(SheetError::Changed);
    }
    if planned.len() > bounds::STAFF_SHEET_LINES {
        return Err(corrupt("the sheet has too many lines").into());
    }
    let import = env.id();
    let mut room = Room::open(tx, env, ground, Some(import))?;
    let mut done = Applied::default();
    for one in &planned {
        match &one.verdict {
            Verdict::New(..) => done.new += 1,
            Verdict::Changed(_) => done.changed += 1,
            _ => done.unchanged += 1,
        }
        take(tx, env, &mut room, one, secrets)
            .map_err(|error| SheetError::Line(one.line.number, error))?;
    }
    Ok(done)
}

fn take(
    tx: &mut Tx<'_>,
    env: &Env<'_>,
    room: &mut Room,
    one: &Planned,
    secrets: &BTreeMap<String, Secret>,
) -> Result<(), StaffError> {
    let login = accounts::fold_login(&one.line.login).unwrap_or_default();
    let post = one.line.post.clone();
    let secret = || secrets.get(&login).ok_or(StaffError::NotFound);
    match &one.verdict {
        Verdict::New(from, to) => {
            let secret = secret()?;
            let account = NewAccount {
                id: secret.id,
                login: login.clone(),
                password_phc: secret.phc.clone(),
                display_name: one.line.name.clone(),
                must_change: true,
            };
            let valid = Validity { from: *from, to: *to };
            add_in(tx, env, room, &NewStaff { account, post, valid })
        }
        Verdict::Changed(all) => {
            let id = match one.account {
                Some(id) => id,
                None => secret()?.id,
            };
            for what in all {
                let act = match what {
                    What::Renamed(_) => Act::Rename(one.line.name.clone()),
                    What::Appointed(from, to) => {
                        let valid = Validity { from: *from, to: *to };
                        Act::Appoint { post: post.clone(), valid }
                    }
                    What::EndMoved(from, _) => {
                        Act::SetEnd { post: post.clone(), from: *from, to: one.line.to }
                    }
                };
                act_in(tx, env, room, id, &act)?;
            }
            Ok(())
        }
        Verdict::Unchanged | Verdict::Wrong(..) => Ok(()),
    }
}
