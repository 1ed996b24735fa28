//! Where an officer receives: their own desk, or, for the post, a desk of its area that they name.

use crate::app::{App, Officer};
use crate::desk::HOME;
use crate::view;
use kernel::ids::UnitId;
use kernel::org::Role;
use kit::{Refused, T};

/// A procedure or desk offered.
pub(in crate::desk) struct Choice {
    pub(in crate::desk) href: String,
    pub(in crate::desk) code: String,
    pub(in crate::desk) name: String,
}

/// Where an officer receives, and whether for the post.
pub(in crate::desk) fn place(officer: &Officer) -> Option<(UnitId, bool)> {
    let seat = |roles: &[Role]| officer.actor.seats.iter().find(|s| roles.contains(&s.role));
    match seat(&[Role::DeskOfficer, Role::DeskHead]) {
        Some(seat) => Some((seat.unit.clone(), false)),
        None => seat(&[Role::PostOfficer]).map(|seat| (seat.unit.clone(), true)),
    }
}

/// The desk of this reception: the officer's own; a post officer of the province names one (`noi`).
/// `None` while none is named.
///
/// # Errors
/// 403 for those who receive nowhere, 404 for a desk outside of the post's area.
pub(in crate::desk) fn desk_of(
    app: &App,
    officer: &Officer,
    named: &str,
) -> Result<(Option<UnitId>, bool), Refused> {
    let (unit, post) = place(officer).ok_or_else(Refused::forbidden)?;
    let desks = desks(app, &unit);
    if !post || desks.iter().any(|(id, ..)| *id == unit) {
        return Ok((Some(unit), post));
    }
    match desks.into_iter().find(|(id, ..)| id.as_str() == named) {
        Some((id, ..)) => Ok((Some(id), true)),
        None if named.is_empty() => Ok((None, true)),
        None => Err(Refused::not_found()),
    }
}

/// The desks under a unit today, with their names, by key.
fn desks(app: &App, unit: &UnitId) -> Vec<(UnitId, String, String)> {
    let catalogue = app.catalogue();
    let below = catalogue.tree.subtree(unit, app.today()).into_iter();
    let desks = below.filter(|u| u.kind == "desk");
    let mut all: Vec<_> =
        desks.map(|u| (u.id.clone(), u.name.clone(), u.name_en.clone())).collect();
    all.sort();
    all
}

/// The desks that a post officer may file at, as choices.
pub(in crate::desk) fn desk_choices(app: &App, officer: &Officer, t: T) -> Vec<Choice> {
    let Some((unit, _)) = place(officer) else { return Vec::new() };
    let choice = |(id, vi, en): (UnitId, String, String)| Choice {
        href: format!("{HOME}/quay?noi={id}"),
        code: String::new(),
        name: view::in_language(t, &vi, &en),
    };
    desks(app, &unit).into_iter().map(choice).collect()
}
