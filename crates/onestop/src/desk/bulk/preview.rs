//! GET `/noi-lam-viec/nhieu`: what an act will do to each of the cases that were ticked, before it
//! is done; those that it cannot be done to stand there with the reason.

use super::super::deed::{self, Loaded};
use super::super::{HOME, act, shell};
use super::{Kind, PAGE, fields};
use crate::app::{App, Officer};
use crate::refusals::refused;
use crate::view::{self, Names};
use crate::{papers_of, seen};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::case::Offer;
use kit::{Entries, Faults, Field, Page, Refused, T, Visit};
use std::collections::HashSet;
use store::bounds::BATCH_CASES_MAX;

/// The case as a line of the page.
struct Line {
    id: String,
    href: String,
    code: String,
    procedure: String,
    name: String,
    papers: u64,
    seen: u64,
    /// What will be done, or why it cannot be.
    words: String,
    can: bool,
    ticked: bool,
    /// For results that somebody takes at the counter.
    taken_by: String,
    taken_paper: String,
    authorised: bool,
    online: bool,
}

#[derive(Template)]
#[template(path = "desk/bulk/preview.html")]
struct PreviewPage {
    page: Page,
    kind: &'static str,
    will: String,
    fields: Vec<Field>,
    lines: Vec<Line>,
    can: usize,
    cannot: usize,
    delivers: bool,
    papers: bool,
    back: String,
    go: String,
    too_many: String,
}

/// The cases that were ticked and are the officer's to see, each once, in the order of the list.
pub(super) async fn loaded(
    app: &App,
    officer: &Officer,
    entries: &Entries,
) -> Result<(Vec<Loaded>, bool), Refused> {
    let mut known = HashSet::new();
    let ids: Vec<String> = entries
        .all("ho-so")
        .filter(|id| known.insert((*id).to_owned()))
        .take(BATCH_CASES_MAX + 1)
        .map(str::to_owned)
        .collect();
    let too_many = ids.len() > BATCH_CASES_MAX;
    let mut all = Vec::with_capacity(ids.len());
    for id in ids.iter().take(BATCH_CASES_MAX) {
        match deed::load(app, officer, id).await {
            Ok(one) => all.push(one),
            // What is not theirs, or no case at all, is not told apart.
            Err(refused) if refused.status == axum::http::StatusCode::NOT_FOUND => {}
            Err(refused) => return Err(refused),
        }
    }
    Ok((all, too_many))
}

/// GET: the page before the act.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    let entries = visit.query().clone();
    let kind = Kind::from_key(entries.text("lam")).ok_or_else(Refused::not_found)?;
    if !kind.may(&officer.actor) {
        return Err(Refused::forbidden());
    }
    let (loaded, too_many) = loaded(&app, &officer, &entries).await?;
    let ids = loaded.iter().map(|one| one.stored.case.id.0).collect();
    seen::many(&app, &officer, "list", &format!("many {}", kind.key()), ids).await?;
    let asked = Asked { app: &app, officer: &officer, visit: &visit, kind, too_many };
    asked.answer(&loaded, &entries, Faults::new(), false).await
}

/// What a page is made for.
pub(super) struct Asked<'a> {
    pub(super) app: &'a App,
    pub(super) officer: &'a Officer,
    pub(super) visit: &'a Visit,
    pub(super) kind: Kind,
    pub(super) too_many: bool,
}

