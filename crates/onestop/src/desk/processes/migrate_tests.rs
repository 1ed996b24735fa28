//! Migrations through their pages: who may, the way from the comparison to the move and back, forms
//! sent twice or too late, what an administrator is told and what not.

use crate::desk::tests::{act, case, complete, received, signed_in, words};
use crate::jobs::{Outside, round};
use crate::pages::{keep, told};
use crate::testing::{Answer, Browser, Part, World, account_of, world};
use crate::versions_tests::draft;
use kernel::access::{Actor, Grant};
use kernel::ids::{CaseId, UnitId};

const BASE: &str = "/noi-lam-viec/quy-trinh/ban/appraisal/1";
const LIST: &str = "/noi-lam-viec/quy-trinh/ban/appraisal/1/chuyen-ho-so";

/// An outside that takes everything.
struct Anybody;

impl Outside for Anybody {
    fn portal_sync(&self, _: CaseId, _: u8) -> Result<(), String> {
        Ok(())
    }

    fn notify(&self, _: CaseId, _: &str) -> Result<(), String> {
        Ok(())
    }

    fn notify_desk(&self, _: CaseId, _: &UnitId, _: &str, _: &[UnitId]) -> Result<(), String> {
        Ok(())
    }

    fn message(&self, _: CaseId, _: &str, _: Option<&str>) -> Result<(), String> {
        Ok(())
    }
}

/// The worker until it has nothing to do.
async fn work(world: &World) {
    while round(&world.app, &Anybody).await.unwrap() {}
}

async fn page(browser: &mut Browser, to: &str) -> Answer {
    let answer = browser.get(to).await;
    assert_eq!(answer.status, 200, "{to}: {}", answer.body);
    words(&answer);
    assert_eq!(answer.body.matches("<h1").count(), 1);
    answer
}

async fn send(browser: &mut Browser, to: &str, form: &[(&str, &str)]) -> Answer {
    let shown = page(browser, to).await;
    let rev = shown.hidden("rev");
    send_from(browser, &shown, to, &rev, form).await
}

async fn send_from(
    browser: &mut Browser,
    shown: &Answer,
    to: &str,
    rev: &str,
    form: &[(&str, &str)],
) -> Answer {
    let mut parts = vec![Part::Text("rev", rev)];
    parts.extend(form.iter().map(|(name, value)| Part::Text(name, value)));
    browser.post(shown, to, &parts).await
}

const APPLY: [(&str, &str); 4] =
    [("lam", "apply"), ("reason", "Rút gọn"), ("ground", "QĐ 12"), ("sure", "1")];

/// Two cases of the first version, one of them at the step that the second has not; then the second
/// is published.
async fn two_cases(world: &World) -> (Browser, [String; 2]) {
    let mut desk = signed_in(world, "han").await;
    let mut head = signed_in(world, "phong").await;
    let first = received(world, &mut desk).await;
    let second = received(world, &mut desk).await;
    for id in [&first, &second] {
        assert_eq!(act(&mut desk, id, "forward", &[]).await.status, 303);
    }
    let officer = account_of("bao");
    let form = [("outcome", "done"), ("officer", officer.as_str())];
    complete(world, &mut head, &second, &form).await;
    let publication = draft(world, 1, 1, 0);
    let actor = Actor::system("test");
    world.app.publish_process(&actor, Grant::default(), publication).await.unwrap();
    (desk, [first, second])
}

async fn begun(admin: &mut Browser) -> String {
    let shown = page(admin, LIST).await;
    let answer = admin.post(&shown, LIST, &[Part::Text("to", "2")]).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.location().to_owned()
}

