//! Following a case through the router: the gate, its limits, the case, its papers, what the filer
//! may do.

use crate::papers_of;
use crate::portal;
use crate::portal::tests::{file_land, numbers, send, to_check};
use crate::testing::{
    Answer, Browser, LAND, Part, World, account_of, catalogue_without_fee, pdf, world, world_with,
};
use crate::track;
use axum::http::StatusCode;
use kernel::access::Actor;
use kernel::case::{Command, PaperGiven};
use kernel::ids::CaseId;
use store::cases::{CaseError, Env, accept, act, by_tracking, keep};

fn browser(world: &World) -> Browser {
    let app = world.app.clone();
    Browser::new(world, portal::routes(app.clone()).merge(track::routes(app)))
}

async fn enter(browser: &mut Browser, number: &str, pin: &str) -> Answer {
    let gate = browser.get(&format!("/theo-doi?ma={number}")).await;
    browser.post(&gate, "/theo-doi", &[Part::Text("ma", number), Part::Text("pin", pin)]).await
}

fn officer(world: &World, login: &str) -> Actor {
    let account = account_of(login);
    let seats = world.app.catalogue().seats(&account, world.app.today());
    Actor::officer(account, seats)
}

async fn case_id(world: &World, tracking: &str) -> CaseId {
    let tracking = tracking.to_owned();
    let read = move |r: &mut store::Reader<'_>| -> Result<_, CaseError> {
        Ok(by_tracking(r, &tracking)?.ok_or(CaseError::NotFound)?.case.id)
    };
    world.app.read(read).await.unwrap()
}

async fn accepted(world: &World, tracking: &str) -> CaseId {
    let id = case_id(world, tracking).await;
    let desk = officer(world, "han");
    let papers = vec![PaperGiven { no: 1, count: 1, files: Vec::new() }];
    let unit = move |tx: &mut store::Tx<'_>, env: &mut Env<'_>| {
        accept(tx, env, id, None, Some(papers.clone()), None).map(|_| ())
    };
    world.app.act(&desk, unit).await.unwrap();
    id
}

#[tokio::test]
async fn unknown_and_wrong_get_one_answer_and_tries_are_limited() {
    let world = world();
    let mut browser = browser(&world);
    let (receipt, _) = file_land(&mut browser).await;
    let (tracking, pin) = numbers(&receipt);
    let wrong = enter(&mut browser, &tracking, "00000000").await;
    let unknown = enter(&mut browser, "AAAAA-BBBBBB", "00000000").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(unknown.status, wrong.status);
    let told = |answer: &Answer, number: &str| {
        let main = answer.body.split("<main").nth(1).unwrap().replace(number, "");
        let token = |name| answer.hidden(name);
        main.replace(&token("_once"), "").replace(&token("_csrf"), "")
    };
    assert_eq!(told(&wrong, &tracking), told(&unknown, "AAAAA-BBBBBB"));
    assert!(wrong.body.contains("Không mở được hồ sơ"));
    for _ in 0..4 {
        enter(&mut browser, &tracking, "00000000").await;
    }
    let blocked = enter(&mut browser, &tracking, &pin).await;
    assert_eq!(blocked.status, StatusCode::TOO_MANY_REQUESTS, "even the right PIN waits");
    world.clock.set(world.app.now().0 + 3_600_001);
    let right = enter(&mut browser, &tracking.to_lowercase(), &pin).await;
    assert_eq!(right.location(), format!("/theo-doi/{tracking}"));
}

