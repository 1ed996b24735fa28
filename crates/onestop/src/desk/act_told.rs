//! What an officer told on an act's page: read and checked, then turned into a command inside the
//! unit
//! of work that seals its texts.

use kernel::calendar::Date;
use kernel::case::{Action, Case, Command, Delivery, Op, PaperGiven, Ref, Why};
use kernel::ids::{AccountId, SubjectId, UnitId};
use kernel::limits as law;
use kernel::people::{self, Fault as KernelFault};
use kernel::procedure::Edition;
use kit::{Check, Entries, Fault, Faults, When};
use process::Vars;
use store::Tx;
use store::cases::{CaseError, Env, keep};

/// Longest line that names who took a result, or a ground in law, in characters.
const LINE_CHARS_MAX: usize = 200;

/// Told and checked in form; whether it is enough, the law decides.
#[derive(Clone, Default, Debug)]
pub(super) struct Told {
    outcome: String,
    officer: Option<AccountId>,
    consulted: Vec<UnitId>,
    note: String,
    number: Option<String>,
    amount_vnd: i64,
    reason: String,
    papers: Vec<u16>,
    counts: Vec<PaperGiven>,
    answer_days: u32,
    date: Option<Date>,
    ground: String,
    taken_by: String,
    authorised: bool,
    online: bool,
    granted: bool,
    method: String,
    exemption: String,
    to: String,
    unit: Option<UnitId>,
    vars: Option<Vars>,
}

impl Told {
    /// Reads the fields of any act; those that an act does not have stay empty.
    ///
    /// # Errors
    /// What cannot be read, by field.
    pub(super) fn read(entries: &Entries, edition: &Edition, case: &Case) -> Result<Self, Faults> {
        let mut check = Check::new(entries);
        // Pages send three fields, programs one: 2019-05-03.
        let date = match entries.text("date") {
            "" => check.date("date").and_then(day),
            typed => {
                let date = typed.parse::<Date>().ok();
                if date.is_none() {
                    check.fault(Fault::new("date", "err-date-none"));
                }
                date
            }
        };
        let taken = check.optional("taken_by", LINE_CHARS_MAX);
        let paper = check.optional("taken_paper", LINE_CHARS_MAX);
        let told = Self {
            outcome: check.optional("outcome", LINE_CHARS_MAX),
            officer: Some(entries.text("officer")).filter(|o| !o.is_empty()).map(AccountId::from),
            consulted: entries.all("consulted").map(UnitId::from).collect(),
            note: text(&mut check, entries, "note"),
            number: Some(check.optional("number", LINE_CHARS_MAX)),
            amount_vnd: amount(&mut check, entries),
            reason: text(&mut check, entries, "reason"),
            papers: entries.all("papers").filter_map(|no| no.parse().ok()).collect(),
            counts: counts(&mut check, entries, edition, case),
            answer_days: number(&mut check, entries, "answer_days"),
            date,
            ground: check.optional("ground", LINE_CHARS_MAX),
            taken_by: taken_by(&taken, &paper),
            authorised: entries.has("authorised", "1"),
            online: entries.has("how", "online"),
            granted: entries.has("granted", "yes"),
            method: entries.text("method").to_owned(),
            exemption: entries.text("exemption").to_owned(),
            to: check.optional("to", LINE_CHARS_MAX),
            unit: Some(entries.text("unit")).filter(|u| !u.is_empty()).map(UnitId::from),
            vars: vars(&mut check, entries),
        };
        check.done().map(|()| told)
    }

    /// The command of an act, its texts sealed under the case's subject.
    ///
    /// # Errors
    /// A date that is missing, or what the store says.
    pub(super) fn command(
        &self,
        tx: &mut Tx<'_>,
        env: &mut Env<'_>,
        action: Action,
        case: &Case,
    ) -> Result<Command, CaseError> {
        let mut seal = Seal { tx, env, case };
        let amount_vnd = self.amount_vnd;
        Ok(match action {
            Action::Complete(token) => Command::Complete {
                token,
                outcome: self.outcome.clone(),
                officer: self.officer.clone(),
                consulted: self.consulted.clone(),
                note: seal.text("note", &self.note)?,
                number: self.number.clone().filter(|n| !n.is_empty()),
                amount_vnd: Some(amount_vnd).filter(|a| *a > 0),
            },
            Action::Accept => {
                let same = self.counts == case.papers || self.counts.is_empty();
                let papers = (!same).then(|| self.counts.clone());
                Command::Accept { number: 0, papers, late: None }
            }
            Action::Forward => Command::Forward,
            Action::AcceptSupplement => Command::AcceptSupplement,
            Action::CloseFinance => Command::CloseFinance,
            Action::GrantExtension => Command::GrantExtension,
            Action::Resume => Command::Resume,
            Action::PostCollect => Command::PostCollect,
            Action::PostReturn => Command::PostReturn,
            Action::RenewPin => Command::RenewPin,
            Action::OpenFinance => Command::OpenFinance { amount_vnd },
            Action::Pay => Command::Pay { amount_vnd, method: self.method.clone() },
            Action::Waive => Command::Waive { exemption: self.exemption.clone() },
            Action::Note => Command::Note { note: seal.text("note", &self.note)? },
            Action::GivePreSupplement => Command::GivePreSupplement { papers: self.given() },
            Action::GiveSupplement => Command::GiveSupplement { papers: self.given() },
            Action::Reassign => Command::Reassign {
                officer: self
                    .officer
                    .clone()
                    .ok_or_else(|| missing("officer", "err-officer-missing"))?,
                reason: seal.text("reason", &self.reason)?,
            },
            other => match self.operation(&mut seal, other)? {
                Some(op) => Command::Op(op),
                None => self.with_reason(&mut seal, other)?,
            },
        })
    }

