//! `…/lich/moi` and `…/lich/{number}/rut`: a day is announced or taken back: its form, what it
//! would move, and then the act, on the number of the decision.

use super::calendar::{kind, weekday};
use super::calendar_moves::{Moves, Sums, look};
use super::new::fresh_id;
use super::told::{Told, told};
use super::{CALENDAR, Failed, done, page, province};
use crate::app::{App, Officer};
use crate::jobs::calendar as running;
use crate::refusals::refused;
use crate::view;
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::calendar::{ClockTime, EntryKind, EntrySpec, Window};
use kernel::catalogue::Catalogue;
use kernel::limits::GROUND_CHARS;
use kernel::people::tidy;
use kit::{Check, Entries, Fault, Faults, Field, Flash, Page, Refused, T, Visit, redirect};
use store::announcements::{self, Announcement, Ask, Mark};

/// Kinds of days, as the form sends them.
const KINDS: [&str; 4] = ["holiday", "off", "work", "closed"];
/// Characters of hours as typed.
const HOURS_CHARS: usize = 60;

#[derive(Template)]
#[template(path = "desk/admin_day.html")]
struct DayPage {
    page: Page,
    refusal: String,
    to: String,
    /// The day that is taken back, in words; empty for one that is announced.
    back: String,
    fields: Vec<Field>,
    ground: Field,
    /// What was found, once it was looked for.
    moves: Option<Moves>,
}

struct Request<'a> {
    app: &'a App,
    officer: &'a Officer,
    visit: &'a Visit,
    /// The announcement that is taken back.
    one: Option<Announcement>,
}

/// GET: an empty form.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    province(&app, &officer)?;
    let request = Request { app: &app, officer: &officer, visit: &visit, one: None };
    let fine = (StatusCode::OK, String::new());
    request.page(visit.query(), Faults::new(), fine, None).await
}

/// POST: what it would move, or the announcement.
pub(super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    province(&app, &officer)?;
    let request = Request { app: &app, officer: &officer, visit: &visit, one: None };
    request.perform(&entries).await
}

/// GET: what taking back would move, and its form.
pub(super) async fn show_back(
    State(app): State<App>,
    officer: Officer,
    Path(number): Path<u32>,
    visit: Visit,
) -> Result<Response, Refused> {
    province(&app, &officer)?;
    let one = Some(standing(&app, number).await?);
    let request = Request { app: &app, officer: &officer, visit: &visit, one };
    let fine = (StatusCode::OK, String::new());
    let moves = request.moves().await?;
    request.page(visit.query(), Faults::new(), fine, moves).await
}

/// POST: the next page of what it would move, or taking back.
pub(super) async fn perform_back(
    State(app): State<App>,
    officer: Officer,
    Path(number): Path<u32>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    province(&app, &officer)?;
    let read = app.read(|reader| Ok(announcements::all(reader)?)).await.map_err(refused)?;
    // A repeat finds it taken back; the store tells the one from the other.
    let one = read.into_iter().find(|one| one.number == number);
    let one = Some(one.ok_or_else(Refused::not_found)?);
    let request = Request { app: &app, officer: &officer, visit: &visit, one };
    request.perform(&entries).await
}

async fn standing(app: &App, number: u32) -> Result<Announcement, Refused> {
    let all = app.read(|reader| Ok(announcements::all(reader)?)).await.map_err(refused)?;
    let stands = |one: &Announcement| one.number == number && one.withdrawn.is_none();
    all.into_iter().find(stands).ok_or_else(Refused::not_found)
}

