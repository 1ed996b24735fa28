//! Operations beyond the drawn process, through pages and through the interface for programs.

use super::routes;
use super::tests::{act, case, complete, received, signed_in, token, words};
use crate::testing::{
    Answer, Browser, DISTRICT, World, account_of, catalogue_standing, world, world_with,
};
use kernel::case::Business;
use serde_json::{Value, json};

/// A land case that was forwarded and assigned to its officer.
async fn assigned(world: &World) -> String {
    let mut desk = signed_in(world, "han").await;
    let id = received(world, &mut desk).await;
    assert_eq!(act(&mut desk, &id, "forward", &[]).await.status, 303);
    let mut head = signed_in(world, "phong").await;
    let officer = account_of("bao");
    complete(world, &mut head, &id, &[("outcome", "done"), ("officer", officer.as_str())]).await;
    id
}

/// The same, appraised: it waits for its review.
async fn appraised(world: &World) -> String {
    let id = assigned(world).await;
    let mut officer = signed_in(world, "bao").await;
    complete(world, &mut officer, &id, &[("outcome", "done"), ("note", "Đủ điều kiện")]).await;
    id
}

fn place(world: &World, id: &str) -> String {
    let case = case(world, id);
    let catalogue = world.app.catalogue();
    let definition = catalogue.definition_of(&case, world.app.today()).unwrap();
    definition.node(case.process.tokens[0].node).id.clone()
}

const WHY: [(&str, &str); 2] = [("reason", "Thiếu căn cứ"), ("ground", "Quy chế làm việc, Điều 9")];

fn with<'a>(form: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    form.iter().copied().chain(WHY).collect()
}

#[tokio::test]
async fn a_return_offers_the_lawful_steps_and_refuses_others_in_words() {
    let world = world();
    let id = appraised(&world).await;
    let mut head = signed_in(&world, "phong").await;
    let back = format!("return?token={}", token(&world, &id));
    let page = head.get(&format!("/noi-lam-viec/ho-so/{id}/lam/{back}")).await;
    let said = words(&page);
    assert!(said.contains("Phân công") && said.contains("Thẩm định"), "{said}");
    assert!(!page.body.contains("value=\"stamp\""), "what lies ahead is no target");
    let bare = act(&mut head, &id, &back, &[("to", "appraise")]).await;
    assert_eq!(bare.status, 422);
    let groundless = [("to", "appraise"), ("reason", "Thiếu căn cứ")];
    let groundless = act(&mut head, &id, &back, &groundless).await;
    assert_eq!(groundless.status, 422);
    assert!(words(&groundless).contains("căn cứ pháp luật"), "{}", words(&groundless));
    let ahead = act(&mut head, &id, &back, &with(&[("to", "stamp")])).await;
    assert_eq!(ahead.status, 422);
    assert!(words(&ahead).contains("không nằm trước bước này"), "{}", words(&ahead));
    let done = act(&mut head, &id, &back, &with(&[("to", "assign")])).await;
    assert_eq!(done.status, 303, "{}", words(&done));
    assert_eq!(place(&world, &id), "assign");
    let page = head.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
    let said = words(&page);
    assert!(said.contains("Thiếu căn cứ") && said.contains("Điều 9"), "{said}");
    assert!(!words(&head.get(&format!("/noi-lam-viec/ho-so/{id}?lang=en")).await).is_empty());
}

#[tokio::test]
async fn a_task_of_the_post_is_claimed_and_stands_on_ones_own_list() {
    let world = world();
    let id = appraised(&world).await;
    let mut head = signed_in(&world, "phong").await;
    let own = "/noi-lam-viec?nhom=in-work&cua=toi";
    assert!(!head.get(own).await.body.contains(&id));
    let claim = format!("claim?token={}", token(&world, &id));
    assert_eq!(act(&mut head, &id, &claim, &[]).await.status, 303);
    assert!(head.get(own).await.body.contains(&id));
    let release = format!("release?token={}", token(&world, &id));
    assert_eq!(act(&mut head, &id, &release, &[]).await.status, 303);
    assert!(!head.get(own).await.body.contains(&id));
}

