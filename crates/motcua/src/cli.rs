//! The command line: every command with its flags and help. A command appears here when it works.

use crate::commands::{
    account, bench, calendar, check, config, deadline, demo, erase, export, init, migrate, process,
    serve, sim, verify,
};
use crate::config::Flags;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Shown at the end of every help.
pub const EXIT_CODES: &str = "\
Mã thoát / exit codes:
  0  xong / done
  1  bị từ chối, hoặc tìm thấy lỗi / refused, or something was found
  2  dùng sai, hoặc đầu vào không đọc được / wrong use, or unreadable input
  3  không mở được thư mục dữ liệu / the data folder cannot be opened
  4  dữ liệu bị hỏng / the data are damaged";

/// Một cửa điện tử của tỉnh. / A province's electronic one-stop shop.
#[derive(Parser, Debug)]
#[command(name = "motcua", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Tạo thư mục dữ liệu, khóa và người quản trị đầu tiên. / Makes data folder, keys and the
    /// first administrator.
    #[command(after_help = EXIT_CODES)]
    Init(init::InitArgs),
    /// Mở các trang và chạy việc nền. / Serves the pages and runs the worker.
    ///
    /// TLS bằng tệp chứng chỉ, hoặc đứng sau một máy chủ đại diện được tin cậy; xem `motcua
    /// config`.
    ///
    /// TLS by certificate files, or behind a trusted proxy; see `motcua config`.
    #[command(after_help = EXIT_CODES)]
    Serve(serve::ServeArgs),
    /// Bản trình diễn với dữ liệu hư cấu. / A demonstration on invented data.
    ///
    /// Lần đầu tạo thư mục dữ liệu và một năm hồ sơ; lần sau chạy tiếp.
    ///
    /// The first run makes the data folder and a year of cases; later runs go on with it.
    #[command(after_help = EXIT_CODES)]
    Demo(demo::DemoArgs),
    /// Nâng lược đồ cơ sở dữ liệu. / Brings the database to this program's schema.
    #[command(after_help = EXIT_CODES)]
    Migrate(migrate::MigrateArgs),
    /// Chứng minh dữ liệu còn nguyên vẹn. / Proves that the data are whole.
    ///
    /// Kiểm tra chuỗi băm, phát lại nhật ký và so với mọi dòng; nêu dòng hỏng đầu tiên.
    ///
    /// Checks every chain, replays the journal, compares it with the rows, and names the first bad
    /// one.
    #[command(after_help = EXIT_CODES)]
    Verify(verify::VerifyArgs),
    /// Xuất hồ sơ ra JSON và tệp. / Exports cases as JSON and files.
    #[command(after_help = EXIT_CODES)]
    Export(export::ExportArgs),
    /// Xóa dữ liệu cá nhân của người nộp. / Erases the personal data of a filer.
    ///
    /// Chỉ khi mọi hồ sơ của người ấy đã xong. Nhật ký và chuỗi băm giữ nguyên.
    ///
    /// Only when all their cases have ended. The journal and its chain stay whole.
    #[command(after_help = EXIT_CODES)]
    Erase(erase::EraseArgs),
    /// Tài khoản cán bộ. / Officers' accounts.
    #[command(after_help = EXIT_CODES)]
    Account(account::AccountArgs),
    /// Lịch làm việc: ngày nghỉ, ngày làm bù. / The working calendar: days off, days worked.
    ///
    /// Ngày được thông báo sau không đổi hạn đã hẹn, trừ khi đúng ngày cuối bị đóng. Máy chủ đang
    /// chạy nhận thông báo trong 10 phút.
    ///
    /// A day announced later moves no promised date but one whose last day it closes. A running
    /// server takes an announcement over within 10 minutes.
    #[command(after_help = EXIT_CODES)]
    Calendar(calendar::CalendarArgs),
    /// Đo tốc độ. / Measures.
    #[command(hide = true, after_help = EXIT_CODES)]
    Bench(bench::BenchArgs),
    /// Mô phỏng một tỉnh và kiểm tra các bất biến. / Simulates a province and checks invariants.
    #[command(after_help = EXIT_CODES)]
    Sim(sim::SimArgs),
    /// Kiểm tra dữ liệu gốc và cấu hình. / Checks seeds and configuration.
    ///
    /// Đọc toàn bộ dữ liệu gốc và cấu hình, báo mọi lỗi kèm tệp, dòng, trường và lý do;
    /// không ghi gì.
    ///
    /// Reads all seeds and the configuration, names every fault with file, line, field and reason;
    /// writes nothing. Exit code 1 if there is a fault.
    #[command(after_help = EXIT_CODES)]
    Check(check::CheckArgs),
    /// In cấu hình mặc định có chú giải. / Prints the commented default configuration.
    ///
    /// Cấu hình in ra là tài liệu tham khảo đầy đủ. Chép dòng cần đổi vào config.toml.
    ///
    /// What is printed is the complete reference. Copy the lines you change into config.toml of the
    /// data folder.
    #[command(after_help = EXIT_CODES)]
    Config(config::ConfigArgs),
    /// Tính hạn trả kết quả và giải thích. / Derives due dates and explains them.
    ///
    /// Đọc một yêu cầu JSON, hoặc một mảng, từ đầu vào chuẩn; in từng bước tính kèm căn cứ pháp lý.
    ///
    /// Reads one JSON request, or an array, from standard input and prints every step with its
    /// legal ground. With --json one JSON answer per request. Reads no clock: `as_of` is now.
    /// Exit code 1 if a request was refused, 2 if the input is not JSON.
    #[command(after_help = EXIT_CODES)]
    Deadline(deadline::DeadlineArgs),
    /// Quy trình và quyết định trên tệp. / Processes and decisions on files.
    ///
    /// Chỉ đọc tệp: không cơ sở dữ liệu, không đồng hồ. Cùng đầu vào cho cùng kết quả.
    ///
    /// Works on files alone: no database, no clock. The same input gives the same answer.
    #[command(after_help = EXIT_CODES)]
    Process(process::ProcessArgs),
}

/// Where data and configuration are; shared by the commands that need them.
#[derive(Args, Clone, PartialEq, Eq, Debug, Default)]
pub struct DataArgs {
    /// Thư mục dữ liệu. / Data folder.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Tệp cấu hình thay cho config.toml của thư mục dữ liệu. / Configuration file instead of
    /// config.toml of the data folder.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Thư mục dữ liệu gốc thay cho dữ liệu có sẵn. / Folder that replaces the built-in seeds.
    #[arg(long, value_name = "DIR")]
    pub seeds: Option<PathBuf>,
}

/// Where to listen; for the commands that serve.
#[derive(Args, Clone, PartialEq, Eq, Debug, Default)]
pub struct ListenArgs {
    /// Địa chỉ và cổng lắng nghe. / Address and port to listen on, for example 127.0.0.1:8080.
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}

impl DataArgs {
    /// The flags as the configuration takes them.
    #[must_use]
    pub fn flags(&self, listen: Option<&ListenArgs>) -> Flags {
        Flags {
            config: self.config.clone(),
            data: self.data.clone(),
            listen: listen.and_then(|l| l.listen.clone()),
            seeds: self.seeds.clone(),
        }
    }
}
