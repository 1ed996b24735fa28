//! The page of one migration: its plan over both drawings, the dry run, the move, its taking back.

use super::migrate::list_href;
use super::migrate_plan::{Between, PlanRow, TargetForm, Version, called};
use super::{Svg, drawn, may, migration_href, version_href};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::seen;
use crate::view::{self, Names};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::access::{ProcessAction, RowFilter, sees};
use kernel::calendar::Instant;
use kernel::procedure::ProcessEdition;
use kit::pieces::{Tag, Tone};
use kit::{Entries, Faults, Field, Page, Refused, T, Visit};
use process::Model;
use process::diagram::Highlights;
use process::table::Table;
use std::collections::HashMap;
use std::sync::Arc;
use store::cases::{self, CaseError};
use store::process_migrations::{self, Example, Migration, Revertible, Run, State};
use store::{Query, StoreError};
use uuid::Uuid;

/// Cases that stay and are named on the page, of those that the person may see.
const EXAMPLES_SHOWN: usize = 20;

/// What of the page is open, and what a form could not do.
#[derive(Default)]
pub(super) struct Shown {
    /// The element whose target is being chosen.
    pub(super) element: String,
    pub(super) faults: Faults,
    pub(super) status: StatusCode,
    pub(super) refusal: String,
}

/// A case that stays.
struct ExampleRow {
    href: String,
    code: String,
    why: String,
}

/// How many stay for one reason at one element.
struct ReasonRow {
    why: String,
    element: String,
    cases: u64,
}

/// One run with what it came to.
struct RunView {
    title: String,
    who: String,
    said: String,
    counts: String,
    reasons: Vec<ReasonRow>,
    examples: Vec<ExampleRow>,
}

#[derive(Template)]
#[template(path = "desk/process_migration.html")]
struct MigrationPage {
    page: Page,
    list: String,
    list_title: String,
    to: String,
    rev: u64,
    title: String,
    state: Tag,
    /// Two versions: address and words.
    versions: [(String, String); 2],
    refusal: String,
    /// The worker is at it: what it has seen so far.
    progress: String,
    runs: Vec<RunView>,
    missing: String,
    rows: Vec<PlanRow>,
    form: Option<TargetForm>,
    old: Svg,
    new: Svg,
    may_check: bool,
    apply: Option<[Field; 3]>,
    revert: Option<[Field; 2]>,
    back: String,
    may_cancel: bool,
}

/// The word of a state.
pub(super) fn state_tag(t: T, state: State) -> Tag {
    let tone = match state {
        State::Draft => Tone::New,
        State::Checking | State::Applying | State::Reverting => Tone::Work,
        State::Checked => Tone::Soon,
        State::Applied => Tone::Ok,
        State::Reverted | State::Cancelled => Tone::Stop,
    };
    Tag::new(tone, t.s(&format!("process-migration-state-{}", state.key())))
}

/// The title of a migration.
pub(super) fn title(t: T, (from, to): (u32, u32)) -> String {
    t.a("process-migration-title", &[("from", &u64::from(from)), ("to", &u64::from(to))])
}

/// What the page reads.
struct Read {
    migration: Migration,
    names: Names,
    /// Cases that stay and that the person may see: number, id, code.
    named: HashMap<u64, (Uuid, String)>,
    /// How many could be taken back, once it is carried out.
    back: Option<Revertible>,
}

async fn read(app: &App, officer: &Officer, id: Uuid) -> Result<Read, Refused> {
    let (catalogue, filter) = (app.catalogue(), officer.filter(app));
    let read = app.read(move |reader| {
        let migration = process_migrations::by_id(reader, id)?.ok_or(CaseError::NotFound)?;
        let runs = &migration.runs;
        let all = [&runs.check, &runs.apply, &runs.revert];
        let people = all.into_iter().flatten().map(|run| run.by.as_str());
        let names = Names::read(reader, people)?;
        let mut named = HashMap::new();
        for run in all.into_iter().flatten() {
            named_in(reader, &filter, &run.examples, &mut named)?;
        }
        let back = match migration.state {
            State::Applied => Some(process_migrations::revertible(reader, &catalogue, &migration)?),
            _ => None,
        };
        Ok(Read { migration, names, named, back })
    });
    read.await.map_err(refused)
}

