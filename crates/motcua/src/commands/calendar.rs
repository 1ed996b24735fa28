//! `motcua calendar`: days that are announced after the calendar was shipped, and taken back.

use super::calendar_list;
use crate::cli::DataArgs;
use crate::front;
use crate::world::{Exit, World};
use clap::{Args, Subcommand, ValueEnum};
use kernel::calendar::{ClockTime, Date, EntryKind, EntrySpec, Instant, Window, parse_date};
use kernel::limits::GROUND_CHARS;
use store::announcements::{self, AnnounceError, Announcement, Ask, Mark, Request};
use store::{ActError, Options, StoreError};
use uuid::Uuid;

/// Characters of the name of who asks.
const BY_CHARS: usize = 64;

/// Flags of `calendar`.
#[derive(Args, Clone, Debug)]
pub struct CalendarArgs {
    /// What to do with the calendar.
    #[command(subcommand)]
    pub act: CalendarAct,
}

/// Acts on the calendar.
#[derive(Subcommand, Clone, Debug)]
pub enum CalendarAct {
    /// Liệt kê các ngày khác thường của một năm. / Lists the days of a year that differ.
    #[command(after_help = crate::cli::EXIT_CODES)]
    List(ListArgs),
    /// Thông báo một ngày nghỉ, làm bù hoặc đóng cửa. / Announces a day off, worked or closed.
    #[command(after_help = crate::cli::EXIT_CODES)]
    Add(AddArgs),
    /// Rút một thông báo trước ngày ấy. / Takes an announcement back before its day.
    #[command(after_help = crate::cli::EXIT_CODES)]
    Remove(RemoveArgs),
}

/// Flags of `calendar list`.
#[derive(Args, Clone, Debug)]
pub struct ListArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Năm; không có thì năm nay. / Year; without it this year.
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i32>,
}

/// Flags of `calendar add`.
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Ngày. / Date, YYYY-MM-DD.
    #[arg(long, value_name = "DATE")]
    pub date: String,
    /// Loại ngày. / Kind of day.
    #[arg(long, value_enum)]
    pub kind: Kind,
    /// Giờ làm việc của ngày làm bù; không có thì như thứ Hai. / Working hours of a day worked
    /// instead, as 07:00-11:00,13:00-17:00; without it those of Monday.
    #[arg(long, value_name = "HOURS")]
    pub work: Option<String>,
    /// Đóng cửa từ giờ; không có thì từ đầu ngày. / Closed from this time, HH:MM; without it from
    /// the start of the day.
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// Đóng cửa đến giờ; không có thì đến cuối ngày. / Closed until this time, HH:MM; without it to
    /// the end of the day.
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// Căn cứ: số, ngày của quyết định. / Ground: number and date of the decision.
    #[arg(long, value_name = "TEXT")]
    pub ground: String,
    /// Ai thông báo; không có thì người đang dùng máy. / Who announces it; without it the user of
    /// this machine.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

/// Flags of `calendar remove`.
#[derive(Args, Clone, Debug)]
pub struct RemoveArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Số của thông báo, theo `calendar list`. / Number of the announcement, see `calendar list`.
    #[arg(value_name = "NUMBER")]
    pub number: u32,
    /// Căn cứ. / Ground.
    #[arg(long, value_name = "TEXT")]
    pub ground: String,
    /// Ai rút; không có thì người đang dùng máy. / Who takes it back; without it the user of this
    /// machine.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

/// Kind of a day.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
#[value(rename_all = "snake_case")]
pub enum Kind {
    /// Nghỉ lễ. / Public holiday.
    Holiday,
    /// Nghỉ hoán đổi. / A working day given off in exchange.
    SwappedOff,
    /// Làm bù. / A rest day that is worked.
    SwappedWork,
    /// Đóng cửa cả ngày hoặc một phần. / Closed, all day or a part of it.
    Closure,
}

