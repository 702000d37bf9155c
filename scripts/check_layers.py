#!/usr/bin/env python3
"""Holds every #include under src/ against scripts/layers.txt.

  check_layers.py              the check: lines, includes, no circle
  check_layers.py --picture    writes the picture of the layers into docs/architecture.md
  check_layers.py --check      the check, and that the picture is the current one
  check_layers.py --self-test  plants violations in a small tree and expects each to be found
"""
import re
import sys
import tempfile
from pathlib import Path

from source_text import TREE, expect, files_under, read, report

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
BEGIN, END = "<!-- picture: scripts/check_layers.py --picture -->", "<!-- end of picture -->"


def read_layers(path):
    """{folder: [folders it may include]} in the order of the file."""
    layers = {}
    for line in read(path).splitlines():
        line = line.split("#", 1)[0].strip()
        if line:
            folder, _, allowed = line.partition(":")
            layers[folder.strip()] = allowed.split()
    return layers


def folder_of(layers, path):
    """The layer a path below src/ lies in: the longest listed folder above it, or None."""
    parts = path.split("/")[:-1]
    while parts and "/".join(parts) not in layers:
        parts.pop()
    return "/".join(parts) or None


def circle(layers):
    """One circle among the layers as a list of folders, or None."""
    state = {}

    def visit(folder, path):
        if state.get(folder) == "done":
            return None
        if folder in path:
            return path[path.index(folder):] + [folder]
        for below in layers.get(folder, []):
            found = visit(below, path + [folder])
            if found:
                return found
        state[folder] = "done"
        return None

    for folder in layers:
        found = visit(folder, [])
        if found:
            return found
    return None


def check_lines(layers, source):
    faults = []
    for folder, allowed in layers.items():
        if not (source / folder).is_dir():
            faults.append(f"layers.txt: src/{folder} has a line but is not there: remove the line")
        for below in allowed:
            if below not in layers:
                faults.append(f"layers.txt: {folder} may include {below}, which has no line of its own")
            part_of = folder.startswith(below + "/")  # a folder in a feature stands and falls with it
            if folder.startswith("knowledge/") and below.startswith("knowledge/") and not part_of:
                faults.append(f"layers.txt: {folder} may include {below}: a knowledge folder includes no other")
    found = circle(layers)
    if found:
        faults.append("layers.txt: a circle: " + " -> ".join(found))
    return faults


def for_tests(texts):
    """The tests, and the headers that tests share: those that include tests/ or another such header."""
    found = {path for path in texts if path.endswith("_test.cpp")}
    while True:
        more = {
            path
            for path, text in texts.items()
            if path.endswith(".h") and any(name.startswith("tests/") or name in found for name in INCLUDE.findall(text))
        }
        if more <= found:
            return found
        found |= more


def check_include(layers, source, path, include, tests):
    """What is wrong with one include of a file (both below src/), or None."""
    if include.startswith("tests/") or include in tests:
        return None if path in tests else f"{path}: only a test may include {include}"
    if not (source / include).is_file() and not (source / f"{include}.in").is_file():
        return f'{path}: "{include}" is not a file below src/: includes are written from there'
    here, there = folder_of(layers, path), folder_of(layers, include)
    if "/" not in path:  # main.cpp
        return None if there == "app" else f"{path}: may include only app, not {include}"
    if there is None or there == here or there in layers.get(here, []):
        return None
    return f"{path}: {here} may not include {there} ({include})"


def check_tree(layers, source):
    faults = check_lines(layers, source)
    paths = [file.relative_to(source).as_posix() for file in files_under(source, ".h", ".cpp", ".sql")]
    for path in paths:
        if "/" in path and folder_of(layers, path) is None:
            faults.append(f"src/{path}: its folder has no line in scripts/layers.txt")
    texts = {path: read(source / path) for path in paths if not path.endswith(".sql")}
    tests = for_tests(texts)
    for path, text in texts.items():
        includes = [name for name in INCLUDE.findall(text) if f'__has_include("{name}")' not in text]
        problems = (check_include(layers, source, path, include, tests) for include in includes)
        faults += [f"src/{problem}" for problem in problems if problem]
    return faults


