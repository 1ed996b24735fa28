//! Texts: both languages say the same keys with the same variables; dates as people write them.

use super::*;

#[test]
fn both_languages_have_the_same_keys_and_variables() {
    let texts = Texts::load();
    assert_eq!(texts.faults(), &[] as &[String]);
    assert!(texts.keys(Lang::Vi).len() > 150, "the files were found");
    for (key, vars) in texts.keys(Lang::Vi) {
        assert_eq!(texts.keys(Lang::En).get(key), Some(vars), "English of {key}");
    }
    for key in texts.keys(Lang::En).keys() {
        assert!(texts.keys(Lang::Vi).contains_key(key), "{key} has no Vietnamese");
    }
}

#[test]
fn a_missing_key_is_seen() {
    assert_eq!(T::new(Lang::Vi).s("no-such-key"), "⟦no-such-key⟧");
}

#[test]
fn words_and_plurals() {
    let (vi, en) = (T::new(Lang::Vi), T::new(Lang::En));
    assert_eq!(vi.a("form-step", &[("n", &4), ("total", &11)]), "câu 4 trên 11");
    assert_eq!(en.a1("due-late", "n", 1), "1 day late");
    assert_eq!(en.a1("due-late", "n", 2), "2 days late");
    assert_eq!(vi.s("frame-error-prefix"), "Lỗi: ");
    let args = [("n".to_owned(), "1".to_owned())];
    assert_eq!(en.dynamic("due-left", &args), "1 day left");
}

#[test]
fn dates_money_numbers() {
    let (vi, en) = (T::new(Lang::Vi), T::new(Lang::En));
    let due = When::from_ymd(2019, 5, 6).at(17, 0);
    let now = When::from_ymd(2019, 4, 25).at(9, 12);
    assert_eq!(vi.date(due), "thứ Hai 06/5/2019");
    assert_eq!(en.date(due), "Monday 6 May 2019");
    assert_eq!(vi.moment(due, now), "17:00 thứ Hai 06/5");
    assert_eq!(en.moment(due, now), "17:00, Monday 6 May");
    assert_eq!(vi.date_rel(now, now), "hôm nay, thứ Năm 25/4");
    assert_eq!(vi.date_rel(now.plus_days(300), now), "thứ Tư 19/02/2020");
    assert_eq!(vi.short(now, now), "25/4 9:12");
    assert_eq!(vi.money(450_000), "450.000 đ");
    assert_eq!(en.money(1_450_000), "1,450,000 đ");
    assert_eq!(vi.number(-18_462), "−18.462");
    assert_eq!(vi.percent(976), "97,6%");
    assert_eq!(due.machine(), "2019-05-06T17:00+07:00");
    assert_eq!(vi.capital("đang"), "Đang");
}

#[test]
fn the_calendar_goes_round() {
    for day in -800_000..800_000 {
        let when = When::from_ymd(1970, 1, 1).plus_days(day);
        assert_eq!(when.day_number(), day);
        assert!(when.exists());
    }
    assert!(!When::from_ymd(2019, 2, 31).exists());
    assert!(!When::from_ymd(2019, 13, 1).exists());
    let now = When { year: 2019, month: 4, day: 25, hour: 9, minute: 12 };
    assert_eq!(When::from_ms(now.ms()), now);
    assert_eq!(now.ms(), 1_556_158_320_000);
}

#[test]
fn uses_are_found() {
    let found = uses("x\n{{ page.t.s(\"undo\") }} {{ t.a1(\"days\", \"n\", 3) }}");
    let keys: Vec<_> = found.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(keys, ["undo", "days"]);
    assert_eq!(found[0].line, 2);
}
