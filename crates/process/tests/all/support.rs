//! What the tests share: building small processes, playing them, reading the shared files.

use process::{
    Command, Definition, Env, Event, NodeIx, Problem, Refusal, State, Value, apply, compile,
    compile_unchecked, open_tasks, read, step,
};

/// The shared process files.
pub const FILES: [&str; 7] = [
    "counter",
    "appraisal",
    "consultation",
    "field_check",
    "interlinked_up",
    "financial_duty",
    "opinion",
];

/// Bytes of a shared process file.
pub fn file_bytes(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../procedures/processes");
    let path = format!("{folder}/{name}.bpmn");
    std::fs::read(&path).expect(&path)
}

/// A shared process, compiled.
pub fn shared(name: &str) -> Definition {
    let model = read(&file_bytes(name), name).expect("readable");
    compile(&model).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// A file around the body of a process, one line of head before the body.
pub fn wrap(body: &str) -> String {
    format!(
        "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:mc=\"http://motcua.vn/bpmn/1\" targetNamespace=\"t\"><process id=\"p\" name=\"P\">\n{body}\n\
         </process></definitions>"
    )
}

/// Compiles the body of a process with the linter.
pub fn linted(body: &str) -> Result<Definition, Vec<Problem>> {
    compile(&read(wrap(body).as_bytes(), "t.bpmn")?)
}

/// Compiles the body of a process without the linter.
pub fn built(body: &str) -> Definition {
    let model = read(wrap(body).as_bytes(), "t.bpmn").expect("readable");
    compile_unchecked(&model).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

/// Flows `a>b` separated by spaces, ids `f1`, `f2`, …; `a?b` has the condition `b`.
pub fn flows(list: &str) -> String {
    let line = |(number, pair): (usize, &str)| {
        let (from, to) = pair.split_once(['>', '?']).expect("a>b");
        let ends = format!("id=\"f{number}\" sourceRef=\"{from}\" targetRef=\"{to}\"");
        let condition = format!("<conditionExpression>{to}</conditionExpression>");
        let condition = if pair.contains('?') { condition } else { String::new() };
        format!("<sequenceFlow {ends}>{condition}</sequenceFlow>\n")
    };
    (1..).zip(list.split_whitespace()).map(line).collect()
}

/// A case that is played step by step.
pub struct Case<'a> {
    pub def: &'a Definition,
    pub state: State,
    pub data: Vec<(&'static str, Value)>,
}

impl<'a> Case<'a> {
    /// A case that has just started.
    pub fn start(def: &'a Definition) -> Self {
        let mut case = Self::fresh(def);
        case.act(Command::Start).expect("start");
        case
    }

    /// A case before its start.
    pub fn fresh(def: &'a Definition) -> Self {
        Self { def, state: State::default(), data: Vec::new() }
    }

    /// Decides and applies.
    pub fn act(&mut self, command: Command) -> Result<Vec<Event>, Refusal> {
        let data = |name: &str| {
            let found = self.data.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.clone())
        };
        let events = step(self.def, &self.state, command, &Env { data: &data })?;
        for event in &events {
            apply(self.def, &mut self.state, event);
        }
        Ok(events)
    }

    /// Completes the open task with this id.
    pub fn complete(&mut self, id: &str, outcome: &str) -> Result<Vec<Event>, Refusal> {
        let token = self.token(id);
        self.act(Command::Complete { token, outcome: outcome.to_owned() })
    }

    /// The node with this id.
    pub fn node(&self, id: &str) -> NodeIx {
        self.def.node_by_id(id).expect(id)
    }

    /// The token at a node.
    pub fn token(&self, id: &str) -> u32 {
        let node = self.node(id);
        let found = self.state.tokens.iter().find(|token| token.node == node);
        found.unwrap_or_else(|| panic!("no token at {id}: {:?}", self.places())).id
    }

    /// Ids of the nodes where tokens wait, sorted.
    pub fn places(&self) -> Vec<&str> {
        let ids = self.state.tokens.iter().map(|token| self.def.node(token.node).id.as_str());
        let mut ids: Vec<&str> = ids.collect();
        ids.sort_unstable();
        ids
    }

    /// Ids of the open user tasks.
    pub fn tasks(&self) -> Vec<&str> {
        open_tasks(self.def, &self.state).map(|(_, node)| self.def.node(node).id.as_str()).collect()
    }
}
