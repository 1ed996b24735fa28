//! Reception with interruptions: what was begun is kept, a person comes from their card, several
//! procedures go for one person, and nothing is taken twice.

use crate::desk::tests::{case, signed_in, words};
use crate::testing::{
    Answer, BIRTH, Browser, LAND, Part, World, catalogue_by_page, pdf, world, world_with,
};
use kernel::case::Business;

const COUNTER: &str = "/noi-lam-viec/quay";

async fn form(desk: &mut Browser) -> Answer {
    let page = desk.get(&format!("{COUNTER}?tt={LAND}")).await;
    assert_eq!(page.status, 200, "{}", words(&page));
    page
}

fn person<'a>() -> Vec<Part<'a>> {
    let told = [("tt", LAND), ("name", "Danh Thị Mỹ Hương"), ("address", "phường An Hòa")];
    told.map(|(name, value)| Part::Text(name, value)).into()
}

/// The value of the hidden field of the slot, or nothing.
fn slot(page: &Answer) -> String {
    page.hidden("nhap")
}

#[tokio::test]
async fn what_was_begun_survives_a_closed_browser_and_only_for_its_officer() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let page = form(&mut desk).await;
    assert_eq!(slot(&page), "", "nothing is kept before anything was typed");
    let scan = pdf();
    let mut told = person();
    told.extend([
        Part::Text("lam", "luu"),
        Part::File("file_1", "don.pdf", &scan),
        Part::File("file_any", "2 giay chung nhan.pdf", &scan),
        Part::File("file_any", "khong so.pdf", &scan),
        Part::File("file_any", "1 virus.pdf", b"MZ"),
    ]);
    let kept = desk.post(&page, COUNTER, &told).await;
    assert_eq!(kept.status, 422, "two files are named, the rest is kept");
    let said = words(&kept);
    assert!(said.contains("“khong so.pdf” không bắt đầu bằng số"), "{said}");
    assert!(said.contains("don.pdf") && said.contains("2 giay chung nhan.pdf"), "{said}");
    assert!(said.contains("Đã lưu nháp lúc"), "{said}");

    let mut again = signed_in(&world, "han").await;
    let choose = again.get(COUNTER).await;
    let said = words(&choose);
    assert!(said.contains("Đang làm dở") && said.contains("Danh Thị Mỹ Hương"), "{said}");
    assert!(said.contains("2 tệp"), "{said}");
    let back = again.get(&format!("{COUNTER}?tt={LAND}&nhap=0")).await;
    assert!(back.body.contains("phường An Hòa") && back.body.contains("don.pdf"));
    assert_eq!(slot(&back), "0");
    let mut other = signed_in(&world, "lan").await;
    let said = words(&other.get(COUNTER).await);
    assert!(!said.contains("Danh Thị Mỹ Hương"), "{said}");

    // One file out, then received: the other goes with the case and the slot is free.
    let file = back.body.split("value=\"bo-").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let out = format!("bo-{file}");
    let mut told = person();
    told.extend([Part::Text("lam", &out), Part::Text("nhap", "0")]);
    let less = again.post(&back, COUNTER, &told).await;
    assert!(!less.body.contains("don.pdf") && less.body.contains("giay chung nhan.pdf"));
    let mut told = person();
    told.extend(["1", "2", "3"].map(|no| Part::Text("papers", no)));
    told.push(Part::Text("nhap", "0"));
    let done = again.post(&less, COUNTER, &told).await;
    assert_eq!(done.status, 303, "{}", words(&done));
    let found = case(&world, id_of(&done));
    let files: usize = found.papers.iter().map(|paper| paper.files.len()).sum();
    assert_eq!((found.business, files), (Business::Accepted, 1));
    assert!(!words(&again.get(COUNTER).await).contains("Đang làm dở"));

    // What was still on its way begins nothing anew.
    let mut late = person();
    late.extend([Part::Text("lam", "luu"), Part::Text("nhap", "0")]);
    assert_eq!(again.post(&less, COUNTER, &late).await.status, 409);
    assert!(!words(&again.get(COUNTER).await).contains("Đang làm dở"));
}

