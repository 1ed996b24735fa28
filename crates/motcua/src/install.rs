//! An installation: data folder, keys, store, blobs, and the province's data with its people.

use crate::config::Config;
use crate::seed::{self, Loaded, SeedFault};
use kernel::access::Actor;
use kernel::calendar::Instant;
use kernel::catalogue::Catalogue;
use kernel::ids::AccountId;
use kernel::org::{Delegation, Staff, StaffFault};
use kernel::procedure::ProcessEdition;
use papers::staging::{Staging, StagingFault};
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::cases::{self, Env};
use store::catalog::Document;
use store::processes::{self, Published};
use store::{
    ActError, Keys, Options, Query, Store, StoreError, announcements, catalog, delegations, staff,
};

/// Why an installation cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// The folder has no installation.
    #[error(
        "{0}: chưa có dữ liệu, chạy `motcua init` trước / no data here, run `motcua init` first"
    )]
    Nothing(PathBuf),
    /// The folder has one already.
    #[error("{0}: đã có dữ liệu / there are data here already")]
    Already(PathBuf),
    /// The folder cannot be made or read.
    #[error("{0}: {1}")]
    Folder(PathBuf, std::io::Error),
    /// The seeds are damaged.
    #[error("dữ liệu gốc có {} lỗi / the seeds have {} faults:\n{}", .0.len(), .0.len(), lines(.0))]
    Seeds(Vec<SeedFault>),
    /// Posts and holders do not fit.
    #[error("vị trí và người giữ không khớp / posts and holders do not fit:\n{}", lines(.0))]
    Staff(Vec<StaffFault>),
    /// A document in the store cannot be read.
    #[error("{0} {1}: {2}")]
    Document(String, String, String),
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The blobs.
    #[error(transparent)]
    Blobs(#[from] StagingFault),
}

fn lines<T: std::fmt::Display>(faults: &[T]) -> String {
    faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// An open installation.
pub struct Installation {
    /// The store.
    pub store: Store,
    /// Sealed files.
    pub blobs: Staging,
    /// The seeds, with posts but without people.
    pub loaded: Loaded,
    /// The province's data with the people of the store.
    pub catalogue: Arc<Catalogue>,
}

impl std::fmt::Debug for Installation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Installation").finish_non_exhaustive()
    }
}

/// Whether a folder has an installation.
#[must_use]
pub fn exists(dir: &Path) -> bool {
    dir.join(store::DATABASE_FILE).exists()
}

/// Makes an empty installation: folder, keys, database.
///
/// # Errors
/// There is one already, or something cannot be made; what was made stays and is named.
pub fn create(config: &Config, seed: [u8; 32], now_ms: i64) -> Result<Installation, OpenFault> {
    let dir = &config.data.dir;
    if exists(dir) {
        return Err(OpenFault::Already(dir.clone()));
    }
    let loaded = seed::load_with(&config.data.seed_source(), &config.org.codes())
        .map_err(OpenFault::Seeds)?;
    make_private(dir)?;
    let mut rng = StdRng::from_seed(seed);
    let keys = Keys::create(&config.data.keys_path(), &mut rng).map_err(StoreError::from)?;
    let options = Options { migrate_at_ms: Some(now_ms), ..Options::default() };
    let installation = open_with(config, keys, options, loaded)?;
    keep_shipped(&installation, Instant(now_ms))?;
    Ok(installation)
}

/// Writes down the processes that came with the program, so that cases keep theirs.
fn keep_shipped(installation: &Installation, now: Instant) -> Result<(), OpenFault> {
    let catalogue = Arc::clone(&installation.catalogue);
    let kept = installation.store.act_blocking(move |tx| {
        let actor = Actor::system("init");
        // Nothing of it is left to chance.
        let mut rng = StdRng::from_seed([0; 32]);
        let env = Env { catalogue: &catalogue, actor: &actor, now, rng: &mut rng };
        processes::keep_shipped(tx, &env)
    });
    Ok(kept.map_err(ActError::into_store)?)
}

fn make_private(dir: &Path) -> Result<(), OpenFault> {
    let fault = |e| OpenFault::Folder(dir.to_path_buf(), e);
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.recursive(true).create(dir).map_err(fault)
}

/// Opens an installation. `options` says whether it may be migrated or only read.
///
/// # Errors
/// There is none, or a part of it cannot be opened.
pub fn open(config: &Config, options: Options) -> Result<Installation, OpenFault> {
    let dir = &config.data.dir;
    if !exists(dir) {
        return Err(OpenFault::Nothing(dir.clone()));
    }
    let loaded = seed::load_with(&config.data.seed_source(), &config.org.codes())
        .map_err(OpenFault::Seeds)?;
    let keys = Keys::load(&config.data.keys_path()).map_err(StoreError::from)?;
    open_with(config, keys, options, loaded)
}

