//! From a refusal of the kernel or an error of the store to the page that says so.

use kernel::case::Refusal;
use kernel::people::Fault;
use kit::{Faults, Refused, T, When};
use papers::intake::FileFault;
use store::StoreError;
use store::cases::CaseError;

/// The answer for an act that was not done. The caller re-renders its page for [`Refusal::Fields`].
#[must_use]
pub fn refused(error: CaseError) -> Refused {
    match error {
        CaseError::NotFound => Refused::not_found(),
        CaseError::Changed { .. } => Refused::conflict().because("refusal-changed"),
        CaseError::NoEdition(code) => {
            tracing::error!(%code, "the edition or process of a case is not loaded");
            Refused::fault()
        }
        CaseError::Store(error) => store_refused(&error),
        CaseError::Refused(refusal) => {
            let base = match &refusal {
                Refusal::Denied(_) => Refused::forbidden(),
                Refusal::State { .. } | Refusal::Exists(_) | Refusal::Forwarded => Refused::state(),
                Refusal::LocalFilingClosed | Refusal::Channel => Refused::elsewhere(),
                Refusal::Clock(detail) => {
                    tracing::error!(%detail, "a due date cannot be derived");
                    Refused::fault()
                }
                _ => Refused::unprocessable(),
            };
            let mut answer = base.because(refusal.key());
            for (name, value) in refusal.args() {
                answer = answer.with(name, value);
            }
            answer
        }
    }
}

/// The answer when the store cannot do it now.
fn store_refused(error: &StoreError) -> Refused {
    match error {
        StoreError::Busy { retry_after_s } => Refused::busy(*retry_after_s),
        StoreError::Full => Refused::busy(60).because("err-disk-full"),
        StoreError::ReadOnly => Refused::busy(60).because("err-read-only"),
        StoreError::Conflict { .. } => Refused::conflict().because("refusal-changed"),
        other => {
            tracing::error!(error = %other, "the store failed");
            Refused::fault()
        }
    }
}

/// A refusal in words, for bulk results and flashes.
#[must_use]
pub fn reason_text(t: T, refusal: &Refusal) -> String {
    let args = refusal.args().into_iter().map(|(name, value)| (name.to_owned(), value));
    reason_of(t, refusal.key(), &args.collect::<Vec<_>>())
}

/// The same from its key and variables, as they are kept.
#[must_use]
pub(crate) fn reason_of(t: T, key: &str, args: &[(String, String)]) -> String {
    let word = |(name, value): &(String, String)| match name.as_str() {
        "at_ms" => {
            let when = When::from_ms(value.parse().unwrap_or_default());
            ("at".to_owned(), format!("{} {}", t.clock(when), t.date(when)))
        }
        "expected" | "found" => (name.clone(), state_word(t, value)),
        // Why the process does not allow it, in words.
        "reason" => (name.clone(), process_word(t, value)),
        "vnd" => (name.clone(), t.money(value.parse::<i64>().unwrap_or_default())),
        _ => (name.clone(), value.clone()),
    };
    let args: Vec<(String, String)> = args.iter().map(word).collect();
    t.dynamic(key, &args)
}

/// Why a process refuses; a reason without words stays as it is.
fn process_word(t: T, key: &str) -> String {
    let text = format!("process-refusal-{}", key.replace('_', "-"));
    if t.has(&text) { t.s(&text) } else { key.to_owned() }
}

/// The word of a state, if it is one of the case's; anything else stays as it is.
fn state_word(t: T, key: &str) -> String {
    match kernel::case::Business::from_key(key) {
        Some(_) => t.s(&format!("state-{}", key.replace('_', "-"))),
        None => key.to_owned(),
    }
}

/// Why a file is not taken, as a fault of the field that it came in.
#[must_use]
pub(crate) fn file_fault(field: &str, name: &str, fault: &FileFault) -> kit::Fault {
    let mut told = kit::Fault::new(field, fault.key()).with("name", name);
    for (name, value) in fault.params() {
        told = told.with(name, value);
    }
    told
}

/// Kernel faults as faults of a form.
#[must_use]
pub fn form_faults(faults: &[Fault]) -> Faults {
    let mut out = Faults::new();
    for fault in faults {
        // The kit's text names day, month and year; the kernel does not give them.
        let key = if fault.key == "err-date" { "err-date-none" } else { &fault.key };
        let mut one = kit::Fault::new(fault.field.clone(), key);
        for (name, value) in &fault.args {
            one = one.with(name, value.clone());
        }
        out.add(one);
    }
    out
}
