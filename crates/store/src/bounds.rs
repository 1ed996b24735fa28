//! Every limit of the store, named.

/// Units of work that may wait for the writer; one more is answered with `Busy`.
pub const QUEUE_MAX: usize = 4096;
/// Units that one transaction may hold.
pub const BATCH_MAX: usize = 1024;
/// What a caller refused with `Busy` is told to wait, in seconds.
pub const RETRY_AFTER_S: u32 = 1;
/// Steps of the engine's virtual machine that one unit of work may take: some seconds of work.
/// Counted instead of timed, because a count gives the same verdict on every machine.
pub const UNIT_STEPS_MAX: u64 = 50_000_000;
/// The same for one read.
pub const READ_STEPS_MAX: u64 = 200_000_000;
/// How many steps pass between two looks at the count.
pub const STEPS_PER_LOOK: i32 = 10_000;
/// Connections that read at the same time.
pub const READERS_MAX: usize = 8;
/// Reads that may run or wait for a connection; one more is answered with `Busy`.
pub const READ_QUEUE_MAX: usize = 1024;
/// Values of rows that the writer remembers, and at most twice as many: some MiB.
pub const MEMO_MAX: usize = 8_192;
/// Prepared statements kept by each connection.
pub const STATEMENT_CACHE: usize = 256;
/// How long the engine waits for another program's lock, in milliseconds.
pub const BUSY_TIMEOUT_MS: u64 = 5_000;
/// Page cache of the writer, in KiB.
pub const WRITER_CACHE_KIB: i64 = 64 * 1024;
/// Page cache of each reader, in KiB.
pub const READER_CACHE_KIB: i64 = 8 * 1024;
/// Bytes of the database that are mapped into memory.
pub const MMAP_BYTES: i64 = 1024 * 1024 * 1024;
/// Pages of the write-ahead log after which the engine moves them into the database.
pub const CHECKPOINT_PAGES: i64 = 8_000;
/// Rows of an index that its statistics are made from.
pub const ANALYSIS_ROWS: i64 = 1_000;
/// How much more cache and log a database has while it is generated.
pub const GENERATING_FACTOR: i64 = 16;
/// Bytes to which the write-ahead log is cut back after a checkpoint.
pub const WAL_BYTES_MAX: i64 = 64 * 1024 * 1024;
/// Rows that one list may return.
pub const LIST_MAX: u32 = 500;
/// Where counting stops; a page shows "1000+" from here on.
pub const COUNT_CAP: u32 = 1_000;
/// Rows that one page of a whole-table walk takes.
pub const WALK_PAGE: u32 = 5_000;
/// Cases that one unit of work looks at when the calendar was amended.
pub const REDERIVE_BATCH: u32 = 200;
/// Days that may be announced after the calendar was shipped, those taken back included.
pub const ANNOUNCEMENTS_MAX: u32 = 2_000;
/// Requests about announced days that one round takes from the data folder.
pub const ANNOUNCEMENT_FILES_MAX: usize = 500;
/// Bytes of one such request.
pub const ANNOUNCEMENT_BYTES_MAX: u64 = 64 * 1024;
/// Bytes of one sealed record before sealing.
pub const PARTICULAR_BYTES_MAX: usize = 1024 * 1024;
/// Bytes of one journal body.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// Bytes of the master key file.
pub const KEY_FILE_BYTES_MAX: u64 = 64 * 1024;
/// Characters of a sign-in name.
pub const LOGIN_CHARS_MAX: usize = 64;
/// Characters of a password.
pub const PASSWORD_CHARS_MAX: usize = 256;
/// Fewest characters of a password.
pub const PASSWORD_CHARS_MIN: usize = 10;
/// Appointments that one account may have, those that ended included.
pub const HOLDINGS_PER_ACCOUNT_MAX: usize = 200;
/// Lines of one sheet of staff: hashing the first passwords of so many takes some ten seconds.
pub const STAFF_SHEET_LINES: usize = 500;
/// Running cases that one page of a dry run of the calendar looks at.
pub const CALENDAR_DRY_PAGE: u32 = 2_000;
/// Cases that a dry run of the calendar names.
pub const CALENDAR_DRY_NAMED: usize = 20;
/// Wrong passwords in a row after which an account rests.
pub const SIGN_IN_FAILURES_MAX: i64 = 5;
/// How long an account rests, in milliseconds.
pub const SIGN_IN_REST_MS: i64 = 15 * 60 * 1000;
/// A session's last use is written again only after this time, in milliseconds.
pub const SESSION_TOUCH_MS: i64 = 60 * 1000;
/// Characters kept of a browser's name.
pub const USER_AGENT_CHARS_MAX: usize = 120;
/// Digits of a PIN.
pub const PIN_DIGITS: usize = 8;
/// Wrong PINs for one case within the window.
pub const PIN_TRIES_PER_CASE: u32 = 5;
/// Wrong PINs from one address within the window; a right one gives its place back.
pub const PIN_TRIES_PER_ADDRESS: u32 = 20;
/// The window of both, in milliseconds.
pub const PIN_WINDOW_MS: i64 = 60 * 60 * 1000;
/// Attempts after which an outbox job is given up until a person sends it again.
pub const JOB_ATTEMPTS_MAX: i64 = 12;
/// First pause after a failed attempt, in milliseconds; it doubles with each further one.
pub const JOB_RETRY_MS: i64 = 15 * 1000;
/// Longest pause between two attempts, in milliseconds.
pub const JOB_RETRY_MAX_MS: i64 = 60 * 60 * 1000;
/// Running cases that one unit of work tells of a signal; the rest follow in the next.
pub const SIGNAL_CASES: u32 = 50;
/// Characters kept of a job's error.
pub const JOB_ERROR_CHARS_MAX: usize = 500;
/// Bytes of one draft before sealing.
pub const DRAFT_BYTES_MAX: usize = 512 * 1024;
/// Bytes of the file of one process draft.
pub const PROCESS_DRAFT_BYTES_MAX: usize = 1024 * 1024;
/// Process drafts that may lie at once.
pub const PROCESS_DRAFTS_MAX: u32 = 500;
/// Earlier files that a process draft keeps, so that its last edits can be taken back.
pub const PROCESS_DRAFT_PAST_MAX: u32 = 20;
/// Bytes of what one trial of a process draft found.
pub const PROCESS_TRIAL_BYTES_MAX: usize = 512 * 1024;
/// Migrations of one process that a page lists, the newest.
pub const PROCESS_MIGRATIONS_MAX: u32 = 100;
/// Cases that one step of the dry run of a migration looks at.
pub const PROCESS_MIGRATION_PAGE: u32 = 200;
/// Cases that one unit of work of a migration moves or takes back.
pub const PROCESS_MIGRATION_BATCH: u32 = 50;
/// Cases that stay and that a run of a migration names.
pub const PROCESS_MIGRATION_EXAMPLES_MAX: usize = 200;
/// Characters of the title of a process.
pub const PROCESS_TITLE_CHARS_MAX: usize = 200;
/// Ids listed in one access record; above it only their number and hash are kept.
pub const AUDIT_IDS_MAX: usize = 200;
/// How long acknowledged jobs stay in the outbox, in milliseconds: 30 days.
pub const OUTBOX_KEEP_MS: i64 = 30 * 24 * 3_600_000;
/// Cases that one act on many may hold.
pub const BATCH_CASES_MAX: usize = 100;
/// Views that one officer may save.
pub const SAVED_VIEWS_MAX: usize = 30;
/// Characters of the name of a saved view.
pub const VIEW_NAME_CHARS_MAX: usize = 60;
/// Characters of the filter of a saved view.
pub const VIEW_QUERY_CHARS_MAX: usize = 500;
/// Rows of worklists that one page of a filtered list looks at; a link goes on from there.
pub const FILTER_LOOK_MAX: u32 = 1_000;
/// Rows of worklists that are read at once for a filter, from each seat.
pub const FILTER_CHUNK: u32 = 100;
/// Stopped cases that one page of their list looks at.
pub const STOPPED_LOOK_MAX: u32 = 2_000;
/// Open questions that an officer's page shows.
pub const QUESTIONS_MAX: u32 = 100;
/// Acts in somebody's stead that the trace of one delegation looks at.
pub const TRACE_MAX: u32 = 500;
/// Days for which a power may be lent at once.
pub const LENDING_DAYS_MAX: i64 = 90;
