//! The form of one procedure at one desk: four zones with the person, papers, date and fee; what
//! was typed stands in it again after every answer.

use super::card;
use super::draft::{self, Kept};
use super::form::entries_of;
use super::place::{Choice, place};
use crate::app::{App, Officer};
use crate::desk::shell;
use crate::portal::apply::steps::size_words;
use crate::refusals::{reason_text, refused};
use crate::{seen, view};
use askama::Template;
use axum::response::Response;
use kernel::calendar::Channel;
use kernel::case::{self, Refusal};
use kernel::catalogue::Catalogue;
use kernel::ids::UnitId;
use kernel::org::Role;
use kernel::people::{Born, Party, PartyKind};
use kernel::procedure::Edition;
use kit::{Entries, Faults, Field, Page, Refused, T, Visit};
use store::cases::{self, Hit};
use view::Names;

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
    files: Vec<FileLine>,
    error: String,
}

/// A file that is kept already.
struct FileLine {
    id: String,
    name: String,
    size: String,
}

#[derive(Template)]
#[template(path = "desk/counter.html")]
struct CounterPage {
    page: Page,
    code: String,
    noi: String,
    /// The slot where it is kept; empty while nothing was kept.
    slot: String,
    /// What was kept and when, or why not.
    kept: String,
    /// Cases of the same person in this go.
    chain: String,
    procedure: String,
    facts: String,
    /// What was typed to find the procedure, and others that fit.
    found_by: String,
    others: Vec<Choice>,
    any_error: String,
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

/// The form of one procedure at one desk.
pub(super) struct Form<'a> {
    pub(super) app: &'a App,
    pub(super) officer: &'a Officer,
    pub(super) visit: &'a Visit,
    pub(super) edition: &'a Edition,
    pub(super) desk: UnitId,
}

/// What one answer shows beside what was typed.
#[derive(Default)]
pub(super) struct Shown<'a> {
    pub(super) faults: Faults,
    pub(super) refusal: Option<&'a Refusal>,
    /// Where it is kept.
    pub(super) slot: Option<u8>,
    /// That it was kept, or why not.
    pub(super) note: String,
    /// What is known of the person.
    pub(super) known: String,
    /// What was typed to find the procedure, and others that fit.
    pub(super) words: String,
    pub(super) others: Vec<Choice>,
}

