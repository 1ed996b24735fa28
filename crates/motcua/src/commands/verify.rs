//! `motcua verify`: flags. Proves the chain of the journal and that replay equals the rows.

use crate::cli::DataArgs;
use clap::Args;

/// Flags of `verify`.
#[derive(Args, Clone, Debug, Default)]
pub struct VerifyArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
}
