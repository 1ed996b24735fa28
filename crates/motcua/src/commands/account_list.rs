//! `motcua account list`: sign-in names with the posts of today, one account a line.

use super::account::ListArgs;
use crate::install::account_id;
use crate::world::{Exit, World};
use kernel::calendar::Instant;
use store::accounts::{self, Account};
use store::{ActError, Options, StoreError, bounds};

/// Says every account: sign-in name, name, posts, and whether it is closed.
pub(super) fn list(args: &ListArgs, world: &mut World<'_>) -> Result<(), Exit> {
    let options = Options { read_only: true, ..Options::default() };
    let (_, installation) = super::opened(&args.place, options, world)?;
    let today = Instant((world.clock)()).date();
    let mut last = String::new();
    loop {
        let after = last.clone();
        let page: Result<Vec<Account>, ActError<StoreError>> =
            installation.store.read_blocking(|r| accounts::list(r, &after, bounds::LIST_MAX));
        let page = page.map_err(|error| {
            world.warn(error.into_store());
            Exit::Closed
        })?;
        let Some(end) = page.last() else { return Ok(()) };
        last.clone_from(&end.login);
        for account in &page {
            let seats = installation.catalogue.seats(&account_id(account.id), today);
            let posts: Vec<String> =
                seats.iter().map(|s| format!("{}/{}", s.unit, s.role.as_str())).collect();
            let posts = if posts.is_empty() { "-".to_owned() } else { posts.join(", ") };
            let closed = if account.active { "" } else { "\tđã đóng / closed" };
            world.say(format_args!("{}\t{}\t{posts}{closed}", account.login, account.display_name));
        }
    }
}
