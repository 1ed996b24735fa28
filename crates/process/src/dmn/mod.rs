//! Decisions in DMN 1.1 to 1.5: read, check, compile once, evaluate many times.
//!
//! [`Source::read`] reads a file, [`Decisions::compile`] compiles a model with those it imports.
//! Compiling goes on past mistakes, so that [`Decisions::problems`] names them all and one bad
//! decision does not stop the others. Evaluation has the bounds of [`crate::feel`].

mod boxed;
mod compile;
pub mod contract;
mod evaluate;
mod graph;
mod items;
mod lint;
mod read;
mod service;
mod table;
mod table_read;
mod testfile;
mod within;

pub use evaluate::{Decisions, Evaluated, NotDecided, Remark};
pub use read::{MODEL_NAMESPACES, Source};
