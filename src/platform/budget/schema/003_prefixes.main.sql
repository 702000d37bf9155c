-- How requests begin, by the version that they name: one beginning a version, or what hosts
-- keep of it is lost and paid for anew. Rows go a month after their last request.
CREATE TABLE prompt_prefixes (
  project_id     TEXT NOT NULL,
  prompt_version TEXT NOT NULL,
  prefix_hash    TEXT NOT NULL,               -- of the rules, the tools and the form of the answer
  first_ms       INTEGER NOT NULL,
  last_ms        INTEGER NOT NULL,
  requests       INTEGER NOT NULL,
  input_tokens   INTEGER NOT NULL,
  cached_tokens  INTEGER NOT NULL,            -- of them, by the host's cache
  PRIMARY KEY (project_id, prompt_version, prefix_hash)
) WITHOUT ROWID;
