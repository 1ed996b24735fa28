//! Transitions 1 to 6: submission, acceptance, requests before acceptance, refusal; and the
//! cancelling of an acceptance before it is forwarded.

use super::super::clock;
use super::super::code::{CodeFault, case_code};
use super::super::command::{Command, LateEntry, Submission};
use super::super::event::{Event, PaperGiven, Source};
use super::super::profile::profile_on;
use super::super::refusal::Refusal;
use super::super::state::{Business, Case};
use super::{Ctx, Decided, all_required, expect, given_papers, named_papers, own_case, reason};
use crate::access::{self, Who};
use crate::calendar::{Channel, Instant};
use crate::ids::UnitId;
use crate::limits;
use crate::procedure::NotHere;

/// How long the desk waits for a supplement before acceptance, in days. The law sets none; a
/// setting of the edition may replace it later.
const PRE_SUPPLEMENT_DAYS: i64 = 30;

/// 1: hand in.
pub(super) fn submit(submission: &Submission, ctx: &Ctx<'_>) -> Decided {
    let action = Command::Submit(Box::new(submission.clone())).action();
    let today = ctx.today();
    let grant = access::may_submit(ctx.actor, action, &submission.desk, ctx.tree, today)?;
    if !may_come_from(submission, ctx) {
        return Err(Refusal::Channel);
    }
    if !ctx.edition.open_on(today) {
        return Err(Refusal::EditionClosed);
    }
    // A desk of the past answers for its old cases through its successor, but takes no new ones.
    if !ctx.tree.unit(&submission.desk).is_some_and(|u| u.valid.holds(today)) {
        let (procedure, desk) = (ctx.edition.code.clone(), submission.desk.clone());
        return Err(Refusal::NotHere(NotHere::Level { procedure, desk }));
    }
    if submission.source == Source::Portal && !ctx.profile.local_filing {
        return Err(Refusal::LocalFilingClosed);
    }
    if submission.source == Source::Portal && !ctx.edition.takes(Channel::Online) {
        return Err(Refusal::Channel);
    }
    let decided_by = if submission.source == Source::Parent {
        submission.desk.clone()
    } else {
        ctx.edition.decides(&submission.desk, ctx.tree, today)?.id.clone()
    };
    given_papers(&submission.papers, ctx)?;
    if matches!(submission.source, Source::Portal) {
        all_required(&submission.papers, ctx)?;
    }
    let fee_vnd = match &submission.exemption {
        None => full_fee(submission, ctx)?,
        Some(key) if ctx.edition.exemptions.iter().any(|e| e.key == *key) => 0,
        Some(_) => return Err(Refusal::field("exemption", "err-choice")),
    };
    let fee_vnd = if submission.source == Source::Parent { 0 } else { fee_vnd };
    let event = Event::Submitted {
        procedure: ctx.edition.code.clone(),
        edition: ctx.edition.edition,
        profile: ctx.profile.key.clone(),
        channel: submission.channel,
        source: submission.source,
        desk: submission.desk.clone(),
        received_by: unit_of_desk(&submission.desk, ctx),
        province: province_of(&submission.desk, ctx),
        decided_by,
        tracking: submission.tracking.clone(),
        subject: submission.subject,
        applicant: submission.applicant.clone(),
        answers: submission.answers.clone(),
        papers: submission.papers.clone(),
        delivery: submission.delivery,
        fee_vnd,
        exemption: submission.exemption.clone(),
        copies: submission.copies,
        at: ctx.now,
        expected_at: clock::expected(submission.channel, ctx.now, ctx),
        parent: submission.parent.clone(),
    };
    Ok((grant, vec![event]))
}

/// The fee before exemptions: by the page where the edition has it so.
fn full_fee(submission: &Submission, ctx: &Ctx<'_>) -> Result<i64, Refusal> {
    match (&ctx.edition.page_fee, submission.copies) {
        (Some(fee), Some(told)) => {
            let field = |name: &str, most: u16| {
                let fault = crate::people::Fault::new(name, "err-number").with("max", most);
                Err(Refusal::Fields(vec![fault]))
            };
            if !(1..=limits::COPIES).contains(&told.copies) {
                return field("copies", limits::COPIES);
            }
            if !(1..=limits::PAGES).contains(&told.pages) {
                return field("pages", limits::PAGES);
            }
            Ok(fee.of(told))
        }
        _ => Ok(ctx.edition.fee_vnd),
    }
}