    /// The acts that rest on a reason, and handing over.
    fn with_reason(
        &self,
        seal: &mut Seal<'_, '_, '_, '_>,
        action: Action,
    ) -> Result<Command, CaseError> {
        if let Some(command) = self.handing_over(seal, action)? {
            return Ok(command);
        }
        let reason = seal.text("reason", &self.reason)?;
        let papers = self.papers.clone();
        Ok(match action {
            Action::AskPreSupplement => Command::AskPreSupplement { papers, reason },
            Action::AskSupplement => {
                Command::AskSupplement { papers, reason, answer_days: self.answer_days }
            }
            Action::Reject => Command::Reject { reason },
            Action::VoidAcceptance => Command::VoidAcceptance { reason },
            Action::StopUnanswered => Command::StopUnanswered { reason },
            Action::Stop => Command::Stop { reason },
            Action::AskWithdrawal => Command::AskWithdrawal { reason },
            Action::DecideWithdrawal => Command::DecideWithdrawal { granted: self.granted, reason },
            Action::Suspend => Command::Suspend {
                ground: self.ground.clone(),
                reason,
                until: self.date.ok_or_else(|| missing("date", "err-date-missing"))?,
            },
            Action::DraftExtension => Command::DraftExtension {
                new_due_on: self.date.ok_or_else(|| missing("date", "err-date-missing"))?,
                reason,
            },
            Action::Refund => Command::Refund { amount_vnd: self.amount_vnd, reason },
            _ => return Err(CaseError::NotFound),
        })
    }

    /// The acts beyond the drawn process; each has its reason and its ground.
    fn operation(
        &self,
        seal: &mut Seal<'_, '_, '_, '_>,
        action: Action,
    ) -> Result<Option<Op>, CaseError> {
        if action.number().is_none() && !on_the_whole_case(action) {
            return Ok(None);
        }
        let why = Why { reason: seal.text("reason", &self.reason)?, ground: self.ground.clone() };
        let officer = || self.officer.clone().unwrap_or_else(|| AccountId(String::new()));
        Ok(Some(match action {
            Action::Return(token) => Op::Return { token, to: self.to.clone(), why },
            Action::TakeBack(token) => Op::TakeBack { token, why },
            Action::Jump(token) => Op::Jump { token, to: self.to.clone(), why },
            Action::Skip(token) => Op::Skip { token, outcome: self.outcome.clone(), why },
            Action::AddStep => Op::AddStep { node: self.to.clone(), why },
            Action::Claim(token) => Op::Claim { token },
            Action::Release(token) => Op::Release { token, why },
            Action::Delegate(token) => Op::Delegate {
                token,
                to: self
                    .officer
                    .clone()
                    .ok_or_else(|| missing("officer", "err-officer-missing"))?,
                until: self.date.ok_or_else(|| missing("date", "err-date-missing"))?,
                why,
            },
            Action::EndDelegation(token) => Op::EndDelegation { token },
            Action::Choose(token) => Op::Choose { token, to: self.to.clone() },
            Action::Happen(token) => Op::Happen { token, event: self.to.clone(), why },
            Action::Transfer => Op::Transfer {
                unit: self.unit.clone().ok_or_else(|| missing("unit", "err-unit"))?,
                why,
            },
            Action::CoProcess => Op::CoProcess { officer: officer(), why },
            Action::EndCoProcess => Op::EndCoProcess { officer: officer(), why },
            Action::Retry(incident) => Op::Retry { incident, why },
            Action::SetData => {
                let vars = self.vars.clone().ok_or_else(|| missing("vars", "err-vars"))?;
                Op::SetData { vars, why }
            }
            _ => return Ok(None),
        }))
    }

    fn handing_over(
        &self,
        seal: &mut Seal<'_, '_, '_, '_>,
        action: Action,
    ) -> Result<Option<Command>, CaseError> {
        Ok(match action {
            Action::Deliver => Some(Command::Deliver {
                how: if self.online { Delivery::Online } else { Delivery::Counter },
                taken_by: seal.text("taken_by", &self.taken_by)?,
                authorised: self.authorised,
            }),
            Action::PostDeliver => {
                Some(Command::PostDeliver { taken_by: seal.text("taken_by", &self.taken_by)? })
            }
            Action::PostFail => {
                Some(Command::PostFail { reason: seal.text("reason", &self.reason)? })
            }
            _ => None,
        })
    }

