//! One process with every construct, driven by random commands and random force: the laws hold.

use process::{Command, Definition, Instruction, NodeIx, State, compile_unchecked, return_targets};
use proptest::prelude::*;

use crate::scenarios::{file, flows, nodes};
use crate::world::{commands, lawful};

const ROOT: &str = "<error id=\"E\" errorCode=\"e\"/><message id=\"M\" name=\"m\"/>\
    <signal id=\"S\" name=\"s\"/><escalation id=\"X\" escalationCode=\"x\"/>";
const TIMER: &str = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>";

fn edge(id: &str, on: &str, cancels: bool, what: &str) -> String {
    format!(
        "<boundaryEvent id=\"{id}\" attachedToRef=\"{on}\" cancelActivity=\"{cancels}\">{what}\
         </boundaryEvent>"
    )
}

fn kitchen() -> Definition {
    let multi = |attributes: &str| {
        format!(
            "<multiInstanceLoopCharacteristics {attributes}><loopCardinality>2</loopCardinality>\
             </multiInstanceLoopCharacteristics>"
        )
    };
    let undo = "<compensateEventDefinition/>";
    let handler = format!(
        "<subProcess id=\"mend\" triggeredByEvent=\"true\"><startEvent id=\"ms\">\
         <errorEventDefinition errorRef=\"E\"/></startEvent>{}{}</subProcess>\
         <subProcess id=\"beside\" triggeredByEvent=\"true\"><startEvent id=\"bs\" \
         isInterrupting=\"false\">{TIMER}</startEvent>{}{}</subProcess>",
        nodes("t:repair e:me"),
        flows("ms>repair repair>me"),
        nodes("t:hurry e:be"),
        flows("bs>hurry hurry>be"),
    );
    let inside = nodes("s:s1 a:f t:one a:j e:e1")
        + "<serviceTask id=\"job\" mc:job=\"ask\" mc:wait=\"true\"/>"
        + &edge("c1", "one", true, undo)
        + "<userTask id=\"un1\" isForCompensation=\"true\"/>\
           <association id=\"as1\" sourceRef=\"c1\" targetRef=\"un1\"/>"
        + &edge("late", "job", true, TIMER)
        + &nodes("x:m")
        + &handler
        + &flows("s1>f f>one f>job one>j job>m late>m m>j j>e1");
    let body = nodes("s:s a:split t:review o:join t:sign e:e t:told t:chief")
        + &format!(
            "<subProcess id=\"sub\">{}{inside}</subProcess>",
            multi("isSequential=\"true\"")
        )
        + &edge("limit", "sub", true, TIMER)
        + &format!("<userTask id=\"ask\">{}</userTask>", multi(""))
        + &edge("silence", "ask", true, TIMER)
        + &edge("news", "ask", false, "<signalEventDefinition signalRef=\"S\"/>")
        + "<eventBasedGateway id=\"g\"/>"
        + "<intermediateCatchEvent id=\"gm\"><messageEventDefinition messageRef=\"M\"/>\
           </intermediateCatchEvent>"
        + &format!("<intermediateCatchEvent id=\"gt\">{TIMER}</intermediateCatchEvent>")
        + "<intermediateThrowEvent id=\"call\"><signalEventDefinition signalRef=\"S\"/>\
           </intermediateThrowEvent>"
        + &format!("<intermediateThrowEvent id=\"undo\">{undo}</intermediateThrowEvent>")
        + &flows(
            "s>split split>sub split>ask split>g sub>join ask>join silence>join g>gm g>gt gm>call \
             call>join gt>chief chief>join limit>join news>told told>e join>review review>undo \
             undo>sign sign>e",
        );
    let model = process::read(file(ROOT, &body).as_bytes(), "k").expect("readable");
    compile_unchecked(&model).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Every single order that moves tokens by force, and every lawful return.
fn forced(def: &Definition, state: &State) -> Vec<Command> {
    let all: Vec<NodeIx> = def.nodes().map(|(ix, _)| ix).collect();
    let mut orders = vec![Instruction::CancelAll];
    for &node in &all {
        orders.push(Instruction::Cancel(node));
        orders.push(Instruction::CancelOne(node));
        orders.push(Instruction::StartAfter(node));
        for whole in [false, true] {
            orders.push(Instruction::StartBefore { node, whole });
        }
        let here: Vec<NodeIx> = state.tokens.iter().map(|token| token.node).collect();
        orders.extend(
            here.into_iter().map(|from| Instruction::Move { from: vec![from], to: vec![node] }),
        );
    }
    let flows = u16::try_from(def.flows().len()).expect("few");
    orders.extend((0..flows).map(Instruction::TakeFlow));
    let mut commands: Vec<Command> =
        orders.into_iter().map(|order| Command::Modify { instructions: vec![order] }).collect();
    for token in &state.tokens {
        let targets = return_targets(def, state, token.id).into_iter();
        commands.extend(targets.map(|to| Command::Return { token: token.id, to }));
    }
    commands
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 120, failure_persistence: None, ..ProptestConfig::default()
    })]

    #[test]
    fn any_sequence_of_commands_and_force_keeps_the_laws(
        picks in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4), 1..60),
    ) {
        let def = kitchen();
        let started = lawful(&def, &State::default(), &Command::Start).expect("it starts");
        let (mut state, mut journal) = started;
        for (pick, force) in picks {
            // Mostly what people do, sometimes force; growth is kept in bounds.
            let grown = state.tokens.len() > 40;
            let all = match force {
                0 if state.started() && !grown => forced(&def, &state),
                _ => commands(&def, &state)
                    .into_iter()
                    .filter(|command| *command != Command::Cancel)
                    .collect(),
            };
            // Most of what is tried is refused; the next that is not is taken.
            let from = pick.index(all.len());
            let done = all[from..].iter().take(40).find_map(|command| {
                lawful(&def, &state, command).filter(|(_, events)| !events.is_empty())
            });
            if let Some((after, events)) = done {
                state = after;
                journal.extend(events);
            }
        }
        let mut replayed = State::default();
        for event in &journal {
            process::apply(&def, &mut replayed, event);
        }
        prop_assert_eq!(replayed, state);
    }
}
