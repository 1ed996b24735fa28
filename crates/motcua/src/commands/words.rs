//! Vietnamese words for the codes of the deadline contract, for a terminal without text files.

const RULES: &[(&str, &str)] = &[
    ("received", "nhận hồ sơ"),
    ("deemed_received", "coi như nhận khi mở cửa"),
    ("forward", "chuyển đến cơ quan giải quyết"),
    ("reset", "bổ sung hồ sơ, tính lại từ đầu"),
    ("extended", "xin lỗi và hẹn lại"),
    ("same_day", "giải quyết ngay trong ngày"),
    ("starts_at_moment", "tính từ thời điểm này"),
    ("first_day_not_counted", "ngày đầu không tính"),
    ("month_day", "ngày tương ứng của tháng cuối"),
    ("counted", "được tính"),
    ("paused", "tạm dừng, không tính"),
    ("closure", "đơn vị đóng cửa"),
    ("holiday_moved", "nghỉ bù ngày lễ"),
    ("holiday", "nghỉ lễ"),
    ("swapped_off", "nghỉ hoán đổi"),
    ("rest_day", "nghỉ hằng tuần"),
    ("ends_on_rest_day", "ngày cuối là ngày nghỉ, dời đến ngày làm việc tiếp theo"),
    ("ends_on_day_closed_later", "ngày cuối được công bố nghỉ sau đó, dời tiếp"),
    ("ends_while_stopped", "kết thúc khi đang dừng, dời đến khi tiếp tục"),
    ("ends", "hạn trả kết quả"),
    ("stopped", "đang dừng, chưa có hạn"),
];

const STATUSES: &[(&str, &str)] = &[
    ("running", "đang trong hạn"),
    ("due_soon", "sắp đến hạn"),
    ("overdue", "quá hạn"),
    ("paused", "tạm dừng"),
    ("early", "xong trước hạn"),
    ("on_time", "xong đúng hạn"),
    ("late", "xong quá hạn"),
];

const VIOLATIONS: &[(&str, &str)] = &[
    ("supplement_repeated", "yêu cầu bổ sung lần thứ hai trở đi"),
    ("supplement_request_late", "yêu cầu bổ sung quá số ngày cho phép"),
    ("stop_after_due", "tạm dừng sau khi đã hết hạn"),
    ("extension_repeated", "hẹn lại lần thứ hai"),
    ("extension_while_stopped", "hẹn lại khi đồng hồ đang dừng"),
    ("extension_too_late", "hẹn lại khi không còn một ngày làm việc trước hạn"),
    ("extension_not_later", "ngày hẹn lại không muộn hơn hạn cũ"),
];

const GROUNDS: &[(&str, &str)] = &[
    ("labour_code.holiday_moved", "Bộ luật Lao động: lễ trùng ngày nghỉ thì nghỉ bù"),
    ("labour_code.public_holiday", "Bộ luật Lao động: nghỉ lễ, Tết"),
    ("labour_code.weekly_rest", "Bộ luật Lao động: nghỉ hằng tuần"),
    ("pm_decision", "quyết định hoán đổi của Thủ tướng"),
    ("procedure", "quy định của thủ tục"),
    ("choice", "luật không nói, theo mức đặt"),
];

const TEXTS: &[(&str, &str)] = &[
    ("nd61_2018.", "NĐ 61/2018/NĐ-CP Điều "),
    ("qd45_2016.", "QĐ 45/2016/QĐ-TTg Điều "),
    ("blds_2015.", "Bộ luật Dân sự 2015 Điều "),
];

/// A rule of the derivation.
pub(crate) fn rule(code: &str) -> String {
    word(RULES, code)
}

/// A status.
pub(crate) fn status(code: &str) -> String {
    word(STATUSES, code)
}

/// A violation.
pub(crate) fn violation(code: &str) -> String {
    word(VIOLATIONS, code)
}

/// A legal ground; articles are kept as the contract writes them.
pub(crate) fn ground(code: &str) -> String {
    let of_text = |(prefix, words): &(&str, &str)| {
        code.strip_prefix(prefix).map(|article| format!("{words}{article}"))
    };
    TEXTS.iter().find_map(of_text).unwrap_or_else(|| word(GROUNDS, code))
}

fn word(list: &[(&str, &str)], code: &str) -> String {
    list.iter().find(|(known, _)| *known == code).map_or(code, |(_, words)| words).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::calendar::{Ground, Rule, Status, ViolationCode};

    #[test]
    fn every_code_has_words() {
        for code in Rule::ALL.iter().map(|c| c.as_str()) {
            assert_ne!(rule(code), code);
        }
        for code in Ground::ALL.iter().map(|c| c.as_str()) {
            assert_ne!(ground(code), code);
        }
        for code in Status::ALL.iter().map(|c| c.as_str()) {
            assert_ne!(status(code), code);
        }
        for code in ViolationCode::ALL.iter().map(|c| c.as_str()) {
            assert_ne!(violation(code), code);
        }
    }
}
