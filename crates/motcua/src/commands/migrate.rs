//! `motcua migrate`: flags. Brings the database to the schema of this program.

use crate::cli::DataArgs;
use clap::Args;

/// Flags of `migrate`.
#[derive(Args, Clone, Debug, Default)]
pub struct MigrateArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
}
