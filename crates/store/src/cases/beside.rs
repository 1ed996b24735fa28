//! The tables beside the cases in a proof: what the cases ask of them is gathered case by case,
//! then each table is walked once, so that a row too many, too few or altered is named.
//!
//! Findings name tables, units and cases, never a word of somebody's name.

use super::rows::{self, EVERYONE, Stored};
use super::running;
use super::verify::Finding;
use super::{erase, search};
use crate::error::StoreError;
use crate::sql::{Query, Row, Statement};
use crate::timers::{self, Timer};
use crate::{bounds, values};
use kernel::calendar::{Calendar, Instant};
use kernel::case::{self, Business, Case, Event, TimerChange, number_of_day};
use kernel::ids::CaseId;
use kernel::procedure::Definitions;
use process::NodeIx;
use std::collections::BTreeMap;
use uuid::Uuid;

const PARTIES: Statement = Statement {
    name: "case_parties_after",
    sql: "SELECT unit, '', case_number FROM case_party WHERE (unit, case_number) > ($1, $2) \
          ORDER BY unit, case_number LIMIT $3",
};
const WORDS: Statement = Statement {
    name: "case_words_after",
    sql: "SELECT unit, word, case_number FROM case_word \
          WHERE (unit, word, case_number) > ($1, $2, $3) \
          ORDER BY unit, word, case_number LIMIT $4",
};
const COUNTERS: Statement = Statement {
    name: "desk_counters_after",
    sql: "SELECT desk, day, last FROM desk_counter WHERE (desk, day) > ($1, $2) \
          ORDER BY desk, day LIMIT $3",
};

pub(super) fn statements() -> [Statement; 3] {
    [PARTIES, WORDS, COUNTERS]
}

/// What the cases ask of the tables beside them; filled by
/// [`verify_page`](super::verify_page).
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Ledger {
    parties: u64,
    words: u64,
    /// Cases that run on some version of a process.
    running: u64,
    /// By desk and day: the highest number given, and how many were given.
    numbers: BTreeMap<(String, String), (u32, u32)>,
}

impl Ledger {
    /// Adds what another page gathered.
    pub fn join(&mut self, other: Self) {
        self.parties += other.parties;
        self.words += other.words;
        self.running += other.running;
        for (day, (highest, given)) in other.numbers {
            let here = self.numbers.entry(day).or_default();
            *here = (here.0.max(highest), here.1 + given);
        }
    }

    /// Notes that a case runs on a version of its process.
    pub(super) fn runs(&mut self) {
        self.running += 1;
    }

    /// Notes the number of the desk's day in a case's code; a child case carries none.
    pub(super) fn number(&mut self, case: &Case) {
        let (Some(code), Some(at), None) = (&case.code, case.accepted_at, &case.parent) else {
            return;
        };
        let Some(number) = number_of_day(code) else { return };
        let day = (case.desk.0.clone(), at.date().format("%Y-%m-%d").to_string());
        let here = self.numbers.entry(day).or_default();
        *here = (here.0.max(number), here.1 + 1);
    }
}

/// Checks that a case is listed under its units and found by its applicant's words. An erased
/// applicant gives no words, and has none.
pub(super) fn listed(
    query: &mut impl Query,
    number: u64,
    case: &Case,
    ledger: &mut Ledger,
) -> Result<Option<(&'static str, String)>, StoreError> {
    let mut keys = rows::listed_under(case);
    for key in &keys {
        if query.optional(&rows::HAS_PARTY, values![key, number], |_| Ok(()))?.is_none() {
            return Ok(Some(("case_party", format!("{key} is missing"))));
        }
        ledger.parties += 1;
    }
    keys.push(EVERYONE.to_owned());
    for word in erase::words_of(query, case)? {
        for key in &keys {
            let has = values![key, &word, number];
            if query.optional(&search::HAS_WORD, has, |_| Ok(()))?.is_none() {
                return Ok(Some(("case_word", format!("a word under {key} is missing"))));
            }
            ledger.words += 1;
        }
    }
    Ok(None)
}

/// A timer that an event left set.
struct Left {
    seq: u64,
    /// Its instant, where no calendar is needed to know it.
    exact: Option<Instant>,
}

/// The timers that a history leaves set, and the state it leads to.
pub(super) struct Timers(BTreeMap<(String, String), Left>);

/// Replays a history together with the timers that its effects set and drop. `None` for one that
/// does not start with a submission.
pub(super) fn replay(
    id: CaseId,
    events: &[Event],
    definitions: Definitions<'_>,
    calendar: &Calendar,
) -> Option<(Case, Timers)> {
    let (first, rest) = events.split_first()?;
    let mut case = case::born(id, first)?;
    let mut timers = Timers(BTreeMap::new());
    timers.follow(None, &case, first, calendar);
    for event in rest {
        let was = case.business;
        case::apply(&mut case, event, definitions);
        timers.follow(Some(was), &case, event, calendar);
    }
    Some((case, timers))
}

