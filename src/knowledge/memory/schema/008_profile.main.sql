-- Two views of what is known of the person, derived from facts and from counted behaviour. Both
-- are made anew when those change and are never the only copy of anything.

-- The confirmed facts by what they tell of the person, a line each.
CREATE TABLE user_profile (
  line_id  INTEGER PRIMARY KEY,
  scope_id INTEGER NOT NULL REFERENCES memory_scopes(scope_id),
  section  TEXT NOT NULL CHECK (section IN ('identity','experience_level','communication_style',
                                            'coding_preferences','tech_stack','learning_goals')),
  fact_id  INTEGER NOT NULL REFERENCES memory_facts(fact_id) ON DELETE CASCADE,
  line     TEXT NOT NULL,                -- the user's own words
  UNIQUE (scope_id, fact_id)
);

-- What came back: seen at least three times on two days. No share of certainty: the counts are shown.
CREATE TABLE learned_patterns (
  pattern_id       INTEGER PRIMARY KEY,
  scope_id         INTEGER NOT NULL REFERENCES memory_scopes(scope_id),
  pattern_type     TEXT NOT NULL CHECK (pattern_type IN ('fact','request','correction')),
  pattern_words    TEXT NOT NULL,        -- what makes two sayings the same: stems, or the number of the fact
  description      TEXT NOT NULL,        -- one of the sayings, word for word
  applies_language TEXT NOT NULL,        -- only for work in this language; '' for any
  examples         TEXT NOT NULL,        -- entries, the newest first, with blanks between; only shown
  times_observed   INTEGER NOT NULL,
  days_observed    INTEGER NOT NULL,
  last_ms          INTEGER NOT NULL,     -- when it was said last
  times_applied    INTEGER NOT NULL DEFAULT 0,  -- told to an agent; kept when the pattern is made anew
  UNIQUE (scope_id, pattern_type, pattern_words)
);
