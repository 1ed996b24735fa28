//! Acts on many cases: `/noi-lam-viec/nhieu` says for each case what the act will do and then does
//! it, case by case, each in a unit of work of its own; `/noi-lam-viec/lo/{id}` shows what became
//! of each and prints the list that is signed when papers change hands.

mod fields;
mod perform;
mod preview;
mod result;
#[cfg(test)]
mod tests;

use crate::app::App;
use crate::app::Officer;
use axum::Router;
use axum::routing::get;
use kernel::access::Actor;
use kernel::case::{Action, Offer};
use kernel::org::Role;
use kit::T;

/// Where acts on many begin.
pub(super) const PAGE: &str = "/noi-lam-viec/nhieu";
/// Where their outcomes stand.
pub(super) const OUTCOMES: &str = "/noi-lam-viec/lo";
/// The outcome of tasks that approve.
const APPROVE: &str = "approve";
/// The kind of tasks that name an officer.
const ASSIGN: &str = "assign";

/// The routes of this folder.
pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PAGE, get(preview::show).post(perform::perform))
        .route(OUTCOMES, get(result::list))
        .route("/noi-lam-viec/lo/{id}", get(result::show))
}

/// What may be done to many cases at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Name the officer, or another one.
    Assign,
    /// Forward from the desk.
    Forward,
    /// Hand the papers over to another room.
    HandOver,
    /// Approve, or grant a drafted extension.
    Approve,
    /// Give the results out.
    Deliver,
}

impl Kind {
    /// All, in the order of the bar.
    pub(super) const ALL: [Self; 5] =
        [Self::Assign, Self::Forward, Self::Approve, Self::Deliver, Self::HandOver];

    /// Key in addresses, tables and texts.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Assign => "assign",
            Self::Forward => "forward",
            Self::HandOver => "hand-over",
            Self::Approve => "approve",
            Self::Deliver => "deliver",
        }
    }

    /// The kind of a key.
    pub(super) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.key() == key)
    }

    /// Its key on the keyboard.
    fn on_keyboard(self) -> &'static str {
        match self {
            Self::Assign => "A",
            Self::Forward => "C",
            Self::Approve => "Shift+F9",
            Self::Deliver | Self::HandOver => "",
        }
    }

    /// The roles that may have something to do with it; each case is judged on its own.
    fn roles(self) -> &'static [Role] {
        match self {
            Self::Assign => &[Role::UnitLeader],
            Self::Forward | Self::Deliver => &[Role::DeskOfficer, Role::DeskHead],
            Self::Approve => &[Role::Leader, Role::UnitLeader],
            Self::HandOver => &[
                Role::DeskOfficer,
                Role::DeskHead,
                Role::CaseOfficer,
                Role::UnitLeader,
                Role::Leader,
                Role::Clerk,
            ],
        }
    }

    /// Whether the bar of an actor has it.
    pub(super) fn may(self, actor: &Actor) -> bool {
        self.roles().iter().any(|role| actor.has_role(*role))
    }

    /// The act on one case among those that are offered there now.
    fn offer(self, offers: &[Offer]) -> Option<&Offer> {
        let task = |offer: &&Offer, kind: &str| {
            matches!(offer.action, Action::Complete(_))
                && offer.task.as_ref().is_some_and(|task| task.kind == kind)
        };
        let plain = |action: Action| offers.iter().find(move |o| o.action == action);
        match self {
            Self::Assign => {
                offers.iter().find(|offer| task(offer, ASSIGN)).or_else(|| plain(Action::Reassign))
            }
            Self::Forward => plain(Action::Forward),
            Self::HandOver => plain(Action::Note),
            Self::Deliver => plain(Action::Deliver),
            Self::Approve => offers
                .iter()
                .find(|o| {
                    matches!(o.action, Action::Complete(_))
                        && o.task.as_ref().is_some_and(|k| k.outcomes.iter().any(|c| c == APPROVE))
                })
                .or_else(|| plain(Action::GrantExtension)),
        }
    }
}

/// A button of the bar under a list.
pub(super) struct Button {
    pub(super) value: &'static str,
    pub(super) label: String,
    pub(super) key: &'static str,
}

/// Whether an actor has anything to do to many.
pub(super) fn may_any(actor: &Actor) -> bool {
    Kind::ALL.into_iter().any(|kind| kind.may(actor))
}

/// The buttons that an officer's bar has.
pub(super) fn bar(t: T, officer: &Officer) -> Vec<Button> {
    let button = |kind: Kind| Button {
        value: kind.key(),
        label: t.s(&format!("many-act-{}", kind.key())),
        key: kind.on_keyboard(),
    };
    Kind::ALL.into_iter().filter(|kind| kind.may(&officer.actor)).map(button).collect()
}
