//! The fields of each act's page: only what this act needs, with what is known filled in.

use super::act_ops;
use crate::app::Officer;
use crate::view::{self, Names};
use kernel::calendar::Instant;
use kernel::case::{self, Action, Case, Delivery, OfferedTask};
use kernel::catalogue::Catalogue;
use kernel::ids::AccountId;
use kernel::procedure::Edition;
use kit::{Entries, Faults, Field, T};
use store::cases::Stored;

/// Days to answer a supplement request that stand in the form first.
const ANSWER_DAYS: &str = "15";

/// What fields are made from.
pub(super) struct Ground<'a> {
    pub(super) t: T,
    pub(super) catalogue: &'a Catalogue,
    pub(super) edition: &'a Edition,
    pub(super) officer: &'a Officer,
    pub(super) case: &'a Case,
    pub(super) now: Instant,
    pub(super) names: &'a Names,
    /// The task of the act, if it belongs to one.
    pub(super) task: Option<&'a OfferedTask>,
    pub(super) entries: &'a Entries,
    pub(super) faults: &'a Faults,
    /// Whether `entries` are a form that was sent; else what is known is filled in.
    pub(super) sent: bool,
}

impl Ground<'_> {
    pub(super) fn done(&self, field: Field, known: &str) -> Field {
        if self.sent || known.is_empty() {
            return field.fill(self.entries, self.faults);
        }
        field.value(known)
    }

    /// Kind of the task, empty for acts that are none.
    fn kind(&self) -> &str {
        self.task.map(|task| task.kind.as_str()).unwrap_or_default()
    }

    pub(super) fn label(&self, name: &str) -> String {
        self.t.s(&format!("desk-field-{}", name.replace('_', "-")))
    }

    pub(super) fn area(&self, name: &'static str) -> Field {
        self.done(Field::area(self.t, name, self.label(name)), "")
    }

    pub(super) fn text(&self, name: &'static str, known: &str) -> Field {
        self.done(Field::text(self.t, name, self.label(name)), known)
    }

    pub(super) fn date(&self, name: &'static str) -> Field {
        self.done(Field::date(self.t, "date", self.label(name)), "")
    }

    pub(super) fn reason(&self) -> Field {
        self.area("reason")
    }

    pub(super) fn optional_reason(&self) -> Field {
        self.area("reason").optional()
    }

    fn amount(&self, known: i64) -> Field {
        let field = Field::text(self.t, "amount_vnd", self.label("amount_vnd")).digits("12");
        let known = if known > 0 { known.to_string() } else { String::new() };
        self.done(field, &known)
    }

    fn officer(&self) -> Field {
        let t = self.t;
        let mut field = Field::select(t, "officer", self.label("officer"));
        field = field.choice("", t.s("form-choose"));
        let here = view::case_officers(self.catalogue, self.case, self.now.date());
        for account in &here {
            field = field.choice(account.as_str(), self.names.of(t, account.as_str()));
        }
        let only = match here.as_slice() {
            [one] => one.as_str(),
            _ => "",
        };
        self.done(field, only)
    }

    /// The units that the edition asks, ticked; more may be asked only by changing the edition.
    fn consulted(&self) -> Option<Field> {
        let t = self.t;
        let mut field = Field::checkbox(t, "consulted", self.label("consulted"));
        let mut known = 0;
        for target in &self.edition.consults {
            let tree = &self.catalogue.tree;
            let found = self.edition.target(target, &self.case.desk, tree, self.now.date());
            let Ok(unit) = found else { continue };
            if unit.id == self.case.decided_by {
                continue;
            }
            field = field.choice(unit.id.as_str(), view::in_language(t, &unit.name, &unit.name_en));
            known += 1;
        }
        if known == 0 {
            return None;
        }
        if self.sent {
            return Some(field.fill(self.entries, self.faults));
        }
        for choice in &mut field.choices {
            choice.on = true;
        }
        Some(field)
    }

    fn papers(&self) -> Field {
        let mut field = Field::checkbox(self.t, "papers", self.label("papers"));
        field = field.hint(self.t.s("desk-field-papers-hint"));
        for paper in &self.edition.papers {
            field = field.choice(paper.no.to_string(), paper.name.clone());
        }
        field.fill(self.entries, self.faults)
    }

    /// How many of each paper; `of` says which papers.
    fn counts(&self, of: &dyn Fn(u16) -> bool, known: bool) -> Vec<Field> {
        let papers = self.edition.papers.iter().filter(|p| of(p.no));
        let field = |paper: &kernel::procedure::Paper| {
            let name = format!("paper_{}", paper.no);
            let had = self.case.papers.iter().find(|p| p.no == paper.no).map_or(0, |p| p.count);
            let known = if known { had } else { paper.count };
            let hint = if paper.required { "desk-paper-required" } else { "desk-paper-optional" };
            let field = Field::text(self.t, name, paper.name.clone()).digits("4");
            self.done(field.hint(self.t.s(hint)), &known.to_string())
        };
        papers.map(field).collect()
    }

    fn asked_papers(&self) -> Vec<Field> {
        let asked = self.case.supplement.as_ref().map(|s| s.papers.clone()).unwrap_or_default();
        self.counts(&|no| asked.is_empty() || asked.contains(&no), false)
    }

    fn taken_by(&self, known: &str) -> Vec<Field> {
        vec![self.text("taken_by", known), self.text("taken_paper", "").optional()]
    }

    fn choice(&self, name: &'static str, keys: &[&str], known: &str) -> Field {
        let mut field = Field::radio(self.t, name, self.label(name));
        for key in keys {
            let label = self.t.s(&format!("desk-field-{}-{key}", name.replace('_', "-")));
            field = field.choice(*key, label);
        }
        self.done(field, known)
    }
}

