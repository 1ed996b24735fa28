//! `motcua process what-if`: the cases that were really decided, replayed against a draft.

use crate::cli::DataArgs;
use crate::install::Installation;
use crate::world::{Exit, World};
use clap::Args;
use kernel::calendar::Limit;
use kernel::case::Case;
use kernel::catalogue::Catalogue;
use kernel::procedure::Edition;
use kernel::whatif::replay::{Departure, Draft, Past, Reason, Summary, Verdict, replay};
use std::path::PathBuf;
use store::cases::{self, Stored};
use store::{ActError, Options, StoreError};

/// Cases read at once.
const PAGE: u32 = 200;

/// Flags of `process what-if`.
#[derive(Args, Clone, Debug)]
pub struct WhatIfArgs {
    /// Tên quy trình đang dùng, như tệp của nó. / Name of the process in use, as its file has it.
    pub name: String,
    /// Bản thảo, tệp BPMN. / The draft, a BPMN file.
    pub file: PathBuf,
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Lệ phí của bản thảo. / Fee of the draft, in đồng.
    #[arg(long, value_name = "VND")]
    pub fee: Option<i64>,
    /// Thời hạn của bản thảo, tính bằng phần tư đơn vị. / Limit of the draft, in quarters of the
    /// unit that the edition has.
    #[arg(long, value_name = "N")]
    pub limit_quarters: Option<u32>,
    /// Số hồ sơ được nêu tên. / How many cases are named.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub list: usize,
    /// In JSON. / Prints JSON.
    #[arg(long)]
    pub json: bool,
}

/// What was found over all cases.
struct Found {
    summary: Summary,
    /// Cases whose edition or process is not loaded.
    unknown: u64,
    named: Vec<Verdict>,
}

/// Replays. Nothing is written and no particulars are read.
pub fn run(args: &WhatIfArgs, world: &mut World<'_>) -> Result<Exit, String> {
    let definition = match super::process::compiled(&args.file) {
        Ok(definition) => definition,
        Err(super::process::Uncompiled::Unread(reason)) => return Err(reason),
        Err(super::process::Uncompiled::Refused(problems)) => {
            problems.iter().for_each(|problem| world.warn(problem));
            return Ok(Exit::Refused);
        }
    };
    let options = Options { read_only: true, ..Options::default() };
    let (_, installation) = match super::opened(&args.place, options, world) {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    if installation.catalogue.process_editions(&args.name).is_empty() {
        return Err(format!("{}: không có quy trình này / no such process", args.name));
    }
    if let Some(reason) = misfit(args) {
        return Err(reason);
    }
    match over_all(args, &definition, &installation) {
        Ok(found) => {
            if args.json {
                world.say(json(args, &found));
            } else {
                told(args, &found, world);
            }
            Ok(Exit::Fine)
        }
        Err(error) => {
            world.warn(&error);
            Ok(if matches!(error, StoreError::Corrupt(_)) { Exit::Damaged } else { Exit::Closed })
        }
    }
}

/// What is wrong with the flags.
fn misfit(args: &WhatIfArgs) -> Option<String> {
    let most = Limit::MAX_QUARTERS;
    if args.fee.is_some_and(|fee| fee < 0) {
        return Some("--fee: expected at least 0".to_owned());
    }
    let bad = args.limit_quarters.is_some_and(|quarters| !(1..=most).contains(&quarters));
    bad.then(|| format!("--limit-quarters: expected 1 to {most}"))
}

/// The edition of a case as the draft would have it; `None` if the flags ask for no other.
fn drafted(args: &WhatIfArgs, edition: &Edition) -> Option<Edition> {
    if args.fee.is_none() && args.limit_quarters.is_none() {
        return None;
    }
    let mut draft = edition.clone();
    draft.fee_vnd = args.fee.unwrap_or(draft.fee_vnd);
    draft.limit.quarters = args.limit_quarters.unwrap_or(draft.limit.quarters);
    Some(draft)
}

fn past<'a>(catalogue: &'a Catalogue, case: &Case) -> Option<Past<'a>> {
    let edition = catalogue.edition(&case.procedure, case.edition)?;
    catalogue.definition_of(case, case.submitted_at.date())?;
    let definitions = catalogue.definitions_of(case, edition);
    let cutoff_minutes = catalogue.profile(&case.profile)?.cutoff_minutes;
    Some(Past { definitions, edition, calendar: catalogue.calendar_of(&case.desk), cutoff_minutes })
}

