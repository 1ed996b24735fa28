-- What process drafts were before their last edits, so that an edit can be taken back.
CREATE TABLE process_draft_past (
    draft_id BLOB NOT NULL,
    revision INTEGER NOT NULL,
    xml TEXT NOT NULL,
    told TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (draft_id, revision)
) STRICT;
