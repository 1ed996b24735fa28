//! `motcua account`: flags. `account add` and `account list` stand apart; `account reset` gives
//! a new password and ends all sessions.

use crate::cli::DataArgs;
use crate::world::{Exit, World};
use clap::{Args, Subcommand};
use kernel::access::Actor;
use kernel::calendar::Instant;
use rand::SeedableRng;
use rand::rngs::StdRng;
use store::cases::Env;
use store::staff::{self, Act, StaffError};
use store::{ActError, Options, accounts};

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
    /// Thêm cán bộ vào một vị trí. / Adds an officer in a post.
    #[command(after_help = crate::cli::EXIT_CODES)]
    Add(AddArgs),
    /// Liệt kê tài khoản và vị trí hôm nay. / Lists accounts with the posts of today.
    #[command(after_help = crate::cli::EXIT_CODES)]
    List(ListArgs),
    /// Đặt lại mật khẩu, kết thúc mọi phiên. / Resets the password, ends all sessions.
    #[command(after_help = crate::cli::EXIT_CODES)]
    Reset(ResetArgs),
}

/// Flags of `account add`.
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Tên đăng nhập. / Sign-in name.
    #[arg(long, value_name = "LOGIN")]
    pub login: String,
    /// Tên hiển thị. / Name as shown.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Vị trí: đơn vị/vai trò. / Post: unit/role, for example `kg.rach-gia/leader`.
    #[arg(long, value_name = "POST")]
    pub post: String,
    /// Ngày đầu; không có thì hôm nay. / First day, YYYY-MM-DD; without it today.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Ngày cuối; không có thì không hạn. / Last day, YYYY-MM-DD; without it no end.
    #[arg(long, value_name = "DATE")]
    pub to: Option<String>,
    /// Đọc mật khẩu từ đầu vào chuẩn; không có thì tạo ngẫu nhiên và in một lần. / Reads the
    /// password from standard input; without it a random one is made and printed once.
    #[arg(long)]
    pub password_stdin: bool,
}

/// Flags of `account list`.
#[derive(Args, Clone, Debug)]
pub struct ListArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
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

/// Runs an act on accounts.
pub fn run(args: &AccountArgs, world: &mut World<'_>) -> Exit {
    let done = match &args.act {
        AccountAct::Add(add) => super::account_add::add(add, world),
        AccountAct::List(list) => super::account_list::list(list, world),
        AccountAct::Reset(reset) => reset_password(reset, world),
    };
    done.map_or_else(|exit| exit, |()| Exit::Fine)
}

/// Sets a new password, ends all sessions and lifts a lock, in one unit of work.
fn reset_password(args: &ResetArgs, world: &mut World<'_>) -> Result<(), Exit> {
    let (_, installation) = super::opened(&args.place, Options::default(), world)?;
    let (password, made) = super::init::password(args.password_stdin, world)?;
    let wrong = |world: &mut World<'_>, error: &dyn std::fmt::Display| {
        world.warn(error);
        Exit::Usage
    };
    let login = accounts::fold_login(&args.login).map_err(|e| wrong(world, &e))?;
    let seed = crate::front::seed(world).map_err(|e| wrong(world, &e))?;
    let mut rng = StdRng::from_seed(seed);
    let phc = accounts::hash_password(&mut rng, &password).map_err(|e| wrong(world, &e))?;
    let now = (world.clock)();
    let name = login.clone();
    let catalogue = std::sync::Arc::clone(&installation.catalogue);
    let done = installation.store.act_blocking(move |tx| {
        let account = accounts::by_login(tx, &name)?.ok_or(StaffError::NotFound)?;
        let actor = Actor::system("account");
        let env = Env { catalogue: &catalogue, actor: &actor, now: Instant(now), rng: &mut rng };
        let act = Act::Reset { phc: phc.clone() };
        staff::act(tx, &env, (account.id, None), &act, "motcua account reset")?;
        if !made {
            // Whoever typed it knows it; it need not be changed.
            accounts::set_password(tx, account.id, &phc, false, now)?;
        }
        Ok::<_, StaffError>(())
    });
    match done {
        Ok(()) => {}
        Err(ActError::Refused(StaffError::Store(error)) | ActError::Store(error)) => {
            world.warn(error);
            return Err(Exit::Closed);
        }
        Err(ActError::Refused(_)) => {
            world.warn(format_args!("{login}: không có tài khoản này / no such account"));
            return Err(Exit::Refused);
        }
    }
    world.say(format_args!(
        "{login}: đã đặt lại, mọi phiên đã kết thúc / reset, all sessions ended"
    ));
    if made {
        world.say(format_args!("Mật khẩu, chỉ hiện một lần / password, shown once: {password}"));
    }
    Ok(())
}
