//! Internal procedures: nobody files them; they carry the child cases of consultation and of
//! interlinked procedures, so that these have a clock, a process and a unit like any other case.

use super::procedures::periods;
use kernel::calendar::{Limit, LimitUnit, SupplementRule};
use kernel::org::Validity;
use kernel::procedure::{Edition, EditionStatus, Verified};

/// Code of the procedure under which a consulted agency gives its opinion.
pub const CONSULT: &str = "internal.consult";
/// Code of the procedure under which an interlinked agency does its part.
pub const INTERLINK: &str = "internal.interlink";
/// Process of both.
pub const PROCESS: &str = "opinion";
/// Form schema of both; nothing on it is required of an agency.
const FORM: &str = "generic";
/// Days for an answer: ours, since Decree 61/2018 Art. 19.5 lets the asking agency name the time.
const DAYS: u32 = 3;
/// Levels at which they arise; the unit that is asked decides.
const LEVELS: [&str; 4] = ["commune", "district", "department", "province"];

const NAMES: [(&str, &str, &str); 2] = [
    (CONSULT, "Cho ý kiến theo đề nghị của cơ quan giải quyết", "Opinion for the deciding agency"),
    (
        INTERLINK,
        "Phối hợp giải quyết hồ sơ liên thông",
        "Part of an interlinked case done by another agency",
    ),
];

/// The editions of both internal procedures, for every period.
pub(crate) fn editions() -> Vec<Edition> {
    let periods = periods();
    let of_period = |(number, valid): &(u32, Validity)| {
        NAMES.map(|(code, name, name_en)| edition(code, name, name_en, *number, *valid))
    };
    periods.iter().flat_map(of_period).collect()
}

fn edition(code: &str, name: &str, name_en: &str, number: u32, valid: Validity) -> Edition {
    Edition {
        code: code.into(),
        edition: number,
        status: EditionStatus::Active,
        valid,
        name: name.into(),
        name_en: name_en.into(),
        field: "Nội bộ".into(),
        field_en: "Internal".into(),
        levels: LEVELS.map(str::to_owned).to_vec(),
        decided_by: LEVELS.map(|level| (level.to_owned(), level.to_owned())).to_vec(),
        limit: Limit { unit: LimitUnit::WorkingDay, quarters: DAYS * 4 },
        time_text: format!("{DAYS} ngày làm việc (mức mặc định, cơ quan hỏi có thể định khác)"),
        supplement_rule: SupplementRule::Reset,
        supplement_within_days: 3,
        fee_vnd: 0,
        fee_known: true,
        fee_note: String::new(),
        page_fee: None,
        exemptions: Vec::new(),
        papers: Vec::new(),
        result: "Văn bản trả lời".into(),
        process: PROCESS.into(),
        form: FORM.into(),
        consults: Vec::new(),
        online: false,
        verified: Verified::No,
        source: "Mức đặt của chương trình; NĐ 61/2018/NĐ-CP Điều 19.5, 19.6 không ấn định số ngày"
            .into(),
    }
}
