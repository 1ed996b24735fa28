//! Procedures: each row of `procedures.csv` gives up to two editions.

use super::faults::Faults;
use super::files::Files;
use super::papers::{self, FeeRow, Lists, PaperNote};
use super::table::{Row, rows};
use super::units::one_of;
use kernel::calendar::{Date, Limit, LimitUnit, SupplementRule};
use kernel::ids::ProcedureCode;
use kernel::org::{Tree, Unit, Validity};
use kernel::procedure::{Edition, EditionStatus, Verified};
use std::collections::{BTreeMap, BTreeSet};

const PROCEDURES: &str = "procedures/procedures.csv";
const COLUMNS: &[&str] = &[
    "code",
    "name",
    "name_en",
    "field",
    "field_en",
    "level_2019",
    "level_2025",
    "decided_by_2019",
    "decided_by_2025",
    "process_2019",
    "process_2025",
    "consults_2019",
    "consults_2025",
    "limit_unit",
    "limit_quarters",
    "limit_basis",
    "same_day",
    "supplement_rule_2019",
    "supplement_rule_2025",
    "supplement_within_days",
    "time_text",
    "fee_vnd",
    "fee_basis",
    "fee_note",
    "result",
    "result_en",
    "form",
    "channels_2019",
    "channels_2025",
    "agency",
    "verified",
    "inferred",
    "source",
];
/// Most quarters of a limit, as the deadline contract has it.
const QUARTERS_MAX: u32 = 4_000;
const CHANNELS: &[&str] = &["counter", "post", "online"];
const LEVELS: &[&str] = &["commune", "district", "province"];

/// One of the two periods that the columns speak of.
struct Period {
    number: u32,
    from: (i32, u32, u32),
    to: Option<(i32, u32, u32)>,
    decided_by: &'static str,
    process: &'static str,
    consults: &'static str,
    rule: &'static str,
    channels: &'static str,
}

/// Three levels until 30 June 2025, two from 1 July 2025. 2018-01-01 only means that the data
/// start there.
const PERIODS: [Period; 2] = [
    Period {
        number: 1,
        from: (2018, 1, 1),
        to: Some((2025, 6, 30)),
        decided_by: "decided_by_2019",
        process: "process_2019",
        consults: "consults_2019",
        rule: "supplement_rule_2019",
        channels: "channels_2019",
    },
    Period {
        number: 2,
        from: (2025, 7, 1),
        to: None,
        decided_by: "decided_by_2025",
        process: "process_2025",
        consults: "consults_2025",
        rule: "supplement_rule_2025",
        channels: "channels_2025",
    },
];

impl Period {
    fn valid(&self) -> Option<Validity> {
        let day = |(y, m, d)| Date::from_ymd_opt(y, m, d);
        let to = match self.to {
            Some(to) => Some(day(to)?),
            None => None,
        };
        Some(Validity { from: day(self.from)?, to })
    }
}

/// Number and validity of the editions that the seeds make.
pub(crate) fn periods() -> Vec<(u32, Validity)> {
    PERIODS.iter().filter_map(|p| p.valid().map(|valid| (p.number, valid))).collect()
}

/// What the seeds know about a procedure besides the kernel's `Edition`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProcedureNote {
    /// What the applicant gets, in English.
    pub result_en: String,
    /// Levels in the words of the source, until and from 1 July 2025.
    pub level_words: [String; 2],
    /// `law`, or `default` where the law names no time.
    pub limit_basis: String,
    /// `free`, `fixed`, `province` or `unknown`.
    pub fee_basis: String,
    /// The agency in the words of the source.
    pub agency: String,
    /// Columns that were inferred or recalled.
    pub inferred: Vec<String>,
    /// Channels per edition: `counter`, `post`, `online`.
    pub channels: [Vec<String>; 2],
    /// English names and notes of the papers.
    pub papers: Vec<PaperNote>,
    /// Fees, reductions and exemptions.
    pub fees: Vec<FeeRow>,
}

/// Everything about procedures.
#[derive(Debug, Default)]
pub(crate) struct Procedures {
    pub(crate) editions: Vec<Edition>,
    pub(crate) notes: BTreeMap<ProcedureCode, ProcedureNote>,
}

/// What rows of `procedures.csv` may refer to.
pub(crate) struct Known<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) desks: Vec<&'a Unit>,
    pub(crate) processes: BTreeSet<&'a str>,
    pub(crate) forms: BTreeSet<&'a str>,
}