/// The first examples that the person may see, by the same rule as every list.
fn named_in(
    query: &mut impl Query,
    filter: &RowFilter,
    examples: &[Example],
    named: &mut HashMap<u64, (Uuid, String)>,
) -> Result<(), StoreError> {
    if matches!(filter, RowFilter::Nothing) {
        return Ok(());
    }
    let mut shown = 0;
    for example in examples {
        let Some(stored) = cases::by_number(query, example.number)? else { continue };
        if sees(filter, &stored.case) {
            let code = stored.case.name().to_owned();
            named.insert(example.number, (stored.case.id.0, code));
            shown += 1;
        }
        if shown == EXAMPLES_SHOWN {
            break;
        }
    }
    Ok(())
}

/// The page.
///
/// # Errors
/// 404 if there is no such migration.
pub(super) async fn page(
    app: &App,
    visit: &Visit,
    officer: &Officer,
    id: Uuid,
    entries: &Entries,
    shown: Shown,
) -> Result<Response, Refused> {
    let read = read(app, officer, id).await?;
    if !read.named.is_empty() {
        let ids = read.named.values().map(|(id, _)| *id).collect();
        seen::many(app, officer, "list", "process-migration", ids).await?;
    }
    let version = |number| {
        let found = app.catalogue().process(&read.migration.process, number).cloned();
        found.ok_or_else(Refused::fault)
    };
    let (old, new) = (version(read.migration.from)?, version(read.migration.to)?);
    let (t, migration) = (visit.t(), &read.migration);
    let title = title(t, (migration.from, migration.to));
    let page = super::page(app, visit, officer, title).await?;
    Made { app, visit, officer, entries, read, old, new, shown }.page(page)
}

struct Made<'a> {
    app: &'a App,
    visit: &'a Visit,
    officer: &'a Officer,
    entries: &'a Entries,
    read: Read,
    old: Arc<ProcessEdition>,
    new: Arc<ProcessEdition>,
    shown: Shown,
}

fn model(edition: &ProcessEdition) -> Result<Model, Refused> {
    let file = format!("{}.bpmn", edition.name);
    process::read(edition.xml.as_bytes(), &file).map_err(|_| Refused::fault())
}

fn marked(findings: Vec<process::diagram::Finding>) -> Highlights {
    let faulty = findings.iter().map(|finding| finding.element.clone()).collect();
    Highlights { faulty, findings, ..Highlights::default() }
}

