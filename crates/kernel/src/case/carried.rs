//! What of the engine's profile a case carries out today: the engine knows more, and a process that
//! asks for more must be refused when it is published, not when a case stands there.

use process::{Definition, Node, NodeIx, NodeKind};

/// Whether a case can come through a step and go on.
fn carries_out(definition: &Definition, ix: NodeIx, node: &Node) -> bool {
    let only = |words: &[&str]| node.triggers().all(|trigger| words.contains(&trigger));
    let once = !node.is_repeated();
    let itself = match node.kind {
        NodeKind::Start => only(&[]),
        // Whom a message or a signal at the end should reach, nobody says yet.
        NodeKind::End => only(&["error", "escalation"]),
        NodeKind::TerminateEnd => only(&["terminate"]),
        // Several officers do the same task, at the same time or one after the other.
        NodeKind::UserTask => once || node.is_multi(),
        NodeKind::ServiceTask
        | NodeKind::Pass
        | NodeKind::SubProcess
        | NodeKind::Exclusive
        | NodeKind::Inclusive
        | NodeKind::Parallel => once && only(&[]),
        NodeKind::Script => once && node.runs_feel(),
        // A decision that did not come with the process would wait for an answer for ever.
        NodeKind::Rule => once && definition.has_decision(ix),
        NodeKind::TimerCatch | NodeKind::TimerBoundary => only(&["timer"]),
        // Somebody in charge notes that a message came or a signal was given.
        NodeKind::Boundary => only(&["error", "escalation", "message", "signal"]),
        NodeKind::Receive => once && only(&["message"]),
        NodeKind::EventGateway => true,
        NodeKind::Throw => only(&["escalation", "link"]),
        NodeKind::Catch => only(&["link", "message", "signal"]),
        _ => false,
    };
    let inside =
        node.parent.is_none_or(|parent| definition.node(parent).kind == NodeKind::SubProcess);
    itself && inside && node.is_followed()
}

/// The steps of a process that no case can carry out yet: calls, messages and signals that are
/// sent, conditions that are waited for, event and ad-hoc sub-processes, loops, compensation,
/// computed times, and decisions that did not come with the process.
pub fn not_carried_out(definition: &Definition) -> impl Iterator<Item = &Node> {
    let all = definition.nodes();
    all.filter(|(ix, node)| !carries_out(definition, *ix, node)).map(|(_, node)| node)
}
