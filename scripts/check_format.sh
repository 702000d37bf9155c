#!/bin/bash
# Every C++ file of ours is formatted as .clang-format says. To repair: clang-format-19 -i FILE
set -euo pipefail
cd "$(dirname "$0")/.."
formatter=$(command -v clang-format-19) || { echo "clang-format-19 is not installed: run ./bootstrap --test"; exit 1; }

if [[ ${1:-} == --self-test ]]; then
  planted=$(mktemp --suffix=.cpp)
  trap 'rm -f "$planted"' EXIT
  echo 'int  f( ){return 1 ;}' > "$planted"
  if "$formatter" --style=file:.clang-format --dry-run -Werror "$planted" 2> /dev/null; then
    echo "self-test failed: a badly formatted file was let through"
    exit 1
  fi
  echo "check_format: self-test passed"
  exit 0
fi

folders=()
for folder in src tests bench fuzz; do [[ -d $folder ]] && folders+=("$folder"); done
find "${folders[@]}" \( -name '*.cpp' -o -name '*.h' \) -print0 | xargs -0 -r -n 50 -P 2 "$formatter" --dry-run -Werror
echo "check_format: clean"
