-- Processes that officials are writing; what is published goes into `catalog`.
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

CREATE INDEX process_draft_by_updated_at ON process_draft (updated_at, id);
