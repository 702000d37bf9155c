-- What rules read from each message: how it was meant and what it is about. Written with the
-- message and gone with it; made by rules alone, so it can be made again.
CREATE TABLE message_analysis (
  entry_id       INTEGER PRIMARY KEY REFERENCES memory_entries(entry_id) ON DELETE CASCADE,
  intent         TEXT NOT NULL CHECK (intent IN ('question','request','report','decision','preference','correction',
                                                 'fact','acknowledgement','plan','other')),
  mood           TEXT NOT NULL CHECK (mood IN ('neutral','satisfied','frustrated','confused','urgent')),
  salience       REAL NOT NULL CHECK (salience BETWEEN 0 AND 1),
  topics         TEXT NOT NULL,              -- one a line, at most 8; only shown
  contains_error INTEGER NOT NULL,
  error_type     TEXT NOT NULL DEFAULT '',   -- the tool and its code: 'gcc', 'rustc E0308'
  error_severity TEXT NOT NULL DEFAULT '',
  error_file     TEXT NOT NULL DEFAULT '',
  error_line     INTEGER NOT NULL DEFAULT 0,
  language       TEXT NOT NULL,              -- it is written in: 'en'; '' when in doubt
  code_language  TEXT NOT NULL,              -- it holds or names: 'python'; '' when none
  request_words  TEXT NOT NULL DEFAULT '',   -- of a request or correction: what makes two of them the same
  source         TEXT NOT NULL CHECK (source IN ('rule')),
  rule_version   INTEGER NOT NULL
);
CREATE INDEX message_analysis_intent ON message_analysis(intent, entry_id);
CREATE INDEX message_analysis_requests ON message_analysis(request_words, entry_id) WHERE request_words <> '';
CREATE INDEX message_analysis_errors ON message_analysis(entry_id) WHERE contains_error = 1;
