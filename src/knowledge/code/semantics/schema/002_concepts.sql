-- What the code is about, in its own words, and which files belong together.

CREATE TABLE concepts (
  concept_id INTEGER PRIMARY KEY,
  stem       TEXT NOT NULL UNIQUE,            -- what all forms of the word have in common
  name       TEXT NOT NULL,                   -- the form the project writes most often
  elements   INTEGER NOT NULL,                -- that are about it
  files      INTEGER NOT NULL
);
CREATE TABLE concept_index (
  concept_id INTEGER NOT NULL REFERENCES concepts(concept_id) ON DELETE CASCADE,
  element_id INTEGER NOT NULL,                -- of code_elements; a row of a gone element is told by nobody
  strength   INTEGER NOT NULL,                -- per mille: its share of what the element is about
  fields     INTEGER NOT NULL,                -- where the word was read, see concepts.h
  PRIMARY KEY (concept_id, element_id)
) WITHOUT ROWID;

CREATE TABLE domain_clusters (
  cluster_id INTEGER PRIMARY KEY,             -- kept while most members stay
  name       TEXT NOT NULL,
  words      TEXT NOT NULL,                   -- separated by blanks, the most telling first
  calls      INTEGER NOT NULL,                -- between its members
  imports    INTEGER NOT NULL,
  cohesion   INTEGER NOT NULL                 -- per mille: ties inside, of all ties of its members
);
CREATE TABLE domain_cluster_members (
  path       TEXT PRIMARY KEY,
  cluster_id INTEGER NOT NULL REFERENCES domain_clusters(cluster_id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX domain_cluster_members_cluster ON domain_cluster_members(cluster_id);
