//! Activities: repetition, quantities, calls, sub-processes.

use std::collections::{HashMap, HashSet};

use super::Check;
use crate::bpmn::{Kind, Loop, Node};
use crate::model::{BPMN_NS, Element};

impl Check<'_, '_> {
    pub(super) fn activities(&mut self) {
        let view = self.view;
        let mut held: HashSet<usize> = HashSet::new();
        let mut starts: HashMap<usize, (usize, usize)> = HashMap::new();
        for node in &view.nodes {
            if let Some(parent) = node.owner.parent {
                if node.kind.is_activity() {
                    held.insert(parent);
                }
            } else if node.kind == Kind::StartEvent {
                let (plain, all) = starts.entry(node.owner.process).or_default();
                *all += 1;
                *plain += usize::from(node.triggers.is_empty());
            }
        }
        let plain: HashMap<&str, bool> = view
            .processes
            .iter()
            .enumerate()
            .map(|(ix, process)| {
                let (plain, all) = starts.get(&ix).copied().unwrap_or_default();
                (process.id, plain > 0 || all == 0)
            })
            .collect();
        for (ix, node) in view.nodes.iter().enumerate() {
            if node.kind == Kind::Choreography {
                self.note("choreography-in-process", node.element, "");
            }
            if node.kind.is_activity() {
                self.activity(node);
                self.called(node, &plain);
            }
            if node.kind == Kind::AdHocSubProcess && !held.contains(&ix) {
                self.note("ad-hoc-empty", node.element, "");
            }
            let parent = view.parent_of(node.owner).map(|parent| parent.kind);
            let bound = matches!(node.kind, Kind::StartEvent | Kind::EndEvent);
            if parent == Some(Kind::AdHocSubProcess) && bound {
                self.note("ad-hoc-events", node.element, "");
            }
        }
    }

    fn activity(&mut self, node: &Node<'_>) {
        for attribute in ["startQuantity", "completionQuantity"] {
            if let Err(text) = node.quantity(attribute) {
                self.note("quantity", node.element, &format!("{attribute}={text:?}"));
            }
        }
        if node.kind == Kind::ReceiveTask && node.instantiates() && !node.incoming.is_empty() {
            self.note("instantiate-incoming", node.element, "");
        }
        if node.kind.is_sub_process() && node.element.bpmn("ioSpecification").next().is_some() {
            self.note("io-in-sub-process", node.element, "");
        }
        let Some(Loop::Multi { element, cardinality, collection, behavior, .. }) = node.looping
        else {
            return;
        };
        let counted = cardinality.is_some_and(|cardinality| !cardinality.text.is_empty());
        let listed = collection.is_some() || vendor_collection(element);
        if !counted && !listed && self.executed(node.owner) {
            self.note_at("multi-instance-without-count", node.element, element.line, "");
        }
        let told = match behavior {
            "One" => element.attr("oneBehaviorEventRef").is_some(),
            "None" => element.attr("noneBehaviorEventRef").is_some(),
            "Complex" => element.bpmn("complexBehaviorDefinition").next().is_some(),
            _ => true,
        };
        if !told {
            self.note_at("behavior-without-event", node.element, element.line, behavior);
        }
    }

    fn called(&mut self, node: &Node<'_>, plain: &HashMap<&str, bool>) {
        if node.kind != Kind::CallActivity {
            return;
        }
        match node.called().map(|called| self.view.resolve(called)) {
            Some(called) if plain.get(called) == Some(&false) => {
                self.note("called-process-start", node.element, called);
            }
            None if self.executed(node.owner) && !vendor_call(node.element) => {
                self.note("missing-called-element", node.element, "");
            }
            _ => {}
        }
    }
}

/// A collection told in a vendor's attribute (`camunda:collection`) or extension element
/// (`zeebe:loopCharacteristics inputCollection`).
fn vendor_collection(characteristics: &Element) -> bool {
    let attribute = |name: &str| {
        let found = characteristics.attributes.iter();
        found.filter(|a| !a.namespace.is_empty()).any(|a| a.local == name && !a.value.is_empty())
    };
    let mut inside = characteristics.bpmn("extensionElements").flat_map(|part| &part.children);
    attribute("collection")
        || inside.any(|part| {
            let own = part.namespace == BPMN_NS;
            part.attr("inputCollection").is_some() || (!own && part.local == "collection")
        })
}

/// A call told in a vendor's attribute (`camunda:caseRef`) or element (`zeebe:calledElement`).
fn vendor_call(activity: &Element) -> bool {
    let mut attributes = activity.attributes.iter().filter(|a| !a.namespace.is_empty());
    let mut inside = activity.bpmn("extensionElements").flat_map(|part| &part.children);
    attributes.any(|a| a.local == "caseRef" || a.local == "calledElement" || a.local == "process")
        || inside.any(|part| part.local == "calledElement")
}
