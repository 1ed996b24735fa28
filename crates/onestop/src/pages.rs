//! The main pages as people read them, kept as snapshots: one outline per page, without the frame
//! around it. The clock stands, chance is seeded; ids are replaced by words.

use crate::desk::tests::{act, complete, received, signed_in};
use crate::portal::tests::{file_land, numbers, send, to_check, to_papers};
use crate::testing::{Answer, Browser, DISTRICT_DESK, LAND, NOW, Part, World, account_of, world};
use kit::When;

/// Elements that begin a line of the outline.
const BLOCKS: [&str; 24] = [
    "h1", "h2", "h3", "p", "li", "tr", "dt", "dd", "form", "section", "aside", "nav", "table",
    "fieldset", "legend", "label", "button", "details", "summary", "caption", "input", "select",
    "textarea", "iframe",
];
/// Elements whose content is not read out.
const SILENT: [&str; 2] = ["svg", "script"];

/// What stands in `main`, a line per block: the element, where it leads or what it is named, its
/// words.
fn outline(answer: &Answer) -> String {
    let main = answer.body.split("<main").nth(1);
    let main =
        main.unwrap_or_else(|| panic!("no page, but {} {:?}", answer.status, answer.headers));
    let main = main.split_once('>').unwrap().1.split("</main>").next().unwrap();
    let (mut lines, mut silent) = (vec![format!("status {}", answer.status.as_u16())], None);
    for part in main.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let name = tag.split([' ', '\n', '/']).next().unwrap_or_default();
        if let Some(closes) = silent {
            if tag.strip_prefix('/') == Some(closes) {
                silent = None;
                speak(&mut lines, text);
            }
            continue;
        }
        silent = SILENT.into_iter().find(|s| *s == name);
        let hidden = tag.contains("type=\"hidden\"");
        if silent.is_some() || hidden {
            continue;
        }
        if BLOCKS.contains(&name) {
            lines.push(format!("{name}{}:", marks(tag)));
        } else if matches!(name, "a" | "option" | "time") {
            speak(&mut lines, &format!("{name}{} ", marks(tag)));
        } else if matches!(name, "td" | "th") {
            speak(&mut lines, " |");
        }
        speak(&mut lines, text);
    }
    lines.retain(|line| !matches!(line.as_str(), "p:" | "li:" | "section:" | "tr:"));
    lines.join("\n")
}

/// The attributes that say where something leads and what a field is.
fn marks(tag: &str) -> String {
    let value = |name: &str| {
        let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
        rest.split('"').next().map(|value| format!(" {name}={value}"))
    };
    let told: String = ["href", "action", "name", "value", "type", "role", "src"]
        .into_iter()
        .filter_map(value)
        .filter(|mark| !mark.ends_with("=submit") && !mark.starts_with(" role=row"))
        .collect();
    let flag = |name: &str| tag.contains(&format!(" {name}")).then(|| format!(" {name}"));
    let flags: String = ["checked", "selected", "required"].into_iter().filter_map(flag).collect();
    told + &flags
}

fn speak(lines: &mut [String], text: &str) {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let (false, Some(line)) = (text.is_empty(), lines.last_mut()) {
        line.push(' ');
        line.push_str(&text);
    }
}

/// A page for keeping: outlined, with what differs from run to run replaced.
pub(crate) fn told(answer: &Answer, words: &[(&str, &str)]) -> String {
    let mut text = outline(answer);
    assert!(!text.contains('⟦'), "a text is missing: {text}");
    for (found, word) in words {
        text = text.replace(found, word);
    }
    let mut out: Vec<String> = Vec::new();
    for line in text.lines() {
        let pieces: Vec<&str> = line.split_inclusive(['/', '=', ' ', '?', '&', '#']).collect();
        out.push(pieces.into_iter().map(without_id).collect());
    }
    out.join("\n")
}