/// Runs an act on the calendar.
pub fn run(args: &CalendarArgs, world: &mut World<'_>) -> Exit {
    let done = match &args.act {
        CalendarAct::List(list) => calendar_list::list(list, world),
        CalendarAct::Add(add) => entry(add).map_err(|fault| wrong(&fault, world)).and_then(|e| {
            let mark = mark(add.by.as_deref(), &add.ground, world)?;
            ask(&add.place, Request { ask: Ask::Announce(e), mark }, world)
        }),
        CalendarAct::Remove(remove) => {
            mark(remove.by.as_deref(), &remove.ground, world).and_then(|mark| {
                let request = Request { ask: Ask::Withdraw(remove.number), mark };
                ask(&remove.place, request, world)
            })
        }
    };
    done.map_or_else(|exit| exit, |()| Exit::Fine)
}

fn wrong(fault: &str, world: &mut World<'_>) -> Exit {
    world.warn(fault);
    Exit::Usage
}

/// The entry that the flags name, or the flag at fault with the reason.
fn entry(args: &AddArgs) -> Result<EntrySpec, String> {
    let date: Date = parse_date(args.date.trim()).map_err(|e| format!("--date: {e}"))?;
    let only = |flag: &str, given: bool, kind: &str| match given {
        true => Err(format!("{flag}: chỉ với / only with --kind {kind}")),
        false => Ok(()),
    };
    if args.kind != Kind::SwappedWork {
        only("--work", args.work.is_some(), "swapped_work")?;
    }
    if args.kind != Kind::Closure {
        only("--from", args.from.is_some(), "closure")?;
        only("--to", args.to.is_some(), "closure")?;
    }
    let kind = match args.kind {
        Kind::Holiday => EntryKind::Holiday { desk: Vec::new() },
        Kind::SwappedOff => EntryKind::SwappedOff { desk: Vec::new() },
        Kind::SwappedWork => {
            let work = args.work.as_deref().map(windows).transpose()?;
            EntryKind::SwappedWork { work, desk: None }
        }
        Kind::Closure => {
            let from = clock("--from", args.from.as_deref().unwrap_or("00:00"))?;
            let to = clock("--to", args.to.as_deref().unwrap_or("24:00"))?;
            if to <= from {
                return Err("--to: phải sau / must be after --from".to_owned());
            }
            EntryKind::Closure { from, to }
        }
    };
    let name = kernel::people::tidy(&args.ground);
    Ok(EntrySpec { date, kind, published_at: None, withdrawn_at: None, name })
}

fn clock(flag: &str, text: &str) -> Result<ClockTime, String> {
    ClockTime::parse(text.trim()).map_err(|e| format!("{flag}: {e}"))
}

/// `07:00-11:00,13:00-17:00`.
fn windows(text: &str) -> Result<Vec<Window>, String> {
    let one = |part: &str| {
        let (from, to) = part.split_once('-').ok_or_else(|| {
            format!("--work: giờ dạng / hours like 07:00-11:00,13:00-17:00, {part}")
        })?;
        Ok(Window { from: clock("--work", from)?, to: clock("--work", to)? })
    };
    text.split(',').map(one).collect()
}

/// Who asks, when, and on what ground.
fn mark(by: Option<&str>, ground: &str, world: &mut World<'_>) -> Result<Mark, Exit> {
    let ground = kernel::people::tidy(ground);
    if ground.is_empty() || ground.chars().count() > GROUND_CHARS {
        let fault =
            format!("--ground: từ 1 đến {GROUND_CHARS} ký tự / 1 to {GROUND_CHARS} characters");
        return Err(wrong(&fault, world));
    }
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| {
        let found = world.env.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.clone())
    });
    let by = by.map(str::to_owned).or(user).unwrap_or_else(|| "motcua calendar".to_owned());
    let by: String = kernel::people::tidy(&by).chars().take(BY_CHARS).collect();
    let mut bytes = [0; 16];
    (world.dice)(&mut bytes).map_err(|error| {
        world.warn(error);
        Exit::Closed
    })?;
    let (request, at) = (Uuid::from_bytes(bytes), Instant((world.clock)()));
    Ok(Mark { request, by, at, ground })
}

