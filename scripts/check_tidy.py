#!/usr/bin/env python3
"""clang-tidy-19 over our sources, warnings as errors (.clang-tidy).

  check_tidy.py BUILD_FOLDER              the sources in its compile_commands.json
  check_tidy.py BUILD_FOLDER --tests      the tests
  check_tidy.py BUILD_FOLDER --changed    both, where they differ from the main branch
  check_tidy.py BUILD_FOLDER --self-test  a planted fault must be found

Sources that can stand in one translation unit are looked at together (source_groups.py): a check walks all
headers of a unit, and that is most of the time. A unit that was clean is looked at again only when a source, a
header of it or a check has changed: the hash of its preprocessed text is kept in ~/.cache/mira-tidy
(XDG_CACHE_HOME; --fresh asks it nothing).
"""
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from source_groups import grouped
from source_text import TREE, read

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mira-tidy"
# The path analyzer spends minutes inside GoogleTest's macros: tests go without it.
TEST_CHECKS = "--checks=-clang-analyzer-*"
# Boost 1.74 looks for the coroutines of Clang where they were before C++20.
COROUTINES = ["-DBOOST_ASIO_HAS_CO_AWAIT=1", "-DBOOST_ASIO_HAS_STD_COROUTINE=1"]
PLANTED = """#include <string>
int f(std::string s) {
  std::string t = std::move(s);
  return s.empty() ? 1 : t.size() > 2;
}
"""


def stop(sentence):
    sys.exit(f"check_tidy: {sentence}")


def flags_of(entry):
    """The words of a compile command between the compiler and the file."""
    command = entry.get("arguments") or shlex.split(entry["command"])
    start = next(i for i, word in enumerate(command) if os.path.basename(word).split("-")[0] in ("c++", "g++", "clang++"))
    out, words = [], iter(command[start + 1 :])
    for word in words:
        if word == "-o":
            next(words)
        elif word != "-c" and not word.endswith((".cpp", ".cxx")):
            out.append(word)
    return out


def sources_of(entry):
    """What a compile command compiles: one source, or those that a joined unit includes."""
    file = Path(entry["file"])
    if file.suffix != ".cxx":
        return [file]
    return [Path(name) for name in re.findall(r'#include "([^"]+)"', file.read_text())]


def entries_of(build, mode):
    """Source to its compile command, of the sources to look at."""
    database = build / "compile_commands.json"
    if not database.is_file():
        stop(f"{build} has no compile_commands.json: configure it first")
    entries = {source: entry for entry in json.loads(database.read_text()) for source in sources_of(entry)}
    ours = tuple(f"{TREE}/{root}/" for root in ("src", "tests", "bench"))
    entries = {source: entry for source, entry in entries.items() if str(source).startswith(ours)}
    if mode == "--changed":
        command = ["git", "diff", "--name-only", "main"]
        changed = subprocess.run(command, cwd=TREE, capture_output=True, text=True, check=True).stdout.split()
        return {source: entry for source, entry in entries.items() if str(source.relative_to(TREE)) in changed}
    return {source: entry for source, entry in entries.items() if source.name.endswith("_test.cpp") == (mode == "--tests")}


class Unit:
    """Sources that are looked at as one file."""

    def __init__(self, sources, entry, file):
        self.file, self.flags, self.folder = file, flags_of(entry), entry["directory"]
        self.is_test = sources[0].name.endswith("_test.cpp")
        self.line_of = [None]  # line of the unit to (source, its line)
        text = ""
        for source in sources:
            lines = read(source).splitlines()
            self.line_of += [(source.relative_to(TREE), number) for number in range(1, len(lines) + 1)]
            text += "\n".join(lines) + "\n"
        file.write_text(text)

    def entry(self):
        arguments = ["clang++", *COROUTINES, *self.flags, "-c", str(self.file)]
        return {"directory": self.folder, "file": str(self.file), "arguments": arguments}

    def checks(self):
        return [TEST_CHECKS] if self.is_test else []

    def key(self, settings):
        """A hash of all that clang-tidy will see, comments (NOLINT) included; None when it does not preprocess."""
        command = ["g++", *self.flags, "-E", "-P", "-C", str(self.file)]
        done = subprocess.run(command, cwd=self.folder, capture_output=True)
        if done.returncode != 0:
            return None
        return hashlib.sha256(settings + " ".join(self.checks()).encode() + done.stdout).hexdigest()

    def placed(self, findings):
        """The findings with the places of the sources."""

        def place(match):
            source, line = self.line_of[min(int(match.group(1)), len(self.line_of) - 1)]
            return f"{source}:{line}:"

        return re.sub(rf"{re.escape(str(self.file))}:(\d+):", place, findings)

    def look(self, tidy, settings, fresh):
        """Findings; "" when it is clean."""
        key = self.key(settings)
        if key and not fresh and (CACHE / key).exists():
            return ""
        command = [tidy, "--quiet", "-p", str(self.file.parent), f"--config-file={TREE / '.clang-tidy'}", *self.checks()]
        done = subprocess.run([*command, str(self.file)], cwd=TREE, capture_output=True, text=True, errors="replace")
        if done.returncode != 0:
            return self.placed(done.stdout or done.stderr)
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
    found = 0
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        groups = grouped(list(entries))
        # Of programs in one folder the one with the most flags finds the headers of all.
        entry_of = [max((entries[source] for source in group), key=lambda entry: len(flags_of(entry))) for group in groups]
        units = [Unit(group, entry_of[i], Path(folder) / f"unit_{i}.cpp") for i, group in enumerate(groups)]
        (Path(folder) / "compile_commands.json").write_text(json.dumps([unit.entry() for unit in units]))
        print(f"check_tidy: {len(entries)} files in {len(units)} units", flush=True)
        for findings in pool.map(lambda unit: unit.look(tidy, settings, fresh), units):
            if findings:
                found += 1
                print(findings, flush=True)
    if found:
        stop(f"findings in {found} units")
    print("check_tidy: clean")


if __name__ == "__main__":
    main()
