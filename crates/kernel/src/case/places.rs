//! Where a case waits, and for what: every token that rests, so that no wait is on no list.

use super::state::Case;
use process::{Definition, NodeIx, NodeKind};

/// What a token waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waits {
    /// A person does a task.
    Task,
    /// Another agency, a payment or whoever decides answers.
    Answer,
    /// Something happens: a message, a signal, a condition, a time.
    Event,
    /// A person says which of several activities begins.
    Choice,
}

impl Waits {
    /// Key for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Answer => "answer",
            Self::Event => "event",
            Self::Choice => "choice",
        }
    }
}

/// The tokens of a case that rest, each with its step and what it waits for: tasks first, then
/// answers, events and choices. Tokens that wait for each other at a join, that own a part of the
/// process or that wait until others have undone something are not among them.
#[must_use]
pub fn places(case: &Case, definition: &Definition) -> Vec<(u32, NodeIx, Waits)> {
    let state = &case.process;
    let tasks = process::open_tasks(definition, state).map(|(t, ix)| (t, ix, Waits::Task));
    let jobs = process::open_jobs(definition, state).map(|(t, ix)| (t, ix, Waits::Answer));
    let calls = process::open_calls(definition, state).map(|(t, ix)| (t, ix, Waits::Answer));
    let mut all: Vec<(u32, NodeIx, Waits)> = tasks.chain(jobs).chain(calls).collect();
    let events = state.tokens.iter().filter(|token| {
        use NodeKind::{Catch, EventGateway, Receive, TimerCatch};
        let waits =
            matches!(definition.node(token.node).kind, Catch | EventGateway | Receive | TimerCatch);
        waits && token.via.is_none() && state.scope(token.id).is_none()
    });
    all.extend(events.map(|token| (token.id, token.node, Waits::Event)));
    all.extend(
        process::choices(definition, state)
            .into_iter()
            .filter_map(|(token, _)| Some((token, state.token(token)?.node, Waits::Choice))),
    );
    all
}
