//! Dates, times and durations.

use process::feel::{Date, DateTime, Days, Months, Time};

use crate::support::{equal, null_with, plain};

#[test]
fn they_are_made() {
    equal(&[
        ("date(\"2026-01-05\")", "@\"2026-01-05\""),
        ("date(2026, 1, 5)", "@\"2026-01-05\""),
        ("date(@\"2026-01-05T10:00:00\")", "@\"2026-01-05\""),
        ("time(\"23:59:00Z\")", "@\"23:59:00Z\""),
        ("time(23, 59, 0.5)", "@\"23:59:00.5\""),
        ("time(23, 59, 0, @\"PT7H\")", "@\"23:59:00+07:00\""),
        ("time(@\"2026-01-05T10:00:00\")", "@\"10:00:00\""),
        ("date and time(\"2026-01-05T10:00:00\")", "@\"2026-01-05T10:00:00\""),
        ("date and time(@\"2026-01-05\", @\"10:00:00\")", "@\"2026-01-05T10:00:00\""),
        ("duration(\"P1DT2H\")", "@\"P1DT2H\""),
        ("years and months duration(@\"2011-12-22\", @\"2013-08-24\")", "@\"P1Y8M\""),
        ("years and months duration(@\"2013-08-24\", @\"2011-12-22\")", "@\"-P1Y8M\""),
        ("years and months duration(@\"2026-01-31\", @\"2026-02-28\")", "@\"P0M\""),
        ("now()", "@\"2026-01-05T08:00:00+07:00\""),
        ("today()", "@\"2026-01-05\""),
        ("string(@\"P400D\")", "\"P400D\""),
        ("string(@\"PT90M\")", "\"PT1H30M\""),
        ("string(@\"P14M\")", "\"P1Y2M\""),
        ("string(@\"-PT0.5S\")", "\"-PT0.5S\""),
        ("string(@\"PT0S\")", "\"PT0S\""),
        ("string(@\"10:00:00@Asia/Ho_Chi_Minh\")", "\"10:00:00@Asia/Ho_Chi_Minh\""),
    ]);
    null_with(&[
        ("date(\"2026-02-29\")", "no such day"),
        ("date(2026, 13, 1)", "no such day"),
        ("time(24, 0, 0)", "no such time"),
        ("date and time(\"2026-01-05T25:00:00\")", "no such moment"),
        ("duration(\"P1H\")", "no duration"),
        ("duration(\"P\")", "no duration"),
    ]);
}

#[test]
fn they_are_reckoned_with() {
    equal(&[
        ("@\"2026-01-31\" + @\"P1M\"", "@\"2026-02-28\""),
        ("@\"2024-02-29\" - @\"P1Y\"", "@\"2023-02-28\""),
        ("@\"2026-01-05\" + @\"P30D\"", "@\"2026-02-04\""),
        ("@\"P1D\" + @\"2026-12-31\"", "@\"2027-01-01\""),
        ("@\"2026-03-01\" - @\"2026-02-01\"", "@\"P28D\""),
        ("@\"2026-01-05T23:30:00\" + @\"PT1H\"", "@\"2026-01-06T00:30:00\""),
        ("@\"2026-01-05T00:00:00+07:00\" - @\"2026-01-04T17:00:00Z\"", "@\"PT0S\""),
        ("@\"2026-01-05T00:00:00Z\" - @\"2026-01-04\"", "@\"P1D\""),
        ("@\"23:30:00\" + @\"PT1H\"", "@\"00:30:00\""),
        ("@\"10:00:00\" - @\"08:30:00\"", "@\"PT1H30M\""),
        ("@\"P1D\" * 1.5", "@\"P1DT12H\""),
        ("2 * @\"P1M\"", "@\"P2M\""),
        ("@\"P1D\" / 2", "@\"PT12H\""),
        ("@\"P1D\" / @\"PT6H\"", "4"),
        ("@\"P1Y\" / @\"P5M\"", "2.4"),
        ("-@\"P1D\"", "@\"-P1D\""),
        ("@\"P1Y\" - @\"P1M\"", "@\"P11M\""),
        ("@\"2026-01-05T08:00:00+07:00\" = @\"2026-01-05T01:00:00Z\"", "true"),
        ("@\"2026-01-05T08:00:00\" = @\"2026-01-05T08:00:00Z\"", "false"),
        ("@\"2026-01-05T08:00:00\" < @\"2026-01-05T08:00:00Z\"", "null"),
        ("is(@\"08:00:00+07:00\", @\"01:00:00Z\")", "false"),
        ("is(@\"2026-01-05\", date(2026, 1, 5))", "true"),
        ("@\"P1Y\" = @\"P365D\"", "null"),
    ]);
    null_with(&[
        ("@\"2026-01-05\" + 1", "no sum of date and number"),
        ("@\"999999999-12-31\" + @\"P1D\"", "no sum"),
        ("@\"P1D\" / 0", "no quotient"),
    ]);
}

