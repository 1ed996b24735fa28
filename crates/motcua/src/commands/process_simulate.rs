//! `motcua process simulate`: invented cases queue for invented staff on the real calendar.

use crate::seed::{self, SeedSource};
use crate::world::{Exit, World};
use clap::Args;
use kernel::whatif::simulate::{self, Amounts, Refused, Report, Scenario};
use std::path::{Path, PathBuf};

/// Most bytes of a scenario file: a million arrivals are some 30 MB.
const SCENARIO_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Signs of a full bar in the chart.
const BAR: usize = 30;

/// Flags of `process simulate`.
#[derive(Args, Clone, Debug)]
pub struct SimulateArgs {
    /// Tệp BPMN. / BPMN file.
    pub file: PathBuf,
    /// Kịch bản, TOML hoặc JSON. / The scenario, TOML or JSON; see docs/manual/what-if.md.
    #[arg(long, value_name = "FILE")]
    pub scenario: PathBuf,
    /// Số hồ sơ, thay cho kịch bản. / Cases, instead of what the scenario says.
    #[arg(long, value_name = "N")]
    pub cases: Option<u64>,
    /// Hạt giống. / Seed: the same one gives the same answer.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Thư mục dữ liệu gốc có lịch khác. / Folder of seeds with another calendar.
    #[arg(long, value_name = "DIR")]
    pub seeds: Option<PathBuf>,
    /// In JSON. / Prints JSON.
    #[arg(long)]
    pub json: bool,
}

/// Simulates. Exit code 1 if process and scenario do not fit or a limit ended the run.
pub fn run(args: &SimulateArgs, world: &mut World<'_>) -> Result<Exit, String> {
    let definition = match super::process::compiled(&args.file) {
        Ok(definition) => definition,
        Err(super::process::Uncompiled::Unread(reason)) => return Err(reason),
        Err(super::process::Uncompiled::Refused(problems)) => {
            problems.iter().for_each(|problem| world.warn(problem));
            return Ok(Exit::Refused);
        }
    };
    let mut scenario = scenario(&args.scenario)?;
    scenario.cases = args.cases.unwrap_or(scenario.cases);
    let source = args.seeds.clone().map_or(SeedSource::Embedded, SeedSource::Folder);
    let calendar = seed::load_calendar(&source)
        .map_err(|faults| faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    let began = (world.clock)();
    let bar = indicatif::ProgressBar::new(0);
    let mut told = |progress: simulate::Progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    };
    let answer = simulate::simulate(&definition, &calendar, &scenario, args.seed, &mut told);
    let simulated = bar.position();
    bar.finish_and_clear();
    let report = match answer {
        Ok(report) => report,
        Err(refused) => {
            world.warn(format_args!("{}: {refused}", blamed(&refused, args).display()));
            return Ok(Exit::Refused);
        }
    };
    if args.json {
        let text = serde_json::to_string(&report).map_err(|error| error.to_string())?;
        world.say(text);
    } else {
        told_to_people(&report, world);
        let took = (world.clock)().saturating_sub(began);
        world.warn(format_args!("{simulated} hồ sơ / cases, {took} ms"));
    }
    Ok(Exit::Fine)
}

/// The file that a refusal is about.
fn blamed<'a>(refused: &Refused, args: &'a SimulateArgs) -> &'a Path {
    match refused {
        Refused::Element { .. } => &args.file,
        Refused::Scenario { .. } | Refused::Stopped { .. } => &args.scenario,
    }
}

/// Reads a scenario; a fault names file, line and field.
fn scenario(path: &Path) -> Result<Scenario, String> {
    let shown = path.display();
    let size = std::fs::metadata(path).map_err(|e| format!("{shown}: {e}"))?.len();
    if size > SCENARIO_BYTES_MAX {
        return Err(format!("{shown}: more than {SCENARIO_BYTES_MAX} bytes"));
    }
    let text = std::fs::read_to_string(path).map_err(|e| format!("{shown}: {e}"))?;
    if path.extension().is_some_and(|end| end == "json") {
        return serde_json::from_str(&text).map_err(|e| format!("{shown}:{}: {e}", e.line()));
    }
    toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        format!("{shown}:{line}: {}", error.message())
    })
}

fn told_to_people(report: &Report, world: &mut World<'_>) {
    let until = report.until.map_or_else(|| "—".to_owned(), |day| day.to_string());
    world.say(format_args!("{}: {} hồ sơ / cases, → {until}", report.process, report.cases));
    world.say(format_args!("Đúng hạn / on time: {}", percent(report.on_time_share)));
    world.say("Giờ làm việc từ nhận đến xong / working hours from reception to the end:");
    world.say(format_args!("  {}", row(&report.duration_hours)));
    world.say("");
    world.say(format_args!(
        "{:<24} {:>6} {:>10} {:>10} {:>7}  {}",
        "Bàn / desk", "người", "lượt", "hàng TB", "max", "giờ chờ / hours of waiting"
    ));
    for desk in &report.desks {
        world.say(format_args!(
            "{:<24} {:>6} {:>10} {:>10.2} {:>7}  {}",
            desk.desk,
            desk.officers,
            desk.served,
            desk.queue_mean,
            desk.queue_max,
            row(&desk.wait_hours)
        ));
    }
    world.say("");
    world.say("Thời gian bận / busy:");
    for desk in &report.desks {
        bar(&desk.desk, desk.utilisation, "", world);
    }
    if report.more_staff.is_empty() {
        return;
    }
    world.say("");
    world.say("Đúng hạn nếu thêm một người / on time with one more officer:");
    for more in &report.more_staff {
        let change = format!(
            "{:+.1} điểm / points, {:+.2} giờ / hours",
            more.on_time_change * 100.0,
            more.mean_change
        );
        bar(&format!("{} → {}", more.desk, more.officers), more.on_time_share, &change, world);
    }
}

fn row(amounts: &Amounts) -> String {
    let Amounts { mean, median, p90, p95, max } = amounts;
    format!("TB {mean:.2}, 50 % {median:.2}, 90 % {p90:.2}, 95 % {p95:.2}, max {max:.2}")
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// One line of the chart: a share as a bar and as a number.
fn bar(name: &str, share: f64, more: &str, world: &mut World<'_>) {
    let signs = u32::try_from(BAR).unwrap_or(0);
    let full = (1..=signs).filter(|n| f64::from(*n) <= share * f64::from(signs) + 0.5).count();
    let (on, off) = ("█".repeat(full), "░".repeat(BAR.saturating_sub(full)));
    world.say(
        format_args!("{name:<24} {on}{off} {:>7}  {more}", percent(share)).to_string().trim_end(),
    );
}
