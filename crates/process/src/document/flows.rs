//! Changes sequence flows: where they lead, their conditions, their order; lists of flows follow.

use super::edit::XSI;
use super::{Document, Drawing, EditError, Fragment, Place};
use crate::bpmn::Definitions;
use crate::model::{BPMN_NS, Element, Model};
use crate::xml::chars::split;
use crate::xml::normalise_attribute;
use crate::xml::tree::{Piece, Tag};

/// Parts of a flow node that stand before its lists of flows.
const HEADS: &[&str] =
    &["documentation", "extensionElements", "auditing", "monitoring", "categoryValueRef"];

/// Parts of a process that stand before its lanes, beside those of every node.
const PROCESS_HEADS: &[&str] = &["property", "ioSpecification", "ioBinding"];

impl Document {
    /// The document as a model whose places fit this tree, not a new reading of its text.
    pub(crate) fn snapshot(&self) -> Result<Model, EditError> {
        let root = self.root().map_err(|_| EditError::Root)?;
        Ok(Model { file: self.file().to_owned(), bytes: Vec::new(), root })
    }

    /// An id that is free, as near to the wanted one as can be.
    pub(crate) fn fresh(&self, wanted: &str) -> String {
        let mut id = wanted.to_owned();
        let mut number = 1_u32;
        while self.contains(&id) {
            number += 1;
            id = format!("{wanted}_{number}");
        }
        id
    }

    /// Leads a flow to another node.
    pub(crate) fn lead_flow(&mut self, flow: &str, to: &str) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let found = view.flow(flow).ok_or_else(|| EditError::NoSuchElement(flow.to_owned()))?;
        let kept = keeps_lists(&view, to);
        self.set_attribute(found.id, "", "targetRef", to)?;
        self.relist(found.target, "incoming", found.id, None)?;
        if kept {
            self.list(to, "incoming", found.id)?;
        }
        Ok(())
    }

    /// Adds a flow after the others of its level.
    pub(crate) fn add_flow(&mut self, id: &str, from: &str, to: &str) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let source = view.node(from).ok_or_else(|| EditError::NoSuchElement(from.to_owned()))?;
        let last = view.flows.iter().rfind(|flow| flow.owner == source.owner);
        let after = last.map_or(source.id, |flow| flow.id);
        let flow = Fragment::bpmn("sequenceFlow")
            .with("id", id)
            .with("sourceRef", from)
            .with("targetRef", to);
        let (from_kept, to_kept) = (keeps_lists(&view, from), keeps_lists(&view, to));
        self.insert(Place::After(after), &flow)?;
        if from_kept {
            self.list(from, "outgoing", id)?;
        }
        if to_kept {
            self.list(to, "incoming", id)?;
        }
        Ok(())
    }

    /// Takes a flow away, with its line and what is tied to it.
    pub(crate) fn drop_flow(&mut self, flow: &str) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let found = view.flow(flow).ok_or_else(|| EditError::NoSuchElement(flow.to_owned()))?;
        let notes =
            view.associations.iter().filter(|a| a.source == found.id || a.target == found.id);
        let gone: Vec<&str> = notes.map(|note| note.id).chain([found.id]).collect();
        Drawing::of(self).erase(&gone);
        self.relist(found.source, "outgoing", found.id, None)?;
        self.relist(found.target, "incoming", found.id, None)?;
        let default = view.node(found.source).and_then(crate::bpmn::Node::default_flow);
        if default.is_some_and(|default| view.resolve(default) == found.id) {
            self.remove_attribute(found.source, "", "default")?;
        }
        gone.iter().try_for_each(|id| self.remove(id))
    }

    /// Takes a node away that no flow joins any more, with its shape and what is tied to it.
    pub(crate) fn drop_node(&mut self, node: &str) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let found = view.node(node).ok_or_else(|| EditError::NoSuchElement(node.to_owned()))?;
        let notes =
            view.associations.iter().filter(|a| a.source == found.id || a.target == found.id);
        let gone: Vec<&str> = notes.map(|note| note.id).chain([found.id]).collect();
        Drawing::of(self).erase(&gone);
        for lane in view.lanes.iter().filter(|lane| lane.nodes.contains(&found.id)) {
            self.relist(lane.id, "flowNodeRef", found.id, None)?;
        }
        gone.iter().try_for_each(|id| self.remove(id))
    }

    /// Sets the condition of a flow, or takes it away.
    pub(crate) fn set_condition(
        &mut self,
        flow: &str,
        condition: Option<&str>,
    ) -> Result<(), EditError> {
        let mut path = self.found(flow)?;
        let is_condition = |piece: &Piece| matches!(piece, Piece::Tag(tag) if split(&tag.name).1 == "conditionExpression");
        let at = self.tag_mut(&path)?.children.iter().position(is_condition);
        match (at, condition) {
            (None, None) => Ok(()),
            (Some(at), None) => self.drop_child(&path, at),
            (Some(at), Some(text)) => {
                path.push(at);
                let tags = self.trail(&path);
                let current = tags.last().map(|tag| told(tag)).unwrap_or_default();
                // What says the same stays as it is written.
                if current.trim() == text.trim() { Ok(()) } else { self.set_text_at(&path, text) }
            }
            (None, Some(text)) => {
                let kind = self.qualified(&path, BPMN_NS, "tFormalExpression", false);
                let new =
                    Fragment::bpmn("conditionExpression").with_in(XSI, "type", &kind).text(text);
                let tag = self.tag_mut(&path)?;
                let head = tag.children.iter().rposition(|piece| is_part(piece, HEADS));
                let at = head.map_or(0, |head| head + 1);
                self.place(&path, Some(at), &new)
            }
        }
    }

    /// Puts a new element into another one, before the first part of a name, else last.
    pub(crate) fn insert_before_part(
        &mut self,
        id: &str,
        part: &str,
        new: &Fragment,
    ) -> Result<(), EditError> {
        let path = self.found(id)?;
        let tag = self.tag_mut(&path)?;
        let at = tag.children.iter().position(|piece| is_part(piece, &[part]));
        self.place(&path, at, new)
    }

    /// Puts a lane set into a process, where the schema wants it.
    pub(crate) fn insert_before_nodes(
        &mut self,
        process: &str,
        new: &Fragment,
    ) -> Result<(), EditError> {
        let path = self.found(process)?;
        let tag = self.tag_mut(&path)?;
        let heads = |piece: &Piece| is_part(piece, HEADS) || is_part(piece, PROCESS_HEADS);
        let at = tag.children.iter().rposition(heads).map_or(0, |at| at + 1);
        self.place(&path, Some(at), new)
    }

    /// The path of the first element with these names, each inside the one before.
    pub(crate) fn inside(&self, id: &str, names: &[&str]) -> Option<Vec<usize>> {
        let mut path = self.path(id)?;
        for name in names {
            let tags = self.trail(&path);
            let at = tags.last()?.children.iter().position(|piece| is_part(piece, &[name]))?;
            path.push(at);
        }
        Some(path)
    }

    /// Puts elements of one parent into this order, each into a place that one of them had.
    pub(crate) fn reorder(&mut self, ids: &[String]) -> Result<(), EditError> {
        let mut paths = Vec::new();
        for id in ids {
            paths.push(self.found(id)?);
        }
        let mut pieces = Vec::new();
        for path in &paths {
            pieces.push(Piece::Tag(Box::new(self.tag_mut(path)?.clone())));
        }
        paths.sort();
        for (mut path, piece) in paths.into_iter().zip(pieces) {
            let at = path.pop().ok_or(EditError::Root)?;
            if let Some(place) = self.tag_mut(&path)?.children.get_mut(at) {
                *place = piece;
            }
        }
        Ok(())
    }

    /// Adds a flow to the `incoming` or `outgoing` of a node, where the schema wants it.
    pub(crate) fn list(&mut self, node: &str, part: &str, flow: &str) -> Result<(), EditError> {
        let path = self.found(node)?;
        let tag = self.tag_mut(&path)?;
        let last = |parts: &[&str]| tag.children.iter().rposition(|piece| is_part(piece, parts));
        let at = last(&[part]).or_else(|| {
            if part == "outgoing" {
                last(&["incoming"]).or_else(|| last(HEADS))
            } else {
                last(HEADS)
            }
        });
        let at = at.map_or(0, |at| at + 1);
        self.place(&path, Some(at), &Fragment::bpmn(part).text(flow))
    }

    /// In the parts of this name inside an element: another reference, or none.
    pub(crate) fn relist(
        &mut self,
        id: &str,
        part: &str,
        old: &str,
        new: Option<&str>,
    ) -> Result<(), EditError> {
        let Some(path) = self.path(id) else { return Ok(()) };
        let tag = self.tag_mut(&path)?;
        let names = |piece: &Piece| matches!(piece, Piece::Tag(tag) if refers(tag, part, old));
        let Some(at) = tag.children.iter().position(names) else { return Ok(()) };
        match new {
            Some(new) => {
                let mut path = path;
                path.push(at);
                self.set_text_at(&path, new)
            }
            None => self.drop_child(&path, at),
        }
    }

    /// Takes a piece out of an element, with the white space before it.
    pub(super) fn drop_child(&mut self, path: &[usize], at: usize) -> Result<(), EditError> {
        let tag = self.tag_mut(path)?;
        tag.children.remove(at);
        let before = at.checked_sub(1);
        let blank = before.and_then(|before| tag.children.get(before));
        if matches!(blank, Some(Piece::Text(text)) if text.trim().is_empty()) {
            tag.children.remove(at - 1);
        }
        if tag
            .children
            .iter()
            .all(|piece| matches!(piece, Piece::Text(text) if text.trim().is_empty()))
        {
            tag.children.clear();
            tag.empty = true;
        }
        Ok(())
    }
}

