-- Documents that the user added to a project, in pieces that can be cited.
CREATE TABLE documents (
  document_id  INTEGER PRIMARY KEY,
  project_id   TEXT NOT NULL,
  path         BLOB NOT NULL,             -- absolute, bytes as on disk
  kind         TEXT NOT NULL CHECK (kind IN ('markdown','text','html','docx','pptx','xlsx','epub')),
  title        TEXT NOT NULL,
  size         INTEGER NOT NULL,
  mtime_ns     INTEGER NOT NULL,
  content_hash TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('read','partial','failed')),
  reason       TEXT NOT NULL DEFAULT '',  -- why not all of it
  added_ms     INTEGER NOT NULL,
  UNIQUE (project_id, path)
);

CREATE TABLE document_chunks (
  chunk_id     INTEGER PRIMARY KEY,
  document_id  INTEGER NOT NULL REFERENCES documents(document_id) ON DELETE CASCADE,
  ordinal      INTEGER NOT NULL,          -- from 1
  place        TEXT NOT NULL,             -- 'Setup > Tests', 'slide 3', 'sheet Prices'
  content      TEXT NOT NULL,             -- secrets masked
  content_hash TEXT NOT NULL,             -- of place and content: a chunk that did not change keeps its id
  UNIQUE (document_id, ordinal)
);

-- Words of chunks; rowid is chunk_id.
CREATE VIRTUAL TABLE document_words USING fts5(
  place, content, content='', contentless_delete=1, tokenize="porter unicode61 remove_diacritics 2"
);
