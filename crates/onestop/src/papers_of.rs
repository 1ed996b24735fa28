//! Papers of a case: form 01 and the PIN stub drawn on demand, files opened for those who may.
//!
//! The caller has checked who asks and records the look; here is only what is printed.

use crate::app::App;
use crate::refusals::refused;
use crate::view;
use kernel::calendar::Instant;
use kernel::case::{Business, Case, Delivery, Event, PaperGiven, Ref};
use kernel::catalogue::Catalogue;
use kernel::ids::UnitId;
use kernel::org::Unit;
use kernel::people::Party;
use kernel::procedure::{self, Edition};
use kit::{File, Refused};
use papers::{
    FeeLine, Fees, Form01, FormsEdition, Issuer, LateEntry, PaperForm, PaperLine, PinStub,
    RenderFault,
};
use store::cases::{CaseError, HistoryEntry, Stored, history, open_text};
use uuid::Uuid;

/// Key of the forms of 2018 in legal profiles.
const FORMS_2018: &str = "tt01_2018";

/// Form 01 of an accepted case as PDF, in the edition of the forms of its legal profile.
///
/// # Errors
/// 404 before acceptance, for procedures settled at once (Decree 61/2018 Art. 17.4) and after the
/// applicant's particulars were erased; what the store says.
pub async fn form01_pdf(app: &App, stored: &Stored) -> Result<Vec<u8>, Refused> {
    // A slip that stands for nothing any more is not given out again.
    if stored.case.business == Business::Voided {
        return Err(Refused::conflict().because("counter-err-voided"));
    }
    let case = stored.case.clone();
    let read = move |reader: &mut store::Reader<'_>| -> Result<_, CaseError> {
        let party = view::applicant(reader, &case)?;
        let entries = history(reader, case.id.0)?;
        let by: Vec<&str> = entries.iter().map(|e| e.by.as_str()).collect();
        let names = view::Names::read(reader, by)?;
        Ok((case, party, entries, names))
    };
    let (case, party, entries, names) = app.read(read).await.map_err(refused)?;
    let Some(party) = party else {
        return Err(Refused::not_found().because("papers-erased"));
    };
    let catalogue = app.catalogue();
    let accepted = entries.iter().find(|e| matches!(e.event, Event::Accepted { .. }));
    let edition = catalogue.edition(&case.procedure, case.edition);
    let (Some(accepted), Some(edition)) = (accepted, edition) else {
        return Err(Refused::not_found().because("papers-no-slip"));
    };
    if edition.at_once() {
        return Err(Refused::not_found().because("papers-no-slip"));
    }
    let officer = names.of(kit::T::new(kit::Lang::Vi), &accepted.by);
    let form = form01_of(app, &catalogue, &case, edition, &party, accepted, officer)?;
    draw(move || papers::form01(&form)).await
}

/// The stub with a PIN that was just issued; it carries no name.
///
/// # Errors
/// The paper could not be drawn.
pub async fn pin_stub_pdf(app: &App, case: &Case, pin: &str) -> Result<Vec<u8>, Refused> {
    let catalogue = app.catalogue();
    let stub = PinStub {
        issuer: issuer(app, &catalogue, &case.desk),
        number: case.name().to_owned(),
        pin: pin.to_owned(),
        tracking_url: tracking_url(app, case),
        issued_at: local(app.now()),
    };
    draw(move || papers::pin_stub(&stub)).await
}

/// A file of a case, opened with the key of its person.
///
/// # Errors
/// 404 after erasure or if the file is gone; what the store says.
pub async fn open_file(app: &App, case: &Case, sealed: &(String, Ref)) -> Result<File, Refused> {
    let gone = || Refused::not_found().because("papers-file-gone");
    let address = sealed.0.parse().map_err(|_| gone())?;
    let blobs = app.clone();
    let read = tokio::task::spawn_blocking(move || blobs.0.blobs.read(&address)).await;
    let bytes = match read {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(fault)) => {
            tracing::error!(%fault, "a file of a case cannot be read");
            return Err(gone());
        }
        Err(_) => return Err(Refused::fault()),
    };
    let (subject, name) = (case.subject.0, sealed.1.clone());
    let open = move |reader: &mut store::Reader<'_>| -> Result<_, CaseError> {
        let Some((file, name)) = named(open_text(reader, &name)?) else { return Ok(None) };
        let plain = store::secrets::open_blob(reader, subject, file, &bytes)?;
        Ok(Some((name, plain)))
    };
    let (name, plain) = app.read(open).await.map_err(refused)?.ok_or_else(gone)?;
    Ok(File::new(name, plain))
}

