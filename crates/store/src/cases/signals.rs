//! A signal that a case gave reaches the running cases of the house that wait for it: a walk over
//! those whose version of a process waits for such a signal at all, some at a time.

use super::act::{CaseError, Env, act_on};
use super::rows;
use super::running::running_after;
use crate::bounds;
use crate::sql::Tx;
use kernel::case::{Command, Op, Spread};
use kernel::ids::CaseId;

/// One stretch of the walk.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Told {
    /// Cases that had waited.
    pub heard: Vec<CaseId>,
    /// Where the next stretch begins; `None` at the end.
    pub next: Option<Spread>,
}

/// Tells a signal of `from` to the next running cases, at most [`bounds::SIGNAL_CASES`]. Each that
/// waits for it records that it heard it, and from whom; the case that gave it has heard it
/// already. A case that cannot follow now (its data are not loaded, the law says no) is left out.
///
/// The stretch and the mark that it was done belong into one unit of work: then nothing is told
/// twice, and nothing is lost when the program ends in between.
///
/// # Errors
/// What the store says.
pub fn spread_signal(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    (from, code): (CaseId, &str),
    signal: &str,
    after: Option<&Spread>,
) -> Result<Told, CaseError> {
    let mut told = Told::default();
    let mut left = bounds::SIGNAL_CASES;
    for (process, version) in waiting_versions(env, signal, after) {
        let begun = after.filter(|place| place.process == process && place.version == version);
        let mut last = begun.map_or(0, |place| place.number);
        loop {
            let page = running_after(tx, (&process, version), last, left)?;
            if page.is_empty() {
                break;
            }
            for number in page {
                last = number;
                left -= 1;
                told.heard.extend(tell(tx, env, (from, code), signal, number)?);
            }
            if left == 0 {
                told.next = Some(Spread { process, version, number: last });
                return Ok(told);
            }
        }
    }
    Ok(told)
}

/// Versions of processes that wait for the signal, in order, from a place on.
fn waiting_versions(env: &Env<'_>, signal: &str, after: Option<&Spread>) -> Vec<(String, u32)> {
    let catalogue = env.catalogue;
    let mut all: Vec<(String, u32)> = Vec::new();
    for name in catalogue.process_names() {
        let editions = catalogue.process_editions(name).iter();
        let waits = editions.filter(|edition| edition.definition.hears(signal));
        all.extend(waits.map(|edition| (name.to_owned(), edition.version)));
    }
    all.sort();
    all.retain(|(process, version)| {
        after.is_none_or(|place| (process, *version) >= (&place.process, place.version))
    });
    all
}

fn tell(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    (from, code): (CaseId, &str),
    signal: &str,
    number: u64,
) -> Result<Option<CaseId>, CaseError> {
    let Some(stored) = rows::by_number(tx, number)? else { return Ok(None) };
    let id = stored.case.id;
    if id == from {
        return Ok(None);
    }
    let hear = Op::Hear { signal: signal.to_owned(), from, code: code.to_owned() };
    match act_on(tx, env, stored, &Command::Op(hear)) {
        Ok(done) => Ok((!done.events.is_empty()).then_some(id)),
        // Both are said before anything is written.
        Err(CaseError::Refused(_) | CaseError::NoEdition(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
