//! The outline, name and markers of each kind of shape.

use std::fmt::Write as _;

use super::draw::{Draw, Look};
use super::picture::{Rect, Shape};
use super::text::{LINE, escape, lines, wrap};
use crate::bpmn::{Kind, Node};
use crate::model::Element;

/// Width of the band with the name of a pool or lane.
const BAND: f64 = 30.0;
/// Width of a name under a small shape.
const UNDER: f64 = 110.0;

impl Draw<'_, '_> {
    pub(super) fn body(&mut self, shape: &Shape<'_>, look: Look) {
        let element = shape.element;
        let node = self.view.node(element.attr("id").unwrap_or_default());
        let node = node.filter(|node| std::ptr::eq(node.element, element));
        match (Kind::of(&element.local), node) {
            (Some(kind), Some(node)) if kind.is_event() => self.event(shape, node, look),
            (Some(kind), Some(node)) if kind.is_gateway() => self.gateway(shape, node, look),
            (Some(kind), Some(node)) if kind.is_activity() => self.activity(shape, node, look),
            _ => match element.local.as_str() {
                "participant" | "lane" | "process" => self.swimlane(shape, look),
                "textAnnotation" => self.annotation(shape, look),
                "group" => self.group(shape, look),
                "dataStoreReference" | "dataStore" => self.store(shape, look),
                "dataObjectReference" | "dataObject" | "dataInput" | "dataOutput" => {
                    self.page(shape, look);
                }
                _ => {
                    self.rect(&shape.bounds, 4.0, look, "");
                    self.inside(&shape.bounds, &name(element));
                }
            },
        }
    }

    fn rect(&mut self, bounds: &Rect, radius: f64, look: Look, dashes: &str) {
        let Rect { x, y, width, height } = bounds;
        let dashes = dashed(if dashes.is_empty() { look.dashes } else { dashes });
        let _ = write!(
            self.out,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" \
             rx=\"{radius}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"{dashes}/>",
            look.fill, look.stroke, look.width
        );
    }

    /// A name in the middle of a shape.
    fn inside(&mut self, bounds: &Rect, name: &str) {
        let most = ((bounds.height - 6.0) / LINE).max(1.0) as usize;
        let text = wrap(name, bounds.width - 10.0, most);
        let (x, y) = bounds.middle();
        let top = y - LINE * text.len() as f64 / 2.0;
        lines(&mut self.out, &text, (x, top), "middle", false);
    }

    /// A name under a small shape, or where the diagram puts it.
    fn under(&mut self, shape: &Shape<'_>, name: &str) {
        let (middle, top, width) = match shape.label {
            Some(label) => (label.middle().0, label.y, label.width.max(UNDER / 2.0)),
            None => (shape.bounds.middle().0, shape.bounds.bottom() + 3.0, UNDER),
        };
        let text = wrap(name, width.max(60.0), 4);
        lines(&mut self.out, &text, (middle, top), "middle", true);
    }

    fn event(&mut self, shape: &Shape<'_>, node: &Node<'_>, look: Look) {
        let (x, y) = shape.bounds.middle();
        let radius = shape.bounds.width.min(shape.bounds.height) / 2.0;
        let aside = match node.kind {
            Kind::BoundaryEvent | Kind::StartEvent => !node.interrupting(),
            _ => false,
        };
        let dashes = dashed(if aside { "4 3" } else { look.dashes });
        let width = if node.kind == Kind::EndEvent { look.width.max(4.0) } else { look.width };
        let _ = write!(
            self.out,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"{}\" stroke=\"{}\" \
             stroke-width=\"{width}\"{dashes}/>",
            look.fill, look.stroke
        );
        if !matches!(node.kind, Kind::StartEvent | Kind::EndEvent) {
            let _ = write!(
                self.out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\" fill=\"none\" stroke=\"{}\" \
                 stroke-width=\"1.2\"{dashes}/>",
                (radius - 3.0).max(1.0),
                look.stroke
            );
        }
        self.event_icon(node, x, y, radius, look.stroke);
        self.under(shape, &name(node.element));
    }

    fn gateway(&mut self, shape: &Shape<'_>, node: &Node<'_>, look: Look) {
        let Rect { x, y, .. } = shape.bounds;
        let (mx, my) = shape.bounds.middle();
        let (right, bottom) = (shape.bounds.right(), shape.bounds.bottom());
        let _ = write!(
            self.out,
            "<path d=\"M{mx:.1} {y:.1}L{right:.1} {my:.1} {mx:.1} {bottom:.1} {x:.1} {my:.1}Z\" \
             fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{}/>",
            look.fill,
            look.stroke,
            look.width,
            dashed(look.dashes)
        );
        let radius = shape.bounds.width.min(shape.bounds.height) / 4.0;
        self.gateway_icon(node, mx, my, radius, look.stroke);
        self.under(shape, &name(node.element));
    }

