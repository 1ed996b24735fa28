//! The leader's queue: boxes for many, questions that reach the officer and come back answered.

use super::tests::{act, case, complete, received, signed_in, words};
use crate::testing::{Part, World, account_of, world};

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

#[tokio::test]
async fn the_queue_has_boxes_and_one_button_for_many() {
    let world = world();
    let id = to_sign(&world).await;
    let mut leader = signed_in(&world, "minh").await;
    let queue = leader.get("/noi-lam-viec/duyet").await;
    assert!(queue.body.contains(&format!("name=\"ho-so\" value=\"{id}\"")));
    assert!(!queue.body.contains("checked"), "nothing is ticked by itself");
    let all = leader.get("/noi-lam-viec/duyet?chon=1").await;
    assert!(all.body.contains("checked"));
    let page = leader.get(&format!("/noi-lam-viec/nhieu?ho-so={id}&lam=approve")).await;
    assert!(words(&page).contains("Làm được: 1"), "{}", words(&page));
}

#[tokio::test]
async fn a_question_reaches_its_officer_and_the_answer_comes_back() {
    let world = world();
    let id = to_sign(&world).await;
    let mut leader = signed_in(&world, "minh").await;
    let queue = leader.get("/noi-lam-viec/duyet").await;
    assert!(queue.body.contains("/noi-lam-viec/hoi-dap?ho-so="), "{}", words(&queue));
    let to = format!("/noi-lam-viec/hoi-dap?ho-so={id}&tiep=duyet");
    let page = leader.get(&to).await;
    let bao = account_of("bao");
    let empty =
        [Part::Text("lam", "hoi"), Part::Text("ho-so", &id), Part::Text("officer", bao.as_str())];
    assert_eq!(leader.post(&page, "/noi-lam-viec/hoi-dap", &empty).await.status, 422);
    let stranger = account_of("lan");
    let form = |officer| {
        [
            Part::Text("lam", "hoi"),
            Part::Text("ho-so", id.as_str()),
            Part::Text("officer", officer),
            Part::Text("note", "Ranh giới đã đo lại chưa?"),
            Part::Text("tiep", "duyet"),
        ]
    };
    let wrong = leader.post(&page, "/noi-lam-viec/hoi-dap", &form(stranger.as_str())).await;
    assert_eq!(wrong.status, 422, "somebody of another unit cannot be asked");
    let before = case(&world, &id).seq;
    let page = leader.get(&to).await;
    let asked = leader.post(&page, "/noi-lam-viec/hoi-dap", &form(bao.as_str())).await;
    assert_eq!(asked.location(), "/noi-lam-viec/duyet");
    leader.post(&page, "/noi-lam-viec/hoi-dap", &form(bao.as_str())).await;
    assert_eq!(case(&world, &id).seq, before + 1, "a repeat asks nothing again");
    let told = words(&leader.get(&format!("/noi-lam-viec/ho-so/{id}")).await);
    assert!(told.contains("Hỏi Trần Quốc Bảo: Ranh giới đã đo lại chưa?"), "{told}");

    let mut officer = signed_in(&world, "bao").await;
    let side = words(&officer.get("/noi-lam-viec").await);
    assert!(side.contains("Hỏi đáp về hồ sơ"), "the officer is told: {side}");
    let page = officer.get("/noi-lam-viec/hoi-dap").await;
    assert!(words(&page).contains("Ranh giới đã đo lại chưa?"), "{}", words(&page));
    let question = page.hidden("cau");
    let field = format!("note.{question}");
    let answer = [
        Part::Text("lam", "tra-loi"),
        Part::Text("cau", &question),
        Part::Text(&field, "Đã đo ngày 20/4."),
    ];
    let silent = [Part::Text("lam", "tra-loi"), Part::Text("cau", &question)];
    assert_eq!(officer.post(&page, "/noi-lam-viec/hoi-dap", &silent).await.status, 422);
    // Whoever was not asked cannot answer.
    let mut head = signed_in(&world, "phong").await;
    let home = head.get("/noi-lam-viec/phien").await;
    assert_eq!(head.post(&home, "/noi-lam-viec/hoi-dap", &answer).await.status, 404);
    let page = officer.get("/noi-lam-viec/hoi-dap").await;
    assert_eq!(officer.post(&page, "/noi-lam-viec/hoi-dap", &answer).await.status, 303);
    let page = officer.get("/noi-lam-viec/hoi-dap").await;
    assert!(words(&page).contains("Không có câu hỏi nào chờ trả lời"), "{}", words(&page));
    let seq = case(&world, &id).seq;
    let late = officer.post(&page, "/noi-lam-viec/hoi-dap", &answer).await;
    assert_eq!((late.status.as_u16(), case(&world, &id).seq), (303, seq), "answered once");
    let back = words(&leader.get("/noi-lam-viec/hoi-dap?lang=en").await);
    assert!(back.contains("Đã đo ngày 20/4."), "{back}");

    // Who decides nothing asks nothing; who sees nothing finds nothing.
    assert_eq!(officer.get(&to).await.status, 403);
    let mut other = signed_in(&world, "lan").await;
    assert_eq!(other.get(&to).await.status, 404);
}