#[test]
fn their_parts_are_seen() {
    equal(&[
        ("@\"2026-01-05\".year", "2026"),
        ("@\"2026-01-05\".weekday", "1"),
        ("@\"2026-01-05T08:09:10.5+07:00\".second", "10.5"),
        ("@\"2026-01-05T08:09:10+07:00\".time offset", "@\"PT7H\""),
        ("@\"08:09:10@Asia/Ho_Chi_Minh\".timezone", "\"Asia/Ho_Chi_Minh\""),
        ("@\"08:09:10\".time offset", "null"),
        ("@\"P1DT2H3M4S\".hours", "2"),
        ("@\"P1DT2H3M4.5S\".seconds", "4.5"),
        ("@\"P1Y2M\".months", "2"),
        ("day of year(@\"2024-12-31\")", "366"),
        ("day of week(@\"2026-01-05\")", "\"Monday\""),
        ("month of year(@\"2026-01-05\")", "\"January\""),
        ("week of year(@\"2005-01-01\")", "53"),
        ("week of year(@\"2026-01-05\")", "2"),
    ]);
    null_with(&[("@\"2026-01-05\".hour", "has no \"hour\"")]);
}

#[test]
fn days_count_both_ways() {
    let mut last = None;
    for days in (-800_000_i64..800_000).step_by(37) {
        let date = Date::from_days(days).expect("in range");
        assert_eq!(date.days(), days);
        assert_eq!(Date::parse(&date.to_string()), Some(date));
        assert_eq!(date.weekday(), u8::try_from((days + 3).rem_euclid(7) + 1).expect("small"));
        assert!(last < Some(date));
        last = Some(date);
    }
    // Known days: the epoch, the leap day of 2000, the day before the Gregorian calendar began.
    for (text, days) in [("1970-01-01", 0), ("2000-02-29", 11_016), ("1582-10-14", -141_428)] {
        assert_eq!(Date::parse(text).map(Date::days), Some(days));
    }
}

#[test]
fn texts_that_are_none_are_refused() {
    for text in ["2026-1-05", "26-01-05", "02026-01-05", "2026-01-32", "2026-01", "", "-", "a-b-c"]
    {
        assert_eq!(Date::parse(text), None, "{text}");
    }
    for text in ["8:00:00", "08:00", "08:00:60", "08:00:00.", "08:00:00+25:00", "08:00:00@Moon"] {
        assert_eq!(Time::parse(text), None, "{text}");
    }
    assert_eq!(DateTime::parse("2026-01-05T"), None);
    for text in ["P", "PT", "P1H", "P1DT", "P1.5D", "1D", "PD", "P-1D", "P1M2D"] {
        assert_eq!(Days::parse(text), None, "{text}");
        assert_eq!(Months::parse(text).filter(|_| text != "P1M"), None, "{text}");
    }
    assert_eq!(plain("@\"P1M\""), plain("@\"P1M\""));
}