impl Form<'_> {
    /// Fills in a person whom this desk knows from an earlier case, or what their card says;
    /// recorded as a search. Gives what is typed now and a sentence.
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn look_up(&self, entries: &Entries) -> Result<(Entries, String), Refused> {
        let t = self.visit.t();
        let card = card::read(entries.text("number"));
        let number = match &card {
            Some(card) => card.number.clone(),
            None => entries.text("number").to_owned(),
        };
        let (filter, typed) = (self.officer.filter(self.app), number.clone());
        let read = self.app.read(move |reader| {
            let found = cases::find(reader, &filter, &typed, None, KNOWN_CASES)?;
            let hit = found.hit == Hit::Number;
            let Some(last) = found.cases.into_iter().next().filter(|_| hit) else {
                return Ok(None);
            };
            // A phone may be another person's by now: only the number of the person tells.
            let party = view::applicant(reader, &last.case)?;
            let party = party.filter(|party| is_number_of(party, &typed));
            Ok(party.map(|party| (party, last.case)))
        });
        let found: Option<(Party, kernel::case::Case)> = read.await.map_err(refused)?;
        let ids = found.iter().map(|(_, case)| case.id.0).collect();
        let filter = format!("person words={}", seen::digest(self.visit, &number));
        seen::many(self.app, self.officer, "search", &filter, ids).await?;
        let known = match &found {
            None if card.is_some() => t.s("counter-from-card"),
            None => t.s("desk-counter-unknown"),
            Some((_, case)) => {
                let date = t.date_plain(view::when(case.submitted_at));
                let channel = t.s(&format!("desk-delivery-{}", case.delivery.as_str()));
                let known = t.a1("desk-known", "date", date);
                format!("{known} {}", t.a1("counter-last-delivery", "how", channel))
            }
        };
        let mut now = entries.clone();
        if let Some((party, _)) = &found {
            now = filled(&now, party);
        }
        // The card is newer than what was typed then.
        if let Some(card) = card {
            let phone = found.as_ref().and_then(|(party, _)| party.phone.clone());
            let email = found.as_ref().and_then(|(party, _)| party.email.clone());
            let told = |typed: &str| Some(typed.to_owned()).filter(|typed| !typed.is_empty());
            let party = Party {
                kind: PartyKind::Person,
                name: card.name,
                number: Some(card.number),
                born: card.born.map(Born::On),
                phone: phone.or_else(|| told(entries.text("phone"))),
                email: email.or_else(|| told(entries.text("email"))),
                address: told(&card.address),
            };
            now = filled(&now, &party);
        }
        Ok((now, known))
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

    /// The page, with 422 when something is wrong.
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn answer(
        &self,
        entries: &Entries,
        kept: &Kept,
        shown: Shown<'_>,
    ) -> Result<Response, Refused> {
        let around = shell::around(self.app, self.officer).await?;
        let names = self.names().await?;
        let wrong = shown.refusal.is_some() || !shown.faults.is_empty();
        let page = self.page(entries, kept, shown, &around, &names);
        if wrong { kit::respond::html_faults(&page) } else { kit::html(&page) }
    }

    fn page(
        &self,
        entries: &Entries,
        kept: &Kept,
        shown: Shown<'_>,
        around: &shell::Around,
        names: &Names,
    ) -> CounterPage {
        let (t, edition, faults) = (self.visit.t(), self.edition, shown.faults);
        let catalogue = self.app.catalogue();
        let today = self.app.today();
        let decides = edition.decides(&self.desk, &catalogue.tree, today);
        let decides = decides.map(|u| view::in_language(t, &u.name, &u.name_en));
        let post = place(self.officer).is_some_and(|(_, post)| post);
        let title = (t.s("desk-nav-counter"), "/noi-lam-viec/quay");
        let page = shell::page(self.app, self.visit, self.officer, around, title);
        let fee = view::fee(t, edition);
        let any_error = faults.of(draft::ANY_FILES).map(|fault| fault.text(t));
        CounterPage {
            code: edition.code.to_string(),
            noi: self.desk.to_string(),
            slot: shown.slot.map(|no| no.to_string()).unwrap_or_default(),
            kept: shown.note,
            chain: entries.text(super::done::CHAIN).to_owned(),
            procedure: view::procedure(t, edition),
            facts: format!("{} · {fee}", edition.time_text),
            found_by: shown.words,
            others: shown.others,
            any_error: any_error.unwrap_or_default(),
            refusal: shown.refusal.map(|r| reason_text(t, r)).unwrap_or_default(),
            known: shown.known,
            person: person(t, entries, &faults),
            papers: self.papers(t, entries, kept, &faults),
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
                .key("F9", "keys-accept")
                .key("G", "counter-keys-delivery")
                .key("P", "counter-keys-pay"),
        }
    }

    fn papers(&self, t: T, entries: &Entries, kept: &Kept, faults: &Faults) -> Vec<PaperLine> {
        let file = |no: u16| {
            let of_paper = kept.files.iter().filter(move |file| file.paper == no);
            of_paper.map(|file| FileLine {
                id: file.file.to_string(),
                name: file.name.clone(),
                size: size_words(file.bytes),
            })
        };
        let line = |(n, paper): (usize, &kernel::procedure::Paper)| {
            let field = format!("paper_{}", paper.no);
            let typed = entries.text(&field);
            let upload = format!("file_{}", paper.no);
            let fault = faults.of(&field).or_else(|| faults.of(&upload));
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
                files: file(paper.no).collect(),
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

/// Whether what was typed is the person's own number, however it is spaced.
fn is_number_of(party: &Party, typed: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let own = party.number.as_deref().map(digits).unwrap_or_default();
    !own.is_empty() && own == digits(typed)
}

/// The form with a known person's particulars in it.
pub(super) fn filled(entries: &Entries, party: &Party) -> Entries {
    const PERSON: [&str; 9] =
        ["kind", "name", "number", "phone", "email", "address", "born-d", "born-m", "born-y"];
    let rest = entries.pairs().filter(|(name, _)| !PERSON.contains(name));
    let rest = rest.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let known = entries_of(party).into_iter().map(|(name, value)| (name.to_owned(), value));
    Entries::from_pairs(rest.chain(known))
}

fn person(t: T, entries: &Entries, faults: &Faults) -> Vec<Field> {
    let number = Field::text(t, "number", t.s("desk-person-number")).digits("20").optional();
    let number = number.hint(t.s("counter-number-hint"));
    // Whoever is new begins with the number; whoever is known needs no more typing.
    let fresh = entries.text("number").is_empty() && entries.text("name").is_empty();
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
        if fresh { number.focus() } else { number },
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
    let mut delivery = Field::radio(t, "delivery", t.s("desk-axis-delivery")).key("G");
    for key in ["counter", "online", "post"] {
        delivery = delivery.choice(key, t.s(&format!("desk-delivery-{key}")));
    }
    let mut fields = vec![first_chosen(delivery, entries, faults)];
    if edition.fee_vnd > 0 {
        let mut pay = Field::radio(t, "pay", t.s("desk-counter-pay")).key("P");
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
