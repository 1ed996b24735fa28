//! What the deadline engine is asked and what it answers; every code of the contract is an enum.

use serde::{Deserialize, Serialize};

use super::plan::Calendar;
use super::time::{Date, Instant, LAW_OFFSET_SECONDS};

/// An enum whose variants carry the contract's codes.
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The contract's code.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The variant of a code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == code)
            }
        }
    };
}

codes! {
    /// In what a limit is counted.
    LimitUnit {
        /// Working days (rule N1).
        WorkingDay = "working_day",
        /// Days, whatever lies between (rule N2).
        CalendarDay = "calendar_day",
        /// Working hours, second by second (rule N4).
        WorkingHour = "working_hour",
        /// Months (rule N3).
        Month = "month",
        /// Within the day of reception (rule N5).
        SameDay = "same_day",
    }
}

codes! {
    /// How the file came in.
    Channel {
        /// At the desk (Decree 61/2018 Art. 17.1.c).
        Counter = "counter",
        /// Through the portal (Art. 17.2.b).
        Online = "online",
        /// By the public postal service (Decision 45/2016 Art. 7.4).
        Post = "post",
    }
}

codes! {
    /// What a supplement does to the clock.
    SupplementRule {
        /// The limit starts again when it is received (Decree 61/2018 Art. 19.4).
        Reset = "2018",
        /// The clock stands until it is received (sector laws).
        Pause = "pause",
    }
}

codes! {
    /// How a case stands with its date.
    Status {
        /// Time is left.
        Running = "running",
        /// Little time is left.
        DueSoon = "due_soon",
        /// The date has passed without a result.
        Overdue = "overdue",
        /// The clock stands; there is no date.
        Paused = "paused",
        /// The result came before the date.
        Early = "early",
        /// The result came on the date.
        OnTime = "on_time",
        /// The result came after the date.
        Late = "late",
    }
}

codes! {
    /// What was done against the rules, and reported.
    ViolationCode {
        /// A second supplement request or a later one.
        SupplementRepeated = "supplement_repeated",
        /// A supplement request after the days that Decree 61/2018 Art. 19.4 allows.
        SupplementRequestLate = "supplement_request_late",
        /// A stop that began when the limit had ended (rule N10).
        StopAfterDue = "stop_after_due",
        /// One extension was granted before (Art. 19.9).
        ExtensionRepeated = "extension_repeated",
        /// The clock stands.
        ExtensionWhileStopped = "extension_while_stopped",
        /// Less than a day before the due date (Art. 19.9).
        ExtensionTooLate = "extension_too_late",
        /// The new day is not after the due date.
        ExtensionNotLater = "extension_not_later",
    }
}

codes! {
    /// What a row of the derivation says.
    Rule {
        /// The file came in.
        Received = "received",
        /// It counts as received later.
        DeemedReceived = "deemed_received",
        /// It must be passed on.
        Forward = "forward",
        /// A supplement started the limit again.
        Reset = "reset",
        /// A new date was granted.
        Extended = "extended",
        /// Due within the day of reception.
        SameDay = "same_day",
        /// Hours start at this moment.
        StartsAtMoment = "starts_at_moment",
        /// The day of the event is not counted.
        FirstDayNotCounted = "first_day_not_counted",
        /// The corresponding day of the last month.
        MonthDay = "month_day",
        /// Counted.
        Counted = "counted",
        /// Not counted: the clock stood.
        Paused = "paused",
        /// Not counted: closed.
        Closure = "closure",
        /// Not counted: off in place of a holiday on a rest day.
        HolidayMoved = "holiday_moved",
        /// Not counted: public holiday.
        Holiday = "holiday",
        /// Not counted: off in exchange.
        SwappedOff = "swapped_off",
        /// Not counted: weekly rest day.
        RestDay = "rest_day",
        /// The last day is not a working day and moves.
        EndsOnRestDay = "ends_on_rest_day",
        /// The last day was closed later and moves.
        EndsOnDayClosedLater = "ends_on_day_closed_later",
        /// The limit would end while the clock stands, and moves.
        EndsWhileStopped = "ends_while_stopped",
        /// The limit ends.
        Ends = "ends",
        /// The clock stands now.
        Stopped = "stopped",
    }
}

