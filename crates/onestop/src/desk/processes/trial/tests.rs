//! Trials through the router: what a replay finds about real cases and who may see their codes,
//! results of an older revision, a simulation with the engine's own numbers, refusals at their
//! field, bounds on trials at once, and trials that go with their draft.

use super::{Kept, Told, kept, read};
use crate::desk::processes::tests::{INSERT, begun, edited, file, page, whole};
use crate::desk::tests::{act, complete, received, signed_in};
use crate::testing::{
    Answer, Browser, OFFICERS, Part, World, account_of, catalogue, world, world_with,
};
use crate::trials::Kind;
use kernel::calendar::{Date, Instant};
use kernel::ids::UnitId;
use kernel::org::{Holding, Post, Role, Staff, Validity};
use kernel::whatif::simulate::simulate;
use store::process_trials;
use uuid::Uuid;

/// Looks at a trial until it must have ended, and the time between two of them.
const LOOKS: usize = 6_000;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(5);

fn id(draft: &str) -> Uuid {
    draft.rsplit('/').next().unwrap().parse().unwrap()
}

fn trials(world: &World, draft: &str) -> Vec<Kept> {
    let id = id(draft);
    let read = world.app.0.store.read_blocking(|r| process_trials::of_draft(r, id));
    kept(&read.unwrap())
}

/// A case in work: accepted, forwarded, assigned and appraised, waiting for the review.
async fn appraised(world: &World, desk: &mut Browser) -> String {
    let id = received(world, desk).await;
    assert_eq!(act(desk, &id, "forward", &[]).await.status, 303);
    let officer = account_of("bao");
    let mut head = signed_in(world, "phong").await;
    let form = [("outcome", "done"), ("officer", officer.as_str())];
    complete(world, &mut head, &id, &form).await;
    let mut officer = signed_in(world, "bao").await;
    complete(world, &mut officer, &id, &[("outcome", "done"), ("note", "Đủ")]).await;
    id
}

/// A case that was decided.
async fn ended(world: &World, desk: &mut Browser) -> String {
    let id = appraised(world, desk).await;
    for (login, form) in [
        ("phong", vec![("outcome", "approve")]),
        ("minh", vec![("outcome", "approve")]),
        ("thu", vec![("outcome", "done"), ("number", "12/QĐ-UBND")]),
    ] {
        let mut officer = signed_in(world, login).await;
        complete(world, &mut officer, &id, &form).await;
    }
    id
}

async fn send(browser: &mut Browser, to: &str, form: &[(&str, &str)]) -> Answer {
    let shown = page(browser, to).await;
    let parts: Vec<Part<'_>> = form.iter().map(|(name, value)| Part::Text(name, value)).collect();
    browser.post(&shown, to, &parts).await
}

/// Waits until nothing of the draft is under way; gives the page.
async fn waited(world: &World, browser: &mut Browser, draft: &str) -> Answer {
    for _ in 0..LOOKS {
        if world.app.0.trials.of(id(draft)).is_none() {
            return page(browser, &format!("{draft}/thu")).await;
        }
        let wait = |_: &mut store::Reader<'_>| {
            std::thread::sleep(PAUSE);
            Ok(())
        };
        world.app.read(wait).await.unwrap();
    }
    panic!("the trial does not end");
}

async fn replayed(
    world: &World,
    browser: &mut Browser,
    draft: &str,
    form: &[(&str, &str)],
) -> Answer {
    let mut all = vec![("lam", "replay")];
    all.extend(form);
    let begun = send(browser, &format!("{draft}/thu"), &all).await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    waited(world, browser, draft).await
}

fn replay_of(world: &World, draft: &str) -> super::replay::Found {
    let all = trials(world, draft);
    match all.into_iter().find(|kept| kept.trial.kind == "replay").map(|kept| kept.told) {
        Some(Told::Replay(found)) => *found,
        other => panic!("{other:?}"),
    }
}

async fn with_field_step(admin: &mut Browser) -> String {
    let draft = begun(admin).await;
    let mut form = INSERT.to_vec();
    form.push(("i-spot", "flow:appraise_to_review"));
    edited(admin, &draft, "insert", &form).await;
    // With the new step the others must take less, else the times exceed the limit.
    let time = [("buoc", "appraise"), ("t-unit", "share"), ("t-value", "30")];
    edited(admin, &draft, "time", &time).await;
    draft
}

