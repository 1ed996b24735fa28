//! Decision models that travel inside a process file: `definitions` of DMN among the extension
//! elements of the file or of its process, so that one file, one check sum and one publication
//! carry both. Other modellers keep them as they are.

use super::read::{MODEL_NAMESPACES, Source};
use crate::model::{BPMN_NS, Element, Model};

impl Source {
    /// The decision models in a process file, in the order of the file. The first is the main one;
    /// it may import the others by their namespaces.
    #[must_use]
    pub fn within(model: &Model) -> Vec<Self> {
        let processes = model.root().children.iter().filter(|child| child.local == "process");
        let holders = std::iter::once(model.root()).chain(processes);
        let extensions = holders
            .flat_map(|holder| &holder.children)
            .filter(|child| child.local == "extensionElements" && child.namespace == BPMN_NS);
        let found = extensions.flat_map(|extension| &extension.children).filter(is_model);
        let source = |root: &Element| Self {
            file: model.file().to_owned(),
            namespace: root.attr("namespace").unwrap_or_default().to_owned(),
            root: root.clone(),
        };
        found.map(source).collect()
    }
}

fn is_model(element: &&Element) -> bool {
    element.local == "definitions" && MODEL_NAMESPACES.contains(&element.namespace.as_str())
}
