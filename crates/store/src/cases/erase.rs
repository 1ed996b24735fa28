//! Erasing a person: the key that opens their particulars, and every way to find them by. The
//! journal and its chain stay whole.

use super::act::CaseError;
use super::rows::{self, EVERYONE, Stored};
use crate::error::StoreError;
use crate::secrets;
use crate::sql::{Query, Statement, Tx};
use crate::values;
use kernel::case::Case;
use kernel::fold;
use kernel::ids::SubjectId;
use kernel::people::Party;

pub(super) const WORD_DROP: Statement = Statement {
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

/// The words of the applicant's name by which a case is found; none once they are erased.
pub(super) fn words_of(query: &mut impl Query, case: &Case) -> Result<Vec<String>, StoreError> {
    let found = secrets::particular_get(query, case.applicant.id.0)?;
    let plain = found.and_then(|p| p.plain);
    let party = plain.and_then(|bytes| serde_json::from_slice::<Party>(&bytes).ok());
    Ok(party.map(|p| fold::words(&p.name)).unwrap_or_default())
}

/// Erases a person from all cases of theirs. `false` if they were erased before or never existed.
/// Words are taken away first, since the name that they come from is gone afterwards.
///
/// # Errors
/// What the store says.
pub fn erase(tx: &mut Tx<'_>, subject: SubjectId, now_ms: i64) -> Result<bool, CaseError> {
    for stored in of_subject(tx, subject)? {
        let words = words_of(tx, &stored.case)?;
        let mut keys = rows::listed_under(&stored.case);
        keys.push(EVERYONE.to_owned());
        for key in &keys {
            for word in &words {
                tx.execute(&WORD_DROP, values![key, word, stored.number])?;
            }
        }
    }
    Ok(secrets::erase(tx, subject.0, now_ms)?)
}
