#!/usr/bin/env python3
"""Measures the built program on one real repository and writes docs/figures.md.

usage: bench/figures.py --repo PATH [--mira build/release/mira] [--seed 7] [--out docs/figures.md] [--replay 100]

PATH is any git clone; it is cloned again into a scratch folder, never changed. CPU seconds count this program and
every child it waited for (git, parse workers). Peak memory is the largest single process. Wall times are medians
and 95th percentiles over many runs; machines differ, so read them beside the CPU seconds.
"""
import argparse, json, os, random, re, resource, shutil, statistics, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("--repo", required=True)
parser.add_argument("--name", default="", help="what the report calls the repository; else its folder")
parser.add_argument("--mira", default="build/release/mira")
parser.add_argument("--seed", type=int, default=7)
parser.add_argument("--out", default="")
parser.add_argument("--questions", type=int, default=60)
parser.add_argument("--replay", type=int, default=100)
arguments = parser.parse_args()
mira = os.path.abspath(arguments.mira)
random.seed(arguments.seed)


def run(words, folder, home, check=True):
    """-> (stdout, wall s, cpu s, peak MB)"""
    environment = dict(os.environ, MIRA_HOME=home, LC_ALL="C.UTF-8")
    started = time.monotonic()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen([mira] + words, cwd=folder, env=environment, stdout=out, stderr=err)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0), err.seek(0)
        text = out.read().decode("utf8", "replace")
        if check and child.returncode:
            sys.exit("mira %s: exit %d\n%s" % (" ".join(words), child.returncode, err.read().decode("utf8", "replace")[-2000:]))
    return text, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def git(folder, *words):
    return subprocess.run(["git", "-C", folder, *words], capture_output=True, text=True, errors="replace", check=True).stdout


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def folder_mb(path):
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, files in os.walk(path) for f in files) / 1e6


def first_index(tree, home):
    text, wall, cpu, peak = run(["index", "--json"], tree, home)
    parts = {part["indexer"]: part for part in json.loads(text)["data"]["parts"]}
    return dict(wall=wall, cpu=cpu, peak=peak, parts=parts, db=folder_mb(home))


def edit_visible(tree, home, rounds=11):
    files = [f for f in git(tree, "ls-files").split("\n") if re.search(r"\.(c|cc|cpp|py)$", f)]
    # Files that end whole: a function after a macro call without a semicolon is no function to a parser.
    files = [f for f in files if open(os.path.join(tree, f), "rb").read().rstrip().endswith((b"}", b"#endif"))]
    walls, cpus = [], []
    for number in range(rounds):
        path = os.path.join(tree, random.choice(files))
        name = "mira_bench_symbol_%d" % number
        before = open(path, "rb").read()
        body = {"py": "\ndef %s():\n    return 1\n"}.get(path.rsplit(".", 1)[1], "\nint %s(void) { return 1; }\n") % name
        open(path, "ab").write(body.encode())
        text, wall, cpu, _ = run(["symbols", name, "--json"], tree, home)
        if name not in text: sys.exit("the edit of %s was not seen" % path)
        walls.append(wall), cpus.append(cpu)
        open(path, "wb").write(before)
        run(["symbols", "main", "--json"], tree, home, check=False)
    return walls, cpus


def questions(tree, home, count):
    symbols = [line.split("\t")[3] for line in run(["graph", "export", "--what", "symbols", "--format", "tsv"], tree, home)[0].split("\n")
               if line and not line.startswith("#")]
    subjects = [s for s in git(tree, "log", "-n", "2000", "--no-merges", "--format=%s").split("\n") if len(s.split()) >= 4]
    out = []
    for number in range(count):
        symbol = random.choice(symbols)
        out.append([random.choice(subjects), "who calls %s and what does it do" % symbol, "change %s without breaking its callers" % symbol][number % 3])
    return out


def ask(tree, home, verb, texts, extra=()):
    walls, cpus, tokens = [], [], []
    for text in texts:
        reply, wall, cpu, _ = run([verb, "--json", *extra, "--", text], tree, home)
        walls.append(wall), cpus.append(cpu)
        tokens.append(json.loads(reply)["data"].get("tokens", {}).get("used", 0))
    return walls, cpus, tokens


def cold_contexts(tree, home, texts):
    """Wall seconds, each after the page cache was dropped; nothing where it may not be."""
    walls = []
    for text in texts:
        try:
            subprocess.run(["sync"], check=True)
            open("/proc/sys/vm/drop_caches", "w").write("3\n")
        except OSError:
            return []
        walls.append(run(["context", "--json", "--", text], tree, home)[1])
    return walls


def tables(tree, home):
    rows = lambda *words: sorted(l for l in run(["graph", "export", *words, "--format", "tsv"], tree, home)[0].split("\n") if l)
    files = git(tree, "ls-files").split("\n")[:400]
    requests = "".join(json.dumps({"id": n, "files": [f], "limit": 20}) + "\n" for n, f in enumerate(files))
    out = subprocess.run([mira, "cochange", "--batch"], input=requests, capture_output=True, text=True, cwd=tree, check=True,
                         env=dict(os.environ, MIRA_HOME=home)).stdout
    return rows("--what", "symbols"), rows(), out.split("\n")


