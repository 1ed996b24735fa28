//! `motcua sim`: a seeded province at work, with restarts, and the invariants that must hold after.

use crate::config;
use crate::demo_fill::{self, set_on};
use crate::install;
use crate::outside::FakeOutside;
use crate::world::{Exit, World};
use clap::Args;
use kernel::calendar::{Date, Instant};
use std::path::PathBuf;
use std::sync::Arc;
use store::cases::{self, Finding};
use store::{ActError, Options, Query, StoreError};

/// Flags of `sim`.
#[derive(Args, Clone, Debug)]
pub struct SimArgs {
    /// Số ngày. / Days.
    #[arg(long, default_value_t = 7)]
    pub days: u32,
    /// Hạt giống. / Seed: the same one gives the same run.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Hồ sơ mỗi ngày. / Cases a day.
    #[arg(long, default_value_t = 60)]
    pub per_day: u32,
    /// Ngày đầu. / First day.
    #[arg(long, default_value = "2019-04-15")]
    pub from: Date,
    /// Số lần khởi động lại. / Restarts on the way.
    #[arg(long, default_value_t = 3)]
    pub restarts: u32,
    /// Thư mục mới để làm việc; xóa khi xong. / New folder to work in; removed at the end.
    #[arg(long, value_name = "DIR")]
    pub work: Option<PathBuf>,
}

/// Simulates and proves.
pub fn run(args: &SimArgs, world: &mut World<'_>) -> Exit {
    let work = args.work.clone().unwrap_or_else(|| std::env::temp_dir().join("motcua-sim"));
    let result = simulate(args, &work, world);
    for path in [work.clone(), keys_of(&work)] {
        let _gone =
            if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    }
    match result {
        Ok(line) => {
            world.say(line);
            Exit::Fine
        }
        Err(line) => {
            world.warn(line);
            Exit::Refused
        }
    }
}

fn keys_of(work: &std::path::Path) -> PathBuf {
    let mut name = work.file_name().unwrap_or_default().to_owned();
    name.push(".keys");
    work.with_file_name(name)
}

fn simulate(
    args: &SimArgs,
    work: &std::path::Path,
    world: &mut World<'_>,
) -> Result<String, String> {
    let text = |e: &dyn std::fmt::Display| e.to_string();
    let flags = config::Flags { data: Some(work.to_path_buf()), ..config::Flags::default() };
    let config = config::load(&flags, &[])
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let set = set_on(args.from);
    let start = Instant::at(args.from, 0, 0);
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&args.seed.to_be_bytes());
    let mut installation = install::create(&config, seed, start.0).map_err(|e| text(&e))?;
    demo_fill::people(&mut installation, set, start).map_err(|e| text(&e))?;
    let (mut seen, mut acts) = (0, 0);
    let parts = args.restarts + 1;
    for part in 0..parts {
        let from = start.plus_seconds(span(args.days, part, parts));
        let until = start.plus_seconds(span(args.days, part + 1, parts));
        let outside = FakeOutside { portal_fails_one_in: 20 };
        let running = sim::World {
            store: installation.store.clone(),
            catalogue: Arc::clone(&installation.catalogue),
            names: demo_fill::names(&installation.loaded),
            jobs: Arc::new(move |tx, env, job| onestop::jobs::perform_now(tx, env, &outside, job)),
        };
        let plan = sim::Plan {
            from,
            until,
            cases: (args.per_day * args.days / parts) as usize,
            desks: demo_fill::desks(&installation.loaded, set, args.from),
            seed: args.seed + u64::from(part),
        };
        let report = running.resume(&plan, &mut |_| {}).map_err(|e| text(&e))?;
        (seen, acts) = (seen + report.cases, acts + report.acts);
        drop(running);
        drop(installation);
        installation = install::open(&config, Options::default()).map_err(|e| text(&e))?;
    }
    world.say(format_args!("{seen} hồ sơ, {acts} thao tác / {seen} cases, {acts} acts"));
    prove(&installation, seen)
}

fn span(days: u32, part: u32, parts: u32) -> i64 {
    i64::from(days) * 86_400 * i64::from(part) / i64::from(parts)
}

/// No case lost, every chain whole, replay equal to the rows, every late case explained.
fn prove(installation: &install::Installation, submitted: usize) -> Result<String, String> {
    let catalogue = &installation.catalogue;
    let proof = installation.store.read_blocking(|r| cases::verify(r, catalogue, &mut |_| {}));
    let proof = proof.map_err(|e: ActError<Finding>| e.to_string())?;
    let own = installation.store.read_blocking(|r| of_filers(r));
    let own = own.map_err(|e| e.into_store().to_string())?;
    if own != submitted {
        return Err(format!("expected {submitted} cases of filers, found {own}"));
    }
    Ok(format!(
        "Đúng: {} hồ sơ, {} sự kiện / whole: {} cases, {} events",
        proof.cases, proof.rows, proof.cases, proof.rows
    ))
}

/// How many cases people handed in; child cases are not theirs.
fn of_filers(query: &mut impl Query) -> Result<usize, StoreError> {
    const PAGE: u32 = 500;
    let (mut count, mut last) = (0, 0);
    loop {
        let page = cases::page_after(query, last, PAGE)?;
        let Some(end) = page.last() else { return Ok(count) };
        last = end.number;
        count += page.iter().filter(|s| s.case.parent.is_none()).count();
    }
}
