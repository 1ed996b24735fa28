//! The proof of lent powers: documents against what the journal recorded.

use super::{KIND, Lending, of_unit, stream};
use crate::cases::Finding;
use crate::sql::Query;
use crate::{catalog, journal};
use kernel::catalogue::Catalogue;
use kernel::ids::UnitId;
use kernel::org::Delegation;
use std::collections::BTreeSet;

fn finding(row: &str, what: &str) -> Finding {
    Finding::Kept { table: "catalog", row: row.to_owned(), what: what.to_owned() }
}

/// Proves that every document of a lent power is what the journal recorded, and that every lent
/// power has its document. Gives how many journal rows belong to lent powers; their chains are
/// walked with the whole journal.
///
/// # Errors
/// The first finding.
pub fn verify(query: &mut impl Query, catalogue: &Catalogue) -> Result<u64, Finding> {
    let documents = catalog::by_kind(query, KIND)?;
    let mut found: Vec<Lending> = Vec::new();
    let mut units: BTreeSet<UnitId> = catalogue.tree.iter().map(|unit| unit.id.clone()).collect();
    for document in &documents {
        let body: Delegation = serde_json::from_str(&document.body)
            .map_err(|_| finding(&document.key, "the lent power cannot be read"))?;
        let post = catalogue.staff.post(&body.post);
        let post = post.ok_or_else(|| finding(&document.key, "its post does not exist"))?;
        units.insert(post.unit.clone());
        let lending = Lending::of(&body, post);
        let last = lending.last.map(super::day);
        if document.valid_from != super::day(lending.first)
            || document.valid_to != last
            || document.key != super::key(&lending)
        {
            return Err(finding(&document.key, "key or days differ from its body"));
        }
        found.push(lending);
    }
    let mut rows = 0;
    let mut proven = 0;
    for unit in &units {
        let head = journal::head(query, stream(unit))?;
        if head.seq == 0 {
            continue;
        }
        rows += head.seq;
        for lent in of_unit(query, unit)?.iter().filter(|lent| !lent.never_began()) {
            let Some(there) = found.iter().find(|one| one.is_same(&lent.lending)) else {
                return Err(finding(&lent.lending.post, "the document of a lent power is missing"));
            };
            if *there != lent.lending {
                return Err(finding(&lent.lending.post, "a lent power is not the one recorded"));
            }
            proven += 1;
        }
    }
    if proven == found.len() {
        Ok(rows)
    } else {
        Err(finding(KIND, "a power is lent that the journal has not recorded"))
    }
}
