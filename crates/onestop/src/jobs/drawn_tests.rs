//! What processes send, from end to end: messages leave the house, signals reach the cases that
//! wait for them, in stretches, once; timers of the process as a whole; and the proof holds.

use super::perform_inside;
use super::tests::province::{self, HOME};
use super::tests::{Desks, act, begun, find, officer, states, work};
use crate::testing::{World, world_with};
use kernel::access::Actor;
use kernel::case::{Business, Case, Command, Event, OpEvent};
use kernel::ids::CaseId;
use kernel::org::Role;
use store::cases::{self, Env};
use store::outbox::{self, JobState};
use store::{Tx, timers};

/// The procedures of the processes `mail`, `handlers` and `tell`.
const MAIL: &str = "1.000009";
const HANDLERS: &str = "1.0000013";
const TELL: &str = "1.0000016";

fn at(world: &World, case: &Case) -> Vec<String> {
    let catalogue = world.app.catalogue();
    let definition = catalogue.definition_of(case, world.app.today()).unwrap();
    let here = kernel::case::places(case, definition);
    here.iter().map(|(_, ix, _)| definition.node(*ix).id.clone()).collect()
}

/// Does the first open task of a case.
async fn done(world: &World, id: CaseId) -> Case {
    let case = find(world, id).await;
    let catalogue = world.app.catalogue();
    let definition = catalogue.definition_of(&case, world.app.today()).unwrap();
    let (token, _) = process::open_tasks(definition, &case.process).next().unwrap();
    let command = Command::Complete {
        token,
        outcome: "done".into(),
        officer: None,
        consulted: Vec::new(),
        note: None,
        number: None,
        amount_vnd: None,
    };
    act(world, &officer(world, HOME, Role::CaseOfficer), id, command).await
}

async fn heard(world: &World, id: CaseId) -> Vec<String> {
    let history = world.app.read(move |reader| Ok(cases::history(reader, id.0)?)).await.unwrap();
    let code = |entry: &cases::HistoryEntry| match &entry.event {
        Event::Op(OpEvent::SignalHeard { code, .. }) => Some(code.clone()),
        _ => None,
    };
    history.iter().filter_map(code).collect()
}

fn prove(world: &World) -> u64 {
    let catalogue = world.app.catalogue();
    let proof = world.app.0.store.read_blocking(|r| cases::verify(r, &catalogue, &mut |_| ()));
    proof.unwrap().cases
}

#[tokio::test]
async fn messages_leave_the_house_and_a_signal_reaches_who_waits_for_it() {
    let world = world_with(province::province());
    let outside = Desks::default();
    let (mail, handlers) = (begun(&world, MAIL).await, begun(&world, HANDLERS).await);
    let tell = begun(&world, TELL).await;
    let late = begun(&world, MAIL).await;
    // Works on its task no more, so it waits for the signal no more.
    done(&world, late).await;
    let teller = done(&world, tell).await;
    assert_eq!(at(&world, &teller), ["rest"], "it goes on at once");
    work(&world, &outside).await;
    let sent =
        [("letter".to_owned(), Some("Cơ quan thuế".to_owned())), ("letter".to_owned(), None)];
    let mut found = outside.sent();
    found.sort_by_key(|(_, to)| to.is_none());
    assert_eq!(found, sent, "both of one act");
    assert_eq!(states(&world, tell, "send_message").await, [JobState::Acked; 2]);
    assert_eq!(states(&world, tell, "spread_signal").await, [JobState::Acked]);
    assert_eq!(at(&world, &find(&world, mail).await), ["c"]);
    assert_eq!(at(&world, &find(&world, handlers).await), ["obey_t"]);
    assert_eq!(at(&world, &find(&world, late).await), ["g"]);
    let code = teller.code.clone().unwrap();
    for id in [mail, handlers] {
        assert_eq!(heard(&world, id).await, std::slice::from_ref(&code));
    }
    assert!(heard(&world, late).await.is_empty() && heard(&world, tell).await.is_empty());

    // Doing the job once more tells nobody twice.
    let rows = world.app.read(move |reader| Ok(outbox::by_stream(reader, tell.0)?)).await.unwrap();
    let row = rows.into_iter().find(|row| row.job == "spread_signal").unwrap();
    let again = move |tx: &mut Tx<'_>, env: &mut Env<'_>| perform_inside(tx, env, &row);
    let told = world.app.act(&Actor::system("worker"), again).await.unwrap();
    assert_eq!(told, Some(Vec::new()));
    assert_eq!(heard(&world, mail).await.len(), 1);
    assert_eq!(prove(&world), 4);
}

#[tokio::test]
async fn a_signal_for_many_goes_in_stretches_and_misses_none() {
    let world = world_with(province::province());
    let outside = Desks::default();
    let many = usize::try_from(store::bounds::SIGNAL_CASES).unwrap() + 3;
    let mut waiting = Vec::new();
    for _ in 0..many {
        waiting.push(begun(&world, MAIL).await);
    }
    let tell = begun(&world, TELL).await;
    done(&world, tell).await;
    work(&world, &outside).await;
    assert_eq!(states(&world, tell, "spread_signal").await, [JobState::Acked; 2]);
    for id in waiting {
        assert_eq!(heard(&world, id).await.len(), 1);
    }
}

#[tokio::test]
async fn a_timer_of_the_whole_process_rings_and_the_proof_holds() {
    let world = world_with(province::province());
    let outside = Desks::default();
    let id = begun(&world, HANDLERS).await;
    let set = world.app.read(move |reader| Ok(timers::by_case(reader, id.0)?)).await.unwrap();
    let [timer] = set.as_slice() else { panic!("{set:?}") };
    assert!(timer.token.starts_with("0:"), "{timer:?}");
    assert_eq!(prove(&world), 1);
    world.clock.set(timer.due_at_ms);
    work(&world, &outside).await;
    assert_eq!(at(&world, &find(&world, id).await), ["in", "remind_t"]);
    let left = world.app.read(move |reader| Ok(timers::by_case(reader, id.0)?)).await.unwrap();
    assert!(left.is_empty(), "it rings once: {left:?}");
    assert_eq!(prove(&world), 1);
    assert_eq!(find(&world, id).await.business, Business::Processing);
}
