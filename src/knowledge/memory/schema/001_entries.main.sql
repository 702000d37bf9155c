-- Everything that was said, word for word, and the words it is found by.

-- Whom a memory belongs to. Recall looks into the scopes it is asked for and no others.
CREATE TABLE memory_scopes (
  scope_id INTEGER PRIMARY KEY,
  owner    TEXT NOT NULL,             -- user name
  kind     TEXT NOT NULL CHECK (kind IN ('user','project','named')),
  name     TEXT NOT NULL,             -- '' of a user, the project's id, or the name given at import
  UNIQUE (owner, kind, name)
);

CREATE TABLE memory_conversations (
  conversation_id INTEGER PRIMARY KEY,
  scope_id        INTEGER NOT NULL REFERENCES memory_scopes(scope_id),
  client          TEXT NOT NULL,      -- which program it was held with; '' unknown
  session         TEXT NOT NULL,      -- that program's own id of it
  started_ms      INTEGER NOT NULL,
  UNIQUE (scope_id, client, session)
);

CREATE TABLE memory_entries (
  entry_id        INTEGER PRIMARY KEY AUTOINCREMENT,
  scope_id        INTEGER NOT NULL REFERENCES memory_scopes(scope_id),
  conversation_id INTEGER NOT NULL REFERENCES memory_conversations(conversation_id),
  ordinal         INTEGER NOT NULL,   -- place in the conversation, from 1
  message         TEXT NOT NULL,      -- the client's id of it, or '#ordinal:hash'
  role            TEXT NOT NULL CHECK (role IN ('user','assistant','tool','system')),
  origin          TEXT NOT NULL CHECK (origin IN ('said','remembered','imported','recalled')),
  speaker         TEXT NOT NULL,
  model           TEXT NOT NULL,      -- that wrote it; '' for people
  said_ms         INTEGER,            -- NULL: unknown
  recorded_ms     INTEGER NOT NULL,
  content         TEXT NOT NULL,      -- repaired UTF-8, secrets masked, otherwise as it was
  content_hash    TEXT NOT NULL,
  segment_id      INTEGER NOT NULL DEFAULT 0,  -- where its words are indexed; 0: read at the question
  UNIQUE (conversation_id, message)
);
CREATE INDEX memory_entries_waiting ON memory_entries(scope_id, entry_id) WHERE segment_id = 0;
CREATE INDEX memory_entries_segment ON memory_entries(segment_id) WHERE segment_id <> 0;
CREATE INDEX memory_entries_order ON memory_entries(conversation_id, ordinal);

-- Words of entries in immutable runs, merged as they grow. Both can be made again from the entries.
CREATE TABLE memory_segments (
  segment_id INTEGER PRIMARY KEY AUTOINCREMENT,
  scope_id   INTEGER NOT NULL REFERENCES memory_scopes(scope_id),
  entries    INTEGER NOT NULL,
  documents  BLOB NOT NULL            -- one fixed record an entry
);
CREATE INDEX memory_segments_scope ON memory_segments(scope_id);

CREATE TABLE memory_postings (
  segment_id INTEGER NOT NULL REFERENCES memory_segments(segment_id) ON DELETE CASCADE,
  word       TEXT NOT NULL,           -- stem
  hits       BLOB NOT NULL,           -- (step to the document, times it stands there), varints
  PRIMARY KEY (segment_id, word)
) WITHOUT ROWID;
