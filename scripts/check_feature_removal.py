#!/usr/bin/env python3
"""Each knowledge folder can be taken out of the program: the folder, its lines in
src/app/features.cpp, src/CMakeLists.txt and scripts/layers.txt go, and what is left must
still compile, link and run.

  check_feature_removal.py [--build-type Debug] [FEATURE...]    all of them by default
  check_feature_removal.py --self-test                          only the editing, on planted texts
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from source_text import TREE, expect, read, report


def without_feature(name, path, text):
    """The text of one of the files that name a feature, without it."""
    if path == "src/app/features.cpp":
        parts = re.findall(rf'include "knowledge/{name}/(\w+)/', text)  # folders in the feature go with it
        names = "|".join([name, *parts])
        return re.sub(rf'^.*(?:#\s*include "knowledge/{name}/|\b(?:{names})::).*\n', "", text, flags=re.M)
    if path == "scripts/layers.txt":
        text = re.sub(rf"^knowledge/{name}(?:/\w+)?:.*\n", "", text, flags=re.M)
    return re.sub(rf"[ \t]*(?<![\w/])knowledge/{name}(?:/\w+)*(?![\w/])", "", text)


NOT_COPIED = {".git", "build", "bench", "tests"}
NAMED_IN = ("src/app/features.cpp", "src/CMakeLists.txt", "scripts/layers.txt")


def copy_without(name, copy):
    """A copy of what the build reads, without the feature; the vendored sources are linked to."""
    for source in TREE.iterdir():
        if source.name in NOT_COPIED:
            continue
        if source.is_dir():
            shutil.copytree(source, copy / source.name, ignore=shutil.ignore_patterns("vendor", "__pycache__"))
        else:
            shutil.copy(source, copy / source.name)
    (copy / "third_party/vendor").symlink_to(TREE / "third_party/vendor")
    shutil.rmtree(copy / "src/knowledge" / name)
    for path in NAMED_IN:
        (copy / path).write_text(without_feature(name, path, read(copy / path)), encoding="utf-8")


def build_and_run(copy, build_type):
    """What went wrong, or None."""
    build = copy / "build/without"  # as deep as any preset, so that ccache sees the same paths
    steps = [
        ["cmake", "-S", str(copy), "-B", str(build), "-G", "Ninja", f"-DCMAKE_BUILD_TYPE={build_type}", "-DMIRA_TESTS=OFF"],
        ["ninja", "-C", str(build), "-j", str(os.cpu_count() or 1), "mira"],
        [str(build / "mira"), "version"],
        [sys.executable, str(copy / "scripts/check_layers.py")],
    ]
    for step in steps:
        done = subprocess.run(step, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env={**os.environ, "MIRA_HOME": str(copy / "home")})
        if done.returncode != 0:
            said = (done.stdout + done.stderr).splitlines()
            lines = [line for line in said if re.search("(?i)error|FAILED|undefined", line)] or said
            return f"{' '.join(step[:2])} ended with {done.returncode}\n  " + "\n  ".join(lines[:10])
    return None


def check(name, build_type):
    with tempfile.TemporaryDirectory(prefix="mira_without_") as folder:
        copy_without(name, Path(folder))
        problem = build_and_run(Path(folder), build_type)
    return [f"without knowledge/{name}: {problem}"] if problem else []


def self_test():
    features = '#include "app/features.h"\n#include "knowledge/git/feature.h"\n  list.push_back(git::feature());\n  a(code::feature());\n'
    kept = without_feature("git", "src/app/features.cpp", features)
    expect("git" not in kept and "code::feature" in kept and "features.h" in kept, "its lines in features.cpp")
    layers = "knowledge/git: base\nknowledge/github: base\napp: knowledge/git knowledge/github base\n"
    kept = without_feature("git", "scripts/layers.txt", layers)
    expect(kept == "knowledge/github: base\napp: knowledge/github base\n", "its line and mentions in layers.txt")
    kept = without_feature("git", "src/CMakeLists.txt", "  knowledge/code knowledge/git\n  app)\n")
    expect(kept == "  knowledge/code\n  app)\n", "its mention in src/CMakeLists.txt")
    kept = without_feature("code", "src/CMakeLists.txt", "  knowledge/code knowledge/code/meaning knowledge/git\n")
    expect(kept == " knowledge/git\n", "mentions of folders in it")
    features = '#include "knowledge/code/meaning/feature.h"\n  list.push_back(meaning::feature());\n  list.push_back(git::feature());\n'
    kept = without_feature("code", "src/app/features.cpp", features)
    expect(kept == "  list.push_back(git::feature());\n", "lines of folders in it")
    features = '  auto found = add(std::make_shared<code::Meaning>(model));\n  list.push_back(git::feature());\n'
    kept = without_feature("code", "src/app/features.cpp", features)
    expect(kept == "  list.push_back(git::feature());\n", "lines that only name a type of it")
    print("check_feature_removal: self-test passed")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--build-type", default="Debug")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("features", nargs="*")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    names = arguments.features or sorted(path.name for path in (TREE / "src/knowledge").iterdir() if path.is_dir())
    faults = []
    for name in names:
        faults += check(name, arguments.build_type)
    return report("check_feature_removal", faults)


if __name__ == "__main__":
    main()
