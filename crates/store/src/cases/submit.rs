//! A new case: particulars sealed, the event recorded, the rows written, the PIN issued.

use super::act::{CaseError, Done, Env, act_on, entries, keep, put_effects};
use super::rows;
use crate::journal::Head;
use crate::sql::{Query, Tx};
use crate::values;
use crate::{StoreError, journal, pins, secrets};
use kernel::calendar::{Channel, Date};
use kernel::case::{
    self, Case, Command, Delivery, LateEntry, PaperGiven, ParentLink, Ref, Source, Submission,
    tracking_number, work_items,
};
use kernel::fold;
use kernel::ids::{CaseId, SubjectId, UnitId};
use kernel::people::Party;
use kernel::procedure::{Copies, Edition};
use uuid::Uuid;

/// A checked application, before its particulars are sealed.
#[derive(Clone, Debug)]
pub struct Application {
    /// Channel.
    pub channel: Channel,
    /// Through whom.
    pub source: Source,
    /// Receiving desk.
    pub desk: UnitId,
    /// Who applies.
    pub applicant: Party,
    /// Answers on the form, in the order of its schema.
    pub answers: Vec<(String, String)>,
    /// Papers, with their files: plain names are sealed here.
    pub papers: Vec<PaperIn>,
    /// How the result goes out.
    pub delivery: Delivery,
    /// Exemption claimed.
    pub exemption: Option<String>,
    /// What was copied, where the fee goes by pages.
    pub copies: Option<Copies>,
    /// Asking case.
    pub parent: Option<ParentLink>,
    /// The subject under whose key files were sealed already, if any.
    pub subject: Option<SubjectId>,
}

/// A paper handed in, with its files as (address of the ciphertext, file id, plain name).
#[derive(Clone, Debug)]
pub struct PaperIn {
    /// Number in the edition.
    pub no: u16,
    /// How many.
    pub count: u16,
    /// Files.
    pub files: Vec<(String, Uuid, String)>,
}

/// What the filer gets.
#[derive(Clone, PartialEq, Debug)]
pub struct Submitted {
    /// The case.
    pub case: Case,
    /// Its eight-digit PIN, shown once; none for a child case.
    pub pin: Option<String>,
}

/// Hands in an application.
///
/// # Errors
/// A refusal, or what the store says.
pub fn submit(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    edition: &Edition,
    application: &Application,
) -> Result<Submitted, CaseError> {
    let id = CaseId(env.id());
    let subject = match application.subject {
        Some(subject) => subject,
        None => SubjectId(env.id()),
    };
    if secrets::subject_is_erased(tx, subject.0)?.is_none() {
        secrets::subject_add(tx, env.rng, subject.0, env.now.0)?;
    }
    let applicant = json(&application.applicant)?;
    let applicant = keep(tx, env, subject, Some(id), "applicant", &applicant)?;
    let answers = if application.answers.is_empty() {
        None
    } else {
        let text = json(&application.answers)?;
        Some(keep(tx, env, subject, Some(id), "answers", &text)?)
    };
    let papers = seal_papers(tx, env, subject, id, &application.papers)?;
    find_by(tx, subject, &application.applicant)?;
    let command = Command::Submit(Box::new(Submission {
        channel: application.channel,
        source: application.source,
        desk: application.desk.clone(),
        tracking: tracking_number(secrets::random(env.rng)),
        subject,
        applicant,
        answers,
        papers,
        delivery: application.delivery,
        exemption: application.exemption.clone(),
        copies: application.copies,
        parent: application.parent.clone(),
    }));
    let words = fold::words(&application.applicant.name);
    let case = record(tx, env, edition, id, &command, &words)?;
    let pin = match case.parent {
        Some(_) => None,
        None => Some(pins::issue(tx, env.rng, id.0, env.now.0)?),
    };
    Ok(Submitted { case, pin })
}

fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Corrupt(e.to_string()))
}