#[tokio::test]
async fn real_cases_are_carried_out_in_the_draft_and_counted_by_reason_and_step() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let (first, second) = (ended(&world, &mut desk).await, appraised(&world, &mut desk).await);
    received(&world, &mut desk).await;
    let mut admin = signed_in(&world, "tri").await;
    let draft = with_field_step(&mut admin).await;
    let empty = page(&mut admin, &format!("{draft}/thu")).await;
    assert!(empty.body.contains("Chưa chạy lại hồ sơ nào"), "{}", empty.body);
    let shown = replayed(&world, &mut admin, &draft, &[]).await;
    let found = replay_of(&world, &draft);
    assert_eq!((found.cases, found.same, found.running, found.unknown), (3, 1, 2, 0));
    let two = |reason: &str| (reason.to_owned(), 2);
    assert_eq!(found.reasons, [two("step_added"), two("step_time")].into());
    let steps = [
        ("appraise".to_owned(), [two("step_time")].into()),
        ("kiem_tra_thuc_dia".to_owned(), [two("step_added")].into()),
    ];
    let steps = steps.into();
    assert_eq!(found.steps, steps);
    let mut named = found.named["step_added"].clone();
    named.sort();
    let mut both = [first, second].map(|id| id.parse::<Uuid>().unwrap());
    both.sort();
    assert_eq!(named, both);
    assert_eq!(found.measured.steps["appraise"].count, 2);
    assert_eq!(found.measured.steps["stamp"].outcomes, [("done".to_owned(), 1)].into());
    assert_eq!(found.per_day, Some(3.0));
    for words in [
        "1 trên 3 hồ sơ đi đúng như cũ",
        "Gồm 2 hồ sơ đang chạy và 1 hồ sơ đã xong theo phiên bản 1",
        "Chờ ở một bước chỉ bản nháp có</th>",
        "Kiểm tra thực địa</th>",
        "Quản trị hệ thống không xem hồ sơ",
    ] {
        assert!(shown.body.contains(words), "{words}: {}", shown.body);
    }
    assert!(page(&mut admin, &draft).await.body.contains("1 trên 3 hồ sơ đi đúng như cũ"));
    page(&mut admin, &format!("{draft}/thu?lang=en")).await;
}

#[tokio::test]
async fn a_step_left_out_another_fee_and_another_limit_are_told() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    ended(&world, &mut desk).await;
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    edited(&mut admin, &draft, "remove", &[("buoc", "stamp"), ("x-sure", "1")]).await;
    replayed(&world, &mut admin, &draft, &[("le-phi", "500.000"), ("thoi-han", "7,5")]).await;
    let found = replay_of(&world, &draft);
    let reasons: Vec<&str> = found.reasons.keys().map(String::as_str).collect();
    assert_eq!(reasons, ["due", "fee", "step_removed"], "{found:?}");
    assert_eq!((found.cases, found.same, found.running), (1, 0, 0));
    assert!(found.steps["stamp"].contains_key("step_removed"));
    for (field, value, words) in [
        ("le-phi", "nhiều", "Nhập một số nguyên từ 0 đến 1.000.000.000"),
        ("thoi-han", "0", "Nhập một số từ 0,25 đến 1.000"),
        ("thoi-han", "1,3", "lẻ đến một phần tư"),
    ] {
        let to = format!("{draft}/thu");
        let refused = send(&mut admin, &to, &[("lam", "replay"), (field, value)]).await;
        assert_eq!(refused.status, 422, "{field}");
        let body = whole(&refused);
        assert!(body.contains(&format!("id=\"{field}-err\"")) && body.contains(words), "{body}");
        assert!(body.contains(&format!("value=\"{value}\"")), "what was typed stays");
    }
    assert_eq!(send(&mut admin, &format!("{draft}/thu"), &[("lam", "x")]).await.status, 400);
}

