//! The counter's form: the person, papers with counts, how the result goes out, the fee, a late
//! entry; read and checked.

use crate::desk::act_told::day;
use crate::refusals::form_faults;
use kernel::calendar::{Date, Instant};
use kernel::case::Delivery;
use kernel::ids::AccountId;
use kernel::limits as law;
use kernel::people::{Born, DraftParty, Party, PartyKind};
use kernel::procedure::Edition;
use kit::{Check, Entries, Fault, Faults};

/// A late entry as told.
#[derive(Clone, Debug)]
pub(super) struct LateIn {
    pub(super) received_at: Instant,
    pub(super) reason: String,
    pub(super) second: AccountId,
}

/// What the counter took in.
#[derive(Clone, Debug)]
pub(super) struct Reception {
    pub(super) party: Party,
    pub(super) counts: Vec<(u16, u16)>,
    pub(super) delivery: Delivery,
    pub(super) exemption: Option<String>,
    /// `cash`, `transfer`; none is paid later.
    pub(super) pay: Option<String>,
    pub(super) late: Option<LateIn>,
    /// Settle at once (Decree 61/2018 Art. 17.4).
    pub(super) settle: bool,
}

/// What was typed about the person.
fn typed(entries: &Entries) -> DraftParty {
    let text = |name: &str| entries.text(name).to_owned();
    DraftParty {
        kind: text("kind"),
        name: text("name"),
        number: text("number"),
        born_day: text("born-d"),
        born_month: text("born-m"),
        born_year: text("born-y"),
        phone: text("phone"),
        email: text("email"),
        address: text("address"),
    }
}

/// The entries of a person who is known, for filling the form.
pub(super) fn entries_of(party: &Party) -> Vec<(&'static str, String)> {
    let kind = match party.kind {
        PartyKind::Person => "person",
        PartyKind::Organisation => "organisation",
    };
    let mut all = vec![("kind", kind.to_owned()), ("name", party.name.clone())];
    let mut add = |name, value: &Option<String>| {
        all.extend(value.clone().map(|value| (name, value)));
    };
    add("number", &party.number);
    add("phone", &party.phone);
    add("email", &party.email);
    add("address", &party.address);
    match party.born {
        Some(Born::Year(year)) => all.push(("born-y", year.to_string())),
        Some(Born::On(date)) => {
            let when = crate::view::when(Instant::at(date, 0, 0));
            all.push(("born-d", when.day.to_string()));
            all.push(("born-m", when.month.to_string()));
            all.push(("born-y", when.year.to_string()));
        }
        None => {}
    }
    all
}

/// Reads the whole form.
///
/// # Errors
/// Everything that is wrong, by field.
pub(super) fn read(entries: &Entries, edition: &Edition, today: Date) -> Result<Reception, Faults> {
    let mut check = Check::new(entries);
    let party = match typed(entries).check("", today) {
        Ok(party) => Some(party),
        Err(faults) => {
            for fault in form_faults(&faults).iter() {
                check.fault(fault.clone());
            }
            None
        }
    };
    let counts = counts(&mut check, entries, edition);
    let late = late(&mut check, entries);
    let delivery = match entries.text("delivery") {
        "online" => Delivery::Online,
        "post" => Delivery::Post,
        _ => Delivery::Counter,
    };
    let pay = Some(entries.text("pay")).filter(|p| ["cash", "transfer"].contains(p));
    let exemption = Some(entries.text("exemption")).filter(|e| !e.is_empty());
    let (pay, exemption) = (pay.map(str::to_owned), exemption.map(str::to_owned));
    let settle = edition.at_once() && entries.has("settle", "1");
    check.done()?;
    let Some(party) = party else { return Err(Faults::new()) };
    Ok(Reception { party, counts, delivery, exemption, pay, late, settle })
}

/// The papers ticked, with how many; none ticked counts none.
fn counts(check: &mut Check<'_>, entries: &Entries, edition: &Edition) -> Vec<(u16, u16)> {
    let mut counts = Vec::new();
    for paper in &edition.papers {
        let name = format!("paper_{}", paper.no);
        if !entries.has("papers", &paper.no.to_string()) {
            continue;
        }
        let typed = entries.text(&name);
        let count = if typed.is_empty() { Some(paper.count.max(1)) } else { typed.parse().ok() };
        match count.filter(|n| (1..=law::COPIES).contains(n)) {
            Some(count) => counts.push((paper.no, count)),
            None => check.fault(Fault::new(name, "err-number")),
        }
    }
    counts
}

/// True time, reason and second person of an entry from the paper book.
fn late(check: &mut Check<'_>, entries: &Entries) -> Option<LateIn> {
    if !entries.has("late", "1") {
        return None;
    }
    let date = check.date("received").and_then(day);
    if date.is_none() {
        check.fault(Fault::new("received", "err-date-missing"));
    }
    let clock = kernel::calendar::ClockTime::parse(entries.text("received_clock"));
    if clock.is_err() {
        check.fault(Fault::new("received_clock", "err-clock"));
    }
    let reason = check.optional("late_reason", law::REASON_CHARS);
    if reason.is_empty() {
        check.fault(Fault::new("late_reason", "err-reason-missing"));
    }
    let second = entries.text("second");
    if second.is_empty() {
        check.fault(Fault::new("second", "err-second-missing"));
    }
    let (date, clock) = (date?, clock.ok()?);
    let received_at = Instant::at(date, 0, 0).plus_seconds(i64::from(clock.seconds()));
    Some(LateIn { received_at, reason, second: AccountId::from(second) })
}
