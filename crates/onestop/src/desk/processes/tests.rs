//! The editor through its router: who may, every page in both languages, the way from a draft to a
//! case accepted under it, two people on one draft, each refusal, files of other modellers.

use crate::desk::tests::{act, case, complete, received, signed_in};
use crate::testing::{Answer, Browser, Part, World, account_of, world};
use kernel::calendar::Instant;
use store::process_drafts;

pub(super) const HOME: &str = "/noi-lam-viec/quy-trinh";
pub(super) const BASE: &str = "/noi-lam-viec/quy-trinh/ban/appraisal/1";

/// A page that came whole: no text is missing, one heading.
pub(super) fn whole(answer: &Answer) -> &str {
    assert!(!answer.body.contains('⟦'), "a text is missing: {}", answer.body);
    assert_eq!(answer.body.matches("<h1").count(), 1);
    &answer.body
}

pub(super) async fn page(browser: &mut Browser, to: &str) -> Answer {
    let answer = browser.get(to).await;
    assert_eq!(answer.status, 200, "{to}: {}", answer.body);
    whole(&answer);
    answer
}

/// Begins a draft from the newest version of the appraisal and gives its address.
pub(super) async fn begun(browser: &mut Browser) -> String {
    let shown = page(browser, BASE).await;
    let form = [Part::Text("ban", "appraisal"), Part::Text("tu", "ban")];
    let answer = browser.post(&shown, &format!("{HOME}/moi"), &form).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location().to_owned()
}

/// Sends a form of the draft as its page has it now.
pub(super) async fn edit(
    browser: &mut Browser,
    draft: &str,
    act: &str,
    form: &[(&str, &str)],
) -> Answer {
    let shown = page(browser, draft).await;
    let rev = shown.hidden("rev");
    sent(browser, (&shown, draft), (act, &rev), form).await
}

async fn sent(
    browser: &mut Browser,
    (shown, draft): (&Answer, &str),
    (act, rev): (&str, &str),
    form: &[(&str, &str)],
) -> Answer {
    let mut parts = vec![Part::Text("rev", rev), Part::Text("lam", act)];
    parts.extend(form.iter().map(|(name, value)| Part::Text(name, value)));
    browser.post(shown, draft, &parts).await
}

/// The same, and the edit was made; gives where it leads.
pub(super) async fn edited(
    browser: &mut Browser,
    draft: &str,
    act: &str,
    form: &[(&str, &str)],
) -> String {
    let answer = edit(browser, draft, act, form).await;
    assert_eq!(answer.status, 303, "{act}: {}", answer.body);
    answer.location().to_owned()
}

pub(super) fn file(world: &World, draft: &str) -> (u64, String) {
    let id = draft.rsplit('/').next().unwrap().parse().unwrap();
    let read = world.app.0.store.read_blocking(|r| process_drafts::by_id(r, id));
    let draft = read.unwrap().unwrap();
    (draft.head.revision, draft.xml)
}

pub(super) const INSERT: [(&str, &str); 6] = [
    ("buoc", "appraise"),
    ("i-name", "Kiểm tra thực địa"),
    ("i-kind", "user:field"),
    ("i-lane", "case_officer"),
    ("i-unit", "working-days"),
    ("i-value", "2"),
];

#[tokio::test]
async fn every_officer_looks_and_only_administrators_of_the_province_write() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    let mut officer = signed_in(&world, "bao").await;
    for to in [HOME, BASE] {
        let shown = page(&mut officer, to).await;
        assert!(!shown.body.contains("/quy-trinh/nhap/"), "drafts are for those who write");
        assert!(!shown.body.contains("name=\"tu\""));
    }
    let xml = officer.get(&format!("{BASE}/tep.bpmn")).await;
    assert!(xml.bytes.starts_with(b"<?xml") && xml.body.contains("id=\"appraise\""));
    for to in [
        format!("{HOME}/moi"),
        draft.clone(),
        format!("{draft}/tep.bpmn"),
        format!("{draft}/cong-bo"),
        format!("{BASE}/thu-hoi"),
    ] {
        let refused = officer.get(&to).await;
        assert_eq!(refused.status, 403, "{to}");
        assert!(refused.body.contains("Chỉ quản trị hệ thống cấp tỉnh"), "{to}");
    }
    let looked = officer.get(HOME).await;
    for (to, form) in [
        (format!("{HOME}/moi"), vec![Part::Text("tu", "ban"), Part::Text("ban", "appraisal")]),
        (draft.clone(), vec![Part::Text("rev", "1"), Part::Text("lam", "layout")]),
        (format!("{draft}/cong-bo"), vec![Part::Text("rev", "1")]),
    ] {
        // The page has the search of the frame only, so its tokens come from one with a form.
        let with_form = officer.get("/noi-lam-viec/mat-khau").await;
        assert_eq!(officer.post(&with_form, &to, &form).await.status, 403, "{to}");
    }
    assert_eq!(looked.status, 200);
    assert_eq!(file(&world, &draft).0, 1);
    for to in [format!("{HOME}/nhap/none"), format!("{HOME}/ban/appraisal/9")] {
        assert_eq!(admin.get(&to).await.status, 404);
    }
}

