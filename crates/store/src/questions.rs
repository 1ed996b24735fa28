//! Table `case_question`: what a leader asked an officer about a case, until it is answered. The
//! words are sealed notes of the case, which its journal keeps; the row only says whose turn it is.

use crate::bounds;
use crate::cases::{self, CaseError, Env};
use crate::error::StoreError;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;
use kernel::case::{Command, Ref};
use kernel::ids::CaseId;
use uuid::Uuid;

const ADD: Statement = Statement {
    name: "case_question_add",
    sql: "INSERT INTO case_question (id, case_id, asked_by, asked_to, asked_at, question) \
          VALUES ($1, $2, $3, $4, $5, $6)",
};
const OPEN: Statement = Statement {
    name: "case_questions_open",
    sql: "SELECT id, case_id, asked_by, asked_to, asked_at, question, answered_at, answer \
          FROM case_question WHERE asked_to = $1 AND answered_at IS NULL \
          ORDER BY asked_at, id LIMIT $2",
};
const OPEN_COUNT: Statement = Statement {
    name: "case_questions_open_count",
    sql: "SELECT count(*) FROM (SELECT 1 FROM case_question WHERE asked_to = $1 \
          AND answered_at IS NULL LIMIT $2) AS capped",
};
const ASKED: Statement = Statement {
    name: "case_questions_asked",
    sql: "SELECT id, case_id, asked_by, asked_to, asked_at, question, answered_at, answer \
          FROM case_question WHERE asked_by = $1 ORDER BY asked_at DESC, id DESC LIMIT $2",
};
const BY_CASE: Statement = Statement {
    name: "case_questions_by_case",
    sql: "SELECT id, case_id, asked_by, asked_to, asked_at, question, answered_at, answer \
          FROM case_question WHERE case_id = $1 ORDER BY asked_at DESC, id DESC LIMIT $2",
};
const BY_ID: Statement = Statement {
    name: "case_question_by_id",
    sql: "SELECT id, case_id, asked_by, asked_to, asked_at, question, answered_at, answer \
          FROM case_question WHERE id = $1",
};
const ANSWER: Statement = Statement {
    name: "case_question_answer",
    sql: "UPDATE case_question SET answered_at = $1, answer = $2 \
          WHERE id = $3 AND answered_at IS NULL",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[ADD, OPEN, OPEN_COUNT, ASKED, BY_CASE, BY_ID, ANSWER]
}

/// A question about a case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Its id.
    pub id: Uuid,
    /// The case.
    pub case: CaseId,
    /// Who asked.
    pub asked_by: String,
    /// Who is asked.
    pub asked_to: String,
    /// When, milliseconds UTC.
    pub asked_at_ms: i64,
    /// The sealed question.
    pub question: Uuid,
    /// When it was answered.
    pub answered_at_ms: Option<i64>,
    /// The sealed answer.
    pub answer: Option<Uuid>,
}

fn question(row: &Row<'_>) -> Result<Question, StoreError> {
    Ok(Question {
        id: row.uuid(0)?,
        case: CaseId(row.uuid(1)?),
        asked_by: row.text(2)?,
        asked_to: row.text(3)?,
        asked_at_ms: row.int(4)?,
        question: row.uuid(5)?,
        answered_at_ms: row.opt_int(6)?,
        answer: row.opt_uuid(7)?,
    })
}

/// Writes a note on a case and gives its seal.
fn noted(tx: &mut Tx<'_>, env: &mut Env<'_>, id: CaseId, words: &str) -> Result<Ref, CaseError> {
    let stored = cases::by_id(tx, id.0)?.ok_or(CaseError::NotFound)?;
    let subject = stored.case.subject;
    let sealed = cases::keep(tx, env, subject, Some(id), "note", words)?;
    cases::act_on(tx, env, stored, &Command::Note { note: Some(sealed.clone()) })?;
    Ok(sealed)
}

/// Asks an officer; the words become a note of the case.
///
/// # Errors
/// What the case says to the note; what the store says.
pub fn ask(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    case: CaseId,
    to: &str,
    words: &str,
) -> Result<Uuid, CaseError> {
    let sealed = noted(tx, env, case, words)?;
    let (id, by) = (env.id(), env.actor.by());
    let row = values![id, case.0, by, to, env.now.0, sealed.id.0];
    tx.execute_one(&ADD, row)?;
    Ok(id)
}

/// Answers a question; the words become a note of the case. `false` if it was answered before.
///
/// # Errors
/// As [`ask`].
pub fn answer(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    asked: &Question,
    words: &str,
) -> Result<bool, CaseError> {
    let open = by_id(tx, asked.id)?.is_some_and(|found| found.answered_at_ms.is_none());
    if !open {
        return Ok(false);
    }
    let sealed = noted(tx, env, asked.case, words)?;
    tx.execute_one(&ANSWER, values![env.now.0, sealed.id.0, asked.id])?;
    Ok(true)
}

/// A question by id.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn by_id(query: &mut impl Query, id: Uuid) -> Result<Option<Question>, StoreError> {
    query.optional(&BY_ID, values![id], question)
}

/// What an officer is asked and has not answered, the oldest first.
///
/// # Errors
/// What the engine says.
pub fn open(query: &mut impl Query, officer: &str) -> Result<Vec<Question>, StoreError> {
    query.query(&OPEN, values![officer, bounds::QUESTIONS_MAX], question)
}

/// How many that are, up to the cap.
///
/// # Errors
/// What the engine says.
pub fn open_count(query: &mut impl Query, officer: &str) -> Result<u64, StoreError> {
    query.one(&OPEN_COUNT, values![officer, bounds::QUESTIONS_MAX], |row| row.count(0))
}

/// What somebody asked, the newest first.
///
/// # Errors
/// What the engine says.
pub fn asked(query: &mut impl Query, by: &str) -> Result<Vec<Question>, StoreError> {
    query.query(&ASKED, values![by, bounds::QUESTIONS_MAX], question)
}

/// The questions about a case, the newest first.
///
/// # Errors
/// What the engine says.
pub fn by_case(query: &mut impl Query, case: CaseId) -> Result<Vec<Question>, StoreError> {
    query.query(&BY_CASE, values![case.0, bounds::QUESTIONS_MAX], question)
}

/// The words behind a seal of a question; `None` after erasure.
///
/// # Errors
/// What the engine says.
pub fn words(query: &mut impl Query, sealed: Uuid) -> Result<Option<String>, StoreError> {
    let found = crate::secrets::particular_get(query, sealed)?;
    let plain = found.and_then(|p| p.plain);
    Ok(plain.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}
