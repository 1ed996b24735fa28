//! What stands on a case page beside its history: facts, papers with files, the steps of the
//! process,
//! linked cases.

use super::{HOME, sight};
use crate::app::Officer;
use crate::papers_issued::Issued;
use crate::papers_of;
use crate::view::{self, Names};
use chrono::Datelike;
use kernel::calendar::Date;
use kernel::case::{self, Case, DeliveryState, Event, Finance, SyncState};
use kernel::catalogue::Catalogue;
use kernel::ids::CaseId;
use kernel::people::{Born, Party, mask};
use kernel::procedure::AnswerKind;
use kit::pieces::{Step, StepLine, StepState, Tag, Tone};
use kit::{T, When};
use process::NodeKind;
use store::cases::{self, HistoryEntry};
use store::{Query, StoreError};

/// One line of the list of facts.
pub(super) struct Fact {
    pub(super) what: String,
    pub(super) value: String,
}

/// A file of a paper.
pub(super) struct FileLink {
    pub(super) href: String,
    pub(super) name: String,
}

/// A paper of the edition with what was handed in.
pub(super) struct PaperRow {
    pub(super) name: String,
    pub(super) count: u16,
    pub(super) missing: bool,
    pub(super) files: Vec<FileLink>,
}

/// A linked case.
pub(super) struct Relative {
    pub(super) href: String,
    pub(super) code: String,
    pub(super) unit: String,
    pub(super) tag: Tag,
}

/// Names of the files of a case, in the order in which they are numbered.
///
/// # Errors
/// What the store says.
pub(super) fn file_names(query: &mut impl Query, case: &Case) -> Result<Vec<String>, StoreError> {
    let files = papers_of::file_names(query, &case.papers)?;
    Ok(files.into_iter().map(|(.., name)| name.unwrap_or_default()).collect())
}

/// The papers of the edition with what was handed in.
pub(super) fn papers(catalogue: &Catalogue, t: T, case: &Case, names: &[String]) -> Vec<PaperRow> {
    let edition = catalogue.edition(&case.procedure, case.edition);
    let mut rows = Vec::new();
    let mut numbered: Vec<(u16, FileLink)> = Vec::new();
    let files = case.papers.iter().flat_map(|p| p.files.iter().map(|_| p.no));
    for (n, no) in files.enumerate() {
        let name = names.get(n).filter(|name| !name.is_empty()).cloned();
        let name = name.unwrap_or_else(|| t.s("desk-erased"));
        numbered.push((no, FileLink { href: format!("{HOME}/ho-so/{}/tep/{n}", case.id), name }));
    }
    for paper in edition.map(|e| e.papers.as_slice()).unwrap_or_default() {
        let count = case.papers.iter().find(|p| p.no == paper.no).map_or(0, |p| p.count);
        let (mine, others): (Vec<_>, Vec<_>) =
            numbered.into_iter().partition(|(no, _)| *no == paper.no);
        numbered = others;
        let files: Vec<FileLink> = mine.into_iter().map(|(_, file)| file).collect();
        let missing = paper.required && count == 0 && files.is_empty();
        rows.push(PaperRow { name: paper.name.clone(), count, missing, files });
    }
    rows
}

/// A paper that can be printed.
pub(super) struct Print {
    pub(super) href: String,
    pub(super) name: String,
    /// When it was issued; empty for one that is drawn as the case stands.
    pub(super) when: String,
}

/// The papers of a case: the slip, what single events gave, the control slip.
pub(super) fn prints(t: T, case: &Case, history: &[HistoryEntry], now: When) -> Vec<Print> {
    let home = format!("{HOME}/ho-so/{}", case.id);
    let whole = |path: &str, key: &str| Print {
        href: format!("{home}/{path}"),
        name: t.s(key),
        when: String::new(),
    };
    let accepted = case.code.is_some() && case.parent.is_none();
    let stands = accepted && case.business != kernel::case::Business::Voided;
    let mut prints = Vec::new();
    prints.extend(stands.then(|| whole("mau-01.pdf", "desk-form01")));
    for entry in history {
        let Some(issued) = Issued::of(&entry.event) else { continue };
        prints.push(Print {
            href: format!("{home}/giay/{}", entry.seq),
            name: t.s(issued.key()),
            when: t.moment(view::when(entry.event.at()), now),
        });
    }
    prints.extend(accepted.then(|| whole("phieu-kiem-soat.pdf", "paper-control-slip")));
    prints
}

/// The accounts that the facts of a case name.
pub(super) fn named(case: &Case) -> Vec<&str> {
    let mut all: Vec<&str> = case.officer.iter().map(|o| o.as_str()).collect();
    all.extend(case.ops.helpers.iter().map(|helper| helper.officer.as_str()));
    for hold in &case.ops.holds {
        all.extend(hold.by.iter().map(|o| o.as_str()));
        all.extend(hold.lent.iter().map(|lent| lent.to.as_str()));
    }
    all
}

