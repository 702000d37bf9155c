-- When each indexer last finished, and what it did. A project without a row for an
-- indexer has never been indexed by it.
CREATE TABLE index_updates (
  indexer      TEXT PRIMARY KEY,
  finished_ms  INTEGER NOT NULL,
  took_ms      INTEGER NOT NULL,
  unit         TEXT NOT NULL,
  added        INTEGER NOT NULL,
  changed      INTEGER NOT NULL,
  removed      INTEGER NOT NULL,
  unchanged    INTEGER NOT NULL
);
