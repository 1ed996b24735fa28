//! Search over the cases that a person may see: exact by code, tracking number, identity number or
//! phone; folded by the words of a name.

use super::rows::{self, EVERYONE, Stored};
use crate::secrets;
use crate::sql::{Query, Statement};
use crate::values;
use crate::{StoreError, bounds};
use kernel::access::{RowFilter, sees};
use kernel::fold;

/// Rows that a word search looks at before it gives up on rarer matches.
const LOOKED_AT_MAX: u32 = 5_000;

const BY_SUBJECT: Statement = Statement {
    name: "cases_by_subject",
    sql: "SELECT number, seq, head, state FROM case_file WHERE subject_id = $1 \
          ORDER BY number DESC LIMIT $2",
};
const LATEST_OF_UNIT: Statement = Statement {
    name: "case_party_latest",
    sql: "SELECT case_number FROM case_party WHERE unit = $1 AND case_number < $2 \
          ORDER BY case_number DESC LIMIT $3",
};
const LATEST: Statement = Statement {
    name: "cases_latest",
    sql: "SELECT number FROM case_file WHERE number < $1 ORDER BY number DESC LIMIT $2",
};
const WORD_COUNT: Statement = Statement {
    name: "case_word_count",
    sql: "SELECT count(*) FROM (SELECT 1 FROM case_word WHERE unit = $1 AND word = $2 LIMIT $3) \
          AS capped",
};
const BY_WORD: Statement = Statement {
    name: "case_word_cases",
    sql: "SELECT case_number FROM case_word WHERE unit = $1 AND word = $2 AND case_number < $3 \
          ORDER BY case_number DESC LIMIT $4",
};
pub(super) const HAS_WORD: Statement = Statement {
    name: "case_word_has",
    sql: "SELECT 1 FROM case_word WHERE unit = $1 AND word = $2 AND case_number = $3",
};

pub(super) fn statements() -> [Statement; 6] {
    [BY_SUBJECT, LATEST_OF_UNIT, LATEST, WORD_COUNT, BY_WORD, HAS_WORD]
}

/// How a search was understood.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hit {
    /// A case code or tracking number.
    Code,
    /// An identity number, tax code or phone.
    Number,
    /// Words of a name.
    Words,
    /// Nothing typed: the latest.
    Latest,
}

/// What was found, newest first.
#[derive(Clone, PartialEq, Debug)]
pub struct Found {
    /// How it was understood.
    pub hit: Hit,
    /// Cases.
    pub cases: Vec<Stored>,
    /// The place after which the next page starts, if there may be one.
    pub next: Option<u64>,
}

/// Searches among the cases of a row filter. `before` is the place of the last page.
///
/// # Errors
/// What the engine says.
pub fn find(
    query: &mut impl Query,
    filter: &RowFilter,
    typed: &str,
    before: Option<u64>,
    limit: u32,
) -> Result<Found, StoreError> {
    let limit = limit.min(bounds::LIST_MAX);
    let typed = typed.trim();
    if typed.is_empty() {
        return latest(query, filter, before, limit);
    }
    let upper = typed.to_uppercase();
    let exact = match rows::by_code(query, &upper)? {
        Some(found) => Some(found),
        None => rows::by_tracking(query, &upper)?,
    };
    if let Some(found) = exact.filter(|s| sees(filter, &s.case)) {
        return Ok(Found { hit: Hit::Code, cases: vec![found], next: None });
    }
    let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '.' | '-')).collect();
    if digits.len() >= 9 && digits.chars().all(|c| c.is_ascii_digit()) {
        return by_number(query, filter, &digits, limit);
    }
    by_words(query, filter, typed, before, limit)
}

fn by_number(
    query: &mut impl Query,
    filter: &RowFilter,
    digits: &str,
    limit: u32,
) -> Result<Found, StoreError> {
    let mut subjects = secrets::blind_lookup(query, "number", digits)?;
    subjects.extend(secrets::blind_lookup(query, "phone", digits)?);
    let mut cases = Vec::new();
    for subject in subjects {
        let theirs = query.query(&BY_SUBJECT, values![subject, limit], rows::stored)?;
        cases.extend(theirs.into_iter().filter(|s| sees(filter, &s.case)));
    }
    cases.sort_by_key(|s| std::cmp::Reverse(s.number));
    cases.dedup_by_key(|s| s.number);
    cases.truncate(limit as usize);
    Ok(Found { hit: Hit::Number, cases, next: None })
}