#[tokio::test]
async fn a_step_is_taken_back_until_the_next_person_opens_it() {
    let world = world();
    let id = appraised(&world).await;
    let mut officer = signed_in(&world, "bao").await;
    let back = format!("take-back?token={}", token(&world, &id));
    assert_eq!(act(&mut officer, &id, &back, &[]).await.status, 303);
    assert_eq!(place(&world, &id), "appraise");
    complete(&world, &mut officer, &id, &[("outcome", "done"), ("note", "Xong")]).await;
    // The page is open, then the head looks: the look wins, and the page says so.
    let to = format!("/noi-lam-viec/ho-so/{id}/lam/{back}");
    let page = officer.get(&to).await;
    let mut head = signed_in(&world, "phong").await;
    assert_eq!(head.get(&format!("/noi-lam-viec/ho-so/{id}")).await.status, 200);
    let seen = page.hidden("seen");
    let late = officer.post(&page, &to, &[crate::testing::Part::Text("seen", &seen)]).await;
    assert!(late.status == 409 || late.status == 422, "{}", late.status);
    assert!(words(&late).contains("Không rút lại được"), "{}", words(&late));
    assert_eq!(place(&world, &id), "review");
    let page = officer.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
    assert!(!page.body.contains("take-back"), "offered no more");
}

#[tokio::test]
async fn a_leader_moves_lends_transfers_and_asks_helpers() {
    let world = world();
    let id = appraised(&world).await;
    let mut leader = signed_in(&world, "minh").await;
    let page = leader.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
    for (lang, html) in
        [("vi", &page), ("en", &leader.get(&format!("/noi-lam-viec/ho-so/{id}?lang=en")).await)]
    {
        assert!(!words(html).is_empty(), "{lang}");
    }
    // Every act on offer has its page, in both languages, and says what it will do.
    let links = page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let links: Vec<String> =
        links.filter(|to| to.contains("/lam/")).map(|to| to.replace("&#38;", "&")).collect();
    assert!(links.len() >= 8, "{links:?}");
    for to in &links {
        for lang in ["vi", "en"] {
            let mark = if to.contains('?') { '&' } else { '?' };
            let page = leader.get(&format!("{to}{mark}lang={lang}")).await;
            assert_eq!(page.status, 200, "{to}");
            words(&page);
        }
    }
    leader.get("/noi-lam-viec?lang=vi").await;
    let officer = account_of("bao");
    let helper = [("officer", officer.as_str())];
    let clerk = account_of("thu");
    let lend = format!("delegate?token={}", token(&world, &id));
    let form = [("officer", clerk.as_str()), ("date-d", "2"), ("date-m", "5"), ("date-y", "2019")];
    assert_eq!(act(&mut leader, &id, &lend, &with(&form)).await.status, 303);
    let mut theirs = signed_in(&world, "thu").await;
    assert!(theirs.get("/noi-lam-viec?nhom=in-work&cua=toi").await.body.contains(&id));
    let end = format!("end-delegation?token={}", token(&world, &id));
    assert_eq!(act(&mut theirs, &id, &end, &[]).await.status, 303);
    let refused = act(&mut leader, &id, "co-process", &with(&helper)).await;
    assert_eq!(refused.status, 422, "the officer in charge needs no helping");
    let form = [("officer", clerk.as_str())];
    assert_eq!(act(&mut leader, &id, "co-process", &with(&form)).await.status, 303);
    assert!(theirs.get("/noi-lam-viec?nhom=helping&cua=toi").await.body.contains(&id));
    assert_eq!(act(&mut leader, &id, "end-co-process", &form).await.status, 303);
    let jump = format!("jump?token={}", token(&world, &id));
    assert_eq!(act(&mut leader, &id, &jump, &with(&[("to", "sign")])).await.status, 303);
    assert_eq!(place(&world, &id), "sign");
    let added = act(&mut leader, &id, "add-step", &with(&[("to", "appraise")])).await;
    assert_eq!(added.status, 303, "{}", words(&added));
    let skip = format!("skip?token={}", token(&world, &id));
    assert_eq!(act(&mut leader, &id, &skip, &with(&[("outcome", "approve")])).await.status, 303);
    let said = words(&leader.get(&format!("/noi-lam-viec/ho-so/{id}")).await);
    for told in ["Chuyển bước", "Thêm bước", "Bỏ qua bước", "Ủy quyền", "Thêm người phối hợp"]
    {
        assert!(said.contains(told), "{told}: {said}");
    }
    assert_eq!(case(&world, &id).decided_by.as_str(), DISTRICT);
}

#[tokio::test]
async fn the_page_says_whether_a_supplement_pauses_or_resets() {
    let world = world();
    let id = assigned(&world).await;
    let mut officer = signed_in(&world, "bao").await;
    let page = officer.get(&format!("/noi-lam-viec/ho-so/{id}/lam/ask-supplement")).await;
    assert!(words(&page).contains("tính lại từ đầu"), "{}", words(&page));
}

