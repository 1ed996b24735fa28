//! Files of a draft: looked at, sealed, staged; a refused one leaves nothing behind.

use super::draft::{Content, DraftFile};
use crate::app::App;
use crate::refusals::{file_fault, refused};
use kernel::procedure::Edition;
use kit::form::Upload;
use kit::{Fault, Faults, Refused, Visit};
use papers::intake;
use rand::SeedableRng;
use rand::rngs::StdRng;
use store::cases::CaseError;
use uuid::Uuid;

/// The field of a paper's files.
pub(crate) fn field_of(no: u16) -> String {
    format!("paper_{no}")
}

/// Files that passed the look at the door, by paper.
pub(crate) struct Checked<'a> {
    paper: u16,
    name: String,
    upload: &'a Upload,
}

/// Looks at all uploads; what is wrong is named at its field.
pub(crate) fn look<'a>(
    app: &App,
    edition: &Edition,
    uploads: &'a [Upload],
    kept: usize,
    faults: &mut Faults,
) -> Vec<Checked<'a>> {
    let mut taken = Vec::new();
    for upload in uploads {
        let paper = edition.papers.iter().find(|p| field_of(p.no) == upload.field);
        let Some(paper) = paper else { continue };
        match intake::inspect(&upload.bytes, &upload.name, app.0.settings.file_bytes_max) {
            Ok(found) => taken.push(Checked { paper: paper.no, name: found.display_name, upload }),
            Err(fault) => faults.add(file_fault(&upload.field, &upload.name, &fault)),
        }
    }
    let most = app.0.settings.files_per_case;
    if kept + taken.len() > most {
        let field = taken.first().map(|c| c.upload.field.clone()).unwrap_or_default();
        faults.add(Fault::new(field, "err-files-many").with("max", most));
    }
    taken
}

/// Seals and stages files under a person's key; nothing refers to them yet, so a later refusal
/// leaves only orphans for the sweep.
pub(crate) async fn stage(
    app: &App,
    visit: &Visit,
    subject: Uuid,
    checked: Vec<Checked<'_>>,
) -> Result<Vec<DraftFile>, Refused> {
    let mut staged = Vec::new();
    for one in checked {
        let (seed, bytes) = (visit.kit().secret(), one.upload.bytes.clone());
        let size = bytes.len() as u64;
        let seal = move |reader: &mut store::Reader<'_>| -> Result<_, CaseError> {
            let mut rng = StdRng::from_seed(seed);
            let file = Uuid::from_bytes(store::secrets::random(&mut rng));
            let sealed = store::secrets::seal_blob(reader, &mut rng, subject, file, &bytes)?;
            Ok((file, sealed))
        };
        let (file, sealed) = app.read(seal).await.map_err(refused)?;
        let blobs = app.clone();
        let kept = tokio::task::spawn_blocking(move || blobs.0.blobs.stage(&sealed)).await;
        let address = match kept {
            Ok(Ok(address)) => address.to_string(),
            Ok(Err(fault)) => {
                tracing::error!(%fault, "a file cannot be kept");
                return Err(Refused::busy(60).because("err-disk-full"));
            }
            Err(_) => return Err(Refused::fault()),
        };
        staged.push(DraftFile { paper: one.paper, address, file, name: one.name, bytes: size });
    }
    Ok(staged)
}

/// Required papers that have no file yet.
pub(super) fn missing(edition: &Edition, content: &Content, faults: &mut Faults) {
    for paper in edition.papers.iter().filter(|p| p.required) {
        if !content.files.iter().any(|f| f.paper == paper.no) {
            let fault = Fault::new(field_of(paper.no), "err-file-missing");
            faults.add(fault.with("name", &paper.name));
        }
    }
}
