//! The whole space of a small world: from every state that acts can reach, every act is tried by
//! everybody. What is offered can be done, what can be done is offered, and no case is stuck.

use crate::play::*;
use crate::world::{self, DESK, HOME, OTHER, OTHER_DESK, PROCESSES, day};
use kernel::access::Actor;
use kernel::case::{
    self, Action, Became, Business, ChildAnswer, Command, Delivery, DeliveryState, Op, Refusal,
    Source,
};
use kernel::ids::CaseId;
use kernel::org::Role;
use proptest::prelude::*;
use std::collections::{HashSet, VecDeque};
use uuid::Uuid;

/// States looked at per process; more only repeats them with other counters.
const STATES: usize = 350;

pub fn everybody(play: &Play) -> Vec<Actor> {
    let mut all = vec![play.filer(), Actor::visitor()];
    let desk = [Role::DeskOfficer, Role::DeskHead, Role::Cashier];
    let inside = [Role::CaseOfficer, Role::UnitLeader, Role::Leader, Role::Clerk];
    let at = |unit, role| world::officer(&PROVINCE, unit, role, play.now);
    all.extend(desk.map(|role| at(DESK, role)));
    all.push(at("kg", Role::PostOfficer));
    all.extend(inside.map(|role| at(HOME, role)));
    all.extend(inside.map(|role| at("kg.rg", role)));
    all.extend([Role::Auditor, Role::Monitor, Role::Administrator].map(|role| at("kg", role)));
    all.push(world::named(&PROVINCE, "kg.rg.vtv/colleague", play.now));
    all.push(at(OTHER, Role::Leader));
    all.push(at(OTHER_DESK, Role::DeskOfficer));
    all
}

/// A plausible command for an act; some have several.
fn plausible(play: &Play, action: Action) -> Vec<Command> {
    let reason = why();
    let open = (play.case.fee_vnd - play.case.paid_vnd).max(1);
    let second = play.case.decided_by.as_str().to_owned() + "/colleague";
    vec![match action {
        Action::Accept => accept(),
        Action::AskPreSupplement => Command::AskPreSupplement { papers: vec![1], reason },
        Action::GivePreSupplement => Command::GivePreSupplement { papers: papers() },
        Action::Reject => Command::Reject { reason },
        Action::VoidAcceptance => Command::VoidAcceptance { reason },
        Action::Forward => Command::Forward,
        Action::AskSupplement => Command::AskSupplement { papers: vec![1], reason, answer_days: 1 },
        Action::GiveSupplement => Command::GiveSupplement { papers: papers() },
        Action::AcceptSupplement => Command::AcceptSupplement,
        Action::StopUnanswered => Command::StopUnanswered { reason },
        Action::OpenFinance => Command::OpenFinance { amount_vnd: 1 },
        Action::CloseFinance => Command::CloseFinance,
        Action::AskWithdrawal => Command::AskWithdrawal { reason },
        Action::DecideWithdrawal => {
            return [true, false]
                .map(|granted| Command::DecideWithdrawal { granted, reason: why() })
                .to_vec();
        }
        Action::Stop => Command::Stop { reason },
        Action::Suspend => {
            Command::Suspend { ground: "niêm yết".into(), reason, until: day(2019, 4, 30) }
        }
        Action::Resume => Command::Resume,
        Action::DraftExtension => Command::DraftExtension { new_due_on: day(2019, 8, 1), reason },
        Action::GrantExtension => Command::GrantExtension,
        Action::Deliver => deliver(),
        Action::PostCollect => Command::PostCollect,
        Action::PostDeliver => Command::PostDeliver { taken_by: reason },
        Action::PostFail => Command::PostFail { reason },
        Action::PostReturn => Command::PostReturn,
        Action::Reassign => Command::Reassign { officer: second.as_str().into(), reason },
        Action::Pay => pay(open),
        Action::Refund => Command::Refund { amount_vnd: play.case.paid_vnd.max(1), reason },
        Action::Waive => Command::Waive { exemption: "poor".into() },
        Action::RenewPin => Command::RenewPin,
        _ => return Vec::new(),
    }]
}

/// A task done by whoever the deciding unit may name.
fn task(play: &Play, token: u32, outcome: &str) -> Command {
    let mut command = complete(token, outcome);
    if let Command::Complete { officer, .. } = &mut command {
        let unit = play.case.decided_by.as_str();
        *officer = Some(world::account(unit, Role::CaseOfficer).as_str().into());
    }
    command
}

