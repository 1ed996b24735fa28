//! `/noi-lam-viec/quay/ngay`: the lane for what is settled while the person waits: copies and pages
//! give the fee, the book gives the number, nothing is printed (Decree 61/2018 Art. 17.4).

use super::place::desk_of;
use crate::app::{App, Officer};
use crate::desk::once::Sent;
use crate::desk::{HOME, shell};
use crate::refusals::{form_faults, reason_text, refused};
use crate::view;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use kernel::calendar::Channel;
use kernel::case::{Command, Delivery, Refusal, Source};
use kernel::ids::{CaseId, ProcedureCode, UnitId};
use kernel::limits as law;
use kernel::people::{DraftParty, Party};
use kernel::procedure::{Copies, Edition, PageFee};
use kit::{Check, Entries, Fault, Faults, Field, Flash, Page, Refused, T, Visit, redirect};
use std::sync::Arc;
use store::cases::{self, Application, CaseError, Env, PaperIn};
use store::{Tx, settings};

/// The outcome of the counter's only step.
const SETTLED: &str = "approve";

#[derive(Template)]
#[template(path = "desk/counter_lane.html")]
struct LanePage {
    page: Page,
    refusal: String,
    fields: Vec<Field>,
    pay: Field,
    /// The fee that was seen, as the form sends it back.
    seen: String,
    fee: String,
    rule: String,
    /// No procedure of this desk takes its fee by the page.
    none: bool,
}

/// What was told, checked.
#[derive(Clone)]
struct Told {
    party: Party,
    copies: Copies,
    method: String,
}

/// Procedures of a desk that are settled at once and whose fee goes by pages.
fn editions(app: &App, desk: &UnitId) -> Vec<Arc<Edition>> {
    let (catalogue, today) = (app.catalogue(), app.today());
    let paged = |e: &&Arc<Edition>| {
        e.page_fee.is_some() && e.at_once() && e.decides(desk, &catalogue.tree, today).is_ok()
    };
    catalogue.all_in_force(today).filter(paged).cloned().collect()
}

/// GET: the form, empty.
pub(in crate::desk) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let desk = own_desk(&app, &officer)?;
    let page = page(&app, &officer, &visit, &desk, visit.query(), Answer::default()).await?;
    kit::html(&page)
}

/// The lane is the desk's own: the post takes nothing that is settled at once.
fn own_desk(app: &App, officer: &Officer) -> Result<UnitId, Refused> {
    match desk_of(app, officer, "")? {
        (Some(desk), false) => Ok(desk),
        _ => Err(Refused::forbidden()),
    }
}

/// POST: tell the fee, then take the money, number, settle and hand over in one unit of work. What
/// was not seen is not taken: another fee than the one on the page is shown first.
pub(in crate::desk) async fn take(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let desk = own_desk(&app, &officer)?;
    let code = ProcedureCode::from(entries.text("tt"));
    let edition = editions(&app, &desk).into_iter().find(|e| e.code == code);
    let edition = edition.ok_or_else(Refused::not_found)?;
    let Some(rule) = edition.page_fee.clone() else { return Err(Refused::not_found()) };
    let told = match read(&app, &entries) {
        Ok(told) => told,
        Err(faults) => {
            let answer = Answer { faults, ..Answer::default() };
            let page = page(&app, &officer, &visit, &desk, &entries, answer).await?;
            return kit::respond::html_faults(&page);
        }
    };
    let fee = rule.of(told.copies);
    let is_seen = entries.text("phi") == fee.to_string();
    if entries.text("lam") == "tinh" || !is_seen {
        let answer = Answer { fee: Some(fee), ..Answer::default() };
        return kit::html(&page(&app, &officer, &visit, &desk, &entries, answer).await?);
    }
    let lane = Lane { edition, rule, desk: desk.clone(), told, sent: Sent::of(&visit, &entries) };
    match app.act(&officer.actor, move |tx, env| lane.run(tx, env)).await {
        Ok(id) => {
            let read = app.read(move |reader| Ok(cases::by_id(reader, id.0)?));
            let number = read.await.map_err(refused)?.and_then(|found| found.case.result_number);
            let flash = Flash::new("counter-lane-taken")
                .with("number", number.unwrap_or_default())
                .with("fee", visit.t().money(fee));
            Ok(redirect(format!("{HOME}/quay/ngay?tt={code}")).flash(flash).into_response())
        }
        Err(CaseError::Refused(refusal)) => {
            let (faults, refusal) = match refusal {
                Refusal::Fields(faults) => (form_faults(&faults), None),
                other => (Faults::new(), Some(other)),
            };
            let answer = Answer { faults, refusal: refusal.as_ref(), fee: Some(fee) };
            let page = page(&app, &officer, &visit, &desk, &entries, answer).await?;
            kit::respond::html_faults(&page)
        }
        Err(error) => Err(refused(error)),
    }
}

