-- Particulars stand in the order of their ids, which sort by time: what is new is written at the
-- end of one tree, where four trees were touched before. A case's particulars are found through its
-- person.
CREATE TABLE particular_new (
    id BLOB NOT NULL PRIMARY KEY,
    subject_id BLOB NOT NULL REFERENCES subject (id),
    case_id BLOB,
    kind TEXT NOT NULL,
    sealed BLOB,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO particular_new (id, subject_id, case_id, kind, sealed, created_at)
SELECT id, subject_id, case_id, kind, sealed, created_at FROM particular ORDER BY id;

DROP TABLE particular;

ALTER TABLE particular_new RENAME TO particular;

CREATE INDEX particular_by_subject ON particular (subject_id, id);
