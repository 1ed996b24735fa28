//! Events: all that happens in a process, as journals keep it.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::definition::{NodeIx, TimerSpec};
use crate::state::{Done, Scope, ScopeKind, State, Token, Vars};

/// What happened. The short tag in `k` is the event's version: a changed meaning gets a new tag.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "k")]
pub enum Event {
    /// The process began; token 1 stands at the start event.
    #[serde(rename = "started")]
    Started,
    /// A token came to a place where it waits (user task, waiting service task, timer).
    #[serde(rename = "in")]
    Entered {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// Where it waits now.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The user task finished before, if any since the last barrier.
        #[serde(rename = "f", default, skip_serializing_if = "Option::is_none")]
        from: Option<NodeIx>,
        /// The case has reached this user task for the first time.
        #[serde(rename = "u", default, skip_serializing_if = "is_false")]
        first: bool,
    },
    /// A token left the place where it waited.
    #[serde(rename = "out")]
    Left {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The place it left.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The outcome of a user task.
        #[serde(rename = "o", default, skip_serializing_if = "Option::is_none")]
        outcome: Option<String>,
    },
    /// A token took a flow out of an exclusive gateway; the flow is its number in the definition.
    #[serde(rename = "via")]
    Chose {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The gateway.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The number of the flow, see `Definition::flows`.
        #[serde(rename = "e")]
        flow: u16,
    },
    /// A timer is to be set for a token.
    #[serde(rename = "timer")]
    TimerSet {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The timer event: the catch itself, or the boundary event on the token's task.
        #[serde(rename = "n")]
        node: NodeIx,
        /// When it fires.
        #[serde(rename = "w")]
        spec: TimerSpec,
    },
    /// A timer that was set is no longer needed.
    #[serde(rename = "timer_off")]
    TimerDropped {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The timer event.
        #[serde(rename = "n")]
        node: NodeIx,
    },
    /// A timer fired and took effect.
    #[serde(rename = "rang")]
    TimerRang {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The timer event.
        #[serde(rename = "n")]
        node: NodeIx,
    },
    /// An interrupting boundary event ended a task; the token goes on from the boundary event.
    #[serde(rename = "cut")]
    Interrupted {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The task that ended.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The boundary event.
        #[serde(rename = "by")]
        by: NodeIx,
    },
    /// A non-interrupting boundary event opened a new token beside the task.
    #[serde(rename = "beside")]
    Forked {
        /// The new token.
        #[serde(rename = "t")]
        token: u32,
        /// The boundary event.
        #[serde(rename = "n")]
        node: NodeIx,
    },
    /// A service task asks for a job; it leaves through the caller's outbox.
    #[serde(rename = "job")]
    JobAsked {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The service task.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The job's key.
        #[serde(rename = "j")]
        job: String,
    },
    /// A token waits at a join for the others.
    #[serde(rename = "arrived")]
    Arrived {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The join.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The incoming flow.
        #[serde(rename = "e")]
        flow: u16,
    },
    /// A join has all it waits for: the tokens end and a new one goes on.
    #[serde(rename = "joined")]
    Joined {
        /// The new token.
        #[serde(rename = "t")]
        token: u32,
        /// The join.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The tokens that ended.
        #[serde(rename = "of")]
        of: Vec<u32>,
    },
    /// A split ends its token and opens one for each outgoing flow.
    #[serde(rename = "split")]
    Split {
        /// The token that ended.
        #[serde(rename = "t")]
        token: u32,
        /// The gateway.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The new tokens, in the order of the outgoing flows.
        #[serde(rename = "to")]
        into: Vec<u32>,
    },
    /// A token came to an end event and is gone.
    #[serde(rename = "end")]
    Ended {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The end event.
        #[serde(rename = "n")]
        node: NodeIx,
    },
    /// The process is finished; no token is left.
    #[serde(rename = "finished")]
    Finished,
    /// A token went back to the previous step. `Entered` follows for the same token.
    #[serde(rename = "back")]
    SentBack {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The task that sent it back.
        #[serde(rename = "f")]
        from: NodeIx,
        /// The task that has it again.
        #[serde(rename = "n")]
        to: NodeIx,
    },
    /// The process ended without a result; no token is left.
    #[serde(rename = "cancelled")]
    Cancelled,
    /// The process began at an event; token 1 stands there.
    #[serde(rename = "started_at")]
    StartedAt {
        /// The event start.
        #[serde(rename = "n")]
        node: NodeIx,
    },
    /// A new token stands at a node, inside a scope.
    #[serde(rename = "born")]
    Born {
        /// The new token.
        #[serde(rename = "t")]
        token: u32,
        /// Where.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The token that owns the scope; 0 is the process.
        #[serde(rename = "s", default, skip_serializing_if = "is_zero")]
        scope: u32,
        /// Its number within a repetition.
        #[serde(rename = "i", default, skip_serializing_if = "Option::is_none")]
        index: Option<u32>,
        /// The token whose compensation it carries out.
        #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
        undo: Option<u32>,
    },
    /// The scope of a token opened: a sub-process, or a repetition.
    #[serde(rename = "open")]
    Opened {
        /// The token that owns it.
        #[serde(rename = "t")]
        token: u32,
        /// The activity.
        #[serde(rename = "n")]
        node: NodeIx,
        /// What kind of scope.
        #[serde(rename = "w")]
        kind: ScopeKind,
        /// How many instances there are to be.
        #[serde(rename = "c", default, skip_serializing_if = "is_zero")]
        total: u32,
        /// The items of a collection.
        #[serde(rename = "l", default, skip_serializing_if = "Vec::is_empty")]
        items: Vec<Json>,
        /// What can be undone inside, when it opens again to be undone.
        #[serde(rename = "d", default, skip_serializing_if = "Vec::is_empty")]
        undoable: Vec<Done>,
    },
    /// The scope of a token closed; all tokens inside are gone.
    #[serde(rename = "close")]
    Closed {
        /// The token that owned it.
        #[serde(rename = "t")]
        token: u32,
    },
    /// A token was cancelled, with all that it owned.
    #[serde(rename = "gone")]
    Gone {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// Where it stood.
        #[serde(rename = "n")]
        node: NodeIx,
    },
    /// Variables were set in a scope, 0 being the process.
    #[serde(rename = "set")]
    VarsSet {
        /// The token that owns the scope.
        #[serde(rename = "s", default, skip_serializing_if = "is_zero")]
        scope: u32,
        /// The variables.
        #[serde(rename = "v")]
        vars: Vars,
    },
    /// Variables of a token itself were set.
    #[serde(rename = "own")]
    OwnSet {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The variables.
        #[serde(rename = "v")]
        vars: Vars,
    },
    /// An event other than a timer happened and took effect.
    #[serde(rename = "caught")]
    Caught {
        /// The token that waited, or the owner of the scope around an event sub-process.
        #[serde(rename = "t")]
        token: u32,
        /// The event.
        #[serde(rename = "n")]
        node: NodeIx,
    },
    /// An instance of a repetition ended.
    #[serde(rename = "round")]
    RoundEnded {
        /// The token that owns the repetition.
        #[serde(rename = "t")]
        token: u32,
    },
    /// The number of instances of a repetition grew.
    #[serde(rename = "more")]
    RoundAdded {
        /// The token that owns the repetition.
        #[serde(rename = "t")]
        token: u32,
    },
    /// An activity ended that can be undone.
    #[serde(rename = "undoable")]
    Undoable {
        /// The token that owns the scope; 0 is the process.
        #[serde(rename = "s", default, skip_serializing_if = "is_zero")]
        scope: u32,
        /// The activity, with what can be undone inside it.
        #[serde(rename = "d")]
        done: Done,
    },
    /// Activities are being undone and cannot be undone again.
    #[serde(rename = "undone")]
    Undone {
        /// The token that owns the scope; 0 is the process.
        #[serde(rename = "s", default, skip_serializing_if = "is_zero")]
        scope: u32,
        /// Only this activity.
        #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeIx>,
    },
    /// An interrupting event sub-process took over; the others of the scope wait no more.
    #[serde(rename = "shut")]
    Shut {
        /// The token that owns the scope; 0 is the process.
        #[serde(rename = "s", default, skip_serializing_if = "is_zero")]
        scope: u32,
    },
    /// A script left a mark.
    #[serde(rename = "mark")]
    Marked {
        /// The token.
        #[serde(rename = "t")]
        token: u32,
        /// The script task.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The mark.
        #[serde(rename = "m")]
        mark: String,
    },
    /// A signal went out to every case; this case has heard it already.
    #[serde(rename = "signal")]
    SignalSent {
        /// Who sent it.
        #[serde(rename = "n")]
        node: NodeIx,
        /// Its name.
        #[serde(rename = "m")]
        name: String,
    },
    /// A message went out.
    #[serde(rename = "message")]
    MessageSent {
        /// Who sent it.
        #[serde(rename = "n")]
        node: NodeIx,
        /// Its name.
        #[serde(rename = "m")]
        name: String,
        /// The pool to which a message flow leads from there.
        #[serde(rename = "to", default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// A call activity asks for an instance of another process.
    #[serde(rename = "call")]
    Called {
        /// The token that waits.
        #[serde(rename = "t")]
        token: u32,
        /// The call activity.
        #[serde(rename = "n")]
        node: NodeIx,
        /// Id of the process.
        #[serde(rename = "p")]
        process: String,
        /// Its variables.
        #[serde(rename = "v", default, skip_serializing_if = "Vars::is_empty")]
        vars: Vars,
        /// The version that the process names; without one the latest is meant.
        #[serde(rename = "ver", default, skip_serializing_if = "Option::is_none")]
        version: Option<u32>,
        /// Who carries it out, as the process names them.
        #[serde(rename = "a", default, skip_serializing_if = "Option::is_none")]
        asks: Option<String>,
    },
    /// An error or an escalation was thrown and nothing caught it.
    #[serde(rename = "uncaught")]
    Uncaught {
        /// Who threw it.
        #[serde(rename = "n")]
        node: NodeIx,
        /// An error ends the case; an escalation does not.
        #[serde(rename = "w")]
        what: Thrown,
        /// Its code.
        #[serde(rename = "c")]
        code: String,
    },
    /// A task was returned to an earlier one; the tokens between are gone.
    #[serde(rename = "returned")]
    Returned {
        /// The token, which stands at the earlier task afterwards.
        #[serde(rename = "t")]
        token: u32,
        /// The task that returned it.
        #[serde(rename = "f")]
        from: NodeIx,
        /// The task that has it again.
        #[serde(rename = "n")]
        to: NodeIx,
    },
    /// The case went to another edition: the numbers of places in its state, old and new. Events
    /// after this one belong to the new edition. Timers that go on are renumbered by `nodes`.
    #[serde(rename = "migrated")]
    Migrated {
        /// Old and new numbers of nodes.
        #[serde(rename = "n")]
        nodes: Vec<(NodeIx, NodeIx)>,
        /// Old and new numbers of flows, for tokens that wait at joins.
        #[serde(rename = "e", default, skip_serializing_if = "Vec::is_empty")]
        flows: Vec<(u16, u16)>,
    },
    /// A migration was taken back: the case is as it was before, in the edition that it had.
    /// Timers that went on are renumbered back.
    #[serde(rename = "unmigrated")]
    Unmigrated {
        /// The state before the migration.
        #[serde(rename = "s")]
        state: Box<State>,
    },
    /// A token was put at a task to do it once beside what runs.
    #[serde(rename = "added")]
    Added {
        /// The new token.
        #[serde(rename = "t")]
        token: u32,
        /// The task.
        #[serde(rename = "n")]
        node: NodeIx,
        /// The token that owns the scope; 0 is the process.
        #[serde(rename = "s", default, skip_serializing_if = "is_zero")]
        scope: u32,
    },
    /// A step was taken back: what it had made is gone and what it had ended stands again.
    #[serde(rename = "restored")]
    Restored {
        /// Tokens that the step had made.
        #[serde(rename = "g", default, skip_serializing_if = "Vec::is_empty")]
        gone: Vec<u32>,
        /// Owners of scopes that the step had opened.
        #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
        shut: Vec<u32>,
        /// What stands again.
        #[serde(rename = "p")]
        part: Box<Part>,
    },
}

/// Tokens, scopes and data as they were before a step that is taken back.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Part {
    /// Tokens that the step changed or ended.
    #[serde(rename = "t", default, skip_serializing_if = "Vec::is_empty")]
    pub tokens: Vec<Token>,
    /// Scopes that the step changed or closed.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Scope>,
    /// The data of the process, if the step changed them.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub vars: Option<Vars>,
    /// What could be undone, if the step changed it.
    #[serde(rename = "c", default, skip_serializing_if = "Option::is_none")]
    pub undoable: Option<Vec<Done>>,
}

/// What was thrown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thrown {
    /// An error.
    Error,
    /// An escalation.
    Escalation,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
