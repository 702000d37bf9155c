"""What the gates share: the files of the tree, and C++ text without comments and strings."""
import os
import re
import sys
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
NOT_OURS = {".git", "build", "vendor", "node_modules", "__pycache__"}


def files_under(root, *suffixes):
    """Paths of our own files below root with one of the suffixes (all files without any), sorted."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS)
        found += [
            Path(folder) / name
            for name in names
            if name not in NOT_OURS and (not suffixes or name.endswith(suffixes))
        ]
    return sorted(found)


# In order: raw string, line comment, block comment, string, character.
TOKEN = re.compile(
    r'R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"'
    r"|//(?:[^\n\\]|\\.|\\\n)*"
    r"|/\*.*?\*/"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'",
    re.DOTALL,
)


def code_only(text, comments=False):
    """The text with the insides of strings, and comments unless wanted, blanked; lines and columns stay."""

    def blank(match):
        token = match.group(0)
        if token.startswith("/"):
            return token if comments else re.sub(r"[^\n]", " ", token)
        start = token.index('"') + 1 if '"' in token[:2] else 1
        return token[:start] + re.sub(r"[^\n]", " ", token[start:-1]) + token[-1]

    return TOKEN.sub(blank, text)


def read(path):
    return path.read_text(encoding="utf-8", errors="replace")


def report(gate, faults):
    """Prints the faults and ends the program: 1 when there are any."""
    for fault in faults:
        print(fault)
    print(f"{gate}: {len(faults)} faults" if faults else f"{gate}: clean")
    sys.exit(1 if faults else 0)


def expect(condition, what):
    """One line of a gate's self-test."""
    if not condition:
        print(f"self-test failed: {what}")
        sys.exit(1)