/// The facts of a case; numbers are masked unless they were asked for.
pub(super) fn facts(
    catalogue: &Catalogue,
    t: T,
    case: &Case,
    party: Option<&Party>,
    (answers, open): (&[(String, String)], bool),
    names: &Names,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut add = |key: &str, value: String| {
        if !value.is_empty() {
            facts.push(Fact { what: t.s(key), value });
        }
    };
    let edition = format!("{} · {}", case.procedure, t.a1("desk-fact-edition", "n", case.edition));
    add("desk-fact-procedure", edition);
    match party {
        None => add("desk-fact-applicant", t.s("desk-erased")),
        Some(party) => {
            let shown = |n: &Option<String>| {
                n.as_ref().map(|n| if open { n.clone() } else { mask(n) }).unwrap_or_default()
            };
            add("desk-fact-applicant", party.name.clone());
            add("desk-fact-born", party.born.map(|b| born(t, b, open)).unwrap_or_default());
            add("desk-fact-number", shown(&party.number));
            add("desk-fact-phone", shown(&party.phone));
            add(
                "desk-fact-email",
                if open { party.email.clone().unwrap_or_default() } else { String::new() },
            );
            add("desk-fact-address", party.address.clone().unwrap_or_default());
        }
    }
    let source = t.s(&format!("desk-source-{}", source_key(case)));
    add("desk-fact-source", source);
    add("desk-fact-desk", view::unit(catalogue, t, &case.desk));
    add("desk-fact-decides", view::unit(catalogue, t, &case.decided_by));
    add(
        "desk-fact-officer",
        case.officer.as_ref().map(|o| names.of(t, o.as_str())).unwrap_or_default(),
    );
    for hold in &case.ops.holds {
        add(
            "desk-fact-holder",
            hold.by.as_ref().map(|o| names.of(t, o.as_str())).unwrap_or_default(),
        );
        if let Some(lent) = &hold.lent {
            let name = names.of(t, lent.to.as_str());
            let until = view::day(t, lent.until);
            add("desk-fact-lent", t.a2("desk-fact-lent-until", "name", name, "when", until));
        }
    }
    let helpers = case.ops.helpers.iter().map(|h| names.of(t, h.officer.as_str()));
    add("desk-fact-helpers", helpers.collect::<Vec<_>>().join(", "));
    add("desk-fact-result", case.result_number.clone().unwrap_or_default());
    if case.late_entry {
        add("desk-fact-late-entry", t.s("yes"));
    }
    facts.extend(answered(catalogue, t, case, (answers, open)));
    facts
}

fn born(t: T, born: Born, open: bool) -> String {
    match born {
        Born::On(date) if open => {
            t.date_plain(view::when(kernel::calendar::Instant::at(date, 0, 0)))
        }
        Born::On(date) => date.year().to_string(),
        Born::Year(year) => year.to_string(),
    }
}

/// The answers of the application; dates as people write them, identity numbers masked until open.
fn answered(
    catalogue: &Catalogue,
    t: T,
    case: &Case,
    (answers, open): (&[(String, String)], bool),
) -> Vec<Fact> {
    let edition = catalogue.edition(&case.procedure, case.edition);
    let form = edition.and_then(|e| catalogue.form_of(e));
    let fact = |(key, value): &(String, String)| {
        let field = form.and_then(|f| f.fields.iter().find(|field| field.key == *key));
        let what = field.map(|f| view::in_language(t, &f.label, &f.label_en));
        let choice = field.and_then(|f| f.choices.iter().find(|(k, ..)| k == value));
        let value = match (choice, field.map(|f| f.kind)) {
            (Some((_, vi, en)), _) => view::in_language(t, vi, en),
            (None, Some(AnswerKind::Date)) => date_words(t, value),
            (None, Some(AnswerKind::Identity)) if !open => mask(value),
            _ => value.clone(),
        };
        Fact { what: what.unwrap_or_else(|| key.clone()), value }
    };
    answers.iter().map(fact).collect()
}

/// A kept answer "2019-04-25" as "25/4/2019"; anything else as it is.
fn date_words(t: T, value: &str) -> String {
    use kernel::calendar::{Date, Instant};
    value
        .parse::<Date>()
        .map_or_else(|_| value.to_owned(), |date| t.date_plain(view::when(Instant::at(date, 0, 0))))
}

fn source_key(case: &Case) -> &'static str {
    use kernel::case::Source;
    match case.source {
        Source::Counter => "counter",
        Source::Portal => "portal",
        Source::NationalPortal => "national-portal",
        Source::Post => "post",
        Source::Parent => "parent",
    }
}

