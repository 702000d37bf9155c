#!/usr/bin/env python3
"""Does `mira` know that two diagnostics are of one kind, when only their words are there to go by?

usage: fingerprint_pairs.py --mira PROGRAM [--seed 7] [--variants 24] [--tools gcc,tsc] [--path DIR:DIR] [--jobs 2] [--show N] [--list]
The set is made from the seed: every tool of fingerprint_faults.py that is installed reads sources with planted faults. One variant
is one project: other names, other file, other lines, other folder (another machine), other locale, colours on or off, another
installed version of the tool. The label of a diagnostic is the fault that stands at its place, so it is known and never judged.
  codes hidden:  two diagnostics are of one kind when tool and template agree. A pair is right when both were made by one fault.
  codes visible: the same with the class key, over the tools that give codes.
  splits:        a variant read again through a metamorphosis (folder, lines, colour, quotes, prefix of a CI, order) must keep
                 every identity key; each that changes is a split.
Baselines over the same set: exact text, digits masked, digits and quoted text masked.
"""
import argparse
import collections
import concurrent.futures
import json
import os
import random
import re
import shutil
import subprocess
import tempfile

from fingerprint_faults import NAMES, TOOLS

FOLDERS = "home/ada/work/shop build/agent-7/src w opt/ci/checkout_41 Users/bob/code srv/git/x/y".split()


def spread(chosen, faults, comment):
    """The source of one file and the lines that belong to each fault."""
    lines, places = [], []
    for rule, mark, text in faults:
        for _ in range(chosen.randint(0, 6)):
            lines.append(comment + " " + chosen.choice(NAMES) if comment and chosen.random() < 0.3 else "")
        first = len(lines) + 1
        lines += text.rstrip("\n").split("\n")
        places.append((first, len(lines), rule, mark))
    return "\n".join(lines) + "\n", places


def fill(text, chosen):
    names = chosen.sample(NAMES, 12)
    return (text.replace("{v}", names[0]).replace("{w}", names[1] + "_" + names[2]).replace("{f}", names[3] + chosen.choice(["", "_" + names[4]]))
            .replace("{c}", names[5] + names[6].capitalize()).replace("{t}", names[7].capitalize()).replace("{u}", names[8].capitalize() + names[9].capitalize())
            .replace("{n}", str(chosen.randint(2, 99))))


def variants(tool, seed, count, search):
    for number in range(count):
        chosen = random.Random(f"{seed} {tool['name']} {number}")
        programs = [p for p in (shutil.which(name, path=search) for name in tool["programs"]) if p]
        if not programs:
            return
        yield number, chosen, chosen.choice(programs)


def one_log(tool, chosen, program, top, search):
    """Runs the tool once; the log and where its faults are."""
    folder = os.path.join(top, chosen.choice(FOLDERS))
    os.makedirs(folder)
    faults = [(rule, mark, fill(text, chosen)) for rule, mark, text in tool["faults"]]
    chosen.shuffle(faults)
    groups = [[fault] for fault in faults] if tool.get("apart") else [faults]
    log, places = "", []
    for number, group in enumerate(groups):
        name = "%s%d%s" % (chosen.choice(NAMES), number, tool["ending"])
        text, at = spread(chosen, group, tool.get("comment"))
        head = fill(tool.get("head", ""), chosen)
        text = head + text + tool.get("tail", "")
        for other, content in tool.get("files", {}).items():
            open(os.path.join(folder, other), "w").write(content)
        name = tool.get("file", name)
        open(os.path.join(folder, name), "w").write(text)
        shift = head.count("\n")
        places += [(name, first + shift, last + shift, rule, mark) for first, last, rule, mark in at]
        shown = name if chosen.random() < 0.5 or not tool.get("absolute", True) else os.path.join(folder, name)
        words = [program if word == "{program}" else word.replace("{file}", shown) for word in tool["command"]]
        if tool.get("colour") and chosen.random() < 0.4:
            words += tool["colour"]
        around = dict(os.environ, PATH=search, LC_ALL=chosen.choice(["C", "C.UTF-8"]), GOFLAGS="-mod=mod", CARGO_TERM_COLOR="never")
        around.pop("LANG", None)
        done = subprocess.run(words, cwd=folder, env=around, capture_output=True, text=True, errors="replace", timeout=300)
        log += done.stdout + done.stderr
    return log, places


def diagnose(mira, log):
    done = subprocess.run(mira.split() + ["diagnose", "--json", "--keys"], input=log, capture_output=True, text=True, errors="replace")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def label(record, places):
    name = os.path.basename(record["file"] or "")
    for file, first, last, rule, mark in places:
        if file != name or not first <= (record["line"] or 0) <= last:
            continue
        if mark[1:] == record["code"] if mark.startswith("=") else re.search(mark, record["message"]):
            return rule
    return None


def masks(message):
    digits = re.sub(r"\d+", "0", message)
    return {"exact text": message, "digits masked": digits,
            "digits and quoted text masked": re.sub(r"'[^']*'|\"[^\"]*\"|`[^`']*[`']|‘[^’]*’", "<q>", digits)}