impl Made<'_> {
    fn page(self, page: Page) -> Result<Response, Refused> {
        let (t, migration) = (self.visit.t(), &self.read.migration);
        let (old_model, new_model) = (model(&self.old)?, model(&self.new)?);
        let (old_table, new_table) = (Table::of(&old_model), Table::of(&new_model));
        let between = Between {
            t,
            plan: &migration.plan,
            old: Version { definition: &self.old.definition, table: &old_table },
            new: Version { definition: &self.new.definition, table: &new_table },
        };
        let acts = may(self.app, self.officer, ProcessAction::MigrateCases).is_ok();
        let editable = acts && matches!(migration.state, State::Draft | State::Checked);
        let (to, open) = (migration_href(migration.id), self.shown.element.as_str());
        let form = between.form(open, self.entries, &self.shown.faults).filter(|_| editable);
        let versions = [&self.old, &self.new].map(|edition| {
            let words = t.a1("process-version", "n", u64::from(edition.version));
            (version_href(&edition.name, edition.version), words)
        });
        let missing = between.missing();
        kit::respond::html_status(
            self.shown.status,
            &MigrationPage {
                list: list_href(&migration.process, migration.from),
                list_title: t.a1("process-migration-list", "n", u64::from(migration.from)),
                rev: migration.revision,
                title: self.new.title.clone(),
                state: state_tag(t, migration.state),
                versions,
                refusal: self.shown.refusal.clone(),
                progress: self.progress(),
                runs: self.runs(between.old),
                missing: match missing {
                    0 => t.s("process-migration-all-found"),
                    n => t.a1("process-migration-missing", "n", n),
                },
                rows: between.rows(&to, open, editable),
                form,
                old: drawn(t, &old_model, marked(between.marks_old())),
                new: drawn(t, &new_model, marked(between.marks_new())),
                may_check: editable,
                apply: self.apply(acts),
                revert: self.revert(acts),
                back: self.back(acts),
                may_cancel: acts && migration.state.is_open() && migration.runs.apply.is_none(),
                to,
                page: page.faults(self.shown.faults),
            },
        )
    }

    /// How far the worker is.
    fn progress(&self) -> String {
        let (t, migration) = (self.visit.t(), &self.read.migration);
        let run = match migration.state {
            State::Checking => migration.runs.check.as_ref(),
            State::Applying => migration.runs.apply.as_ref(),
            State::Reverting => migration.runs.revert.as_ref(),
            _ => None,
        };
        let Some(run) = run else { return String::new() };
        let key = format!("process-migration-progress-{}", migration.state.key());
        t.a1(&key, "n", run.seen)
    }

    /// The runs, the newest first.
    fn runs(&self, old: Version<'_>) -> Vec<RunView> {
        let runs = &self.read.migration.runs;
        let named = [("revert", &runs.revert), ("apply", &runs.apply), ("check", &runs.check)];
        let there = named.into_iter().filter_map(|(key, run)| Some((key, run.as_ref()?)));
        there.map(|(key, run)| self.run(key, run, old)).collect()
    }

    fn run(&self, key: &str, run: &Run, old: Version<'_>) -> RunView {
        let (t, read) = (self.visit.t(), &self.read);
        let when = t.moment(view::when(Instant(run.at_ms)), self.visit.now());
        let who = read.names.of(t, &run.by);
        let said = [&run.reason, &run.ground].map(String::as_str);
        let said: Vec<&str> = said.into_iter().filter(|text| !text.is_empty()).collect();
        let staying = run.staying();
        let counts: [(&str, &dyn kit::Arg); 2] = [("moved", &run.moved), ("stay", &staying)];
        let mut counts = t.a(&format!("process-migration-counts-{key}"), &counts);
        let before = read.migration.runs.check.as_ref().map_or(0, |check| check.seen);
        let gone = before.saturating_sub(run.seen);
        if key == "apply" && run.ended_at_ms.is_some() && gone > 0 {
            counts = format!("{counts} {}", t.a1("process-migration-gone", "n", gone));
        }
        let why =
            |reason: &str| t.s(&format!("process-migration-why-{}", reason.replace('_', "-")));
        let mut stays = run.stays.clone();
        stays.sort_by_key(|one| std::cmp::Reverse(one.cases));
        let reasons = stays.iter().map(|one| ReasonRow {
            why: why(&one.reason),
            element: match one.element.as_str() {
                "" => t.s("process-migration-whole"),
                id => called(t, old, id),
            },
            cases: one.cases,
        });
        let examples = run.examples.iter().filter_map(|one| {
            let (id, code) = read.named.get(&one.number)?;
            let href = format!("/noi-lam-viec/ho-so/{id}");
            Some(ExampleRow { href, code: code.clone(), why: why(&one.reason) })
        });
        RunView {
            title: t.s(&format!("process-migration-run-{key}")),
            who: format!("{who}, {when}"),
            said: said.join(" · "),
            counts,
            reasons: reasons.collect(),
            examples: examples.take(EXAMPLES_SHOWN).collect(),
        }
    }

    fn field(&self, name: &str, key: &str) -> Field {
        let (t, filled) = (self.visit.t(), (self.entries, &self.shown.faults));
        let field = match name {
            "reason" => Field::area(t, name, t.s(key)),
            "ground" => Field::text(t, name, t.s(key)).hint(t.s("process-publish-ground-hint")),
            _ => Field::checkbox(t, name, t.s(key)),
        };
        field.fill(filled.0, filled.1)
    }

    /// The form that carries it out, after the dry run and when there is anybody to move.
    fn apply(&self, acts: bool) -> Option<[Field; 3]> {
        let migration = &self.read.migration;
        let moves = migration.runs.check.as_ref().is_some_and(|run| run.moved > 0);
        (acts && migration.state == State::Checked && moves).then(|| {
            [
                self.field("reason", "process-migration-reason"),
                self.field("ground", "process-publish-ground"),
                self.field("sure", "process-migration-sure-apply"),
            ]
        })
    }

    /// The form that takes it back, when there is anything to take back.
    fn revert(&self, acts: bool) -> Option<[Field; 2]> {
        let any = self.read.back.is_some_and(|back| back.cases > 0 || back.more);
        (acts && any).then(|| {
            [
                self.field("reason", "process-migration-reason"),
                self.field("sure", "process-migration-sure-revert"),
            ]
        })
    }

    /// How many could be taken back.
    fn back(&self, acts: bool) -> String {
        let Some(back) = self.read.back.filter(|_| acts) else { return String::new() };
        let key = match back.more {
            true => "process-migration-back-some",
            false => "process-migration-back",
        };
        let counts: [(&str, &dyn kit::Arg); 2] = [("n", &back.cases), ("looked", &back.looked)];
        self.visit.t().a(key, &counts)
    }
}
