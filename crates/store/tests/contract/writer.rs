//! Units of work: together in one commit, yet none spoils another.

use crate::{House, checked, entry, id, note, rows};
use std::sync::mpsc::channel;
use store::{ActError, Query, Statement, StoreError, Tx, journal};

const ENDLESS: Statement = Statement {
    name: "endless",
    sql: "INSERT INTO setting (key, value, updated_at)
          WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
          SELECT 'x', sum(x), 1 FROM n",
};

/// Holds the writer until the returned sender is used or dropped, so that a batch can gather.
fn hold(store: &store::Store) -> std::sync::mpsc::Sender<()> {
    let (release, wait) = channel::<()>();
    let (started, running) = channel();
    let store = store.clone();
    let wait = std::sync::Mutex::new(wait);
    std::thread::spawn(move || {
        store.act_blocking(move |_| {
            started.send(()).ok();
            wait.lock().unwrap().recv().ok();
            Ok::<_, StoreError>(())
        })
    });
    running.recv().unwrap();
    release
}

/// A unit of work of any kind.
type AnyUnit<T> = Box<dyn FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send>;

/// Runs units in one batch and returns their answers in order.
fn together<T: Send + 'static>(
    store: &store::Store,
    units: Vec<AnyUnit<T>>,
) -> Vec<Result<T, ActError<StoreError>>> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let release = hold(store);
    let local = store.clone();
    runtime.block_on(async move {
        let mut tasks = Vec::new();
        for unit in units {
            let store = local.clone();
            tasks.push(tokio::spawn(async move { store.act(unit).await }));
        }
        tokio::task::yield_now().await;
        drop(release);
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        answers
    })
}

#[test]
fn many_threads_share_commits_and_nothing_is_lost() {
    let house = House::new();
    let store = house.open();
    let release = hold(&store);
    std::thread::scope(|scope| {
        for thread in 0..64 {
            let store = store.clone();
            scope.spawn(move || {
                for _ in 0..50 {
                    store.act_blocking(move |tx| note(tx, id(thread), "{}")).unwrap();
                }
            });
        }
        drop(release);
    });
    let statistics = store.statistics();
    assert_eq!(statistics.acts, 64 * 50 + 1);
    assert!(statistics.commits * 2 < statistics.acts, "{statistics:?}");
    let checked = checked(&store);
    assert_eq!(checked.rows, 64 * 50);
    assert!(checked.heads.len() == 64 && checked.heads.values().all(|head| head.seq == 50));
}

#[test]
fn a_refusal_or_panic_takes_back_itself_only() {
    let house = House::new();
    let store = house.open();
    let answers = together(
        &store,
        vec![
            Box::new(|tx: &mut Tx<'_>| note(tx, id(1), "{}")),
            Box::new(|tx: &mut Tx<'_>| {
                note(tx, id(1), "refused")?;
                Err(StoreError::Conflict { expected: 7, found: 8 })
            }),
            Box::new(|tx: &mut Tx<'_>| {
                note(tx, id(1), "panics")?;
                panic!("on purpose")
            }),
            Box::new(|tx: &mut Tx<'_>| note(tx, id(1), "{}")),
        ],
    );
    assert_eq!(answers[0], Ok(1));
    assert_eq!(answers[1], Err(ActError::Refused(StoreError::Conflict { expected: 7, found: 8 })));
    assert_eq!(answers[2], Err(ActError::Store(StoreError::Panicked("on purpose".into()))));
    assert_eq!(answers[3], Ok(2));
    let bodies = store.read_blocking(|r| journal::by_stream(r, id(1), 0)).unwrap();
    assert!(bodies.iter().all(|row| row.envelope.body == "{}"), "{bodies:?}");
    assert_eq!(store.statistics().taken_back, 2);
    assert_eq!(checked(&store).rows, 2);
}

