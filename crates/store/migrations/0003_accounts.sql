-- Officers' accounts, everybody's sessions, and the buckets that slow down guessing.
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

CREATE INDEX session_by_account ON session (account_id, created_at)
    WHERE account_id IS NOT NULL;

CREATE INDEX session_by_expires_at ON session (expires_at);

CREATE TABLE rate_limit (
    key BLOB NOT NULL PRIMARY KEY,
    window_start INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    count INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX rate_limit_by_expires_at ON rate_limit (expires_at);
