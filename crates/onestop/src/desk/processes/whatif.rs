//! The section "before it counts": what becomes of the cases that run, and what trials of a draft
//! found. Trials come in as a [`Report`]; without one the section says what is known at once.

use kit::T;
use store::bounds::PROCESS_CASES_LOOKED_AT;
use store::cases::Running;

/// What trials of a draft found, ready to be shown: each line a sentence in the page's language.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Report {
    /// A heading with its lines: the replay of past cases, a simulation.
    pub(super) parts: Vec<(String, Vec<String>)>,
}

/// The section.
pub(super) struct WhatIf {
    pub(super) running: String,
    pub(super) fate: String,
    pub(super) parts: Vec<(String, Vec<String>)>,
}

/// The section from the cases that run on the version that the draft was made from (`None` for a
/// new process), and from trials if there were any.
pub(super) fn section(t: T, base: Option<(u32, Running)>, report: Option<Report>) -> WhatIf {
    let parts = report.map(|found| found.parts).unwrap_or_default();
    let Some((version, found)) = base else {
        return WhatIf { running: t.s("process-whatif-new"), fate: String::new(), parts };
    };
    let key = if found.more { "process-whatif-running-more" } else { "process-whatif-running" };
    let running = t.a(
        key,
        &[
            ("n", &u64::from(found.cases)),
            ("version", &u64::from(version)),
            ("looked", &u64::from(found.looked_at.min(PROCESS_CASES_LOOKED_AT))),
        ],
    );
    let fate = if found.cases == 0 && !found.more {
        t.s("process-whatif-nobody")
    } else {
        t.a1("process-whatif-stay", "version", u64::from(version))
    };
    WhatIf { running, fate, parts }
}
