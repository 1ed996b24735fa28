//! A form that acts once: its key is looked up and kept in the same unit of work as the act, so a
//! repeat gets the first answer and changes nothing.

use kit::{Entries, Visit};
use store::Tx;
use store::cases::{CaseError, Env};
use store::idempotency::{self, Once};

/// How long a repeat is answered with the first answer, in milliseconds: a working day.
const KEPT_MS: i64 = 12 * 3_600_000;

/// The key of a form and what makes the form the same.
#[derive(Clone, Debug, Default)]
pub(super) struct Sent {
    key: Option<String>,
    request: Vec<u8>,
}

impl Sent {
    /// The form that a visit sent: its account, path, fields and files.
    pub(super) fn of(visit: &Visit, entries: &Entries) -> Self {
        let mut request = Vec::new();
        let mut part = |text: &[u8]| {
            request.extend_from_slice(&(text.len() as u64).to_be_bytes());
            request.extend_from_slice(text);
        };
        part(visit.account_id().unwrap_or_default().as_bytes());
        part(visit.path().as_bytes());
        for (name, value) in entries.pairs().filter(|(name, _)| *name != "_csrf") {
            part(name.as_bytes());
            part(value.as_bytes());
        }
        for file in entries.all_files() {
            part(file.field.as_bytes());
            part(file.name.as_bytes());
            part(&file.bytes);
        }
        Self { key: entries.once().map(|key| key.to_string()), request }
    }

    /// The first answer, if this form came before.
    ///
    /// # Errors
    /// `Changed` when another form came with the same key.
    pub(super) fn before(
        &self,
        tx: &mut Tx<'_>,
        env: &Env<'_>,
    ) -> Result<Option<String>, CaseError> {
        let Some(key) = &self.key else { return Ok(None) };
        match idempotency::look(tx, key, &self.request, env.now.0)? {
            Once::New => Ok(None),
            Once::Answered(answer) => Ok(Some(answer)),
            Once::Other => Err(CaseError::Changed { expected: 0, found: 0 }),
        }
    }

    /// Keeps the answer, in the same unit of work.
    ///
    /// # Errors
    /// What the store says.
    pub(super) fn keep(
        &self,
        tx: &mut Tx<'_>,
        env: &Env<'_>,
        answer: &str,
    ) -> Result<(), CaseError> {
        if let Some(key) = &self.key {
            let (now, until) = (env.now.0, env.now.0.saturating_add(KEPT_MS));
            idempotency::keep(tx, key, &self.request, answer, until, now)?;
        }
        Ok(())
    }
}
