//! Lists: keyset paging ("after this row"), sortable heads, honest counts.

use askama::Template;
use askama::filters::HtmlSafe;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::limits;
use crate::texts::T;

/// Parts of a token are apart by a character that no value contains.
const SEPARATOR: char = '\u{1f}';

/// Where a page of a list begins: the sort values of the last row before it. Anybody can write
/// one, so its parts are bound as parameters and never trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub Vec<String>);

impl Cursor {
    /// A token for an address.
    pub fn token(&self) -> String {
        let parts: Vec<String> = self.0.iter().map(|part| part.replace(SEPARATOR, " ")).collect();
        URL_SAFE_NO_PAD.encode(parts.join(&SEPARATOR.to_string()))
    }

    /// A token as sent, with the number of parts the list sorts by; `None` when it is not one.
    pub fn parse(token: &str, parts: usize) -> Option<Cursor> {
        if token.len() > limits::CURSOR_MAX_BYTES {
            return None;
        }
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
        let found: Vec<String> = text.split(SEPARATOR).map(str::to_owned).collect();
        (found.len() == parts).then_some(Cursor(found))
    }
}

/// How many rows a list has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// Counted.
    Exact(u64),
    /// More than were counted.
    MoreThan(u64),
}

impl Total {
    /// From a count that stopped at `COUNT_EXACT_MAX + 1`.
    pub fn counted(rows: u64) -> Total {
        if rows > limits::COUNT_EXACT_MAX {
            Total::MoreThan(limits::COUNT_EXACT_MAX)
        } else {
            Total::Exact(rows)
        }
    }
}

/// Links to the pages before and after: `{{ pager }}`.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/pager.html")]
pub struct Pager {
    /// Texts.
    pub t: T,
    /// First row shown, from 1.
    pub from: u64,
    /// Last row shown.
    pub to: u64,
    /// Of how many.
    pub total: Total,
    /// Address of the page before.
    pub prev: Option<String>,
    /// Address of the page after.
    pub next: Option<String>,
}

impl HtmlSafe for Pager {}

impl Pager {
    fn words(&self) -> String {
        let number = |value: u64| self.t.number(i64::try_from(value).unwrap_or(i64::MAX));
        let (key, total) = match self.total {
            Total::Exact(0) => return self.t.s("page-none"),
            Total::Exact(total) => ("page-of", total),
            Total::MoreThan(total) => ("page-more-than", total),
        };
        let (from, to, total) = (number(self.from), number(self.to), number(total));
        self.t.a(key, &[("from", &from), ("to", &to), ("total", &total)])
    }
}

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sorted {
    /// Not by this column.
    No,
    /// Smallest first.
    Up,
    /// Largest first.
    Down,
}

/// One column of a list's head.
#[derive(Debug, Clone)]
pub struct Column {
    /// Words.
    pub label: String,
    /// Width class, such as "w-code", may be empty.
    pub class: &'static str,
    /// Address that sorts by it, empty when it cannot be sorted.
    pub href: String,
    /// How it is sorted now.
    pub sort: Sorted,
    /// The column of boxes; its address answers with all of the page ticked.
    pub pick: bool,
}

impl Column {
    /// A column that is not sorted.
    pub fn new(label: impl Into<String>, class: &'static str) -> Column {
        let (label, href) = (label.into(), String::new());
        Column { label, class, href, sort: Sorted::No, pick: false }
    }

    /// Makes it sortable.
    #[must_use]
    pub fn sort(mut self, href: impl Into<String>, sort: Sorted) -> Column {
        (self.href, self.sort) = (href.into(), sort);
        self
    }

    /// The column of boxes; `href` answers with the whole page ticked.
    pub fn pick(t: T, href: impl Into<String>) -> Column {
        let column = Column::new(t.s("table-pick-page"), "w-pick");
        Column { pick: true, href: href.into(), ..column }
    }

    fn sorted(&self) -> Option<&'static str> {
        match self.sort {
            Sorted::No => None,
            Sorted::Up => Some("ascending"),
            Sorted::Down => Some("descending"),
        }
    }

    fn arrow(&self) -> &'static str {
        match self.sort {
            Sorted::No => "",
            Sorted::Up => " ▲",
            Sorted::Down => " ▼",
        }
    }
}

/// The head of `table.mc-table.mc-rows.mc-stack`: `{{ head }}`. Roles are written out because cards
/// on phones change `display`, which takes the table's own roles away.
#[derive(Debug, Clone, Template)]
#[template(path = "kit/table_head.html")]
pub struct TableHead {
    /// Columns in order.
    pub columns: Vec<Column>,
}

impl HtmlSafe for TableHead {}