impl Request<'_> {
    async fn perform(&self, entries: &Entries) -> Result<Response, Refused> {
        let t = self.visit.t();
        let (mut check, keep) = (Check::new(entries), entries.has("buoc", "ghi"));
        let entry = match &self.one {
            None => self.entry(&mut check, entries),
            Some(_) => None,
        };
        let ground = match keep || self.one.is_none() {
            true => check.required("ground", &t.s("admin-ground-what"), GROUND_CHARS),
            false => check.optional("ground", GROUND_CHARS),
        };
        if let Err(faults) = check.done() {
            let status = (StatusCode::UNPROCESSABLE_ENTITY, String::new());
            return self.page(entries, faults, status, None).await;
        }
        // What was changed after the look is looked at first.
        let looked = entry.as_ref().is_none_or(|one| entries.text("da-xem") == seen(t, one));
        if !keep || !looked {
            let fine = (StatusCode::OK, String::new());
            let said = entry.as_ref().map(|one| seen(t, one)).unwrap_or_default();
            let moves = match self.changed(entry) {
                Ok(changed) => {
                    let sums = if looked { Sums::of(entries) } else { Sums::default() };
                    let found = look(self.app, t, changed, sums, self.visit.now()).await?;
                    Some(Moves { seen: said, ..found })
                }
                Err(failed) => return self.failed(entries, failed).await,
            };
            return self.page(entries, Faults::new(), fine, moves).await;
        }
        let ask = match (&self.one, entry) {
            (Some(one), _) => Ask::Withdraw(one.number),
            (None, Some(entry)) => Ask::Announce(EntrySpec { name: ground.clone(), ..entry }),
            (None, None) => return Err(Refused::bad_request()),
        };
        self.keep(entries, ask, ground).await
    }

    async fn keep(&self, entries: &Entries, ask: Ask, ground: String) -> Result<Response, Refused> {
        // The key of the form is the request: a second press is the same one.
        let once = entries.once().and_then(|key| uuid::Uuid::parse_str(key.as_str()).ok());
        let request = announcements::Request {
            mark: Mark {
                request: once.unwrap_or_else(|| fresh_id(self.app)),
                by: self.officer.account.0.clone(),
                at: self.app.now(),
                ground: tidy(&ground),
            },
            ask,
        };
        let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
            let kept = announcements::ask(tx, &request, env.catalogue, env.now)?;
            Ok::<_, Failed>(kept.is_some())
        };
        match done(self.app, self.officer, unit).await {
            Ok(_) => {
                running::take_over(self.app).await.map_err(refused)?;
                let key = match self.one {
                    Some(_) => "admin-day-taken-back",
                    None => "admin-day-kept",
                };
                Ok(redirect(CALENDAR).flash(Flash::new(key)).into_response())
            }
            Err(failed) => self.failed(entries, failed).await,
        }
    }

    async fn failed(&self, entries: &Entries, failed: Failed) -> Result<Response, Refused> {
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let (faults, refusal) = match told(self.visit.t(), failed)? {
            Told::Fields(faults) => (faults, String::new()),
            Told::Sentence(why) => (Faults::new(), why),
        };
        self.page(entries, faults, (unprocessable, refusal), None).await
    }

    async fn moves(&self) -> Result<Option<Moves>, Refused> {
        match self.changed(None) {
            Ok(changed) => {
                let (t, now) = (self.visit.t(), self.visit.now());
                Ok(Some(look(self.app, t, changed, Sums::default(), now).await?))
            }
            Err(_) => Ok(None),
        }
    }

    /// The data as they would be.
    fn changed(&self, entry: Option<EntrySpec>) -> Result<Catalogue, Failed> {
        let (catalogue, now) = (self.app.catalogue(), self.app.now());
        let clash = |refused: kernel::calendar::ClockRefusal| {
            Failed::Announce(announcements::AnnounceError::Calendar(refused.message))
        };
        let past = |date| Failed::Announce(announcements::AnnounceError::Past(date));
        match (&self.one, entry) {
            (None, Some(entry)) => {
                if entry.date < now.date() {
                    return Err(past(entry.date));
                }
                let entry = EntrySpec { published_at: Some(now), ..entry };
                catalogue.announce(entry).map_err(clash)
            }
            (Some(one), _) => {
                let mut entries = catalogue.announced().to_vec();
                for entry in entries.iter_mut().filter(|entry| **entry == one.entry) {
                    entry.withdrawn_at = Some(now);
                }
                catalogue.with_announced(entries).map_err(clash)
            }
            (None, None) => Err(Failed::Announce(announcements::AnnounceError::Unknown(0))),
        }
    }

    fn entry(&self, check: &mut Check<'_>, entries: &Entries) -> Option<EntrySpec> {
        let t = self.visit.t();
        let date = check.required_date("date", &t.s("admin-day-what"));
        let date = date.and_then(super::words::date);
        let chosen = check.choice("kind", &t.s("admin-kind-what"), &KINDS)?;
        let kind = match chosen.as_str() {
            "holiday" => EntryKind::Holiday { desk: Vec::new() },
            "off" => EntryKind::SwappedOff { desk: Vec::new() },
            "work" => {
                let typed = check.optional("hours", HOURS_CHARS);
                let work = windows(&typed);
                if !typed.is_empty() && work.is_none() {
                    check.fault(Fault::new("hours", "admin-err-hours"));
                }
                EntryKind::SwappedWork { work, desk: None }
            }
            _ => {
                let clock = |name: &str, usual: ClockTime| match entries.text(name) {
                    "" => Some(usual),
                    text => ClockTime::parse(text).ok(),
                };
                let from = clock("c-from", ClockTime::MIDNIGHT);
                let to = clock("c-to", ClockTime::END);
                match from.zip(to).filter(|(from, to)| from < to) {
                    Some((from, to)) => EntryKind::Closure { from, to },
                    None => {
                        check.fault(Fault::new("c-from", "admin-err-closed"));
                        return None;
                    }
                }
            }
        };
        let name = tidy(entries.text("ground"));
        Some(EntrySpec { date: date?, kind, published_at: None, withdrawn_at: None, name })
    }

    fn fields(&self, t: T) -> Vec<Field> {
        if self.one.is_some() {
            return Vec::new();
        }
        let kind = KINDS.iter().fold(Field::radio(t, "kind", t.s("admin-kind")), |field, key| {
            let hint = t.s(&format!("admin-kind-{key}-hint"));
            field.choice_hint(*key, t.s(&format!("admin-kind-pick-{key}")), hint)
        });
        let text = |name: &str, key: &str| Field::text(t, name, t.s(key)).width("20").optional();
        vec![
            Field::date(t, "date", t.s("admin-day")),
            kind,
            text("hours", "admin-hours").hint(t.s("admin-hours-hint")),
            text("c-from", "admin-closed-from").hint(t.s("admin-closed-hint")),
            text("c-to", "admin-closed-to"),
        ]
    }

    async fn page(
        &self,
        entries: &Entries,
        faults: Faults,
        (status, refusal): (StatusCode, String),
        moves: Option<Moves>,
    ) -> Result<Response, Refused> {
        let t = self.visit.t();
        let back = self.one.as_ref().map(|one| {
            let day = format!("{}, {}", weekday(t, one.entry.date), view::day(t, one.entry.date));
            t.a3(
                "admin-day-back",
                ("day", day),
                ("kind", kind(t, &one.entry.kind)),
                ("ground", &one.announced.ground),
            )
        });
        let (key, to) = match &self.one {
            Some(one) => ("admin-day-back-title", format!("{CALENDAR}/{}/rut", one.number)),
            None => ("admin-day-title", format!("{CALENDAR}/moi")),
        };
        let ground = Field::text(t, "ground", t.s("admin-ground")).hint(t.s("admin-ground-hint"));
        let fill = |field: Field| field.fill(entries, &faults);
        kit::respond::html_status(
            status,
            &DayPage {
                refusal,
                to,
                back: back.unwrap_or_default(),
                fields: self.fields(t).into_iter().map(fill).collect(),
                ground: ground.fill(entries, &faults),
                moves,
                page: page(self.app, self.visit, self.officer, (t.s(key), CALENDAR))
                    .await?
                    .faults(faults),
            },
        )
    }
}

/// What tells one day to be announced from another.
fn seen(t: T, entry: &EntrySpec) -> String {
    format!("{} {}", entry.date, kind(t, &entry.kind))
}

/// `07:00-11:00, 13:00-17:00`.
fn windows(text: &str) -> Option<Vec<Window>> {
    let clock = |text: &str| ClockTime::parse(text.trim()).ok();
    let one = |part: &str| {
        let (from, to) = part.split_once(['-', '–'])?;
        Some(Window { from: clock(from)?, to: clock(to)? })
    };
    let found: Option<Vec<Window>> = text.split([',', ';']).map(one).collect();
    found
        .filter(|found| found.windows(2).all(|pair| matches!(pair, [a, b] if a.to <= b.from)))
        .filter(|found| found.iter().all(|w| w.from < w.to))
}
