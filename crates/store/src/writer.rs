//! The one thread that writes: it takes whatever waits, runs the units of work in one transaction,
//! commits once for all, and only then answers.
//!
//! A batch first runs without savepoints, which cost a copy of every page that a unit touches. Only
//! when a unit is refused after it wrote does the whole batch run again, each in a savepoint.

use crate::bounds;
use crate::dialect::sqlite::{self, Handle};
use crate::error::{ActError, StoreError};
use crate::memo::Memo;
use crate::secrets::Keys;
use crate::sql::Tx;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Receiver;

/// A unit of work with the way back to whoever waits for it.
pub(crate) trait Work: Send {
    /// Runs it; `false` if its changes are to be taken back. May be called again.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Says what became of it. `Err` if the store could not keep it.
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

/// The way back to whoever waits.
pub(crate) type Reply<T, E> = Box<dyn FnOnce(Result<T, ActError<E>>) + Send>;

/// A closure as a unit of work.
pub(crate) struct Unit<T, E, F> {
    pub(crate) work: F,
    pub(crate) result: Option<Result<T, E>>,
    pub(crate) reply: Reply<T, E>,
}

impl<T, E, F> Work for Unit<T, E, F>
where
    T: Send,
    E: Send,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        self.result = None;
        let result = (self.work)(tx);
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let answer = match (outcome, self.result) {
            (Err(error), _) => Err(ActError::Store(error)),
            (Ok(()), Some(Ok(value))) => Ok(value),
            (Ok(()), Some(Err(refusal))) => Err(ActError::Refused(refusal)),
            (Ok(()), None) => Err(ActError::Store(StoreError::Closed)),
        };
        (self.reply)(answer);
    }
}

/// What the writer has done since the start.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) acts: AtomicU64,
    pub(crate) taken_back: AtomicU64,
    pub(crate) lost: AtomicU64,
    pub(crate) batches: AtomicU64,
    pub(crate) commits: AtomicU64,
}

fn count(counter: &AtomicU64, more: usize) {
    counter.fetch_add(more as u64, Ordering::Relaxed);
}

/// The writer's own belongings.
pub(crate) struct Writer {
    pub(crate) handle: Handle,
    pub(crate) keys: Arc<Keys>,
    pub(crate) counters: Arc<Counters>,
    /// What it remembers of rows.
    pub(crate) memo: Memo,
    /// The engine's mark of what others have written, as it stood when `memo` was last right.
    pub(crate) others: i64,
    /// The database is being generated.
    pub(crate) generates: bool,
}

/// A unit that ran, and the panic if it ended in one.
type Ran = (Box<dyn Work>, Option<StoreError>);

/// How one unit left the transaction.
enum Left {
    /// Its changes stand.
    Kept,
    /// Its changes were taken back; the others are untouched.
    TakenBack(Option<StoreError>),
    /// It was refused after it had written, and there is no savepoint to go back to.
    Spoilt,
    /// The transaction is lost.
    Broken(StoreError),
}

/// How the units of a batch are kept apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Apart {
    /// Not at all: in the hope that none is refused after it wrote.
    Hoping,
    /// Each in a savepoint.
    Savepoints,
}

impl Writer {
    /// Works until the last sender is gone.
    pub(crate) fn serve(mut self, queue: &Receiver<Box<dyn Work>>) {
        while let Ok(first) = queue.recv() {
            let mut batch = self.attempt(vec![first], Apart::Hoping, Some(queue));
            while !batch.is_empty() {
                batch = self.attempt(batch, Apart::Savepoints, None);
            }
        }
        self.tidy();
    }

    /// At an orderly end the log goes into the database file, so that the file alone is whole. Who
    /// still reads keeps it back, and the next start finds the log.
    fn tidy(&self) {
        let done = self.handle.connection.pragma_update(None, "wal_checkpoint", "TRUNCATE");
        if let Err(error) = done {
            tracing::debug!(%error, "the log stays beside the database");
        }
    }

