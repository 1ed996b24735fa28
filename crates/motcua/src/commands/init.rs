//! `motcua init`: makes keys, database, units and the first administrator.

use crate::cli::DataArgs;
use crate::install::{self, account_id};
use crate::world::{Exit, World};
use clap::Args;
use kernel::calendar::Instant;
use kernel::ids::UnitId;
use kernel::org::{Holding, Role, Validity};
use rand::SeedableRng;
use rand::rngs::StdRng;
use store::accounts::{self, NewAccount};
use store::staff::put_holding;

/// Characters of a password made by the program, without those that are mistaken for others.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Length of such a password.
const PASSWORD_CHARS: usize = 16;

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

/// A password: read from standard input, or made and told that it must be changed.
pub(super) fn password(from_stdin: bool, world: &mut World<'_>) -> Result<(String, bool), Exit> {
    if from_stdin {
        let mut text = String::new();
        if let Err(error) = world.stdin.read_to_string(&mut text) {
            world.warn(error);
            return Err(Exit::Usage);
        }
        return Ok((text.trim_end_matches(['\r', '\n']).to_owned(), false));
    }
    let mut bytes = [0; PASSWORD_CHARS];
    if let Err(error) = (world.dice)(&mut bytes) {
        world.warn(error);
        return Err(Exit::Closed);
    }
    let letter = |b: &u8| char::from(LETTERS[usize::from(*b) % LETTERS.len()]);
    Ok((bytes.iter().map(letter).collect(), true))
}

/// Makes the installation. What goes wrong leaves no database behind that could be served.
pub fn run(args: &InitArgs, world: &mut World<'_>) -> Exit {
    match make(args, world) {
        Ok(()) => Exit::Fine,
        Err(exit) => exit,
    }
}

fn make(args: &InitArgs, world: &mut World<'_>) -> Result<(), Exit> {
    let config = super::configured(&args.place, world)?;
    let (password, made) = password(args.password_stdin, world)?;
    let login = accounts::fold_login(&args.admin).map_err(|error| {
        world.warn(format_args!("--admin: {error}"));
        Exit::Usage
    })?;
    let seed = crate::front::seed(world).map_err(|error| {
        world.warn(error);
        Exit::Closed
    })?;
    let mut rng = StdRng::from_seed(seed);
    let phc = accounts::hash_password(&mut rng, &password).map_err(|error| {
        world.warn(error);
        Exit::Usage
    })?;
    let now = Instant((world.clock)());
    let created = install::create(&config, seed, now.0);
    let installation = match created {
        Ok(installation) => installation,
        Err(fault @ install::OpenFault::Already(_)) => {
            world.warn(fault);
            return Err(Exit::Refused);
        }
        Err(fault) => return Err(super::serve::cannot_open(&fault, world)),
    };
    let post = format!("{}/{}", args.unit, Role::Administrator.as_str());
    if !installation.loaded.posts.iter().any(|p| p.id == post) {
        let known = administrators(&installation.loaded.posts);
        world
            .warn(format_args!("--unit: {post} không có; có / does not exist; there are: {known}"));
        drop(installation);
        undo(&config);
        return Err(Exit::Usage);
    }
    let valid = Validity { from: now.date(), to: None };
    let id = uuid::Uuid::from_bytes(store::secrets::random(&mut rng));
    let new = NewAccount {
        id,
        login: login.clone(),
        password_phc: phc,
        display_name: args.name.clone(),
        must_change: made,
    };
    let holding = Holding { post, account: account_id(id), valid };
    let kept = installation.store.act_blocking(move |tx| {
        accounts::add(tx, &new, now.0)?;
        put_holding(tx, &holding)
    });
    if let Err(error) = kept {
        world.warn(error.into_store());
        return Err(Exit::Closed);
    }
    let unit = UnitId(args.unit.clone());
    let name = installation.catalogue.tree.unit(&unit).map(|u| u.name.clone());
    world.say(format_args!(
        "Đã tạo {} / made {}\n\
         Khóa / keys: {} (giữ riêng, sao lưu riêng / keep apart, back up apart)",
        config.data.dir.display(),
        config.data.dir.display(),
        config.data.keys_path().display()
    ));
    let name = name.unwrap_or_default();
    world.say(format_args!("Quản trị / administrator: {login} ({name})"));
    if made {
        world.say(format_args!("Mật khẩu, chỉ hiện một lần / password, shown once: {password}"));
    }
    Ok(())
}

fn administrators(posts: &[kernel::org::Post]) -> String {
    let of = posts.iter().filter(|p| p.role == Role::Administrator);
    of.map(|p| p.unit.as_str()).collect::<Vec<_>>().join(", ")
}

/// Takes an installation back that nobody has used: its own files only.
fn undo(config: &crate::config::Config) {
    let dir = &config.data.dir;
    let _gone = std::fs::remove_file(config.data.keys_path());
    for name in [store::DATABASE_FILE, store::LOCK_FILE] {
        for tail in ["", "-wal", "-shm"] {
            let _gone = std::fs::remove_file(dir.join(format!("{name}{tail}")));
        }
    }
    let _gone = std::fs::remove_dir_all(dir.join("blobs"));
    let _kept_if_not_empty = std::fs::remove_dir(dir);
}
