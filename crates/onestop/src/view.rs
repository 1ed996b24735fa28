//! Words of a case for people: names of units, officers, tasks and procedures, and status tags.

use kernel::calendar::{Date, Instant};
use kernel::case::{self, Bucket, Business, Case};
use kernel::catalogue::Catalogue;
use kernel::ids::{AccountId, UnitId};
use kernel::people::Party;
use kernel::procedure::Edition;
use kit::pieces::{Tag, Tone};
use kit::{Lang, T, When};
use std::collections::HashMap;
use store::cases::open_text;
use store::{Query, StoreError, accounts};
use uuid::Uuid;

/// Names of accounts by their id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Names(HashMap<String, String>);

impl Names {
    /// Reads the names of accounts; what is no account is left out.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) fn read<'a>(
        query: &mut impl Query,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, StoreError> {
        let mut names = HashMap::new();
        for id in ids {
            if names.contains_key(id) {
                continue;
            }
            let Ok(uuid) = Uuid::parse_str(id) else { continue };
            if let Some(account) = accounts::by_id(query, uuid)? {
                names.insert(id.to_owned(), account.display_name);
            }
        }
        Ok(Self(names))
    }

    /// The name of whoever acted, as the journal writes them (`citizen`, `system:…`, an account).
    pub(crate) fn of(&self, t: T, by: &str) -> String {
        match self.0.get(by) {
            Some(name) => name.clone(),
            None if by == "citizen" => t.s("desk-citizen"),
            None if by.starts_with("system:") => t.s("desk-system"),
            None => t.s("desk-somebody"),
        }
    }
}

/// The name of a unit in the page's language.
pub(crate) fn unit(catalogue: &Catalogue, t: T, id: &UnitId) -> String {
    let Some(unit) = catalogue.tree.unit(id) else { return id.to_string() };
    in_language(t, &unit.name, &unit.name_en)
}

/// The Vietnamese words, or the English ones where there are any and the page is English.
pub(crate) fn in_language(t: T, vi: &str, en: &str) -> String {
    if t.lang() == Lang::En && !en.is_empty() { en.to_owned() } else { vi.to_owned() }
}

/// The name of an edition's procedure.
pub(crate) fn procedure(t: T, edition: &Edition) -> String {
    in_language(t, &edition.name, &edition.name_en)
}

/// The name of the procedure of a case; its code when its edition is not loaded.
pub(crate) fn procedure_of(catalogue: &Catalogue, t: T, case: &Case) -> String {
    let edition = catalogue.edition(&case.procedure, case.edition);
    edition.map_or_else(|| case.procedure.to_string(), |e| procedure(t, e))
}

/// The name of a task of a case by its element id: as the case's process has it, or by its kind in
/// English.
pub(crate) fn task(catalogue: &Catalogue, t: T, case: &Case, id: &str) -> String {
    // A case that has tasks is pinned to its process; the day counts before acceptance only.
    let pinned = catalogue.process_edition_of(case, case.since.date());
    // A case that was moved has done tasks that only an earlier version knows.
    let versions = pinned.map(|e| catalogue.process_editions(&e.name)).unwrap_or_default();
    let mut all = pinned.into_iter().chain(versions.iter().rev());
    let node = all.find_map(|e| e.definition.nodes().find(|(_, n)| n.id == id)).map(|(_, n)| n);
    let Some(node) = node else { return id.to_owned() };
    task_name(t, &node.name, node.task_kind.as_deref().or(node.job.as_deref()))
}

/// The name of a task from its own words and its kind.
pub(crate) fn task_name(t: T, name: &str, kind: Option<&str>) -> String {
    let key = format!("desk-task-{}", kind.unwrap_or_default().replace('_', "-"));
    if (t.lang() != Lang::Vi || name.is_empty()) && t.has(&key) {
        t.s(&key)
    } else {
        name.to_owned()
    }
}

