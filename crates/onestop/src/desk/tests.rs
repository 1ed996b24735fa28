//! The officers' side through its router: sign-in, counter, a whole appraisal, two people on one
//! case,
//! repeats, foreign officers, the outbox, and every route without a session.

use super::{ROUTES, routes};
use crate::testing::{
    Answer, BIRTH, Browser, COMMUNE, COMMUNE_DESK, LAND, OFFICERS, PASSWORD, Part, World,
    account_of, catalogue, pdf, world, world_with,
};
use kernel::calendar::Date;
use kernel::case::{Business, Case, Command, Source, SyncState, SyncTarget};
use kernel::org::{Holding, Post, Role, Staff, Validity};
use store::cases;

/// A browser in front of the officers' side.
fn browser(world: &World) -> Browser {
    Browser::new(world, routes(world.app.clone()))
}

pub(crate) async fn signed_in(world: &World, login: &str) -> Browser {
    let mut browser = browser(world);
    let page = browser.get("/dang-nhap").await;
    let parts = [Part::Text("name", login), Part::Text("password", PASSWORD)];
    let answer = browser.post(&page, "/dang-nhap", &parts).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(answer.location(), "/noi-lam-viec");
    browser
}

/// What a page says, without its tags.
pub(crate) fn words(answer: &Answer) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in answer.body.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    assert!(!text.contains('⟦'), "a text is missing: {text}");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// All papers of the land procedure, ticked.
const LAND_FORM: [(&str, &str); 8] = [
    ("tt", LAND),
    ("kind", "person"),
    ("name", "Nguyễn Thị Kim Loan"),
    ("number", "091 192 003 418"),
    ("phone", "0912345486"),
    ("address", "phường Vĩnh Lạc"),
    ("delivery", "counter"),
    ("pay", "cash"),
];

fn parts<'a>(form: &[(&'a str, &'a str)]) -> Vec<Part<'a>> {
    form.iter().map(|(name, value)| Part::Text(name, value)).collect()
}

/// Receives a land case at the district's desk and gives its id.
pub(crate) async fn received(world: &World, desk: &mut Browser) -> String {
    received_with(world, desk, &LAND_FORM).await
}

/// The same; the fee is paid later.
pub(crate) async fn received_unpaid(world: &World, desk: &mut Browser) -> String {
    let form: Vec<_> = LAND_FORM.into_iter().filter(|(name, _)| *name != "pay").collect();
    received_with(world, desk, &form).await
}

