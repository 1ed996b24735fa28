//! `motcua export --xes`: the journal for process mining. No particulars leave: officers are told
//! by the post that they held at the time, citizens as such, reasons and answers not at all.

use super::export::{ExportArgs, ExportFault, PAGE, named, record};
use super::xes::{Line, Log, Value};
use crate::install::Installation;
use crate::world::World;
use kernel::calendar::Instant;
use kernel::case::{self, Event};
use kernel::catalogue::Catalogue;
use kernel::ids::AccountId;
use kernel::procedure::FIRST_VERSION;
use process::{Definition, Event as Move, NodeIx};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use store::cases::{self, HistoryEntry, Stored};
use store::{ActError, StoreError};
use uuid::Uuid;

/// Writes a new file with one trace for each case; how many there were.
pub(super) fn export(
    args: &ExportArgs,
    file: &Path,
    installation: &Installation,
    world: &World<'_>,
) -> Result<usize, ExportFault> {
    let disk = |e| ExportFault::Disk(file.to_path_buf(), e);
    let chosen = chosen(args, installation)?;
    let out = File::create_new(file).map_err(disk)?;
    let filter = serde_json::json!({ "reason": args.reason, "form": "xes" });
    let ids = chosen.iter().map(|(_, id)| *id).collect();
    let recorded = record(installation, filter, ids, (world.clock)());
    let written = recorded.and_then(|()| write(out, file, &chosen, installation));
    if written.is_err() {
        // A part of a log would pass for all of it.
        let _gone = std::fs::remove_file(file);
    }
    written
}

/// Number and id of each case, in order of submission.
fn chosen(args: &ExportArgs, installation: &Installation) -> Result<Vec<(u64, Uuid)>, ExportFault> {
    let place = |stored: &Stored| (stored.number, stored.case.id.0);
    if !args.cases.is_empty() {
        return args.cases.iter().map(|name| Ok(place(&named(name, installation)?))).collect();
    }
    let mut all: Vec<(u64, Uuid)> = Vec::new();
    loop {
        let last = all.last().map_or(0, |(number, _)| *number);
        let page = installation.store.read_blocking(|r| cases::page_after(r, last, PAGE));
        let page = page.map_err(|e: ActError<StoreError>| ExportFault::Store(e.into_store()))?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page.iter().map(place));
    }
}

