//! Whose time a case used: between two events it stood with somebody, in working time of the desk's
//! calendar. Told on the page of the case; the clock of the law has its own rules (`clock`).

use super::event::Event;
use super::places::{Waits, places};
use super::state::{Business, Case};
use crate::calendar::{Calendar, Instant};
use crate::ids::CaseId;
use crate::procedure::Definitions;

/// With whom a case stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Holder {
    /// The receiving desk: to accept, to forward, to check.
    Desk,
    /// The unit that decides.
    Unit,
    /// Other agencies that were asked.
    Agencies,
    /// The applicant: papers, withdrawal, a result that waits to be fetched.
    Citizen,
    /// A financial duty.
    Money,
    /// A lawful suspension.
    Law,
}

impl Holder {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 6] =
        [Self::Desk, Self::Unit, Self::Agencies, Self::Citizen, Self::Money, Self::Law];

    /// Key of its text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Unit => "unit",
            Self::Agencies => "agencies",
            Self::Citizen => "citizen",
            Self::Money => "money",
            Self::Law => "law",
        }
    }
}

/// A stretch of time with one holder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Used {
    /// Place in the journal of the event that ended it; the next one for what still runs.
    pub seq: u64,
    /// Whose.
    pub holder: Holder,
    /// Working seconds.
    pub seconds: i64,
}

/// With whom a case stands now; nobody once it has ended.
fn holder(case: &Case, definitions: Definitions<'_>) -> Option<Holder> {
    Some(match case.business {
        Business::Submitted | Business::Accepted | Business::Supplemented => Holder::Desk,
        Business::PreSupplement | Business::Supplement | Business::ResultReady => Holder::Citizen,
        Business::FinDuty => Holder::Money,
        Business::Suspended => Holder::Law,
        Business::Processing => {
            let here = definitions.of(case.process_version).map(|d| places(case, d));
            let others = here.is_some_and(|here| {
                !here.is_empty() && here.iter().all(|(.., waits)| *waits == Waits::Answer)
            });
            if others { Holder::Agencies } else { Holder::Unit }
        }
        Business::WithdrawReq => Holder::Unit,
        ended if ended.is_terminal() => return None,
        _ => Holder::Unit,
    })
}

/// Whose time a case used, event by event, until `now`; empty for a journal that does not begin
/// with a submission.
#[must_use]
pub fn time_used<'e>(
    id: CaseId,
    events: impl IntoIterator<Item = &'e Event>,
    definitions: Definitions<'_>,
    calendar: &Calendar,
    now: Instant,
) -> Vec<Used> {
    let mut events = events.into_iter();
    let Some(first) = events.next() else { return Vec::new() };
    let Some(mut case) = super::born(id, first) else { return Vec::new() };
    let mut since = first.at();
    let mut all = Vec::new();
    let mut until = |case: &Case, since: Instant, at: Instant| {
        let Some(holder) = holder(case, definitions) else { return };
        // What is recorded late happened before; it uses no time twice.
        let seconds = calendar.working_seconds_between(since, at.max(since));
        all.push(Used { seq: case.seq + 1, holder, seconds });
    };
    for event in events {
        until(&case, since, event.at());
        since = since.max(event.at());
        super::apply(&mut case, event, definitions);
    }
    until(&case, since, now);
    all
}
