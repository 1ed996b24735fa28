//! Papers that the history of a case gives: the request for a supplement (form 02), the refusal
//! (form 03) and the apology (form 04) of single events, and the control slip of the whole way.
//!
//! As in `papers_of`, the caller has checked who asks and records the look.

use crate::app::App;
use crate::papers_of::{draw, forms_of, issuer, local, printed_party, vietnamese};
use crate::refusals::refused;
use crate::view::{self, Names};
use kernel::calendar::Instant;
use kernel::case::{Case, Event, OpEvent, Ref};
use kernel::catalogue::Catalogue;
use kernel::ids::UnitId;
use kernel::people::Party;
use kernel::procedure::{self, Edition};
use kit::{Lang, Refused, T};
use papers::{
    Apology, ControlSlip, Handover, MissingPaper, RefusalNotice, StepOutcome, SupplementRequest,
    SupplementStage,
};
use std::sync::Arc;
use store::cases::{CaseError, HistoryEntry, Stored, history, open_text};

/// The printed forms write under the name of the head of the agency.
const SIGNER: &str = "THỦ TRƯỞNG CƠ QUAN";
const SIGNER_FOR: &str = "KT. THỦ TRƯỞNG CƠ QUAN";

/// A paper that one event gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Issued {
    /// Form 02.
    Supplement,
    /// Form 03.
    Refusal,
    /// Form 04.
    Apology,
}

impl Issued {
    /// The paper of an event; none for most, nor for a time that ran out by itself.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        match event {
            Event::PreSupplementAsked { .. } | Event::SupplementAsked { .. } => {
                Some(Self::Supplement)
            }
            Event::Rejected { reason: Some(_), .. } => Some(Self::Refusal),
            Event::Extended { .. } => Some(Self::Apology),
            _ => None,
        }
    }

    /// Key of its name.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Supplement => "paper-form-02",
            Self::Refusal => "paper-form-03",
            Self::Apology => "paper-form-04",
        }
    }

    /// Name of its file, without the case.
    fn file(self) -> &'static str {
        match self {
            Self::Supplement => "mau-02",
            Self::Refusal => "mau-03",
            Self::Apology => "mau-04",
        }
    }
}

/// What the papers of a case are made of.
struct Ground {
    case: Case,
    party: Party,
    entries: Vec<HistoryEntry>,
    names: Names,
    /// The opened reason of the wanted event.
    reason: String,
    catalogue: Arc<Catalogue>,
    edition: Arc<Edition>,
}

/// The sealed reason of an event that gives a paper.
fn reason_of(event: &Event) -> Option<&Ref> {
    match event {
        Event::PreSupplementAsked { reason, .. }
        | Event::SupplementAsked { reason, .. }
        | Event::Extended { reason, .. } => Some(reason),
        Event::Rejected { reason, .. } => reason.as_ref(),
        _ => None,
    }
}

async fn ground(app: &App, stored: &Stored, seq: Option<u64>) -> Result<Ground, Refused> {
    let case = stored.case.clone();
    let read = move |reader: &mut store::Reader<'_>| -> Result<_, CaseError> {
        let party = view::applicant(reader, &case)?;
        let entries = history(reader, case.id.0)?;
        let wanted = seq.and_then(|seq| entries.iter().find(|entry| entry.seq == seq));
        let reason = match wanted.and_then(|entry| reason_of(&entry.event)) {
            Some(sealed) => open_text(reader, sealed)?.unwrap_or_default(),
            None => String::new(),
        };
        let names = Names::read(reader, entries.iter().map(|entry| entry.by.as_str()))?;
        Ok((case, party, entries, reason, names))
    };
    let (case, party, entries, reason, names) = app.read(read).await.map_err(refused)?;
    let party = party.ok_or_else(|| Refused::not_found().because("papers-erased"))?;
    let catalogue = app.catalogue();
    let edition = catalogue.edition(&case.procedure, case.edition).cloned();
    let edition = edition.ok_or_else(Refused::not_found)?;
    Ok(Ground { case, party, entries, names, reason, catalogue, edition })
}