fn write(
    out: File,
    file: &Path,
    chosen: &[(u64, Uuid)],
    installation: &Installation,
) -> Result<usize, ExportFault> {
    let disk = |e| ExportFault::Disk(file.to_path_buf(), e);
    let bar = indicatif::ProgressBar::new(chosen.len() as u64);
    let mut log = Log::begin(BufWriter::new(out)).map_err(disk)?;
    for (number, id) in chosen {
        let read = installation.store.read_blocking(|r| {
            let Some(stored) = cases::by_number(r, *number)? else { return Ok(None) };
            Ok(Some((stored, cases::history(r, *id)?)))
        });
        let read = read.map_err(|e: ActError<StoreError>| ExportFault::Store(e.into_store()))?;
        if let Some((stored, history)) = read {
            trace(&mut log, &stored, &history, &installation.catalogue).map_err(disk)?;
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let out = log.end().map_err(disk)?;
    out.into_inner().map_err(|e| disk(e.into_error()))?.sync_all().map_err(disk)?;
    Ok(chosen.len())
}

fn trace<W: std::io::Write>(
    log: &mut Log<W>,
    stored: &Stored,
    history: &[HistoryEntry],
    catalogue: &Catalogue,
) -> std::io::Result<()> {
    let case = &stored.case;
    // A tracking number opens pages; before there is a code the id stands for the case.
    let name = case.code.clone().unwrap_or_else(|| case.id.to_string());
    let definition = catalogue.definition_of(case, case.submitted_at.date());
    let mut attributes = vec![
        ("concept:name", Value::Text(&name)),
        ("motcua:procedure", Value::Text(case.procedure.as_str())),
        ("motcua:edition", Value::Whole(i64::from(case.edition))),
        ("motcua:channel", Value::Text(case.channel.as_str())),
        ("motcua:unit", Value::Text(case.decided_by.as_str())),
        ("motcua:business", Value::Text(case.business.as_str())),
    ];
    if let Some(definition) = definition {
        attributes.push(("motcua:process", Value::Text(definition.id())));
    }
    attributes.extend(case.due_at.map(|due| ("motcua:due", Value::At(due))));
    let resources: Vec<String> = history.iter().map(|entry| resource(entry, catalogue)).collect();
    let edition = catalogue.edition(&case.procedure, case.edition);
    let versions = edition.map(|edition| catalogue.definitions_of(case, edition));
    let mut version = FIRST_VERSION;
    let mut lines = Vec::new();
    for (entry, resource) in history.iter().zip(&resources) {
        // Steps bear the names of the version that the case ran on when they were taken.
        version = entry.event.pins().unwrap_or(version);
        let definition = versions.and_then(|versions| versions.of(version));
        lines.extend(lines_of(entry, resource, definition));
    }
    log.trace(&attributes, &lines)
}

/// The post of whoever did it, as `unit/role`; the unit where no post is known.
fn resource(entry: &HistoryEntry, catalogue: &Catalogue) -> String {
    let unit = entry.unit.as_deref().unwrap_or_default();
    if entry.by == "citizen" || entry.by.starts_with("system:") {
        return entry.by.clone();
    }
    let account = AccountId(entry.by.clone());
    let seats = catalogue.seats(&account, Instant(entry.at_ms).date());
    let seat = seats.iter().find(|seat| seat.unit.as_str() == unit);
    match (seat, unit) {
        (Some(seat), _) => format!("{unit}/{}", seat.role.as_str()),
        (None, "") => "unknown".to_owned(),
        (None, unit) => unit.to_owned(),
    }
}

/// The lines of one entry: those of the process's steps, or one for an act beside them. What only
/// told an outside system, and notes, say nothing about the work.
fn lines_of<'a>(
    entry: &'a HistoryEntry,
    resource: &'a str,
    definition: Option<&'a Definition>,
) -> Vec<Line<'a>> {
    let event = &entry.event;
    let at = event.at();
    let common = |step: Option<&'a str>, outcome: Option<&'a str>| {
        let mut more = vec![("org:resource", Value::Text(resource))];
        more.extend(entry.unit.as_deref().map(|unit| ("org:group", Value::Text(unit))));
        more.extend(step.map(|id| ("motcua:step", Value::Text(id))));
        more.extend(outcome.map(|outcome| ("motcua:outcome", Value::Text(outcome))));
        more
    };
    let mut lines = Vec::new();
    let silent = matches!(
        event,
        Event::TaskDone { .. }
            | Event::SentBack { .. }
            | Event::Moved { .. }
            | Event::Synced { .. }
            | Event::PinRenewed { .. }
            | Event::Noted { .. }
    );
    if !silent {
        let more = common(None, None);
        lines.push(Line { name: event.kind(), at, transition: "complete", more });
    }
    let Some(definition) = definition else { return lines };
    for step in case::moves(event) {
        let Some((node, transition, outcome)) = seen(step) else { continue };
        let node = definition.node(node);
        let name = if node.name.is_empty() { &node.id } else { &node.name };
        let more = common(Some(&node.id), outcome);
        lines.push(Line { name, at, transition, more });
    }
    lines
}

/// What a move of the process means in the standard life cycle.
fn seen(step: &Move) -> Option<(NodeIx, &'static str, Option<&str>)> {
    match step {
        Move::Entered { node, .. } => Some((*node, "schedule", None)),
        Move::Left { node, outcome, .. } => Some((*node, "complete", outcome.as_deref())),
        Move::SentBack { from, .. } => Some((*from, "complete", Some("send_back"))),
        Move::Returned { from, .. } => Some((*from, "complete", Some("return"))),
        Move::Interrupted { node, .. } | Move::Gone { node, .. } => {
            Some((*node, "ate_abort", None))
        }
        Move::TimerRang { node, .. } => Some((*node, "complete", None)),
        _ => None,
    }
}
