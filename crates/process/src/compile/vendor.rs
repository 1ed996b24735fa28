//! Attributes and extension elements by which other tools say the same things.

use crate::model::{BPMN_NS, Element, MC_NS};

/// The value of an attribute of ours or of another tool, by its local name.
pub(super) fn attribute<'e>(element: &'e Element, local: &str) -> Option<&'e str> {
    element.attr_in(MC_NS, local).or_else(|| {
        let foreign = element.attributes.iter().filter(|a| !a.namespace.is_empty());
        foreign.into_iter().find(|a| a.local == local).map(|a| a.value.as_str())
    })
}

/// Extension elements of an element by their local name.
pub(super) fn extensions<'e>(
    element: &'e Element,
    local: &'e str,
) -> impl Iterator<Item = &'e Element> {
    let inside = element.bpmn("extensionElements").flat_map(|extensions| &extensions.children);
    inside.filter(move |child| child.namespace != BPMN_NS && child.local == local)
}

/// What goes in and out of an activity: (name, text of the value).
pub(super) fn mappings(element: &Element, input: bool) -> Vec<(String, String)> {
    let (zeebe, camunda) =
        if input { ("input", "inputParameter") } else { ("output", "outputParameter") };
    let mut found = Vec::new();
    for mapping in extensions(element, "ioMapping").flat_map(|mapping| &mapping.children) {
        if mapping.local == zeebe {
            let (source, target) = (mapping.attr("source"), mapping.attr("target"));
            found.extend(source.zip(target).map(|(s, t)| (t.to_owned(), s.to_owned())));
        }
    }
    for mapping in extensions(element, "inputOutput").flat_map(|mapping| &mapping.children) {
        if mapping.local == camunda && mapping.children.is_empty() {
            let name = mapping.attr("name").map(str::to_owned);
            found.extend(name.map(|name| (name, mapping.text.trim().to_owned())));
        }
    }
    found
}
