//! `motcua erase`: flags. Erases the person of a case: the key that opens their particulars and
//! files, and every way to find them by. The journal and its chain stay whole.

use crate::cli::DataArgs;
use crate::world::{Exit, World};
use clap::Args;
use store::audit::{self, Access};
use store::cases::{self, CaseError, Stored};
use store::{ActError, Options, Tx};

/// Flags of `erase`.
#[derive(Args, Clone, Debug)]
pub struct EraseArgs {
    /// Where data and configuration are.
    #[command(flatten)]
    pub place: DataArgs,
    /// Mã hồ sơ hoặc mã tra cứu. / Code or tracking number.
    #[arg(long, value_name = "CODE")]
    pub case: String,
    /// Lý do xóa, ghi vào nhật ký truy cập, không nêu tên người. / Why; goes into the record of
    /// access, which is never erased, so it names nobody.
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Xóa thật; không có thì chỉ nói sẽ xóa gì. / Does it; without it, says what would be erased.
    #[arg(long)]
    pub yes: bool,
}

/// Longest reason, in characters.
const REASON_CHARS: usize = kernel::limits::REASON_CHARS;

/// What was found or done.
enum Told {
    /// No case has this number.
    Unknown,
    /// These are still in work.
    Open(Vec<String>),
    /// What `--yes` would erase.
    Would(Vec<String>),
    /// Done.
    Erased(Vec<String>),
    /// The person was erased before.
    Before,
}

/// Erases, in one unit of work with its record of access.
pub fn run(args: &EraseArgs, world: &mut World<'_>) -> Exit {
    let reason = args.reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_CHARS {
        world.warn(format_args!(
            "--reason: nêu lý do, tối đa {REASON_CHARS} ký tự / give a reason of at most \
             {REASON_CHARS} characters"
        ));
        return Exit::Usage;
    }
    let (_, installation) = match super::opened(&args.place, Options::default(), world) {
        Ok(opened) => opened,
        Err(exit) => return exit,
    };
    let (args, now) = (args.clone(), (world.clock)());
    match installation.store.act_blocking(move |tx| erase(tx, &args, now)) {
        Ok(told) => say(&told, world),
        Err(ActError::Refused(error)) => {
            world.warn(error);
            Exit::Closed
        }
        Err(ActError::Store(error)) => {
            world.warn(error);
            Exit::Closed
        }
    }
}

fn erase(tx: &mut Tx<'_>, args: &EraseArgs, now: i64) -> Result<Told, CaseError> {
    let typed = args.case.trim().to_uppercase();
    let found = match cases::by_code(tx, &typed)? {
        Some(found) => Some(found),
        None => cases::by_tracking(tx, &typed)?,
    };
    let Some(found) = found else { return Ok(Told::Unknown) };
    let subject = found.case.subject;
    let all = cases::of_subject(tx, subject)?;
    let names = |of: &mut dyn Iterator<Item = &Stored>| -> Vec<String> {
        of.map(|s| s.case.name().to_owned()).collect()
    };
    // Work that is not done needs the person: the answer could not be addressed to anybody.
    let open = names(&mut all.iter().filter(|s| !s.case.business.is_terminal()));
    if !open.is_empty() {
        return Ok(Told::Open(open));
    }
    let names = names(&mut all.iter());
    if !args.yes {
        return Ok(Told::Would(names));
    }
    if !cases::erase(tx, subject, now)? {
        return Ok(Told::Before);
    }
    let access = Access {
        at_ms: now,
        actor: "system:erase".to_owned(),
        act: "erase".to_owned(),
        case_id: Some(found.case.id.0),
        filter: Some(serde_json::json!({ "reason": args.reason.trim() }).to_string()),
        ids: all.iter().map(|s| s.case.id.0).collect(),
    };
    audit::record(tx, &access)?;
    Ok(Told::Erased(names))
}

fn say(told: &Told, world: &mut World<'_>) -> Exit {
    match told {
        Told::Unknown => {
            world.warn("--case: không có hồ sơ này / no such case");
            Exit::Refused
        }
        Told::Before => {
            world.warn("đã xóa từ trước / erased before");
            Exit::Refused
        }
        Told::Open(names) => {
            let names = names.join(", ");
            world.warn(format_args!("--case: còn hồ sơ đang giải quyết / still in work: {names}"));
            Exit::Refused
        }
        Told::Would(names) => {
            let names = names.join(", ");
            world.say(format_args!(
                "Sẽ xóa dữ liệu cá nhân và tệp của / would erase the person and files of: {names}"
            ));
            world.warn("--yes: không lấy lại được, thêm --yes để xóa / no way back, add --yes");
            Exit::Refused
        }
        Told::Erased(names) => {
            let names = names.join(", ");
            world.say(format_args!("Đã xóa / erased: {names}"));
            Exit::Fine
        }
    }
}
