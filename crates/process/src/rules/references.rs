//! Ids are unique, and references name what is in the file.

use super::Check;
use crate::model::{BPMN_NS, Element};
use crate::xml::is_prefix_or_local;

/// A reference: its name, what it may name (nothing: anything; `*` begins an ending), and the rule
/// that is broken when it names nothing (none: it may name something of another file).
type Reference = (&'static str, &'static str, &'static str);

const LOST: &str = "dangling-reference";
/// Other engines read these as a name or code when nothing is declared.
const UNDECLARED: &str = "undeclared-event";
/// These tell a detail.
const DETAIL: &str = "dangling-detail";

/// Attributes that are references.
const ATTRIBUTES: &[Reference] = &[
    ("activityRef", "", LOST),
    ("attachedToRef", "", LOST),
    ("default", "sequenceFlow", LOST),
    ("processRef", "process", LOST),
    ("dataObjectRef", "dataObject", LOST),
    ("dataStoreRef", "dataStore", LOST),
    (
        "calledElement",
        "process globalTask globalUserTask globalManualTask globalScriptTask \
         globalBusinessRuleTask",
        "",
    ),
    ("messageRef", "message", UNDECLARED),
    ("signalRef", "signal", UNDECLARED),
    ("errorRef", "error", UNDECLARED),
    ("escalationRef", "escalation", UNDECLARED),
    ("operationRef", "operation", DETAIL),
    ("itemSubjectRef", "itemDefinition", DETAIL),
    ("itemRef", "itemDefinition", DETAIL),
    ("categoryValueRef", "categoryValue", DETAIL),
    ("partitionElementRef", "", DETAIL),
    ("oneBehaviorEventRef", "*EventDefinition", DETAIL),
    ("noneBehaviorEventRef", "*EventDefinition", DETAIL),
    ("correlationPropertyRef", "correlationProperty", DETAIL),
    ("definitionalCollaborationRef", "collaboration choreography globalConversation", DETAIL),
    ("bpmnElement", "", DETAIL),
    ("initiatingParticipantRef", "", DETAIL),
];

/// Elements whose text is a reference.
const TEXTS: &[Reference] = &[
    ("flowNodeRef", "", LOST),
    ("eventDefinitionRef", "*EventDefinition", LOST),
    ("incoming", "sequenceFlow", LOST),
    ("outgoing", "sequenceFlow", LOST),
    ("operationRef", "operation", DETAIL),
    ("inMessageRef", "message", DETAIL),
    ("outMessageRef", "message", DETAIL),
    ("interfaceRef", "interface", DETAIL),
    ("participantRef", "participant", DETAIL),
    ("dataInputRefs", "dataInput", DETAIL),
    ("dataOutputRefs", "dataOutput", DETAIL),
    ("optionalInputRefs", "dataInput", DETAIL),
    ("optionalOutputRefs", "dataOutput", DETAIL),
    ("whileExecutingInputRefs", "dataInput", DETAIL),
    ("whileExecutingOutputRefs", "dataOutput", DETAIL),
    ("inputSetRefs", "inputSet", DETAIL),
    ("outputSetRefs", "outputSet", DETAIL),
    ("loopDataInputRef", "", DETAIL),
    ("loopDataOutputRef", "", DETAIL),
    ("innerParticipantRef", "participant", DETAIL),
    ("outerParticipantRef", "participant", DETAIL),
    ("supportedInterfaceRef", "interface", DETAIL),
];

impl Check<'_, '_> {
    pub(super) fn references(&mut self) {
        let view = self.view;
        for element in &view.duplicates {
            let drawn = element.namespace != BPMN_NS;
            let code = if drawn { "duplicate-diagram-id" } else { "duplicate-id" };
            self.note(code, element, element.attr("id").unwrap_or_default());
        }
        for node in view.nodes.iter().filter(|node| node.id.is_empty()) {
            self.note("missing-id", node.element, "");
        }
        for process in view.processes.iter().filter(|process| process.id.is_empty()) {
            self.note("missing-id", process.element, "");
        }
        let imports = view.root.bpmn("import").next().is_some();
        self.references_in(view.root, imports);
        self.joined_ends(imports);
        self.used_names();
    }

    fn references_in(&mut self, element: &Element, imports: bool) {
        let bpmn = element.namespace == BPMN_NS;
        let diagram = element.namespace.starts_with("http://www.omg.org/spec/");
        if bpmn && element.local == "extensionElements" {
            return;
        }
        if diagram {
            if let Some(id) = element.attr("id").filter(|id| !is_prefix_or_local(id)) {
                self.note("invalid-id", element, id);
            }
            for attribute in element.attributes.iter().filter(|a| a.namespace.is_empty()) {
                let (name, value) = (attribute.local.as_str(), attribute.value.as_str());
                let known = ATTRIBUTES.iter().find(|reference| reference.0 == name);
                if let Some(reference) = known.filter(|_| !is_schema_type(value)) {
                    self.judge(element, reference, value, imports);
                }
            }
        }
        if bpmn && let Some(reference) = TEXTS.iter().find(|known| known.0 == element.local) {
            self.judge(element, reference, &element.text, imports);
        }
        for child in &element.children {
            self.references_in(child, imports);
        }
    }

    /// The kind of what a reference names; `Err` when it names nothing, `Ok("")` when it cannot be
    /// judged because it may stand in an imported file.
    fn named(&self, reference: &str, imports: bool) -> Result<String, ()> {
        let reference = reference.trim();
        if reference.is_empty() {
            return Ok(String::new());
        }
        match self.view.element(reference) {
            Some(found) => Ok(found.local.clone()),
            None if imports && reference.contains(':') => Ok(String::new()),
            None => Err(()),
        }
    }

    fn judge(&mut self, element: &Element, known: &Reference, text: &str, imports: bool) {
        let (name, kinds, code) = *known;
        let text = text.trim();
        let Ok(kind) = self.named(text, imports) else {
            return self.note(code, element, &format!("{name} {text:?}"));
        };
        let fits = |allowed: &str| match allowed.strip_prefix('*') {
            Some(ending) => kind.ends_with(ending),
            None => kind == allowed,
        };
        if !kind.is_empty() && !kinds.is_empty() && !kinds.split(' ').any(fits) {
            let wrong = if code == DETAIL { "wrong-detail" } else { "wrong-reference" };
            self.note(wrong, element, &format!("{name} {text:?} → {kind}"));
        }
    }

    /// The ends of sequence flows, message flows and associations.
    fn joined_ends(&mut self, imports: bool) {
        let view = self.view;
        for flow in &view.flows {
            for (code, end) in [("missing-source", flow.source), ("missing-target", flow.target)] {
                if end.is_empty() || view.element(end).is_none() {
                    self.note(code, flow.element, &format!("{end:?}"));
                }
            }
        }
        let messages =
            view.message_flows.iter().map(|flow| (flow.element, flow.source, flow.target));
        let associations = view.associations.iter().map(|a| (a.element, a.source, a.target));
        for (element, source, target) in messages.chain(associations) {
            for (code, end) in [("missing-source", source), ("missing-target", target)] {
                if end.is_empty() {
                    self.note(code, element, "\"\"");
                } else if self.named(end, imports).is_err() {
                    self.note("dangling-reference", element, &format!("{end:?}"));
                }
            }
        }
        for node in &view.nodes {
            for data in &node.data {
                for end in data.sources.iter().chain(&data.target) {
                    if self.named(end, imports).is_err() {
                        self.note("dangling-reference", data.element, &format!("{end:?}"));
                    }
                }
            }
        }
    }

    /// Messages and signals that events wait for are found by name.
    fn used_names(&mut self) {
        let view = self.view;
        let mut noted = std::collections::HashSet::new();
        for node in &view.nodes {
            if !self.executed(node.owner) {
                continue;
            }
            let references = node.triggers.iter().filter_map(|trigger| trigger.reference());
            for declared in references.filter_map(|reference| view.declaration(reference)) {
                let kind = declared.element.local.as_str();
                let unnamed = declared.name.trim().is_empty();
                if unnamed && matches!(kind, "message" | "signal") && noted.insert(declared.id) {
                    self.note("missing-name", declared.element, kind);
                }
            }
        }
    }
}

/// Types of XML Schema are told without a declaration.
fn is_schema_type(reference: &str) -> bool {
    let prefix = reference.trim().split_once(':').map(|(prefix, _)| prefix);
    prefix.is_some_and(|prefix| matches!(prefix, "xs" | "xsd"))
}
