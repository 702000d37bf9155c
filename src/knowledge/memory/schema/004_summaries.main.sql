-- What a stretch of a conversation said, as its own sentences. Made by rules from the entries
-- alone, so it can be made again byte for byte and is never the only copy.
CREATE TABLE rolling_summaries (
  summary_id      INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL REFERENCES memory_conversations(conversation_id) ON DELETE CASCADE,
  level           INTEGER NOT NULL CHECK (level IN (10, 100)),  -- entries that it covers
  first_entry     INTEGER NOT NULL,
  last_entry      INTEGER NOT NULL,
  parent_id       INTEGER,               -- the summary of a hundred that covers this one
  content         TEXT NOT NULL,         -- lines '[entry] sentence'
  rule_version    INTEGER NOT NULL,
  UNIQUE (conversation_id, level, first_entry)
);
