//! Edits of single fields of a row: name, kind, time, outcomes.

use super::{StepKind, Time, rows};
use crate::bpmn::{Definitions, Kind};
use crate::document::{Document, EditError, EditReason};
use crate::limits;
use crate::model::MC_NS;
use crate::profile::{is_duration, is_key};

/// The attributes of ours that a kind of task may have, and the BPMN name of the kind.
const KINDS: &[(&str, &[&str])] = &[
    ("userTask", &["kind", "outcomes", "limitShare", "limit"]),
    ("serviceTask", &["job", "wait", "limitShare", "limit"]),
    ("manualTask", &[]),
];
const OURS: &[&str] = &["kind", "outcomes", "job", "wait", "limitShare", "limit"];

impl Document {
    pub(super) fn rename(&mut self, id: &str, name: &str) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let element = view.element(id).ok_or_else(|| EditError::NoSuchElement(id.to_owned()))?;
        let named = element.is_bpmn("sequenceFlow")
            || element.is_bpmn("lane")
            || element.is_bpmn("process")
            || element.is_bpmn("participant")
            || (element.namespace == crate::model::BPMN_NS && Kind::of(&element.local).is_some());
        if !named {
            return Err(EditError::refused(id, EditReason::ReadOnly));
        }
        self.set_or_remove(id, "", "name", Some(name).filter(|name| !name.is_empty()))
    }

    pub(super) fn set_step_kind(&mut self, id: &str, kind: &StepKind) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let node = view.node(id).ok_or_else(|| EditError::NoSuchElement(id.to_owned()))?;
        let task =
            matches!(node.kind, Kind::Task | Kind::UserTask | Kind::ServiceTask | Kind::ManualTask);
        if !task {
            return Err(EditError::refused(id, EditReason::ReadOnly));
        }
        let (local, attributes) = kind_attributes(id, kind)?;
        let known = KINDS.iter().find(|(name, _)| *name == local).map_or(&[][..], |(_, all)| all);
        for name in OURS.iter().filter(|name| !known.contains(name)) {
            self.remove_attribute(id, MC_NS, name)?;
        }
        if node.element.local != local {
            self.set_kind(id, local)?;
        }
        for (name, value) in attributes {
            self.set_or_remove(id, MC_NS, name, value.as_deref())?;
        }
        Ok(())
    }

    pub(super) fn set_time(&mut self, id: &str, time: Option<&Time>) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let node = view.node(id).ok_or_else(|| EditError::NoSuchElement(id.to_owned()))?;
        if rows::timer(node).is_some() {
            return self.set_timer(id, time);
        }
        if !matches!(node.kind, Kind::UserTask | Kind::ServiceTask) {
            return Err(EditError::refused(id, EditReason::ReadOnly));
        }
        let (limit, share) = time_attributes(id, time)?;
        self.set_or_remove(id, MC_NS, "limit", limit.as_deref())?;
        self.set_or_remove(id, MC_NS, "limitShare", share.as_deref())
    }

    /// The duration of a timer that has one already.
    fn set_timer(&mut self, id: &str, time: Option<&Time>) -> Result<(), EditError> {
        let Some(Time::Limit(text)) = time else {
            let found = time.map(told).unwrap_or_default();
            return Err(EditError::refused(id, EditReason::Time(found)));
        };
        time_attributes(id, time)?;
        let path = self.inside(id, &["timerEventDefinition", "timeDuration"]);
        let path = path.ok_or_else(|| EditError::refused(id, EditReason::ReadOnly))?;
        self.set_text_at(&path, text)
    }

    pub(super) fn set_outcomes(&mut self, id: &str, outcomes: &[String]) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let node = view.node(id).ok_or_else(|| EditError::NoSuchElement(id.to_owned()))?;
        if node.kind != Kind::UserTask {
            return Err(EditError::refused(id, EditReason::ReadOnly));
        }
        let list = outcomes_text(id, outcomes)?;
        self.set_or_remove(id, MC_NS, "outcomes", list.as_deref())
    }

    /// Sets an attribute, or takes it away; one that says the same already stays as written.
    pub(super) fn set_or_remove(
        &mut self,
        id: &str,
        namespace: &str,
        local: &str,
        value: Option<&str>,
    ) -> Result<(), EditError> {
        if self.attribute(id, namespace, local).as_deref() == value {
            return Ok(());
        }
        match value {
            Some(value) => self.set_attribute(id, namespace, local, value),
            None => self.remove_attribute(id, namespace, local).map(drop),
        }
    }
}

/// The BPMN name of a kind of step and its own attributes.
pub(super) fn kind_attributes(
    id: &str,
    kind: &StepKind,
) -> Result<(&'static str, Vec<(&'static str, Option<String>)>), EditError> {
    Ok(match kind {
        StepKind::User { kind } => ("userTask", vec![("kind", key(id, kind.as_deref())?)]),
        StepKind::Service { job, wait } => {
            let wait = wait.then(|| "true".to_owned());
            ("serviceTask", vec![("job", key(id, job.as_deref())?), ("wait", wait)])
        }
        StepKind::Manual => ("manualTask", Vec::new()),
        _ => return Err(EditError::refused(id, EditReason::ReadOnly)),
    })
}

/// A key of ours as it is given, if it is spelt as a key.
pub(super) fn key(id: &str, word: Option<&str>) -> Result<Option<String>, EditError> {
    match word {
        Some(word) if !is_key(word) => {
            Err(EditError::refused(id, EditReason::Key(word.to_owned())))
        }
        word => Ok(word.map(str::to_owned)),
    }
}

/// `mc:limit` and `mc:limitShare`.
pub(super) fn time_attributes(
    id: &str,
    time: Option<&Time>,
) -> Result<(Option<String>, Option<String>), EditError> {
    match time {
        None => Ok((None, None)),
        Some(Time::Limit(text)) if is_duration(text) => Ok((Some(text.clone()), None)),
        Some(Time::Share(share)) if (1..=100).contains(share) => {
            Ok((None, Some(share.to_string())))
        }
        Some(other) => Err(EditError::refused(id, EditReason::Time(told(other)))),
    }
}

/// `mc:outcomes`; `None` for none.
pub(super) fn outcomes_text(id: &str, outcomes: &[String]) -> Result<Option<String>, EditError> {
    for (at, outcome) in outcomes.iter().enumerate() {
        key(id, Some(outcome))?;
        if at >= limits::OUTCOMES || outcomes.iter().take(at).any(|known| known == outcome) {
            return Err(EditError::refused(id, EditReason::Outcomes));
        }
    }
    Ok((!outcomes.is_empty()).then(|| outcomes.join(",")))
}

fn told(time: &Time) -> String {
    match time {
        Time::Limit(text) | Time::Written(text) => text.clone(),
        Time::Share(share) => format!("{share} %"),
    }
}
