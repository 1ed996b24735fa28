//! `motcua process`: models and decisions on files alone, for people who write them and for suites
//! that test the engine from outside. No database, no clock; `what-if` alone reads a data folder.

use crate::world::{Exit, World};
use clap::{Args, Subcommand};
use process::Problem;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Largest file read, in bytes; the engine's own limits lie below it and name what is too large.
const FILE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// Flags of `process`.
#[derive(Args, Clone, Debug)]
pub struct ProcessArgs {
    /// What to do.
    #[command(subcommand)]
    pub what: What,
}

/// What can be done with a model.
#[derive(Subcommand, Clone, Debug)]
pub enum What {
    /// Mô hình này có công bố được không. / Whether a model may be published.
    Check {
        /// Tệp BPMN. / BPMN file.
        file: PathBuf,
        /// Cách viết điều kiện: feel, betsy hoặc juel. / How conditions are written.
        #[arg(long, default_value = "feel")]
        dialect: String,
        /// In JSON. / Prints JSON.
        #[arg(long)]
        json: bool,
    },
    /// Những gì đọc được từ mô hình, dạng JSON. / What is read from a model, as JSON.
    Graph {
        /// Tệp BPMN. / BPMN file.
        file: PathBuf,
        /// In JSON (luôn luôn). / Prints JSON, as always.
        #[arg(long)]
        json: bool,
    },
    /// Đọc và ghi lại, không mất gì. / Reads and writes again without loss.
    Convert {
        /// Tệp BPMN. / BPMN file.
        file: PathBuf,
        /// Tệp ghi ra. / File to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Chạy một kịch bản. / Runs a scenario and prints its trace as JSON.
    Run {
        /// Tệp BPMN. / BPMN file.
        file: PathBuf,
        /// Các tệp đi cùng. / Files published beside it.
        #[arg(long, value_name = "FILE")]
        with: Vec<PathBuf>,
        /// Kịch bản JSON. / The scenario, JSON.
        #[arg(long, value_name = "FILE")]
        scenario: PathBuf,
        /// In JSON (luôn luôn). / Prints JSON, as always.
        #[arg(long)]
        json: bool,
    },
    /// Mô phỏng hàng đợi, nhân sự và hạn. / Simulates queues, staff and deadlines.
    Simulate(super::process_simulate::SimulateArgs),
    /// Chạy lại hồ sơ thật theo bản thảo. / Replays real cases against a draft.
    ///
    /// Không ghi gì: nêu hồ sơ nào sẽ đi khác, tính phí khác, có hạn khác, và vì sao.
    ///
    /// Writes nothing: names the cases that would go another way, be charged or be due otherwise,
    /// with the first point of departure.
    WhatIf(super::process_what_if::WhatIfArgs),
    /// Tính các ca thử của một mô hình quyết định. / Evaluates the test cases of a decision model.
    Dmn {
        /// Tệp DMN; mô hình nó nhập nằm cùng thư mục. / DMN file; what it imports lies beside it.
        file: PathBuf,
        /// Tệp ca thử. / File of test cases.
        #[arg(long, value_name = "FILE")]
        test: PathBuf,
        /// In JSON (luôn luôn). / Prints JSON, as always.
        #[arg(long)]
        json: bool,
    },
}

/// Does it. Exit code 1 if the model is refused, 2 if a file cannot be read.
pub fn run(args: &ProcessArgs, world: &mut World<'_>) -> Exit {
    let done = match &args.what {
        What::Check { file, dialect, json } => check(file, dialect, *json, world),
        What::Graph { file, .. } => graph(file, world),
        What::Convert { file, out } => convert(file, out, world),
        What::Run { file, with, scenario, .. } => scenario_of(file, with, scenario, world),
        What::Simulate(args) => super::process_simulate::run(args, world),
        What::WhatIf(args) => super::process_what_if::run(args, world),
        What::Dmn { file, test, .. } => dmn(file, test, world),
    };
    done.unwrap_or_else(|reason| {
        world.warn(reason);
        Exit::Usage
    })
}

fn bytes(file: &Path) -> Result<Vec<u8>, String> {
    let named = |e: std::io::Error| format!("{}: {e}", file.display());
    let size = std::fs::metadata(file).map_err(named)?.len();
    if size > FILE_BYTES_MAX {
        return Err(format!("{}: more than {FILE_BYTES_MAX} bytes", file.display()));
    }
    std::fs::read(file).map_err(named)
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The exit codes of the engine's contract are ours up to 2.
fn exit(code: i64) -> Exit {
    match code {
        0 => Exit::Fine,
        1 => Exit::Refused,
        _ => Exit::Usage,
    }
}

/// Why a file gave no process that can be carried out.
pub(super) enum Uncompiled {
    /// It cannot be read.
    Unread(String),
    /// The process is refused.
    Refused(Vec<Problem>),
}

/// The one process of a BPMN file.
pub(super) fn compiled(file: &Path) -> Result<process::Definition, Uncompiled> {
    let content = bytes(file).map_err(Uncompiled::Unread)?;
    let model = process::read(&content, &file.display().to_string()).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Uncompiled::Unread(lines.join("\n"))
    })?;
    process::compile(&model).map_err(Uncompiled::Refused)
}

