-- Who looked at what: appended before the answer goes out, hash-chained, never changed.
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

CREATE INDEX access_record_by_case ON access_record (case_id, number)
    WHERE case_id IS NOT NULL;

CREATE INDEX access_record_by_actor ON access_record (actor, number);