def pairs(groups):
    return sum(n * (n - 1) // 2 for n in groups.values())


def score(rows):
    """rows: (truth, key). Precision and recall over pairs."""
    both = pairs(collections.Counter(rows))
    said = pairs(collections.Counter(key for _, key in rows))
    true = pairs(collections.Counter(truth for truth, _ in rows))
    precision, recall = both / max(1, said), both / max(1, true)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def metamorphoses(log, folder):
    shifted = lambda m: "%s:%d:%d:" % (m.group(1), int(m.group(2)) + 40, int(m.group(3)) + 2)
    yield "another folder", log.replace(folder, "/srv/other/place")
    yield "other lines", re.sub(r"^([\w./-]+\.\w+):(\d+):(\d+):", shifted, log, flags=re.M)
    yield "other quotes", log.translate(str.maketrans("‘’", "''"))
    yield "prefix of a CI", "".join("2026-03-01T10:00:00.1234567Z " + line for line in log.splitlines(True))
    yield "carriage returns", log.replace("\n", "\r\n")


def identities(records):
    return collections.Counter(one["keys"]["identity"] for one in records)


def of_tool(tool, arguments, search):
    out = dict(rows=[], missed=collections.Counter(), splits=collections.Counter(), compared=0)
    family = tool.get("family", tool["name"])
    for number, chosen, program in variants(tool, arguments.seed, arguments.variants, search):
        with tempfile.TemporaryDirectory() as top:
            log, places = one_log(tool, chosen, program, top, search)
            records = diagnose(arguments.mira, log)
        labelled = [(label(record, places), record) for record in records]
        seen = {rule for rule, _ in labelled if rule}
        out["missed"].update((tool["name"], rule) for _, _, _, rule, _ in places if rule not in seen)
        out["rows"] += [(family, rule, record) for rule, record in labelled if rule]
        if number >= 3:
            continue
        before = identities(records)
        for name, changed in metamorphoses(log, top):
            after = identities(diagnose(arguments.mira, changed))
            out["splits"][name] += sum(((before - after) + (after - before)).values())
            out["compared"] += sum(before.values())
    return out


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--mira", required=True)
    ask.add_argument("--seed", type=int, default=7)
    ask.add_argument("--variants", type=int, default=24)
    ask.add_argument("--tools", default="")
    ask.add_argument("--path", default="", help="folders searched before PATH")
    ask.add_argument("--jobs", type=int, default=2)
    ask.add_argument("--show", type=int, default=0)
    ask.add_argument("--list", action="store_true", help="print every labelled diagnostic")
    arguments = ask.parse_args()
    search = ":".join(filter(None, [arguments.path, os.environ["PATH"]]))
    chosen = [tool for tool in TOOLS if not arguments.tools or tool["name"] in arguments.tools.split(",")]
    rows, missed, splits, compared = [], collections.Counter(), collections.Counter(), 0
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for tool, done in zip(chosen, pool.map(lambda tool: of_tool(tool, arguments, search), chosen)):
            rows += done["rows"]
            missed.update(done["missed"])
            splits.update(done["splits"])
            compared += done["compared"]
            said = "%5d diagnostics of %d faults" % (len(done["rows"]), len(tool["faults"])) if done["rows"] else "not installed"
            print("%-12s %s" % (tool["name"], said), flush=True)
    report(rows, missed, splits, compared, arguments)


def report(rows, missed, splits, compared, arguments):
    tools = {tool for tool, _, _ in rows}
    print("%d labelled diagnostics of %d tools, %d kinds; planted and not told: %d" % (len(rows), len(tools), len({(t, r) for t, r, _ in rows}), sum(missed.values())))
    if arguments.list:
        for tool, rule, record in rows:
            print("%s\t%s\t%s\t%s\t%s" % (tool, rule, record["code"], record["keys"]["template"], record["message"].split("\n")[0]))
    truth = [(tool, rule) for tool, rule, _ in rows]
    told = {"mira": [(record["tool"], record["keys"]["template"]) for _, _, record in rows]}
    for name in masks(""):
        told[name] = [(record["tool"], masks(record["message"].split("\n")[0])[name]) for _, _, record in rows]
    print("| codes hidden, pairs | P | R | F1 |\n|---|---|---|---|")
    for name in ["exact text", "digits masked", "digits and quoted text masked", "mira"]:
        print("| %s | %.3f | %.3f | %.3f |" % ((name,) + score(list(zip(truth, told[name])))))
    coded = [(t, (r["tool"], r["keys"]["class"])) for t, (_, _, r) in zip(truth, rows) if r["code"]]
    print("| mira, codes visible (%d with a code) | %.3f | %.3f | %.3f |" % ((len(coded),) + score(coded)))
    print("splits by metamorphosis: %s of %d compared" % (dict(splits), compared))
    show(rows, arguments.show)
    for (tool, rule), count in missed.most_common(arguments.show):
        print("not told:", tool, rule, count)


def show(rows, most):
    kinds, texts = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for tool, rule, record in rows:
        kinds[(tool, rule)][record["keys"]["template"]] += 1
        texts[(record["tool"], record["keys"]["template"])][(tool, rule)] += 1
    for kind, templates in sorted(kinds.items(), key=lambda kv: -len(kv[1]))[:most]:
        if len(templates) > 1:
            print("one kind, several templates:", kind, dict(templates))
    for text, of in sorted(texts.items(), key=lambda kv: -len(kv[1]))[:most]:
        if len(of) > 1:
            print("one template, several kinds:", text, dict(of))


if __name__ == "__main__":
    main()
