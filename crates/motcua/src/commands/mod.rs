//! The commands, one file each: its flags, then what it does.

pub mod account;
mod account_add;
mod account_list;
pub mod bench;
pub mod calendar;
mod calendar_list;
pub mod check;
pub mod config;
pub mod deadline;
pub mod demo;
pub mod erase;
pub mod export;
mod export_xes;
pub mod init;
pub mod migrate;
pub mod process;
mod process_simulate;
mod process_what_if;
pub mod serve;
pub mod sim;
pub mod verify;
mod words;
mod xes;

use crate::cli::{Cli, Command, DataArgs};
use crate::config::{self as configuration, Config};
use crate::install::{self, Installation};
use crate::world::{Exit, World};
use store::Options;

/// Runs a command.
pub fn run(cli: &Cli, world: &mut World<'_>) -> Exit {
    match &cli.command {
        Command::Account(args) => account::run(args, world),
        Command::Bench(args) => bench::run(args, world),
        Command::Calendar(args) => calendar::run(args, world),
        Command::Check(args) => check::run(args, world),
        Command::Config(args) => config::run(args, world),
        Command::Deadline(args) => deadline::run(args, world),
        Command::Process(args) => process::run(args, world),
        Command::Demo(args) => demo::run(args, world),
        Command::Erase(args) => erase::run(args, world),
        Command::Export(args) => export::run(args, world),
        Command::Init(args) => init::run(args, world),
        Command::Migrate(args) => migrate::run(args, world),
        Command::Serve(args) => serve::run(args, world),
        Command::Sim(args) => sim::run(args, world),
        Command::Verify(args) => verify::run(args, world),
    }
}

/// The configuration that flags and environment give, or the exit code with every fault said.
fn configured(place: &DataArgs, world: &mut World<'_>) -> Result<Config, Exit> {
    configuration::load(&place.flags(None), &world.env).map_err(|faults| {
        faults.iter().for_each(|fault| world.warn(fault));
        Exit::Usage
    })
}

/// The installation that flags and environment name.
fn opened(
    place: &DataArgs,
    options: Options,
    world: &mut World<'_>,
) -> Result<(Config, Installation), Exit> {
    let config = configured(place, world)?;
    match install::open(&config, options) {
        Ok(installation) => Ok((config, installation)),
        Err(fault) => Err(serve::cannot_open(&fault, world)),
    }
}
