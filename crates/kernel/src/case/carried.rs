//! What of the engine's profile a case carries out: the engine knows more, and a process that asks
//! for more must be refused when it is published, not when a case stands there.

use process::{Definition, Node, NodeIx, NodeKind};

/// What may begin an event sub-process.
const BEGINS: &[&str] =
    &["timer", "message", "signal", "error", "escalation", "conditional", "compensate"];

/// Whether a case can come through a step and go on.
fn carries_out(definition: &Definition, ix: NodeIx, node: &Node) -> bool {
    let only = |words: &[&str]| node.triggers().all(|trigger| words.contains(&trigger));
    let parent = node.parent.map(|parent| definition.node(parent).kind);
    let once = !node.is_repeated();
    let itself = match node.kind {
        NodeKind::Start if parent == Some(NodeKind::EventSubProcess) => only(BEGINS),
        NodeKind::Start => only(&[]),
        NodeKind::End => only(&["error", "escalation", "message", "signal", "compensate"]),
        NodeKind::TerminateEnd => only(&["terminate"]),
        // Also by several officers, at the same time or one after the other, and again and again.
        NodeKind::UserTask | NodeKind::Pass | NodeKind::SubProcess => only(&[]),
        // What is asked outside is asked once: its answers are known by the token that waits.
        NodeKind::ServiceTask
        | NodeKind::EventSubProcess
        | NodeKind::AdHoc
        | NodeKind::Exclusive
        | NodeKind::Inclusive
        | NodeKind::Parallel => once && only(&[]),
        NodeKind::Script => node.runs_feel(),
        // A decision that did not come with the process would wait for an answer for ever.
        NodeKind::Rule => definition.has_decision(ix),
        NodeKind::TimerCatch | NodeKind::TimerBoundary => only(&["timer"]),
        // Somebody in charge notes that a message came or a signal was given.
        NodeKind::Boundary => {
            only(&["error", "escalation", "message", "signal", "conditional", "compensate"])
        }
        NodeKind::Send | NodeKind::Receive => only(&["message"]),
        NodeKind::EventGateway => true,
        NodeKind::Throw => only(&["escalation", "link", "message", "signal", "compensate"]),
        NodeKind::Catch => only(&["link", "message", "signal", "conditional"]),
        // A child case runs the other process; which one must be known when this one is published.
        NodeKind::Call => node.calls().is_some() && only(&[]),
        NodeKind::Missing => false,
    };
    let inside = parent.is_none_or(|parent| {
        matches!(parent, NodeKind::SubProcess | NodeKind::EventSubProcess | NodeKind::AdHoc)
    });
    itself && inside && happens_once(node) && node.is_followed()
}

/// A condition beside a step that interrupts nothing happens once while the step lasts; together
/// with another trigger nobody could say how often.
fn happens_once(node: &Node) -> bool {
    let beside = matches!(node.kind, NodeKind::Boundary | NodeKind::Start) && !node.interrupting;
    let conditional = node.triggers().any(|trigger| trigger == "conditional");
    !(beside && conditional && node.triggers().count() > 1)
}

/// The steps of a process that no case can carry out: calls whose process is computed, computed
/// times, starts by events, service tasks that are repeated, cancelled transactions, and decisions
/// that did not come with the process.
pub fn not_carried_out(definition: &Definition) -> impl Iterator<Item = &Node> {
    let all = definition.nodes();
    all.filter(|(ix, node)| !carries_out(definition, *ix, node)).map(|(_, node)| node)
}