/// Who files decides through whom a case may come in: a visitor through our own portal, an officer
/// at the counter or by post, the program for other systems and for child cases.
fn may_come_from(submission: &Submission, ctx: &Ctx<'_>) -> bool {
    match &ctx.actor.who {
        Who::Visitor | Who::Filer(_) => submission.source == Source::Portal,
        Who::Officer(_) => matches!(submission.source, Source::Counter | Source::Post),
        Who::System(_) => (submission.source == Source::Parent) == submission.parent.is_some(),
    }
}

/// The top of a desk's line of units.
fn province_of(desk: &UnitId, ctx: &Ctx<'_>) -> UnitId {
    ctx.tree.line(desk).last().map_or_else(|| desk.clone(), |top| top.id.clone())
}

/// The unit that a desk belongs to; a unit that receives without a desk is its own.
fn unit_of_desk(desk: &UnitId, ctx: &Ctx<'_>) -> UnitId {
    let parent = ctx.tree.unit(desk).filter(|u| u.kind == "desk").and_then(|u| u.parent.clone());
    parent.unwrap_or_else(|| desk.clone())
}

pub(super) fn decide(case: &Case, command: &Command, ctx: &Ctx<'_>) -> Result<Vec<Event>, Refusal> {
    let at = ctx.now;
    match command {
        Command::Accept { number, papers, late } => {
            accept(case, *number, papers.as_deref(), late.as_ref(), ctx)
        }
        Command::AskPreSupplement { papers, reason: why } => {
            expect(case, &[Business::Submitted], "submitted")?;
            let papers = named_papers(papers, ctx)?;
            let answer_by = at.plus_days(PRE_SUPPLEMENT_DAYS);
            let reason = reason(why.as_ref())?;
            Ok(vec![Event::PreSupplementAsked { papers, reason, at, answer_by }])
        }
        Command::GivePreSupplement { papers } => {
            expect(case, &[Business::PreSupplement], "pre_supplement")?;
            given_papers(papers, ctx)?;
            if papers.is_empty() {
                return Err(Refusal::field("papers", "err-papers-none"));
            }
            Ok(vec![Event::PreSupplementGiven { papers: papers.clone(), at }])
        }
        Command::Reject { reason: why } => {
            expect(case, &[Business::Submitted, Business::PreSupplement], "submitted")?;
            let reason = Some(reason(why.as_ref())?);
            Ok(vec![Event::Rejected { reason, expired: false, at }])
        }
        Command::ExpirePreSupplement => {
            expect(case, &[Business::PreSupplement], "pre_supplement")?;
            Ok(vec![Event::Rejected { reason: None, expired: true, at }])
        }
        Command::VoidAcceptance { reason: why } => {
            if case.process.started() && !case.business.is_terminal() {
                return Err(Refusal::Forwarded);
            }
            expect(case, &[Business::Accepted], "accepted")?;
            own_case(case)?;
            let reason = reason(why.as_ref())?;
            Ok(vec![Event::AcceptanceVoided { reason, refund_vnd: case.paid_vnd, at }])
        }
        _ => Err(Refusal::Exists(true)),
    }
}

