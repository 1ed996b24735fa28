//! The target `step`: bytes become commands, lawful and not, against processes of every kind.

use std::sync::LazyLock;

use process::{Command, Definition, Env, Instruction, NodeIx, State, Value, apply, step};

use crate::corpus;
use crate::mutate::Dice;

/// Most commands of one input.
const COMMANDS_MAX: usize = 120;

static DEFINITIONS: LazyLock<Vec<Definition>> = LazyLock::new(|| {
    let files = corpus::OWN.iter().map(|name| corpus::own(name));
    let all = files.chain([corpus::KITCHEN.as_bytes().to_vec()]);
    let compiled = all.filter_map(|bytes| {
        let model = process::read(&bytes, "f").ok()?;
        process::compile_unchecked(&model).ok()
    });
    compiled.collect()
});

/// Random bytes: they are commands, so that no sample is better than another.
pub fn samples() -> Vec<Vec<u8>> {
    let sample = |number: u64| {
        let mut dice = Dice::new(99, number);
        let length = 20 + dice.below(400);
        (0..length).map(|_| dice.next().to_le_bytes()[0]).collect()
    };
    (0..64).map(sample).collect()
}

/// Bytes as they are used up; 0 behind the end.
struct Bytes<'a>(std::slice::Iter<'a, u8>);

impl Bytes<'_> {
    fn one(&mut self) -> usize {
        self.0.next().copied().map_or(0, usize::from)
    }
}

/// A command out of bytes. Most tokens and nodes that it names are there.
fn command(def: &Definition, state: &State, bytes: &mut Bytes<'_>) -> Command {
    let kind = bytes.one();
    let pick = bytes.one();
    let node = NodeIx(u16::try_from(bytes.one() % (def.nodes().count() + 1)).unwrap_or(0));
    let waits = process::waits(def, state);
    let tasks: Vec<(u32, NodeIx)> = process::open_tasks(def, state).collect();
    let jobs: Vec<(u32, NodeIx)> = process::open_jobs(def, state).collect();
    let of = |list: &[(u32, NodeIx)]| list.get(pick % list.len().max(1)).copied();
    let any = state.tokens.get(pick % state.tokens.len().max(1)).map_or(7, |token| token.id);
    match kind % 24 {
        0..=6 => match of(&tasks) {
            Some((token, at)) => {
                let outcomes = &def.node(at).outcomes;
                let outcome = outcomes.get(bytes.one() % (outcomes.len() + 1)).cloned();
                Command::Complete { token, outcome: outcome.unwrap_or_default() }
            }
            None => Command::Start,
        },
        7 | 8 => match of(&process::live_timers(def, state)) {
            Some((token, at)) => {
                let boundary = def.node(at).attached_to.map(|_| at);
                Command::TimerFired { token, boundary: boundary.or(Some(at)) }
            }
            None => Command::TimerFired { token: any, boundary: Some(node) },
        },
        9 | 10 => match of(&jobs) {
            Some((token, _)) => Command::Answered { token },
            None => Command::Answered { token: any },
        },
        11 | 12 => match of(&waits) {
            Some((token, node)) => Command::Trigger { token, node },
            None => Command::Trigger { token: any, node },
        },
        13 => Command::SendBack { token: any },
        14 => Command::Fail { token: any, code: "e".to_owned() },
        15 => Command::Escalate { token: any, code: "x".to_owned() },
        16 => Command::Return { token: any, to: node },
        17 => Command::Choose { token: any, node },
        18 => {
            let vars = [("n".to_owned(), pick.into())].into();
            Command::Set { vars }
        }
        19 => {
            let vars = [("n".to_owned(), pick.into())].into();
            let token = of(&tasks).map_or(any, |task| task.0);
            let then = Box::new(Command::Complete { token, outcome: "done".to_owned() });
            Command::With { vars, then }
        }
        20 | 21 => Command::Modify { instructions: instructions(def, node, bytes) },
        22 if pick < 8 => Command::Cancel,
        22 => Command::Returned { token: any, vars: process::Vars::new() },
        _ => Command::StartAt { node },
    }
}

fn instructions(def: &Definition, node: NodeIx, bytes: &mut Bytes<'_>) -> Vec<Instruction> {
    let count = def.nodes().count() + 1;
    let one = |bytes: &mut Bytes<'_>| {
        let other = NodeIx(u16::try_from(bytes.one() % count).unwrap_or(0));
        match bytes.one() % 7 {
            0 => Instruction::Cancel(other),
            1 => Instruction::CancelOne(other),
            2 => Instruction::StartBefore { node: other, whole: bytes.one().is_multiple_of(2) },
            3 => Instruction::StartAfter(other),
            4 => Instruction::TakeFlow(u16::try_from(bytes.one()).unwrap_or(0)),
            5 => Instruction::Move { from: vec![node], to: vec![other] },
            _ if bytes.one() < 20 => Instruction::CancelAll,
            _ => Instruction::StartBefore { node, whole: false },
        }
    };
    (0..=bytes.one() % 3).map(|_| one(bytes)).collect()
}

/// Plays the commands: a refusal changes nothing, tokens have numbers of their own, the state is
/// read back as it was written, and the journal gives the same state again.
pub fn once(bytes: &[u8]) -> Result<(), String> {
    let mut bytes = Bytes(bytes.iter());
    let definitions = &*DEFINITIONS;
    if definitions.len() != corpus::OWN.len() + 1 {
        return Err("the samples do not compile".to_owned());
    }
    let def = definitions.get(bytes.one() % definitions.len()).ok_or("no samples")?;
    let data = |name: &str| (name == "n").then(|| Value::from(5));
    let env = Env { data: &data };
    let (mut state, mut journal) = (State::default(), Vec::new());
    let mut next = Command::Start;
    for _ in 0..COMMANDS_MAX {
        if let Ok(events) = step(def, &state, next, &env) {
            for event in events {
                apply(def, &mut state, &event);
                journal.push(event);
            }
            sound(&state)?;
        }
        if bytes.0.len() == 0 {
            break;
        }
        next = command(def, &state, &mut bytes);
    }
    let written = serde_json::to_string(&state).map_err(|why| why.to_string())?;
    let back: State = serde_json::from_str(&written).map_err(|why| why.to_string())?;
    let mut again = State::default();
    for event in &journal {
        apply(def, &mut again, event);
    }
    if back != state || again != state {
        return Err(format!("the state is not that of its journal: {written}"));
    }
    Ok(())
}

fn sound(state: &State) -> Result<(), String> {
    for (at, token) in state.tokens.iter().enumerate() {
        if state.tokens.iter().skip(at + 1).any(|other| other.id == token.id) {
            return Err(format!("two tokens have the number {}", token.id));
        }
        if token.id >= state.next {
            return Err(format!("token {} is not below {}", token.id, state.next));
        }
        if token.scope != 0 && state.scope(token.scope).is_none() {
            return Err(format!("token {} stands in a scope that is not open", token.id));
        }
    }
    if state.done && !(state.tokens.is_empty() && state.scopes.is_empty()) {
        return Err("finished, but tokens or scopes are left".to_owned());
    }
    Ok(())
}
