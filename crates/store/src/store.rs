//! The door: opening the database, acts through the writer, reads through the readers.

use crate::bounds;
use crate::dialect::sqlite::{self, Use};
use crate::error::{ActError, KeyError, StoreError};
use crate::memo::Memo;
use crate::migrate;
use crate::readers::Pool;
use crate::secrets::Keys;
use crate::sql::{Reader, Statement, Tx};
use crate::writer::{Counters, Reply, Unit, Work, Writer};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use tokio::sync::Semaphore;

/// Name of the database file in its folder.
pub const DATABASE_FILE: &str = "motcua.db";
/// Name of the file whose lock says that a program writes here.
pub const LOCK_FILE: &str = "motcua.lock";

/// How to open the store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// Bring an empty or older database to this program's schema; the instant (ms UTC) is noted
    /// beside each step. Without it, an older database is refused.
    pub migrate_at_ms: Option<i64>,
    /// Only read, also beside a program that writes. Acts are answered with `ReadOnly`.
    pub read_only: bool,
    /// Largest size of the database in pages of 4 KiB.
    pub max_pages: Option<u32>,
    /// Nothing is durable, and names are found only after [`Store::gather_blocking`]: for a
    /// database that is being generated and can be generated again.
    pub forgetful: bool,
}

/// What the writer has done since the store was opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Statistics {
    /// Units answered after a commit, refusals included.
    pub acts: u64,
    /// Units among them whose changes were taken back: refusals and panics.
    pub taken_back: u64,
    /// Units that the store could not keep.
    pub lost: u64,
    /// Transactions begun.
    pub batches: u64,
    /// Transactions committed: each costs one flush of the disk if it wrote anything.
    pub commits: u64,
}

/// The open store. Clones share it; the last one closes it.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: PathBuf,
    keys: Arc<Keys>,
    queue: Option<SyncSender<Box<dyn Work>>>,
    writer: Option<JoinHandle<()>>,
    pool: Arc<Pool>,
    read_queue: Arc<Semaphore>,
    read_permits: Arc<Semaphore>,
    counters: Arc<Counters>,
    _lock: Option<File>,
}

impl Store {
    /// Opens the database in `dir`, which must exist.
    ///
    /// # Errors
    /// `Locked` if another program writes here; `Behind`, `Newer`, `Altered` about its schema;
    /// `Keys(Inside)` if the key file lies in `dir`.
    pub fn open(dir: &Path, keys: Keys, options: Options) -> Result<Self, StoreError> {
        keys_outside(dir, &keys)?;
        let file = dir.join(DATABASE_FILE);
        let keys = Arc::new(keys);
        let pool = Arc::new(Pool::new(file.clone(), Arc::clone(&keys)));
        let counters = Arc::new(Counters::default());
        let mut inner = Inner {
            file,
            keys,
            queue: None,
            writer: None,
            pool,
            read_queue: Arc::new(Semaphore::new(bounds::READ_QUEUE_MAX)),
            read_permits: Arc::new(Semaphore::new(bounds::READERS_MAX)),
            counters,
            _lock: None,
        };
        if options.read_only {
            let handle = sqlite::open(&inner.file, Use::Read, None)?;
            migrate::check(&handle.connection)?;
        } else {
            inner._lock = Some(lock(dir)?);
            inner.start_writer(options)?;
        }
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The data folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        self.inner.file.parent().unwrap_or(Path::new("."))
    }

    /// Runs a unit of work and answers after its commit. The unit may be run more than once and
    /// must have no effect but through `Tx`; whatever chance it needs goes in as a seed.
    ///
    /// # Errors
    /// `Refused` with what the unit said, nothing written; `Store` if the store could not keep it.
    pub async fn act<T, E>(
        &self,
        unit: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, ActError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        self.enqueue(unit, Box::new(move |answer| drop(sender.send(answer))))
            .map_err(ActError::Store)?;
        receiver.await.unwrap_or(Err(ActError::Store(StoreError::Closed)))
    }

    /// The same for a thread that may wait. Never call it from within a unit of work.
    ///
    /// # Errors
    /// As `act`.
    pub fn act_blocking<T, E>(
        &self,
        unit: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, ActError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let (sender, receiver) = sync_channel(1);
        self.enqueue(unit, Box::new(move |answer| drop(sender.send(answer))))
            .map_err(ActError::Store)?;
        receiver.recv().unwrap_or(Err(ActError::Store(StoreError::Closed)))
    }