def reach(layers, folder):
    """All folders below this one."""
    found, todo = set(), list(layers[folder])
    while todo:
        below = todo.pop()
        if below not in found:
            found.add(below)
            todo += layers.get(below, [])
    return found


def picture(layers):
    """A mermaid graph; an arrow that follows from others is left out."""
    lines = ["```mermaid", "graph TD"]
    storeys = {}
    for folder in layers:
        storeys.setdefault(folder.split("/")[0], []).append(folder)
    for storey, folders in reversed(storeys.items()):
        if folders == [storey]:
            lines.append(f"  {storey}")
            continue
        lines.append(f"  subgraph {storey}")
        lines += [f"    {folder.replace('/', '_')}[{folder.split('/')[-1]}]" for folder in folders]
        lines.append("  end")
    for folder, allowed in layers.items():
        implied = set().union(*(reach(layers, below) for below in allowed)) if allowed else set()
        lines += [f"  {folder} --> {below}".replace("/", "_") for below in allowed if below not in implied]
    return "\n".join(lines + ["```"])


def with_picture(text, layers):
    """The page with the current picture between its marks, or None when the marks are missing."""
    if BEGIN not in text or END not in text:
        return None
    head, rest = text.split(BEGIN, 1)
    return f"{head}{BEGIN}\n{picture(layers)}\n{END}{rest.split(END, 1)[1]}"


def check_picture(layers, page, write):
    if not page.is_file():
        return [f"{page.name} is missing: it holds the picture of the layers"]
    text = read(page)
    current = with_picture(text, layers)
    if current is None:
        return [f"{page.name}: the marks {BEGIN} and {END} are missing"]
    if write:
        page.write_text(current, encoding="utf-8")
    elif text != current:
        return [f"{page.name}: the picture is old: run scripts/check_layers.py --picture"]
    return []


def self_test():
    def faults_of(layers, files):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                (Path(folder) / name).write_text(text)
            return check_tree(layers, Path(folder))

    layers = {"base": [], "knowledge/a": ["base"], "knowledge/b": ["base"]}
    sound = {"base/x.h": "", "knowledge/a/a.cpp": '#include "base/x.h"\n', "knowledge/b/b.h": ""}
    expect(faults_of(layers, sound) == [], "a sound tree is clean")
    planted = {
        "upwards": ({**sound, "base/y.h": '#include "knowledge/b/b.h"\n'}, "base may not include knowledge/b"),
        "sideways": ({**sound, "knowledge/a/c.h": ' # include "knowledge/b/b.h"\n'}, "may not include knowledge/b"),
        "no line": ({**sound, "extra/e.h": ""}, "no line"),
        "relative": ({**sound, "base/y.h": '#include "x.h"\n'}, "not a file below src/"),
        "test support": ({**sound, "base/y.cpp": '#include "tests/support/z.h"\n'}, "only a test"),
        "a header of tests": (
            {**sound, "base/w.h": '#include "tests/support/z.h"\n', "base/y.cpp": '#include "base/w.h"\n'},
            "only a test",
        ),
    }
    for name, (files, fault) in planted.items():
        expect(any(fault in found for found in faults_of(layers, files)), name)
    expect(faults_of({**layers, "gone": []}, sound), "a line without a folder")
    expect(faults_of({**layers, "base": ["knowledge/a"]}, sound), "a circle")
    expect(faults_of({**layers, "knowledge/a": ["base", "knowledge/b"]}, sound), "a line among knowledge folders")
    page = f"a\n{BEGIN}\nold\n{END}\nb\n"
    expect("knowledge_a --> base" in with_picture(page, layers), "the picture has the arrows")
    expect("top --> base" not in picture({**layers, "top": ["knowledge/a", "base"]}), "implied arrows are left out")
    print("check_layers: self-test passed")


def main(arguments):
    if "--self-test" in arguments:
        return self_test()
    layers = read_layers(TREE / "scripts/layers.txt")
    faults = check_tree(layers, TREE / "src")
    if "--picture" in arguments or "--check" in arguments:
        faults += check_picture(layers, TREE / "docs/architecture.md", "--picture" in arguments)
    return report("check_layers", faults)


if __name__ == "__main__":
    main(sys.argv[1:])
