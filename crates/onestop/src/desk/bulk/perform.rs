//! POST `/noi-lam-viec/nhieu`: does the act to each of the cases, each in a unit of work of its own
//! together with its outcome. A form that comes again goes on where it stopped.

use super::super::act_told::Told;
use super::super::deed::{Carried, Loaded};
use super::super::once::Sent;
use super::preview::{self, Asked};
use super::{Kind, OUTCOMES, fields};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::{papers_of, view};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::Datelike;
use kernel::case::Refusal;
use kernel::ids::UnitId;
use kit::{Entries, Faults, Lang, Refused, T, Visit, redirect};
use store::batches::{self, Batch, Line, NewBatch, Outcome};
use store::cases::CaseError;
use uuid::Uuid;

/// POST: does it, then leads to the outcomes.
pub(super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let kind = Kind::from_key(entries.text("lam")).ok_or_else(Refused::not_found)?;
    if !kind.may(&officer.actor) {
        return Err(Refused::forbidden());
    }
    let sent = Sent::of(&visit, &entries);
    if let Some(id) = finished(&app, &officer, sent.clone()).await? {
        return Ok(redirect(format!("{OUTCOMES}/{id}")).into_response());
    }
    let (loaded, too_many) = preview::loaded(&app, &officer, &entries).await?;
    let asked = Asked { app: &app, officer: &officer, visit: &visit, kind, too_many };
    if loaded.is_empty() || too_many {
        return asked.answer(&loaded, &entries, Faults::new(), true).await;
    }
    let catalogue = app.catalogue();
    let officers = fields::officers(&catalogue, &app, &loaded);
    let units = fields::units(&catalogue, &app, &officer, &loaded);
    let shared = match fields::read(kind, &entries, (&officers, &units)) {
        Ok(shared) => shared,
        Err(faults) => return asked.answer(&loaded, &entries, faults, true).await,
    };
    let new = NewBatch {
        action: kind.key().to_owned(),
        unit: officer.seat().map(|seat| seat.unit.0.clone()).unwrap_or_default(),
        other: shared.unit.clone(),
        cases: loaded
            .iter()
            .map(|one| &one.stored.case)
            .map(|case| (case.id, case.name().to_owned(), papers_of::count(case)))
            .collect(),
    };
    let id = begin(&app, &officer, sent, new).await?;
    let run = Run { app: app.clone(), officer, kind, shared, entries, loaded };
    // It goes on when the person's line breaks: what was begun is not left in the middle.
    let done = tokio::spawn(async move { run.all(id).await }).await;
    done.map_err(|_| Refused::fault())??;
    Ok(redirect(format!("{OUTCOMES}/{id}")).into_response())
}

/// The batch that this very form began, if it has been carried through.
async fn finished(app: &App, officer: &Officer, sent: Sent) -> Result<Option<Uuid>, Refused> {
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        let known = sent.before(tx, env)?.and_then(|known| known.parse::<Uuid>().ok());
        let Some(id) = known else { return Ok(None) };
        let found = batches::by_id(tx, id)?;
        Ok(found.filter(|batch| batch.done_at_ms.is_some()).map(|batch| batch.id))
    };
    app.act(&officer.actor, unit).await.map_err(refused)
}

/// Begins the batch, or finds the one that this very form began.
async fn begin(app: &App, officer: &Officer, sent: Sent, new: NewBatch) -> Result<Uuid, Refused> {
    let year = app.today().year();
    let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
        if let Some(known) = sent.before(tx, env)? {
            return known.parse().map_err(|_| CaseError::NotFound);
        }
        let id = batches::begin(tx, env, &new, year)?;
        sent.keep(tx, env, &id.to_string())?;
        Ok(id)
    };
    app.act(&officer.actor, unit).await.map_err(refused)
}

/// An act on many under way.
struct Run {
    app: App,
    officer: Officer,
    kind: Kind,
    shared: fields::Shared,
    entries: Entries,
    loaded: Vec<Loaded>,
}

