//! `motcua bench`: the process engine, durable acts beside what the disk can do, lists on large
//! databases, start, memory.

use crate::bench::{self, Lists, Spread, stopwatch};
use crate::config::{self, Config};
use crate::demo_fill::{self, set_on};
use crate::install::{self, Installation};
use crate::seed::{self, SeedSource};
use crate::world::{Exit, World};
use clap::Args;
use kernel::access::Actor;
use kernel::calendar::{Date, Instant};
use kernel::ids::CaseId;
use kernel::org::Role;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use store::probe::{FlushProbe, ROWS_OF_ACT, RowProbe};
use store::{ActError, Options, StoreError, cases};

/// Flushes of the probe.
const FLUSHES: usize = 100;
/// How long the bare rows are measured, before and after each figure.
const BARE_SPAN: Duration = Duration::from_secs(2);
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
    /// Chỉ đo bộ máy quy trình. / Measures the process engine alone, without a database.
    #[arg(long)]
    pub engine: bool,
}

/// Measures everything and prints a table; exit code 1 if something could not be measured.
pub fn run(args: &BenchArgs, world: &mut World<'_>) -> Exit {
    let cases = if args.engine { &[][..] } else { &args.cases };
    let result = engine(world)
        .and_then(|()| cases.iter().try_for_each(|count| database(args, *count, world)));
    match result {
        Ok(()) => Exit::Fine,
        Err(error) => {
            world.warn(error);
            Exit::Refused
        }
    }
}

fn engine(world: &mut World<'_>) -> Result<(), String> {
    let calendar = seed::load_calendar(&SeedSource::Embedded)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let found = bench::engine(&calendar)?;
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    world.say(format_args!("== bộ máy quy trình / process engine ({profile}) =="));
    world.say(format_args!("steps a second in memory: {:.0}", found.steps));
    world.say(format_args!("steps a second with the hash chain: {:.0}", found.chained));
    world.say(format_args!("state: {} bytes a case at most", found.state_bytes));
    world.say(format_args!("200 nodes compiled: {:.2} ms", found.compiled.as_secs_f64() * 1e3));
    world.say(format_args!("simulated cases a second: {:.0}", found.simulated));
    Ok(())
}

fn database(args: &BenchArgs, count: usize, world: &mut World<'_>) -> Result<(), String> {
    let text = |e: &dyn std::fmt::Display| e.to_string();
    std::fs::create_dir_all(&args.work).map_err(|e| text(&e))?;
    let kept = args.work.join(format!("cases-{count}"));
    let now = Instant::at(Date::from_ymd_opt(2019, 4, 25).unwrap_or_default(), 9, 12);
    world.say(format_args!("== {count} hồ sơ / cases =="));
    if !install::exists(&kept) {
        let making = args.work.join("making");
        remove(&making).map_err(|e| text(&e))?;
        generate(&config_of(&making)?, count, now, world)?;
        std::fs::rename(keys_of(&making), keys_of(&kept)).map_err(|e| text(&e))?;
        std::fs::rename(&making, &kept).map_err(|e| text(&e))?;
    }
    let bytes = size_of(&kept);
    world.say(format_args!(
        "size: {} MiB, {} bytes a case",
        bytes / (1 << 20),
        bytes / count.max(1) as u64
    ));
    // Acts change what they work on: they get a copy, so that every run begins with the same rows.
    let dir = args.work.join("scratch");
    copy(&kept, &dir).map_err(|e| text(&e))?;
    let measured = measure(&dir, now, world);
    remove(&dir).map_err(|e| text(&e))?;
    measured
}

fn config_of(dir: &Path) -> Result<Config, String> {
    let flags = config::Flags { data: Some(dir.to_path_buf()), ..config::Flags::default() };
    config::load(&flags, &[]).map_err(|faults| format!("{faults:?}"))
}

/// The file of the keys stands beside the folder.
fn keys_of(dir: &Path) -> PathBuf {
    dir.with_extension("keys")
}

