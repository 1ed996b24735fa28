//! `motcua bench`: durable acts beside what the disk can do, lists on large databases, start,
//! memory.

use crate::bench::{self, Lists, Spread, stopwatch};
use crate::config::{self, Config};
use crate::demo_fill::{self, set_on};
use crate::install::{self, Installation};
use crate::world::{Exit, World};
use clap::Args;
use kernel::access::Actor;
use kernel::calendar::{Date, Instant};
use kernel::ids::CaseId;
use kernel::org::Role;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::probe::{FlushProbe, RowProbe};
use store::{ActError, Options, StoreError, cases};

/// Flushes of the probe.
const FLUSHES: usize = 100;
/// Rows of a bare group: those of 512 acts, at three rows an act.
const BARE_ROWS: usize = 1_536;
/// Groups of bare rows.
const BARE_GROUPS: usize = 60;
/// Cases of a hot set.
const HOT: usize = 100;
/// Random cases at most.
const RANDOM: usize = 100_000;

/// Flags of `bench`.
#[derive(Args, Clone, Debug)]
pub struct BenchArgs {
    /// Thư mục giữ cơ sở dữ liệu lớn cho lần sau. / Folder that keeps the databases for later runs.
    #[arg(long, value_name = "DIR", default_value = "bench-data")]
    pub work: PathBuf,
    /// Số hồ sơ của các cơ sở dữ liệu. / Cases of the databases.
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [10_000, 1_000_000])]
    pub cases: Vec<usize>,
}

/// Measures everything and prints a table; exit code 1 if something could not be measured.
pub fn run(args: &BenchArgs, world: &mut World<'_>) -> Exit {
    let result = args.cases.iter().try_for_each(|count| database(args, *count, world));
    match result {
        Ok(()) => Exit::Fine,
        Err(error) => {
            world.warn(error);
            Exit::Refused
        }
    }
}

fn database(args: &BenchArgs, count: usize, world: &mut World<'_>) -> Result<(), String> {
    let text = |e: &dyn std::fmt::Display| e.to_string();
    let dir = args.work.join(format!("cases-{count}"));
    std::fs::create_dir_all(&args.work).map_err(|e| text(&e))?;
    let flags = config::Flags { data: Some(dir.clone()), ..config::Flags::default() };
    let config = config::load(&flags, &[]).map_err(|_| "configuration".to_owned())?;
    let now = Instant::at(Date::from_ymd_opt(2019, 4, 25).unwrap_or_default(), 9, 12);
    world.say(format_args!("== {count} hồ sơ / cases =="));
    if !install::exists(&dir) {
        generate(&config, count, now, world)?;
    }
    let watch = stopwatch();
    let installation = install::open(&config, Options::default()).map_err(|e| text(&e))?;
    world.say(format_args!("start (seeds, store, data): {:.2} s", watch().as_secs_f64()));
    let bytes = size_of(&dir);
    world.say(format_args!(
        "size: {} MiB, {} bytes a case; memory: {} MiB",
        bytes / (1 << 20),
        bytes / count.max(1) as u64,
        memory_mib()
    ));
    let ids = Arc::new(ids_of(&installation).map_err(|e| text(&e))?);
    let actors = actors(&installation, now);
    let found: Lists = bench::lists(&installation, &actors, now).map_err(|e| text(&e))?;
    world.say(format_args!("list (25 rows): {}", found.list));
    world.say(format_args!("counts (12 lists): {}", found.counts));
    world.say(format_args!("search by name: {}", found.search));
    let hot = Arc::new(ids.iter().take(HOT).copied().collect::<Vec<_>>());
    // A kept database has the ids of earlier runs: chance is the system's.
    let mut bytes = [0; 8];
    (world.dice)(&mut bytes).map_err(|e| text(&e))?;
    let seed = u64::from_be_bytes(bytes);
    for set in [&hot, &ids] {
        for in_flight in [1, 64, 512] {
            let flushes = flushes(&dir).map_err(|e| text(&e))?;
            let bare = bare(&dir).map_err(|e| text(&e))?;
            let acts = bench::acts(&installation, set, in_flight, now, seed)?;
            world.say(format_args!(
                "{:>7} cases, {in_flight:>3} in flight: {:>7.0} acts/s, {:>5.1} acts/commit | \
                 probe: {flushes:.0} flushes/s, {bare:.0} bare rows/s",
                acts.cases, acts.acts_per_s, acts.acts_per_commit
            ));
        }
    }
    over_http(&config, installation, now, world)
}

