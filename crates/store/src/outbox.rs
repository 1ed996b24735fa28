//! Table `outbox`: what must be done after a commit, until it is known to be done.
//!
//! A job is named by what it follows from (stream, event, kind), so that the same event never
//! queues it twice. A worker claims due jobs for a lease; a worker that dies leaves them to the
//! next one.

use crate::bounds;
use crate::error::StoreError;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;
use sha2::{Digest, Sha256};
use uuid::Uuid;

const ADD: Statement = Statement {
    name: "outbox_add",
    sql: "INSERT INTO outbox (id, stream, seq, job, payload, state, attempts, next_at, created_at)
          VALUES ($1, $2, $3, $4, $5, 'queued', 0, $6, $7)
          ON CONFLICT (id) DO NOTHING",
};
const CLAIM: Statement = Statement {
    name: "outbox_claim",
    sql: "UPDATE outbox SET next_at = $1, attempts = attempts + 1
          WHERE id IN (SELECT id FROM outbox WHERE next_at IS NOT NULL AND next_at <= $2
                       ORDER BY next_at LIMIT $3)
          RETURNING id, stream, seq, job, payload, state, attempts, next_at, last_error,
                    created_at, sent_at, acked_at",
};
const SENT: Statement = Statement {
    name: "outbox_sent",
    sql: "UPDATE outbox SET state = 'sent', sent_at = $1, next_at = $2, last_error = NULL
          WHERE id = $3 AND state <> 'acked'",
};
const ACKED: Statement = Statement {
    name: "outbox_acked",
    sql: "UPDATE outbox SET state = 'acked', acked_at = $1, next_at = NULL, last_error = NULL,
                            sent_at = coalesce(sent_at, $1)
          WHERE id = $2 AND state <> 'acked'",
};
const FAILED: Statement = Statement {
    name: "outbox_failed",
    sql: "UPDATE outbox SET state = $1, next_at = $2, last_error = $3
          WHERE id = $4 AND state <> 'acked'",
};
const REQUEUE: Statement = Statement {
    name: "outbox_requeue",
    sql: "UPDATE outbox SET state = 'queued', attempts = 0, next_at = $1
          WHERE id = $2 AND state IN ('failed', 'dead', 'sent')",
};
const BY_ID: Statement = Statement {
    name: "outbox_by_id",
    sql: "SELECT id, stream, seq, job, payload, state, attempts, next_at, last_error, created_at,
                 sent_at, acked_at
          FROM outbox WHERE id = $1",
};
const BY_STATE: Statement = Statement {
    name: "outbox_by_state",
    sql: "SELECT id, stream, seq, job, payload, state, attempts, next_at, last_error, created_at,
                 sent_at, acked_at
          FROM outbox WHERE state = $1 AND (created_at, id) < ($2, $3)
          ORDER BY created_at DESC, id DESC LIMIT $4",
};
const BY_STREAM: Statement = Statement {
    name: "outbox_by_stream",
    sql: "SELECT id, stream, seq, job, payload, state, attempts, next_at, last_error, created_at,
                 sent_at, acked_at
          FROM outbox WHERE stream = $1 ORDER BY created_at LIMIT $2",
};
const COUNT: Statement = Statement {
    name: "outbox_count",
    sql: "SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = $1 LIMIT $2) AS some",
};

const SWEEP: Statement = Statement {
    name: "outbox_sweep",
    sql: "DELETE FROM outbox WHERE id IN
              (SELECT id FROM outbox WHERE state = 'acked' AND created_at < $1
               ORDER BY created_at LIMIT $2)",
};

const ACK_DUE: Statement = Statement {
    name: "outbox_ack_due",
    sql: "UPDATE outbox SET state = 'acked', attempts = 1, sent_at = created_at,
                            acked_at = created_at, next_at = NULL
          WHERE next_at IS NOT NULL AND next_at <= $1",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[ADD, CLAIM, SENT, ACKED, FAILED, REQUEUE, BY_ID, BY_STATE, BY_STREAM, COUNT, SWEEP, ACK_DUE]
}

/// Marks all due jobs as done at the moment they were queued: what a worker that never fails had
/// done to the cases of a generated past.
///
/// # Errors
/// What the engine says.
pub fn acknowledge_due(tx: &mut Tx<'_>, now_ms: i64) -> Result<usize, StoreError> {
    tx.execute(&ACK_DUE, values![now_ms])
}