fn id_of(answer: &Answer) -> &str {
    let path = answer.location().split('?').next().unwrap();
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn slots_are_few_and_a_full_one_loses_nothing() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    for n in 0..super::draft::SLOTS {
        let page = form(&mut desk).await;
        let mut told = person();
        told.push(Part::Text("lam", "luu"));
        let kept = desk.post(&page, COUNTER, &told).await;
        assert_eq!(slot(&kept), n.to_string());
    }
    let page = form(&mut desk).await;
    let mut told = person();
    told.push(Part::Text("lam", "luu"));
    let full = desk.post(&page, COUNTER, &told).await;
    assert_eq!((full.status.as_u16(), slot(&full).as_str()), (200, ""));
    assert!(words(&full).contains("chưa lưu thêm được"), "{}", words(&full));
    assert!(full.body.contains("Danh Thị Mỹ Hương"), "it stands on the page all the same");

    let choose = desk.get(COUNTER).await;
    let gone = desk.post(&choose, COUNTER, &[Part::Text("lam", "xoa-3")]).await;
    assert_eq!(gone.status, 303);
    let kept = desk.post(&full, COUNTER, &told).await;
    assert_eq!(slot(&kept), "3");
}

#[tokio::test]
async fn a_card_fills_the_person_in() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let page = form(&mut desk).await;
    let code = "091184002716||Danh Thị Mỹ Hương|05021984|Nữ|Phường An Hòa|12052021";
    let told = [("tt", LAND), ("lam", "tim"), ("number", code), ("phone", "0939204551")];
    let told = told.map(|(name, value)| Part::Text(name, value));
    let known = desk.post(&page, COUNTER, &told).await;
    assert_eq!(known.status, 200, "{}", words(&known));
    for value in ["091184002716", "Danh Thị Mỹ Hương", "1984", "Phường An Hòa", "0939204551"]
    {
        assert!(known.body.contains(&format!("value=\"{value}\"")), "{value}: {}", known.body);
    }
    assert!(words(&known).contains("Điền từ mã trên thẻ"), "{}", words(&known));
}

#[tokio::test]
async fn a_phone_opens_nobody_and_f4_ticks_only_what_is_required() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    crate::desk::tests::received(&world, &mut desk).await;
    let page = form(&mut desk).await;
    for (number, known) in [("0912345486", false), ("091192003418", true)] {
        let told = [("tt", LAND), ("lam", "tim"), ("number", number)];
        let told = told.map(|(name, value)| Part::Text(name, value));
        let answer = desk.post(&page, COUNTER, &told).await;
        assert_eq!(answer.body.contains("Nguyễn Thị Kim Loan"), known, "{number}");
    }
    let mut told = person();
    told.push(Part::Text("lam", "du"));
    let ticked = desk.post(&page, COUNTER, &told).await;
    let edition = world.app.catalogue();
    let edition = edition.in_force(&LAND.into(), world.app.today()).unwrap();
    for paper in &edition.papers {
        let on = format!("name=\"papers\" value=\"{}\" checked", paper.no);
        assert_eq!(ticked.body.contains(&on), paper.required, "paper {}", paper.no);
    }
}

#[tokio::test]
async fn words_lead_to_the_form_and_others_that_fit_stand_beside() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let found = desk.get(&format!("{COUNTER}?q=tach+thua")).await;
    let said = words(&found);
    assert!(said.contains("Tìm thấy khi gõ “tach thua”"), "{said}");
    assert!(found.body.contains(&format!("name=\"tt\" value=\"{LAND}\"")));
    let none = desk.get(&format!("{COUNTER}?q=zzz")).await;
    assert_eq!(none.status, 200);
    assert!(!none.body.contains("name=\"papers\""));
}

async fn taken(world: &World, desk: &mut Browser, page: &Answer, more: &[(&str, &str)]) -> Answer {
    let edition = world.app.catalogue();
    let edition = edition.in_force(&LAND.into(), world.app.today()).unwrap();
    let numbers: Vec<String> = edition.papers.iter().map(|p| p.no.to_string()).collect();
    let mut told = person();
    told.extend(numbers.iter().map(|no| Part::Text("papers", no)));
    told.extend(more.iter().map(|(name, value)| Part::Text(name, value)));
    let done = desk.post(page, COUNTER, &told).await;
    assert_eq!(done.status, 303, "{}", words(&done));
    done
}

