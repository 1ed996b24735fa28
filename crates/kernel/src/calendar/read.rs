//! Reads a JSON request strictly: every field by its path, every fault as a refusal (section 9).

use std::sync::Arc;

use serde_json::{Map, Value};

use super::plan::Calendar;
use super::spec::{CalendarSpec, EntryKind, EntrySpec, WEEKDAYS, WeekdaySpec, Window};
use super::time::{ClockTime, Date, Instant, parse_date, parse_offset};
use super::types::{
    Channel, ClockEvent, ClockEventKind, ClockRefusal, ClockSettings, Limit, LimitUnit,
    RefusalCode, SupplementRule,
};

type Read<T> = Result<T, ClockRefusal>;

/// A request as it was read.
pub(super) struct Request {
    pub(super) calendar: Arc<Calendar>,
    pub(super) received_at: Instant,
    pub(super) channel: Channel,
    pub(super) limit: Limit,
    pub(super) rule: SupplementRule,
    pub(super) events: Vec<ClockEvent>,
    pub(super) as_of: Instant,
    pub(super) settings: ClockSettings,
}

const REQUEST_FIELDS: &[&str] = &[
    "id",
    "calendar",
    "time_zone",
    "received_at",
    "channel",
    "limit",
    "edition",
    "events",
    "as_of",
    "cutoff",
    "supplement_within_days",
    "due_soon_days",
    "due_soon_hours",
];

/// Reads a request; `shipped` gives a calendar by its name.
pub(super) fn read(
    value: &Value,
    shipped: &dyn Fn(&str) -> Option<Arc<Calendar>>,
) -> Read<Request> {
    let fields = Fields::new(value, String::new(), REQUEST_FIELDS)?;
    let code = |name, code| {
        fields
            .need(name)
            .map(|v| v.as_str().unwrap_or_default())
            .map(|text| (text, fields.refusal(code, name, "unknown")))
    };
    let (channel, refused) = code("channel", RefusalCode::ChannelInvalid)?;
    let channel = Channel::from_code(channel).ok_or(refused)?;
    let (edition, refused) = code("edition", RefusalCode::EditionInvalid)?;
    let rule = SupplementRule::from_code(edition).ok_or(refused)?;
    Ok(Request {
        received_at: fields.instant("received_at")?,
        as_of: fields.instant("as_of")?,
        channel,
        rule,
        limit: read_limit(fields.need("limit")?)?,
        settings: read_settings(&fields)?,
        events: read_events(&fields)?,
        calendar: read_calendar(fields.need("calendar")?, shipped)?,
    })
}

/// An object whose fields are read by path.
struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: String,
}

impl<'a> Fields<'a> {
    fn new(value: &'a Value, path: String, allowed: &[&str]) -> Read<Self> {
        let Value::Object(map) = value else {
            let message = "expected an object";
            return Err(ClockRefusal::new(RefusalCode::RequestInvalid, path, message));
        };
        let fields = Self { map, path };
        match map.keys().find(|key| !allowed.contains(&key.as_str())) {
            Some(key) => Err(fields.refusal(RefusalCode::RequestInvalid, key, "unknown field")),
            None => Ok(fields),
        }
    }

    fn field(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn refusal(&self, code: RefusalCode, name: &str, message: &str) -> ClockRefusal {
        ClockRefusal::new(code, self.field(name), message)
    }

    /// A field, if it is there and not null.
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.map.get(name).filter(|v| !v.is_null())
    }

    fn need(&self, name: &str) -> Read<&'a Value> {
        self.get(name).ok_or_else(|| self.refusal(RefusalCode::MissingField, name, "required"))
    }

    fn list(&self, name: &str) -> Read<&'a [Value]> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Value::Array(list)) => Ok(list),
            Some(_) => Err(self.refusal(RefusalCode::RequestInvalid, name, "expected a list")),
        }
    }

    fn instant(&self, name: &str) -> Read<Instant> {
        let text = self.need(name)?.as_str().unwrap_or_default();
        Instant::parse(text)
            .map_err(|e| self.refusal(RefusalCode::InstantInvalid, name, &e.to_string()))
    }

    fn date(&self, name: &str) -> Read<Date> {
        let text = self.need(name)?.as_str().unwrap_or_default();
        parse_date(text).map_err(|e| self.refusal(RefusalCode::DateInvalid, name, &e.to_string()))
    }

    fn whole(&self, name: &str, least: u32, default: u32) -> Read<u32> {
        let Some(value) = self.get(name) else { return Ok(default) };
        whole(value).filter(|n| *n >= least).ok_or_else(|| {
            self.refusal(
                RefusalCode::RequestInvalid,
                name,
                &format!("expected a whole number ≥ {least}"),
            )
        })
    }
}

