//! Where a case stands: a small vector of tokens, 50–300 bytes as JSON.

use serde::{Deserialize, Serialize};

use crate::definition::{Definition, NodeIx, NodeKind};

/// The state of one case in its process. Changed only by `apply`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Default, Debug)]
pub struct State {
    /// Live tokens in order of their ids.
    #[serde(rename = "t", default)]
    pub tokens: Vec<Token>,
    /// The id that the next token gets; 0 before the start.
    #[serde(rename = "n", default)]
    pub next: u32,
    /// Finished or cancelled.
    #[serde(rename = "d", default, skip_serializing_if = "is_false")]
    pub done: bool,
}

/// One place where the case waits.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Debug)]
pub struct Token {
    /// Unique within the case, from 1, never used again.
    #[serde(rename = "i")]
    pub id: u32,
    /// Where it waits.
    #[serde(rename = "n")]
    pub node: NodeIx,
    /// The incoming flow, when it waits at a join.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub via: Option<u16>,
    /// User tasks finished on the way here since `behind`, each at most once, latest last.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pub path: Vec<NodeIx>,
    /// What lies before the first step of `path`; nothing is sent back over it.
    #[serde(rename = "b", default, skip_serializing_if = "Behind::is_start")]
    pub behind: Behind,
    /// Non-interrupting boundary timers that have fired on the present task.
    #[serde(rename = "r", default, skip_serializing_if = "Vec::is_empty")]
    pub rang: Vec<NodeIx>,
}

/// What a token passed that cannot be undone by going one step back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default, Debug)]
pub enum Behind {
    /// The start of the process.
    #[default]
    #[serde(rename = "s")]
    Start,
    /// A parallel split.
    #[serde(rename = "f")]
    Split,
    /// A parallel join.
    #[serde(rename = "j")]
    Join,
    /// An answer from outside.
    #[serde(rename = "a")]
    Answer,
    /// A timer.
    #[serde(rename = "t")]
    Timer,
}

impl Behind {
    fn is_start(&self) -> bool {
        matches!(self, Self::Start)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}

impl Token {
    pub(crate) fn new(id: u32, node: NodeIx, behind: Behind) -> Self {
        Self { id, node, via: None, path: Vec::new(), behind, rang: Vec::new() }
    }

    /// The user task finished last on the way here, if one was since the last barrier.
    #[must_use]
    pub fn came_from(&self) -> Option<NodeIx> {
        self.path.last().copied()
    }
}

impl State {
    /// The token with this id.
    #[must_use]
    pub fn token(&self, id: u32) -> Option<&Token> {
        self.tokens.iter().find(|token| token.id == id)
    }

    pub(crate) fn token_mut(&mut self, id: u32) -> Option<&mut Token> {
        self.tokens.iter_mut().find(|token| token.id == id)
    }

    /// `Start` was applied.
    #[must_use]
    pub fn started(&self) -> bool {
        self.next > 0
    }
}

/// Tokens that wait at a user task, in order of their ids.
pub fn open_tasks<'a>(
    def: &'a Definition,
    state: &'a State,
) -> impl Iterator<Item = (u32, NodeIx)> + 'a {
    tokens_at(def, state, NodeKind::UserTask)
}

/// Tokens that wait for the answer to a service task, in order of their ids.
pub fn open_jobs<'a>(
    def: &'a Definition,
    state: &'a State,
) -> impl Iterator<Item = (u32, NodeIx)> + 'a {
    tokens_at(def, state, NodeKind::ServiceTask)
}

fn tokens_at<'a>(
    def: &'a Definition,
    state: &'a State,
    kind: NodeKind,
) -> impl Iterator<Item = (u32, NodeIx)> + 'a {
    let here = state.tokens.iter().filter(move |token| def.node(token.node).kind == kind);
    here.map(|token| (token.id, token.node))
}

/// Timers that may still fire: (token, the catch or boundary event).
#[must_use]
pub fn live_timers(def: &Definition, state: &State) -> Vec<(u32, NodeIx)> {
    state.tokens.iter().flat_map(|token| token_timers(def, token)).collect()
}

pub(crate) fn token_timers(def: &Definition, token: &Token) -> Vec<(u32, NodeIx)> {
    let node = def.node(token.node);
    if node.kind == NodeKind::TimerCatch {
        return vec![(token.id, token.node)];
    }
    let live = node.boundaries.iter().filter(|boundary| !token.rang.contains(boundary));
    live.map(|&boundary| (token.id, boundary)).collect()
}