/// How many papers a case holds: as counted, and one for each paper that came as files alone.
pub(crate) fn count(case: &Case) -> u64 {
    let of = |paper: &PaperGiven| match (paper.count, paper.files.is_empty()) {
        (0, true) => 0,
        (0, false) => 1,
        (count, _) => u64::from(count),
    };
    case.papers.iter().map(of).sum()
}

/// Names of the files of papers, in the order they lie there; `None` for erased ones.
///
/// # Errors
/// What the store says.
pub(crate) fn file_names(
    query: &mut impl store::Query,
    papers: &[PaperGiven],
) -> Result<Vec<(u16, String, Option<String>)>, store::StoreError> {
    let mut names = Vec::new();
    for paper in papers {
        for (address, sealed) in &paper.files {
            let name = named(open_text(query, sealed)?).map(|(_, name)| name);
            names.push((paper.no, address.clone(), name));
        }
    }
    Ok(names)
}

/// What is sealed beside a file: its id and its name.
fn named(text: Option<String>) -> Option<(Uuid, String)> {
    text.and_then(|text| serde_json::from_str(&text).ok())
}

pub(crate) async fn draw(
    paper: impl FnOnce() -> Result<Vec<u8>, RenderFault> + Send + 'static,
) -> Result<Vec<u8>, Refused> {
    match tokio::task::spawn_blocking(paper).await {
        Ok(Ok(pdf)) => Ok(pdf),
        Ok(Err(fault)) => {
            tracing::error!(%fault, "a paper cannot be drawn");
            Err(Refused::fault())
        }
        Err(fault) => {
            tracing::error!(%fault, "drawing a paper ended");
            Err(Refused::fault())
        }
    }
}

/// Where the case can be followed; what the QR code carries.
pub(crate) fn tracking_url(app: &App, case: &Case) -> String {
    format!("{}/theo-doi?ma={}", app.0.place.address, case.name())
}

fn form01_of(
    app: &App,
    catalogue: &Catalogue,
    case: &Case,
    edition: &Edition,
    party: &Party,
    accepted: &HistoryEntry,
    officer_name: String,
) -> Result<Form01, Refused> {
    let (Some(code), Some(at)) = (case.code.clone(), case.accepted_at) else {
        return Err(Refused::not_found().because("papers-no-slip"));
    };
    let due = case.original_due_at.unwrap_or(at);
    let late = case.late_entry.then(|| LateEntry {
        slip_number: "ghi trong Sổ theo dõi hồ sơ giấy".to_owned(),
        entered_at: local(Instant(accepted.at_ms)),
    });
    Ok(Form01 {
        edition: forms_of(catalogue, case),
        issuer: issuer(app, catalogue, &case.desk),
        tracking_url: tracking_url(app, case),
        case_code: code,
        issued_at: local(Instant(accepted.at_ms)),
        desk: vietnamese(catalogue, &case.desk),
        filer: printed_party(party),
        applicant_name: None,
        procedure_name: edition.name.clone(),
        papers: case.papers.iter().map(|given| paper_line(edition, given)).collect(),
        sets: 1,
        statutory_time: edition.time_text.clone(),
        accepted_at: local(at),
        due_at: local(due),
        delivery: delivery_words(catalogue, case),
        fees: fees(edition, case),
        register: None,
        officer_name,
        late_entry: late,
    })
}

/// The edition of the forms that a case's legal profile names.
pub(crate) fn forms_of(catalogue: &Catalogue, case: &Case) -> FormsEdition {
    let forms = catalogue.profile(&case.profile).map(|p| p.forms.as_str());
    if forms.is_none_or(|f| f == FORMS_2018) {
        FormsEdition::Tt01_2018
    } else {
        FormsEdition::Tt03_2025
    }
}