impl Timers {
    fn follow(&mut self, was: Option<Business>, case: &Case, event: &Event, calendar: &Calendar) {
        for change in case::effects(was, case, event, calendar).timers {
            match change {
                TimerChange::Set { kind, token, due_at } => {
                    let recorded = matches!(event, Event::Upkeep(_));
                    let exact = (kind != "process" || recorded).then_some(due_at);
                    self.0.insert((kind.to_owned(), token), Left { seq: case.seq, exact });
                }
                TimerChange::Drop { kind, token } => {
                    self.0.remove(&(kind.to_owned(), token));
                }
                TimerChange::Renumber { nodes } => self.renumber(&nodes, case.seq),
                TimerChange::DropAll => self.0.clear(),
            }
        }
    }

    /// As the store carries it out: all that change their key leave before any comes.
    fn renumber(&mut self, nodes: &[(NodeIx, NodeIx)], seq: u64) {
        let mut moved = Vec::new();
        for key in self.0.keys().filter(|(kind, _)| kind == "process") {
            let token = case::renumbered_key(&key.1, nodes);
            if token != key.1 {
                moved.push((key.clone(), token));
            }
        }
        for (key, _) in &moved {
            self.0.remove(key);
        }
        for ((kind, _), token) in moved {
            self.0.insert((kind, token), Left { seq, exact: None });
        }
    }

    /// The first row of a case that is not one of these, or the first of these without a row.
    ///
    /// The date of a process timer is held by the row's id and not derived again: the calendar may
    /// have been amended since it was set, and the timer keeps its date then. One that ran on or
    /// moved has its date in the journal.
    pub(super) fn difference(
        &self,
        query: &mut impl Query,
        case: &Case,
    ) -> Result<Option<String>, StoreError> {
        let found = timers::by_case(query, case.id.0)?;
        for row in &found {
            let (kind, token) = (&row.kind, &row.token);
            let Some(left) = self.0.get(&(kind.clone(), token.clone())) else {
                return Ok(Some(format!("{kind} {token} follows from no event")));
            };
            let put_off = row.id == timers::put_off_id(row);
            let set = row.id == timers::set_id(row, left.seq)
                && left.exact.is_none_or(|exact| exact.0 == row.due_at_ms);
            if !put_off && !set {
                return Ok(Some(format!("{kind} {token}: its date or id was altered")));
            }
        }
        // While a withdrawal is open the wait before acceptance and the end of a suspension ring in
        // vain; a task that is gone or not in work is lent to nobody.
        let rung = |kind: &str| {
            matches!(kind, "supplement" | "suspension") && case.business == Business::WithdrawReq
                || kind == "delegation"
        };
        let missing = self.0.keys().find(|(kind, token)| {
            !rung(kind) && !found.iter().any(|row| row.kind == *kind && row.token == *token)
        });
        Ok(missing.map(|(kind, token)| format!("{kind} {token} is missing")))
    }
}

/// A table that is walked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Table {
    Counters,
    Timers,
    Running,
    Parties,
    Words,
}

/// Where the walk through the tables beside the cases stands. It goes page by page, so that each
/// read is of bounded length.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beside {
    ledger: Ledger,
    table: Table,
    /// The row after which the next page starts.
    place: (String, String, u64),
    timer: (i64, Uuid),
    rows: u64,
    /// There are rows too many: the walk looks at each of them.
    naming: bool,
}

impl Beside {
    /// Before the first row.
    #[must_use]
    pub fn new(ledger: Ledger) -> Self {
        Self {
            ledger,
            table: Table::Counters,
            place: start(),
            timer: (i64::MIN, Uuid::nil()),
            rows: 0,
            naming: false,
        }
    }

    fn turn_to(&mut self, table: Table, naming: bool) {
        (self.table, self.naming, self.rows) = (table, naming, 0);
        self.place = start();
    }

    /// Proves one more page. `false` once everything is proven.
    ///
    /// # Errors
    /// The first finding.
    pub fn step(&mut self, query: &mut impl Query) -> Result<bool, Finding> {
        match self.table {
            Table::Counters => self.counters(query),
            Table::Timers => self.timers(query),
            Table::Running => self.running(query),
            Table::Parties | Table::Words => self.listings(query),
        }
    }

    fn counters(&mut self, query: &mut impl Query) -> Result<bool, Finding> {
        let after = values![&self.place.0, &self.place.1, bounds::LIST_MAX];
        let page = query.query(&COUNTERS, after, triple)?;
        let wrong = |(desk, day): (String, String), what| Finding::Counter { desk, day, what };
        if page.is_empty() {
            if let Some((day, _)) = self.ledger.numbers.pop_first() {
                return Err(wrong(day, "the row is missing".to_owned()));
            }
            self.turn_to(Table::Timers, false);
            return Ok(true);
        }
        for (desk, day, last) in page {
            self.place = (desk.clone(), day.clone(), 0);
            let (highest, given) =
                self.ledger.numbers.remove(&(desk.clone(), day.clone())).unwrap_or_default();
            if u64::from(highest) != last {
                let what = format!("expected {highest}, the highest in the journal, found {last}");
                return Err(wrong((desk, day), what));
            }
            if highest != given {
                let what = format!("{highest} numbers were drawn, {given} cases carry one");
                return Err(wrong((desk, day), what));
            }
        }
        Ok(true)
    }

