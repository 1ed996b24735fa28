//! Lists, counts and search as the pages ask for them.

use super::figures::{Spread, stopwatch};
use crate::install::Installation;
use kernel::access::{Actor, row_filter};
use kernel::calendar::Instant;
use kernel::case::Bucket;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use store::cases::{self, Cursor, Scope};
use store::{ActError, StoreError};

/// Asked this often.
const TIMES: usize = 400;
/// Rows of a page.
const ROWS: u32 = 25;

/// Figures of one database.
#[derive(Clone, Copy, Debug)]
pub struct Lists {
    /// A page of a worklist.
    pub list: Spread,
    /// All counts of the side list.
    pub counts: Spread,
    /// A search by two words of a name.
    pub search: Spread,
}

/// Measures with officers of all kinds of units.
///
/// # Errors
/// What the store says.
pub fn lists(
    installation: &Installation,
    actors: &[Actor],
    now: Instant,
) -> Result<Lists, StoreError> {
    let names = crate::demo_fill::names(&installation.loaded);
    let mut rng = ChaCha12Rng::seed_from_u64(7);
    let (mut list, mut counts, mut search) = (Vec::new(), Vec::new(), Vec::new());
    let store = &installation.store;
    for _ in 0..TIMES {
        let Some(actor) = actors.choose(&mut rng) else { break };
        let bucket = Bucket::ALL[rng.random_range(0..Bucket::ALL.len())];
        let watch = stopwatch();
        let read = store
            .read_blocking(|r| cases::list(r, actor, bucket, Scope::Unit, Cursor::START, ROWS));
        read.map_err(ActError::into_store)?;
        list.push(watch());
        let watch = stopwatch();
        let read = store.read_blocking(|r| cases::counts(r, actor, Scope::Unit, now));
        read.map_err(ActError::into_store)?;
        counts.push(watch());
        let filter = row_filter(actor, &installation.catalogue.tree, now.date());
        let typed = names.name(&mut rng);
        let watch = stopwatch();
        let read = store.read_blocking(|r| cases::find(r, &filter, &typed, None, ROWS));
        read.map_err(ActError::into_store)?;
        search.push(watch());
    }
    Ok(Lists { list: Spread::of(list), counts: Spread::of(counts), search: Spread::of(search) })
}
