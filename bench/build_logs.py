#!/usr/bin/env python3
"""What Mira makes of build and test logs: speed, memory, tokens saved. Writes its section of docs/figures.md.

usage: bench/build_logs.py [--mira build/release/mira] [--bench build/release/mira_builds_bench] [--megabytes 200] [--out docs/figures.md]

The logs are those of tests/tools/logs (real tools, planted faults) and, for green runs, logs of the same tools' shapes that this script
writes. The bench program counts o200k tokens; a red log's summary must hold every failure's message, or the bench fails.
"""
import argparse, json, os, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--mira", default="build/release/mira")
parser.add_argument("--bench", default="build/release/mira_builds_bench")
parser.add_argument("--megabytes", type=int, default=200)
parser.add_argument("--out", default="")
arguments = parser.parse_args()
logs = os.path.join(here, "../tests/tools/logs")
BEGIN, END = "\n## Build and test logs\n", "\n## "


def green(kind, count):
    lines = {"make": ["gcc -Wall -O2 -c src/part_%d.c -o build/part_%d.o" % (n, n) for n in range(count)],
             "cargo": ["   Compiling crate_%d v0.%d.1" % (n, n) for n in range(count)] + ["    Finished `dev` profile [unoptimized + debuginfo] target(s) in 12.30s"],
             "pytest": ["============================= test session starts =============================="] +
                       ["tests/test_part_%d.py::test_case PASSED [ %d%%]" % (n, n * 100 // count) for n in range(count)] + ["=============== %d passed in 3.21s ===============" % count],
             "ctest": ["%4d/%d Test %s: case_%d ..............   Passed    0.01 sec" % (n, count, "#%d" % n, n) for n in range(1, count + 1)] + ["", "100%% tests passed, 0 tests failed out of %d" % count],
             "go": ["ok  \tpart/module_%d\t0.0%ds" % (n, n % 10) for n in range(count)]}
    return ("\n".join(lines[kind]) + "\n").encode()


def speed(log, words):
    """Mega bytes a second of CPU time of the whole process, best of three, and its peak memory in MB."""
    best, peak = 0, 0
    for _ in range(3):
        with open(log, "rb") as source:
            child = subprocess.Popen([arguments.mira, "diagnose", *words], stdin=source, stdout=subprocess.DEVNULL, env=dict(os.environ, MIRA_HOME=tempfile.gettempdir()))
            _, status, usage = os.wait4(child.pid, 0)
        if status: sys.exit("mira diagnose: %d" % status)
        best, peak = max(best, os.path.getsize(log) / 1e6 / (usage.ru_utime + usage.ru_stime)), max(peak, usage.ru_maxrss / 1024)
    return best, peak


def main():
    cases = [json.loads(line) for line in open(os.path.join(logs, "expected.jsonl"))]
    with tempfile.TemporaryDirectory() as scratch:
        rows = []
        mixed = b"".join(open(os.path.join(logs, case["log"]), "rb").read() for case in cases)
        quiet = b"".join(green(kind, 500) for kind in ("make", "cargo", "pytest", "ctest", "go"))
        for name, block in (("a log of which one line in twenty is a failure's", quiet + mixed[:len(quiet) // 20]), ("nothing but failures of %d tools" % len({c["log"].rsplit("-", 1)[0] for c in cases}), mixed)):
            path = os.path.join(scratch, "log")
            with open(path, "wb") as out:
                for _ in range(max(1, arguments.megabytes * 1000000 // len(block))): out.write(block)
            text, text_peak = speed(path, [])
            lines, lines_peak = speed(path, ["--json"])
            rows.append(("speed, %s" % name, "%d MB a CPU-s as text, %d as JSON lines; peak memory %d MB" % (text, lines, max(text_peak, lines_peak))))
        listing = os.path.join(scratch, "list")
        with open(listing, "w") as out:
            for case in cases: out.write("red %d %s\n" % (case["exit_code"], os.path.abspath(os.path.join(logs, case["log"]))))
            for kind in ("make", "cargo", "pytest", "ctest", "go"):
                path = os.path.join(scratch, kind + ".log")
                open(path, "wb").write(green(kind, 200))
                out.write("green 0 %s\n" % path)
        measured = json.loads(subprocess.run([arguments.bench, listing], stdout=subprocess.PIPE, check=True).stdout)
    for kind in ("green", "red"):
        one = measured[kind]
        rows.append(("tokens, %d %s logs" % (one["logs"], kind), "%d in the logs, %d told: %.1f %% saved; median log %.1f %%" % (one["log_tokens"], one["told_tokens"], 100 - 100 * one["told_tokens"] / one["log_tokens"], one["median_saved"])))
    rows.append(("failures' messages and expected or actual values left out of the red summaries", "%d of %d" % (measured["left_out"], measured["messages"])))
    text = BEGIN + "\n`python3 bench/build_logs.py` (2 cores, both shared with much other work: read CPU seconds as an upper bound). Red logs are short here: a few faults and little else, so what there is to save is small.\n\n| what | figure |\n|---|---|\n"
    text += "".join("| %s | %s |\n" % row for row in rows)
    print(text)
    if arguments.out:
        kept = open(arguments.out).read()
        if BEGIN in kept:
            before, after = kept.split(BEGIN)
            after = END + after.split(END, 1)[1] if END in after else ""
        else:
            before, after = kept.rstrip("\n") + "\n", ""
        open(arguments.out, "w").write(before + text + after)
    return 1 if measured["left_out"] else 0


if __name__ == "__main__":
    sys.exit(main())
