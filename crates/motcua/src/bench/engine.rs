//! The process engine by itself, on one core and without a disk: steps with and without the hash
//! chain, bytes of state, compiling, simulated cases.

use super::stopwatch;
use kernel::calendar::Calendar;
use kernel::journal::{GENESIS, Hash, Row, json};
use kernel::whatif::simulate::{FORMAT, Scenario, simulate};
use process::{Command, Definition, Env, Event, State, apply, compile, open_tasks, read, step};
use std::time::Duration;

/// Tasks in a row of the process that steps are measured with: as other engines were measured.
const TASKS: usize = 8;
/// Cases that are played for a figure of steps.
const CASES: usize = 100_000;
/// Nodes of the process that is compiled.
const NODES: usize = 200;
/// How often it is compiled.
const COMPILED: usize = 25;
/// Cases of the simulation.
const SIMULATED: u64 = 1_000_000;
/// The process and the scenario that are simulated: the example of the manual.
const PROCESS: &str = include_str!("../../../../procedures/processes/appraisal.bpmn");
const SCENARIO: &str = include_str!("../../../../docs/manual/examples/appraisal.toml");

/// What was measured.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    /// Steps a second, events applied.
    pub steps: f64,
    /// Steps a second, each written as JSON and hashed into a chain.
    pub chained: f64,
    /// Largest state of a case, in bytes as JSON.
    pub state_bytes: usize,
    /// Reading and compiling [`NODES`] nodes: half are faster.
    pub compiled: Duration,
    /// Simulated cases a second.
    pub simulated: f64,
}

/// Measures the engine.
///
/// # Errors
/// A process or scenario of the bench does not fit the engine, in words.
pub fn engine(calendar: &Calendar) -> Result<Engine, String> {
    let definition = compiled(&row(TASKS))?;
    let (steps, state_bytes) = steps(&definition, &mut |_, _| Ok(()))?;
    let mut head = (GENESIS, 0);
    let (chained, _) = steps_chained(&definition, &mut head)?;
    let text = row(NODES - 3);
    let mut times = Vec::with_capacity(COMPILED);
    for _ in 0..COMPILED {
        let watch = stopwatch();
        compiled(&text)?;
        times.push(watch());
    }
    let compiling = super::Spread::of(times).p50;
    Ok(Engine { steps, chained, state_bytes, compiled: compiling, simulated: simulated(calendar)? })
}

fn compiled(text: &str) -> Result<Definition, String> {
    let told = |problems: Vec<process::Problem>| {
        problems.first().map(ToString::to_string).unwrap_or_default()
    };
    let model = read(text.as_bytes(), "bench").map_err(told)?;
    compile(&model).map_err(told)
}

/// So many tasks in a row, then one choice.
fn row(tasks: usize) -> String {
    let ids: Vec<String> = (0..tasks).map(|n| format!("t{n}")).collect();
    let lane: String = ids.iter().map(|id| format!("<flowNodeRef>{id}</flowNodeRef>")).collect();
    let mut body = format!(
        "<startEvent id=\"s\"/><endEvent id=\"e\"/><laneSet id=\"ls\"><lane id=\"l\" \
         mc:role=\"clerk\">{lane}</lane></laneSet><exclusiveGateway id=\"x\" default=\"back\"/>"
    );
    let mut flow = |id: &str, from: &str, to: &str, when: &str| {
        body.push_str(&format!(
            "<sequenceFlow id=\"{id}\" sourceRef=\"{from}\" targetRef=\"{to}\">{when}\
             </sequenceFlow>"
        ));
    };
    let mut from = "s".to_owned();
    for id in &ids {
        flow(&format!("f{id}"), &from, id, "");
        from.clone_from(id);
    }
    flow("last", &from, "x", "");
    flow("end", "x", "e", "<conditionExpression>outcome = \"done\"</conditionExpression>");
    flow("back", "x", "t0", "");
    for id in &ids {
        body.push_str(&format!("<userTask id=\"{id}\" mc:outcomes=\"done,again\"/>"));
    }
    format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:mc=\"http://motcua.vn/bpmn/1\" targetNamespace=\"t\">\
         <process id=\"p\" isExecutable=\"true\">{body}</process></definitions>"
    )
}

/// Is told the case and what its step gave.
type Told<'a> = dyn FnMut(usize, &[Event]) -> Result<(), String> + 'a;

/// Plays all cases; what a step gave is told. Steps a second, and the largest state.
#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn steps(definition: &Definition, told: &mut Told<'_>) -> Result<(f64, usize), String> {
    // The size is looked at beforehand: writing a state is no part of a step.
    let bytes = largest(definition)?;
    let watch = stopwatch();
    let mut count = 0_u64;
    for case in 0..CASES {
        let mut state = State::default();
        let mut next = Some(Command::Start);
        while let Some(command) = next {
            let events = moved(definition, &mut state, command)?;
            told(case, &events)?;
            count += 1;
            next = open_tasks(definition, &state).next().map(|(token, _)| done(token));
        }
    }
    Ok((count as f64 / watch().as_secs_f64(), bytes))
}

fn done(token: u32) -> Command {
    Command::Complete { token, outcome: "done".to_owned() }
}

fn moved(
    definition: &Definition,
    state: &mut State,
    command: Command,
) -> Result<Vec<Event>, String> {
    let nothing = |_: &str| None;
    let events = step(definition, state, command, &Env { data: &nothing })
        .map_err(|refusal| refusal.to_string())?;
    for event in &events {
        apply(definition, state, event);
    }
    Ok(events)
}

fn largest(definition: &Definition) -> Result<usize, String> {
    let (mut state, mut most) = (State::default(), 0);
    let mut next = Some(Command::Start);
    while let Some(command) = next {
        moved(definition, &mut state, command)?;
        let text = serde_json::to_string(&state).map_err(|error| error.to_string())?;
        most = most.max(text.len());
        next = open_tasks(definition, &state).next().map(|(token, _)| done(token));
    }
    Ok(most)
}

/// The same with the journal's chain: one row a step, written and hashed as the store does.
fn steps_chained(definition: &Definition, head: &mut (Hash, u64)) -> Result<(f64, usize), String> {
    let mut of = usize::MAX;
    let mut chain = |case: usize, events: &[Event]| {
        if of != case {
            (of, *head) = (case, (GENESIS, 0));
        }
        let body = json(events).map_err(|error| error.to_string())?;
        let row = Row {
            stream: u128::try_from(case).unwrap_or(0).to_be_bytes(),
            seq: head.1 + 1,
            at_ms: 1_556_158_320_000,
            by: "account",
            on_behalf_of: None,
            unit: Some("kg.rach-gia"),
            kind: "task_done",
            version: 1,
            body: &body,
            prev_hash: head.0,
        };
        *head = (row.hash(), row.seq);
        Ok(())
    };
    steps(definition, &mut chain)
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn simulated(calendar: &Calendar) -> Result<f64, String> {
    let definition = compiled(PROCESS)?;
    let mut scenario: Scenario = toml::from_str(SCENARIO).map_err(|error| error.to_string())?;
    if scenario.format != FORMAT {
        return Err(format!("the example of the manual is not {FORMAT}"));
    }
    (scenario.cases, scenario.more_staff) = (SIMULATED, false);
    let watch = stopwatch();
    let report = simulate(&definition, calendar, &scenario, 1, &mut |_| {});
    let report = report.map_err(|refused| refused.to_string())?;
    Ok(report.cases as f64 / watch().as_secs_f64())
}