/// Page by page, each case a read of its own.
fn over_all(
    args: &WhatIfArgs,
    definition: &process::Definition,
    installation: &Installation,
) -> Result<Found, StoreError> {
    let (store, catalogue) = (&installation.store, &installation.catalogue);
    let store_of = |error: ActError<StoreError>| error.into_store();
    let mut found = Found { summary: Summary::default(), unknown: 0, named: Vec::new() };
    let bar = indicatif::ProgressBar::new_spinner();
    let mut last = 0;
    loop {
        let page = store.read_blocking(|r| cases::page_after(r, last, PAGE)).map_err(store_of)?;
        let Some(end) = page.last() else { break };
        last = end.number;
        for stored in &page {
            let Some(past) = past(catalogue, &stored.case) else {
                found.unknown += 1;
                continue;
            };
            if stored.case.process_name(past.edition) != args.name {
                continue;
            }
            let id = stored.case.id;
            let history = store.read_blocking(|r| cases::history(r, id.0)).map_err(store_of)?;
            let events: Vec<_> = history.into_iter().map(|entry| entry.event).collect();
            let edition = drafted(args, past.edition);
            let draft = Draft { definition, edition: edition.as_ref() };
            let first = events.first().ok_or_else(|| no_start(stored))?;
            kernel::case::born(id, first).ok_or_else(|| no_start(stored))?;
            let Some(verdict) = replay(id, &events, past, draft) else {
                found.unknown += 1;
                continue;
            };
            found.summary.add(&verdict);
            if !verdict.departures.is_empty() && found.named.len() < args.list {
                found.named.push(verdict);
            }
        }
        bar.set_message(format!("{} hồ sơ / cases", found.summary.cases));
        bar.tick();
    }
    bar.finish_and_clear();
    Ok(found)
}

fn no_start(stored: &Stored) -> StoreError {
    StoreError::Corrupt(format!("case {}: the journal does not begin with it", stored.case.id))
}

fn json(args: &WhatIfArgs, found: &Found) -> serde_json::Value {
    serde_json::json!({
        "format": "motcua/what-if/1", "process": args.name, "cases": found.summary.cases,
        "same": found.summary.same, "unknown": found.unknown, "reasons": found.summary.reasons,
        "differing": found.named,
    })
}

fn told(args: &WhatIfArgs, found: &Found, world: &mut World<'_>) {
    let Summary { cases, same, reasons } = &found.summary;
    world.say(format_args!(
        "{}: {cases} hồ sơ, {same} không đổi / {cases} cases, {same} unchanged",
        args.name
    ));
    if found.unknown > 0 {
        let unknown = found.unknown;
        world.say(format_args!(
            "{unknown} hồ sơ không rõ quy trình / {unknown} cases whose process is not loaded"
        ));
    }
    for (reason, count) in reasons {
        world.say(format_args!("{count:>8}  {}", word(*reason)));
    }
    for verdict in &found.named {
        for departure in &verdict.departures {
            let Departure { reason, seq, at, step, was, would } = departure;
            world.say(format_args!(
                "{}  #{seq} {at}  {}  {step}: {was} → {would}",
                verdict.name,
                word(*reason)
            ));
        }
    }
    let left = cases - same - (found.named.len() as u64).min(cases - same);
    if left > 0 {
        world.say(format_args!("… {left} hồ sơ khác / more cases (--list)"));
    }
}

/// A reason in words.
fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::StepAdded => "thêm bước / a step more",
        Reason::StepRemoved => "bớt bước / a step less",
        Reason::OtherWay => "đi đường khác / another way",
        Reason::OtherEnd => "kết thúc khác / another end",
        Reason::StepTime => "thời gian của bước / time of a step",
        Reason::Finance => "nghĩa vụ tài chính / financial duty",
        Reason::Fee => "lệ phí / fee",
        Reason::Due => "hạn trả / due date",
        Reason::NoLongerLate => "không còn trễ / no longer late",
        Reason::NowLate => "thành trễ / late instead",
        Reason::NotFollowed => "không theo tiếp được / not followed",
    }
}
