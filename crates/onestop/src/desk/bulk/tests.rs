//! Acts on many cases through the router: what is said before, the outcome of each case, repeats,
//! empty choices, cases that changed meanwhile, foreign cases, other roles.

use crate::desk::tests::{act, case, complete, received, received_unpaid, signed_in, words};
use crate::testing::{Answer, Browser, DISTRICT, DISTRICT_DESK, Part, World, account_of, world};
use kernel::case::Business;

/// The address of the page before the act.
fn many(kind: &str, ids: &[&str]) -> String {
    let ids: String = ids.iter().map(|id| format!("&ho-so={id}")).collect();
    format!("/noi-lam-viec/nhieu?lam={kind}{ids}")
}

/// Sends the page before the act with all its cases ticked.
async fn send(browser: &mut Browser, page: &Answer, form: &[(&str, &str)], ids: &[&str]) -> Answer {
    let seen: Vec<(String, String)> =
        ids.iter().map(|id| (format!("seen.{id}"), page.hidden(&format!("seen.{id}")))).collect();
    let kind = page.hidden("lam");
    let mut parts = vec![Part::Text("lam", &kind)];
    parts.extend(ids.iter().map(|id| Part::Text("ho-so", id)));
    parts.extend(seen.iter().map(|(name, value)| Part::Text(name, value)));
    parts.extend(form.iter().map(|(name, value)| Part::Text(name, value)));
    browser.post(page, "/noi-lam-viec/nhieu", &parts).await
}

async fn three(world: &World, desk: &mut Browser) -> [String; 3] {
    [received(world, desk).await, received(world, desk).await, received(world, desk).await]
}

#[tokio::test]
async fn many_are_forwarded_assigned_and_approved_with_each_outcome_named() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let ids = three(&world, &mut desk).await;
    let [one, two, three] = ids.each_ref().map(String::as_str);
    let list = desk.get("/noi-lam-viec?nhom=to-forward&cua=don-vi").await;
    assert!(list.body.contains("name=\"ho-so\"") && list.body.contains("value=\"forward\""));
    let page = desk.get(&many("forward", &[one, two, three])).await;
    assert!(words(&page).contains("Làm được: 3"), "{}", words(&page));
    // One of them moves while the page is open.
    assert_eq!(act(&mut desk, two, "forward", &[]).await.status, 303);
    let sent = send(&mut desk, &page, &[], &[one, two, three]).await;
    assert_eq!(sent.status, 303, "{}", words(&sent));
    let result = desk.get(sent.location()).await;
    let said = words(&result);
    assert!(said.contains("Đã làm 2 hồ sơ; 1 hồ sơ không làm được"), "{said}");
    assert!(said.contains("đã thay đổi sau khi trang được mở"), "{said}");
    // The same form again: the same answer, nothing done twice.
    let before = case(&world, one).seq;
    let again = send(&mut desk, &page, &[], &[one, two, three]).await;
    assert_eq!(again.location(), sent.location());
    assert_eq!(case(&world, one).seq, before);

    let mut head = signed_in(&world, "phong").await;
    let page = head.get(&many("assign", &[one, two, three])).await;
    let nobody = send(&mut head, &page, &[], &[one, two, three]).await;
    assert_eq!(nobody.status, 422, "an officer must be named");
    let bao = account_of("bao");
    let named = [("officer", bao.as_str())];
    let sent = send(&mut head, &page, &named, &[one, two, three]).await;
    assert_eq!(sent.status, 303, "{}", words(&sent));
    assert!(words(&head.get(sent.location()).await).contains("Đã làm 3 hồ sơ"));
    for id in [one, two, three] {
        assert_eq!(case(&world, id).officer, Some(bao.clone()));
    }
    let mut officer = signed_in(&world, "bao").await;
    for id in [one, two] {
        complete(&world, &mut officer, id, &[("outcome", "done"), ("note", "Đủ")]).await;
    }
    // The third is not there yet: the page says so, and half of it is done.
    let page = head.get(&many("approve", &[one, two, three])).await;
    let said = words(&page);
    assert!(said.contains("Làm được: 2 · không làm được: 1"), "{said}");
    assert!(said.contains("không chờ duyệt"), "{said}");
    let sent = send(&mut head, &page, &[], &[one, two]).await;
    assert!(words(&head.get(sent.location()).await).contains("Đã làm 2 hồ sơ; 0"));
    let mut leader = signed_in(&world, "minh").await;
    let page = leader.get(&many("approve", &[one, two])).await;
    let sent = send(&mut leader, &page, &[("note", "Đồng ý")], &[one, two]).await;
    let result = leader.get(sent.location()).await;
    assert!(words(&result).contains("Đã làm 2 hồ sơ"), "{}", words(&result));
    words(&leader.get(&format!("{}?lang=en", sent.location())).await);
}