/// Whether a node lists its flows: it does, or it has none yet and the others of the file do.
pub(crate) fn keeps_lists(view: &Definitions<'_>, node: &str) -> bool {
    let lists = |element: &Element| {
        element.children.iter().any(|part| part.is_bpmn("incoming") || part.is_bpmn("outgoing"))
    };
    match view.node(node) {
        Some(node) if lists(node.element) => true,
        Some(node) if !(node.incoming.is_empty() && node.outgoing.is_empty()) => false,
        _ => view.nodes.iter().any(|node| lists(node.element)),
    }
}

fn is_part(piece: &Piece, parts: &[&str]) -> bool {
    matches!(piece, Piece::Tag(tag) if parts.contains(&split(&tag.name).1))
}

/// The text of an element, references resolved.
fn told(tag: &Tag) -> String {
    let parts = tag.children.iter().map(|piece| match piece {
        Piece::Text(text) => normalise_attribute(text).into_owned(),
        Piece::CData(text) => text.clone(),
        _ => String::new(),
    });
    parts.collect()
}

fn refers(tag: &Tag, part: &str, id: &str) -> bool {
    let text = tag.children.iter().find_map(|piece| match piece {
        Piece::Text(text) => Some(normalise_attribute(text.trim())),
        _ => None,
    });
    let text = text.unwrap_or_default();
    split(&tag.name).1 == part && (text == id || split(&text).1 == id)
}
