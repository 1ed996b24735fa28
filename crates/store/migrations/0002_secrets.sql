-- People whose particulars are sealed with a key of their own, and what is sealed.
CREATE TABLE subject (
    id BLOB NOT NULL PRIMARY KEY,
    wrapped_key BLOB,
    key_version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    erased_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX subject_by_key_version ON subject (key_version, id);

CREATE INDEX subject_by_erased_at ON subject (erased_at) WHERE erased_at IS NOT NULL;

CREATE TABLE particular (
    id BLOB NOT NULL PRIMARY KEY,
    subject_id BLOB NOT NULL REFERENCES subject (id),
    case_id BLOB,
    kind TEXT NOT NULL,
    sealed BLOB,
    created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX particular_by_subject ON particular (subject_id);

CREATE INDEX particular_by_case ON particular (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE subject_lookup (
    kind TEXT NOT NULL,
    digest BLOB NOT NULL,
    subject_id BLOB NOT NULL REFERENCES subject (id),
    PRIMARY KEY (kind, digest, subject_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX subject_lookup_by_subject ON subject_lookup (subject_id);
