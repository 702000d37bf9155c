#!/usr/bin/env python3
"""Seeded faults, cured by a known hunk among innocent ones: does `mira build` name the right hunk first?

usage: red_to_green.py --mira PROGRAM [--cases 40] [--languages c,python,javascript,go,java] [--show N]
A project of eight files is made from the seed, one fault planted (wrong name, wrong type, missing definition in another
file, wrong value under a test). The build fails; then the fault is cured and at least four innocent hunks are made in other
files and other lines of the same file; the build passes. Right: the first hunk of `mira build explain` is the cure.
"""
import argparse
import collections
import json
import os
import random
import shutil
import subprocess
import tempfile

WORDS = "cart order price total user login coupon cache route parse print store index parcel timer event widget frame buffer stream".split()


def function(language, name, value, extra=""):
    return {
        "c": f"int {name}(int a) {{\n  int b = a + {value};\n{extra}  return b;\n}}\n\n",
        "python": f"def {name}(a):\n    b = a + {value}\n{extra}    return b\n\n\n",
        "javascript": f"exports.{name} = function (a) {{\n  const b = a + {value};\n{extra}  return b;\n}};\n\n",
        "go": f"func {name.capitalize()}(a int) int {{\n\tb := a + {value}\n{extra}\treturn b\n}}\n\n",
        "java": f"  static int {name}(int a) {{\n    int b = a + {value};\n{extra}    return b;\n  }}\n\n",
    }[language]


def wrap(language, stem, functions):
    body = "".join(functions)
    if language == "go":
        return "package part\n\n" + body
    if language == "java":
        return f"class {stem.capitalize()} {{\n{body}}}\n"
    return body


ENDS = dict(c=".c", python=".py", javascript=".js", go=".go", java=".java")
FAULTS = {
    "c": [("  b += missing_name;\n", "  b += 1;\n"), ("  return \"text\"->x;\n", "  b += 2;\n"), ("  b = lost_call(;\n", "  b = a;\n"), ("  struct nothing s;\n", "  int s = 0; b += s;\n")],
    "go": [("\tb += missingName\n", "\tb += 1\n"), ("\tvar s string = 3\n\t_ = s\n", "\tvar s string = \"x\"\n\t_ = s\n"), ("\tidle := 1\n", "\tb += 4\n"), ("\tb = lostCall(a)\n", "\tb = a\n")],
    "java": [("    b += missingName;\n", "    b += 1;\n"), ("    String s = 3;\n", "    String s = \"x\";\n"), ("    b = lostCall(a);\n", "    b = a;\n")],
    "python": None,
    "javascript": None,
}
COMMANDS = {
    "c": ["sh", "build.sh"],
    "go": ["go", "build", "./..."],
    "java": ["sh", "build.sh"],
    "python": ["python3", "-m", "unittest", "-q"],
    "javascript": ["node", "test.js"],
}


class Case:
    def __init__(self, language, seed):
        self.language, self.seed, self.random = language, seed, random.Random(f"{language} {seed}")
        self.stems = self.random.sample(WORDS, 8)
        self.files = {s: [function(language, f"{s}_{w}" if language in ("c", "python") else f"{s}{w.capitalize()}", self.random.randint(1, 9)) for w in self.random.sample(WORDS, 5)] for s in self.stems}
        self.victim = self.random.choice(self.stems)
        self.place = self.random.randrange(5)
        self.other = self.random.choice([s for s in self.stems if s != self.victim])

    def path(self, stem):
        name = stem.capitalize() if self.language == "java" else stem
        return name + ENDS[self.language]

    def plant(self):
        """The text of the victim's function, red and green."""
        name = self.random.choice([w for w in WORDS])
        faults = FAULTS[self.language]
        made = f"{self.victim}_{name}x" if self.language in ("c", "python") else f"{self.victim}{name.capitalize()}X"
        self.subject = made
        if faults:
            red, green = self.random.choice(faults)
            return function(self.language, made, 3, red), function(self.language, made, 3, green)
        kind = self.random.randrange(3)
        if kind == 0:      # a wrong value, seen by a test
            return function(self.language, made, 4), function(self.language, made, 3)
        if kind == 1:      # a name that is not there
            bad, good = ("    b += missing_name\n", "    b += 0\n") if self.language == "python" else ("  b += missingName;\n", "  b += 0;\n")
            red = function(self.language, made, 3, bad if self.language == "python" else bad.replace("b +=", "a +=").replace("b", "a", 0))
            return (red, function(self.language, made, 3, good)) if self.language == "python" else (function("javascript", made, 3, "  missingName();\n"), function("javascript", made, 3, "  void 0;\n"))
        bad, good = ("    raise KeyError('x')\n", "    b = a + 3\n") if self.language == "python" else ("  null.x;\n", "  void a;\n")
        return function(self.language, made, 3, bad), function(self.language, made, 3, good)

    def write(self, folder):
        for stem, functions in self.files.items():
            with open(os.path.join(folder, self.path(stem)), "w") as out:
                out.write(wrap(self.language, stem, functions))

    def support(self, folder):
        put = lambda name, text: open(os.path.join(folder, name), "w").write(text)
        if self.language == "c":
            put("build.sh", "rc=0\nfor f in *.c; do gcc -Wall -c $f -o /dev/null || rc=1; done\nexit $rc\n")
        elif self.language == "java":
            put("build.sh", "out=$(mktemp -d)\njavac -d $out *.java\nrc=$?\nrm -r $out\nexit $rc\n")
        elif self.language == "go":
            put("go.mod", "module part\n\ngo 1.19\n")
        elif self.language == "python":
            put(f"test_{self.victim}.py", f"import unittest\nimport {self.victim}\n\n\nclass Test{self.victim.capitalize()}(unittest.TestCase):\n    def test_{self.subject}(self):\n        self.assertEqual({self.victim}.{self.subject}(1), 4)\n")
        else:
            put("test.js", f"const assert = require('assert');\nconst m = require('./{self.victim}.js');\nassert.strictEqual(m.{self.subject}(1), 4);\n")

    def innocent(self):
        """Four to seven changed lines elsewhere; two of them in the victim's own file."""
        spots = [(s, i) for s in self.stems for i in range(5) if (s, i) != (self.victim, self.place)]
        own = [p for p in spots if p[0] == self.victim]
        chosen = self.random.sample(own, 2) + self.random.sample([p for p in spots if p[0] != self.victim], self.random.randint(2, 5))
        for stem, index in chosen:
            text = self.files[stem][index]
            at = text.index(" a + ") + 5
            self.files[stem][index] = text[:at] + str(self.random.randint(10, 99)) + text[at + 1:]


