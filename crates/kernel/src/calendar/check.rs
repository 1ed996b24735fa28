//! The form and order of a request's events, checked before anything is counted.

use super::types::{ClockEventKind, ClockRefusal, ClockRequest, RefusalCode};

/// Most working days that a supplement may be asked for in.
pub(super) const MAX_SUPPLEMENT_DAYS: u32 = 4000;

/// Checks a request: limit, order of instants, and that every event opens or closes something.
pub(super) fn check(request: &ClockRequest<'_>) -> Result<(), ClockRefusal> {
    request.limit.check()?;
    let within = request.settings.supplement_within_days;
    if !(1..=MAX_SUPPLEMENT_DAYS).contains(&within) {
        let message = format!("expected a whole number from 1 to {MAX_SUPPLEMENT_DAYS}");
        let field = "supplement_within_days";
        return Err(ClockRefusal::new(RefusalCode::RequestInvalid, field, message));
    }
    if request.as_of < request.received_at {
        let message = "now lies before the reception";
        return Err(ClockRefusal::new(RefusalCode::AsOfBeforeReception, "as_of", message));
    }
    let mut before = request.received_at;
    for (i, event) in request.events.iter().enumerate() {
        let refuse =
            |code, message| Err(ClockRefusal::new(code, format!("events[{i}].at"), message));
        if event.at < request.received_at {
            return refuse(
                RefusalCode::EventBeforeReception,
                "the event lies before the reception",
            );
        }
        if event.at < before {
            return refuse(
                RefusalCode::EventsUnordered,
                "the event lies before the one ahead of it",
            );
        }
        before = event.at;
    }
    check_pairs(request)
}

fn check_pairs(request: &ClockRequest<'_>) -> Result<(), ClockRefusal> {
    let (mut open, mut ended) = ([false; 3], false);
    for (i, event) in request.events.iter().enumerate() {
        let refuse = |code, part: &str, message: &str| {
            Err(ClockRefusal::new(code, format!("events[{i}]{part}"), message))
        };
        if ended {
            return refuse(RefusalCode::EventAfterResult, "", "the result had ended the case");
        }
        let (kind, opens) = match &event.kind {
            ClockEventKind::SupplementRequested => (0, true),
            ClockEventKind::SupplementReceived => (0, false),
            ClockEventKind::FinanceWait => (1, true),
            ClockEventKind::FinanceDone => (1, false),
            ClockEventKind::Suspended { ground, until } => {
                if ground.trim().is_empty() {
                    let message = "a suspension needs its ground";
                    return refuse(RefusalCode::MissingField, ".ground", message);
                }
                let start = event.at.date_in(request.settings.offset_seconds);
                if until.is_some_and(|until| until < start) {
                    let message = "the suspension ends before the day it starts";
                    return refuse(RefusalCode::EventInvalid, ".until", message);
                }
                (2, true)
            }
            ClockEventKind::Resumed => (2, false),
            ClockEventKind::Extended { .. } => continue,
            ClockEventKind::ResultReady => {
                ended = true;
                continue;
            }
        };
        if open[kind] == opens {
            let message = if opens { "opens what is open" } else { "closes nothing" };
            return refuse(RefusalCode::EventUnexpected, "", message);
        }
        open[kind] = opens;
    }
    Ok(())
}
