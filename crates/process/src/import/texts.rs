//! Sentences about what became of something of a vendor's.

use super::Outcome;

/// The sentence in Vietnamese and in English.
pub(super) fn messages(what: &str, value: &str, outcome: Outcome, into: &str) -> (String, String) {
    let told = if value.is_empty() { what.to_owned() } else { format!("{what}={value:?}") };
    match outcome {
        Outcome::Mapped => {
            (format!("{told} đã chuyển thành {into}"), format!("{told} became {into}"))
        }
        Outcome::Kept => (
            format!("{told} được thực hiện như đã viết"),
            format!("{told} is executed as it is written"),
        ),
        Outcome::Ignored if into.is_empty() => (
            format!("{told} không ảnh hưởng đến việc xử lý"),
            format!("{told} has no bearing on the work"),
        ),
        Outcome::Ignored => (
            format!("{told} được bỏ qua vì tệp đã có {into}"),
            format!("{told} is passed over, as the file says {into}"),
        ),
        Outcome::NotMapped if into.is_empty() => (
            format!("{told} không chuyển được; cần người quyết định"),
            format!("{told} could not be taken over; a person must decide"),
        ),
        Outcome::NotMapped => (
            format!("{told} không chuyển được ({into}); cần người quyết định"),
            format!("{told} could not be taken over ({into}); a person must decide"),
        ),
    }
}
