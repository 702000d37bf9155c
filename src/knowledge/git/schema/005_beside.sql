-- What stands beside a change is told by distance now: lines are replayed once more.
DELETE FROM git_line_losses;
DELETE FROM git_ownership_state;
