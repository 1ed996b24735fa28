//! Trials of process drafts that run in the background: how far each one is, and the sign that ends
//! it. They live in memory: a restart forgets what was under way, and what ended is in the store.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use uuid::Uuid;

/// Trials that run at once; one more is told to wait. Each takes a core, which the pages need too.
pub const TRIALS_AT_ONCE: usize = 2;

/// What is tried.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Real cases carried out again.
    Replay,
    /// Invented cases.
    Simulation,
}

impl Kind {
    /// Key in the store and in texts.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Simulation => "simulation",
        }
    }
}

/// A trial under way.
#[derive(Debug)]
pub struct Run {
    /// What is tried.
    pub kind: Kind,
    /// The revision of the draft that is tried.
    pub revision: u64,
    /// Account of whoever asked for it.
    pub asked_by: String,
    done: AtomicU64,
    total: AtomicU64,
    ended: AtomicBool,
}

impl Run {
    /// Says how far it is; a total of 0 is not known yet.
    pub fn tell(&self, done: u64, total: u64) {
        self.done.store(done, Ordering::Relaxed);
        self.total.store(total, Ordering::Relaxed);
    }

    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.total.load(Ordering::Relaxed))
    }

    /// Whether nobody wants it any more.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}

type Table = Mutex<HashMap<Uuid, Arc<Run>>>;

fn locked(table: &Table) -> MutexGuard<'_, HashMap<Uuid, Arc<Run>>> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

/// All trials under way: at most one of a draft.
#[derive(Clone, Debug, Default)]
pub struct Trials(Arc<Table>);

/// Why no trial was begun.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NotBegun {
    /// One of this draft is under way.
    Running,
    /// As many as may run are under way.
    Full,
}

/// The place of a trial under way; dropping it gives the place back.
#[derive(Debug)]
pub struct Ticket {
    table: Arc<Table>,
    draft: Uuid,
    /// The trial.
    pub run: Arc<Run>,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        locked(&self.table).remove(&self.draft);
    }
}

impl Trials {
    /// Takes a place for a trial of a draft.
    ///
    /// # Errors
    /// One of the draft runs, or too many run.
    pub fn begin(
        &self,
        draft: Uuid,
        kind: Kind,
        (revision, asked_by): (u64, &str),
    ) -> Result<Ticket, NotBegun> {
        let mut table = locked(&self.0);
        if table.contains_key(&draft) {
            return Err(NotBegun::Running);
        }
        if table.len() >= TRIALS_AT_ONCE {
            return Err(NotBegun::Full);
        }
        let run = Arc::new(Run {
            kind,
            revision,
            asked_by: asked_by.to_owned(),
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
            ended: AtomicBool::new(false),
        });
        table.insert(draft, Arc::clone(&run));
        Ok(Ticket { table: Arc::clone(&self.0), draft, run })
    }

    /// The trial of a draft that is under way.
    #[must_use]
    pub fn of(&self, draft: Uuid) -> Option<Arc<Run>> {
        locked(&self.0).get(&draft).cloned()
    }

    /// Ends the trial of a draft, if one is under way; it gives its place back when it notices.
    pub fn end(&self, draft: Uuid) {
        if let Some(run) = self.of(draft) {
            run.ended.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_bounded_and_given_back() {
        let trials = Trials::default();
        let id = Uuid::from_u128;
        let begin = |n, kind| trials.begin(id(n), kind, (1, "a"));
        let first = begin(1, Kind::Replay).unwrap();
        assert_eq!(begin(1, Kind::Simulation).unwrap_err(), NotBegun::Running);
        let second = begin(2, Kind::Simulation).unwrap();
        assert_eq!(begin(3, Kind::Replay).unwrap_err(), NotBegun::Full);
        second.run.tell(3, 8);
        let seen = trials.of(id(2)).unwrap();
        assert_eq!((seen.progress(), seen.kind), ((3, 8), Kind::Simulation));
        trials.end(id(2));
        assert!(second.run.is_ended() && !first.run.is_ended());
        assert!(trials.of(id(2)).is_some(), "it has not noticed yet");
        drop(second);
        assert!(trials.of(id(2)).is_none() && begin(3, Kind::Replay).is_ok());
        trials.end(id(9));
    }
}
