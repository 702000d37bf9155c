#!/usr/bin/env python3
"""Fuzzes every reader of logs, reports, hook inputs, MCP lines, HTTP heads and configuration for some CPU-minutes each and keeps a small corpus.

usage: fuzz/fuzz.py [--build build/fuzz] [--minutes 5] [--only gcc,report] [--keep 24]
Builds come from: cmake --preset fuzz && cmake --build --preset fuzz (clang 19 and libclang-rt-19-dev).
One process, niced. Exit status 1 with the input's name when a promise of targets.h is broken or a sanitizer speaks.
"""
import argparse, glob, os, re, resource, shutil, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--build", default=os.path.join(here, "../build/fuzz"))
parser.add_argument("--minutes", type=float, default=5)
parser.add_argument("--only", default="")
parser.add_argument("--keep", type=int, default=24)
arguments = parser.parse_args()


def dictionary(path):
    """The parsers' own keywords, read from their sources."""
    words = set()
    for source in glob.glob(os.path.join(here, "../src/knowledge/builds/parse_*.cpp")):
        for block in re.findall(r"\.keywords = \{(.*?)\},\n", open(source).read(), re.S):
            words.update(re.findall(r'"((?:[^"\\]|\\.)*)"', block))
    plain = sorted(w for w in words if w and "\\" not in w)
    open(path, "w").write("".join('"%s"\n' % w for w in plain) + '"\\x1b["\n"\\x0d"\n"\\x0a"\n')


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


# Those that are no parser of logs: where their corpus is, and their program.
OWN = {"report": "corpus/report", "config_edit": "config_corpus",
       **{name: "faces/corpus/" + name for name in ("hook_stdin", "mcp_stdio", "http_head")}}


def fuzz(name, seconds, scratch):
    kept = os.path.join(here, OWN.get(name, "corpus/" + name))
    os.makedirs(kept, exist_ok=True)
    work, merged = os.path.join(scratch, name), os.path.join(scratch, name + "-small")
    os.makedirs(work), os.makedirs(merged)
    program = os.path.join(arguments.build, "mira_%s_fuzz" % (name if name in OWN else "log"))
    env = dict(os.environ, MIRA_FUZZ_PARSER="" if name in OWN else name, MIRA_FUZZ_SEEDS=work, ASAN_OPTIONS="detect_leaks=0")
    flags = ["-max_len=2048", "-timeout=20", "-rss_limit_mb=2048", "-dict=" + os.path.join(scratch, "words"), "-artifact_prefix=" + scratch + "/"]
    before, runs = cpu_seconds(), 0
    while cpu_seconds() - before < seconds:  # wall time of a niced process is not its CPU time
        left = seconds - (cpu_seconds() - before)
        ran = subprocess.run(["nice", "-n", "15", program, *flags, "-max_total_time=%d" % max(5, left), "-print_final_stats=1", work, kept],
                             env=env, stderr=subprocess.PIPE, text=True, errors="replace")
        runs += int((re.findall(r"number_of_executed_units:\s*(\d+)", ran.stderr) or [0])[0])
        if ran.returncode:
            print(ran.stderr[-3000:])
            found = sorted(glob.glob(os.path.join(scratch, "*-*")), key=os.path.getmtime)
            sys.exit("%s: broken by an input (%s)" % (name, " ".join(found[-3:])))
    subprocess.run(["nice", program, "-merge=1", "-max_len=2048", merged, kept, work], env=env, stderr=subprocess.DEVNULL)
    small = sorted(glob.glob(merged + "/*"), key=os.path.getsize)
    step = max(1, len(small) // arguments.keep)
    for old in glob.glob(kept + "/[0-9a-f]*"):
        if len(os.path.basename(old)) == 40: os.remove(old)
    for new in small[::step][:arguments.keep]: shutil.copy(new, kept)
    print("%s: %d inputs in %.0f CPU-s, %d kept" % (name, runs, cpu_seconds() - before, len(os.listdir(kept))), flush=True)


def main():
    names = sorted(set(os.listdir(os.path.join(here, "corpus"))) | set(OWN))
    if arguments.only: names = arguments.only.split(",")
    scratch = tempfile.mkdtemp(prefix="mira-fuzz-")
    dictionary(os.path.join(scratch, "words"))
    for name in names: fuzz(name, arguments.minutes * 60, scratch)
    shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
