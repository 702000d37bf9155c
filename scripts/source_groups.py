#!/usr/bin/env python3
"""Sources that can be compiled together as one: most of a file's compile time is its headers.

  source_groups.py --cmake OUT   writes, for every source below src/ and tests/, its group for CMake
  source_groups.py --self-test

Files of one folder share a namespace, so two of them can stand in one translation unit unless they give the
same name to different things: in unnamed namespaces, in macros and using declarations, as a test, or as
something that a header of the folder declares. Files that clash are put in different groups.
"""
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from source_text import TREE, code_only, expect, files_under, read

LINES_OF_A_GROUP = 3200
UNNAMED_OPENS = re.compile(r"namespace \{")
UNNAMED_CLOSES = re.compile(r"\} {2}// namespace$")
TYPE = re.compile(r"(?:template <[^>]*>\s*)?(?:struct|class|enum(?: class)?|union|concept)\s+(\w+)|using\s+(\w+)\s*=")
DRAWN_IN = re.compile(r"using\s+(?!namespace)(?P<what>[\w:]*::(?P<name>\w+))\s*;")
MACRO = re.compile(r"#\s*define\s+(\w+)")
INCLUDE = re.compile(r'#\s*include\s+"([^"]+)"')
TEST = re.compile(r"TEST(?:_F|_P)?\((\w+),\s*(\w+)\)|INSTANTIATE_TEST_SUITE_P\((\w+),\s*(\w+)")
FURTHER = re.compile(r",\s*(\w+)\s*(?:\[[^\]]*\]\s*)*[={]")  # constexpr int a = 1, b = 2, c[] = {3}, d{4};
DECLARED = re.compile(r"(?<![:\w])(\w+)\s*(?:\[[^\]]*\]\s*)*$")


def names_in(line):
    """What a line that starts at the margin gives names to."""
    kind = TYPE.match(line)
    if kind:
        return {kind.group(1) or kind.group(2)}
    match = DECLARED.search(re.split(r"[(={;]", line, maxsplit=1)[0].strip())
    names = {match.group(1)} if match else set()
    return names | set(FURTHER.findall(line)) if line.startswith(("constexpr", "const ", "inline")) else names


def at_margin(line):
    return line[:1] not in ("", " ", "\t", "#", "/", "}", "{", ")") and not line.startswith(("namespace {", "extern"))


def names_of(text):
    """({name that a source gives for itself: what it stands for, where that is known}, must it stand alone)."""
    own, unnamed, alone = {}, False, False
    for raw, line in zip(text.splitlines(), code_only(text).splitlines()):
        if UNNAMED_OPENS.match(line):
            unnamed = True
        elif UNNAMED_CLOSES.match(raw):
            unnamed = False
        elif line.startswith(("using namespace", "#undef")):
            alone = True
        elif drawn := DRAWN_IN.match(line):
            own[drawn["name"]] = drawn["what"]
        elif named := MACRO.match(line):
            own[named.group(1)] = None
        elif test := TEST.match(line):
            own["_".join(filter(None, test.groups()))] = None
        elif at_margin(line) and (unnamed or line.startswith("static")):
            own |= dict.fromkeys(names_in(line))
    return own, alone


@cache
def declared_in(header):
    """Names that a header of a folder, and those of the same folder that it includes, give at the margin."""
    text = read(header)
    names = set().union(*(names_in(line) for line in code_only(text).splitlines() if at_margin(line)))
    return names.union(*(declared_in(other) for other in beside(header, text) if other != header))


def beside(file, text):
    """Headers of the file's own folder that it includes."""
    return [file.parent / Path(name).name for name in INCLUDE.findall(text) if (file.parent / Path(name).name).is_file()]


def can_join(group, own, seen):
    same = all(group.own[name] == what is not None for name, what in own.items() if name in group.own)
    return same and not own.keys() & group.seen and not group.own.keys() & seen


@dataclass
class Group:
    own: dict
    seen: set
    lines: int
    files: list
    alone: bool


def groups_of(files, limit=LINES_OF_A_GROUP):
    """The files, all of one folder and compiled alike, in groups that can be one translation unit each."""
    groups = []
    for file in sorted(files):
        text = read(file)
        own, alone = names_of(text)
        seen = set().union(*(declared_in(header) for header in beside(file, text)))
        lines = text.count("\n")
        for group in groups:
            if not alone and not group.alone and group.lines + lines <= limit and can_join(group, own, seen):
                group.own |= own
                group.seen |= seen
                group.lines += lines
                group.files.append(file)
                break
        else:
            groups.append(Group(own, seen, lines, [file], alone))
    return [group.files for group in groups]


def grouped(files):
    """Files of any folders, in groups: those of one folder, its tests apart."""
    folders = defaultdict(list)
    for file in files:
        folders[file.parent, file.name.endswith("_test.cpp")].append(file)
    return [group for _, members in sorted(folders.items()) for group in groups_of(members)]


def write_for_cmake(out):
    files = [file for root in ("src", "tests") for file in files_under(TREE / root, ".cpp")]
    together = [group for group in grouped(files) if len(group) > 1]
    lines = [
        f'set("MIRA_GROUP_{file.relative_to(TREE)}" {number})' for number, group in enumerate(together) for file in group
    ]
    text = "\n".join(lines) + "\n"
    target = Path(out)
    if not target.exists() or target.read_text() != text:
        target.write_text(text)


def self_test():
    own, alone = names_of('namespace a {\nnamespace {\nstruct Row {\n};\nint text_of(Row r) {\n}\n}  // namespace\nint shown() {\n}\n')
    expect(set(own) == {"Row", "text_of"} and not alone, "names in an unnamed namespace, and only those")
    own, alone = names_of("namespace {\nconstexpr int a[] = {1}, b = 2, c[] = {3}, d{4};\n}  // namespace\n")
    expect(set(own) == {"a", "b", "c", "d"}, "each name of one declaration")
    own, alone = names_of("#define X 1\nTEST(A, B) {\n}\nusing std::string;\n")
    expect(set(own) == {"X", "A_B", "string"} and not alone, "macros, tests and using declarations")
    expect(names_of("using namespace std;\n")[1], "a using directive would reach the next file")
    print("source_groups: self-test passed")


if __name__ == "__main__":
    if sys.argv[1:] == ["--self-test"]:
        self_test()
    elif len(sys.argv) == 3 and sys.argv[1] == "--cmake":
        write_for_cmake(sys.argv[2])
    else:
        sys.exit(__doc__)
