//! What people do: a citizen who comes, an officer who takes the next piece of work, a leader who
//! signs; mostly the ordinary thing, sometimes one of the others.

use crate::run::{Course, at_work};
use kernel::access::Actor;
use kernel::calendar::{Instant, LimitUnit};
use kernel::case::{
    Action, Bucket, Business, Case, Command, Delivery, Offer, OfferedTask, Op, PaperGiven, Ref,
    Why, WorkItem, offers, work_items,
};
use kernel::catalogue::Catalogue;
use kernel::ids::{AccountId, CaseId, UnitId};
use kernel::org::Role;
use kernel::procedure::Edition;
use rand::Rng;
use rand::seq::IndexedRandom;
use store::Tx;
use store::cases::{self, CaseError, Env};

/// Somebody who holds a role in a unit on that day.
#[must_use]
pub fn officer(
    catalogue: &Catalogue,
    unit: &UnitId,
    role: Role,
    at: Instant,
    rng: &mut impl Rng,
) -> Option<Actor> {
    let day = at.date();
    let holders = catalogue.staff.holders(unit, role, day);
    let account: AccountId = (*holders.choose(rng)?).clone();
    let seats = catalogue.seats(&account, day);
    Some(Actor::officer(account, seats))
}

/// The next thing that happens to a case.
pub(crate) fn step(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    id: CaseId,
    at: Instant,
    course: &mut Course,
) -> Result<(), CaseError> {
    let Some(stored) = cases::by_id(tx, id.0)? else { return Ok(()) };
    let case = stored.case;
    let Some(edition) = catalogue.edition(&case.procedure, case.edition).cloned() else {
        return Ok(());
    };
    let Some(definition) = catalogue.definition_of(&case, at.date()).cloned() else {
        return Ok(());
    };
    let items = work_items(&case, &definition);
    let doable: Vec<&WorkItem> =
        items.iter().filter(|i| i.bucket != Bucket::WaitingAgency).collect();
    let Some(item) = doable.choose(&mut course.rng).map(|i| (*i).clone()) else { return Ok(()) };
    if waits_for_citizen(&case) {
        return citizen_answers(tx, catalogue, &case, at, course);
    }
    if case.parent.is_none() && withdraws(&case, course) {
        let actor = Actor::filer(case.id);
        let mut rng = course.rng.clone();
        let mut env = Env { catalogue, actor: &actor, now: at, rng: &mut rng };
        cases::act(tx, &mut env, id, None, &Command::AskWithdrawal { reason: None })?;
        course.rng = rng;
        course.later(at.plus_seconds(20_000), id);
        return Ok(());
    }
    if waits_longer(item.bucket) && course.rng.random_ratio(2, 3) {
        let wait = course.rng.random_range(10_000..120_000);
        course.later(at.plus_seconds(wait), id);
        return Ok(());
    }
    // An officer works in office hours.
    let calendar = catalogue.calendar_of(&case.desk);
    let Some(now) = at_work(calendar, at) else { return Ok(()) };
    if now > at.plus_seconds(2) {
        course.later(now, id);
        return Ok(());
    }
    let actor = match &item.holder {
        Some(account) => {
            let seats = catalogue.seats(account, at.date());
            Some(Actor::officer(account.clone(), seats))
        }
        None => officer(catalogue, &item.unit, item.role, at, &mut course.rng),
    };
    let Some(actor) = actor else { return Ok(()) };
    let Some(ctx) = catalogue.ctx(&case, &actor, at) else { return Ok(()) };
    let offered = offers(&case, &ctx);
    let Some(offer) = choose(&case, &item, &offered, course) else { return Ok(()) };
    let mut rng = course.rng.clone();
    let mut env = Env { catalogue, actor: &actor, now: at, rng: &mut rng };
    perform(tx, &mut env, &case, &edition, &offer, course)?;
    course.rng = rng;
    let next = course.slow.get(&id).copied().unwrap_or(0.7);
    let wait = pause_seconds(&edition, next, course);
    if let Some(next_at) = calendar.add_working_seconds(at, wait) {
        course.later(next_at, id);
    }
    Ok(())
}