codes! {
    /// The legal ground of a row.
    Ground {
        /// Decree 61/2018 Art. 17.1.c.
        Decree61Art17_1c = "nd61_2018.17.1.c",
        /// Decree 61/2018 Art. 17.2.b.
        Decree61Art17_2b = "nd61_2018.17.2.b",
        /// Decision 45/2016 Art. 7.4.
        Decision45Art7_4 = "qd45_2016.7.4",
        /// Decree 61/2018 Art. 18.1.
        Decree61Art18_1 = "nd61_2018.18.1",
        /// Decree 61/2018 Art. 18.2.
        Decree61Art18_2 = "nd61_2018.18.2",
        /// Decree 61/2018 Art. 19.4.
        Decree61Art19_4 = "nd61_2018.19.4",
        /// Decree 61/2018 Art. 19.9.
        Decree61Art19_9 = "nd61_2018.19.9",
        /// Civil Code 2015 Art. 147.1.
        CivilCode147_1 = "blds_2015.147.1",
        /// Civil Code 2015 Art. 147.2.
        CivilCode147_2 = "blds_2015.147.2",
        /// Civil Code 2015 Art. 147.3.
        CivilCode147_3 = "blds_2015.147.3",
        /// Civil Code 2015 Art. 148.
        CivilCode148 = "blds_2015.148",
        /// Civil Code 2015 Art. 148.3.
        CivilCode148_3 = "blds_2015.148.3",
        /// Civil Code 2015 Art. 148.5.
        CivilCode148_5 = "blds_2015.148.5",
        /// Labour Code: a holiday on a rest day gives the next working day off.
        HolidayMoved = "labour_code.holiday_moved",
        /// Labour Code: public holidays.
        PublicHoliday = "labour_code.public_holiday",
        /// Labour Code: weekly rest.
        WeeklyRest = "labour_code.weekly_rest",
        /// The Prime Minister's decision on swapped days.
        PrimeMinister = "pm_decision",
        /// The procedure itself says so.
        Procedure = "procedure",
        /// The law is silent; this is what was settled.
        Choice = "choice",
    }
}

codes! {
    /// Why a request was refused.
    RefusalCode {
        /// A required field is absent or null.
        MissingField = "missing_field",
        /// Not an object, of the wrong shape, or an unknown field.
        RequestInvalid = "request_invalid",
        /// Not an instant.
        InstantInvalid = "instant_invalid",
        /// Not a date.
        DateInvalid = "date_invalid",
        /// Not an offset.
        TimeZoneInvalid = "time_zone_invalid",
        /// Unknown channel.
        ChannelInvalid = "channel_invalid",
        /// Unknown edition.
        EditionInvalid = "edition_invalid",
        /// Unknown unit, or a wrong amount.
        LimitInvalid = "limit_invalid",
        /// Quarters of a day or a month that only come whole.
        LimitNotWhole = "limit_not_whole",
        /// A bad clock time or window.
        WindowInvalid = "window_invalid",
        /// No calendar of that name.
        CalendarUnknown = "calendar_unknown",
        /// Unknown weekday or kind of entry.
        CalendarInvalid = "calendar_invalid",
        /// Two entries that exclude each other on one date.
        CalendarConflict = "calendar_conflict",
        /// No working day where one is needed.
        NoWorkingDay = "no_working_day",
        /// Now lies before the reception.
        AsOfBeforeReception = "as_of_before_reception",
        /// An event lies before the reception.
        EventBeforeReception = "event_before_reception",
        /// Events are not in order of time.
        EventsUnordered = "events_unordered",
        /// Unknown event, or an end before its start.
        EventInvalid = "event_invalid",
        /// Closes nothing, or opens what is open.
        EventUnexpected = "event_unexpected",
        /// An event after the result.
        EventAfterResult = "event_after_result",
    }
}

/// A refusal: which rule, at which field of the request, and why in words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error, Serialize, Deserialize)]
#[error("{} at `{field}`: {message}", code.as_str())]
pub struct ClockRefusal {
    /// The contract's code.
    pub code: RefusalCode,
    /// Path of the field, such as `events[0].at`; empty for the request itself.
    pub field: String,
    /// The reason, in English.
    pub message: String,
}

impl ClockRefusal {
    pub(super) fn new(
        code: RefusalCode,
        field: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { code, field: field.into(), message: message.into() }
    }

    pub(super) fn no_working_day() -> Self {
        let message = format!("none within {} days where one is needed", super::SEARCH_DAYS);
        Self::new(RefusalCode::NoWorkingDay, "calendar", message)
    }
}

/// How long a procedure may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Limit {
    /// In what it is counted.
    pub unit: LimitUnit,
    /// Quarters of the unit: ten days are 40; 0 for `SameDay`.
    pub quarters: u32,
}

impl Limit {
    /// Most quarters that a limit may have.
    pub const MAX_QUARTERS: u32 = 4000;

