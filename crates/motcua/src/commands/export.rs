//! `motcua export`: flags. Writes a case with its journal and papers into a folder; the journal as
//! XES is written by `export_xes.rs`.

use crate::cli::DataArgs;
use crate::install::Installation;
use crate::world::{Exit, World};
use clap::Args;
use std::path::{Path, PathBuf};
use store::audit::{self, Access};
use store::cases::{self, Stored};
use store::{ActError, Options, StoreError, secrets};

/// Flags of `export`.
#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Mã hồ sơ hoặc mã tra cứu; lặp lại được. Không có thì xuất tất cả. / Code or tracking number;
    /// may be repeated. Without it everything is exported.
    #[arg(long = "case", value_name = "CODE")]
    pub cases: Vec<String>,
    /// Thư mục mới để ghi vào. / New folder to write into.
    #[arg(long, value_name = "DIR", required_unless_present = "xes", conflicts_with = "xes")]
    pub out: Option<PathBuf>,
    /// Tệp mới: nhật ký dạng XES, không có dữ liệu cá nhân. / New file: the journal as XES (IEEE
    /// 1849) for process mining, without particulars; officers are told by post.
    #[arg(long, value_name = "FILE")]
    pub xes: Option<PathBuf>,
    /// Lý do xuất, ghi vào nhật ký truy cập. / Why; goes into the record of access.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// Cases read at once.
pub(super) const PAGE: u32 = 200;

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub(super) enum ExportFault {
    #[error("{0}: {1}")]
    Disk(PathBuf, std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}: không có hồ sơ này / no such case")]
    Unknown(String),
    #[error("{0}")]
    Blob(String),
}

/// Exports into a new folder: one JSON file a case with particulars opened, and the files beside
/// it.
pub fn run(args: &ExportArgs, world: &mut World<'_>) -> Exit {
    if args.reason.trim().is_empty() {
        world.warn("--reason: nêu lý do / give a reason");
        return Exit::Usage;
    }
    let (_, installation) = match super::opened(&args.place, Options::default(), world) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let (done, out) = match (&args.out, &args.xes) {
        (_, Some(file)) => (super::export_xes::export(args, file, &installation, world), file),
        (Some(out), None) => (export(args, out, &installation, world), out),
        // The flags ask for one of the two.
        (None, None) => return Exit::Usage,
    };
    match done {
        Ok(count) => {
            let out = out.display();
            world.say(format_args!("{count} hồ sơ → {out} / {count} cases → {out}"));
            Exit::Fine
        }
        Err(fault) => {
            world.warn(&fault);
            match fault {
                ExportFault::Store(_) | ExportFault::Blob(_) => Exit::Closed,
                ExportFault::Disk(..) | ExportFault::Unknown(_) => Exit::Refused,
            }
        }
    }
}

