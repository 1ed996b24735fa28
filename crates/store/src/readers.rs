//! The connections that read: made when first needed, bounded, given back even after a panic.

use crate::bounds;
use crate::dialect::sqlite::{self, Handle, Use};
use crate::error::{ActError, StoreError};
use crate::secrets::Keys;
use crate::sql::Reader;
use crate::writer::panic_text;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

#[derive(Debug, Default)]
struct State {
    free: Vec<Handle>,
    made: usize,
    waiting: usize,
}

/// All connections that read.
#[derive(Debug)]
pub(crate) struct Pool {
    file: PathBuf,
    keys: Arc<Keys>,
    state: Mutex<State>,
    room: Condvar,
}

impl Pool {
    pub(crate) fn new(file: PathBuf, keys: Arc<Keys>) -> Self {
        Self { file, keys, state: Mutex::default(), room: Condvar::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // The state is three plain values that are never left half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Result<Handle, StoreError> {
        let mut state = self.state();
        loop {
            if let Some(handle) = state.free.pop() {
                return Ok(handle);
            }
            if state.made < bounds::READERS_MAX {
                state.made += 1;
                drop(state);
                return sqlite::open(&self.file, Use::Read, None).inspect_err(|_| self.one_less());
            }
            if state.waiting >= bounds::READ_QUEUE_MAX {
                return Err(StoreError::Busy { retry_after_s: bounds::RETRY_AFTER_S });
            }
            state.waiting += 1;
            state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.waiting -= 1;
        }
    }

    fn one_less(&self) {
        self.state().made -= 1;
        self.room.notify_one();
    }

    fn give_back(&self, handle: Handle) {
        self.state().free.push(handle);
        self.room.notify_one();
    }

    /// Runs one read on a connection of its own, in one unchanging picture of the database.
    pub(crate) fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, ActError<E>> {
        let handle = self.take().map_err(ActError::Store)?;
        handle.refill(bounds::READ_STEPS_MAX);
        if let Err(error) = sqlite::script(&handle.connection, "BEGIN") {
            self.one_less();
            return Err(ActError::Store(error));
        }
        let mut reader = Reader::new(&handle.connection, &self.keys);
        let ran = catch_unwind(AssertUnwindSafe(|| work(&mut reader)));
        handle.refill(u64::MAX);
        match sqlite::script(&handle.connection, "ROLLBACK") {
            Ok(()) => self.give_back(handle),
            // A connection that cannot end its read is closed, and the next read opens a new one.
            Err(_) => self.one_less(),
        }
        match ran {
            Ok(result) => result.map_err(ActError::Refused),
            Err(payload) => {
                Err(ActError::Store(StoreError::Panicked(panic_text(payload.as_ref()))))
            }
        }
    }
}
