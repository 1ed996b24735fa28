//! `motcua demo`: makes a data folder with invented cases and serves it on a moved clock.

use crate::cli::{DataArgs, ListenArgs};
use crate::commands::serve::{self, Shown};
use crate::config::{self, Config};
use crate::demo_fill::{self, FillFault, set_on};
use crate::install::{self, OpenFault};
use crate::world::{Exit, World};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::calendar::{Date, Instant};
use std::path::{Path, PathBuf};
use store::{ActError, Options, StoreError};

/// First day of the demonstration's clock where `--at` names none.
pub const DEMO_DAY: &str = "2019-04-25";
/// Time of day at which the demonstration's clock starts: 09:12.
const DEMO_TIME: (u32, u32) = (9, 12);
/// Folder of demonstrations where `--data` names none; one per first day.
const DEMO_FOLDER: &str = "demo-data";

/// Flags of `demo`.
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Where to listen.
    #[command(flatten)]
    pub listen: ListenArgs,
    /// Ngày bắt đầu của đồng hồ: 2019-04-25 là ba cấp, 2026-10-08 là hai cấp. / First day of the
    /// clock: 2019-04-25 shows three levels, 2026-10-08 two.
    #[arg(long, value_name = "DATE", default_value = DEMO_DAY)]
    pub at: Date,
    /// Số hồ sơ mẫu. / Number of invented cases.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub cases: u32,
    /// Chỉ tạo dữ liệu, không mở trang. / Makes the data only, serves nothing.
    #[arg(long)]
    pub fill_only: bool,
}

/// Makes the demonstration if it is not there, then serves it.
pub fn run(args: &DemoArgs, world: &mut World<'_>) -> Exit {
    let mut flags = args.place.flags(Some(&args.listen));
    if flags.data.is_none() {
        flags.data = Some(PathBuf::from(DEMO_FOLDER).join(args.at.to_string()));
    }
    let config = match config::load(&flags, &world.env) {
        Ok(config) => config,
        Err(faults) => {
            faults.iter().for_each(|fault| world.warn(fault));
            return Exit::Usage;
        }
    };
    if !install::exists(&config.data.dir)
        && let Err(fault) = make(&config, args, world)
    {
        world.warn(&fault);
        return Exit::Refused;
    }
    if args.fill_only {
        return Exit::Fine;
    }
    let installation = match install::open(&config, Options::default()) {
        Ok(installation) => installation,
        Err(fault) => return serve::cannot_open(&fault, world),
    };
    let set = set_on(args.at);
    let shown = Shown::of(&installation.loaded, set);
    serve::serve(&config, installation, Some(shown), world)
}

/// Fills a folder beside the one that is asked for and then gives it its name, so that an
/// interrupted filling leaves nothing that looks like a demonstration.
fn make(config: &Config, args: &DemoArgs, world: &mut World<'_>) -> Result<(), FillFault> {
    let mut making = config.clone();
    making.data.dir = beside(&config.data.dir, ".making");
    making.data.keys = beside(&config.data.keys_path(), ".making");
    clear(&making.data.dir, &making.data.keys)?;
    let folder = |e| FillFault::Open(OpenFault::Folder(config.data.dir.clone(), e));
    let (hour, minute) = DEMO_TIME;
    let start = Instant::at(args.at, hour, minute);
    let offset = start.0 - (world.clock)();
    let seed = crate::front::seed(world).map_err(folder)?;
    world.say(format_args!(
        "Đang tạo {} hồ sơ mẫu / making {} invented cases …",
        args.cases, args.cases
    ));
    let mut installation = install::create(&making, seed, start.0)?;
    let set = set_on(args.at);
    demo_fill::people(&mut installation, set, start)?;
    let bar = bar(u64::from(args.cases));
    let filled = demo_fill::cases(&installation, set, start, args.cases as usize, &mut |report| {
        bar.set_position((report.cases + report.turned_away) as u64);
    });
    bar.finish_and_clear();
    let report = filled?;
    let now = start.0;
    let noted = installation.store.act_blocking(move |tx| {
        store::settings::set(tx, "demo.offset_ms", &offset.to_string(), now)
    });
    noted.map_err(|e: ActError<StoreError>| FillFault::Store(e.into_store()))?;
    drop(installation);
    std::fs::rename(&making.data.keys, config.data.keys_path()).map_err(folder)?;
    std::fs::rename(&making.data.dir, &config.data.dir).map_err(folder)?;
    world.say(format_args!(
        "Xong: {} hồ sơ, {} thao tác / done: {} cases, {} acts",
        report.cases, report.acts, report.cases, report.acts
    ));
    Ok(())
}

fn beside(path: &Path, tail: &str) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(tail);
    path.with_file_name(name)
}

/// Removes what an interrupted filling left: only folders and files with our own ending.
fn clear(dir: &Path, keys: &Path) -> Result<(), FillFault> {
    for (path, is_dir) in [(dir, true), (keys, false)] {
        let removed =
            if is_dir { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
        match removed {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(FillFault::Open(OpenFault::Folder(path.to_path_buf(), e)));
            }
            _ => {}
        }
    }
    if let Some(parent) = dir.parent() {
        let made = std::fs::create_dir_all(parent);
        made.map_err(|e| FillFault::Open(OpenFault::Folder(parent.to_path_buf(), e)))?;
    }
    Ok(())
}

fn bar(length: u64) -> ProgressBar {
    let bar = ProgressBar::new(length);
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed_precise}") {
        bar.set_style(style);
    }
    bar
}
