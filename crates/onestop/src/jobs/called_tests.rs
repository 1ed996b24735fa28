//! Called processes from end to end: units are asked by child cases that run another process, give
//! back their variables, throw errors and escalations, and end when nobody waits for them.

use super::tests::province::HOME;
use super::tests::{Desks, act, begun, find, officer, province, states, work};
use crate::testing::{World, world_with};
use kernel::access::Actor;
use kernel::case::{Business, Case, Command, Event, Op, OpEvent};
use kernel::ids::CaseId;
use kernel::org::Role;
use serde_json::json;
use store::cases::{self, Env};
use store::outbox::JobState;
use store::{Tx, timers};

/// The procedure of the process `ask`.
const ASK: &str = "1.0000017";

/// Ids of the steps where a case waits, in order.
fn at(world: &World, case: &Case) -> Vec<String> {
    let catalogue = world.app.catalogue();
    let definition = catalogue.definition_of(case, world.app.today()).unwrap();
    let here = kernel::case::places(case, definition);
    let mut ids: Vec<String> =
        here.iter().map(|(_, ix, _)| definition.node(*ix).id.clone()).collect();
    ids.sort_unstable();
    ids
}

/// Does the first open task of a case, by an officer of a unit.
async fn done(world: &World, unit: &str, id: CaseId, outcome: &str) -> Case {
    let case = find(world, id).await;
    let catalogue = world.app.catalogue();
    let definition = catalogue.definition_of(&case, world.app.today()).unwrap();
    let (token, _) = process::open_tasks(definition, &case.process).next().unwrap();
    let command = Command::Complete {
        token,
        outcome: outcome.into(),
        officer: None,
        consulted: Vec::new(),
        note: None,
        number: None,
        amount_vnd: None,
    };
    act(world, &officer(world, unit, Role::CaseOfficer), id, command).await
}

fn prove(world: &World) -> u64 {
    let catalogue = world.app.catalogue();
    let proof = world.app.0.store.read_blocking(|r| cases::verify(r, &catalogue, &mut |_| ()));
    proof.unwrap().cases
}

/// A case that called two departments, with both children.
async fn called(world: &World, outside: &Desks) -> (CaseId, Vec<CaseId>) {
    let id = begun(world, ASK).await;
    done(world, HOME, id, "done").await;
    work(world, outside).await;
    let children = find(world, id).await.children;
    let units: Vec<&str> = children.iter().map(|child| child.unit.as_str()).collect();
    assert_eq!(units, ["kg.stp", "kg.tnmt"]);
    assert!(children.iter().all(|child| child.call && !child.answered));
    (id, children.into_iter().map(|child| child.case).collect())
}

async fn kinds(world: &World, id: CaseId) -> Vec<&'static str> {
    let history = world.app.read(move |reader| Ok(cases::history(reader, id.0)?)).await.unwrap();
    history.iter().map(|entry| entry.event.kind()).collect()
}

#[tokio::test]
async fn a_quorum_of_called_units_answers_and_the_others_end() {
    let world = world_with(province::province());
    let outside = Desks::default();
    let (id, children) = called(&world, &outside).await;
    let child = find(&world, children[0]).await;
    assert_eq!(at(&world, &child), ["opine"], "it runs the called process");
    assert_eq!(child.process.vars["about"], json!(ASK), "with what was mapped in");
    assert_eq!(states(&world, id, "open_call").await, [JobState::Acked; 2]);

    let child = done(&world, "kg.stp", children[0], "done").await;
    assert_eq!(child.business, Business::Returned);
    work(&world, &outside).await;
    let asking = find(&world, id).await;
    assert_eq!(at(&world, &asking), ["sum"]);
    assert_eq!(asking.process.vars["view"], json!(format!("yes to {ASK}")));
    let other = find(&world, children[1]).await;
    assert_eq!(other.business, Business::Stopped, "one answer was enough");
    assert_eq!(asking.children[1].token, 0, "nothing waits for it");
    assert!(kinds(&world, id).await.contains(&"calls_ended"));
    done(&world, HOME, id, "done").await;
    assert_eq!(find(&world, id).await.business, Business::ResultReady);
    assert_eq!(prove(&world), 3);
}

