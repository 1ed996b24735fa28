//! Every limit of the crate, named; passing one is a refusal, never a panic or a long wait.

/// Largest process file, in bytes.
pub const XML_BYTES: usize = 2 * 1024 * 1024;
/// Deepest nesting of XML elements.
pub const XML_DEPTH: usize = 64;
/// Most XML elements in one file, diagram included.
pub const XML_ELEMENTS: usize = 50_000;
/// Most attributes on one element.
pub const XML_ATTRIBUTES: usize = 64;
/// Most problems reported for one file; the rest are dropped.
pub const PROBLEMS: usize = 200;
/// Most nodes in one process.
pub const NODES: usize = 2_000;
/// Most sequence flows in one process.
pub const FLOWS: usize = 8_000;
/// Longest condition, in bytes.
pub const FEEL_BYTES: usize = 2_000;
/// Deepest nesting inside a condition.
pub const FEEL_DEPTH: usize = 32;
/// Longest id, key or outcome, in bytes.
pub const KEY_BYTES: usize = 64;
/// Most outcomes of one user task.
pub const OUTCOMES: usize = 16;
/// Most nodes passed automatically by one command.
pub const AUTOMATIC_STEPS: usize = 1_000;
/// Most tokens of one case at one time.
pub const TOKENS: usize = 200;