fn export(
    args: &ExportArgs,
    out: &Path,
    installation: &Installation,
    world: &World<'_>,
) -> Result<usize, ExportFault> {
    let disk = |e| ExportFault::Disk(out.to_path_buf(), e);
    let chosen = chosen(args, installation)?;
    std::fs::create_dir(out).map_err(disk)?;
    let ids = chosen.iter().map(|s| s.case.id.0).collect();
    record(installation, serde_json::json!({ "reason": args.reason }), ids, (world.clock)())?;
    let bar = indicatif::ProgressBar::new(chosen.len() as u64);
    for stored in &chosen {
        one(out, installation, stored)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(chosen.len())
}

/// Records an export, before anything leaves.
pub(super) fn record(
    installation: &Installation,
    filter: serde_json::Value,
    ids: Vec<uuid::Uuid>,
    at_ms: i64,
) -> Result<(), ExportFault> {
    let access = Access {
        at_ms,
        actor: "system:export".to_owned(),
        act: "export".to_owned(),
        filter: Some(filter.to_string()),
        ids,
        ..Access::default()
    };
    let recorded =
        installation.store.act_blocking(move |tx| audit::record(tx, &access).map(|_| ()));
    Ok(recorded.map_err(ActError::into_store)?)
}

fn chosen(args: &ExportArgs, installation: &Installation) -> Result<Vec<Stored>, ExportFault> {
    let read = |found: Result<Vec<Stored>, ActError<StoreError>>| {
        found.map_err(|e| ExportFault::Store(e.into_store()))
    };
    let mut all = Vec::new();
    if args.cases.is_empty() {
        let mut last = 0;
        loop {
            let store = &installation.store;
            let page = read(store.read_blocking(|r| cases::page_after(r, last, PAGE)))?;
            let Some(end) = page.last() else { return Ok(all) };
            last = end.number;
            all.extend(page);
        }
    }
    for name in &args.cases {
        all.push(named(name, installation)?);
    }
    Ok(all)
}

/// The case with this code or tracking number.
pub(super) fn named(name: &str, installation: &Installation) -> Result<Stored, ExportFault> {
    let key = name.trim().to_uppercase();
    let found = installation.store.read_blocking(|r| {
        let by_code = cases::by_code(r, &key)?;
        if by_code.is_none() { cases::by_tracking(r, &key) } else { Ok(by_code) }
    });
    let found = found.map_err(|e: ActError<StoreError>| ExportFault::Store(e.into_store()))?;
    found.ok_or_else(|| ExportFault::Unknown(name.to_owned()))
}

/// One case: state, history and particulars as JSON; its files opened.
fn one(out: &Path, installation: &Installation, stored: &Stored) -> Result<(), ExportFault> {
    let (id, subject) = (stored.case.id, stored.case.subject);
    let read = installation.store.read_blocking(|r| {
        let texts = secrets::particulars_by_case(r, subject.0, id.0)?;
        Ok::<_, StoreError>((cases::history(r, id.0)?, texts))
    });
    let (history, particulars) = read.map_err(|e| ExportFault::Store(e.into_store()))?;
    let events: Vec<serde_json::Value> = history
        .iter()
        .map(|e| {
            serde_json::json!({
                "seq": e.seq, "at_ms": e.at_ms, "by": e.by, "on_behalf_of": e.on_behalf_of,
                "unit": e.unit, "event": e.event,
            })
        })
        .collect();
    let texts: Vec<serde_json::Value> = particulars
        .iter()
        .map(|p| {
            let plain = p.plain.as_deref().map(String::from_utf8_lossy);
            serde_json::json!({ "id": p.id, "kind": p.kind, "text": plain })
        })
        .collect();
    let body = serde_json::json!({
        "case": stored.case, "history": events, "particulars": texts,
    });
    let name = stored.case.name().replace('/', "_");
    let folder = out.join(&name);
    let disk = |path: &std::path::Path, e| ExportFault::Disk(path.to_path_buf(), e);
    std::fs::create_dir(&folder).map_err(|e| disk(&folder, e))?;
    let text = serde_json::to_vec_pretty(&body).map_err(|e| ExportFault::Blob(e.to_string()))?;
    let file = folder.join("case.json");
    std::fs::write(&file, text).map_err(|e| disk(&file, e))?;
    for (n, (address, sealed)) in stored.case.papers.iter().flat_map(|p| &p.files).enumerate() {
        let Some((bytes, name)) = opened(installation, stored, address, sealed.id.0)? else {
            continue;
        };
        let path = folder.join(format!("{:02}-{name}", n + 1));
        std::fs::write(&path, bytes).map_err(|e| disk(&path, e))?;
    }
    Ok(())
}

/// The bytes and name of a file; `None` after erasure.
fn opened(
    installation: &Installation,
    stored: &Stored,
    address: &str,
    name_id: uuid::Uuid,
) -> Result<Option<(Vec<u8>, String)>, ExportFault> {
    let blob = |e: &dyn std::fmt::Display| ExportFault::Blob(format!("{address}: {e}"));
    let subject = stored.case.subject.0;
    let id: papers::staging::BlobId = address.parse().map_err(|e| blob(&e))?;
    let sealed = installation.blobs.read(&id).map_err(|e| blob(&e))?;
    let read = installation.store.read_blocking(|r| {
        let found = secrets::particular_get(r, name_id)?.and_then(|p| p.plain);
        let Some(text) = found else { return Ok(None) };
        let (file, name): (uuid::Uuid, String) = serde_json::from_slice(&text)
            .map_err(|e| StoreError::Corrupt(format!("file name {name_id}: {e}")))?;
        Ok(Some((secrets::open_blob(r, subject, file, &sealed)?, name)))
    });
    read.map_err(|e: ActError<StoreError>| ExportFault::Store(e.into_store()))
}