/// Lists on which work stays for a day or two: what waits for others, and what nobody hurries.
fn waits_longer(bucket: Bucket) -> bool {
    matches!(
        bucket,
        Bucket::ToAccept
            | Bucket::ToCheck
            | Bucket::Withdrawal
            | Bucket::WaitingMoney
            | Bucket::Suspended
            | Bucket::ToExtend
    )
}

/// One in some hundred steps an applicant changes their mind.
fn withdraws(case: &Case, course: &mut Course) -> bool {
    let open = matches!(case.business, Business::Submitted | Business::Processing);
    open && course.rng.random_ratio(1, 250)
}

fn waits_for_citizen(case: &Case) -> bool {
    matches!(case.business, Business::PreSupplement | Business::Supplement)
}

/// A citizen brings what was asked for after some days, or never.
fn citizen_answers(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    case: &Case,
    at: Instant,
    course: &mut Course,
) -> Result<(), CaseError> {
    if course.rng.random_ratio(1, 6) {
        return Ok(());
    }
    let asked = case.supplement.as_ref().map(|s| s.papers.clone()).unwrap_or_default();
    let papers: Vec<PaperGiven> =
        asked.into_iter().map(|no| PaperGiven { no, count: 1, files: Vec::new() }).collect();
    if papers.is_empty() {
        return Ok(());
    }
    let command = if case.business == Business::PreSupplement {
        Command::GivePreSupplement { papers }
    } else {
        Command::GiveSupplement { papers }
    };
    let actor = Actor::filer(case.id);
    let mut rng = course.rng.clone();
    let mut env = Env { catalogue, actor: &actor, now: at, rng: &mut rng };
    cases::act(tx, &mut env, case.id, None, &command)?;
    course.rng = rng;
    course.later(at.plus_seconds(5_400), case.id);
    Ok(())
}

/// Working seconds until the next step: a part of the statutory time.
fn pause_seconds(edition: &Edition, slow: f64, course: &mut Course) -> i64 {
    let whole = match edition.limit.unit {
        LimitUnit::SameDay => 4 * 3_600,
        LimitUnit::WorkingHour => i64::from(edition.limit.quarters) * 900,
        LimitUnit::WorkingDay => i64::from(edition.limit.quarters) * 7_200,
        LimitUnit::CalendarDay => i64::from(edition.limit.quarters) * 5_000,
        LimitUnit::Month => i64::from(edition.limit.quarters) * 150_000,
    };
    let part = course.rng.random_range(0.04..0.22) * slow;
    #[expect(clippy::cast_possible_truncation, reason = "seconds of some months fit")]
    let seconds = (whole as f64 * part) as i64;
    seconds.max(300)
}

/// Mostly the first act on offer, which moves the case on; sometimes another.
fn choose(case: &Case, item: &WorkItem, offered: &[Offer], course: &mut Course) -> Option<Offer> {
    let has = |action: Action| offered.iter().find(|o| o.action == action).cloned();
    let dice = course.rng.random_range(0..1000);
    let aside = match case.business {
        Business::Submitted if dice < 30 => has(Action::Reject),
        Business::Submitted if dice < 90 => has(Action::AskPreSupplement),
        Business::Accepted if dice < 12 => has(Action::VoidAcceptance),
        Business::Processing if dice < 40 => has(Action::AskSupplement),
        Business::Processing if dice < 52 => has(Action::Stop),
        Business::Processing if dice < 64 => has(Action::Suspend),
        Business::Processing if dice < 80 => has(Action::DraftExtension),
        Business::Processing if dice < 110 => {
            offered.iter().find(|o| matches!(o.action, Action::Return(_))).cloned()
        }
        _ => None,
    };
    let straight = match item.bucket {
        Bucket::ToAccept => has(Action::Accept),
        Bucket::ToForward => {
            let counter = offered.iter().find(|o| o.task.is_some()).cloned();
            has(Action::Forward).or(counter)
        }
        Bucket::InWork => offered
            .iter()
            .find(|o| matches!(o.action, Action::Complete(t) if t == item.slot))
            .cloned(),
        Bucket::ToCheck => has(Action::AcceptSupplement),
        Bucket::Withdrawal => has(Action::DecideWithdrawal),
        Bucket::ToExtend => has(Action::GrantExtension),
        Bucket::WaitingMoney => has(Action::CloseFinance),
        Bucket::Suspended => has(Action::Resume),
        Bucket::ToDeliver => has(Action::Deliver).or_else(|| has(Action::Pay)),
        Bucket::ByPost => post(offered, course),
        Bucket::WaitingCitizen | Bucket::WaitingAgency => None,
        // Helpers write notes, and nothing stands still in the processes of the simulation.
        Bucket::Helping | Bucket::Incident => None,
    };
    aside.or(straight)
}