pub fn every_command(play: &Play) -> Vec<Command> {
    let mut all: Vec<Command> =
        Action::ON_CASE.into_iter().flat_map(|action| plausible(play, action)).collect();
    for token in 0..play.case.process.next.max(1) {
        all.extend(["done", "approve", "duty"].map(|outcome| task(play, token, outcome)));
    }
    all.extend(operations(play));
    all
}

/// Every operation beyond the drawn process that could be lawful, and some that cannot.
fn operations(play: &Play) -> Vec<Command> {
    let case = &play.case;
    let edition = PROVINCE.edition(&case.procedure, 1).unwrap();
    let definition = PROVINCE.process_of(edition, day(2019, 5, 6)).unwrap();
    let actor = Actor::system("test");
    let ctx = PROVINCE.ctx(case, &actor, play.now).unwrap();
    let id = |ix: process::NodeIx| definition.node(ix).id.clone();
    let mut all = vec![Op::Retry { incident: 1, why: because() }];
    all.extend(drawn(play, definition));
    for token in 0..case.process.next {
        let back = process::return_targets(definition, &case.process, token);
        let over = process::jump_targets(definition, &case.process, token);
        all.extend(back.into_iter().map(|to| Op::Return { token, to: id(to), why: because() }));
        all.extend(over.into_iter().map(|to| Op::Jump { token, to: id(to), why: because() }));
        for outcome in ["approve", "done"] {
            all.push(Op::Skip { token, outcome: outcome.into(), why: because() });
        }
        all.push(Op::TakeBack { token, why: because() });
        all.push(Op::Claim { token });
        all.push(Op::Release { token, why: because() });
        all.push(Op::EndDelegation { token });
        if let Some(to) = case::lendable_to(case, token, &ctx).into_iter().next() {
            all.push(Op::Delegate { token, to, until: play.now.date(), why: because() });
        }
    }
    let added = process::add_targets(definition, &case.process).into_iter().next();
    all.extend(added.map(|node| Op::AddStep { node: id(node), why: because() }));
    let unit = case::transfer_targets(case, &ctx).into_iter().next();
    all.extend(unit.map(|unit| Op::Transfer { unit, why: because() }));
    let helper = case::helpers_for(case, &ctx).into_iter().next();
    all.extend(helper.map(|officer| Op::CoProcess { officer, why: because() }));
    let helps = case.ops.helpers.first().map(|helper| helper.officer.clone());
    all.extend(helps.map(|officer| Op::EndCoProcess { officer, why: because() }));
    all.into_iter().map(Command::Op).collect()
}

/// What the process waits for or leaves to a choice, and what it does not.
fn drawn(play: &Play, definition: &process::Definition) -> Vec<Op> {
    let state = &play.case.process;
    let id = |ix: process::NodeIx| definition.node(ix).id.clone();
    let mut all = Vec::new();
    for (token, ix) in process::waits(definition, state) {
        all.push(Op::Happen { token, event: id(ix), why: because() });
    }
    for (token, among) in process::choices(definition, state) {
        all.extend(among.into_iter().map(|ix| Op::Choose { token, to: id(ix) }));
        all.push(Op::Choose { token, to: "nothing".into() });
    }
    all.push(Op::Choose { token: 1, to: "p".into() });
    all
}

