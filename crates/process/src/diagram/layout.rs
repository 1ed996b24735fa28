//! Lays out a file that has no diagram: layers from left to right, lanes from top to bottom.

use std::collections::{HashMap, HashSet};

use super::order::{Cell, cells};
use super::picture::{Line, Picture, Rect, Shape};
use super::route::{Grid, between, route};
use crate::bpmn::{Definitions, Kind, Owner};
use crate::limits;

/// Space between columns and between rows.
pub(super) const GAP_X: f64 = 56.0;
pub(super) const GAP_Y: f64 = 44.0;
/// Width of the band with a name.
const BAND: f64 = 30.0;
/// Space inside a sub-process, and above its content for the name.
const INSIDE: f64 = 20.0;
const HEADROOM: f64 = 26.0;
/// Space between pools.
const BETWEEN: f64 = 40.0;
/// Height of a pool without content.
const CLOSED: f64 = 60.0;

/// The picture of all processes.
pub(super) fn laid_out<'a>(view: &Definitions<'a>) -> Picture<'a> {
    let mut picture = Picture::default();
    let beside = view.lanes.len() + view.data.len() + view.artefacts.len();
    if view.nodes.len() > limits::NODES || beside > limits::NODES {
        return picture;
    }
    let levels = Levels::of(view);
    let mut y = 0.0;
    let mut widest: f64 = 0.0;
    for (ix, process) in view.processes.iter().enumerate() {
        let pool = view.pools.iter().find(|pool| pool.process == Some(process.id));
        let mut block = levels.process(Owner { process: ix, parent: None });
        if let Some(pool) = pool {
            block.picture.shift(BAND, 0.0);
            block.width += BAND;
            let bounds = Rect { x: 0.0, y: 0.0, width: block.width, height: block.height };
            block.picture.shapes.push(plain(pool.element, bounds));
        }
        block.picture.shift(0.0, y);
        y += block.height + BETWEEN;
        widest = widest.max(block.width);
        picture.shapes.extend(block.picture.shapes);
        picture.lines.extend(block.picture.lines);
    }
    for pool in view.pools.iter().filter(|pool| pool.process.is_none()) {
        let bounds = Rect { x: 0.0, y, width: widest.max(300.0), height: CLOSED };
        picture.shapes.push(plain(pool.element, bounds));
        y += CLOSED + BETWEEN;
    }
    joined(view, &mut picture);
    picture
}

fn plain<'a>(element: &'a crate::model::Element, bounds: Rect) -> Shape<'a> {
    Shape { element, bounds, horizontal: true, expanded: false, label: None }
}

/// Message flows, associations and data associations: straight from edge to edge.
fn joined<'a>(view: &Definitions<'a>, picture: &mut Picture<'a>) {
    let places: HashMap<&str, Rect> = picture
        .shapes
        .iter()
        .filter_map(|shape| Some((shape.element.attr("id")?, shape.bounds)))
        .collect();
    let mut ends: Vec<(&'a crate::model::Element, &str, &str)> = Vec::new();
    ends.extend(view.message_flows.iter().map(|flow| (flow.element, flow.source, flow.target)));
    ends.extend(view.associations.iter().map(|a| (a.element, a.source, a.target)));
    for node in &view.nodes {
        for data in &node.data {
            for source in data.sources.iter().filter(|_| data.input) {
                ends.push((data.element, source, node.id));
            }
            if let Some(target) = data.target.filter(|_| !data.input) {
                ends.push((data.element, node.id, target));
            }
        }
    }
    for (element, source, target) in ends {
        if let (Some(from), Some(to)) = (places.get(source), places.get(target)) {
            picture.lines.push(Line { element, points: between(from, to), label: None });
        }
    }
}

/// A part of the picture with its size.
struct Block<'a> {
    picture: Picture<'a>,
    width: f64,
    height: f64,
}

/// Nodes and other things of each level.
struct Levels<'v, 'a> {
    view: &'v Definitions<'a>,
    nodes: HashMap<Owner, Vec<usize>>,
    flows: HashMap<Owner, Vec<usize>>,
}

impl<'v, 'a> Levels<'v, 'a> {
    fn of(view: &'v Definitions<'a>) -> Self {
        let mut levels = Self { view, nodes: HashMap::new(), flows: HashMap::new() };
        for (ix, node) in view.nodes.iter().enumerate() {
            levels.nodes.entry(node.owner).or_default().push(ix);
        }
        for (ix, flow) in view.flows.iter().enumerate() {
            levels.flows.entry(flow.owner).or_default().push(ix);
        }
        levels
    }