/// The paper of the event at a place of the history, with the name of its file.
///
/// # Errors
/// 404 if the event gives none or the particulars were erased; what the store says.
pub async fn pdf(app: &App, stored: &Stored, seq: u64) -> Result<(String, Vec<u8>), Refused> {
    let ground = ground(app, stored, Some(seq)).await?;
    let entry = ground.entries.iter().find(|entry| entry.seq == seq);
    let entry = entry.ok_or_else(Refused::not_found)?;
    let issued = Issued::of(&entry.event).ok_or_else(Refused::not_found)?;
    let name = format!("{}-{}-{seq}.pdf", issued.file(), ground.case.name());
    let bytes = match issued {
        Issued::Supplement => {
            let form = supplement(app, &ground, entry)?;
            draw(move || papers::supplement_request(&form)).await
        }
        Issued::Refusal => {
            let form = refusal(app, &ground, entry);
            draw(move || papers::refusal_notice(&form)).await
        }
        Issued::Apology => {
            let form = apology(app, &ground, entry)?;
            draw(move || papers::apology(&form)).await
        }
    };
    Ok((name, bytes?))
}

/// Who did what an entry says, as papers name people.
fn by(ground: &Ground, entry: &HistoryEntry) -> String {
    ground.names.of(T::new(Lang::Vi), &entry.by)
}

fn supplement(
    app: &App,
    ground: &Ground,
    entry: &HistoryEntry,
) -> Result<SupplementRequest, Refused> {
    let (papers, answer_by, stage) = match &entry.event {
        Event::PreSupplementAsked { papers, answer_by, .. } => {
            (papers, *answer_by, SupplementStage::BeforeAcceptance)
        }
        Event::SupplementAsked { papers, answer_by, .. } => {
            (papers, *answer_by, SupplementStage::AfterAcceptance)
        }
        _ => return Err(Refused::not_found()),
    };
    let missing = |no: &u16| {
        let known = ground.edition.paper(*no);
        let form = known.map(|paper| paper.form);
        MissingPaper {
            name: known.map_or_else(|| no.to_string(), |paper| paper.name.clone()),
            originals: u32::from(form == Some(procedure::PaperForm::Original)),
            certified: 0,
            copies: u32::from(form == Some(procedure::PaperForm::Copy)),
        }
    };
    let case = &ground.case;
    Ok(SupplementRequest {
        edition: forms_of(&ground.catalogue, case),
        issuer: issuer(app, &ground.catalogue, &case.desk),
        number: case.name().to_owned(),
        issued_at: local(Instant(entry.at_ms)),
        desk: vietnamese(&ground.catalogue, &case.desk),
        filer: printed_party(&ground.party),
        procedure_name: ground.edition.name.clone(),
        stage,
        missing: papers.iter().map(missing).collect(),
        reason: ground.reason.clone(),
        legal_basis: None,
        until: Some(local(answer_by)),
        officer_name: by(ground, entry),
        officer_phone: None,
    })
}

fn refusal(app: &App, ground: &Ground, entry: &HistoryEntry) -> RefusalNotice {
    let case = &ground.case;
    RefusalNotice {
        edition: forms_of(&ground.catalogue, case),
        issuer: issuer(app, &ground.catalogue, &case.desk),
        number: case.name().to_owned(),
        issued_at: local(Instant(entry.at_ms)),
        desk: vietnamese(&ground.catalogue, &case.desk),
        filer: printed_party(&ground.party),
        procedure_name: ground.edition.name.clone(),
        reason: ground.reason.clone(),
        officer_name: by(ground, entry),
    }
}