    /// Timers of cases were compared with their cases; here those of no case come out.
    fn timers(&mut self, query: &mut impl Query) -> Result<bool, Finding> {
        let page = timers::page_after(query, self.timer)?;
        let Some(last) = page.last() else {
            self.turn_to(Table::Running, false);
            return Ok(true);
        };
        self.timer = (last.due_at_ms, last.id);
        for Timer { case_id, kind, .. } in page {
            if rows::by_id(query, case_id)?.is_none() {
                let what = format!("{kind}: there is no such case");
                return Err(Finding::Row { table: "timer", case: case_id.to_string(), what });
            }
        }
        Ok(true)
    }

    /// Cases that run were looked up by themselves; here those come out that do not.
    fn running(&mut self, query: &mut impl Query) -> Result<bool, Finding> {
        let (process, version, number) = (&self.place.0, &self.place.1, self.place.2);
        let after = (process.as_str(), version.parse().unwrap_or(0), number);
        let page = running::page_after(query, after)?;
        let Some((process, version, number)) = page.last().cloned() else {
            if self.rows == self.ledger.running {
                self.turn_to(Table::Parties, false);
                return Ok(true);
            }
            let what = format!("expected {} rows, found {}", self.ledger.running, self.rows);
            return Err(Finding::Row { table: "case_process", case: "-".to_owned(), what });
        };
        self.rows += page.len() as u64;
        self.place = (process, version.to_string(), number);
        for (process, version, number) in page {
            let stored = rows::by_number(query, number)?;
            let case = stored.as_ref().map(|s| &s.case);
            if !case.is_some_and(|c| c.is_running() && c.process_version == version) {
                let name = case.map_or_else(|| format!("number {number}"), |c| c.name().to_owned());
                let what = format!("it does not run on {process} {version}");
                return Err(Finding::Row { table: "case_process", case: name, what });
            }
        }
        Ok(true)
    }

    fn listings(&mut self, query: &mut impl Query) -> Result<bool, Finding> {
        let (unit, word, number) = (&self.place.0, &self.place.1, self.place.2);
        let (page, table, expected) = if self.table == Table::Parties {
            let after = values![unit, number, bounds::WALK_PAGE];
            (query.query(&PARTIES, after, triple)?, "case_party", self.ledger.parties)
        } else {
            let after = values![unit, word, number, bounds::WALK_PAGE];
            (query.query(&WORDS, after, triple)?, "case_word", self.ledger.words)
        };
        let Some(last) = page.last().cloned() else {
            return self.listings_end(table, expected);
        };
        self.rows += page.len() as u64;
        self.place = last;
        if self.naming {
            for (unit, word, number) in page {
                if let Some(case) = stray(query, &unit, &word, number)? {
                    let what = format!("a row under {unit} belongs to no unit or name of the case");
                    return Err(Finding::Row { table, case, what });
                }
            }
        }
        Ok(true)
    }

    /// All rows that the cases ask for are there; if there are more, a second walk names one.
    fn listings_end(&mut self, table: &'static str, expected: u64) -> Result<bool, Finding> {
        if self.rows == expected {
            let more = self.table == Table::Parties;
            self.turn_to(Table::Words, false);
            return Ok(more);
        }
        if !self.naming {
            self.turn_to(self.table, true);
            return Ok(true);
        }
        let what = format!("expected {expected} rows, found {}", self.rows);
        Err(Finding::Row { table, case: "-".to_owned(), what })
    }
}

/// Before the first row of a table.
fn start() -> (String, String, u64) {
    (String::new(), String::new(), 0)
}

fn triple(row: &Row<'_>) -> Result<(String, String, u64), StoreError> {
    Ok((row.text(0)?, row.text(1)?, row.count(2)?))
}

/// The name of the case that a row belongs to, if the row should not be there.
fn stray(
    query: &mut impl Query,
    unit: &str,
    word: &str,
    number: u64,
) -> Result<Option<String>, StoreError> {
    let Some(Stored { case, .. }) = rows::by_number(query, number)? else {
        return Ok(Some(format!("number {number}")));
    };
    let mut keys = rows::listed_under(&case);
    if !word.is_empty() {
        keys.push(EVERYONE.to_owned());
    }
    let named = word.is_empty() || erase::words_of(query, &case)?.iter().any(|w| w == word);
    let fits = named && keys.iter().any(|key| key == unit);
    Ok((!fits).then(|| case.name().to_owned()))
}
