//! Steps per second in memory and bytes of state, on one core:
//! `cargo run --release -p process --example steps`.
#![expect(clippy::expect_used, clippy::print_stdout, reason = "a measurement stops where it fails")]

use process::{Command, Definition, Env, State, apply, compile, open_tasks, read, step};

/// Eight tasks in a row, one choice, as the other engines were measured.
const TASKS: usize = 8;
const CASES: usize = 100_000;

fn model() -> String {
    let mut body = String::from(
        "<startEvent id=\"s\"/><endEvent id=\"e\"/><laneSet id=\"ls\">\
         <lane id=\"l\" mc:role=\"clerk\">",
    );
    for n in 0..TASKS {
        body.push_str(&format!("<flowNodeRef>t{n}</flowNodeRef>"));
    }
    body.push_str("</lane></laneSet><exclusiveGateway id=\"x\" default=\"back\"/>");
    for n in 0..TASKS {
        body.push_str(&format!("<userTask id=\"t{n}\" mc:outcomes=\"done,again\"/>"));
    }
    let mut flow = |id: &str, from: &str, to: &str, when: &str| {
        body.push_str(&format!(
            "<sequenceFlow id=\"{id}\" sourceRef=\"{from}\" targetRef=\"{to}\">{when}\
             </sequenceFlow>"
        ));
    };
    flow("f", "s", "t0", "");
    for n in 1..TASKS {
        flow(&format!("f{n}"), &format!("t{}", n - 1), &format!("t{n}"), "");
    }
    let done = "<conditionExpression>outcome = \"done\"</conditionExpression>";
    flow("last", &format!("t{}", TASKS - 1), "x", "");
    flow("end", "x", "e", done);
    flow("back", "x", "t0", "");
    format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:mc=\"http://motcua.vn/bpmn/1\" targetNamespace=\"t\">\
         <process id=\"p\" isExecutable=\"true\">{body}</process></definitions>"
    )
}

fn play(def: &Definition) -> (usize, usize) {
    let nothing = |_: &str| None;
    let env = Env { data: &nothing };
    let (mut state, mut steps, mut bytes) = (State::default(), 0, 0);
    let mut command = Command::Start;
    loop {
        let events = step(def, &state, command, &env).expect("lawful");
        for event in &events {
            apply(def, &mut state, event);
        }
        steps += 1;
        if steps == TASKS / 2 {
            bytes = serde_json::to_string(&state).expect("state").len();
        }
        let Some((token, _)) = open_tasks(def, &state).next() else { return (steps, bytes) };
        command = Command::Complete { token, outcome: "done".to_owned() };
    }
}

fn main() {
    let model = read(model().as_bytes(), "steps").expect("readable");
    let def = compile(&model).unwrap_or_else(|problems| {
        println!("{problems:#?}");
        std::process::exit(1);
    });
    #[expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]
    let began = std::time::Instant::now();
    let (mut steps, mut bytes) = (0, 0);
    for _ in 0..CASES {
        let (done, size) = play(&def);
        steps += done;
        bytes = size;
    }
    let seconds = began.elapsed().as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    let rate = steps as f64 / seconds;
    println!("{steps} steps in {seconds:.2} s: {rate:.0} a second, {bytes} bytes of state");
}