async fn received_with(world: &World, desk: &mut Browser, form: &[(&str, &str)]) -> String {
    let page = desk.get(&format!("/noi-lam-viec/quay?tt={LAND}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let mut form = parts(form);
    let edition = world.app.catalogue();
    let edition = edition.in_force(&LAND.into(), world.app.today()).unwrap();
    let numbers: Vec<String> = edition.papers.iter().map(|p| p.no.to_string()).collect();
    form.extend(numbers.iter().map(|no| Part::Text("papers", no)));
    let scan = pdf();
    form.push(Part::File("file_1", "đơn tách thửa.pdf", &scan));
    let answer = desk.post(&page, "/noi-lam-viec/quay", &form).await;
    assert_eq!(answer.status, 303, "{}", words(&answer));
    answer.location().rsplit('/').next().unwrap().to_owned()
}

pub(crate) fn case(world: &World, id: &str) -> Case {
    let id = id.parse().unwrap();
    let read = world.app.0.store.read_blocking(|reader| cases::by_id(reader, id));
    read.unwrap().unwrap().case
}

/// Opens an act's page and sends its form; gives the answer.
pub(crate) async fn act(
    browser: &mut Browser,
    id: &str,
    action: &str,
    form: &[(&str, &str)],
) -> Answer {
    let to = format!("/noi-lam-viec/ho-so/{id}/lam/{action}");
    let page = browser.get(&to).await;
    assert_eq!(page.status, 200, "{to}: {}", words(&page));
    words(&page);
    let seen = page.hidden("seen");
    let mut all = vec![Part::Text("seen", &seen)];
    all.extend(parts(form));
    browser.post(&page, &to, &all).await
}

/// The token at which the case waits.
pub(crate) fn token(world: &World, id: &str) -> u32 {
    let case = case(world, id);
    let catalogue = world.app.catalogue();
    let definition = catalogue.definition_of(&case, case.since.date()).unwrap();
    process::open_tasks(definition, &case.process).next().unwrap().0
}

pub(crate) async fn complete(
    world: &World,
    browser: &mut Browser,
    id: &str,
    form: &[(&str, &str)],
) {
    let action = format!("complete?token={}", token(world, id));
    let answer = act(browser, id, &action, form).await;
    assert_eq!(answer.status, 303, "{action}: {}", words(&answer));
}

#[tokio::test]
async fn wrong_name_and_wrong_password_get_the_same_answer() {
    let world = world();
    let mut browser = browser(&world);
    let mut answers = Vec::new();
    for (name, password) in [("han", "sai mat khau"), ("khong-co", "sai mat khau")] {
        let page = browser.get("/dang-nhap").await;
        assert!(words(&page).contains("Lê Ngọc Hân"), "the demo lists its accounts");
        let form = [Part::Text("name", name), Part::Text("password", password)];
        let answer = browser.post(&page, "/dang-nhap", &form).await;
        assert_eq!(answer.status, 422);
        answers.push(words(&answer));
    }
    assert_eq!(answers[0], answers[1]);
    signed_in(&world, "han").await;
}

#[tokio::test]
async fn an_account_rests_after_wrong_passwords_and_names_rest_alike() {
    let world = world();
    let mut browser = browser(&world);
    for _ in 0..store::bounds::SIGN_IN_FAILURES_MAX {
        let page = browser.get("/dang-nhap").await;
        let form = [Part::Text("name", "han"), Part::Text("password", "sai mat khau")];
        assert_eq!(browser.post(&page, "/dang-nhap", &form).await.status, 422);
    }
    let page = browser.get("/dang-nhap").await;
    let form = [Part::Text("name", "han"), Part::Text("password", PASSWORD)];
    let answer = browser.post(&page, "/dang-nhap", &form).await;
    assert_eq!(answer.status, 422, "the right password does not help while the account rests");
    world.clock.set(crate::testing::NOW.ms() + store::bounds::SIGN_IN_REST_MS + 1);
    signed_in(&world, "han").await;
}

#[tokio::test]
async fn the_counter_receives_and_a_repeat_changes_nothing() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let choose = desk.get("/noi-lam-viec/quay?q=tach+thua").await;
    assert_eq!(choose.status, 200);
    let page = desk.get(&format!("/noi-lam-viec/quay?tt={LAND}")).await;
    words(&page);
    let mut form = parts(&LAND_FORM);
    let none = desk.post(&page, "/noi-lam-viec/quay", &form).await;
    assert_eq!(none.status, 422, "a required paper is missing");
    assert!(none.body.contains("Nguyễn Thị Kim Loan"), "entries are kept");

    let edition = world.app.catalogue();
    let edition = edition.in_force(&LAND.into(), world.app.today()).unwrap();
    let numbers: Vec<String> = edition.papers.iter().map(|p| p.no.to_string()).collect();
    form.extend(numbers.iter().map(|no| Part::Text("papers", no)));
    let first = desk.post(&page, "/noi-lam-viec/quay", &form).await;
    assert_eq!(first.status, 303, "{}", words(&first));
    let again = desk.post(&page, "/noi-lam-viec/quay", &form).await;
    assert_eq!(again.location(), first.location(), "one form, one case");

    let done = desk.get(first.location()).await;
    let id = first.location().rsplit('/').next().unwrap();
    let case = case(&world, id);
    assert_eq!(case.business, Business::Accepted);
    assert_eq!(case.paid_vnd, case.fee_vnd);
    let said = words(&done);
    assert!(said.contains(case.code.as_deref().unwrap()), "{said}");
    assert!(said.contains("Mã bí mật"), "{said}");
    let slip = desk.get(&format!("/noi-lam-viec/ho-so/{id}/mau-01.pdf")).await;
    assert_eq!(slip.status, 200);
    assert!(slip.bytes.starts_with(b"%PDF"));
    let stub = desk.get(&format!("/noi-lam-viec/ho-so/{id}/ma-bi-mat.pdf")).await;
    assert!(stub.bytes.starts_with(b"%PDF"));

    let page = desk.get(&format!("/noi-lam-viec/quay?tt={LAND}")).await;
    let known = [("tt", LAND), ("lam", "tim"), ("number", "091192003418")];
    let known = desk.post(&page, "/noi-lam-viec/quay", &parts(&known)).await;
    assert!(words(&known).contains("Đã từng nộp hồ sơ"), "{}", words(&known));
    assert!(known.body.contains("Nguyễn Thị Kim Loan"));
}

#[tokio::test]
async fn wrong_entries_at_the_counter_are_named() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let page = desk.get(&format!("/noi-lam-viec/quay?tt={LAND}")).await;
    let form = [
        Part::Text("tt", LAND),
        Part::Text("name", ""),
        Part::Text("number", "12"),
        Part::Text("papers", "1"),
        Part::Text("paper_1", "x"),
        Part::Text("late", "1"),
        Part::File("file_1", "virus.pdf", b"MZ not a pdf"),
    ];
    let answer = desk.post(&page, "/noi-lam-viec/quay", &form).await;
    assert_eq!(answer.status, 422);
    words(&answer);
    for field in ["name", "number", "paper_1", "file_1", "received", "late_reason", "second"] {
        assert!(answer.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", words(&answer));
    }
}

#[tokio::test]
async fn a_late_entry_keeps_its_true_time_and_is_marked() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let page = desk.get(&format!("/noi-lam-viec/quay?tt={LAND}")).await;
    let bao = account_of("bao");
    let mut form = parts(&LAND_FORM);
    let edition = world.app.catalogue();
    let edition = edition.in_force(&LAND.into(), world.app.today()).unwrap();
    let numbers: Vec<String> = edition.papers.iter().map(|p| p.no.to_string()).collect();
    form.extend(numbers.iter().map(|no| Part::Text("papers", no)));
    form.extend(parts(&[
        ("late", "1"),
        ("received-d", "24"),
        ("received-m", "4"),
        ("received-y", "2019"),
        ("received_clock", "14:05"),
        ("late_reason", "Mất điện"),
        ("second", bao.as_str()),
    ]));
    let answer = desk.post(&page, "/noi-lam-viec/quay", &form).await;
    assert_eq!(answer.status, 303, "{}", words(&answer));
    let case = case(&world, answer.location().rsplit('/').next().unwrap());
    assert!(case.late_entry);
    let date = kernel::calendar::Date::from_ymd_opt(2019, 4, 24).unwrap();
    assert_eq!(case.accepted_at, Some(kernel::calendar::Instant::at(date, 14, 5)));
}

