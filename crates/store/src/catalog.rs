//! Table `catalog`: effective-dated documents as JSON text: units, posts, calendars, procedures,
//! fees, forms. The program loads them at the start and turns them into checked types.

use crate::bounds;
use crate::error::StoreError;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;

const PUT: Statement = Statement {
    name: "catalog_put",
    sql: "INSERT INTO catalog (kind, key, valid_from, valid_to, body) VALUES ($1, $2, $3, $4, $5)
          ON CONFLICT (kind, key, valid_from) DO UPDATE SET
              valid_to = excluded.valid_to, body = excluded.body",
};
const BY_KIND: Statement = Statement {
    name: "catalog_by_kind",
    sql: "SELECT kind, key, valid_from, valid_to, body FROM catalog
          WHERE kind = $1 AND (key, valid_from) > ($2, $3) ORDER BY key, valid_from LIMIT $4",
};
const BY_KEY: Statement = Statement {
    name: "catalog_by_key",
    sql: "SELECT kind, key, valid_from, valid_to, body FROM catalog
          WHERE kind = $1 AND key = $2 ORDER BY valid_from LIMIT $3",
};
const ON: Statement = Statement {
    name: "catalog_on",
    sql: "SELECT kind, key, valid_from, valid_to, body FROM catalog
          WHERE kind = $1 AND key = $2 AND valid_from <= $3
            AND (valid_to IS NULL OR valid_to > $3)
          ORDER BY valid_from DESC LIMIT 1",
};
const REMOVE: Statement = Statement {
    name: "catalog_remove",
    sql: "DELETE FROM catalog WHERE kind = $1 AND key = $2 AND valid_from = $3",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[PUT, BY_KIND, BY_KEY, ON, REMOVE]
}

/// One document in one period of validity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    /// `unit`, `calendar`, `procedure`, …
    pub kind: String,
    /// Its key within the kind.
    pub key: String,
    /// First day of validity as ISO date.
    pub valid_from: String,
    /// The day after the last day of validity, if it ended.
    pub valid_to: Option<String>,
    /// Content as JSON text.
    pub body: String,
}

/// Adds a document, or replaces the one with the same kind, key and first day.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn put(tx: &mut Tx<'_>, document: &Document) -> Result<(), StoreError> {
    let row = values![
        &document.kind,
        &document.key,
        &document.valid_from,
        document.valid_to.as_deref(),
        &document.body,
    ];
    tx.execute_one(&PUT, row)
}

fn document(row: &Row<'_>) -> Result<Document, StoreError> {
    Ok(Document {
        kind: row.text(0)?,
        key: row.text(1)?,
        valid_from: row.text(2)?,
        valid_to: row.opt_text(3)?,
        body: row.text(4)?,
    })
}

/// All documents of a kind, by key and first day: read in pages, so that no page is unbounded.
///
/// # Errors
/// What the engine says.
pub fn by_kind(query: &mut impl Query, kind: &str) -> Result<Vec<Document>, StoreError> {
    let mut all: Vec<Document> = Vec::new();
    loop {
        let (key, from) =
            all.last().map_or(("", ""), |last| (last.key.as_str(), last.valid_from.as_str()));
        let page = query.query(&BY_KIND, values![kind, key, from, bounds::WALK_PAGE], document)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// All periods of one document, oldest first.
///
/// # Errors
/// What the engine says.
pub fn by_key(query: &mut impl Query, kind: &str, key: &str) -> Result<Vec<Document>, StoreError> {
    query.query(&BY_KEY, values![kind, key, bounds::WALK_PAGE], document)
}

/// The document that is valid on a day (ISO date).
///
/// # Errors
/// What the engine says.
pub fn on(
    query: &mut impl Query,
    kind: &str,
    key: &str,
    day: &str,
) -> Result<Option<Document>, StoreError> {
    query.optional(&ON, values![kind, key, day], document)
}

/// Removes one period of a document. `false` if there was none.
///
/// # Errors
/// What the engine says.
pub fn remove(
    tx: &mut Tx<'_>,
    kind: &str,
    key: &str,
    valid_from: &str,
) -> Result<bool, StoreError> {
    Ok(tx.execute(&REMOVE, values![kind, key, valid_from])? == 1)
}
