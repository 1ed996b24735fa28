//! The grid of a level in pixels, and the ways of lines through it.

use std::collections::{HashMap, HashSet};

use super::layout::{GAP_X, GAP_Y};
use super::order::Cell;
use super::picture::Rect;

/// Where the columns and rows of a level are.
pub(super) struct Grid {
    /// Left edge and width of each column.
    columns: Vec<(f64, f64)>,
    /// Top edge and height of each row of each lane.
    rows: HashMap<(usize, usize), (f64, f64)>,
    /// Top and bottom of each lane.
    bands: Vec<(f64, f64)>,
    taken: HashSet<Cell>,
    width: f64,
}

impl Grid {
    pub(super) fn of(cells: &[Cell], sizes: &[(f64, f64)], bands: usize, left: f64) -> Self {
        let mut widths: Vec<f64> = Vec::new();
        let mut heights: HashMap<(usize, usize), f64> = HashMap::new();
        let mut counts = vec![1_usize; bands];
        for (cell, (width, height)) in cells.iter().zip(sizes) {
            if widths.len() <= cell.layer {
                widths.resize(cell.layer + 1, 0.0);
            }
            if let Some(found) = widths.get_mut(cell.layer) {
                *found = found.max(*width);
            }
            let row = heights.entry((cell.band, cell.row)).or_default();
            *row = row.max(*height);
            if let Some(count) = counts.get_mut(cell.band) {
                *count = (*count).max(cell.row + 1);
            }
        }
        let mut x = left + GAP_X / 2.0;
        let mut columns = Vec::new();
        for width in widths {
            columns.push((x, width));
            x += width + GAP_X;
        }
        let (mut rows, mut places) = (HashMap::new(), Vec::new());
        let mut y = 0.0;
        for (band, count) in counts.iter().enumerate() {
            let top = y;
            y += GAP_Y / 2.0;
            for row in 0..*count {
                let height = heights.get(&(band, row)).copied().unwrap_or(36.0);
                rows.insert((band, row), (y, height));
                y += height + GAP_Y;
            }
            places.push((top, y));
        }
        let taken = cells.iter().copied().collect();
        Self { columns, rows, bands: places, taken, width: x.max(left + 100.0) }
    }

    pub(super) fn size(&self) -> (f64, f64) {
        (self.width, self.bands.last().map_or(0.0, |band| band.1))
    }

    pub(super) fn band(&self, band: usize) -> (f64, f64) {
        self.bands.get(band).copied().unwrap_or_default()
    }

    /// Where a node of this size stands: in the middle of its cell.
    pub(super) fn place(&self, cell: Cell, (width, height): (f64, f64)) -> Rect {
        let (left, column) = self.columns.get(cell.layer).copied().unwrap_or_default();
        let (top, row) = self.rows.get(&(cell.band, cell.row)).copied().unwrap_or_default();
        let x = left + (column - width) / 2.0;
        Rect { x, y: top + (row - height) / 2.0, width, height }
    }

    /// Whether a row is free between two columns.
    fn is_free(&self, row: Cell, from: usize, to: usize) -> bool {
        (from + 1..to).all(|layer| !self.taken.contains(&Cell { layer, ..row }))
    }

    /// Places for vertical lines left and right of a column.
    fn beside(&self, layer: usize) -> (f64, f64) {
        let (left, width) = self.columns.get(layer).copied().unwrap_or_default();
        (left - GAP_X * 0.45, left + width + GAP_X * 0.45)
    }

    /// The channel under the row of a cell.
    fn under(&self, cell: Cell) -> f64 {
        let (top, height) = self.rows.get(&(cell.band, cell.row)).copied().unwrap_or_default();
        top + height + GAP_Y * 0.6
    }
}

/// The way of a sequence flow.
pub(super) fn route(
    grid: &Grid,
    (from, source): (Rect, Cell),
    (to, target): (Rect, Cell),
    boundary: bool,
) -> Vec<(f64, f64)> {
    let (_, to_y) = to.middle();
    let entry = grid.beside(target.layer).0;
    if boundary {
        let x = from.middle().0;
        let down = grid.under(source).max(from.bottom() + 8.0);
        if target.layer <= source.layer {
            return back(&from, &to, down);
        }
        return clean(vec![
            (x, from.bottom()),
            (x, down),
            (entry, down),
            (entry, to_y),
            (to.x, to_y),
        ]);
    }
    let (_, from_y) = from.middle();
    if target.layer <= source.layer {
        let low = grid.under(source).max(grid.under(target));
        return back(&from, &to, low);
    }
    let exit = grid.beside(source.layer).1;
    let start = (from.right(), from_y);
    let end = (to.x, to_y);
    if grid.is_free(source, source.layer, target.layer) {
        return clean(vec![start, (entry, from_y), (entry, to_y), end]);
    }
    if grid.is_free(target, source.layer, target.layer) {
        return clean(vec![start, (exit, from_y), (exit, to_y), end]);
    }
    let low = grid.under(source);
    clean(vec![start, (exit, from_y), (exit, low), (entry, low), (entry, to_y), end])
}

/// Back to an earlier column: down, along under the rows, and up.
fn back(from: &Rect, to: &Rect, low: f64) -> Vec<(f64, f64)> {
    let (from_x, to_x) = (from.middle().0, to.middle().0);
    let low = low.max(from.bottom() + 10.0).max(to.bottom() + 10.0);
    // A loop to itself comes back beside the way out.
    let to_x = if (from_x - to_x).abs() < 1.0 { to_x - to.width / 4.0 } else { to_x };
    vec![(from_x, from.bottom()), (from_x, low), (to_x, low), (to_x, to.bottom())]
}

/// Without points that change nothing.
fn clean(points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let mut kept: Vec<(f64, f64)> = Vec::new();
    for point in points {
        if let [.., before, last] = kept.as_slice() {
            let same = |a: f64, b: f64, c: f64| (a - b).abs() < 0.5 && (b - c).abs() < 0.5;
            if same(before.0, last.0, point.0) || same(before.1, last.1, point.1) {
                kept.pop();
            }
        }
        kept.push(point);
    }
    kept
}

/// A straight line from the edge of one rectangle to the edge of the other.
pub(super) fn between(from: &Rect, to: &Rect) -> Vec<(f64, f64)> {
    // Above one another: straight down, as far as they overlap.
    let (left, right) = (from.x.max(to.x), from.right().min(to.right()));
    if right > left && (from.bottom() < to.y || to.bottom() < from.y) {
        let narrow = if from.width < to.width { from.middle().0 } else { to.middle().0 };
        let x = narrow.clamp(left, right);
        let down = from.bottom() < to.y;
        let (start, end) = if down { (from.bottom(), to.y) } else { (from.y, to.bottom()) };
        return vec![(x, start), (x, end)];
    }
    vec![edge(from, to.middle()), edge(to, from.middle())]
}

/// Where the line from the middle of a rectangle to a point leaves it.
fn edge(rect: &Rect, to: (f64, f64)) -> (f64, f64) {
    let (x, y) = rect.middle();
    let (dx, dy) = (to.0 - x, to.1 - y);
    let across = rect.width / 2.0 / dx.abs().max(0.001);
    let along = rect.height / 2.0 / dy.abs().max(0.001);
    let share = across.min(along).min(1.0);
    (x + dx * share, y + dy * share)
}
