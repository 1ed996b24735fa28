//! A short list of places, kept without the heap as long as it is short: a state is copied for
//! each command, and its lists are most of what would have to be allocated.

use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::definition::NodeIx;

/// So many places need no memory of their own; with them the list is as long as half a cache line.
const ROOM: usize = 11;

/// Places in the order in which they were added.
#[derive(Clone)]
pub struct Nodes(Kept);

#[derive(Clone)]
enum Kept {
    Few(u8, [NodeIx; ROOM]),
    Many(Vec<NodeIx>),
}

impl Nodes {
    /// No places.
    #[must_use]
    pub const fn new() -> Self {
        Self(Kept::Few(0, [NodeIx(0); ROOM]))
    }

    /// Adds a place at the end.
    pub fn push(&mut self, node: NodeIx) {
        match &mut self.0 {
            Kept::Many(all) => all.push(node),
            Kept::Few(count, few) => match few.get_mut(usize::from(*count)) {
                Some(free) => {
                    *free = node;
                    *count += 1;
                }
                None => {
                    let mut all = few.to_vec();
                    all.push(node);
                    self.0 = Kept::Many(all);
                }
            },
        }
    }

    /// Keeps the first so many places.
    pub fn truncate(&mut self, keep: usize) {
        match &mut self.0 {
            Kept::Many(all) => all.truncate(keep),
            Kept::Few(count, _) => *count = u8::try_from(keep).map_or(*count, |k| k.min(*count)),
        }
    }

    /// Forgets all places.
    pub fn clear(&mut self) {
        self.truncate(0);
    }
}

impl Default for Nodes {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Nodes {
    type Target = [NodeIx];

    fn deref(&self) -> &[NodeIx] {
        match &self.0 {
            Kept::Few(count, few) => few.get(..usize::from(*count)).unwrap_or(few),
            Kept::Many(all) => all,
        }
    }
}

impl DerefMut for Nodes {
    fn deref_mut(&mut self) -> &mut [NodeIx] {
        match &mut self.0 {
            Kept::Few(count, few) => few.split_at_mut(usize::from(*count).min(ROOM)).0,
            Kept::Many(all) => all,
        }
    }
}

impl From<Vec<NodeIx>> for Nodes {
    fn from(nodes: Vec<NodeIx>) -> Self {
        nodes.into_iter().collect()
    }
}

impl FromIterator<NodeIx> for Nodes {
    fn from_iter<I: IntoIterator<Item = NodeIx>>(nodes: I) -> Self {
        let mut all = Self::new();
        nodes.into_iter().for_each(|node| all.push(node));
        all
    }
}

impl<'a> IntoIterator for &'a Nodes {
    type Item = &'a NodeIx;
    type IntoIter = std::slice::Iter<'a, NodeIx>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

// Two lists are the same when they name the same places, however they are kept.
impl PartialEq for Nodes {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Nodes {}

impl Hash for Nodes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl std::fmt::Debug for Nodes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl Serialize for Nodes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self)
    }
}

impl<'de> Deserialize<'de> for Nodes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Vec::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_the_same_however_it_is_kept() {
        let up_to = |last: u16| -> Vec<NodeIx> { (0..last).map(NodeIx).collect() };
        let mut long: Nodes = up_to(30).into_iter().collect();
        assert_eq!(*long, up_to(30));
        for count in (0..30_u16).rev() {
            long.truncate(usize::from(count));
            let short: Nodes = up_to(count).into_iter().collect();
            assert_eq!((&*short, &short), (up_to(count).as_slice(), &long));
            let text = serde_json::to_string(&short).unwrap();
            assert_eq!(text, serde_json::to_string(&up_to(count)).unwrap());
            assert_eq!(serde_json::from_str::<Nodes>(&text).unwrap(), long);
        }
        let mut few: Nodes = up_to(5).into_iter().collect();
        few.truncate(300);
        assert_eq!(*few, up_to(5));
        few.clear();
        assert_eq!(few, Nodes::new());
    }
}
