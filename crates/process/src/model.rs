//! A process file as read: its bytes unchanged and a tree of its elements, nothing judged yet.

use crate::document::Document;
use crate::problem::Problem;

/// Namespace of BPMN 2.0 elements.
pub(crate) const BPMN_NS: &str = "http://www.omg.org/spec/BPMN/20100524/MODEL";
/// Namespace of this program's own attributes.
pub const MC_NS: &str = "http://motcua.vn/bpmn/1";

/// A process file: the raw bytes (kept for lossless editing) and the tree read from them.
#[derive(Clone, PartialEq, Debug)]
pub struct Model {
    pub(crate) file: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) root: Element,
}

impl Model {
    /// The name of the file, as given to `read`.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The file, byte for byte.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The `definitions` element with the process and its diagram.
    #[must_use]
    pub fn root(&self) -> &Element {
        &self.root
    }
}

/// One XML element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Element {
    /// Its namespace, or empty.
    pub namespace: String,
    /// Its name without prefix.
    pub local: String,
    /// Attributes in the order of the file, without namespace declarations.
    pub attributes: Vec<Attribute>,
    /// Its own text, references resolved.
    pub text: String,
    /// Elements inside, in the order of the file.
    pub children: Vec<Element>,
    /// Line of its start tag, from 1.
    pub line: usize,
    /// Offsets of its first byte and the byte after its last in the UTF-8 text, counted after a
    /// byte order mark.
    pub span: (usize, usize),
}

/// One attribute of an element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attribute {
    /// Its namespace; empty when it has no prefix.
    pub namespace: String,
    /// Its name without prefix.
    pub local: String,
    /// Its value, normalised.
    pub value: String,
}

impl Element {
    /// The value of an attribute without a prefix.
    #[must_use]
    pub fn attr(&self, local: &str) -> Option<&str> {
        self.attr_in("", local)
    }

    /// The value of an attribute in a namespace.
    #[must_use]
    pub fn attr_in(&self, namespace: &str, local: &str) -> Option<&str> {
        let found = |a: &&Attribute| a.namespace == namespace && a.local == local;
        self.attributes.iter().find(found).map(|a| a.value.as_str())
    }

    /// Whether it is this element of BPMN.
    #[must_use]
    pub fn is_bpmn(&self, local: &str) -> bool {
        self.namespace == BPMN_NS && self.local == local
    }

    /// The BPMN elements of this name inside it.
    pub fn bpmn<'a>(&'a self, local: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| child.is_bpmn(local))
    }
}

/// Reads a process file into a tree.
///
/// # Errors
/// One problem with its line: too large, not text in its encoding, not well-formed, a DTD or a
/// foreign entity, beyond a limit, or a root that is not BPMN 2.0 `definitions`.
pub fn read(xml: &[u8], file: &str) -> Result<Model, Vec<Problem>> {
    let root = read_xml(xml, file)?;
    if !root.is_bpmn("definitions") {
        let reason = format!("expected BPMN 2.0 definitions, but the root is {}", root.local);
        return Err(fault("not-bpmn", file, root.line, ("", ""), reason));
    }
    Ok(Model { file: file.to_owned(), bytes: xml.to_vec(), root })
}

/// Reads any XML file into its root element, within the same limits.
///
/// # Errors
/// As [`read`], but for the root.
pub(crate) fn read_xml(xml: &[u8], file: &str) -> Result<Element, Vec<Problem>> {
    Document::read(xml, file)?.root()
}

/// One problem with the text of a file; `around` is the innermost element's name and id.
pub(crate) fn fault(
    code: &str,
    file: &str,
    line: usize,
    around: (&str, &str),
    reason: String,
) -> Vec<Problem> {
    let reason = match around.0 {
        "" => reason,
        inside => format!("{reason} (inside {inside})"),
    };
    vec![Problem::error(code, file, line, (around.1, ""), "xml", reason)]
}