/// Seals the names of files that come with papers.
///
/// # Errors
/// What the store says.
pub fn seal_papers(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    subject: SubjectId,
    case: CaseId,
    papers: &[PaperIn],
) -> Result<Vec<PaperGiven>, StoreError> {
    let mut sealed = Vec::with_capacity(papers.len());
    for paper in papers {
        let mut files: Vec<(String, Ref)> = Vec::with_capacity(paper.files.len());
        for (address, file, name) in &paper.files {
            let text = json(&(file, name))?;
            files.push((address.clone(), keep(tx, env, subject, Some(case), "file", &text)?));
        }
        sealed.push(PaperGiven { no: paper.no, count: paper.count, files });
    }
    Ok(sealed)
}

/// Makes the applicant findable by number and phone through the keyed index.
fn find_by(tx: &mut Tx<'_>, subject: SubjectId, party: &Party) -> Result<(), StoreError> {
    if let Some(number) = &party.number {
        secrets::blind_index(tx, "number", number, subject.0)?;
    }
    if let Some(phone) = &party.phone {
        secrets::blind_index(tx, "phone", phone, subject.0)?;
    }
    Ok(())
}

fn record(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    edition: &Edition,
    id: CaseId,
    command: &Command,
    words: &[String],
) -> Result<Case, CaseError> {
    let Command::Submit(submission) = command else {
        return Err(CaseError::NotFound);
    };
    let ctx = env
        .catalogue
        .ctx_new(edition, &submission.desk, env.actor, env.now)
        .ok_or_else(|| CaseError::NoEdition(edition.code.0.clone()))?;
    let (grant, events) = case::decide(None, command, &ctx)?;
    let added = journal::append_to(tx, id.0, Head::NONE, &entries(&events, env, &grant)?)?;
    let (Some(first), Some(event)) = (added.first(), events.first()) else {
        return Err(CaseError::NotFound);
    };
    let case = case::born(id, event).ok_or(CaseError::NotFound)?;
    rows::add(tx, first.number, first.head.hash, &case, env.now.0)?;
    rows::write_work(tx, first.number, &[], &work_items(&case, ctx.definition))?;
    rows::write_parties(tx, first.number, &case, words)?;
    put_effects(tx, None, &case, event, &ctx, env.now)?;
    Ok(case)
}

/// Accepts a case: the number of the desk's day is drawn in the same unit of work, so that codes
/// are unique and without gaps. A child case takes no number of the desk.
///
/// # Errors
/// A refusal, or what the store says.
pub fn accept(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    id: CaseId,
    seen: Option<u64>,
    papers: Option<Vec<PaperGiven>>,
    late: Option<LateEntry>,
) -> Result<Done, CaseError> {
    let stored = rows::by_id(tx, id.0)?.ok_or(CaseError::NotFound)?;
    if let Some(seen) = seen {
        stored.unchanged_since(seen)?;
    }
    let day = late.as_ref().map_or(env.now, |l| l.received_at).date();
    let number = match &stored.case.parent {
        None => next_number(tx, &stored.case.desk, day)?,
        Some(parent) => {
            let asking = rows::by_id(tx, parent.case.0)?.ok_or(CaseError::NotFound)?;
            let place = asking.case.children.iter().position(|child| child.case == id);
            place.and_then(|p| u32::try_from(p + 1).ok()).unwrap_or(1)
        }
    };
    act_on(tx, env, stored, &Command::Accept { number, papers, late })
}

/// Draws the next number of a desk's day: unique and without gaps, since a refusal takes the draw
/// back together with everything else.
///
/// # Errors
/// What the store says.
pub fn next_number(tx: &mut Tx<'_>, desk: &UnitId, day: Date) -> Result<u32, StoreError> {
    let day = day.format("%Y-%m-%d").to_string();
    tx.one(&rows::COUNTER, values![desk.as_str(), day], |row| row.small(0))
}
