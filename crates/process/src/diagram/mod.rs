//! Draws a process as SVG from its diagram, or by layers when it has none.
//!
//! The picture has no scripts, no styles and no ids, so that it can stand in any page; colours come
//! from presentation attributes and can be changed by CSS classes. States are shown by form as well
//! as by colour: a tick on what is done, a numbered badge where the work is.

mod draw;
mod edges;
mod icons;
mod layout;
mod marks;
mod order;
mod picture;
mod route;
mod shapes;
mod text;

use std::collections::{HashMap, HashSet};

use crate::bpmn::Definitions;
use crate::definition::Definition;
use crate::model::Element;
use crate::problem::{Problem, Severity};
use crate::state::State;

use draw::Draw;
use picture::Picture;
use text::escape;

/// The language of the words that the picture adds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Lang {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

/// A finding to be drawn at an element.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The BPMN id of a node, flow, lane or pool.
    pub element: String,
    /// An error is a filled octagon, a warning an empty triangle.
    pub severity: Severity,
    /// What is wrong, in the language of the reader.
    pub text: String,
}

impl From<&Problem> for Finding {
    fn from(problem: &Problem) -> Self {
        let text = problem.reason.clone();
        Self { element: problem.element_id.clone(), severity: problem.severity, text }
    }
}

/// What is to be seen in a picture beside the process itself.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Highlights {
    /// Nodes where the work is, with the number of tokens.
    pub current: HashMap<String, usize>,
    /// Nodes that were passed.
    pub done: HashSet<String>,
    /// Sequence flows that were taken.
    pub taken: HashSet<String>,
    /// Nodes with a fault, such as a finding of the check.
    pub faulty: HashSet<String>,
    /// Nodes that the case could still come to, see [`Highlights::ahead_of`]. When there are any,
    /// what can no longer come is drawn thin.
    pub ahead: HashSet<String>,
    /// Findings of the check, numbered in this order: drawn as marks at their elements.
    pub findings: Vec<Finding>,
    /// The language of the words that the picture adds.
    pub lang: Lang,
}

/// A shape that was laid out: left, top, width and height.
pub(crate) struct Placed<'a> {
    pub(crate) element: &'a str,
    pub(crate) bounds: (f64, f64, f64, f64),
    /// A pool or lane.
    pub(crate) band: bool,
    /// A sub-process with its content.
    pub(crate) expanded: bool,
}

/// A line that was laid out.
pub(crate) struct Led<'a> {
    pub(crate) element: &'a str,
    pub(crate) points: Vec<(f64, f64)>,
}

/// The places that all shapes and lines get when the file's own diagram is left aside.
pub(crate) fn laid_out<'a>(view: &Definitions<'a>) -> (Vec<Placed<'a>>, Vec<Led<'a>>) {
    let picture = layout::laid_out(view);
    let shapes = picture.shapes.into_iter().filter_map(|shape| {
        let (bounds, band) =
            (shape.bounds, matches!(shape.element.local.as_str(), "lane" | "participant"));
        let bounds = (bounds.x, bounds.y, bounds.width, bounds.height);
        Some(Placed { element: shape.element.attr("id")?, bounds, band, expanded: shape.expanded })
    });
    let lines = picture.lines.into_iter();
    let lines = lines
        .filter_map(|line| Some(Led { element: line.element.attr("id")?, points: line.points }));
    (shapes.collect(), lines.collect())
}

impl Highlights {
    /// Nodes that a case could still come to, by their BPMN ids: where the flows, events and
    /// sub-processes lead from where it stands, conditions open.
    #[must_use]
    pub fn ahead_of(def: &Definition, state: &State) -> HashSet<String> {
        let here = state.tokens.iter().map(|token| token.node);
        crate::lint::ahead(def, here.collect())
            .into_iter()
            .map(|ix| def.node(ix).id.clone())
            .collect()
    }
}

/// Most shapes and lines that are drawn; the rest is left out and the description says so.
pub const DRAWN: usize = 5_000;
/// White space around the picture.
const MARGIN: f64 = 16.0;

