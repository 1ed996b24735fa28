//! Process drafts and publications: no save overwrites another, what is refused leaves nothing, a
//! published file can be proven, and cases before and after the change run on their own version.

use crate::cases::{PROVINCE, actor, application, by_hand, now, world};
use crate::{House, NOW, id, rng};
use kernel::access::{Actor, Grant};
use kernel::calendar::{Date, Instant};
use kernel::case::{Case, Command, work_items};
use kernel::catalogue::Catalogue;
use kernel::org::Role;
use kernel::procedure::ProcessEdition;
use store::cases::{self, CaseError, Env, Finding};
use store::process_drafts::{self, Content, DraftError};
use store::process_trials::{self, Trial};
use store::processes::{self, ProcessEvent, Publication, PublishError};
use store::{ActError, Store, StoreError, Tx};
use world::{DESK, HOME, day};

const DRAFT: u128 = 77;
const GROUND: &str = "Quyết định 12/QĐ-UBND";

fn content(xml: &str) -> Content {
    let (title, xml) = ("Thẩm định rút gọn".to_owned(), xml.to_owned());
    Content { title, base_version: Some(1), xml, findings: Vec::new() }
}

fn begin(store: &Store, name: &'static str, content: Content) {
    let unit =
        move |tx: &mut Tx<'_>| process_drafts::create(tx, id(DRAFT), name, &content, "author", NOW);
    store.act_blocking(unit).unwrap();
}

/// One unit of work on a catalogue.
fn unit<T: Send + 'static, E: Send + 'static>(
    store: &Store,
    catalogue: &Catalogue,
    actor: &Actor,
    at: Instant,
    work: impl Fn(&mut Tx<'_>, &mut Env<'_>) -> Result<T, E> + Send + 'static,
) -> Result<T, ActError<E>> {
    let (catalogue, actor) = (catalogue.clone(), actor.clone());
    store.act_blocking(move |tx| {
        let mut rng = rng(u64::try_from(at.0).unwrap());
        let mut env = Env { catalogue: &catalogue, actor: &actor, now: at, rng: &mut rng };
        work(tx, &mut env)
    })
}

fn refused<T>(error: Result<T, ActError<PublishError>>) -> PublishError {
    match error {
        Err(ActError::Refused(refused)) => refused,
        Err(ActError::Store(error)) => PublishError::Store(error),
        Ok(_) => panic!("not refused"),
    }
}

fn publish(
    store: &Store,
    catalogue: &Catalogue,
    (revision, valid_from, ground): (u64, Date, &str),
) -> Result<ProcessEdition, ActError<PublishError>> {
    let ground = ground.to_owned();
    let publication = Publication { draft: id(DRAFT), revision, valid_from, ground };
    let grant = Grant { unit: Some("kg".into()), on_behalf_of: None };
    unit(store, catalogue, &Actor::system("test"), now(), move |tx, env| {
        processes::publish(tx, env, &grant, &publication)
    })
}

fn withdraw(
    store: &Store,
    catalogue: &Catalogue,
    version: u32,
) -> Result<(), ActError<PublishError>> {
    unit(store, catalogue, &Actor::system("test"), now(), move |tx, env| {
        processes::withdraw(tx, env, &Grant::default(), ("appraisal", version), "Nhầm ngày")
    })
}

fn proof(store: &Store, catalogue: &Catalogue) -> Result<cases::Proof, Finding> {
    let read = store.read_blocking(|r| cases::verify(r, catalogue, &mut |_| ()));
    read.map_err(|error| match error {
        ActError::Refused(finding) => finding,
        ActError::Store(error) => Finding::Store(error),
    })
}

#[test]
fn a_save_from_an_older_revision_overwrites_nothing() {
    let house = House::new();
    let store = house.open();
    begin(&store, "appraisal", content("<a/>"));
    let save = |revision, xml: &str| {
        let content = content(xml);
        store.act_blocking(move |tx| {
            process_drafts::save(tx, id(DRAFT), revision, &content, "other", NOW + 5)
        })
    };
    assert_eq!(save(1, "<b/>"), Ok(2));
    let changed = DraftError::Changed { expected: 1, found: 2 };
    assert_eq!(save(1, "<c/>"), Err(ActError::Refused(changed.clone())));
    let read = |draft| store.read_blocking(move |r| process_drafts::by_id(r, id(draft))).unwrap();
    let draft = read(DRAFT).unwrap();
    assert_eq!((draft.xml.as_str(), draft.head.revision), ("<b/>", 2));
    assert_eq!((draft.head.author.as_str(), draft.head.changed_by.as_str()), ("author", "other"));
    assert_eq!((draft.head.created_at_ms, draft.head.updated_at_ms), (NOW, NOW + 5));
    let listed = store.read_blocking(|r| process_drafts::list(r)).unwrap();
    assert_eq!(listed, [draft.head]);
    let delete =
        |revision| store.act_blocking(move |tx| process_drafts::delete(tx, id(DRAFT), revision));
    assert_eq!(delete(1), Err(ActError::Refused(changed)));
    assert_eq!(delete(2), Ok(()));
    assert_eq!(read(DRAFT), None);
    let gone = Err(ActError::Refused(DraftError::NotFound));
    assert_eq!((delete(2), save(2, "<d/>")), (gone, Err(ActError::Refused(DraftError::NotFound))));
}

