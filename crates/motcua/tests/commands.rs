//! The commands as people call them: flags in, streams and exit code out.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it is wrong")]

use clap::{CommandFactory, Parser};
use motcua::cli::Cli;
use motcua::commands;
use motcua::config::DEFAULT;
use motcua::world::{Exit, World};
use serde_json::Value;

struct Said {
    exit: Exit,
    out: String,
    err: String,
}

fn run(flags: &[&str], stdin: &str, env: &[(&str, &str)]) -> Said {
    let cli = Cli::try_parse_from([&["motcua"], flags].concat()).expect("flags are known");
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut world = World {
        env: env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        stdin: &mut stdin.as_bytes(),
        out: &mut out,
        err: &mut err,
        clock: || 1_556_158_320_000,
        dice: |bytes| {
            bytes.fill(7);
            Ok(())
        },
    };
    let exit = commands::run(&cli, &mut world);
    Said { exit, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

fn examples() -> Vec<Value> {
    let text = include_str!("../../kernel/tests/deadline/examples.json");
    serde_json::from_str::<Vec<Value>>(text).unwrap()
}

/// Every key of `expected` stands in `found` with the same value; `found` may say more.
fn covers(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(f), Value::Object(e)) => {
            e.iter().all(|(key, value)| f.get(key).is_some_and(|v| covers(v, value)))
        }
        (Value::Array(f), Value::Array(e)) => {
            f.len() == e.len() && f.iter().zip(e).all(|(f, e)| covers(f, e))
        }
        _ => found == expected,
    }
}

#[test]
fn the_definitions_of_the_flags_are_sound() {
    Cli::command().debug_assert();
}

#[test]
fn deadline_answers_the_examples_of_the_contract_in_order() {
    let examples = examples();
    assert_eq!(examples.len(), 12);
    let requests: Vec<&Value> = examples.iter().map(|e| &e["request"]).collect();
    let said = run(&["deadline", "--json"], &serde_json::to_string(&requests).unwrap(), &[]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Fine, ""));
    let answers: Vec<Value> = serde_json::from_str(&said.out).unwrap();
    assert_eq!(answers.len(), 12);
    for (answer, example) in answers.iter().zip(&examples) {
        assert!(covers(answer, &example["answer"]), "{answer:#}\n{:#}", example["answer"]);
    }
}

#[test]
fn deadline_explains_line_by_line_in_vietnamese() {
    let request = examples()[7]["request"].to_string();
    let said = run(&["deadline"], &request, &[]);
    assert_eq!(said.exit, Exit::Fine);
    for part in [
        "Yêu cầu example-08",
        "Hạn trả kết quả     17:00 05/03/2019 (đang trong hạn)",
        "yêu cầu bổ sung quá số ngày cho phép",
        "3. 09:00 21/02/2019 → 16:50 26/02/2019: bổ sung hồ sơ, tính lại từ đầu",
        "[NĐ 61/2018/NĐ-CP Điều 19.4]",
        "02/03/2019 → 03/03/2019: nghỉ hằng tuần",
    ] {
        assert!(said.out.contains(part), "{part}\n{}", said.out);
    }
}

#[test]
fn deadline_tells_refusals_from_input_that_is_not_json() {
    let good = examples()[0]["request"].to_string();
    let said = run(&["deadline", "--json"], &format!("[{good}, {{\"id\": 7}}]"), &[]);
    assert_eq!(said.exit, Exit::Refused);
    let answers: Vec<Value> = serde_json::from_str(&said.out).unwrap();
    assert_eq!(
        (&answers[1]["id"], &answers[1]["error"]["code"]),
        (&Value::from(7), &Value::from("missing_field"))
    );
    assert!(answers[0]["due_at"].is_string());
    for nonsense in ["", "{", "7", "\"x\""] {
        let said = run(&["deadline", "--json"], nonsense, &[]);
        assert_eq!((said.exit, said.out.as_str()), (Exit::Usage, ""), "{nonsense}");
        assert!(!said.err.is_empty());
    }
    assert_eq!(run(&["deadline", "--json"], "[]", &[]).out, "[]\n");
    let said = run(&["deadline"], "{\"id\": 7}", &[]);
    assert!(said.out.contains("Bị từ chối"), "{}", said.out);
}

