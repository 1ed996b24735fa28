//! `motcua export`: flags. Writes a case with its journal and papers into a folder.

use crate::cli::DataArgs;
use clap::Args;
use std::path::PathBuf;

/// Flags of `export`.
#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Mã hồ sơ hoặc mã tra cứu; lặp lại được. Không có thì xuất tất cả. / Code or tracking number;
    /// may be repeated. Without it everything is exported.
    #[arg(long = "case", value_name = "CODE")]
    pub cases: Vec<String>,
    /// Thư mục mới để ghi vào. / New folder to write into.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Lý do xuất, ghi vào nhật ký truy cập. / Why; goes into the record of access.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
}
