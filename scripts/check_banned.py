#!/usr/bin/env python3
"""What may not stand in the tree: calls that are unsafe or in the wrong place, words that
say "not done", and names of one person's machine.

  check_banned.py              the check
  check_banned.py --self-test  plants each of them and expects it to be found
"""
import re
import sys
from dataclasses import dataclass

from source_text import TREE, code_only, expect, files_under, read, report


@dataclass
class Rule:
    pattern: str
    why: str
    example: str  # planted by the self-test
    allowed_in: str = "(?!)"  # paths where it is right
    only_in: str = ""  # paths where the rule holds; empty: everywhere
    flags: int = 0
    names_work: bool = False  # a word about work to do, which a string may hold


def call(names):
    """A call of one of these functions, not a member or a longer name."""
    return rf"(?<![\w.>])(?:std::|::)?(?:{names})\s*\("


TESTS = r"^tests/|^bench/|_test\.cpp$|(^|/)test_\w+\.h$|_for_tests\.h$"

CODE_RULES = [
    Rule(call("system|popen|wordexp"), "a shell: use process::run with argv", 'system("ls");'),
    Rule(r"\bstd::w?regex\b|#\s*include\s*<regex>", "it overflows the stack on a long line: use RE2", "std::regex r;"),
    Rule(call("strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca"), "no bounds", "strcpy(a, b);"),
    Rule(call("strncpy"), "no closing NUL: use std::string or copy()", "strncpy(a, b, 1);", TESTS),
    Rule(call("atoi|atol|atoll|atof"), "no errors: use std::from_chars", "int x = atoi(s);"),
    Rule(call("tmpnam|mktemp|tempnam"), "another may take the name: use mkdtemp", "mktemp(s);"),
    Rule(r"\busing\s+namespace\b", "it spreads with the header", "using namespace std;", only_in=r"\.h$"),
    Rule(call("rand|srand"), "hidden state: give a seeded std::mt19937_64", "int x = rand();"),
    Rule(r"\bsqlite3_exec\b", "SQL from a string: use store::Connection", "sqlite3_exec(a, b);",
         r"^src/platform/store/|^tests/"),
    Rule(r"\bsqlite3\.h\b", "SQL lives behind platform/store", "sqlite3.h", r"^src/platform/store/|^tests/|^bench/"),
    Rule(r"\bsqlite3_\w+\s*\(", "SQL lives behind platform/store", "sqlite3_step(s);", r"^src/platform/store/|^tests/|^bench/"),
    Rule(r"\bplatform/models/provider\.h\b", "models are asked through budget::MeteredClient alone",
         "platform/models/provider.h", r"^src/platform/(?:models|budget)/"),
    Rule(call("v?fork|clone|posix_spawnp?|exec[lv]p?e?|fexecve"), "programs are started by platform/process",
         "fork();", r"^src/platform/process/|" + TESTS),
    Rule(r"\bthrow\b", "errors are values: return a Result", "throw 1;", TESTS),
    Rule(r"\bstd::(?:j?thread|async)\b", "threads are made by app, faces, oracle and platform", "std::thread t;", TESTS,
         only_in="^src/(?:knowledge|contracts)/"),
    Rule(r"\bthread_local\b", "hidden state", "thread_local int x;", r"^src/platform/"),
    Rule(r"\bassert\s*\(", "gone in the release build: return an Error", "assert(x);", TESTS),
]

# In every text of ours. Written in two parts, so that this file does not hold them.
TEXT_RULES = [
    Rule(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b", "finish it, or say in the documents that it is not there",
         "// TO" + "DO later", names_work=True),
    Rule(r"\bplace" + r"holder\b|\bst" + r"ubbed\b|\bnot yet imple" + r"mented\b", "finish it, or leave it out",
         "a place" + "holder", flags=re.IGNORECASE, names_work=True),
    Rule(r"(?<![\w./~-])/(?:wo" + r"rk|ro" + r"ot)/\w", "a path of one machine", "cd /wo" + "rk/main"),
    Rule(r"https?://(?!127\.0\.0\.1|0\.0\.0\.0)\d+\.\d+\.\d+\.\d+", "the address of one machine", "http://10.1.2" + ".3/simple"),
    Rule(r"\b(?:arti" + r"factory|ver" + r"daccio|dev" + r"pi|index-" + r"url)\b", "a private registry", "arti" + "factory"),
]


def is_text(path):
    return not path.endswith((".png", ".ico", ".gz", ".zip", ".lock", ".woff2", ".pdf"))


def applies(rule, path):
    return re.search(rule.only_in, path) and not re.search(rule.allowed_in, path)


def check_text(path, text):
    faults = []
    is_code = path.endswith((".cpp", ".h"))
    # Names of headers stand in strings, so includes are looked at as they are.
    includes = "\n".join(line if line.lstrip().startswith("#") else "" for line in text.split("\n")) if is_code else ""
    code = code_only(text) if is_code else ""
    # A string may name anything: the secrets that are looked for, the functions of a language.
    said = code_only(text, comments=True) if is_code else text
    checks = [(rule, code) for rule in CODE_RULES if is_code]
    checks += [(rule, said if rule.names_work else text) for rule in TEXT_RULES]
    checks += [(rule, includes) for rule in CODE_RULES if is_code and "\\.h" in rule.pattern]
    for rule, where in checks:
        if not applies(rule, path):
            continue
        for match in re.finditer(rule.pattern, where, rule.flags):
            line = where.count("\n", 0, match.start()) + 1
            faults.append(f"{path}:{line}: {match.group(0).strip()}: {rule.why}")
    return faults


def self_test():
    for rule in CODE_RULES:
        path = "src/knowledge/code/x.h" if "h$" in rule.only_in else "src/knowledge/code/x.cpp"
        text = f'#include "{rule.example}"\n' if rule.example.endswith(".h") else f"void f() {{\n  {rule.example}\n}}\n"
        expect(check_text(path, text), rule.example)
    for rule in TEXT_RULES:
        expect(check_text("docs/x.md", f"one\n{rule.example}\n"), rule.example)
    sound = [
        ("src/a/x.cpp", '// system("x") is banned\nlog("TO do: call system() now");\nx.system(1); file_system(2);\n'),
        ("src/a/x.cpp", 'const char* kotlin[] = {"TO' + 'DO"};\n'),
        ("src/platform/process/spawn.cpp", "execve(a, b, c);\n"),
        ("src/platform/store/c.cpp", '#include "sqlite3.h"\nsqlite3_step(s);\n'),
        ("src/a/x.cpp", "using namespace std::chrono;\nint brand(int);\n"),
        ("docs/x.md", "see http://127.0.0.1:80/ and ~/wo" "rk/x, src/wo" "rk/x\n"),
    ]
    for path, text in sound:
        expect(not check_text(path, text), f"sound text is clean: {check_text(path, text)}")
    print("check_banned: self-test passed")


def main(arguments):
    if "--self-test" in arguments:
        return self_test()
    faults = []
    for file in files_under(TREE):
        path = file.relative_to(TREE).as_posix()
        if is_text(path) and not file.is_symlink():
            faults += check_text(path, read(file))
    return report("check_banned", faults)


if __name__ == "__main__":
    main(sys.argv[1:])
