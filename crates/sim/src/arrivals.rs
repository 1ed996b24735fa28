//! How cases come in: a citizen at a counter, on a portal, through the post.

use crate::people::Names;
use crate::run::{Course, Plan, at_work};
use crate::steps::officer;
use kernel::access::Actor;
use kernel::calendar::{Channel, Instant};
use kernel::case::{Command, Delivery, Source};
use kernel::catalogue::Catalogue;
use kernel::ids::{CaseId, UnitId};
use kernel::org::Role;
use kernel::procedure::{AnswerKind, Edition, FormSchema};
use rand::Rng;
use rand::seq::IndexedRandom;
use store::Tx;
use store::cases::{self, Application, CaseError, Env, PaperIn};

/// A citizen comes. `None` if nobody receives the chosen procedure at the chosen desk.
pub(crate) fn arrive(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    names: &Names,
    plan: &Plan,
    at: Instant,
    course: &mut Course,
) -> Result<Option<CaseId>, CaseError> {
    let Some(desk) = plan.desks.choose(&mut course.rng).cloned() else { return Ok(None) };
    let day = at.date();
    let open: Vec<_> = catalogue
        .all_in_force(day)
        .filter(|e| e.decides(&desk, &catalogue.tree, day).is_ok())
        .collect();
    let Some(edition) = open.choose(&mut course.rng).map(|e| (*e).clone()) else {
        return Ok(None);
    };
    let local = catalogue.profile_on(day).is_some_and(|p| p.local_filing);
    let way = way_in(local, edition.online, &mut course.rng);
    enter(tx, catalogue, names, plan, (at, desk, &edition, way), course)
}

/// The same through the national portal, whatever the hour.
pub(crate) fn arrive_online(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    names: &Names,
    plan: &Plan,
    at: Instant,
    course: &mut Course,
) -> Result<Option<CaseId>, CaseError> {
    let Some(desk) = plan.desks.choose(&mut course.rng).cloned() else { return Ok(None) };
    let day = at.date();
    let open: Vec<_> = catalogue
        .all_in_force(day)
        .filter(|e| e.online && e.decides(&desk, &catalogue.tree, day).is_ok())
        .collect();
    let Some(edition) = open.choose(&mut course.rng).map(|e| (*e).clone()) else {
        return Ok(None);
    };
    let way = (Channel::Online, Source::NationalPortal);
    enter(tx, catalogue, names, plan, (at, desk, &edition, way), course)
}

/// Where, when, under which edition and how a case comes in.
type Entry<'e> = (Instant, UnitId, &'e Edition, (Channel, Source));

fn enter(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    names: &Names,
    plan: &Plan,
    (at, desk, edition, (channel, source)): Entry<'_>,
    course: &mut Course,
) -> Result<Option<CaseId>, CaseError> {
    let at = match channel {
        Channel::Online => Some(at),
        _ => at_work(catalogue.calendar_of(&desk), at),
    };
    let Some(at) = at.filter(|a| *a <= plan.until) else { return Ok(None) };
    let place = catalogue.tree.line(&desk).get(1).map(|u| u.name.clone()).unwrap_or_default();
    let application = application(catalogue, names, edition, (channel, source), at, &place, course);
    let Some(application) = application.map(|a| Application { desk: desk.clone(), ..a }) else {
        return Ok(None);
    };
    let actor = match source {
        Source::Counter => {
            match officer(catalogue, &desk, Role::DeskOfficer, at, &mut course.rng) {
                Some(actor) => actor,
                None => return Ok(None),
            }
        }
        Source::NationalPortal | Source::Post | Source::Parent => Actor::system("national_portal"),
        Source::Portal => Actor::visitor(),
    };
    let mut rng = course.rng.clone();
    let mut env = Env { catalogue, actor: &actor, now: at, rng: &mut rng };
    let submitted = cases::submit(tx, &mut env, edition, &application)?;
    let id = submitted.case.id;
    if source == Source::Counter {
        cases::accept(tx, &mut env, id, None, None, None)?;
        if submitted.case.fee_vnd > 0 && course.rng.random_bool(0.8) {
            let amount_vnd = submitted.case.fee_vnd;
            let pay = Command::Pay { amount_vnd, method: "cash".into() };
            cases::act(tx, &mut env, id, None, &pay)?;
        }
    }
    course.rng = rng;
    let slow = if course.rng.random_ratio(1, 14) { 3.2 } else { course.rng.random_range(0.3..1.0) };
    course.slow.insert(id, slow);
    let wait = course.rng.random_range(600..5_400);
    course.later(at.plus_seconds(wait), id);
    Ok(Some(id))
}

fn way_in(local: bool, online: bool, rng: &mut impl Rng) -> (Channel, Source) {
    let dice = rng.random_range(0..100);
    match (local, online) {
        (true, true) if dice < 25 => (Channel::Online, Source::Portal),
        (false, _) if dice < 70 => (Channel::Online, Source::NationalPortal),
        _ if (90..95).contains(&dice) => (Channel::Post, Source::Post),
        _ => (Channel::Counter, Source::Counter),
    }
}

fn application(
    catalogue: &Catalogue,
    names: &Names,
    edition: &Edition,
    (channel, source): (Channel, Source),
    at: Instant,
    place: &str,
    course: &mut Course,
) -> Option<Application> {
    let schema = catalogue.form_of(edition)?;
    let rng = &mut course.rng;
    let applicant = names.citizen(at.date(), place, rng);
    let optional = |p: &kernel::procedure::Paper, rng: &mut rand_chacha::ChaCha12Rng| {
        p.required || rng.random_bool(0.3)
    };
    let mut papers = Vec::new();
    for paper in &edition.papers {
        if optional(paper, rng) {
            papers.push(PaperIn { no: paper.no, count: paper.count.max(1), files: Vec::new() });
        }
    }
    let delivery = match rng.random_range(0..10) {
        0 | 1 => Delivery::Post,
        2 if edition.online => Delivery::Online,
        _ => Delivery::Counter,
    };
    let exempt = !edition.exemptions.is_empty() && rng.random_ratio(1, 8);
    let exemption = edition.exemptions.first().filter(|_| exempt).map(|e| e.key.clone());
    let answers = answers(schema, names, at, rng);
    Some(Application {
        channel,
        source,
        desk: UnitId(String::new()),
        applicant,
        answers,
        papers,
        delivery,
        exemption,
        copies: None,
        parent: None,
        subject: None,
    })
}

/// Plausible answers to every required question.
fn answers(
    schema: &FormSchema,
    names: &Names,
    at: Instant,
    rng: &mut rand_chacha::ChaCha12Rng,
) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for field in schema.fields.iter().filter(|f| f.required) {
        let answer = match field.kind {
            AnswerKind::Text => names.name(rng),
            AnswerKind::Textarea => "Theo giấy tờ kèm theo".to_owned(),
            AnswerKind::Address => "Ấp 3".to_owned(),
            AnswerKind::Number => rng.random_range(1..9).to_string(),
            AnswerKind::Identity => format!("091{:09}", rng.random_range(0..1_000_000_000u64)),
            AnswerKind::Date => {
                let day = at.plus_days(-rng.random_range(1..60)).date();
                day.format("%Y-%m-%d").to_string()
            }
            AnswerKind::Choice => match field.choices.choose(rng) {
                Some((key, ..)) => key.clone(),
                None => continue,
            },
        };
        out.push((field.key.clone(), answer));
    }
    out
}