    fn enqueue<T, E, F>(&self, work: F, reply: Reply<T, E>) -> Result<(), StoreError>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let queue = self.inner.queue.as_ref().ok_or(StoreError::ReadOnly)?;
        let unit = Box::new(Unit { work, result: None, reply });
        queue.try_send(unit).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy { retry_after_s: bounds::RETRY_AFTER_S },
            TrySendError::Disconnected(_) => StoreError::Closed,
        })
    }

    /// Reads on a connection of its own, in one unchanging picture of the database.
    ///
    /// # Errors
    /// `Refused` with what the read said; `Store(Busy)` if too many wait already.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, ActError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
    {
        let place = Arc::clone(&self.inner.read_queue).try_acquire_owned().map_err(|_| {
            ActError::Store(StoreError::Busy { retry_after_s: bounds::RETRY_AFTER_S })
        })?;
        let permits = Arc::clone(&self.inner.read_permits);
        let permit =
            permits.acquire_owned().await.map_err(|_| ActError::Store(StoreError::Closed))?;
        let pool = Arc::clone(&self.inner.pool);
        let task = tokio::task::spawn_blocking(move || {
            let answer = pool.read(work);
            drop((permit, place));
            answer
        });
        task.await.unwrap_or(Err(ActError::Store(StoreError::Closed)))
    }

    /// The same for a thread that may wait.
    ///
    /// # Errors
    /// As `read`; `Busy` if too many wait already.
    pub fn read_blocking<T, E>(
        &self,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, ActError<E>> {
        self.inner.pool.read(work)
    }

    /// The keys this store was opened with.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// What the writer has done since the store was opened.
    #[must_use]
    pub fn statistics(&self) -> Statistics {
        let counters = &self.inner.counters;
        Statistics {
            acts: counters.acts.load(Ordering::Relaxed),
            taken_back: counters.taken_back.load(Ordering::Relaxed),
            lost: counters.lost.load(Ordering::Relaxed),
            batches: counters.batches.load(Ordering::Relaxed),
            commits: counters.commits.load(Ordering::Relaxed),
        }
    }

    /// How the engine means to run a statement, one line per step: for the contract suite.
    ///
    /// # Errors
    /// `Engine` if the statement does not prepare.
    pub fn explain(&self, statement: &Statement) -> Result<Vec<String>, StoreError> {
        let handle = sqlite::open(&self.inner.file, Use::Read, None)?;
        sqlite::explain(&handle.connection, statement)
    }

    /// Ends the generation of a database: puts the rows in order that were kept in heaps meanwhile.
    /// Nothing may be generated after it. In a store that is not `forgetful` it is an error.
    ///
    /// # Errors
    /// As `act`; the database is then to be thrown away.
    pub fn gather_blocking(&self) -> Result<(), StoreError> {
        self.act_blocking(|tx| tx.gather()).map_err(ActError::into_store)
    }

    /// Lets the engine measure its tables, so that it chooses indexes by their real shape. For
    /// bulk loads and the contract suite.
    ///
    /// # Errors
    /// As `act`.
    pub fn analyse_blocking(&self) -> Result<(), StoreError> {
        const ANALYSE: Statement = Statement { name: "analyse", sql: "ANALYZE" };
        self.act_blocking(|tx| tx.execute(&ANALYSE, &[]).map(|_| ())).map_err(ActError::into_store)
    }
}

impl Inner {
    fn start_writer(&mut self, options: Options) -> Result<(), StoreError> {
        let usage = if options.forgetful { Use::Generate } else { Use::Write };
        let handle = sqlite::open(&self.file, usage, options.max_pages)?;
        match options.migrate_at_ms {
            Some(now_ms) => migrate::run(&handle.connection, now_ms)?,
            None => migrate::check(&handle.connection)?,
        }
        if options.forgetful {
            sqlite::scatter(&handle.connection)?;
        }
        let (sender, receiver) = sync_channel(bounds::QUEUE_MAX);
        let writer = Writer {
            handle,
            keys: Arc::clone(&self.keys),
            counters: Arc::clone(&self.counters),
            memo: Memo::default(),
            others: 0,
            generates: options.forgetful,
        };
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || writer.serve(&receiver))
            .map_err(|error| StoreError::Io(error.to_string()))?;
        self.queue = Some(sender);
        self.writer = Some(thread);
        Ok(())
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.queue.take());
        if let Some(writer) = self.writer.take()
            // A unit of work that held the last clone would wait for itself here.
            && writer.thread().id() != std::thread::current().id()
            && writer.join().is_err()
        {
            tracing::error!("the writer ended in a panic");
        }
    }
}

fn lock(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join(LOCK_FILE);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|error| file_error(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked(dir.to_owned())),
        Err(TryLockError::Error(error)) => Err(file_error(&error)),
    }
}

fn file_error(error: &std::io::Error) -> StoreError {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => StoreError::ReadOnly,
        _ => StoreError::Io(error.to_string()),
    }
}

/// The key file must not lie where a backup of the database would carry it along.
fn keys_outside(dir: &Path, keys: &Keys) -> Result<(), StoreError> {
    let Some(key_file) = keys.path() else { return Ok(()) };
    let dir = dir.canonicalize().map_err(|error| file_error(&error))?;
    let folder = key_file.parent().unwrap_or(Path::new("."));
    match folder.canonicalize() {
        Ok(folder) if folder.starts_with(&dir) => Err(KeyError::Inside(key_file.to_owned()).into()),
        _ => Ok(()),
    }
}