/// Ids (8-4-4-4-12 hexadecimal signs) and check sums of files become words.
fn without_id(piece: &str) -> String {
    let end = piece.trim_end_matches(['/', '=', ' ', '?', '&', '#']);
    let groups: Vec<usize> = end.split('-').map(str::len).collect();
    let is_hex = end.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    match groups.as_slice() {
        [8, 4, 4, 4, 12] if is_hex => piece.replace(end, "{id}"),
        [12] if is_hex && end.bytes().any(|b| b.is_ascii_digit()) => piece.replace(end, "{sum}"),
        _ => piece.to_owned(),
    }
}

fn citizen(world: &World) -> Browser {
    Browser::new(world, crate::routes(world.app.clone()))
}

/// Compares a page with the one that is kept under its name.
pub(crate) fn keep(name: &str, told: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, told));
}

#[tokio::test]
async fn public_pages() {
    let world = world();
    let mut browser = citizen(&world);
    for (path, name) in [
        ("/", "home"),
        ("/thu-tuc?q=khai+sinh", "search"),
        ("/thu-tuc/1.012784", "procedure"),
        ("/thu-tuc/1.012784?lang=en", "procedure_en"),
        ("/nop/1.012784?lang=vi", "start"),
        ("/theo-doi", "gate"),
        ("/dang-nhap", "sign_in"),
        ("/khong-co-trang-nay", "not_found"),
        ("/noi-lam-viec/khong-co-trang-nay", "not_found_officer"),
    ] {
        let page = browser.get(path).await;
        keep(name, &told(&page, &[]));
    }
}

#[tokio::test]
async fn pages_of_an_application_and_of_following_it() {
    let world = world();
    let mut browser = citizen(&world);
    let start = browser.get(&format!("/nop/{LAND}")).await;
    let desk = [Part::Text("desk", DISTRICT_DESK)];
    let begun = browser.post(&start, &format!("/nop/{LAND}"), &desk).await;
    let at = begun.location().to_owned();
    let page = browser.get(&at).await;
    keep("applicant", &told(&page, &[]));
    let wrong = [Part::Text("applicant_phone", "12")];
    keep("applicant_wrong", &told(&browser.post(&page, &at, &wrong).await, &[]));

    let base = to_papers(&mut browser).await;
    keep("answers", &told(&browser.get(&format!("{base}/noi-dung")).await, &[]));
    keep("papers", &told(&browser.get(&format!("{base}/giay-to")).await, &[]));
    keep("result", &told(&browser.get(&format!("{base}/ket-qua")).await, &[]));
    let (check, base) = to_check(&mut browser).await;
    keep("check", &told(&check, &[]));
    let receipt = send(&mut browser, &check, &base).await;
    let (tracking, pin) = numbers(&receipt);
    let shown = format!("{} {}", &pin[..4], &pin[4..]);
    let words = [(tracking.as_str(), "{tracking}"), (shown.as_str(), "{pin}")];
    keep("receipt", &told(&receipt, &words));

    let gate = browser.get("/theo-doi").await;
    let right = [Part::Text("ma", tracking.as_str()), Part::Text("pin", pin.as_str())];
    let opened = browser.post(&gate, "/theo-doi", &right).await;
    keep("track", &told(&browser.get(opened.location()).await, &words));
    let withdraw = format!("/theo-doi/{tracking}/rut");
    keep("track_withdraw", &told(&browser.get(&withdraw).await, &words));
}

