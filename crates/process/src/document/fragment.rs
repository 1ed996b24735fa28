//! A new element to be put into a document.

use crate::model::{BPMN_NS, MC_NS};

/// A new element with its attributes, text and children. Prefixes are chosen by the document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fragment {
    pub(super) namespace: String,
    pub(super) local: String,
    pub(super) attributes: Vec<(String, String, String)>,
    pub(super) text: String,
    pub(super) children: Vec<Self>,
}

impl Fragment {
    /// An element of a namespace.
    #[must_use]
    pub fn new(namespace: &str, local: &str) -> Self {
        Self { namespace: namespace.to_owned(), local: local.to_owned(), ..Self::default() }
    }

    /// An element of BPMN.
    #[must_use]
    pub fn bpmn(local: &str) -> Self {
        Self::new(BPMN_NS, local)
    }

    /// With an attribute that has no prefix.
    #[must_use]
    pub fn with(self, local: &str, value: &str) -> Self {
        self.with_in("", local, value)
    }

    /// With an attribute of this program's own namespace.
    #[must_use]
    pub fn mc(self, local: &str, value: &str) -> Self {
        self.with_in(MC_NS, local, value)
    }

    /// With an attribute of a namespace.
    #[must_use]
    pub fn with_in(mut self, namespace: &str, local: &str, value: &str) -> Self {
        self.attributes.push((namespace.to_owned(), local.to_owned(), value.to_owned()));
        self
    }

    /// With text.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    /// With an element inside.
    #[must_use]
    pub fn child(mut self, child: Self) -> Self {
        self.children.push(child);
        self
    }
}
