//! The proof of batches: rows against what the journal recorded when they were done.

use super::{AFTER, BatchDone, KIND, batch, lines, told};
use crate::cases::Finding;
use crate::sql::Query;
use crate::{bounds, journal, values};
use uuid::Uuid;

/// Proves that every batch that was carried through is the one that the journal recorded. Gives how
/// many journal rows belong to batches; their chains are walked with the whole journal.
///
/// # Errors
/// The first finding.
pub fn verify(query: &mut impl Query) -> Result<u64, Finding> {
    let mut rows = 0;
    let mut after = Uuid::nil();
    loop {
        let page = query.query(&AFTER, values![after, bounds::WALK_PAGE], batch)?;
        let Some(last) = page.last() else { return Ok(rows) };
        after = last.id;
        for found in &page {
            let finding = |what: &str| Finding::Kept {
                table: "batch",
                row: found.id.to_string(),
                what: what.to_owned(),
            };
            let recorded = journal::by_stream(query, found.id, 0)?;
            rows += recorded.len() as u64;
            let Some(done_at) = found.done_at_ms else {
                if recorded.is_empty() {
                    continue;
                }
                return Err(finding("it is open, but the journal has its end"));
            };
            let [one] = recorded.as_slice() else {
                return Err(finding("the journal has not exactly one record of its end"));
            };
            let envelope = &one.envelope;
            let body: BatchDone = serde_json::from_str(&envelope.body)
                .map_err(|_| finding("its record cannot be read"))?;
            let same = envelope.kind == KIND
                && envelope.by == found.account
                && envelope.at_ms == done_at
                && envelope.unit.as_deref() == Some(found.unit.as_str());
            let lines = lines(query, found.id)?;
            if !same || body != told(found, &lines) {
                return Err(finding("it is not what the journal recorded"));
            }
        }
    }
}
