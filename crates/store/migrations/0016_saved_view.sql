-- What officers keep beside the cases: saved views and choices of lists, acts on many cases with
-- the outcome of each, questions of leaders; and what makes stopped cases and borrowed powers found.
CREATE TABLE saved_view (
    account TEXT NOT NULL,
    id BLOB NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    first INTEGER NOT NULL,
    PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE list_choice (
    account TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE batch (
    id BLOB NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    action TEXT NOT NULL,
    unit TEXT NOT NULL,
    other TEXT NOT NULL,
    year INTEGER NOT NULL,
    number INTEGER NOT NULL,
    made_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX batch_number ON batch (unit, action, year, number);

CREATE INDEX batch_by_account ON batch (account, made_at, id);

CREATE TABLE batch_line (
    batch_id BLOB NOT NULL,
    place INTEGER NOT NULL,
    case_id BLOB NOT NULL,
    code TEXT NOT NULL,
    papers INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    args TEXT NOT NULL,
    PRIMARY KEY (batch_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE case_question (
    id BLOB NOT NULL PRIMARY KEY,
    case_id BLOB NOT NULL,
    asked_by TEXT NOT NULL,
    asked_to TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    question BLOB NOT NULL,
    answered_at INTEGER,
    answer BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX case_question_open ON case_question (asked_to, asked_at, id)
    WHERE answered_at IS NULL;

CREATE INDEX case_question_by_asker ON case_question (asked_by, asked_at, id);

CREATE INDEX case_question_by_case ON case_question (case_id, asked_at, id);

CREATE INDEX case_file_stopped ON case_file (business, number) WHERE business = 'stopped';

CREATE INDEX journal_on_behalf ON journal (on_behalf_of, by, number)
    WHERE on_behalf_of IS NOT NULL;