#[test]
fn a_draft_keeps_the_last_trial_of_each_kind_and_takes_them_with_it() {
    let house = House::new();
    let store = house.open();
    begin(&store, "appraisal", content("<a/>"));
    let trial = |kind: &str, revision, told: &str| Trial {
        kind: kind.to_owned(),
        revision,
        asked_by: "author".to_owned(),
        ended_at_ms: NOW,
        told: told.to_owned(),
    };
    let keep = |draft, trial: Trial| {
        store.act_blocking(move |tx| process_trials::keep(tx, id(draft), &trial))
    };
    let kept = || store.read_blocking(|r| process_trials::of_draft(r, id(DRAFT))).unwrap();
    for one in [trial("replay", 1, "{}"), trial("simulation", 1, "{}"), trial("replay", 2, "[]")] {
        assert_eq!(keep(DRAFT, one), Ok(true));
    }
    assert_eq!(kept(), [trial("replay", 2, "[]"), trial("simulation", 1, "{}")]);
    assert_eq!(keep(5, trial("replay", 1, "{}")), Ok(false), "there is no such draft");
    let long = "x".repeat(store::bounds::PROCESS_TRIAL_BYTES_MAX + 1);
    let large = keep(DRAFT, trial("replay", 3, &long));
    assert!(matches!(large, Err(ActError::Refused(StoreError::TooLarge { .. }))), "{large:?}");
    store.act_blocking(|tx| process_drafts::delete(tx, id(DRAFT), 1)).unwrap();
    assert_eq!(kept(), []);
    assert_eq!(keep(DRAFT, trial("replay", 1, "{}")), Ok(false), "whoever tried it came too late");
}

#[test]
fn drafts_are_bounded_in_size_and_number() {
    let house = House::new();
    let store = house.open();
    let create = |n: u128, content: Content| {
        store.act_blocking(move |tx| {
            process_drafts::create(tx, id(n), "appraisal", &content, "a", NOW)
        })
    };
    let long = Content { title: "x".repeat(201), ..content("<a/>") };
    for content in [long, content(&"x".repeat(store::bounds::PROCESS_DRAFT_BYTES_MAX + 1))] {
        let found = create(1, content);
        let large = |e: &DraftError| matches!(e, DraftError::Store(StoreError::TooLarge { .. }));
        assert!(matches!(&found, Err(ActError::Refused(e)) if large(e)), "{found:?}");
    }
    let max = store::bounds::PROCESS_DRAFTS_MAX;
    for n in 0..u128::from(max) {
        create(n, content("<a/>")).unwrap();
    }
    let many = Err(ActError::Refused(DraftError::Many { max }));
    assert_eq!(create(5_000, content("<a/>")), many);
}

