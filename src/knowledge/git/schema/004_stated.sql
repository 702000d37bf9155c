-- How often what co-change stated came true here, by windows of two hundred commits of
-- several files: what its confidence is corrected by.
CREATE TABLE git_stated (
  window    INTEGER NOT NULL,               -- its place among the windows of the history
  asked     INTEGER NOT NULL,               -- 0: about one file, 1: about several
  bin       INTEGER NOT NULL,               -- of the stated confidence, of equal width in log odds
  chain     INTEGER NOT NULL,               -- hash of all commits up to the window's end
  weight    REAL NOT NULL,                  -- answers
  stated    REAL NOT NULL,                  -- sum of what they stated
  came_true REAL NOT NULL,                  -- those that came true
  PRIMARY KEY (window, asked, bin)
) WITHOUT ROWID;

-- What was measured before was measured on confidence that was not corrected.
DELETE FROM git_speak_up;
