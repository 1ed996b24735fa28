//! The commands, one file each: its flags, then what it does.

pub mod account;
pub mod bench;
pub mod check;
pub mod config;
pub mod deadline;
pub mod demo;
pub mod export;
pub mod init;
pub mod migrate;
pub mod serve;
pub mod verify;
mod words;

use crate::cli::{Cli, Command};
use crate::world::{Exit, World};

/// Runs a command.
pub fn run(cli: &Cli, world: &mut World<'_>) -> Exit {
    match &cli.command {
        Command::Check(args) => check::run(args, world),
        Command::Config(args) => config::run(args, world),
        Command::Deadline(args) => deadline::run(args, world),
    }
}
