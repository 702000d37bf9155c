-- When a model ends, as its host lists it. A model that the host lists without an end has none.
CREATE TABLE model_ends (
  host          TEXT NOT NULL,
  model         TEXT NOT NULL,
  shutdown_date TEXT NOT NULL,                -- YYYY-MM-DD
  checked_ms    INTEGER NOT NULL,
  PRIMARY KEY (host, model)
) WITHOUT ROWID;
