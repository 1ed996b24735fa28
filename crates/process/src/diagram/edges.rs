//! Lines: sequence flows, message flows, associations, with heads, signs and names.

use std::fmt::Write as _;

use super::draw::Draw;
use super::picture::Line;
use super::text::{escape, lines, wrap};
use crate::model::Element;

/// Length of an arrow head.
const HEAD: f64 = 9.0;

impl Draw<'_, '_> {
    pub(super) fn line(&mut self, line: &Line<'_>) {
        let element = line.element;
        let id = element.attr("id").unwrap_or_default();
        let taken = self.highlights.taken.contains(id);
        let (stroke, width) = if taken { ("#2e6b30", 3.0) } else { ("#333333", 1.4) };
        let dashes = match element.local.as_str() {
            "sequenceFlow" => "",
            "messageFlow" => " stroke-dasharray=\"7 4\"",
            _ => " stroke-dasharray=\"2 4\"",
        };
        let state = if taken { "is-taken" } else { "" };
        let _ = write!(
            self.out,
            "<g class=\"bpmn-edge {} {state}\" data-id=\"{}\">",
            escape(&element.local),
            escape(id)
        );
        let mut path = String::new();
        for (n, (x, y)) in line.points.iter().enumerate() {
            let _ = write!(path, "{}{x:.1} {y:.1}", if n == 0 { "M" } else { "L" });
        }
        let _ = write!(
            self.out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\" \
             stroke-linejoin=\"round\"{dashes}/>"
        );
        self.ends(line, stroke);
        if let Some(name) = element.attr("name").filter(|name| !name.trim().is_empty()) {
            self.name(line, name);
        }
        self.out.push_str("</g>");
    }

    fn ends(&mut self, line: &Line<'_>, stroke: &str) {
        let [first, second, ..] = line.points.as_slice() else { return };
        let [.., before, last] = line.points.as_slice() else { return };
        match line.element.local.as_str() {
            "sequenceFlow" => {
                self.icon(&head(*before, *last, true), true, stroke);
                self.start_sign(line.element, *first, *second, stroke);
            }
            "messageFlow" => {
                let (x, y) = *first;
                let _ = write!(
                    self.out,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#ffffff\" \
                     stroke=\"{stroke}\"/>"
                );
                let path = head(*before, *last, true);
                let _ = write!(
                    self.out,
                    "<path d=\"{path}\" fill=\"#ffffff\" stroke=\"{stroke}\" stroke-width=\"1.2\"/>"
                );
            }
            "association" => {
                let direction = line.element.attr("associationDirection").unwrap_or("None");
                if direction != "None" {
                    self.icon(&head(*before, *last, false), false, stroke);
                }
                if direction == "Both" {
                    self.icon(&head(*second, *first, false), false, stroke);
                }
            }
            _ => self.icon(&head(*before, *last, false), false, stroke),
        }
    }

    /// The slash of a default flow, the diamond of a conditional one.
    fn start_sign(&mut self, element: &Element, from: (f64, f64), to: (f64, f64), stroke: &str) {
        let id = element.attr("id").unwrap_or_default();
        let flow = self.view.flow(id);
        let source = flow.and_then(|flow| self.view.node(flow.source));
        let Some(source) = source else { return };
        let (ux, uy) = unit(from, to);
        let default = source.default_flow().map(|default| self.view.resolve(default)) == Some(id);
        if default {
            let (x, y) = (from.0 + ux * 10.0, from.1 + uy * 10.0);
            let (dx, dy) = ((ux - uy) * 5.0, (uy + ux) * 5.0);
            let path = format!("M{:.1} {:.1}L{:.1} {:.1}", x - dx, y - dy, x + dx, y + dy);
            self.icon(&path, false, stroke);
        } else if flow.is_some_and(|flow| flow.condition.is_some()) && source.kind.is_activity() {
            let (x, y) = from;
            let path = format!(
                "M{x:.1} {y:.1}L{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}Z",
                x + ux * 7.0 - uy * 4.0,
                y + uy * 7.0 + ux * 4.0,
                x + ux * 14.0,
                y + uy * 14.0,
                x + ux * 7.0 + uy * 4.0,
                y + uy * 7.0 - ux * 4.0
            );
            let _ = write!(
                self.out,
                "<path d=\"{path}\" fill=\"#ffffff\" stroke=\"{stroke}\" stroke-width=\"1.2\"/>"
            );
        }
    }

    fn name(&mut self, line: &Line<'_>, name: &str) {
        let (x, top, width) = match line.label {
            Some(label) => (label.middle().0, label.y, label.width.max(40.0)),
            None => {
                let (x, y) = longest_middle(&line.points);
                (x, y - 16.0, 100.0)
            }
        };
        let text = wrap(name, width, 3);
        lines(&mut self.out, &text, (x, top), "middle", true);
    }
}

/// The middle of the longest part of a line.
fn longest_middle(points: &[(f64, f64)]) -> (f64, f64) {
    let parts = points.windows(2).filter_map(|pair| match pair {
        [a, b] => Some((*a, *b)),
        _ => None,
    });
    let length = |((ax, ay), (bx, by)): &((f64, f64), (f64, f64))| (bx - ax).hypot(by - ay);
    let longest = parts.max_by(|one, other| length(one).total_cmp(&length(other)));
    let ((ax, ay), (bx, by)) = longest.unwrap_or_default();
    (f64::midpoint(ax, bx), f64::midpoint(ay, by))
}

fn unit(from: (f64, f64), to: (f64, f64)) -> (f64, f64) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy).max(0.1);
    (dx / length, dy / length)
}

/// An arrow head at the end of a line.
fn head(from: (f64, f64), to: (f64, f64), closed: bool) -> String {
    let (ux, uy) = unit(from, to);
    let (bx, by) = (to.0 - ux * HEAD, to.1 - uy * HEAD);
    let half = HEAD * 0.45;
    format!(
        "M{:.1} {:.1}L{:.1} {:.1} {:.1} {:.1}{}",
        bx - uy * half,
        by + ux * half,
        to.0,
        to.1,
        bx + uy * half,
        by - ux * half,
        if closed { "Z" } else { "" }
    )
}
