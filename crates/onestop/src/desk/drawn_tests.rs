//! Constructs of the wider profile through pages and through the interface for programs: what the
//! officer chooses, what the whole process waits for, what payment moves, what is sent.

use super::tests::{act, case, complete, received_unpaid, signed_in, words};
use crate::testing::{Browser, Part, World, catalogue_drawn, world_with};
use kernel::case::{Business, Waits};
use serde_json::{Value, json};

/// A forwarded land case on a process.
async fn forwarded(name: &str) -> (World, String) {
    let world = world_with(catalogue_drawn(name));
    let mut desk = signed_in(&world, "han").await;
    let id = received_unpaid(&world, &mut desk).await;
    assert_eq!(act(&mut desk, &id, "forward", &[]).await.status, 303);
    (world, id)
}

/// Where a case waits: ids of steps, with their tokens.
fn places(world: &World, id: &str) -> Vec<(String, u32, Waits)> {
    let case = case(world, id);
    let catalogue = world.app.catalogue();
    let definition = catalogue.definition_of(&case, world.app.today()).unwrap();
    let here = kernel::case::places(&case, definition).into_iter();
    here.map(|(token, ix, waits)| (definition.node(ix).id.clone(), token, waits)).collect()
}

fn ids(world: &World, id: &str) -> Vec<String> {
    places(world, id).into_iter().map(|(id, ..)| id).collect()
}