    /// Papers handed in now: those with a count.
    fn given(&self) -> Vec<PaperGiven> {
        let now = self.counts.iter().filter(|p| p.count > 0);
        now.map(|p| PaperGiven { files: Vec::new(), ..p.clone() }).collect()
    }
}

/// Operations that belong to no single step.
fn on_the_whole_case(action: Action) -> bool {
    matches!(
        action,
        Action::AddStep
            | Action::Transfer
            | Action::CoProcess
            | Action::EndCoProcess
            | Action::SetData
    )
}

/// Seals texts for one case inside a unit of work.
struct Seal<'s, 'q, 'e, 'c> {
    tx: &'s mut Tx<'q>,
    env: &'s mut Env<'e>,
    case: &'c Case,
}

impl Seal<'_, '_, '_, '_> {
    /// `None` for an empty text, so that the law can ask for it.
    fn text(&mut self, kind: &str, text: &str) -> Result<Option<Ref>, CaseError> {
        if text.is_empty() {
            return Ok(None);
        }
        let (subject, id): (SubjectId, _) = (self.case.subject, self.case.id);
        Ok(Some(keep(self.tx, self.env, subject, Some(id), kind, text)?))
    }
}

fn missing(field: &str, key: &str) -> CaseError {
    let fault = KernelFault::new(field, key);
    CaseError::Refused(kernel::case::Refusal::Fields(vec![fault]))
}

fn taken_by(name: &str, paper: &str) -> String {
    let parts = [people::tidy(name), people::tidy(paper)];
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
    // Only a name counts as "who": a paper number alone names nobody.
    if name.trim().is_empty() { String::new() } else { parts.join(", ") }
}

/// A text of several lines, cleaned as the kernel cleans answers.
fn text(check: &mut Check<'_>, entries: &Entries, name: &str) -> String {
    let text = check.optional(name, law::REASON_CHARS);
    let odd = |c: char| c.is_control() && c != '\n' && c != '\r' && c != '\t';
    if entries.text(name).chars().any(odd) {
        check.fault(Fault::new(name, "err-odd-characters"));
    }
    text.lines().map(people::tidy).collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// An amount as people write it: `450.000`, `450 000 đ`.
fn amount(check: &mut Check<'_>, entries: &Entries) -> i64 {
    let typed = entries.text("amount_vnd").trim_end_matches('đ');
    let digits: String =
        typed.chars().filter(|c| !matches!(c, '.' | ',' | ' ' | '\u{a0}')).collect();
    if digits.is_empty() {
        return 0;
    }
    let good = digits.chars().all(|c| c.is_ascii_digit());
    match digits.parse::<i64>().ok().filter(|_| good) {
        Some(amount) => amount,
        None => {
            check.fault(Fault::new("amount_vnd", "err-number"));
            0
        }
    }
}

/// Variables as a JSON object; nothing when the field is empty.
fn vars(check: &mut Check<'_>, entries: &Entries) -> Option<Vars> {
    let typed = entries.text("vars");
    if typed.is_empty() {
        return None;
    }
    let vars = (typed.len() <= law::MENDED_BYTES).then(|| serde_json::from_str(typed).ok());
    let vars = vars.flatten();
    if vars.is_none() {
        check.fault(Fault::new("vars", "err-vars"));
    }
    vars
}

fn number(check: &mut Check<'_>, entries: &Entries, name: &str) -> u32 {
    match entries.text(name) {
        "" => 0,
        typed => typed.parse().unwrap_or_else(|_| {
            check.fault(Fault::new(name, "err-number"));
            0
        }),
    }
}

/// How many of each paper, from the fields `paper_<no>`; files stay with their paper.
fn counts(
    check: &mut Check<'_>,
    entries: &Entries,
    edition: &Edition,
    case: &Case,
) -> Vec<PaperGiven> {
    let mut counts = Vec::new();
    for paper in &edition.papers {
        let name = format!("paper_{}", paper.no);
        let typed = entries.text(&name);
        let had = case.papers.iter().find(|p| p.no == paper.no);
        let files = had.map(|p| p.files.clone()).unwrap_or_default();
        let count = match typed {
            "" => 0,
            typed => typed.parse().ok().filter(|n| *n <= law::COPIES).unwrap_or_else(|| {
                check.fault(Fault::new(name, "err-number"));
                0
            }),
        };
        if count > 0 || !files.is_empty() {
            counts.push(PaperGiven { no: paper.no, count, files });
        }
    }
    counts
}

/// A date of the form as the kernel knows it.
pub(super) fn day(when: When) -> Option<Date> {
    Date::from_ymd_opt(when.year, u32::from(when.month), u32::from(when.day))
}