#[tokio::test]
async fn a_draft_is_edited_checked_published_and_cases_run_under_it() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let mut desk = signed_in(&world, "han").await;
    let old = received(&world, &mut desk).await;
    let draft = begun(&mut admin).await;
    let shown = page(&mut admin, &format!("{draft}?buoc=appraise")).await;
    for words in ["i-spot", "flow:appraise_to_review", "n-to-1", "x-sure", "Đang có 1 hồ sơ"] {
        assert!(shown.body.contains(words), "{words}");
    }
    assert!(shown.body.contains("bpmn-diagram"), "the diagram stands beside the table");

    let mut form = INSERT.to_vec();
    form.push(("i-spot", "flow:appraise_to_review"));
    let to = edited(&mut admin, &draft, "insert", &form).await;
    assert_eq!(to, format!("{draft}?buoc=kiem_tra_thuc_dia#buoc-kiem_tra_thuc_dia"));
    let shown = page(&mut admin, &to).await;
    assert!(shown.body.contains("2 ngày làm việc") && shown.body.contains("Thêm bước “Kiểm tra"));
    let name = [("buoc", "assign"), ("r-name", "Giao việc")];
    edited(&mut admin, &draft, "rename", &name).await;
    let time = [("buoc", "appraise"), ("t-unit", "share"), ("t-value", "30")];
    edited(&mut admin, &draft, "time", &time).await;
    let (revision, xml) = file(&world, &draft);
    assert_eq!(revision, 4);
    assert!(xml.contains("name=\"Giao việc\"") && xml.contains("mc:limitShare=\"30\""));

    let shown = page(&mut admin, &format!("{draft}/cong-bo")).await;
    for words in ["Thêm</b>: Kiểm tra thực địa", "<del>50 % thời hạn</del>", "Tách thửa"]
    {
        assert!(shown.body.contains(words), "{words}: {}", shown.body);
    }
    let rev = shown.hidden("rev");
    let day = [("from-d", "25"), ("from-m", "4"), ("from-y", "2019")];
    let ground = ("ground", "Quyết định 12/QĐ-UBND");
    let mut parts = vec![Part::Text("rev", &rev), Part::Text(ground.0, ground.1)];
    parts.extend(day.iter().map(|(name, value)| Part::Text(name, value)));
    let done = admin.post(&shown, &format!("{draft}/cong-bo"), &parts).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, &*format!("{HOME}/ban/appraisal/2")));
    let shown = page(&mut admin, done.location()).await;
    let sha256 = world.app.catalogue().process("appraisal", 2).unwrap().sha256.clone();
    assert!(shown.body.contains(&sha256) && shown.body.contains("Quyết định 12/QĐ-UBND"));
    assert_eq!(admin.get(&draft).await.status, 404, "the draft is published");

    let new = received(&world, &mut desk).await;
    assert_eq!([&old, &new].map(|id| case(&world, id).process_version), [1, 2]);
    assert_eq!(act(&mut desk, &new, "forward", &[]).await.status, 303);
    let mut head = signed_in(&world, "phong").await;
    let officer = account_of("bao");
    let form = [("outcome", "done"), ("officer", officer.as_str())];
    complete(&world, &mut head, &new, &form).await;
    let mut officer = signed_in(&world, "bao").await;
    complete(&world, &mut officer, &new, &[("outcome", "done"), ("note", "Đủ")]).await;
    let shown = page(&mut officer, &format!("/noi-lam-viec/ho-so/{new}")).await;
    let way = shown.body.split("id=\"duong-di\"").nth(1).unwrap();
    assert!(way.contains("phiên bản 2"));
    assert!(way.contains("<li>Giao việc: đã qua</li>"), "{way}");
    assert!(way.contains("<li aria-current=\"step\">Kiểm tra thực địa: đang ở đây</li>"), "{way}");
    assert!(way.contains("is-current") && way.contains("is-done") && way.contains("is-taken"));
    let catalogue = world.app.catalogue();
    let proof =
        world.app.0.store.read_blocking(|r| store::cases::verify(r, &catalogue, &mut |_| ()));
    assert_eq!(proof.unwrap().cases, 2);
}

