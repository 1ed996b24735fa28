-- Orders to move running cases from one version of a process to another, and what became of each
-- case. The journal of the process keeps who ordered it; that of each case keeps the move itself.
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

CREATE INDEX process_migration_by_process ON process_migration (process, created_at, id);
CREATE INDEX process_migration_by_state ON process_migration (state, created_at, id);

CREATE TABLE process_migration_case (
    migration_id BLOB NOT NULL,
    case_number INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    element TEXT NOT NULL,
    PRIMARY KEY (migration_id, case_number)
) STRICT, WITHOUT ROWID;
