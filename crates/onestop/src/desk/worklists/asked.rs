//! What the address of a list asks for, and the address of what is asked: filters that combine, so
//! that a list can be linked, saved and exported as it is shown.

use super::super::{HOME, shell};
use crate::app::{App, Officer};
use kernel::calendar::Instant;
use kernel::case::{Bucket, Delivery, Source};
use kernel::catalogue::Catalogue;
use kernel::org::Role;
use kit::Entries;
use store::cases::{Count, Cursor, DueBy, Filter, Scope};

/// Longest words of the filter, in characters.
const WORDS_CHARS_MAX: usize = 100;
/// Most days for which a case may be asked to be silent.
const SILENT_DAYS_MAX: u32 = 365;
/// Working days from today on that count as soon.
const SOON_DAYS: i64 = 2;
/// Days that are looked through for them.
const SOON_LOOK_DAYS: i64 = 30;
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// Which list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum ListOf {
    /// One.
    One(Bucket),
    /// All of them together.
    All,
    /// Cases that were stopped.
    Stopped,
}

impl ListOf {
    /// Key in addresses.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::One(bucket) => bucket.as_str(),
            Self::All => "tat-ca",
            Self::Stopped => "da-dung",
        }
    }

    fn from_key(key: &str) -> Option<Self> {
        match key {
            "tat-ca" => Some(Self::All),
            "da-dung" => Some(Self::Stopped),
            key => Bucket::from_key(key).map(Self::One),
        }
    }
}

/// How the date stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Due {
    Any,
    Late,
    Soon,
}

impl Due {
    /// All, in the order of the page.
    pub(super) const ALL: [Self; 3] = [Self::Any, Self::Late, Self::Soon];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Late => "tre",
            Self::Soon => "sap",
        }
    }
}

/// Ways in, as people tell them apart: key, sources.
pub(super) const WAYS: [(&str, &[Source]); 3] = [
    ("counter", &[Source::Counter]),
    ("online", &[Source::Portal, Source::NationalPortal]),
    ("post", &[Source::Post]),
];

/// Ways out.
pub(super) const WAYS_OUT: [Delivery; 3] = [Delivery::Counter, Delivery::Online, Delivery::Post];

/// What the address asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Asked {
    pub(super) list: ListOf,
    pub(super) scope: Scope,
    pub(super) due: Due,
    pub(super) ways: Vec<&'static str>,
    pub(super) delivery: Option<Delivery>,
    pub(super) silent_days: u32,
    pub(super) words: String,
    pub(super) after: Cursor,
    pub(super) before: u64,
    /// The place in the list of stopped cases.
    pub(super) stopped_before: Option<u64>,
    /// All boxes of the page are ticked.
    pub(super) ticked: bool,
}

impl Asked {
    /// Reads an address; without a list it is the one that the person finds first.
    pub(super) fn of(query: &Entries, officer: &Officer, around: &shell::Around) -> Self {
        let scope = match query.text("cua") {
            "toi" => Some(Scope::Mine),
            "don-vi" => Some(Scope::Unit),
            "thay" => Some(Scope::Lent),
            _ => None,
        };
        let (list, scope) = match (ListOf::from_key(query.text("nhom")), scope) {
            (Some(list), Some(scope)) => (list, scope),
            (Some(list), None) => (list, Scope::Unit),
            // Whoever asks for lent work without a list wants all of it.
            (None, Some(Scope::Lent)) => (ListOf::All, Scope::Lent),
            _ => first(officer, around),
        };
        let due = Due::ALL.into_iter().find(|due| due.key() == query.text("han"));
        let way = |(key, _): &(&'static str, _)| query.has("qua", key).then_some(*key);
        let delivery = |one: &Delivery| one.as_str() == query.text("tra");
        let days = query.text("im").parse::<u32>().unwrap_or(0);
        Self {
            list,
            scope,
            due: due.unwrap_or(Due::Any),
            ways: WAYS.iter().filter_map(way).collect(),
            delivery: WAYS_OUT.into_iter().find(delivery),
            silent_days: days.min(SILENT_DAYS_MAX),
            words: query.text("tu").chars().take(WORDS_CHARS_MAX).collect(),
            after: query.get("sau").map_or(Cursor::START, Cursor::decode),
            before: query.text("tu-dong").parse().unwrap_or(0),
            stopped_before: query.text("truoc").parse().ok(),
            ticked: query.has("chon", "1"),
        }
    }

    /// Whether it is one whole list, which is counted.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.list, ListOf::One(_))
            && self.scope != Scope::Lent
            && self.due == Due::Any
            && !self.is_narrowed()
    }

