-- What rules say of the code as a whole. All of it is made from the code feature's rows
-- and from manifests; all of it comes back after a deletion.

-- Of which files the rest was made; one row.
CREATE TABLE semantic_state (
  state_id INTEGER PRIMARY KEY CHECK (state_id = 1),
  digest   TEXT NOT NULL                      -- over paths and contents of all indexed files, and the rules' version
);

CREATE TABLE design_patterns (
  pattern_id   INTEGER PRIMARY KEY,
  pattern_type TEXT NOT NULL,
  path         TEXT NOT NULL,
  pattern_name TEXT NOT NULL,                 -- of the type or function it is told at
  ordinal      INTEGER NOT NULL,              -- 0.. among equal (type, path, name)
  line         INTEGER NOT NULL,
  evidence     TEXT NOT NULL,                 -- JSON, only shown: [{"path","line","says"}]
  UNIQUE (pattern_type, path, pattern_name, ordinal)
);
CREATE INDEX design_patterns_path ON design_patterns(path);
CREATE TABLE design_pattern_members (
  pattern_id INTEGER NOT NULL REFERENCES design_patterns(pattern_id) ON DELETE CASCADE,
  ordinal    INTEGER NOT NULL,
  role       TEXT NOT NULL,
  path       TEXT NOT NULL,
  name       TEXT NOT NULL,
  line       INTEGER NOT NULL,
  PRIMARY KEY (pattern_id, ordinal)
) WITHOUT ROWID;
CREATE INDEX design_pattern_members_name ON design_pattern_members(name);

CREATE TABLE code_quality_issues (
  issue_id      INTEGER PRIMARY KEY,
  path          TEXT NOT NULL,
  element       TEXT NOT NULL,                -- qualified name, with #n for the n-th of that name; '' for the file
  issue_type    TEXT NOT NULL CHECK (issue_type IN
    ('complexity','length','duplication','dead_code','cycle','missing_docs','missing_tests')),
  severity      TEXT NOT NULL CHECK (severity IN ('warning','info')),
  measure       INTEGER NOT NULL,             -- the number that made it: branches, lines, tokens, files
  message       TEXT NOT NULL,
  start_line    INTEGER NOT NULL,
  end_line      INTEGER NOT NULL,
  suggested_fix TEXT NOT NULL,
  resolved_ms   INTEGER,                      -- when it was found gone; NULL while it is there
  UNIQUE (path, element, issue_type)
);

-- What manifests ask for, and what lock files settled on.
CREATE TABLE declared_dependencies (
  declared_id INTEGER PRIMARY KEY,
  manifest    TEXT NOT NULL,
  ecosystem   TEXT NOT NULL,                  -- npm, cargo, go, pypi, maven, composer, rubygems, nuget, cmake, ...
  name        TEXT NOT NULL,
  requirement TEXT NOT NULL,                  -- as written, '' for any
  scope       TEXT NOT NULL,                  -- runtime, development, build, optional, peer, member
  resolved    TEXT NOT NULL,                  -- version in the lock file, '' when there is none
  line        INTEGER NOT NULL,
  UNIQUE (manifest, name, scope)
);
CREATE INDEX declared_dependencies_name ON declared_dependencies(name);
