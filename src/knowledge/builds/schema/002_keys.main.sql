-- Keys apart from errors, so that a better way of making them adds keys and never
-- regroups what is stored; what one conversation was told; and how rows are read.

CREATE TABLE build_error_keys (
  error_id      INTEGER NOT NULL REFERENCES build_errors(error_id),
  algorithm     INTEGER NOT NULL,
  project_id    TEXT NOT NULL,
  instance_hash TEXT NOT NULL,
  error_hash    TEXT NOT NULL,
  class_hash    TEXT NOT NULL,
  PRIMARY KEY (error_id, algorithm)
) WITHOUT ROWID;
CREATE INDEX build_error_keys_by_instance ON build_error_keys(project_id, algorithm, instance_hash);
CREATE INDEX build_error_keys_by_identity ON build_error_keys(project_id, algorithm, error_hash);
CREATE INDEX build_error_keys_by_class ON build_error_keys(project_id, algorithm, class_hash);
INSERT INTO build_error_keys(error_id, algorithm, project_id, instance_hash, error_hash, class_hash)
  SELECT error_id, algorithm, project_id, instance_hash, error_hash, class_hash FROM build_errors;

-- In which conversation a cure was told; '' when nobody said. Once a conversation.
ALTER TABLE build_context_injections ADD COLUMN conversation TEXT NOT NULL DEFAULT '';
CREATE INDEX build_context_injections_by_error ON build_context_injections(error_id, conversation);

-- The one list of columns of a run, and of an error with the keys of each algorithm.
CREATE VIEW build_run_view AS
  SELECT run_id, exit_code, started_ms, duration_ms, errors, warnings, tests_failed, command, folder, state,
         build_key, log_file, tree_hash, head_commit, trigger, reasons, mismatches, project_id
  FROM build_runs;

CREATE VIEW build_error_view AS
  SELECT e.error_id, e.first_seen_ms, e.last_seen_ms, e.first_run, e.last_run, e.occurrences, e.resolved_run,
         k.error_hash, k.class_hash, e.details, r.command,
         (SELECT count(*) FROM build_run_errors x
            JOIN build_runs red ON red.run_id = x.run_id
            JOIN build_runs green ON green.project_id = red.project_id AND green.build_key = red.build_key
              AND green.tree_hash = red.tree_hash AND green.state = 'passed'
          WHERE x.error_id = e.error_id AND red.tree_hash <> '') AS same_tree_green,
         e.project_id, e.severity, e.code, e.message, e.file, e.line, e.test, k.algorithm, k.instance_hash
  FROM build_errors e
    JOIN build_error_keys k ON k.error_id = e.error_id
    JOIN build_runs r ON r.run_id = e.last_run;