/// A whole number; JSON does not tell 40 from 40.0.
fn whole(value: &Value) -> Option<u32> {
    if let Some(n) = value.as_u64() {
        return u32::try_from(n).ok();
    }
    let n = value.as_f64().filter(|n| n.fract() == 0.0)?;
    format!("{n:.0}").parse().ok()
}

fn read_limit(value: &Value) -> Read<Limit> {
    let fields = Fields::new(value, "limit".to_owned(), &["unit", "quarters"])?;
    let unit = fields.need("unit")?.as_str().and_then(LimitUnit::from_code);
    let unit =
        unit.ok_or_else(|| fields.refusal(RefusalCode::LimitInvalid, "unit", "unknown unit"))?;
    let quarters = match unit {
        LimitUnit::SameDay if fields.get("quarters").is_none() => 0,
        _ => whole(fields.need("quarters")?).ok_or_else(|| {
            fields.refusal(RefusalCode::LimitInvalid, "quarters", "expected a whole number")
        })?,
    };
    Ok(Limit { unit, quarters })
}

fn read_settings(fields: &Fields<'_>) -> Read<ClockSettings> {
    let usual = ClockSettings::default();
    let offset_seconds = match fields.get("time_zone") {
        None => usual.offset_seconds,
        Some(zone) => parse_offset(zone.as_str().unwrap_or_default()).map_err(|e| {
            fields.refusal(RefusalCode::TimeZoneInvalid, "time_zone", &e.to_string())
        })?,
    };
    let cutoff_seconds = match fields.get("cutoff") {
        None => usual.cutoff_seconds,
        Some(text) => clock(text)
            .filter(|at| *at < ClockTime::END)
            .ok_or_else(|| {
                fields.refusal(RefusalCode::WindowInvalid, "cutoff", "expected a clock time")
            })?
            .seconds(),
    };
    Ok(ClockSettings {
        cutoff_seconds,
        supplement_within_days: fields.whole(
            "supplement_within_days",
            1,
            usual.supplement_within_days,
        )?,
        due_soon_days: fields.whole("due_soon_days", 0, usual.due_soon_days)?,
        due_soon_hours: fields.whole("due_soon_hours", 0, usual.due_soon_hours)?,
        offset_seconds,
    })
}

fn read_events(fields: &Fields<'_>) -> Read<Vec<ClockEvent>> {
    fields.list("events")?.iter().enumerate().map(|(i, value)| read_event(i, value)).collect()
}

fn read_event(i: usize, value: &Value) -> Read<ClockEvent> {
    const ALL: &[&str] = &["type", "at", "ground", "until", "new_due_on"];
    let path = format!("events[{i}]");
    let name = Fields::new(value, path.clone(), ALL)?.need("type")?.as_str().unwrap_or_default();
    let allowed: &[&str] = match name {
        "suspended" => &["type", "at", "ground", "until"],
        "extended" => &["type", "at", "new_due_on"],
        _ => &["type", "at"],
    };
    let fields = Fields::new(value, path, allowed)?;
    let kind = match name {
        "supplement_requested" => ClockEventKind::SupplementRequested,
        "supplement_received" => ClockEventKind::SupplementReceived,
        "finance_wait" => ClockEventKind::FinanceWait,
        "finance_done" => ClockEventKind::FinanceDone,
        "resumed" => ClockEventKind::Resumed,
        "result_ready" => ClockEventKind::ResultReady,
        "extended" => ClockEventKind::Extended { new_due_on: fields.date("new_due_on")? },
        "suspended" => {
            let Value::String(ground) = fields.need("ground")? else {
                let message = "expected a text";
                return Err(fields.refusal(RefusalCode::RequestInvalid, "ground", message));
            };
            let until = fields.get("until").map(|_| fields.date("until")).transpose()?;
            ClockEventKind::Suspended { ground: ground.clone(), until }
        }
        _ => return Err(fields.refusal(RefusalCode::EventInvalid, "type", "unknown event")),
    };
    Ok(ClockEvent { at: fields.instant("at")?, kind })
}

