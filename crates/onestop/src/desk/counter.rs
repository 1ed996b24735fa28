//! `/noi-lam-viec/quay`: reception at the counter on one page: procedure, person, papers, date and
//! fee; F9 receives. Without script the same buttons send the same form.

use super::counter_form::{self, entries_of};
use super::counter_place::{Choice, desk_choices, desk_of, place};
use super::counter_take::{Intake, Reach, take};
use super::once::Sent;
use super::{HOME, shell};
use crate::app::{App, Officer};
use crate::refusals::{form_faults, reason_text, refused};
use crate::{seen, view};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::calendar::{Channel, Instant};
use kernel::case::{self, Action, Refusal};
use kernel::catalogue::Catalogue;
use kernel::ids::{ProcedureCode, UnitId};
use kernel::org::Role;
use kernel::people::Party;
use kernel::procedure::Edition;
use kit::{Entries, Faults, Field, Flash, Page, Refused, T, Visit, redirect};
use std::sync::Arc;
use store::cases::{self, CaseError, Hit};
use view::Names;

/// Procedures offered for what was typed.
const SUGGESTED: usize = 8;
/// Longest words of the search for a procedure, in characters.
const WORDS_CHARS_MAX: usize = 100;
/// Cases looked through for a known person.
const KNOWN_CASES: u32 = 5;

/// A paper to tick.
struct PaperLine {
    no: u16,
    /// The digit that ticks it, if it has one.
    digit: String,
    name: String,
    required: bool,
    ticked: bool,
    count: String,
    error: String,
}

#[derive(Template)]
#[template(path = "desk/choose.html")]
struct ChoosePage {
    page: Page,
    words: Field,
    typed: bool,
    /// Whether the choices are desks, not procedures.
    asks_desk: bool,
    noi: String,
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "desk/suggest.html")]
struct Suggestions {
    choices: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "desk/counter.html")]
struct CounterPage {
    page: Page,
    code: String,
    noi: String,
    procedure: String,
    facts: String,
    refusal: String,
    known: String,
    person: Vec<Field>,
    papers: Vec<PaperLine>,
    right: Vec<Field>,
    late: Vec<Field>,
    is_late: bool,
    due: String,
    at_once: bool,
    settle: bool,
    fee: String,
    decides: String,
    post: bool,
}

/// The procedures that a desk receives today, best first.
pub(super) fn search(
    catalogue: &Catalogue,
    t: T,
    desk: &UnitId,
    words: &str,
    now: Instant,
) -> Vec<Choice> {
    let today = now.date();
    let found = catalogue.search(words, today).into_iter();
    let here = found.filter(|e| e.decides(desk, &catalogue.tree, today).is_ok());
    let choice = |e: &Arc<Edition>| Choice {
        href: format!("{HOME}/quay?tt={}&noi={desk}", e.code),
        code: e.code.to_string(),
        name: view::procedure(t, e),
    };
    here.take(SUGGESTED).map(choice).collect()
}

fn words(visit: &Visit) -> String {
    visit.query().text("q").chars().take(WORDS_CHARS_MAX).collect()
}

/// GET `/quay/goi-y?q=`: procedures while typing, as a piece of the page.
pub(super) async fn suggest(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let (desk, _) = desk_of(&app, &officer, visit.query().text("noi"))?;
    let desk = desk.ok_or_else(Refused::not_found)?;
    let choices = search(&app.catalogue(), visit.t(), &desk, &words(&visit), app.now());
    kit::html(&Suggestions { choices })
}

/// GET: choose a procedure, then receive.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let (named, _) = desk_of(&app, &officer, visit.query().text("noi"))?;
    let (code, t) = (visit.query().text("tt"), visit.t());
    let catalogue = app.catalogue();
    let edition = catalogue.in_force(&ProcedureCode::from(code), app.today());
    if let (Some(edition), Some(desk)) = (edition.filter(|_| !code.is_empty()), named.clone()) {
        let form = Form::new(&app, &officer, &visit, edition, desk);
        return form.answer(visit.query(), Faults::new(), None).await;
    }
    let around = shell::around(&app, &officer).await?;
    let words = words(&visit);
    let title = (t.s("desk-nav-counter"), "/noi-lam-viec/quay");
    let noi = named.as_ref().map(|d| d.to_string()).unwrap_or_default();
    let field = Field::text(t, "q", t.s("desk-counter-words"))
        .hint(t.s("desk-counter-words-hint"))
        .suggest(format!("{HOME}/quay/goi-y?noi={noi}"))
        .focus();
    kit::html(&ChoosePage {
        page: shell::page(&app, &visit, &officer, &around, title),
        choices: match &named {
            Some(desk) => search(&catalogue, t, desk, &words, app.now()),
            None => desk_choices(&app, &officer, t),
        },
        asks_desk: named.is_none(),
        noi,
        typed: !words.is_empty(),
        words: field.value(words),
    })
}

