//! What every page of the slice holds: the store, the province's data, blobs, clock and chance; and
//! the officer behind a visit.

use crate::trials::Trials;
use axum::extract::{FromRef, FromRequestParts};
use axum::http::request::Parts;
use kernel::access::{Actor, Grant, RowFilter, row_filter};
use kernel::calendar::{Date, Instant};
use kernel::catalogue::Catalogue;
use kernel::ids::{AccountId, UnitId};
use kernel::org::Seat;
use kernel::procedure::ProcessEdition;
use kit::chance::{Chance, Clock};
use kit::session::Realm;
use kit::{Refused, Visit};
use papers::staging::Staging;
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::sync::{Arc, PoisonError, RwLock};
use store::cases::{CaseError, Env};
use store::delegations::{self, LendError, Lending};
use store::pins::PinLimits;
use store::processes::{self, Publication, PublishError};
use store::{ActError, Reader, Store, Tx};

/// Where the installation stands, for papers and pages.
#[derive(Clone, Debug)]
pub struct Place {
    /// Public address without a slash at its end, for QR codes.
    pub address: String,
    /// Name of the province.
    pub name: String,
    /// Phone of its hotline.
    pub phone: String,
}

/// Limits that the installation sets within those of the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Largest file that is taken, in bytes.
    pub file_bytes_max: u64,
    /// Most files of one case.
    pub files_per_case: usize,
    /// Tries of the tracking PIN.
    pub pin: PinLimits,
}

/// An account that the demo shows on its sign-in page.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// Sign-in name.
    pub login: String,
    /// Password.
    pub password: String,
    /// Name.
    pub name: String,
    /// What one sees with it.
    pub note: String,
    /// The same in English.
    pub note_en: String,
}

/// The parts of an [`App`].
pub struct Inner {
    /// The store.
    pub store: Store,
    /// The province's data; replaced as a whole when they change.
    pub catalogue: RwLock<Arc<Catalogue>>,
    /// Sealed files.
    pub blobs: Staging,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub chance: Arc<dyn Chance>,
    /// Where it stands.
    pub place: Place,
    /// Its limits.
    pub settings: Settings,
    /// Accounts shown on the sign-in page; empty but in the demo.
    pub demo: Vec<DemoAccount>,
    /// Trials of process drafts under way.
    pub trials: Trials,
}

/// The state of every handler.
#[derive(Clone)]
pub struct App(pub Arc<Inner>);

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("place", &self.0.place.name).finish_non_exhaustive()
    }
}

impl App {
    /// The province's data as they are now.
    #[must_use]
    pub fn catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.0.catalogue.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts new data in the place of the old.
    pub fn replace_catalogue(&self, catalogue: Arc<Catalogue>) {
        *self.0.catalogue.write().unwrap_or_else(PoisonError::into_inner) = catalogue;
    }

    /// Changes the data that are there now; nobody else changes them in between.
    ///
    /// # Errors
    /// What the change says; the data stay as they were.
    pub fn change_catalogue<E>(
        &self,
        change: impl FnOnce(&Catalogue) -> Result<Catalogue, E>,
    ) -> Result<(), E> {
        let mut catalogue = self.0.catalogue.write().unwrap_or_else(PoisonError::into_inner);
        *catalogue = Arc::new(change(&catalogue)?);
        Ok(())
    }

