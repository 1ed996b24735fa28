//! `motcua migrate`: brings the database to the schema of this program.

use crate::cli::DataArgs;
use crate::world::{Exit, World};
use clap::Args;
use store::Options;

/// Flags of `migrate`.
#[derive(Args, Clone, Debug, Default)]
pub struct MigrateArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
}

/// Migrates; running it again changes nothing.
pub fn run(args: &MigrateArgs, world: &mut World<'_>) -> Exit {
    let options = Options { migrate_at_ms: Some((world.clock)()), ..Options::default() };
    match super::opened(&args.place, options, world) {
        Ok(_) => {
            let newest = store::newest_schema();
            world.say(format_args!("Lược đồ {newest} / schema {newest}"));
            Exit::Fine
        }
        Err(exit) => exit,
    }
}
