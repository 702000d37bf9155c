-- Who uses Mira here, and which folders it knows.

CREATE TABLE users (
  user_id    INTEGER PRIMARY KEY,
  username   TEXT NOT NULL UNIQUE,
  created_ms INTEGER NOT NULL
);

CREATE TABLE projects (
  project_id       TEXT PRIMARY KEY,          -- 16 hex digits of the root path's hash
  user_id          INTEGER NOT NULL REFERENCES users(user_id),
  name             TEXT NOT NULL,             -- last part of the root path
  root_path        BLOB NOT NULL UNIQUE,      -- bytes as on disk
  created_ms       INTEGER NOT NULL,
  last_accessed_ms INTEGER NOT NULL           -- to the hour: not every question is worth a durable write
);
