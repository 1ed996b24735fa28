//! Taking a case in at the counter: submission, acceptance, fee and what is settled at once in one
//! unit of work; its files were sealed and staged while it was written.

use super::draft;
use super::form::Reception;
use crate::app::{App, Officer};
use crate::desk::once::Sent;
use crate::desk::pin;
use crate::portal::apply::draft::DraftFile;
use kernel::calendar::Channel;
use kernel::case::{Case, Command, LateEntry, Source};
use kernel::ids::{AccountId, CaseId, SubjectId, UnitId};
use kernel::procedure::Edition;
use std::sync::Arc;
use store::Tx;
use store::cases::{self, Application, CaseError, Env, PaperIn};
use uuid::Uuid;

/// How far the reception goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reach {
    /// Handed in and accepted: code, slip, clock.
    Accept,
    /// Handed in only; papers are missing.
    HandIn,
    /// Brought by the post: filed when its hand-over is recorded (Decision 45/2016 Art. 7.4).
    Post,
}

/// All that one reception needs.
pub(super) struct Intake {
    pub(super) desk: UnitId,
    pub(super) edition: Arc<Edition>,
    pub(super) reception: Reception,
    pub(super) reach: Reach,
    pub(super) sent: Sent,
    pub(super) secret: [u8; 32],
    /// The person under whose key the files are sealed.
    pub(super) subject: Option<Uuid>,
    /// Files that were kept: sealed and staged.
    pub(super) files: Vec<DraftFile>,
    /// The slot that is free afterwards.
    pub(super) slot: Option<u8>,
}

/// The case that a form made when it came before.
///
/// # Errors
/// `Changed` when another form came with the same key.
pub(super) async fn first(
    app: &App,
    officer: &Officer,
    sent: &Sent,
) -> Result<Option<CaseId>, CaseError> {
    let sent = sent.clone();
    let before = app.act(&officer.actor, move |tx, env| sent.before(tx, env)).await?;
    Ok(before.and_then(|answer| answer.parse().ok()))
}

/// Whether the form's key was used for an act already.
///
/// # Errors
/// What the store says.
pub(super) async fn is_used(app: &App, officer: &Officer, sent: &Sent) -> Result<bool, CaseError> {
    match first(app, officer, sent).await {
        Ok(found) => Ok(found.is_some()),
        Err(CaseError::Changed { .. }) => Ok(true),
        Err(error) => Err(error),
    }
}

/// Takes a case in; a repeated form gets the case of the first.
///
/// # Errors
/// What law, policy or store say.
pub(super) async fn take(
    app: &App,
    officer: &Officer,
    intake: Intake,
) -> Result<CaseId, CaseError> {
    let account = officer.account.clone();
    app.act(&officer.actor, move |tx, env| intake.run(tx, env, &account)).await
}

impl Intake {
    fn run(
        &self,
        tx: &mut Tx<'_>,
        env: &mut Env<'_>,
        account: &AccountId,
    ) -> Result<CaseId, CaseError> {
        if let Some(answer) = self.sent.before(tx, env)? {
            return answer.parse().map_err(|_| CaseError::NotFound);
        }
        let application = self.application();
        let submitted = cases::submit(tx, env, &self.edition, &application)?;
        let case = submitted.case;
        if self.reach == Reach::Accept {
            self.accept(tx, env, &case)?;
        }
        if let Some(fresh) = &submitted.pin {
            pin::keep(tx, env, case.id, &self.secret, fresh)?;
        }
        if let Some(slot) = self.slot {
            draft::drop_in(tx, account, slot)?;
        }
        self.sent.keep(tx, env, &case.id.to_string())?;
        Ok(case.id)
    }

    /// Acceptance, the fee if it was taken, and the decision of what is settled at once.
    fn accept(&self, tx: &mut Tx<'_>, env: &mut Env<'_>, case: &Case) -> Result<(), CaseError> {
        let late = match &self.reception.late {
            None => None,
            Some(told) => Some(LateEntry {
                received_at: told.received_at,
                reason: cases::keep(tx, env, case.subject, Some(case.id), "reason", &told.reason)?,
                second: told.second.clone(),
            }),
        };
        let mut done = cases::accept(tx, env, case.id, None, None, late)?;
        let open = done.case.fee_vnd - done.case.paid_vnd;
        if let Some(method) = self.reception.pay.clone().filter(|_| open > 0) {
            let pay = Command::Pay { amount_vnd: open, method };
            done = cases::act(tx, env, case.id, None, &pay)?;
        }
        if self.reception.settle {
            let decide = Command::Complete {
                token: 0,
                outcome: SETTLED.to_owned(),
                officer: None,
                consulted: Vec::new(),
                note: None,
                number: None,
                amount_vnd: None,
            };
            cases::act(tx, env, done.case.id, None, &decide)?;
        }
        Ok(())
    }

    fn application(&self) -> Application {
        let post = self.reach == Reach::Post;
        let took = &self.reception;
        let mut papers: Vec<PaperIn> = took
            .counts
            .iter()
            .map(|(no, count)| PaperIn { no: *no, count: *count, files: Vec::new() })
            .collect();
        for one in &self.files {
            let file = (one.address.clone(), one.file, one.name.clone());
            match papers.iter_mut().find(|p| p.no == one.paper) {
                Some(paper) => paper.files.push(file),
                None => papers.push(PaperIn { no: one.paper, count: 0, files: vec![file] }),
            }
        }
        Application {
            channel: if post { Channel::Post } else { Channel::Counter },
            source: if post { Source::Post } else { Source::Counter },
            desk: self.desk.clone(),
            applicant: took.party.clone(),
            answers: Vec::new(),
            papers,
            delivery: took.delivery,
            exemption: took.exemption.clone(),
            copies: None,
            parent: None,
            subject: self.subject.map(SubjectId),
        }
    }
}

/// The outcome of the counter's only step.
const SETTLED: &str = "approve";