def replay(tree, scratch, steps):
    """Commits one by one into a kept index, then everything against a fresh one: count of differing lines."""
    kept, fresh = os.path.join(scratch, "kept"), os.path.join(scratch, "fresh")
    revisions = git(tree, "rev-list", "--first-parent", "-n", str(steps + 1), "HEAD").split()[::-1]
    times = []
    for number, revision in enumerate(revisions):
        git(tree, "checkout", "-q", "--detach", revision)
        wall = run(["index"], tree, kept)[1]
        if number: times.append(wall)
    run(["index"], tree, fresh)
    different = [len(set(a) ^ set(b)) for a, b in zip(tables(tree, kept), tables(tree, fresh))]
    return dict(zip(("symbols", "edges", "cochange"), different)), times


def main():
    scratch = tempfile.mkdtemp(prefix="mira-figures-")
    tree, home = os.path.join(scratch, "tree"), os.path.join(scratch, "home")
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", arguments.repo, tree], check=True)
    index = first_index(tree, home)
    edit_walls, edit_cpus = edit_visible(tree, home)
    texts = questions(tree, home, arguments.questions)
    ask(tree, home, "context", texts[:3])
    context_walls, context_cpus, tokens = ask(tree, home, "context", texts)
    search_walls, search_cpus, _ = ask(tree, home, "search", texts)
    cold = cold_contexts(tree, home, texts[:5])
    differences, update_walls = replay(tree, scratch, arguments.replay) if arguments.replay else ({}, [])
    version = json.loads(run(["version", "--json"], tree, home)[0])["data"]
    code, history = index["parts"]["code"], index["parts"]["history"]
    lines = sum(open(os.path.join(tree, f), "rb").read().count(b"\n") for f in git(tree, "ls-files").split("\n")
                if re.search(r"\.(c|h|cc|cpp|py|ts|js|go|rs|java)$", f) and os.path.isfile(os.path.join(tree, f)))
    ms = lambda seconds: "%d ms" % round(1000 * seconds)
    rows = [
        ("first index: code", "%.1f CPU-s" % (code["cpu_ms"] / 1000)),
        ("first index: history, names and renames", "%.1f CPU-s" % (history["cpu_ms"] / 1000)),
        ("first index: all, line counts included", "%.1f CPU-s, %.1f s wall" % (index["cpu"], index["wall"])),
        ("peak memory, largest process", "%d MB" % index["peak"]),
        ("size of the index", "%d MB" % index["db"]),
        ("one edited file visible to `mira symbols`", "median %s, worst %s; %s CPU" % (ms(statistics.median(edit_walls)), ms(max(edit_walls)), ms(statistics.median(edit_cpus)))),
        ("`mira context`, warm, whole process", "p50 %s, p95 %s; p95 %s CPU" % (ms(statistics.median(context_walls)), ms(percentile(context_walls, .95)), ms(percentile(context_cpus, .95)))),
        ("`mira context`, page cache dropped", "median %s, worst %s of %d" % (ms(statistics.median(cold)), ms(max(cold)), len(cold)) if cold else "not measured: no right to drop the page cache"),
        ("`mira search`, warm, whole process", "p50 %s, p95 %s; p95 %s CPU" % (ms(statistics.median(search_walls)), ms(percentile(search_walls, .95)), ms(percentile(search_cpus, .95)))),
        ("tokens of a context answer", "median %d of %d allowed" % (statistics.median(tokens), 4000)),
    ]
    if differences:
        rows.append(("%d commits replayed one by one against a fresh index" % arguments.replay,
                     ", ".join("%s: %d differences" % pair for pair in differences.items()) + "; update median %s" % ms(statistics.median(update_walls))))
    text = "# Figures\n\nMade by `bench/figures.py --repo PATH --seed %d` with mira %s.\n" % (arguments.seed, version["commit"])
    text += "Repository: %s at %s, %d commits, %d files, %d lines of source.\n" % (
        arguments.name or os.path.basename(re.sub(r"(/\.git)?/?$", "", arguments.repo)), git(tree, "rev-parse", "--short=12", "HEAD").strip(),
        int(git(tree, "rev-list", "--count", "HEAD")), len(git(tree, "ls-files").split("\n")), lines)
    text += "Machine: %d cores, %s.\n\n| what | figure |\n|---|---|\n" % (os.cpu_count(), os.uname().machine)
    text += "".join("| %s | %s |\n" % row for row in rows)
    if arguments.out:
        kept = open(arguments.out).read() if os.path.exists(arguments.out) else ""
        others = kept[kept.index("\n## "):] if "\n## " in kept else ""  # sections that other benches made
        open(arguments.out, "w").write(text + others)
    print(text)
    shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