/// Where a job stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum JobState {
    /// Waits to be done.
    Queued,
    /// Left the house; not acknowledged.
    Sent,
    /// Done and acknowledged.
    Acked,
    /// Failed and will be tried again.
    Failed,
    /// Failed too often; a person may send it again.
    Dead,
}

impl JobState {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Queued, Self::Sent, Self::Acked, Self::Failed, Self::Dead];

    /// As it is stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Acked => "acked",
            Self::Failed => "failed",
            Self::Dead => "dead",
        }
    }

    /// From its stored form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// A job in the outbox.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Job {
    /// Its id, made from what it follows from.
    pub id: Uuid,
    /// Stream of the event it follows from.
    pub stream: Uuid,
    /// Place of that event.
    pub seq: u64,
    /// Kind of job.
    pub job: String,
    /// What the worker needs, as JSON text without particulars of people.
    pub payload: String,
    /// Where it stands.
    pub state: JobState,
    /// Attempts so far.
    pub attempts: i64,
    /// When it is due next, in milliseconds UTC; `None` when nothing is left to do.
    pub next_at_ms: Option<i64>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When it was queued.
    pub created_at_ms: i64,
    /// When it left the house.
    pub sent_at_ms: Option<i64>,
    /// When it was acknowledged.
    pub acked_at_ms: Option<i64>,
}

/// The id of the job of this kind that follows from this event.
#[must_use]
pub fn job_id(stream: Uuid, seq: u64, job: &str) -> Uuid {
    let mut sha = Sha256::new();
    sha.update(b"motcua.job.1");
    sha.update(stream.as_bytes());
    sha.update(seq.to_be_bytes());
    sha.update(job.as_bytes());
    let digest: [u8; 32] = sha.finalize().into();
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    Uuid::from_bytes(id)
}

/// The id of one of several jobs of a kind that follow from the same event, told apart by `part`;
/// that of the first is [`job_id`].
fn part_id(stream: Uuid, seq: u64, job: &str, part: &str) -> Uuid {
    if part.is_empty() {
        job_id(stream, seq, job)
    } else {
        job_id(stream, seq, &format!("{job} {part}"))
    }
}

/// Queues a job that is due at `due_at_ms`. `false` if the same event had queued it already.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn add(
    tx: &mut Tx<'_>,
    (stream, seq, job): (Uuid, u64, &str),
    payload: &str,
    due_at_ms: i64,
    now_ms: i64,
) -> Result<bool, StoreError> {
    add_part(tx, (stream, seq, job, ""), payload, due_at_ms, now_ms)
}

/// The same for one of several jobs of a kind that follow from the same event.
///
/// # Errors
/// What the engine says.
pub fn add_part(
    tx: &mut Tx<'_>,
    (stream, seq, job, part): (Uuid, u64, &str, &str),
    payload: &str,
    due_at_ms: i64,
    now_ms: i64,
) -> Result<bool, StoreError> {
    let id = part_id(stream, seq, job, part);
    let row = values![id, stream, seq, job, payload, due_at_ms, now_ms];
    Ok(tx.execute(&ADD, row)? == 1)
}

fn found(row: &Row<'_>) -> Result<Job, StoreError> {
    let state = JobState::parse(&row.text(5)?)
        .ok_or(StoreError::Column { column: 5, expected: "a state of a job" })?;
    Ok(Job {
        id: row.uuid(0)?,
        stream: row.uuid(1)?,
        seq: row.count(2)?,
        job: row.text(3)?,
        payload: row.text(4)?,
        state,
        attempts: row.int(6)?,
        next_at_ms: row.opt_int(7)?,
        last_error: row.opt_text(8)?,
        created_at_ms: row.int(9)?,
        sent_at_ms: row.opt_int(10)?,
        acked_at_ms: row.opt_int(11)?,
    })
}

/// Claims due jobs for `lease_ms`: nobody else gets them before that. At most `limit`.
///
/// # Errors
/// What the engine says.
pub fn claim(
    tx: &mut Tx<'_>,
    lease_ms: i64,
    limit: u32,
    now_ms: i64,
) -> Result<Vec<Job>, StoreError> {
    let limit = limit.min(bounds::LIST_MAX);
    let mut jobs = tx.query(&CLAIM, values![now_ms + lease_ms, now_ms, limit], found)?;
    jobs.sort_by_key(|job| (job.created_at_ms, job.id));
    Ok(jobs)
}