fn unreadable(problems: &[Problem], world: &mut World<'_>) -> Exit {
    problems.iter().for_each(|problem| world.warn(problem));
    Exit::Usage
}

fn check(file: &Path, dialect: &str, json: bool, world: &mut World<'_>) -> Result<Exit, String> {
    let (answer, code) = process::contract::check(&bytes(file)?, dialect);
    if json {
        world.say(&answer);
        return Ok(exit(code.into()));
    }
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or("–").to_owned();
    for problem in answer["problems"].as_array().into_iter().flatten() {
        let [severity, code, element, why] =
            ["severity", "code", "element", "message"].map(|key| text(problem, key));
        world.say(format_args!("{severity} {code} {element}: {why}"));
    }
    let word = if code == 0 {
        "Công bố được / may be published"
    } else {
        "Bị từ chối / refused"
    };
    world.say(word);
    Ok(exit(code.into()))
}

fn graph(file: &Path, world: &mut World<'_>) -> Result<Exit, String> {
    match process::graph(&bytes(file)?, &name(file)) {
        Ok(answer) => {
            world.say(answer);
            Ok(Exit::Fine)
        }
        Err(problems) => Ok(unreadable(&problems, world)),
    }
}

fn convert(file: &Path, out: &Path, world: &mut World<'_>) -> Result<Exit, String> {
    match process::convert(&bytes(file)?, &name(file)) {
        Ok(copy) => {
            std::fs::write(out, copy).map_err(|e| format!("{}: {e}", out.display()))?;
            Ok(Exit::Fine)
        }
        Err(problems) => Ok(unreadable(&problems, world)),
    }
}

fn scenario_of(
    file: &Path,
    with: &[PathBuf],
    scenario: &Path,
    world: &mut World<'_>,
) -> Result<Exit, String> {
    let mut files = vec![(name(file), bytes(file)?)];
    for other in with {
        files.push((name(other), bytes(other)?));
    }
    let (answer, code) = process::contract::run(&files, &bytes(scenario)?);
    world.say(answer);
    Ok(exit(code.into()))
}

fn dmn(file: &Path, test: &Path, world: &mut World<'_>) -> Result<Exit, String> {
    let model = name(file);
    let mut files = vec![(model.clone(), bytes(file)?)];
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let mut beside: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    beside.sort();
    for other in beside {
        let is_model = other.extension().is_some_and(|end| end == "dmn");
        if is_model && name(&other) != model {
            files.push((name(&other), bytes(&other)?));
        }
    }
    let lent: Vec<(&str, &[u8])> = files.iter().map(|(n, b)| (n.as_str(), b.as_slice())).collect();
    let (answer, code) = process::dmn::contract::run(&lent, &bytes(test)?);
    world.say(answer);
    Ok(exit(code.into()))
}
