//! Sending a step back: to the previous step only, and never over a barrier.
//!
//! A legal target within regions of the graph comes with the whole engine; this is its first case.

use crate::definition::{Definition, NodeIx, NodeKind};
use crate::refusal::{BackReason, Refusal};
use crate::state::{Behind, State};

/// The outcome that means "send back" when the diagram draws no return.
pub(crate) const SEND_BACK: &str = "send_back";

/// The step that a token at a user task may be sent back to, if any.
#[must_use]
pub fn send_back_target(def: &Definition, state: &State, token: u32) -> Option<NodeIx> {
    send_back_check(def, state, token).ok()
}

/// Like `send_back_target`, with the reason when there is none.
///
/// # Errors
/// `NoToken`, `WrongPlace`, or `CannotSendBack` with what lies between.
pub fn send_back_check(def: &Definition, state: &State, token: u32) -> Result<NodeIx, Refusal> {
    let here = state.token(token).ok_or(Refusal::NoToken { token })?;
    let node = def.node(here.node);
    if node.kind != NodeKind::UserTask {
        let expected = "a user task".to_owned();
        return Err(Refusal::WrongPlace { token, node: node.id.clone(), expected });
    }
    here.came_from().ok_or_else(|| Refusal::CannotSendBack {
        node: node.id.clone(),
        why: match here.behind {
            Behind::Start => BackReason::FirstStep,
            Behind::Split => BackReason::AcrossSplit,
            Behind::Join => BackReason::AcrossJoin,
            Behind::Answer => BackReason::AcrossAnswer,
            Behind::Timer => BackReason::AcrossTimer,
        },
    })
}
