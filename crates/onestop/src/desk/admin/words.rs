//! Words of accounts and posts: titles, validity, what happened.

use super::{ACCOUNTS, UNITS};
use crate::view;
use kernel::calendar::Date;
use kernel::catalogue::Catalogue;
use kernel::org::{Post, Role, Validity};
use kit::pieces::{Tag, Tone};
use kit::{T, When};
use store::accounts::Account;
use store::staff::StaffEvent;
use uuid::Uuid;

/// The address of an account.
pub(super) fn account_href(id: Uuid) -> String {
    format!("{ACCOUNTS}/{id}")
}

/// The address of a unit on a day.
pub(super) fn unit_href(unit: &str, day: Date) -> String {
    format!("{UNITS}?dv={}&ngay={day}", encoded(unit))
}

/// A value as it may stand in an address.
pub(super) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let one =
        |byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    text.bytes().map(one).collect()
}

/// A post by its title, with its unit.
pub(super) fn post(catalogue: &Catalogue, t: T, key: &str) -> String {
    match catalogue.staff.post(key) {
        Some(post) => t.a2(
            "admin-post-of",
            "title",
            title(t, post),
            "unit",
            view::unit(catalogue, t, &post.unit),
        ),
        None => key.to_owned(),
    }
}

/// The title of a post.
pub(super) fn title(t: T, post: &Post) -> String {
    let said = view::in_language(t, &post.title, &post.title_en);
    if said.is_empty() { role(t, post.role) } else { said }
}

/// The word of a role.
pub(super) fn role(t: T, role: Role) -> String {
    t.s(&format!("admin-role-{}", role.as_str().replace('_', "-")))
}

/// From when to when.
pub(super) fn validity(t: T, valid: Validity) -> String {
    let from = view::day(t, valid.from);
    match valid.to {
        Some(to) => t.a2("admin-from-to", "from", from, "to", view::day(t, to)),
        None => t.a1("admin-from-open", "from", from),
    }
}

/// An end, or that there is none.
pub(super) fn end(t: T, to: Option<Date>) -> String {
    to.map_or_else(|| t.s("admin-no-end"), |to| view::day(t, to))
}

/// How an account stands.
pub(super) fn status(t: T, account: &Account, now_ms: i64) -> Tag {
    if !account.active {
        return Tag::new(Tone::Stop, t.s("admin-status-closed"));
    }
    if account.locked_until_ms.is_some_and(|until| until > now_ms) {
        return Tag::new(Tone::Wait, t.s("admin-status-resting"));
    }
    match account.must_change {
        true => Tag::new(Tone::New, t.s("admin-status-first")),
        false => Tag::new(Tone::Ok, t.s("admin-status-open")),
    }
}

/// What happened to an account, in one sentence.
pub(super) fn event(catalogue: &Catalogue, t: T, event: &StaffEvent) -> String {
    let post = |key: &str| post(catalogue, t, key);
    match event {
        StaffEvent::AccountFound { holdings, .. } => t.a1("admin-event-found", "n", holdings.len()),
        StaffEvent::AccountAdded { login, .. } => t.a1("admin-event-added", "login", login),
        StaffEvent::AccountRenamed { from, to } => {
            t.a2("admin-event-renamed", "from", from.clone(), "to", to.clone())
        }
        StaffEvent::AccountDisabled { sessions } => t.a1("admin-event-disabled", "n", *sessions),
        StaffEvent::AccountEnabled {} => t.s("admin-event-enabled"),
        StaffEvent::PasswordReset { sessions } => t.a1("admin-event-reset", "n", *sessions),
        StaffEvent::LockLifted {} => t.s("admin-event-lifted"),
        StaffEvent::SessionsEnded { sessions } => t.a1("admin-event-sessions", "n", *sessions),
        StaffEvent::Appointed { post: key, valid } => {
            t.a2("admin-event-appointed", "post", post(key), "when", validity(t, *valid))
        }
        StaffEvent::EndSet { post: key, before, to, .. } => t.a3(
            "admin-event-end",
            ("post", post(key)),
            ("before", end(t, *before)),
            ("to", end(t, *to)),
        ),
        StaffEvent::AppointmentCancelled { post: key, valid } => {
            t.a2("admin-event-cancelled", "post", post(key), "when", validity(t, *valid))
        }
    }
}

/// A day of a form.
pub(super) fn date(when: When) -> Option<Date> {
    Date::from_ymd_opt(when.year, when.month.into(), when.day.into())
}

/// The entries that show a day in a field of three parts.
pub(super) fn parts(name: &str, date: Date) -> [(String, String); 3] {
    [("d", "%-d"), ("m", "%-m"), ("y", "%Y")]
        .map(|(part, format)| (format!("{name}-{part}"), date.format(format).to_string()))
}
