-- Cases: the state row, the counters of codes, the worklists, who takes part, the words to search by.
CREATE TABLE case_file (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    seq INTEGER NOT NULL,
    head BLOB NOT NULL,
    business TEXT NOT NULL,
    procedure TEXT NOT NULL,
    desk TEXT NOT NULL,
    code TEXT UNIQUE,
    tracking TEXT NOT NULL UNIQUE,
    subject_id BLOB NOT NULL,
    submitted_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT;

CREATE INDEX case_file_by_subject ON case_file (subject_id, number);

CREATE TABLE desk_counter (
    desk TEXT NOT NULL,
    day TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (desk, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE work (
    case_number INTEGER NOT NULL REFERENCES case_file (number),
    slot INTEGER NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    bucket TEXT NOT NULL,
    holder TEXT,
    task TEXT NOT NULL,
    due_sort INTEGER NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (case_number, slot)
) STRICT, WITHOUT ROWID;

CREATE INDEX work_by_unit ON work (unit, role, bucket, due_sort, case_number, slot);

CREATE INDEX work_by_holder ON work (holder, bucket, due_sort, case_number, slot)
    WHERE holder IS NOT NULL;

CREATE TABLE case_party (
    unit TEXT NOT NULL,
    case_number INTEGER NOT NULL,
    PRIMARY KEY (unit, case_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_word (
    unit TEXT NOT NULL,
    word TEXT NOT NULL,
    case_number INTEGER NOT NULL,
    PRIMARY KEY (unit, word, case_number)
) STRICT, WITHOUT ROWID;
