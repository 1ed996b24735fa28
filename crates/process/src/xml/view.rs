//! Makes plain elements from the lossless tree: namespaces resolved, values normalised.

use std::collections::HashMap;

use super::Fault;
use super::chars::{normalise_attribute, normalise_text, split, unix_lines};
use super::tree::{Piece, Tag, root};
use crate::limits;
use crate::model::{Attribute, Element};

const XML_NS: &str = "http://www.w3.org/XML/1998/namespace";
const XMLNS_NS: &str = "http://www.w3.org/2000/xmlns/";

/// The root element of a document.
pub(crate) fn view(document: &[Piece]) -> Result<Element, Fault> {
    let mut scope = Scope { bound: HashMap::new(), count: 0 };
    scope.bound.insert("xml", vec![XML_NS.to_owned()]);
    match root(document) {
        Some(root) => scope.element(root),
        None => Err(Fault {
            offset: 0,
            reason: "there is no root element".to_owned(),
            inside: String::new(),
            id: String::new(),
        }),
    }
}

/// Namespaces in scope: for each prefix the declarations from the outermost in.
struct Scope<'a> {
    bound: HashMap<&'a str, Vec<String>>,
    count: usize,
}

impl<'a> Scope<'a> {
    fn element(&mut self, tag: &'a Tag) -> Result<Element, Fault> {
        let fault = |reason: String| Fault {
            offset: tag.span.0,
            reason,
            inside: tag.name.clone(),
            id: tag.attribute("id").map(|id| id.raw.clone()).unwrap_or_default(),
        };
        let declared = self.declare(tag).map_err(fault)?;
        let (prefix, local) = split(&tag.name);
        let mut element = Element {
            namespace: self.resolve(prefix).map_err(fault)?,
            local: local.to_owned(),
            attributes: self.attributes(tag).map_err(fault)?,
            text: String::new(),
            children: Vec::new(),
            line: tag.line,
            span: tag.span,
        };
        for piece in &tag.children {
            match piece {
                Piece::Tag(child) => element.children.push(self.element(child)?),
                Piece::Text(raw) => element.text.push_str(&normalise_text(raw)),
                Piece::CData(raw) => element.text.push_str(&unix_lines(raw)),
                Piece::Other(_) => {}
            }
        }
        for prefix in declared {
            self.count -= 1;
            if let Some(outer) = self.bound.get_mut(prefix) {
                outer.pop();
            }
        }
        Ok(element)
    }

    /// Takes in the declarations of a tag and gives their prefixes.
    fn declare(&mut self, tag: &'a Tag) -> Result<Vec<&'a str>, String> {
        let mut declared = Vec::new();
        for attribute in &tag.attributes {
            let Some(prefix) = declared_prefix(&attribute.name) else { continue };
            let namespace = normalise_attribute(&attribute.raw).into_owned();
            if namespace.len() > limits::XML_NAMESPACE_BYTES {
                let limit = limits::XML_NAMESPACE_BYTES;
                return Err(format!("the namespace of {prefix:?} is longer than {limit} bytes"));
            }
            let reserved = prefix == "xmlns"
                || (prefix == "xml") != (namespace == XML_NS)
                || namespace == XMLNS_NS;
            if reserved || (namespace.is_empty() && !prefix.is_empty()) {
                return Err(format!("the prefix {prefix:?} cannot be bound to {namespace:?}"));
            }
            self.count += 1;
            if self.count > limits::XML_NAMESPACES {
                return Err(format!("more than {} namespaces in scope", limits::XML_NAMESPACES));
            }
            self.bound.entry(prefix).or_default().push(namespace);
            declared.push(prefix);
        }
        Ok(declared)
    }

    fn resolve(&self, prefix: &str) -> Result<String, String> {
        match self.bound.get(prefix).and_then(|outer| outer.last()) {
            Some(namespace) => Ok(namespace.clone()),
            None if prefix.is_empty() => Ok(String::new()),
            None => Err(format!("the prefix {prefix:?} is not bound to a namespace")),
        }
    }

    fn attributes(&self, tag: &Tag) -> Result<Vec<Attribute>, String> {
        let mut attributes: Vec<Attribute> = Vec::new();
        for raw in tag.attributes.iter().filter(|raw| declared_prefix(&raw.name).is_none()) {
            let (prefix, local) = split(&raw.name);
            let namespace = if prefix.is_empty() { String::new() } else { self.resolve(prefix)? };
            if attributes.iter().any(|a| a.namespace == namespace && a.local == local) {
                return Err(format!("the attribute {local} of {namespace:?} stands twice"));
            }
            let value = normalise_attribute(&raw.raw).into_owned();
            attributes.push(Attribute { namespace, local: local.to_owned(), value });
        }
        Ok(attributes)
    }
}

/// The prefix that an attribute declares; empty for the default namespace.
pub(crate) fn declared_prefix(name: &str) -> Option<&str> {
    if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::scan;

    #[test]
    fn namespaces_are_resolved() {
        let text = "<a xmlns='u' xmlns:p='v' p:x='1' x='2'><p:b xmlns:p='w' p:y=' a\nb '/>\
                    <c xmlns=''/>\
                    <p:d>t<![CDATA[<]]>&#10;</p:d></a>";
        let root = view(&scan(text).unwrap()).unwrap();
        assert_eq!((root.namespace.as_str(), root.attr_in("v", "x")), ("u", Some("1")));
        let names: Vec<&str> = root.children.iter().map(|c| c.namespace.as_str()).collect();
        assert_eq!(names, ["w", "", "v"]);
        assert_eq!(root.children[0].attr_in("w", "y"), Some(" a b "));
        assert_eq!(root.children[2].text, "t<\n");
    }

    #[test]
    fn broken_namespaces_are_refused() {
        for bad in [
            "<p:a/>",
            "<a p:b=''/>",
            "<a xmlns:p=''/>",
            "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
            "<a xmlns:xml='u'/>",
            "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
            "<a xmlns:xmlns='u'/>",
        ] {
            assert!(view(&scan(bad).unwrap()).is_err(), "{bad}");
        }
        assert!(view(&scan("<a xml:lang='vi'/>").unwrap()).is_ok());
    }
}
