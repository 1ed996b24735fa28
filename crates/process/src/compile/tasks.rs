//! Compiles what activities do: jobs, scripts, decisions, calls, messages, and our own attributes.

use crate::bpmn::{Kind, Node as Drawn};
use crate::definition::{Node, NodeKind};
use crate::dialect::{Dialect, Script as Written};
use crate::expr::Code;
use crate::limits;
use crate::model::{Element, MC_NS};
use crate::profile;
use crate::trigger::{Called, Script, Trigger};

use super::{Build, code, vendor};

/// The variable that the betsy suite counts with.
const COUNTER: &str = "integerVariable";
/// The variable, property or data object that the betsy suite writes and reads.
const DATA: &str = "data";

impl<'a> Build<'a> {
    /// What the activity does when a token comes.
    pub(super) fn work(&mut self, drawn: &Drawn<'a>, node: &mut Node) {
        let element = drawn.element;
        match drawn.kind {
            Kind::ScriptTask => self.scripted(element, node),
            Kind::SendTask | Kind::ReceiveTask => {
                let reference = element.attr("messageRef").filter(|id| !id.trim().is_empty());
                node.triggers = vec![Trigger::Message(self.message(drawn, reference))];
            }
            Kind::CallActivity => node.called = self.called(drawn),
            Kind::BusinessRuleTask => {
                let decision = vendor::attribute(element, "decision")
                    .or_else(|| vendor::attribute(element, "decisionRef"))
                    .or_else(|| {
                        let called = vendor::extensions(element, "calledDecision").next();
                        called.and_then(|found| found.attr("decisionId"))
                    });
                let result = self.result(element, "calledDecision");
                node.decision = decision.map(|decision| (decision.to_owned(), result));
            }
            _ => {}
        }
        if drawn.kind == Kind::AdHocSubProcess {
            self.adhoc(element, node);
        }
        for input in [true, false] {
            let mut codes = Vec::new();
            for (name, text) in vendor::mappings(element, input) {
                codes.extend(self.value(element, &text).map(|code| (name, code)));
            }
            if input {
                node.inputs = codes;
            } else {
                node.outputs = codes;
            }
        }
    }

    /// A value in an extension: an expression, or in other dialects plain text.
    fn value(&mut self, owner: &Element, text: &str) -> Option<Code> {
        let plain = self.dialect == Dialect::Juel && !text.contains("${") && !text.contains("#{");
        if plain {
            return Some(Code::fixed(text.into()));
        }
        match Code::parse(text, self.dialect) {
            Ok(code) => Some(code),
            Err(reason) => {
                self.refuse(owner, code::EXPRESSION, reason);
                None
            }
        }
    }

    fn result(&self, element: &Element, extension: &str) -> Option<String> {
        let found = vendor::attribute(element, "result")
            .or_else(|| vendor::attribute(element, "resultVariable"))
            .or_else(|| vendor::extensions(element, extension).next()?.attr("resultVariable"));
        found.map(str::to_owned)
    }

    pub(super) fn scripted(&mut self, element: &'a Element, node: &mut Node) {
        node.script = self.script(element);
        if let Some(Script::Wait { duration, .. }) = &node.script {
            node.timer = Some(crate::TimerSpec::Duration(duration.clone()));
        }
    }

    fn script(&mut self, element: &'a Element) -> Option<Script> {
        let written = element.bpmn("script").next();
        let written = written.map(|script| (script.text.as_str(), script.line));
        let vendored = vendor::extensions(element, "script").next();
        let vendored = vendored.and_then(|script| Some((script.attr("expression")?, script.line)));
        let Some((text, line)) = vendored.or(written) else {
            return Some(Script::Nothing);
        };
        if text.trim().is_empty() {
            return Some(Script::Nothing);
        }
        let format = element.attr("scriptFormat").unwrap_or_default().to_ascii_lowercase();
        if self.dialect == Dialect::Feel && !(format.is_empty() || format.contains("feel")) {
            let reason = format!("expected a script in FEEL, but its format is {format}");
            self.refuse_part(element, crate::problem::OUTSIDE_PROFILE, "script", line, reason);
            return None;
        }
        let written = self.dialect.script(text).and_then(|written| {
            Ok(match written {
                Written::Nothing => Script::Nothing,
                Written::Mark(mark) => Script::Mark(mark),
                Written::Increment { mark } => Script::Count { name: COUNTER.to_owned(), mark },
                Written::SetData { value } => Script::Store { name: DATA.to_owned(), text: value },
                Written::LogData => Script::Tell(DATA.to_owned()),
                Written::Throw { code } => Script::Throw(code),
                Written::Wait { seconds, mark } => {
                    Script::Wait { duration: format!("PT{seconds}S"), mark }
                }
                Written::Feel(_) => Script::Feel {
                    result: self.result(element, "script"),
                    code: Code::parse(text, self.dialect)?,
                },
            })
        });
        match written {
            Ok(script) => Some(script),
            Err(reason) => {
                self.refuse_part(element, code::EXPRESSION, "script", line, reason);
                None
            }
        }
    }

