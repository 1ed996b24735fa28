//! `motcua deadline`: the deadline engine seen from outside, as JSON or as a table for people.

use super::words;
use crate::cli::DataArgs;
use crate::seed::{self, CALENDAR, SeedSource};
use crate::world::{Exit, World};
use clap::Args;
use kernel::calendar::{Calendar, contract};
use serde_json::Value;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::Options;

/// Most bytes read from standard input: an array of 10,000 requests is some 20 MB.
pub const INPUT_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// Flags of `deadline`.
#[derive(Args, Clone, Debug, Default)]
pub struct DeadlineArgs {
    /// Trả lời bằng JSON. / Answers in JSON.
    #[arg(long)]
    pub json: bool,
    /// Thư mục dữ liệu gốc có lịch khác. / Folder of seeds with another calendar.
    #[arg(long, value_name = "DIR")]
    pub seeds: Option<PathBuf>,
    /// Thư mục dữ liệu: lịch `installation` của nó có cả ngày đã thông báo. / Data folder whose
    /// calendar, with the days announced there, is known as `installation`.
    #[arg(long, value_name = "DIR", conflicts_with = "seeds")]
    pub data: Option<PathBuf>,
}

/// The name of the calendar of an installation.
const INSTALLATION: &str = "installation";

/// Answers what stands on standard input.
pub fn run(args: &DeadlineArgs, world: &mut World<'_>) -> Exit {
    let source = args.seeds.clone().map_or(SeedSource::Embedded, SeedSource::Folder);
    let calendar: Arc<Calendar> = match seed::load_calendar(&source) {
        Ok(calendar) => Arc::new(calendar),
        Err(faults) => {
            faults.iter().for_each(|fault| world.warn(fault));
            return Exit::Usage;
        }
    };
    let installed = match args.data.as_ref().map(|dir| installed(dir, world)).transpose() {
        Ok(installed) => installed,
        Err(exit) => return exit,
    };
    let mut stdin = String::new();
    let mut limited = Read::take(&mut *world.stdin, INPUT_BYTES_MAX + 1);
    if let Err(error) = limited.read_to_string(&mut stdin) {
        world.warn(format_args!("stdin: {error}"));
        return Exit::Usage;
    }
    if stdin.len() as u64 > INPUT_BYTES_MAX {
        world.warn(format_args!("stdin: expected at most {INPUT_BYTES_MAX} bytes"));
        return Exit::Usage;
    }
    let named = |name: &str| match name {
        CALENDAR => Some(Arc::clone(&calendar)),
        INSTALLATION => installed.clone(),
        _ => None,
    };
    let answered = match contract::answer(&stdin, &named) {
        Ok(answered) => answered,
        Err(error) => {
            world.warn(error);
            return Exit::Usage;
        }
    };
    if args.json {
        world.say(&answered.value);
    } else {
        match &answered.value {
            Value::Array(answers) => answers.iter().for_each(|a| table(a, world)),
            answer => table(answer, world),
        }
    }
    if answered.refused == 0 { Exit::Fine } else { Exit::Refused }
}

/// The calendar of an installation, with what was announced there.
fn installed(dir: &Path, world: &mut World<'_>) -> Result<Arc<Calendar>, Exit> {
    let place = DataArgs { data: Some(dir.to_path_buf()), ..DataArgs::default() };
    let options = Options { read_only: true, ..Options::default() };
    let (_, installation) = super::opened(&place, options, world)?;
    Ok(Arc::new(installation.catalogue.calendar().clone()))
}

/// Prints one answer as a table in Vietnamese.
fn table(answer: &Value, world: &mut World<'_>) {
    if let Some(id) = answer.get("id") {
        world.say(format_args!("Yêu cầu {}", id.as_str().map_or(id.to_string(), str::to_owned)));
    }
    if let Some(error) = answer.get("error") {
        let (field, code) = (text(error, "field"), text(error, "code"));
        world.say(format_args!("  Bị từ chối: {field}: {code}: {}\n", text(error, "message")));
        return;
    }
    let state = words::status(text(answer, "status"));
    world.say(format_args!("  Hạn trả kết quả     {} ({state})", moment(answer, "due_at")));
    let first = words::status(text(answer, "original_status"));
    world
        .say(format_args!("  Hạn ban đầu         {} ({first})", moment(answer, "original_due_at")));
    for (name, label) in [
        ("received_effective_at", "Được tính nhận lúc"),
        ("forward_by", "Chuyển chậm nhất"),
        ("supplement_deadline", "Yêu cầu bổ sung đến"),
        ("latest_apology_at", "Xin lỗi chậm nhất"),
    ] {
        world.say(format_args!("  {label:<19} {}", moment(answer, name)));
    }
    if let Some(days) = answer.get("remaining_working_days").and_then(Value::as_i64) {
        world.say(format_args!("  Còn lại             {days} ngày làm việc"));
    }
    for violation in list(answer, "violations") {
        let what = words::violation(text(violation, "code"));
        world.say(format_args!("  Vi phạm             {} {what}", moment(violation, "at")));
    }
    world.say("  Cách tính:");
    for (index, row) in list(answer, "derivation").iter().enumerate() {
        let (from, to) = (moment(row, "from"), moment(row, "to"));
        let span = if from == to { from } else { format!("{from} → {to}") };
        let rule = words::rule(text(row, "rule"));
        let ground = words::ground(text(row, "ground"));
        world.say(format_args!("  {:>3}. {span}: {rule} [{ground}]", index + 1));
    }
    world.say("");
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// `2019-02-27T17:00:00+07:00` as `17:00 27/02/2019`, a date as `27/02/2019`, null as a dash.
fn moment(value: &Value, name: &str) -> String {
    let written = text(value, name);
    let (date, time) = written.split_once('T').unwrap_or((written, ""));
    let mut parts = date.splitn(3, '-');
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
        return "—".to_owned();
    };
    match (time.get(..5), time.get(6..8)) {
        (Some(clock), Some("00")) => format!("{clock} {day}/{month}/{year}"),
        (Some(_), Some(_)) => {
            format!("{} {day}/{month}/{year}", time.get(..8).unwrap_or_default())
        }
        _ => format!("{day}/{month}/{year}"),
    }
}