/// Serves on a free port of this machine and measures as browsers do.
fn over_http(
    config: &Config,
    installation: Installation,
    now: Instant,
    world: &mut World<'_>,
) -> Result<(), String> {
    let text = |e: &dyn std::fmt::Display| e.to_string();
    let account = installation.loaded.demo.accounts.first().cloned();
    let Some(account) = account else { return Ok(()) };
    let mut config = config.clone();
    config.server.listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let shown = super::serve::Shown::of(&installation.loaded, "kien-giang-2019");
    let front = super::serve::front_of(&installation, Some(&shown), world).map_err(|e| text(&e))?;
    // The officers of the generated cases hold their posts on that day.
    let clock = Arc::new(kit::chance::FixedClock::new(now.0));
    let front = crate::wire::Front { clock, ..front };
    let wired = crate::wire::wire(&config, installation, front);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|e| text(&e))?;
    let (tell, heard) = std::sync::mpsc::channel();
    let outside = Arc::new(crate::outside::FakeOutside { portal_fails_one_in: 0 });
    let serving = runtime.spawn(async move {
        crate::server::serve(&config, wired, outside, move |address| {
            let _listener_gone = tell.send(address);
        })
        .await
    });
    let address = heard.recv().map_err(|e| text(&e))?;
    let found = bench::http(address, &account.login, &account.password);
    serving.abort();
    let found = found?;
    world.say(format_args!(
        "HTTP: sign-in {:.0} ms; list: {}; search: {}; {:.0} acts/s, {} people, page and act",
        found.sign_in.as_secs_f64() * 1_000.0,
        found.list,
        found.search,
        found.acts_per_s,
        found.people
    ));
    Ok(())
}

fn generate(
    config: &Config,
    count: usize,
    now: Instant,
    world: &mut World<'_>,
) -> Result<(), String> {
    let text = |e: &dyn std::fmt::Display| e.to_string();
    let set = set_on(now.date());
    let mut installation = install::create(config, [9; 32], now.0).map_err(|e| text(&e))?;
    demo_fill::people(&mut installation, set, now).map_err(|e| text(&e))?;
    let bar = indicatif::ProgressBar::new(count as u64);
    let watch = stopwatch();
    let made = bench::bulk(&installation, set, now, count, 11, &mut |n| bar.set_position(n as u64));
    bar.finish_and_clear();
    let made = made?;
    installation.store.analyse_blocking().map_err(|e| text(&e))?;
    let span = watch().as_secs_f64();
    world.say(format_args!(
        "generated {} cases, {} acts in {span:.0} s ({:.0} acts/s)",
        made.cases,
        made.acts,
        f64::from(u32::try_from(made.acts).unwrap_or(u32::MAX)) / span
    ));
    sample(&installation, world)
}

/// Proves a page of what was generated: replay equals the rows.
fn sample(installation: &Installation, world: &mut World<'_>) -> Result<(), String> {
    let catalogue = &installation.catalogue;
    let page = installation.store.read_blocking(|r| cases::verify_page(r, catalogue, 0));
    let page = page.map_err(|e| e.to_string())?;
    world.say(format_args!("sample proven: {} cases, {} events", page.cases, page.rows));
    Ok(())
}

fn size_of(dir: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(dir) else { return 0 };
    let len = |e: std::fs::DirEntry| e.metadata().map(|m| m.len()).unwrap_or(0);
    entries.flatten().map(len).sum()
}

/// Resident memory of this process, where the system tells it.
fn memory_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or_default();
    let kib = line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}

fn ids_of(installation: &Installation) -> Result<Vec<CaseId>, StoreError> {
    const PAGE: u32 = 500;
    let (mut ids, mut last) = (Vec::new(), 0);
    while ids.len() < RANDOM {
        let page = installation.store.read_blocking(|r| cases::page_after(r, last, PAGE));
        let page = page.map_err(ActError::into_store)?;
        let Some(end) = page.last() else { break };
        last = end.number;
        let open = page.iter().filter(|s| !s.case.business.is_terminal());
        ids.extend(open.map(|s| s.case.id));
    }
    Ok(ids)
}

fn actors(installation: &Installation, now: Instant) -> Vec<Actor> {
    let mut actors = Vec::new();
    let catalogue = &installation.catalogue;
    for unit in catalogue.tree.all().into_iter().filter(|u| u.valid.holds(now.date())) {
        for role in [Role::DeskOfficer, Role::CaseOfficer, Role::UnitLeader, Role::Leader] {
            for account in catalogue.staff.holders(&unit.id, role, now.date()) {
                let seats = catalogue.seats(account, now.date());
                actors.push(Actor::officer(account.clone(), seats));
            }
        }
    }
    actors
}

fn flushes(dir: &Path) -> std::io::Result<f64> {
    let mut probe = FlushProbe::open(dir)?;
    let mut times = Vec::with_capacity(FLUSHES);
    for _ in 0..FLUSHES {
        let watch = stopwatch();
        probe.flush()?;
        times.push(watch());
    }
    std::fs::remove_file(dir.join("probe.bin"))?;
    Ok(1.0 / Spread::of(times).p50.as_secs_f64().max(1e-9))
}

fn bare(dir: &Path) -> Result<f64, StoreError> {
    let mut probe = RowProbe::open(dir)?;
    let watch = stopwatch();
    for _ in 0..BARE_GROUPS {
        probe.commit(BARE_ROWS)?;
    }
    let span = watch().as_secs_f64();
    drop(probe);
    for name in ["probe.db", "probe.db-wal", "probe.db-shm"] {
        let _gone = std::fs::remove_file(dir.join(name));
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    Ok((BARE_GROUPS * BARE_ROWS) as f64 / span)
}