/// Everybody as usual, and the administrator is a case officer of one unit besides.
fn staff(unit: &str) -> Staff {
    let always = Validity { from: Date::from_ymd_opt(2018, 1, 1).unwrap(), to: None };
    let extra = [("tri", "", Role::CaseOfficer, unit)];
    let all = || OFFICERS.iter().chain(&extra);
    let post = |(login, _, role, unit): &(&str, &str, Role, &str)| Post {
        id: format!("{unit}/{login}"),
        unit: (*unit).into(),
        role: *role,
        title: role.as_str().into(),
        title_en: role.as_str().into(),
    };
    let holding = |(login, _, _, unit): &(&str, &str, Role, &str)| Holding {
        post: format!("{unit}/{login}"),
        account: account_of(login),
        valid: always,
    };
    let (posts, holdings) = (all().map(post).collect(), all().map(holding).collect());
    Staff::build(posts, holdings, Vec::new()).unwrap()
}

#[tokio::test]
async fn codes_of_cases_are_for_those_who_may_see_them_and_the_look_is_recorded() {
    for (unit, theirs) in
        [(crate::testing::DISTRICT, true), (crate::testing::COMMUNE, false), ("", false)]
    {
        let catalogue = match unit {
            "" => catalogue(),
            unit => catalogue().with_staff(staff(unit)),
        };
        let world = world_with(catalogue);
        let mut desk = signed_in(&world, "han").await;
        let case = appraised(&world, &mut desk).await;
        let code = crate::desk::tests::case(&world, &case).name().to_owned();
        let mut admin = signed_in(&world, "tri").await;
        let draft = with_field_step(&mut admin).await;
        let shown = replayed(&world, &mut admin, &draft, &[]).await;
        assert!(!shown.body.contains(&code), "codes are shown when they are asked for only");
        assert_eq!(shown.body.contains("ly-do=step_added"), !unit.is_empty(), "{unit}");
        let listed = page(&mut admin, &format!("{draft}/thu?ly-do=step_added")).await;
        assert_eq!(listed.body.contains(&code), theirs, "{unit}");
        assert_eq!(listed.body.contains("1 hồ sơ khác được nêu"), !theirs && !unit.is_empty());
        let actor = account_of("tri");
        let records = world
            .app
            .0
            .store
            .read_blocking(|r| store::audit::by_actor(r, actor.as_str(), None, 100))
            .unwrap();
        let looks: Vec<_> = records
            .iter()
            .filter(|r| r.access.filter.as_deref() == Some("process-trial step_added"))
            .collect();
        assert_eq!(looks.len(), usize::from(!unit.is_empty()));
        let seen: Vec<Uuid> = looks.iter().flat_map(|r| r.access.ids.clone()).collect();
        let expected: Vec<Uuid> = theirs.then(|| case.parse().unwrap()).into_iter().collect();
        assert_eq!(seen, expected);
        let begun = records.iter().filter(|r| r.access.act == "process_trial").count();
        assert_eq!(begun, 1, "who asked for the trial is recorded");
    }
}

#[tokio::test]
async fn a_result_says_which_revision_it_is_of_and_goes_with_its_draft() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    let shown = replayed(&world, &mut admin, &draft, &[]).await;
    assert!(shown.body.contains("Chưa có hồ sơ nào chạy theo phiên bản gốc"));
    assert!(!shown.body.contains("Kết quả này của bản lưu"));
    edited(&mut admin, &draft, "rename", &[("buoc", "sign"), ("r-name", "Ký")]).await;
    let told = "Kết quả này của bản lưu 1; bản nháp nay là bản lưu 2";
    for to in [draft.clone(), format!("{draft}/thu")] {
        assert!(page(&mut admin, &to).await.body.contains(told), "{to}");
    }
    let shown = replayed(&world, &mut admin, &draft, &[]).await;
    assert!(!shown.body.contains("Kết quả này của bản lưu"), "it was run again");

    // One that is under way when the draft is thrown away keeps nothing.
    let ticket = world.app.0.trials.begin(id(&draft), Kind::Replay, (2, "a")).unwrap();
    edited(&mut admin, &draft, "discard", &[("z-sure", "1")]).await;
    assert!(ticket.run.is_ended());
    let found = Told::Broken { detail: String::new(), entries: Vec::new() };
    let actor = kernel::access::Actor::system("test");
    super::keep(&world.app, &actor, id(&draft), &ticket, Some(found)).await;
    assert!(trials(&world, &draft).is_empty());
    assert_eq!(admin.get(&format!("{draft}/thu")).await.status, 404);
}

