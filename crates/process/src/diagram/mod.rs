//! Draws a process as SVG from its diagram, or by layers when it has none.
//!
//! The picture has no scripts, no styles and no ids, so that it can stand in any page; colours come
//! from presentation attributes and can be changed by CSS classes. States are shown by form as well
//! as by colour: a tick on what is done, a numbered badge where the work is.

mod draw;
mod edges;
mod icons;
mod layout;
mod order;
mod picture;
mod route;
mod shapes;
mod text;

use std::collections::{HashMap, HashSet};

use crate::bpmn::Definitions;
use crate::model::Element;

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
    /// The language of the words that the picture adds.
    pub lang: Lang,
}

/// Most shapes and lines that are drawn; the rest is left out and the description says so.
pub const DRAWN: usize = 5_000;
/// White space around the picture.
const MARGIN: f64 = 16.0;

/// A picture of all processes of a file as one SVG element.
///
/// Each shape is a group with the classes `bpmn-shape`, its BPMN kind, and `is-current`, `is-done`
/// or `is-faulty`; each line has `bpmn-edge`, its kind and `is-taken`; both carry `data-id`. The
/// title names the processes, the description tells where the work is.
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
    words.into_iter().zip(shown).filter(|(_, shown)| *shown).map(|(words, _)| words).collect()
}

/// The name of an element for people: its name, else its id.
fn called(element: &Element) -> &str {
    let name = element.attr("name").map(str::trim).filter(|name| !name.is_empty());
    name.or_else(|| element.attr("id")).unwrap_or_default()
}
