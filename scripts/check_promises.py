#!/usr/bin/env python3
"""Every test that docs/promises.md names exists.

  check_promises.py              the check
  check_promises.py --self-test  a name that no test has must be found
"""
import re
import sys

from source_text import TREE, files_under

NAMED = re.compile(r"`([A-Z]\w+\.[A-Z]\w+)`")
DEFINED = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\s*\)", re.MULTILINE)


def unknown_in(page, tests):
    """Names of the page that no test has, in its order."""
    return [name for name in NAMED.findall(page) if name not in tests]


def main():
    tests = set()
    for folder in ("src", "tests"):
        for file in files_under(TREE / folder, "_test.cpp"):
            tests |= {f"{suite}.{name}" for suite, name in DEFINED.findall(file.read_text())}
    if "--self-test" in sys.argv:
        known = sorted(tests)[0]
        if unknown_in(f"| 1 | x | `{known}`, `Nobody.WroteThis` |", tests) != ["Nobody.WroteThis"]:
            sys.exit("check_promises: self-test failed: a name that no test has was let through")
        print("check_promises: self-test passed")
        return
    unknown = unknown_in((TREE / "docs" / "promises.md").read_text(), tests)
    if unknown:
        sys.exit("check_promises: docs/promises.md names tests that do not exist:\n  " + "\n  ".join(unknown))
    print("check_promises: clean")


if __name__ == "__main__":
    main()