#[tokio::test]
async fn what_is_settled_at_once_gets_no_slip() {
    let world = world();
    let mut desk = signed_in(&world, "lan").await;
    let page = desk.get(&format!("/noi-lam-viec/quay?tt={BIRTH}")).await;
    assert_eq!(page.status, 200, "{}", words(&page));
    let edition = world.app.catalogue();
    let edition = edition.in_force(&BIRTH.into(), world.app.today()).unwrap();
    assert!(edition.at_once());
    let numbers: Vec<String> = edition.papers.iter().map(|p| p.no.to_string()).collect();
    let mut form = parts(&[("tt", BIRTH), ("name", "Thạch"), ("born-y", "1950"), ("settle", "1")]);
    form.extend(numbers.iter().map(|no| Part::Text("papers", no)));
    let answer = desk.post(&page, "/noi-lam-viec/quay", &form).await;
    assert_eq!(answer.status, 303, "{}", words(&answer));
    let id = answer.location().rsplit('/').next().unwrap().to_owned();
    let found = case(&world, &id);
    assert_eq!(found.business, Business::ResultReady);
    assert_eq!(found.decided_by.as_str(), COMMUNE);
    let slip = desk.get(&format!("/noi-lam-viec/ho-so/{id}/mau-01.pdf")).await;
    assert_eq!(slip.status, 404);
    let given = act(&mut desk, &id, "deliver", &[("how", "counter"), ("taken_by", "Thạch")]).await;
    assert_eq!(given.status, 303, "{}", words(&given));
    assert_eq!(case(&world, &id).business, Business::Returned);
}

