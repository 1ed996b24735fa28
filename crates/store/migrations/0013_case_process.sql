-- Undecided cases by the version of the process that they run on, from acceptance to decision.
CREATE TABLE case_process (
    process TEXT NOT NULL,
    version INTEGER NOT NULL,
    case_number INTEGER NOT NULL,
    PRIMARY KEY (process, version, case_number)
) STRICT, WITHOUT ROWID;
