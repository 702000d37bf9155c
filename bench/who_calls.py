#!/usr/bin/env python3
"""Asks "who calls X" of functions whose callers a compiler knows, and of names that nothing or several things have; writes its section
of docs/figures.md.

usage: bench/who_calls.py --truth NAME=FILE.jsonl[.gz]=TREE ... [--mira build/release/mira] [--functions 200] [--probes 100] [--out docs/figures.md]

A truth file has JSON lines: {"t":"fn","file":..,"line":..,"name":..,"cond":bool} for each function that was compiled, and
{"t":"call","kind":"call","src":[file,line,name],"anc":[names around it],"macro":bool,"dst":{"name":..,"locs":[[file,line],..]},"alts":[[file,line,name],..]} for each call
that stands in its source. Functions are drawn with a fixed seed from those with callers. A caller is (file, last name); callers that the
compiler did not see (other systems' code, tests) and those that construct or override are neither owed nor false, and neither are calls
that exist only behind macros. Names are asked as `mira callers NAME --file FILE --json`; the tokens are those of the text of the default
answer, counted by the program `mira_tokens_bench`; times are of warm calls over MCP, one after the other. Probes: 50 names that no
definition has (a real name with two letters changed), which must be an error with neighbours, and up to 50 names that stand for several
things, which must be told apart and not answered for one.
"""
import argparse, collections, gzip, json, os, random, re, statistics, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("--truth", action="append", required=True)
parser.add_argument("--mira", default="build/release/mira")
parser.add_argument("--tokens", default="build/release/mira_tokens_bench")
parser.add_argument("--functions", type=int, default=200)
parser.add_argument("--probes", type=int, default=100)
parser.add_argument("--seed", type=int, default=11)
parser.add_argument("--show", type=int, default=0)
parser.add_argument("--out", default="")
arguments = parser.parse_args()
mira = os.path.abspath(arguments.mira)
TITLE = "\n## Who calls it\n"
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}


def last(name):
    parts = [part for part in re.split(r"::|\.", name) if part]
    return parts[-1] if parts else name


def rows(path):
    with (gzip.open(path, "rt") if path.endswith(".gz") else open(path)) as lines:
        for line in lines: yield json.loads(line)


class Truth:
    """callers of (file, last name): those owed and those that are no fault."""

    def __init__(self, path):
        self.seen, self.owed, self.fine = set(), collections.defaultdict(set), collections.defaultdict(set)
        unclear, calls = set(), []
        for row in rows(path):
            if row["t"] == "fn": (unclear if row.get("cond") else self.seen).add((row["file"], last(row["name"])))
            elif row["t"] == "call": calls.append(row)
            elif row["t"] == "unk":
                for name in [last(n) for n in row.get("anc", [])] + [last(row["src"][2])]: unclear.add((row["src"][0], name, last(row["name"])))
        self.seen -= unclear
        self.unclear = unclear
        for row in calls:
            file, name = row["src"][0], last(row["dst"]["name"])
            around = {last(n) for n in row.get("anc", [])} | {last(row["src"][2])}
            for place in {place[0] for place in row["dst"]["locs"]}:
                for one in around: self.fine[place, name].add((file, one))
                if row["kind"] == "call" and not row.get("macro") and (file, last(row["src"][2])) in self.seen: self.owed[place, name].add((file, last(row["src"][2])))
            for place, _, other in row.get("alts", []):
                for one in around: self.fine[place, last(other)].add((file, one))


def run(words, tree, home, check=True):
    ran = subprocess.run([mira] + words, cwd=tree, env=dict(os.environ, MIRA_HOME=home), capture_output=True, text=True)
    if check and ran.returncode: sys.exit("mira %s: %s" % (" ".join(words), ran.stderr))
    return ran


def tokens(texts):
    counted = subprocess.run([arguments.tokens], input="".join(text.replace("\0", "") + "\0" for text in texts), capture_output=True, text=True, check=True)
    return [int(line) for line in counted.stdout.split()]


