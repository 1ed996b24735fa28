//! Reads a decision model: XML within limits, one of the namespaces of DMN, nothing judged yet.

use crate::limits;
use crate::model::Element;
use crate::problem::Problem;
use crate::xml;

/// Namespaces of DMN 1.1 to 1.6, as they were published.
pub const MODEL_NAMESPACES: &[&str] = &[
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
    "https://www.omg.org/spec/DMN/20240513/MODEL/",
];

/// A decision model as read.
#[derive(Clone, PartialEq, Debug)]
pub struct Source {
    pub(crate) file: String,
    pub(crate) namespace: String,
    pub(crate) root: Element,
}

impl Source {
    /// Reads a file.
    ///
    /// # Errors
    /// One problem with its line: too large, not well-formed, or a root that is not DMN.
    pub fn read(bytes: &[u8], file: &str) -> Result<Self, Vec<Problem>> {
        let root = element(bytes, file)?;
        let known = MODEL_NAMESPACES.contains(&root.namespace.as_str());
        if !known || root.local != "definitions" {
            let reason = format!(
                "expected DMN definitions, but the root is {} of {:?}",
                root.local, root.namespace
            );
            return Err(vec![Problem::error("xml", file, root.line, ("", ""), "xml", reason)]);
        }
        let namespace = root.attr("namespace").unwrap_or_default().to_owned();
        Ok(Self { file: file.to_owned(), namespace, root })
    }

    /// The name of the file, as given to `read`.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The namespace of its elements, by which other models import it.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    pub(crate) fn problem(&self, code: &str, at: &Element, reason: String) -> Problem {
        let attr = |name: &str| at.attr(name).unwrap_or_default();
        let element = (attr("id"), attr("name"));
        Problem::error(code, &self.file, at.line, element, &at.local, reason)
    }
}

/// The root element of any XML file within the limits.
pub(super) fn element(bytes: &[u8], file: &str) -> Result<Element, Vec<Problem>> {
    let fault = |line: usize, element: (&str, &str), reason: String| {
        vec![Problem::error("xml", file, line, element, "xml", reason)]
    };
    if bytes.len() > limits::XML_BYTES {
        let reason = format!("the file has {} bytes, more than {}", bytes.len(), limits::XML_BYTES);
        return Err(fault(0, ("", ""), reason));
    }
    let decoded = xml::encoding::decode(bytes)
        .map_err(|(offset, reason)| fault(xml::line_of(bytes, offset), ("", ""), reason))?;
    let text = &decoded.text;
    let placed = |found: xml::Fault| {
        let line = xml::line_of(text.as_bytes(), found.offset);
        fault(line, (&found.id, &found.inside), found.reason)
    };
    let pieces = xml::scan(text).map_err(placed)?;
    xml::view(&pieces).map_err(placed)
}

/// The first child of this name, in the namespace of its parent.
pub(super) fn child<'e>(element: &'e Element, local: &'e str) -> Option<&'e Element> {
    children(element, local).next()
}

/// The children of this name, in the namespace of their parent.
pub(super) fn children<'e>(
    element: &'e Element,
    local: &'e str,
) -> impl Iterator<Item = &'e Element> {
    let found =
        move |child: &&Element| child.local == local && child.namespace == element.namespace;
    element.children.iter().filter(found)
}

/// The text of the child `text`, trimmed, and the line where it begins.
pub(super) fn text_of(element: &Element) -> Option<(&str, usize)> {
    let text = child(element, "text")?;
    let blank = text.text.len() - text.text.trim_start().len();
    let lines = text.text.get(..blank).unwrap_or_default().matches('\n').count();
    Some((text.text.trim(), text.line + lines))
}
