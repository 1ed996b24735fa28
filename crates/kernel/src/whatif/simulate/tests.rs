//! The simulation against queueing theory, against the engine itself, and against bad input.

use std::collections::BTreeMap;

use super::*;
use crate::calendar::{CalendarSpec, ClockTime, WeekdaySpec, Window};
use process::{Command, Env, Event, NodeIx, NodeKind, State, apply, open_jobs, open_tasks, step};

/// Monday to Friday, 08:00 to 12:00 and 13:00 to 17:00.
fn calendar() -> Calendar {
    let window = |from, to| Window {
        from: ClockTime::parse(from).unwrap(),
        to: ClockTime::parse(to).unwrap(),
    };
    let work = vec![window("08:00", "12:00"), window("13:00", "17:00")];
    let weekday =
        |i: usize| WeekdaySpec { work: if i < 5 { work.clone() } else { Vec::new() }, desk: None };
    let weekly = std::array::from_fn(weekday);
    Calendar::compile(CalendarSpec { weekly, ..CalendarSpec::default() }).unwrap()
}

fn definition(body: &str) -> Definition {
    let text = format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:mc=\"http://motcua.vn/bpmn/1\" targetNamespace=\"t\">\
         <process id=\"p\" isExecutable=\"true\">{body}</process></definitions>"
    );
    process::compile(&process::read(text.as_bytes(), "t").unwrap()).unwrap()
}

const ONE_TASK: &str = "<laneSet id='ls'><lane id='l' mc:role='clerk'><flowNodeRef>a</flowNodeRef>\
    </lane></laneSet><startEvent id='s'/><userTask id='a' mc:outcomes='done'/><endEvent id='e'/>\
    <sequenceFlow id='f1' sourceRef='s' targetRef='a'/>\
    <sequenceFlow id='f2' sourceRef='a' targetRef='e'/>";

fn scenario(json: serde_json::Value) -> Scenario {
    let mut whole = serde_json::json!({
        "format": FORMAT, "start": "2026-01-05", "cases": 1000,
        "arrivals": {"per_hour": 4.0}, "limit": {"unit": "working_day", "quarters": 40},
        "staff": {"clerk": 1}, "steps": {"a": {"minutes": {"fixed": 12.0}}}, "more_staff": false,
    });
    for (name, value) in json.as_object().unwrap() {
        whole[name] = value.clone();
    }
    serde_json::from_value(whole).unwrap()
}

fn run(definition: &Definition, scenario: &Scenario, seed: u64) -> Report {
    simulate(definition, &calendar(), scenario, seed, &mut |_| {}).unwrap()
}

#[test]
fn one_officer_is_the_queue_of_the_books() {
    // M/M/1 with 4 arrivals and 5 services an hour: 0.8 busy, 1 hour in all, 3.2 in the queue.
    let scenario = scenario(serde_json::json!({
        "cases": 400_000, "steps": {"a": {"minutes": {"exponential": 12.0}}},
    }));
    let report = run(&definition(ONE_TASK), &scenario, 1);
    let desk = &report.desks[0];
    assert!((desk.utilisation - 0.8).abs() < 0.01, "{report:#?}");
    assert!((report.duration_hours.mean - 1.0).abs() < 0.05, "{report:#?}");
    assert!((desk.queue_mean - 3.2).abs() < 0.25, "{report:#?}");
    // The time in the system is exponential: its median is ln 2, its ninth decile ln 10.
    assert!((report.duration_hours.median - 0.693).abs() < 0.04, "{report:#?}");
    assert!((report.duration_hours.p90 - 2.303).abs() < 0.15, "{report:#?}");
    assert_eq!((report.cases, desk.served), (400_000, 400_000));
}

#[test]
fn a_simulation_ends_when_its_caller_does_not_want_it_any_more() {
    let scenario = scenario(serde_json::json!({"cases": 50_000}));
    let mut told = Vec::new();
    let mut on = |now: Progress| {
        told.push(now.done);
        told.len() < 3
    };
    let ended = simulate_while(&definition(ONE_TASK), &calendar(), &scenario, 1, &mut on);
    let Err(Refused::Stopped { cases, .. }) = ended else { panic!("{ended:?}") };
    assert_eq!(told.len(), 3, "it does not go on after that");
    assert!(cases < 50_000, "{cases}");
}

#[test]
fn two_officers_are_the_formula_of_erlang() {
    // M/M/2 with 8 arrivals and 5 services an hour each: 0.8 busy, 0.555… hours in all.
    let scenario = scenario(serde_json::json!({
        "cases": 400_000, "arrivals": {"per_hour": 8.0}, "staff": {"clerk": 2},
        "steps": {"a": {"minutes": {"exponential": 12.0}}},
    }));
    let report = run(&definition(ONE_TASK), &scenario, 2);
    assert!((report.duration_hours.mean - 0.5555).abs() < 0.03, "{report:#?}");
}

