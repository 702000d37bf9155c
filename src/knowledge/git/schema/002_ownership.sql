-- Who put each line of HEAD there, and what each commit took away.

-- One row: how far lines were replayed.
CREATE TABLE git_ownership_state (
  state_id       INTEGER PRIMARY KEY CHECK (state_id = 1),
  tip            TEXT NOT NULL,             -- commit whose files the rows below tell
  boundary       TEXT NOT NULL,             -- as git_state.boundary
  last_commit_id INTEGER NOT NULL           -- no commit made later has this id or a smaller one
);

CREATE TABLE blame_annotations (
  path  TEXT PRIMARY KEY,                   -- bytes
  blob  TEXT NOT NULL,                      -- content the lines are of
  lines INTEGER NOT NULL,
  runs  BLOB NOT NULL                       -- packed: lines, commit that put them there, commit that wrote them
) WITHOUT ROWID;

CREATE TABLE git_line_losses (
  commit_id INTEGER PRIMARY KEY REFERENCES git_commits(commit_id) ON DELETE CASCADE,
  losses    BLOB NOT NULL                   -- packed: by file, whose lines it took or stands beside
) WITHOUT ROWID;