/// POST: look a person up, tick all papers, hand in, or receive.
pub(super) async fn receive(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let (desk, post) = desk_of(&app, &officer, entries.text("noi"))?;
    let desk = desk.ok_or_else(Refused::not_found)?;
    let code = ProcedureCode::from(entries.text("tt"));
    let catalogue = app.catalogue();
    let edition = catalogue.in_force(&code, app.today()).ok_or_else(Refused::not_found)?;
    let form = Form::new(&app, &officer, &visit, edition, desk.clone());
    let reach = match entries.text("lam") {
        "tim" => return form.look_up(&entries).await,
        "du" => return form.answer(&all_ticked(&entries, edition), Faults::new(), None).await,
        _ if post => Reach::Post,
        "giu" => Reach::HandIn,
        _ => Reach::Accept,
    };
    let reception = match counter_form::read(&app, &entries, edition, app.today()) {
        Ok(reception) => reception,
        Err(faults) => return form.answer(&entries, faults, None).await,
    };
    let intake = Intake {
        desk,
        edition: Arc::clone(edition),
        reception,
        reach,
        sent: Sent::of(&visit, &entries),
        secret: visit.session().map(|s| s.csrf_secret).unwrap_or_default(),
    };
    match take(&app, &officer, intake).await {
        Ok(id) if reach == Reach::HandIn => {
            let to = super::act::href(id, Action::AskPreSupplement);
            Ok(redirect(to).flash(Flash::new("desk-counter-handed-in")).into_response())
        }
        Ok(id) => {
            let mut flash = Flash::new("desk-counter-received");
            if reach == Reach::Accept {
                flash = flash.undo(super::act::href(id, Action::VoidAcceptance));
            }
            Ok(redirect(format!("{HOME}/quay/xong/{id}")).flash(flash).into_response())
        }
        Err(CaseError::Refused(Refusal::Fields(faults))) => {
            form.answer(&entries, form_faults(&faults), None).await
        }
        Err(CaseError::Refused(Refusal::PaperMissing(no))) => {
            let name = edition.paper(no).map(|p| p.name.clone()).unwrap_or_default();
            let fault = kit::Fault::new(format!("paper_{no}"), "err-paper-missing");
            let faults = [fault.with("name", name)].into_iter().collect();
            form.answer(&entries, faults, None).await
        }
        Err(CaseError::Refused(refusal)) => {
            form.answer(&entries, Faults::new(), Some(&refusal)).await
        }
        Err(error) => Err(refused(error)),
    }
}

/// The same form with every paper ticked.
fn all_ticked(entries: &Entries, edition: &Edition) -> Entries {
    let ticked = edition.papers.iter().map(|p| ("papers".to_owned(), p.no.to_string()));
    let rest = entries.pairs().filter(|(name, _)| *name != "papers");
    Entries::from_pairs(rest.map(|(n, v)| (n.to_owned(), v.to_owned())).chain(ticked))
}

/// The form of one procedure at one desk.
struct Form<'a> {
    app: &'a App,
    officer: &'a Officer,
    visit: &'a Visit,
    edition: &'a Edition,
    desk: UnitId,
}

impl<'a> Form<'a> {
    fn new(
        app: &'a App,
        officer: &'a Officer,
        visit: &'a Visit,
        edition: &'a Edition,
        desk: UnitId,
    ) -> Self {
        Self { app, officer, visit, edition, desk }
    }

    /// Fills in a person whom this desk knows from an earlier case; recorded as a search.
    async fn look_up(&self, entries: &Entries) -> Result<Response, Refused> {
        let number = entries.text("number").to_owned();
        let (filter, typed) = (self.officer.filter(self.app), number.clone());
        let read = self.app.read(move |reader| {
            let found = cases::find(reader, &filter, &typed, None, KNOWN_CASES)?;
            let hit = found.hit == Hit::Number;
            let Some(last) = found.cases.into_iter().next().filter(|_| hit) else {
                return Ok(None);
            };
            let party = view::applicant(reader, &last.case)?;
            Ok(party.map(|party| (party, last.case)))
        });
        let found: Option<(Party, kernel::case::Case)> = read.await.map_err(refused)?;
        let ids = found.iter().map(|(_, case)| case.id.0).collect();
        let filter = format!("person words={}", seen::digest(self.visit, &number));
        seen::many(self.app, self.officer, "search", &filter, ids).await?;
        let t = self.visit.t();
        let (filled, known) = match found {
            None => (entries.clone(), t.s("desk-counter-unknown")),
            Some((party, case)) => {
                let date = t.date_plain(view::when(case.submitted_at));
                let known = t.a1("desk-known", "date", date);
                (filled(entries, &party), known)
            }
        };
        let around = shell::around(self.app, self.officer).await?;
        let page = self.page(&filled, Faults::new(), None, &around, (known, &self.names().await?));
        kit::html(&page)
    }

