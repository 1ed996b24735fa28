//! `/noi-lam-viec/ho-so/{id}`: the case: where it stands on its four axes, its history in plain
//! words,
//! papers, why this date, and exactly the acts that this person may do now.

use super::case_facts::{self, Fact, PaperRow, Print, Relative};
use super::case_story::{Teller, Texts, is_told};
use super::sight::{self, Sight};
use super::{HOME, act, case_path, case_time, deed, incidents, opened, shell};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::{seen, view};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kernel::case::{Action, Case, Offer};
use kernel::people::Party;
use kit::pieces::{Tag, Timeline, Why};
use kit::{Page, Refused, T, Visit, redirect};
use store::cases::{self, HistoryEntry, Stored, open_text};
use store::{Query, StoreError};
use view::Names;

/// A button of the action bar.
struct ActLink {
    label: String,
    href: String,
    class: &'static str,
    key: &'static str,
}

#[derive(Template)]
#[template(path = "desk/case.html")]
struct CasePage {
    page: Page,
    code: String,
    name: String,
    state: Tag,
    due: Tag,
    acts: Vec<ActLink>,
    /// Operations beyond the drawn process, folded.
    more: Vec<ActLink>,
    /// Where the process stands still, in words.
    stands: Vec<String>,
    nothing: bool,
    axes: Vec<(String, Tag)>,
    facts: Vec<Fact>,
    papers: Vec<PaperRow>,
    relatives: Vec<Relative>,
    /// Whose time was used, in all.
    times: Vec<(String, String)>,
    timeline: Timeline,
    process: Timeline,
    path: Option<case_path::CasePath>,
    promise: String,
    prints: Vec<Print>,
    why: Option<Why>,
    /// Address that shows the numbers; empty once they are shown or there are none.
    unmask: String,
}

/// What the page reads.
struct Read {
    stored: Stored,
    sight: Sight,
    party: Option<Party>,
    answers: Vec<(String, String)>,
    history: Vec<HistoryEntry>,
    texts: Texts,
    files: Vec<String>,
    relatives: Vec<Relative>,
    names: Names,
}

/// GET: the page. `?hien=1` shows numbers in full, which is recorded as such.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let (catalogue, today, t) = (app.catalogue(), app.today(), visit.t());
    let (who, address) = (officer.clone(), id);
    let read = app.read(move |reader| {
        let (stored, sight) = sight::load(reader, &catalogue, &who, &address, today)?;
        let case = &stored.case;
        let history = cases::history(reader, case.id.0)?;
        let relatives = case_facts::relatives(reader, &catalogue, &who, case, (t, today))?;
        Ok(Read {
            party: view::applicant(reader, case)?,
            answers: answers(reader, case)?,
            texts: Texts::read(reader, &history)?,
            files: case_facts::file_names(reader, case)?,
            names: Names::read(reader, case_facts::named(case))?,
            relatives,
            history,
            sight,
            stored,
        })
    });
    let read = read.await.map_err(refused)?;
    match read.sight {
        Sight::Whole => {}
        Sight::Carried => {
            return Ok(redirect(format!("{HOME}/tra-ket-qua")).into_response());
        }
        Sight::Standing => return Ok(redirect(incidents::PAGE).into_response()),
    }
    let open = visit.query().has("hien", "1");
    let case = read.stored.case.id;
    seen::one(&app, &officer, if open { "unmask" } else { "open" }, case).await?;
    opened::note(&app, &officer, &read.stored).await?;
    let around = shell::around(&app, &officer).await?;
    kit::html(&page_of(&app, &visit, &officer, &around, read, open))
}

fn answers(query: &mut impl Query, case: &Case) -> Result<Vec<(String, String)>, StoreError> {
    let Some(sealed) = &case.answers else { return Ok(Vec::new()) };
    let text = open_text(query, sealed)?.unwrap_or_default();
    Ok(serde_json::from_str(&text).unwrap_or_default())
}