#[tokio::test]
async fn one_trial_of_a_draft_at_a_time_with_its_progress_and_a_way_to_end_it() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    let to = format!("{draft}/thu");
    let ticket = world.app.0.trials.begin(id(&draft), Kind::Simulation, (1, "a")).unwrap();
    let looking = page(&mut admin, &to).await;
    assert!(looking.body.contains("Đang chuẩn bị"), "{}", looking.body);
    ticket.run.tell(250, 1_000);
    let shown = page(&mut admin, &format!("{to}?theo=1")).await;
    for words in [
        "<meta http-equiv=\"refresh\" content=\"3\">",
        "Xong 250 trên 1.000 hồ sơ",
        "<progress max=\"100\" value=\"25\"",
        "Xem tiến độ mới",
    ] {
        assert!(shown.body.contains(words), "{words}: {}", shown.body);
    }
    assert!(!shown.body.contains("name=\"le-phi\""), "nothing to type that a reload would lose");
    let quiet = page(&mut admin, &to).await;
    assert!(!quiet.body.contains("http-equiv") && quiet.body.contains("Tự tải lại"));
    let form = page(&mut admin, &format!("{to}/kich-ban")).await;
    assert!(!form.body.contains("http-equiv"), "a form is never reloaded");
    let twice = send(&mut admin, &to, &[("lam", "replay")]).await;
    assert_eq!((twice.status.as_u16(), twice.location()), (303, to.as_str()));
    assert!(trials(&world, &draft).is_empty(), "the second was not begun");
    let ended = send(&mut admin, &to, &[("lam", "end")]).await;
    assert_eq!(ended.status, 303);
    assert!(ticket.run.is_ended() && page(&mut admin, &to).await.body.contains("Đang dừng"));
    drop(ticket);

    let others: Vec<_> = (0..crate::trials::TRIALS_AT_ONCE as u128)
        .map(|n| world.app.0.trials.begin(Uuid::from_u128(n), Kind::Replay, (1, "a")).unwrap())
        .collect();
    let full = send(&mut admin, &to, &[("lam", "replay")]).await;
    assert_eq!(full.status, 429, "{}", full.body);
    assert!(whole(&full).contains("Đang có nhiều lần thử"));
    let scenario = simulated(&mut admin, &draft, &[]).await;
    assert_eq!(scenario.status, 429);
    assert!(whole(&scenario).contains("Đang có nhiều lần thử"));
    drop(others);
    let mut officer = signed_in(&world, "bao").await;
    for to in [to.clone(), format!("{to}/kich-ban")] {
        assert_eq!(officer.get(&to).await.status, 403, "{to}");
        let with_form = officer.get("/noi-lam-viec/mat-khau").await;
        let parts = [Part::Text("lam", "replay"), Part::Text("rev", "1")];
        assert_eq!(officer.post(&with_form, &to, &parts).await.status, 403, "{to}");
    }
}

/// What the page of a form shows in its fields.
fn shown_fields(body: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for input in body.split("<input class=\"mc-in").skip(1) {
        let value = |name: &str| {
            let rest = input.split(&format!(" {name}=\"")).nth(1)?;
            Some(rest.split('"').next()?.to_owned())
        };
        if let (Some(name), Some(value)) = (value("name"), value("value")) {
            fields.push((name, value));
        }
    }
    for select in body.split("<select").skip(1) {
        let name = select.split(" name=\"").nth(1).unwrap().split('"').next().unwrap();
        let chosen =
            select.split("</select>").next().unwrap().split("\" selected>").next().unwrap();
        fields.push((name.to_owned(), chosen.rsplit('"').next().unwrap().to_owned()));
    }
    fields.retain(|(name, _)| name != "q");
    fields
}

/// Sends the form of a simulation as it is shown, with changes.
async fn simulated(admin: &mut Browser, draft: &str, change: &[(&str, &str)]) -> Answer {
    let to = format!("{draft}/thu/kich-ban");
    let shown = page(admin, &to).await;
    let rev = shown.hidden("rev");
    let mut fields = shown_fields(&shown.body);
    fields.push(("rev".to_owned(), rev));
    for (name, value) in change {
        let field = fields.iter_mut().find(|(known, _)| known == name);
        field.unwrap_or_else(|| panic!("no {name}")).1 = (*value).to_owned();
    }
    let parts: Vec<Part<'_>> = fields.iter().map(|(n, v)| Part::Text(n, v)).collect();
    admin.post(&shown, &to, &parts).await
}

