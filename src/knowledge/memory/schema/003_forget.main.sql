-- Hashes of what was forgotten, so that an import of the same does not bring it back. No text, no time of saying.
CREATE TABLE memory_tombstones (
  content_hash  TEXT PRIMARY KEY,
  forgotten_ms  INTEGER NOT NULL
) WITHOUT ROWID;
