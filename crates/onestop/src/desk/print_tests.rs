//! Papers of a case: each where the history gives it, printed as PDF, and none for anybody else.

use super::tests::{act, case, complete, received, signed_in, words};
use crate::testing::{account_of, world};

/// The address of the link with these words.
fn link(body: &str, words: &str) -> Option<String> {
    let before = body.split_once(words)?.0;
    let (_, href) = before.rsplit_once("href=\"")?;
    Some(href.split_once('"')?.0.to_owned())
}

#[tokio::test]
async fn a_request_for_more_and_the_control_slip_are_printed() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    assert_eq!(act(&mut desk, &id, "forward", &[]).await.status, 303);
    let mut head = signed_in(&world, "phong").await;
    let bao = account_of("bao");
    complete(&world, &mut head, &id, &[("outcome", "done"), ("officer", bao.as_str())]).await;
    let mut officer = signed_in(&world, "bao").await;
    let home = format!("/noi-lam-viec/ho-so/{id}");
    let page = officer.get(&home).await;
    assert_eq!(link(&page.body, "Phiếu yêu cầu bổ sung"), None, "nothing was asked for yet");

    let form = [("papers", "1"), ("reason", "Thiếu bản vẽ thửa đất"), ("answer_days", "10")];
    let asked = act(&mut officer, &id, "ask-supplement", &form).await;
    assert_eq!(asked.status, 303, "{}", words(&asked));
    let page = officer.get(&home).await;
    let request = link(&page.body, "Phiếu yêu cầu bổ sung").unwrap();
    let slip = link(&page.body, "Phiếu kiểm soát").unwrap();
    for address in [&request, &slip] {
        let paper = officer.get(address).await;
        assert_eq!(paper.status, 200, "{address}");
        assert!(paper.bytes.starts_with(b"%PDF"), "{address}");
    }
    // An entry that gives no paper, and one that is not there.
    let last = case(&world, &id).seq;
    for seq in [1, last + 1] {
        assert_eq!(officer.get(&format!("{home}/giay/{seq}")).await.status, 404);
    }
    let mut other = signed_in(&world, "lan").await;
    for address in [&request, &slip] {
        assert_eq!(other.get(address).await.status, 404, "not theirs: {address}");
    }
}
