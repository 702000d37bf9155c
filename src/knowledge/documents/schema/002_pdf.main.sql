-- PDF joins the kinds. SQLite changes no CHECK in place: both tables are made anew and the rows moved,
-- the chunks first, so that no row is deleted by its parent. Ids stay, so the words stay valid.
ALTER TABLE documents RENAME TO documents_before;
CREATE TABLE documents (
  document_id  INTEGER PRIMARY KEY,
  project_id   TEXT NOT NULL,
  path         BLOB NOT NULL,             -- absolute, bytes as on disk
  kind         TEXT NOT NULL CHECK (kind IN ('markdown','text','html','docx','pptx','xlsx','epub','pdf')),
  title        TEXT NOT NULL,
  size         INTEGER NOT NULL,
  mtime_ns     INTEGER NOT NULL,
  content_hash TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('read','partial','failed')),
  reason       TEXT NOT NULL DEFAULT '',  -- why not all of it
  added_ms     INTEGER NOT NULL,
  UNIQUE (project_id, path)
);
INSERT INTO documents SELECT document_id, project_id, path, kind, title, size, mtime_ns, content_hash, state, reason,
  added_ms FROM documents_before;
CREATE TABLE document_chunks_moved (
  chunk_id     INTEGER PRIMARY KEY,
  document_id  INTEGER NOT NULL REFERENCES documents(document_id) ON DELETE CASCADE,
  ordinal      INTEGER NOT NULL,          -- from 1
  place        TEXT NOT NULL,             -- 'Setup > Tests', 'slide 3', 'sheet Prices', 'page 7'
  content      TEXT NOT NULL,             -- secrets masked
  content_hash TEXT NOT NULL,             -- of place and content: a chunk that did not change keeps its id
  UNIQUE (document_id, ordinal)
);
INSERT INTO document_chunks_moved SELECT chunk_id, document_id, ordinal, place, content, content_hash FROM document_chunks;
DROP TABLE document_chunks;
DROP TABLE documents_before;
ALTER TABLE document_chunks_moved RENAME TO document_chunks;
