#!/bin/bash
# clang-tidy-19 over our sources, warnings as errors (.clang-tidy).
#   check_tidy.sh BUILD_FOLDER              the sources in its compile_commands.json
#   check_tidy.sh BUILD_FOLDER --tests      the tests (twice the time)
#   check_tidy.sh BUILD_FOLDER --changed    both, where they differ from the main branch
#   check_tidy.sh BUILD_FOLDER --self-test  a planted fault must be found
set -euo pipefail
cd "$(dirname "$0")/.."
build=${1:?name the build folder, such as build/dev}
mode=${2:---sources}
tidy=$(command -v clang-tidy-19) || { echo "clang-tidy-19 is not installed: run ./bootstrap --test"; exit 1; }
[[ -f $build/compile_commands.json ]] || { echo "$build has no compile_commands.json: configure it first"; exit 1; }

if [[ $mode == --self-test ]]; then
  planted=$(mktemp -d)
  trap 'rm -rf "$planted"' EXIT
  printf '#include <string>\nint f(std::string s) {\n  std::string t = std::move(s);\n  return s.empty() ? 1 : t.size() > 2;\n}\n' > "$planted/a.cpp"
  if "$tidy" --quiet --config-file=.clang-tidy "$planted/a.cpp" -- -std=c++23 > /dev/null 2>&1; then
    echo "self-test failed: a use after a move was let through"
    exit 1
  fi
  echo "check_tidy: self-test passed"
  exit 0
fi

list=$build/tidy_files
python3 - "$build" "$mode" > "$list" << 'PYTHON'
import json, os, subprocess, sys
build, mode = sys.argv[1:]
files = {os.path.relpath(entry["file"]) for entry in json.load(open(f"{build}/compile_commands.json"))}
files = {file for file in files if file.startswith(("src/", "tests/", "bench/"))}
tests = {file for file in files if file.endswith("_test.cpp")}
if mode == "--changed":
    command = ["git", "diff", "--name-only", "main"]
    files &= set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
else:
    files = tests if mode == "--tests" else files - tests
# The path analyzer spends minutes inside GoogleTest's macros: tests go without it.
for file in sorted(files):
    print(f"--checks={'-clang-analyzer-*' if file in tests else ''}", file)
PYTHON
echo "check_tidy: $(grep -c . "$list" || true) files"
if ! xargs -r -a "$list" -n 2 -P "$(nproc)" "$tidy" --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option > "$build/tidy_output" 2> "$build/tidy_errors"; then
  grep -E -A 3 'error:' "$build/tidy_output" "$build/tidy_errors" --no-filename | head -200
  exit 1
fi
echo "check_tidy: clean"
