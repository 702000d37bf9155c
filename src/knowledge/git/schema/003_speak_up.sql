-- How sure co-change must be before it names a forgotten file unasked, measured on the
-- repository's own commits. One row.
CREATE TABLE git_speak_up (
  row_id       INTEGER PRIMARY KEY CHECK (row_id = 1),
  tip          TEXT NOT NULL,               -- HEAD when that was last looked at
  window_end   TEXT NOT NULL,               -- the last commit it was measured on
  threshold    REAL NOT NULL,               -- confidence from which it speaks; above 1: never
  precision    REAL NOT NULL,               -- share of the files named that were missing
  coverage     REAL NOT NULL,               -- share of the commits with one file missing where it spoke
  false_alarms REAL NOT NULL,               -- share of the complete commits where it spoke
  commits      INTEGER NOT NULL             -- measured on so many
);