fn post(offered: &[Offer], course: &mut Course) -> Option<Offer> {
    let has = |action: Action| offered.iter().find(|o| o.action == action).cloned();
    let fails = course.rng.random_ratio(1, 8);
    has(Action::PostCollect)
        .or_else(|| has(Action::PostReturn))
        .or_else(|| if fails { has(Action::PostFail) } else { has(Action::PostDeliver) })
}

fn seal(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    case: &Case,
    text: &str,
) -> Result<Option<Ref>, CaseError> {
    Ok(Some(cases::keep(tx, env, case.subject, Some(case.id), "note", text)?))
}

/// Does what was chosen, with plausible data.
fn perform(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    case: &Case,
    edition: &Edition,
    offer: &Offer,
    course: &mut Course,
) -> Result<(), CaseError> {
    if offer.action == Action::Accept {
        cases::accept(tx, env, case.id, None, None, None)?;
        return Ok(());
    }
    let first_papers: Vec<u16> = edition.papers.iter().take(1).map(|p| p.no).collect();
    let command = match (offer.action, &offer.task) {
        (Action::Complete(token), Some(task)) => complete(tx, env, case, token, task, course)?,
        (Action::Return(token), Some(task)) => {
            let reason = seal(tx, env, case, "Dự thảo chưa đủ căn cứ, đề nghị xem lại.")?;
            // The likeliest stands last: the step before.
            let Some(to) = task.targets.last().map(|step| step.id.clone()) else { return Ok(()) };
            let why = Why { reason, ground: "Quy chế làm việc của cơ quan".into() };
            Command::Op(Op::Return { token, to, why })
        }
        (Action::Reject, _) => {
            let reason = seal(tx, env, case, "Không thuộc thẩm quyền giải quyết của nơi nhận.")?;
            Command::Reject { reason }
        }
        (Action::AskPreSupplement, _) => {
            let reason = seal(tx, env, case, "Bản chụp mờ, đề nghị gửi lại bản rõ.")?;
            Command::AskPreSupplement { papers: first_papers, reason }
        }
        (Action::VoidAcceptance, _) => {
            let reason = seal(tx, env, case, "Nhập nhầm thủ tục, đã tiếp nhận lại.")?;
            Command::VoidAcceptance { reason }
        }
        (Action::Forward, _) => Command::Forward,
        (Action::AskSupplement, _) => {
            let reason = seal(tx, env, case, "Thiếu chữ ký ở trang 2.")?;
            Command::AskSupplement { papers: first_papers, reason, answer_days: 30 }
        }
        (Action::AcceptSupplement, _) => Command::AcceptSupplement,
        (Action::Stop, _) => {
            let reason = seal(tx, env, case, "Không đủ điều kiện theo quy định.")?;
            Command::Stop { reason }
        }
        (Action::Suspend, _) => {
            let reason = seal(tx, env, case, "Chờ kết quả giám định.")?;
            let until = env.now.plus_days(20).date();
            Command::Suspend { ground: "Chờ kết quả giám định".into(), reason, until }
        }
        (Action::Resume, _) => Command::Resume,
        (Action::DraftExtension, _) => return extension(tx, env, case, course),
        (Action::GrantExtension, _) => return grant(tx, env, case),
        (Action::DecideWithdrawal, _) => Command::DecideWithdrawal { granted: true, reason: None },
        (Action::CloseFinance, _) => Command::CloseFinance,
        (Action::Pay, _) => {
            Command::Pay { amount_vnd: case.fee_vnd - case.paid_vnd, method: "transfer".into() }
        }
        (Action::Deliver, _) => {
            let taken_by = seal(tx, env, case, "Người nộp, có giấy tờ tùy thân")?;
            let how = if case.delivery == Delivery::Online {
                Delivery::Online
            } else {
                Delivery::Counter
            };
            Command::Deliver { how, taken_by, authorised: course.rng.random_ratio(1, 12) }
        }
        (Action::PostCollect, _) => Command::PostCollect,
        (Action::PostDeliver, _) => {
            Command::PostDeliver { taken_by: seal(tx, env, case, "Người nhận ký phiếu")? }
        }
        (Action::PostFail, _) => {
            Command::PostFail { reason: seal(tx, env, case, "Vắng nhà khi phát")? }
        }
        (Action::PostReturn, _) => Command::PostReturn,
        _ => return Ok(()),
    };
    cases::act(tx, env, case.id, None, &command)?;
    Ok(())
}

