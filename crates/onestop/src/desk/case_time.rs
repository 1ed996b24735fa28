//! How long a case stood with whom: a line under the entry that ended a stretch, and the sum.

use crate::app::App;
use kernel::calendar::Instant;
use kernel::case::{self, Case, Holder, Used};
use kit::T;
use store::cases::HistoryEntry;

/// Seconds of an hour and of a working day of eight hours.
const HOUR: i64 = 3_600;
const DAY: i64 = 8 * HOUR;

/// Whose time a case used so far; nothing where its process is not loaded.
pub(super) fn of(app: &App, case: &Case, history: &[HistoryEntry], now: Instant) -> Vec<Used> {
    let catalogue = app.catalogue();
    let Some(edition) = catalogue.edition(&case.procedure, case.edition) else {
        return Vec::new();
    };
    let definitions = catalogue.definitions_of(case, edition);
    let events = history.iter().map(|entry| &entry.event);
    case::time_used(case.id, events, definitions, catalogue.calendar_of(&case.desk), now)
}

/// The line under an entry: what was used until then by the same holder, once the case leaves them.
pub(super) fn line(t: T, used: &[Used], seq: u64) -> Option<String> {
    let at = used.iter().position(|one| one.seq == seq)?;
    let (behind, ahead) = used.split_at_checked(at + 1)?;
    let one = behind.last()?;
    // It stays with them: told when it leaves.
    if ahead.first().is_some_and(|next| next.holder == one.holder) {
        return None;
    }
    let stretch = behind.iter().rev().take_while(|other| other.holder == one.holder);
    let seconds: i64 = stretch.map(|other| other.seconds).sum();
    if seconds < HOUR / 60 {
        return None;
    }
    let whose = t.s(&format!("case-time-{}", one.holder.as_str()));
    Some(t.a2("case-time-line", "time", duration(t, seconds), "whose", whose))
}

/// The sum by holder, those who used any.
pub(super) fn sums(t: T, used: &[Used]) -> Vec<(String, String)> {
    let sum = |holder: Holder| -> i64 {
        used.iter().filter(|one| one.holder == holder).map(|one| one.seconds).sum()
    };
    let all = Holder::ALL.into_iter().map(|holder| (holder, sum(holder)));
    all.filter(|(_, seconds)| *seconds >= HOUR / 60)
        .map(|(holder, seconds)| {
            (t.s(&format!("case-time-{}", holder.as_str())), duration(t, seconds))
        })
        .collect()
}

/// Working time in days of eight hours, hours and minutes, the two largest.
fn duration(t: T, seconds: i64) -> String {
    let (days, hours, minutes) = (seconds / DAY, seconds % DAY / HOUR, seconds % HOUR / 60);
    let part = |key: &str, n: i64| t.a1(key, "n", n);
    let parts =
        [("case-time-days", days), ("case-time-hours", hours), ("case-time-minutes", minutes)];
    let some = parts.into_iter().filter(|(_, n)| *n > 0).take(2);
    some.map(|(key, n)| part(key, n)).collect::<Vec<_>>().join(" ")
}
