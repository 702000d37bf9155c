-- What is embedded of a chunk, so that it can be found by meaning: its path, its name, what is said of it, and how
-- it begins. The owner of its vector is a hash of the text, so that a vector never answers for another text.

CREATE TABLE code_passages (
  chunk_id INTEGER PRIMARY KEY,
  owner    INTEGER NOT NULL,
  text     TEXT NOT NULL
);
CREATE INDEX code_passages_owner ON code_passages(owner);

UPDATE code_versions SET extractor = 0;         -- files that were indexed before are read once more
