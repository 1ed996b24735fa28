CREATE TABLE access_record (
    number INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    act TEXT NOT NULL,
    case_id BLOB,
    filter TEXT,
    ids TEXT,
    ids_hash BLOB NOT NULL,
    count INTEGER NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TABLE account (
    id BLOB NOT NULL PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    password_phc TEXT NOT NULL,
    display_name TEXT NOT NULL,
    active INTEGER NOT NULL,
    must_change INTEGER NOT NULL,
    failed_count INTEGER NOT NULL,
    locked_until INTEGER,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
    id BLOB NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    action TEXT NOT NULL,
    unit TEXT NOT NULL,
    other TEXT NOT NULL,
    year INTEGER NOT NULL,
    number INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE batch_line (
    batch_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    code TEXT NOT NULL,
    papers INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    args TEXT NOT NULL,
    PRIMARY KEY (batch_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_file (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    seq INTEGER NOT NULL,
    head BLOB NOT NULL,
    business TEXT NOT NULL,
    procedure TEXT NOT NULL,
    desk TEXT NOT NULL,
    code TEXT UNIQUE,
    tracking TEXT NOT NULL UNIQUE,
    subject_id BLOB NOT NULL,
    submitted_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT;

CREATE TABLE case_party (
    unit TEXT NOT NULL,
    case_number INTEGER NOT NULL,
    PRIMARY KEY (unit, case_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_process (
    process TEXT NOT NULL,
    version INTEGER NOT NULL,
    case_number INTEGER NOT NULL,
    PRIMARY KEY (process, version, case_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_question (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL,
    asked_by TEXT NOT NULL,
    asked_to TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    question BLOB NOT NULL,
    answered_at INTEGER,
    answer BLOB
) STRICT, WITHOUT ROWID;

CREATE TABLE case_word (
    unit TEXT NOT NULL,
    word TEXT NOT NULL,
    case_number INTEGER NOT NULL,
    PRIMARY KEY (unit, word, case_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE catalog (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, key, valid_from)
) STRICT;

CREATE TABLE desk_counter (
    desk TEXT NOT NULL,
    day TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (desk, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
    id BLOB NOT NULL PRIMARY KEY,
    secret_hash BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    procedure TEXT NOT NULL,
    lang TEXT NOT NULL,
    sealed BLOB NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE journal (
    number INTEGER PRIMARY KEY,
    stream BLOB NOT NULL,
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    by TEXT NOT NULL,
    on_behalf_of TEXT,
    unit TEXT,
    kind TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    prev_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    UNIQUE (stream, seq)
) STRICT;

CREATE TABLE list_choice (
    account TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE once (
    token_hash BLOB NOT NULL PRIMARY KEY,
    request_hash BLOB NOT NULL,
    answer TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id BLOB NOT NULL PRIMARY KEY,
    stream BLOB NOT NULL,
    seq INTEGER NOT NULL,
    job TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER,
    last_error TEXT,
    created_at INTEGER NOT NULL,
    sent_at INTEGER,
    acked_at INTEGER
) STRICT;

CREATE TABLE "particular" (
    id BLOB NOT NULL PRIMARY KEY,
    subject_id BLOB NOT NULL REFERENCES subject (id),
    case_id BLOB,
    kind TEXT NOT NULL,
    sealed BLOB,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE pin (
    case_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    voided_at INTEGER,
    PRIMARY KEY (case_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE process_draft (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    title TEXT NOT NULL,
    base_version INTEGER,
    xml TEXT NOT NULL,
    findings TEXT NOT NULL,
    author TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE process_draft_past (
    draft_id BLOB NOT NULL,
    revision INTEGER NOT NULL,
    xml TEXT NOT NULL,
    told TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (draft_id, revision)
) STRICT;

CREATE TABLE process_migration (
    id BLOB NOT NULL PRIMARY KEY,
    process TEXT NOT NULL,
    from_version INTEGER NOT NULL,
    to_version INTEGER NOT NULL,
    state TEXT NOT NULL,
    revision INTEGER NOT NULL,
    plan TEXT NOT NULL,
    runs TEXT NOT NULL,
    cursor INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE process_migration_case (
    migration_id BLOB NOT NULL,
    case_number INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    element TEXT NOT NULL,
    PRIMARY KEY (migration_id, case_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE process_trial (
    draft_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    asked_by TEXT NOT NULL,
    ended_at INTEGER NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (draft_id, kind)
) STRICT;

CREATE TABLE rate_limit (
    key BLOB NOT NULL PRIMARY KEY,
    window_start INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE saved_view (
    account TEXT NOT NULL,
    id BLOB NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    first INTEGER NOT NULL,
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE schema_version (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    checksum BLOB NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    token_hash BLOB NOT NULL PRIMARY KEY,
    realm TEXT NOT NULL,
    account_id BLOB,
    csrf BLOB NOT NULL,
    user_agent TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    key TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE subject (
    id BLOB NOT NULL PRIMARY KEY,
    wrapped_key BLOB,
    key_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    erased_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE subject_lookup (
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    subject_id BLOB NOT NULL REFERENCES subject (id),
    PRIMARY KEY (kind, digest, subject_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE timer (
    due_at INTEGER NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    token TEXT NOT NULL,
    PRIMARY KEY (due_at, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE work (
    case_number INTEGER NOT NULL REFERENCES case_file (number),
    slot INTEGER NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    bucket TEXT NOT NULL,
    holder TEXT,
    task TEXT NOT NULL,
    due_sort INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (case_number, slot)
) STRICT, WITHOUT ROWID;

CREATE INDEX access_record_by_actor ON access_record (actor, number);

CREATE INDEX access_record_by_case ON access_record (case_id, number)
    WHERE case_id IS NOT NULL;

CREATE INDEX batch_by_account ON batch (account, made_at, id);

CREATE UNIQUE INDEX batch_number ON batch (unit, action, year, number);

CREATE INDEX case_file_by_subject ON case_file (subject_id, number);

CREATE INDEX case_file_stopped ON case_file (business, number) WHERE business = 'stopped';

CREATE INDEX case_question_by_asker ON case_question (asked_by, asked_at, id);

CREATE INDEX case_question_by_case ON case_question (case_id, asked_at, id);

CREATE INDEX case_question_open ON case_question (asked_to, asked_at, id)
    WHERE answered_at IS NULL;

CREATE INDEX draft_by_expires_at ON draft (expires_at);

CREATE INDEX journal_on_behalf ON journal (on_behalf_of, by, number)
    WHERE on_behalf_of IS NOT NULL;

CREATE INDEX once_by_expires_at ON once (expires_at);

CREATE INDEX outbox_by_next_at ON outbox (next_at) WHERE next_at IS NOT NULL;

CREATE INDEX outbox_by_state ON outbox (state, created_at, id);

CREATE INDEX outbox_by_stream ON outbox (stream, created_at);

CREATE INDEX particular_by_subject ON particular (subject_id, id);

CREATE INDEX process_draft_by_updated_at ON process_draft (updated_at, id);

CREATE INDEX process_migration_by_process ON process_migration (process, created_at, id);

CREATE INDEX process_migration_by_state ON process_migration (state, created_at, id);

CREATE INDEX rate_limit_by_expires_at ON rate_limit (expires_at);

CREATE INDEX session_by_account ON session (account_id, created_at)
    WHERE account_id IS NOT NULL;

CREATE INDEX session_by_expires_at ON session (expires_at);

CREATE INDEX subject_by_erased_at ON subject (erased_at) WHERE erased_at IS NOT NULL;

CREATE INDEX subject_by_key_version ON subject (key_version, id);

CREATE INDEX subject_lookup_by_subject ON subject_lookup (subject_id);

CREATE UNIQUE INDEX timer_by_case ON timer (case_id, kind, token);

CREATE INDEX work_by_holder ON work (holder, bucket, unit, role, due_sort, case_number, slot)
    WHERE holder IS NOT NULL;

CREATE INDEX work_by_unit ON work (unit, role, bucket, due_sort, case_number, slot);

