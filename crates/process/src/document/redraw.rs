//! Draws what the table of steps adds or moves: shapes find a free place, lines are led anew.

use super::Fragment;
use super::drawing::{
    BPMNDI, Bounds, DC, Drawing, Room, elbow, make_room, number, set, step_size, told, waypoint,
};
use crate::xml::chars::split;
use crate::xml::normalise_attribute;
use crate::xml::tree::{Piece, Tag};

/// Space kept between shapes, and step of the search for a free place.
const APART: f64 = 16.0;
/// Most rows that are looked at for a free place.
const ROWS: usize = 40;
/// Height of a new lane.
const LANE: f64 = 120.0;
/// Width of the band with the name of a lane.
const BAND: f64 = 30.0;

impl Drawing<'_> {
    /// Takes shapes and lines out.
    pub(crate) fn erase(&mut self, elements: &[&str]) {
        for element in elements {
            if let Some(mut path) = self.path(element)
                && let Some(at) = path.pop()
                && let Ok(plane) = self.document.tag_mut(&path)
            {
                plane.children.remove(at);
                let before = at.checked_sub(1).and_then(|before| plane.children.get(before));
                if matches!(before, Some(Piece::Text(text)) if text.trim().is_empty()) {
                    plane.children.remove(at - 1);
                }
            }
        }
    }

    /// A shape for a new node of this kind in the column of another, in a lane if one is given;
    /// does nothing where the other is not drawn.
    pub(crate) fn beside(&mut self, node: &str, kind: &str, other: &str, lane: Option<&str>) {
        let (Some(plane), Some(near)) = (self.plane(), self.shape(other)) else { return };
        let (width, height) = step_size(kind);
        let x = near.0 + (near.2 - width) / 2.0;
        let band = lane.and_then(|lane| self.shape(lane));
        let holds = |band: &Bounds| band.1 <= near.1 && near.1 + near.3 <= band.1 + band.3;
        let y = match band {
            Some(band) if !holds(&band) => band.1 + (band.3 - height) / 2.0,
            _ => near.1 + near.3 + APART,
        };
        let y = self.free_row((x, y, width, height), node, lane);
        let shape = Fragment::new(BPMNDI, "BPMNShape")
            .with("id", &self.document.fresh(&format!("{node}_di")))
            .with("bpmnElement", node)
            .child(rectangle((x, y, width, height)));
        // A diagram that cannot take the shape stays as it is; the process is changed all the same.
        let _ = self.document.insert_at(&plane, &shape);
    }

    /// Moves a node into the middle of a lane, with the events on its edge.
    pub(crate) fn into_lane(&mut self, node: &str, lane: &str, edge: &[&str]) {
        let (Some(at), Some(band)) = (self.shape(node), self.shape(lane)) else { return };
        let y = band.1 + (band.3 - at.3) / 2.0;
        let y = self.free_row((at.0, y, at.2, at.3), node, Some(lane));
        for moved in edge.iter().chain([&node]) {
            self.shift(moved, 0.0, y - at.1);
        }
    }

    /// Moves a node to the right of another, in its own row, with the events on its edge.
    pub(crate) fn behind(
        &mut self,
        node: &str,
        from: &str,
        to: &str,
        edge: &[&str],
        lane: Option<&str>,
    ) {
        let (Some(at), Some(from), Some(to)) = (self.shape(node), self.shape(from), self.shape(to))
        else {
            return;
        };
        let forward = to.0 >= from.0 + from.2;
        let room = at.2 + 60.0;
        let mut x = (from.0 + from.2 + to.0 - at.2) / 2.0;
        if forward && to.0 - (from.0 + from.2) < room + 40.0 {
            let room = Room { axis: ("x", "width"), cut: to.0, by: room };
            for piece in &mut self.document.pieces {
                make_room(piece, &room, false);
            }
            x = to.0;
        }
        // The room that was made may have moved the node itself.
        let Some(at) = self.shape(node) else { return };
        let y = self.free_row((x, at.1, at.2, at.3), node, lane);
        for moved in edge.iter().chain([&node]) {
            self.shift(moved, x - at.0, y - at.1);
        }
    }

    /// Leads the line of a flow anew from shape to shape; a flow without a line gets one.
    pub(crate) fn connect(&mut self, flow: &str, from: &str, to: &str) {
        let (Some(plane), Some(source), Some(target)) =
            (self.plane(), self.shape(from), self.shape(to))
        else {
            return;
        };
        let points = way(source, target);
        if self.path(flow).is_some() {
            self.lead(flow, |known| known.clone_from(&points));
            self.drop_label_place(flow);
            return;
        }
        let edge = Fragment::new(BPMNDI, "BPMNEdge")
            .with("id", &self.document.fresh(&format!("{flow}_di")))
            .with("bpmnElement", flow);
        let edge = points.into_iter().fold(edge, |edge, point| edge.child(waypoint(point)));
        let _ = self.document.insert_at(&plane, &edge);
    }

    /// A shape for a new lane below another one; what stands below moves down, `around` grows.
    pub(crate) fn lane_below(&mut self, lane: &str, above: &str, around: &[&str]) {
        let (Some(plane), Some(over)) = (self.plane(), self.shape(above)) else { return };
        let bottom = over.1 + over.3;
        for piece in &mut self.document.pieces {
            make_room(piece, &Room::below(bottom, LANE), false);
        }
        for holder in around {
            let bounds = self.shape(holder);
            if let Some(bounds) = bounds.filter(|b| (b.1 + b.3 - bottom).abs() < 1.0) {
                self.place(holder, (bounds.0, bounds.1, bounds.2, bounds.3 + LANE));
            }
        }
        let shape = lane_shape(lane, &self.document.fresh(&format!("{lane}_di")))
            .child(rectangle((over.0, bottom, over.2, LANE)));
        let _ = self.document.insert_at(&plane, &shape);
    }

    /// A shape for the first lane of a process: around its nodes, or inside its pool.
    pub(crate) fn first_lane(&mut self, lane: &str, pool: Option<&str>, nodes: &[&str]) {
        let Some(plane) = self.plane() else { return };
        let inside = pool.and_then(|pool| self.shape(pool));
        let inside = inside.map(|b| (b.0 + BAND, b.1, (b.2 - BAND).max(BAND), b.3));
        let mut around: Option<Bounds> = None;
        for node in nodes {
            let Some(at) = self.shape(node) else { continue };
            let (x, y, right, bottom) =
                around.map_or((at.0, at.1, at.0, at.1), |a| (a.0, a.1, a.0 + a.2, a.1 + a.3));
            let (x, y) = (x.min(at.0), y.min(at.1));
            let (right, bottom) = (right.max(at.0 + at.2), bottom.max(at.1 + at.3));
            around = Some((x, y, right - x, bottom - y));
        }
        let around = around.map(|a| {
            (
                a.0 - BAND - 2.0 * APART,
                a.1 - 2.0 * APART,
                a.2 + BAND + 4.0 * APART,
                a.3 + 4.0 * APART,
            )
        });
        let Some(bounds) = inside.or(around) else { return };
        let shape = lane_shape(lane, &self.document.fresh(&format!("{lane}_di")));
        let _ = self.document.insert_at(&plane, &shape.child(rectangle(bounds)));
    }

    /// A row at or below the wanted one where nothing stands; a lane that is full grows.
    fn free_row(&mut self, wanted: Bounds, node: &str, lane: Option<&str>) -> f64 {
        let others = self.shapes(node);
        let mut y = wanted.1;
        for _ in 0..ROWS {
            let here = (wanted.0, y, wanted.2, wanted.3);
            let hit = others.iter().find(|other| touches(&here, other) && !holds(other, &here));
            let Some(hit) = hit else { break };
            y = hit.1 + hit.3 + APART;
        }
        if let Some(band) = lane.and_then(|lane| self.shape(lane)) {
            let over = y + wanted.3 + APART - (band.1 + band.3);
            if over > 0.0 {
                let room = Room::below(band.1 + band.3 - 1.0, over);
                for piece in &mut self.document.pieces {
                    make_room(piece, &room, false);
                }
            }
        }
        y
    }

    /// All shapes but that of one element and what it may stand in.
    fn shapes(&self, but: &str) -> Vec<Bounds> {
        fn collect(pieces: &[Piece], but: &str, out: &mut Vec<Bounds>) {
            for piece in pieces {
                let Piece::Tag(tag) = piece else { continue };
                if split(&tag.name).1 != "BPMNShape" {
                    collect(&tag.children, but, out);
                    continue;
                }
                let named = tag.attribute("bpmnElement").map(|a| normalise_attribute(&a.raw));
                if named.is_some_and(|named| named != but)
                    && let Some(bounds) = rectangle_of(tag)
                {
                    out.push(bounds);
                }
            }
        }
        let mut all = Vec::new();
        collect(&self.document.pieces, but, &mut all);
        // Pools and lanes are grounds, not obstacles: they hold other shapes.
        let grounds: Vec<Bounds> = all.clone();
        all.retain(|shape| !grounds.iter().any(|other| other != shape && holds(shape, other)));
        all
    }

    /// Moves a shape with its label.
    fn shift(&mut self, element: &str, dx: f64, dy: f64) {
        let Some(path) = self.path(element) else { return };
        let Ok(tag) = self.document.tag_mut(&path) else { return };
        shift_all(tag, dx, dy);
    }

    /// Sets the rectangle of a shape.
    pub(super) fn place(&mut self, element: &str, to: Bounds) {
        let Some(path) = self.path(element) else { return };
        let Ok(tag) = self.document.tag_mut(&path) else { return };
        for piece in &mut tag.children {
            if let Piece::Tag(part) = piece
                && split(&part.name).1 == "Bounds"
            {
                set(part, "x", to.0);
                set(part, "y", to.1);
                set(part, "width", to.2);
                set(part, "height", to.3);
            }
        }
    }

    /// The label of a line that was led anew finds its place by itself.
    pub(super) fn drop_label_place(&mut self, element: &str) {
        let Some(path) = self.path(element) else { return };
        let Ok(tag) = self.document.tag_mut(&path) else { return };
        for piece in &mut tag.children {
            if let Piece::Tag(part) = piece
                && split(&part.name).1 == "BPMNLabel"
            {
                part.children.retain(
                    |inner| !matches!(inner, Piece::Tag(inner) if split(&inner.name).1 == "Bounds"),
                );
            }
        }
    }
}

