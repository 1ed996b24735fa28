//! Delegation through the router: dates, who may, what was done under it, taking back, the proof.

use crate::desk::tests::{act, complete, received, signed_in, token, words};
use crate::testing::{Answer, Browser, DISTRICT, Part, World, account_of, world};
use store::catalog::{self, Document};

const DAY: i64 = 86_400_000;

/// A case that waits for the leader's approval.
async fn to_sign(world: &World) -> String {
    let mut desk = signed_in(world, "han").await;
    let id = received(world, &mut desk).await;
    assert_eq!(act(&mut desk, &id, "forward", &[]).await.status, 303);
    let mut head = signed_in(world, "phong").await;
    let bao = account_of("bao");
    complete(world, &mut head, &id, &[("outcome", "done"), ("officer", bao.as_str())]).await;
    let mut officer = signed_in(world, "bao").await;
    complete(world, &mut officer, &id, &[("outcome", "done"), ("note", "Đủ")]).await;
    complete(world, &mut head, &id, &[("outcome", "approve")]).await;
    id
}

/// Lends the leader's power to the head of the division from one day of April 2019 to another.
async fn lend(leader: &mut Browser, first: &str, last: &str) -> Answer {
    let page = leader.get("/noi-lam-viec/uy-quyen").await;
    words(&page);
    let to = format!("{DISTRICT}/minh|{}", account_of("phong"));
    let form = [
        Part::Text("to", &to),
        Part::Text("first-d", first),
        Part::Text("first-m", "4"),
        Part::Text("first-y", "2019"),
        Part::Text("last-d", last),
        Part::Text("last-m", "4"),
        Part::Text("last-y", "2019"),
        Part::Text("ground", "Giấy ủy quyền số 05/GUQ-UBND"),
    ];
    leader.post(&page, "/noi-lam-viec/uy-quyen", &form).await
}

fn proof(world: &World) -> Result<u64, store::ActError<store::cases::Finding>> {
    let catalogue = world.app.catalogue();
    world.app.0.store.read_blocking(move |r| store::delegations::verify(r, &catalogue))
}

#[tokio::test]
async fn a_lent_power_begins_and_ends_with_its_days_and_leaves_its_trace() {
    let world = world();
    let id = to_sign(&world).await;
    let mut leader = signed_in(&world, "minh").await;
    let lent = lend(&mut leader, "26", "27").await;
    assert_eq!(lent.status, 303, "{}", words(&lent));
    let mut deputy = signed_in(&world, "phong").await;
    assert_eq!(deputy.get("/noi-lam-viec/duyet").await.status, 403, "not before its first day");
    let told = words(&deputy.get("/noi-lam-viec/uy-quyen").await);
    assert!(told.contains("Trưởng phòng"), "only what is their own can be lent: {told}");
    assert!(!told.contains("Lãnh đạo cơ quan, UBND thành phố Rạch Giá: ủy quyền"), "{told}");

    world.clock.set(crate::testing::NOW.ms() + DAY);
    let mut deputy = signed_in(&world, "phong").await;
    let queue = words(&deputy.get("/noi-lam-viec/duyet").await);
    assert!(queue.contains("Nguyễn Thị Kim Loan"), "{queue}");
    let stead = deputy.get("/noi-lam-viec?nhom=tat-ca&cua=thay").await;
    assert!(stead.body.contains(&id), "{}", words(&stead));
    let own = deputy.get("/noi-lam-viec/uy-quyen").await;
    assert!(!own.body.contains(&format!("{DISTRICT}/minh|")), "a lent power is not lent on");
    let forged = lend(&mut deputy, "26", "27").await;
    assert_eq!(forged.status, 422);
    let action = format!("complete?token={}", token(&world, &id));
    assert_eq!(act(&mut deputy, &id, &action, &[("outcome", "approve")]).await.status, 303);
    let told = words(&deputy.get(&format!("/noi-lam-viec/ho-so/{id}")).await);
    assert!(told.contains("Nguyễn Văn Minh"), "in whose stead: {told}");

    let mut leader = signed_in(&world, "minh").await;
    let trace = leader.get(&format!("/noi-lam-viec/uy-quyen/{DISTRICT}/1")).await;
    let said = words(&trace);
    assert!(said.contains("Xong một bước") && trace.body.contains(&id), "{said}");
    assert!(said.contains("05/GUQ-UBND") && said.contains("Đang có hiệu lực"), "{said}");
    world.clock.set(crate::testing::NOW.ms() + 3 * DAY);
    let mut deputy = signed_in(&world, "phong").await;
    assert_eq!(deputy.get("/noi-lam-viec/duyet").await.status, 403, "not after its last day");
    let over = deputy.get(&format!("/noi-lam-viec/uy-quyen/{DISTRICT}/1?lang=en")).await;
    assert!(words(&over).contains("Over"), "{}", words(&over));
}