#[test]
fn a_publication_that_is_refused_leaves_nothing() {
    let house = House::new();
    let store = house.open();
    let (today, text) = (now().date(), world::next_appraisal());
    assert_eq!(
        refused(publish(&store, &PROVINCE, (1, today, GROUND))),
        PublishError::Draft(DraftError::NotFound)
    );
    begin(&store, "appraisal", content(&text.replace("mc:unit=\"deciding\"", "mc:unit=\"x\"")));
    let yesterday = today.pred_opt().unwrap();
    let past = PublishError::Past { valid_from: yesterday, today };
    assert_eq!(refused(publish(&store, &PROVINCE, (1, yesterday, GROUND))), past);
    let changed = DraftError::Changed { expected: 4, found: 1 };
    let found = refused(publish(&store, &PROVINCE, (4, today, GROUND)));
    assert_eq!(found, PublishError::Draft(changed));
    for ground in ["  ", &"x".repeat(2_001)] {
        let found = refused(publish(&store, &PROVINCE, (1, today, ground)));
        assert!(matches!(&found, PublishError::Fields(f) if f[0].field == "ground"), "{found:?}");
    }
    let found = refused(publish(&store, &PROVINCE, (1, today, GROUND)));
    assert!(matches!(&found, PublishError::Problems(p) if p.len() == 3), "{found:?}");
    // A version that somebody else published in the meantime.
    let second = ProcessEdition::compile("appraisal", 2, day(2019, 5, 1), &text).unwrap();
    let newer = PROVINCE.with_process(second).unwrap();
    let not_after =
        PublishError::NotAfter { valid_from: today, version: 2, starts: day(2019, 5, 1) };
    assert_eq!(refused(publish(&store, &newer, (1, today, GROUND))), not_after);
    let outdated = PublishError::Outdated { base: Some(1), newest: Some(2) };
    assert_eq!(refused(publish(&store, &newer, (1, day(2019, 5, 2), GROUND))), outdated);

    assert_eq!(crate::rows(&store), 0);
    let left = store
        .read_blocking(|r| Ok::<_, StoreError>((processes::all(r)?, process_drafts::list(r)?)));
    let (published, drafts) = left.unwrap();
    assert_eq!((published.len(), drafts.len()), (0, 1));
}

#[test]
fn steps_that_take_longer_than_the_law_allows_are_not_published() {
    let house = House::new();
    let store = house.open();
    let from = now().date();
    let fits = world::next_appraisal();
    let too_long = fits.replacen("mc:limitShare=\"60\"", "mc:limitShare=\"90\"", 1);
    assert!(fits != too_long, "the file has such a share");
    begin(&store, "appraisal", content(&too_long));
    let found = refused(publish(&store, &PROVINCE, (1, from, GROUND)));
    let over = |p: &process::Problem| p.code == "time-over-limit" && p.reason.contains("procedure");
    assert!(
        matches!(&found, PublishError::Problems(p) if !p.is_empty() && p.iter().all(over)),
        "{found:?}"
    );
    assert_eq!(crate::rows(&store), 0);
    let save = content(&fits);
    let saved =
        store.act_blocking(move |tx| process_drafts::save(tx, id(DRAFT), 1, &save, "author", NOW));
    assert_eq!(saved, Ok(2));
    publish(&store, &PROVINCE, (2, from, GROUND)).unwrap();
}

#[test]
fn a_withdrawn_publication_keeps_its_number_and_its_proof() {
    let house = House::new();
    let store = house.open();
    let text = world::next_appraisal();
    let publish_on = |catalogue: &Catalogue, from| {
        begin(&store, "appraisal", content(&text));
        publish(&store, catalogue, (1, from, GROUND)).unwrap()
    };
    let second = publish_on(&PROVINCE, day(2019, 5, 6));
    assert_eq!((second.version, second.title.as_str()), (2, "Thẩm định rút gọn"));
    let with_second = PROVINCE.with_process(second.clone()).unwrap();
    assert_eq!(
        refused(withdraw(&store, &PROVINCE, 1)),
        PublishError::NoVersion { name: "appraisal".into(), version: 1 }
    );
    withdraw(&store, &with_second, 2).unwrap();
    // A catalogue that still has it does not hinder the next publication.
    let third = publish_on(&with_second, day(2019, 5, 6));
    assert_eq!(third.version, 3);
    let history = store.read_blocking(|r| processes::history(r, "appraisal")).unwrap();
    let told: Vec<_> = history.iter().map(|r| (r.event.kind(), r.event.version())).collect();
    let expected = [("process_published", 2), ("process_withdrawn", 2), ("process_published", 3)];
    assert_eq!(told, expected);
    let first = &history[0];
    assert_eq!((first.by.as_str(), first.unit.as_deref()), ("system:test", Some("kg")));
    let of_first = |e: &ProcessEvent| {
        matches!(e, ProcessEvent::ProcessPublished { sha256, ground, base_version: Some(1), .. }
            if *sha256 == second.sha256 && ground == GROUND)
    };
    assert!(of_first(&first.event), "{first:?}");
    let current = PROVINCE.with_process(third).unwrap();
    assert_eq!(proof(&store, &current).unwrap().rows, 3);

    let later = |tx: &mut Tx<'_>, env: &mut Env<'_>| {
        processes::withdraw(tx, env, &Grant::default(), ("appraisal", 3), "Muộn")
    };
    let on = Instant::at(day(2019, 5, 6), 8, 0);
    let begun = refused(unit(&store, &current, &Actor::system("test"), on, later));
    let since = day(2019, 5, 6);
    assert_eq!(begun, PublishError::Begun { name: "appraisal".into(), version: 3, since });
}