/// Notes that a job left the house. If nobody acknowledges it by `ack_by_ms`, it is due again.
/// `false` if it was acknowledged already.
///
/// # Errors
/// What the engine says.
pub fn mark_sent(
    tx: &mut Tx<'_>,
    id: Uuid,
    ack_by_ms: Option<i64>,
    now_ms: i64,
) -> Result<bool, StoreError> {
    Ok(tx.execute(&SENT, values![now_ms, ack_by_ms, id])? == 1)
}

/// Notes that a job is done and acknowledged. `false` if it was already.
///
/// # Errors
/// What the engine says.
pub fn mark_acked(tx: &mut Tx<'_>, id: Uuid, now_ms: i64) -> Result<bool, StoreError> {
    Ok(tx.execute(&ACKED, values![now_ms, id])? == 1)
}

/// The pause after this many attempts: doubled each time, up to a limit.
#[must_use]
pub fn pause_ms(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1).clamp(0, 30)).unwrap_or(30);
    bounds::JOB_RETRY_MS.saturating_mul(1 << doublings).min(bounds::JOB_RETRY_MAX_MS)
}

/// Notes that an attempt failed; after `JOB_ATTEMPTS_MAX` attempts the job is dead. `error` is
/// shortened and must hold no particulars of people.
///
/// # Errors
/// `Rows` if there is no such job.
pub fn mark_failed(
    tx: &mut Tx<'_>,
    id: Uuid,
    error: &str,
    now_ms: i64,
) -> Result<JobState, StoreError> {
    let job = tx.one(&BY_ID, values![id], found)?;
    if job.state == JobState::Acked {
        return Ok(JobState::Acked);
    }
    let (state, next_at) = if job.attempts >= bounds::JOB_ATTEMPTS_MAX {
        (JobState::Dead, None)
    } else {
        (JobState::Failed, Some(now_ms + pause_ms(job.attempts)))
    };
    let error: String = error.chars().take(bounds::JOB_ERROR_CHARS_MAX).collect();
    tx.execute_one(&FAILED, values![state.as_str(), next_at, error, id])?;
    Ok(state)
}

/// Sends a job again at a person's wish. `false` if it waits already or is acknowledged.
///
/// # Errors
/// What the engine says.
pub fn requeue(tx: &mut Tx<'_>, id: Uuid, now_ms: i64) -> Result<bool, StoreError> {
    Ok(tx.execute(&REQUEUE, values![now_ms, id])? == 1)
}

/// Deletes acknowledged jobs that were queued before an instant; the journal keeps what they
/// followed from. At most some thousand at once.
///
/// # Errors
/// What the engine says.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64) -> Result<usize, StoreError> {
    tx.execute(&SWEEP, values![before_ms, bounds::WALK_PAGE])
}

/// One job.
///
/// # Errors
/// What the engine says.
pub fn by_id(query: &mut impl Query, id: Uuid) -> Result<Option<Job>, StoreError> {
    query.optional(&BY_ID, values![id], found)
}

/// Jobs in a state, newest first, older than `before` (the last job of the page above).
///
/// # Errors
/// What the engine says.
pub fn by_state(
    query: &mut impl Query,
    state: JobState,
    before: Option<(i64, Uuid)>,
    limit: u32,
) -> Result<Vec<Job>, StoreError> {
    let (at, id) = before.unwrap_or((i64::MAX, Uuid::max()));
    let limit = limit.min(bounds::LIST_MAX);
    query.query(&BY_STATE, values![state.as_str(), at, id, limit], found)
}

/// Jobs that follow from events of one stream, oldest first.
///
/// # Errors
/// What the engine says.
pub fn by_stream(query: &mut impl Query, stream: Uuid) -> Result<Vec<Job>, StoreError> {
    query.query(&BY_STREAM, values![stream, bounds::LIST_MAX], found)
}

/// How many jobs are in a state; counting stops at `COUNT_CAP`.
///
/// # Errors
/// What the engine says.
pub fn count(query: &mut impl Query, state: JobState) -> Result<u64, StoreError> {
    query.one(&COUNT, values![state.as_str(), bounds::COUNT_CAP], |row| row.count(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_stop_growing() {
        assert_eq!([1, 2, 3, 9, 12].map(pause_ms), [15_000, 30_000, 60_000, 3_600_000, 3_600_000]);
        assert_eq!(pause_ms(i64::MAX), bounds::JOB_RETRY_MAX_MS);
    }
}
