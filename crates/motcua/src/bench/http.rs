//! The same over HTTP, as a browser does it: sign in once, read lists, then note on cases, each act
//! with its page read before.

use super::figures::{Spread, stopwatch};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// Lists read one after the other.
const LISTS: usize = 200;
/// How long acts are measured.
const SPAN: Duration = Duration::from_secs(5);
/// Largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Figures over HTTP.
#[derive(Clone, Copy, Debug)]
pub struct Http {
    /// Signing in, once.
    pub sign_in: Duration,
    /// A worklist page.
    pub list: Spread,
    /// A search by name.
    pub search: Spread,
    /// Acts a second, with this many people at work.
    pub acts_per_s: f64,
    /// People at work.
    pub people: usize,
}

/// A browser without pictures: one connection an ask, a jar of cookies.
#[derive(Clone, Debug)]
pub struct Client {
    address: SocketAddr,
    cookies: Vec<(String, String)>,
}

struct Answer {
    status: u16,
    body: String,
}

impl Client {
    /// A client of an address.
    #[must_use]
    pub fn new(address: SocketAddr) -> Self {
        Self { address, cookies: Vec::new() }
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> Result<Answer, String> {
        let text = |e: std::io::Error| e.to_string();
        let mut stream = TcpStream::connect(self.address).map_err(text)?;
        let jar: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            jar.join("; "),
            body.len()
        );
        stream.write_all(head.as_bytes()).map_err(text)?;
        let mut bytes = Vec::new();
        stream.take(ANSWER_BYTES_MAX).read_to_end(&mut bytes).map_err(text)?;
        let answer = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split_whitespace().nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
        for line in head.lines().filter(|l| l.to_ascii_lowercase().starts_with("set-cookie:")) {
            let pair = line[11..].split(';').next().unwrap_or_default().trim();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.retain(|(n, _)| n != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        Ok(Answer { status, body: body.to_owned() })
    }

    /// Signs in.
    ///
    /// # Errors
    /// The program does not let in.
    pub fn sign_in(&mut self, login: &str, password: &str) -> Result<(), String> {
        let page = self.ask("GET", "/dang-nhap", "")?;
        let tokens = tokens(&page.body);
        let body = format!("{tokens}&name={login}&password={password}");
        let answer = self.ask("POST", "/dang-nhap", &body)?;
        if answer.status == 303 { Ok(()) } else { Err(format!("sign-in: {}", answer.status)) }
    }
}

fn value_of<'b>(page: &'b str, name: &str) -> &'b str {
    let mark = format!("name=\"{name}\" value=\"");
    let rest = page.split_once(&mark).map(|(_, rest)| rest).unwrap_or_default();
    rest.split('"').next().unwrap_or_default()
}

fn tokens(page: &str) -> String {
    format!("_csrf={}&_once={}", value_of(page, "_csrf"), value_of(page, "_once"))
}

/// Addresses of the cases on a page.
fn cases_on(page: &str) -> Vec<String> {
    const BEGIN: &str = "/noi-lam-viec/ho-so/";
    let mut found: Vec<String> = Vec::new();
    for part in page.split(BEGIN).skip(1) {
        let id: String = part.chars().take_while(|c| c.is_ascii_hexdigit() || *c == '-').collect();
        let path = format!("{BEGIN}{id}");
        if id.len() == 36 && !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

/// Measures.
///
/// # Errors
/// An answer that is not the expected one.
pub fn http(address: SocketAddr, login: &str, password: &str) -> Result<Http, String> {
    let mut client = Client::new(address);
    let watch = stopwatch();
    client.sign_in(login, password)?;
    let sign_in = watch();
    let list = "/noi-lam-viec?nhom=to-deliver&cua=don-vi";
    let first = client.ask("GET", "/noi-lam-viec/tim?q=", "")?;
    let mut cases = cases_on(&first.body);
    cases.extend(cases_on(&client.ask("GET", "/noi-lam-viec", "")?.body));
    cases.sort();
    cases.dedup();
    let spread = |client: &mut Client, path: &str| -> Result<Spread, String> {
        let mut times = Vec::with_capacity(LISTS);
        for _ in 0..LISTS {
            let watch = stopwatch();
            let answer = client.ask("GET", path, "")?;
            times.push(watch());
            if answer.status != 200 {
                return Err(format!("{path}: {}", answer.status));
            }
        }
        Ok(Spread::of(times))
    };
    let (lists, search) =
        (spread(&mut client, list)?, spread(&mut client, "/noi-lam-viec/tim?q=nguyen+van")?);
    let (acts_per_s, people) = notes(&client, cases)?;
    Ok(Http { sign_in, list: lists, search, acts_per_s, people })
}

/// One person a case: reads the page of the act, then does it.
fn notes(client: &Client, cases: Vec<String>) -> Result<(f64, usize), String> {
    let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let people = cases.len();
    let watch = stopwatch();
    let threads: Vec<_> = cases
        .into_iter()
        .map(|case| {
            let (stop, done) = (Arc::clone(&stop), Arc::clone(&done));
            let mut client = client.clone();
            std::thread::spawn(move || {
                let path = format!("{case}/lam/note");
                while !stop.load(Ordering::Relaxed) {
                    let page = client.ask("GET", &path, "")?;
                    if page.status != 200 {
                        // Settled cases take no notes; this person has nothing to do.
                        return Ok(());
                    }
                    let seen = value_of(&page.body, "seen");
                    let body = format!("{}&seen={seen}&note=da+goi", tokens(&page.body));
                    let answer = client.ask("POST", &path, &body)?;
                    if answer.status != 303 {
                        return Err(format!("{path}: {}", answer.status));
                    }
                    done.fetch_add(1, Ordering::Relaxed);
                }
                Ok(())
            })
        })
        .collect();
    std::thread::sleep(SPAN);
    let (count, span) = (done.load(Ordering::Relaxed), watch());
    stop.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().map_err(|_| "a person panicked".to_owned())??;
    }
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    Ok((count as f64 / span.as_secs_f64(), people))
}
