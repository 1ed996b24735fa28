//! `/api/v1/ho-so/{id}`: the case for programs: where it stands, what this person may do now and
//! with which fields; and the same acts as on the case page, by the same code.
//!
//! Described in `docs/manual/api.md`. The session is that of the pages; the anti-forgery token and
//! the key that makes sending twice act once come in headers.

use super::deed::{self, Loaded, NotDone, action_of, load};
use super::sight::Sight;
use super::{act, act_fields, opened};
use crate::app::{App, Officer};
use crate::refusals::{reason_text, refused};
use crate::{seen, view};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::calendar::{Instant, LAW_OFFSET_SECONDS};
use kernel::case::{Action, Case, Offer, Refusal, Waits, lane_role, places};
use kernel::catalogue::Catalogue;
use kit::form::Kind;
use kit::respond::json;
use kit::{Entries, Fault, Faults, Field, Lang, Refused, T, Visit};
use process::Definition;
use serde_json::{Value, json as object};
use store::cases::CaseError;

/// GET: state, open tasks, acts on offer, with their fields and lawful targets.
pub(super) async fn show(
    State(app): State<App>,
    officer: Officer,
    Path(id): Path<String>,
    visit: Visit,
) -> Result<Response, Refused> {
    let loaded = load(&app, &officer, &id).await?;
    if loaded.sight == Sight::Carried {
        return Err(Refused::not_found());
    }
    seen::one(&app, &officer, "open", loaded.stored.case.id).await?;
    opened::note(&app, &officer, &loaded.stored).await?;
    // The look may have been recorded: the place to act from is the one after it.
    let loaded = load(&app, &officer, &id).await?;
    Ok(json(StatusCode::OK, &told(&app, &officer, &visit, &loaded)))
}

/// POST: does an act; answers with the case as it is then.
pub(super) async fn perform(
    State(app): State<App>,
    officer: Officer,
    Path((id, key)): Path<(String, String)>,
    visit: Visit,
    entries: Entries,
) -> Result<Response, Refused> {
    let action = action_of(&key, entries.text("token"))?;
    let loaded = load(&app, &officer, &id).await?;
    let Ok(seen) = entries.text("seen").parse::<u64>() else {
        return Ok(faulty(&[Fault::new("seen", "err-seen-missing")].into_iter().collect()));
    };
    match deed::perform(&app, &officer, &visit, &loaded, (action, seen), &entries).await {
        Ok(()) => after(&app, &officer, &visit, &id, &loaded).await,
        Err(NotDone::Faults(faults)) => Ok(faulty(&faults)),
        Err(NotDone::Case(error)) => answer(error),
    }
}

/// The case after an act; one that the person sees no more is named alone.
async fn after(
    app: &App,
    officer: &Officer,
    visit: &Visit,
    id: &str,
    before: &Loaded,
) -> Result<Response, Refused> {
    match load(app, officer, id).await {
        Ok(loaded) => Ok(json(StatusCode::OK, &told(app, officer, visit, &loaded))),
        Err(refused) if refused.status == StatusCode::NOT_FOUND => {
            let case = &before.stored.case;
            Ok(json(StatusCode::OK, &object!({"id": case.id, "name": case.name()})))
        }
        Err(refused) => Err(refused),
    }
}

fn both(words: impl Fn(T) -> String) -> Value {
    object!({"vi": words(T::new(Lang::Vi)), "en": words(T::new(Lang::En))})
}

fn moment(at: Instant) -> String {
    at.print(LAW_OFFSET_SECONDS)
}

fn told(app: &App, officer: &Officer, visit: &Visit, loaded: &Loaded) -> Value {
    let (case, catalogue) = (&loaded.stored.case, app.catalogue());
    let definition = catalogue.definition_of(case, app.today());
    let offers = deed::offered(&catalogue, officer, &loaded.stored, app.now());
    let acts: Vec<Value> =
        offers.iter().map(|offer| act_of(app, &catalogue, officer, loaded, offer)).collect();
    object!({
        "id": case.id,
        "name": case.name(),
        "code": case.code,
        "tracking": case.tracking,
        "procedure": case.procedure,
        "edition": case.edition,
        "state": case.business.as_str(),
        "state_words": both(|t| view::state_tag(t, case).word),
        "seen": case.seq,
        "due_at": case.due_at.map(moment),
        "decided_by": case.decided_by,
        "officer": case.officer,
        "helpers": case.ops.helpers.iter().map(|h| &h.officer).collect::<Vec<_>>(),
        "tasks": definition.map(|d| tasks(case, d)).unwrap_or_default(),
        "incidents": case.ops.incidents.iter().map(|one| object!({
            "token": one.number,
            "step": one.node,
            "key": one.code,
            "message": one.message,
            "since": moment(one.since),
        })).collect::<Vec<_>>(),
        "actions": acts,
        "csrf": visit.csrf(),
    })
}

