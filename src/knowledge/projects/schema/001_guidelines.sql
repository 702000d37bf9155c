-- What the project tells agents: guideline files, the files they import, their sections.

CREATE TABLE project_guidelines (
  guideline_id INTEGER PRIMARY KEY,
  path         TEXT NOT NULL UNIQUE,          -- relative to the root, bytes as on disk
  folder       TEXT NOT NULL,                 -- what it applies to; '' is the whole project
  imported_by  TEXT NOT NULL,                 -- path of the file that imports it first; '' when found by its name
  content_hash TEXT NOT NULL,
  size         INTEGER NOT NULL,
  mtime_ns     INTEGER NOT NULL,
  ctime_ns     INTEGER NOT NULL,
  inode        INTEGER NOT NULL
);

CREATE TABLE guideline_sections (
  section_id   INTEGER PRIMARY KEY,
  guideline_id INTEGER NOT NULL REFERENCES project_guidelines(guideline_id) ON DELETE CASCADE,
  heading      TEXT NOT NULL,                 -- 'Build > Tests'; '' before the first heading
  start_line   INTEGER NOT NULL,
  end_line     INTEGER NOT NULL,
  text         TEXT NOT NULL                  -- the lines, repaired, secrets masked
);
CREATE INDEX guideline_sections_guideline ON guideline_sections(guideline_id);

-- Every @import, also those that led nowhere: doctor tells them.
CREATE TABLE guideline_imports (
  guideline_id INTEGER NOT NULL REFERENCES project_guidelines(guideline_id) ON DELETE CASCADE,
  line         INTEGER NOT NULL,
  written      TEXT NOT NULL,                 -- as it stands there
  target_path  TEXT NOT NULL,                 -- relative to the root; '' when outside of it
  state        TEXT NOT NULL CHECK (state IN ('imported','missing','outside','too_deep','refused')),
  PRIMARY KEY (guideline_id, line, written)
) WITHOUT ROWID;