/// Reads `procedures.csv`, `papers.csv` and `fees.csv`.
pub(crate) fn read(files: &Files, known: &Known<'_>, faults: &mut Faults) -> Procedures {
    let rows = rows(files, PROCEDURES, COLUMNS, faults);
    let codes: BTreeSet<&str> = rows.iter().map(|r| r.text("code")).collect();
    let lists = papers::read(files, &|code| codes.contains(code), faults);
    let none = Lists::default();
    let mut found = Procedures::default();
    for row in &rows {
        let Some(code) = row.value("code", "a code like 1.001193", code, faults) else { continue };
        let lists = lists.get(code.as_str()).unwrap_or(&none);
        let Some(note) = note(row, lists, faults) else { continue };
        if found.notes.insert(code.clone(), note).is_some() {
            row.fault("code", "the code stands above already", faults);
            continue;
        }
        let Some(common) = common(row, code, lists, known, faults) else { continue };
        let before = found.editions.len();
        for period in &PERIODS {
            found.editions.extend(edition(row, period, &common, known, faults));
        }
        if found.editions.len() == before && faults.is_empty() {
            row.fault("decided_by_2025", "expected at least one edition", faults);
        }
    }
    found
}

/// The columns that both editions share, as an edition whose other fields are still empty.
fn common(
    row: &Row,
    code: ProcedureCode,
    lists: &Lists,
    known: &Known<'_>,
    faults: &mut Faults,
) -> Option<Edition> {
    let (name, name_en) = (row.need("name", faults), row.need("name_en", faults));
    let (field, field_en) = (row.need("field", faults), row.need("field_en", faults));
    let (time_text, result) = (row.need("time_text", faults), row.need("result", faults));
    let limit = limit(row, faults);
    let days = |text: &str| text.parse().ok().filter(|d| (1..=365).contains(d));
    let within = row.value("supplement_within_days", "days from 1", days, faults);
    let fee = row.value("fee_vnd", "đồng from 0, or nothing", papers::amount, faults);
    let form = |text: &str| known.forms.contains(text).then(|| text.to_owned());
    let form = row.value("form", "the name of a form schema", form, faults);
    let verified = |text: &str| match text {
        "yes" => Some(Verified::Yes),
        "partly" => Some(Verified::Partly),
        "no" => Some(Verified::No),
        _ => None,
    };
    let verified = row.value("verified", "yes, partly or no", verified, faults);
    let source = row.need("source", faults);
    let (_, valid) = periods().into_iter().next()?;
    Some(Edition {
        code,
        edition: 0,
        status: EditionStatus::Active,
        valid,
        name: name?,
        name_en: name_en?,
        field: field?,
        field_en: field_en?,
        levels: Vec::new(),
        decided_by: Vec::new(),
        limit: limit?,
        time_text: time_text?,
        supplement_rule: SupplementRule::Reset,
        supplement_within_days: within?,
        fee_vnd: fee?.unwrap_or(0),
        fee_known: !row.text("fee_vnd").is_empty(),
        fee_note: row.text("fee_note").to_owned(),
        page_fee: lists.page_fee(),
        exemptions: lists.exemptions(),
        papers: lists.papers.clone(),
        result: result?,
        process: String::new(),
        form: form?,
        consults: Vec::new(),
        online: false,
        verified: verified?,
        source: source?,
    })
}

/// The edition of a period, if the row has one.
fn edition(
    row: &Row,
    period: &Period,
    common: &Edition,
    known: &Known<'_>,
    faults: &mut Faults,
) -> Option<Edition> {
    if row.text(period.decided_by).is_empty() {
        return None;
    }
    let expected = "level=target;… with levels and targets commune, district, province or \
                    department:<key>";
    let decided_by = row.value(period.decided_by, expected, decided_by, faults);
    let process = |text: &str| known.processes.contains(text).then(|| text.to_owned());
    let process = row.value(period.process, "the name of a process", process, faults);
    let targets = |_: &str| row.list(period.consults).iter().all(|t| is_target(t)).then_some(());
    let consults = row.value(period.consults, "targets", targets, faults);
    let rule = |text: &str| match text {
        "reset" => Some(SupplementRule::Reset),
        "pause" => Some(SupplementRule::Pause),
        _ => None,
    };
    let rule = row.value(period.rule, "reset or pause", rule, faults);
    let channels = channels(row, period.channels, faults);
    let decided_by = decided_by?;
    consults?;
    let edition = Edition {
        edition: period.number,
        valid: period.valid()?,
        levels: decided_by.iter().map(|(level, _)| level.clone()).collect(),
        decided_by,
        supplement_rule: rule?,
        process: process?,
        consults: row.list(period.consults),
        online: channels?.iter().any(|c| c == "online"),
        ..common.clone()
    };
    somebody_decides(row, period, &edition, known, faults);
    Some(edition)
}

