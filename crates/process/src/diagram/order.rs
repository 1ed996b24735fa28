//! Orders the nodes of a level in layers and rows, for files without a diagram.

use std::collections::{HashMap, HashSet};

/// Where a node stands in the grid of a level.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Cell {
    /// Column from the left.
    pub(super) layer: usize,
    /// Lane from the top.
    pub(super) band: usize,
    /// Row inside the lane.
    pub(super) row: usize,
}

/// Gives every node a cell. `edges` join nodes by number; `bands` tells each node's lane; a node in
/// `aside` goes below the way that leads to it. Else the
/// order of the nodes decides.
pub(super) fn cells(
    bands: &[usize],
    edges: &[(usize, usize)],
    aside: &HashSet<usize>,
) -> Vec<Cell> {
    let layers = layers(bands.len(), edges);
    let mut before: HashMap<usize, Vec<usize>> = HashMap::new();
    for (from, to) in edges {
        before.entry(*to).or_default().push(*from);
    }
    let mut order: Vec<usize> = (0..bands.len()).collect();
    order.sort_by_key(|node| (layers.get(*node).copied(), *node));
    let mut cells: Vec<Cell> = vec![Cell::default(); bands.len()];
    let mut taken: HashSet<Cell> = HashSet::new();
    // The first row of a lane and layer that may be free: a file may have thousands of nodes there.
    let mut free: HashMap<(usize, usize), usize> = HashMap::new();
    for node in order {
        let layer = layers.get(node).copied().unwrap_or_default();
        let band = bands.get(node).copied().unwrap_or_default();
        let earlier = before.get(&node).into_iter().flatten();
        let rows = earlier
            .filter_map(|from| cells.get(*from))
            .filter(|cell| cell.band == band && cell.layer < layer);
        let wanted = rows.map(|cell| cell.row).min().unwrap_or(0);
        let wanted = if aside.contains(&node) { wanted + 1 } else { wanted };
        let mut cell = Cell { layer, band, row: wanted };
        if taken.contains(&cell) {
            let next = free.entry((layer, band)).or_default();
            cell.row = wanted.max(*next);
            while taken.contains(&cell) {
                cell.row += 1;
            }
            *next = (*next).max(cell.row);
        }
        taken.insert(cell);
        if let Some(place) = cells.get_mut(node) {
            *place = cell;
        }
    }
    cells
}

impl std::hash::Hash for Cell {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.layer, self.band, self.row).hash(state);
    }
}

/// The longest way from a beginning to each node, edges that lead back left out.
fn layers(count: usize, edges: &[(usize, usize)]) -> Vec<usize> {
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut into = vec![0_usize; count];
    for (from, to) in edges {
        if let (Some(list), Some(number)) = (after.get_mut(*from), into.get_mut(*to)) {
            list.push(*to);
            *number += 1;
        }
    }
    let mut roots: Vec<usize> = (0..count).filter(|node| into.get(*node) == Some(&0)).collect();
    roots.extend(0..count);
    let finished = finished(&roots, &after);
    // In the reverse order of finishing, every edge that does not lead back goes forward.
    let place: HashMap<usize, usize> =
        finished.iter().rev().enumerate().map(|(place, node)| (*node, place)).collect();
    let mut layers = vec![0_usize; count];
    for node in finished.iter().rev() {
        let layer = layers.get(*node).copied().unwrap_or_default();
        for next in after.get(*node).into_iter().flatten() {
            if place.get(next) > place.get(node)
                && let Some(found) = layers.get_mut(*next)
            {
                *found = (*found).max(layer + 1);
            }
        }
    }
    layers
}

/// Nodes in the order in which a search in depth leaves them.
fn finished(roots: &[usize], after: &[Vec<usize>]) -> Vec<usize> {
    let mut seen: HashSet<usize> = HashSet::new();
    let mut finished = Vec::new();
    for root in roots {
        if !seen.insert(*root) {
            continue;
        }
        let mut path: Vec<(usize, usize)> = vec![(*root, 0)];
        while let Some((node, at)) = path.last_mut() {
            let next = after.get(*node).and_then(|list| list.get(*at)).copied();
            *at += 1;
            match next {
                Some(next) if seen.insert(next) => path.push((next, 0)),
                Some(_) => {}
                None => {
                    finished.push(*node);
                    path.pop();
                }
            }
        }
    }
    finished
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_follow_the_flows_and_loops_lead_back() {
        let edges = [(0, 1), (1, 2), (2, 1), (2, 3), (0, 4), (4, 3)];
        assert_eq!(layers(5, &edges), [0, 1, 2, 3, 1]);
        let cells = cells(&[0, 0, 0, 0, 0], &edges, &HashSet::new());
        assert_eq!((cells[1].row, cells[4].row, cells[3].row), (0, 1, 0));
        assert_eq!(layers(2, &[(0, 1), (1, 0), (0, 0), (7, 9)]), [0, 1]);
    }
}