/// An act, its form, the field that is marked, what is said.
type Refused<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a str, &'a str);

#[tokio::test]
async fn edits_are_refused_at_their_field_and_entries_are_kept() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    let before = file(&world, &draft);
    let cases: [Refused<'_>; 9] = [
        (
            "time",
            &[("buoc", "sign"), ("t-unit", "share"), ("t-value", "300")],
            "t-value",
            "từ 1 đến 100",
        ),
        (
            "time",
            &[("buoc", "sign"), ("t-unit", "written"), ("t-value", "mai")],
            "t-value",
            "không phải thời gian",
        ),
        (
            "insert",
            &[("buoc", "sign"), ("i-name", ""), ("i-kind", "user:sign")],
            "i-name",
            "Nhập tên bước",
        ),
        ("remove", &[("buoc", "sign")], "x-sure", "Chọn ô xác nhận"),
        (
            "next",
            &[
                ("buoc", "sign"),
                ("n-to-1", "stamp"),
                ("n-if-1", "outcome = ("),
                ("n-to-2", "assign"),
                ("n-default", "2"),
            ],
            "n-if-1",
            "Không đọc được điều kiện",
        ),
        ("next", &[("buoc", "sign"), ("n-to-1", "")], "n-to-1", "Chọn ít nhất một bước sau"),
        (
            "outcomes",
            &[("buoc", "sign"), ("o-more", "Không được")],
            "o-more",
            "không phải mã hợp lệ",
        ),
        ("add_lane", &[("buoc", ""), ("a-name", "Thanh tra")], "a-role", "Chọn vai trò"),
        ("discard", &[("buoc", "")], "z-sure", "Chọn ô xác nhận"),
    ];
    for (act, form, field, words) in cases {
        let answer = edit(&mut admin, &draft, act, form).await;
        assert_eq!(answer.status, 422, "{act}: {}", answer.body);
        let body = whole(&answer);
        assert!(body.contains(&format!("href=\"#{field}\"")), "{act}: {field}");
        assert!(body.contains(&format!("id=\"{field}-err\"")), "{act}: marked at {field}");
        assert!(body.contains(words), "{act}: {words}");
        for (name, value) in
            form.iter().filter(|(name, value)| !value.is_empty() && *name != "buoc")
        {
            let kept = value.replace('"', "&#34;");
            assert!(body.contains(&kept), "{act}: {name} keeps {value}");
        }
        assert_eq!(file(&world, &draft), before, "{act}");
    }
    let unknown = edit(&mut admin, &draft, "nothing", &[]).await;
    assert_eq!(unknown.status, 400);
    let gone = edit(&mut admin, &draft, "rename", &[("buoc", "none"), ("r-name", "x")]).await;
    assert_eq!(gone.status, 422);
    assert!(whole(&gone).contains("Không còn phần tử none"));
}

