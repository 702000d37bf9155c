-- The records of a segment in blocks of 240, so that one of them is read without the thirty megabytes
-- that a million of them are. In two steps: each cut of a blob reads it from its beginning.
CREATE TABLE memory_documents (
  block_id    INTEGER PRIMARY KEY,
  segment_id  INTEGER NOT NULL REFERENCES memory_segments(segment_id) ON DELETE CASCADE,
  first_place INTEGER NOT NULL,       -- place in the segment of the first record
  documents   BLOB NOT NULL,          -- one fixed record an entry, 240 at most
  UNIQUE (segment_id, first_place)
);
CREATE TABLE memory_document_parts (
  segment_id  INTEGER NOT NULL,
  first_place INTEGER NOT NULL,
  documents   BLOB NOT NULL
);
WITH RECURSIVE part(segment_id, first_place) AS (
  SELECT segment_id, 0 FROM memory_segments WHERE length(documents) > 0
  UNION ALL
  SELECT part.segment_id, part.first_place + 24000 FROM part JOIN memory_segments s ON s.segment_id = part.segment_id
  WHERE (part.first_place + 24000) * 32 < length(s.documents)
)
INSERT INTO memory_document_parts(segment_id, first_place, documents)
  SELECT part.segment_id, part.first_place, substr(s.documents, part.first_place * 32 + 1, 24000 * 32)
  FROM part JOIN memory_segments s ON s.segment_id = part.segment_id;
WITH RECURSIVE place(first_place) AS (
  SELECT 0 UNION ALL SELECT first_place + 240 FROM place WHERE first_place + 240 < 24000
)
INSERT INTO memory_documents(segment_id, first_place, documents)
  SELECT p.segment_id, p.first_place + place.first_place, substr(p.documents, place.first_place * 32 + 1, 240 * 32)
  FROM memory_document_parts p JOIN place ON place.first_place * 32 < length(p.documents)
  ORDER BY p.segment_id, p.first_place, place.first_place;
DROP TABLE memory_document_parts;
ALTER TABLE memory_segments DROP COLUMN documents;