def warm_ms(tree, home, names):
    child = subprocess.Popen([mira, "mcp"], cwd=tree, env=dict(os.environ, MIRA_HOME=home), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    times = []
    for number, name in enumerate(names[:5] + names):
        call = {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": {"name": "code", "arguments": {"action": "callers", "query": name}, "_meta": META}}
        started = time.monotonic()
        child.stdin.write((json.dumps(call) + "\n").encode()); child.stdin.flush()
        child.stdout.readline()
        if number >= 5: times.append(1000 * (time.monotonic() - started))
    child.stdin.close(); child.wait(20)
    return sorted(times)


def ask_callers(truth, tree, home, symbols):
    """(hit, owed, false, texts, names asked)"""
    draw = random.Random(arguments.seed)
    known = collections.defaultdict(set)
    for symbol in symbols: known[symbol[0], last(symbol[3])].add(symbol[3])
    candidates = sorted(key for key in truth.owed if key in known and len(known[key]) == 1)
    picked = draw.sample(candidates, min(arguments.functions, len(candidates)))
    hit = owed = false = 0
    texts, names = [], []
    for file, name in picked:
        qualified = next(iter(known[file, name]))
        names.append(qualified)
        words = ["callers", qualified, "--file", file]
        reply = run(words + ["--json", "--limit", "2000"], tree, home, check=False)
        texts.append(run(words, tree, home, check=False).stdout)
        data = json.loads(reply.stdout).get("data") or {} if reply.returncode == 0 else {}
        told = {(one["file"], last(one["name"])) for one in data.get("callers", [])}
        want = truth.owed[file, name]
        around = truth.fine[file, name]
        wrong = {one for one in told if one in truth.seen and one not in around and one + (name,) not in truth.unclear}
        got = {one for one in want if one in told or any(other in told and other[0] == one[0] for other in around if other not in want)}
        hit += len(got); owed += len(want); false += len(wrong)
        if arguments.show and (wrong or got != want): print(qualified, file, "missed", sorted(want - got)[:3], "false", sorted(wrong)[:3])
    return hit, owed, false, texts, names


def changed(name, draw):
    at = draw.randrange(len(name) - 1)
    return name[:at] + draw.choice("qxzjk") + draw.choice("qxzjk") + name[at + 2:]


def probe(tree, home, symbols):
    """(said so, asked) of unknown and of ambiguous names."""
    draw = random.Random(arguments.seed)
    calls = [s for s in symbols if s[4] in ("function", "method")]
    names = sorted({last(s[3]) for s in calls if re.fullmatch(r"\w{5,}", last(s[3]))})
    everything = {last(s[3]) for s in symbols}
    half = arguments.probes // 2
    unknown = [name for name in (changed(draw.choice(names), draw) for _ in range(half)) if name not in everything]
    places = collections.defaultdict(set)
    for s in calls: places[last(s[3])].add((s[0], s[3]))
    several = sorted(name for name, where in places.items() if len({file for file, _ in where}) > 1 and len({q for _, q in where}) > 1)
    told = 0
    for name in unknown:
        ran = run(["callers", name, "--json"], tree, home, check=False)
        told += ran.returncode != 0 and name in ran.stderr + ran.stdout and "callers" not in (json.loads(ran.stdout or "{}").get("data") or {})
    asked = draw.sample(several, min(half, len(several)))
    apart = 0
    for name in asked:
        ran = run(["callers", name, "--json"], tree, home, check=False)
        data = json.loads(ran.stdout or "{}").get("data") or {}
        apart += bool(data.get("ambiguous")) and len(data.get("candidates", [])) > 1 and "callers" not in data
        if arguments.show and not data.get("ambiguous"): print("answered for one:", name, sorted(places[name])[:3])
    return told, len(unknown), apart, len(asked)


def main():
    table = []
    for given in arguments.truth:
        name, path, tree = given.split("=")
        with tempfile.TemporaryDirectory() as home:
            run(["index"], tree, home)
            export = run(["graph", "export", "--what", "symbols", "--format", "tsv"], tree, home).stdout
            symbols = [tuple(line.split("\t")) for line in export.splitlines() if line and not line.startswith("#")]
            hit, owed, false, texts, names = ask_callers(Truth(path), tree, home, symbols)
            precision, recall = hit / max(1, hit + false), hit / max(1, owed)
            f1 = 2 * precision * recall / max(1e-9, precision + recall)
            lengths, times = tokens(texts), warm_ms(tree, home, names)
            told, unknown, apart, several = probe(tree, home, symbols)
            at = lambda values, share: values[min(len(values) - 1, int(len(values) * share))]
            table.append((name, len(names), precision, recall, f1, statistics.median(lengths), at(sorted(lengths), .95), at(times, .5), at(times, .95),
                          "%d of %d" % (told, unknown), "%d of %d" % (apart, several)))
            print("%s: %d functions, P %.3f R %.3f F1 %.3f, tokens median %d p95 %d, ms p50 %.1f p95 %.1f, unknown %s, ambiguous %s" % table[-1], flush=True)
    if not arguments.out: return
    text = TITLE + "\n`bench/who_calls.py`: callers of functions drawn by a fixed seed, against a compiler's; tokens of the default answer; warm calls over MCP, one after\nthe other; names that nothing has, and names that several things have, of which it must be said so.\n"
    text += "\n| corpus | functions | P | R | F1 | tokens, median | tokens, p95 | p50 ms | p95 ms | unknown said so | ambiguous said so |\n|---|---|---|---|---|---|---|---|---|---|---|\n"
    text += "".join("| %s | %d | %.3f | %.3f | %.3f | %d | %d | %.1f | %.1f | %s | %s |\n" % row for row in table)
    kept = open(arguments.out).read()
    if TITLE in kept:
        begin = kept.index(TITLE)
        end = kept.find("\n## ", begin + len(TITLE))
        kept = kept[:begin] + (kept[end:] if end >= 0 else "")
    open(arguments.out, "w").write(kept.rstrip("\n") + "\n" + text)


if __name__ == "__main__":
    main()