fn read(app: &App, entries: &Entries) -> Result<Told, Faults> {
    let mut check = Check::new(entries);
    let text = |name: &str| entries.text(name).to_owned();
    let draft = DraftParty {
        kind: "person".to_owned(),
        name: text("name"),
        number: text("number"),
        ..DraftParty::default()
    };
    let party = match draft.check("", app.today()) {
        Ok(party) => Some(party),
        Err(faults) => {
            form_faults(&faults).iter().for_each(|fault| check.fault(fault.clone()));
            None
        }
    };
    let mut count = |name: &str, most: u16| {
        let count = entries.text(name).parse().ok().filter(|n| (1..=most).contains(n));
        if count.is_none() {
            check.fault(Fault::new(name, "err-number").with("max", most));
        }
        count.unwrap_or(1)
    };
    let copies = Copies { copies: count("copies", law::COPIES), pages: count("pages", law::PAGES) };
    check.done()?;
    let Some(party) = party else { return Err(Faults::new()) };
    let method = if entries.text("pay") == "transfer" { "transfer" } else { "cash" };
    Ok(Told { party, copies, method: method.to_owned() })
}

/// One act of the lane.
struct Lane {
    edition: Arc<Edition>,
    rule: PageFee,
    desk: UnitId,
    told: Told,
    sent: Sent,
}

impl Lane {
    fn run(&self, tx: &mut Tx<'_>, env: &mut Env<'_>) -> Result<CaseId, CaseError> {
        if let Some(answer) = self.sent.before(tx, env)? {
            return answer.parse().map_err(|_| CaseError::NotFound);
        }
        let case = cases::submit(tx, env, &self.edition, &self.application())?.case;
        let accepted = cases::accept(tx, env, case.id, None, None, None)?.case;
        let open = accepted.fee_vnd - accepted.paid_vnd;
        if open > 0 {
            let pay = Command::Pay { amount_vnd: open, method: self.told.method.clone() };
            cases::act(tx, env, case.id, None, &pay)?;
        }
        let number = self.next(tx, env, &accepted.received_by)?;
        let decide = Command::Complete {
            token: 0,
            outcome: SETTLED.to_owned(),
            officer: None,
            consulted: Vec::new(),
            note: None,
            number: Some(number),
            amount_vnd: None,
        };
        cases::act(tx, env, case.id, None, &decide)?;
        let name = self.told.party.name.as_str();
        let taken = cases::keep(tx, env, case.subject, Some(case.id), "taken_by", name)?;
        let deliver =
            Command::Deliver { how: Delivery::Counter, taken_by: Some(taken), authorised: false };
        cases::act(tx, env, case.id, None, &deliver)?;
        self.sent.keep(tx, env, &case.id.to_string())?;
        Ok(case.id)
    }

    fn application(&self) -> Application {
        let asked = self.edition.papers.iter().filter(|paper| paper.required);
        let papers = asked.map(|paper| PaperIn { no: paper.no, count: 1, files: Vec::new() });
        Application {
            channel: Channel::Counter,
            source: Source::Counter,
            desk: self.desk.clone(),
            applicant: self.told.party.clone(),
            answers: Vec::new(),
            papers: papers.collect(),
            delivery: Delivery::Counter,
            exemption: None,
            copies: Some(self.told.copies),
            parent: None,
            subject: None,
        }
    }