#[tokio::test]
async fn an_error_of_a_called_process_is_caught_where_it_was_called() {
    let world = world_with(province::province());
    let outside = Desks::default();
    let (id, children) = called(&world, &outside).await;
    let child = done(&world, "kg.tnmt", children[1], "approve").await;
    assert_eq!(child.business, Business::Stopped);
    let last = kinds(&world, children[1]).await;
    assert_eq!(last.last(), Some(&"ended_by_error"));
    work(&world, &outside).await;
    assert_eq!(at(&world, &find(&world, id).await), ["mend"]);
    assert_eq!(find(&world, children[0]).await.business, Business::Stopped);
    assert_eq!(prove(&world), 3);
}

#[tokio::test]
async fn an_escalation_is_told_and_the_called_process_goes_on() {
    let world = world_with(province::province());
    let outside = Desks::default();
    let (id, children) = called(&world, &outside).await;
    let child = done(&world, "kg.stp", children[0], "duty").await;
    assert_eq!(at(&world, &child), ["more"]);
    work(&world, &outside).await;
    assert_eq!(at(&world, &find(&world, id).await), ["boss", "poll", "poll"]);
    assert_eq!(states(&world, children[0], "escalate_parent").await, [JobState::Acked]);
    done(&world, "kg.stp", children[0], "done").await;
    work(&world, &outside).await;
    assert_eq!(at(&world, &find(&world, id).await), ["boss", "sum"]);
    assert_eq!(prove(&world), 3);
}

#[tokio::test]
async fn silence_ends_the_called_processes() {
    let world = world_with(province::province());
    let outside = Desks::default();
    let (id, children) = called(&world, &outside).await;
    let timer = world.app.read(move |reader| Ok(timers::by_case(reader, id.0)?)).await.unwrap();
    world.clock.set(timer[0].due_at_ms);
    work(&world, &outside).await;
    assert_eq!(at(&world, &find(&world, id).await), ["silent"]);
    for child in children {
        assert_eq!(find(&world, child).await.business, Business::Stopped);
    }
    assert_eq!(prove(&world), 3);
}

#[tokio::test]
async fn a_called_case_that_is_stopped_is_an_incident_that_a_leader_mends() {
    let world = world_with(province::province());
    let outside = Desks::default();
    let (id, children) = called(&world, &outside).await;
    let (child, subject) = (children[0], find(&world, id).await.subject);
    let sealed = move |tx: &mut Tx<'_>, env: &mut Env<'_>| {
        Ok(cases::keep(tx, env, subject, Some(child), "reason", "Không thuộc thẩm quyền")?)
    };
    let why = world.app.act(&Actor::system("test"), sealed).await.unwrap();
    let stop = Command::Stop { reason: Some(why.clone()) };
    act(&world, &officer(&world, "kg.stp", Role::Leader), child, stop).await;
    work(&world, &outside).await;
    let asking = find(&world, id).await;
    assert_eq!(asking.business, Business::Processing, "the error `stopped` is caught nowhere");
    let incident = &asking.ops.incidents[0];
    assert_eq!((incident.node.as_str(), asking.children[0].answered), ("poll", true));

    // The leader leaves the call out; the other one goes on.
    let why = kernel::case::Why { reason: Some(why), ground: "Luật".into() };
    let skip = Op::Skip { token: incident.token, outcome: String::new(), why };
    act(&world, &officer(&world, HOME, Role::Leader), id, Command::Op(skip)).await;
    work(&world, &outside).await;
    let asking = find(&world, id).await;
    assert!(asking.ops.incidents.is_empty(), "{:?}", asking.ops.incidents);
    assert_eq!(at(&world, &asking), ["sum"], "one instance has ended: that is enough");
    let history = world.app.read(move |reader| Ok(cases::history(reader, id.0)?)).await.unwrap();
    let ended =
        |e: &Event| matches!(e, Event::Op(OpEvent::CallsEnded { .. } | OpEvent::Skipped { .. }));
    assert!(history.iter().any(|entry| ended(&entry.event)));
    assert_eq!(find(&world, children[1]).await.business, Business::Stopped);
    assert_eq!(prove(&world), 3);
}