/// A picture of all processes of a file as one SVG element.
///
/// Each shape is a group with the classes `bpmn-shape`, its BPMN kind, and `is-current`, `is-done`,
/// `is-faulty`, `is-ahead` or `is-out`; each line has `bpmn-edge`, its kind and `is-taken`; both
/// carry `data-id`. A finding is a group `bpmn-finding is-error` or `is-warning` with its number
/// and
/// a title. The title names the processes, the description tells where the work is and what was
/// found. All of it can be told apart in black and white: where the work is has a thick edge and a
/// number, what was passed hatching and a tick, what could come a dashed edge.
#[must_use]
pub fn svg(view: &Definitions<'_>, highlights: &Highlights) -> String {
    let mut picture = Picture::of(view);
    let total = picture.shapes.len() + picture.lines.len();
    picture.shapes.truncate(DRAWN);
    picture.lines.truncate(DRAWN.saturating_sub(picture.shapes.len()));
    let left_out = total - picture.shapes.len() - picture.lines.len();
    let area = picture.area();
    let (x, y) = (area.x - MARGIN, area.y - MARGIN);
    let (width, height) = (area.width + 2.0 * MARGIN, area.height + 2.0 * MARGIN);
    let title = title(view, highlights.lang);
    let mut draw = Draw { view, highlights, out: String::new() };
    draw.picture(&picture);
    draw.marks(&picture);
    let body = draw.out;
    let description = description(view, highlights, left_out);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"bpmn-diagram\" role=\"img\" \
         aria-label=\"{label}\" viewBox=\"{x:.0} {y:.0} {width:.0} {height:.0}\" \
         width=\"{width:.0}\" height=\"{height:.0}\" \
         font-family=\"'Noto Sans', 'DejaVu Sans', Arial, sans-serif\" font-size=\"12\">\
         <title>{label}</title><desc>{description}</desc>{body}</svg>\n",
        label = escape(&title),
        description = escape(&description),
    )
}

fn title(view: &Definitions<'_>, lang: Lang) -> String {
    let named = view.processes.iter().map(|process| {
        if process.name.is_empty() { process.id.to_owned() } else { process.name.clone() }
    });
    let names: Vec<String> = named.collect();
    let word = if lang == Lang::Vi { "Sơ đồ quy trình" } else { "Process diagram" };
    format!("{word}: {}", names.join("; "))
}

fn description(view: &Definitions<'_>, highlights: &Highlights, left_out: usize) -> String {
    let named = |wanted: &dyn Fn(&str) -> bool| {
        let nodes = view.nodes.iter().filter(|node| wanted(node.id));
        let names = nodes.map(|node| called(node.element).to_owned());
        names.collect::<Vec<_>>().join(", ")
    };
    let current = named(&|id| highlights.current.contains_key(id));
    let done = named(&|id| highlights.done.contains(id));
    let faulty = named(&|id| highlights.faulty.contains(id));
    let steps = view.nodes.len();
    let words = match highlights.lang {
        Lang::Vi => [
            format!("{steps} phần tử."),
            format!(" Đang ở: {current}."),
            format!(" Đã qua: {done}."),
            format!(" Có lỗi: {faulty}."),
            format!(" Không vẽ {left_out} hình."),
        ],
        Lang::En => [
            format!("{steps} elements."),
            format!(" Work is at: {current}."),
            format!(" Passed: {done}."),
            format!(" Faulty: {faulty}."),
            format!(" {left_out} shapes are not drawn."),
        ],
    };
    let shown = [true, !current.is_empty(), !done.is_empty(), !faulty.is_empty(), left_out > 0];
    let words = words.into_iter().zip(shown).filter(|(_, shown)| *shown).map(|(words, _)| words);
    words.chain(marks::told(highlights)).collect()
}

/// The name of an element for people: its name, else its id.
fn called(element: &Element) -> &str {
    let name = element.attr("name").map(str::trim).filter(|name| !name.is_empty());
    name.or_else(|| element.attr("id")).unwrap_or_default()
}
