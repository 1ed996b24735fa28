//! Papers and fees of procedures, by code.

use super::faults::Faults;
use super::files::Files;
use super::table::{Row, rows};
use super::units::one_of;
use kernel::limits;
use kernel::procedure::{Exemption, PageFee, Paper, PaperForm};
use std::collections::BTreeMap;

const PAPERS: &str = "procedures/papers.csv";
const FEES: &str = "procedures/fees.csv";
/// Highest amount that is believed, in đồng.
const FEE_VND_MAX: i64 = 10_000_000_000;

/// What the seeds know about a paper besides the kernel's `Paper`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PaperNote {
    /// Number within the edition.
    pub no: u16,
    /// English name.
    pub name_en: String,
    /// How sure, in words.
    pub note: String,
}

/// A fee, a reduction or an exemption as the seeds list it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FeeRow {
    /// `base`, `reduction`, `exemption`, or by the page: `page` with the keys `first-N`, `rest` and
    /// `most`, and `book` with the symbol of the book as its key.
    pub kind: String,
    /// Key within the procedure.
    pub key: String,
    /// For whom or what.
    pub who: String,
    /// The same in English.
    pub who_en: String,
    /// Amount in đồng; `None` where it is not known.
    pub amount_vnd: Option<i64>,
    /// `case`, `copy` or `page`.
    pub per: String,
    /// `any`, `counter` or `online`.
    pub channel: String,
    /// The ground in law; empty where a base amount has none.
    pub ground: String,
    /// Whether the ground was read.
    pub verified: bool,
}

/// Papers and fees of one procedure.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    pub(crate) papers: Vec<Paper>,
    pub(crate) paper_notes: Vec<PaperNote>,
    pub(crate) fees: Vec<FeeRow>,
}

impl Lists {
    /// The exemptions among the fees.
    pub(crate) fn exemptions(&self) -> Vec<Exemption> {
        let exempt = self.fees.iter().filter(|f| f.kind == "exemption");
        exempt
            .map(|f| Exemption { key: f.key.clone(), who: f.who.clone(), ground: f.ground.clone() })
            .collect()
    }
}

impl Lists {
    /// What is taken by the page, if all of it is listed.
    pub(crate) fn page_fee(&self) -> Option<PageFee> {
        let row = |kind: &str, start: &str| {
            self.fees.iter().find(|f| f.kind == kind && f.key.starts_with(start))
        };
        let first = row("page", "first-")?;
        Some(PageFee {
            first_pages: first.key.strip_prefix("first-")?.parse().ok()?,
            first_vnd: first.amount_vnd?,
            rest_vnd: row("page", "rest")?.amount_vnd?,
            most_vnd: row("page", "most")?.amount_vnd?,
            book: row("book", "")?.key.clone(),
        })
    }
}

/// Reads both files; `known` says whether a code is a procedure's.
pub(crate) fn read(
    files: &Files,
    known: &dyn Fn(&str) -> bool,
    faults: &mut Faults,
) -> BTreeMap<String, Lists> {
    let mut lists: BTreeMap<String, Lists> = BTreeMap::new();
    let columns = &["code", "no", "name", "name_en", "form", "count", "required", "note"];
    let code_of = |row: &Row, faults: &mut Faults| {
        let code = |text: &str| known(text).then(|| text.to_owned());
        row.value("code", "a code of procedures.csv", code, faults)
    };
    for row in rows(files, PAPERS, columns, faults) {
        let code = code_of(&row, faults);
        let Some((paper, note)) = paper(&row, faults) else { continue };
        let Some(of_code) = code.map(|code| lists.entry(code).or_default()) else { continue };
        if usize::from(paper.no) != of_code.papers.len() + 1 {
            let reason = format!("expected {}, but found {}", of_code.papers.len() + 1, paper.no);
            row.fault("no", reason, faults);
        }
        if of_code.papers.len() == limits::PAPERS {
            row.fault("no", format!("expected at most {} papers", limits::PAPERS), faults);
        }
        of_code.papers.push(paper);
        of_code.paper_notes.push(note);
    }
    let columns = &[
        "code",
        "no",
        "kind",
        "key",
        "who",
        "who_en",
        "amount_vnd",
        "per",
        "channel",
        "ground",
        "verified",
    ];
    for row in rows(files, FEES, columns, faults) {
        let code = code_of(&row, faults);
        let no = row.number::<usize>("no", faults);
        let Some(fee) = fee(&row, faults) else { continue };
        let Some(of_code) = code.map(|code| lists.entry(code).or_default()) else { continue };
        if no.is_some_and(|no| no != of_code.fees.len() + 1) {
            row.fault("no", format!("expected {}", of_code.fees.len() + 1), faults);
        }
        if of_code.fees.iter().any(|f| f.kind == fee.kind && f.key == fee.key) {
            row.fault("key", "the key stands above already", faults);
        }
        of_code.fees.push(fee);
    }
    lists
}

fn paper(row: &Row, faults: &mut Faults) -> Option<(Paper, PaperNote)> {
    let no = row.number::<u16>("no", faults);
    let (name, name_en) = (row.need("name", faults), row.need("name_en", faults));
    let form = |text: &str| match text {
        "original" => Some(PaperForm::Original),
        "copy" => Some(PaperForm::Copy),
        "electronic" => Some(PaperForm::Electronic),
        "shown" => Some(PaperForm::Shown),
        _ => None,
    };
    let form = row.value("form", "original, copy, electronic or shown", form, faults);
    let count = |text: &str| text.parse().ok().filter(|n| (1..=limits::COPIES).contains(n));
    let count = row.value("count", "a number of copies from 1", count, faults);
    let required = row.yes("required", faults);
    let no = no?;
    let note = PaperNote { no, name_en: name_en?, note: row.text("note").to_owned() };
    let paper = Paper { no, name: name?, form: form?, count: count?, required: required? };
    Some((paper, note))
}

fn fee(row: &Row, faults: &mut Faults) -> Option<FeeRow> {
    let word = |column: &str, known: &[&str], faults: &mut Faults| {
        row.value(column, &known.join(", "), |text| one_of(known, text), faults)
    };
    let kind = word("kind", &["base", "reduction", "exemption", "page", "book"], faults);
    let per = word("per", &["case", "copy", "page"], faults);
    let channel = word("channel", &["any", "counter", "online"], faults);
    let (key, who) = (row.need("key", faults), row.need("who", faults));
    let who_en = row.need("who_en", faults);
    // An exemption is granted on its ground; a base amount may lack one and then says not verified.
    let ground = match row.text("kind") {
        "exemption" => row.need("ground", faults),
        _ => Some(row.text("ground").to_owned()),
    };
    let amount = row.value("amount_vnd", "đồng from 0, or nothing", amount, faults);
    let verified = row.yes("verified", faults);
    Some(FeeRow {
        kind: kind?,
        key: key?,
        who: who?,
        who_en: who_en?,
        amount_vnd: amount?,
        per: per?,
        channel: channel?,
        ground: ground?,
        verified: verified?,
    })
}

/// An amount in đồng; nothing is `Some(None)`: not known.
pub(crate) fn amount(text: &str) -> Option<Option<i64>> {
    if text.is_empty() {
        return Some(None);
    }
    text.parse().ok().filter(|vnd| (0..=FEE_VND_MAX).contains(vnd)).map(Some)
}
