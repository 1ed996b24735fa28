//! The data of the tests, as they are and with one thing changed.

use super::{BIRTH, LAND, day, editions, form, law, staff, standing, units};
use kernel::catalogue::{Catalogue, Parts};
use kernel::org::Tree;
use kernel::procedure::{Edition, PageFee, ProcessEdition};

/// The data of the tests.
pub(crate) fn catalogue() -> Catalogue {
    catalogue_with(editions())
}

/// The same with procedures of which nobody recorded what they cost.
pub(crate) fn catalogue_without_fee() -> Catalogue {
    let unknown = |e| Edition { fee_vnd: 0, fee_known: false, ..e };
    catalogue_with(editions().into_iter().map(unknown).collect())
}

/// The same, where what is settled at once takes its fee by the page.
pub(crate) fn catalogue_by_page() -> Catalogue {
    let mut editions = editions();
    for edition in editions.iter_mut().filter(|edition| edition.code.as_str() == BIRTH) {
        edition.page_fee = Some(PageFee {
            first_pages: 2,
            first_vnd: 2_000,
            rest_vnd: 1_000,
            most_vnd: 200_000,
            book: "SCT/BS".into(),
        });
    }
    catalogue_with(editions)
}

/// The same, where the land procedure's process asks for data that nobody gives: it stands still
/// behind its first step.
pub(crate) fn catalogue_standing() -> Catalogue {
    let mut editions = editions();
    for edition in editions.iter_mut().filter(|edition| edition.code.as_str() == LAND) {
        edition.process = "standing".into();
    }
    catalogue_with(editions)
}

/// The same, with land cases on one of the processes of the wider profile.
pub(crate) fn catalogue_drawn(name: &str) -> Catalogue {
    let mut editions = editions();
    for edition in editions.iter_mut().filter(|edition| edition.code.as_str() == LAND) {
        edition.process = name.into();
    }
    catalogue_with(editions)
}

fn catalogue_with(editions: Vec<Edition>) -> Catalogue {
    let process = |name: &str, xml: &[u8]| {
        let xml = std::str::from_utf8(xml).unwrap();
        ProcessEdition::compile(name, 1, day(2018, 1, 1), xml).unwrap()
    };
    let mut processes = vec![
        process("counter", include_bytes!("../../../../procedures/processes/counter.bpmn")),
        process("appraisal", include_bytes!("../../../../procedures/processes/appraisal.bpmn")),
        standing::process(),
    ];
    // Those that a procedure runs; more would stand in every list of processes.
    let run = |name: &str| {
        let by_call = name == "answer" && editions.iter().any(|edition| edition.process == "ask");
        by_call || editions.iter().any(|edition| edition.process == name)
    };
    let drawn = crate::jobs::tests::province::constructs::all();
    let drawn = drawn.iter().filter(|(name, _)| run(name));
    processes.extend(drawn.map(|(name, xml)| process(name, xml.as_bytes())));
    Catalogue::build(Parts {
        tree: Tree::build(units()).unwrap(),
        staff: staff(),
        profiles: law::profiles(),
        editions,
        processes,
        forms: vec![form()],
        calendar: law::calendar(),
        unit_calendars: Vec::new(),
    })
    .unwrap()
}
