//! The forms of acts on an account: fields by act, read into an act.

use super::act::Request;
use super::posts::Picker;
use super::{ACCOUNTS, page, words};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::calendar::parse_date;
use kernel::limits::{GROUND_CHARS, NAME_CHARS};
use kernel::org::{Holding, Validity};
use kit::{Check, Entries, Fault, Faults, Field, Page, Refused};
use store::staff::Act;

/// The kinds of acts, by their addresses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Rename,
    Disable,
    Enable,
    Reset,
    Lift,
    EndSessions,
    Appoint,
    SetEnd,
    Cancel,
    Move,
}

impl Kind {
    const ALL: [(&'static str, Self); 10] = [
        ("ten", Self::Rename),
        ("khoa", Self::Disable),
        ("mo", Self::Enable),
        ("mat-khau", Self::Reset),
        ("mo-khoa", Self::Lift),
        ("ket-thuc-phien", Self::EndSessions),
        ("bo-nhiem", Self::Appoint),
        ("den-ngay", Self::SetEnd),
        ("huy", Self::Cancel),
        ("chuyen", Self::Move),
    ];

    pub(super) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(k, _)| *k == key).map(|(_, kind)| kind)
    }

    fn key(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, kind)| *kind == self).map(|(k, _)| k).unwrap_or_default()
    }

    /// Key of what is said afterwards.
    pub(super) fn done(self) -> &'static str {
        match self {
            Self::Rename => "admin-done-ten",
            Self::Disable => "admin-done-khoa",
            Self::Enable => "admin-done-mo",
            Self::Reset => "admin-done-mat-khau",
            Self::Lift => "admin-done-mo-khoa",
            Self::EndSessions => "admin-done-ket-thuc-phien",
            Self::Appoint => "admin-done-bo-nhiem",
            Self::SetEnd => "admin-done-den-ngay",
            Self::Cancel => "admin-done-huy",
            Self::Move => "admin-done-chuyen",
        }
    }

    /// About one appointment that is there.
    fn of_post(self) -> bool {
        matches!(self, Self::SetEnd | Self::Cancel | Self::Move)
    }

    fn takes_away(self) -> bool {
        matches!(self, Self::Disable | Self::Reset | Self::EndSessions | Self::Cancel)
    }
}

/// An act as the form asks for it.
pub(super) struct Read {
    pub(super) act: Act,
    pub(super) seen: u64,
    pub(super) ground: String,
}

#[derive(Template)]
#[template(path = "desk/admin_act.html")]
pub(super) struct Form {
    page: Page,
    refusal: String,
    back: String,
    name: String,
    to: String,
    will: String,
    seen: u64,
    held: String,
    old: String,
    fields: Vec<Field>,
    picker: Option<Picker>,
    dates: Vec<Field>,
    ground: Field,
    go: String,
    bad: bool,
}

impl Form {
    /// What the form shows before anything was sent.
    pub(super) fn begun(request: &Request<'_>) -> Entries {
        let query = request.visit.query();
        let mut known: Vec<(String, String)> =
            query.pairs().map(|(k, v)| (k.to_owned(), v.to_owned())).collect();
        let today = request.app.today();
        match request.kind {
            Kind::Rename => {
                known.push(("name".to_owned(), request.loaded.account.display_name.clone()));
            }
            Kind::Appoint => known.extend(words::parts("from", today)),
            Kind::Move => known.extend(words::parts("on", today)),
            Kind::SetEnd => {
                let to = held(request, query).and_then(|h| h.valid.to).unwrap_or(today);
                known.extend(words::parts("to", to));
            }
            _ => {}
        }
        if request.kind.of_post() {
            // The post in the address is the one that is there, not one picked.
            let old = query.text("post").to_owned();
            known.retain(|(name, _)| name != "post");
            known.push(("cu".to_owned(), old));
        }
        Entries::from_pairs(known)
    }

