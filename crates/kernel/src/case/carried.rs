//! What of the engine's profile a case carries out today: the engine knows more, and a process that
//! asks for more must be refused when it is published, not when a case stands there.

use process::{Definition, Node, NodeKind};

/// Whether a case can come through a step and go on.
fn carries_out(node: &Node) -> bool {
    let known = matches!(
        node.kind,
        NodeKind::Start
            | NodeKind::End
            | NodeKind::TerminateEnd
            | NodeKind::UserTask
            | NodeKind::ServiceTask
            | NodeKind::Exclusive
            | NodeKind::Inclusive
            | NodeKind::Parallel
            | NodeKind::TimerCatch
            | NodeKind::TimerBoundary
    );
    known && node.parent.is_none() && node.is_plain()
}

/// The steps of a process that no case can carry out yet: calls, messages, signals, sub-processes,
/// scripts, decisions and repeated steps.
pub fn not_carried_out(definition: &Definition) -> impl Iterator<Item = &Node> {
    definition.nodes().map(|(_, node)| node).filter(|node| !carries_out(node))
}
