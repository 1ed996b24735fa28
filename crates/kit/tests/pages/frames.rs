//! Frames and pieces, rendered in both languages.

use askama::Template;
use kit::frame::{SideGroup, SideLink, UserMenu};
use kit::paging::{Column, Pager, Sorted, TableHead, Total};
use kit::pieces::*;
use kit::{Entries, Fault, Faults, Field, Lang, Page, When};

use super::world::{Ask, t};

#[derive(Template)]
#[template(path = "list.html", config = "tests/askama.toml")]
struct List {
    page: Page,
    head: TableHead,
    rows: Vec<Row>,
    pager: Pager,
    timeline: Timeline,
    why: Why,
}

struct Row {
    code: String,
    tag: Tag,
}

fn list(lang: Lang) -> List {
    let t = t(lang);
    let receipt = When::from_ymd(2019, 4, 26);
    let off = |text: &str| DayKind::Off(text.to_owned());
    let kinds = [
        DayKind::From,
        off(""),
        off(""),
        off("nghỉ hoán đổi"),
        off("nghỉ lễ"),
        off("nghỉ lễ"),
        DayKind::Work(1),
        DayKind::Pause(String::new()),
        DayKind::Extra(2),
        off(""),
        DayKind::Work(3),
    ];
    let mut days: Vec<CalDay> =
        (0..).zip(kinds).map(|(n, kind)| CalDay::new(receipt.plus_days(n), kind)).collect();
    days.last_mut().unwrap().due = true;
    let lines = vec![SumLine {
        what: "Ngày thứ 3".into(),
        value: t.date(days[10].date),
        machine: "2019-05-06".into(),
        reason: "Điều 147".into(),
    }];
    let step = |state, what: &str| Step {
        state,
        what: what.into(),
        lines: vec![StepLine {
            machine: "2019-04-16".into(),
            when: "16/4".into(),
            who: "Lê Ngọc Hân".into(),
            text: "quầy 3".into(),
        }],
    };
    List {
        head: TableHead {
            columns: vec![
                Column::pick(t, "?chon=trang"),
                Column::new("Mã", "w-code").sort("?sap=ma", Sorted::Up),
                Column::new("Tình trạng", "w-tag"),
            ],
        },
        rows: vec![Row { code: "000.00.27.H33-190416-0012".into(), tag: Tag::due_days(t, -2) }],
        pager: Pager {
            t,
            from: 1,
            to: 25,
            total: Total::counted(1001),
            prev: None,
            next: Some("?sau=abc".into()),
        },
        timeline: Timeline {
            t,
            steps: vec![
                step(StepState::Done, "Tiếp nhận"),
                step(StepState::Now, "Kiểm tra"),
                step(StepState::Next, "Ký"),
            ],
        },
        why: Why {
            t,
            title: t.a1("why-title", "date", "06/5"),
            folded: false,
            sum: Sum { lines, small: false },
            calendar: Some(Calendar { t, caption: t.a1("why-count", "n", 3), days }),
        },
        page: Page::sample(t, "Đang xử lý")
            .user(
                UserMenu {
                    name: "Trần Quốc Bảo".into(),
                    post: "Chuyên viên".into(),
                    links: vec![],
                    sign_out: "/desk/ra".into(),
                },
                "Chi nhánh",
            )
            .side(vec![SideGroup {
                label: "Việc của tôi".into(),
                links: vec![SideLink {
                    label: "Quá hạn".into(),
                    href: "/desk/tre".into(),
                    count: Some(1234),
                    current: true,
                    class: "is-late",
                }],
            }])
            .search("/desk/tim", "")
            .key("F8", "keys-supplement"),
    }
}

/// Asset addresses change with every edit of the stylesheet; the frame does not.
fn steady(page: &str) -> String {
    ["mark.svg", "motcua.css", "motcua.js"]
        .iter()
        .fold(page.to_owned(), |page, name| page.replace(&kit::assets::href(name), name))
}

#[test]
fn officer_frame_in_both_languages() {
    let vi = list(Lang::Vi).render().unwrap();
    insta::assert_snapshot!("officer", steady(&vi));
    let en = list(Lang::En).render().unwrap();
    assert!(en.contains("<html lang=\"en\" class=\"officer\">"));
    assert!(en.contains("2 days late") && en.contains("1–25 of more than 1,000"));
    assert!(!vi.contains('⟦') && !en.contains('⟦'));
}

#[test]
fn citizen_frame_with_faults_in_both_languages() {
    let entries = Entries::from_pairs([
        ("name", "<b>"),
        ("born-d", "31"),
        ("born-m", "2"),
        ("born-y", "2019"),
    ]);
    let mut check = kit::Check::new(&entries);
    check.required_date("born", "ngày sinh");
    let faults = check.done().unwrap_err();
    let render =
        |lang| Ask::new(Page::sample(t(lang), "Hỏi"), &entries, faults.clone()).render().unwrap();
    let vi = render(Lang::Vi);
    insta::assert_snapshot!("citizen_faults", steady(&vi));
    let en = render(Lang::En);
    assert!(en.contains("<title>Error: Hỏi – Kiên Giang One-stop Shop</title>"));
    assert!(en.contains("Fix 1 thing to continue"));
    assert!(!vi.contains('⟦') && !en.contains('⟦'));
    assert!(vi.len() < 15 * 1024, "a citizen page is light");
}

#[test]
fn one_fault_per_field() {
    let mut faults = Faults::new();
    faults.add(Fault::new("a", "err-number"));
    faults.add(Fault::new("a", "err-required"));
    assert_eq!(faults.len(), 1);
}

#[test]
fn every_kind_of_field() {
    let t = t(Lang::Vi);
    let pairs = [("way", "post"), ("tick", "1"), ("ward", "b"), ("why", "<i>"), ("pass", "secret")];
    let entries = Entries::from_pairs(pairs);
    let faults: Faults =
        [Fault::new("way", "err-choose").with("what", "cách nhận")].into_iter().collect();
    let fields = [
        Field::radio(t, "way", "Nhận ở đâu?").as_heading().choice("desk", "Tại quầy").choice_hint(
            "post",
            "Bưu điện",
            "2 ngày",
        ),
        Field::checkbox(t, "tick", "Tôi cam đoan"),
        Field::checkbox(t, "many", "Báo tin")
            .choice("sms", "Tin nhắn")
            .choice("mail", "Thư")
            .optional(),
        Field::select(t, "ward", "Xã").choice("a", "A").choice("b", "B").width("20"),
        Field::area(t, "why", "Lý do").hint("Ngắn gọn"),
        Field::password(t, "pass", "Mật khẩu").autocomplete("current-password"),
        Field::text(t, "number", "Số CCCD").digits("12").suggest("/goi-y").focus().quiet(),
    ];
    let all: Vec<_> = fields.map(|field| field.fill(&entries, &faults).to_string()).to_vec();
    insta::assert_snapshot!("fields", all.join("\n\n"));
    assert!(!all[5].contains("secret"), "a password is never shown again");
}
