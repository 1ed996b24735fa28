//! Erasing a person: the key that opens their particulars, and every way to find them by. The
//! journal and its chain stay whole.

use super::act::CaseError;
use super::rows::{self, EVERYONE, Stored};
use crate::error::StoreError;
use crate::secrets;
use crate::sql::{Query, Statement, Tx};
use crate::values;
use kernel::access;
use kernel::fold;
use kernel::ids::SubjectId;
use kernel::people::Party;

const WORD_DROP: Statement = Statement {
    name: "case_word_drop",
    sql: "DELETE FROM case_word WHERE unit = $1 AND word = $2 AND case_number = $3",
};
const OF_SUBJECT: Statement = Statement {
    name: "cases_of_subject",
    sql: "SELECT number, seq, head, state FROM case_file WHERE subject_id = $1 ORDER BY number",
};

pub(super) fn statements() -> [Statement; 2] {
    [WORD_DROP, OF_SUBJECT]
}

/// All cases under a person's key, oldest first.
///
/// # Errors
/// What the engine says.
pub fn of_subject(query: &mut impl Query, subject: SubjectId) -> Result<Vec<Stored>, StoreError> {
    query.query(&OF_SUBJECT, values![subject.0], rows::stored)
}

/// Erases a person from all cases of theirs. `false` if they were erased before or never existed.
/// Words are taken away first, since the name that they come from is gone afterwards.
///
/// # Errors
/// What the store says.
pub fn erase(tx: &mut Tx<'_>, subject: SubjectId, now_ms: i64) -> Result<bool, CaseError> {
    for stored in of_subject(tx, subject)? {
        let found = secrets::particular_get(tx, stored.case.applicant.id.0)?;
        let plain = found.and_then(|p| p.plain);
        let party = plain.and_then(|bytes| serde_json::from_slice::<Party>(&bytes).ok());
        let words = party.map(|p| fold::words(&p.name)).unwrap_or_default();
        let mut units: Vec<String> =
            access::parties(&stored.case).iter().map(|u| u.0.clone()).collect();
        units.push(EVERYONE.to_owned());
        for unit in &units {
            for word in &words {
                tx.execute(&WORD_DROP, values![unit, word, stored.number])?;
            }
        }
    }
    Ok(secrets::erase(tx, subject.0, now_ms)?)
}