/// 2: code, form 01, clock and appointment come together (Decree 61/2018 Art. 17).
fn accept(
    case: &Case,
    number: u32,
    papers: Option<&[PaperGiven]>,
    late: Option<&LateEntry>,
    ctx: &Ctx<'_>,
) -> Result<Vec<Event>, Refusal> {
    expect(case, &[Business::Submitted], "submitted")?;
    let papers = papers.map(|papers| with_files(case, papers));
    if let Some(papers) = &papers {
        given_papers(papers, ctx)?;
        all_required(papers, ctx)?;
    } else if case.source != Source::Parent {
        all_required(&case.papers, ctx)?;
    }
    let at = match late {
        Some(late) => late_entry(case, late, ctx)?,
        None => ctx.now,
    };
    let ctx = &under_law_of(at, late.is_some(), ctx)?;
    let answer = clock::derive(case, ctx, at, &[])?;
    let Some(due_at) = answer.due_at else {
        return Err(Refusal::Clock("no due date at acceptance".to_owned()));
    };
    let day = at.date();
    let version = match case.call().and_then(|call| call.version) {
        Some(named) => ctx.definitions.of(named).map(|_| named),
        None => ctx.definitions.version_on(day),
    };
    let process_version =
        version.ok_or_else(|| Refusal::Clock(format!("no process in force on {day}")))?;
    let event = Event::Accepted {
        code: code(case, number, at, ctx)?,
        profile: ctx.profile.key.clone(),
        at,
        due_at,
        forward_by: answer.forward_by,
        supplement_deadline: answer.supplement_deadline,
        late: late.map(|l| (l.reason.clone(), l.second.clone())),
        process_version,
    };
    Ok(match papers {
        Some(papers) if papers != case.papers => {
            vec![Event::PapersCounted { papers, at: ctx.now }, event]
        }
        _ => vec![event],
    })
}

/// The same under the legal profile that an acceptance at `at` pins. What the paper book took
/// before a new decree (Decree 118/2025 from 1 July 2025) was received under the old one, whenever
/// it is typed in: code format, forms and cutoff are those of its true time.
fn under_law_of<'a>(at: Instant, late: bool, ctx: &Ctx<'a>) -> Result<Ctx<'a>, Refusal> {
    if !late {
        return Ok(*ctx);
    }
    let day = at.date();
    let profile = profile_on(ctx.profiles, day);
    let profile = profile.ok_or_else(|| Refusal::Clock(format!("no legal profile on {day}")))?;
    Ok(Ctx { profile, ..*ctx })
}

/// Papers as counted, with the files that came in before: counting loses none.
fn with_files(case: &Case, counted: &[PaperGiven]) -> Vec<PaperGiven> {
    let mut papers = counted.to_vec();
    for paper in papers.iter_mut().filter(|p| p.files.is_empty()) {
        if let Some(there) = case.papers.iter().find(|p| p.no == paper.no) {
            paper.files.clone_from(&there.files);
        }
    }
    let left_out = |p: &&PaperGiven| !counted.iter().any(|c| c.no == p.no);
    let with_files = case.papers.iter().filter(|p| !p.files.is_empty()).filter(left_out);
    papers.extend(with_files.map(|p| PaperGiven { count: 0, ..p.clone() }));
    papers.sort_by_key(|p| p.no);
    papers
}

/// True time in the past, within the limit, with a second person who is not the first.
fn late_entry(case: &Case, late: &LateEntry, ctx: &Ctx<'_>) -> Result<Instant, Refusal> {
    // The paper book holds what came to the desk; the portals keep their own time.
    if !matches!(case.source, Source::Counter | Source::Post) {
        return Err(Refusal::Channel);
    }
    let earliest = ctx.now.plus_days(-limits::LATE_ENTRY_DAYS);
    if late.received_at > ctx.now || late.received_at < earliest {
        return Err(Refusal::LateEntryTime(limits::LATE_ENTRY_DAYS));
    }
    if ctx.actor.account() == Some(&late.second) {
        return Err(Refusal::SecondPerson);
    }
    if ctx.staff.seats(&late.second, ctx.today()).is_empty() {
        return Err(Refusal::SecondPerson);
    }
    Ok(late.received_at)
}

/// A child carries its parent's code with a number of its own; it takes none of the desk's numbers.
fn code(case: &Case, number: u32, at: Instant, ctx: &Ctx<'_>) -> Result<String, Refusal> {
    if let Some(parent) = &case.parent {
        return Ok(format!("{}/{number}", parent.code));
    }
    let desk = ctx.tree.unit(&case.desk);
    let org_code = desk.map(|u| u.org_code.as_str()).unwrap_or_default();
    case_code(ctx.profile.code_format, org_code, at.date(), number).map_err(|fault| match fault {
        CodeFault::UsedUp(_) => Refusal::CodesUsedUp,
        CodeFault::Organisation(_) => Refusal::Clock(fault.to_string()),
    })
}