#[tokio::test]
async fn an_appraisal_goes_from_the_desk_to_the_applicant() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    let file = desk.get(&format!("/noi-lam-viec/ho-so/{id}/tep/0")).await;
    assert_eq!((file.status.as_u16(), file.bytes), (200, pdf()));
    assert_eq!(act(&mut desk, &id, "forward", &[]).await.status, 303);

    let mut head = signed_in(&world, "phong").await;
    let list = head.get("/noi-lam-viec").await;
    assert!(words(&list).contains("Nguyễn Thị Kim Loan"), "{}", words(&list));
    let assign = format!("complete?token={}", token(&world, &id));
    let unnamed = act(&mut head, &id, &assign, &[("outcome", "done")]).await;
    assert_eq!(unnamed.status, 422, "an assignment names an officer");
    let bao = account_of("bao");
    complete(&world, &mut head, &id, &[("outcome", "done"), ("officer", bao.as_str())]).await;

    let mut officer = signed_in(&world, "bao").await;
    let list = officer.get("/noi-lam-viec").await;
    assert!(words(&list).contains("Thẩm định hồ sơ"), "{}", words(&list));
    let page = officer.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
    let said = words(&page);
    assert!(said.contains("091*******18") && !said.contains("091192003418"), "{said}");
    let page = officer.get(&format!("/noi-lam-viec/ho-so/{id}?hien=1")).await;
    assert!(words(&page).contains("091192003418"));
    let ask = [("papers", "1"), ("reason", "Thiếu chữ ký"), ("answer_days", "15")];
    assert_eq!(act(&mut officer, &id, "ask-supplement", &ask).await.status, 303);
    assert_eq!(case(&world, &id).business, Business::Supplement);
    assert_eq!(act(&mut desk, &id, "give-supplement", &[("paper_1", "1")]).await.status, 303);
    assert_eq!(act(&mut desk, &id, "accept-supplement", &[]).await.status, 303);
    let note = [("note", "Hồ sơ rõ ràng")];
    assert_eq!(act(&mut officer, &id, "note", &note).await.status, 303);
    complete(&world, &mut officer, &id, &[("outcome", "done"), ("note", "Đủ điều kiện")]).await;

    complete(&world, &mut head, &id, &[("outcome", "approve")]).await;
    let mut leader = signed_in(&world, "minh").await;
    let queue = leader.get("/noi-lam-viec/duyet").await;
    assert!(words(&queue).contains("Đủ điều kiện"), "{}", words(&queue));
    let back = format!("return?token={}", token(&world, &id));
    let empty = act(&mut leader, &id, &back, &[("to", "review")]).await;
    assert_eq!(empty.status, 422, "sending back needs a reason");
    let why = [("to", "review"), ("reason", "Xem lại mục 2"), ("ground", "Quy chế, Điều 9")];
    assert_eq!(act(&mut leader, &id, &back, &why).await.status, 303);
    complete(&world, &mut head, &id, &[("outcome", "approve")]).await;
    complete(&world, &mut leader, &id, &[("outcome", "approve"), ("tiep", "duyet")]).await;

    let mut clerk = signed_in(&world, "thu").await;
    complete(&world, &mut clerk, &id, &[("outcome", "done"), ("number", "12/QĐ-UBND")]).await;
    let ready = desk.get("/noi-lam-viec/tra-ket-qua").await;
    assert!(words(&ready).contains("Nguyễn Thị Kim Loan"), "{}", words(&ready));
    let give = [("how", "counter"), ("taken_by", "Nguyễn Thị Kim Loan"), ("taken_paper", "091")];
    assert_eq!(act(&mut desk, &id, "deliver", &give).await.status, 303);
    assert_eq!(case(&world, &id).business, Business::Returned);
    let page = desk.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
    let said = words(&page);
    for told in ["Xem lại mục 2", "Đủ điều kiện", "12/QĐ-UBND", "Trả kết quả", "Trần Quốc Bảo"]
    {
        assert!(said.contains(told), "{told}: {said}");
    }
    let english = desk.get(&format!("/noi-lam-viec/ho-so/{id}?lang=en")).await;
    words(&english);
}