#[tokio::test]
async fn a_power_is_taken_back_at_once_and_by_nobody_else() {
    let world = world();
    let mut leader = signed_in(&world, "minh").await;
    assert_eq!(lend(&mut leader, "25", "30").await.status, 303);
    let mut deputy = signed_in(&world, "phong").await;
    assert_eq!(deputy.get("/noi-lam-viec/duyet").await.status, 200, "from today on");
    let to = format!("/noi-lam-viec/uy-quyen/{DISTRICT}/1");
    let page = deputy.get(&to).await;
    assert!(!words(&page).contains("Lý do thu hồi"), "not the deputy's to take back");
    let why = [Part::Text("reason", "Không cần")];
    assert_eq!(deputy.post(&page, &to, &why).await.status, 403);
    for stranger in ["lan", "han", "bao"] {
        let mut other = signed_in(&world, stranger).await;
        assert_eq!(other.get(&to).await.status, 404, "{stranger}");
        assert_eq!(other.get("/noi-lam-viec/uy-quyen").await.status, 403, "{stranger}");
    }
    let mut auditor = signed_in(&world, "giam").await;
    assert!(words(&auditor.get("/noi-lam-viec/uy-quyen").await).contains("Võ Thanh Phong"));
    let page = auditor.get(&to).await;
    assert_eq!(auditor.post(&page, &to, &why).await.status, 403, "who looks changes nothing");

    let page = leader.get(&to).await;
    assert_eq!(leader.post(&page, &to, &[Part::Text("reason", " ")]).await.status, 422);
    let back = leader.post(&page, &to, &[Part::Text("reason", "Đã về sớm")]).await;
    assert_eq!(back.status, 303, "{}", words(&back));
    assert_eq!(deputy.get("/noi-lam-viec/duyet").await.status, 403, "at once");
    let told = words(&leader.get(&to).await);
    assert!(told.contains("Đã về sớm") && told.contains("Đã thu hồi"), "{told}");
    let again = leader.post(&page, &to, &[Part::Text("reason", "Lần nữa")]).await;
    assert_eq!(again.status, 422, "it is over");
    assert_eq!(proof(&world).unwrap(), 2, "lent and taken back");
    // It may be lent anew from the same day.
    assert_eq!(lend(&mut leader, "25", "30").await.status, 303);
    assert_eq!(deputy.get("/noi-lam-viec/duyet").await.status, 200);
    assert_eq!(proof(&world).unwrap(), 3);
}

#[tokio::test]
async fn bad_days_no_paper_and_the_same_twice_are_named() {
    let world = world();
    let mut leader = signed_in(&world, "minh").await;
    let page = leader.get("/noi-lam-viec/uy-quyen").await;
    let empty = leader.post(&page, "/noi-lam-viec/uy-quyen", &[]).await;
    assert_eq!(empty.status, 422);
    for field in ["to", "first", "last", "ground"] {
        assert!(empty.body.contains(&format!("href=\"#{field}\"")), "{field}: {}", words(&empty));
    }
    let past = lend(&mut leader, "24", "26").await;
    assert!(words(&past).contains("Ngày đầu đã qua"), "{}", words(&past));
    let turned = lend(&mut leader, "27", "26").await;
    assert!(words(&turned).contains("không được trước ngày đầu"), "{}", words(&turned));
    let no_day = lend(&mut leader, "31", "30").await;
    assert_eq!(no_day.status, 422, "31 April");
    assert_eq!(lend(&mut leader, "26", "28").await.status, 303);
    let twice = lend(&mut leader, "28", "29").await;
    assert!(words(&twice).contains("trong những ngày đó"), "{}", words(&twice));
    assert_eq!(proof(&world).unwrap(), 1);
}

#[tokio::test]
async fn a_power_that_nobody_recorded_is_found_by_the_proof() {
    let world = world();
    let mut leader = signed_in(&world, "minh").await;
    assert_eq!(lend(&mut leader, "26", "28").await.status, 303);
    let longer = |tx: &mut store::Tx<'_>| -> Result<(), store::StoreError> {
        let all = catalog::by_kind(tx, store::delegations::KIND)?;
        for document in all {
            let body = document.body.replace("2019-04-28", "2019-05-28");
            let valid_to = Some("2019-05-28".to_owned());
            catalog::put(tx, &Document { body, valid_to, ..document })?;
        }
        Ok(())
    };
    assert!(proof(&world).is_ok());
    world.app.0.store.act_blocking(longer).unwrap();
    assert!(proof(&world).is_err(), "another last day than the recorded one");
}
