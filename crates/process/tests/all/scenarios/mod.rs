//! Scenarios of the contract, construct by construct, on small files of our own.

mod activities;
mod bounds;
mod calls;
mod compensation;
mod events;
mod gateways;
mod mixed;
mod modify;
mod operations;
mod repeats;
mod scopes;

use serde_json::{Value as Json, json};

/// A file with root declarations and one process `p` around a body.
pub fn file(root: &str, body: &str) -> String {
    files(root, &[("p", body)])
}

/// A file with root declarations and processes.
pub fn files(root: &str, processes: &[(&str, &str)]) -> String {
    let mut text = format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:mc=\"http://motcua.vn/bpmn/1\" xmlns:camunda=\"http://camunda.org/schema/1.0/bpmn\" \
         targetNamespace=\"t\">{root}"
    );
    for (id, body) in processes {
        text.push_str(&format!("<process id=\"{id}\" isExecutable=\"true\">{body}</process>"));
    }
    text + "</definitions>"
}

/// Flows `a>b` with ids `a-b`; `a?b` has the condition `to_b`.
pub fn flows(list: &str) -> String {
    let line = |pair: &str| {
        let (from, to) = pair.split_once(['>', '?']).expect("a>b");
        let condition = format!("<conditionExpression>to_{to}</conditionExpression>");
        let condition = if pair.contains('?') { condition } else { String::new() };
        format!(
            "<sequenceFlow id=\"{from}-{to}\" sourceRef=\"{from}\" targetRef=\"{to}\">\
             {condition}</sequenceFlow>"
        )
    };
    list.split_whitespace().map(line).collect()
}

/// Nodes from `kind id` pairs: s start, e end, t user task, x exclusive, a parallel, o inclusive,
/// m manual task, j service task.
pub fn nodes(list: &str) -> String {
    let line = |word: &str| {
        let (kind, id) = word.split_once(':').expect("kind:id");
        let local = match kind {
            "s" => "startEvent",
            "e" => "endEvent",
            "t" => "userTask",
            "x" => "exclusiveGateway",
            "a" => "parallelGateway",
            "o" => "inclusiveGateway",
            "m" => "manualTask",
            "j" => "serviceTask",
            other => panic!("{other}"),
        };
        format!("<{local} id=\"{id}\"/>")
    };
    list.split_whitespace().map(line).collect()
}

/// What came of a scenario.
pub struct Trace(pub Json);

/// Runs a file; the first step `start` of process `p` as `main` goes without saying.
pub fn run(file: &str, steps: Json) -> Trace {
    run_in("feel", file, json!({}), steps)
}

/// Runs a file in a dialect with variables.
pub fn run_in(dialect: &str, file: &str, variables: Json, steps: Json) -> Trace {
    let mut all = vec![json!({"start": {"process": "p", "as": "main", "variables": variables}})];
    all.extend(steps.as_array().expect("steps").iter().cloned());
    run_all(dialect, file, Json::from(all))
}

/// Runs a file with these steps and no others.
pub fn run_all(dialect: &str, file: &str, steps: Json) -> Trace {
    let scenario = json!({
        "format": "motcua/scenario/1", "dialect": dialect,
        "clock": "2026-01-05T08:00:00Z", "steps": steps,
    });
    let bytes = serde_json::to_vec(&scenario).expect("scenario");
    let files = [("main.bpmn".to_owned(), file.as_bytes().to_vec())];
    let (trace, exit) = process::contract::run(&files, &bytes);
    assert_eq!((&trace["outcome"], exit), (&Json::from("ran"), 0), "{trace:#}");
    Trace(trace)
}

impl Trace {
    /// The last entry of the trace.
    pub fn last(&self) -> &Json {
        self.0["steps"].as_array().and_then(|steps| steps.last()).expect("a step")
    }

    /// An instance at the end.
    pub fn instance(&self, name: &str) -> &Json {
        let instances = self.last()["snapshot"]["instances"].as_array().expect("instances");
        let found = instances.iter().find(|instance| instance["name"] == name);
        found.unwrap_or_else(|| panic!("no instance {name}: {instances:#?}"))
    }

    /// Names of all instances.
    pub fn names(&self) -> Vec<String> {
        let instances = self.last()["snapshot"]["instances"].as_array().expect("instances");
        instances.iter().map(|i| i["name"].as_str().expect("name").to_owned()).collect()
    }

    /// A sorted list of an instance, with blanks between.
    fn list(&self, name: &str, key: &str) -> String {
        let text = |item: &Json| {
            item.as_str().or_else(|| item["element"].as_str()).expect("text").to_owned()
        };
        let mut all: Vec<String> =
            self.instance(name)[key].as_array().expect(key).iter().map(text).collect();
        all.sort();
        all.join(" ")
    }

    /// Active user tasks of the main instance.
    pub fn tasks(&self) -> String {
        self.list("main", "tasks")
    }

    /// Active user tasks of an instance.
    pub fn tasks_of(&self, name: &str) -> String {
        self.list(name, "tasks")
    }

    /// What the main instance waits for.
    pub fn waits(&self) -> String {
        self.list("main", "waits")
    }

    /// Elements of the waiting timers.
    pub fn timers(&self) -> String {
        self.list("main", "timers")
    }

    /// `active`, or `ended completed` and so on.
    pub fn state(&self) -> String {
        self.state_of("main")
    }

    /// The state of an instance.
    pub fn state_of(&self, name: &str) -> String {
        let found = self.instance(name);
        match found["how"].as_str() {
            Some(how) => format!("{} {how}", found["state"].as_str().expect("state")),
            None => found["state"].as_str().expect("state").to_owned(),
        }
    }

    /// The tree in brackets: `a b[c d] m*[m m]`.
    pub fn tree(&self) -> String {
        fn shown(nodes: &Json) -> String {
            let mut all: Vec<String> = nodes
                .as_array()
                .expect("nodes")
                .iter()
                .map(|node| {
                    let id = node["id"].as_str().expect("id");
                    let star = if node["multi"] == true { "*" } else { "" };
                    match node.get("children") {
                        Some(children) => format!("{id}{star}[{}]", shown(children)),
                        None => id.to_owned(),
                    }
                })
                .collect();
            all.sort();
            all.join(" ")
        }
        shown(&self.instance("main")["tree"])
    }

    /// Result and code of each step after the start.
    pub fn results(&self) -> Vec<String> {
        let steps = self.0["steps"].as_array().expect("steps");
        let shown = |step: &Json| match step["code"].as_str() {
            Some(code) => format!("{} {code}", step["result"].as_str().expect("result")),
            None => step["result"].as_str().expect("result").to_owned(),
        };
        steps.iter().map(shown).collect()
    }

    /// All steps were done.
    pub fn all_done(self) -> Self {
        assert!(self.results().iter().all(|result| result == "done"), "{:#}", self.0);
        self
    }

    /// A variable of the main instance.
    pub fn var(&self, name: &str) -> &Json {
        &self.instance("main")["variables"][name]
    }
}

/// Completes a task.
pub fn done(task: &str) -> Json {
    json!({"complete": {"task": task}})
}
