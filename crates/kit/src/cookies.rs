//! Cookies in and out: host-bound over TLS, never readable by scripts, not sent from other sites.

use axum::http::{HeaderMap, HeaderValue, header};

/// The token of a signed-in session.
pub const SESSION: &str = "mc-session";
/// A random name for a browser without a session; anti-forgery tokens hang on it.
pub const VISITOR: &str = "mc-visitor";
/// The language chosen.
pub const LANG: &str = "mc-lang";
/// The message to show on the next page, signed.
pub const FLASH: &str = "mc-flash";

/// Writes and reads the cookies of this program.
#[derive(Debug, Clone, Copy)]
pub struct Jar {
    /// Whether people reach us over TLS; then names carry `__Host-`.
    pub tls: bool,
}

impl Jar {
    fn name(self, name: &str) -> String {
        if self.tls { format!("__Host-{name}") } else { name.to_owned() }
    }

    /// The value a browser sent, if any.
    pub fn get<'a>(self, headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
        let name = self.name(name);
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// Sets a cookie; `max_age_s` of `None` lasts until the browser closes, 0 deletes it.
    /// Values must be of cookie characters (hex, base64url); others are refused by returning false.
    pub fn set(
        self,
        headers: &mut HeaderMap,
        name: &str,
        value: &str,
        max_age_s: Option<i64>,
    ) -> bool {
        let mut line = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", self.name(name));
        if self.tls {
            line.push_str("; Secure");
        }
        if let Some(age) = max_age_s {
            line.push_str(&format!("; Max-Age={age}"));
        }
        let clean = value.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        match HeaderValue::from_str(&line) {
            Ok(line) if clean => {
                headers.append(header::SET_COOKIE, line);
                true
            }
            _ => false,
        }
    }

    /// Tells the browser to forget a cookie.
    pub fn forget(self, headers: &mut HeaderMap, name: &str) {
        self.set(headers, name, "", Some(0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_bound_to_the_host_over_tls() {
        let mut headers = HeaderMap::new();
        assert!(Jar { tls: true }.set(&mut headers, SESSION, "ab", None));
        assert_eq!(
            headers[header::SET_COOKIE],
            "__Host-mc-session=ab; Path=/; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(!Jar { tls: true }.set(&mut headers, SESSION, "a;b", None));
    }

    #[test]
    fn cookies_are_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; mc-lang=en; b=2"));
        assert_eq!(Jar { tls: false }.get(&headers, LANG), Some("en"));
        assert_eq!(Jar { tls: true }.get(&headers, LANG), None);
    }
}
