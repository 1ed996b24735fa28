//! Compiles repetitions: standard loops and multi-instance.

use crate::bpmn::{Expression, Loop, Node as Drawn};
use crate::definition::Node;
use crate::expr::Code;
use crate::model::Element;
use crate::problem::OUTSIDE_PROFILE;
use crate::repeat::{Behavior, Multi, Repeat};
use crate::trigger::Trigger;

use super::{Build, code, vendor};

impl<'a> Build<'a> {
    pub(super) fn repeat(&mut self, drawn: &Drawn<'a>, node: &mut Node) {
        let Some(looping) = drawn.looping else { return };
        let repeat = match looping {
            Loop::Standard { test_before, maximum, condition, .. } => {
                let maximum = match maximum.map(|text| text.trim().parse::<u32>()) {
                    None => None,
                    Some(Ok(maximum)) => Some(maximum),
                    Some(Err(_)) => {
                        let reason = "loopMaximum: expected a number".to_owned();
                        self.refuse(drawn.element, code::STRUCTURE, reason);
                        None
                    }
                };
                let condition = condition.filter(|condition| !condition.text.is_empty());
                let condition = condition.and_then(|found| self.code(drawn.element, found, true));
                Repeat::Loop { condition, maximum, test_before }
            }
            Loop::Multi { .. } => match self.multi(drawn, looping) {
                Some(multi) => Repeat::Multi(Box::new(multi)),
                None => return,
            },
        };
        node.repeat = Some(Box::new(repeat));
    }

    fn code(&mut self, owner: &Element, found: Expression<'_>, truth: bool) -> Option<Code> {
        let parse = if truth { Code::condition } else { Code::parse };
        match parse(found.text, self.dialect) {
            Ok(code) => Some(code),
            Err(reason) => {
                self.refuse_part(owner, code::EXPRESSION, "expression", found.line, reason);
                None
            }
        }
    }

    fn multi(&mut self, drawn: &Drawn<'a>, looping: Loop<'a>) -> Option<Multi> {
        let Loop::Multi { element, sequential, cardinality, collection, completion, behavior } =
            looping
        else {
            return None;
        };
        let owner = drawn.element;
        let filled = |found: &Expression<'_>| !found.text.is_empty();
        let cardinality = cardinality.filter(filled);
        let complete = completion.filter(filled);
        let mut multi = Multi {
            sequential,
            cardinality: cardinality.and_then(|found| self.code(owner, found, false)),
            complete: complete.and_then(|found| self.code(owner, found, true)),
            ..Multi::default()
        };
        let vendored = vendor::extensions(element, "loopCharacteristics").next();
        let named = collection.map(|reference| self.data_name(reference));
        let text = vendor::attribute(element, "collection")
            .or_else(|| vendored.and_then(|found| found.attr("inputCollection")))
            .map(str::to_owned)
            .or(named);
        if let Some(text) = text {
            let found = Expression { text: &text, language: None, line: element.line };
            multi.collection = self.code(owner, found, false);
        }
        let item = vendor::attribute(element, "elementVariable")
            .or_else(|| vendor::attribute(element, "item"))
            .or_else(|| vendored.and_then(|found| found.attr("inputElement")))
            .map(str::to_owned);
        let drawn_item = element.bpmn("inputDataItem").next();
        multi.item = item
            .or_else(|| drawn_item.and_then(|i| i.attr("name").or(i.attr("id"))).map(Into::into));
        let output = vendored.and_then(|found| {
            Some((found.attr("outputCollection")?, found.attr("outputElement")?))
        });
        let ours = vendor::attribute(element, "output").zip(vendor::attribute(element, "gather"));
        if let Some((name, value)) = output.or(ours.map(|(value, name)| (name, value))) {
            let found = Expression { text: value, language: None, line: element.line };
            multi.output = self.code(owner, found, false).map(|code| (name.to_owned(), code));
        }
        if multi.cardinality.is_none() && multi.collection.is_none() {
            let reason = "it has neither a number of instances nor a collection".to_owned();
            let (code, kind) = ("missing-cardinality", element.local.as_str());
            self.refuse_part(owner, code, kind, element.line, reason);
        }
        multi.behavior = self.behavior(owner, element, behavior);
        Some(multi)
    }

    /// The name under which data is read: of the object referred to, or the reference itself.
    fn data_name(&self, reference: &'a str) -> String {
        let view = self.view;
        let found = |id: &str| view.data.iter().find(|data| data.id == id);
        let mut id = view.resolve(reference);
        // A data input of the activity is filled by an association.
        for node in &view.nodes {
            for association in node.data.iter().filter(|a| a.input && a.target == Some(id)) {
                if let Some(source) = association.sources.first() {
                    id = source;
                }
            }
        }
        match found(id) {
            Some(data) if !data.name.is_empty() => data.name.clone(),
            _ => id.to_owned(),
        }
    }

    fn behavior(&mut self, owner: &Element, element: &'a Element, behavior: &str) -> Behavior {
        match behavior {
            "All" => Behavior::All,
            "None" | "One" => {
                let attribute =
                    if behavior == "One" { "oneBehaviorEventRef" } else { "noneBehaviorEventRef" };
                let named = element.attr(attribute).and_then(|id| self.view.element(id));
                let Some(trigger) = named.and_then(|event| self.thrown(event)) else {
                    return Behavior::All;
                };
                if behavior == "One" { Behavior::One(trigger) } else { Behavior::None(trigger) }
            }
            "Complex" => {
                let mut parts = Vec::new();
                for part in element.bpmn("complexBehaviorDefinition") {
                    let condition = part.bpmn("condition").next().map(Expression::of);
                    let condition = condition.and_then(|found| self.code(owner, found, true));
                    let events = part.bpmn("event").flat_map(|event| &event.children);
                    let trigger = events.into_iter().find_map(|event| self.thrown(event));
                    let none = Trigger::Signal(String::new());
                    parts.extend(condition.map(|c| (c, trigger.unwrap_or(none))));
                }
                Behavior::Complex(parts)
            }
            other => {
                let reason = format!("behavior={other:?} is not executed");
                self.refuse(owner, OUTSIDE_PROFILE, reason);
                Behavior::All
            }
        }
    }

    /// The event that an instance throws: a signal or a message.
    fn thrown(&self, event: &'a Element) -> Option<Trigger> {
        let name = |attribute: &str| {
            let reference = event.attr(attribute)?;
            let found = self.view.declaration(reference)?;
            Some(if found.name.is_empty() { found.id } else { found.name }.to_owned())
        };
        match event.local.as_str() {
            "signalEventDefinition" => name("signalRef").map(Trigger::Signal),
            "messageEventDefinition" => name("messageRef").map(Trigger::Message),
            _ => None,
        }
    }
}
