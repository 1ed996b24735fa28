//! The program behind the `motcua` command, as a library that its tests and its binary share.
//!
//! `main` reads the clock, the system's randomness and the environment, puts them into a
//! [`world::World`] and calls [`commands::run`]; everything below takes them from there.

pub mod cli;
pub mod commands;
pub mod config;
pub mod seed;
pub mod world;
