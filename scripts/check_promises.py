#!/usr/bin/env python3
"""Every test that docs/promises.md names exists; its rows are numbered in order and no promise stands twice.

  check_promises.py              the check
  check_promises.py --self-test  a name that no test has, a wrong number and a second row must be found
"""
import re
import sys

from source_text import TREE, files_under

NAMED = re.compile(r"`([A-Z]\w+\.[A-Z]\w+)`")
DEFINED = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", re.MULTILINE)


def unknown_in(page, tests):
    """Names of the page that no test has, in its order."""
    return [name for name in NAMED.findall(page) if name not in tests]


ROW = re.compile(r"^\| (\d+) \| (.*?) \| ", re.MULTILINE)


def misplaced_in(page):
    """What is wrong with the rows: numbers out of order, promises that stand twice."""
    faults, told = [], set()
    for place, (number, promise) in enumerate(ROW.findall(page), 1):
        if int(number) != place:
            faults.append(f"row {place} has the number {number}")
        if promise in told:
            faults.append(f"row {place} is there already: {promise[:60]}")
        told.add(promise)
    return faults


def main():
    tests = set()
    for folder in ("src", "tests"):
        for file in files_under(TREE / folder, "_test.cpp"):
            tests |= {f"{suite}.{name}" for suite, name in DEFINED.findall(file.read_text())}
    if "--self-test" in sys.argv:
        known = sorted(tests)[0]
        if unknown_in(f"| 1 | x | `{known}`, `Nobody.WroteThis` |", tests) != ["Nobody.WroteThis"]:
            sys.exit("check_promises: self-test failed: a name that no test has was let through")
        if len(misplaced_in("| 1 | a | x |\n| 3 | b | x |\n| 3 | a | x |")) != 2:
            sys.exit("check_promises: self-test failed: a wrong number or a second row was let through")
        print("check_promises: self-test passed")
        return
    page = (TREE / "docs" / "promises.md").read_text()
    if misplaced := misplaced_in(page):
        sys.exit("check_promises: docs/promises.md:\n  " + "\n  ".join(misplaced))
    unknown = unknown_in(page, tests)
    if unknown:
        sys.exit("check_promises: docs/promises.md names tests that do not exist:\n  " + "\n  ".join(unknown))
    print("check_promises: clean")


if __name__ == "__main__":
    main()
