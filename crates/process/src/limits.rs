//! Every limit of the crate, named; passing one is a refusal, never a panic or a long wait.

/// Largest process file, in bytes.
pub const XML_BYTES: usize = 8 * 1024 * 1024;
/// Deepest nesting of XML elements.
pub const XML_DEPTH: usize = 64;
/// Most XML elements in one file, diagram included.
pub const XML_ELEMENTS: usize = 100_000;
/// Most attributes on one element.
pub const XML_ATTRIBUTES: usize = 128;
/// Longest name of a namespace, in bytes.
pub const XML_NAMESPACE_BYTES: usize = 512;
/// Most namespace declarations in scope at one place.
pub const XML_NAMESPACES: usize = 256;
/// Longest reference such as `&#x10FFFF;`, without `&` and `;`, in bytes.
pub const XML_REFERENCE: usize = 16;
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
pub const AUTOMATIC_STEPS: usize = 10_000;
/// Most tokens of one case at one time.
pub const TOKENS: usize = 1_000;

/// Longest FEEL expression, in bytes.
pub const EXPRESSION_BYTES: usize = 32_768;
/// Deepest nesting inside a FEEL expression, and deepest nesting of its calls together.
pub const EXPRESSION_DEPTH: usize = 64;
/// Steps one evaluation may take; each part of an expression and each item made is a step.
pub const EVAL_STEPS: u64 = 500_000;
/// Deepest nesting of evaluated parts, calls of functions included.
pub const EVAL_DEPTH: usize = 192;
/// Most items of a list that FEEL makes.
pub const LIST_ITEMS: usize = 20_000;
/// Most entries of a context that FEEL makes.
pub const CONTEXT_ENTRIES: usize = 1_000;
/// Most values inside one value that FEEL makes, counted as often as they would be written.
pub const VALUE_SIZE: u64 = 200_000;
/// Longest text that FEEL makes, in bytes.
pub const TEXT_BYTES: usize = 256 * 1024;
/// Longest number as text, in bytes.
pub const NUMBER_BYTES: usize = 400;
/// Longest pattern of `matches`, `replace` and `split`, in bytes.
pub const PATTERN_BYTES: usize = 1_000;
/// Largest compiled pattern, in bytes.
pub const PATTERN_SIZE: usize = 256 * 1024;
/// Most remarks kept of one evaluation; the rest are dropped.
pub const NOTES: usize = 50;
/// Deepest nesting of a value, read or made.
pub const VALUE_DEPTH: usize = 64;
/// Deepest nesting of processes that call each other.
pub const CALL_DEPTH: usize = 20;

/// Most inputs, outputs and rules of a decision table, each.
pub const TABLE_COLUMNS: usize = 64;
/// Most rules of a decision table.
pub const TABLE_RULES: usize = 5_000;
/// Most decisions, inputs, knowledge models and services of the models used together.
pub const DECISION_NODES: usize = 2_000;
/// Most item definitions of the models used together.
pub const ITEM_DEFINITIONS: usize = 2_000;
/// How deep item definitions may refer to one another.
pub const ITEM_DEPTH: usize = 16;
/// Deepest nesting of boxed expressions.
pub const BOXED_DEPTH: usize = 24;
/// Steps that the search for gaps and overlaps of one table may take; it gives up beyond.
pub const TABLE_STEPS: usize = 4_000_000;
/// Most gaps and overlaps reported of one table.
pub const TABLE_FINDINGS: usize = 10;
/// Most cases in one file of decision tests.
pub const TEST_CASES: usize = 10_000;
