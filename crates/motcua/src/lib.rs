//! The program behind the `motcua` command, as a library that its tests and its binary share.
//!
//! `main` reads the clock, the system's randomness and the environment, puts them into a
//! [`world::World`] and calls [`commands::run`]; everything below takes them from there.

pub mod bench;
pub mod cli;
pub mod commands;
pub mod config;
pub mod demo_fill;
pub mod fake_portal;
pub mod front;
pub mod install;
pub mod outside;
pub mod seed;
pub mod server;
pub mod wire;
pub mod world;
