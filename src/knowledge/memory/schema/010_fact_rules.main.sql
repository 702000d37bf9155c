-- How far the messages of before were read by these rules of facts: when the rules change, all are read
-- again, some at each write.
CREATE TABLE memory_fact_reading (
  rule_version INTEGER PRIMARY KEY,
  last_entry   INTEGER NOT NULL,   -- read up to this one
  until_entry  INTEGER NOT NULL    -- the newest when the rules came; later ones were read as they came
);