/// An extension may come too late or be not later than the date; people then leave it.
fn extension(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    case: &Case,
    course: &mut Course,
) -> Result<(), CaseError> {
    let Some(due) = case.due_at.filter(|due| due.plus_days(-3) > env.now) else {
        return Ok(());
    };
    let new_due_on = due.plus_days(course.rng.random_range(5..12)).date();
    let reason = seal(tx, env, case, "Cần xác minh thêm tại địa phương.")?;
    cases::act(tx, env, case.id, None, &Command::DraftExtension { new_due_on, reason })?;
    Ok(())
}

fn grant(tx: &mut Tx<'_>, env: &mut Env<'_>, case: &Case) -> Result<(), CaseError> {
    // A stop after the draft may have moved the date beyond the drafted one; the draft then lies.
    let later =
        |due: &Instant| case.extension_draft.as_ref().is_some_and(|(day, _)| *day > due.date());
    match case.due_at.filter(|due| due.plus_days(-2) > env.now).filter(later) {
        Some(_) => {
            cases::act(tx, env, case.id, None, &Command::GrantExtension)?;
            Ok(())
        }
        None => Ok(()),
    }
}

fn complete(
    tx: &mut Tx<'_>,
    env: &mut Env<'_>,
    case: &Case,
    token: u32,
    task: &OfferedTask,
    course: &mut Course,
) -> Result<Command, CaseError> {
    let officers = env.catalogue.staff.holders(&case.decided_by, Role::CaseOfficer, env.now.date());
    let officer = (task.kind == "assign")
        .then(|| officers.choose(&mut course.rng).map(|a| (*a).clone()))
        .flatten();
    let note = match task.kind.as_str() {
        "field" => seal(tx, env, case, "Đã kiểm tra thực địa, hiện trạng đúng hồ sơ.")?,
        "opinion" => seal(tx, env, case, "Thống nhất với đề nghị của cơ quan chủ trì.")?,
        "appraise" => seal(tx, env, case, "Hồ sơ đủ điều kiện giải quyết.")?,
        _ => None,
    };
    let number =
        (task.kind == "stamp").then(|| format!("{}/QĐ-UBND", course.rng.random_range(1..4_000)));
    let outcome = task.outcomes.choose(&mut course.rng).cloned().unwrap_or_default();
    let first = task.outcomes.first().cloned().unwrap_or_default();
    let outcome = if course.rng.random_ratio(3, 4) { first } else { outcome };
    let amount_vnd = Some(course.rng.random_range(2..60) * 50_000);
    let consulted = Vec::new();
    Ok(Command::Complete { token, outcome, officer, consulted, note, number, amount_vnd })
}
