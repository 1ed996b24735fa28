//! `/thu-tuc/{code}`: one procedure as it is in force today: what, how long, how much, what to
//! bring, how to file, on what law; what is not verified says so.

use crate::app::App;
use crate::view;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use kernel::calendar::{Date, LimitUnit};
use kernel::catalogue::{Catalogue, is_internal};
use kernel::ids::ProcedureCode;
use kernel::procedure::{Edition, EditionStatus, Paper, PaperForm, Verified};
use kit::{Page, Refused, T, Visit};

#[derive(Template)]
#[template(path = "portal/procedure.html")]
struct ProcedurePage {
    page: Page,
    code: String,
    name: String,
    field: String,
    field_href: String,
    result: String,
    time: String,
    same_day: bool,
    fee: String,
    fee_note: String,
    exemptions: Vec<(String, String)>,
    papers: Vec<PaperRow>,
    levels: String,
    decides: Vec<(String, String)>,
    start: Start,
    verified: &'static str,
    source: String,
    edition: u32,
    from: String,
    others: Vec<String>,
}

struct PaperRow {
    name: String,
    form: String,
    required: bool,
}

/// Whether filing can begin here, or why not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Start {
    Here,
    National,
    CounterOnly,
}

impl Start {
    fn is_here(self) -> bool {
        self == Self::Here
    }

    fn is_national(self) -> bool {
        self == Self::National
    }
}

/// GET: the page of the edition in force today.
pub(super) async fn show(
    State(app): State<App>,
    Path(code): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let (t, day, catalogue) = (visit.t(), app.today(), app.catalogue());
    let code = ProcedureCode(code);
    let edition = catalogue.in_force(&code, day).filter(|e| !is_internal(&e.code));
    let edition = edition.ok_or_else(|| Refused::not_found().because("proc-unknown"))?;
    kit::html(&page(&visit, t, &catalogue, edition, day)).map(kit::respond::revisitable)
}

fn page(visit: &Visit, t: T, catalogue: &Catalogue, edition: &Edition, day: Date) -> ProcedurePage {
    let name = view::procedure(t, edition);
    let level = |level: &str| t.s(&format!("level-{level}"));
    let levels: Vec<String> = edition.levels.iter().map(|l| level(l)).collect();
    let decides = edition.decided_by.iter().map(|(from, to)| {
        let to = match to.split_once(':') {
            Some((_, key)) => department(catalogue, t, key, day),
            None => level(to),
        };
        (level(from), to)
    });
    ProcedurePage {
        page: visit.page(name.clone()).at("/thu-tuc"),
        code: edition.code.to_string(),
        field: view::in_language(t, &edition.field, &edition.field_en),
        field_href: super::search::address(&edition.field),
        result: edition.result.clone(),
        time: edition.time_text.clone(),
        same_day: edition.limit.unit == LimitUnit::SameDay,
        fee: view::fee(t, edition),
        fee_note: edition.fee_note.clone(),
        exemptions: edition.exemptions.iter().map(|e| (e.who.clone(), e.ground.clone())).collect(),
        papers: edition.papers.iter().map(|p| paper_row(t, p)).collect(),
        levels: levels.join(", "),
        decides: decides.collect(),
        start: start(catalogue, edition, day),
        verified: match edition.verified {
            Verified::Yes => "",
            Verified::Partly => "proc-verified-partly",
            Verified::No => "proc-verified-no",
        },
        source: edition.source.clone(),
        edition: edition.edition,
        from: view::day(t, edition.valid.from),
        others: others(t, catalogue, edition),
        name,
    }
}

fn start(catalogue: &Catalogue, edition: &Edition, day: Date) -> Start {
    match catalogue.profile_on(day) {
        Some(profile) if !profile.local_filing => Start::National,
        _ if !edition.online => Start::CounterOnly,
        _ => Start::Here,
    }
}

fn department(catalogue: &Catalogue, t: T, key: &str, day: Date) -> String {
    let units = catalogue.tree.all();
    let ending = format!(".{key}");
    let found = units.iter().find(|u| u.id.as_str().ends_with(&ending) && u.valid.holds(day));
    found.map_or_else(|| key.to_owned(), |u| view::unit(catalogue, t, &u.id))
}

fn paper_row(t: T, paper: &Paper) -> PaperRow {
    PaperRow { name: paper.name.clone(), form: form_words(t, paper), required: paper.required }
}

/// "1 bản chính", "xuất trình": in what form and how many.
pub(super) fn form_words(t: T, paper: &Paper) -> String {
    match paper.form {
        PaperForm::Original => t.a1("paper-original", "n", paper.count),
        PaperForm::Copy => t.a1("paper-copy", "n", paper.count),
        PaperForm::Electronic => t.s("paper-electronic"),
        PaperForm::Shown => t.s("paper-shown"),
    }
}

/// Editions before and after this one, in words.
fn others(t: T, catalogue: &Catalogue, edition: &Edition) -> Vec<String> {
    let all = catalogue.editions_of(&edition.code).iter();
    let others = all.filter(|e| e.edition != edition.edition && e.status != EditionStatus::Draft);
    others
        .map(|e| {
            let from = view::day(t, e.valid.from);
            match e.valid.to {
                Some(to) => {
                    let to = view::day(t, to);
                    t.a3("proc-edition-span", ("n", e.edition), ("from", from), ("to", to))
                }
                None => t.a2("proc-edition-from", "n", e.edition, "from", from),
            }
        })
        .collect()
}