/// At each level some desk receives the procedure on the edition's first day, and the units that
/// decide and are consulted exist then.
fn somebody_decides(
    row: &Row,
    period: &Period,
    edition: &Edition,
    known: &Known<'_>,
    faults: &mut Faults,
) {
    let (tree, day) = (known.tree, edition.valid.from);
    for level in &edition.levels {
        let mut desks = known.desks.iter();
        let Some(desk) = desks.find(|u| u.level == *level && u.valid.holds(day)) else {
            let reason = format!("no desk of the level {level} exists on {day}");
            row.fault(period.decided_by, reason, faults);
            continue;
        };
        if let Err(reason) = edition.decides(&desk.id, tree, day) {
            row.fault(period.decided_by, reason.to_string(), faults);
        }
        for target in &edition.consults {
            if let Err(reason) = edition.target(target, &desk.id, tree, day) {
                row.fault(period.consults, reason.to_string(), faults);
            }
        }
    }
}

fn limit(row: &Row, faults: &mut Faults) -> Option<Limit> {
    let unit = |text: &str| match text {
        "working_day" => Some(LimitUnit::WorkingDay),
        "calendar_day" => Some(LimitUnit::CalendarDay),
        "working_hour" => Some(LimitUnit::WorkingHour),
        "month" => Some(LimitUnit::Month),
        "same_day" => Some(LimitUnit::SameDay),
        _ => None,
    };
    let unit = row.value("limit_unit", "a unit of time limits", unit, faults)?;
    let whole = matches!(unit, LimitUnit::CalendarDay | LimitUnit::Month);
    let fits = |q: &u32| match unit {
        LimitUnit::SameDay => *q == 0,
        _ => (1..=QUARTERS_MAX).contains(q) && (!whole || q.is_multiple_of(4)),
    };
    let expected = "quarters of the unit (0 for same_day, whole days and months)";
    let read = |text: &str| text.parse().ok().filter(fits);
    let quarters = row.value("limit_quarters", expected, read, faults)?;
    let same = row.yes("same_day", faults)?;
    if same != (unit == LimitUnit::SameDay) {
        row.fault("same_day", "expected yes for the unit same_day and for no other", faults);
        return None;
    }
    Some(Limit { unit, quarters })
}

fn note(row: &Row, lists: &Lists, faults: &mut Faults) -> Option<ProcedureNote> {
    let bases = &["free", "fixed", "province", "unknown"];
    let fee_basis = |text: &str| one_of(bases, text);
    let fee_basis = row.value("fee_basis", &bases.join(", "), fee_basis, faults);
    let limit_basis = |text: &str| one_of(&["law", "default"], text);
    let limit_basis = row.value("limit_basis", "law or default", limit_basis, faults);
    let result_en = row.need("result_en", faults);
    let known = |_: &str| row.list("inferred").iter().all(|c| COLUMNS.contains(&c.as_str()));
    row.value("inferred", "names of columns", |text| known(text).then_some(()), faults)?;
    let first = channels_or_none(row, "channels_2019", faults);
    let second = channels_or_none(row, "channels_2025", faults);
    Some(ProcedureNote {
        result_en: result_en?,
        level_words: [row.text("level_2019").to_owned(), row.text("level_2025").to_owned()],
        limit_basis: limit_basis?,
        fee_basis: fee_basis?,
        agency: row.text("agency").to_owned(),
        inferred: row.list("inferred"),
        channels: [first?, second?],
        papers: lists.paper_notes.clone(),
        fees: lists.fees.clone(),
    })
}

fn channels(row: &Row, column: &str, faults: &mut Faults) -> Option<Vec<String>> {
    if row.text(column).is_empty() {
        row.fault(column, "expected at least one channel, but found none", faults);
        return None;
    }
    channels_or_none(row, column, faults)
}

fn channels_or_none(row: &Row, column: &str, faults: &mut Faults) -> Option<Vec<String>> {
    let found = row.list(column);
    let fine = |_: &str| found.iter().all(|c| CHANNELS.contains(&c.as_str())).then_some(());
    row.value(column, "channels out of counter, post, online", fine, faults)?;
    Some(found)
}

fn code(text: &str) -> Option<ProcedureCode> {
    let (major, minor) = text.split_once('.')?;
    let digits = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit());
    (digits(major) && digits(minor) && text.len() <= 16).then(|| ProcedureCode(text.to_owned()))
}

fn decided_by(text: &str) -> Option<Vec<(String, String)>> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for part in text.split(';') {
        let (level, target) = part.trim().split_once('=')?;
        let new = pairs.iter().all(|(l, _)| l != level);
        if !LEVELS.contains(&level) || !is_target(target) || !new {
            return None;
        }
        pairs.push((level.to_owned(), target.to_owned()));
    }
    Some(pairs)
}

fn is_target(text: &str) -> bool {
    let key = text.strip_prefix("department:");
    LEVELS.contains(&text) || key.is_some_and(|k| !k.is_empty() && !k.contains(['.', ':']))
}
