//! Taking a case in at the counter: files sealed and staged first, then submission, acceptance, fee
//! and
//! what is settled at once in one unit of work.

use super::counter_form::{FileIn, Reception};
use super::once::Sent;
use super::pin;
use crate::app::{App, Officer};
use kernel::calendar::Channel;
use kernel::case::{Case, Command, LateEntry, Source};
use kernel::ids::{CaseId, SubjectId, UnitId};
use kernel::procedure::Edition;
use papers::staging::BlobId;
use std::sync::Arc;
use store::cases::{self, Application, CaseError, Env, PaperIn};
use store::{StoreError, Tx, secrets};
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

/// A sealed file that lies on disk: paper, address of the ciphertext, id, name.
type Staged = (u16, String, Uuid, String);

/// All that one reception needs.
pub(super) struct Intake {
    pub(super) desk: UnitId,
    pub(super) edition: Arc<Edition>,
    pub(super) reception: Reception,
    pub(super) reach: Reach,
    pub(super) sent: Sent,
    pub(super) secret: [u8; 32],
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
    let intake = Arc::new(intake);
    let first = Arc::clone(&intake);
    let before = app.act(&officer.actor, move |tx, env| first.sent.before(tx, env)).await?;
    if let Some(id) = before.and_then(|answer| answer.parse().ok()) {
        return Ok(id);
    }
    let (subject, staged) = stage(app, officer, &intake.reception.files).await?;
    app.act(&officer.actor, move |tx, env| intake.run(tx, env, subject, &staged)).await
}

/// Seals the files under a new person's key and writes them to disk, before the case that names
/// them.
async fn stage(
    app: &App,
    officer: &Officer,
    files: &[FileIn],
) -> Result<(Option<SubjectId>, Vec<Staged>), CaseError> {
    if files.is_empty() {
        return Ok((None, Vec::new()));
    }
    let plain = files.to_vec();
    let seal = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
        let subject = Uuid::from_bytes(secrets::random(env.rng));
        secrets::subject_add(tx, env.rng, subject, env.now.0)?;
        let mut sealed = Vec::with_capacity(plain.len());
        for file in &plain {
            let id = Uuid::from_bytes(secrets::random(env.rng));
            let bytes = secrets::seal_blob(tx, env.rng, subject, id, &file.bytes)?;
            sealed.push((file.no, id, file.name.clone(), bytes));
        }
        Ok((subject, sealed))
    };
    let (subject, sealed) = app.act(&officer.actor, seal).await?;
    let blobs = app.clone();
    let write = move || -> Result<Vec<Staged>, String> {
        let mut staged = Vec::with_capacity(sealed.len());
        for (no, id, name, bytes) in sealed {
            let address: BlobId = blobs.0.blobs.stage(&bytes).map_err(|fault| fault.to_string())?;
            staged.push((no, address.to_string(), id, name));
        }
        Ok(staged)
    };
    let written = tokio::task::spawn_blocking(write).await;
    let staged =
        written.map_err(|fault| StoreError::Io(fault.to_string()))?.map_err(StoreError::Io)?;
    Ok((Some(SubjectId(subject)), staged))
}

impl Intake {
    fn run(
        &self,
        tx: &mut Tx<'_>,
        env: &mut Env<'_>,
        subject: Option<SubjectId>,
        staged: &[Staged],
    ) -> Result<CaseId, CaseError> {
        if let Some(answer) = self.sent.before(tx, env)? {
            return answer.parse().map_err(|_| CaseError::NotFound);
        }
        let application = self.application(subject, staged);
        let submitted = cases::submit(tx, env, &self.edition, &application)?;
        let case = submitted.case;
        if self.reach == Reach::Accept {
            self.accept(tx, env, &case)?;
        }
        if let Some(fresh) = &submitted.pin {
            pin::keep(tx, env, case.id, &self.secret, fresh)?;
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

    fn application(&self, subject: Option<SubjectId>, staged: &[Staged]) -> Application {
        let post = self.reach == Reach::Post;
        let took = &self.reception;
        let mut papers: Vec<PaperIn> = took
            .counts
            .iter()
            .map(|(no, count)| PaperIn { no: *no, count: *count, files: Vec::new() })
            .collect();
        for (no, address, id, name) in staged {
            let file = (address.clone(), *id, name.clone());
            match papers.iter_mut().find(|p| p.no == *no) {
                Some(paper) => paper.files.push(file),
                None => papers.push(PaperIn { no: *no, count: 0, files: vec![file] }),
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
            parent: None,
            subject,
        }
    }
}

/// The outcome of the counter's only step.
const SETTLED: &str = "approve";