    fn activity(&mut self, shape: &Shape<'_>, node: &Node<'_>, look: Look) {
        let open =
            shape.expanded && (node.kind.is_sub_process() || node.kind == Kind::CallActivity);
        let ground = if open && look.fill == super::draw::PAPER { "#fcfcfa" } else { look.fill };
        let width = if node.kind == Kind::CallActivity { look.width.max(4.0) } else { look.width };
        let drawn = Look { fill: ground, width, ..look };
        let dashes = if node.by_event() { "2 3" } else { "" };
        self.rect(&shape.bounds, 8.0, drawn, dashes);
        if self.highlights.done.contains(node.id) && !open {
            self.hatch(&shape.bounds);
            // The edge once more, over the ends of the hatching.
            self.rect(&shape.bounds, 8.0, Look { fill: "none", ..drawn }, dashes);
        }
        if node.kind == Kind::Transaction {
            let Rect { x, y, width, height } = shape.bounds;
            let inner = Rect { x: x + 3.0, y: y + 3.0, width: width - 6.0, height: height - 6.0 };
            self.rect(&inner, 6.0, Look { fill: "none", width: 1.0, ..look }, "");
        }
        self.task_icon(node.kind, &shape.bounds, look.stroke);
        let markers = self.markers(node, shape, open);
        if open {
            let text = wrap(&name(node.element), shape.bounds.width - 16.0, 2);
            let top = (shape.bounds.middle().0, shape.bounds.y + 4.0);
            lines(&mut self.out, &text, top, "middle", true);
        } else {
            let below = if markers { 14.0 } else { 0.0 };
            // In a narrow shape the name stays clear of the sign at the corner.
            let signed = node.kind != Kind::Task && node.kind.is_task();
            let above = if signed && shape.bounds.width < 110.0 { 12.0 } else { 0.0 };
            let Rect { x, y, width, height } = shape.bounds;
            let room = Rect { x, y: y + above, width, height: height - below - above };
            self.inside(&room, &name(node.element));
        }
    }

    fn swimlane(&mut self, shape: &Shape<'_>, look: Look) {
        let Rect { x, y, width, height } = shape.bounds;
        self.rect(&shape.bounds, 0.0, Look { fill: "none", ..look }, "");
        let text = name(shape.element);
        if shape.horizontal {
            let black_box =
                shape.element.local == "participant" && shape.element.attr("processRef").is_none();
            if black_box {
                return self.inside(&shape.bounds, &text);
            }
            if shape.element.local == "participant" {
                self.path(&format!("M{:.1} {y:.1}v{height:.1}", x + BAND), look);
            }
            let text = wrap(&text, height - 8.0, 2);
            let left = x + BAND / 2.0 - LINE * text.len() as f64 / 2.0;
            let middle = y + height / 2.0;
            for (n, line) in text.iter().enumerate() {
                let at = left + LINE * n as f64 + 11.0;
                let _ = write!(
                    self.out,
                    "<text x=\"{at:.1}\" y=\"{middle:.1}\" text-anchor=\"middle\" \
                     transform=\"rotate(-90 {at:.1} {middle:.1})\" fill=\"#1a1a1a\">{}</text>",
                    escape(line)
                );
            }
        } else {
            if shape.element.local == "participant" {
                self.path(&format!("M{x:.1} {:.1}h{width:.1}", y + BAND), look);
            }
            let text = wrap(&text, width - 8.0, 2);
            lines(&mut self.out, &text, (x + width / 2.0, y + 4.0), "middle", false);
        }
    }

    fn annotation(&mut self, shape: &Shape<'_>, look: Look) {
        let Rect { x, y, width, height } = shape.bounds;
        self.path(&format!("M{:.1} {y:.1}h-10v{height:.1}h10", x + 10.0), look);
        let text = shape.element.bpmn("text").next().map(|text| text.text.as_str());
        let most = (height / LINE).max(1.0) as usize;
        let text = wrap(text.unwrap_or_default(), width - 8.0, most);
        lines(&mut self.out, &text, (x + 6.0, y + 2.0), "start", true);
    }

    fn group(&mut self, shape: &Shape<'_>, look: Look) {
        self.rect(&shape.bounds, 8.0, Look { fill: "none", ..look }, "8 4 2 4");
        let value = shape.element.attr("categoryValueRef").and_then(|id| self.view.element(id));
        if let Some(text) = value.and_then(|value| value.attr("value")) {
            let text = wrap(text, shape.bounds.width - 16.0, 1);
            let top = (shape.bounds.middle().0, shape.bounds.y + 3.0);
            lines(&mut self.out, &text, top, "middle", true);
        }
    }

    fn page(&mut self, shape: &Shape<'_>, look: Look) {
        let Rect { x, y, width, height } = shape.bounds;
        let fold = 10.0_f64.min(width / 3.0);
        let _ = write!(
            self.out,
            "<path d=\"M{x:.1} {y:.1}h{:.1}l{fold:.1} {fold:.1}v{:.1}h-{width:.1}zM{:.1} \
             {y:.1}v{fold:.1}h{fold:.1}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"{}\"/>",
            width - fold,
            height - fold,
            shape.bounds.right() - fold,
            look.fill,
            look.stroke,
            look.width
        );
        self.under(shape, &name(shape.element));
    }

    fn store(&mut self, shape: &Shape<'_>, look: Look) {
        let Rect { x, y, width, height } = shape.bounds;
        let (rx, ry) = (width / 2.0, (height / 8.0).max(3.0));
        let top = y + ry;
        let _ = write!(
            self.out,
            "<path d=\"M{x:.1} {top:.1}a{rx:.1} {ry:.1} 0 0 1 {width:.1} 0v{:.1}a{rx:.1} {ry:.1} 0 \
             0 1 -{width:.1} 0zM{x:.1} {top:.1}a{rx:.1} {ry:.1} 0 0 0 {width:.1} 0\" fill=\"{}\" \
             stroke=\"{}\" stroke-width=\"{}\"/>",
            height - 2.0 * ry,
            look.fill,
            look.stroke,
            look.width
        );
        self.under(shape, &name(shape.element));
    }
}

fn name(element: &Element) -> String {
    element.attr("name").map(crate::bpmn::words).unwrap_or_default()
}

/// The dashes of an edge as an attribute.
fn dashed(dashes: &str) -> String {
    if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") }
}
