//! What the page of a case says of dates that moved with the calendar, and of times of steps.

use super::case_timers;
use super::tests::{act, case, received, signed_in, words};
use crate::jobs::calendar;
use crate::testing::world;
use kernel::calendar::{ClockTime, EntryKind, EntrySpec, Instant};
use kernel::case::{Paused, StepDue, TimeLeft, UpkeepEvent};
use kit::{Lang, T};
use process::NodeIx;
use store::announcements::{self, Ask, Mark, Request};
use uuid::Uuid;

#[tokio::test]
async fn the_page_says_from_when_to_when_a_date_moved_and_why() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    assert_eq!(act(&mut desk, &id, "forward", &[]).await.status, 303);
    let due = case(&world, &id).due_at.unwrap();
    let entry = EntrySpec {
        date: due.date(),
        kind: EntryKind::Closure { from: ClockTime::MIDNIGHT, to: ClockTime::END },
        published_at: None,
        withdrawn_at: None,
        name: "QĐ 9".into(),
    };
    let (request, at) = (Uuid::from_u128(1), world.app.now());
    let mark = Mark { request, by: "an".into(), at, ground: "QĐ 9".into() };
    let request = Request { ask: Ask::Announce(entry), mark };
    announcements::lay(world.app.0.store.dir(), &request).unwrap();
    world.clock.set(at.0 + 60_000);
    assert!(calendar::take_over(&world.app).await.unwrap());
    while !calendar::rederive(&world.app).await.unwrap().finished {}
    let moved = case(&world, &id).due_at.unwrap();
    assert!(moved > due);
    let day = |at: Instant| at.date().format("%-d/%-m/%Y").to_string();
    let page = format!("/noi-lam-viec/ho-so/{id}");
    let said = words(&desk.get(&page).await);
    let vi = said.contains("Ngày hẹn tính lại theo lịch mới")
        && said.contains("vì lịch làm việc thay đổi")
        && said.contains(&day(due))
        && said.contains(&day(moved));
    assert!(vi, "{said}");
    let said = words(&desk.get(&format!("{page}?lang=en")).await);
    assert!(said.contains("since the calendar was amended"), "{said}");
}

#[tokio::test]
async fn every_time_of_a_step_has_its_words_in_both_languages() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    let (case, catalogue) = (case(&world, &id), world.app.catalogue());
    let at = world.app.now();
    let left = [
        TimeLeft::Whole,
        TimeLeft::WorkingDays(0),
        TimeLeft::WorkingDays(3),
        TimeLeft::WorkingSeconds(11_520),
        TimeLeft::Millis(94_000_000),
    ];
    let timers = left.map(|left| Paused { token: 1, node: NodeIx(1), left }).to_vec();
    let due = vec![StepDue { token: 1, node: NodeIx(1), due_at: at }];
    let events = [
        UpkeepEvent::TimersPaused { timers, at },
        UpkeepEvent::TimersResumed { timers: due.clone(), at },
        UpkeepEvent::TimersMoved { before: due.clone(), timers: due, at },
    ];
    let told = |lang| -> Vec<String> {
        let t = T::new(lang);
        for event in &events {
            let key = format!("desk-event-{}", event.kind().replace('_', "-"));
            assert!(t.has(&key), "{key}");
        }
        events.iter().flat_map(|e| case_timers::lines(t, &catalogue, &case, e)).collect()
    };
    let vi = told(Lang::Vi).join("\n");
    for words in ["còn 3 ngày làm việc", "còn 3 giờ 12 phút làm việc", "còn 1 ngày 2 giờ"]
    {
        assert!(vi.contains(words), "{vi}");
    }
    let en = told(Lang::En).join("\n");
    assert!(en.contains("3 working days left") && en.contains("1 d 2 h left"), "{en}");
    assert_eq!((vi.lines().count(), en.lines().count()), (7, 7));
}