#[test]
fn process_checks_reads_copies_and_runs_a_model() {
    let model = "../../procedures/processes/appraisal.bpmn";
    let said = run(&["process", "check", model, "--json"], "", &[]);
    assert_eq!((said.exit, said.err.as_str()), (Exit::Fine, ""), "{}", said.out);
    let answer: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(answer["accepted"], Value::from(true));

    let said = run(&["process", "graph", model], "", &[]);
    let graph: Value = serde_json::from_str(&said.out).unwrap();
    let nodes = graph["nodes"].as_array().unwrap();
    assert!(nodes.iter().any(|n| n["type"] == "userTask"), "{graph:#}");

    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.bpmn").display().to_string();
    assert_eq!(run(&["process", "convert", model, "--out", &copy], "", &[]).exit, Exit::Fine);
    assert_eq!(std::fs::read(&copy).unwrap(), std::fs::read(model).unwrap());

    let process = graph["processes"][0]["id"].as_str().unwrap();
    let scenario = serde_json::json!({
        "format": "motcua/scenario/1", "clock": "2026-01-05T08:00:00Z",
        "steps": [{"start": {"process": process, "as": "main"}}],
    });
    let file = folder.path().join("scenario.json").display().to_string();
    std::fs::write(&file, scenario.to_string()).unwrap();
    let said = run(&["process", "run", model, "--scenario", &file, "--json"], "", &[]);
    let trace: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(said.exit, Exit::Fine, "{trace:#}");
    assert_eq!(trace["steps"][0]["snapshot"]["instances"][0]["state"], "active", "{trace:#}");

    let said = run(&["process", "graph", "no-such.bpmn"], "", &[]);
    assert_eq!((said.exit, said.out.as_str()), (Exit::Usage, ""));
    assert!(said.err.contains("no-such.bpmn"), "{}", said.err);
    std::fs::write(&copy, "<broken").unwrap();
    assert_eq!(run(&["process", "check", &copy], "", &[]).exit, Exit::Usage);
}

#[test]
fn config_prints_the_default_file() {
    let said = run(&["config"], "", &[]);
    assert_eq!((said.exit, said.out.as_str()), (Exit::Fine, DEFAULT));
}

#[test]
fn check_passes_the_shipped_data_and_names_faults() {
    let said = run(&["check", "--data", "no-such-folder"], "", &[]);
    assert_eq!(said.exit, Exit::Fine, "{}{}", said.out, said.err);
    assert!(
        said.out.contains("128 thủ tục") && said.out.contains("128 procedures"),
        "{}",
        said.out
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("posts.csv"), "level\n").unwrap();
    let seeds = folder.path().display().to_string();
    let said = run(&["check", "--seeds", &seeds], "", &[("MOTCUA_PIN_WINDOW_MINUTES", "x")]);
    assert_eq!(said.exit, Exit::Refused);
    for part in
        ["MOTCUA_PIN_WINDOW_MINUTES: pin.window_minutes: expected integer", "profiles.toml:0:"]
    {
        assert!(said.out.contains(part), "{part}\n{}", said.out);
    }
    assert!(said.err.contains("lỗi"), "{}", said.err);
}

#[test]
fn every_help_names_the_exit_codes_and_begins_in_vietnamese() {
    for mut command in Cli::command().get_subcommands().cloned() {
        let help = command.render_long_help().to_string();
        assert!(help.contains("exit codes"), "{help}");
        let first = help.lines().next().unwrap_or_default();
        assert!(first.contains(" / "), "{first}");
        assert!(!first.is_ascii(), "{first}");
    }
}

#[test]
fn a_simulation_is_told_as_a_table_and_as_json_and_faults_name_their_place() {
    let model = "../../procedures/processes/appraisal.bpmn";
    let example = "../../docs/manual/examples/appraisal.toml";
    let flags = ["process", "simulate", model, "--scenario", example, "--cases", "3000"];
    let table = run(&flags, "", &[]);
    assert_eq!(table.exit, Exit::Fine, "{}", table.err);
    assert!(table.out.contains("case_officer → 7") && table.out.contains('█'), "{}", table.out);
    let told = run(&[&flags[..], &["--json"]].concat(), "", &[]);
    let report: Value = serde_json::from_str(&told.out).unwrap();
    assert_eq!((&report["cases"], &report["process"]), (&3000.into(), &"appraisal".into()));
    assert_eq!(report["desks"].as_array().unwrap().len(), 4);
    assert_eq!(told.out, run(&[&flags[..], &["--json"]].concat(), "", &[]).out, "the same bytes");
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(example).unwrap();
    let wrong = [
        ("[arrivals]", "[arrival]", Exit::Usage, "s.toml:9: "),
        ("per_hour = 5.5", "per_hour = \"x\"", Exit::Usage, "s.toml:10: "),
        ("clerk = 1", "", Exit::Refused, "s.toml: `staff.clerk`"),
        ("done = 95", "do = 95", Exit::Refused, "s.toml: `steps.appraise.outcomes.do`"),
    ];
    for (old, new, exit, place) in wrong {
        let file = folder.path().join("s.toml");
        assert!(text.contains(old), "{old}");
        std::fs::write(&file, text.replacen(old, new, 1)).unwrap();
        let scenario = file.to_str().unwrap();
        let said = run(&["process", "simulate", model, "--scenario", scenario], "", &[]);
        assert_eq!(said.exit, exit, "{}", said.err);
        assert!(said.err.contains(place), "{place} in {}", said.err);
    }
    let file = folder.path().join("s.json");
    std::fs::write(&file, "{\n\"format\": 3}").unwrap();
    let scenario = file.to_str().unwrap();
    let said = run(&["process", "simulate", model, "--scenario", scenario], "", &[]);
    assert_eq!(said.exit, Exit::Usage);
    assert!(said.err.contains("s.json:2: "), "{}", said.err);
}