#[test]
fn the_limit_is_that_of_the_deadline_engine() {
    // Five files at once, four hours each, one officer; the limit ends with the next working day:
    // after 16 hours of work. The fifth is late. Friday's limit ends on Monday.
    for day in ["2026-01-05", "2026-01-09"] {
        let at = format!("{day}T08:00:00+07:00");
        let scenario = scenario(serde_json::json!({
            "start": day, "arrivals": {"at": vec![at; 5]},
            "limit": {"unit": "working_day", "quarters": 4},
            "steps": {"a": {"minutes": {"fixed": 240.0}}},
        }));
        let report = run(&definition(ONE_TASK), &scenario, 1);
        assert_eq!((report.cases, report.on_time), (5, 4), "{report:#?}");
        assert_eq!(report.desks[0].queue_max, 4);
        assert!((report.hours - 20.0).abs() < 1e-9);
    }
}

#[test]
fn hours_and_same_day_limits() {
    for (limit, on_time) in [
        (serde_json::json!({"unit": "working_hour", "quarters": 32}), 2),
        (serde_json::json!({"unit": "same_day", "quarters": 0}), 2),
        (serde_json::json!({"unit": "calendar_day", "quarters": 4}), 4),
    ] {
        let at = "2026-01-05T08:00:00+07:00";
        let scenario = scenario(serde_json::json!({
            "arrivals": {"at": [at, at, at, at, at]}, "limit": limit,
            "steps": {"a": {"minutes": {"fixed": 240.0}}},
        }));
        assert_eq!(run(&definition(ONE_TASK), &scenario, 1).on_time, on_time, "{limit}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_more_staff_the_same_cases() {
    let scenario = scenario(serde_json::json!({
        "cases": 20_000, "more_staff": true, "arrivals": {"per_hour": 4.6},
        "steps": {"a": {"minutes": {"triangular": [2.0, 8.0, 26.0]}}},
    }));
    let definition = definition(ONE_TASK);
    let text = |seed| serde_json::to_string(&run(&definition, &scenario, seed)).unwrap();
    assert_eq!(text(7), text(7));
    assert_ne!(text(7), text(8));
    let report = run(&definition, &scenario, 7);
    let more = &report.more_staff[0];
    assert_eq!((more.officers, more.cases), (2, 20_000));
    assert!(more.mean_change < 0.0 && more.on_time_change >= 0.0, "{report:#?}");
}

#[test]
fn progress_reaches_its_end() {
    let mut scenario = scenario(serde_json::json!({"cases": 10_000}));
    scenario.more_staff = true;
    let mut told = Vec::new();
    simulate(&definition(ONE_TASK), &calendar(), &scenario, 1, &mut |p| told.push(p)).unwrap();
    assert!(told.windows(2).all(|pair| pair[0].done <= pair[1].done), "{told:?}");
    assert_eq!(told.last(), Some(&Progress { done: 20_000, total: 20_000 }));
}

/// How each step ends, whether answers come in time.
struct Plot {
    outcomes: BTreeMap<String, String>,
    silent: bool,
}

/// Plays one case in the engine and counts how often each waiting node was begun.
fn played(def: &Definition, plot: &Plot) -> BTreeMap<String, u64> {
    let nothing = |_: &str| None;
    let env = Env { data: &nothing };
    let (mut state, mut begun) = (State::default(), BTreeMap::new());
    let mut command = Some(Command::Start);
    while let Some(next) = command.take() {
        for event in step(def, &state, next, &env).unwrap() {
            if let Event::Entered { node, .. } = &event {
                *begun.entry(def.node(*node).id.clone()).or_insert(0) += 1;
            }
            apply(def, &mut state, &event);
        }
        let done = |(token, node): (u32, NodeIx)| Command::Complete {
            token,
            outcome: plot.outcomes.get(&def.node(node).id).cloned().unwrap_or_default(),
        };
        command = open_tasks(def, &state).next().map(done);
        if command.is_none() {
            command = open_jobs(def, &state).next().map(|(token, node)| {
                let timer = def.node(node).boundaries.first().filter(|_| plot.silent);
                match timer {
                    Some(timer) => Command::TimerFired { token, boundary: Some(*timer) },
                    None => Command::Answered { token },
                }
            });
        }
    }
    assert!(state.done);
    begun
}

/// The same case in the simulation.
fn simulated(def: &Definition, plot: &Plot) -> BTreeMap<String, u64> {
    let mut steps = serde_json::Map::new();
    let mut staff = serde_json::Map::new();
    for (_, node) in def.nodes() {
        if let Some(role) = &node.role {
            staff.insert(role.clone(), 1.into());
        }
        if node.kind == NodeKind::UserTask {
            let outcomes = plot.outcomes.get(&node.id).map(|outcome| (outcome.clone(), 1.0));
            let outcomes: BTreeMap<String, f64> = outcomes.into_iter().collect();
            let step = serde_json::json!({"minutes": {"fixed": 1.0}, "outcomes": outcomes});
            steps.insert(node.id.clone(), step);
        } else if node.kind == NodeKind::ServiceTask && node.waits {
            let minutes = if plot.silent { 60_000.0 } else { 5.0 };
            let step = serde_json::json!({"minutes": {"fixed": minutes}});
            steps.insert(node.id.clone(), step);
        }
    }
    let scenario = scenario(serde_json::json!({"cases": 1, "steps": steps, "staff": staff}));
    let report = run(def, &scenario, 1);
    let waits = |id: &str| {
        let node = def.node(def.node_by_id(id).unwrap());
        node.is_wait()
    };
    let all = report.steps.into_iter().filter(|step| step.begun > 0 && waits(&step.step));
    all.map(|step| (step.step, step.begun)).collect()
}

#[test]
fn our_own_processes_take_the_ways_that_the_engine_takes() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../procedures/processes");
    let mut compared = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "bpmn") {
            continue;
        }
        let model = process::read(&std::fs::read(&path).unwrap(), "own").unwrap();
        let def = process::compile(&model).unwrap();
        let mut plots = vec![BTreeMap::new()];
        for (_, node) in def.nodes().filter(|(_, node)| node.kind == NodeKind::UserTask) {
            let forward = node.outcomes.iter().filter(|outcome| *outcome != "send_back");
            plots = forward
                .flat_map(|outcome| {
                    plots.iter().cloned().map(|mut plot: BTreeMap<String, String>| {
                        plot.insert(node.id.clone(), outcome.clone());
                        plot
                    })
                })
                .collect();
        }
        for outcomes in plots {
            for silent in [false, true] {
                let plot = Plot { outcomes: outcomes.clone(), silent };
                assert_eq!(played(&def, &plot), simulated(&def, &plot), "{}", path.display());
                compared += 1;
            }
        }
    }
    assert!(compared >= 14, "{compared}");
}