#[tokio::test]
async fn results_go_out_together_only_with_who_took_them_and_no_open_fee() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let (paid, open) =
        (received(&world, &mut desk).await, received_unpaid(&world, &mut desk).await);
    for id in [&paid, &open] {
        let mut head = signed_in(&world, "phong").await;
        assert_eq!(act(&mut desk, id, "forward", &[]).await.status, 303);
        let bao = account_of("bao");
        complete(&world, &mut head, id, &[("outcome", "done"), ("officer", bao.as_str())]).await;
        let mut officer = signed_in(&world, "bao").await;
        complete(&world, &mut officer, id, &[("outcome", "done"), ("note", "Đủ")]).await;
        complete(&world, &mut head, id, &[("outcome", "approve")]).await;
        let mut leader = signed_in(&world, "minh").await;
        complete(&world, &mut leader, id, &[("outcome", "approve")]).await;
        let mut clerk = signed_in(&world, "thu").await;
        complete(&world, &mut clerk, id, &[("outcome", "done"), ("number", "1/QĐ")]).await;
    }
    let page = desk.get(&many("deliver", &[&paid, &open])).await;
    let said = words(&page);
    assert!(
        said.contains("Làm được: 1 · không làm được: 1") && said.contains("chưa nộp"),
        "{said}"
    );
    let nobody = send(&mut desk, &page, &[], &[&paid]).await;
    let told = words(&desk.get(nobody.location()).await);
    assert!(told.contains("Không làm được"), "{told}");
    assert_eq!(case(&world, &paid).business, Business::ResultReady);
    let page = desk.get(&many("deliver", &[&paid])).await;
    let taken = (format!("taken_by.{paid}"), format!("taken_paper.{paid}"));
    let form = [(taken.0.as_str(), "Nguyễn Thị Kim Loan"), (taken.1.as_str(), "091192003418")];
    let sent = send(&mut desk, &page, &form, &[&paid]).await;
    assert_eq!(sent.status, 303);
    assert_eq!(case(&world, &paid).business, Business::Returned);
    assert_eq!(case(&world, &open).business, Business::ResultReady);
}

