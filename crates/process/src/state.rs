//! Where a case stands: small vectors of tokens and open scopes, 50–300 bytes as JSON.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use smallvec::SmallVec;

use crate::definition::{Definition, NodeIx, NodeKind};
use crate::nodes::Nodes;

/// Variables by name, as JSON.
pub type Vars = BTreeMap<String, Json>;

/// Tokens; the only one of most cases needs no memory of its own.
pub type Tokens = SmallVec<[Token; 1]>;

/// The state of one case in its process. Changed only by `apply`.
#[derive(PartialEq, Eq, Hash, Serialize, Deserialize, Default, Debug)]
pub struct State {
    /// Live tokens in order of their ids.
    #[serde(rename = "t", default)]
    pub tokens: Tokens,
    /// The id that the next token gets; 0 before the start.
    #[serde(rename = "n", default)]
    pub next: u32,
    /// Finished or cancelled.
    #[serde(rename = "d", default, skip_serializing_if = "is_false")]
    pub done: bool,
    /// Open sub-processes and repetitions, each owned by the token that stands at the activity.
    #[serde(rename = "s", default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Scope>,
    /// Variables of the process that were set by the process itself.
    #[serde(rename = "v", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vars: Vars,
    /// Activities of the process that can be undone, in order of their end.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub undoable: Vec<Done>,
    /// User tasks reached so far: where a return may lead.
    #[serde(rename = "r", default, skip_serializing_if = "no_nodes")]
    pub reached: Nodes,
    /// An interrupting event sub-process has taken over.
    #[serde(rename = "x", default, skip_serializing_if = "is_false")]
    pub shut: bool,
    /// Timers of event sub-processes that have fired, once for each time.
    #[serde(rename = "g", default, skip_serializing_if = "no_nodes")]
    pub rang: Nodes,
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
    #[serde(rename = "p", default, skip_serializing_if = "no_nodes")]
    pub path: Nodes,
    /// What lies before the first step of `path`; nothing is sent back over it.
    #[serde(rename = "b", default, skip_serializing_if = "Behind::is_start")]
    pub behind: Behind,
    /// Non-interrupting boundary timers that have fired on the present task, once for each time.
    #[serde(rename = "r", default, skip_serializing_if = "no_nodes")]
    pub rang: Nodes,
    /// The token that owns the scope it is in; 0 is the process itself.
    #[serde(rename = "s", default, skip_serializing_if = "is_zero")]
    pub scope: u32,
    /// Its number within a repetition, from 0.
    #[serde(rename = "k", default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// The token whose compensation it carries out.
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    pub undo: Option<u32>,
    /// Variables of its own, such as inputs.
    #[serde(rename = "l", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vars: Vars,
    /// It does one task beside what runs and ends with it.
    #[serde(rename = "z", default, skip_serializing_if = "is_false")]
    pub beside: bool,
}

/// An open sub-process or a repetition under way.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Debug)]
pub struct Scope {
    /// The token that stands at the activity.
    #[serde(rename = "o")]
    pub owner: u32,
    /// The activity.
    #[serde(rename = "n")]
    pub node: NodeIx,
    /// What it is.
    #[serde(rename = "k", default, skip_serializing_if = "ScopeKind::is_body")]
    pub kind: ScopeKind,
    /// Its variables.
    #[serde(rename = "v", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vars: Vars,
    /// Activities inside that can be undone.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub undoable: Vec<Done>,
    /// An interrupting event sub-process has taken over.
    #[serde(rename = "x", default, skip_serializing_if = "is_false")]
    pub shut: bool,
    /// How many instances there are to be.
    #[serde(rename = "t", default, skip_serializing_if = "is_zero")]
    pub total: u32,
    /// How many have begun.
    #[serde(rename = "b", default, skip_serializing_if = "is_zero")]
    pub begun: u32,
    /// How many have ended; ad-hoc: how many activities have ended.
    #[serde(rename = "e", default, skip_serializing_if = "is_zero")]
    pub ended: u32,
    /// The items of a collection.
    #[serde(rename = "l", default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<Json>,
}

/// What a scope is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default, Debug)]
pub enum ScopeKind {
    /// The inside of a sub-process.
    #[default]
    #[serde(rename = "b")]
    Body,
    /// Multi-instance: the tokens inside stand at the same activity.
    #[serde(rename = "m")]
    Multi,
    /// Standard loop: one token inside, at the same activity.
    #[serde(rename = "l")]
    Loop,
}

impl ScopeKind {
    pub(crate) fn is_body(&self) -> bool {
        matches!(self, Self::Body)
    }
}

