//! Filtered lists: every row once over all pages, a bounded look, conditions together; batches with
//! their outcomes and their proof; saved views.

use crate::cases::{PROVINCE, clerk_of_desk, now, submitted, unit};
use crate::{House, id};
use kernel::case::{Bucket, Delivery, Source};
use kernel::ids::CaseId;
use std::collections::HashSet;
use store::batches::{self, NewBatch, Outcome};
use store::cases::{self, CaseError, Cursor, DueBy, Filter, Finding, Scope};
use store::views::{self, Saved};
use store::{Store, StoreError, bounds};

/// More cases than one chunk of a filter.
const MANY: u64 = 230;

fn filled(house: &House) -> (Store, HashSet<CaseId>) {
    let store = house.open();
    let ids = (0..MANY).map(|seed| submitted(&store, 1, 1_000 + seed).id).collect();
    (store, ids)
}

/// One page; `keep` says which rows fit, `looked` counts how many were asked about.
fn page(
    store: &Store,
    filter: &Filter,
    after: Cursor,
    limit: u32,
    keep: impl Fn(usize) -> bool + Send + 'static,
) -> (Vec<CaseId>, Option<Cursor>, usize) {
    let (actor, filter) = (clerk_of_desk(), filter.clone());
    let read = store.read_blocking(move |reader| {
        let mut asked = 0;
        let mut keep = |_: &mut store::Reader<'_>, _: &cases::Listed| {
            asked += 1;
            Ok::<_, StoreError>(keep(asked))
        };
        let scope = (&actor, Scope::Unit);
        let found = cases::filtered(reader, scope, &filter, after, limit, &mut keep)?;
        let ids = found.listed.iter().map(|row| row.stored.case.id).collect();
        Ok::<_, StoreError>((ids, found.next, asked))
    });
    read.unwrap()
}

#[test]
fn pages_of_a_filter_hold_every_row_once_in_order() {
    let house = House::new();
    let (store, all) = filled(&house);
    let filter = Filter { sources: vec![Source::Counter], ..Filter::default() };
    let (mut seen, mut after, mut pages) = (Vec::new(), Cursor::START, 0);
    loop {
        let (ids, next, _) = page(&store, &filter, after, 25, |_| true);
        seen.extend(ids);
        pages += 1;
        match next {
            Some(next) => {
                assert!(next > after, "it goes on");
                after = next;
            }
            None => break,
        }
        assert!(pages < 20, "it comes to its end");
    }
    assert_eq!(seen.len(), all.len(), "each once");
    assert_eq!(seen.into_iter().collect::<HashSet<_>>(), all);
    // The same rows whether or not lists are named, and none where a condition does not fit.
    let one = Filter { buckets: vec![Bucket::ToAccept], ..filter.clone() };
    assert_eq!(page(&store, &one, Cursor::START, 500, |_| true).0.len(), all.len());
    for none in [
        Filter { buckets: vec![Bucket::InWork], ..filter.clone() },
        Filter { sources: vec![Source::Post], ..filter.clone() },
        Filter { delivery: Some(Delivery::Post), ..filter.clone() },
        Filter { due: DueBy::Late(now()), ..filter.clone() },
        Filter { silent_since: Some(kernel::calendar::Instant(now().0 - 1)), ..filter.clone() },
    ] {
        assert_eq!(page(&store, &none, Cursor::START, 500, |_| true).0, [], "{none:?}");
    }
}

#[test]
fn a_filter_that_fits_nothing_stops_looking_and_says_where_to_go_on() {
    let house = House::new();
    let (store, _) = filled(&house);
    let most = bounds::FILTER_LOOK_MAX as usize;
    assert!(most > MANY as usize, "one page looks at all of these");
    let (ids, next, asked) = page(&store, &Filter::default(), Cursor::START, 25, |_| false);
    assert_eq!((ids.len(), next, asked), (0, None, MANY as usize));
    // Where many fit, a page looks at no more than it shows and one.
    let (ids, next, asked) = page(&store, &Filter::default(), Cursor::START, 25, |_| true);
    assert_eq!((ids.len(), next.is_some(), asked), (25, true, 25));
}

#[test]
fn stopped_cases_are_found_by_their_index() {
    let house = House::new();
    let (store, _) = filled(&house);
    store.analyse_blocking().unwrap();
    let all = store::statements();
    let stopped = all.iter().find(|one| one.name == "cases_stopped").unwrap();
    let plan = store.explain(stopped).unwrap();
    assert!(plan.iter().any(|step| step.contains("case_file_stopped")), "{plan:?}");
    let done = all.iter().find(|one| one.name == "journal_on_behalf").unwrap();
    let plan = store.explain(done).unwrap();
    assert!(plan.iter().any(|step| step.contains("journal_on_behalf")), "{plan:?}");
}

