//! Lays out the whole diagram of a document anew, on demand.

use super::drawing::{BPMNDI, Drawing, find, waypoint};
use super::redraw::rectangle;
use super::{Document, EditError, Fragment};
use crate::bpmn::Definitions;
use crate::diagram::laid_out;
use crate::xml::chars::split;

impl Document {
    /// Lays out the diagram anew: every shape and line of the processes gets the place that the
    /// program would give it. Colours, styles and what is not part of a process stay; a file
    /// without a diagram gets one.
    ///
    /// # Errors
    /// The document has no root element, or its tree passes a limit.
    pub fn layout(&mut self) -> Result<(), EditError> {
        let model = self.snapshot()?;
        let view = Definitions::of(&model);
        let (shapes, lines) = laid_out(&view);
        let plane = self.plane(&view)?;
        let mut new = Vec::new();
        for shape in &shapes {
            let mut drawing = Drawing::of(self);
            if drawing.path(shape.element).is_some() {
                drawing.place(shape.element, shape.bounds);
                drawing.drop_label_place(shape.element);
            } else {
                let id = self.fresh(&format!("{}_di", shape.element));
                let known = Fragment::new(BPMNDI, "BPMNShape").with("id", &id);
                let known = known.with("bpmnElement", shape.element).child(rectangle(shape.bounds));
                new.push(known);
            }
            if shape.band || shape.expanded {
                let name = if shape.band { "isHorizontal" } else { "isExpanded" };
                match Drawing::of(self).path(shape.element) {
                    Some(path) => self.set_attribute_at(&path, "", name, "true")?,
                    None => {
                        let last = new.pop().map(|shape: Fragment| shape.with(name, "true"));
                        new.extend(last);
                    }
                }
            }
        }
        for line in lines {
            let mut drawing = Drawing::of(self);
            if drawing.path(line.element).is_some() {
                drawing.lead(line.element, |points| points.clone_from(&line.points));
                drawing.drop_label_place(line.element);
                continue;
            }
            let id = self.fresh(&format!("{}_di", line.element));
            let edge = Fragment::new(BPMNDI, "BPMNEdge").with("id", &id);
            let edge = edge.with("bpmnElement", line.element);
            new.push(line.points.into_iter().fold(edge, |edge, point| edge.child(waypoint(point))));
        }
        new.iter().try_for_each(|shape| self.insert_at(&plane, shape))
    }

    /// The plane of the diagram; one is made if there is none.
    fn plane(&mut self, view: &Definitions<'_>) -> Result<Vec<usize>, EditError> {
        let wanted =
            |document: &Self| find(&document.pieces, &|tag| split(&tag.name).1 == "BPMNPlane");
        if let Some(path) = wanted(self) {
            return Ok(path);
        }
        let drawn = view.root.bpmn("collaboration").chain(view.root.bpmn("process")).next();
        let drawn = drawn.and_then(|element| element.attr("id")).unwrap_or_default();
        let plane = Fragment::new(BPMNDI, "BPMNPlane")
            .with("id", &self.fresh(&format!("{drawn}_plane")))
            .with("bpmnElement", drawn);
        let diagram = Fragment::new(BPMNDI, "BPMNDiagram")
            .with("id", &self.fresh(&format!("{drawn}_diagram")))
            .child(plane);
        let root =
            self.pieces.iter().position(|piece| matches!(piece, crate::xml::tree::Piece::Tag(_)));
        self.insert_at(&[root.ok_or(EditError::Root)?], &diagram)?;
        wanted(self).ok_or(EditError::Root)
    }
}