/// What the program itself would do next.
pub fn by_itself(play: &Play) -> Vec<Command> {
    let definition = PROVINCE.definition_of(&play.case, play.now.date()).unwrap();
    let mut all = Vec::new();
    for (token, ix) in process::open_jobs(definition, &play.case.process) {
        let child = CaseId(Uuid::from_u128(100 + u128::from(token)));
        let waits = definition.node(ix).job.as_deref();
        if !matches!(waits, Some("consult" | "interlink")) {
            continue;
        }
        if play.case.children.is_empty() {
            all.push(Command::OpenChild { child, token, unit: "kg.stp".into() });
            all.push(Command::SkipWait { token });
        } else {
            let answer = ChildAnswer::Done;
            all.push(Command::AnswerChild { child: play.case.children[0].case, answer });
        }
    }
    for (token, _) in process::open_calls(definition, &play.case.process) {
        let children = &play.case.children;
        let Some(open) = children.iter().find(|c| c.token == token && !c.answered) else {
            let child = CaseId(Uuid::from_u128(200 + children.len() as u128));
            let became = Became::Opened { token, unit: "kg.stp".into() };
            all.push(Command::Called { child, became });
            continue;
        };
        let vars = process::Vars::from([("view".to_owned(), "yes".into())]);
        let code = || "bad".to_owned();
        let became = [
            Became::Returned { vars },
            Became::Failed { code: code() },
            Became::Escalated { code: "late".into() },
        ];
        // It may tell again and again; once is enough to see what follows.
        let told = play.case.process.tokens.len() > 3;
        let became =
            became.into_iter().filter(|b| !(told && matches!(b, Became::Escalated { .. })));
        all.extend(became.map(|became| Command::Called { child: open.case, became }));
    }
    let timers = process::live_timers(definition, &play.case.process);
    let fire = |(token, node)| Command::FireTimer { token, boundary: Some(node) };
    all.extend(timers.into_iter().map(fire));
    if play.case.business == Business::PreSupplement {
        all.push(Command::ExpirePreSupplement);
    }
    all
}

/// What makes two states differ for the laws.
fn sight(play: &Play) -> String {
    let c = &play.case;
    let failed = matches!(c.delivery_state, DeliveryState::Failed(_));
    format!(
        "{:?} {:?} {:?} {:?} {:?} {failed} {} {} {} {} {:?}",
        c.business,
        c.resume_to,
        c.finance,
        c.delivery_state,
        c.process,
        c.pre_supplements.min(2),
        c.supplements.min(1),
        c.extension_draft.is_some(),
        c.extensions,
        c.children
    )
}

pub fn offered(play: &Play, actor: &Actor) -> Vec<Action> {
    let ctx = PROVINCE.ctx(&play.case, actor, play.now).unwrap();
    case::offers(&play.case, &ctx).into_iter().map(|offer| offer.action).collect()
}

/// Refusals that hang on the data or on the day, not on who acts and where the case stands.
fn about_data(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::Fields(_)
            | Refusal::ExtensionTooLate(_)
            | Refusal::ExtensionNotLater
            | Refusal::ExtensionWhileStopped
            | Refusal::NoTarget(_)
            | Refusal::OfficerElsewhere
            // The outcome given may open no way behind a step that is left out.
            | Refusal::Process(
                process::Refusal::UnknownOutcome { .. } | process::Refusal::NoPath { .. }
            )
    )
}

/// Offers and decisions agree for everybody; gives the accepted commands.
pub fn agree(play: &Play) -> Vec<(Actor, Command)> {
    let commands = every_command(play);
    let mut accepted = Vec::new();
    for actor in everybody(play) {
        let offers = offered(play, &actor);
        for command in &commands {
            let action = command.action();
            let judged = play.decide(&actor, command);
            let is_offered = offers.contains(&action);
            match &judged {
                Ok(_) => assert!(is_offered, "not offered: {command:?} to {actor:?}\n{play:?}"),
                Err(refusal) => assert!(
                    !is_offered || about_data(refusal),
                    "offered but refused: {command:?} to {actor:?}: {refusal}\n{:?}",
                    play.case
                ),
            }
            if judged.is_ok() {
                accepted.push((actor.clone(), command.clone()));
            }
        }
    }
    accepted
}

/// Whether an act carries the case on; the fee does once the result waits for it.
fn carries_on(play: &Play, command: &Command) -> bool {
    if play.case.business == Business::ResultReady && matches!(command, Command::Pay { .. }) {
        return true;
    }
    !matches!(
        command,
        Command::RenewPin
            | Command::Pay { .. }
            | Command::Refund { .. }
            | Command::Waive { .. }
            | Command::Reassign { .. }
            | Command::AskWithdrawal { .. }
            | Command::Stop { .. }
            | Command::Op(_)
    )
}