/// The applicant as papers print them.
pub(crate) fn printed_party(party: &Party) -> papers::Party {
    papers::Party {
        name: party.name.clone(),
        identity: party.number.clone(),
        address: party.address.clone(),
        phone: party.phone.clone(),
        email: party.email.clone(),
    }
}

fn paper_line(edition: &Edition, given: &PaperGiven) -> PaperLine {
    let known = edition.paper(given.no);
    let electronic = given.count == 0 && !given.files.is_empty();
    let form = match known.map(|p| p.form) {
        _ if electronic => PaperForm::Electronic,
        Some(procedure::PaperForm::Copy) => PaperForm::Copy,
        Some(procedure::PaperForm::Electronic) => PaperForm::Electronic,
        _ => PaperForm::Original,
    };
    let files = u32::try_from(given.files.len()).unwrap_or(u32::MAX);
    PaperLine {
        name: known.map_or_else(|| given.no.to_string(), |p| p.name.clone()),
        form,
        count: if electronic { files } else { u32::from(given.count) },
    }
}

pub(crate) fn fees(edition: &Edition, case: &Case) -> Fees {
    if view::fee_is_unknown(edition, case) {
        return Fees::Unrecorded;
    }
    if case.fee_vnd == 0 {
        return Fees::Free;
    }
    Fees::Lines(vec![FeeLine {
        name: "Phí, lệ phí của thủ tục".to_owned(),
        amount_vnd: case.fee_vnd,
        paid: case.paid_vnd >= case.fee_vnd,
    }])
}

/// What follows "Đăng ký nhận kết quả tại". Papers are in Vietnamese, whatever the language of the
/// page.
fn delivery_words(catalogue: &Catalogue, case: &Case) -> String {
    match case.delivery {
        Delivery::Counter => vietnamese(catalogue, &case.desk),
        Delivery::Online => "trang theo dõi hồ sơ (bản điện tử)".to_owned(),
        Delivery::Post => "nơi cư trú, qua dịch vụ bưu chính công ích".to_owned(),
    }
}

pub(crate) fn vietnamese(catalogue: &Catalogue, id: &UnitId) -> String {
    catalogue.tree.unit(id).map_or_else(|| id.to_string(), |u| u.name.clone())
}

/// The letterhead of a desk: the office it belongs to, and the one above it.
pub(crate) fn issuer(app: &App, catalogue: &Catalogue, desk: &UnitId) -> Issuer {
    let line = catalogue.tree.line(desk);
    // The provincial centre writes under its own name, other desks under their unit's.
    let mut offices = line.iter().filter(|u| u.kind != "desk" || u.level == "province");
    let office = offices.next();
    let parent = offices.next().map(|u| u.name.clone());
    Issuer {
        parent,
        office: office.map_or_else(|| vietnamese(catalogue, desk), |u| u.name.clone()),
        place: office.map_or_else(|| app.0.place.name.clone(), |u| place_of(app, u)),
        hotline: (!app.0.place.phone.is_empty()).then(|| app.0.place.phone.clone()),
    }
}

/// The place before the date: communes and districts by their own name, all else the province.
fn place_of(app: &App, unit: &Unit) -> String {
    const WORDS: [&str; 10] = [
        "Ủy ban nhân dân ",
        "UBND ",
        "thành phố ",
        "thị xã ",
        "thị trấn ",
        "huyện ",
        "phường ",
        "xã ",
        "đặc khu ",
        "quận ",
    ];
    if !matches!(unit.level.as_str(), "commune" | "district") {
        return app.0.place.name.clone();
    }
    let mut name = unit.name.as_str();
    for word in WORDS {
        name = name.strip_prefix(word).unwrap_or(name);
    }
    name.to_owned()
}

/// Vietnam time as papers print it.
pub(crate) fn local(at: Instant) -> chrono::NaiveDateTime {
    let second = at.second_of_day();
    at.date()
        .and_hms_opt(second / 3600, second / 60 % 60, second % 60)
        .unwrap_or_else(|| at.date().and_time(chrono::NaiveTime::MIN))
}