#[test]
fn a_published_file_that_was_changed_by_hand_is_named() {
    let house = House::new();
    let store = house.open();
    begin(&store, "appraisal", content(&world::next_appraisal()));
    let second = publish(&store, &PROVINCE, (1, now().date(), GROUND)).unwrap();
    let current = PROVINCE.with_process(second).unwrap();
    proof(&store, &current).unwrap();
    drop(store);
    let whole = std::fs::read(house.data().join(store::DATABASE_FILE)).unwrap();
    for (sql, named) in [
        ("UPDATE catalog SET body = replace(body, 'Ký văn bản', 'Ký nháy')", "not the one"),
        ("UPDATE catalog SET valid_from = '2019-04-24'", "first day"),
        ("UPDATE catalog SET kind = 'process_withdrawn', key = key || '/2'", "withdrawn in one"),
        ("DELETE FROM catalog WHERE kind = 'process'", "is missing"),
        (
            "INSERT INTO catalog (kind, key, valid_from, body)
             SELECT kind, key, '2020-01-01', replace(body, '\"version\":2', '\"version\":3')
             FROM catalog",
            "no publication",
        ),
    ] {
        by_hand(&house, sql);
        let found = proof(&house.open(), &current).unwrap_err();
        let of_two = matches!(&found, Finding::Process { name, .. } if name == "appraisal");
        assert!(of_two && found.to_string().contains(named), "{sql}: {found}");
        std::fs::write(house.data().join(store::DATABASE_FILE), &whole).unwrap();
    }
    proof(&house.open(), &current).unwrap();
}

/// The next task of a case, done by whoever it belongs to; gives its id.
fn step(store: &Store, catalogue: &Catalogue, case: &Case, at: Instant) -> String {
    let definition = catalogue.definition_of(case, at.date()).unwrap();
    let row = work_items(case, definition).remove(0);
    let (id, command) = (case.id, crate::cases::complete(row.slot, "done"));
    let officer = actor(HOME, row.role, at);
    unit(store, catalogue, &officer, at, move |tx, env| {
        cases::act(tx, env, id, None, &command).map(|_| ())
    })
    .unwrap();
    row.task
}

#[test]
fn cases_before_and_after_a_change_run_on_their_own_version_and_are_proven() {
    let house = House::new();
    let store = house.open();
    let change = Instant::at(day(2019, 5, 6), 9, 0);
    let take = |catalogue: &Catalogue, at: Instant| {
        let application = application(DESK, "Nguyễn Văn Ân");
        let clerk = actor(DESK, Role::DeskOfficer, at);
        let work = move |tx: &mut Tx<'_>, env: &mut Env<'_>| -> Result<Case, CaseError> {
            let edition = env.catalogue.edition(&"1.000002".into(), 1).unwrap().clone();
            let id = cases::submit(tx, env, &edition, &application)?.case.id;
            cases::accept(tx, env, id, None, None, None)?;
            Ok(cases::act(tx, env, id, None, &Command::Forward)?.case)
        };
        unit(&store, catalogue, &clerk, at, work).unwrap()
    };
    let old = take(&PROVINCE, now());
    begin(&store, "appraisal", content(&world::next_appraisal()));
    let second = publish(&store, &PROVINCE, (1, change.date(), GROUND)).unwrap();
    let changed = PROVINCE.with_process(second).unwrap();
    let between = take(&changed, now().plus_seconds(60));
    let new = take(&changed, change);
    let pins = [&old, &between, &new].map(|case| case.process_version);
    assert_eq!(pins, [1, 1, 2]);
    let later = change.plus_seconds(3_600);
    for (case, expected) in [(old, "appraise"), (between, "appraise"), (new, "prepare")] {
        assert_eq!(step(&store, &changed, &case, later), "assign");
        let case = store.read_blocking(|r| cases::by_id(r, case.id.0)).unwrap().unwrap().case;
        assert_eq!(step(&store, &changed, &case, later.plus_seconds(60)), expected);
    }
    let proof_of = proof(&store, &changed).unwrap();
    assert_eq!(proof_of.cases, 3);
    // Without the version that one is pinned to, nothing is claimed.
    assert!(matches!(proof(&store, &PROVINCE), Err(Finding::NoEdition(_))));
}
