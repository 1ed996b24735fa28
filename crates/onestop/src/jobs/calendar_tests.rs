//! The worker takes over an announced day: running cases move once, child cases by their own
//! clocks, the applicant is told, and the proof holds.

use super::tests::{asking, province};
use super::{Outside, calendar, round, upkeep};
use crate::testing::{World, world_with};
use kernel::calendar::{ClockTime, EntryKind, EntrySpec, Instant};
use kernel::case::Case;
use kernel::ids::{CaseId, UnitId};
use std::sync::Mutex;
use store::announcements::{self, Ask, Mark, Request};
use store::cases;
use uuid::Uuid;

/// Keeps the messages to applicants.
#[derive(Default)]
struct Messages(Mutex<Vec<(CaseId, String)>>);

impl Outside for Messages {
    fn portal_sync(&self, _: CaseId, _: u8) -> Result<(), String> {
        Ok(())
    }

    fn notify(&self, case: CaseId, message: &str) -> Result<(), String> {
        self.0.lock().unwrap().push((case, message.to_owned()));
        Ok(())
    }

    fn notify_desk(&self, _: CaseId, _: &UnitId, _: &str, _: &[UnitId]) -> Result<(), String> {
        Ok(())
    }

    fn message(&self, _: CaseId, _: &str, _: Option<&str>) -> Result<(), String> {
        Ok(())
    }
}

async fn find(world: &World, id: CaseId) -> Case {
    world.app.read(move |reader| Ok(cases::by_id(reader, id.0)?)).await.unwrap().unwrap().case
}

/// Rounds as the worker makes them, until there is nothing to do; counts moved cases.
async fn work(world: &World, outside: &Messages) -> u32 {
    upkeep(&world.app).await.unwrap();
    let (mut moved, mut walking) = (0, calendar::take_over(&world.app).await.unwrap());
    for _ in 0..30 {
        if walking {
            let done = calendar::rederive(&world.app).await.unwrap();
            assert!(done.refused.is_empty(), "{done:?}");
            (moved, walking) = (moved + done.moved, !done.finished);
        }
        if !round(&world.app, outside).await.unwrap() && !walking {
            return moved;
        }
    }
    panic!("the worker comes to no end");
}

#[tokio::test]
async fn an_announced_day_moves_the_cases_that_end_on_it_and_tells_who_applied() {
    let world = world_with(province::province());
    let outside = Messages::default();
    let id = asking(&world).await.id;
    assert_eq!(work(&world, &outside).await, 0);
    let before = find(&world, id).await;
    let children: Vec<CaseId> = before.children.iter().map(|child| child.case).collect();
    assert_eq!(children.len(), 2);
    let due = before.due_at.unwrap();
    let entry = EntrySpec {
        date: due.date(),
        kind: EntryKind::Closure { from: ClockTime::MIDNIGHT, to: ClockTime::END },
        published_at: None,
        withdrawn_at: None,
        name: "QĐ 9/QĐ-UBND".into(),
    };
    let mark = Mark {
        request: Uuid::from_u128(1),
        by: "an".into(),
        at: world.app.now(),
        ground: "QĐ 9/QĐ-UBND".into(),
    };
    let request = Request { ask: Ask::Announce(entry), mark };
    announcements::lay(world.app.0.store.dir(), &request).unwrap();
    world.clock.set(world.app.now().0 + 3_600_000);
    // The children were opened on the same day and have as many days of their own.
    assert_eq!(work(&world, &outside).await, 3);
    for case in std::iter::once(id).chain(children) {
        let case = find(&world, case).await;
        assert_eq!(case.due_at.map(Instant::date), due.date().succ_opt());
        assert_eq!(case.original_due_at, Some(due), "form 01 keeps what it said");
    }
    let told: Vec<CaseId> = {
        let all = outside.0.lock().unwrap();
        all.iter().filter(|(_, message)| message == "due_moved").map(|(case, _)| *case).collect()
    };
    assert_eq!(told, [id], "the applicant once, the asking case not by message");
    assert_eq!(work(&world, &outside).await, 0, "once");
    // After a restart the announced day is read from the store.
    let catalogue = world.app.catalogue();
    assert_eq!(catalogue.announced().len(), 1);
    world.app.replace_catalogue(std::sync::Arc::new(province::province()));
    assert_eq!(work(&world, &outside).await, 0);
    assert_eq!(world.app.catalogue().announced().len(), 1);
    let proof = world.app.0.store.read_blocking(|r| cases::verify(r, &catalogue, &mut |_| ()));
    assert_eq!(proof.unwrap().cases, 3);
}