fn explore(procedure: usize, delivery: Delivery) -> HashSet<Business> {
    let mut first = submission(Source::Counter);
    first.delivery = delivery;
    let mut start = Play::with(procedure, &first).unwrap();
    start.now = world::morning();
    let mut seen = HashSet::from([sight(&start)]);
    let mut todo = VecDeque::from([start]);
    let mut reached = HashSet::new();
    while let Some(play) = todo.pop_front() {
        reached.insert(play.case.business);
        let accepted = agree(&play);
        let system = Actor::system("test");
        let alone = by_itself(&play);
        if play.case.business.is_terminal() {
            assert!(accepted.iter().all(|(_, c)| matches!(
                c,
                Command::RenewPin
                    | Command::Refund { .. }
                    | Command::Pay { .. }
                    | Command::Waive { .. }
            )));
        } else {
            let goes_on = accepted.iter().any(|(_, c)| carries_on(&play, c)) || !alone.is_empty();
            assert!(goes_on, "nobody can carry on: {:?}", play.case);
        }
        let alone = alone.into_iter().map(|command| (system.clone(), command));
        let mut tried: Vec<String> = Vec::new();
        for (actor, command) in accepted.into_iter().chain(alone) {
            let name = format!("{command:?}");
            if tried.contains(&name) {
                continue;
            }
            tried.push(name);
            let mut next = play.clone();
            next.now = kernel::calendar::Instant(next.now.0 + 60_000);
            let done = next.act(&actor, &command);
            assert!(done.is_ok(), "{command:?}: {done:?} {:?}", play.case);
            // Operations lead to the same places by other ways; random sequences combine them.
            let drawn = !matches!(command, Command::Op(_));
            if drawn && seen.len() < STATES && seen.insert(sight(&next)) {
                todo.push_back(next);
            }
        }
    }
    reached
}

/// Every state that the process can reach at all was reached.
fn all_of(procedure: usize, more: &[Business]) {
    let name = PROCESSES[procedure - 1];
    let reached = explore(procedure, Delivery::Counter);
    let everywhere = [
        Business::Submitted,
        Business::PreSupplement,
        Business::Rejected,
        Business::Accepted,
        Business::Voided,
        Business::WithdrawReq,
        Business::Withdrawn,
    ];
    for state in everywhere.iter().chain(more) {
        assert!(reached.contains(state), "{name} did not reach {state:?}");
    }
}

const IN_WORK: [Business; 6] = [
    Business::Processing,
    Business::Supplement,
    Business::Supplemented,
    Business::FinDuty,
    Business::Suspended,
    Business::Stopped,
];

#[test]
fn every_state_of_counter() {
    all_of(1, &[Business::ResultReady, Business::Returned]);
}

#[test]
fn every_state_of_appraisal() {
    all_of(2, &IN_WORK);
}

#[test]
fn every_state_of_consultation() {
    all_of(3, &IN_WORK);
}

#[test]
fn every_state_of_field_check() {
    all_of(4, &IN_WORK);
}

#[test]
fn every_state_of_financial_duty() {
    all_of(5, &IN_WORK);
}

#[test]
fn every_state_of_interlinked_up() {
    all_of(6, &IN_WORK);
}

#[test]
fn every_state_of_delivery_by_post() {
    let reached = explore(1, Delivery::Post);
    assert!(reached.contains(&Business::Returned));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Anybody tries anything at any time: nothing panics, a refusal changes nothing, and the date
    /// of the state stays that of the derivation.
    #[test]
    fn random_sequences_keep_every_law(
        procedure in 1usize..=6,
        post in any::<bool>(),
        steps in proptest::collection::vec((any::<u16>(), any::<u16>(), 0i64..40), 1..60),
    ) {
        let mut first = submission(Source::Counter);
        first.delivery = if post { Delivery::Post } else { Delivery::Counter };
        let mut play = Play::with(procedure, &first).unwrap();
        for (who, what, hours) in steps {
            play.now = kernel::calendar::Instant(play.now.0 + hours * 3_600_000);
            let mut commands = every_command(&play);
            let mut alone = by_itself(&play);
            let system = usize::from(what) % 5 == 0 && !alone.is_empty();
            let (actor, command) = if system {
                (Actor::system("test"), alone.swap_remove(usize::from(who) % alone.len()))
            } else {
                let actors = everybody(&play);
                let actor = actors[usize::from(who) % actors.len()].clone();
                // Mostly what is offered, sometimes anything.
                let offers = offered(&play, &actor);
                if usize::from(what) % 3 != 0 {
                    commands.retain(|c| offers.contains(&c.action()));
                }
                if commands.is_empty() {
                    continue;
                }
                let n = usize::from(what) % commands.len();
                (actor, commands.swap_remove(n))
            };
            let before = play.case.clone();
            if play.act(&actor, &command).is_err() {
                prop_assert_eq!(&before, &play.case);
            }
        }
    }
}
