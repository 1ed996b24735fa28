//! The proof of accounts: names, posts and whether they are closed, against what was recorded.

use super::{Recorded, StaffEvent, history, holdings};
use crate::accounts::{self, Account};
use crate::bounds;
use crate::cases::Finding;
use crate::sql::Query;
use kernel::org::{Holding, Validity};
use std::collections::{BTreeMap, HashMap};

/// Proves that every account with a history is what its history makes of it. Gives how many journal
/// rows belong to accounts; their chains are walked with the whole journal.
///
/// # Errors
/// The first finding.
pub fn verify(query: &mut impl Query) -> Result<u64, Finding> {
    let mut held: HashMap<String, BTreeMap<Slot, Option<kernel::calendar::Date>>> = HashMap::new();
    for Holding { post, account, valid } in holdings(query).map_err(Finding::Store)? {
        held.entry(account.0).or_default().insert((post, valid.from), valid.to);
    }
    let (mut rows, mut last) = (0, String::new());
    loop {
        let page = accounts::list(query, &last, bounds::LIST_MAX).map_err(Finding::Store)?;
        let Some(end) = page.last() else { return Ok(rows) };
        last.clone_from(&end.login);
        for account in &page {
            let history = history(query, account.id).map_err(Finding::Store)?;
            rows += history.len() as u64;
            let theirs = held.remove(&account.id.to_string()).unwrap_or_default();
            prove(account, &history, &theirs)?;
        }
    }
}

/// A post with the first day of an appointment to it.
type Slot = (String, kernel::calendar::Date);

/// What a history makes of an account.
#[derive(Default)]
struct Made {
    name: String,
    active: bool,
    posts: BTreeMap<Slot, Option<kernel::calendar::Date>>,
}

impl Made {
    fn put(&mut self, post: &str, valid: Validity) {
        self.posts.insert((post.to_owned(), valid.from), valid.to);
    }

    fn follow(&mut self, event: &StaffEvent) {
        match event {
            StaffEvent::AccountFound { name, active, holdings, .. } => {
                (self.name, self.active) = (name.clone(), *active);
                holdings.iter().for_each(|(post, valid)| self.put(post, *valid));
            }
            StaffEvent::AccountAdded { name, .. } => {
                (self.name, self.active) = (name.clone(), true);
            }
            StaffEvent::AccountRenamed { to, .. } => self.name.clone_from(to),
            StaffEvent::AccountDisabled { .. } => self.active = false,
            StaffEvent::AccountEnabled {} => self.active = true,
            StaffEvent::Appointed { post, valid } => self.put(post, *valid),
            StaffEvent::EndSet { post, from, to, .. } => {
                self.put(post, Validity { from: *from, to: *to });
            }
            StaffEvent::AppointmentCancelled { post, valid } => {
                self.posts.remove(&(post.clone(), valid.from));
            }
            StaffEvent::PasswordReset { .. }
            | StaffEvent::LockLifted {}
            | StaffEvent::SessionsEnded { .. } => {}
        }
    }
}

fn prove(
    account: &Account,
    history: &[Recorded],
    held: &BTreeMap<Slot, Option<kernel::calendar::Date>>,
) -> Result<(), Finding> {
    if history.is_empty() {
        return Ok(());
    }
    let mut made = Made::default();
    history.iter().for_each(|recorded| made.follow(&recorded.change.event));
    let finding =
        |what: &str| Err(Finding::Account { login: account.login.clone(), what: what.to_owned() });
    if made.posts != *held {
        return finding("its posts are not those that the journal recorded");
    }
    if made.active != account.active {
        return finding("it is open or closed in one of journal and table only");
    }
    if made.name != account.display_name {
        return finding("its name is not the one that the journal recorded");
    }
    Ok(())
}
