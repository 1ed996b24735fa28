//! `motcua export`: flags. Writes a case with its journal and papers into a folder.

use crate::cli::DataArgs;
use crate::install::Installation;
use crate::world::{Exit, World};
use clap::Args;
use std::path::PathBuf;
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
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Lý do xuất, ghi vào nhật ký truy cập. / Why; goes into the record of access.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}

/// Cases read at once.
const PAGE: u32 = 200;

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
enum ExportFault {
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
    match export(args, &installation, world) {
        Ok(count) => {
            let out = args.out.display();
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
    installation: &Installation,
    world: &World<'_>,
) -> Result<usize, ExportFault> {
    let disk = |e| ExportFault::Disk(args.out.clone(), e);
    let chosen = chosen(args, installation)?;
    std::fs::create_dir(&args.out).map_err(disk)?;
    // Recorded before anything leaves.
    let access = Access {
        at_ms: (world.clock)(),
        actor: "system:export".to_owned(),
        act: "export".to_owned(),
        filter: Some(serde_json::json!({ "reason": args.reason }).to_string()),
        ids: chosen.iter().map(|s| s.case.id.0).collect(),
        ..Access::default()
    };
    let recorded =
        installation.store.act_blocking(move |tx| audit::record(tx, &access).map(|_| ()));
    recorded.map_err(ActError::into_store)?;
    let bar = indicatif::ProgressBar::new(chosen.len() as u64);
    for stored in &chosen {
        one(args, installation, stored)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(chosen.len())
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
        let key = name.trim().to_uppercase();
        let found = read(installation.store.read_blocking(|r| {
            let by_code = cases::by_code(r, &key)?;
            let found = if by_code.is_none() { cases::by_tracking(r, &key)? } else { by_code };
            Ok(found.into_iter().collect())
        }))?;
        if found.is_empty() {
            return Err(ExportFault::Unknown(name.clone()));
        }
        all.extend(found);
    }
    Ok(all)
}

/// One case: state, history and particulars as JSON; its files opened.
fn one(args: &ExportArgs, installation: &Installation, stored: &Stored) -> Result<(), ExportFault> {
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
    let folder = args.out.join(&name);
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
