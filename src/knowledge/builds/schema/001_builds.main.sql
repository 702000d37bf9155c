-- Runs of builds and tests, what they said, and what cured it. Precious: a cure
-- cannot be found again once the tree has moved on.

CREATE TABLE build_runs (
  run_id       INTEGER PRIMARY KEY,
  project_id   TEXT NOT NULL,
  build_key    TEXT NOT NULL,              -- command and folder: runs of one key are compared
  command      TEXT NOT NULL,              -- as shown, secrets masked
  folder       TEXT NOT NULL,              -- relative to the root, "" is the root
  trigger      TEXT NOT NULL CHECK (trigger IN ('run', 'log', 'hook')),
  state        TEXT NOT NULL CHECK (state IN ('passed', 'failed', 'cancelled')),
  exit_code    INTEGER,
  signal       INTEGER NOT NULL DEFAULT 0,
  started_ms   INTEGER NOT NULL,
  duration_ms  INTEGER NOT NULL,
  errors       INTEGER NOT NULL,
  warnings     INTEGER NOT NULL,
  tests_failed INTEGER NOT NULL,
  reasons      TEXT NOT NULL,              -- JSON list, shown only
  mismatches   TEXT NOT NULL,              -- JSON list, shown only
  tree_hash    TEXT NOT NULL,              -- of the working tree at the start; "" when it was not taken
  head_commit  TEXT NOT NULL,
  log_file     TEXT NOT NULL,              -- name in the project's data folder; "" when none was kept
  log_bytes    INTEGER NOT NULL
);
CREATE INDEX build_runs_by_key ON build_runs(project_id, build_key, run_id);

CREATE TABLE build_errors (
  error_id      INTEGER PRIMARY KEY,
  project_id    TEXT NOT NULL,
  algorithm     INTEGER NOT NULL,          -- version of the three keys
  instance_hash TEXT NOT NULL,             -- this one, at its place
  error_hash    TEXT NOT NULL,             -- the same problem anywhere
  class_hash    TEXT NOT NULL,             -- the kind
  tool          TEXT NOT NULL,
  severity      TEXT NOT NULL CHECK (severity IN ('error', 'warning')),
  code          TEXT NOT NULL,
  message       TEXT NOT NULL,             -- secrets masked
  file          TEXT NOT NULL,             -- relative to the root where it lies in it, else as printed
  line          INTEGER NOT NULL,
  column_number INTEGER NOT NULL,
  test          TEXT NOT NULL,
  details       TEXT NOT NULL,             -- JSON of the whole record, shown only
  first_seen_ms INTEGER NOT NULL,
  last_seen_ms  INTEGER NOT NULL,
  first_run     INTEGER NOT NULL REFERENCES build_runs(run_id),
  last_run      INTEGER NOT NULL REFERENCES build_runs(run_id),
  occurrences   INTEGER NOT NULL,          -- runs that showed it
  resolved_ms   INTEGER,
  resolved_run  INTEGER REFERENCES build_runs(run_id),
  UNIQUE (project_id, algorithm, instance_hash)
);
CREATE INDEX build_errors_by_identity ON build_errors(project_id, error_hash);
CREATE INDEX build_errors_by_class ON build_errors(project_id, class_hash);

CREATE TABLE build_run_errors (
  run_id    INTEGER NOT NULL REFERENCES build_runs(run_id),
  error_id  INTEGER NOT NULL REFERENCES build_errors(error_id),
  position  INTEGER NOT NULL,              -- order in the log, from 0
  times     INTEGER NOT NULL,
  log_line  INTEGER NOT NULL,
  log_begin INTEGER NOT NULL,
  log_end   INTEGER NOT NULL,
  PRIMARY KEY (run_id, error_id)
) WITHOUT ROWID;
CREATE INDEX build_run_errors_by_error ON build_run_errors(error_id, run_id);

CREATE TABLE error_resolutions (
  resolution_id  INTEGER PRIMARY KEY,
  project_id     TEXT NOT NULL,
  error_id       INTEGER NOT NULL REFERENCES build_errors(error_id),
  error_hash     TEXT NOT NULL,
  kind           TEXT NOT NULL CHECK (kind IN ('code_change', 'config_change', 'dependency_update', 'revert', 'environment', 'unknown')),
  state          TEXT NOT NULL CHECK (state IN ('observed', 'confirmed', 'verified', 'failed')),
  red_run        INTEGER NOT NULL REFERENCES build_runs(run_id),
  green_run      INTEGER NOT NULL REFERENCES build_runs(run_id),
  head_commit    TEXT NOT NULL,            -- of the green run
  time_to_fix_ms INTEGER NOT NULL,
  cured          INTEGER NOT NULL,         -- times this change made it go away
  returned       INTEGER NOT NULL,         -- times it came back soon after
  UNIQUE (error_id, green_run)
);
CREATE INDEX error_resolutions_by_identity ON error_resolutions(project_id, error_hash);

CREATE TABLE resolution_hunks (
  resolution_id INTEGER NOT NULL REFERENCES error_resolutions(resolution_id),
  position      INTEGER NOT NULL,          -- 0: most likely the cure
  path          TEXT NOT NULL,
  old_start     INTEGER NOT NULL,
  old_lines     INTEGER NOT NULL,
  new_start     INTEGER NOT NULL,
  new_lines     INTEGER NOT NULL,
  score         REAL NOT NULL,
  why           TEXT NOT NULL,             -- what speaks for it
  body          TEXT NOT NULL,             -- lines with ' ', '-', '+' before them, secrets masked
  PRIMARY KEY (resolution_id, position)
) WITHOUT ROWID;

CREATE TABLE build_context_injections (
  injection_id  INTEGER PRIMARY KEY,
  project_id    TEXT NOT NULL,
  run_id        INTEGER NOT NULL REFERENCES build_runs(run_id),
  error_id      INTEGER NOT NULL REFERENCES build_errors(error_id),
  resolution_id INTEGER NOT NULL REFERENCES error_resolutions(resolution_id),
  told_ms       INTEGER NOT NULL,
  cured         INTEGER,                   -- by the next run: 1, 0; null until there is one
  UNIQUE (run_id, error_id, resolution_id)
);
