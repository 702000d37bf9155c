"""What the packaging tests share: expectations that are counted, and running programs."""
import subprocess
import sys


class Checks:
    def __init__(self):
        self.faults = []

    def that(self, holds, what):
        print(("ok   " if holds else "FAIL ") + what)
        if not holds:
            self.faults.append(what)
        return holds

    def end(self):
        if self.faults:
            sys.exit(f"{len(self.faults)} of the checks failed")


def run(argv, **more):
    more.setdefault("timeout", 900)
    return subprocess.run([str(a) for a in argv], capture_output=True, text=True, **more)


def skip(why):
    print("skipped: " + why)
    sys.exit(77)