    /// The next number of the unit's book of this year: a refusal takes the draw back together with
    /// everything else, so that none is missing.
    fn next(&self, tx: &mut Tx<'_>, env: &Env<'_>, unit: &UnitId) -> Result<String, CaseError> {
        let (book, year) = (self.rule.book.as_str(), view::when(env.now).year);
        let key = format!("book:{unit}:{book}:{year}");
        let last: u64 = settings::get(tx, &key)?.and_then(|last| last.parse().ok()).unwrap_or(0);
        let number = last + 1;
        settings::set(tx, &key, &number.to_string(), env.now.0)?;
        Ok(format!("{number}/{year}-{book}"))
    }
}

/// What an answer shows beside what was typed.
#[derive(Default)]
struct Answer<'a> {
    faults: Faults,
    refusal: Option<&'a Refusal>,
    fee: Option<i64>,
}

async fn page(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    desk: &UnitId,
    entries: &Entries,
    answer: Answer<'_>,
) -> Result<LanePage, Refused> {
    let t = visit.t();
    let all = editions(app, desk);
    let chosen = entries.text("tt");
    let chosen = all.iter().find(|e| e.code.as_str() == chosen).or(all.first());
    let around = shell::around(app, officer).await?;
    let title = (t.s("counter-lane-title"), "/noi-lam-viec/quay/ngay");
    let page = shell::page(app, visit, officer, &around, title);
    let rule = chosen.and_then(|e| e.page_fee.as_ref().map(|fee| told(t, fee)));
    let mut procedure = Field::select(t, "tt", t.s("desk-col-procedure"));
    for edition in &all {
        procedure = procedure.choice(edition.code.as_str(), view::procedure(t, edition));
    }
    let number = Field::text(t, "number", t.s("desk-person-number")).digits("20").optional();
    let count = |name: &str, label: &str| Field::text(t, name, t.s(label)).digits("4");
    let filled = |field: Field| field.fill(entries, &answer.faults);
    let mut fields = vec![filled(procedure)];
    fields.push(filled(Field::text(t, "name", t.s("counter-lane-name")).focus()));
    fields.push(filled(number));
    for (name, label) in [("copies", "counter-lane-copies"), ("pages", "counter-lane-pages")] {
        let field = filled(count(name, label));
        let empty = entries.text(name).is_empty();
        fields.push(if empty { field.value("1") } else { field });
    }
    let mut pay = Field::radio(t, "pay", t.s("desk-counter-pay")).key("P");
    for key in ["cash", "transfer"] {
        pay = pay.choice(key, t.s(&format!("desk-counter-pay-{key}")));
    }
    let mut pay = pay.fill(entries, &answer.faults);
    if pay.choices.iter().all(|choice| !choice.on)
        && let Some(first) = pay.choices.first_mut()
    {
        first.on = true;
    }
    Ok(LanePage {
        none: all.is_empty(),
        refusal: answer.refusal.map(|r| reason_text(t, r)).unwrap_or_default(),
        fields,
        pay,
        seen: answer.fee.map(|fee| fee.to_string()).unwrap_or_default(),
        fee: answer.fee.map(|fee| t.money(fee)).unwrap_or_default(),
        rule: rule.unwrap_or_default(),
        page: page
            .faults(answer.faults)
            .key("F2", "keys-new")
            .key("F9", "keys-accept")
            .key("P", "counter-keys-pay"),
    })
}

/// The rule of a fee in words.
fn told(t: T, fee: &PageFee) -> String {
    let (first, rest) = (t.money(fee.first_vnd), t.money(fee.rest_vnd));
    let (pages, most) = (u64::from(fee.first_pages), t.money(fee.most_vnd));
    t.a("counter-lane-rule", &[("n", &pages), ("first", &first), ("rest", &rest), ("most", &most)])
}
