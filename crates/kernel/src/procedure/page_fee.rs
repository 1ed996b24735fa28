//! Fees by the page of the original, as for certified copies.

use serde::{Deserialize, Serialize};

/// What a page costs, and the book in which each copy is numbered.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PageFee {
    /// How many pages cost `first_vnd` each; those after them cost `rest_vnd`.
    pub first_pages: u16,
    /// A page of the first ones, in đồng.
    pub first_vnd: i64,
    /// A later page, in đồng.
    pub rest_vnd: i64,
    /// Most for one copy, in đồng.
    pub most_vnd: i64,
    /// Symbol of the book.
    pub book: String,
}

/// What was copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Copies {
    /// Copies.
    pub copies: u16,
    /// Pages of the original.
    pub pages: u16,
}

impl PageFee {
    /// What copies of an original cost, in đồng.
    #[must_use]
    pub fn of(&self, told: Copies) -> i64 {
        let first = told.pages.min(self.first_pages);
        let rest = told.pages - first;
        let one = i64::from(first) * self.first_vnd + i64::from(rest) * self.rest_vnd;
        one.min(self.most_vnd) * i64::from(told.copies)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_after_the_first_cost_less_and_a_copy_has_a_most() {
        let fee = PageFee {
            first_pages: 2,
            first_vnd: 2_000,
            rest_vnd: 1_000,
            most_vnd: 200_000,
            book: "SCT/BS".into(),
        };
        let of = |copies, pages| fee.of(Copies { copies, pages });
        assert_eq!((of(1, 1), of(1, 2), of(1, 3)), (2_000, 4_000, 5_000));
        assert_eq!(of(3, 4), 18_000);
        assert_eq!(of(2, 500), 400_000, "not more than the most for a copy");
        assert_eq!(of(u16::MAX, u16::MAX), 200_000 * 65_535);
    }
}