    async fn names(&self) -> Result<Names, Refused> {
        let ids: Vec<String> = self.colleagues();
        let read =
            self.app.read(move |reader| Ok(Names::read(reader, ids.iter().map(String::as_str))?));
        read.await.map_err(refused)
    }

    /// Who may be the second person of a late entry: the others of this desk and its unit.
    fn colleagues(&self) -> Vec<String> {
        let (catalogue, today) = (self.app.catalogue(), self.app.today());
        let above = catalogue.tree.unit(&self.desk).and_then(|u| u.parent.clone());
        let mut all: Vec<String> = Vec::new();
        for unit in std::iter::once(&self.desk).chain(above.as_ref()) {
            for role in Role::ALL {
                let here = catalogue.staff.holders(unit, role, today);
                all.extend(here.into_iter().map(|a| a.0.clone()));
            }
        }
        all.retain(|id| id != self.officer.account.as_str());
        all.sort();
        all.dedup();
        all
    }

    async fn answer(
        &self,
        entries: &Entries,
        faults: Faults,
        refusal: Option<&Refusal>,
    ) -> Result<Response, Refused> {
        let around = shell::around(self.app, self.officer).await?;
        let names = self.names().await?;
        let wrong = refusal.is_some() || !faults.is_empty();
        let page = self.page(entries, faults, refusal, &around, (String::new(), &names));
        if wrong { kit::respond::html_faults(&page) } else { kit::html(&page) }
    }

    fn page(
        &self,
        entries: &Entries,
        faults: Faults,
        refusal: Option<&Refusal>,
        around: &shell::Around,
        (known, names): (String, &Names),
    ) -> CounterPage {
        let (t, edition) = (self.visit.t(), self.edition);
        let catalogue = self.app.catalogue();
        let today = self.app.today();
        let decides = edition.decides(&self.desk, &catalogue.tree, today);
        let decides = decides.map(|u| view::in_language(t, &u.name, &u.name_en));
        let post = place(self.officer).is_some_and(|(_, post)| post);
        let title = (t.s("desk-nav-counter"), "/noi-lam-viec/quay");
        let page = shell::page(self.app, self.visit, self.officer, around, title);
        let fee = view::fee(t, edition);
        CounterPage {
            code: edition.code.to_string(),
            noi: self.desk.to_string(),
            procedure: view::procedure(t, edition),
            facts: format!("{} · {fee}", edition.time_text),
            refusal: refusal.map(|r| reason_text(t, r)).unwrap_or_default(),
            known,
            person: person(t, entries, &faults),
            papers: self.papers(t, entries, &faults),
            right: right(t, edition, entries, &faults),
            late: self.late(t, entries, &faults, names),
            is_late: entries.has("late", "1"),
            due: self.expected(t, &catalogue),
            at_once: edition.at_once(),
            settle: entries.text("tt").is_empty()
                || entries.has("settle", "1")
                || entries.text("name").is_empty(),
            fee,
            decides: decides.unwrap_or_default(),
            post,
            page: page
                .faults(faults)
                // The whole width is for the four zones.
                .side(Vec::new())
                .key("F2", "keys-new")
                .key("F4", "keys-all-present")
                .key("F8", "keys-supplement")
                .key("F9", "keys-accept"),
        }
    }

    fn papers(&self, t: T, entries: &Entries, faults: &Faults) -> Vec<PaperLine> {
        let line = |(n, paper): (usize, &kernel::procedure::Paper)| {
            let field = format!("paper_{}", paper.no);
            let typed = entries.text(&field);
            let file = format!("file_{}", paper.no);
            let fault = faults.of(&field).or_else(|| faults.of(&file));
            PaperLine {
                no: paper.no,
                digit: if n < 9 { (n + 1).to_string() } else { String::new() },
                name: paper.name.clone(),
                required: paper.required,
                ticked: entries.has("papers", &paper.no.to_string()),
                count: if typed.is_empty() {
                    paper.count.max(1).to_string()
                } else {
                    typed.to_owned()
                },
                error: fault.map(|f| f.text(t)).unwrap_or_default(),
            }
        };
        self.edition.papers.iter().enumerate().map(line).collect()
    }