/// The seed must be nobody else's: ids follow from it.
fn begun(store: &Store, cases: &[CaseId], seed: u64) -> uuid::Uuid {
    let new = NewBatch {
        action: "forward".into(),
        unit: "unit".into(),
        other: String::new(),
        cases: cases.iter().map(|case| (*case, format!("code {case}"), 2)).collect(),
    };
    unit(store, &clerk_of_desk(), now(), seed, move |tx, env| {
        Ok(batches::begin(tx, env, &new, 2019)?)
    })
    .unwrap()
}

fn note(store: &Store, batch: uuid::Uuid, place: usize, outcome: Outcome) -> bool {
    let noted = unit(store, &clerk_of_desk(), now(), 4, move |tx, _| {
        Ok(batches::note(tx, (batch, place), outcome, "", &[])?)
    });
    noted.unwrap()
}

fn finish(store: &Store, batch: uuid::Uuid) {
    let done = unit(store, &clerk_of_desk(), now(), 5, move |tx, env| {
        batches::finish(tx, env, batch)?;
        Ok(())
    });
    done.unwrap();
}

#[test]
fn a_batch_ends_when_all_had_their_turn_and_its_proof_finds_what_was_changed() {
    let house = House::new();
    let store = house.open();
    let cases: Vec<CaseId> = (1..=3).map(|seed| submitted(&store, 1, seed).id).collect();
    let batch = begun(&store, &cases, 9_001);
    let verify = |store: &Store| store.read_blocking(|reader| batches::verify(reader));
    assert!(note(&store, batch, 0, Outcome::Done));
    assert!(!note(&store, batch, 0, Outcome::Refused), "an outcome stands");
    finish(&store, batch);
    assert_eq!(verify(&store).unwrap(), 0, "one case waits: the journal has no end yet");
    assert!(note(&store, batch, 1, Outcome::Refused) && note(&store, batch, 2, Outcome::Changed));
    finish(&store, batch);
    finish(&store, batch);
    assert_eq!(verify(&store).unwrap(), 1, "recorded once");
    let second = begun(&store, &cases, 9_002);
    let found = store.read_blocking(move |r| batches::by_id(r, second)).unwrap().unwrap();
    assert_eq!((found.number, found.year), (2, 2019), "numbers go up within the year");
    let whole = store.read_blocking(|r| cases::verify(r, &PROVINCE, &mut |_| {})).unwrap();
    assert!(whole.rows > 0, "rows of batches belong to something");
    drop(store);
    crate::cases::by_hand(&house, "UPDATE batch_line SET outcome = 'done' WHERE place = 1");
    let store = house.open();
    let bad = verify(&store);
    assert!(
        matches!(bad, Err(store::ActError::Refused(Finding::Kept { table: "batch", .. }))),
        "{bad:?}"
    );
}

#[test]
fn a_refused_act_leaves_its_line_waiting() {
    let house = House::new();
    let store = house.open();
    let case = submitted(&store, 1, 1).id;
    let batch = begun(&store, &[case], 9_003);
    let refused = unit(&store, &clerk_of_desk(), now(), 4, move |tx, _| {
        batches::note(tx, (batch, 0), Outcome::Done, "", &[])?;
        Err::<(), _>(CaseError::NotFound)
    });
    assert!(refused.is_err());
    let lines = store.read_blocking(move |reader| batches::lines(reader, batch)).unwrap();
    assert_eq!(lines[0].outcome, Outcome::Waiting, "act and outcome stand or fall together");
}

#[test]
fn views_keep_their_order_and_their_bound() {
    let house = House::new();
    let store = house.open();
    let most = bounds::SAVED_VIEWS_MAX as u128;
    let told = store.act_blocking(move |tx| {
        for n in 0..most {
            views::add(tx, "a", id(n + 1), &format!("v{n}"), "nhom=in-work")?;
        }
        let full = views::add(tx, "a", id(most + 1), "one more", "")?;
        let twice = views::add(tx, "b", id(1), "V 0", "")?;
        views::shift(tx, "a", id(1), true)?;
        views::shift(tx, "a", id(2), true)?;
        views::put_first(tx, "a", Some(id(3)))?;
        views::put_first(tx, "a", Some(id(2)))?;
        let renamed = views::rename(tx, "a", id(2), "V0")?;
        let gone = views::rename(tx, "a", id(999), "x")?;
        Ok::<_, StoreError>((full, twice, renamed, gone, views::of(tx, "a")?))
    });
    let (full, other, renamed, gone, all) = told.unwrap();
    assert_eq!((full, other), (Saved::Full, Saved::Yes), "each account has its own");
    assert_eq!((renamed, gone), (Saved::Twice, Saved::Gone));
    assert_eq!((all[0].id, all[1].id), (id(2), id(1)), "moved up; the first stays first");
    assert_eq!(all.iter().filter(|view| view.first).count(), 1);
    assert!(all[0].first);
}
