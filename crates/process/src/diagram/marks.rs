//! Findings of the check as numbered marks at their elements.

use std::fmt::Write as _;

use super::draw::Draw;
use super::picture::{Picture, Rect};
use super::text::escape;
use super::{Finding, Highlights, Lang};
use crate::problem::Severity;

/// Most findings that are drawn; the rest stand in the list beside the picture.
const DRAWN: usize = 200;
/// Half the width of a mark, and the space between two marks of one element.
const RADIUS: f64 = 10.0;
const BESIDE: f64 = 22.0;
/// Most findings that the description names.
const NAMED: usize = 20;

impl Draw<'_, '_> {
    /// Marks at the upper left corner of shapes and in the middle of lines, on top of everything.
    pub(super) fn marks(&mut self, picture: &Picture<'_>) {
        let findings = &self.highlights.findings;
        for (at, finding) in findings.iter().enumerate().take(DRAWN) {
            let before = findings.iter().take(at).filter(|f| f.element == finding.element).count();
            if let Some((x, y)) = place(picture, &finding.element) {
                self.mark(finding, at + 1, (x + before as f64 * BESIDE, y));
            }
        }
    }

    fn mark(&mut self, finding: &Finding, number: usize, (x, y): (f64, f64)) {
        let word = severity_word(finding.severity, self.highlights.lang);
        let title = format!("{word} {number}: {}", finding.text);
        let (class, path, fill, ink) = match finding.severity {
            Severity::Error => ("is-error", octagon(x, y), "#8c1d18", "#ffffff"),
            Severity::Warning => ("is-warning", triangle(x, y), "#ffffff", "#1a1a1a"),
        };
        let edge = if fill == "#ffffff" { "#7a4f00" } else { fill };
        let size = if number > 99 { 8 } else { 10 };
        let _ = write!(
            self.out,
            "<g class=\"bpmn-finding {class}\" data-id=\"{}\" data-number=\"{number}\">\
             <title>{}</title><path d=\"{path}\" fill=\"{fill}\" stroke=\"{edge}\" \
             stroke-width=\"2\" stroke-linejoin=\"round\"/><text x=\"{x:.1}\" y=\"{:.1}\" \
             text-anchor=\"middle\" font-size=\"{size}\" font-weight=\"bold\" \
             fill=\"{ink}\">{number}</text></g>",
            escape(&finding.element),
            escape(&title),
            y + 4.0
        );
    }
}

/// What the description says of the findings.
pub(super) fn told(highlights: &Highlights) -> Option<String> {
    let findings = &highlights.findings;
    if findings.is_empty() {
        return None;
    }
    let named = findings.iter().zip(1..).take(NAMED).map(|(finding, number)| {
        let word = severity_word(finding.severity, highlights.lang);
        format!("{word} {number} ({}): {}", finding.element, finding.text)
    });
    let named: Vec<String> = named.collect();
    let count = findings.len();
    Some(match highlights.lang {
        Lang::Vi => format!(" {count} phát hiện. {}.", named.join("; ")),
        Lang::En => format!(" {count} findings. {}.", named.join("; ")),
    })
}

fn severity_word(severity: Severity, lang: Lang) -> &'static str {
    match (severity, lang) {
        (Severity::Error, Lang::Vi) => "Lỗi",
        (Severity::Error, Lang::En) => "Error",
        (Severity::Warning, Lang::Vi) => "Cảnh báo",
        (Severity::Warning, Lang::En) => "Warning",
    }
}

fn place(picture: &Picture<'_>, id: &str) -> Option<(f64, f64)> {
    let named = |element: &crate::model::Element| element.attr("id") == Some(id);
    if let Some(shape) = picture.shapes.iter().find(|shape| named(shape.element)) {
        let Rect { x, y, .. } = shape.bounds;
        return Some((x + 2.0, y + 2.0));
    }
    let line = picture.lines.iter().find(|line| named(line.element))?;
    let half = line.points.len() / 2;
    let (from, to) = (line.points.get(half.checked_sub(1)?)?, line.points.get(half)?);
    Some((f64::midpoint(from.0, to.0), f64::midpoint(from.1, to.1)))
}

fn octagon(x: f64, y: f64) -> String {
    let (far, near) = (RADIUS, RADIUS * 0.42);
    let corners = [
        (-near, -far),
        (near, -far),
        (far, -near),
        (far, near),
        (near, far),
        (-near, far),
        (-far, near),
        (-far, -near),
    ];
    closed(&corners, x, y)
}

fn triangle(x: f64, y: f64) -> String {
    closed(
        &[(0.0, -RADIUS - 4.0), (RADIUS + 3.0, RADIUS - 2.0), (-RADIUS - 3.0, RADIUS - 2.0)],
        x,
        y,
    )
}

fn closed(corners: &[(f64, f64)], x: f64, y: f64) -> String {
    let mut path = String::new();
    for (n, (dx, dy)) in corners.iter().enumerate() {
        let _ = write!(path, "{}{:.1} {:.1}", if n == 0 { "M" } else { "L" }, x + dx, y + dy);
    }
    path + "Z"
}