#[tokio::test]
async fn the_second_of_two_people_sees_what_changed() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    let to = format!("/noi-lam-viec/ho-so/{id}/lam/forward");
    let (one, two) = (desk.get(&to).await, desk.get(&to).await);
    let seen = one.hidden("seen");
    let form = [Part::Text("seen", seen.as_str())];
    assert_eq!(desk.post(&one, &to, &form).await.status, 303);
    let repeat = desk.post(&one, &to, &form).await;
    assert_eq!(repeat.status, 303, "the same form again gets the same answer");
    let seq = case(&world, &id).seq;
    let late = desk.post(&two, &to, &form).await;
    assert_eq!(late.status, 409);
    assert!(words(&late).contains("Chuyển xử lý") && words(&late).contains("Lê Ngọc Hân"));
    assert_eq!(case(&world, &id).seq, seq, "nothing was lost or done twice");
}

#[tokio::test]
async fn what_only_told_the_portal_is_no_conflict() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    let to = format!("/noi-lam-viec/ho-so/{id}/lam/forward");
    let page = desk.get(&to).await;
    let seen = page.hidden("seen");
    let before = case(&world, &id).seq;
    let told: kernel::ids::CaseId = id.parse().unwrap();
    let worker = kernel::access::Actor::system("worker");
    let (target, state) = (SyncTarget::NationalPortal, SyncState::Acked);
    let sync = Command::Sync { target, state };
    let deed = world.app.act(&worker, move |tx, env| cases::act(tx, env, told, None, &sync));
    deed.await.unwrap();
    assert_eq!(case(&world, &id).seq, before + 1, "the portal's answer came in between");
    let form = [Part::Text("seen", seen.as_str())];
    assert_eq!(desk.post(&page, &to, &form).await.status, 303);
}

#[tokio::test]
async fn an_acceptance_is_undone_through_its_own_page() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    let to = format!("/noi-lam-viec/ho-so/{id}/lam/void-acceptance");
    let case_page = desk.get(&format!("/noi-lam-viec/quay/xong/{id}")).await;
    let undo = desk.post(&case_page, &to, &[]).await;
    assert_eq!(undo.status, 200, "the undo of a message leads to the page of the act");
    assert_eq!(act(&mut desk, &id, "void-acceptance", &[]).await.status, 422);
    let why = [("reason", "Nhập nhầm người")];
    assert_eq!(act(&mut desk, &id, "void-acceptance", &why).await.status, 303);
    assert_eq!(case(&world, &id).business, Business::Voided);
}

#[tokio::test]
async fn lists_searches_and_looks_are_recorded() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    let found = desk.get("/noi-lam-viec/tim?q=kim+loan").await;
    assert!(words(&found).contains("Nguyễn Thị Kim Loan"));
    let empty = desk.get("/noi-lam-viec/tim?q=khong+co+ai").await;
    assert!(words(&empty).contains("Không thấy hồ sơ nào"));
    desk.get(&format!("/noi-lam-viec/ho-so/{id}?hien=1")).await;
    let read = world.app.0.store.read_blocking(|reader| store::audit::after(reader, 0)).unwrap();
    let acts: Vec<&str> = read.iter().map(|r| r.access.act.as_str()).collect();
    assert!(acts.contains(&"search") && acts.contains(&"unmask"), "{acts:?}");
    let text = format!("{read:?}").to_lowercase();
    assert!(!text.contains("kim") && !text.contains("loan"), "no searched words in records");

    let mut auditor = signed_in(&world, "giam").await;
    let page = auditor.get("/noi-lam-viec/nhat-ky-truy-cap?nguoi=han").await;
    assert!(words(&page).contains("Xem đủ số"), "{}", words(&page));
    assert_eq!(desk.get("/noi-lam-viec/nhat-ky-truy-cap").await.status, 403);
}

