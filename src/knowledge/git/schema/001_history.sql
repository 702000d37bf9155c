-- The history of HEAD as it was last read, and what differs from it on disk.

-- One row: how far the rows below have been read.
CREATE TABLE git_state (
  state_id      INTEGER PRIMARY KEY CHECK (state_id = 1),
  tip           TEXT NOT NULL,              -- commit that was HEAD; '' for an unborn branch
  boundary      TEXT NOT NULL,              -- what limits the reading (shallow, partial); when it changes all is read anew
  mailmap_blob  TEXT NOT NULL,              -- id of HEAD:.mailmap that author names were mapped by; '' without one
  revision      INTEGER NOT NULL,           -- grows with every change of the history
  failed_tip    TEXT NOT NULL DEFAULT '',   -- a HEAD that could not be read, why, and when that was seen
  failure       TEXT NOT NULL DEFAULT '',
  failed_at_ms  INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE git_authors (
  author_id     INTEGER PRIMARY KEY,
  name_written  TEXT NOT NULL,              -- as in the commits
  email_written TEXT NOT NULL,
  name          TEXT NOT NULL,              -- after the mailmap
  email         TEXT NOT NULL,
  person        TEXT NOT NULL,              -- who that is: the mapped name, folded (its mail where it has none)
  is_bot        INTEGER NOT NULL,
  UNIQUE (name_written, email_written)
);

CREATE TABLE git_commits (
  commit_id      INTEGER PRIMARY KEY,
  hash           TEXT NOT NULL UNIQUE,
  parents        TEXT NOT NULL,             -- ids, separated by spaces
  author_id      INTEGER NOT NULL REFERENCES git_authors(author_id),
  author_time_ms INTEGER NOT NULL,
  commit_time_ms INTEGER NOT NULL,
  order_time_s   INTEGER NOT NULL,          -- with generation and hash: the order of the history
  generation     INTEGER NOT NULL,
  is_merge       INTEGER NOT NULL,
  subject        TEXT NOT NULL,             -- repaired UTF-8, secrets masked
  body           TEXT NOT NULL,
  files          INTEGER NOT NULL,
  insertions     INTEGER,                   -- NULL until lines were counted
  deletions      INTEGER
);

CREATE TABLE git_paths (
  path_id INTEGER PRIMARY KEY,
  path    TEXT NOT NULL UNIQUE              -- bytes
);

CREATE TABLE git_commit_files (
  commit_id   INTEGER NOT NULL REFERENCES git_commits(commit_id) ON DELETE CASCADE,
  ordinal     INTEGER NOT NULL,
  file_id     INTEGER NOT NULL,             -- identity, the same through renames
  status      TEXT NOT NULL CHECK (status IN ('A','C','D','M','R','T','U','X')),
  path_id     INTEGER NOT NULL,             -- the path it had after this commit
  old_path_id INTEGER,                      -- of a rename
  insertions  INTEGER,                      -- NULL: not counted yet, or binary
  deletions   INTEGER,
  PRIMARY KEY (commit_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX git_commit_files_file ON git_commit_files(file_id, commit_id);

-- What each identity is at HEAD, as far as the commits tell.
CREATE TABLE git_files (
  file_id INTEGER PRIMARY KEY,
  path_id INTEGER NOT NULL,
  alive   INTEGER NOT NULL
);
CREATE INDEX git_files_path ON git_files(path_id);

-- The same history, packed for reading it whole: commits in order, segment by segment.
CREATE TABLE git_history_segments (
  segment INTEGER PRIMARY KEY,
  commits BLOB NOT NULL
);

-- Words of commit messages; rowid is commit_id.
CREATE VIRTUAL TABLE git_commit_words USING fts5(
  subject, body, content='', contentless_delete=1, tokenize="porter unicode61 remove_diacritics 2"
);

-- One row: the tree of HEAD, and the stamps under which files on disk were last hashed.
CREATE TABLE git_worktree (
  worktree_id INTEGER PRIMARY KEY CHECK (worktree_id = 1),
  tip         TEXT NOT NULL,
  tree        BLOB NOT NULL,
  fingerprint INTEGER NOT NULL,             -- of all stamps on disk
  unlisted    BLOB NOT NULL,                -- tracked files that the walk ignores, each with a NUL behind it
  stamps      BLOB NOT NULL
);

CREATE TABLE local_changes (
  path        TEXT PRIMARY KEY,             -- bytes
  change_type TEXT NOT NULL CHECK (change_type IN ('added','modified','deleted','renamed')),
  old_path    TEXT NOT NULL DEFAULT '',
  old_blob    TEXT NOT NULL DEFAULT '',     -- git's id of the content at HEAD
  new_blob    TEXT NOT NULL DEFAULT ''      -- and of the content on disk
) WITHOUT ROWID;
