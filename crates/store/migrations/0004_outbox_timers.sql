-- What must be done after a commit, and what must be done at a time.
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

CREATE INDEX outbox_by_next_at ON outbox (next_at) WHERE next_at IS NOT NULL;

CREATE INDEX outbox_by_state ON outbox (state, created_at, id);

CREATE INDEX outbox_by_stream ON outbox (stream, created_at);

CREATE TABLE timer (
    due_at INTEGER NOT NULL,
    id BLOB NOT NULL,
    case_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    token TEXT NOT NULL,
    PRIMARY KEY (due_at, id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX timer_by_case ON timer (case_id, kind, token);