const RETURN: &str = "<laneSet id='ls'><lane id='l' mc:role='clerk'><flowNodeRef>a</flowNodeRef>\
    <flowNodeRef>b</flowNodeRef></lane></laneSet><startEvent id='s'/>\
    <userTask id='a' mc:outcomes='done,send_back'/>\
    <userTask id='b' mc:outcomes='done,send_back'/><endEvent id='e'/>\
    <sequenceFlow id='f1' sourceRef='s' targetRef='a'/>\
    <sequenceFlow id='f2' sourceRef='a' targetRef='b'/>\
    <sequenceFlow id='f3' sourceRef='b' targetRef='e'/>";

#[test]
fn a_step_is_sent_back_as_often_as_the_weights_say() {
    let half = serde_json::json!({"done": 1.0, "send_back": 1.0});
    let scenario = scenario(serde_json::json!({
        "cases": 50_000, "arrivals": {"per_hour": 1.0},
        "steps": {"a": {"minutes": {"fixed": 1.0}, "outcomes": half},
                  "b": {"minutes": {"fixed": 1.0}, "outcomes": half}},
    }));
    let report = run(&definition(RETURN), &scenario, 3);
    // The first step has nothing before it and always goes on, so both are done twice on average.
    for step in &report.steps {
        assert!(step.begun.abs_diff(100_000) < 2_000, "{report:#?}");
    }
}

const INCLUSIVE: &str = "<laneSet id='ls'><lane id='l' mc:role='clerk'><flowNodeRef>a</flowNodeRef>\
    <flowNodeRef>b</flowNodeRef><flowNodeRef>c</flowNodeRef></lane></laneSet><startEvent id='s'/>\
    <inclusiveGateway id='o' default='o2'/><inclusiveGateway id='j'/>\
    <userTask id='a' mc:outcomes='done'/><userTask id='b' mc:outcomes='done'/>\
    <userTask id='c' mc:outcomes='done'/><endEvent id='e'/>\
    <sequenceFlow id='f1' sourceRef='s' targetRef='o'/>\
    <sequenceFlow id='o1' sourceRef='o' targetRef='a'>\
    <conditionExpression>fee.due &gt; 0</conditionExpression></sequenceFlow>\
    <sequenceFlow id='o2' sourceRef='o' targetRef='b'/>\
    <sequenceFlow id='f2' sourceRef='a' targetRef='j'/>\
    <sequenceFlow id='f3' sourceRef='b' targetRef='j'/>\
    <sequenceFlow id='f4' sourceRef='j' targetRef='c'/>\
    <sequenceFlow id='f5' sourceRef='c' targetRef='e'/>";