#[tokio::test]
async fn a_process_that_stands_still_is_mended_by_an_administrator_who_sees_nobody() {
    let world = world_with(catalogue_standing());
    let mut admin = signed_in(&world, "tri").await;
    let empty = admin.get("/noi-lam-viec/su-co").await;
    assert!(words(&empty).contains("Không có quy trình nào bị dừng"), "{}", words(&empty));
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    assert_eq!(desk.get("/noi-lam-viec/su-co").await.status, 403);
    let file = format!("/noi-lam-viec/ho-so/{id}");
    assert_eq!(admin.get(&file).await.status, 404, "not theirs while all is well");
    assert_eq!(act(&mut desk, &id, "forward", &[]).await.status, 303);
    let mut officer = signed_in(&world, "bao").await;
    complete(&world, &mut officer, &id, &[("outcome", "done"), ("note", "Đã thẩm định")]).await;
    let page = words(&officer.get(&file).await);
    assert!(page.contains("Quy trình dừng") && page.contains("Đã thẩm định"), "{page}");
    let list = admin.get("/noi-lam-viec/su-co").await;
    assert!(list.body.contains(&id), "{}", words(&list));
    assert!(!words(&list).contains("Nguyễn Thị Kim Loan"), "support is not approval");
    let shut = admin.get(&file).await;
    assert_eq!((shut.status.as_u16(), shut.location()), (303, "/noi-lam-viec/su-co"));
    for path in ["/tep/0", "/mau-01.pdf"] {
        assert_eq!(admin.get(&format!("{file}{path}")).await.status, 404, "{path}");
    }
    let still = act(&mut admin, &id, "retry?token=1", &[]).await;
    assert_eq!(still.status, 422);
    assert!(words(&still).contains("không điều kiện nào đúng"), "{}", words(&still));
    let wrong = act(&mut admin, &id, "set-data", &with(&[("vars", "area = 5")])).await;
    assert_eq!(wrong.status, 422);
    let mend = with(&[("vars", "{\"area\": 700}")]);
    assert_eq!(act(&mut admin, &id, "set-data", &mend).await.status, 303);
    assert_eq!(act(&mut admin, &id, "retry?token=1", &[]).await.status, 303);
    assert_eq!(place(&world, &id), "b");
    assert_eq!(admin.get(&file).await.status, 404, "it goes on, and is theirs no more");
    let empty = admin.get("/noi-lam-viec/su-co?lang=en").await;
    assert!(words(&empty).contains("No process stands still"), "{}", words(&empty));
    assert_eq!(case(&world, &id).business, Business::Processing);
}

fn body(answer: &Answer) -> Value {
    assert_eq!(answer.headers["content-type"], "application/json; charset=utf-8");
    serde_json::from_str(&answer.body).unwrap_or_else(|e| panic!("{e}: {}", answer.body))
}