#[tokio::test]
async fn a_choice_is_made_found_by_the_check_and_mended() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    let ways = [
        ("buoc", "review"),
        ("n-to-1", "sign"),
        ("n-if-1", "outcome = \"approve\""),
        ("n-to-2", "stamp"),
        ("n-name-2", "Không trình"),
        ("n-default", "2"),
    ];
    edited(&mut admin, &draft, "next", &ways).await;
    let shown = page(&mut admin, &draft).await;
    assert!(shown.body.contains("outcome = &#34;approve&#34; → <a href=\"#buoc-sign\">"));
    assert!(shown.body.contains("Không trình (các trường hợp còn lại)"));
    let lane = [("a-name", "Thanh tra"), ("a-role", "auditor"), ("a-unit", "receiving")];
    edited(&mut admin, &draft, "add_lane", &lane).await;
    edited(&mut admin, &draft, "lane", &[("buoc", "review"), ("w-lane", "thanh_tra")]).await;
    let beside = [("buoc", "stamp"), ("p-name", "Báo kết quả"), ("p-kind", "user:opinion")];
    edited(&mut admin, &draft, "parallel", &beside).await;
    edited(
        &mut admin,
        &draft,
        "move",
        &[("buoc", "assign"), ("m-spot", "flow:appraise_to_review")],
    )
    .await;
    edited(&mut admin, &draft, "kind", &[("buoc", "assign"), ("k-kind", "manual")]).await;
    // It goes past the review now, which nothing leads to any more.
    edited(&mut admin, &draft, "next", &[("buoc", "assign"), ("n-to-1", "sign")]).await;
    let outcomes = [("buoc", "sign"), ("o-outcome", "approve"), ("o-outcome", "reject")];
    edited(&mut admin, &draft, "outcomes", &outcomes).await;
    assert!(edited(&mut admin, &draft, "layout", &[]).await.ends_with("#so-do"));
    edited(&mut admin, &draft, "title", &[("d-title", "Thẩm định hai lối")]).await;
    let shown = page(&mut admin, &draft).await;
    assert!(shown.body.contains("Bản nháp: Thẩm định hai lối"));
    assert!(
        shown.body.contains("Không đi đến đây được từ lúc bắt đầu."),
        "nothing leads to the review"
    );
    assert!(shown.body.contains("href=\"#buoc-review\"") && shown.body.contains("phat-hien-1"));
    assert!(shown.body.contains("bpmn-finding is-error"), "drawn at its element");
    assert!(!shown.body.contains("/cong-bo\""), "errors keep it from being published");
    let refused = admin.get(&format!("{draft}/cong-bo")).await;
    assert!(whole(&refused).contains("Còn lỗi phải sửa nên chưa công bố được"));
    let rev = page(&mut admin, &draft).await.hidden("rev");
    let parts = [
        Part::Text("rev", &rev),
        Part::Text("from-d", "26"),
        Part::Text("from-m", "4"),
        Part::Text("from-y", "2019"),
        Part::Text("ground", "QĐ 1"),
    ];
    let with_form = admin.get(&draft).await;
    let refused = admin.post(&with_form, &format!("{draft}/cong-bo"), &parts).await;
    assert_eq!(refused.status, 422);
    let sure = [("buoc", "assign"), ("x-sure", "1")];
    assert!(edited(&mut admin, &draft, "remove", &sure).await.ends_with("#cac-buoc"));
    let english = page(&mut admin, &format!("{draft}?buoc=sign&lang=en")).await;
    assert!(english.body.contains("Draft: Thẩm định hai lối"));
    assert!(english.body.contains("Removed the step"));
    for to in [HOME.to_owned(), BASE.to_owned(), format!("{HOME}/moi"), format!("{draft}/cong-bo")]
    {
        page(&mut admin, &format!("{to}?lang=en")).await;
    }
}