#[test]
fn a_unit_that_never_ends_is_stopped_and_its_neighbours_stand() {
    let house = House::new();
    let store = house.open();
    let answers = together(
        &store,
        vec![
            Box::new(|tx: &mut Tx<'_>| note(tx, id(1), "{}")),
            // Swallowing the error does not help: the store has seen it.
            Box::new(|tx: &mut Tx<'_>| Ok(tx.execute(&ENDLESS, &[]).map_or(0, |_| 1))),
            Box::new(|tx: &mut Tx<'_>| note(tx, id(1), "{}")),
        ],
    );
    assert_eq!(answers, [Ok(1), Err(ActError::Store(StoreError::TooLong)), Ok(2)]);
    assert_eq!(rows(&store), 2);
    assert_eq!(store.act_blocking(|tx| note(tx, id(1), "{}")), Ok(3));
}

#[test]
fn a_full_queue_says_when_to_come_back() {
    let house = House::new();
    let store = house.open();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let release = hold(&store);
    let local = store.clone();
    runtime.block_on(async move {
        let mut tasks = Vec::new();
        for _ in 0..store::bounds::QUEUE_MAX {
            let store = local.clone();
            tasks.push(tokio::spawn(async move { store.act(|tx| note(tx, id(1), "{}")).await }));
        }
        // A turn for each task, so that every one has queued its unit.
        for _ in 0..store::bounds::QUEUE_MAX {
            tokio::task::yield_now().await;
        }
        let refused = local.act(|tx| note(tx, id(1), "{}")).await;
        let busy = StoreError::Busy { retry_after_s: store::bounds::RETRY_AFTER_S };
        assert_eq!(refused, Err(ActError::Store(busy)));
        drop(release);
        for task in tasks {
            task.await.unwrap().unwrap();
        }
    });
    assert_eq!(rows(&store), store::bounds::QUEUE_MAX as u64);
    assert_eq!(checked(&store).rows, store::bounds::QUEUE_MAX as u64);
}

#[test]
fn two_who_saw_the_same_row_cannot_both_append() {
    let house = House::new();
    let store = house.open();
    store.act_blocking(|tx| note(tx, id(1), "{}")).unwrap();
    let append = |body: &'static str| {
        store.act_blocking(move |tx| journal::append(tx, id(1), 1, &[entry(body)]).map(drop))
    };
    assert_eq!(append("first"), Ok(()));
    let conflict = StoreError::Conflict { expected: 1, found: 2 };
    assert_eq!(append("second"), Err(ActError::Refused(conflict)));
    assert_eq!(rows(&store), 2);
}

#[test]
fn a_read_sees_one_picture_and_nothing_before_its_commit() {
    let house = House::new();
    let store = house.open();
    let (inside, entered) = channel();
    let (leave, left) = channel::<()>();
    let left = std::sync::Mutex::new(left);
    std::thread::scope(|scope| {
        let writing = store.clone();
        scope.spawn(move || {
            writing
                .act_blocking(move |tx| {
                    note(tx, id(1), "{}")?;
                    inside.send(()).ok();
                    left.lock().unwrap().recv().ok();
                    Ok::<_, StoreError>(())
                })
                .unwrap();
        });
        entered.recv().unwrap();
        assert_eq!(rows(&store), 0);
        drop(leave);
    });
    let both = store.read_blocking(|reader| {
        let before = journal::last_number(reader)?;
        store.act_blocking(|tx| note(tx, id(1), "{}")).unwrap();
        Ok::<_, StoreError>((before, journal::last_number(reader)?))
    });
    assert_eq!(both, Ok((1, 1)));
    assert_eq!(rows(&store), 2);
}

#[test]
fn a_read_that_panics_or_never_ends_gives_its_connection_back() {
    let house = House::new();
    let store = house.open();
    for _ in 0..store::bounds::READERS_MAX * 2 {
        let panicked = store.read_blocking(|_| -> Result<(), StoreError> { panic!("read") });
        assert_eq!(panicked, Err(ActError::Store(StoreError::Panicked("read".into()))));
    }
    let endless = Statement {
        name: "endless_read",
        sql: "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
              SELECT sum(x) FROM n",
    };
    let stopped = store.read_blocking(|reader| reader.one(&endless, &[], |row| row.int(0)));
    assert_eq!(stopped, Err(ActError::Refused(StoreError::TooLong)));
    assert_eq!(rows(&store), 0);

    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let answers = runtime.block_on(async {
        let mut tasks = Vec::new();
        for _ in 0..100 {
            let store = store.clone();
            tasks.push(tokio::spawn(async move { store.read(|r| journal::last_number(r)).await }));
        }
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        answers
    });
    assert!(answers.iter().all(|answer| *answer == Ok(0)));
}

#[test]
fn reads_beyond_the_queue_are_refused_at_once() {
    let house = House::new();
    let store = house.open();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let gate = std::sync::Arc::new(std::sync::RwLock::new(()));
    let closed = gate.write().unwrap();
    let answers = runtime.block_on(async {
        let mut tasks = Vec::new();
        for _ in 0..store::bounds::READ_QUEUE_MAX {
            let (store, gate) = (store.clone(), gate.clone());
            tasks.push(tokio::spawn(async move {
                let read = store.read(move |r| {
                    drop(gate.read());
                    journal::last_number(r)
                });
                read.await
            }));
        }
        for _ in 0..store::bounds::READ_QUEUE_MAX {
            tokio::task::yield_now().await;
        }
        let refused = store.read(|r| journal::last_number(r)).await;
        let busy = StoreError::Busy { retry_after_s: store::bounds::RETRY_AFTER_S };
        assert_eq!(refused, Err(ActError::Store(busy)));
        drop(closed);
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        answers
    });
    assert!(answers.iter().all(|answer| *answer == Ok(0)));
}
