-- The words of the code, by chunk. Texts are not kept: they are read from disk by path and lines.

CREATE TABLE code_chunks (
  chunk_id   INTEGER PRIMARY KEY,             -- file_id and the chunk's place in its file, see search_chunks.h
  file_id    INTEGER NOT NULL REFERENCES repository_files(file_id) ON DELETE CASCADE,
  symbol     TEXT NOT NULL,                   -- qualified name of the one definition it shows, else ''
  kind       TEXT NOT NULL,                   -- of that definition, else ''
  start_line INTEGER NOT NULL,
  end_line   INTEGER NOT NULL
);
CREATE INDEX code_chunks_file ON code_chunks(file_id);

-- rowid = chunk_id. Columns hold words made by search_words.h, not text.
CREATE VIRTUAL TABLE code_words USING fts5(
  name, signature, doc, body, path,
  content='', contentless_delete=1, tokenize="porter ascii tokenchars '_'"
);