async fn read(browser: &mut Browser, id: &str) -> Value {
    let answer = browser.get(&format!("/api/v1/ho-so/{id}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    body(&answer)
}

fn key(n: u8) -> String {
    format!("{n:032x}")
}

#[tokio::test]
async fn a_program_reads_a_case_and_returns_a_step() {
    let world = world();
    let id = appraised(&world).await;
    let mut head = signed_in(&world, "phong").await;
    let told = read(&mut head, &id).await;
    assert!(!told.to_string().contains("Loan"), "no particulars");
    let actions = told["actions"].as_array().unwrap();
    let back = actions.iter().find(|one| one["action"] == "return").expect("offered");
    let targets = back["fields"][0]["choices"].as_array().unwrap();
    let targets: Vec<&str> = targets.iter().map(|one| one["value"].as_str().unwrap()).collect();
    assert_eq!(targets, ["assign", "appraise"], "the step before stands last");
    let (to, csrf) = (back["href"].as_str().unwrap(), told["csrf"].as_str().unwrap());
    let (seen, n) = (told["seen"].clone(), back["token"].clone());
    let bare = json!({"seen": seen, "token": n, "to": "appraise"});
    let faulty = head.program(to, (csrf, &key(1)), &bare).await;
    assert_eq!(faulty.status, 422);
    let fault = &body(&faulty)["refusals"][0];
    assert_eq!((&fault["field"], &fault["key"]), (&json!("reason"), &json!("err-reason-missing")));
    assert_eq!(fault["reason"]["en"], "Enter the reason", "{fault}");
    let full = |to: &str| {
        let (reason, ground) = ("Thiếu", "Điều 9");
        json!({"seen": seen, "token": n, "to": to, "reason": reason, "ground": ground})
    };
    let ahead = head.program(to, (csrf, &key(2)), &full("stamp")).await;
    assert_eq!(
        (ahead.status.as_u16(), &body(&ahead)["refusals"][0]["process"]),
        (422, &json!("cannot_return"))
    );
    let forged = head.program(to, ("00", &key(3)), &full("appraise")).await;
    assert_eq!(forged.status, 403);
    assert!(body(&forged)["refusals"][0]["reason"]["vi"].is_string());
    let done = head.program(to, (csrf, &key(4)), &full("appraise")).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(body(&done)["tasks"][0]["step"], "appraise");
    let before = case(&world, &id).seq;
    let again = head.program(to, (csrf, &key(4)), &full("appraise")).await;
    assert_eq!((again.status.as_u16(), case(&world, &id).seq), (200, before), "acts once");
    let stale = head.program(to, (csrf, &key(5)), &full("assign")).await;
    assert_eq!(stale.status, 409);
    assert_eq!(body(&stale)["refusals"][0]["key"], "refusal-changed");
    let theirs = format!("/api/v1/ho-so/{id}/lam/stop");
    let seen = read(&mut head, &id).await["seen"].clone();
    let not_theirs = json!({"seen": seen, "reason": "x"});
    assert_eq!(head.program(&theirs, (csrf, &key(6)), &not_theirs).await.status, 403);
    let nothing = format!("/api/v1/ho-so/{id}/lam/fly");
    assert_eq!(head.program(&nothing, (csrf, &key(7)), &json!({})).await.status, 404);
    let unread = head.program(&theirs, (csrf, &key(8)), &json!([1])).await;
    assert_eq!(unread.status, 400);
    body(&unread);
}

#[tokio::test]
async fn programs_need_a_session_and_see_what_pages_show() {
    let world = world();
    let id = appraised(&world).await;
    let mut nobody = Browser::new(&world, routes(world.app.clone()));
    let to = format!("/api/v1/ho-so/{id}");
    let shut = nobody.get(&to).await;
    assert_eq!(shut.status, 403);
    assert_eq!(body(&shut)["refusals"][0]["key"], "refused-sign-in");
    let mut other = signed_in(&world, "lan").await;
    assert_eq!(other.get(&to).await.status, 404, "another unit's");
    // The acts of the page and those for programs are the same.
    for login in ["han", "bao", "phong", "minh", "thu"] {
        let mut browser = signed_in(&world, login).await;
        let page = browser.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
        let told = read(&mut browser, &id).await;
        let mut listed: Vec<String> = told["actions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| match one["token"].as_u64() {
                Some(n) => format!("{}?token={n}", one["action"].as_str().unwrap()),
                None => one["action"].as_str().unwrap().to_owned(),
            })
            .collect();
        let links = page.body.split("/lam/").skip(1).filter_map(|rest| rest.split('"').next());
        let mut shown: Vec<String> = links.map(str::to_owned).collect();
        listed.sort();
        shown.sort();
        // Whoever looks first may make a step final in between; nobody's list differs otherwise.
        assert_eq!(listed, shown, "{login}");
        for one in told["actions"].as_array().unwrap() {
            for words in [&one["label"], &one["will"]] {
                assert!(!words.to_string().contains('⟦'), "{one}");
            }
        }
    }
}

#[tokio::test]
async fn a_program_claims_and_gives_back() {
    let world = world();
    let id = appraised(&world).await;
    let mut head = signed_in(&world, "phong").await;
    let told = read(&mut head, &id).await;
    let csrf = told["csrf"].as_str().unwrap().to_owned();
    let n = told["tasks"][0]["token"].clone();
    let to = format!("/api/v1/ho-so/{id}/lam/claim");
    let claim = json!({"seen": told["seen"], "token": n});
    let done = head.program(&to, (&csrf, &key(1)), &claim).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let told = body(&done);
    assert_eq!(told["tasks"][0]["holder"], account_of("phong").as_str());
    let again = json!({"seen": told["seen"], "token": n});
    let held = head.program(&to, (&csrf, &key(2)), &again).await;
    assert_eq!(
        (held.status.as_u16(), &body(&held)["refusals"][0]["key"]),
        (422, &json!("refusal-held"))
    );
    let to = format!("/api/v1/ho-so/{id}/lam/release");
    assert_eq!(head.program(&to, (&csrf, &key(3)), &again).await.status, 200);
    let (seen, officer) = (case(&world, &id).seq, account_of("thu"));
    let lend = json!({"seen": seen, "token": n, "officer": officer.as_str(),
        "date": "2019-05-02", "reason": "Đi công tác", "ground": "Quy chế, Điều 4"});
    let to = format!("/api/v1/ho-so/{id}/lam/delegate");
    let lent = head.program(&to, (&csrf, &key(4)), &lend).await;
    assert_eq!(lent.status, 200, "{}", lent.body);
    assert_eq!(body(&lent)["tasks"][0]["lent_until"], "2019-05-02");
}