#[tokio::test]
async fn right_sign_ons_are_not_counted_against_an_address() {
    let world = world();
    let mut browser = browser(&world);
    let (receipt, _) = file_land(&mut browser).await;
    let (tracking, pin) = numbers(&receipt);
    for turn in 0..30 {
        let right = enter(&mut browser, &tracking, &pin).await;
        assert_eq!(right.status, StatusCode::SEE_OTHER, "turn {turn}");
    }
    for turn in 0..store::bounds::PIN_TRIES_PER_ADDRESS {
        let wrong = enter(&mut browser, &format!("AAAAA-{turn:06}"), "00000000").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "turn {turn}");
    }
    let stopped = enter(&mut browser, &tracking, &pin).await;
    assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_fee_that_is_not_recorded_is_never_called_free() {
    let world = world_with(catalogue_without_fee());
    let mut browser = browser(&world);
    let words = "Chưa ghi mức; quầy tiếp nhận báo";
    let page = browser.get(&format!("/thu-tuc/{LAND}")).await;
    assert!(page.body.contains(words) && !page.body.contains("Không thu"));
    let (check, base) = to_check(&mut browser).await;
    assert!(check.body.contains(words) && !check.body.contains("Không thu"), "{}", check.body);
    let receipt = send(&mut browser, &check, &base).await;
    let (tracking, pin) = numbers(&receipt);
    let id = accepted(&world, &tracking).await;
    enter(&mut browser, &tracking, &pin).await;
    let case = browser.get(&format!("/theo-doi/{tracking}")).await;
    assert!(case.body.contains(words), "{}", case.body);
    let slip = browser.get(&format!("/theo-doi/{tracking}/giay-hen.pdf")).await;
    assert!(slip.bytes.starts_with(b"%PDF"));
    let read = |r: &mut store::Reader<'_>| store::cases::by_id(r, id.0);
    let case = world.app.0.store.read_blocking(read).unwrap().unwrap().case;
    let edition = world.app.catalogue().edition(&case.procedure, case.edition).unwrap().clone();
    assert_eq!(papers_of::fees(&edition, &case), papers::Fees::Unrecorded);
    let waived = kernel::case::Case { finance: kernel::case::Finance::Waived, ..case };
    assert_eq!(papers_of::fees(&edition, &waived), papers::Fees::Free);
}

#[tokio::test]
async fn the_case_tells_where_it_is_and_why_its_date() {
    let world = world();
    let mut browser = browser(&world);
    let (receipt, _) = file_land(&mut browser).await;
    let (tracking, pin) = numbers(&receipt);
    let closed = browser.get(&format!("/theo-doi/{tracking}")).await;
    assert_eq!(closed.status, StatusCode::FORBIDDEN);
    enter(&mut browser, &tracking, &pin).await;
    let before = browser.get(&format!("/theo-doi/{tracking}")).await;
    assert!(before.body.contains("Dự kiến trả kết quả") && !before.body.contains("giay-hen.pdf"));
    let no_slip = browser.get(&format!("/theo-doi/{tracking}/giay-hen.pdf")).await;
    assert_eq!(no_slip.status, StatusCode::NOT_FOUND);
    let file = browser.get(&format!("/theo-doi/{tracking}/tep/0")).await;
    assert_eq!(file.bytes, pdf());
    accepted(&world, &tracking).await;
    let after = browser.get(&format!("/theo-doi/{tracking}")).await;
    // Counted by hand: 26/4, 2–4/5 (the 4th is worked in exchange), 6–10/5, 13–15/5.
    let due = "<td class=\"is-due\">15/5<b aria-hidden=\"true\">12</b>";
    let words = ["Hẹn trả kết quả", "000.00.27.H33-190425-0001", "Vì sao là ngày 15/5?", due];
    for words in words.into_iter().chain(["Ngày Chiến thắng", "4/5<b aria-hidden=\"true\">4</b>"])
    {
        assert!(after.body.contains(words), "{words}");
    }
    assert!(!after.body.contains('⟦'), "a text is missing");
    let slip = browser.get(&format!("/theo-doi/{tracking}/giay-hen.pdf")).await;
    assert!(slip.bytes.starts_with(b"%PDF"), "{}", slip.body);
    let by_code = browser.get("/theo-doi/000.00.27.H33-190425-0001").await;
    assert_eq!(by_code.status, StatusCode::OK);
    let foreign = browser.get("/theo-doi/AAAAA-BBBBBB").await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let english = browser.get(&format!("/theo-doi/{tracking}?lang=en")).await;
    assert!(english.body.contains("Civil Code 2015, Article 147.2") && !english.body.contains('⟦'));
}