fn lane_shape(lane: &str, id: &str) -> Fragment {
    Fragment::new(BPMNDI, "BPMNShape")
        .with("id", id)
        .with("bpmnElement", lane)
        .with("isHorizontal", "true")
}

pub(super) fn rectangle(bounds: Bounds) -> Fragment {
    Fragment::new(DC, "Bounds")
        .with("x", &told(bounds.0))
        .with("y", &told(bounds.1))
        .with("width", &told(bounds.2))
        .with("height", &told(bounds.3))
}

fn rectangle_of(shape: &Tag) -> Option<Bounds> {
    let bounds = shape.tags().find(|part| split(&part.name).1 == "Bounds")?;
    let side = |name: &str| number(bounds, name);
    Some((side("x")?, side("y")?, side("width")?, side("height")?))
}

fn shift_all(tag: &mut Tag, dx: f64, dy: f64) {
    for (name, by) in [("x", dx), ("y", dy)] {
        if let Some(value) = number(tag, name) {
            set(tag, name, value + by);
        }
    }
    for piece in &mut tag.children {
        if let Piece::Tag(part) = piece {
            shift_all(part, dx, dy);
        }
    }
}

fn touches(one: &Bounds, two: &Bounds) -> bool {
    one.0 < two.0 + two.2 + APART
        && two.0 < one.0 + one.2 + APART
        && one.1 < two.1 + two.3 + APART
        && two.1 < one.1 + one.3 + APART
}