def run(mira, home, folder, *words):
    done = subprocess.run(mira.split() + list(words), cwd=folder, env=dict(os.environ, MIRA_HOME=home, LC_ALL="C", GOFLAGS="-mod=mod"), capture_output=True, text=True)
    try:
        return json.loads(done.stdout)["data"]
    except (ValueError, KeyError):
        return {"failed_to_answer": done.stdout + done.stderr}


def judge(case, mira, home, folder):
    case.files[case.victim][case.place], green = case.plant()
    case.write(folder)
    case.support(folder)
    first = run(mira, home, folder, "build", "run", "--json", "--", *COMMANDS[case.language])
    if first.get("state") != "failed":
        return "not red", first
    case.files[case.victim][case.place] = green
    case.innocent()
    case.write(folder)
    second = run(mira, home, folder, "build", "run", "--json", "--", *COMMANDS[case.language])
    if second.get("state") != "passed" or not second.get("gone"):
        return "not green", second
    told = run(mira, home, folder, "build", "explain", "--json", str(second["gone"][0]))
    hunks = told["cures"][0]["hunks"] if told.get("cures") else []
    wanted = [line for line in green.split("\n") if line.strip()]
    right = hunks and hunks[0]["path"] == case.path(case.victim) and any("+" + line in hunks[0]["body"].split("\n") for line in wanted)
    return ("right" if right else "wrong"), dict(error=told.get("error", {}).get("record", {}).get("message"), hunks=[(h["path"], h["line"], h["why"], h["body"]) for h in hunks])


def read_arguments(cases):
    ask = argparse.ArgumentParser()
    ask.add_argument("--mira", required=True)
    ask.add_argument("--cases", type=int, default=cases)
    ask.add_argument("--languages", default="c,python,javascript,go,java")
    ask.add_argument("--show", type=int, default=0)
    return ask.parse_args()


def in_every_language(arguments, judge_case):
    """judge_case(case, home, folder) counts one case, in a folder and a home of its own. -> language, its counts"""
    for language in arguments.languages.split(","):
        if not shutil.which(COMMANDS[language][0] if language != "java" else "javac"):
            print("not installed:", language)
            continue
        counts = collections.Counter()
        for seed in range(arguments.cases):
            with tempfile.TemporaryDirectory() as top:
                folder = os.path.join(top, "project")
                os.makedirs(folder)
                counts.update(judge_case(Case(language, seed), os.path.join(top, "home"), folder))
        yield language, counts


def show(arguments, *what):
    if arguments.show > 0:
        arguments.show -= 1
        print(*what)


def main():
    arguments, total = read_arguments(40), collections.Counter()

    def judge_case(case, home, folder):
        verdict, detail = judge(case, arguments.mira, home, folder)
        if verdict != "right": show(arguments, verdict, case.language, case.seed, json.dumps(detail)[:900])
        return [verdict]
    for language, counts in in_every_language(arguments, judge_case):
        total.update(counts)
        print("%-12s %s" % (language, dict(counts)), flush=True)
    share = 100.0 * total["right"] / max(1, sum(total.values()))
    print("right hunk first: %d of %d (%.1f %%)" % (total["right"], sum(total.values()), share))


if __name__ == "__main__":
    main()
