//! Tables `saved_view` and `list_choice`: how an officer looks at the lists: named filters in an
//! order of their own, one of which comes first, and the columns and density they chose.

use crate::bounds;
use crate::error::StoreError;
use crate::sql::{Query, Row, Statement, Tx};
use crate::values;
use uuid::Uuid;

const ADD: Statement = Statement {
    name: "saved_view_add",
    sql: "INSERT INTO saved_view (account, id, place, name, query, first) \
          VALUES ($1, $2, $3, $4, $5, 0)",
};
const OF: Statement = Statement {
    name: "saved_views_of",
    sql: "SELECT id, name, query, first FROM saved_view WHERE account = $1 ORDER BY place, id",
};
const RENAME: Statement = Statement {
    name: "saved_view_rename",
    sql: "UPDATE saved_view SET name = $1 WHERE account = $2 AND id = $3",
};
const PLACE: Statement = Statement {
    name: "saved_view_place",
    sql: "UPDATE saved_view SET place = $1 WHERE account = $2 AND id = $3",
};
const NONE_FIRST: Statement = Statement {
    name: "saved_view_none_first",
    sql: "UPDATE saved_view SET first = 0 WHERE account = $1",
};
const FIRST: Statement = Statement {
    name: "saved_view_first",
    sql: "UPDATE saved_view SET first = 1 WHERE account = $1 AND id = $2",
};
const REMOVE: Statement = Statement {
    name: "saved_view_remove",
    sql: "DELETE FROM saved_view WHERE account = $1 AND id = $2",
};
const CHOICE: Statement =
    Statement { name: "list_choice", sql: "SELECT body FROM list_choice WHERE account = $1" };
const CHOOSE: Statement = Statement {
    name: "list_choice_set",
    sql: "INSERT INTO list_choice (account, body) VALUES ($1, $2) \
          ON CONFLICT (account) DO UPDATE SET body = excluded.body",
};

/// Every statement of this file.
#[must_use]
pub fn statements() -> &'static [Statement] {
    &[ADD, OF, RENAME, PLACE, NONE_FIRST, FIRST, REMOVE, CHOICE, CHOOSE]
}

/// A saved view.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// The filter as an address writes it, without typed words.
    pub query: String,
    /// Whether it is shown first.
    pub first: bool,
}

/// Why a view was not saved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Saved {
    /// It was.
    Yes,
    /// There are as many as may be.
    Full,
    /// Another one has this name.
    Twice,
    /// There is no such view.
    Gone,
}

fn view(row: &Row<'_>) -> Result<View, StoreError> {
    Ok(View { id: row.uuid(0)?, name: row.text(1)?, query: row.text(2)?, first: row.flag(3)? })
}

/// The views of an account in their order.
///
/// # Errors
/// What the engine says; the same for the functions below.
pub fn of(query: &mut impl Query, account: &str) -> Result<Vec<View>, StoreError> {
    query.query(&OF, values![account], view)
}

fn taken(all: &[View], id: Uuid, name: &str) -> bool {
    let folded = kernel::fold::fold(name);
    all.iter().any(|one| one.id != id && kernel::fold::fold(&one.name) == folded)
}

/// Saves a view behind the others.
///
/// # Errors
/// What the engine says.
pub fn add(
    tx: &mut Tx<'_>,
    account: &str,
    id: Uuid,
    name: &str,
    query: &str,
) -> Result<Saved, StoreError> {
    let all = of(tx, account)?;
    if all.iter().any(|one| one.id == id) {
        return Ok(Saved::Yes);
    }
    if all.len() >= bounds::SAVED_VIEWS_MAX {
        return Ok(Saved::Full);
    }
    if taken(&all, id, name) {
        return Ok(Saved::Twice);
    }
    let place = all.len() as u64;
    tx.execute_one(&ADD, values![account, id, place, name, query])?;
    order(tx, account, |_| {})?;
    Ok(Saved::Yes)
}

/// Gives a view another name.
///
/// # Errors
/// What the engine says.
pub fn rename(tx: &mut Tx<'_>, account: &str, id: Uuid, name: &str) -> Result<Saved, StoreError> {
    if taken(&of(tx, account)?, id, name) {
        return Ok(Saved::Twice);
    }
    let changed = tx.execute(&RENAME, values![name, account, id])?;
    Ok(if changed == 1 { Saved::Yes } else { Saved::Gone })
}

/// Writes the places anew after a change of their order.
fn order(
    tx: &mut Tx<'_>,
    account: &str,
    change: impl FnOnce(&mut Vec<Uuid>),
) -> Result<(), StoreError> {
    let mut ids: Vec<Uuid> = of(tx, account)?.into_iter().map(|one| one.id).collect();
    change(&mut ids);
    for (place, id) in ids.into_iter().enumerate() {
        tx.execute_one(&PLACE, values![place as u64, account, id])?;
    }
    Ok(())
}

/// Moves a view one place up or down; at the end it stays.
///
/// # Errors
/// What the engine says.
pub fn shift(tx: &mut Tx<'_>, account: &str, id: Uuid, up: bool) -> Result<(), StoreError> {
    order(tx, account, |ids| {
        let Some(at) = ids.iter().position(|one| *one == id) else { return };
        let to = if up { at.saturating_sub(1) } else { (at + 1).min(ids.len() - 1) };
        ids.swap(at, to);
    })
}

/// Shows a view first, or none with `None`.
///
/// # Errors
/// What the engine says.
pub fn put_first(tx: &mut Tx<'_>, account: &str, id: Option<Uuid>) -> Result<(), StoreError> {
    tx.execute(&NONE_FIRST, values![account])?;
    if let Some(id) = id {
        tx.execute(&FIRST, values![account, id])?;
    }
    Ok(())
}

/// Removes a view. `false` if there was none.
///
/// # Errors
/// What the engine says.
pub fn remove(tx: &mut Tx<'_>, account: &str, id: Uuid) -> Result<bool, StoreError> {
    Ok(tx.execute(&REMOVE, values![account, id])? == 1)
}

/// What an account chose for its lists, as JSON text of the caller.
///
/// # Errors
/// What the engine says.
pub fn choice(query: &mut impl Query, account: &str) -> Result<Option<String>, StoreError> {
    query.optional(&CHOICE, values![account], |row| row.text(0))
}

/// Keeps it.
///
/// # Errors
/// What the engine says.
pub fn choose(tx: &mut Tx<'_>, account: &str, body: &str) -> Result<(), StoreError> {
    tx.execute_one(&CHOOSE, values![account, body])
}
