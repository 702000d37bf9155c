#!/usr/bin/env python3
"""Sizes under src/: a source file has at most 600 lines, a header 250, a function 60. No file that git keeps
is over a million bytes: what is fetched or built is not kept.

  check_sizes.py [--summary]   the check; with the medians
  check_sizes.py --self-test   measures small planted texts
"""
import re
import statistics
import subprocess
import sys

from source_text import TREE, code_only, expect, files_under, read, report

SOURCE_LINES, HEADER_LINES, FUNCTION_LINES = 600, 250, 60
KEPT_BYTES = 1_000_000
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")


def without_directives(code):
    """Preprocessor lines blanked, continued ones too: a macro may hold half a brace."""
    return re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: re.sub(r"[^\n]", " ", m.group(0)), code, flags=re.M)


def closing(code, at):
    """Position of the brace that closes the one at `at` (the end of the text when there is none)."""
    depth = 0
    for match in re.compile(r"[{}]").finditer(code, at):
        depth += 1 if match.group(0) == "{" else -1
        if depth == 0:
            return match.start()
    return len(code)


def opens_scope(head):
    """True for `namespace a`, `struct B : C<int>`; false for `struct stat f(struct stat s) const`."""
    previous = None
    while previous != head:  # template arguments, from the inside
        previous, head = head, re.sub(r"<[^<>]*>", "", head)
    return head.strip() == "" or (SCOPE.search(head) and "(" not in head)


def in_initialiser_list(head):
    """True when a brace after this head starts a member's value: `Foo(int x) : a_(x), b_`."""
    return re.search(r"\)[^;{}]*[^:]:[^:]", head, re.DOTALL) and re.search(r"[\w>]\s*$", head)


def functions(code, start=0, end=None):
    """(name, first position, last position) of each function body; text is code_only."""
    code = without_directives(code) if start == 0 else code
    end = len(code) if end is None else end
    at = head_start = start
    while at < end:
        if code[at] in ";}":
            head_start = at + 1
        elif code[at] == "{":
            head, close = code[head_start:at], closing(code, at)
            if opens_scope(head):
                yield from functions(code, at + 1, close)
                head_start = close + 1
            elif "(" in head and not in_initialiser_list(head):
                name = re.search(r"([\w~:]+|operator\W{1,3})\s*\(", head)
                yield (name.group(1) if name else "?", head_start + len(head) - len(head.lstrip()), close)
                head_start = close + 1
            at = close
        at += 1


def function_lengths(text):
    """[(name, first line, lines)]"""
    code = code_only(text)
    return [
        (name, code.count("\n", 0, first) + 1, code.count("\n", first, last) + 1)
        for name, first, last in functions(code)
    ]


def check_text(path, text):
    limit = HEADER_LINES if path.endswith(".h") else SOURCE_LINES
    lines = text.count("\n")
    faults = [f"{path}: {lines} lines, more than {limit}: give a part of it a file of its own"] if lines > limit else []
    for name, first, length in function_lengths(text):
        if length > FUNCTION_LINES:
            faults.append(f"{path}:{first}: {name} has {length} lines, more than {FUNCTION_LINES}: name its steps")
    return faults


def too_large(sizes):
    """Faults of (path, bytes) pairs."""
    return [f"{path}: {size} bytes, more than {KEPT_BYTES}: fetch or make it, do not keep it"
            for path, size in sizes if size > KEPT_BYTES]


def kept_sizes():
    """(path, bytes) of what git keeps here; nothing outside a git work tree."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TREE, capture_output=True, text=True)
    paths = [TREE / path for path in listed.stdout.split("\0") if path] if listed.returncode == 0 else []
    return [(path.relative_to(TREE).as_posix(), path.stat().st_size) for path in paths if path.is_file()]


def self_test():
    expect(too_large([("model.bin", KEPT_BYTES + 1)]), "a large file")
    expect(not too_large([("a.cpp", KEPT_BYTES)]), "a million bytes are allowed")
    body = "  int x = 0;\n"
    long_body = body * 60
    expect(check_text("a.cpp", "x\n" * 601), "a long source file")
    expect(check_text("a.h", "x\n" * 251), "a long header")
    expect(not check_text("a.cpp", "x\n" * 600), "600 lines are allowed")
    expect(check_text("a.cpp", "void f() {\n" + long_body + "}\n"), "a long function")
    expect(not check_text("a.cpp", "void f() {\n" + body * 58 + "}\n"), "60 lines are allowed")
    nested = "namespace a {\nstruct B {\n  int x{1};\n  B(int y) : x{y}, z(2) {\n" + long_body + "  }\n};\n}\n"
    expect([(n, l) for n, _, l in function_lengths(nested)] == [("B", 62)], "a constructor with an initialiser list")
    short = "namespace {\n" + "int f() { return 1; }\n" * 100 + "}\n"
    expect(not check_text("a.cpp", short), "a long namespace of short functions")
    table = "constexpr int table[] = {\n" + "  1,\n" * 100 + "};\n"
    expect(not check_text("a.cpp", table), "a table is not a function")
    hidden = 'void f() {\n  const char* s = "}";  // }\n  char c = \'}\';\n' + long_body + "}\n"
    expect(check_text("a.cpp", hidden), "braces in strings and comments")
    raw = 'void f() {\n  auto s = R"x(}\n)x";\n' + long_body + "}\n"
    expect(check_text("a.cpp", raw), "braces in raw strings")
    trailing = "auto f(int a) const noexcept -> std::vector<int> {\n" + long_body + "}\n"
    expect(check_text("a.cpp", trailing), "a trailing return type")
    template = "template <class T>\nstruct stat f(struct stat& s) const {\n" + long_body + "}\n"
    expect(check_text("a.cpp", template), "a parameter that names a struct")
    macro = "#define OPEN {\nvoid f() {\n" + long_body + "}\n"
    expect(check_text("a.cpp", macro), "a brace in a macro")
    print("check_sizes: self-test passed")


def main(arguments):
    if "--self-test" in arguments:
        return self_test()
    faults, lengths, sizes = too_large(kept_sizes()), [], []
    for file in files_under(TREE / "src", ".cpp", ".h"):
        text = read(file)
        faults += check_text(file.relative_to(TREE).as_posix(), text)
        if not file.name.endswith("_test.cpp"):
            sizes.append(text.count("\n"))
            lengths += [length for _, _, length in function_lengths(text)]
    if "--summary" in arguments:
        print(f"{len(sizes)} files without tests, {sum(sizes)} lines, median {statistics.median(sizes)};")
        print(f"{len(lengths)} functions, median {statistics.median(lengths)} lines, longest {max(lengths)}")
    return report("check_sizes", faults)


if __name__ == "__main__":
    main(sys.argv[1:])
