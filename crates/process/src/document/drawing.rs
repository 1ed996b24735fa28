//! Keeps the diagram of a document in step with its model.

use super::{Document, Fragment};
use crate::xml::chars::split;
use crate::xml::normalise_attribute;
use crate::xml::tree::{Piece, Tag};

pub(super) const BPMNDI: &str = "http://www.omg.org/spec/BPMN/20100524/DI";
pub(super) const DC: &str = "http://www.omg.org/spec/DD/20100524/DC";
pub(super) const DI: &str = "http://www.omg.org/spec/DD/20100524/DI";
/// Size of a new step, and room around it.
const WIDTH: f64 = 120.0;
const HEIGHT: f64 = 72.0;
const ROOM: f64 = 180.0;

/// Width and height of a new shape of this kind of node.
pub(super) fn step_size(kind: &str) -> (f64, f64) {
    match crate::bpmn::Kind::of(kind) {
        Some(kind) if kind.is_gateway() => (50.0, 50.0),
        Some(kind) if kind.is_event() => (36.0, 36.0),
        _ => (WIDTH, HEIGHT),
    }
}

/// The diagram of a document; does nothing where there is none.
pub(crate) struct Drawing<'d> {
    pub(super) document: &'d mut Document,
}

/// A bend this near to the step would run along its edge.
const NEAR: f64 = 8.0;

/// The row in which a new step is drawn.
#[derive(Clone, Copy)]
pub(super) enum Row<'a> {
    Source,
    Target,
    /// The middle of this lane.
    Lane(&'a str),
}

/// The flows and nodes around a new step.
#[derive(Clone, Copy)]
pub(super) struct Joined<'a> {
    /// The flow that leads to the step.
    pub(super) flow: &'a str,
    /// The flow that leads on.
    pub(super) after: &'a str,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) row: Row<'a>,
    /// Width and height of its shape.
    pub(super) size: (f64, f64),
}

/// Left, top, width and height.
pub(super) type Bounds = (f64, f64, f64, f64);

impl<'d> Drawing<'d> {
    pub(crate) fn of(document: &'d mut Document) -> Self {
        Self { document }
    }

    /// Makes room before the target and draws the step there, in the row of `lane` if it is another
    /// than those of the source and the target.
    pub(super) fn put_in(&mut self, step: &str, new: &Joined<'_>) {
        let (Some(plane), Some(from), Some(to)) =
            (self.plane(), self.shape(new.from), self.shape(new.to))
        else {
            return;
        };
        let middle_of = |bounds: Bounds| bounds.1 + bounds.3 / 2.0;
        let middle = match new.row {
            Row::Source => middle_of(from),
            Row::Target => middle_of(to),
            Row::Lane(lane) => self.shape(lane).map_or(middle_of(to), middle_of),
        };
        // A way back to the left has its room already.
        let forward = to.0 >= from.0 + from.2;
        let (width, height) = new.size;
        let left = if forward { to.0 } else { f64::midpoint(from.0, to.0) };
        if forward {
            for piece in &mut self.document.pieces {
                make_room(piece, &Room::right_of(left), false);
            }
        }
        let to_x = if forward { to.0 + ROOM } else { to.0 };
        let shape = Fragment::new(BPMNDI, "BPMNShape")
            .with("id", &format!("{step}_di"))
            .with("bpmnElement", step)
            .child(
                Fragment::new(DC, "Bounds")
                    .with("x", &told(left))
                    .with("y", &told(middle - height / 2.0))
                    .with("width", &told(width))
                    .with("height", &told(height)),
            );
        let edge = Fragment::new(BPMNDI, "BPMNEdge")
            .with("id", &format!("{}_di", new.after))
            .with("bpmnElement", new.after);
        let onward = elbow((left + width, middle), (to_x, middle_of(to)));
        let edge = onward.into_iter().fold(edge, |edge, point| edge.child(waypoint(point)));
        if self.document.insert_at(&plane, &shape).is_err()
            || self.document.insert_at(&plane, &edge).is_err()
        {
            return;
        }
        self.lead(new.flow, |points| {
            // What bent before the old end would now bend behind the step.
            let first = points.first().copied().unwrap_or((from.0 + from.2, middle_of(from)));
            let bends = forward && matches!(new.row, Row::Target);
            points.retain(|point| *point == first || (bends && point.0 < left - NEAR));
            let last = points.pop().unwrap_or(first);
            points.extend(elbow(last, (left, middle)));
        });
    }

