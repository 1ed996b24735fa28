//! Puts shapes and lines on the picture in the right order, with their states.

use std::fmt::Write as _;

use super::picture::{Picture, Rect, Shape};
use super::text::escape;
use super::{Highlights, Lang, called};
use crate::bpmn::{Definitions, Kind};
use crate::model::Element;

/// Fill and edge of what is in no special state.
pub(super) const PAPER: &str = "#ffffff";
pub(super) const INK: &str = "#333333";
/// Edge of what can no longer come.
const FAINT: &str = "#767676";
/// Hatching of what was passed: space between the lines, and its colour.
const HATCH: f64 = 9.0;
/// Most lines of one hatching.
const HATCHES: usize = 200;
const HATCHING: &str = "#b9d6ba";

/// A picture in the making.
pub(super) struct Draw<'v, 'a> {
    pub(super) view: &'v Definitions<'a>,
    pub(super) highlights: &'v Highlights,
    pub(super) out: String,
}

/// What a shape looks like in its state.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) fill: &'static str,
    pub(super) stroke: &'static str,
    pub(super) width: f64,
    /// Dashes of the edge, or empty.
    pub(super) dashes: &'static str,
}

impl Draw<'_, '_> {
    pub(super) fn picture(&mut self, picture: &Picture<'_>) {
        let (mut grounds, mut others): (Vec<&Shape<'_>>, Vec<&Shape<'_>>) =
            picture.shapes.iter().partition(|shape| is_ground(shape));
        let size = |shape: &&Shape<'_>| -(shape.bounds.width * shape.bounds.height) as i64;
        grounds.sort_by_key(size);
        // Boundary events stand on top of their activities.
        others.sort_by_key(|shape| shape.element.local == "boundaryEvent");
        for shape in grounds {
            self.shape(shape);
        }
        for line in &picture.lines {
            self.line(line);
        }
        for shape in others {
            self.shape(shape);
        }
    }

    fn shape(&mut self, shape: &Shape<'_>) {
        let element = shape.element;
        let id = element.attr("id").unwrap_or_default();
        let (look, state) = self.look(id);
        let state_word = self.state_word(state);
        let kind = kind_word(&element.local, self.highlights.lang);
        let name = called(element);
        let title = match state_word {
            "" => format!("{kind}: {name}"),
            word => format!("{kind}: {name} ({word})"),
        };
        let _ = write!(
            self.out,
            "<g class=\"bpmn-shape {} {state}\" data-id=\"{}\"><title>{}</title>",
            escape(&element.local),
            escape(id),
            escape(&title)
        );
        self.body(shape, look);
        if state == "is-done" {
            self.tick(&shape.bounds);
        }
        if let Some(count) = self.highlights.current.get(id) {
            self.badge(&shape.bounds, *count);
        }
        self.out.push_str("</g>");
    }

    fn look(&self, id: &str) -> (Look, &'static str) {
        let look = |fill, stroke, width| Look { fill, stroke, width, dashes: "" };
        let node = self.view.node(id).is_some_and(|node| node.id == id);
        if self.highlights.current.contains_key(id) {
            (look("#e3effc", "#0b4f9e", 3.0), "is-current")
        } else if self.highlights.faulty.contains(id) {
            (look("#fdeaea", "#b3261e", 3.0), "is-faulty")
        } else if self.highlights.done.contains(id) {
            (look("#ecf5ec", "#2e6b30", 2.0), "is-done")
        } else if self.highlights.ahead.contains(id) {
            (Look { dashes: "7 3", ..look(PAPER, INK, 1.5) }, "is-ahead")
        } else if node && !self.highlights.ahead.is_empty() {
            (look(PAPER, FAINT, 0.8), "is-out")
        } else {
            (look(PAPER, INK, 1.5), "")
        }
    }