/// The accounts whose names the fields of a case may show.
pub(super) fn named(
    catalogue: &Catalogue,
    officer: &Officer,
    stored: &Stored,
    now: Instant,
) -> Vec<AccountId> {
    let case = &stored.case;
    let mut all: Vec<AccountId> =
        view::case_officers(catalogue, case, now.date()).into_iter().cloned().collect();
    all.extend(case.ops.helpers.iter().map(|helper| helper.officer.clone()));
    if let Some(ctx) = catalogue.ctx(case, &officer.actor, now) {
        all.extend(case::helpers_for(case, &ctx));
        for token in &case.process.tokens {
            all.extend(case::lendable_to(case, token.id, &ctx));
        }
    }
    all.sort();
    all.dedup();
    all
}

/// The fields of an act, in order.
pub(super) fn fields(g: &Ground<'_>, action: Action, applicant: &str) -> Vec<Field> {
    match action {
        Action::Complete(_) => task(g),
        Action::Accept => g.counts(&|_| true, true),
        Action::AskPreSupplement => vec![g.papers(), g.reason()],
        Action::AskSupplement => {
            let days = Field::text(g.t, "answer_days", g.label("answer_days")).digits("4");
            vec![g.papers(), g.reason(), g.done(days, ANSWER_DAYS)]
        }
        Action::GivePreSupplement | Action::GiveSupplement => g.asked_papers(),
        Action::Return(_)
        | Action::TakeBack(_)
        | Action::Jump(_)
        | Action::Skip(_)
        | Action::AddStep
        | Action::Release(_)
        | Action::Delegate(_)
        | Action::Happen(_)
        | Action::Choose(_)
        | Action::Transfer
        | Action::CoProcess
        | Action::EndCoProcess
        | Action::Retry(_)
        | Action::SetData => act_ops::fields(g, action),
        Action::Reject
        | Action::VoidAcceptance
        | Action::Stop
        | Action::StopUnanswered
        | Action::PostFail => vec![g.reason()],
        Action::AskWithdrawal => vec![g.optional_reason()],
        Action::DecideWithdrawal => {
            vec![g.choice("granted", &["yes", "no"], "yes"), g.optional_reason()]
        }
        Action::Suspend => vec![g.text("ground", ""), g.date("until"), g.reason()],
        Action::DraftExtension => vec![g.date("new_due_on"), g.reason()],
        Action::OpenFinance => vec![g.amount(0)],
        Action::Pay => {
            let open = (g.case.fee_vnd - g.case.paid_vnd).max(0);
            vec![g.amount(open), g.choice("method", &["cash", "transfer", "online"], "cash")]
        }
        Action::Refund => vec![g.amount(g.case.paid_vnd), g.reason()],
        Action::Waive => vec![exemption(g)],
        Action::Reassign => vec![g.officer(), g.optional_reason()],
        Action::Note => vec![g.area("note")],
        Action::Deliver => deliver(g, applicant),
        Action::PostDeliver => g.taken_by(applicant),
        _ => Vec::new(),
    }
}

fn task(g: &Ground<'_>) -> Vec<Field> {
    let mut fields = Vec::new();
    match g.kind() {
        "assign" => {
            fields.push(g.officer());
            fields.extend(g.consulted());
        }
        "stamp" => fields.push(g.text("number", "")),
        "finance" => fields.push(g.amount(0)),
        _ => {}
    }
    let note = g.area("note");
    fields.push(if matches!(g.kind(), "field" | "opinion") { note } else { note.optional() });
    fields
}

fn deliver(g: &Ground<'_>, applicant: &str) -> Vec<Field> {
    let how = if g.case.delivery == Delivery::Online { "online" } else { "counter" };
    let mut fields = vec![g.choice("how", &["counter", "online"], how)];
    fields.extend(g.taken_by(if how == "counter" { applicant } else { "" }));
    let box_ = Field::checkbox(g.t, "authorised", g.label("authorised"));
    fields.push(box_.fill(g.entries, g.faults));
    fields
}

fn exemption(g: &Ground<'_>) -> Field {
    let mut field = Field::radio(g.t, "exemption", g.label("exemption"));
    for one in &g.edition.exemptions {
        field = field.choice_hint(one.key.clone(), one.who.clone(), one.ground.clone());
    }
    field.fill(g.entries, g.faults)
}