impl Asked<'_> {
    /// The page, fresh or with what was sent.
    pub(super) async fn answer(
        &self,
        loaded: &[Loaded],
        entries: &Entries,
        faults: Faults,
        sent: bool,
    ) -> Result<Response, Refused> {
        let names = self.names(loaded).await?;
        let around = shell::around(self.app, self.officer).await?;
        let wrong = !faults.is_empty();
        let page = self.page_of(loaded, (entries, faults, sent), &names, &around);
        if wrong { kit::respond::html_faults(&page) } else { kit::html(&page) }
    }

    async fn names(&self, loaded: &[Loaded]) -> Result<Names, Refused> {
        let officers = fields::officers(&self.app.catalogue(), self.app, loaded);
        let read = self.app.read(move |reader| {
            Ok(Names::read(reader, officers.iter().map(|account| account.as_str()))?)
        });
        read.await.map_err(refused)
    }

    fn page_of(
        &self,
        loaded: &[Loaded],
        (entries, faults, sent): (&Entries, Faults, bool),
        names: &Names,
        around: &shell::Around,
    ) -> PreviewPage {
        let (t, kind, catalogue) = (self.visit.t(), self.kind, self.app.catalogue());
        let lines: Vec<Line> =
            loaded.iter().map(|one| self.line(t, one, (entries, sent))).collect();
        let can = lines.iter().filter(|line| line.can).count();
        let around_fields = (&*catalogue, self.app, self.officer);
        let fields = fields::shared(t, kind, around_fields, (loaded, names), (entries, &faults));
        let title = t.s(&format!("many-act-{}", kind.key()));
        let page = shell::page(self.app, self.visit, self.officer, around, (title.clone(), ""));
        let most = i64::try_from(BATCH_CASES_MAX).unwrap_or(i64::MAX);
        PreviewPage {
            page: page.faults(faults).key("F9", "desk-keys-do"),
            kind: kind.key(),
            will: t.s(&format!("many-will-{}", kind.key())),
            fields: if can == 0 { Vec::new() } else { fields },
            cannot: lines.len() - can,
            can,
            lines,
            delivers: kind == Kind::Deliver,
            papers: kind == Kind::HandOver,
            back: if kind == Kind::Approve { format!("{HOME}/duyet") } else { HOME.to_owned() },
            go: title,
            too_many: if self.too_many { t.a1("many-too-many", "n", most) } else { String::new() },
        }
    }

    fn line(&self, t: T, one: &Loaded, (entries, sent): (&Entries, bool)) -> Line {
        let case = &one.stored.case;
        let offer = offer(self.app, self.officer, one, self.kind);
        let words = match &offer {
            Some(_) if self.kind == Kind::HandOver => t.s("many-line-hand-over"),
            Some(offer) => act::will(t, offer.action, offer.task.as_ref(), &one.edition),
            None => t.s(&format!("many-cannot-{}", self.kind.key())),
        };
        let id = case.id.to_string();
        let online = fields::how(one) == "online";
        let typed = |name: &str| entries.text(&fields::of_case(name, &id)).to_owned();
        let fresh = if online { String::new() } else { one.applicant.clone() };
        let ticked = !sent || entries.all("ho-so").any(|ticked| ticked == id);
        let was = entries.text(&fields::of_case("seen", &id)).parse().unwrap_or(case.seq);
        Line {
            href: format!("{HOME}/ho-so/{id}"),
            code: case.name().to_owned(),
            procedure: view::procedure(t, &one.edition),
            name: if one.applicant.is_empty() { t.s("desk-erased") } else { one.applicant.clone() },
            papers: papers_of::count(case),
            // The place that this page shows: after faults still the one the person saw first.
            seen: if sent { was } else { case.seq },
            words,
            can: offer.is_some(),
            ticked,
            taken_by: if sent { typed("taken_by") } else { fresh },
            taken_paper: typed("taken_paper"),
            authorised: entries.has(&fields::of_case("authorised", &id), "1"),
            online,
            id,
        }
    }
}

/// The act on one case, if it is offered now.
pub(super) fn offer(app: &App, officer: &Officer, one: &Loaded, kind: Kind) -> Option<Offer> {
    let offers = deed::offered(&app.catalogue(), officer, &one.stored, app.now());
    kind.offer(&offers).cloned()
}

/// The address of the page for some cases, for going on with what is left.
pub(super) fn href(kind: &str, ids: impl Iterator<Item = String>) -> String {
    let ids: String = ids.map(|id| format!("&ho-so={id}")).collect();
    format!("{PAGE}?lam={kind}{ids}")
}
