//! `motcua bench`: flags of the hidden command behind `cargo xtask bench`.

use crate::cli::DataArgs;
use clap::Args;

/// Flags of `bench`.
#[derive(Args, Clone, Debug)]
pub struct BenchArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Cases of the large database.
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    pub cases: u64,
}