#[tokio::test]
async fn a_simulation_has_the_numbers_of_the_engine_as_chart_and_table() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    let shown = page(&mut admin, &format!("{draft}/thu/kich-ban")).await;
    for words in ["Chưa đo: 30 phút", "Trưởng phòng", "Bước: Thẩm định hồ sơ", "value=\"12\""]
    {
        assert!(shown.body.contains(words), "{words}: {}", shown.body);
    }
    let change = [
        ("so-ho-so", "20.000"),
        ("moi-ngay", "40"),
        ("hat-giong", "7"),
        ("m-appraise", "35,5"),
        ("s-unit_leader", "6"),
        ("s-case_officer", "4"),
        ("s-leader", "3"),
        ("s-clerk", "3"),
        ("o-appraise-send_back", "5"),
    ];
    let begun = simulated(&mut admin, &draft, &change).await;
    assert_eq!(begun.status, 303, "{}", begun.body);
    let shown = waited(&world, &mut admin, &draft).await;
    let all = trials(&world, &draft);
    let Some(Told::Simulation(found)) = all.first().map(|kept| &kept.told) else {
        panic!("{}", shown.body)
    };
    assert_eq!((found.report.cases, found.report.seed), (20_000, 7));
    let name = "appraisal.bpmn";
    let model = process::read(file(&world, &draft).1.as_bytes(), name).unwrap();
    let definition = process::compile(&model).unwrap();
    let catalogue = world.app.catalogue();
    let calendar = catalogue.calendar_of(&UnitId("kg".to_owned()));
    let mut report = simulate(&definition, calendar, &found.scenario, 7, &mut |_| {}).unwrap();
    report.process.clone_from(&found.report.process);
    assert_eq!(report, found.report, "the same numbers as the engine gives");
    // Forty cases on a day of eight hours.
    let hours = read::day_hours(calendar, world.app.today());
    assert_eq!(hours, 8.0);
    assert_eq!(report.desks.len(), 4);
    let svg = shown.body.split("<svg viewBox=\"0 0 640").nth(1).unwrap();
    let svg = svg.split("</svg>").next().unwrap();
    assert_eq!(svg.matches("<rect").count(), 2 * (1 + 4), "now, and one more at each desk: {svg}");
    assert!(svg.contains("Số cán bộ như kịch bản") && svg.contains("Thêm một: Chuyên viên"));
    let body = &shown.body;
    assert_eq!(body.matches("<figure class=\"mc-fig\"").count(), 3);
    for desk in &report.desks {
        let busy = super::number::percent(kit::T::new(kit::Lang::Vi), desk.utilisation);
        assert!(body.contains(&format!(">{busy}</td>")), "{busy} of {} in the table", desk.desk);
        assert!(body.contains(&format!(">{busy}</text>")), "and in the chart");
    }
    let again = page(&mut admin, &format!("{draft}/thu/kich-ban")).await;
    let fields = shown_fields(&again.body);
    for (name, value) in change {
        let kept = fields.iter().find(|(known, _)| known == name).map(|(_, v)| v.as_str());
        assert_eq!(kept, Some(value), "the next form begins with the last: {name}");
    }
    page(&mut admin, &format!("{draft}/thu?lang=en")).await;
    page(&mut admin, &format!("{draft}/thu/kich-ban?lang=en")).await;
}

