//! Rows of worklists with the people in them, and their cells in the columns that an officer chose.

use super::super::HOME;
use super::choice::Column as Chosen;
use crate::view::{self, Names};
use kernel::calendar::Instant;
use kernel::case::{Case, Source};
use kernel::catalogue::Catalogue;
use kit::T;
use kit::paging::{Column, Sorted, TableHead};
use kit::pieces::Tag;
use store::StoreError;
use store::cases::Listed;

/// One cell.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) label: String,
    pub(super) text: String,
    /// The instant for machines, if it is one.
    pub(super) machine: String,
    pub(super) tag: Option<Tag>,
}

/// One row, ready for the page.
pub(super) struct WorkRow {
    pub(super) id: String,
    pub(super) href: String,
    /// The part of a code that all cases of the desk share.
    pub(super) prefix: String,
    /// What differs.
    pub(super) code: String,
    pub(super) cells: Vec<Cell>,
}

impl WorkRow {
    /// The code whole.
    pub(super) fn whole(&self) -> String {
        format!("{}{}", self.prefix, self.code)
    }
}

/// Rows with what their page needs from the store.
pub(in super::super) struct Read {
    pub(in super::super) listed: Vec<Listed>,
    pub(in super::super) applicants: Vec<String>,
    pub(in super::super) names: Names,
}

/// Reads the applicants and holders of rows.
///
/// # Errors
/// What the store says.
pub(in super::super) fn with_people(
    reader: &mut store::Reader<'_>,
    listed: Vec<Listed>,
) -> Result<Read, StoreError> {
    let mut applicants = Vec::with_capacity(listed.len());
    for row in &listed {
        let party = view::applicant(reader, &row.stored.case)?;
        applicants.push(party.map(|p| p.name).unwrap_or_default());
    }
    let names = Names::read(reader, listed.iter().filter_map(|row| row.holder.as_deref()))?;
    Ok(Read { listed, applicants, names })
}

/// The head of the table. `pick` is the address of the same page with all boxes ticked; without
/// one there are no boxes.
pub(super) fn head(t: T, columns: &[Chosen], pick: Option<String>) -> TableHead {
    let mut all: Vec<Column> = pick.map(|href| Column::pick(t, href)).into_iter().collect();
    all.push(Column::new(t.s("desk-col-code"), "w-code"));
    all.extend(columns.iter().map(|chosen| {
        let mut column = Column::new(t.s(chosen.label()), chosen.width());
        if *chosen == Chosen::Due {
            column.sort = Sorted::Up;
        }
        column
    }));
    TableHead { columns: all }
}

/// Rows for the page.
pub(super) fn rows(
    catalogue: &Catalogue,
    t: T,
    read: &Read,
    columns: &[Chosen],
    now: Instant,
) -> Vec<WorkRow> {
    let pairs = read.listed.iter().zip(&read.applicants);
    let row = |(listed, name): (&Listed, &String)| {
        let case = &listed.stored.case;
        let (prefix, code) = split_code(case);
        let ground = Ground { catalogue, t, listed, name, names: &read.names, now };
        WorkRow {
            href: format!("{HOME}/ho-so/{}", case.id),
            id: case.id.to_string(),
            prefix,
            code,
            cells: columns.iter().map(|column| ground.cell(*column)).collect(),
        }
    };
    pairs.map(row).collect()
}

/// What cells are made from.
struct Ground<'a> {
    catalogue: &'a Catalogue,
    t: T,
    listed: &'a Listed,
    name: &'a str,
    names: &'a Names,
    now: Instant,
}

impl Ground<'_> {
    fn cell(&self, column: Chosen) -> Cell {
        let (t, case, catalogue) = (self.t, &self.listed.stored.case, self.catalogue);
        let label = t.s(column.label());
        let moment = |at: Instant| {
            let when = view::when(at);
            (t.short(when, view::when(self.now)), when.machine())
        };
        let (text, machine) = match column {
            Chosen::Procedure => (view::procedure_of(catalogue, t, case), String::new()),
            Chosen::Name if self.name.is_empty() => (t.s("desk-erased"), String::new()),
            Chosen::Name => (self.name.to_owned(), String::new()),
            Chosen::Step => (step(catalogue, t, self.listed), String::new()),
            Chosen::Holder => {
                let holder = self.listed.holder.as_deref().map(|h| self.names.of(t, h));
                let unit = || view::unit(catalogue, t, &self.listed.unit);
                let since = moment(self.listed.since).0;
                (format!("{since} · {}", holder.unwrap_or_else(unit)), String::new())
            }
            Chosen::Due => {
                self.listed.due_at.map_or_else(|| (t.s("desk-no-date"), String::new()), moment)
            }
            Chosen::Tag => {
                let due = self.listed.due_at;
                let tag = Some(view::due_tag(catalogue, t, case, due, self.now));
                return Cell { label, tag, ..Cell::default() };
            }
            Chosen::Source => (t.s(source_label(case.source)), String::new()),
            Chosen::Delivery => {
                (t.s(&format!("desk-delivery-{}", case.delivery.as_str())), String::new())
            }
            Chosen::Unit => (view::unit(catalogue, t, &case.decided_by), String::new()),
            Chosen::Submitted => moment(case.submitted_at),
        };
        Cell { label, text, machine, tag: None }
    }
}

/// The step at which a row stands, in words.
pub(super) fn step(catalogue: &Catalogue, t: T, listed: &Listed) -> String {
    let case = &listed.stored.case;
    if listed.task.is_empty() {
        view::state_tag(t, case).word
    } else {
        view::task(catalogue, t, case, &listed.task)
    }
}

/// The words of how a case came in.
fn source_label(source: Source) -> &'static str {
    match source {
        Source::Counter => "work-source-counter",
        Source::Portal | Source::NationalPortal => "work-source-online",
        Source::Post => "work-source-post",
        Source::Parent => "work-source-parent",
    }
}

/// A code in its shared and its own part; before there is one, the tracking number.
pub(in super::super) fn split_code(case: &Case) -> (String, String) {
    match case.code.as_deref().and_then(|code| code.split_once('-')) {
        Some((shared, own)) => (format!("{shared}-"), own.to_owned()),
        None => (String::new(), case.name().to_owned()),
    }
}