/// The keys under which a filter lists and searches; an exact filter searches under none.
fn scopes(filter: &RowFilter) -> Vec<String> {
    match filter {
        RowFilter::Everything => vec![EVERYONE.to_owned()],
        RowFilter::Part { units, provinces } => {
            let units = units.iter().map(|unit| unit.0.clone());
            units.chain(provinces.iter().map(rows::watchers_of)).collect()
        }
        RowFilter::Nothing | RowFilter::One(_) => Vec::new(),
    }
}

/// Whether a case is listed under one of the keys of a filter; the case itself has the last word.
pub(super) fn may_see(
    query: &mut impl Query,
    filter: &RowFilter,
    number: u64,
) -> Result<bool, StoreError> {
    if *filter == RowFilter::Everything {
        return Ok(true);
    }
    for unit in scopes(filter) {
        if query.optional(&rows::HAS_PARTY, values![&unit, number], |_| Ok(()))?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Cases whose applicant's name has all words. The rarest word leads; the others are looked up.
fn by_words(
    query: &mut impl Query,
    filter: &RowFilter,
    typed: &str,
    before: Option<u64>,
    limit: u32,
) -> Result<Found, StoreError> {
    let words = fold::words(typed);
    let start = before.unwrap_or(i64::MAX as u64);
    let mut numbers: Vec<u64> = Vec::new();
    for unit in scopes(filter) {
        let mut ranked = Vec::with_capacity(words.len());
        for word in &words {
            let capped = values![&unit, word, LOOKED_AT_MAX];
            ranked.push((query.one(&WORD_COUNT, capped, |row| row.count(0))?, word));
        }
        ranked.sort();
        let Some(((_, rarest), others)) = ranked.split_first() else { continue };
        let page = values![&unit, *rarest, start, LOOKED_AT_MAX];
        let mut taken = 0;
        for number in query.query(&BY_WORD, page, |row| row.count(0))? {
            let mut all = true;
            for (_, word) in others {
                let has = query.optional(&HAS_WORD, values![&unit, *word, number], |_| Ok(()))?;
                all = all && has.is_some();
            }
            if all {
                numbers.push(number);
                taken += 1;
            }
            if taken > limit {
                break;
            }
        }
    }
    page_of(query, filter, Hit::Words, numbers, limit)
}

/// The latest cases of a filter.
///
/// # Errors
/// What the engine says.
pub fn latest(
    query: &mut impl Query,
    filter: &RowFilter,
    before: Option<u64>,
    limit: u32,
) -> Result<Found, StoreError> {
    let start = before.unwrap_or(i64::MAX as u64);
    let more = limit + 1;
    let mut numbers = Vec::new();
    match filter {
        RowFilter::Nothing => {}
        RowFilter::One(id) => {
            numbers.extend(rows::by_id(query, id.0)?.map(|s| s.number));
        }
        RowFilter::Everything => {
            numbers = query.query(&LATEST, values![start, more], |row| row.count(0))?;
        }
        RowFilter::Part { .. } => {
            for unit in scopes(filter) {
                let theirs = values![unit, start, more];
                numbers.extend(query.query(&LATEST_OF_UNIT, theirs, |row| row.count(0))?);
            }
        }
    }
    page_of(query, filter, Hit::Latest, numbers, limit)
}

fn page_of(
    query: &mut impl Query,
    filter: &RowFilter,
    hit: Hit,
    mut numbers: Vec<u64>,
    limit: u32,
) -> Result<Found, StoreError> {
    numbers.sort_by_key(|n| std::cmp::Reverse(*n));
    numbers.dedup();
    let next = if numbers.len() > limit as usize {
        numbers.truncate(limit as usize);
        numbers.last().copied()
    } else {
        None
    };
    let mut cases = Vec::with_capacity(numbers.len());
    for number in numbers {
        // The tables of parties and words were asked; the case itself has the last word.
        cases.extend(rows::by_number(query, number)?.filter(|s| sees(filter, &s.case)));
    }
    Ok(Found { hit, cases, next })
}