#[tokio::test]
async fn pages_of_officers() {
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let mut filer = citizen(&world);
    let (receipt, _) = file_land(&mut filer).await;
    let (tracking, _) = numbers(&receipt);
    let words = [(tracking.as_str(), "{tracking}")];
    keep("worklist", &told(&desk.get("/noi-lam-viec").await, &words));
    keep("counter", &told(&desk.get("/noi-lam-viec/quay").await, &[]));
    let page = desk.get(&format!("/noi-lam-viec/quay?tt={LAND}")).await;
    keep("counter_form", &told(&page, &[]));
    let id = received(&world, &mut desk).await;
    let done = desk.get(&format!("/noi-lam-viec/quay/xong/{id}")).await;
    let found = crate::desk::tests::case(&world, &id);
    let pin = crate::portal::tests::between(&done.body, "<p class=\"mc-big mc-code\">", "</p>");
    let words = [(found.tracking.as_str(), "{tracking}"), (pin, "{pin}"), words[0]];
    let words: Vec<_> = words.into_iter().filter(|(found, _)| !found.is_empty()).collect();
    keep("counter_done", &told(&done, &words));
    keep("case", &told(&desk.get(&format!("/noi-lam-viec/ho-so/{id}")).await, &words));
    let forward = format!("/noi-lam-viec/ho-so/{id}/lam/forward");
    keep("act", &told(&desk.get(&forward).await, &words));
    keep("handover", &told(&desk.get("/noi-lam-viec/tra-ket-qua").await, &words));
    keep("desk_search", &told(&desk.get("/noi-lam-viec/tim?q=kim+loan").await, &words));
    keep("forbidden", &told(&desk.get("/noi-lam-viec/hop-thu-di").await, &[]));

    assert_eq!(act(&mut desk, &id, "forward", &[]).await.status, 303);
    keep("act_not_now", &told(&desk.get(&forward).await, &words));
    let mut head = signed_in(&world, "phong").await;
    let bao = account_of("bao");
    complete(&world, &mut head, &id, &[("outcome", "done"), ("officer", bao.as_str())]).await;
    let mut officer = signed_in(&world, "bao").await;
    complete(&world, &mut officer, &id, &[("outcome", "done"), ("note", "Đủ điều kiện")]).await;
    complete(&world, &mut head, &id, &[("outcome", "approve")]).await;
    let mut leader = signed_in(&world, "minh").await;
    keep("approve", &told(&leader.get("/noi-lam-viec/duyet").await, &words));
    let mut admin = signed_in(&world, "tri").await;
    keep("outbox", &told(&admin.get("/noi-lam-viec/hop-thu-di").await, &words));
}

#[tokio::test]
async fn pages_that_refuse() {
    let world = world();
    let mut browser = citizen(&world);
    for turn in 0..store::bounds::PIN_TRIES_PER_ADDRESS {
        let gate = browser.get("/theo-doi").await;
        let number = format!("AAAAA-{turn:06}");
        let wrong = [Part::Text("ma", number.as_str()), Part::Text("pin", "00000000")];
        browser.post(&gate, "/theo-doi", &wrong).await;
    }
    let gate = browser.get("/theo-doi").await;
    let tries = [Part::Text("ma", "AAAAA-BBBBBB"), Part::Text("pin", "00000000")];
    keep("too_many", &told(&browser.post(&gate, "/theo-doi", &tries).await, &[]));
    let forged = browser.send("POST", "/theo-doi", "", b"ma=1".to_vec()).await;
    keep("forged", &told(&forged, &[]));

    // Filing moves to the national portal on 1 July 2025.
    let later = When { year: 2025, month: 7, day: 1, ..NOW };
    world.clock.set(later.ms());
    keep("filing_closed", &told(&browser.get(&format!("/nop/{LAND}")).await, &[]));
    keep("procedure_filing_closed", &told(&browser.get(&format!("/thu-tuc/{LAND}")).await, &[]));
}

/// Sets a switch of the engine that the store's own faults are made of.
fn engine(world: &World, statement: &'static store::Statement) {
    let set = |tx: &mut store::Tx<'_>| store::Query::query(tx, statement, &[], |_| Ok(()));
    world.app.0.store.act_blocking(set).unwrap();
}

/// Cases, events and records of the database: what an act that failed must not change.
fn contents(world: &World) -> (usize, u64) {
    let everything = kernel::access::RowFilter::Everything;
    let read = |r: &mut store::Reader<'_>| -> Result<_, store::cases::CaseError> {
        let cases = store::cases::latest(r, &everything, None, 100)?.cases.len();
        Ok((cases, store::journal::last_number(r)?))
    };
    world.app.0.store.read_blocking(read).unwrap()
}