/// The four axes: business, money, delivery, telling the national portal.
pub(super) fn axes(catalogue: &Catalogue, t: T, case: &Case) -> Vec<(String, Tag)> {
    let mut axes = vec![(t.s("desk-axis-business"), view::state_tag(t, case))];
    let word = t.s(&format!("desk-finance-{}", case.finance.as_str()));
    let edition = catalogue.edition(&case.procedure, case.edition);
    let (tone, money) = match case.finance {
        Finance::Due | Finance::Partly => {
            (Tone::Wait, format!("{word} {}", t.money((case.fee_vnd - case.paid_vnd).max(0))))
        }
        Finance::Paid => (Tone::Ok, format!("{word} {}", t.money(case.paid_vnd))),
        Finance::None if edition.is_some_and(|e| view::fee_is_unknown(e, case)) => {
            (Tone::New, t.s("desk-money-unknown"))
        }
        _ => (Tone::Ok, word),
    };
    axes.push((t.s("desk-axis-finance"), Tag::new(tone, money)));
    let how = t.s(&format!("desk-delivery-{}", case.delivery.as_str()));
    let (tone, state) = match case.delivery_state {
        DeliveryState::None => (Tone::New, "none"),
        DeliveryState::Created => (Tone::Work, "created"),
        DeliveryState::Collected => (Tone::Work, "collected"),
        DeliveryState::Failed(_) => (Tone::Late, "failed"),
        DeliveryState::Delivered => (Tone::Ok, "delivered"),
        DeliveryState::Returned => (Tone::Soon, "returned"),
    };
    let state = t.s(&format!("desk-delivery-state-{state}"));
    axes.push((t.s("desk-axis-delivery"), Tag::new(tone, format!("{how}: {state}"))));
    for (_, state) in &case.sync {
        let (tone, key) = match state {
            SyncState::Queued => (Tone::New, "queued"),
            SyncState::Sent => (Tone::Work, "sent"),
            SyncState::Acked => (Tone::Ok, "acked"),
            SyncState::Error(_) => (Tone::Soon, "failed"),
            SyncState::Dead => (Tone::Late, "dead"),
        };
        let tag = Tag::new(tone, t.s(&format!("desk-outbox-{key}")));
        axes.push((t.s("desk-axis-sync"), tag));
    }
    axes
}

/// The steps of the process: done, in work, to come.
pub(super) fn steps(
    catalogue: &Catalogue,
    t: T,
    case: &Case,
    history: &[HistoryEntry],
    now: kit::When,
) -> Vec<Step> {
    let today = Date::from_ymd_opt(now.year, now.month.into(), now.day.into());
    let definition = catalogue.definition_of(case, today.unwrap_or_else(|| case.since.date()));
    let Some(definition) = definition else { return Vec::new() };
    let waits = |kind| {
        use NodeKind::{AdHoc, Receive, ServiceTask, UserTask};
        matches!(kind, UserTask | ServiceTask | Receive | AdHoc)
    };
    let places = case::places(case, definition);
    let mut steps = Vec::new();
    for (ix, node) in definition.nodes() {
        let open = places.iter().any(|(_, at, _)| *at == ix);
        // What happens by itself is told while the case waits for it.
        if !open && !waits(node.kind) {
            continue;
        }
        let last = history
            .iter()
            .rev()
            .find(|entry| matches!(&entry.event, Event::TaskDone { task, .. } if *task == node.id));
        let state = match (open && !case.business.is_terminal(), last) {
            (true, _) => StepState::Now,
            (false, Some(_)) => StepState::Done,
            (false, None) => StepState::Next,
        };
        let at = match state {
            StepState::Now => Some(view::when(case.since)),
            StepState::Done => last.map(|entry| view::when(entry.event.at())),
            StepState::Next => None,
        };
        let line = at.map(|at| StepLine {
            machine: at.machine(),
            when: t.moment(at, now),
            ..StepLine::default()
        });
        let kind = node.task_kind.as_deref().or(node.job.as_deref());
        let what = view::task_name(t, &node.name, kind);
        steps.push(Step { state, what, lines: line.into_iter().collect() });
    }
    steps
}

/// The cases that this one asked, and the one that asked it; only those the officer may see lead
/// on.
///
/// # Errors
/// What the store says.
pub(super) fn relatives(
    query: &mut impl Query,
    catalogue: &Catalogue,
    officer: &Officer,
    case: &Case,
    (t, today): (T, Date),
) -> Result<Vec<Relative>, StoreError> {
    let mut ids: Vec<CaseId> = case.parent.iter().map(|p| p.case).collect();
    ids.extend(case.children.iter().map(|child| child.case));
    let mut relatives = Vec::new();
    for id in ids {
        let Some(found) = cases::by_id(query, id.0)? else { continue };
        let theirs =
            sight::sight(catalogue, officer, &found.case, today) == Some(sight::Sight::Whole);
        relatives.push(Relative {
            href: if theirs { format!("{HOME}/ho-so/{id}") } else { String::new() },
            code: found.case.name().to_owned(),
            unit: view::unit(catalogue, t, &found.case.decided_by),
            tag: view::state_tag(t, &found.case),
        });
    }
    Ok(relatives)
}