    /// Whether conditions beside list, scope and date hold.
    pub(super) fn is_narrowed(&self) -> bool {
        !self.ways.is_empty()
            || self.delivery.is_some()
            || self.silent_days > 0
            || !self.words.is_empty()
    }

    /// The address without place and words: what a saved view keeps.
    pub(super) fn view(&self) -> String {
        let mut text = format!("nhom={}&cua={}", self.list.key(), shell::scope_key(self.scope));
        if self.due != Due::Any {
            text.push_str(&format!("&han={}", self.due.key()));
        }
        for way in &self.ways {
            text.push_str(&format!("&qua={way}"));
        }
        if let Some(delivery) = self.delivery {
            text.push_str(&format!("&tra={}", delivery.as_str()));
        }
        if self.silent_days > 0 {
            text.push_str(&format!("&im={}", self.silent_days));
        }
        text
    }

    /// The same with the words.
    pub(super) fn query(&self) -> String {
        let mut text = self.view();
        if !self.words.is_empty() {
            text.push_str(&format!("&tu={}", encoded(&self.words)));
        }
        text
    }

    /// The address.
    pub(super) fn href(&self) -> String {
        format!("{HOME}?{}", self.query())
    }

    /// The same in another scope.
    pub(super) fn in_scope(&self, scope: Scope) -> String {
        Self { scope, ..self.clone() }.href()
    }

    /// The same with another standing of dates.
    pub(super) fn with_due(&self, due: Due) -> String {
        Self { due, ..self.clone() }.href()
    }

    /// The filter for the store.
    pub(super) fn filter(&self, app: &App) -> Filter {
        let (now, catalogue) = (app.now(), app.catalogue());
        let sources = WAYS.iter().filter(|(key, _)| self.ways.contains(key));
        Filter {
            buckets: match self.list {
                ListOf::One(bucket) => vec![bucket],
                ListOf::All | ListOf::Stopped => Vec::new(),
            },
            due: match self.due {
                Due::Any => DueBy::Any,
                Due::Late => DueBy::Late(now),
                Due::Soon => DueBy::Soon(now, soon(&catalogue, now)),
            },
            sources: sources.flat_map(|(_, all)| all.iter().copied()).collect(),
            delivery: self.delivery,
            silent_since: (self.silent_days > 0)
                .then(|| Instant(now.0 - i64::from(self.silent_days) * DAY_MS)),
        }
    }

    /// The filter as the access record keeps it, the words aside.
    pub(super) fn recorded(&self) -> String {
        self.view().replace('&', " ")
    }
}

/// The end of the last day that counts as soon.
fn soon(catalogue: &Catalogue, now: Instant) -> Instant {
    let (calendar, today) = (catalogue.calendar(), now.date());
    let mut day = today;
    for _ in 0..SOON_LOOK_DAYS {
        let Some(next) = day.succ_opt() else { break };
        if calendar.working_days_between(today, next) > SOON_DAYS {
            break;
        }
        day = next;
    }
    Instant(Instant::at(day, 0, 0).0 + DAY_MS - 1)
}

/// The list that a person finds first: their own work, else the first of the unit that has any.
fn first(officer: &Officer, around: &shell::Around) -> (ListOf, Scope) {
    let filled = |lists: &[(Bucket, Count)]| {
        lists.iter().find(|(_, count)| count.all > 0).map(|(bucket, _)| *bucket)
    };
    let own = officer.actor.has_role(Role::CaseOfficer);
    let (bucket, scope) = match (filled(&around.mine), filled(&around.unit)) {
        (Some(bucket), _) if own => (bucket, Scope::Mine),
        (_, Some(bucket)) => (bucket, Scope::Unit),
        _ if own => (Bucket::InWork, Scope::Mine),
        _ if officer.actor.has_role(Role::PostOfficer) => (Bucket::ByPost, Scope::Unit),
        _ if officer.actor.has_role(Role::DeskOfficer) => (Bucket::ToAccept, Scope::Unit),
        _ => (Bucket::InWork, Scope::Unit),
    };
    (ListOf::One(bucket), scope)
}

/// Percent-encoded for an address.
fn encoded(text: &str) -> String {
    let encode = |byte: u8| {
        if byte.is_ascii_alphanumeric() {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(encode).collect()
}

/// The list to which a form leads back: only one of ours.
pub(super) fn back(entries: &Entries) -> String {
    let query = entries.text("ve");
    let good = query.len() <= store::bounds::VIEW_QUERY_CHARS_MAX * 2
        && query.bytes().all(|b| b.is_ascii_alphanumeric() || b"=&-%".contains(&b));
    if query.is_empty() || !good { HOME.to_owned() } else { format!("{HOME}?{query}") }
}