#[tokio::test]
async fn a_database_that_only_reads_acknowledges_nothing_and_says_so() {
    const FREEZE: store::Statement =
        store::Statement { name: "freeze", sql: "PRAGMA query_only = 1" };
    let world = world();
    let mut desk = signed_in(&world, "han").await;
    let id = received(&world, &mut desk).await;
    let mut browser = citizen(&world);
    let (check, base) = to_check(&mut browser).await;
    let gate = browser.get("/theo-doi").await;
    let sign_in = browser.get("/dang-nhap").await;
    let before = contents(&world);
    engine(&world, &FREEZE);

    let declared = [Part::Text("declare", "1")];
    let sent = browser.post(&check, &format!("{base}/kiem-tra"), &declared).await;
    keep("read_only", &told(&sent, &[]));
    assert!(sent.headers.contains_key("retry-after"));
    let number = [Part::Text("ma", "AAAAA-BBBBBB"), Part::Text("pin", "00000000")];
    let tried = browser.post(&gate, "/theo-doi", &number).await;
    let person = [Part::Text("name", "lan"), Part::Text("password", crate::testing::PASSWORD)];
    let entered = browser.post(&sign_in, "/dang-nhap", &person).await;
    let forward = format!("/noi-lam-viec/ho-so/{id}/lam/forward");
    let officer = desk.get(&forward).await;
    for answer in [&sent, &tried, &entered, &officer] {
        assert_eq!(answer.status, 503, "{}", outline(answer));
        assert!(answer.body.contains("Máy chủ đang chỉ cho xem, chưa lưu được"));
    }
    assert_eq!(contents(&world), before);
    assert_eq!(browser.get("/").await.status, 200, "what only reads goes on");
    let receipt = browser.get(&format!("{base}/bien-nhan")).await;
    assert_eq!(receipt.status, 404, "nothing was filed");
}

/// Takes every page that is still free within the size of the database.
fn fill(world: &World) {
    let mut number = 0_u64;
    for batch in [500, 25, 1] {
        loop {
            let first = number;
            number += batch;
            let rows = move |tx: &mut store::Tx<'_>| -> Result<(), store::StoreError> {
                for n in first..first + batch {
                    let key = store::limits::key(&["fill", &n.to_string()]);
                    store::limits::hit(tx, &key, 1, 1, NOW.ms())?;
                }
                Ok(())
            };
            match world.app.0.store.act_blocking(rows) {
                Ok(()) => assert!(number < 1_000_000, "it never became full"),
                Err(refused) => break assert_eq!(refused.into_store(), store::StoreError::Full),
            }
        }
    }
}

#[tokio::test]
async fn a_full_database_acknowledges_nothing_and_the_same_form_is_taken_later() {
    const FULL: store::Statement =
        store::Statement { name: "full", sql: "PRAGMA max_page_count = 1" };
    const ROOM: store::Statement =
        store::Statement { name: "room", sql: "PRAGMA max_page_count = 100000" };
    const PEOPLE: usize = 12;
    let world = world();
    let mut people = Vec::new();
    for _ in 0..PEOPLE {
        let mut browser = citizen(&world);
        let (check, base) = to_check(&mut browser).await;
        people.push((browser, check, base));
    }
    engine(&world, &FULL);
    fill(&world);
    let declared = [Part::Text("declare", "1")];
    // What half-filled pages still take is acknowledged and there; the first one too many is not.
    let (mut acknowledged, mut refused) = (0, None);
    for (mut browser, check, base) in people {
        assert_eq!(contents(&world).0, acknowledged);
        let before = contents(&world);
        let sent = browser.post(&check, &format!("{base}/kiem-tra"), &declared).await;
        if sent.status != 303 {
            assert_eq!(contents(&world), before);
            refused = Some((browser, check, base, sent));
            break;
        }
        acknowledged += 1;
    }
    let (mut browser, check, base, sent) = refused.expect("it never became full");
    keep("disk_full", &told(&sent, &[]));
    assert_eq!(sent.status, 503);

    engine(&world, &ROOM);
    let again = browser.post(&check, &format!("{base}/kiem-tra"), &declared).await;
    assert_eq!((again.status.as_u16(), again.location()), (303, &*format!("{base}/bien-nhan")));
    assert_eq!(contents(&world).0, acknowledged + 1);
}
