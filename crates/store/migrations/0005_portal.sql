-- What citizens hold without an account: PINs, drafts, and forms that are sent once.
CREATE TABLE pin (
    case_id BLOB NOT NULL,
    number INTEGER NOT NULL,
    digest BLOB NOT NULL,
    key_version INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    voided_at INTEGER,
    PRIMARY KEY (case_id, number)
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

CREATE INDEX draft_by_expires_at ON draft (expires_at);

CREATE TABLE once (
    token_hash BLOB NOT NULL PRIMARY KEY,
    request_hash BLOB NOT NULL,
    answer TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX once_by_expires_at ON once (expires_at);