    fn process(&self, owner: Owner) -> Block<'a> {
        let lanes: Vec<usize> = self.leaf_lanes(owner);
        let mut block = self.level(owner, &lanes);
        self.beside(owner, &mut block);
        block
    }

    /// Innermost lanes of the first lane set of a level.
    fn leaf_lanes(&self, owner: Owner) -> Vec<usize> {
        let lanes = self.view.lanes.iter().enumerate();
        let here: Vec<usize> =
            lanes.filter(|(_, lane)| lane.owner == owner).map(|(ix, _)| ix).collect();
        let set = here.first().and_then(|ix| self.view.lanes.get(*ix)).map(|lane| lane.set);
        let outer: Vec<Option<usize>> = self.view.lanes.iter().map(|lane| lane.parent).collect();
        let first = |ix: &usize| self.view.lanes.get(*ix).map(|lane| lane.set) == set;
        here.into_iter().filter(first).filter(|ix| !outer.contains(&Some(*ix))).collect()
    }

    fn level(&self, owner: Owner, lanes: &[usize]) -> Block<'a> {
        let nothing = Vec::new();
        let all = self.nodes.get(&owner).unwrap_or(&nothing);
        let nodes: Vec<usize> =
            all.iter().copied().filter(|ix| self.kind(*ix) != Some(Kind::BoundaryEvent)).collect();
        let number: HashMap<usize, usize> =
            nodes.iter().enumerate().map(|(number, ix)| (*ix, number)).collect();
        let bands: Vec<usize> = nodes.iter().map(|ix| self.band(*ix, lanes)).collect();
        let edges = self.edges(owner, &number);
        let cells = cells(&bands, &edges, &self.aside(&nodes));
        let mut inner: Vec<Option<Block<'a>>> = Vec::new();
        for ix in &nodes {
            inner.push(self.inner(owner, *ix));
        }
        let sizes: Vec<(f64, f64)> =
            nodes.iter().zip(&inner).map(|(ix, inner)| self.size(*ix, inner.as_ref())).collect();
        let left = self.lane_room(lanes);
        let grid = Grid::of(&cells, &sizes, lanes.len().max(1), left);
        let mut picture = Picture::default();
        self.lane_shapes(lanes, &grid, &mut picture);
        let mut places: HashMap<&str, (Rect, Cell)> = HashMap::new();
        for (((ix, cell), size), inner) in nodes.iter().zip(&cells).zip(&sizes).zip(inner) {
            let Some(node) = self.view.nodes.get(*ix) else { continue };
            let bounds = grid.place(*cell, *size);
            places.insert(node.id, (bounds, *cell));
            let mut shape = plain(node.element, bounds);
            shape.expanded = inner.is_some();
            picture.shapes.push(shape);
            if let Some(mut inner) = inner {
                inner.picture.shift(bounds.x + INSIDE, bounds.y + HEADROOM);
                picture.shapes.extend(inner.picture.shapes);
                picture.lines.extend(inner.picture.lines);
            }
        }
        self.boundaries(all, &mut places, &mut picture);
        for flow in self.flows.get(&owner).into_iter().flatten() {
            let Some(flow) = self.view.flows.get(*flow) else { continue };
            let ends = places.get(flow.source).zip(places.get(flow.target));
            let Some((from, to)) = ends else { continue };
            let boundary =
                self.view.node(flow.source).map(|node| node.kind) == Some(Kind::BoundaryEvent);
            let points = route(&grid, *from, *to, boundary);
            picture.lines.push(Line { element: flow.element, points, label: None });
        }
        let (width, height) = grid.size();
        Block { picture, width, height }
    }

    fn kind(&self, ix: usize) -> Option<Kind> {
        self.view.nodes.get(ix).map(|node| node.kind)
    }

    fn band(&self, ix: usize, lanes: &[usize]) -> usize {
        let lane = self.view.nodes.get(ix).and_then(|node| self.view.lane_of(node));
        let at = lanes.iter().position(|lane_ix| {
            let known = self.view.lanes.get(*lane_ix);
            known.zip(lane).is_some_and(|(known, lane)| std::ptr::eq(known, lane))
        });
        at.unwrap_or(0)
    }

    /// Flows of a level by the numbers of their nodes; a boundary event counts as its host.
    fn edges(&self, owner: Owner, number: &HashMap<usize, usize>) -> Vec<(usize, usize)> {
        let host = |id: &str| {
            let node = self.view.node(id)?;
            match node.attached_to() {
                Some(on) if node.kind == Kind::BoundaryEvent => self.view.node_ix(on),
                _ => self.view.node_ix(id),
            }
        };
        let flows = self.flows.get(&owner).into_iter().flatten();
        flows
            .filter_map(|ix| self.view.flows.get(*ix))
            .filter_map(|flow| {
                let from = number.get(&host(flow.source)?)?;
                Some((*from, *number.get(&host(flow.target)?)?))
            })
            .collect()
    }

    /// Numbers of nodes that only boundary events lead to.
    fn aside(&self, nodes: &[usize]) -> HashSet<usize> {
        let only = |ix: &usize| {
            let Some(node) = self.view.nodes.get(*ix) else { return false };
            let mut sources =
                self.view.incoming(node).filter_map(|flow| self.view.node(flow.source));
            !node.incoming.is_empty() && sources.all(|source| source.kind == Kind::BoundaryEvent)
        };
        nodes.iter().enumerate().filter(|(_, ix)| only(ix)).map(|(number, _)| number).collect()
    }

    fn inner(&self, owner: Owner, ix: usize) -> Option<Block<'a>> {
        let inside = Owner { parent: Some(ix), ..owner };
        self.nodes.contains_key(&inside).then(|| {
            let lanes = self.leaf_lanes(inside);
            let mut block = self.level(inside, &lanes);
            self.beside(inside, &mut block);
            block
        })
    }

    fn size(&self, ix: usize, inner: Option<&Block<'_>>) -> (f64, f64) {
        if let Some(inner) = inner {
            let width = (inner.width + 2.0 * INSIDE).max(120.0);
            return (width, (inner.height + HEADROOM + INSIDE).max(80.0));
        }
        match self.kind(ix) {
            Some(kind) if kind.is_event() => (36.0, 36.0),
            Some(kind) if kind.is_gateway() => (50.0, 50.0),
            _ => (120.0, 72.0),
        }
    }

    fn lane_room(&self, lanes: &[usize]) -> f64 {
        let depth =
            lanes.iter().filter_map(|ix| self.view.lanes.get(*ix)).map(|lane| lane.depth + 1);
        depth.max().unwrap_or(0) as f64 * BAND
    }

    fn lane_shapes(&self, lanes: &[usize], grid: &Grid, picture: &mut Picture<'a>) {
        let mut spans: Vec<(usize, f64, f64)> = Vec::new();
        for (band, ix) in lanes.iter().enumerate() {
            let (top, bottom) = grid.band(band);
            let mut next = Some(*ix);
            while let Some(ix) = next {
                match spans.iter_mut().find(|span| span.0 == ix) {
                    Some(span) => span.2 = bottom,
                    None => spans.push((ix, top, bottom)),
                }
                next = self.view.lanes.get(ix).and_then(|lane| lane.parent);
            }
        }
        spans.sort_by_key(|span| span.0);
        for (ix, top, bottom) in spans {
            let Some(lane) = self.view.lanes.get(ix) else { continue };
            let x = lane.depth as f64 * BAND;
            let bounds = Rect { x, y: top, width: grid.size().0 - x, height: bottom - top };
            picture.shapes.push(plain(lane.element, bounds));
        }
    }

    /// Boundary events stand side by side on the lower edge of their activities.
    fn boundaries<'n>(
        &'n self,
        all: &[usize],
        places: &mut HashMap<&'n str, (Rect, Cell)>,
        picture: &mut Picture<'a>,
    ) {
        let mut counts: HashMap<&str, f64> = HashMap::new();
        for node in all.iter().filter_map(|ix| self.view.nodes.get(*ix)) {
            let Some(on) = node.attached_to().filter(|_| node.kind == Kind::BoundaryEvent) else {
                continue;
            };
            let Some((host, cell)) = places.get(self.view.resolve(on)).copied() else { continue };
            let count = counts.entry(self.view.resolve(on)).or_default();
            let x = (host.x + 12.0 + *count * 44.0).min(host.right() - 24.0);
            *count += 1.0;
            let bounds = Rect { x, y: host.bottom() - 18.0, width: 36.0, height: 36.0 };
            places.insert(node.id, (bounds, cell));
            picture.shapes.push(plain(node.element, bounds));
        }
    }

    /// Data and notes stand in a row below.
    fn beside(&self, owner: Owner, block: &mut Block<'a>) {
        let mut x = BAND + INSIDE;
        let y = block.height + 8.0;
        let mut low = block.height;
        let data = self.view.data.iter().filter(|data| data.owner == Some(owner));
        let references = data.filter(|data| data.element.local.ends_with("Reference"));
        let mut things: Vec<(&'a crate::model::Element, f64, f64, f64)> =
            references.map(|data| (data.element, 36.0, 46.0, 90.0)).collect();
        let artefacts = self.view.artefacts.iter().filter(|(_, place)| *place == owner);
        things.extend(
            artefacts
                .filter(|(element, _)| element.local == "textAnnotation")
                .map(|(element, _)| (*element, 140.0, 44.0, 160.0)),
        );
        for (element, width, height, step) in things {
            block.picture.shapes.push(plain(element, Rect { x, y, width, height }));
            low = y + height + 36.0;
            x += step;
        }
        block.height = low;
        block.width = block.width.max(x);
    }
}
