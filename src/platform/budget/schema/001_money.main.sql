-- What was asked of models and what it cost. Amounts are nano-dollars, rates are
-- pico-dollars a token, times are Unix milliseconds.

CREATE TABLE budget_tracking (
  request_id       INTEGER PRIMARY KEY,
  call_id          TEXT NOT NULL,             -- of one call; a paid retry is a row of its own under it
  project_id       TEXT NOT NULL,             -- "" outside a project
  operation        TEXT NOT NULL,
  purpose          TEXT NOT NULL CHECK (purpose IN ('chat','context','analysis','summary','embedding','tool','probe')),
  background       INTEGER NOT NULL CHECK (background IN (0, 1)),
  host             TEXT NOT NULL,
  model            TEXT NOT NULL,
  effort           TEXT NOT NULL,
  tier             TEXT NOT NULL,
  state            TEXT NOT NULL CHECK (state IN ('reserved','settled','failed','unknown')),
  from_cache       INTEGER NOT NULL DEFAULT 0 CHECK (from_cache IN (0, 1)),
  estimated        INTEGER NOT NULL DEFAULT 0 CHECK (estimated IN (0, 1)),
  fresh_tokens     INTEGER NOT NULL DEFAULT 0,
  cached_tokens    INTEGER NOT NULL DEFAULT 0,
  written_tokens   INTEGER NOT NULL DEFAULT 0,
  output_tokens    INTEGER NOT NULL DEFAULT 0,
  reasoning_tokens INTEGER NOT NULL DEFAULT 0,
  reserved_nano    INTEGER NOT NULL CHECK (reserved_nano >= 0),  -- the worst case, as it was before the call
  cost_nano        INTEGER CHECK (cost_nano >= 0),               -- NULL: no price is known
  avoided_nano     INTEGER NOT NULL DEFAULT 0,
  counted_nano     INTEGER NOT NULL CHECK (counted_nano >= 0),   -- against the caps: reserved, then cost
  input_pico       INTEGER,                   -- the rates used; NULL: none is known
  cached_pico      INTEGER,
  cache_write_pico INTEGER,
  output_pico      INTEGER,
  started_ms       INTEGER NOT NULL,
  deadline_ms      INTEGER NOT NULL,
  settled_ms       INTEGER,
  provider_request TEXT NOT NULL DEFAULT ''
);
CREATE INDEX budget_tracking_by_time ON budget_tracking (started_ms, counted_nano);
CREATE INDEX budget_tracking_open ON budget_tracking (deadline_ms) WHERE state = 'reserved';

-- A row without an amount takes a default away.
CREATE TABLE budget_caps (
  scope     TEXT NOT NULL CHECK (scope IN ('request','operation','day','month','project')),
  subject   TEXT NOT NULL,                    -- project id or operation; "" for the others
  cap_nano  INTEGER CHECK (cap_nano >= 0),
  set_ms    INTEGER NOT NULL,
  PRIMARY KEY (scope, subject)
) WITHOUT ROWID;

-- The windows that run now, so that a change of zone cannot free money.
CREATE TABLE budget_windows (
  span     TEXT PRIMARY KEY CHECK (span IN ('day','month')),
  zone     TEXT NOT NULL,
  start_ms INTEGER NOT NULL,
  end_ms   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE llm_cache (
  request_hash   TEXT PRIMARY KEY,            -- SHA-256 of the canonical request; the request itself is not kept
  host           TEXT NOT NULL,
  model          TEXT NOT NULL,
  effort         TEXT NOT NULL,
  answer         TEXT NOT NULL,
  fresh_tokens   INTEGER NOT NULL,
  cached_tokens  INTEGER NOT NULL,
  written_tokens INTEGER NOT NULL,
  output_tokens  INTEGER NOT NULL,
  cost_nano      INTEGER,
  created_ms     INTEGER NOT NULL,
  expires_ms     INTEGER NOT NULL,
  last_hit_ms    INTEGER NOT NULL,
  hits           INTEGER NOT NULL,
  bytes          INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX llm_cache_by_use ON llm_cache (last_hit_ms, bytes);

-- What was found out about a host by asking it.
CREATE TABLE model_hosts (
  host       TEXT PRIMARY KEY,
  protocol   TEXT NOT NULL CHECK (protocol IN ('responses','chat')),
  checked_ms INTEGER NOT NULL
) WITHOUT ROWID;