#[tokio::test]
async fn papers_change_hands_by_a_numbered_list_that_both_sides_sign() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let ids = three(&world, &mut desk).await;
    let [one, two, _] = ids.each_ref().map(String::as_str);
    let page = desk.get(&many("hand-over", &[one, two])).await;
    assert_eq!(send(&mut desk, &page, &[], &[one, two]).await.status, 422, "to whom?");
    let own = [("unit", DISTRICT_DESK)];
    assert_eq!(send(&mut desk, &page, &own, &[one, two]).await.status, 422, "not to oneself");
    let sent = send(&mut desk, &page, &[("unit", DISTRICT)], &[one, two]).await;
    assert_eq!(sent.status, 303, "{}", words(&sent));
    let list = desk.get(sent.location()).await;
    let said = words(&list);
    assert!(said.contains("Danh sách bàn giao hồ sơ số 1/2019"), "{said}");
    assert!(said.contains("BÊN GIAO") && said.contains("BÊN NHẬN"), "{said}");
    assert!(said.contains("Nguyễn Thị Kim Loan") && said.contains("2 hồ sơ"), "{said}");
    assert!(said.contains("Cộng: 2 hồ sơ, 4 giấy tờ"), "{said}");
    let told = words(&desk.get(&format!("/noi-lam-viec/ho-so/{one}")).await);
    assert!(told.contains("theo danh sách số 1/2019: 2 giấy tờ"), "{told}");
    assert_eq!(case(&world, one).business, Business::Accepted, "the case stays at its step");
    let own = words(&desk.get("/noi-lam-viec/lo").await);
    assert!(own.contains("Bàn giao giấy tờ") && own.contains("1/2019"), "{own}");
    // The receiving unit sees the list; an officer of another unit does not know of it.
    let mut head = signed_in(&world, "phong").await;
    assert_eq!(head.get(sent.location()).await.status, 200);
    let mut other = signed_in(&world, "lan").await;
    assert_eq!(other.get(sent.location()).await.status, 404);
    assert!(!words(&other.get("/noi-lam-viec/lo").await).contains("1/2019"));
    let whole = world.app.0.store.read_blocking(|r| store::batches::verify(r)).unwrap();
    assert_eq!(whole, 1, "the journal has the end of the batch");
}

#[tokio::test]
async fn nothing_chosen_foreign_cases_and_other_roles_do_nothing() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    let none = desk.get(&many("forward", &[])).await;
    assert!(words(&none).contains("Chưa chọn hồ sơ nào"), "{}", words(&none));
    let page = desk.get(&many("forward", &[&id])).await;
    let sent = send(&mut desk, &page, &[], &[]).await;
    assert_eq!(sent.status, 200);
    assert!(words(&sent).contains("Chưa chọn hồ sơ nào"), "{}", words(&sent));
    assert_eq!(desk.get("/noi-lam-viec/nhieu?lam=fly").await.status, 404);
    assert_eq!(desk.get(&many("approve", &[&id])).await.status, 403, "not a desk's to approve");

    let seq = case(&world, &id).seq;
    let mut other = signed_in(&world, "lan").await;
    let theirs = other.get(&many("forward", &[&id])).await;
    assert!(!theirs.body.contains(&format!("value=\"{id}\"")) && !theirs.body.contains("Kim Loan"));
    let home = other.get("/noi-lam-viec/phien").await;
    let name = format!("seen.{id}");
    let form = [Part::Text("lam", "forward"), Part::Text("ho-so", &id), Part::Text(&name, "2")];
    let forged = other.post(&home, "/noi-lam-viec/nhieu", &form).await;
    assert_eq!(forged.status, 200, "nothing of theirs was chosen");
    assert_eq!(case(&world, &id).seq, seq);
    let mut auditor = signed_in(&world, "giam").await;
    assert_eq!(auditor.get(&many("forward", &[&id])).await.status, 403);
    assert!(!auditor.get("/noi-lam-viec?nhom=in-work").await.body.contains("mc-bulk"));
}

#[tokio::test]
async fn more_than_may_be_are_not_taken() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    let mut ids: Vec<String> = (0..store::bounds::BATCH_CASES_MAX)
        .map(|n| uuid::Uuid::from_u128(n as u128).to_string())
        .collect();
    ids.insert(0, id.clone());
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let page = desk.get(&many("forward", &ids)).await;
    assert!(words(&page).contains("nhiều nhất 100 hồ sơ"), "{}", words(&page));
    let seq = case(&world, &id).seq;
    let name = format!("seen.{id}");
    let seen = page.hidden(&name);
    let mut form = vec![Part::Text("lam", "forward"), Part::Text(&name, &seen)];
    form.extend(ids.iter().map(|id| Part::Text("ho-so", id)));
    let sent = desk.post(&page, "/noi-lam-viec/nhieu", &form).await;
    assert_eq!((sent.status.as_u16(), case(&world, &id).seq), (200, seq));
}
