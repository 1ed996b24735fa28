//! What leaves the house: the outside systems, as the binary binds them.

use kernel::ids::{CaseId, UnitId};

/// What leaves the house. Each outside system ships a fake that can fail on demand.
pub trait Outside: Send + Sync {
    /// Tells the national portal where a case stands.
    ///
    /// # Errors
    /// Why it was not taken; it will be tried again.
    fn portal_sync(&self, case: CaseId, status: u8) -> Result<(), String>;
    /// Tells the applicant.
    ///
    /// # Errors
    /// Why it was not taken; it will be tried again.
    fn notify(&self, case: CaseId, message: &str) -> Result<(), String>;
    /// Sends a message that the process of a case sends, by its name; `to` is the pool to which the
    /// drawing leads it.
    ///
    /// # Errors
    /// Why it was not taken; it will be tried again.
    fn message(&self, case: CaseId, name: &str, to: Option<&str>) -> Result<(), String>;
    /// Tells the head of a one-stop desk something about a case that the desk handed on: by
    /// `opinion_late` that the asked `units` did not answer in time (Decree 61/2018 Art. 19.5.b).
    ///
    /// # Errors
    /// Why it was not taken; it will be tried again.
    fn notify_desk(
        &self,
        case: CaseId,
        desk: &UnitId,
        message: &str,
        units: &[UnitId],
    ) -> Result<(), String>;
}
