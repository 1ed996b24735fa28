//! `motcua init`: flags. Makes keys, database, units and the first administrator.

use crate::cli::DataArgs;
use clap::Args;

/// Flags of `init`.
#[derive(Args, Clone, Debug, Default)]
pub struct InitArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Tên đăng nhập của người quản trị đầu tiên. / Sign-in name of the first administrator.
    #[arg(long, value_name = "LOGIN", default_value = "quan-tri")]
    pub admin: String,
    /// Tên hiển thị của người quản trị. / Name of the administrator as shown.
    #[arg(long, value_name = "NAME", default_value = "Quản trị hệ thống")]
    pub name: String,
    /// Đơn vị cấp tỉnh mà người quản trị thuộc về. / Provincial unit of the administrator.
    #[arg(long, value_name = "UNIT", default_value = "kg")]
    pub unit: String,
    /// Đọc mật khẩu từ đầu vào chuẩn; không có thì tạo ngẫu nhiên và in một lần. / Reads the
    /// password from standard input; without it a random one is made and printed once.
    #[arg(long)]
    pub password_stdin: bool,
}
