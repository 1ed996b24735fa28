//! Shapes and lines with their places: from the diagram of the file, else laid out.

use std::collections::HashSet;

use crate::bpmn::{Definitions, flag};
use crate::model::Element;

const BPMNDI: &str = "http://www.omg.org/spec/BPMN/20100524/DI";
const DC: &str = "http://www.omg.org/spec/DD/20100524/DC";
const DI: &str = "http://www.omg.org/spec/DD/20100524/DI";
/// Coordinates beyond this are taken for a mistake.
const FAR: f64 = 1_000_000.0;
/// Space between two diagrams of one file.
const BETWEEN: f64 = 60.0;

/// A rectangle.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(super) struct Rect {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Rect {
    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }

    pub(super) fn middle(&self) -> (f64, f64) {
        (self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// The smallest rectangle around both.
    fn with(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let width = self.right().max(other.right()) - x;
        let height = self.bottom().max(other.bottom()) - y;
        Self { x, y, width, height }
    }
}

/// A shape of the picture.
#[derive(Clone, Debug)]
pub(super) struct Shape<'a> {
    pub(super) element: &'a Element,
    pub(super) bounds: Rect,
    /// Of a pool or lane: its name stands at the left.
    pub(super) horizontal: bool,
    /// Of a sub-process: its content is shown.
    pub(super) expanded: bool,
    pub(super) label: Option<Rect>,
}

/// A line of the picture.
#[derive(Clone, Debug)]
pub(super) struct Line<'a> {
    pub(super) element: &'a Element,
    pub(super) points: Vec<(f64, f64)>,
    pub(super) label: Option<Rect>,
}

/// All that is drawn.
#[derive(Clone, Debug, Default)]
pub(super) struct Picture<'a> {
    pub(super) shapes: Vec<Shape<'a>>,
    pub(super) lines: Vec<Line<'a>>,
}

impl<'a> Picture<'a> {
    pub(super) fn of(view: &Definitions<'a>) -> Self {
        let mut picture = Self::drawn(view);
        if picture.shapes.is_empty() {
            picture = super::layout::laid_out(view);
        }
        picture
    }

    fn drawn(view: &Definitions<'a>) -> Self {
        let mut picture = Self::default();
        let diagrams = view.root.children.iter().filter(|child| is(child, BPMNDI, "BPMNDiagram"));
        let mut holders: HashSet<&str> = HashSet::new();
        for node in view.nodes.iter().filter_map(|node| view.parent_of(node.owner)) {
            holders.insert(node.id);
        }
        for diagram in diagrams {
            let mut one = Self::default();
            for plane in diagram.children.iter().filter(|child| is(child, BPMNDI, "BPMNPlane")) {
                for part in &plane.children {
                    one.take(view, part, &holders);
                }
            }
            if one.shapes.is_empty() {
                continue;
            }
            if !picture.shapes.is_empty() {
                let (above, area) = (picture.area(), one.area());
                one.shift(above.x - area.x, above.bottom() + BETWEEN - area.y);
            }
            picture.shapes.extend(one.shapes);
            picture.lines.extend(one.lines);
        }
        picture
    }

    fn take(&mut self, view: &Definitions<'a>, part: &Element, holders: &HashSet<&str>) {
        let named = part.attr("bpmnElement").and_then(|id| view.element(id));
        let Some(element) = named else { return };
        let label = part.children.iter().find(|child| is(child, BPMNDI, "BPMNLabel"));
        let label = label.and_then(bounds);
        if is(part, BPMNDI, "BPMNShape") {
            let Some(bounds) = bounds(part) else { return };
            let holds = holders.contains(element.attr("id").unwrap_or_default());
            self.shapes.push(Shape {
                element,
                bounds,
                horizontal: flag(part, "isHorizontal").unwrap_or(bounds.width >= bounds.height),
                expanded: flag(part, "isExpanded").unwrap_or(holds && bounds.width > 120.0),
                label,
            });
        } else if is(part, BPMNDI, "BPMNEdge") {
            let points = part.children.iter().filter(|child| is(child, DI, "waypoint"));
            let points: Vec<(f64, f64)> =
                points.filter_map(|point| number(point, "x").zip(number(point, "y"))).collect();
            if points.len() > 1 {
                self.lines.push(Line { element, points, label });
            }
        }
    }

    /// The rectangle around everything.
    pub(super) fn area(&self) -> Rect {
        let points = self.lines.iter().flat_map(|line| &line.points);
        let dots = points.map(|(x, y)| Rect { x: *x, y: *y, width: 0.0, height: 0.0 });
        let labels = self.shapes.iter().filter_map(|shape| shape.label);
        let labels = labels.chain(self.lines.iter().filter_map(|line| line.label));
        let shapes = self.shapes.iter().map(|shape| {
            // Names under small shapes take room that the diagram does not always give.
            let small = shape.label.is_none() && shape.bounds.height <= 60.0;
            let room = if small { 34.0 } else { 0.0 };
            Rect { height: shape.bounds.height + room, ..shape.bounds }
        });
        let all = shapes.chain(labels).chain(dots);
        all.reduce(|all, one| all.with(&one)).unwrap_or_default()
    }

    pub(super) fn shift(&mut self, x: f64, y: f64) {
        let move_rect = |rect: &mut Rect| {
            rect.x += x;
            rect.y += y;
        };
        for shape in &mut self.shapes {
            move_rect(&mut shape.bounds);
            shape.label.iter_mut().for_each(move_rect);
        }
        for line in &mut self.lines {
            line.label.iter_mut().for_each(move_rect);
            for point in &mut line.points {
                point.0 += x;
                point.1 += y;
            }
        }
    }
}

fn is(element: &Element, namespace: &str, local: &str) -> bool {
    element.namespace == namespace && element.local == local
}

fn number(element: &Element, name: &str) -> Option<f64> {
    let number: f64 = element.attr(name)?.trim().parse().ok()?;
    (number.abs() <= FAR).then_some(number)
}

fn bounds(element: &Element) -> Option<Rect> {
    let bounds = element.children.iter().find(|child| is(child, DC, "Bounds"))?;
    let size = |name: &str| number(bounds, name).filter(|size| *size >= 0.0);
    Some(Rect {
        x: number(bounds, "x")?,
        y: number(bounds, "y")?,
        width: size("width")?,
        height: size("height")?,
    })
}
