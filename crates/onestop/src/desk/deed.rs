//! One act on one case, as pages and the interface for programs do it: what may be done, read, and
//! done once against the state that the person saw.

use super::act_fields::{self, Ground};
use super::act_told::Told;
use super::once::Sent;
use super::pin;
use super::sight::{self, Sight};
use crate::app::{App, Officer};
use crate::refusals::{form_faults, refused};
use crate::view::{self, Names};
use kernel::access;
use kernel::case::{Action, Command, Offer, OfferedTask, Refusal, offers};
use kernel::catalogue::Catalogue;
use kernel::ids::CaseId;
use kernel::procedure::Edition;
use kit::{Entries, Faults, Refused, T, Visit};
use std::sync::{Arc, LazyLock};
use store::cases::{self, CaseError, Env, Stored};
use store::{Tx, pins};

/// A case with what the pages of its acts need.
pub(super) struct Loaded {
    pub(super) stored: Stored,
    pub(super) sight: Sight,
    pub(super) edition: Arc<Edition>,
    pub(super) applicant: String,
    pub(super) names: Names,
}

/// The action that an address names; a token or the number of an incident comes beside it.
///
/// # Errors
/// `not_found` for no such act.
pub(super) fn action_of(key: &str, number: &str) -> Result<Action, Refused> {
    let numbered = number.parse().ok().and_then(|number| Action::numbered(key, number));
    numbered.or_else(|| Action::from_key(key)).ok_or_else(Refused::not_found)
}

/// What may be done now, notes included.
pub(super) fn offered(
    catalogue: &Catalogue,
    officer: &Officer,
    stored: &Stored,
    now: kernel::calendar::Instant,
) -> Vec<Offer> {
    let case = &stored.case;
    let Some(ctx) = catalogue.ctx(case, &officer.actor, now) else { return Vec::new() };
    let mut all = offers(case, &ctx);
    let note = access::allowed(&officer.actor, Action::Note, case, &catalogue.tree, now.date());
    if !case.business.is_terminal() && note.is_ok() {
        all.push(Offer { action: Action::Note, task: None });
    }
    all
}

/// Loads a case for its acts.
///
/// # Errors
/// As [`sight::load`].
pub(super) async fn load(app: &App, officer: &Officer, id: &str) -> Result<Loaded, Refused> {
    let (catalogue, today, now) = (app.catalogue(), app.today(), app.now());
    let (officer, id) = (officer.clone(), id.to_owned());
    let read = app.read(move |reader| {
        let (stored, sight) = sight::load(reader, &catalogue, &officer, &id, today)?;
        let case = &stored.case;
        let edition = catalogue.edition(&case.procedure, case.edition).cloned();
        let edition = edition.ok_or_else(|| CaseError::NoEdition(case.procedure.0.clone()))?;
        let applicant = view::applicant(reader, case)?.map(|p| p.name).unwrap_or_default();
        let named = act_fields::named(&catalogue, &officer, &stored, now);
        let names = Names::read(reader, named.iter().map(|a| a.as_str()))?;
        Ok(Loaded { stored, sight, edition, applicant, names })
    });
    read.await.map_err(refused)
}

/// Nothing was sent yet: the fields of a fresh form.
static NOTHING: LazyLock<(Entries, Faults)> = LazyLock::new(Default::default);

/// What the fields of an act are made from, for a fresh form.
pub(super) fn ground<'a>(
    t: T,
    app: &App,
    catalogue: &'a Catalogue,
    officer: &'a Officer,
    loaded: &'a Loaded,
    task: Option<&'a OfferedTask>,
) -> Ground<'a> {
    Ground {
        t,
        catalogue,
        officer,
        edition: &loaded.edition,
        case: &loaded.stored.case,
        now: app.now(),
        names: &loaded.names,
        task,
        entries: &NOTHING.0,
        faults: &NOTHING.1,
        sent: false,
    }
}

