-- Files of the project, their facts, the elements and call edges made from them.

CREATE TABLE repository_files (
  file_id      INTEGER PRIMARY KEY,
  path         TEXT NOT NULL UNIQUE,          -- bytes as on disk, '/' separators
  language     TEXT NOT NULL,                 -- '' when unknown
  content_hash TEXT NOT NULL,                 -- of the bytes that were indexed
  size         INTEGER NOT NULL,
  lines        INTEGER NOT NULL,
  mtime_ns     INTEGER NOT NULL,
  ctime_ns     INTEGER NOT NULL,              -- 0: the stamp proves nothing, read again
  inode        INTEGER NOT NULL,
  parse_state  TEXT NOT NULL CHECK (parse_state IN
    ('clean','partial','failed','too_large','quarantined','not_parsed','binary','secret')),
  generated    INTEGER NOT NULL DEFAULT 0,    -- minified, vendored or marked as generated
  resolved     INTEGER NOT NULL DEFAULT 0     -- 0: its calls wait to be resolved (again)
);
CREATE INDEX repository_files_pending ON repository_files(file_id) WHERE resolved = 0;

-- What the parser said of a file: all of it, and the part that other files may look at.
CREATE TABLE file_facts (
  file_id   INTEGER PRIMARY KEY REFERENCES repository_files(file_id) ON DELETE CASCADE,
  facts     BLOB NOT NULL,                    -- encode(Facts)
  interface BLOB NOT NULL                     -- encode(interface_of(Facts))
);

CREATE TABLE code_elements (
  element_id     INTEGER PRIMARY KEY AUTOINCREMENT,
  file_id        INTEGER NOT NULL REFERENCES repository_files(file_id) ON DELETE CASCADE,
  qualified_name TEXT NOT NULL,
  name           TEXT NOT NULL,
  kind           TEXT NOT NULL,
  ordinal        INTEGER NOT NULL,            -- 0.. among equal (file, qualified name, kind)
  symbol_index   INTEGER NOT NULL,            -- position in the file's facts
  parent_id      INTEGER,
  visibility     TEXT NOT NULL,
  is_declaration INTEGER NOT NULL,
  name_line      INTEGER NOT NULL,
  start_line     INTEGER NOT NULL,
  end_line       INTEGER NOT NULL,
  start_byte     INTEGER NOT NULL,
  end_byte       INTEGER NOT NULL,
  signature      TEXT NOT NULL,
  doc            TEXT NOT NULL,
  content_hash   INTEGER NOT NULL,
  signature_hash INTEGER NOT NULL,
  complexity     INTEGER NOT NULL,
  UNIQUE (file_id, qualified_name, kind, ordinal)
);
CREATE INDEX code_elements_name ON code_elements(name);

-- One row a call site and candidate. callee_id NULL: unresolved (rule says why) or external.
CREATE TABLE call_graph (
  call_id     INTEGER PRIMARY KEY,
  file_id     INTEGER NOT NULL REFERENCES repository_files(file_id) ON DELETE CASCADE,
  caller_id   INTEGER,                        -- NULL: code outside any function
  callee_id   INTEGER,
  callee_name TEXT NOT NULL,                  -- as written, with its receiver
  external    TEXT NOT NULL DEFAULT '',       -- 'external:os.path.join' when it leads out
  line        INTEGER NOT NULL,
  tier        TEXT NOT NULL CHECK (tier IN ('proved','inferred','possible','unresolved','external')),
  rule        TEXT NOT NULL,                  -- how it was found, or why not
  candidates  INTEGER NOT NULL DEFAULT 1,
  open_name   TEXT                            -- last name of an unresolved callee, NULL for all others
);
CREATE INDEX call_graph_open ON call_graph(open_name) WHERE open_name IS NOT NULL;
CREATE INDEX call_graph_file ON call_graph(file_id);
CREATE INDEX call_graph_caller ON call_graph(caller_id);
CREATE INDEX call_graph_callee ON call_graph(callee_id);

CREATE TABLE external_dependencies (
  dependency_id INTEGER PRIMARY KEY,
  file_id       INTEGER NOT NULL REFERENCES repository_files(file_id) ON DELETE CASCADE,
  name          TEXT NOT NULL,                -- as written
  kind          TEXT NOT NULL CHECK (kind IN ('stdlib','package','local','unresolved')),
  items         TEXT NOT NULL,                -- imported names, comma separated
  line          INTEGER NOT NULL,
  target_path   TEXT NOT NULL DEFAULT ''      -- resolved file of a local import
);
CREATE INDEX external_dependencies_file ON external_dependencies(file_id);
CREATE INDEX external_dependencies_target ON external_dependencies(target_path);

-- What a file offers to others and what its resolution looked at, found or not: arrays of hashed keys such as
-- "name:foo" or "file:src/a.h". When what is offered under a key changes, the files that read the key are
-- resolved again. One array a file: an update scans them all, which costs less than an index of single keys.
CREATE TABLE resolution_offers (
  file_id INTEGER PRIMARY KEY REFERENCES repository_files(file_id) ON DELETE CASCADE,
  offers  BLOB NOT NULL
);
CREATE TABLE resolution_reads (
  file_id INTEGER PRIMARY KEY REFERENCES repository_files(file_id) ON DELETE CASCADE,
  keys    BLOB NOT NULL
);

-- Contents that killed the parse worker; shown by `mira doctor`.
CREATE TABLE quarantine (
  content_hash TEXT PRIMARY KEY,
  path         TEXT NOT NULL,
  strikes      INTEGER NOT NULL,
  reason       TEXT NOT NULL,
  seen_ms      INTEGER NOT NULL
);

-- Which extractor and resolver made what is here; one row.
CREATE TABLE code_versions (
  extractor INTEGER NOT NULL,
  resolver  INTEGER NOT NULL
);
