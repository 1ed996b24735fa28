//! `…/tai-khoan/nhap`: staff from a sheet: uploaded or pasted, every line with what it would
//! change, then all of it in one unit of work, with the first passwords as slips to print once.

use super::super::once::Sent;
use super::new::{SecretPage, Slip, fresh_id, secret};
use super::sheet::{self, Sheet};
use super::told::{Told, told};
use super::{ACCOUNTS, Failed, done, page, scope, words};
use crate::app::{App, Officer};
use crate::refusals::refused;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::limits::GROUND_CHARS;
use kit::pieces::{Tag, Tone};
use kit::{Check, Entries, Fault, Faults, Field, Flash, Page, Refused, T, Visit, redirect};
use rand::SeedableRng;
use rand::rngs::StdRng;
use std::collections::BTreeMap;
use store::accounts;
use store::bounds::STAFF_SHEET_LINES;
use store::cases::CaseError;
use store::staff::{self, Line, Planned, Secret, StaffError, Verdict, What};

#[derive(Template)]
#[template(path = "desk/admin_import.html")]
struct ImportPage {
    page: Page,
    lead: String,
    file: Field,
    pasted: Field,
    heads: String,
}

struct Row {
    number: u32,
    login: String,
    name: String,
    post: String,
    verdict: Tag,
    what: Vec<String>,
}

#[derive(Template)]
#[template(path = "desk/admin_preview.html")]
struct PreviewPage {
    page: Page,
    refusal: String,
    counts: String,
    rows: Vec<Row>,
    wrong: usize,
    nothing: bool,
    kept: Vec<String>,
    digest: String,
    ground: Field,
}

/// GET: where a sheet is given.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
) -> Result<Response, Refused> {
    scope(&app, &officer)?;
    form(&app, &officer, &visit, visit.query(), Faults::new()).await
}

async fn form(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    entries: &Entries,
    faults: Faults,
) -> Result<Response, Refused> {
    let t = visit.t();
    let status = match faults.is_empty() {
        true => StatusCode::OK,
        false => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let file = Field::file(t, "tep", t.s("admin-sheet-file")).hint(t.s("admin-sheet-file-hint"));
    let file = file.accept(".xlsx,.csv,.tsv,.txt");
    let pasted = Field::area(t, "bang", t.s("admin-sheet-pasted"));
    let pasted = pasted.hint(t.s("admin-sheet-pasted-hint"));
    kit::respond::html_status(
        status,
        &ImportPage {
            lead: t.a1("admin-sheet-lead", "max", STAFF_SHEET_LINES),
            file: file.fill(entries, &faults),
            pasted: pasted.fill(entries, &faults),
            heads: sheet::HEADS.join(" · "),
            page: page(app, visit, officer, (t.s("admin-import-title"), ACCOUNTS))
                .await?
                .faults(faults),
        },
    )
}

/// POST: the preview of a sheet, or its taking over.
pub(super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    scope(&app, &officer)?;
    let request = Request { app: &app, officer: &officer, visit: &visit };
    if entries.has("buoc", "ghi") {
        return request.take(&entries).await;
    }
    let read = match given(visit.t(), &entries) {
        Ok(read) => read,
        Err(faults) => return form(&app, &officer, &visit, &entries, faults).await,
    };
    request.preview(read, &Entries::default(), Faults::new(), (StatusCode::OK, String::new())).await
}

fn given(t: T, entries: &Entries) -> Result<Sheet, Faults> {
    let mut check = Check::new(entries);
    let file = check.any_files("tep", "", false).first().map(|file| file.bytes.clone());
    let pasted = entries.get("bang").unwrap_or_default();
    check.done()?;
    let read = match file {
        Some(bytes) => sheet::file(t, &bytes),
        None if pasted.trim().is_empty() => {
            Err(Fault::new("tep", "err-choose").with("what", t.s("admin-sheet-what")))
        }
        None => sheet::text(t, "bang", pasted),
    };
    read.map_err(|fault| Faults::from_iter([fault]))
}

struct Request<'a> {
    app: &'a App,
    officer: &'a Officer,
    visit: &'a Visit,
}

