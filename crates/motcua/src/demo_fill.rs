//! Fills a demonstration: accounts, holders of every post, and a past year of cases, made by
//! running the ordinary commands on a moved clock.

use crate::install::{self, Installation, OpenFault, account_id};
use crate::outside::FakeOutside;
use crate::seed::Loaded;
use kernel::calendar::{Date, Instant};
use kernel::ids::UnitId;
use kernel::org::{Delegation, Holding, Post, Validity};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use sim::{Names, Plan, Report, SimError, World};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use store::accounts::{self, NewAccount};
use store::delegations::{self, Lending};
use store::staff::put_holding;
use store::{ActError, StoreError};
use uuid::Uuid;

/// Everything in the demo follows from it.
const SEED: u64 = 134_2019;
/// The portal's fake loses the first telling of one in this many cases.
const PORTAL_LOSES_ONE_IN: u8 = 40;
/// Days of the past that are filled.
const PAST_DAYS: i64 = 365;

/// Which province the demo shows on a day.
#[must_use]
pub fn set_on(day: Date) -> &'static str {
    let two_levels = Date::from_ymd_opt(2025, 7, 1).is_some_and(|from| day >= from);
    if two_levels { "an-giang-2025" } else { "kien-giang-2019" }
}

/// Why a demo cannot be filled.
#[derive(Debug, thiserror::Error)]
pub enum FillFault {
    /// A part of the installation.
    #[error(transparent)]
    Open(#[from] OpenFault),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A password that is not taken.
    #[error("{0}: {1}")]
    Password(String, String),
    /// The simulation stopped.
    #[error(transparent)]
    Sim(#[from] SimError),
}

fn from_act(error: ActError<StoreError>) -> FillFault {
    FillFault::Store(error.into_store())
}

/// Makes accounts and holders: those of the demo's people, and one holder for every other post, who
/// has no password and cannot sign in.
///
/// # Errors
/// What the store says.
pub fn people(installation: &mut Installation, set: &str, now: Instant) -> Result<(), FillFault> {
    let mut rng = ChaCha12Rng::seed_from_u64(SEED);
    let loaded = &installation.loaded;
    let demo = &loaded.demo;
    let mut ids: HashMap<String, Uuid> = HashMap::new();
    let mut new = Vec::new();
    let mut hashes: HashMap<String, String> = HashMap::new();
    for account in &demo.accounts {
        let id = random_id(&mut rng);
        let phc = match hashes.get(&account.password) {
            Some(phc) => phc.clone(),
            None => {
                let phc = accounts::hash_password(&mut rng, &account.password)
                    .map_err(|e| FillFault::Password(account.login.clone(), e.to_string()))?;
                hashes.insert(account.password.clone(), phc.clone());
                phc
            }
        };
        ids.insert(account.login.clone(), id);
        let (login, display_name) = (account.login.clone(), account.display_name.clone());
        new.push(NewAccount { id, login, password_phc: phc, display_name, must_change: false });
    }
    let of = |login: &str| ids.get(login).map_or_else(Uuid::nil, |id| *id);
    let holding = |h: &crate::seed::DemoHolding| Holding {
        post: h.post.clone(),
        account: account_id(of(&h.login)),
        valid: h.valid,
    };
    let mut holdings: Vec<Holding> = demo.holdings.iter().map(holding).collect();
    let lending = |d: &crate::seed::DemoDelegation| {
        let delegation = Delegation {
            post: d.post.clone(),
            from: account_id(of(&d.from)),
            to: account_id(of(&d.to)),
            valid: d.valid,
            ground: d.ground.clone(),
        };
        let post = loaded.posts.iter().find(|post| post.id == d.post)?;
        Some(Lending::of(&delegation, post))
    };
    let lent: Vec<Lending> = demo.delegations.iter().filter_map(lending).collect();
    others(loaded, set, &mut rng, &mut new, &mut holdings);
    let now_ms = now.0;
    let unit = move |tx: &mut store::Tx<'_>| {
        for account in &new {
            accounts::add(tx, account, now_ms)?;
        }
        holdings.iter().try_for_each(|h| put_holding(tx, h))?;
        lent.iter().try_for_each(|one| delegations::keep(tx, now_ms, "system:demo", one))
    };
    installation.store.act_blocking(unit).map_err(from_act)?;
    installation.catalogue =
        Arc::new(install::with_people(&installation.store, &installation.loaded)?);
    Ok(())
}

/// Holders of the posts that the demo's people leave open.
fn others(
    loaded: &Loaded,
    set: &str,
    rng: &mut ChaCha12Rng,
    new: &mut Vec<NewAccount>,
    holdings: &mut Vec<Holding>,
) {
    let names = names(loaded);
    let root = if set == "an-giang-2025" { "ag" } else { "kg" };
    let held: HashSet<String> = holdings.iter().map(|h| h.post.clone()).collect();
    let open = |p: &&Post| !held.contains(&p.id) && in_province(&p.unit, root);
    for post in loaded.posts.iter().filter(open) {
        let id = random_id(rng);
        let login = format!("x-{}", &id.simple().to_string()[..12]);
        let unit = loaded.catalogue.tree.unit(&post.unit);
        let Some(valid) = unit.map(|u| u.valid) else { continue };
        new.push(NewAccount {
            id,
            login,
            // Not a hash of any password: nobody can sign in with it.
            password_phc: "!".to_owned(),
            display_name: names.name(rng),
            must_change: true,
        });
        let valid = Validity { from: valid.from, to: valid.to };
        holdings.push(Holding { post: post.id.clone(), account: account_id(id), valid });
    }
}

fn in_province(unit: &UnitId, root: &str) -> bool {
    unit.as_str() == root || unit.as_str().starts_with(&format!("{root}."))
}

fn random_id(rng: &mut impl Rng) -> Uuid {
    let mut bytes: [u8; 16] = rng.random();
    bytes[6] = 0x40 | (bytes[6] & 0x0f);
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    Uuid::from_bytes(bytes)
}

/// The invented names of the seeds.
#[must_use]
pub fn names(loaded: &Loaded) -> Names {
    let parts = &loaded.demo.names;
    Names {
        family: parts.family.clone(),
        middle_m: parts.middle_m.clone(),
        middle_f: parts.middle_f.clone(),
        given_m: parts.given_m.clone(),
        given_f: parts.given_f.clone(),
    }
}

/// Desks of the demo, the showcase ones several times, so that their lists are full.
#[must_use]
pub fn desks(loaded: &Loaded, set: &str, day: Date) -> Vec<UnitId> {
    let root = if set == "an-giang-2025" { "ag" } else { "kg" };
    let shown: HashSet<&UnitId> = loaded.demo.accounts.iter().map(|a| &a.unit).collect();
    let tree = &loaded.catalogue.tree;
    let mut desks = Vec::new();
    for unit in tree.all() {
        if unit.kind != "desk" || !in_province(&unit.id, root) || !unit.valid.holds(day) {
            continue;
        }
        let weight = match (shown.contains(&unit.id), unit.level.as_str()) {
            (true, "province") => 60,
            (true, _) => 45,
            (false, "district") => 6,
            (false, _) => 1,
        };
        desks.extend(std::iter::repeat_n(unit.id.clone(), weight));
    }
    desks
}

/// Runs the past year.
///
/// # Errors
/// The simulation stopped.
pub fn cases(
    installation: &Installation,
    set: &str,
    now: Instant,
    count: usize,
    progress: &mut dyn FnMut(&Report),
) -> Result<Report, FillFault> {
    let outside = FakeOutside { portal_fails_one_in: PORTAL_LOSES_ONE_IN };
    let world = World {
        store: installation.store.clone(),
        catalogue: Arc::clone(&installation.catalogue),
        names: names(&installation.loaded),
        jobs: Arc::new(move |tx, env, job| onestop::jobs::perform_now(tx, env, &outside, job)),
    };
    let plan = Plan {
        from: now.plus_days(-PAST_DAYS).max(first_day(set)),
        until: now,
        cases: count,
        desks: desks(&installation.loaded, set, now.date()),
        seed: SEED,
    };
    Ok(world.run(&plan, progress)?)
}

/// The first day on which the province of a set exists.
fn first_day(set: &str) -> Instant {
    let day = if set == "an-giang-2025" { (2025, 7, 1) } else { (2018, 1, 2) };
    Date::from_ymd_opt(day.0, day.1, day.2).map_or(Instant(0), |d| Instant::at(d, 7, 0))
}
