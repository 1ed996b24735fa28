//! Worklists through the router: filters that combine, words and numbers, stopped cases, views,
//! columns, the spreadsheet.

use crate::desk::tests::{act, complete, received, signed_in, words};
use crate::testing::{Answer, Browser, Part, World, account_of, world};

async fn assigned(world: &World) -> String {
    let mut desk = signed_in(world, "han").await;
    let id = received(world, &mut desk).await;
    assert_eq!(act(&mut desk, &id, "forward", &[]).await.status, 303);
    let mut head = signed_in(world, "phong").await;
    let bao = account_of("bao");
    complete(world, &mut head, &id, &[("outcome", "done"), ("officer", bao.as_str())]).await;
    id
}

async fn holds(browser: &mut Browser, query: &str, id: &str) -> bool {
    let page = browser.get(&format!("/noi-lam-viec?{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", words(&page));
    words(&page);
    page.body.contains(id)
}

#[tokio::test]
async fn filters_combine_and_say_no_when_one_does_not_fit() {
    let world = world();
    let id = assigned(&world).await;
    let mut officer = signed_in(&world, "bao").await;
    for (query, fits) in [
        ("nhom=in-work&cua=toi", true),
        ("nhom=tat-ca&cua=toi", true),
        ("nhom=tat-ca&cua=don-vi&qua=counter", true),
        ("nhom=tat-ca&cua=don-vi&qua=online", false),
        ("nhom=tat-ca&cua=don-vi&qua=online&qua=counter", true),
        ("nhom=in-work&cua=toi&tra=counter", true),
        ("nhom=in-work&cua=toi&tra=post", false),
        ("nhom=in-work&cua=toi&han=tre", false),
        ("nhom=in-work&cua=toi&im=3", false),
        ("nhom=in-work&cua=toi&tu=kim%20loan", true),
        ("nhom=in-work&cua=toi&tu=THAM%20DINH", true),
        ("nhom=in-work&cua=toi&tu=091192003418", true),
        ("nhom=in-work&cua=toi&tu=091192003419", false),
        ("nhom=in-work&cua=toi&tu=kim%20loan&qua=post", false),
        ("nhom=waiting-citizen&cua=toi", false),
        ("cua=thay", false),
    ] {
        assert_eq!(holds(&mut officer, query, &id).await, fits, "{query}");
    }
    // Ten days later it is silent; after its date it is late and no longer soon.
    let day = 86_400_000;
    world.clock.set(crate::testing::NOW.ms() + 10 * day);
    let mut officer = signed_in(&world, "bao").await;
    assert!(holds(&mut officer, "nhom=tat-ca&cua=toi&im=9", &id).await);
    assert!(!holds(&mut officer, "nhom=tat-ca&cua=toi&im=11", &id).await);
    world.clock.set(crate::testing::NOW.ms() + 18 * day);
    let mut officer = signed_in(&world, "bao").await;
    let soon = holds(&mut officer, "nhom=tat-ca&cua=toi&han=sap", &id).await;
    let late = holds(&mut officer, "nhom=tat-ca&cua=toi&han=tre", &id).await;
    assert!(soon != late, "soon and late exclude each other");
    world.clock.set(crate::testing::NOW.ms() + 40 * day);
    let mut officer = signed_in(&world, "bao").await;
    assert!(holds(&mut officer, "nhom=tat-ca&cua=toi&han=tre", &id).await);
    assert!(!holds(&mut officer, "nhom=tat-ca&cua=toi&han=sap", &id).await);
    let mut other = signed_in(&world, "lan").await;
    assert!(!holds(&mut other, "nhom=tat-ca&cua=don-vi&tu=kim", &id).await, "another unit's");
}

#[tokio::test]
async fn stopped_cases_have_a_list_of_whoever_may_see_them() {
    let world = world();
    let id = assigned(&world).await;
    let mut leader = signed_in(&world, "minh").await;
    assert!(!holds(&mut leader, "nhom=da-dung", &id).await);
    assert_eq!(
        act(&mut leader, &id, "stop", &[("reason", "Không đủ điều kiện")]).await.status,
        303
    );
    assert!(holds(&mut leader, "nhom=da-dung", &id).await);
    let mut desk = signed_in(&world, "han").await;
    assert!(holds(&mut desk, "nhom=da-dung&cua=don-vi", &id).await);
    let mut other = signed_in(&world, "lan").await;
    assert!(!holds(&mut other, "nhom=da-dung", &id).await);
}

async fn view(browser: &mut Browser, page: &Answer, form: &[(&str, &str)]) -> Answer {
    let parts: Vec<Part<'_>> = form.iter().map(|(n, v)| Part::Text(n, v)).collect();
    browser.post(page, "/noi-lam-viec/goc-nhin", &parts).await
}

#[tokio::test]
async fn views_are_saved_named_ordered_put_first_and_removed_by_their_owner_only() {
    let world = world();
    let mut officer = signed_in(&world, "bao").await;
    let query = "nhom=in-work&cua=toi&han=tre&tu=kim";
    let page = officer
        .get(&format!(
            "/noi-lam-viec/goc-nhin?ve={}",
            query.replace('&', "%26").replace('=', "%3D")
        ))
        .await;
    assert!(words(&page).contains("Từ đã gõ không được lưu"), "{}", words(&page));
    let saving = page.hidden("ve").replace("&#38;", "&").replace("&amp;", "&");
    assert_eq!(saving, "nhom=in-work&cua=toi&han=tre", "words are left out");
    let empty = view(&mut officer, &page, &[("lam", "luu"), ("ve", query), ("ten", " ")]).await;
    assert_eq!(empty.status, 422);
    let form = [("lam", "luu"), ("ve", query), ("ten", "Trễ của tôi")];
    let saved = view(&mut officer, &page, &form).await;
    assert_eq!(saved.status, 303);
    view(&mut officer, &page, &form).await;
    let page = officer.get("/noi-lam-viec/goc-nhin").await;
    assert_eq!(page.body.matches("name=\"goc\"").count(), 1, "the same form saves once");
    assert!(words(&officer.get(saved.location()).await).contains("Trễ của tôi"), "at the side");
    let twice =
        view(&mut officer, &page, &[("lam", "luu"), ("ve", query), ("ten", "trễ của TÔI")]).await;
    assert_eq!(twice.status, 422, "one name, one view");
    let page = officer.get("/noi-lam-viec/goc-nhin").await;
    let second = [("lam", "luu"), ("ve", "nhom=tat-ca&cua=don-vi"), ("ten", "Cả đơn vị")];
    assert_eq!(view(&mut officer, &page, &second).await.status, 303);
    let page = officer.get("/noi-lam-viec/goc-nhin").await;
    let id = page.hidden("goc");
    assert_eq!(view(&mut officer, &page, &[("lam", "xuong"), ("goc", &id)]).await.status, 303);
    let page = officer.get("/noi-lam-viec/goc-nhin").await;
    assert_ne!(page.hidden("goc"), id, "the other stands first now");
    assert_eq!(view(&mut officer, &page, &[("lam", "dau"), ("goc", &id)]).await.status, 303);
    let home = officer.get("/noi-lam-viec").await;
    assert_eq!(home.location(), "/noi-lam-viec?nhom=in-work&cua=toi&han=tre");
    let page = officer.get("/noi-lam-viec/goc-nhin").await;
    let named = [("lam", "doi-ten"), ("goc", id.as_str()), ("ten", "Quá hạn")];
    assert_eq!(view(&mut officer, &page, &named).await.status, 303);
    // Another officer can neither see nor change it.
    let mut other = signed_in(&world, "phong").await;
    let theirs = other.get("/noi-lam-viec/goc-nhin").await;
    assert!(!words(&theirs).contains("Quá hạn"));
    let home = other.get("/noi-lam-viec/phien").await;
    view(&mut other, &home, &[("lam", "xoa"), ("goc", &id)]).await;
    let page = officer.get("/noi-lam-viec/goc-nhin").await;
    assert!(words(&page).contains("Quá hạn"), "still there");
    assert_eq!(view(&mut officer, &page, &[("lam", "xoa"), ("goc", &id)]).await.status, 303);
    assert_eq!(officer.get("/noi-lam-viec").await.status, 200, "no view comes first any more");
}

#[tokio::test]
async fn columns_and_density_are_remembered_and_the_sheet_has_them() {
    let world = world();
    let id = assigned(&world).await;
    let mut officer = signed_in(&world, "bao").await;
    let list = "nhom=in-work&cua=toi";
    let page = officer.get(&format!("/noi-lam-viec?{list}")).await;
    assert!(!words(&page).contains("Nộp qua Nộp qua") && page.body.contains("Kim Loan"));
    let form = [
        Part::Text("ve", list),
        Part::Text("cot", "source"),
        Part::Text("cot", "due"),
        Part::Text("day", "thoang"),
    ];
    let kept = officer.post(&page, "/noi-lam-viec/goc-nhin/cot", &form).await;
    assert_eq!(kept.location(), "/noi-lam-viec?nhom=in-work&cua=toi");
    let page = officer.get(kept.location()).await;
    assert!(page.body.contains("mc-rows--roomy") && page.body.contains("Tại quầy"));
    assert!(!page.body.contains("Kim Loan"), "the column of names is off");
    let elsewhere = [Part::Text("ve", "//example.org"), Part::Text("cot", "due")];
    let kept = officer.post(&page, "/noi-lam-viec/goc-nhin/cot", &elsewhere).await;
    assert_eq!(kept.location(), "/noi-lam-viec");

    let sheet = officer.get(&format!("/noi-lam-viec/danh-sach.xlsx?{list}&tu=kim")).await;
    assert_eq!(sheet.status, 200);
    assert!(sheet.bytes.starts_with(b"PK"), "a spreadsheet is a zip");
    let read = world.app.0.store.read_blocking(|reader| store::audit::after(reader, 0)).unwrap();
    let export = read.iter().find(|r| r.access.act == "export").expect("recorded");
    assert_eq!(export.access.ids, [id.parse::<uuid::Uuid>().unwrap()]);
    let filter = export.access.filter.clone().unwrap();
    assert!(filter.contains("nhom=in-work") && !filter.contains("kim"), "{filter}");
}