fn page_of(
    app: &App,
    visit: &Visit,
    officer: &Officer,
    around: &shell::Around,
    read: Read,
    open: bool,
) -> CasePage {
    let (t, now, catalogue) = (visit.t(), app.now(), app.catalogue());
    let case = &read.stored.case;
    let used = case_time::of(app, case, &read.history, now);
    let (texts, moment) = (&read.texts, visit.now());
    let teller = Teller { t, catalogue: &catalogue, case, texts, now: moment, used: &used };
    let told = read.history.iter().filter(|entry| is_told(entry));
    let steps = told.map(|entry| teller.step(entry)).collect();
    let process = case_facts::steps(&catalogue, t, case, &read.history, visit.now());
    let offers = deed::offered(&catalogue, officer, &read.stored, now);
    let (aside, drawn): (Vec<Offer>, Vec<Offer>) =
        offers.into_iter().partition(|offer| is_aside(offer.action));
    let (acts, more) = (links(t, case, &drawn, true), links(t, case, &aside, false));
    let party = read.party.as_ref();
    let facts = case_facts::facts(&catalogue, t, case, party, (&read.answers, open), &read.names);
    let title = view::procedure_of(&catalogue, t, case);
    let masked = party.is_some_and(|p| p.number.is_some() || p.phone.is_some());
    let href = format!("{HOME}/ho-so/{}", case.id);
    let page = shell::page(app, visit, officer, around, (title, ""));
    CasePage {
        code: case.name().to_owned(),
        name: party.map_or_else(|| t.s("desk-erased"), |p| p.name.clone()),
        state: view::state_tag(t, case),
        due: view::due_tag(&catalogue, t, case, case.due_at, now),
        nothing: acts.is_empty() && more.is_empty(),
        page: keyed(page, &acts),
        acts,
        more,
        stands: incidents::lines(&catalogue, t, case, visit.now()),
        axes: case_facts::axes(&catalogue, t, case),
        facts,
        papers: case_facts::papers(&catalogue, t, case, &read.files),
        relatives: read.relatives,
        times: case_time::sums(t, &used),
        timeline: Timeline { t, steps },
        process: Timeline { t, steps: process },
        path: case_path::of(&catalogue, t, case, &read.history, now.date()),
        promise: promise(t, case),
        prints: case_facts::prints(t, case, &read.history, visit.now()),
        why: why(app, t, case),
        unmask: if masked && !open { format!("{href}?hien=1") } else { String::new() },
    }
}

/// Why this date, folded; none before acceptance.
fn why(app: &App, t: T, case: &Case) -> Option<Why> {
    crate::why::why(&app.catalogue(), case, app.now(), t, true)
}

/// The date that was promised, or is expected.
fn promise(t: T, case: &Case) -> String {
    let moment = |at| {
        let when = view::when(at);
        format!("{} {}", t.clock(when), t.date(when))
    };
    match (case.due_at.or(case.original_due_at), case.expected_at) {
        (Some(due), _) => t.a1("desk-promise", "when", moment(due)),
        (None, Some(expected)) => t.a1("desk-expected", "when", moment(expected)),
        (None, None) => t.s("desk-no-date"),
    }
}

/// Operations beyond the drawn process stand folded under the bar, apart from the daily ones.
fn is_aside(action: Action) -> bool {
    matches!(
        action,
        Action::Jump(_)
            | Action::Skip(_)
            | Action::AddStep
            | Action::Release(_)
            | Action::Delegate(_)
            | Action::EndDelegation(_)
            | Action::Transfer
            | Action::CoProcess
            | Action::EndCoProcess
            | Action::SetData
    )
}

/// The offers as buttons: the first is the main act; tasks first, grave acts last and quiet.
fn links(t: T, case: &Case, offers: &[Offer], first: bool) -> Vec<ActLink> {
    let mut links = Vec::new();
    for (n, offer) in offers.iter().enumerate() {
        let main = first && n == 0 && !act::is_grave(offer.action) && offer.action != Action::Note;
        let class = match offer.action {
            _ if main => "mc-btn",
            action if act::is_grave(action) => "mc-btn mc-btn--link",
            _ => "mc-btn mc-btn--2",
        };
        let key = match offer.action {
            _ if main => "F9",
            Action::Return(_) => "B",
            Action::AskSupplement | Action::AskPreSupplement => "F8",
            Action::Note => "N",
            _ => "",
        };
        let label = act::label(t, offer.action, offer.task.as_ref());
        links.push(ActLink { label, href: act::href(case.id, offer.action), class, key });
    }
    links
}

/// The keys of the bar: those that buttons of this page have.
fn keyed(page: Page, acts: &[ActLink]) -> Page {
    let hints = [
        ("F9", "desk-keys-main"),
        ("F8", "desk-keys-supplement"),
        ("B", "desk-keys-back"),
        ("N", "desk-keys-note"),
    ];
    let shown = hints.into_iter().filter(|(key, _)| acts.iter().any(|a| a.key == *key));
    shown.fold(page, |page, (key, label)| page.key(key, label))
}
