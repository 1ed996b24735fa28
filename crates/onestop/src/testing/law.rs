//! The calendar of the tests' province and its legal profiles.

use super::day;
use kernel::calendar::{
    Calendar, CalendarSpec, ClockTime, EntryKind, EntrySpec, WeekdaySpec, Window,
};
use kernel::case::{CodeFormat, LegalProfile};
use kernel::org::Validity;

pub(super) fn calendar() -> Calendar {
    let clock = |h, m| ClockTime::new(h, m).unwrap();
    let windows = vec![
        Window { from: clock(7, 0), to: clock(11, 0) },
        Window { from: clock(13, 0), to: clock(17, 0) },
    ];
    let weekly = std::array::from_fn(|i| WeekdaySpec {
        work: if i < 5 { windows.clone() } else { Vec::new() },
        desk: None,
    });
    let entry = |d, kind, name: &str| EntrySpec {
        date: d,
        kind,
        published_at: None,
        withdrawn_at: None,
        name: name.into(),
    };
    let entries = vec![
        entry(day(2019, 4, 29), EntryKind::SwappedOff { desk: Vec::new() }, "nghỉ hoán đổi"),
        entry(day(2019, 4, 30), EntryKind::Holiday { desk: Vec::new() }, "Ngày Chiến thắng"),
        entry(day(2019, 5, 1), EntryKind::Holiday { desk: Vec::new() }, "Quốc tế Lao động"),
        entry(day(2019, 5, 4), EntryKind::SwappedWork { work: None, desk: None }, "làm bù"),
    ];
    Calendar::compile(CalendarSpec { name: "kg".into(), weekly, entries, move_holidays: true })
        .unwrap()
}

/// The legal profiles: filing here until 30 June 2025, on the national portal after.
pub(super) fn profiles() -> Vec<LegalProfile> {
    let old = LegalProfile {
        key: "nd61_2018".into(),
        valid: Validity { from: day(2018, 1, 1), to: Some(day(2025, 6, 30)) },
        forms: "tt01_2018".into(),
        code_format: CodeFormat::Dotted2018,
        local_filing: true,
        cutoff_minutes: 15 * 60,
        verified: true,
        source: "Nghị định 61/2018/NĐ-CP".into(),
    };
    let new = LegalProfile {
        key: "nd118_2025".into(),
        valid: Validity { from: day(2025, 7, 1), to: None },
        forms: "tt03_2025".into(),
        code_format: CodeFormat::Short2025,
        local_filing: false,
        source: "Nghị định 118/2025/NĐ-CP".into(),
        ..old.clone()
    };
    vec![old, new]
}
