//! Dates, times, money and numbers as people here write them; law-relevant time is +07:00, always.

use std::borrow::Borrow;

use super::{Lang, T};

/// Milliseconds of a day.
pub const DAY_MS: i64 = 86_400_000;
/// Asia/Ho_Chi_Minh is seven hours ahead of UTC, without summer time.
pub const OFFSET_MS: i64 = 7 * 3_600_000;
const MINUTE_MS: i64 = 60_000;

/// A point on the local calendar, ready to be shown. `weekday`: 1 Monday … 7 Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct When {
    /// Year, such as 2019.
    pub year: i32,
    /// Month 1–12.
    pub month: u8,
    /// Day 1–31.
    pub day: u8,
    /// Hour 0–23.
    pub hour: u8,
    /// Minute 0–59.
    pub minute: u8,
}

impl When {
    /// The local moment of an instant in milliseconds since 1970 UTC.
    pub fn from_ms(ms: i64) -> When {
        let local = ms + OFFSET_MS;
        let (year, month, day) = civil(local.div_euclid(DAY_MS));
        let minutes = local.rem_euclid(DAY_MS) / MINUTE_MS;
        let (hour, minute) = (to_u8(minutes / 60), to_u8(minutes % 60));
        When { year, month, day, hour, minute }
    }

    /// Midnight of a local date.
    pub fn from_ymd(year: i32, month: u8, day: u8) -> When {
        When { year, month, day, hour: 0, minute: 0 }
    }

    /// The same date at a time of day.
    #[must_use]
    pub fn at(self, hour: u8, minute: u8) -> When {
        When { hour, minute, ..self }
    }

    /// The date `n` days later (earlier when negative), same time of day.
    #[must_use]
    pub fn plus_days(self, n: i64) -> When {
        let (year, month, day) = civil(self.day_number() + n);
        When { year, month, day, ..self }
    }

