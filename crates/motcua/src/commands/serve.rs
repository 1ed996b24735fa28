//! `motcua serve`: flags. Serves the pages and runs the worker.

use crate::cli::{DataArgs, ListenArgs};
use clap::Args;

/// Flags of `serve`.
#[derive(Args, Clone, Debug, Default)]
pub struct ServeArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Where to listen.
    #[command(flatten)]
    pub listen: ListenArgs,
}
