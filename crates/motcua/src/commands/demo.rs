//! `motcua demo`: flags. Makes a data folder with invented cases and serves it on a moved clock.

use crate::cli::{DataArgs, ListenArgs};
use clap::Args;
use kernel::calendar::Date;

/// First day of the demonstration's clock where `--at` names none.
pub const DEMO_DAY: &str = "2019-04-25";

/// Flags of `demo`.
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Where to listen.
    #[command(flatten)]
    pub listen: ListenArgs,
    /// Ngày bắt đầu của đồng hồ: 2019-04-25 là ba cấp, 2026-10-08 là hai cấp. / First day of the
    /// clock: 2019-04-25 shows three levels, 2026-10-08 two.
    #[arg(long, value_name = "DATE", default_value = DEMO_DAY)]
    pub at: Date,
    /// Số hồ sơ mẫu. / Number of invented cases.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    pub cases: u32,
}
