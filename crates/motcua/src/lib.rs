//! x
pub mod seed;