#[tokio::test]
async fn the_last_edits_can_be_taken_back_and_a_draft_thrown_away() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    let (_, first) = file(&world, &draft);
    edited(&mut admin, &draft, "rename", &[("buoc", "sign"), ("r-name", "Ký")]).await;
    let (_, second) = file(&world, &draft);
    edited(&mut admin, &draft, "rename", &[("buoc", "stamp"), ("r-name", "Đóng dấu")]).await;
    edited(&mut admin, &draft, "undo", &[]).await;
    assert_eq!(file(&world, &draft), (4, second));
    edited(&mut admin, &draft, "undo", &[]).await;
    assert_eq!(file(&world, &draft), (5, first.clone()));
    let to = edited(&mut admin, &draft, "undo", &[]).await;
    assert!(page(&mut admin, &to).await.body.contains("Không còn lần sửa nào"));
    assert_eq!(file(&world, &draft), (5, first));
    let most = u64::from(store::bounds::PROCESS_DRAFT_PAST_MAX);
    for n in 0..most + 3 {
        let name = format!("Ký {n}");
        edited(&mut admin, &draft, "rename", &[("buoc", "sign"), ("r-name", &name)]).await;
    }
    let id = draft.rsplit('/').next().unwrap().parse().unwrap();
    let past = world.app.0.store.read_blocking(|r| process_drafts::past(r, id)).unwrap();
    assert_eq!(past.len() as u64, most);
    assert_eq!(edited(&mut admin, &draft, "discard", &[("z-sure", "1")]).await, HOME);
    assert_eq!(admin.get(&draft).await.status, 404);
    let past = world.app.0.store.read_blocking(|r| process_drafts::past(r, id)).unwrap();
    assert!(past.is_empty());
    let actor = account_of("tri");
    let records =
        world.app.0.store.read_blocking(|r| store::audit::by_actor(r, actor.as_str(), None, 100));
    let saves = records.unwrap().into_iter().filter(|r| r.access.act == "process_draft").count();
    assert_eq!(saves as u64, 1 + 2 + 2 + most + 3 + 1, "who changed what is recorded");
}

#[tokio::test]
async fn who_comes_second_sees_what_changed_and_keeps_what_was_typed() {
    let world = world();
    let mut first = signed_in(&world, "tri").await;
    let mut second = signed_in(&world, "tri").await;
    let draft = begun(&mut first).await;
    let open = page(&mut second, &format!("{draft}?buoc=sign")).await;
    edited(&mut first, &draft, "rename", &[("buoc", "stamp"), ("r-name", "Phát hành")]).await;
    let before = file(&world, &draft);
    let form = [("buoc", "sign"), ("r-name", "Ký duyệt")];
    let late = sent(&mut second, (&open, &draft), ("rename", "1"), &form).await;
    assert_eq!(late.status, 409, "{}", late.body);
    let body = whole(&late);
    assert!(body.contains("Quách Minh Trí đã lưu bản nháp này"));
    assert!(body.contains("<ins>Phát hành</ins>"), "what changed: {body}");
    assert!(body.contains("value=\"Ký duyệt\""), "what was typed");
    assert_eq!(file(&world, &draft), before);
    let again = sent(&mut second, (&late, &draft), ("rename", &late.hidden("rev")), &form).await;
    assert_eq!(again.status, 303);
    // The same form once more changes nothing.
    let twice = sent(&mut second, (&late, &draft), ("rename", &late.hidden("rev")), &form).await;
    assert_eq!((twice.status.as_u16(), file(&world, &draft).0), (303, 3));
}

#[tokio::test]
async fn files_of_other_modellers_are_taken_or_refused_with_element_and_reason() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let start = page(&mut admin, &format!("{HOME}/moi")).await;
    let to = format!("{HOME}/moi");
    let upload =
        |bytes: &'static [u8]| [Part::Text("tu", "tep"), Part::File("tep", "x.bpmn", bytes)];
    let broken = admin.post(&start, &to, &upload(b"<a><b></a>")).await;
    assert_eq!(broken.status, 422);
    let body = whole(&broken);
    assert!(body.contains("Vì sao không đọc được tệp") && body.contains("Tệp XML bị hỏng ở đây"));
    let none = admin.post(&start, &to, &[Part::Text("tu", "tep")]).await;
    assert!(none.status == 422 && none.body.contains("Chọn tệp .bpmn"));
    let taken = [Part::Text("tu", "trang"), Part::Text("ten", "X"), Part::Text("ma", "counter")];
    let taken = admin.post(&start, &to, &taken).await;
    assert!(taken.status == 422 && taken.body.contains("Đã có quy trình counter"));

    let camunda = r#"<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:camunda="http://camunda.org/schema/1.0/bpmn" targetNamespace="x">
  <process id="nghi_phep" name="Nghỉ phép" isExecutable="true">
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
    <serviceTask id="t" name="Gửi thư" camunda:type="external" camunda:topic="SendMail"/>
    <sequenceFlow id="f2" sourceRef="t" targetRef="c"/>
    <callActivity id="c" name="Gọi kế toán" calledElement="ke_toan"/>
    <sequenceFlow id="f3" sourceRef="c" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>"#
        .as_bytes();
    let begun = admin.post(&start, &to, &upload(camunda)).await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    let draft = begun.location().to_owned();
    let shown = page(&mut admin, &draft).await;
    assert!(shown.body.contains("Gọi kế toán") && shown.body.contains("bpmn-finding is-error"));
    assert!(shown.body.contains("href=\"#buoc-c\""), "the refusal leads to its element");
    assert!(file(&world, &draft).1.contains("camunda:topic"), "nothing of the file is lost");

    let blank = page(&mut admin, &to).await;
    let form = [Part::Text("tu", "trang"), Part::Text("ten", "Xin ý kiến"), Part::Text("ma", "")];
    let begun = admin.post(&blank, &to, &form).await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    let shown = page(&mut admin, begun.location()).await;
    assert!(shown.body.contains("Quy trình mới") && shown.body.contains("Lãnh đạo phòng"));
    let list = page(&mut admin, HOME).await;
    assert!(list.body.contains("Nghỉ phép") && list.body.contains("Xin ý kiến"));
}