/// An activity that has ended and can be undone.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, Debug)]
pub struct Done {
    /// The activity.
    #[serde(rename = "n")]
    pub node: NodeIx,
    /// Variables of a sub-process at its end.
    #[serde(rename = "v", default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vars: Vars,
    /// What can be undone inside it.
    #[serde(rename = "c", default, skip_serializing_if = "Vec::is_empty")]
    pub inner: Vec<Self>,
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

fn no_nodes(nodes: &Nodes) -> bool {
    nodes.is_empty()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Token {
    pub(crate) fn new(id: u32, node: NodeIx, behind: Behind) -> Self {
        Self {
            id,
            node,
            via: None,
            path: Nodes::new(),
            behind,
            rang: Nodes::new(),
            scope: 0,
            index: None,
            undo: None,
            vars: Vars::new(),
            beside: false,
        }
    }

    /// The user task finished last on the way here, if one was since the last barrier.
    #[must_use]
    pub fn came_from(&self) -> Option<NodeIx> {
        self.path.last().copied()
    }
}

// By hand for the tokens: each command is tried on a copy, and most cases have one token.
impl Clone for State {
    fn clone(&self) -> Self {
        Self {
            tokens: match self.tokens.as_slice() {
                [only] => SmallVec::from_buf([only.clone()]),
                all => all.iter().cloned().collect(),
            },
            next: self.next,
            done: self.done,
            scopes: self.scopes.clone(),
            vars: self.vars.clone(),
            undoable: self.undoable.clone(),
            reached: self.reached.clone(),
            shut: self.shut,
            rang: self.rang.clone(),
        }
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

    /// The scope that a token owns.
    #[must_use]
    pub fn scope(&self, owner: u32) -> Option<&Scope> {
        self.scopes.iter().find(|scope| scope.owner == owner)
    }

    pub(crate) fn scope_mut(&mut self, owner: u32) -> Option<&mut Scope> {
        self.scopes.iter_mut().find(|scope| scope.owner == owner)
    }

    /// The variables of a scope; 0 is the process.
    pub(crate) fn vars_mut(&mut self, scope: u32) -> Option<&mut Vars> {
        if scope == 0 { Some(&mut self.vars) } else { self.scope_mut(scope).map(|s| &mut s.vars) }
    }

    /// What can be undone in a scope; 0 is the process.
    pub(crate) fn undoable(&self, scope: u32) -> &[Done] {
        match self.scope(scope) {
            _ if scope == 0 => &self.undoable,
            Some(scope) => &scope.undoable,
            None => &[],
        }
    }

    pub(crate) fn undoable_mut(&mut self, scope: u32) -> Option<&mut Vec<Done>> {
        if scope == 0 {
            Some(&mut self.undoable)
        } else {
            self.scope_mut(scope).map(|scope| &mut scope.undoable)
        }
    }

    /// A timer of an event sub-process fired; the scope around it remembers.
    pub(crate) fn remember_ring(&mut self, scope: u32, node: NodeIx) {
        if scope == 0 {
            self.rang.push(node);
        } else if let Some(owner) = self.token_mut(scope) {
            owner.rang.push(node);
        }
    }

    /// Tokens directly in a scope, in order of their ids.
    pub(crate) fn inside(&self, scope: u32) -> impl Iterator<Item = &Token> {
        self.tokens.iter().filter(move |token| token.scope == scope)
    }

    /// Whether a token is the given one or stands in a scope that it owns, however deep.
    pub(crate) fn is_within(&self, token: u32, owner: u32) -> bool {
        let mut at = token;
        loop {
            if at == owner {
                return true;
            }
            match self.token(at) {
                Some(found) if found.scope != 0 && found.scope != at => at = found.scope,
                _ => return false,
            }
        }
    }

    /// The sub-process whose inside a scope is; `None` for the process and for repetitions.
    pub(crate) fn body_of(&self, scope: u32) -> Option<NodeIx> {
        self.scope(scope).filter(|scope| scope.kind == ScopeKind::Body).map(|scope| scope.node)
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
    tokens_at(def, state, NodeKind::ServiceTask).chain(tokens_at(def, state, NodeKind::Rule))
}

/// Tokens that wait for the end of a called process, in order of their ids.
pub fn open_calls<'a>(
    def: &'a Definition,
    state: &'a State,
) -> impl Iterator<Item = (u32, NodeIx)> + 'a {
    tokens_at(def, state, NodeKind::Call)
}

fn tokens_at<'a>(
    def: &'a Definition,
    state: &'a State,
    kind: NodeKind,
) -> impl Iterator<Item = (u32, NodeIx)> + 'a {
    let here = state.tokens.iter().filter(move |token| {
        // The token that owns a repetition stands at the activity too, but does no work itself; a
        // token before a start quantity has not begun.
        def.node(token.node).kind == kind && token.via.is_none() && state.scope(token.id).is_none()
    });
    here.map(|token| (token.id, token.node))
}