    /// Publishes a draft of a process; from the commit on the running program accepts cases under
    /// it as its first day says. `grant` is the policy's answer to whether the actor may.
    ///
    /// # Errors
    /// Every reason why not; nothing was published then.
    pub async fn publish_process(
        &self,
        actor: &Actor,
        grant: Grant,
        publication: Publication,
    ) -> Result<ProcessEdition, PublishError> {
        let unit = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
            processes::publish(tx, env, &grant, &publication)
        };
        let edition = self.unit(actor, unit).await.map_err(publish_error)?;
        self.change_catalogue(|catalogue| catalogue.with_process(edition.clone()))?;
        Ok(edition)
    }

    /// Withdraws a version of a process before its first day.
    ///
    /// # Errors
    /// Every reason why not; the publication stands then.
    pub async fn withdraw_process(
        &self,
        actor: &Actor,
        grant: Grant,
        (name, version): (&str, u32),
        reason: String,
    ) -> Result<(), PublishError> {
        let of = name.to_owned();
        let unit = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
            processes::withdraw(tx, env, &grant, (&of, version), &reason)
        };
        self.unit(actor, unit).await.map_err(publish_error)?;
        self.change_catalogue(|catalogue| Ok(catalogue.without_process(name, version)))
    }

    /// Lends a power; from its first day on the running program counts with it. `grant` is the
    /// policy's answer to whether the actor may.
    ///
    /// # Errors
    /// What is not filled in as it must be; nothing was lent then.
    pub async fn lend(
        &self,
        actor: &Actor,
        grant: Grant,
        lending: Lending,
    ) -> Result<(), LendError> {
        let one = lending.delegation();
        let unit =
            move |tx: &mut Tx<'_>, env: &mut Env<'_>| delegations::lend(tx, env, &grant, &lending);
        self.unit(actor, unit).await.map_err(lend_error)?;
        self.change_catalogue(|c| Ok(c.with_staff(c.staff.with_delegation(one.clone()))))
    }

    /// Takes a lent power back: it is not used any more from now on.
    ///
    /// # Errors
    /// There is no such power, or no reason; nothing changed then.
    pub async fn take_power_back(
        &self,
        actor: &Actor,
        grant: Grant,
        (unit, seq): (UnitId, u64),
        reason: String,
    ) -> Result<(), LendError> {
        let of = (unit, seq);
        let unit = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
            delegations::take_back(tx, env, &grant, (&of.0, of.1), &reason)
        };
        let one = self.unit(actor, unit).await.map_err(lend_error)?.delegation();
        self.change_catalogue(|c| Ok(c.with_staff(c.staff.with_delegation(one.clone()))))
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Instant {
        Instant(self.0.clock.now_ms())
    }

    /// Today, in the time of the law.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().date()
    }

    /// A generator for one unit of work; the unit starts it anew from the same seed when it is run
    /// again.
    fn seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        self.0.chance.fill(&mut seed);
        seed
    }

    /// Does a unit of work in an actor's name. It may be run again, so it must not keep anything
    /// between runs. Nothing of it stays if it ends with an error.
    ///
    /// # Errors
    /// What the unit refuses, or what the store says.
    pub async fn act<T, F>(&self, actor: &Actor, unit: F) -> Result<T, CaseError>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>, &mut Env<'_>) -> Result<T, CaseError> + Send + 'static,
    {
        self.unit(actor, unit).await.map_err(case_error)
    }

    /// The same with any kind of refusal.
    ///
    /// # Errors
    /// What the unit refuses, or what the store says.
    pub(crate) async fn unit<T, E, F>(&self, actor: &Actor, mut unit: F) -> Result<T, ActError<E>>
    where
        T: Send + 'static,
        E: Send + 'static,
        F: FnMut(&mut Tx<'_>, &mut Env<'_>) -> Result<T, E> + Send + 'static,
    {
        let (catalogue, actor, now, seed) =
            (self.catalogue(), actor.clone(), self.now(), self.seed());
        let done = self.0.store.act(move |tx| {
            let mut rng = StdRng::from_seed(seed);
            let mut env = Env { catalogue: &catalogue, actor: &actor, now, rng: &mut rng };
            unit(tx, &mut env)
        });
        done.await
    }

    /// Reads, with one unchanging picture of the database.
    ///
    /// # Errors
    /// What the read or the store says.
    pub async fn read<T, F>(&self, read: F) -> Result<T, CaseError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Reader<'_>) -> Result<T, CaseError> + Send + 'static,
    {
        self.0.store.read(read).await.map_err(case_error)
    }
}

fn publish_error(error: ActError<PublishError>) -> PublishError {
    match error {
        ActError::Refused(refused) => refused,
        ActError::Store(store) => PublishError::Store(store),
    }
}

fn lend_error(error: ActError<LendError>) -> LendError {
    match error {
        ActError::Refused(refused) => refused,
        ActError::Store(store) => LendError::Store(store),
    }
}

fn case_error(error: ActError<CaseError>) -> CaseError {
    match error {
        ActError::Refused(refused) => refused,
        ActError::Store(store) => CaseError::Store(store),
    }
}

/// The officer behind a visit, with the seats of today.
#[derive(Clone, Debug)]
pub struct Officer {
    /// Account.
    pub account: AccountId,
    /// As actor.
    pub actor: Actor,
}

impl Officer {
    /// Which cases they may see today.
    #[must_use]
    pub fn filter(&self, app: &App) -> RowFilter {
        row_filter(&self.actor, &app.catalogue().tree, app.today())
    }

    /// Their first own seat, or the first lent one.
    #[must_use]
    pub fn seat(&self) -> Option<&Seat> {
        self.actor.seats.first()
    }
}

impl<S> FromRequestParts<S> for Officer
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refused> {
        let app = App::from_ref(state);
        let visit = Visit::from_request_parts(parts, state).await?;
        let session = visit.session().filter(|s| s.realm == Realm::Officer);
        let Some(session) = session else {
            return Err(Refused::sign_in());
        };
        let account = AccountId(session.account_id.clone());
        let seats = app.catalogue().seats(&account, app.today());
        Ok(Self { actor: Actor::officer(account.clone(), seats), account })
    }
}

/// The address that a request came from, put on it by the binary, which knows the trusted proxies.
/// Limits against guessing count by it. A request without one counts as one stranger.
#[derive(Clone, Debug)]
pub struct ClientAddress(pub String);

impl<S: Send + Sync> FromRequestParts<S> for ClientAddress {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let found = parts.extensions.get::<Self>().cloned();
        Ok(found.unwrap_or_else(|| Self("unknown".to_owned())))
    }
}