#[tokio::test]
async fn publications_are_refused_with_reasons_and_withdrawn_before_their_day() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    let late = begun(&mut admin).await;
    let publish = async |admin: &mut Browser, draft: &str, day: &str, ground: &str| {
        let to = format!("{draft}/cong-bo");
        let shown = page(admin, &to).await;
        let rev = shown.hidden("rev");
        let parts = [
            Part::Text("rev", &rev),
            Part::Text("from-d", day),
            Part::Text("from-m", "4"),
            Part::Text("from-y", "2019"),
            Part::Text("ground", ground),
        ];
        admin.post(&shown, &to, &parts).await
    };
    for (day, ground, field, words) in [
        ("24", "QĐ 1", "from", "Ngày này đã qua"),
        ("", "QĐ 1", "from", "Nhập đủ ngày"),
        ("30", "", "ground", "Nhập căn cứ"),
    ] {
        let refused = publish(&mut admin, &draft, day, ground).await;
        assert_eq!(refused.status, 422, "{words}");
        assert!(whole(&refused).contains(words) && refused.body.contains(&format!("{field}-err")));
    }
    let done = publish(&mut admin, &draft, "30", "QĐ 1").await;
    assert_eq!(done.status, 303, "{}", done.body);
    let outdated = publish(&mut admin, &late, "30", "QĐ 2").await;
    assert_eq!(outdated.status, 422, "it starts on the day of the version before it");
    let href = done.location().to_owned();
    let shown = page(&mut admin, &href).await;
    assert!(shown.body.contains("Sẽ áp dụng"));
    let to = format!("{href}/thu-hoi");
    let form = page(&mut admin, &to).await;
    let empty = admin.post(&form, &to, &[Part::Text("reason", " ")]).await;
    assert!(empty.status == 422 && whole(&empty).contains("Nhập lý do"));
    let base = admin.get(&format!("{BASE}/thu-hoi")).await;
    let shipped = admin.post(&base, &format!("{BASE}/thu-hoi"), &[Part::Text("reason", "x")]).await;
    assert_eq!(shipped.status, 404, "what came with the program cannot be withdrawn");
    let done = admin.post(&form, &to, &[Part::Text("reason", "Chưa tập huấn")]).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, HOME), "{}", done.body);
    assert_eq!(admin.get(&href).await.status, 404);
    assert!(page(&mut admin, BASE).await.body.contains("Chưa tập huấn"));

    let done = publish(&mut admin, &late, "30", "QĐ 3").await;
    assert_eq!(done.status, 303, "{}", done.body);
    let (href, day) =
        (done.location().to_owned(), kernel::calendar::Date::from_ymd_opt(2019, 4, 30));
    let to = format!("{href}/thu-hoi");
    // The day before has its own session: signed in late, the form is sent after midnight.
    world.clock.set(Instant::at(day.unwrap(), 0, 0).0 - 60_000);
    let mut admin = signed_in(&world, "tri").await;
    let form = page(&mut admin, &to).await;
    world.clock.set(Instant::at(day.unwrap(), 0, 1).0);
    let begun = admin.post(&form, &to, &[Part::Text("reason", "Quá muộn")]).await;
    assert_eq!(begun.status, 409, "{}", begun.body);
    assert!(whole(&begun).contains("không thu hồi được nữa"));
}
