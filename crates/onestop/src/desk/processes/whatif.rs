//! The section "before it counts": what becomes of the cases that run, and what trials of a draft
//! found. Trials come in as a [`Report`]; without one the section says what is known at once.

use kit::T;
use store::bounds::COUNT_CAP;

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
pub(super) fn section(t: T, base: Option<(u32, u32)>, report: Option<Report>) -> WhatIf {
    let parts = report.map(|found| found.parts).unwrap_or_default();
    let Some((version, found)) = base else {
        return WhatIf { running: t.s("process-whatif-new"), fate: String::new(), parts };
    };
    let version = u64::from(version);
    let more = found > COUNT_CAP;
    let key = if more { "process-whatif-running-more" } else { "process-whatif-running" };
    let running = t.a(key, &[("n", &u64::from(found.min(COUNT_CAP))), ("version", &version)]);
    let fate = match found {
        0 => t.s("process-whatif-nobody"),
        _ => t.a1("process-whatif-stay", "version", version),
    };
    WhatIf { running, fate, parts }
}