#[tokio::test]
async fn the_outbox_shows_what_waits_and_sends_again() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    received(&world, &mut desk).await;
    assert_eq!(desk.get("/noi-lam-viec/hop-thu-di").await.status, 403);
    let mut admin = signed_in(&world, "tri").await;
    let page = admin.get("/noi-lam-viec/hop-thu-di").await;
    let said = words(&page);
    assert!(said.contains("Báo người nộp") || said.contains("Báo Cổng quốc gia"), "{said}");
    let kill = |tx: &mut store::Tx<'_>| -> Result<uuid::Uuid, store::StoreError> {
        let jobs = store::outbox::claim(tx, 1, 50, crate::testing::NOW.ms())?;
        let id = jobs.first().unwrap().id;
        store::outbox::mark_failed(tx, id, "máy kia không trả lời", crate::testing::NOW.ms())?;
        Ok(id)
    };
    let id = world.app.0.store.act_blocking(kill).unwrap().to_string();
    let page = admin.get("/noi-lam-viec/hop-thu-di?trang-thai=failed").await;
    assert!(words(&page).contains("máy kia không trả lời"), "{}", words(&page));
    let form = [Part::Text("viec", id.as_str()), Part::Text("trang-thai", "failed")];
    let again = admin.post(&page, "/noi-lam-viec/hop-thu-di", &form).await;
    assert_eq!(again.status, 303);
    let page = admin.get("/noi-lam-viec/hop-thu-di?trang-thai=failed").await;
    assert!(words(&page).contains("Không có việc nào"), "{}", words(&page));
}

#[tokio::test]
async fn every_route_asks_for_a_session_and_hides_foreign_cases() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    let mut stranger = browser(&world);
    let mut foreign = signed_in(&world, "lan").await;
    for route in ROUTES {
        let address = route.replace("{id}", &id).replace("{n}", "0").replace("{action}", "forward");
        let address = address.replace("{seq}", "1");
        let answer = stranger.get(&address).await;
        assert_eq!(answer.status, 303, "{route} without a session");
        assert_eq!(answer.location(), "/dang-nhap", "{route} without a session");
        let page = stranger.get("/dang-nhap").await;
        let sent = stranger.post(&page, &address, &[Part::Text("seen", "2")]).await;
        assert!(sent.status == 403 || sent.status == 405, "{route}: {}", sent.status);
        let theirs = foreign.get(&address).await;
        if route.contains("{id}") {
            assert_eq!(theirs.status, 404, "{route} for an officer of another unit");
        }
        assert!(!theirs.body.contains("Kim Loan"), "{route} shows a foreign case");
    }
    let page = foreign.get("/noi-lam-viec/phien").await;
    let form = [Part::Text("seen", "2")];
    let to = format!("/noi-lam-viec/ho-so/{id}/lam/forward");
    assert_eq!(foreign.post(&page, &to, &form).await.status, 404);
    let unknown = "018f0000-0000-7000-8000-000000000000";
    let none = foreign.get(&format!("/noi-lam-viec/ho-so/{unknown}")).await;
    let theirs = foreign.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
    let theirs = words(&theirs).replace(&id, unknown);
    assert_eq!(words(&none), theirs, "foreign and unknown look the same");
}

/// The world with a post officer of the province (the administrator's account takes the post).
fn world_with_post() -> World {
    staffed(&OFFICERS.map(|(login, _, role, unit)| match login {
        "tri" => (login, Role::PostOfficer, "kg"),
        _ => (login, role, unit),
    }))
}

/// The world with other holders of its posts: sign-in name, role, unit.
fn staffed(seats: &[(&str, Role, &str)]) -> World {
    let always = Validity { from: Date::from_ymd_opt(2018, 1, 1).unwrap(), to: None };
    let post = |(login, role, unit): &(&str, Role, &str)| Post {
        id: format!("{unit}/{login}/{}", role.as_str()),
        unit: (*unit).into(),
        role: *role,
        title: String::new(),
        title_en: String::new(),
    };
    let holding = |(login, role, unit): &(&str, Role, &str)| Holding {
        post: format!("{unit}/{login}/{}", role.as_str()),
        account: account_of(login),
        valid: always,
    };
    let posts = seats.iter().map(post).collect();
    let staff = Staff::build(posts, seats.iter().map(holding).collect(), Vec::new()).unwrap();
    world_with(catalogue().with_staff(staff))
}