    /// Takes the step and its way out of the diagram; the ways in lead on.
    pub(super) fn take_out(&mut self, step: &str, way: &str, into: &[&str], notes: &[&str]) {
        let mut end = None;
        self.lead(way, |points| end = points.last().copied());
        for flow in into {
            self.lead(flow, |points| {
                if let (Some(last), Some(end)) = (points.last_mut(), end) {
                    *last = end;
                }
            });
        }
        for gone in notes.iter().chain([&way, &step]) {
            if let Some(mut path) = self.path(gone)
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

    pub(super) fn plane(&self) -> Option<Vec<usize>> {
        find(&self.document.pieces, &|tag| split(&tag.name).1 == "BPMNPlane")
    }

    /// The shape or edge of an element.
    pub(super) fn path(&self, element: &str) -> Option<Vec<usize>> {
        find(&self.document.pieces, &|tag| {
            let named = tag.attribute("bpmnElement").map(|a| normalise_attribute(&a.raw));
            named.is_some_and(|named| named == element || split(&named).1 == element)
                && matches!(split(&tag.name).1, "BPMNShape" | "BPMNEdge")
        })
    }

    pub(super) fn shape(&mut self, element: &str) -> Option<Bounds> {
        let path = self.path(element)?;
        let tag = self.document.tag_mut(&path).ok()?;
        let bounds = tag.tags().find(|tag| split(&tag.name).1 == "Bounds")?;
        Some((
            number(bounds, "x")?,
            number(bounds, "y")?,
            number(bounds, "width")?,
            number(bounds, "height")?,
        ))
    }

    /// Changes the way of a flow.
    pub(super) fn lead(&mut self, flow: &str, change: impl FnOnce(&mut Vec<(f64, f64)>)) {
        let Some(path) = self.path(flow) else { return };
        let Ok(tag) = self.document.tag_mut(&path) else { return };
        let is_point = |tag: &Tag| split(&tag.name).1 == "waypoint";
        let points = tag.tags().filter(|tag| is_point(tag));
        let mut points: Vec<(f64, f64)> =
            points.filter_map(|tag| number(tag, "x").zip(number(tag, "y"))).collect();
        let before = points.clone();
        change(&mut points);
        if points == before {
            return;
        }
        let mut left = points.into_iter();
        let mut last = None;
        for (at, piece) in tag.children.iter_mut().enumerate() {
            if let Piece::Tag(part) = piece
                && is_point(part)
            {
                match left.next() {
                    Some((x, y)) => {
                        set(part, "x", x);
                        set(part, "y", y);
                        last = Some(at);
                    }
                    None => *piece = Piece::Text(String::new()),
                }
            }
        }
        // More points than before: as the last one, each on a line of its own.
        for (x, y) in left {
            let Some(at) = last else { break };
            let Some(Piece::Tag(known)) = tag.children.get(at) else { break };
            let mut new = known.clone();
            (new.line, new.span) = (0, (0, 0));
            set(&mut new, "x", x);
            set(&mut new, "y", y);
            let blank = at.checked_sub(1).and_then(|before| tag.children.get(before)).cloned();
            let blank = blank.filter(|piece| matches!(piece, Piece::Text(_)));
            let added: Vec<Piece> = blank.into_iter().chain([Piece::Tag(new)]).collect();
            last = Some(at + added.len());
            tag.children.splice(at + 1..at + 1, added);
        }
        tag.children.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
    }
}

/// A way from one point to another with at most two bends.
pub(super) fn elbow(from: (f64, f64), to: (f64, f64)) -> Vec<(f64, f64)> {
    if (from.1 - to.1).abs() < 1.0 || (from.0 - to.0).abs() < 1.0 {
        return vec![from, to];
    }
    let x = f64::midpoint(from.0, to.0);
    vec![from, (x, from.1), (x, to.1), to]
}

pub(super) fn waypoint((x, y): (f64, f64)) -> Fragment {
    Fragment::new(DI, "waypoint").with("x", &told(x)).with("y", &told(y))
}

/// Room that is made in a diagram.
#[derive(Clone, Copy)]
pub(super) struct Room {
    /// `x` and `width`, or `y` and `height`.
    pub(super) axis: (&'static str, &'static str),
    pub(super) cut: f64,
    pub(super) by: f64,
}

impl Room {
    fn right_of(cut: f64) -> Self {
        Self { axis: ("x", "width"), cut, by: ROOM }
    }

    pub(super) fn below(cut: f64, by: f64) -> Self {
        Self { axis: ("y", "height"), cut, by }
    }
}

/// Moves what stands behind the cut, and widens what the cut goes through. A label moves with its
/// shape and keeps its size.
pub(super) fn make_room(piece: &mut Piece, room: &Room, label: bool) {
    let Piece::Tag(tag) = piece else { return };
    let (at, size) = room.axis;
    match split(&tag.name).1 {
        "Bounds" => {
            if let (Some(place), Some(extent)) = (number(tag, at), number(tag, size)) {
                if place >= room.cut {
                    set(tag, at, place + room.by);
                } else if place + extent > room.cut && !label {
                    set(tag, size, extent + room.by);
                }
            }
        }
        "waypoint" => {
            if let Some(place) = number(tag, at).filter(|place| *place >= room.cut) {
                set(tag, at, place + room.by);
            }
        }
        "BPMNShape" => {
            let bounds = tag.tags().find(|part| split(&part.name).1 == "Bounds");
            let moves = bounds.and_then(|b| number(b, at)).is_some_and(|place| place >= room.cut);
            for child in &mut tag.children {
                let of_label =
                    matches!(child, Piece::Tag(part) if split(&part.name).1 == "BPMNLabel");
                // A label of a shape that moves moves as well, wherever it stands.
                let cut = if of_label && moves { f64::MIN } else { room.cut };
                make_room(child, &Room { cut, ..*room }, of_label);
            }
        }
        local => {
            let label = label || local == "BPMNLabel";
            for child in &mut tag.children {
                make_room(child, room, label);
            }
        }
    }
}

pub(super) fn find(pieces: &[Piece], wanted: &impl Fn(&Tag) -> bool) -> Option<Vec<usize>> {
    for (at, piece) in pieces.iter().enumerate() {
        let Piece::Tag(tag) = piece else { continue };
        if wanted(tag) {
            return Some(vec![at]);
        }
        if let Some(mut path) = find(&tag.children, wanted) {
            path.insert(0, at);
            return Some(path);
        }
    }
    None
}

pub(super) fn number(tag: &Tag, name: &str) -> Option<f64> {
    tag.attribute(name)?.raw.trim().parse().ok()
}

pub(super) fn set(tag: &mut Tag, name: &str, value: f64) {
    if let Some(attribute) = tag.attributes.iter_mut().find(|a| a.name == name) {
        attribute.raw = told(value);
    }
}

/// A coordinate as short as it can be.
pub(super) fn told(value: f64) -> String {
    let value = (value * 100.0).round() / 100.0;
    format!("{value}")
}
