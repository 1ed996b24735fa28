//! A process is published while the program runs: from its first day on the desk accepts cases
//! under it, and those accepted before go on as they were.

use crate::desk::tests::{case, complete, received, signed_in};
use crate::testing::{World, world};
use kernel::access::{Actor, Grant};
use kernel::calendar::Instant;
use kernel::procedure::Standing;
use store::process_drafts::{self, Content};
use store::processes::{Publication, PublishError};
use uuid::Uuid;

/// The shorter appraisal: another task than the first version has.
fn shorter() -> String {
    let text = include_str!("../../../procedures/processes/opinion.bpmn");
    text.replace("processRef=\"opinion\"", "processRef=\"appraisal\"")
        .replace("process id=\"opinion\"", "process id=\"appraisal\"")
        .replace("mc:kind=\"opinion\"", "mc:kind=\"appraise\"")
}

/// Begins a draft and gives how to publish it in some days.
pub(crate) fn draft(world: &World, number: u128, base: u32, days: i64) -> Publication {
    let content = Content {
        title: "Thẩm định rút gọn".into(),
        base_version: Some(base),
        xml: shorter(),
        findings: Vec::new(),
    };
    let (id, now) = (Uuid::from_u128(number), world.app.now());
    let begin = move |tx: &mut store::Tx<'_>| {
        process_drafts::create(tx, id, "appraisal", &content, "tri", now.0)
    };
    world.app.0.store.act_blocking(begin).unwrap();
    let valid_from = now.plus_days(days).date();
    Publication { draft: id, revision: 1, valid_from, ground: "Quyết định 12/QĐ-UBND".into() }
}

/// What the page of a case says of its steps.
async fn page(browser: &mut crate::testing::Browser, id: &str) -> String {
    let answer = browser.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
    assert_eq!(answer.status, 200);
    answer.body
}

#[tokio::test]
async fn a_publication_counts_without_a_restart_and_leaves_running_cases_alone() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let old = received(&world, &mut desk).await;
    let actor = Actor::system("test");
    let publication = draft(&world, 1, 1, 0);
    let again = publication.clone();
    let edition = world.app.publish_process(&actor, Grant::default(), publication).await.unwrap();
    assert_eq!(edition.version, 2);
    let catalogue = world.app.catalogue();
    let standing = catalogue.process_standing("appraisal", 2, world.app.today());
    assert_eq!(standing, Some(Standing::InForce));

    let new = received(&world, &mut desk).await;
    let pinned = [&old, &new].map(|id| case(&world, id).process_version);
    assert_eq!(pinned, [1, 2]);
    let (old_task, new_task) = ("Thẩm định hồ sơ", "Chuẩn bị ý kiến trả lời");
    for (id, has, lacks) in [(&old, old_task, new_task), (&new, new_task, old_task)] {
        let body = page(&mut desk, id).await;
        assert!(body.contains(has) && !body.contains(lacks), "{id}: {has}");
    }
    // Each goes on by its own file.
    let mut head = signed_in(&world, "phong").await;
    for (id, task) in [(&old, "appraise"), (&new, "prepare")] {
        let forwarded = crate::desk::tests::act(&mut desk, id, "forward", &[]).await;
        assert_eq!(forwarded.status, 303);
        let officer = crate::testing::account_of("bao");
        complete(&world, &mut head, id, &[("outcome", "done"), ("officer", officer.as_str())])
            .await;
        let case = case(&world, id);
        let definition = catalogue.definition_of(&case, world.app.today()).unwrap();
        let (_, at) = process::open_tasks(definition, &case.process).next().unwrap();
        assert_eq!(definition.node(at).id, task);
    }
    let gone = world.app.publish_process(&actor, Grant::default(), again).await;
    assert!(matches!(gone, Err(PublishError::Draft(_))), "{gone:?}");
    let read =
        world.app.0.store.read_blocking(|r| store::cases::verify(r, &catalogue, &mut |_| ()));
    assert_eq!(read.unwrap().cases, 2);
}

#[tokio::test]
async fn a_planned_version_waits_for_its_day_and_can_be_withdrawn_until_then() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let actor = Actor::system("test");
    let planned = draft(&world, 1, 1, 10);
    let day = planned.valid_from;
    world.app.publish_process(&actor, Grant::default(), planned).await.unwrap();
    let today = received(&world, &mut desk).await;
    assert_eq!(case(&world, &today).process_version, 1);
    let withdraw = || {
        let of = ("appraisal", 2);
        world.app.withdraw_process(&actor, Grant::default(), of, "Chưa tập huấn".into())
    };
    withdraw().await.unwrap();
    let in_force = |version| {
        let catalogue = world.app.catalogue();
        assert_eq!(catalogue.process_in_force("appraisal", day).unwrap().version, version);
    };
    in_force(1);
    let planned = draft(&world, 2, 1, 10);
    world.app.publish_process(&actor, Grant::default(), planned).await.unwrap();
    in_force(3);
    world.clock.set(Instant::at(day, 9, 0).0);
    let begun =
        world.app.withdraw_process(&actor, Grant::default(), ("appraisal", 3), "Quá muộn".into());
    let begun = begun.await;
    assert!(matches!(begun, Err(PublishError::Begun { version: 3, .. })), "{begun:?}");
    in_force(3);
}
