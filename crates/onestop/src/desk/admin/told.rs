//! Why an account or a day was not changed, for the page: at its field, above the form, or as a
//! page of its own.

use super::{Failed, store_failed};
use crate::refusals::{form_faults, refused};
use kernel::people::Fault;
use kit::{Faults, Refused, T};
use store::announcements::AnnounceError;
use store::cases::CaseError;
use store::staff::{SheetError, StaffError};

/// A refusal as a form shows it.
pub(super) enum Told {
    /// At its field.
    Fields(Faults),
    /// Above the form.
    Sentence(String),
}

/// The refusal for a form.
///
/// # Errors
/// What no form can show better.
pub(super) fn told(t: T, failed: Failed) -> Result<Told, Refused> {
    match failed {
        Failed::Case(error) => Err(refused(error)),
        Failed::Staff(error) => staff(t, error),
        Failed::Sheet(error) => sheet(t, error),
        Failed::Announce(error) => announce(t, error),
    }
}

fn staff(t: T, error: StaffError) -> Result<Told, Refused> {
    let key = match error {
        StaffError::NotFound => return Err(Refused::not_found()),
        StaffError::OtherUnit => return Err(Refused::forbidden().because("admin-other-unit")),
        StaffError::Store(error) => return Err(store_failed(error)),
        StaffError::Fields(faults) => return Ok(Told::Fields(form_faults(&faults))),
        StaffError::LastAdministrator => "admin-last",
        StaffError::Oneself => "admin-oneself",
        StaffError::Changed { .. } => "admin-changed",
        StaffError::Same => "admin-same",
    };
    Ok(Told::Sentence(t.s(key)))
}

fn sheet(t: T, error: SheetError) -> Result<Told, Refused> {
    match error {
        SheetError::Wrong(n) => Ok(Told::Sentence(t.a1("admin-sheet-wrong", "n", n))),
        SheetError::Changed => Ok(Told::Sentence(t.s("admin-sheet-changed"))),
        SheetError::Staff(error) => staff(t, error),
        SheetError::Line(line, error) => {
            let why = match staff(t, error)? {
                Told::Sentence(why) => why,
                Told::Fields(faults) => {
                    faults.iter().map(|f| f.text(t)).collect::<Vec<_>>().join("; ")
                }
            };
            Ok(Told::Sentence(t.a2("admin-sheet-line", "line", line, "why", why)))
        }
    }
}

fn announce(t: T, error: AnnounceError) -> Result<Told, Refused> {
    let day = |date: kernel::calendar::Date| date.format("%-d/%-m/%Y").to_string();
    Ok(match error {
        AnnounceError::Past(date) => {
            Told::Fields(form_faults(
                &[Fault::new("date", "admin-day-past").with("day", day(date))],
            ))
        }
        AnnounceError::Calendar(_) => {
            Told::Fields(form_faults(&[Fault::new("date", "admin-day-taken")]))
        }
        AnnounceError::Unknown(_) => Told::Sentence(t.s("admin-day-gone")),
        AnnounceError::Full(max) => Told::Sentence(t.a1("admin-day-full", "max", max)),
        AnnounceError::Store(error) => return Err(refused(CaseError::Store(error))),
    })
}