#[tokio::test]
async fn one_person_has_several_procedures_in_one_go() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let page = form(&mut desk).await;
    let first = taken(&world, &mut desk, &page, &[]).await;
    let id = id_of(&first).to_owned();
    let done = desk.get(first.location()).await;
    let again = format!("{COUNTER}?tu={id}&#38;cung={id}");
    assert!(done.body.contains(&again), "{}", done.body);

    let to = format!("{COUNTER}?tt={LAND}&tu={id}&cung={id}");
    let next = desk.get(&to).await;
    assert!(next.body.contains("value=\"Danh Thị Mỹ Hương\""), "{}", words(&next));
    let code = case(&world, &id).code.unwrap();
    assert!(words(&next).contains(&format!("Cùng người với hồ sơ {code}")), "{}", words(&next));
    let chain = next.hidden("cung");
    let second = taken(&world, &mut desk, &next, &[("cung", &chain)]).await;
    let done = desk.get(second.location()).await;
    let said = words(&done);
    assert!(said.contains("Hồ sơ khác của người này") && said.contains(&code), "{said}");

    // A case of another desk lends nobody's particulars.
    let mut other = signed_in(&world, "lan").await;
    let stolen = other.get(&format!("{COUNTER}?tt={BIRTH}&tu={id}")).await;
    assert_eq!(stolen.status, 404);
}

const LANE: &str = "/noi-lam-viec/quay/ngay";

fn copies<'a>(copies: &'a str, pages: &'a str, seen: &'a str) -> Vec<Part<'a>> {
    let told = [("tt", BIRTH), ("name", "Thạch Sóc"), ("pay", "cash")];
    let mut told: Vec<_> = told.map(|(name, value)| Part::Text(name, value)).into();
    told.extend(
        [("copies", copies), ("pages", pages), ("phi", seen)].map(|(n, v)| Part::Text(n, v)),
    );
    told
}

#[tokio::test]
async fn copies_are_paid_by_the_page_numbered_and_handed_over_at_once() {
    let world = world_with(catalogue_by_page());
    let mut desk = signed_in(&world, "lan").await;
    let page = desk.get(LANE).await;
    assert_eq!(page.status, 200, "{}", words(&page));
    assert!(words(&page).contains("2 trang đầu"), "{}", words(&page));
    let wrong = desk.post(&page, LANE, &copies("0", "9999", "")).await;
    assert_eq!(wrong.status, 422);
    for field in ["copies", "pages"] {
        assert!(wrong.body.contains(&format!("href=\"#{field}\"")), "{}", words(&wrong));
    }

    // A fee that was not seen is shown first, and nothing is taken.
    let seen = desk.post(&page, LANE, &copies("3", "4", "")).await;
    assert_eq!(seen.status, 200);
    assert!(words(&seen).contains("Thu 18.000"), "{}", words(&seen));
    let other = desk.post(&seen, LANE, &copies("2", "4", "18000")).await;
    assert_eq!(other.status, 200, "two copies cost something else");
    assert_eq!(seen.hidden("phi"), "18000");
    let done = desk.post(&seen, LANE, &copies("3", "4", "18000")).await;
    assert_eq!(done.status, 303, "{}", words(&done));
    let again = desk.post(&seen, LANE, &copies("3", "4", "18000")).await;
    assert_eq!(again.status, 303, "a double click is one act");
    let after = words(&desk.get(done.location()).await);
    assert!(after.contains("số 1/2019-SCT/BS") && after.contains("18.000"), "{after}");

    let second = desk.post(&page, LANE, &copies("1", "1", "2000")).await;
    assert_eq!(second.status, 303, "{}", words(&second));
    let after = words(&desk.get(second.location()).await);
    assert!(after.contains("số 2/2019-SCT/BS"), "{after}");
    let proof = {
        let catalogue = world.app.catalogue();
        world.app.0.store.read_blocking(|r| store::cases::verify(r, &catalogue, &mut |_| ()))
    };
    assert_eq!(proof.unwrap().cases, 2);

    let mut other = signed_in(&world, "bao").await;
    assert_eq!(other.get(LANE).await.status, 403, "who receives nothing has no lane");
}

#[tokio::test]
async fn a_desk_without_such_procedures_says_so() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let page = desk.get(LANE).await;
    assert!(words(&page).contains("không có thủ tục trả ngay"), "{}", words(&page));
}
