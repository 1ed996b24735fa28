//! Elements and attributes are those of the BPMN schema.

use std::collections::{HashMap, HashSet};

use super::Check;
use super::schema_table::{BOOLEANS, GROUPS, ONCE, ROWS, VALUES};
use crate::model::{BPMN_NS, Element};

/// The content model of one element.
struct Model {
    attributes: HashSet<&'static str>,
    children: HashSet<&'static str>,
    required_attributes: Vec<&'static str>,
    required_children: Vec<&'static str>,
    /// Any markup may stand inside.
    free: bool,
}

impl Check<'_, '_> {
    pub(super) fn schema(&mut self) {
        let models: HashMap<&str, Model> = ROWS
            .iter()
            .map(|(name, attributes, children)| (*name, model(attributes, children)))
            .collect();
        self.schema_of(self.view.root, &models);
    }

    fn schema_of(&mut self, element: &Element, models: &HashMap<&str, Model>) {
        let Some(model) = models.get(element.local.as_str()) else {
            // Choreographies and conversations are kept without being judged in their details.
            return;
        };
        self.attributes(element, model);
        if model.free {
            return;
        }
        for child in &element.children {
            let local = child.local.as_str();
            if child.namespace != BPMN_NS {
                let diagram = child.namespace == "http://www.omg.org/spec/BPMN/20100524/DI";
                if !(element.local == "definitions" && diagram) {
                    self.note("unknown-element", child, local);
                }
            } else if model.children.contains(local) {
                self.schema_of(child, models);
            } else {
                self.note("unknown-element", child, local);
            }
        }
        for name in &model.required_children {
            if element.bpmn(name).next().is_none() {
                self.note("missing-element", element, name);
            }
        }
        self.repeated(element);
    }

    /// Elements that stand once, and the two ways of repetition, of which one is taken.
    fn repeated(&mut self, element: &Element) {
        let mut seen: Vec<&str> = Vec::new();
        for child in element.children.iter().filter(|child| child.namespace == BPMN_NS) {
            let local = child.local.as_str();
            let Some(name) = ONCE.iter().find(|name| **name == local) else { continue };
            let name = if name.ends_with("LoopCharacteristics") { "loop" } else { name };
            if seen.contains(&name) {
                self.note("repeated-element", element, local);
            }
            seen.push(name);
            // A hostile file repeats without end; one finding is enough to refuse it.
            if seen.len() > ONCE.len() {
                break;
            }
        }
    }

    fn attributes(&mut self, element: &Element, model: &Model) {
        for attribute in element.attributes.iter().filter(|a| a.namespace.is_empty()) {
            let (name, value) = (attribute.local.as_str(), attribute.value.trim());
            if !model.attributes.contains(name) {
                self.note("unknown-attribute", element, name);
                continue;
            }
            let listed = VALUES.iter().find(|(known, _)| *known == name);
            let boolean = matches!(value, "true" | "false" | "1" | "0");
            let fits = match listed {
                Some((_, values)) => values.split(' ').any(|known| known == value),
                None if BOOLEANS.contains(&name) => boolean,
                None if name == "loopMaximum" => value.parse::<i64>().is_ok(),
                None => true,
            };
            if !fits {
                self.note("invalid-value", element, &format!("{name}={value:?}"));
            }
        }
        for name in &model.required_attributes {
            if element.attr(name).is_none() {
                self.note("missing-attribute", element, name);
            }
        }
    }
}

fn model(attributes: &'static str, children: &'static str) -> Model {
    let mut model = Model {
        attributes: HashSet::new(),
        children: HashSet::new(),
        required_attributes: Vec::new(),
        required_children: Vec::new(),
        free: children == "#",
    };
    words(attributes, &mut model.attributes, &mut model.required_attributes);
    words(children, &mut model.children, &mut model.required_children);
    model
}

/// Takes in words, groups opened.
fn words(text: &'static str, all: &mut HashSet<&'static str>, required: &mut Vec<&'static str>) {
    for word in text.split_whitespace() {
        if let Some((_, group)) = GROUPS.iter().find(|(name, _)| *name == word) {
            words(group, all, required);
            continue;
        }
        let name = word.trim_end_matches('*');
        all.insert(name);
        if name != word {
            required.push(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_is_known() {
        let texts = ROWS.iter().flat_map(|row| [row.1, row.2]).chain(GROUPS.iter().map(|g| g.1));
        for word in texts.flat_map(str::split_whitespace).filter(|word| word.starts_with('$')) {
            let known = GROUPS.iter().any(|(name, _)| *name == word.trim_end_matches('*'));
            assert!(known, "{word}");
        }
    }
}
