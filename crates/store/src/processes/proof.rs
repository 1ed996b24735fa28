//! The proof of published processes: documents against what the journal recorded.

use super::{PUBLISHED, ProcessEvent, Recorded, WITHDRAWN, history, read};
use crate::cases::Finding;
use crate::catalog::{self, Document};
use crate::process_migrations;
use crate::sql::Query;
use kernel::calendar::parse_date;
use kernel::catalogue::Catalogue;
use std::collections::BTreeSet;

/// Proves that every published or withdrawn document is the file that the journal recorded, and
/// that every record has its document. Gives how many journal rows belong to processes; their
/// chains are walked with the whole journal.
///
/// # Errors
/// The first finding.
pub fn verify(query: &mut impl Query, catalogue: &Catalogue) -> Result<u64, Finding> {
    let mut documents: Vec<(bool, Document)> = Vec::new();
    for (kind, live) in [(PUBLISHED, true), (WITHDRAWN, false)] {
        documents.extend(catalog::by_kind(query, kind)?.into_iter().map(|d| (live, d)));
    }
    let name_of = |(_, d): &(bool, Document)| match d.key.rsplit_once('/') {
        Some((name, _)) => name.to_owned(),
        None => d.key.clone(),
    };
    let mut names: BTreeSet<String> = documents.iter().map(name_of).collect();
    names.extend(catalogue.process_names().into_iter().map(str::to_owned));
    let mut rows = 0;
    for name in &names {
        let history = history(query, name)?;
        let of_name = documents.iter().filter(|d| name_of(d) == *name);
        prove(name, &history, of_name)?;
        migrations(query, name, &history)?;
        rows += history.len() as u64;
    }
    Ok(rows)
}

/// Every order to move running cases has its migration with the plan that was ordered, and every
/// migration that was carried out has its order.
fn migrations(query: &mut impl Query, name: &str, history: &[Recorded]) -> Result<(), Finding> {
    let finding = |version: u32, what: &str| {
        Err(Finding::Process { name: name.to_owned(), version, what: what.to_owned() })
    };
    let mut ordered = BTreeSet::new();
    for recorded in history {
        let ProcessEvent::ProcessMigrated { migration, from, to, plan_sha256, .. } =
            &recorded.event
        else {
            continue;
        };
        ordered.insert(*migration);
        let kept = process_migrations::by_id(query, *migration)?;
        let same = kept.is_some_and(|kept| {
            (kept.from, kept.to) == (*from, *to) && kept.plan_sha256() == *plan_sha256
        });
        if !same {
            return finding(*to, "the plan of a migration is not the one that was ordered");
        }
    }
    for kept in process_migrations::of_process(query, name)? {
        if kept.runs.apply.is_some() && !ordered.contains(&kept.id) {
            return finding(kept.to, "the journal has no order of a migration");
        }
    }
    Ok(())
}

/// Holds the documents of one process against its history.
fn prove<'d>(
    name: &str,
    history: &[Recorded],
    documents: impl Iterator<Item = &'d (bool, Document)>,
) -> Result<(), Finding> {
    let finding = |version: u32, what: &str| {
        Err(Finding::Process { name: name.to_owned(), version, what: what.to_owned() })
    };
    let mut found = BTreeSet::new();
    for (live, document) in documents {
        let body = read(document)?;
        let version = body.version;
        let record = history.iter().find_map(|r| match &r.event {
            ProcessEvent::ProcessPublished { version: v, sha256, valid_from, .. }
                if *v == version =>
            {
                Some((sha256, *valid_from))
            }
            _ => None,
        });
        let Some((sha256, valid_from)) = record else {
            return finding(version, "the journal has no publication of it");
        };
        if *sha256 != body.sha256() {
            return finding(version, "the file is not the one that was published");
        }
        let column = parse_date(&document.valid_from).ok();
        if body.name != name || body.valid_from != valid_from || column != Some(valid_from) {
            return finding(version, "name or first day is not the published one");
        }
        let withdrawn = history.iter().any(|r| {
            matches!(&r.event, ProcessEvent::ProcessWithdrawn { version: v, .. } if *v == version)
        });
        if withdrawn == *live {
            return finding(version, "withdrawn in one of journal and catalogue only");
        }
        if !found.insert(version) {
            return finding(version, "there are two documents of it");
        }
    }
    match history
        .iter()
        .filter_map(|r| r.event.publishes())
        .find(|version| !found.contains(version))
    {
        Some(version) => finding(version, "its document is missing"),
        None => Ok(()),
    }
}
