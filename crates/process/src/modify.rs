//! Moving tokens by force: what a leader or an administrator may order, each with its reason kept
//! by the caller.

use serde::{Deserialize, Serialize};

use crate::definition::NodeIx;

/// One instruction of `Command::Modify`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Instruction {
    /// Cancels all tokens in an element, its content included.
    Cancel(NodeIx),
    /// Cancels the oldest token in an element that was there before.
    CancelOne(NodeIx),
    /// Cancels everything.
    CancelAll,
    /// A token arrives at an element; sub-processes around it that are not open are opened.
    StartBefore {
        /// The element.
        node: NodeIx,
        /// A repeated activity begins anew, in place of one more instance.
        whole: bool,
    },
    /// A token leaves an element.
    StartAfter(NodeIx),
    /// A token goes along a flow, see `Definition::flows`.
    TakeFlow(u16),
    /// Cancels all tokens in each of the first, then one token arrives at each of the others.
    Move {
        /// Where tokens are cancelled; each must have one.
        from: Vec<NodeIx>,
        /// Where tokens arrive.
        to: Vec<NodeIx>,
    },
    /// One token goes to another task without breaking what runs in parallel, see `jump_targets`.
    Goto {
        /// The token at a step.
        token: u32,
        /// The task.
        to: NodeIx,
    },
    /// The work of one token ends undone and the token goes on behind it.
    Skip {
        /// The token at a step.
        token: u32,
    },
    /// A task is done once more beside what runs: its token ends with it and goes along no flow,
    /// see `add_targets`.
    Beside {
        /// The task.
        node: NodeIx,
    },
}

impl Instruction {
    /// A leader sends work on to another step.
    #[must_use]
    pub fn jump(from: NodeIx, to: NodeIx) -> Vec<Self> {
        vec![Self::Move { from: vec![from], to: vec![to] }]
    }

    /// A leader leaves a step out: its work ends and the case goes on behind it.
    #[must_use]
    pub fn skip(node: NodeIx) -> Vec<Self> {
        vec![Self::StartAfter(node), Self::Cancel(node)]
    }

    /// A leader adds a step beside what runs.
    #[must_use]
    pub fn add(node: NodeIx) -> Vec<Self> {
        vec![Self::StartBefore { node, whole: false }]
    }
}
