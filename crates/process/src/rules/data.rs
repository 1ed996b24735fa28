//! Data that goes in and out of activities and events.

use std::collections::{HashMap, HashSet};

use super::Check;
use crate::bpmn::Data;
use crate::model::{BPMN_NS, Element};

impl<'a> Check<'_, 'a> {
    pub(super) fn data(&mut self) {
        let view = self.view;
        let mut listed: HashSet<&str> = HashSet::new();
        references(view.root, &mut |text| {
            listed.insert(view.resolve(text));
        });
        for data in &view.data {
            let local = data.element.local.as_str();
            let port = matches!(local, "dataInput" | "dataOutput");
            if port && !listed.contains(data.id) {
                self.note("data-without-set", data.element, data.id);
            }
        }
        self.set_parts(view.root);
        let by_id: HashMap<&str, &Data<'_>> =
            view.data.iter().map(|data| (data.id, data)).collect();
        for data in view.nodes.iter().flat_map(|node| &node.data) {
            if data.element.bpmn("transformation").next().is_some() {
                continue;
            }
            let assigned = data.element.bpmn("assignment").next().is_some();
            if data.sources.len() != 1 && !(assigned && data.sources.is_empty()) {
                self.note("data-association-sources", data.element, "");
            }
            let kind = |id: &str| by_id.get(id).and_then(|data| self.structure(data, &by_id));
            let ends = data.sources.first().zip(data.target);
            let kinds = ends.and_then(|(source, target)| kind(source).zip(kind(target)));
            if let Some((source, target)) = kinds.filter(|(source, target)| source != target) {
                let detail = format!("{source:?} → {target:?}");
                self.note("data-association-types", data.element, &detail);
            }
        }
    }

    /// Optional data and data used while executing belong to the data of the same set.
    fn set_parts(&mut self, element: &Element) {
        let all = match element.local.as_str() {
            _ if element.namespace != BPMN_NS => "",
            "inputSet" => "dataInputRefs",
            "outputSet" => "dataOutputRefs",
            _ => "",
        };
        if !all.is_empty() {
            let own: HashSet<&str> = element.bpmn(all).map(|part| part.text.trim()).collect();
            let parts = element.children.iter().filter(|part| {
                part.local.starts_with("optional") || part.local.starts_with("whileExecuting")
            });
            for part in parts.filter(|part| !own.contains(part.text.trim())) {
                self.note_at("data-set-part", element, part.line, part.text.trim());
            }
        }
        for child in &element.children {
            self.set_parts(child);
        }
    }

    /// `structureRef` of the item definition of a piece of data, if it is told.
    fn structure(&self, data: &Data<'a>, by_id: &HashMap<&str, &Data<'a>>) -> Option<&'a str> {
        let held = data.element.attr("dataObjectRef").or_else(|| data.element.attr("dataStoreRef"));
        let holder = held.and_then(|held| by_id.get(self.view.resolve(held)));
        let subject = data.element.attr("itemSubjectRef");
        let subject = subject.or_else(|| holder?.element.attr("itemSubjectRef"))?;
        self.view.declaration(subject)?.element.attr("structureRef")
    }
}

/// Calls `take` with each reference of an input or output set.
fn references<'a>(element: &'a Element, take: &mut impl FnMut(&'a str)) {
    for child in &element.children {
        let set = child.namespace == BPMN_NS
            && matches!(child.local.as_str(), "dataInputRefs" | "dataOutputRefs");
        if set {
            take(&child.text);
        }
        references(child, take);
    }
}
