//! A browser without pictures: one connection an ask, a jar of cookies, forms with the hidden
//! fields of the page that was read before.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(30);
const BOUNDARY: &str = "----mot-cua-boundary";

#[derive(Clone, Debug)]
pub(crate) struct Browser {
    address: SocketAddr,
    cookies: BTreeMap<String, String>,
    /// Said to come from here, for limits by address.
    from: String,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) fn location(&self) -> &str {
        self.header("location").unwrap_or_default()
    }

    /// The hidden fields of a page: its guards against forged and repeated forms, and its own.
    fn hidden(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for part in self.body.split("type=\"hidden\" name=\"").skip(1) {
            let Some((name, rest)) = part.split_once("\" value=\"") else { continue };
            let value = rest.split('"').next().unwrap_or_default();
            found.entry(name.to_owned()).or_insert_with(|| value.to_owned());
        }
        found
    }

    /// What stands between two marks, the first time.
    pub(crate) fn between(&self, from: &str, to: &str) -> &str {
        let rest = self.body.split_once(from).map(|(_, rest)| rest).unwrap_or_default();
        rest.split(to).next().unwrap_or_default()
    }
}

fn escaped(text: &str) -> String {
    let plain = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let one = |b: u8| if plain(&b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(one).collect()
}

impl Browser {
    pub(crate) fn new(address: SocketAddr, from: &str) -> Self {
        Self { address, cookies: BTreeMap::new(), from: from.to_owned() }
    }

    /// The same person after the program came back on another port.
    pub(crate) fn at(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    fn ask(&mut self, method: &str, path: &str, kind: &str, body: &[u8]) -> io::Result<Answer> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let jar: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nX-Forwarded-For: {}\r\n\
             Cookie: {}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            self.from,
            jar.join("; "),
            body.len()
        );
        stream.write_all(&[head.as_bytes(), body].concat())?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(cut)?;
        for line in head.lines() {
            let Some((name, value)) = line.split_once(':') else { continue };
            let pair = value.split(';').next().unwrap_or_default().trim().split_once('=');
            if let (true, Some((key, value))) = (name.eq_ignore_ascii_case("set-cookie"), pair) {
                self.cookies.insert(key.to_owned(), value.to_owned());
            }
        }
        Ok(Answer { status, head: head.to_owned(), body: body.to_owned() })
    }

    /// Reads a page; the connection may break.
    pub(crate) fn try_get(&mut self, path: &str) -> io::Result<Answer> {
        self.ask("GET", path, "text/plain", b"")
    }

    /// Reads a page.
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.try_get(path).unwrap()
    }

    /// Sends the form of a page; the connection may break.
    pub(crate) fn try_post(
        &mut self,
        page: &Answer,
        path: &str,
        fields: &[(&str, &str)],
    ) -> io::Result<Answer> {
        let mut all = page.hidden();
        all.extend(fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let pairs: Vec<String> =
            all.iter().map(|(k, v)| format!("{}={}", escaped(k), escaped(v))).collect();
        self.ask("POST", path, "application/x-www-form-urlencoded", pairs.join("&").as_bytes())
    }

    /// Sends the form of a page.
    pub(crate) fn post(&mut self, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.try_post(page, path, fields).unwrap()
    }

    /// Sends the form of a page with a file; the connection may break.
    pub(crate) fn try_upload(
        &mut self,
        page: &Answer,
        path: &str,
        (field, name, bytes): (&str, &str, &[u8]),
    ) -> io::Result<Answer> {
        let mut body = Vec::new();
        let begin = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=");
        for (key, value) in page.hidden() {
            body.extend(format!("{begin}\"{key}\"\r\n\r\n{value}\r\n").bytes());
        }
        body.extend(format!("{begin}\"{field}\"; filename=\"{name}\"\r\n").bytes());
        body.extend(b"Content-Type: application/octet-stream\r\n\r\n");
        body.extend(bytes);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
        self.ask("POST", path, &format!("multipart/form-data; boundary={BOUNDARY}"), &body)
    }

    /// Signs in and yields where it leads.
    pub(crate) fn sign_in(&mut self, login: &str, password: &str) -> Answer {
        let page = self.get("/dang-nhap");
        self.post(&page, "/dang-nhap", &[("name", login), ("password", password)])
    }
}