fn read_calendar(
    value: &Value,
    shipped: &dyn Fn(&str) -> Option<Arc<Calendar>>,
) -> Read<Arc<Calendar>> {
    if let Value::String(name) = value {
        let message = "no shipped calendar has this name";
        return shipped(name)
            .ok_or_else(|| ClockRefusal::new(RefusalCode::CalendarUnknown, "calendar", message));
    }
    let allowed = &["weekly", "entries", "move_holidays"];
    let fields = Fields::new(value, "calendar".to_owned(), allowed)?;
    let move_holidays = match fields.get("move_holidays") {
        None => true,
        Some(Value::Bool(moves)) => *moves,
        Some(_) => {
            let message = "expected true or false";
            return Err(fields.refusal(RefusalCode::RequestInvalid, "move_holidays", message));
        }
    };
    let entries = fields.list("entries")?.iter().enumerate();
    let spec = CalendarSpec {
        name: String::new(),
        weekly: read_week(fields.need("weekly")?)?,
        entries: entries.map(|(i, value)| read_entry(i, value)).collect::<Read<_>>()?,
        move_holidays,
    };
    Calendar::compile(spec).map(Arc::new)
}

fn read_week(value: &Value) -> Read<[WeekdaySpec; 7]> {
    let Value::Object(map) = value else {
        let message = "expected an object";
        return Err(ClockRefusal::new(RefusalCode::RequestInvalid, "calendar.weekly", message));
    };
    let mut week: [WeekdaySpec; 7] = std::array::from_fn(|_| WeekdaySpec::default());
    for (name, value) in map {
        let Some(i) = WEEKDAYS.iter().position(|day| day == name) else {
            let message = format!("unknown weekday {name:?}");
            return Err(ClockRefusal::new(
                RefusalCode::CalendarInvalid,
                "calendar.weekly",
                message,
            ));
        };
        if value.is_null() {
            continue;
        }
        let path = format!("calendar.weekly.{name}");
        let fields = Fields::new(value, path, &["work", "desk"])?;
        let work = windows(&fields, "work")?.unwrap_or_default();
        week[i] = WeekdaySpec { work, desk: windows(&fields, "desk")? };
    }
    Ok(week)
}

fn read_entry(i: usize, value: &Value) -> Read<EntrySpec> {
    const ALL: &[&str] = &["date", "kind", "published_at", "work", "desk", "from", "to"];
    let path = format!("calendar.entries[{i}]");
    let kind = Fields::new(value, path.clone(), ALL)?.need("kind")?.as_str().unwrap_or_default();
    let allowed: &[&str] = match kind {
        "holiday" | "swapped_off" => &["date", "kind", "published_at", "desk"],
        "swapped_work" => &["date", "kind", "published_at", "work", "desk"],
        "closure" => &["date", "kind", "published_at", "from", "to"],
        _ => ALL,
    };
    let fields = Fields::new(value, path, allowed)?;
    let kind = match kind {
        "holiday" => EntryKind::Holiday { desk: windows(&fields, "desk")?.unwrap_or_default() },
        "swapped_off" => {
            EntryKind::SwappedOff { desk: windows(&fields, "desk")?.unwrap_or_default() }
        }
        "swapped_work" => EntryKind::SwappedWork {
            work: windows(&fields, "work")?,
            desk: windows(&fields, "desk")?,
        },
        "closure" => {
            let time = |name, usual| match fields.get(name) {
                None => Ok(usual),
                Some(value) => clock(value).ok_or_else(|| bad_windows(&fields)),
            };
            EntryKind::Closure {
                from: time("from", ClockTime::MIDNIGHT)?,
                to: time("to", ClockTime::END)?,
            }
        }
        _ => return Err(fields.refusal(RefusalCode::CalendarInvalid, "kind", "unknown kind")),
    };
    let published_at =
        fields.get("published_at").map(|_| fields.instant("published_at")).transpose()?;
    Ok(EntrySpec {
        date: fields.date("date")?,
        kind,
        published_at,
        withdrawn_at: None,
        name: String::new(),
    })
}

fn windows(fields: &Fields<'_>, name: &str) -> Read<Option<Vec<Window>>> {
    let Some(value) = fields.get(name) else { return Ok(None) };
    let window = |value: &Value| match value.as_array()?.as_slice() {
        [from, to] => Some(Window { from: clock(from)?, to: clock(to)? }),
        _ => None,
    };
    let read = value.as_array().and_then(|list| list.iter().map(window).collect());
    read.map(Some).ok_or_else(|| bad_windows(fields))
}

fn bad_windows(fields: &Fields<'_>) -> ClockRefusal {
    let message = "expected clock times like [[\"07:00\", \"11:00\"]]";
    ClockRefusal::new(RefusalCode::WindowInvalid, fields.path.clone(), message)
}

fn clock(value: &Value) -> Option<ClockTime> {
    ClockTime::parse(value.as_str()?).ok()
}