#[tokio::test]
async fn bounds_are_told_at_their_field_and_what_cannot_be_simulated_by_name() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    for (field, value, words) in [
        ("so-ho-so", "1.000.001", "Nhập một số nguyên từ 1 đến 1.000.000"),
        ("moi-ngay", "không", "Nhập một số từ 0,01 đến 100.000"),
        ("s-leader", "0", "Nhập một số nguyên từ 1 đến 1.000"),
        ("m-sign", "-3", "Nhập một số từ 0 đến 100.000"),
        ("han", "0,3", "lẻ đến một phần tư"),
    ] {
        let refused = simulated(&mut admin, &draft, &[(field, value)]).await;
        assert_eq!(refused.status, 422, "{field}");
        let body = whole(&refused);
        assert!(body.contains(&format!("href=\"#{field}\"")), "{field}");
        assert!(body.contains(&format!("id=\"{field}-err\"")) && body.contains(words), "{field}");
        assert!(body.contains(&format!("value=\"{value}\"")), "{field} keeps {value}");
    }
    assert!(trials(&world, &draft).is_empty());
    // Somebody else changed the steps in the meantime.
    let to = format!("{draft}/thu/kich-ban");
    let open = page(&mut admin, &to).await;
    edited(&mut admin, &draft, "rename", &[("buoc", "sign"), ("r-name", "Ký")]).await;
    let late = admin.post(&open, &to, &[Part::Text("rev", "1")]).await;
    assert_eq!(late.status, 409);
    assert!(whole(&late).contains("Bản nháp vừa được sửa"));
}

#[tokio::test]
async fn a_draft_with_errors_says_which_to_mend_first() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    edited(&mut admin, &draft, "next", &[("buoc", "assign"), ("n-to-1", "sign")]).await;
    let to = format!("{draft}/thu");
    let shown = page(&mut admin, &to).await;
    assert!(shown.body.contains("Bản nháp còn lỗi nên chưa thử được"), "{}", shown.body);
    assert!(shown.body.contains("#kiem-tra") && !shown.body.contains("value=\"replay\""));
    let form = admin.get(&format!("{to}/kich-ban")).await;
    assert_eq!((form.status.as_u16(), form.location()), (303, to.as_str()));
    let tokens = admin.get(&draft).await;
    let refused = admin.post(&tokens, &to, &[Part::Text("lam", "replay")]).await;
    assert_eq!(refused.status, 422);
    assert!(trials(&world, &draft).is_empty());
}

#[tokio::test]
async fn a_new_process_has_no_past_but_can_be_simulated() {
    let world = world();
    let mut admin = signed_in(&world, "tri").await;
    let start = page(&mut admin, "/noi-lam-viec/quy-trinh/moi").await;
    let form = [Part::Text("tu", "trang"), Part::Text("ten", "Xin ý kiến"), Part::Text("ma", "")];
    let begun = admin.post(&start, "/noi-lam-viec/quy-trinh/moi", &form).await;
    let draft = begun.location().to_owned();
    let shown = page(&mut admin, &format!("{draft}/thu")).await;
    assert!(shown.body.contains("chưa có hồ sơ cũ để chạy lại"), "{}", shown.body);
    let tokens = admin.get(&draft).await;
    let to = format!("{draft}/thu");
    let refused = admin.post(&tokens, &to, &[Part::Text("lam", "replay")]).await;
    assert!([400, 422].contains(&refused.status.as_u16()));
}

#[tokio::test]
async fn measured_times_fill_the_form() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let case = received(&world, &mut desk).await;
    assert_eq!(act(&mut desk, &case, "forward", &[]).await.status, 303);
    // An hour and a half later, the same morning.
    let later = world.app.now().0 + 90 * 60_000;
    world.clock.set(Instant(later).0);
    let officer = account_of("bao");
    let mut head = signed_in(&world, "phong").await;
    let form = [("outcome", "done"), ("officer", officer.as_str())];
    complete(&world, &mut head, &case, &form).await;
    let mut admin = signed_in(&world, "tri").await;
    let draft = begun(&mut admin).await;
    replayed(&world, &mut admin, &draft, &[]).await;
    let shown = page(&mut admin, &format!("{draft}/thu/kich-ban")).await;
    assert!(shown.body.contains("Đo được 1 lần: trung bình 90 phút làm việc"), "{}", shown.body);
    let fields = shown_fields(&shown.body);
    let of = |name: &str| fields.iter().find(|(known, _)| known == name).unwrap().1.clone();
    assert_eq!((of("m-assign"), of("d-assign")), ("90".to_owned(), "none".to_owned()));
    assert_eq!((of("m-appraise"), of("d-appraise")), ("30".to_owned(), "some".to_owned()));
    assert_eq!((of("moi-ngay"), of("o-appraise-done")), ("1".to_owned(), "100".to_owned()));
}