    /// Days since 1 January 1970 of this local date.
    pub fn day_number(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The instant in milliseconds since 1970 UTC.
    pub fn ms(self) -> i64 {
        let minutes = i64::from(self.hour) * 60 + i64::from(self.minute);
        self.day_number() * DAY_MS + minutes * MINUTE_MS - OFFSET_MS
    }

    /// 1 Monday … 7 Sunday.
    pub fn weekday(self) -> u8 {
        to_u8((self.day_number() + 3).rem_euclid(7)) + 1
    }

    /// Whether the calendar has this date.
    pub fn exists(self) -> bool {
        civil(self.day_number()) == (self.year, self.month, self.day) && self.hour < 24
    }

    /// For `<time datetime>`: `2019-05-06T17:00+07:00`.
    pub fn machine(self) -> String {
        format!("{}T{:02}:{:02}+07:00", self.machine_date(), self.hour, self.minute)
    }

    /// For `<time datetime>` and date fields: `2019-05-06`.
    pub fn machine_date(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// The calendar date of a day number (days since 1970-01-01), proleptic Gregorian.
fn civil(days: i64) -> (i32, u8, u8) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (i32::try_from(year).unwrap_or(i32::MAX), to_u8(month), to_u8(day))
}

fn to_u8(value: i64) -> u8 {
    u8::try_from(value).unwrap_or(u8::MAX)
}

/// Values are taken as they are or borrowed, since templates lend what they show.
impl T {
    /// `thứ Hai 06/5/2019` | `Monday 6 May 2019`.
    pub fn date(self, when: impl Borrow<When>) -> String {
        let when = *when.borrow();
        format!("{} {}", self.weekday(when), self.date_plain(when))
    }

    /// `06/5/2019` | `6 May 2019`.
    pub fn date_plain(self, when: impl Borrow<When>) -> String {
        let when = *when.borrow();
        match self.lang() {
            Lang::Vi => format!("{}/{}", self.day_month(when), when.year),
            Lang::En => format!("{} {}", self.day_month(when), when.year),
        }
    }

    /// `06/5` | `6 May`. Decree 30/2020, appendix I: days under 10 and months 1, 2 take a zero.
    pub fn day_month(self, when: impl Borrow<When>) -> String {
        let when = *when.borrow();
        match self.lang() {
            Lang::Vi if when.month < 3 => format!("{:02}/{:02}", when.day, when.month),
            Lang::Vi => format!("{:02}/{}", when.day, when.month),
            Lang::En => format!("{} {}", when.day, self.s(&format!("month-{}", when.month))),
        }
    }

    /// `thứ Hai 06/5`, with the year only when it is not the year of `now`.
    pub fn date_near(self, when: impl Borrow<When>, now: impl Borrow<When>) -> String {
        let (when, now) = (*when.borrow(), *now.borrow());
        if when.year == now.year {
            format!("{} {}", self.weekday(when), self.day_month(when))
        } else {
            self.date(when)
        }
    }

    /// `hôm nay, thứ Năm 25/4`: "today" only together with the date, as the law's papers count on
    /// it.
    pub fn date_rel(self, when: impl Borrow<When>, now: impl Borrow<When>) -> String {
        let (when, now) = (*when.borrow(), *now.borrow());
        let date = self.date_near(when, now);
        match when.day_number() - now.day_number() {
            0 => self.a1("date-today", "date", date),
            1 => self.a1("date-tomorrow", "date", date),
            -1 => self.a1("date-yesterday", "date", date),
            _ => date,
        }
    }

    /// `17:00`, `8:10`.
    pub fn clock(self, when: impl Borrow<When>) -> String {
        let when = *when.borrow();
        format!("{}:{:02}", when.hour, when.minute)
    }

    /// `14:20 thứ Ba 16/4`, with the year when it is another one.
    pub fn moment(self, when: impl Borrow<When>, now: impl Borrow<When>) -> String {
        let (when, now) = (*when.borrow(), *now.borrow());
        match self.lang() {
            Lang::Vi => format!("{} {}", self.clock(when), self.date_near(when, now)),
            Lang::En => format!("{}, {}", self.clock(when), self.date_near(when, now)),
        }
    }

    /// For tables: `23/4 17:00`.
    pub fn short(self, when: impl Borrow<When>, now: impl Borrow<When>) -> String {
        let (when, now) = (*when.borrow(), *now.borrow());
        let date = if when.year == now.year { self.day_month(when) } else { self.date_plain(when) };
        format!("{date} {}", self.clock(when))
    }

    /// `thứ Hai` | `Monday`.
    pub fn weekday(self, when: impl Borrow<When>) -> String {
        let when = *when.borrow();
        self.s(&format!("weekday-{}", when.weekday()))
    }

    /// `450.000 đ` | `450,000 đ`. Đồng only: there are no smaller coins.
    pub fn money(self, dong: impl Borrow<i64>) -> String {
        self.a1("money", "amount", self.number(*dong.borrow()))
    }

    /// `18.462` | `18,462`.
    pub fn number(self, value: impl Borrow<i64>) -> String {
        let value = *value.borrow();
        let mark = if self.lang() == Lang::Vi { '.' } else { ',' };
        let digits = value.unsigned_abs().to_string();
        let mut out = String::from(if value < 0 { "−" } else { "" });
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push(mark);
            }
            out.push(digit);
        }
        out
    }

    /// `97,6%` | `97.6%`, from tenths of a percent (976).
    pub fn percent(self, tenths: impl Borrow<i64>) -> String {
        let tenths = *tenths.borrow();
        let mark = if self.lang() == Lang::Vi { ',' } else { '.' };
        let sign = if tenths < 0 { "−" } else { "" };
        let tenths = tenths.unsigned_abs();
        format!("{sign}{}{mark}{}%", tenths / 10, tenths % 10)
    }

    /// First letter as a capital: `Thứ Hai 06/5/2019` where a date stands alone.
    pub fn capital(self, text: &str) -> String {
        let mut chars = text.chars();
        chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
    }
}