#[tokio::test]
async fn looks_are_recorded_before_anything_is_shown() {
    let world = world();
    let mut browser = browser(&world);
    let (receipt, _) = file_land(&mut browser).await;
    let (tracking, pin) = numbers(&receipt);
    enter(&mut browser, &tracking, &pin).await;
    browser.get(&format!("/theo-doi/{tracking}")).await;
    browser.get(&format!("/theo-doi/{tracking}/tep/0")).await;
    let id = case_id(&world, &tracking).await;
    let read = |r: &mut store::Reader<'_>| store::audit::by_case(r, id.0, None, 10);
    let seen = world.app.0.store.read_blocking(read).unwrap();
    let acts: Vec<&str> = seen.iter().map(|r| r.access.act.as_str()).collect();
    assert_eq!(acts, ["file", "open"]);
}

#[tokio::test]
async fn papers_asked_for_are_given_once_and_a_case_can_be_withdrawn() {
    let world = world();
    let mut browser = browser(&world);
    let (receipt, _) = file_land(&mut browser).await;
    let (tracking, pin) = numbers(&receipt);
    enter(&mut browser, &tracking, &pin).await;
    let id = case_id(&world, &tracking).await;
    let desk = officer(&world, "han");
    let ask = move |tx: &mut store::Tx<'_>, env: &mut Env<'_>| {
        let subject = store::cases::by_id(tx, id.0)?.ok_or(CaseError::NotFound)?.case.subject;
        let reason = Some(keep(tx, env, subject, Some(id), "reason", "Bản chụp mờ")?);
        act(tx, env, id, None, &Command::AskPreSupplement { papers: vec![2], reason }).map(|_| ())
    };
    world.app.act(&desk, ask).await.unwrap();
    let page = browser.get(&format!("/theo-doi/{tracking}")).await;
    assert!(page.body.contains("Giấy chứng nhận đã cấp") && page.body.contains("Bản chụp mờ"));
    let to = format!("/theo-doi/{tracking}/bo-sung");
    let form = browser.get(&to).await;
    let none = browser.post(&form, &to, &[]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let bytes = pdf();
    let given = browser.post(&form, &to, &[Part::File("paper_2", "so.pdf", &bytes)]).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
    let again = browser.post(&form, &to, &[Part::File("paper_2", "so.pdf", &bytes)]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "a repeat changes nothing");
    let read = move |r: &mut store::Reader<'_>| store::cases::by_id(r, id.0);
    let case = world.app.0.store.read_blocking(read).unwrap().unwrap().case;
    assert_eq!(case.business.as_str(), "submitted");
    assert_eq!(case.papers.iter().flat_map(|p| &p.files).count(), 2);
    let to = format!("/theo-doi/{tracking}/rut");
    let page = browser.get(&to).await;
    for _ in 0..2 {
        let asked = browser.post(&page, &to, &[Part::Text("reason", "Đổi ý")]).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER);
    }
    let left = browser.post(&page, "/theo-doi/ra", &[]).await;
    assert_eq!(left.location(), "/");
    assert_eq!(browser.get(&to).await.status, StatusCode::FORBIDDEN);
}

#[test]
fn every_ground_and_rule_has_its_words() {
    for lang in kit::Lang::ALL {
        let t = kit::T::new(lang);
        let key = |code: &str| code.replace(['_', '.'], "-");
        for rule in kernel::calendar::Rule::ALL {
            assert!(t.has(&format!("why-rule-{}", key(rule.as_str()))), "{}", rule.as_str());
        }
        for ground in kernel::calendar::Ground::ALL {
            assert!(t.has(&format!("why-ground-{}", key(ground.as_str()))), "{}", ground.as_str());
        }
    }
}

#[tokio::test]
async fn nothing_but_the_gate_opens_without_a_session() {
    let world = world();
    let mut browser = browser(&world);
    for route in track::ROUTES.iter().filter(|r| r.contains("{number}")) {
        let address = route.replace("{number}", "AAAAA-BBBBBB").replace("{n}", "0");
        let answer = browser.get(&address).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{route}");
    }
    assert_eq!(browser.get("/theo-doi").await.status, StatusCode::OK);
}
