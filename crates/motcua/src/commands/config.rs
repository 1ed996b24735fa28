//! `motcua config`: prints the commented default configuration.

use crate::config::DEFAULT;
use crate::world::{Exit, World};
use clap::Args;

/// Flags of `config`: none.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct ConfigArgs {}

/// Prints the default file, byte for byte.
pub fn run(_args: &ConfigArgs, world: &mut World<'_>) -> Exit {
    match world.out.write_all(DEFAULT.as_bytes()) {
        Ok(()) => Exit::Fine,
        Err(_) => Exit::Refused,
    }
}