fn holds(outer: &Bounds, inner: &Bounds) -> bool {
    outer.0 <= inner.0
        && outer.1 <= inner.1
        && outer.0 + outer.2 >= inner.0 + inner.2
        && outer.1 + outer.3 >= inner.1 + inner.3
}

/// A way from shape to shape with right angles; one that leads back goes below both.
fn way(from: Bounds, to: Bounds) -> Vec<(f64, f64)> {
    let middle = |b: Bounds| (b.0 + b.2 / 2.0, b.1 + b.3 / 2.0);
    let (start, end) = (middle(from), middle(to));
    let (right, bottom) = (from.0 + from.2, from.1 + from.3);
    let small = from.2 <= 60.0;
    if to.0 >= right {
        // Small shapes are left at the top or bottom towards another row.
        if small && (start.1 - end.1).abs() > from.3 / 2.0 {
            let leave = if end.1 > start.1 { bottom } else { from.1 };
            return vec![(start.0, leave), (start.0, end.1), (to.0, end.1)];
        }
        return elbow((right, start.1), (to.0, end.1));
    }
    let low = bottom.max(to.1 + to.3) + 20.0;
    let end_x = if (start.0 - end.0).abs() < 1.0 { end.0 - to.2 / 4.0 } else { end.0 };
    vec![(start.0, bottom), (start.0, low), (end_x, low), (end_x, to.1 + to.3)]
}
