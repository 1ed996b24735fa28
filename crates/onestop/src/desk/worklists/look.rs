//! Reads a page of a list as the address asks for it.

use super::asked::{Asked, ListOf};
use super::rows::{self, Read};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view;
use kernel::catalogue::Catalogue;
use kit::{Refused, T};
use std::collections::HashMap;
use std::sync::Arc;
use store::bounds::LIST_MAX;
use store::cases::{self, Cursor, Filter, Listed, Stored};
use store::{Reader, StoreError, accounts, secrets};
use uuid::Uuid;

/// Fewest digits that are taken for an identity number or a phone.
const NUMBER_DIGITS_MIN: usize = 9;

/// Where the next page starts.
pub(super) enum Next {
    /// Behind a row.
    Row(Cursor),
    /// Before the number of a stopped case.
    Stopped(u64),
}

/// A page of a list.
pub(super) struct Page {
    pub(super) read: Read,
    pub(super) next: Option<Next>,
}

/// Reads it; at most `limit` rows.
///
/// # Errors
/// What the store says.
pub(super) async fn page(
    app: &App,
    officer: &Officer,
    asked: &Asked,
    t: T,
    limit: u32,
) -> Result<Page, Refused> {
    let (actor, rights) = (officer.actor.clone(), officer.filter(app));
    let (asked, filter, catalogue) = (asked.clone(), asked.filter(app), app.catalogue());
    let read = app.read(move |reader| {
        if asked.list == ListOf::Stopped {
            let (found, next) = cases::stopped(reader, &rights, asked.stopped_before, limit)?;
            let listed = found.into_iter().map(as_listed).collect();
            let read = rows::with_people(reader, listed)?;
            return Ok(Page { read, next: next.map(Next::Stopped) });
        }
        let (listed, next) = match asked.list {
            // A whole list needs no look at its rows.
            ListOf::One(bucket) if asked.is_whole() && limit < LIST_MAX => {
                let more = limit.saturating_add(1);
                let mut listed =
                    cases::list(reader, &actor, bucket, asked.scope, asked.after, more)?;
                let full = listed.len() > limit as usize;
                listed.truncate(limit as usize);
                let next = listed.last().map(|row| row.cursor).filter(|_| full);
                (listed, next)
            }
            _ => filtered(reader, &actor, (&asked, &filter), (catalogue, t), limit)?,
        };
        let read = rows::with_people(reader, listed)?;
        Ok(Page { read, next: next.map(Next::Row) })
    });
    read.await.map_err(refused)
}

fn filtered(
    reader: &mut Reader<'_>,
    actor: &kernel::access::Actor,
    (asked, filter): (&Asked, &Filter),
    (catalogue, t): (Arc<Catalogue>, T),
    limit: u32,
) -> Result<(Vec<Listed>, Option<Cursor>), StoreError> {
    let mut words = Words::of(reader, &asked.words, catalogue, t)?;
    let mut keep = |reader: &mut Reader<'_>, row: &Listed| words.fits(reader, row);
    let scope = (actor, asked.scope);
    let looked = cases::filtered(reader, scope, filter, asked.after, limit, &mut keep)?;
    Ok((looked.listed, looked.next))
}

/// A stopped case as a row.
fn as_listed(stored: Stored) -> Listed {
    let case = &stored.case;
    Listed {
        cursor: Cursor::START,
        task: String::new(),
        holder: case.officer.as_ref().map(|officer| officer.0.clone()),
        due_at: case.due_at,
        since: case.finished_at.unwrap_or(case.since),
        unit: case.decided_by.clone(),
        stored,
    }
}

/// Folded words of a filter: code, tracking number, name, procedure, step, holder; a long number is
/// looked up among identity numbers and phones.
struct Words {
    words: Vec<String>,
    subjects: Vec<Uuid>,
    names: HashMap<String, String>,
    catalogue: Arc<Catalogue>,
    t: T,
}

impl Words {
    fn of(
        reader: &mut Reader<'_>,
        typed: &str,
        catalogue: Arc<Catalogue>,
        t: T,
    ) -> Result<Self, StoreError> {
        let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
        let number =
            digits.len() >= NUMBER_DIGITS_MIN && digits.bytes().all(|b| b.is_ascii_digit());
        let mut subjects = Vec::new();
        if number {
            subjects.extend(secrets::blind_lookup(reader, "number", &digits)?);
            subjects.extend(secrets::blind_lookup(reader, "phone", &digits)?);
        }
        let words = kernel::fold::words(typed);
        Ok(Self { words, subjects, names: HashMap::new(), catalogue, t })
    }

    fn fits(&mut self, reader: &mut Reader<'_>, row: &Listed) -> Result<bool, StoreError> {
        let case = &row.stored.case;
        if self.words.is_empty() || self.subjects.contains(&case.subject.0) {
            return Ok(true);
        }
        let mut text = vec![
            case.code.clone().unwrap_or_default(),
            case.tracking.clone(),
            view::procedure_of(&self.catalogue, self.t, case),
            rows::step(&self.catalogue, self.t, row),
        ];
        // What costs no look into sealed texts comes first.
        if self.holds(&text) {
            return Ok(true);
        }
        let party = view::applicant(reader, case)?;
        text.extend(party.map(|party| party.name));
        if let Some(holder) = &row.holder {
            text.push(self.name(reader, holder)?);
        }
        Ok(self.holds(&text))
    }

    fn holds(&self, text: &[String]) -> bool {
        let text = kernel::fold::fold(&text.join(" "));
        self.words.iter().all(|word| text.contains(word.as_str()))
    }

    fn name(&mut self, reader: &mut Reader<'_>, holder: &str) -> Result<String, StoreError> {
        if let Some(known) = self.names.get(holder) {
            return Ok(known.clone());
        }
        let account = match Uuid::parse_str(holder) {
            Ok(id) => accounts::by_id(reader, id)?,
            Err(_) => None,
        };
        let name = account.map(|account| account.display_name).unwrap_or_default();
        self.names.insert(holder.to_owned(), name.clone());
        Ok(name)
    }
}
