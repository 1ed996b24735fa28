//! The columns and the density that an officer chose for their lists: POST
//! `/noi-lam-viec/goc-nhin/cot`. One choice for all lists, remembered until it is changed.

use crate::app::{App, Officer};
use crate::refusals::refused;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kit::{Entries, Flash, Refused, T, redirect};
use serde::{Deserialize, Serialize};
use store::{Query, StoreError, views};

/// A column beside the code, which is always there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Column {
    Procedure,
    Name,
    Step,
    Holder,
    Due,
    Tag,
    Source,
    Delivery,
    Unit,
    Submitted,
}

impl Column {
    /// All, in the order of the table.
    pub(super) const ALL: [Self; 10] = [
        Self::Procedure,
        Self::Name,
        Self::Step,
        Self::Holder,
        Self::Source,
        Self::Submitted,
        Self::Delivery,
        Self::Unit,
        Self::Due,
        Self::Tag,
    ];
    /// Those of an officer who chose none.
    const USUAL: [Self; 6] =
        [Self::Procedure, Self::Name, Self::Step, Self::Holder, Self::Due, Self::Tag];

    /// Key in forms.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Procedure => "procedure",
            Self::Name => "name",
            Self::Step => "step",
            Self::Holder => "holder",
            Self::Due => "due",
            Self::Tag => "tag",
            Self::Source => "source",
            Self::Delivery => "delivery",
            Self::Unit => "unit",
            Self::Submitted => "submitted",
        }
    }

    /// Text key of its head.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Procedure => "desk-col-procedure",
            Self::Name => "desk-col-name",
            Self::Step => "desk-col-step",
            Self::Holder => "desk-col-holder-since",
            Self::Due => "desk-col-due",
            Self::Tag => "desk-col-tag",
            Self::Source => "work-col-source",
            Self::Delivery => "work-col-delivery",
            Self::Unit => "work-col-unit",
            Self::Submitted => "work-col-submitted",
        }
    }

    /// Its width.
    pub(super) fn width(self) -> &'static str {
        match self {
            Self::Procedure => "",
            Self::Name => "w-who",
            Self::Step => "w-step",
            Self::Holder => "w-due",
            Self::Due | Self::Source | Self::Delivery | Self::Submitted => "w-day",
            Self::Tag => "w-tag",
            Self::Unit => "w-state",
        }
    }
}

/// What an officer chose.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(super) struct Choice {
    pub(super) columns: Vec<Column>,
    /// Rows with more room.
    pub(super) roomy: bool,
}

impl Default for Choice {
    fn default() -> Self {
        Self { columns: Column::USUAL.to_vec(), roomy: false }
    }
}

impl Choice {
    /// What an account chose; what cannot be read any more is the usual.
    ///
    /// # Errors
    /// What the store says.
    pub(super) fn read(query: &mut impl Query, account: &str) -> Result<Self, StoreError> {
        let kept = views::choice(query, account)?;
        Ok(kept.and_then(|body| serde_json::from_str(&body).ok()).unwrap_or_default())
    }
}

/// A column to tick.
pub(super) struct Box_ {
    pub(super) key: &'static str,
    pub(super) label: String,
    pub(super) on: bool,
}

/// The columns to tick.
pub(super) fn boxes(t: T, choice: &Choice) -> Vec<Box_> {
    let one = |column: Column| Box_ {
        key: column.key(),
        label: t.s(column.label()),
        on: choice.columns.contains(&column),
    };
    Column::ALL.into_iter().map(one).collect()
}

/// POST: keeps the choice and goes back to the list.
pub(super) async fn keep(
    State(app): State<App>,
    officer: Officer,
    entries: Entries,
) -> Result<Response, Refused> {
    let usual = entries.has("lam", "usual");
    let ticked = |column: &Column| entries.all("cot").any(|key| key == column.key());
    let columns: Vec<Column> = Column::ALL.into_iter().filter(ticked).collect();
    let choice = match (usual, columns.is_empty()) {
        (true, _) => Choice::default(),
        (_, true) => Choice { roomy: entries.has("day", "thoang"), ..Choice::default() },
        _ => Choice { columns, roomy: entries.has("day", "thoang") },
    };
    let body = serde_json::to_string(&choice).map_err(|_| Refused::fault())?;
    let account = officer.account.0.clone();
    let unit = move |tx: &mut store::Tx<'_>, _: &mut store::cases::Env<'_>| {
        views::choose(tx, &account, &body)?;
        Ok(())
    };
    app.act(&officer.actor, unit).await.map_err(refused)?;
    let to = super::asked::back(&entries);
    Ok(redirect(to).flash(Flash::new("work-choice-kept")).into_response())
}