    fn late(&self, t: T, entries: &Entries, faults: &Faults, names: &Names) -> Vec<Field> {
        let mut second = Field::select(t, "second", t.s("desk-late-second"));
        second = second.choice("", t.s("form-choose"));
        for id in self.colleagues() {
            second = second.choice(id.clone(), names.of(t, &id));
        }
        let late = Field::checkbox(t, "late", t.s("desk-late"));
        let clock = Field::text(t, "received_clock", t.s("desk-late-clock")).digits("6");
        let fields = [
            late,
            Field::date(t, "received", t.s("desk-late-date")),
            clock.hint(t.s("desk-late-clock-hint")),
            Field::area(t, "late_reason", t.s("desk-field-reason")),
            second,
        ];
        fields.into_iter().map(|field| field.fill(entries, faults)).collect()
    }

    /// The appointment that receiving now would give.
    fn expected(&self, t: T, catalogue: &Catalogue) -> String {
        let now = self.app.now();
        let ctx = catalogue.ctx_new(self.edition, &self.desk, &self.officer.actor, now);
        let due = ctx.and_then(|ctx| case::expected(Channel::Counter, now, &ctx));
        due.map_or_else(
            || t.s("desk-no-date"),
            |due| {
                let due = view::when(due);
                format!("{} {}", t.clock(due), t.date(due))
            },
        )
    }
}

/// The form with a known person's particulars in it.
fn filled(entries: &Entries, party: &Party) -> Entries {
    const PERSON: [&str; 9] =
        ["kind", "name", "number", "phone", "email", "address", "born-d", "born-m", "born-y"];
    let rest = entries.pairs().filter(|(name, _)| !PERSON.contains(name));
    let rest = rest.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let known = entries_of(party).into_iter().map(|(name, value)| (name.to_owned(), value));
    Entries::from_pairs(rest.chain(known))
}

fn person(t: T, entries: &Entries, faults: &Faults) -> Vec<Field> {
    let label = |name: &str| t.s(&format!("desk-person-{name}"));
    let kind = Field::radio(t, "kind", label("kind"))
        .quiet()
        .choice("person", label("kind-person"))
        .choice("organisation", label("kind-organisation"));
    let mut kind = kind.fill(entries, faults);
    if entries.text("kind").is_empty()
        && let Some(first) = kind.choices.first_mut()
    {
        first.on = true;
    }
    let fields = [
        Field::text(t, "number", label("number")).digits("20").optional(),
        Field::text(t, "name", label("name")),
        Field::date(t, "born", label("born")).optional(),
        Field::text(t, "phone", label("phone")).digits("20").optional(),
        Field::text(t, "email", label("email")).optional(),
        Field::text(t, "address", label("address")).optional(),
    ];
    let filled = fields.into_iter().map(|field| field.fill(entries, faults));
    std::iter::once(kind).chain(filled).collect()
}

/// How the result goes out, and the fee.
fn right(t: T, edition: &Edition, entries: &Entries, faults: &Faults) -> Vec<Field> {
    let mut delivery = Field::radio(t, "delivery", t.s("desk-axis-delivery"));
    for key in ["counter", "online", "post"] {
        delivery = delivery.choice(key, t.s(&format!("desk-delivery-{key}")));
    }
    let mut fields = vec![first_chosen(delivery, entries, faults)];
    if edition.fee_vnd > 0 {
        let mut pay = Field::radio(t, "pay", t.s("desk-counter-pay"));
        for key in ["cash", "transfer", "later"] {
            pay = pay.choice(key, t.s(&format!("desk-counter-pay-{key}")));
        }
        fields.push(first_chosen(pay, entries, faults));
    }
    if !edition.exemptions.is_empty() && edition.fee_vnd > 0 {
        let mut field = Field::select(t, "exemption", t.s("desk-field-exemption"));
        field = field.choice("", t.s("desk-counter-no-exemption"));
        for one in &edition.exemptions {
            field = field.choice(one.key.clone(), format!("{} ({})", one.who, one.ground));
        }
        fields.push(field.fill(entries, faults));
    }
    fields
}

/// A choice whose first value stands when none was chosen yet.
fn first_chosen(field: Field, entries: &Entries, faults: &Faults) -> Field {
    let mut field = field.fill(entries, faults);
    if field.choices.iter().all(|choice| !choice.on)
        && let Some(first) = field.choices.first_mut()
    {
        first.on = true;
    }
    field
}