    /// The page of the form.
    ///
    /// # Errors
    /// 404 for an appointment that is not there.
    pub(super) async fn answer(
        request: &Request<'_>,
        entries: &Entries,
        faults: Faults,
        (status, refusal): (StatusCode, String),
    ) -> Result<Response, Refused> {
        let (t, app, kind) = (request.visit.t(), request.app, request.kind);
        let held = held(request, entries);
        if kind.of_post() && held.is_none() {
            return Err(Refused::not_found());
        }
        let account = &request.loaded.account;
        let catalogue = app.catalogue();
        let post = held.map(|h| words::post(&catalogue, t, &h.post)).unwrap_or_default();
        let when = held.map(|h| words::validity(t, h.valid)).unwrap_or_default();
        let key = kind.key();
        let will = t.a3(
            &format!("admin-will-{key}"),
            ("name", &account.display_name),
            ("post", &post),
            ("when", &when),
        );
        let title = (t.s(&format!("admin-act-{key}")), ACCOUNTS);
        let page = page(app, request.visit, request.officer, title).await?;
        let date = |name: &str, key: &str| Field::date(t, name, t.s(key));
        let open_end = || date("to", "admin-to").hint(t.s("admin-to-hint")).optional();
        let (fields, dates) = match kind {
            Kind::Rename => (vec![Field::text(t, "name", t.s("admin-name"))], Vec::new()),
            Kind::Appoint => (Vec::new(), vec![date("from", "admin-from"), open_end()]),
            Kind::SetEnd => (Vec::new(), vec![open_end()]),
            Kind::Move => (Vec::new(), vec![date("on", "admin-on")]),
            _ => (Vec::new(), Vec::new()),
        };
        let fill = |fields: Vec<Field>| -> Vec<Field> {
            fields.into_iter().map(|field| field.fill(entries, &faults)).collect()
        };
        let picks = matches!(kind, Kind::Appoint | Kind::Move);
        let reach = (&request.scope, app.today());
        let picker = picks.then(|| Picker::new((&catalogue, t), reach, (entries, &faults)));
        let ground = Field::text(t, "ground", t.s("admin-ground")).hint(t.s("admin-ground-hint"));
        kit::respond::html_status(
            status,
            &Self {
                refusal,
                back: words::account_href(account.id),
                name: account.display_name.clone(),
                to: format!("{}/lam/{key}", words::account_href(account.id)),
                will,
                seen: request.loaded.place,
                held: held.map(|h| h.valid.from.to_string()).unwrap_or_default(),
                old: held.map(|h| h.post.clone()).unwrap_or_default(),
                fields: fill(fields),
                picker,
                dates: fill(dates),
                ground: ground.fill(entries, &faults),
                go: t.s(&format!("admin-go-{key}")),
                bad: kind.takes_away(),
                page: page.faults(faults),
            },
        )
    }

    /// Reads the form.
    ///
    /// # Errors
    /// The fields at fault.
    pub(super) fn read(request: &Request<'_>, entries: &Entries) -> Result<Read, Faults> {
        let (t, mut check) = (request.visit.t(), Check::new(entries));
        let old = || {
            let from = parse_date(entries.text("tu")).unwrap_or_default();
            (entries.text("cu").to_owned(), from)
        };
        let picked = entries.text("post").to_owned();
        let act = match request.kind {
            Kind::Rename => {
                Act::Rename(check.required("name", &t.s("admin-name-what"), NAME_CHARS))
            }
            Kind::Disable => Act::Disable,
            Kind::Enable => Act::Enable,
            Kind::Reset => Act::Reset { phc: String::new() },
            Kind::Lift => Act::Lift,
            Kind::EndSessions => Act::EndSessions,
            Kind::Appoint => {
                let from = check.required_date("from", &t.s("admin-from-what"));
                let to = check.date("to").and_then(words::date);
                let from = from.and_then(words::date).unwrap_or_default();
                Act::Appoint { post: picked.clone(), valid: Validity { from, to } }
            }
            Kind::SetEnd => {
                let (post, from) = old();
                Act::SetEnd { post, from, to: check.date("to").and_then(words::date) }
            }
            Kind::Cancel => {
                let (post, from) = old();
                Act::Cancel { post, from }
            }
            Kind::Move => {
                let (post, from) = old();
                let on = check.required_date("on", &t.s("admin-on-what")).and_then(words::date);
                Act::Move { post, from, to_post: picked.clone(), on: on.unwrap_or_default() }
            }
        };
        if picked.is_empty() && matches!(request.kind, Kind::Appoint | Kind::Move) {
            check.fault(Fault::new("post", "err-choose").with("what", t.s("admin-post-what")));
        }
        let ground = check.required("ground", &t.s("admin-ground-what"), GROUND_CHARS);
        check.done()?;
        // A page that did not say what it was made from is taken as made from something else.
        let seen = entries.text("seen").parse().unwrap_or(u64::MAX);
        Ok(Read { act, seen, ground })
    }
}

/// The appointment that a form is about.
fn held<'r>(request: &'r Request<'_>, entries: &Entries) -> Option<&'r Holding> {
    let from = parse_date(entries.text("tu")).ok()?;
    let post = match entries.text("cu") {
        "" => entries.text("post"),
        old => old,
    };
    request.loaded.held.iter().find(|h| h.post == post && h.valid.from == from)
}
