-- What the last trial of each kind found about a process draft, and at which revision.
CREATE TABLE process_trial (
    draft_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    revision INTEGER NOT NULL,
    asked_by TEXT NOT NULL,
    ended_at INTEGER NOT NULL,
    told TEXT NOT NULL,
    PRIMARY KEY (draft_id, kind)
) STRICT;
