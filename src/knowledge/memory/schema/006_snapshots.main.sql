-- A conversation so far joins the stretches of ten and a hundred. SQLite changes no CHECK in place.
ALTER TABLE rolling_summaries RENAME TO rolling_summaries_before;
CREATE TABLE rolling_summaries (
  summary_id      INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL REFERENCES memory_conversations(conversation_id) ON DELETE CASCADE,
  level           INTEGER NOT NULL CHECK (level IN (0, 10, 100)),  -- entries that it covers; 0: all so far
  first_entry     INTEGER NOT NULL,
  last_entry      INTEGER NOT NULL,
  parent_id       INTEGER,               -- the summary of a hundred that covers this one; of a hundred, the snapshot
  content         TEXT NOT NULL,         -- lines '[entry] sentence'
  rule_version    INTEGER NOT NULL,
  UNIQUE (conversation_id, level, first_entry)
);
INSERT INTO rolling_summaries SELECT summary_id, conversation_id, level, first_entry, last_entry, parent_id, content,
  rule_version FROM rolling_summaries_before;
DROP TABLE rolling_summaries_before;
