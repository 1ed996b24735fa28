//! The simulation of a draft: invented cases queue for the staff that the form names. It runs on a
//! thread of its own; the same seed gives the same numbers as `motcua process simulate`.

use crate::trials::Run;
use kernel::calendar::Calendar;
use kernel::whatif::simulate::{Progress, Refused, Report, Scenario, simulate, simulate_while};
use process::Definition;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a simulation found.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub(super) struct Found {
    pub(super) scenario: Scenario,
    /// The form as it was sent: the next one begins with it.
    pub(super) entries: Vec<(String, String)>,
    pub(super) report: Report,
}

/// A simulation.
pub(super) struct Job {
    pub(super) draft: Arc<Definition>,
    pub(super) calendar: Calendar,
    pub(super) scenario: Scenario,
    pub(super) seed: u64,
    pub(super) run: Arc<Run>,
}

impl Job {
    /// Whether process and scenario fit together, found out with a single case.
    ///
    /// # Errors
    /// What does not fit.
    pub(super) fn try_one(
        draft: &Definition,
        calendar: &Calendar,
        scenario: &Scenario,
        seed: u64,
    ) -> Result<(), Refused> {
        let one = Scenario { cases: 1, more_staff: false, ..scenario.clone() };
        simulate(draft, calendar, &one, seed, &mut |_| {}).map(drop)
    }

    /// Does it, on the thread that it is called on.
    ///
    /// # Errors
    /// The limit that ended it; also when it was ended from outside.
    pub(super) fn perform(&self) -> Result<Report, Refused> {
        let mut told = |Progress { done, total }: Progress| {
            self.run.tell(done, total);
            !self.run.is_ended()
        };
        simulate_while(&self.draft, &self.calendar, &self.scenario, self.seed, &mut told)
    }
}