#[tokio::test]
async fn running_cases_are_compared_tried_moved_and_taken_back() {
    let world = world();
    let (mut desk, [first, second]) = two_cases(&world).await;
    let mut admin = signed_in(&world, "tri").await;
    let shown = page(&mut admin, BASE).await;
    assert!(shown.body.contains("Chuyển hồ sơ đang chạy sang phiên bản 2"));
    let to = begun(&mut admin).await;
    assert_eq!(begun(&mut admin).await, to, "one that is open is gone on with");

    let shown = page(&mut admin, &to).await;
    let text = words(&shown);
    for said in ["Đang lập bảng đối chiếu", "cùng mã", "không tìm thấy", "chưa có bước tương ứng"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(shown.body.matches("bpmn-diagram").count(), 2, "both drawings");
    assert!(shown.body.contains("bpmn-finding is-error"), "what has no counterpart is marked");
    assert!(!shown.body.contains("value=\"apply\""), "no move before the dry run");

    assert_eq!(send(&mut admin, &to, &[("lam", "check")]).await.status, 303);
    let waits = words(&page(&mut admin, &to).await);
    assert!(waits.contains("đã xem 0 hồ sơ") && waits.contains("Xem số mới nhất"), "{waits}");
    work(&world).await;
    let shown = page(&mut admin, &to).await;
    let text = words(&shown);
    assert!(text.contains("1 hồ sơ sẽ chuyển được, 1 hồ sơ sẽ ở lại"), "{text}");
    assert!(text.contains("Bước đang đứng không có bước tương ứng Thẩm định hồ sơ 1"), "{text}");
    let id = [(to.rsplit('/').next().unwrap(), "{migration}")];
    keep("migration_checked", &told(&shown, &id));
    let codes = [&first, &second].map(|id| case(&world, id).code.unwrap());
    assert!(codes.iter().all(|code| !shown.body.contains(code)), "an administrator sees no case");
    let mut auditor = signed_in(&world, "giam").await;
    let seen = page(&mut auditor, &to).await;
    assert!(seen.body.contains(&codes[1]), "who may see the case is told which");
    assert!(!seen.body.contains("name=\"lam\""), "and may do nothing here");

    for missing in [&APPLY[..3], &[APPLY[0], APPLY[3]]] {
        let refused = send(&mut admin, &to, missing).await;
        assert_eq!(refused.status, 422);
        words(&refused);
    }
    let shown = page(&mut admin, &to).await;
    let rev = shown.hidden("rev");
    for _ in 0..2 {
        let done = send_from(&mut admin, &shown, &to, &rev, &APPLY).await;
        assert_eq!(done.status, 303, "also the same form again: {}", done.body);
    }
    work(&world).await;
    let versions = [&first, &second].map(|id| case(&world, id).process_version);
    assert_eq!(versions, [2, 1]);
    let text = words(&page(&mut admin, &to).await);
    assert!(text.contains("1 hồ sơ đã chuyển, 1 hồ sơ ở lại"), "{text}");
    assert!(text.contains("1 hồ sơ còn chuyển lại được"), "{text}");
    keep("migration_applied", &told(&page(&mut admin, &to).await, &id));
    let history = words(&page(&mut admin, BASE).await);
    assert!(
        history.contains("Chuyển hồ sơ đang chạy từ phiên bản 1 sang phiên bản 2"),
        "{history}"
    );
    let shown = desk.get(&format!("/noi-lam-viec/ho-so/{first}")).await;
    assert!(words(&shown).contains("Chuyển sang phiên bản 2 của quy trình"));

    let form = [("lam", "revert"), ("reason", "Nhầm"), ("sure", "1")];
    assert_eq!(send(&mut admin, &to, &form).await.status, 303);
    work(&world).await;
    assert_eq!(case(&world, &first).process_version, 1);
    let text = words(&page(&mut admin, &to).await);
    assert!(text.contains("1 hồ sơ đã về phiên bản cũ"), "{text}");
    let list = words(&page(&mut admin, LIST).await);
    assert!(list.contains("Đã chuyển lại") && list.contains("Đã chuyển 1 hồ sơ"), "{list}");
    let catalogue = world.app.catalogue();
    let proof =
        world.app.0.store.read_blocking(|r| store::cases::verify(r, &catalogue, &mut |_| ()));
    assert_eq!(proof.unwrap().cases, 2);
}

#[tokio::test]
async fn a_person_chooses_a_counterpart_and_nobody_overwrites_it() {
    let world = world();
    let (_, [first, second]) = two_cases(&world).await;
    let mut admin = signed_in(&world, "tri").await;
    let mut other = signed_in(&world, "tri").await;
    let to = begun(&mut admin).await;
    let stale = page(&mut other, &to).await;
    let stale_rev = stale.hidden("rev");
    let shown = page(&mut admin, &format!("{to}?phan-tu=appraise")).await;
    assert!(shown.body.contains("Chọn bước tương ứng: Thẩm định hồ sơ"));
    assert!(shown.body.contains("<option value=\"prepare\""));
    assert!(!shown.body.contains("<option value=\"sign\""), "what is taken is not offered");
    let rev = shown.hidden("rev");
    let target = |to: &'static str| [("lam", "target"), ("buoc", "appraise"), ("target", to)];
    let taken = send_from(&mut admin, &shown, &to, &rev, &target("sign")).await;
    assert_eq!(taken.status, 422);
    assert!(words(&taken).contains("đã là bước tương ứng"));
    let done = send_from(&mut admin, &shown, &to, &rev, &target("prepare")).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let text = words(&page(&mut admin, &to).await);
    assert!(text.contains("do người chọn"), "{text}");
    let late = send_from(&mut other, &stale, &to, &stale_rev, &[("lam", "check")]).await;
    assert_eq!(late.status, 409);
    assert!(words(&late).contains("Người khác vừa sửa"));

    assert_eq!(send(&mut admin, &to, &[("lam", "check")]).await.status, 303);
    work(&world).await;
    assert_eq!(send(&mut admin, &to, &APPLY).await.status, 303);
    work(&world).await;
    let versions = [&first, &second].map(|id| case(&world, id).process_version);
    assert_eq!(versions, [2, 2]);
    // The case stands at the chosen step, and its page tells the way before in the old words.
    let mut officer = signed_in(&world, "bao").await;
    let way = words(&officer.get(&format!("/noi-lam-viec/ho-so/{second}")).await);
    assert!(way.contains("Chuẩn bị ý kiến trả lời") && !way.contains("appraise"), "{way}");
}

#[tokio::test]
async fn every_officer_may_look_and_only_administrators_of_the_province_act() {
    let world = world();
    two_cases(&world).await;
    let mut admin = signed_in(&world, "tri").await;
    let to = begun(&mut admin).await;
    let mut officer = signed_in(&world, "bao").await;
    for at in [BASE, LIST, &to] {
        let shown = page(&mut officer, at).await;
        assert!(
            !shown.body.contains("name=\"lam\"") && !shown.body.contains("name=\"to\""),
            "{at}"
        );
    }
    let with_form = officer.get("/noi-lam-viec/mat-khau").await;
    for (at, form) in [
        (LIST, vec![Part::Text("to", "2")]),
        (to.as_str(), vec![Part::Text("rev", "1"), Part::Text("lam", "check")]),
    ] {
        assert_eq!(officer.post(&with_form, at, &form).await.status, 403, "{at}");
    }
    for (at, status) in [
        ("/noi-lam-viec/quy-trinh/chuyen/none", 404),
        ("/noi-lam-viec/quy-trinh/chuyen/00000000-0000-0000-0000-000000000001", 404),
        ("/noi-lam-viec/quy-trinh/ban/appraisal/9/chuyen-ho-so", 404),
    ] {
        assert_eq!(admin.get(at).await.status, status, "{at}");
    }
    for form in [[("lam", "melt")], [("lam", "")]] {
        assert_eq!(send(&mut admin, &to, &form).await.status, 400);
    }
    // In English, and before there is anything to move to.
    let english = page(&mut admin, &format!("{to}?lang=en")).await;
    assert!(words(&english).contains("Comparison"), "{}", words(&english));
    let newest = "/noi-lam-viec/quy-trinh/ban/appraisal/2/chuyen-ho-so";
    assert!(words(&page(&mut admin, newest).await).contains("no later version"));
    assert_eq!(send(&mut admin, &to, &[("lam", "cancel")]).await.status, 303);
    let text = words(&page(&mut admin, &to).await);
    assert!(text.contains("Given up"), "{text}");
}
