//! Every limit of the kernel, named once; `docs/manual/limits.md` carries the same table.

/// Longest name of a person or organisation, in characters.
pub const NAME_CHARS: usize = 200;
/// Longest address, in characters.
pub const ADDRESS_CHARS: usize = 500;
/// Longest free-text reason or note, in characters.
pub const REASON_CHARS: usize = 2_000;
/// Longest single answer on a form, in characters, where its schema names no smaller one.
pub const ANSWER_CHARS: usize = 4_000;
/// Most answers on one form.
pub const ANSWERS: usize = 200;
/// Most papers that one edition may ask for.
pub const PAPERS: usize = 60;
/// Most files attached to one case by its filer.
pub const FILES_PER_CASE: usize = 40;
/// Most copies of one paper that may be recorded.
pub const COPIES: u16 = 999;
/// Most pages of one original of which copies are certified.
pub const PAGES: u16 = 999;
/// Deepest unit tree; a chain of parents longer than this is a damaged tree.
pub const TREE_DEPTH: usize = 8;
/// Most successions followed from one unit; more is a loop in the data.
pub const SUCCESSIONS: usize = 16;
/// Most child cases (consultations, interlinked steps) of one case.
pub const CHILDREN: usize = 24;
/// Highest number of the day at one desk; the forms of 2018 have four digits.
pub const CODES_A_DAY: u32 = 9_999;
/// A citizen may be asked once before acceptance (Decree 61/2018 Art. 17.2.a); more needs a leader.
pub const PRE_SUPPLEMENTS: u16 = 1;
/// Re-appointments allowed (Decree 61/2018 Art. 19.9).
pub const EXTENSIONS: u16 = 1;
/// Attempts of the post before an item goes back (Circular 17/2017 Art. 5.2.h).
pub const POST_ATTEMPTS: u16 = 2;
/// Longest lawful suspension that may be opened at once, in days.
pub const SUSPENSION_DAYS: i64 = 365;
/// Longest that one task may be lent to an officer at once, in days.
pub const DELEGATION_DAYS: i64 = 90;
/// Most officers who help with one case at one time.
pub const HELPERS: usize = 12;
/// Longest legal ground of an operation, in characters.
pub const GROUND_CHARS: usize = 200;
/// Longest message of an incident that is kept, in characters.
pub const INCIDENT_CHARS: usize = 400;
/// Most variables that one act may mend.
pub const MENDED_VARS: usize = 32;
/// Longest JSON of the variables that one act mends, in bytes.
pub const MENDED_BYTES: usize = 8_192;
/// Days that a late entry from the paper book may lie back.
pub const LATE_ENTRY_DAYS: i64 = 30;
/// Digits of the PIN on the citizen's stub.
pub const PIN_DIGITS: usize = 8;