#[test]
fn inclusive_branches_join_once() {
    let step = serde_json::json!({"minutes": {"exponential": 5.0}});
    let steps = serde_json::json!({"a": step, "b": step, "c": step});
    let mut scenario = scenario(serde_json::json!({
        "cases": 20_000, "arrivals": {"per_hour": 1.0}, "steps": steps,
        "branches": {"o": {"o1": 0.5, "o2": 0.5}},
    }));
    let report = run(&definition(INCLUSIVE), &scenario, 1);
    let begun: Vec<u64> = report.steps.iter().map(|step| step.begun).collect();
    assert!(begun[0].abs_diff(10_000) < 400, "{begun:?}");
    assert!(begun[1].abs_diff(15_000) < 400, "the default fills in: {begun:?}");
    assert_eq!(begun[2], 20_000, "{begun:?}");
    scenario.branches.clear();
    let refused = simulate(&definition(INCLUSIVE), &calendar(), &scenario, 1, &mut |_| {});
    match refused.unwrap_err() {
        Refused::Element { element, reason, .. } => {
            assert_eq!(element, "o");
            assert!(reason.contains("fee.due") && reason.contains("branches.o"), "{reason}");
        }
        other => panic!("{other}"),
    }
}

#[test]
fn what_does_not_fit_is_named() {
    let cases = [
        (serde_json::json!({"format": "x"}), "format"),
        (serde_json::json!({"cases": 0}), "cases"),
        (serde_json::json!({"arrivals": {"per_hour": 0.0}}), "arrivals.per_hour"),
        (serde_json::json!({"arrivals": {"at": ["2026-01-05"]}}), "arrivals.at[0]"),
        (serde_json::json!({"arrivals": {"at": ["2026-01-04T08:00:00Z"]}}), "arrivals.at[0]"),
        (serde_json::json!({"staff": {}}), "staff.clerk"),
        (serde_json::json!({"staff": {"clerk": 0}}), "staff.clerk"),
        (serde_json::json!({"steps": {}}), "steps.a.minutes"),
        (serde_json::json!({"steps": {"b": {"minutes": {"fixed": 1.0}}}}), "steps.b"),
        (serde_json::json!({"steps": {"a": {"minutes": {"fixed": -1.0}}}}), "steps.a.minutes"),
        (
            serde_json::json!({"steps": {"a": {"minutes": {"fixed": 1.0}, "outcomes": {"x": 1.0}}}}),
            "steps.a.outcomes.x",
        ),
        (serde_json::json!({"branches": {"a": {"f1": 1.0}}}), "branches.a"),
        (serde_json::json!({"limit": {"unit": "working_day", "quarters": 0}}), "limit.quarters"),
    ];
    for (change, wanted) in cases {
        let scenario = scenario(change.clone());
        let refused = simulate(&definition(ONE_TASK), &calendar(), &scenario, 1, &mut |_| {});
        match refused.unwrap_err() {
            Refused::Scenario { field, .. } => assert_eq!(field, wanted, "{change}"),
            other => panic!("{change}: {other}"),
        }
    }
}

#[test]
fn steps_that_cannot_be_simulated_are_refused_by_element() {
    let body = ONE_TASK.replace("<endEvent id='e'/>", "<endEvent id='e'/><receiveTask id='r'/>");
    let body = body.replace("sourceRef='a' targetRef='e'", "sourceRef='a' targetRef='r'")
        + "<sequenceFlow id='f3' sourceRef='r' targetRef='e'/>";
    let scenario = scenario(serde_json::json!({}));
    let refused = simulate(&definition(&body), &calendar(), &scenario, 1, &mut |_| {});
    assert!(matches!(refused, Err(Refused::Element { element, .. }) if element == "r"));
}

#[test]
fn a_circle_without_end_is_broken_off() {
    let body = "<laneSet id='ls'><lane id='l' mc:role='clerk'><flowNodeRef>a</flowNodeRef></lane>\
        </laneSet><startEvent id='s'/><userTask id='a' mc:outcomes='done,again'/>\
        <exclusiveGateway id='x' default='f3'/><endEvent id='e'/>\
        <sequenceFlow id='f1' sourceRef='s' targetRef='a'/>\
        <sequenceFlow id='f2' sourceRef='a' targetRef='x'/>\
        <sequenceFlow id='f3' sourceRef='x' targetRef='a'/>\
        <sequenceFlow id='f4' sourceRef='x' targetRef='e'>\
        <conditionExpression>outcome = \"done\"</conditionExpression></sequenceFlow>";
    let scenario = scenario(serde_json::json!({
        "cases": 1, "steps": {"a": {"minutes": {"fixed": 0.0}, "outcomes": {"again": 1.0}}},
    }));
    let refused = simulate(&definition(body), &calendar(), &scenario, 1, &mut |_| {});
    assert!(matches!(refused, Err(Refused::Stopped { .. })), "{refused:?}");
}