    fn state_word(&self, state: &str) -> &'static str {
        match (state, self.highlights.lang) {
            ("is-current", Lang::Vi) => "đang thực hiện",
            ("is-current", Lang::En) => "work is here",
            ("is-done", Lang::Vi) => "đã qua",
            ("is-done", Lang::En) => "passed",
            ("is-faulty", Lang::Vi) => "có lỗi",
            ("is-faulty", Lang::En) => "faulty",
            ("is-ahead", Lang::Vi) => "còn có thể tới",
            ("is-ahead", Lang::En) => "could still come",
            ("is-out", Lang::Vi) => "không còn tới nữa",
            ("is-out", Lang::En) => "can no longer come",
            _ => "",
        }
    }

    /// Slanting lines inside a rectangle, under its name: to be told from paper without colour.
    pub(super) fn hatch(&mut self, bounds: &Rect) {
        let mut path = String::new();
        let (width, height) = (bounds.width, bounds.height);
        let count = ((width + height) / HATCH) as usize;
        for n in 1..=count.min(HATCHES) {
            let at = n as f64 * HATCH;
            // From the left or lower edge to the upper or right one.
            let (x1, y1) = if at <= height { (0.0, at) } else { (at - height, height) };
            let (x2, y2) = if at <= width { (at, 0.0) } else { (width, at - width) };
            let (x, y) = (bounds.x, bounds.y);
            let _ = write!(path, "M{:.1} {:.1}L{:.1} {:.1}", x + x1, y + y1, x + x2, y + y2);
        }
        let _ = write!(
            self.out,
            "<path class=\"bpmn-hatch\" d=\"{path}\" fill=\"none\" stroke=\"{HATCHING}\" \
             stroke-width=\"1\"/>"
        );
    }

    /// A tick at the upper right corner.
    fn tick(&mut self, bounds: &Rect) {
        let (x, y) = (bounds.right() - 2.0, bounds.y + 2.0);
        let _ = write!(
            self.out,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"8\" fill=\"#2e6b30\"/>\
             <path d=\"M{:.1} {y:.1}l3 3 5 -6\" fill=\"none\" stroke=\"#ffffff\" \
             stroke-width=\"2\"/>",
            x - 4.0
        );
    }

    /// A badge with the number of tokens at the upper right corner.
    fn badge(&mut self, bounds: &Rect, count: usize) {
        let (x, y) = (bounds.right() - 2.0, bounds.y + 2.0);
        let _ = write!(
            self.out,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"10\" fill=\"#0b4f9e\"/>\
             <text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-weight=\"bold\" \
             fill=\"#ffffff\">{count}</text>",
            y + 4.0
        );
    }

    /// A path with no fill.
    pub(super) fn path(&mut self, path: &str, look: Look) {
        let _ = write!(
            self.out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>",
            look.stroke, look.width
        );
    }

    /// A path that is filled with the colour of its edge when `full`, else with paper.
    pub(super) fn icon(&mut self, path: &str, full: bool, stroke: &str) {
        let fill = if full { stroke } else { "none" };
        let _ = write!(
            self.out,
            "<path d=\"{path}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.2\" \
             stroke-linejoin=\"round\"/>"
        );
    }
}

/// Shapes that other shapes stand on.
fn is_ground(shape: &Shape<'_>) -> bool {
    let local = shape.element.local.as_str();
    matches!(local, "participant" | "lane" | "group" | "process")
        || (shape.expanded && holds(shape.element))
}

fn holds(element: &Element) -> bool {
    let kind = Kind::of(&element.local);
    kind.is_some_and(Kind::is_sub_process) || element.local == "callActivity"
}

/// What kind of thing a shape is, for people.
fn kind_word(local: &str, lang: Lang) -> &str {
    let words = match local {
        "startEvent" => ("Bắt đầu", "Start"),
        "endEvent" => ("Kết thúc", "End"),
        "intermediateCatchEvent" => ("Chờ sự kiện", "Waiting event"),
        "intermediateThrowEvent" => ("Phát sự kiện", "Throwing event"),
        "boundaryEvent" => ("Sự kiện biên", "Boundary event"),
        "userTask" => ("Việc của người", "User task"),
        "serviceTask" => ("Việc tự động", "Service task"),
        "sendTask" => ("Gửi", "Send task"),
        "receiveTask" => ("Nhận", "Receive task"),
        "manualTask" => ("Việc thủ công", "Manual task"),
        "scriptTask" => ("Tính toán", "Script task"),
        "businessRuleTask" => ("Quyết định theo bảng", "Business rule task"),
        "task" => ("Việc", "Task"),
        "callActivity" => ("Gọi quy trình", "Call activity"),
        "subProcess" | "adHocSubProcess" | "transaction" => ("Quy trình con", "Sub-process"),
        "exclusiveGateway" => ("Rẽ một nhánh", "Exclusive gateway"),
        "parallelGateway" => ("Song song", "Parallel gateway"),
        "inclusiveGateway" => ("Rẽ nhiều nhánh", "Inclusive gateway"),
        "eventBasedGateway" => ("Rẽ theo sự kiện", "Event-based gateway"),
        "complexGateway" => ("Rẽ phức hợp", "Complex gateway"),
        "participant" => ("Nhóm thực hiện", "Pool"),
        "lane" => ("Làn", "Lane"),
        "dataObjectReference" | "dataObject" => ("Dữ liệu", "Data object"),
        "dataStoreReference" => ("Kho dữ liệu", "Data store"),
        "textAnnotation" => ("Ghi chú", "Annotation"),
        "group" => ("Nhóm", "Group"),
        other => (other, other),
    };
    if lang == Lang::Vi { words.0 } else { words.1 }
}
