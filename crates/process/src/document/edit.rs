//! Changes single elements of a document, found by their `id`; all else stays as it was written.

use super::error::EditError;
use super::layout::place_child;
use super::refer::refer;
use super::{Document, Fragment};
use crate::model::{BPMN_NS, MC_NS};
use crate::xml::chars::{escape_attribute, escape_text, is_char, is_space, split};
use crate::xml::tree::{Piece, RawAttribute, Tag, root};
use crate::xml::{is_prefix_or_local, normalise_attribute};

/// Where a new element goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place<'a> {
    /// As the first element inside the element with this id.
    FirstIn(&'a str),
    /// As the last element inside the element with this id.
    LastIn(&'a str),
    /// Right before the element with this id.
    Before(&'a str),
    /// Right after the element with this id.
    After(&'a str),
}

/// Namespace of `xsi:type`.
pub(super) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Prefixes for namespaces that a document does not declare yet.
const PREFIXES: &[(&str, &str)] = &[
    (BPMN_NS, "bpmn"),
    (MC_NS, "mc"),
    ("http://www.omg.org/spec/BPMN/20100524/DI", "bpmndi"),
    ("http://www.omg.org/spec/DD/20100524/DC", "dc"),
    ("http://www.omg.org/spec/DD/20100524/DI", "di"),
    (XSI, "xsi"),
];

impl Document {
    /// Whether an element has this id.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.path(id).is_some()
    }

    /// The value of an attribute, `namespace` empty for one without a prefix.
    #[must_use]
    pub fn attribute(&self, id: &str, namespace: &str, local: &str) -> Option<String> {
        let tags = self.trail(&self.path(id)?);
        let raw = find_attribute(&tags, namespace, local)?;
        let tag = tags.last()?;
        tag.attributes.get(raw).map(|raw| normalise_attribute(&raw.raw).into_owned())
    }

    /// Sets an attribute, `namespace` empty for one without a prefix. A new one goes last.
    ///
    /// # Errors
    /// No such element, a name or value that XML does not have, an `id` that is taken.
    pub fn set_attribute(
        &mut self,
        id: &str,
        namespace: &str,
        local: &str,
        value: &str,
    ) -> Result<(), EditError> {
        check_name(local)?;
        check_value(value)?;
        let path = self.found(id)?;
        if (namespace, local) == ("", "id") && value != id && self.contains(value) {
            return Err(EditError::IdTaken(value.to_owned()));
        }
        self.set_attribute_at(&path, namespace, local, value)
    }

    /// Sets an attribute of the element at a path.
    pub(crate) fn set_attribute_at(
        &mut self,
        path: &[usize],
        namespace: &str,
        local: &str,
        value: &str,
    ) -> Result<(), EditError> {
        let place = find_attribute(&self.trail(path), namespace, local);
        let name = match place {
            Some(_) => String::new(),
            None => self.qualified(path, namespace, local, true),
        };
        let tag = self.tag_mut(path)?;
        match place.and_then(|place| tag.attributes.get_mut(place)) {
            Some(found) => found.raw = escape_attribute(value, found.quote),
            None => tag.attributes.push(raw_attribute(name, value)),
        }
        Ok(())
    }

    /// Removes an attribute; `false` when there was none.
    ///
    /// # Errors
    /// No such element.
    pub fn remove_attribute(
        &mut self,
        id: &str,
        namespace: &str,
        local: &str,
    ) -> Result<bool, EditError> {
        let path = self.found(id)?;
        let place = find_attribute(&self.trail(&path), namespace, local);
        if let Some(place) = place {
            self.tag_mut(&path)?.attributes.remove(place);
        }
        Ok(place.is_some())
    }

    /// Makes an element one of another kind (`task` → `userTask`), content and prefix unchanged.
    ///
    /// # Errors
    /// No such element, or no name of XML.
    pub fn set_kind(&mut self, id: &str, local: &str) -> Result<(), EditError> {
        check_name(local)?;
        let path = self.found(id)?;
        let tag = self.tag_mut(&path)?;
        let prefix = split(&tag.name).0;
        tag.name = if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };
        Ok(())
    }

    /// Sets the text of an element that has no elements inside.
    ///
    /// # Errors
    /// No such element, or a text with a character that XML does not have.
    pub fn set_text(&mut self, id: &str, text: &str) -> Result<(), EditError> {
        check_value(text)?;
        let path = self.found(id)?;
        self.set_text_at(&path, text)
    }

    /// Sets the text of the element at a path.
    pub(crate) fn set_text_at(&mut self, path: &[usize], text: &str) -> Result<(), EditError> {
        let tag = self.tag_mut(path)?;
        tag.children.retain(|piece| matches!(piece, Piece::Tag(_) | Piece::Other(_)));
        tag.children.insert(0, Piece::Text(escape_text(text)));
        tag.empty = false;
        Ok(())
    }

    /// Puts a new element in, indented as its neighbours.
    ///
    /// # Errors
    /// No such element, ids that are taken, names or values that XML does not have, or a place
    /// beside the root.
    pub fn insert(&mut self, place: Place<'_>, new: &Fragment) -> Result<(), EditError> {
        self.check_new(new)?;
        let (parent, at) = match place {
            Place::FirstIn(id) => (self.found(id)?, Some(0)),
            Place::LastIn(id) => (self.found(id)?, None),
            Place::Before(id) | Place::After(id) => {
                let mut path = self.found(id)?;
                let at = path.pop().ok_or(EditError::Root)?;
                if path.is_empty() {
                    return Err(EditError::Root);
                }
                (path, Some(if matches!(place, Place::After(_)) { at + 1 } else { at }))
            }
        };
        self.place(&parent, at, new)
    }

    /// Puts a new element last into the element at a path.
    pub(super) fn insert_at(&mut self, parent: &[usize], new: &Fragment) -> Result<(), EditError> {
        self.check_new(new)?;
        self.place(parent, None, new)
    }

    /// Puts a new element into the element at a path, before the piece at a place.
    pub(super) fn place(
        &mut self,
        parent: &[usize],
        at: Option<usize>,
        new: &Fragment,
    ) -> Result<(), EditError> {
        let tag = self.build(parent, new);
        let unit = self.indent_unit();
        let holder = self.tag_mut(parent)?;
        holder.empty = false;
        place_child(holder, at, tag, parent.len(), &unit);
        Ok(())
    }

    /// Takes an element out, with the white space before it.
    ///
    /// # Errors
    /// No such element, or the root.
    pub fn remove(&mut self, id: &str) -> Result<(), EditError> {
        let mut path = self.found(id)?;
        let at = path.pop().ok_or(EditError::Root)?;
        if path.is_empty() {
            return Err(EditError::Root);
        }
        let holder = self.tag_mut(&path)?;
        holder.children.remove(at);
        let before = at.checked_sub(1);
        if let Some(Piece::Text(text)) = before.and_then(|before| holder.children.get_mut(before)) {
            let kept = text.trim_end_matches(is_space).len();
            text.truncate(kept);
            if text.is_empty() {
                holder.children.remove(at - 1);
            }
        }
        Ok(())
    }

    /// Gives an element another id and changes every reference to it, in the model and in the
    /// diagram: attributes that name other elements, and the text of `incoming`, `outgoing`,
    /// `flowNodeRef` and the like.
    ///
    /// # Errors
    /// No such element, an id that is taken or is no name of XML.
    pub fn rename_id(&mut self, old: &str, new: &str) -> Result<(), EditError> {
        check_name(new)?;
        self.found(old)?;
        if old != new && self.contains(new) {
            return Err(EditError::IdTaken(new.to_owned()));
        }
        for piece in &mut self.pieces {
            if let Piece::Tag(tag) = piece {
                refer(tag, old, new);
            }
        }
        Ok(())
    }

    /// The id of the element around this one, if it has one.
    #[must_use]
    pub fn parent_id(&self, id: &str) -> Option<String> {
        let mut path = self.path(id)?;
        path.pop()?;
        let tags = self.trail(&path);
        let id = tags.last()?.attribute("id")?;
        Some(normalise_attribute(&id.raw).into_owned())
    }

    pub(super) fn found(&self, id: &str) -> Result<Vec<usize>, EditError> {
        self.path(id).ok_or_else(|| EditError::NoSuchElement(id.to_owned()))
    }

    /// Places of the element and all around it, from the outermost in.
    pub(super) fn path(&self, id: &str) -> Option<Vec<usize>> {
        fn within(pieces: &[Piece], id: &str, path: &mut Vec<usize>) -> bool {
            for (at, piece) in pieces.iter().enumerate() {
                let Piece::Tag(tag) = piece else { continue };
                path.push(at);
                let own = tag.attribute("id").is_some_and(|a| normalise_attribute(&a.raw) == id);
                if own || within(&tag.children, id, path) {
                    return true;
                }
                path.pop();
            }
            false
        }
        let mut path = Vec::new();
        within(&self.pieces, id, &mut path).then_some(path)
    }

    /// The path of the element that began at this offset when the file was read.
    pub(crate) fn path_at(&self, start: usize) -> Option<Vec<usize>> {
        let (mut pieces, mut path) = (&self.pieces, Vec::new());
        loop {
            let holds = |piece: &Piece| {
                matches!(piece, Piece::Tag(tag) if tag.line > 0
                && (tag.span.0..tag.span.1).contains(&start))
            };
            let at = pieces.iter().position(holds)?;
            path.push(at);
            match pieces.get(at) {
                Some(Piece::Tag(tag)) if tag.span.0 == start => return Some(path),
                Some(Piece::Tag(tag)) => pieces = &tag.children,
                _ => return None,
            }
        }
    }

    /// The element at a path and all around it, from the root in.
    pub(super) fn trail(&self, path: &[usize]) -> Vec<&Tag> {
        let (mut pieces, mut tags) = (&self.pieces, Vec::new());
        for at in path {
            let Some(Piece::Tag(tag)) = pieces.get(*at) else { break };
            tags.push(&**tag);
            pieces = &tag.children;
        }
        tags
    }

    pub(super) fn tag_mut(&mut self, path: &[usize]) -> Result<&mut Tag, EditError> {
        let (first, rest) = path.split_first().ok_or(EditError::Root)?;
        let mut tag = match self.pieces.get_mut(*first) {
            Some(Piece::Tag(tag)) => tag,
            _ => return Err(EditError::Root),
        };
        for at in rest {
            tag = match tag.children.get_mut(*at) {
                Some(Piece::Tag(tag)) => tag,
                _ => return Err(EditError::Root),
            };
        }
        Ok(tag)
    }

    /// A name with a prefix that means this namespace at a path; declares it at the root if needed.
    pub(super) fn qualified(
        &mut self,
        path: &[usize],
        namespace: &str,
        local: &str,
        attr: bool,
    ) -> String {
        if namespace.is_empty() && attr {
            return local.to_owned();
        }
        if let Some(prefix) = prefix_of(&self.trail(path), namespace, attr) {
            return if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };
        }
        let wanted = PREFIXES.iter().find(|(uri, _)| *uri == namespace).map_or("ns", |p| p.1);
        let trail = self.trail(path);
        let taken = |prefix: &str| {
            let name = format!("xmlns:{prefix}");
            trail.iter().any(|tag| tag.attribute(&name).is_some())
        };
        let mut prefix = wanted.to_owned();
        let mut number = 1_u32;
        while taken(&prefix) {
            number += 1;
            prefix = format!("{wanted}{number}");
        }
        let declaration = raw_attribute(format!("xmlns:{prefix}"), namespace);
        let root = self.pieces.iter_mut().find_map(|piece| match piece {
            Piece::Tag(tag) => Some(tag),
            _ => None,
        });
        if let Some(root) = root {
            root.attributes.push(declaration);
        }
        format!("{prefix}:{local}")
    }

    fn build(&mut self, parent: &[usize], new: &Fragment) -> Tag {
        let name = self.qualified(parent, &new.namespace, &new.local, false);
        let mut attributes = Vec::new();
        for (namespace, local, value) in &new.attributes {
            let name = self.qualified(parent, namespace, local, true);
            attributes.push(raw_attribute(name, value));
        }
        let mut children = Vec::new();
        if !new.text.is_empty() {
            children.push(Piece::Text(escape_text(&new.text)));
        }
        for child in &new.children {
            children.push(Piece::Tag(Box::new(self.build(parent, child))));
        }
        Tag { name, attributes, empty: children.is_empty(), children, ..Tag::default() }
    }

    fn check_new(&self, new: &Fragment) -> Result<(), EditError> {
        check_name(&new.local)?;
        check_value(&new.text)?;
        for (namespace, local, value) in &new.attributes {
            check_name(local)?;
            check_value(value)?;
            if namespace.is_empty() && local == "id" && self.contains(value) {
                return Err(EditError::IdTaken(value.clone()));
            }
        }
        new.children.iter().try_for_each(|child| self.check_new(child))
    }

    /// White space that one level of nesting adds in this file; empty when it is not indented.
    fn indent_unit(&self) -> String {
        let first = root(&self.pieces).and_then(|root| root.children.first());
        match first {
            Some(Piece::Text(text)) => {
                text.rsplit_once('\n').map_or(String::new(), |(_, unit)| unit.to_owned())
            }
            _ => String::new(),
        }
    }
}

