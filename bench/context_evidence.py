#!/usr/bin/env python3
"""Does the answer show the lines that the work then changed? Scored on a repository's own commits.

usage: context_evidence.py --repo CLONE [--mira PROGRAM] [--commits 40] [--skip 0] [--budget 2000] [--show]

Each commit is a task that somebody gave in words (its subject) and an answer that is known (the lines it changed): the
clone is put to the parent, so nothing of the answer is in the history, and `mira context SUBJECT` is asked. Counted,
as the mean over commits: the share of the changed files that any piece cites; the share of the changed places (hunks)
whose line stands in the text of a piece; the same for the first five pieces; tokens used. Taken are the newest commits
with one parent, one to four changed code files that exist before, at most eight hunks, and a subject of four words or
more. --skip leaves out the newest ones: choose on the older, report on the newer.
"""
import argparse
import json
import os
import re
import subprocess
import tempfile

CODE = re.compile(r"\.(c|h|cc|cpp|cxx|hpp|py|js|jsx|mjs|ts|tsx|go|java|rs|cs|rb|php|kt)$")
TESTS = re.compile(r"(^|/)(tests?|testing|spec|__tests__)(/|$)|(_test|_spec|\.test|\.spec)\.\w+$|(^|/)test_")
HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? ")


def git(repo, *words):
    command = ["git", "-C", repo, "-c", "core.quotePath=false", "-c", "advice.detachedHead=false", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, errors="replace").stdout


def changed_places(repo, commit):
    """[(path, first old line, text of the line there)] of the code files, tests left out; None when it is no fit task."""
    places, path = [], None
    for line in git(repo, "diff", "-U0", "--no-renames", "--diff-filter=AMD", f"{commit}^", commit).split("\n"):
        if line.startswith("--- "):
            path = line[6:] if line.startswith("--- a/") else None
        elif (hunk := HUNK.match(line)) and path and CODE.search(path) and not TESTS.search(path):
            places.append((path, max(1, int(hunk[1]))))
    if not 1 <= len({path for path, _ in places}) <= 4 or len(places) > 8:
        return None
    texts = {path: git(repo, "show", f"{commit}^:{path}").split("\n") for path, _ in places}
    out = []
    for path, line in places:
        while line > 1 and not texts[path][line - 1].strip():
            line -= 1  # an insertion behind an empty line: the line before it
        out.append((path, line, texts[path][line - 1].rstrip("\r")))
    return out


def tasks(repo, count, skip):
    found = []
    for row in git(repo, "log", "--no-merges", "--format=%H%x00%s", "-n", str(40 * (count + skip))).splitlines():
        commit, subject = row.split("\0", 1)
        subject = re.sub(r"\s*\(#\d+\)$", "", subject)
        if len(subject.split()) < 4 or not git(repo, "log", "-1", "--format=%P", commit).strip():
            continue
        places = changed_places(repo, commit)
        if places:
            found.append((commit, subject, places))
        if len(found) == count + skip:
            break
    return found[skip:]


def shows(block, path, line, text):
    inside = block["path"] == path and block["start_line"] <= line <= block["end_line"]
    return inside and text.strip() in block["text"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repo", required=True, help="a clone that may be checked out elsewhere")
    parser.add_argument("--mira", default="build/release/mira")
    parser.add_argument("--commits", type=int, default=40)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--budget", type=int, default=2000)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.mira)
    head = git(arguments.repo, "rev-parse", "HEAD").strip()
    sums = dict(files=0.0, places=0.0, first_five=0.0, tokens=0)
    asked = tasks(arguments.repo, arguments.commits, arguments.skip)
    with tempfile.TemporaryDirectory() as home:
        for commit, subject, places in reversed(asked):
            git(arguments.repo, "checkout", "-q", "--force", f"{commit}^")
            run = [program, "context", subject, "--project", arguments.repo, "--budget", str(arguments.budget), "--json"]
            reply = subprocess.run(run, env={**os.environ, "MIRA_HOME": home}, capture_output=True, text=True, check=True)
            pack = json.loads(reply.stdout)["data"]
            blocks = pack["pieces"]
            files = {path for path, _, _ in places}
            cited = {block["path"] for block in blocks}
            seen = [any(shows(block, *place) for block in blocks) for place in places]
            early = [any(shows(block, *place) for block in blocks[:5]) for place in places]
            sums["files"] += len(files & cited) / len(files)
            sums["places"] += sum(seen) / len(seen)
            sums["first_five"] += sum(early) / len(early)
            sums["tokens"] += pack["tokens"]["used"]
            if arguments.show:
                print(f"{commit[:12]} files {len(files & cited)}/{len(files)} places {sum(seen)}/{len(seen)} {subject[:80]}")
    git(arguments.repo, "checkout", "-q", "--force", head)
    count = len(asked)
    print(f"{count} commits, budget {arguments.budget}: files cited {sums['files'] / count:.3f}, changed places shown "
          f"{sums['places'] / count:.3f} (in the first five pieces {sums['first_five'] / count:.3f}), "
          f"mean tokens {sums['tokens'] / count:.0f}")


if __name__ == "__main__":
    main()
