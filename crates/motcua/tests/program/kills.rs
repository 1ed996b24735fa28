//! Citizens file while the program is killed at moments of no choosing: whatever was acknowledged
//! is there after the restart, and the data prove whole.

use crate::browser::{Answer, Browser};
use crate::child::{Served, fine};
use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A procedure that a commune receives online: one paper, one free question.
const PROCEDURE: &str = "1.003622";
const PEOPLE: u8 = 6;
const ROUNDS: u8 = 3;

/// Why a filing did not come to its end.
#[derive(Debug)]
pub(crate) enum Broken {
    /// The connection broke, as it must when the program is killed.
    Connection,
    /// The program answered something else than the next page.
    Answer(String),
}

impl From<io::Error> for Broken {
    fn from(_: io::Error) -> Self {
        Self::Connection
    }
}

fn led(answer: &Answer, to: &str) -> Result<String, Broken> {
    let summary = answer.between("role=\"alert\"", "</div>");
    if answer.status == 303 && answer.location().contains(to) {
        return Ok(answer.location().to_owned());
    }
    Err(Broken::Answer(format!("to {to}: {} {} {summary}", answer.status, answer.location())))
}

fn pdf() -> &'static [u8] {
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
}

/// Fills an application up to the declaration; yields that page and its address.
pub(crate) fn ready(citizen: &mut Browser, name: &str) -> Result<(Answer, String), Broken> {
    let start = format!("/nop/{PROCEDURE}");
    let page = citizen.try_get(&start)?;
    let desk = page.between("name=\"desk\" value=\"", "\"").to_owned();
    let at = led(&citizen.try_post(&page, &start, &[("desk", &desk)])?, "/nguoi-nop")?;
    let page = citizen.try_get(&at)?;
    let person =
        [("applicant_kind", "person"), ("applicant_name", name), ("applicant_born-y", "1950")];
    let at = led(&citizen.try_post(&page, &at, &person)?, "/noi-dung")?;
    let page = citizen.try_get(&at)?;
    let at = led(&citizen.try_post(&page, &at, &[("request", "xin xác nhận")])?, "/giay-to")?;
    let page = citizen.try_get(&at)?;
    let at = led(&citizen.try_upload(&page, &at, ("paper_1", "don.pdf", pdf()))?, "/ket-qua")?;
    let page = citizen.try_get(&at)?;
    let answer = citizen.try_post(&page, &at, &[("delivery", "counter"), ("exemption", "")])?;
    let at = led(&answer, "/kiem-tra")?;
    let page = citizen.try_get(&at)?;
    Ok((page, at))
}

/// Files; yields the address of the receipt once the program has acknowledged.
fn file(citizen: &mut Browser, name: &str) -> Result<String, Broken> {
    let (page, at) = ready(citizen, name)?;
    led(&citizen.try_post(&page, &at, &[("declare", "1")])?, "/bien-nhan")
}

/// Tracking number and PIN of a receipt.
pub(crate) fn numbers(receipt: &Answer) -> (String, String) {
    let tracking = receipt.between("<b class=\"mc-code\">", "</b>").to_owned();
    let pin = receipt.between("<p class=\"mc-big mc-code\">", "</p>").replace(' ', "");
    (tracking, pin)
}

/// A number between 0 and `below` that no run repeats.
fn any(below: u64) -> u64 {
    RandomState::new().hash_one(0) % below
}

type Filed = Arc<Mutex<Vec<(Browser, String)>>>;

/// One person who files again and again until the connection breaks.
fn person(served: &Served, filed: &Filed, (round, who): (u8, u8)) -> std::thread::JoinHandle<()> {
    let (address, filed) = (served.address, Arc::clone(filed));
    std::thread::spawn(move || {
        for turn in 0_u8..=255 {
            let mut citizen = Browser::new(address, &format!("10.{round}.{who}.{turn}"));
            match file(&mut citizen, &format!("Danh {who}")) {
                Ok(receipt) => filed.lock().unwrap().push((citizen, receipt)),
                Err(Broken::Connection) => return,
                Err(Broken::Answer(what)) => panic!("{what}"),
            }
        }
    })
}

#[test]
fn what_was_acknowledged_outlives_a_kill_at_any_moment() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let text = data.to_str().unwrap();
    fine(&["demo", "--cases", "12", "--fill-only", "--data", text]);
    let mut known = HashSet::new();
    for round in 0..ROUNDS {
        let filed = Filed::default();
        let served = Served::start("demo", &data);
        let people: Vec<_> = (0..PEOPLE).map(|who| person(&served, &filed, (round, who))).collect();
        let enough = 10 + any(10);
        while (filed.lock().unwrap().len() as u64) < enough {
            let still = people.iter().any(|p| !p.is_finished());
            assert!(still, "everybody stopped before the kill");
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_micros(any(60_000)));
        served.kill();
        people.into_iter().for_each(|p| p.join().unwrap());
        let filed = std::mem::take(&mut *filed.lock().unwrap());
        fine(&["verify", "--data", text]);
        let served = Served::start("demo", &data);
        let mut last = None;
        for (citizen, receipt) in filed {
            let page = citizen.at(served.address).get(&receipt);
            let (tracking, pin) = numbers(&page);
            assert_eq!((page.status, tracking.len(), pin.len()), (200, 12, 8), "{receipt}");
            assert!(known.insert(tracking.clone()), "{tracking} twice");
            last = Some((tracking, pin));
        }
        followed(&served, &last.unwrap());
        served.kill();
    }
    let proven = fine(&["verify", "--data", text]);
    let cases: usize =
        proven.rsplit("whole: ").next().unwrap().split(' ').next().unwrap().parse().unwrap();
    assert!(cases >= known.len() + 12, "{} acknowledged; {proven}", known.len());
}

/// The case is opened by its number and PIN.
fn followed(served: &Served, (tracking, pin): &(String, String)) {
    let mut browser = Browser::new(served.address, "10.9.9.9");
    let page = browser.get("/theo-doi");
    let fields = [("ma", tracking.as_str()), ("pin", pin.as_str())];
    let opened = browser.post(&page, "/theo-doi", &fields);
    assert_eq!(opened.status, 303, "{}", opened.between("role=\"alert\"", "</div>"));
    let case = browser.get(opened.location());
    assert!(case.status == 200 && case.body.contains(tracking.as_str()));
}

#[test]
fn an_officer_of_the_demo_signs_in_and_reads_the_worklist() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    fine(&["demo", "--cases", "40", "--fill-only", "--data", data.to_str().unwrap()]);
    let served = Served::start("demo", &data);
    let mut officer = Browser::new(served.address, "10.0.0.1");
    let page = officer.get("/dang-nhap");
    assert!(page.body.contains("vtv-mot-cua"), "the demo's accounts stand on the page");
    let entered = officer.sign_in("vtv-mot-cua", "motcua-demo");
    assert_eq!((entered.status, entered.location()), (303, "/noi-lam-viec"));
    for path in ["/noi-lam-viec", "/noi-lam-viec?cua=don-vi", "/noi-lam-viec/tim?q=nguyen"] {
        let page = officer.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains('⟦'), "{path}: a text is missing");
    }
}