#[tokio::test]
async fn a_deputy_who_signs_finds_only_what_is_to_approve() {
    let mut seats: Vec<_> = OFFICERS.map(|(login, _, role, unit)| (login, role, unit)).to_vec();
    seats.push(("phong", Role::Leader, crate::testing::DISTRICT));
    let world = staffed(&seats);
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    assert_eq!(act(&mut desk, &id, "forward", &[]).await.status, 303);
    let mut deputy = signed_in(&world, "phong").await;
    let work = words(&deputy.get("/noi-lam-viec").await);
    assert!(work.contains("Phân công xử lý"), "the worklist has it: {work}");
    let queue = words(&deputy.get("/noi-lam-viec/duyet").await);
    assert!(!queue.contains("Nguyễn Thị Kim Loan"), "an assignment is no approval: {queue}");

    let bao = account_of("bao");
    complete(&world, &mut deputy, &id, &[("outcome", "done"), ("officer", bao.as_str())]).await;
    let mut officer = signed_in(&world, "bao").await;
    complete(&world, &mut officer, &id, &[("outcome", "done"), ("note", "Đủ điều kiện")]).await;
    for step in ["Xem xét, trình ký", "Phê duyệt kết quả"] {
        let queue = words(&deputy.get("/noi-lam-viec/duyet").await);
        assert!(queue.contains("Nguyễn Thị Kim Loan") && queue.contains(step), "{queue}");
        complete(&world, &mut deputy, &id, &[("outcome", "approve")]).await;
    }
}

#[tokio::test]
async fn the_post_files_carries_and_sees_nothing_else() {
    let world = world_with_post();
    let mut desk = signed_in(&world, "lan").await;
    let page = desk.get(&format!("/noi-lam-viec/quay?tt={BIRTH}")).await;
    let person = [("tt", BIRTH), ("name", "Danh Sóc"), ("phone", "0912345486"), ("papers", "1")];
    let mut form = parts(&person);
    form.extend(parts(&[("delivery", "post"), ("settle", "1"), ("address", "ấp Hòa")]));
    let answer = desk.post(&page, "/noi-lam-viec/quay", &form).await;
    assert_eq!(answer.status, 303, "{}", words(&answer));
    let id = answer.location().rsplit('/').next().unwrap().to_owned();

    let mut post = signed_in(&world, "tri").await;
    let list = words(&post.get("/noi-lam-viec/tra-ket-qua").await);
    assert!(list.contains("Danh Sóc") && list.contains("ấp Hòa"), "{list}");
    let whole = post.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
    assert_eq!(whole.status, 303, "the post does not see the whole case");
    let file = post.get(&format!("/noi-lam-viec/ho-so/{id}/mau-01.pdf")).await;
    assert_eq!(file.status, 404);
    let gone = post.get("/noi-lam-viec/tim?q=danh").await;
    assert!(!words(&gone).contains("Danh Sóc"));
    assert_eq!(act(&mut post, &id, "post-collect", &[]).await.status, 303);
    for _ in 0..2 {
        let why = [("reason", "Vắng nhà")];
        assert_eq!(act(&mut post, &id, "post-fail", &why).await.status, 303);
    }
    assert_eq!(act(&mut post, &id, "post-return", &[]).await.status, 303);
    let over = post.get(&format!("/noi-lam-viec/ho-so/{id}/lam/post-collect")).await;
    assert_eq!(over.status, 404, "what it no longer carries is not its to know");

    let which = post.get("/noi-lam-viec/quay").await;
    assert!(words(&which).contains("Chọn bộ phận một cửa"), "{}", words(&which));
    let page = post.get(&format!("/noi-lam-viec/quay?tt={BIRTH}&noi={COMMUNE_DESK}")).await;
    let mut form = parts(&person);
    form.push(Part::Text("noi", COMMUNE_DESK));
    let filed = post.post(&page, "/noi-lam-viec/quay", &form).await;
    assert_eq!(filed.status, 303, "{}", words(&filed));
    let receipt = post.get(filed.location()).await;
    assert!(words(&receipt).contains("Mã bí mật"), "{}", words(&receipt));
    let filed = case(&world, filed.location().rsplit('/').next().unwrap());
    assert_eq!((filed.business, filed.source), (Business::Submitted, Source::Post));
}