impl Request<'_> {
    async fn planned(&self, lines: &[Line]) -> Result<Vec<Planned>, Refused> {
        let (catalogue, actor, now) =
            (self.app.catalogue(), self.officer.actor.clone(), self.app.now());
        let lines = lines.to_vec();
        let read = self.app.read(move |reader| {
            match staff::plan(reader, (&catalogue, &actor, now), &lines) {
                Ok(planned) => Ok(Some(planned)),
                Err(StaffError::Store(error)) => Err(CaseError::Store(error)),
                Err(_) => Ok(None),
            }
        });
        read.await.map_err(refused)?.ok_or_else(Refused::forbidden)
    }

    async fn preview(
        &self,
        read: Sheet,
        entries: &Entries,
        faults: Faults,
        (status, refusal): (StatusCode, String),
    ) -> Result<Response, Refused> {
        let t = self.visit.t();
        let mut planned = self.planned(&read.lines).await?;
        for one in &mut planned {
            if let Some((_, fault)) = read.unread.iter().find(|(n, _)| *n == one.line.number) {
                let args = fault.args.clone();
                one.verdict = Verdict::Wrong(fault.field.clone(), fault.key.clone(), args);
            }
        }
        let count =
            |fits: fn(&Verdict) -> bool| planned.iter().filter(|p| fits(&p.verdict)).count();
        let new = count(|v| matches!(v, Verdict::New(..)));
        let changed = count(|v| matches!(v, Verdict::Changed(_)));
        let wrong = count(|v| matches!(v, Verdict::Wrong(..)));
        let unchanged = planned.len() - new - changed - wrong;
        let counts = t.a(
            "admin-sheet-counts",
            &[("new", &new), ("changed", &changed), ("same", &unchanged), ("wrong", &wrong)],
        );
        let ground = Field::text(t, "ground", t.s("admin-ground")).hint(t.s("admin-ground-hint"));
        let title = (t.s("admin-preview-title"), ACCOUNTS);
        kit::respond::html_status(
            status,
            &PreviewPage {
                refusal,
                counts,
                rows: planned.iter().map(|one| self.row(one)).collect(),
                wrong,
                nothing: new + changed == 0,
                kept: sheet::kept(&read.lines),
                digest: staff::digest(&planned),
                ground: ground.fill(entries, &faults),
                page: page(self.app, self.visit, self.officer, title).await?.faults(faults),
            },
        )
    }

    fn row(&self, one: &Planned) -> Row {
        let (t, catalogue) = (self.visit.t(), self.app.catalogue());
        let valid = |from, to| words::validity(t, kernel::org::Validity { from, to });
        let (tone, word, what) = match &one.verdict {
            Verdict::New(from, to) => (Tone::New, "admin-line-new", vec![valid(*from, *to)]),
            Verdict::Changed(all) => {
                let say = |what: &What| match what {
                    What::Renamed(before) => t.a1("admin-line-renamed", "before", before),
                    What::Appointed(from, to) => {
                        t.a1("admin-line-appointed", "when", valid(*from, *to))
                    }
                    What::EndMoved(_, before) => t.a2(
                        "admin-line-end",
                        "before",
                        words::end(t, *before),
                        "to",
                        words::end(t, one.line.to),
                    ),
                };
                (Tone::Work, "admin-line-changed", all.iter().map(say).collect())
            }
            Verdict::Unchanged => (Tone::Ok, "admin-line-same", Vec::new()),
            Verdict::Wrong(_, key, args) => {
                (Tone::Late, "admin-line-wrong", vec![t.dynamic(key, args)])
            }
        };
        Row {
            number: one.line.number,
            login: one.line.login.clone(),
            name: one.line.name.clone(),
            post: words::post(&catalogue, t, &one.line.post),
            verdict: Tag::new(tone, t.s(word)),
            what,
        }
    }

    async fn take(&self, entries: &Entries) -> Result<Response, Refused> {
        let t = self.visit.t();
        let lines = sheet::read_back(entries.all("dong")).ok_or_else(Refused::bad_request)?;
        let read = Sheet { lines: lines.clone(), unread: Vec::new() };
        let mut check = Check::new(entries);
        let ground = check.required("ground", &t.s("admin-ground-what"), GROUND_CHARS);
        if let Err(faults) = check.done() {
            let status = (StatusCode::UNPROCESSABLE_ENTITY, String::new());
            return self.preview(read, entries, faults, status).await;
        }
        let planned = self.planned(&lines).await?;
        let (secrets, slips) = self.secrets(&planned).await?;
        let (sent, seen) = (Sent::of(self.visit, entries), entries.text("xem").to_owned());
        let unit = move |tx: &mut store::Tx<'_>, env: &mut store::cases::Env<'_>| {
            if sent.before(tx, env)?.is_some() {
                return Ok(None);
            }
            let applied = staff::apply(tx, env, &lines, &secrets, (&seen, &ground))?;
            sent.keep(tx, env, "done")?;
            Ok::<_, Failed>(Some(applied))
        };
        match done(self.app, self.officer, unit).await {
            Ok(None) => {
                Ok(redirect(ACCOUNTS).flash(Flash::new("admin-sheet-before")).into_response())
            }
            Ok(Some(applied)) if slips.is_empty() => {
                let flash = Flash::new("admin-sheet-done").with("n", applied.changed);
                Ok(redirect(ACCOUNTS).flash(flash).into_response())
            }
            Ok(Some(applied)) => {
                let title = (t.s("admin-secret-title"), ACCOUNTS);
                kit::html(&SecretPage {
                    page: page(self.app, self.visit, self.officer, title).await?,
                    lead: t.a2(
                        "admin-secret-sheet",
                        "new",
                        applied.new,
                        "changed",
                        applied.changed,
                    ),
                    slips,
                    back: ACCOUNTS.to_owned(),
                })
            }
            Err(failed) => {
                let refusal = match told(t, failed)? {
                    Told::Sentence(why) => why,
                    Told::Fields(faults) => {
                        faults.iter().map(|f| f.text(t)).collect::<Vec<_>>().join("; ")
                    }
                };
                self.preview(read, entries, Faults::new(), (StatusCode::CONFLICT, refusal)).await
            }
        }
    }

    /// A first password for every account that will be made, hashed away from the threads that
    /// serve pages.
    async fn secrets(
        &self,
        planned: &[Planned],
    ) -> Result<(BTreeMap<String, Secret>, Vec<Slip>), Refused> {
        let (t, catalogue) = (self.visit.t(), self.app.catalogue());
        let mut slips: Vec<Slip> = Vec::new();
        let new = planned.iter().filter(|one| matches!(one.verdict, Verdict::New(..)));
        for one in new {
            slips.push(Slip {
                name: one.line.name.clone(),
                login: accounts::fold_login(&one.line.login).unwrap_or_default(),
                password: secret(self.app),
                post: words::post(&catalogue, t, &one.line.post),
            });
        }
        let plain: Vec<_> = slips
            .iter()
            .map(|slip| (slip.login.clone(), slip.password.clone(), fresh_id(self.app)))
            .collect();
        let mut seed = [0; 32];
        self.app.0.chance.fill(&mut seed);
        let work = move || {
            let mut rng = StdRng::from_seed(seed);
            let one = |(login, password, id): (String, String, uuid::Uuid)| {
                let phc = accounts::hash_password(&mut rng, &password)?;
                Ok::<_, accounts::CredentialError>((login, Secret { id, phc }))
            };
            plain.into_iter().map(one).collect::<Result<BTreeMap<_, _>, _>>()
        };
        let hashed = tokio::task::spawn_blocking(work).await.map_err(|_| Refused::fault())?;
        Ok((hashed.map_err(|_| Refused::fault())?, slips))
    }
}
