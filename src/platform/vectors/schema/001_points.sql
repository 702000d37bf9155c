-- The truth of the vector store. Files of codes beside it are made from it.

-- One index: a collection as one model sees it. Vectors of two models are never compared.
CREATE TABLE vector_spaces (
  space_id   INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given out again: files are named by it
  collection TEXT NOT NULL,
  model      TEXT NOT NULL,
  dimensions INTEGER NOT NULL,
  epoch      INTEGER NOT NULL DEFAULT 0,  -- rises with every change; the codes name the one they show
  slots      INTEGER NOT NULL DEFAULT 0,  -- given out so far, in the order of the codes
  UNIQUE (collection, model, dimensions)
);

CREATE TABLE vector_points (
  space_id     INTEGER NOT NULL REFERENCES vector_spaces(space_id),
  slot         INTEGER NOT NULL,
  owner        INTEGER NOT NULL,          -- what it is the vector of, in the words of its collection
  content_hash TEXT NOT NULL,             -- of the text: the same text is never embedded twice
  numbers      BLOB NOT NULL,             -- half-precision floats, little endian, of unit length
  PRIMARY KEY (space_id, slot)
) WITHOUT ROWID;
CREATE UNIQUE INDEX vector_points_owner ON vector_points(space_id, owner);
CREATE INDEX vector_points_content ON vector_points(space_id, content_hash);

CREATE TABLE vector_tags (
  space_id INTEGER NOT NULL,
  tag      TEXT NOT NULL,                 -- 'scope=3'
  slot     INTEGER NOT NULL,
  PRIMARY KEY (space_id, tag, slot)
) WITHOUT ROWID;
CREATE INDEX vector_tags_slot ON vector_tags(space_id, slot);