    /// Whether the amount fits the unit.
    ///
    /// # Errors
    /// `limit_invalid` outside 1–[`Self::MAX_QUARTERS`] (`SameDay`: other than 0),
    /// `limit_not_whole` for parts of a calendar day or a month.
    pub fn check(self) -> Result<(), ClockRefusal> {
        let refuse = |code, message: &str| Err(ClockRefusal::new(code, "limit.quarters", message));
        match self.unit {
            LimitUnit::SameDay if self.quarters != 0 => {
                refuse(RefusalCode::LimitInvalid, "expected none or 0 for a limit within the day")
            }
            LimitUnit::SameDay => Ok(()),
            _ if !(1..=Self::MAX_QUARTERS).contains(&self.quarters) => {
                refuse(RefusalCode::LimitInvalid, "expected a whole number from 1 to 4000")
            }
            LimitUnit::CalendarDay | LimitUnit::Month if !self.quarters.is_multiple_of(4) => {
                refuse(RefusalCode::LimitNotWhole, "calendar days and months only come whole")
            }
            _ => Ok(()),
        }
    }
}

/// What happened to the clock.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum ClockEventKind {
    /// The filer was asked to complete the file.
    SupplementRequested,
    /// The completed file came in.
    SupplementReceived,
    /// A financial duty must be met first.
    FinanceWait,
    /// It was met.
    FinanceDone,
    /// The case waits for something that the law names.
    Suspended {
        /// What the law names; not empty.
        ground: String,
        /// Ends by itself at 23:59:59 of this date.
        until: Option<Date>,
    },
    /// It waits no longer.
    Resumed,
    /// Apology and new appointment (Decree 61/2018 Art. 19.9).
    Extended {
        /// The new day.
        new_due_on: Date,
    },
    /// The result is there; the clock ends.
    ResultReady,
}

/// One event of the clock.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClockEvent {
    /// When.
    pub at: Instant,
    /// What.
    #[serde(flatten)]
    pub kind: ClockEventKind,
}

/// Settings of the engine; the default is the contract's.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ClockSettings {
    /// The 15:00 rule, in seconds of the day (Decree 61/2018 Art. 18.2).
    pub cutoff_seconds: u32,
    /// Working days in which a supplement may be asked for (Art. 19.4).
    pub supplement_within_days: u32,
    /// A case is due soon with so many working days left.
    pub due_soon_days: u32,
    /// A case judged by instant is due soon with so many working hours left.
    pub due_soon_hours: u32,
    /// Seconds east of Greenwich in which dates and clock times are meant.
    pub offset_seconds: i32,
}

impl Default for ClockSettings {
    fn default() -> Self {
        Self {
            cutoff_seconds: 15 * 3600,
            supplement_within_days: 3,
            due_soon_days: 1,
            due_soon_hours: 2,
            offset_seconds: LAW_OFFSET_SECONDS,
        }
    }
}

/// What the engine is asked.
#[derive(Clone, Copy, Debug)]
pub struct ClockRequest<'a> {
    /// By which calendar the unit works.
    pub calendar: &'a Calendar,
    /// What starts the clock.
    pub received_at: Instant,
    /// How the file came in.
    pub channel: Channel,
    /// How long it may take.
    pub limit: Limit,
    /// What a supplement does.
    pub rule: SupplementRule,
    /// What happened, in order of time; equal times in the order they happened.
    pub events: &'a [ClockEvent],
    /// Now; events later than this are not known yet.
    pub as_of: Instant,
    /// Settings.
    pub settings: ClockSettings,
}

/// Something done against the rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Violation {
    /// What.
    pub code: ViolationCode,
    /// The instant of its event.
    pub at: Instant,
}

/// One end of a row: a day, or a moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Point {
    /// A moment.
    At(Instant),
    /// A day.
    Day(Date),
}

/// One row of the derivation.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Line {
    /// What happens between the two points.
    pub rule: Rule,
    /// Start; for days the first one.
    pub from: Point,
    /// End; for days the last one.
    pub to: Point,
    /// Legal ground.
    pub ground: Ground,
}

/// The whole answer of the engine.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// When the file counts as received.
    pub received_effective_at: Instant,
    /// When the limit ends; `None` while the clock stands without a known end.
    pub due_at: Option<Instant>,
    /// The first promise.
    pub original_due_at: Instant,
    /// Until when the desk must pass the file on (Decree 61/2018 Art. 18).
    pub forward_by: Instant,
    /// Until when a supplement may be asked for (Art. 19.4).
    pub supplement_deadline: Instant,
    /// Until when an apology with a new date is possible (Art. 19.9).
    pub latest_apology_at: Option<Instant>,
    /// How the case stands with `due_at`.
    pub status: Status,
    /// How it stands with `original_due_at`; never `Paused`.
    pub original_status: Status,
    /// Working days left after today; negative once past; `None` with `due_at`.
    pub remaining_working_days: Option<i64>,
    /// Working seconds left; negative once past; `None` with `due_at`.
    pub remaining_working_seconds: Option<i64>,
    /// What was done against the rules, in order of events.
    pub violations: Vec<Violation>,
    /// Each step with its ground.
    pub derivation: Vec<Line>,
}