/// Checks a request against the installation, lays it into the data folder, and takes it over if no
/// server is there to do so.
fn ask(place: &DataArgs, request: Request, world: &mut World<'_>) -> Result<(), Exit> {
    let options = Options { read_only: true, ..Options::default() };
    let (config, installation) = super::opened(place, options, world)?;
    let store = &installation.store;
    let clock = front::clock_of(store, world).map_err(|error| closed(&error, world))?;
    let now = Instant(kit::chance::Clock::now_ms(&*clock));
    let there = store.read_blocking(|r| announcements::all(r));
    let there = there.map_err(|error| closed(&error.into_store(), world))?;
    let one = announcements::follow(&request, &there, &installation.loaded.catalogue, now);
    if let Err(refused) = one {
        world.warn(&refused);
        return Err(match refused {
            AnnounceError::Store(_) => Exit::Closed,
            _ => Exit::Refused,
        });
    }
    drop(installation);
    let laid = announcements::lay(&config.data.dir, &request);
    let path = laid.map_err(|error| closed(&error, world))?;
    match crate::install::open(&config, Options::default()) {
        Err(crate::install::OpenFault::Store(StoreError::Locked(_))) => {
            world.say(
                "Đã ghi; máy chủ đang chạy sẽ nhận trong 10 phút. / Written down; the running \
                 server takes it over within 10 minutes.",
            );
            Ok(())
        }
        Err(fault) => {
            let _gone = std::fs::remove_file(&path);
            Err(super::serve::cannot_open(&fault, world))
        }
        Ok(installation) => {
            let (store, data) = (&installation.store, &installation.loaded.catalogue);
            let taken = announcements::take_over(store, data, now);
            taken.map_err(|error| closed(&error, world))?;
            let read = store.read_blocking(|r| announcements::all(r));
            told(&request, read, world)
        }
    }
}

fn closed(error: &StoreError, world: &mut World<'_>) -> Exit {
    world.warn(error);
    Exit::Closed
}

/// Says what became of a request.
fn told(
    request: &Request,
    read: Result<Vec<Announcement>, ActError<StoreError>>,
    world: &mut World<'_>,
) -> Result<(), Exit> {
    let all = read.map_err(|error| closed(&error.into_store(), world))?;
    let same = |mark: &Mark| mark.request == request.mark.request;
    let found = all.iter().find_map(|one| {
        let back = one.withdrawn.as_ref().is_some_and(same);
        (back || same(&one.announced)).then_some((one, back))
    });
    match found {
        Some((one, back)) => {
            let word = if back { "Đã rút / taken back" } else { "Đã thông báo / announced" };
            world.say(format_args!("{word}: {}", calendar_list::line(one.number, &one.entry)));
            Ok(())
        }
        None => {
            world.warn("thông báo không được nhận / the announcement was not taken over");
            Err(Exit::Refused)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(kind: Kind) -> AddArgs {
        AddArgs {
            place: DataArgs::default(),
            date: "2019-05-04".to_owned(),
            kind,
            work: None,
            from: None,
            to: None,
            ground: "QĐ 1/QĐ-UBND".to_owned(),
            by: None,
        }
    }

    #[test]
    fn each_fault_of_an_entry_names_its_flag() {
        let work = Some("07:00-11:00, 13:00-16:30".to_owned());
        let worked = entry(&AddArgs { work: work.clone(), ..args(Kind::SwappedWork) }).unwrap();
        let EntryKind::SwappedWork { work: Some(found), .. } = worked.kind else { panic!() };
        assert_eq!((found.len(), found[1].to.to_string()), (2, "16:30".to_owned()));
        for (args, flag) in [
            (AddArgs { date: "4/5/2019".into(), ..args(Kind::Holiday) }, "--date"),
            (AddArgs { work, ..args(Kind::Holiday) }, "--work"),
            (AddArgs { work: Some("7-11".into()), ..args(Kind::SwappedWork) }, "--work"),
            (AddArgs { from: Some("07:00".into()), ..args(Kind::SwappedOff) }, "--from"),
            (AddArgs { from: Some("25:00".into()), ..args(Kind::Closure) }, "--from"),
            (
                AddArgs {
                    from: Some("13:00".into()),
                    to: Some("11:00".into()),
                    ..args(Kind::Closure)
                },
                "--to",
            ),
        ] {
            let fault = entry(&args).unwrap_err();
            assert!(fault.starts_with(flag), "{fault}");
        }
    }
}