/// The offer of an act, if it is among what this person may do now.
///
/// # Errors
/// `state`: the case moved on, or the act was never theirs.
pub(super) fn offer_of(
    app: &App,
    officer: &Officer,
    loaded: &Loaded,
    action: Action,
) -> Result<Offer, Refused> {
    let all = offered(&app.catalogue(), officer, &loaded.stored, app.now());
    let found = all.into_iter().find(|offer| offer.action == action);
    found.ok_or_else(|| Refused::state().because("desk-not-offered"))
}

/// Why an act was not done.
pub(super) enum NotDone {
    /// What was told cannot be read or is not enough.
    Faults(Faults),
    /// The law, the policy or the store says no.
    Case(CaseError),
}

/// Does an act once: reads what was told, checks the place that the person saw, decides, records.
///
/// # Errors
/// Faults by field, or what the case says.
pub(super) async fn perform(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    loaded: &Loaded,
    (action, seen): (Action, u64),
    entries: &Entries,
) -> Result<(), NotDone> {
    let case = &loaded.stored.case;
    let told = Told::read(entries, &loaded.edition, case).map_err(NotDone::Faults)?;
    let sent = Sent::of(visit, entries);
    let secret = visit.session().map(|s| s.csrf_secret).unwrap_or_default();
    let act = Carried { id: case.id.to_string(), action, seen, told };
    let deed = Deed { act, sent, secret };
    let (catalogue, who) = (app.catalogue(), officer.clone());
    let done = app.act(&officer.actor, move |tx, env| deed.run(tx, env, &catalogue, &who)).await;
    done.map_err(|error| match error {
        CaseError::Refused(Refusal::Fields(faults)) => NotDone::Faults(form_faults(&faults)),
        other => NotDone::Case(other),
    })
}

/// Whether a refusal is about what was told, so that the form can be sent again after a change.
pub(super) fn is_on_form(refusal: &Refusal) -> bool {
    !matches!(
        refusal,
        Refusal::Denied(_)
            | Refusal::State { .. }
            | Refusal::Exists(_)
            | Refusal::Forwarded
            | Refusal::Clock(_)
            | Refusal::NotTakenBack
            | Refusal::NoIncident
    )
}

/// One act on one case, to be done in a unit of work that may run again.
pub(super) struct Carried {
    pub(super) id: String,
    pub(super) action: Action,
    pub(super) seen: u64,
    pub(super) told: Told,
}

impl Carried {
    /// Does it against the state that the person saw.
    ///
    /// # Errors
    /// What the case says; nothing of it stays then.
    pub(super) fn run(
        &self,
        tx: &mut Tx<'_>,
        env: &mut Env<'_>,
        catalogue: &Catalogue,
        officer: &Officer,
    ) -> Result<CaseId, CaseError> {
        let today = env.now.date();
        let (stored, _) = sight::load(tx, catalogue, officer, &self.id, today)?;
        let id = stored.case.id;
        stored.unchanged_since(self.seen)?;
        match self.told.command(tx, env, self.action, &stored.case)? {
            Command::Accept { papers, .. } => {
                cases::accept(tx, env, id, Some(self.seen), papers, None)?;
            }
            command => {
                cases::act_on(tx, env, stored, &command)?;
            }
        }
        Ok(id)
    }
}

/// One act with all that its form needs.
struct Deed {
    act: Carried,
    sent: Sent,
    secret: [u8; 32],
}

impl Deed {
    fn run(
        &self,
        tx: &mut Tx<'_>,
        env: &mut Env<'_>,
        catalogue: &Catalogue,
        officer: &Officer,
    ) -> Result<(), CaseError> {
        if self.sent.before(tx, env)?.is_some() {
            return Ok(());
        }
        let id = self.act.run(tx, env, catalogue, officer)?;
        if self.act.action == Action::RenewPin {
            let fresh = pins::issue(tx, env.rng, id.0, env.now.0)?;
            pin::keep(tx, env, id, &self.secret, &fresh)?;
        }
        self.sent.keep(tx, env, "done")
    }
}