    /// Runs a batch in one transaction. Returns the units that must run again because a neighbour
    /// was stopped for taking too long or was refused after it wrote, which costs the engine's
    /// whole transaction.
    ///
    /// Units that come to `queue` while the batch runs join it: whoever was answered by the last
    /// commit is back before this one, and the larger a batch, the less of a commit each unit pays.
    fn attempt(
        &mut self,
        batch: Vec<Box<dyn Work>>,
        apart: Apart,
        queue: Option<&Receiver<Box<dyn Work>>>,
    ) -> Vec<Box<dyn Work>> {
        count(&self.counters.batches, 1);
        if let Err(error) = self.control("BEGIN IMMEDIATE").and_then(|()| self.look_at_others()) {
            self.roll_back();
            self.fail(batch.into_iter(), &error);
            return Vec::new();
        }
        let mut done: Vec<Ran> = Vec::with_capacity(batch.len());
        let mut taken = batch.len();
        let mut rest = batch.into_iter();
        let mut join = || {
            let more = queue.filter(|_| taken < bounds::BATCH_MAX)?.try_recv().ok()?;
            taken += 1;
            Some(more)
        };
        while let Some(mut work) = rest.next().or_else(&mut join) {
            match self.one(work.as_mut(), apart) {
                Left::Kept => done.push((work, None)),
                Left::TakenBack(panic) => {
                    count(&self.counters.taken_back, 1);
                    done.push((work, panic));
                }
                Left::Spoilt => {
                    self.roll_back();
                    let before = done.into_iter().map(|(work, _)| work);
                    return before.chain(std::iter::once(work)).chain(rest).collect();
                }
                Left::Broken(error) => {
                    self.roll_back();
                    let others = done.into_iter().map(|(work, _)| work).chain(rest);
                    if error == StoreError::TooLong {
                        self.fail(std::iter::once(work), &error);
                        return others.collect();
                    }
                    self.fail(others.chain(std::iter::once(work)), &error);
                    return Vec::new();
                }
            }
        }
        self.finish(done);
        Vec::new()
    }

    /// Forgets what is remembered when another program has written to the file.
    fn look_at_others(&mut self) -> Result<(), StoreError> {
        let others = sqlite::written_by_others(&self.handle.connection)?;
        if others != self.others {
            self.memo.clear();
            self.others = others;
        }
        Ok(())
    }

    fn finish(&mut self, done: Vec<Ran>) {
        if let Err(error) = self.control("COMMIT") {
            self.roll_back();
            self.fail(done.into_iter().map(|(work, _)| work), &error);
            return;
        }
        count(&self.counters.commits, 1);
        for (work, panic) in done {
            count(&self.counters.acts, 1);
            work.answer(panic.map_or(Ok(()), Err));
        }
    }

    fn one(&mut self, work: &mut dyn Work, apart: Apart) -> Left {
        if apart == Apart::Savepoints
            && let Err(error) = self.control("SAVEPOINT unit")
        {
            return Left::Broken(error);
        }
        let written = self.handle.connection.total_changes();
        self.handle.refill(if self.generates { u64::MAX } else { bounds::UNIT_STEPS_MAX });
        let mut tx = Tx::new(&self.handle.connection, &self.keys, &mut self.memo);
        let ran = catch_unwind(AssertUnwindSafe(|| work.run(&mut tx)));
        let broken = tx.broken();
        self.handle.refill(u64::MAX);
        if let Some(error) = broken {
            return Left::Broken(error);
        }
        if self.handle.connection.is_autocommit() {
            return Left::Broken(StoreError::Engine("the transaction ended early".into()));
        }
        let (keep, panic) = match ran {
            Ok(keep) => (keep, None),
            Err(payload) => (false, Some(StoreError::Panicked(panic_text(payload.as_ref())))),
        };
        let wrote = self.handle.connection.total_changes() != written;
        let end = match (apart, keep) {
            (Apart::Hoping, false) if wrote => return Left::Spoilt,
            (Apart::Hoping, _) => Ok(()),
            (Apart::Savepoints, true) => self.control("RELEASE unit"),
            (Apart::Savepoints, false) => {
                self.memo.clear();
                self.control("ROLLBACK TO unit").and_then(|()| self.control("RELEASE unit"))
            }
        };
        match end {
            Err(error) => Left::Broken(error),
            Ok(()) if keep => Left::Kept,
            Ok(()) => Left::TakenBack(panic),
        }
    }

    fn control(&self, sql: &'static str) -> Result<(), StoreError> {
        let mut prepared = self.handle.connection.prepare_cached(sql).map_err(sqlite::error)?;
        prepared.execute([]).map(|_| ()).map_err(sqlite::error)
    }

    fn roll_back(&mut self) {
        self.memo.clear();
        if !self.handle.connection.is_autocommit()
            && let Err(error) = self.control("ROLLBACK")
        {
            tracing::error!(%error, "the transaction could not be taken back");
        }
    }

    fn fail(&self, works: impl Iterator<Item = Box<dyn Work>>, error: &StoreError) {
        for work in works {
            count(&self.counters.lost, 1);
            work.answer(Err(error.clone()));
        }
    }
}

/// The message of a panic.
pub(crate) fn panic_text(payload: &(dyn std::any::Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "?".to_owned())
}
