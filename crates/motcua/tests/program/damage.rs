//! `motcua verify` as an auditor calls it: a whole folder, then the same with one digit changed by
//! hand in the database file.

use clap::Parser;
use kernel::access::{Actor, Grant};
use kernel::calendar::{Date, Instant};
use kernel::procedure::ProcessEdition;
use motcua::cli::Cli;
use motcua::install::Installation;
use motcua::world::{Exit, World};
use motcua::{bench, commands, config, demo_fill, install};
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::path::Path;
use store::cases::Env;
use store::process_drafts::{self, Content};
use store::processes::{self, Publication, PublishError};

/// Cases in the folder.
const CASES: usize = 40;

fn verify(data: &Path) -> (Exit, String) {
    let data = data.display().to_string();
    let cli = Cli::try_parse_from(["motcua", "verify", "--data", &data]).unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut world = World {
        env: Vec::new(),
        stdin: &mut [].as_slice(),
        out: &mut out,
        err: &mut err,
        clock: || 1_556_158_320_000,
        dice: |bytes| {
            bytes.fill(7);
            Ok(())
        },
    };
    let exit = commands::run(&cli, &mut world);
    let said = [out, err].concat();
    (exit, String::from_utf8(said).unwrap())
}

/// Adds one to the last digit of the number behind the first `mark` in the file.
fn change_behind(file: &Path, mark: &[u8]) {
    let mut bytes = std::fs::read(file).unwrap();
    let place = bytes.windows(mark.len()).position(|w| w == mark).expect("the mark is there");
    let number = &mut bytes[place + mark.len()..];
    let end = number.iter().position(|b| !b.is_ascii_digit()).unwrap();
    let digit = &mut number[end - 1];
    *digit = if *digit == b'9' { b'0' } else { *digit + 1 };
    std::fs::write(file, bytes).unwrap();
}

#[test]
fn verify_proves_a_folder_and_names_what_was_changed_by_hand() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let flags = config::Flags { data: Some(data.clone()), ..config::Flags::default() };
    let config = config::load(&flags, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
    let now = Instant::at(Date::from_ymd_opt(2019, 4, 25).unwrap(), 9, 12);
    let set = demo_fill::set_on(now.date());
    let mut installation = install::create(&config, [9; 32], now.0).unwrap();
    demo_fill::people(&mut installation, set, now).unwrap();
    bench::bulk(&installation, set, now, CASES, 3, &mut |_| {}).unwrap();
    drop(installation);
    let file = data.join(store::DATABASE_FILE);
    let whole = std::fs::read(&file).unwrap();

    let (exit, said) = verify(&data);
    assert_eq!(exit, Exit::Fine, "{said}");
    assert!(said.contains(&format!("{CASES} hồ sơ")), "{said}");

    // An event of the journal, then the row of a case: the chain names one, replay the other.
    for (mark, named) in [(r#"{"forwarded":{"at":"#, "HỎNG"), (r#","page_seq":"#, "HỎNG")] {
        std::fs::write(&file, &whole).unwrap();
        change_behind(&file, mark.as_bytes());
        let (exit, said) = verify(&data);
        assert_eq!(exit, Exit::Damaged, "{mark}: {said}");
        assert!(said.contains(named), "{mark}: {said}");
    }
}

/// Publishes the first version of a process once more, as its second.
fn publish(installation: &Installation, now: Instant) {
    let catalogue = installation.catalogue.clone();
    let first = catalogue.process("appraisal", 1).unwrap();
    let content = Content {
        title: first.title.clone(),
        base_version: Some(1),
        xml: first.xml.to_string(),
        findings: Vec::new(),
    };
    let unit = move |tx: &mut store::Tx<'_>| {
        let draft = uuid::Uuid::from_u128(5);
        process_drafts::create(tx, draft, "appraisal", &content, "a", now.0)?;
        let (actor, mut rng) = (Actor::system("test"), StdRng::from_seed([1; 32]));
        let mut env = Env { catalogue: &catalogue, actor: &actor, now, rng: &mut rng };
        let (valid_from, ground) = (now.date(), "Quyết định 12/QĐ-UBND".to_owned());
        let publication = Publication { draft, revision: 1, valid_from, ground };
        processes::publish(tx, &mut env, &Grant::default(), &publication).map(|_| ())
    };
    installation.store.act_blocking::<(), PublishError>(unit).unwrap();
}

#[test]
fn a_published_process_is_loaded_again_and_proven_by_its_record() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let flags = config::Flags { data: Some(data.clone()), ..config::Flags::default() };
    let config = config::load(&flags, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
    let now = Instant::at(Date::from_ymd_opt(2019, 4, 25).unwrap(), 9, 12);
    let installation = install::create(&config, [9; 32], now.0).unwrap();
    publish(&installation, now);
    drop(installation);
    let again = install::open(&config, store::Options::default()).unwrap();
    let versions = |day| again.catalogue.process_in_force("appraisal", day).map(|e| e.version);
    assert_eq!(versions(now.date()), Some(2));
    assert_eq!(versions(now.date().pred_opt().unwrap()), Some(1));
    assert_eq!(again.catalogue.process_editions("appraisal").len(), 2);
    drop(again);

    let (exit, said) = verify(&data);
    assert_eq!(exit, Exit::Fine, "{said}");
    change_behind(&data.join(store::DATABASE_FILE), br#"<dc:Bounds x=\""#);
    let (exit, said) = verify(&data);
    assert_eq!(exit, Exit::Damaged, "{said}");
    assert!(said.contains("the file is not the one that was published"), "{said}");
}

#[test]
fn cases_keep_the_process_that_the_installation_began_with() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let flags = config::Flags { data: Some(data.clone()), ..config::Flags::default() };
    let config = config::load(&flags, &[]).unwrap_or_else(|faults| panic!("{faults:?}"));
    let now = Instant::at(Date::from_ymd_opt(2019, 4, 25).unwrap(), 9, 12);
    let mut installation = install::create(&config, [9; 32], now.0).unwrap();
    let began = installation.catalogue.process("appraisal", 1).unwrap().clone();
    // A later program ships another file under the same number.
    let xml = began.xml.replace("name=\"", "name=\"Mới: ");
    let later = ProcessEdition::compile("appraisal", 1, began.valid_from, &xml).unwrap();
    assert_ne!(later.sha256, began.sha256);
    let shipped = installation.loaded.catalogue.without_process("appraisal", 1);
    installation.loaded.catalogue = shipped.with_process(later).unwrap();
    let opened = install::with_people(&installation.store, &installation.loaded).unwrap();
    assert_eq!(opened.process("appraisal", 1).unwrap().sha256, began.sha256);
}