async fn told(browser: &mut Browser, id: &str) -> Value {
    let answer = browser.get(&format!("/api/v1/ho-so/{id}")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

#[tokio::test]
async fn the_officer_chooses_what_begins_on_the_page_and_by_program() {
    let (world, id) = forwarded("choices").await;
    let mut officer = signed_in(&world, "bao").await;
    let list = officer.get("/noi-lam-viec?nhom=in-work&cua=don-vi").await;
    assert!(list.body.contains(&id), "{}", words(&list));
    let page = officer.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
    assert!(words(&page).contains("Chọn việc làm tiếp: any"), "{}", words(&page));
    let (_, any, waits) = places(&world, &id)[0].clone();
    assert_eq!(waits, Waits::Choice);
    let choose = format!("choose?token={any}");
    for lang in ["en", "vi"] {
        let to = format!("/noi-lam-viec/ho-so/{id}/lam/{choose}&lang={lang}");
        let page = officer.get(&to).await;
        assert_eq!(page.status, 200);
        words(&page);
        assert!(page.body.contains("value=\"p\"") && page.body.contains("value=\"q\""));
    }
    let bare = act(&mut officer, &id, &choose, &[]).await;
    assert_eq!(bare.status, 422, "which one must be said");
    assert_eq!(act(&mut officer, &id, &choose, &[("to", "p")]).await.status, 303);
    assert_eq!(ids(&world, &id), ["p", "any"]);
    let said = words(&officer.get(&format!("/noi-lam-viec/ho-so/{id}")).await);
    assert!(said.contains("Bắt đầu việc được chọn: p"), "{said}");
    let mut leader = signed_in(&world, "minh").await;
    let shown = leader.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
    assert!(!shown.body.contains("/lam/choose"), "not a leader's");

    let read = told(&mut officer, &id).await;
    let tasks = read["tasks"].as_array().unwrap();
    let waits: Vec<&str> = tasks.iter().map(|one| one["waits_for"].as_str().unwrap()).collect();
    assert_eq!(waits, ["task", "choice"]);
    let offer = read["actions"].as_array().unwrap().iter();
    let offer = offer.clone().find(|one| one["action"] == "choose").expect("offered");
    let choices: Vec<&str> = offer["fields"][0]["choices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["value"].as_str().unwrap())
        .collect();
    assert_eq!(choices, ["p", "q"]);
    let body = json!({"seen": read["seen"], "token": any, "to": "q"});
    let key = (read["csrf"].as_str().unwrap(), "00000000000000000000000000000001");
    let done = officer.program(offer["href"].as_str().unwrap(), key, &body).await;
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(ids(&world, &id), ["p", "q", "any"]);
}

#[tokio::test]
async fn what_the_whole_process_waits_for_is_noted_under_the_number_0() {
    let (world, id) = forwarded("handlers").await;
    let mut officer = signed_in(&world, "bao").await;
    let page = officer.get(&format!("/noi-lam-viec/ho-so/{id}")).await;
    assert!(page.body.contains("/lam/happen?token=0"), "{}", words(&page));
    let form = officer.get(&format!("/noi-lam-viec/ho-so/{id}/lam/happen?token=0")).await;
    assert_eq!(form.status, 200);
    assert!(words(&form).contains("obey"), "{}", words(&form));
    let why = [("reason", "Có lệnh"), ("ground", "Quy chế, Điều 9"), ("to", "obey_s")];
    let noted = act(&mut officer, &id, "happen?token=0", &why).await;
    assert_eq!(noted.status, 303, "{}", words(&noted));
    assert_eq!(ids(&world, &id), ["obey_t"]);
    let said = words(&officer.get(&format!("/noi-lam-viec/ho-so/{id}?lang=en")).await);
    assert!(said.contains("obey"), "{said}");
}

#[tokio::test]
async fn a_payment_at_the_desk_moves_the_case_and_the_story_says_so() {
    let (world, id) = forwarded("fee").await;
    let mut officer = signed_in(&world, "bao").await;
    complete(&world, &mut officer, &id, &[("outcome", "done")]).await;
    assert_eq!(ids(&world, &id), ["wait"]);
    let list = officer.get("/noi-lam-viec?nhom=waiting-agency&cua=don-vi").await;
    assert!(list.body.contains(&id), "{}", words(&list));
    let fee = (case(&world, &id).fee_vnd - case(&world, &id).paid_vnd).to_string();
    let mut desk = signed_in(&world, "han").await;
    let paid = act(&mut desk, &id, "pay", &[("amount_vnd", &fee), ("method", "cash")]).await;
    assert_eq!(paid.status, 303, "{}", words(&paid));
    assert_eq!(ids(&world, &id), ["b"]);
    let said = words(&officer.get(&format!("/noi-lam-viec/ho-so/{id}")).await);
    assert!(said.contains("Chuyển bước"), "{said}");
}

#[tokio::test]
async fn what_is_sent_stands_in_the_story_and_in_the_outbox() {
    let (world, id) = forwarded("tell").await;
    let mut officer = signed_in(&world, "bao").await;
    complete(&world, &mut officer, &id, &[("outcome", "done")]).await;
    let said = words(&officer.get(&format!("/noi-lam-viec/ho-so/{id}")).await);
    for line in [
        "Đã gửi thông điệp “letter” tới Cơ quan thuế",
        "Đã gửi thông điệp “letter”",
        "Đã phát tín hiệu “order” tới các hồ sơ đang chờ",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert_eq!(places(&world, &id)[0].2, Waits::Event, "a time is waited for");
    let mut admin = signed_in(&world, "tri").await;
    let page = words(&admin.get("/noi-lam-viec/hop-thu-di?trang-thai=queued").await);
    assert_eq!(page.matches("Gửi thông điệp của quy trình").count(), 2, "{page}");
    assert!(page.contains("Báo tín hiệu cho các hồ sơ đang chờ"), "{page}");
    assert_eq!(case(&world, &id).business, Business::Processing);
}

/// The editor shows what it cannot edit and finds nothing in it that no case carries out.
#[tokio::test]
async fn the_process_editor_shows_every_construct() {
    for (name, _) in crate::jobs::tests::province::constructs::all() {
        let world = world_with(catalogue_drawn(name));
        let mut admin = signed_in(&world, "tri").await;
        let base = format!("/noi-lam-viec/quy-trinh/ban/{name}/1");
        for lang in ["en", "vi"] {
            let shown = admin.get(&format!("{base}?lang={lang}")).await;
            assert_eq!(shown.status, 200, "{name}");
            words(&shown);
        }
        let shown = admin.get(&base).await;
        let form = [Part::Text("ban", name), Part::Text("tu", "ban")];
        let begun = admin.post(&shown, "/noi-lam-viec/quy-trinh/moi", &form).await;
        assert_eq!(begun.status, 303, "{name}: {}", words(&begun));
        let draft = admin.get(begun.location()).await;
        assert_eq!(draft.status, 200, "{name}");
        let said = words(&draft);
        assert!(!said.contains("Hồ sơ chưa đi qua bước này được"), "{name}: {said}");
    }
}