fn copy(kept: &Path, dir: &Path) -> std::io::Result<()> {
    remove(dir)?;
    std::fs::create_dir_all(dir.join("blobs"))?;
    std::fs::copy(keys_of(kept), keys_of(dir))?;
    for entry in std::fs::read_dir(kept)?.flatten() {
        if entry.file_type()?.is_file() {
            std::fs::copy(entry.path(), dir.join(entry.file_name()))?;
        }
    }
    Ok(())
}

fn remove(dir: &Path) -> std::io::Result<()> {
    if dir.exists() {
        std::fs::remove_dir_all(dir)?;
        std::fs::remove_file(keys_of(dir))?;
    }
    Ok(())
}

fn measure(dir: &Path, now: Instant, world: &mut World<'_>) -> Result<(), String> {
    let text = |e: &dyn std::fmt::Display| e.to_string();
    let config = config_of(dir)?;
    let watch = stopwatch();
    // A kept database may be older than the program.
    let options = Options { migrate_at_ms: Some(now.0), ..Options::default() };
    let installation = install::open(&config, options).map_err(|e| text(&e))?;
    let (start, memory) = (watch().as_secs_f64(), memory_mib());
    world.say(format_args!("start (seeds, store, data): {start:.2} s; memory: {memory} MiB"));
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
        beside(dir, &installation, set, now, seed, world)?;
    }
    over_http(&config, installation, now, world)
}

/// Acts on a set of cases, each figure beside what disk and engine can do at that moment.
fn beside(
    dir: &Path,
    installation: &Installation,
    set: &Arc<Vec<CaseId>>,
    now: Instant,
    seed: u64,
    world: &mut World<'_>,
) -> Result<(), String> {
    let text = |e: &dyn std::fmt::Display| e.to_string();
    let streams: Vec<_> = set.iter().map(|id| id.0).collect();
    let file = dir.join(store::DATABASE_FILE);
    let mut probe = RowProbe::open(&file, &streams).map_err(|e| text(&e))?;
    for in_flight in [1, 64, 512] {
        let flushes = flushes(dir).map_err(|e| text(&e))?;
        let before = bare(&mut probe, set.len(), in_flight, seed).map_err(|e| text(&e))?;
        let acts = bench::acts(installation, set, in_flight, now, seed)?;
        probe.refresh().map_err(|e| text(&e))?;
        let after = bare(&mut probe, set.len(), in_flight, !seed).map_err(|e| text(&e))?;
        let bare = f64::midpoint(before, after);
        world.say(format_args!(
            "{:>7} cases, {in_flight:>3} in flight: {:>7.0} acts/s ({:.0} % of bare), {:>5.1} \
             acts/commit | probe: {flushes:.0} flushes/s, rows of {bare:.0} acts/s, {:.0} rows/s",
            acts.cases,
            acts.acts_per_s,
            100.0 * acts.acts_per_s / bare.max(1.0),
            acts.acts_per_commit,
            bare * f64::from(ROWS_OF_ACT),
        ));
    }
    Ok(())
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
    drop(installation);
    // What breaks off here is generated again.
    let options = Options { forgetful: true, ..Options::default() };
    let generating = install::open(config, options).map_err(|e| text(&e))?;
    let bar = indicatif::ProgressBar::new(count as u64);
    let watch = stopwatch();
    let made = bench::bulk(&generating, set, now, count, 11, &mut |n| bar.set_position(n as u64));
    bar.finish_and_clear();
    let made = made?;
    generating.store.gather_blocking().map_err(|e| text(&e))?;
    drop(generating);
    let installation = install::open(config, Options::default()).map_err(|e| text(&e))?;
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

/// Acts a second whose rows the engine takes in groups, without any law.
fn bare(probe: &mut RowProbe, cases: usize, group: usize, seed: u64) -> Result<f64, StoreError> {
    let mut rng = ChaCha12Rng::seed_from_u64(seed);
    let watch = stopwatch();
    let mut acts = 0_usize;
    while watch() < BARE_SPAN {
        let picks = std::iter::repeat_with(|| rng.random_range(0..cases.max(1))).take(group);
        probe.commit(picks)?;
        acts += group;
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    Ok(acts as f64 / watch().as_secs_f64())
}
