//! Reads XML into a bounded tree with line numbers. DTDs and entities of their own are refused.

use std::borrow::Cow;

use quick_xml::NsReader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::limits;
use crate::model::{Attribute, Element};

/// A fault in the text: byte offset and reason.
pub(crate) struct Fault {
    pub(crate) offset: usize,
    pub(crate) reason: String,
}

/// Counts lines while offsets grow.
struct Lines<'a> {
    xml: &'a [u8],
    offset: usize,
    line: usize,
}

impl Lines<'_> {
    fn at(&mut self, offset: usize) -> usize {
        let end = offset.min(self.xml.len());
        if let Some(part) = self.xml.get(self.offset..end) {
            self.line += part.iter().filter(|byte| **byte == b'\n').count();
            self.offset = end;
        }
        self.line
    }
}

/// Line of an offset, from 1.
pub(crate) fn line_of(xml: &[u8], offset: usize) -> usize {
    Lines { xml, offset: 0, line: 1 }.at(offset)
}

/// Encodings that are read; the names are from the XML declaration.
fn is_read(encoding: &str) -> bool {
    encoding.eq_ignore_ascii_case("utf-8")
        || encoding.eq_ignore_ascii_case("us-ascii")
        || encoding.eq_ignore_ascii_case(LATIN_1)
}

/// Older modellers write this encoding.
const LATIN_1: &str = "iso-8859-1";

/// The bytes as text: UTF-8, or ISO 8859-1 when the XML declaration says so.
///
/// The error is the offset of the first byte that is not text.
pub(crate) fn decode(xml: &[u8]) -> Result<Cow<'_, str>, usize> {
    let end = xml.windows(2).take(DECLARATION_BYTES).position(|pair| pair == b"?>");
    let head = end.and_then(|end| xml.get(..end)).filter(|head| head.starts_with(b"<?xml"));
    let head = head.map(|head| head.to_ascii_lowercase()).unwrap_or_default();
    if head.windows(LATIN_1.len()).any(|part| part == LATIN_1.as_bytes()) {
        return Ok(xml.iter().map(|byte| char::from(*byte)).collect());
    }
    std::str::from_utf8(xml).map(Cow::Borrowed).map_err(|error| error.valid_up_to())
}

/// An XML declaration ends within this many bytes.
const DECLARATION_BYTES: usize = 200;

/// Reads the text into its root element.
pub(crate) fn parse(xml: &str) -> Result<Element, Fault> {
    let body = xml.strip_prefix('\u{feff}').unwrap_or(xml);
    let shift = xml.len() - body.len();
    let mut tree = Tree {
        reader: NsReader::from_str(body),
        lines: Lines { xml: body.as_bytes(), offset: 0, line: 1 },
        open: Vec::new(),
        root: None,
        elements: 0,
    };
    tree.run().map_err(|fault| Fault { offset: fault.offset + shift, reason: fault.reason })
}

struct Tree<'a> {
    reader: NsReader<&'a [u8]>,
    lines: Lines<'a>,
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree<'_> {
    fn run(&mut self) -> Result<Element, Fault> {
        loop {
            let before = self.offset();
            let event = self.reader.read_event();
            let event = event.map_err(|error| Fault {
                offset: usize::try_from(self.reader.error_position()).unwrap_or(before),
                reason: error.to_string(),
            })?;
            let done = matches!(event, Event::Eof);
            self.take(event, before).map_err(|reason| Fault { offset: before, reason })?;
            if done {
                return self.root.take().ok_or_else(|| Fault {
                    offset: before,
                    reason: "there is no root element".to_owned(),
                });
            }
        }
    }

    fn offset(&self) -> usize {
        usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX)
    }

    fn take(&mut self, event: Event<'_>, offset: usize) -> Result<(), String> {
        match event {
            Event::Start(tag) => {
                let element = self.element(&tag, offset)?;
                if self.open.len() >= limits::XML_DEPTH {
                    return Err(format!("elements nest deeper than {}", limits::XML_DEPTH));
                }
                self.open.push(element);
                Ok(())
            }
            Event::Empty(tag) => {
                let mut element = self.element(&tag, offset)?;
                element.span.1 = self.offset();
                self.close(element)
            }
            Event::End(_) => match self.open.pop() {
                Some(mut element) => {
                    element.span.1 = self.offset();
                    self.close(element)
                }
                None => Err("an end tag without its start".to_owned()),
            },
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(name) => {
                let text = reference(&name)?;
                self.text(&text)
            }
            Event::DocType(_) => Err("a document type (DTD) is not accepted".to_owned()),
            Event::Decl(decl) => match decl.encoding() {
                Some(Ok(name)) if !is_read(&name) => {
                    Err(format!("expected UTF-8, but the file says {name}"))
                }
                Some(Err(error)) => Err(error.to_string()),
                _ => Ok(()),
            },
            Event::Eof if !self.open.is_empty() => {
                let open = self.open.last().map_or("", |element| element.local.as_str());
                Err(format!("the file ends inside {open}"))
            }
            Event::Eof | Event::Comment(_) | Event::PI(_) => Ok(()),
        }
    }

    fn element(&mut self, tag: &BytesStart<'_>, offset: usize) -> Result<Element, String> {
        self.elements += 1;
        if self.elements > limits::XML_ELEMENTS {
            return Err(format!("more than {} elements", limits::XML_ELEMENTS));
        }
        if self.root.is_some() {
            return Err("a second root element".to_owned());
        }
        let (space, local) = self.reader.resolver().resolve_element(tag.name());
        let namespace = namespace(space)?;
        let local = local.into_inner().to_owned();
        let (mut attributes, mut count) = (Vec::new(), 0);
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            count += 1;
            if count > limits::XML_ATTRIBUTES {
                return Err(format!("more than {} attributes", limits::XML_ATTRIBUTES));
            }
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (space, name) = self.reader.resolver().resolve_attribute(attribute.key);
            let value = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0);
            attributes.push(Attribute {
                namespace: self::namespace(space)?,
                local: name.into_inner().to_owned(),
                value: value.map_err(|error| error.to_string())?.into_owned(),
            });
        }
        let line = self.lines.at(offset);
        let span = (offset, offset);
        let (text, children) = (String::new(), Vec::new());
        Ok(Element { namespace, local, attributes, text, children, line, span })
    }

    fn close(&mut self, element: Element) -> Result<(), String> {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        match self.open.last_mut() {
            Some(element) => {
                element.text.push_str(text);
                Ok(())
            }
            None if text.trim().is_empty() => Ok(()),
            None => Err("text outside the root element".to_owned()),
        }
    }
}

fn namespace(space: ResolveResult<'_>) -> Result<String, String> {
    match space {
        ResolveResult::Bound(namespace) => Ok(namespace.into_inner().to_owned()),
        ResolveResult::Unbound => Ok(String::new()),
        ResolveResult::Unknown(prefix) => {
            Err(format!("the prefix {prefix:?} is not bound to a namespace"))
        }
    }
}

/// The five built-in entities and character references; any other would need a DTD.
fn reference(name: &BytesRef<'_>) -> Result<String, String> {
    if let Some(c) = name.resolve_char_ref().map_err(|error| error.to_string())? {
        return Ok(c.to_string());
    }
    let name = name.xml10_content();
    match name.as_ref() {
        "lt" => Ok("<".to_owned()),
        "gt" => Ok(">".to_owned()),
        "amp" => Ok("&".to_owned()),
        "apos" => Ok("'".to_owned()),
        "quot" => Ok("\"".to_owned()),
        other => Err(format!("the entity &{other}; is not accepted")),
    }
}