    fn called(&mut self, drawn: &Drawn<'a>) -> Option<Box<Called>> {
        let element = drawn.element;
        let vendored = vendor::extensions(element, "calledElement").next();
        let text = drawn.called().or_else(|| vendored.and_then(|found| found.attr("processId")));
        let Some(text) = text else {
            let reason = "it does not say which process it calls".to_owned();
            self.refuse(element, "missing-called-element", reason);
            return None;
        };
        let computed = text.starts_with('=') || text.contains("${") || text.contains("#{");
        let mut called =
            Called { process: self.view.resolve(text).to_owned(), ..Called::default() };
        if let Some(resolved) = text.split_once(':').filter(|_| !computed) {
            called.process = resolved.1.to_owned();
        }
        if computed {
            called.code = self.value(element, text);
        }
        called.version = self.called_version(element);
        called.asks =
            element.attr_in(MC_NS, "asks").and_then(|text| match text.strip_prefix('=') {
                Some(code) => self.value(element, code),
                None => Some(Code::fixed(text.into())),
            });
        let mut mapped = false;
        for (local, input) in [("in", true), ("out", false)] {
            for mapping in vendor::extensions(element, local) {
                mapped = true;
                if mapping.attr("variables") == Some("all") {
                    *(if input { &mut called.all_in } else { &mut called.all_out }) = true;
                    continue;
                }
                let source = mapping.attr("source").map(|name| (name, false));
                let source = source.or(mapping.attr("sourceExpression").map(|text| (text, true)));
                let Some(((source, coded), target)) = source.zip(mapping.attr("target")) else {
                    continue;
                };
                let code = if coded {
                    self.value(element, source)
                } else {
                    Code::parse(source, Dialect::Feel).ok()
                };
                let pair = code.map(|code| (target.to_owned(), code));
                (if input { &mut called.inputs } else { &mut called.outputs }).extend(pair);
            }
        }
        // Without any mapping everything goes in and out, except where other engines pass nothing.
        if !mapped && self.dialect != Dialect::Juel {
            (called.all_in, called.all_out) = (true, true);
        }
        Some(Box::new(called))
    }

    fn called_version(&mut self, element: &Element) -> Option<u32> {
        let own = element.attr_in(MC_NS, "version");
        let text = own.or_else(|| vendor::attribute(element, "calledElementVersion"))?;
        let number = text.parse().ok().filter(|number| *number > 0);
        // Other tools have other words for it, which their own attribute for the binding explains.
        if number.is_none() && own.is_some() {
            let reason = format!("mc:version: expected the number of a version, found {text:?}");
            self.refuse(element, code::EXTENSION, reason);
        }
        number
    }

    fn adhoc(&mut self, element: &'a Element, node: &mut Node) {
        node.inner.sequential = element.attr("ordering") == Some("Sequential");
        node.inner.cancel_rest = element.attr("cancelRemainingInstances") != Some("false");
        let condition = element.bpmn("completionCondition").next();
        if let Some(condition) = condition.filter(|found| !found.text.trim().is_empty()) {
            match Code::condition(&condition.text, self.dialect) {
                Ok(code) => node.inner.complete = Some(code),
                Err(reason) => {
                    let (kind, line) = (condition.local.as_str(), condition.line);
                    self.refuse_part(element, code::EXPRESSION, kind, line, reason);
                }
            }
        }
    }

    pub(super) fn task_attributes(&mut self, element: &'a Element, node: &mut Node) {
        node.task_kind = self.key(element, "kind");
        node.job = self.key(element, "job");
        node.outcomes = self.outcomes(element);
        node.waits = match element.attr_in(MC_NS, "wait") {
            Some("true") => true,
            None | Some("false") => false,
            Some(other) => {
                let reason = format!("mc:wait: expected true or false, found {other:?}");
                self.refuse(element, code::EXTENSION, reason);
                false
            }
        };
        if node.kind == NodeKind::ServiceTask && node.job.is_none() {
            if self.strict {
                let reason = "a service task names its job in mc:job".to_owned();
                self.refuse(element, code::EXTENSION, reason);
            } else {
                node.job = Some(node.id.clone());
                node.waits = true;
            }
        }
        self.limits(element, node);
    }

    fn limits(&mut self, element: &'a Element, node: &mut Node) {
        if let Some(share) = element.attr_in(MC_NS, "limitShare") {
            node.limit_share = share.parse().ok().filter(|share| (1..=100).contains(share));
            if node.limit_share.is_none() {
                let reason = format!("mc:limitShare: expected 1 to 100 percent, found {share:?}");
                self.refuse(element, code::EXTENSION, reason);
            }
        }
        if let Some(limit) = element.attr_in(MC_NS, "limit") {
            if !profile::is_duration(limit) {
                let reason = format!("mc:limit: expected P2WD or PT4WH, but found {limit:?}");
                self.refuse(element, code::EXTENSION, reason);
            } else if node.limit_share.is_some() {
                let reason = "give mc:limit or mc:limitShare, not both".to_owned();
                self.refuse(element, code::EXTENSION, reason);
            }
            node.limit = Some(limit.to_owned());
        }
    }

    pub(super) fn key(&mut self, element: &Element, local: &str) -> Option<String> {
        let key = element.attr_in(MC_NS, local)?;
        if profile::is_key(key) {
            return Some(key.to_owned());
        }
        let reason = format!("mc:{local}: expected a key of lower-case letters, found {key:?}");
        self.refuse(element, code::EXTENSION, reason);
        None
    }

    fn outcomes(&mut self, element: &Element) -> Vec<String> {
        let Some(list) = element.attr_in(MC_NS, "outcomes") else { return Vec::new() };
        let mut outcomes: Vec<String> = Vec::new();
        for outcome in list.split(',').map(str::trim) {
            let reason = if !profile::is_key(outcome) {
                format!("mc:outcomes: {outcome:?} is not a key")
            } else if outcomes.iter().any(|known| known == outcome) {
                format!("mc:outcomes: {outcome} stands twice")
            } else if outcomes.len() >= limits::OUTCOMES {
                format!("more than {} outcomes", limits::OUTCOMES)
            } else {
                outcomes.push(outcome.to_owned());
                continue;
            };
            self.refuse(element, code::EXTENSION, reason);
            if outcomes.len() >= limits::OUTCOMES {
                break;
            }
        }
        outcomes
    }
}
