//! Every limit of the web kit, named.

use std::time::Duration;

/// Largest file of one upload field, in bytes, where the province sets no other limit.
pub const FILE_MAX_BYTES: usize = 10 * 1024 * 1024;
/// Largest body of one request with files, in bytes, where the province sets no other limit.
pub const BODY_MAX_BYTES: usize = 40 * 1024 * 1024;
/// Largest body of a request without files, in bytes.
pub const FORM_MAX_BYTES: usize = 1024 * 1024;
/// Most files in one request.
pub const FILES_MAX: usize = 40;
/// Requests with files that are held in memory at the same time; one more is told to come again.
pub const UPLOADS_AT_ONCE: usize = 16;
/// The time in which the body of a request must bring [`BODY_WINDOW_BYTES`], again and again until
/// it ends: a telephone may lose its network for some seconds, a place among the uploads is not
/// held for longer.
pub const BODY_WINDOW: Duration = Duration::from_secs(30);
/// What each such window must bring, in bytes: some 9 kbit/s, below any network of today.
pub const BODY_WINDOW_BYTES: usize = 32 * 1024;
/// Longest time for the body of one request: 40 MB at some 400 kbit/s.
pub const BODY_MAX: Duration = Duration::from_secs(15 * 60);
/// Most fields in one request.
pub const FIELDS_MAX: usize = 1_000;
/// Longest text of one field, in bytes.
pub const FIELD_MAX_BYTES: usize = 64 * 1024;
/// Longest file name kept, in characters.
pub const FILE_NAME_MAX_CHARS: usize = 120;
/// Longest flash cookie, in bytes; browsers drop cookies over 4 KB.
pub const FLASH_MAX_BYTES: usize = 2_048;
/// Longest paging token, in bytes.
pub const CURSOR_MAX_BYTES: usize = 1_024;
/// Rows of one page of a list.
pub const PAGE_ROWS: usize = 25;
/// Up to here a list is counted exactly; above it says "more than".
pub const COUNT_EXACT_MAX: u64 = 1_000;
/// Shortcuts shown in the bar.
pub const KEYS_SHOWN_MAX: usize = 8;
/// How long an officer's session lives, in milliseconds: a working day with overtime.
pub const OFFICER_SESSION_MS: i64 = 12 * 3_600_000;
/// How long a citizen's session lives, in milliseconds.
pub const CITIZEN_SESSION_MS: i64 = 2 * 3_600_000;
/// How long the choice of language is kept, in seconds.
pub const LANG_COOKIE_S: i64 = 365 * 86_400;
/// How long a browser keeps an asset whose address carries its hash, in seconds.
pub const ASSET_AGE_S: i64 = 365 * 86_400;
/// Seconds to wait that a busy server names.
pub const BUSY_RETRY_S: u32 = 5;