fn raw_attribute(name: String, value: &str) -> RawAttribute {
    RawAttribute {
        lead: " ".to_owned(),
        name,
        equals: "=".to_owned(),
        quote: '"',
        raw: escape_attribute(value, '"'),
    }
}

fn check_name(local: &str) -> Result<(), EditError> {
    if is_prefix_or_local(local) { Ok(()) } else { Err(EditError::Name(local.to_owned())) }
}

fn check_value(value: &str) -> Result<(), EditError> {
    if value.chars().all(is_char) { Ok(()) } else { Err(EditError::Value(value.to_owned())) }
}

/// The namespace that a prefix means for the innermost tag.
fn meaning(tags: &[&Tag], prefix: &str) -> Option<String> {
    let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
    let found = tags.iter().rev().find_map(|tag| tag.attribute(&name));
    found.map(|found| normalise_attribute(&found.raw).into_owned())
}

/// A prefix (empty for the default namespace) that means this namespace for the innermost tag.
fn prefix_of(tags: &[&Tag], namespace: &str, attribute: bool) -> Option<String> {
    if namespace.is_empty() {
        return meaning(tags, "").is_none_or(|found| found.is_empty()).then(String::new);
    }
    let declared = tags.iter().rev().flat_map(|tag| &tag.attributes).filter_map(|attribute| {
        let name = attribute.name.as_str();
        if name == "xmlns" { Some("") } else { name.strip_prefix("xmlns:") }
    });
    let mut fitting = declared
        .filter(|prefix| !(attribute && prefix.is_empty()))
        .filter(|prefix| meaning(tags, prefix).as_deref() == Some(namespace));
    fitting.next().map(str::to_owned)
}

/// Place of an attribute of the innermost tag.
fn find_attribute(tags: &[&Tag], namespace: &str, local: &str) -> Option<usize> {
    let tag = tags.last()?;
    tag.attributes.iter().position(|attribute| {
        let (prefix, name) = split(&attribute.name);
        let own = if prefix.is_empty() {
            namespace.is_empty() && attribute.name != "xmlns"
        } else {
            prefix != "xmlns" && meaning(tags, prefix).as_deref() == Some(namespace)
        };
        name == local && own
    })
}
