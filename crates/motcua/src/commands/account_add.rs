//! `motcua account add`: an officer's account with the post that they hold.

use super::account::AddArgs;
use crate::world::{Exit, World};
use kernel::access::Actor;
use kernel::calendar::{Date, Instant};
use kernel::limits::NAME_CHARS;
use kernel::org::{Post, Validity};
use rand::SeedableRng;
use rand::rngs::StdRng;
use store::accounts::{self, NewAccount};
use store::cases::Env;
use store::staff::{self, NewStaff, StaffError};
use store::{ActError, Options};

/// Posts that are named when the one asked for does not exist.
const POSTS_SHOWN: usize = 12;

/// Adds an account and its holding in one unit of work.
pub(super) fn add(args: &AddArgs, world: &mut World<'_>) -> Result<(), Exit> {
    let now = Instant((world.clock)());
    let (login, valid) = checked(args, now.date()).map_err(|fault| wrong(&fault, world))?;
    let (_, installation) = super::opened(&args.place, Options::default(), world)?;
    let posts = &installation.loaded.posts;
    if !posts.iter().any(|p| p.id == args.post) {
        return Err(wrong(&unknown_post(&args.post, posts), world));
    }
    let (password, made) = super::init::password(args.password_stdin, world)?;
    let seed = crate::front::seed(world).map_err(|error| wrong(&error.to_string(), world))?;
    let mut rng = StdRng::from_seed(seed);
    let phc = accounts::hash_password(&mut rng, &password)
        .map_err(|e| wrong(&format!("--password-stdin: {e}"), world))?;
    let id = uuid::Uuid::from_bytes(store::secrets::random(&mut rng));
    let account = NewAccount {
        id,
        login: login.clone(),
        password_phc: phc,
        display_name: args.name.trim().to_owned(),
        must_change: made,
    };
    let new = NewStaff { account, post: args.post.clone(), valid };
    let catalogue = std::sync::Arc::clone(&installation.catalogue);
    let added = installation.store.act_blocking(move |tx| {
        let actor = Actor::system("account");
        let env = Env { catalogue: &catalogue, actor: &actor, now, rng: &mut rng };
        staff::add(tx, &env, &new, "motcua account add")
    });
    if let Err(error) = added {
        return Err(refused(&error, &login, world));
    }
    world.say(format_args!("Đã thêm / added: {login} ({})", args.post));
    if made {
        world.say(format_args!("Mật khẩu, chỉ hiện một lần / password, shown once: {password}"));
    }
    Ok(())
}

/// Says why an account was not added.
fn refused(error: &ActError<StaffError>, login: &str, world: &mut World<'_>) -> Exit {
    match error {
        ActError::Refused(StaffError::Store(error)) | ActError::Store(error) => {
            world.warn(error);
            return Exit::Closed;
        }
        ActError::Refused(StaffError::Fields(faults)) => {
            let (vi, en) = (kit::T::new(kit::Lang::Vi), kit::T::new(kit::Lang::En));
            for fault in faults {
                let (vi, en) =
                    (vi.dynamic(&fault.key, &fault.args), en.dynamic(&fault.key, &fault.args));
                world.warn(format_args!("--{}: {login}: {vi} / {en}", fault.field));
            }
        }
        ActError::Refused(other) => world.warn(other),
    }
    Exit::Refused
}

fn wrong(fault: &str, world: &mut World<'_>) -> Exit {
    world.warn(fault);
    Exit::Usage
}

/// The folded sign-in name and the days, or the flag at fault with the reason.
fn checked(args: &AddArgs, today: Date) -> Result<(String, Validity), String> {
    let login = accounts::fold_login(&args.login).map_err(|e| format!("--login: {e}"))?;
    let chars = args.name.trim().chars().count();
    if chars == 0 || chars > NAME_CHARS {
        return Err(format!("--name: từ 1 đến {NAME_CHARS} ký tự / 1 to {NAME_CHARS} characters"));
    }
    let from = day("--from", args.from.as_deref())?.unwrap_or(today);
    let to = day("--to", args.to.as_deref())?;
    if to.is_some_and(|to| to < from) {
        return Err(format!("--to: trước ngày đầu {from} / before the first day {from}"));
    }
    Ok((login, Validity { from, to }))
}

fn day(flag: &str, text: Option<&str>) -> Result<Option<Date>, String> {
    let read = |text| {
        Date::parse_from_str(text, "%Y-%m-%d")
            .map_err(|_| format!("{flag}: ngày dạng / a date YYYY-MM-DD, {text}"))
    };
    text.map(read).transpose()
}

/// Names the posts of the same unit, or says that there is no such unit.
fn unknown_post(wanted: &str, posts: &[Post]) -> String {
    let unit = wanted.split_once('/').map_or(wanted, |(unit, _)| unit);
    let of_unit = posts.iter().filter(|p| p.unit.as_str() == unit).take(POSTS_SHOWN);
    let known: Vec<&str> = of_unit.map(|p| p.id.as_str()).collect();
    if known.is_empty() {
        return format!("--post: {wanted}: không có đơn vị {unit} / there is no unit {unit}");
    }
    format!("--post: {wanted} không có; có / does not exist; there are: {}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args() -> AddArgs {
        AddArgs {
            place: crate::cli::DataArgs::default(),
            login: " Han.LN ".to_owned(),
            name: "Lê Ngọc Hân".to_owned(),
            post: "kg/leader".to_owned(),
            from: None,
            to: Some("2019-12-31".to_owned()),
            password_stdin: false,
        }
    }

    fn today() -> Date {
        Date::from_ymd_opt(2019, 4, 25).unwrap()
    }

    #[test]
    fn each_fault_names_its_flag() {
        let (login, valid) = checked(&args(), today()).unwrap();
        assert_eq!((login.as_str(), valid.from), ("han.ln", today()));
        let cases = [
            (AddArgs { login: "a b".into(), ..args() }, "--login"),
            (AddArgs { name: " ".into(), ..args() }, "--name"),
            (AddArgs { from: Some("25/4/2019".into()), ..args() }, "--from"),
            (AddArgs { to: Some("2019-04-24".into()), ..args() }, "--to"),
        ];
        for (args, flag) in cases {
            let fault = checked(&args, today()).unwrap_err();
            assert!(fault.starts_with(flag), "{fault}");
        }
    }
}
