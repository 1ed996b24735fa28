//! Fakes of the outside systems, which fail on demand: the national portal and the messages to
//! applicants and to heads of desks. The demo and the tests use them; a real link takes their place
//! when it is configured.

use kernel::ids::{CaseId, UnitId};
use onestop::jobs::Outside;

/// A national portal and a message service that accept everything but a share of the cases, chosen
/// by the case's id, so that a run is the same every time.
#[derive(Clone, Copy, Debug)]
pub struct FakeOutside {
    /// One in how many cases the portal refuses; 0 for none.
    pub portal_fails_one_in: u8,
}

impl FakeOutside {
    fn refuses(self, case: CaseId) -> bool {
        let last = case.0.as_bytes()[15];
        self.portal_fails_one_in > 0 && last.is_multiple_of(self.portal_fails_one_in)
    }
}

impl Outside for FakeOutside {
    fn portal_sync(&self, case: CaseId, status: u8) -> Result<(), String> {
        // Only the first telling of such a case is lost, as on a bad line; later ones arrive.
        if status == 1 && self.refuses(case) {
            return Err(
                "cổng quốc gia (giả) không trả lời / the fake national portal is silent".into()
            );
        }
        tracing::debug!(%case, status, "fake national portal told");
        Ok(())
    }

    fn notify(&self, case: CaseId, message: &str) -> Result<(), String> {
        tracing::debug!(%case, message, "fake message sent");
        Ok(())
    }

    fn notify_desk(
        &self,
        case: CaseId,
        desk: &UnitId,
        message: &str,
        units: &[UnitId],
    ) -> Result<(), String> {
        tracing::debug!(%case, %desk, message, ?units, "fake message to a desk sent");
        Ok(())
    }

    fn message(&self, case: CaseId, name: &str, to: Option<&str>) -> Result<(), String> {
        if self.refuses(case) {
            return Err("nơi nhận (giả) không trả lời / the fake receiver is silent".into());
        }
        tracing::debug!(%case, name, to, "fake message of a process sent");
        Ok(())
    }
}