fn open_with(
    config: &Config,
    keys: Keys,
    options: Options,
    loaded: Loaded,
) -> Result<Installation, OpenFault> {
    let dir = &config.data.dir;
    let migrated_at = options.migrate_at_ms;
    let store = Store::open(dir, keys, options)?;
    let blobs = Staging::open(dir.join("blobs"))?;
    let catalogue = Arc::new(with_people(&store, &loaded)?);
    if let Some(now_ms) = migrated_at {
        list_running(&store, &catalogue, now_ms)?;
    }
    Ok(Installation { store, blobs, loaded, catalogue })
}

/// Lists the undecided cases of an older database by what they run on; what was listed before a
/// stop is not listed again.
fn list_running(store: &Store, catalogue: &Arc<Catalogue>, now_ms: i64) -> Result<(), OpenFault> {
    loop {
        let catalogue = Arc::clone(catalogue);
        let more = store.act_blocking(move |tx| cases::list_next(tx, &catalogue, now_ms));
        if !more.map_err(ActError::into_store)? {
            return Ok(());
        }
    }
}

/// The province's data with the holders, delegations, announced days and published processes of the
/// store.
///
/// # Errors
/// A document cannot be read, or names a post that the seeds do not have.
pub fn with_people(store: &Store, loaded: &Loaded) -> Result<Catalogue, OpenFault> {
    let read = store.read_blocking(|r| {
        let people = (staff::holdings(r)?, catalog::by_kind(r, delegations::KIND)?);
        Ok::<_, StoreError>((people, processes::all(r)?, announcements::all(r)?))
    });
    let ((holdings, lent), published, announced) = read.map_err(ActError::into_store)?;
    let lent = parsed::<Delegation>(&lent)?;
    let staff = Staff::build(loaded.posts.clone(), holdings, lent).map_err(OpenFault::Staff)?;
    let catalogue = loaded.catalogue.with_staff(staff);
    let catalogue = catalogue.with_announced(announcements::entries(&announced));
    let catalogue = catalogue.map_err(|refused| {
        let (kind, what) = ("calendar_entry".to_owned(), refused.to_string());
        OpenFault::Document(kind, refused.field, what)
    })?;
    with_processes(catalogue, &published)
}

/// The same with the published versions of processes, which must still compile: cases run on them.
fn with_processes(
    mut catalogue: Catalogue,
    published: &[Published],
) -> Result<Catalogue, OpenFault> {
    for found in published {
        let fault = |what: String| {
            let key = format!("{} {}", found.name, found.version);
            OpenFault::Document(processes::PUBLISHED.to_owned(), key, what)
        };
        let (version, from) = (found.version, found.valid_from);
        let same = |e: &&Arc<ProcessEdition>| e.version == version;
        let shipped = catalogue.process_editions(&found.name).iter().find(same);
        if shipped.is_some_and(|e| e.sha256 == found.sha256() && e.valid_from == from) {
            continue;
        }
        // What the installation wrote down goes before what a later program brings along.
        catalogue = catalogue.without_process(&found.name, version);
        let compiled = ProcessEdition::published(&found.name, version, from, &found.xml);
        let mut edition = compiled.map_err(|problems| fault(lines(&problems)))?;
        edition.title.clone_from(&found.title);
        catalogue = catalogue.with_process(edition).map_err(|misfit| fault(misfit.to_string()))?;
    }
    Ok(catalogue)
}

fn parsed<T: serde::de::DeserializeOwned>(documents: &[Document]) -> Result<Vec<T>, OpenFault> {
    let one = |d: &Document| {
        serde_json::from_str(&d.body)
            .map_err(|e| OpenFault::Document(d.kind.clone(), d.key.clone(), e.to_string()))
    };
    documents.iter().map(one).collect()
}

/// The account id of a database id.
#[must_use]
pub fn account_id(id: uuid::Uuid) -> AccountId {
    AccountId(id.to_string())
}

/// Asks a store for the clock's place in the demo: how far it runs from the true time.
///
/// # Errors
/// What the store says.
pub fn demo_offset(query: &mut impl Query) -> Result<Option<i64>, StoreError> {
    Ok(store::settings::get(query, "demo.offset_ms")?.and_then(|text| text.parse().ok()))
}
