//! `motcua account`: flags. `account reset` gives a new password and ends all sessions.

use crate::cli::DataArgs;
use clap::{Args, Subcommand};

/// Flags of `account`.
#[derive(Args, Clone, Debug)]
pub struct AccountArgs {
    /// What to do with an account.
    #[command(subcommand)]
    pub act: AccountAct,
}

/// Acts on accounts.
#[derive(Subcommand, Clone, Debug)]
pub enum AccountAct {
    /// Đặt lại mật khẩu, kết thúc mọi phiên. / Resets the password, ends all sessions.
    #[command(after_help = crate::cli::EXIT_CODES)]
    Reset(ResetArgs),
}

/// Flags of `account reset`.
#[derive(Args, Clone, Debug)]
pub struct ResetArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Tên đăng nhập. / Sign-in name.
    pub login: String,
    /// Đọc mật khẩu mới từ đầu vào chuẩn; không có thì tạo ngẫu nhiên và in một lần. / Reads the
    /// new password from standard input; without it a random one is made and printed once.
    #[arg(long)]
    pub password_stdin: bool,
}
