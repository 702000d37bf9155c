-- What the user said that holds: preferences, names, decisions. Never overwritten: a fact that
-- is replaced stays, with what replaced it and why.
CREATE TABLE memory_facts (
  fact_id       INTEGER PRIMARY KEY AUTOINCREMENT,
  scope_id      INTEGER NOT NULL REFERENCES memory_scopes(scope_id),
  kind          TEXT NOT NULL CHECK (kind IN ('preference','identity','environment','decision','note')),
  subject       TEXT NOT NULL,        -- normalised: what it is about, "test command"
  stance        TEXT NOT NULL CHECK (stance IN ('holds','refused')),
  statement     TEXT NOT NULL,        -- the words that say it
  said_value    TEXT NOT NULL,        -- normalised: "postgresql"
  single_valued INTEGER NOT NULL,     -- one value at a time, or many
  state         TEXT NOT NULL CHECK (state IN ('candidate','confirmed','superseded','withdrawn')),
  entry_id      INTEGER NOT NULL REFERENCES memory_entries(entry_id) ON DELETE CASCADE,
  first_byte    INTEGER NOT NULL,     -- of the statement in the entry's content
  end_byte      INTEGER NOT NULL,
  valid_from_ms INTEGER NOT NULL,     -- when it began to hold
  valid_to_ms   INTEGER,              -- NULL: it still does
  recorded_ms   INTEGER NOT NULL,     -- when Mira learned it
  retracted_ms  INTEGER,              -- when Mira learned that it no longer holds
  superseded_by INTEGER REFERENCES memory_facts(fact_id) ON DELETE SET NULL,
  reason        TEXT NOT NULL DEFAULT '',  -- of its end: 'now uses another', 'said to be over'
  rule_version  INTEGER NOT NULL,
  UNIQUE (scope_id, subject, said_value, stance, entry_id)
);
CREATE INDEX memory_facts_subject ON memory_facts(scope_id, subject);
CREATE INDEX memory_facts_entry ON memory_facts(entry_id);

-- Every time it was said, the first included: what counts for and against it.
CREATE TABLE memory_fact_mentions (
  fact_id  INTEGER NOT NULL REFERENCES memory_facts(fact_id) ON DELETE CASCADE,
  entry_id INTEGER NOT NULL REFERENCES memory_entries(entry_id) ON DELETE CASCADE,
  PRIMARY KEY (fact_id, entry_id)
) WITHOUT ROWID;

-- Two that cannot both hold and of which neither was said to be over.
CREATE TABLE memory_fact_conflicts (
  fact_id  INTEGER NOT NULL REFERENCES memory_facts(fact_id) ON DELETE CASCADE,
  other_id INTEGER NOT NULL REFERENCES memory_facts(fact_id) ON DELETE CASCADE,
  PRIMARY KEY (fact_id, other_id)
) WITHOUT ROWID;
