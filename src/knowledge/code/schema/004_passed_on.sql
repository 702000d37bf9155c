-- Names of other packages that a file passes on as its own (`pub use`, `export { a } from`): where such a name
-- is what is looked for, it has no other place in the project.

CREATE TABLE passed_on (
  name    TEXT NOT NULL,
  file_id INTEGER NOT NULL REFERENCES repository_files(file_id) ON DELETE CASCADE,
  line    INTEGER NOT NULL,
  PRIMARY KEY (name, file_id, line)
) WITHOUT ROWID;
CREATE INDEX passed_on_file ON passed_on(file_id);
