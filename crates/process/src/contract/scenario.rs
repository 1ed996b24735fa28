//! A scenario as it comes in: steps by name, unknown fields refused.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::state::Vars;

/// Name and version of the format.
pub(super) const FORMAT: &str = "motcua/scenario/1";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scenario {
    pub(super) format: String,
    #[serde(default = "feel")]
    pub(super) dialect: String,
    pub(super) clock: String,
    pub(super) steps: Vec<Step>,
}

fn feel() -> String {
    "feel".to_owned()
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    Start(Start),
    Complete(Complete),
    CompleteAll(CompleteAll),
    Advance(Advance),
    FireTimer(Place),
    Message(Message),
    Signal(Signal),
    Set(Set),
    Job(Job),
    Modify(Modify),
    Return(Return),
    Targets(Targets),
    Suspend(Named),
    Resume(Named),
    Stop(Named),
}

impl Step {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Start(_) => "start",
            Self::Complete(_) => "complete",
            Self::CompleteAll(_) => "complete_all",
            Self::Advance(_) => "advance",
            Self::FireTimer(_) => "fire_timer",
            Self::Message(_) => "message",
            Self::Signal(_) => "signal",
            Self::Set(_) => "set",
            Self::Job(_) => "job",
            Self::Modify(_) => "modify",
            Self::Return(_) => "return",
            Self::Targets(_) => "targets",
            Self::Suspend(_) => "suspend",
            Self::Resume(_) => "resume",
            Self::Stop(_) => "stop",
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Start {
    pub(super) process: String,
    #[serde(rename = "as")]
    pub(super) name: String,
    #[serde(default)]
    pub(super) variables: Vars,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Complete {
    pub(super) task: Option<String>,
    pub(super) instance: Option<String>,
    #[serde(default)]
    pub(super) variables: Vars,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CompleteAll {
    pub(super) task: Option<String>,
    pub(super) instance: Option<String>,
    #[serde(default)]
    pub(super) repeat: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    pub(super) by: Option<String>,
    pub(super) to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    pub(super) element: Option<String>,
    pub(super) instance: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    pub(super) name: String,
    pub(super) instance: Option<String>,
    #[serde(default)]
    pub(super) variables: Vars,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Signal {
    pub(super) name: String,
    #[serde(default)]
    pub(super) variables: Vars,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Set {
    pub(super) instance: String,
    pub(super) variables: Vars,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Job {
    pub(super) element: String,
    pub(super) instance: Option<String>,
    pub(super) result: JobResult,
    pub(super) code: Option<String>,
    #[serde(default)]
    pub(super) variables: Vars,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(super) enum JobResult {
    Done,
    Error,
    Failed,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Modify {
    pub(super) instructions: Vec<Order>,
    pub(super) instance: Option<String>,
}

/// One instruction: exactly one of the fields, `whole` beside `start_before`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Order {
    pub(super) cancel: Option<String>,
    pub(super) cancel_one: Option<String>,
    pub(super) cancel_instance: Option<bool>,
    pub(super) start_before: Option<String>,
    pub(super) whole: Option<bool>,
    pub(super) start_after: Option<String>,
    pub(super) take_flow: Option<String>,
    #[serde(rename = "move")]
    pub(super) moved: Option<Moved>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Moved {
    pub(super) from: Vec<String>,
    pub(super) to: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Return {
    pub(super) task: String,
    pub(super) to: String,
    pub(super) instance: Option<String>,
    #[serde(rename = "reason")]
    pub(super) _reason: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Targets {
    pub(super) task: String,
    pub(super) instance: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    pub(super) instance: String,
}

impl Scenario {
    /// Reads a scenario; the error says what is wrong, in English.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let json: Json = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        let scenario: Self = serde_json::from_value(json).map_err(|error| error.to_string())?;
        if scenario.format != FORMAT {
            return Err(format!("expected the format {FORMAT}, but found {:?}", scenario.format));
        }
        for (at, step) in scenario.steps.iter().enumerate() {
            step.check().map_err(|reason| format!("step {at}: {reason}"))?;
        }
        Ok(scenario)
    }
}

impl Step {
    /// What the shape alone does not say.
    fn check(&self) -> Result<(), String> {
        match self {
            Self::Advance(advance) if advance.by.is_some() == advance.to.is_some() => {
                Err("advance: give by or to".to_owned())
            }
            Self::Modify(modify) => modify.instructions.iter().try_for_each(Order::check),
            _ => Ok(()),
        }
    }
}

impl Order {
    fn check(&self) -> Result<(), String> {
        let given = [
            self.cancel.is_some(),
            self.cancel_one.is_some(),
            self.cancel_instance.is_some(),
            self.start_before.is_some(),
            self.start_after.is_some(),
            self.take_flow.is_some(),
            self.moved.is_some(),
        ];
        if given.iter().filter(|given| **given).count() != 1 {
            return Err("modify: each instruction does exactly one thing".to_owned());
        }
        if self.whole.is_some() && self.start_before.is_none() {
            return Err("modify: whole belongs beside start_before".to_owned());
        }
        Ok(())
    }
}