/// Opens the sealed applicant; `None` after erasure.
///
/// # Errors
/// What the store says.
pub(crate) fn applicant(query: &mut impl Query, case: &Case) -> Result<Option<Party>, StoreError> {
    let text = open_text(query, &case.applicant)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// An instant on the local calendar.
pub(crate) fn when(at: Instant) -> When {
    When::from_ms(at.0)
}

/// A day of the local calendar as the page shows it.
pub(crate) fn day(t: T, date: Date) -> String {
    t.date(when(Instant::at(date, 0, 0)))
}

/// How a row stands against its date.
pub(crate) fn due_tag(
    catalogue: &Catalogue,
    t: T,
    case: &Case,
    due_at: Option<Instant>,
    now: Instant,
) -> Tag {
    match case.business {
        Business::Submitted => return Tag::new(Tone::New, t.s("due-new")),
        Business::FinDuty | Business::Supplement | Business::PreSupplement => {
            return Tag::state(t, case.business.as_str());
        }
        Business::Suspended => return Tag::new(Tone::Wait, t.s("due-paused")),
        _ => {}
    }
    if let Some(finished) = case.finished_at {
        return done_tag(t, case, finished);
    }
    let Some(due) = due_at.or(case.due_at) else {
        return Tag::new(Tone::Wait, t.s("due-paused"));
    };
    Tag::due_days(t, days_left(catalogue, case, due, now))
}

/// Working days from now to a date; negative once past. A date of today that has passed counts as a
/// day late, since "0 days left" would hide it.
pub(crate) fn days_left(catalogue: &Catalogue, case: &Case, due: Instant, now: Instant) -> i64 {
    let calendar = catalogue.calendar_of(&case.desk);
    let days = calendar.working_days_between(now.date(), due.date());
    if due < now { days.min(-1) } else { days.max(0) }
}

fn done_tag(t: T, case: &Case, finished: Instant) -> Tag {
    let Some(due) = case.due_at.or(case.original_due_at) else {
        return Tag::state(t, case.business.as_str());
    };
    if finished > due {
        Tag::new(Tone::Late, t.s("done-late"))
    } else if finished.date() < due.date() {
        Tag::new(Tone::Ok, t.s("done-early"))
    } else {
        Tag::new(Tone::Ok, t.s("done-on-time"))
    }
}

/// The state of a case as a tag.
pub(crate) fn state_tag(t: T, case: &Case) -> Tag {
    match case.business {
        Business::Suspended => Tag::new(Tone::Wait, t.s("state-suspended-lawful")),
        Business::Voided => Tag::new(Tone::Stop, t.s("desk-state-voided")),
        business => Tag::state(t, business.as_str()),
    }
}

/// The fee of an edition in words. Where the province sets the amount and none is known, the
/// catalogue holds nothing but a note, and that must not read as free of charge.
pub(crate) fn fee(t: T, edition: &Edition) -> String {
    match edition.fee_vnd {
        0 if !edition.is_free() => t.s("money-unknown"),
        0 => t.s("money-free"),
        vnd => t.money(vnd),
    }
}

/// Whether the fee of a case is not known: the edition takes one, but its amount was not recorded.
/// A case that was let off or is another case's question owes nothing, so nothing is unknown.
pub(crate) fn fee_is_unknown(edition: &Edition, case: &Case) -> bool {
    let takes_unknown = edition.fee_vnd == 0 && !edition.is_free();
    takes_unknown && case.finance == kernel::case::Finance::None && case.parent.is_none()
}

/// The name of a list.
pub(crate) fn bucket(t: T, bucket: Bucket) -> String {
    t.s(&format!("desk-bucket-{}", bucket.as_str()))
}

/// The title of a person's first post today, with its unit.
pub(crate) fn post(catalogue: &Catalogue, t: T, actor: &kernel::access::Actor) -> (String, String) {
    let Some(seat) = actor.seats.first() else {
        return (t.s("desk-no-post"), String::new());
    };
    let role = t.s(&format!("desk-role-{}", seat.role.as_str().replace('_', "-")));
    (role, unit(catalogue, t, &seat.unit))
}

/// The officers who may be named for a case, by id.
pub(crate) fn case_officers<'c>(
    catalogue: &'c Catalogue,
    case: &Case,
    today: Date,
) -> Vec<&'c AccountId> {
    let here = catalogue.tree.in_charge(&case.decided_by, today);
    let unit = here.map_or(&case.decided_by, |u| &u.id);
    catalogue.staff.holders(unit, kernel::org::Role::CaseOfficer, today)
}

/// The whole derivation of a case's date, if it was accepted under data that are loaded.
pub(crate) fn explained(
    catalogue: &Catalogue,
    case: &Case,
    now: Instant,
) -> Option<kernel::calendar::Answer> {
    let edition = catalogue.edition(&case.procedure, case.edition)?;
    let profile = catalogue.profile(&case.profile)?;
    let calendar = catalogue.calendar_of(&case.desk);
    let moment = case.moment(now);
    case::explain(case, edition, calendar, profile.cutoff_minutes, moment).ok().flatten()
}