fn apology(app: &App, ground: &Ground, entry: &HistoryEntry) -> Result<Apology, Refused> {
    let case = &ground.case;
    let (Event::Extended { due_before, due_at, .. }, Some(code), Some(accepted_at)) =
        (&entry.event, &case.code, case.accepted_at)
    else {
        return Err(Refused::not_found());
    };
    Ok(Apology {
        edition: forms_of(&ground.catalogue, case),
        issuer: issuer(app, &ground.catalogue, &case.decided_by),
        number: None,
        issued_at: local(Instant(entry.at_ms)),
        filer: printed_party(&ground.party),
        case_code: code.clone(),
        procedure_name: ground.edition.name.clone(),
        desk: vietnamese(&ground.catalogue, &case.desk),
        accepted_at: local(accepted_at),
        due_at: local(*due_before),
        reason: ground.reason.clone(),
        new_due_at: local(*due_at),
        signer_post: if entry.on_behalf_of.is_some() { SIGNER_FOR } else { SIGNER }.to_owned(),
        signer_name: by(ground, entry),
    })
}

/// The control slip of an accepted case: who handed it to whom, and whether in time.
///
/// # Errors
/// 404 before acceptance and after erasure; what the store says.
pub async fn control_slip_pdf(app: &App, stored: &Stored) -> Result<Vec<u8>, Refused> {
    let ground = ground(app, stored, None).await?;
    let case = &ground.case;
    let (Some(code), Some(accepted_at)) = (case.code.clone(), case.accepted_at) else {
        return Err(Refused::not_found().because("papers-no-slip"));
    };
    let slip = ControlSlip {
        edition: forms_of(&ground.catalogue, case),
        issuer: issuer(app, &ground.catalogue, &case.desk),
        case_code: code,
        issued_at: local(app.now()),
        filer: printed_party(&ground.party),
        procedure_name: ground.edition.name.clone(),
        accepted_at: local(accepted_at),
        handovers: handovers(&ground),
    };
    draw(move || papers::control_slip(&slip)).await
}

/// The way of the paper: from the desk to the unit that decides, to those that it asks and back,
/// to another unit, and with the result to the desk.
fn handovers(ground: &Ground) -> Vec<Handover> {
    let case = &ground.case;
    let mut decides = first_decider(ground);
    let mut asked: Vec<(kernel::ids::CaseId, UnitId)> = Vec::new();
    let mut found = Vec::new();
    for entry in &ground.entries {
        let step = |from: &UnitId, to: &UnitId, outcome| Handover {
            from: vietnamese(&ground.catalogue, from),
            to: vietnamese(&ground.catalogue, to),
            at: local(entry.event.at()),
            giver: (!entry.by.starts_with("system:")).then(|| by(ground, entry)),
            taker: None,
            outcome,
            note: None,
        };
        match &entry.event {
            Event::Forwarded { late, .. } => {
                let outcome = if *late { StepOutcome::Late } else { StepOutcome::OnTime };
                found.push(step(&case.desk, &decides, Some(outcome)));
            }
            Event::ChildOpened { child, unit, .. } => {
                asked.push((*child, unit.clone()));
                found.push(step(&decides, unit, None));
            }
            Event::ChildAnswered { child, .. } => {
                if let Some((_, unit)) = asked.iter().find(|(known, _)| known == child) {
                    found.push(step(unit, &decides, None));
                }
            }
            Event::Op(OpEvent::Transferred { from, to, .. }) => {
                found.push(step(from, to, None));
                decides = to.clone();
            }
            Event::ResultReady { at, due_at } => {
                found.push(step(&decides, &case.desk, due_at.map(|due| outcome(*at, due))));
            }
            _ => {}
        }
    }
    found
}

/// The unit that was to decide when the case came in; a later one took it over.
fn first_decider(ground: &Ground) -> UnitId {
    let taken = ground.entries.iter().find_map(|entry| match &entry.event {
        Event::Op(OpEvent::Transferred { from, .. }) => Some(from.clone()),
        _ => None,
    });
    taken.unwrap_or_else(|| ground.case.decided_by.clone())
}

/// By date, as the law counts.
fn outcome(at: Instant, due: Instant) -> StepOutcome {
    match at.date().cmp(&due.date()) {
        std::cmp::Ordering::Less => StepOutcome::Early,
        std::cmp::Ordering::Equal => StepOutcome::OnTime,
        std::cmp::Ordering::Greater => StepOutcome::Late,
    }
}