impl Run {
    async fn all(&self, id: Uuid) -> Result<(), Refused> {
        let read = self
            .app
            .read(move |reader| Ok((batches::by_id(reader, id)?, batches::lines(reader, id)?)));
        let (batch, lines) = read.await.map_err(refused)?;
        let batch = batch.ok_or_else(Refused::not_found)?;
        for (place, line) in lines.iter().enumerate() {
            if line.outcome == Outcome::Waiting {
                self.one(&batch, place, line).await?;
            }
        }
        let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
            batches::finish(tx, env, id)?;
            Ok(())
        };
        self.app.act(&self.officer.actor, unit).await.map_err(refused)
    }

    /// One case: the act and its outcome together, or the outcome alone.
    async fn one(&self, batch: &Batch, place: usize, line: &Line) -> Result<(), Refused> {
        let at = (batch.id, place);
        let act = match self.prepared(batch, line) {
            Ok(act) => act,
            Err(why) => return self.note(at, why).await,
        };
        let (catalogue, who) = (self.app.catalogue(), self.officer.clone());
        let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
            if batches::note(tx, at, Outcome::Done, "", &[])? {
                act.run(tx, env, &catalogue, &who)?;
            }
            Ok(())
        };
        match self.app.act(&self.officer.actor, unit).await {
            Ok(()) => Ok(()),
            Err(error) => {
                let why = why(error)?;
                self.note(at, why).await
            }
        }
    }

    /// The act on one case as the page showed it.
    fn prepared(&self, batch: &Batch, line: &Line) -> Result<Carried, Why> {
        let one = self.loaded.iter().find(|one| one.stored.case.id == line.case);
        let one = one.ok_or_else(|| Why::refused("many-gone"))?;
        let case = &one.stored.case;
        let id = case.id.to_string();
        let seen = self.entries.text(&fields::of_case("seen", &id)).parse::<u64>();
        let seen = seen.map_err(|_| Why::refused("many-unseen"))?;
        if one.stored.unchanged_since(seen).is_err() {
            return Err(Why::changed());
        }
        let offer = preview::offer(&self.app, &self.officer, one, self.kind);
        let offer = offer.ok_or_else(|| Why::refused(cannot(self.kind)))?;
        let words = self.words(batch, line);
        let told = fields::of_one(self.kind, &offer, one, &self.shared, &self.entries, &words);
        let told = Told::read(&told, &one.edition, case).map_err(|faults| Why::of(&faults))?;
        Ok(Carried { id, action: offer.action, seen, told })
    }

    /// What the history of a case says of a hand-over; in Vietnamese, like all that is kept.
    fn words(&self, batch: &Batch, line: &Line) -> String {
        if self.kind != Kind::HandOver {
            return String::new();
        }
        let (t, catalogue) = (T::new(Lang::Vi), self.app.catalogue());
        let unit = |id: &str| view::unit(&catalogue, t, &UnitId::from(id));
        let said = t.a(
            "many-note-hand-over",
            &[
                ("number", &number(batch)),
                ("papers", &line.papers),
                ("from", &unit(&batch.unit)),
                ("to", &unit(&batch.other)),
            ],
        );
        [said, self.shared.note.clone()].join("\n").trim().to_owned()
    }

    async fn note(&self, at: (Uuid, usize), why: Why) -> Result<(), Refused> {
        let unit = move |tx: &mut store::Tx<'_>, _: &mut store::cases::Env<'_>| {
            batches::note(tx, at, why.outcome, &why.key, &why.args)?;
            Ok(())
        };
        self.app.act(&self.officer.actor, unit).await.map_err(refused)
    }
}

/// The number of a batch as people write it.
pub(super) fn number(batch: &Batch) -> String {
    format!("{}/{}", batch.number, batch.year)
}

/// The text that says why a case does not take part; named so that all of them are found.
fn cannot(kind: Kind) -> &'static str {
    match kind {
        Kind::Assign => "many-cannot-assign",
        Kind::Forward => "many-cannot-forward",
        Kind::HandOver => "many-cannot-hand-over",
        Kind::Approve => "many-cannot-approve",
        Kind::Deliver => "many-cannot-deliver",
    }
}

/// Why a case was left as it is.
#[derive(Clone)]
struct Why {
    outcome: Outcome,
    key: String,
    args: Vec<(String, String)>,
}

impl Why {
    fn refused(key: &str) -> Self {
        Self { outcome: Outcome::Refused, key: key.to_owned(), args: Vec::new() }
    }

    fn changed() -> Self {
        Self { outcome: Outcome::Changed, ..Self::refused("many-changed") }
    }

    fn of(faults: &Faults) -> Self {
        let first = faults.iter().next();
        let told = first.map(|fault| (fault.key.clone(), fault.args.clone()));
        let (key, args) = told.unwrap_or_else(|| ("many-gone".to_owned(), Vec::new()));
        Self { outcome: Outcome::Refused, key, args }
    }
}

/// Why, as it is kept; what is not about the case ends the whole and is tried again with the form.
fn why(error: CaseError) -> Result<Why, Refused> {
    Ok(match error {
        CaseError::Refused(Refusal::Fields(faults)) => {
            Why::of(&crate::refusals::form_faults(&faults))
        }
        CaseError::Refused(refusal) => Why {
            outcome: Outcome::Refused,
            key: refusal.key().to_owned(),
            args: refusal.args().into_iter().map(|(n, v)| (n.to_owned(), v)).collect(),
        },
        CaseError::Changed { .. } => Why::changed(),
        CaseError::NotFound => Why::refused("many-gone"),
        other => return Err(refused(other)),
    })
}
