-- What a model said a symbol is for. Paid for, so it is kept where nothing is lost; the key is what was asked, so
-- a row never speaks of another text.
CREATE TABLE symbol_purposes (
  asked     TEXT PRIMARY KEY,         -- hash of the version of the rules and the text that was sent
  purpose   TEXT NOT NULL,            -- one line
  certainty TEXT NOT NULL,            -- in the model's own word: high, medium, low
  model     TEXT NOT NULL,
  tokens    INTEGER NOT NULL,         -- what asking again would take
  cost_nano INTEGER,                  -- NULL: the model has no price
  made_ms   INTEGER NOT NULL,
  used_ms   INTEGER NOT NULL          -- when a run last met this symbol
) WITHOUT ROWID;