/// The open tasks, and the waits for answers, events and choices.
fn tasks(case: &Case, definition: &Definition) -> Vec<Value> {
    let task = |(token, ix, waits): (u32, process::NodeIx, Waits)| {
        let node = definition.node(ix);
        let hold = case.ops.hold(token);
        let lent = hold.and_then(|hold| hold.lent.as_ref());
        object!({
            "token": token,
            "step": node.id,
            "name": node.name,
            "kind": node.task_kind.as_deref().or(node.job.as_deref()),
            "waits_for": waits.as_str(),
            "waits_for_answer": waits == Waits::Answer,
            "role": lane_role(node).as_str(),
            "holder": hold.and_then(|hold| hold.by.as_ref()),
            "lent_to": lent.map(|lent| &lent.to),
            "lent_until": lent.map(|lent| lent.until.to_string()),
            "added": case.process.token(token).is_some_and(|token| token.beside),
        })
    };
    places(case, definition).into_iter().map(task).collect()
}

/// One act on offer: what it will do, what it asks, where it may lead.
fn act_of(
    app: &App,
    catalogue: &Catalogue,
    officer: &Officer,
    loaded: &Loaded,
    offer: &Offer,
) -> Value {
    let (action, task) = (offer.action, offer.task.as_ref());
    let ground = deed::ground(T::new(Lang::Vi), app, catalogue, officer, loaded, task);
    let fields = act_fields::fields(&ground, action, &loaded.applicant);
    let outcomes = task.map(|task| task.outcomes.as_slice()).unwrap_or_default();
    object!({
        "action": action.key(),
        "token": action.number(),
        "step": task.map(|task| &task.id).filter(|id| !id.is_empty()),
        "label": both(|t| act::label(t, action, task)),
        "will": both(|t| act::will(t, action, task, &loaded.edition)),
        "outcomes": if matches!(action, Action::Complete(_)) { outcomes } else { &[] },
        "fields": fields.iter().map(field).collect::<Vec<_>>(),
        "href": format!("/api/v1/ho-so/{}/lam/{}", loaded.stored.case.id, action.key()),
    })
}

/// A field with the values that it offers; what was filled in for a person stays out, since it may
/// be a name.
fn field(field: &Field) -> Value {
    let kind = match field.kind {
        Kind::Date => "date",
        Kind::Check if field.choices.is_empty() => "flag",
        Kind::Check => "several",
        Kind::Radio | Kind::Select => "one_of",
        _ => "text",
    };
    let choices = field.choices.iter().filter(|choice| !choice.value.is_empty());
    let choices: Vec<Value> =
        choices.map(|one| object!({"value": one.value, "label": one.label})).collect();
    object!({
        "name": field.name,
        "kind": kind,
        "label": field.label,
        "required": !field.is_optional,
        "choices": choices,
    })
}

fn refusal(key: &str, field: Option<&str>, reason: &Value) -> Value {
    object!({"key": key, "field": field, "reason": reason})
}

/// 422: the faults, one per field.
fn faulty(faults: &Faults) -> Response {
    let one = |fault: &Fault| refusal(&fault.key, Some(&fault.field), &both(|t| fault.text(t)));
    let all: Vec<Value> = faults.iter().map(one).collect();
    json(StatusCode::UNPROCESSABLE_ENTITY, &object!({"refusals": all}))
}

/// The refusal of an act as data; everything else goes the way of the pages.
fn answer(error: CaseError) -> Result<Response, Refused> {
    let CaseError::Refused(why) = &error else { return Err(refused(error)) };
    let status = match why {
        Refusal::Clock(_) => return Err(refused(error)),
        Refusal::Denied(_) => StatusCode::FORBIDDEN,
        Refusal::State { .. } | Refusal::Exists(_) | Refusal::Forwarded => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut one = refusal(why.key(), None, &both(|t| reason_text(t, why)));
    if let (Refusal::Process(process), Some(one)) = (why, one.as_object_mut()) {
        one.insert("process".to_owned(), object!(process.key()));
    }
    Ok(json(status, &object!({"refusals": [one]})))
}
