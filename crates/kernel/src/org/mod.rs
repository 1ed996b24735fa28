//! Units and posts: a tree with validity dates and succession, and who was in charge on a date.

mod staff;
mod tree;

pub use staff::{Delegation, Holding, Post, Role, Seat, Staff, StaffFault};
pub use tree::{Tree, TreeFault, Unit};

use crate::calendar::Date;
use serde::{Deserialize, Serialize};

/// The days on which something is valid, both ends included; an open end is `None`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Validity {
    /// First valid day.
    pub from: Date,
    /// Last valid day.
    pub to: Option<Date>,
}

impl Validity {
    /// Whether the day lies inside.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}
