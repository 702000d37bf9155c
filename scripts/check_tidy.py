#!/usr/bin/env python3
"""clang-tidy-19 over our sources, warnings as errors (.clang-tidy).

  check_tidy.py BUILD_FOLDER              the sources in its compile_commands.json
  check_tidy.py BUILD_FOLDER --tests      the tests
  check_tidy.py BUILD_FOLDER --changed    both, where they differ from the main branch
  check_tidy.py BUILD_FOLDER --self-test  a planted fault must be found

A source that was clean is looked at again only when it, a header of it or a check has changed: the hash
of its preprocessed text is kept in ~/.cache/mira-tidy (XDG_CACHE_HOME; --fresh asks it nothing).
"""
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from source_text import TREE

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mira-tidy"
# The path analyzer spends minutes inside GoogleTest's macros: tests go without it.
TEST_CHECKS = "--checks=-clang-analyzer-*"
PLANTED = """#include <string>
int f(std::string s) {
  std::string t = std::move(s);
  return s.empty() ? 1 : t.size() > 2;
}
"""


def stop(sentence):
    sys.exit(f"check_tidy: {sentence}")


def entries_of(build, mode):
    """The compile commands to look at, by file relative to the tree."""
    database = build / "compile_commands.json"
    if not database.is_file():
        stop(f"{build} has no compile_commands.json: configure it first")
    entries = {os.path.relpath(entry["file"], TREE): entry for entry in json.loads(database.read_text())}
    entries = {file: entry for file, entry in entries.items() if file.startswith(("src/", "tests/", "bench/"))}
    if mode == "--changed":
        command = ["git", "diff", "--name-only", "main"]
        changed = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=True).stdout.split()
        return {file: entry for file, entry in entries.items() if file in changed}
    wanted = mode == "--tests"
    return {file: entry for file, entry in entries.items() if file.endswith("_test.cpp") == wanted}


def arguments_for(file):
    return [TEST_CHECKS] if file.endswith("_test.cpp") else []


def key_of(file, entry, settings):
    """A hash of all that clang-tidy will see, comments (NOLINT) included; None when it does not preprocess."""
    command = entry.get("arguments") or shlex.split(entry["command"])
    start = next(i for i, word in enumerate(command) if os.path.basename(word).split("-")[0] in ("c++", "g++", "clang++"))
    command = [word for word in command[start:] if word != "-c"]
    if "-o" in command:
        del command[command.index("-o") : command.index("-o") + 2]
    done = subprocess.run(command + ["-E", "-P", "-C"], cwd=entry["directory"], capture_output=True)
    if done.returncode != 0:
        return None
    return hashlib.sha256(settings + " ".join(arguments_for(file)).encode() + done.stdout).hexdigest()


def look_at(tidy, build, file, entry, settings, fresh):
    """Findings of one file; "" when it is clean."""
    key = key_of(file, entry, settings)
    if key and not fresh and (CACHE / key).exists():
        return ""
    command = [tidy, "--quiet", "-p", str(build), "--extra-arg=-Wno-unknown-warning-option", *arguments_for(file)]
    done = subprocess.run(command + [file], cwd=TREE, capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        return done.stdout or done.stderr
    if key:
        (CACHE / key).touch()
    return ""


def self_test(tidy):
    with tempfile.TemporaryDirectory() as folder:
        planted = Path(folder) / "a.cpp"
        planted.write_text(PLANTED)
        command = [tidy, "--quiet", f"--config-file={TREE / '.clang-tidy'}", str(planted), "--", "-std=c++23"]
        if subprocess.run(command, capture_output=True).returncode == 0:
            stop("self-test failed: a use after a move was let through")
    print("check_tidy: self-test passed")


def main():
    words = [word for word in sys.argv[1:] if word != "--fresh"]
    if not words:
        stop("name the build folder, such as build/dev")
    build, mode, fresh = Path(words[0]).resolve(), (words + ["--sources"])[1], "--fresh" in sys.argv
    tidy = shutil.which("clang-tidy-19") or stop("clang-tidy-19 is not installed: run ./bootstrap --test")
    if mode == "--self-test":
        return self_test(tidy)
    entries = entries_of(build, mode)
    CACHE.mkdir(parents=True, exist_ok=True)
    version = subprocess.run([tidy, "--version"], capture_output=True).stdout
    settings = version + (TREE / ".clang-tidy").read_bytes()
    print(f"check_tidy: {len(entries)} files", flush=True)
    found = 0
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        tasks = [pool.submit(look_at, tidy, build, *item, settings, fresh) for item in sorted(entries.items())]
        for findings in (task.result() for task in tasks):
            if findings:
                found += 1
                print(findings, flush=True)
    if found:
        stop(f"findings in {found} files")
    print("check_tidy: clean")


if __name__ == "__main__":
    main()
