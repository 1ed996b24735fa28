//! What an act on many asks for: once for all, and for each case where it must be; and how that
//! becomes the fields of the act on one case.

use super::super::deed::Loaded;
use super::{APPROVE, Kind};
use crate::app::{App, Officer};
use crate::view::{self, Names};
use kernel::case::{Action, Delivery, Offer};
use kernel::catalogue::Catalogue;
use kernel::ids::{AccountId, UnitId};
use kernel::limits::{NAME_CHARS, REASON_CHARS};
use kit::{Check, Entries, Fault, Faults, Field, T};

/// Longest line that names a paper, in characters.
const LINE_CHARS_MAX: usize = 200;

/// The officers who may be named for any of the cases.
pub(super) fn officers(catalogue: &Catalogue, app: &App, loaded: &[Loaded]) -> Vec<AccountId> {
    let today = app.today();
    let of = |one: &Loaded| view::case_officers(catalogue, &one.stored.case, today);
    let mut all: Vec<AccountId> = loaded.iter().flat_map(of).cloned().collect();
    all.sort();
    all.dedup();
    all
}

/// The units to which papers of the cases may go: those that take part, and the rooms of the one
/// that decides; not the officer's own.
pub(super) fn units(
    catalogue: &Catalogue,
    app: &App,
    officer: &Officer,
    loaded: &[Loaded],
) -> Vec<UnitId> {
    let (tree, today) = (&catalogue.tree, app.today());
    let mut all: Vec<UnitId> = Vec::new();
    for one in loaded {
        let case = &one.stored.case;
        for unit in [&case.desk, &case.received_by, &case.decided_by] {
            all.extend(tree.in_charge(unit, today).map(|now| now.id.clone()));
        }
        let rooms = tree.children(&case.decided_by, today).into_iter();
        all.extend(rooms.filter(|unit| unit.kind != "committee").map(|unit| unit.id.clone()));
    }
    all.sort();
    all.dedup();
    let own = officer.seat().map(|seat| seat.unit.clone());
    all.retain(|unit| Some(unit) != own.as_ref());
    all
}

/// The fields that count for all cases.
pub(super) fn shared(
    t: T,
    kind: Kind,
    (catalogue, app, officer): (&Catalogue, &App, &Officer),
    (loaded, names): (&[Loaded], &Names),
    (entries, faults): (&Entries, &Faults),
) -> Vec<Field> {
    let choose = |field: Field| field.choice("", t.s("form-choose"));
    let note = |key: &str| Field::area(t, "note", t.s(key)).optional().fill(entries, faults);
    match kind {
        Kind::Assign => {
            let mut field = choose(Field::select(t, "officer", t.s("desk-field-officer")));
            let all = officers(catalogue, app, loaded);
            for account in &all {
                field = field.choice(account.as_str(), names.of(t, account.as_str()));
            }
            vec![field.fill(entries, faults), note("many-field-note")]
        }
        Kind::HandOver => {
            let mut field = choose(Field::select(t, "unit", t.s("many-field-unit")));
            for unit in units(catalogue, app, officer, loaded) {
                field = field.choice(unit.as_str(), view::unit(catalogue, t, &unit));
            }
            vec![field.fill(entries, faults), note("many-field-note")]
        }
        Kind::Approve => vec![note("many-field-note")],
        Kind::Forward | Kind::Deliver => Vec::new(),
    }
}

/// What counts for all cases, read and checked.
#[derive(Clone, Default)]
pub(super) struct Shared {
    pub(super) officer: String,
    pub(super) unit: String,
    pub(super) note: String,
}

/// Reads it.
///
/// # Errors
/// What is missing or too long, by field.
pub(super) fn read(
    kind: Kind,
    entries: &Entries,
    (officers, units): (&[AccountId], &[UnitId]),
) -> Result<Shared, Faults> {
    let mut check = Check::new(entries);
    let shared = Shared {
        officer: entries.text("officer").to_owned(),
        unit: entries.text("unit").to_owned(),
        note: check.optional("note", REASON_CHARS),
    };
    let known = officers.iter().any(|one| one.as_str() == shared.officer);
    if kind == Kind::Assign && !known {
        check.fault(Fault::new("officer", "err-officer-missing"));
    }
    if kind == Kind::HandOver && !units.iter().any(|one| one.as_str() == shared.unit) {
        check.fault(Fault::new("unit", "err-unit"));
    }
    check.done().map(|()| shared)
}

/// The name of a field of one case.
pub(super) fn of_case(name: &str, id: &str) -> String {
    format!("{name}.{id}")
}

/// The fields of the act on one case, as its own page would send them. `words` is the text of a
/// hand-over.
pub(super) fn of_one(
    kind: Kind,
    offer: &Offer,
    loaded: &Loaded,
    shared: &Shared,
    entries: &Entries,
    words: &str,
) -> Entries {
    let id = loaded.stored.case.id.to_string();
    let typed = |name: &str, max: usize| -> String {
        entries.text(&of_case(name, &id)).chars().take(max).collect()
    };
    let mut pairs: Vec<(&str, String)> = Vec::new();
    match kind {
        Kind::Assign if offer.action == Action::Reassign => {
            pairs.push(("officer", shared.officer.clone()));
            pairs.push(("reason", shared.note.clone()));
        }
        Kind::Assign => {
            let first = offer.task.as_ref().and_then(|task| task.outcomes.first()).cloned();
            pairs.push(("outcome", first.unwrap_or_default()));
            pairs.push(("officer", shared.officer.clone()));
            pairs.push(("note", shared.note.clone()));
        }
        Kind::Approve => {
            pairs.push(("outcome", APPROVE.to_owned()));
            pairs.push(("note", shared.note.clone()));
        }
        Kind::HandOver => pairs.push(("note", words.to_owned())),
        Kind::Deliver => {
            let how = how(loaded);
            pairs.push(("how", how.to_owned()));
            pairs.push(("taken_by", typed("taken_by", NAME_CHARS)));
            pairs.push(("taken_paper", typed("taken_paper", LINE_CHARS_MAX)));
            if entries.has(&of_case("authorised", &id), "1") {
                pairs.push(("authorised", "1".to_owned()));
            }
        }
        Kind::Forward => {}
    }
    Entries::from_pairs(pairs)
}

/// How a result goes out that is not sent by post.
pub(super) fn how(loaded: &Loaded) -> &'static str {
    if loaded.stored.case.delivery == Delivery::Online { "online" } else { "counter" }
}
