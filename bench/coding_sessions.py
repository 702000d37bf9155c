#!/usr/bin/env python3
"""Recall over coding conversations, scored by the ids of the messages that hold the answer.

usage: coding_sessions.py [--mira PROGRAM] [--seed 7] [--projects 12] [--dump DIR]

A seeded writer makes the conversations of a team on several projects: decisions and what reversed them, symbols that
were renamed, errors and what fixed them, preferences, owners, numbers that changed; between them talk that shares the
words and holds no answer. Each question knows which messages answer it, and for what changed which message is the
old one. No model writes or judges. Printed: recall at 5 and 10, mean reciprocal rank, by kind of question; how
often the new one stands before the old one; the same for FTS5 (porter, stop words) as the floor.
"""
import argparse
import json
import os
import random
import re
import sqlite3
import subprocess
import tempfile

PEOPLE = ["Ada", "Grace", "Linus", "Barbara", "Ken", "Margaret", "Dennis", "Frances"]
PARTS = ["parser", "scheduler", "exporter", "cache", "importer", "router", "indexer", "renderer", "ledger", "notifier",
         "uploader", "planner", "resolver", "throttle", "watcher", "archiver"]
CHOICES = {"database": ["PostgreSQL", "SQLite", "MySQL", "DuckDB"], "message queue": ["RabbitMQ", "Kafka", "NATS", "SQS"],
           "HTTP library": ["Beast", "libcurl", "nghttp2", "Crow"], "test runner": ["GoogleTest", "Catch2", "doctest", "pytest"],
           "log format": ["JSON lines", "logfmt", "plain text", "syslog"], "serialization": ["protobuf", "msgpack", "JSON", "flatbuffers"]}
REASONS = ["it needs no server", "the team knows it", "it was twice as fast in our trial", "its licence is fine", "operations asked for it"]
VERBS = ["parse", "load", "flush", "merge", "resolve", "encode", "schedule", "open", "close", "rank", "split", "apply"]
NOUNS = ["header", "batch", "session", "entry", "record", "window", "token", "segment", "request", "page", "lease", "manifest"]
ERRORS = ["undefined reference to `{f}`", "segmentation fault in {f}", "{f} returns an empty list on the second call",
          "deadlock between {f} and the flush thread", "{f} leaks a file descriptor", "assertion failed in {f}: size > 0"]
CAUSES = ["the buffer was freed before the callback ran", "the link order put the library first", "the lock was taken twice",
          "an iterator was kept over a resize", "the error path returned early", "the counter was 32 bits wide"]
RULES = ["never commit generated files", "always run the formatter before a commit", "keep functions under forty lines",
         "write the failing test first", "squash the commits of a branch", "use early returns instead of nested ifs",
         "spell out names, no abbreviations", "put the reason for a change into its message"]
LIMITS = {"retry limit": ["3", "5", "8"], "upload timeout": ["30 seconds", "45 seconds", "90 seconds"],
          "cache size": ["64 MB", "128 MB", "512 MB"], "line length": ["80", "100", "120"], "worker count": ["2", "4", "8"]}
TALK = ["Can you look at the {p} again, I am not sure it is readable.", "The {p} has grown; let us see it tomorrow.",
        "I ran the whole suite on the {p} and it was green.", "Do we have a benchmark for the {p}?",
        "The review of the {p} took all morning.", "What would you change first in the {p}?",
        "Please explain how the {p} is called from the {q}.", "The {p} and the {q} share a lot of code."]
REPLIES = ["Here is an outline of the {p}: it reads its input, checks it, and hands it to the {q}. There are three entry points and "
           "two of them are tested. I would begin with the one that is not.",
           "I looked at the {p}. The structure is sound. A few names could be clearer, and one loop does two things at once.",
           "Done. The change touches the {p} only, and the tests of the {q} still pass.",
           "There are several ways: a small one inside the {p}, or a larger one that moves the work to the {q}."]


class Writer:
    def __init__(self, seed, projects):
        self.rnd, self.messages, self.questions = random.Random(seed), [], []
        for number in range(projects):
            self.project(f"project-{number + 1}")

    def say(self, text, role="user", who=None):
        number = len(self.here) + 1
        self.here.append(dict(scope=self.scope, session=self.session, id=f"m{number}", role=role,
                              speaker=who or ("user" if role == "user" else "assistant"), time=self.time(number), text=text))
        return f"m{number}"

    def time(self, number):
        day = 1 + number // 12
        return f"2024-{1 + day // 28 % 12:02}-{1 + day % 28:02}T{8 + number % 10:02}:{number % 60:02}:00Z"

    def talk(self, count):
        for _ in range(count):
            p, q = self.rnd.sample(PARTS, 2)
            self.say(self.rnd.choice(TALK).format(p=p, q=q))
            self.say(self.rnd.choice(REPLIES).format(p=p, q=q), "assistant")

    def ask(self, kind, text, gold, old=None):
        self.questions.append(dict(id=f"{self.scope}/{len(self.questions)}", kind=kind, scope=self.scope, text=text, gold=gold, old=old or []))

    def project(self, scope):
        self.scope, self.here, self.session = scope, [], "s1"
        events = [lambda s=s: self.decision(s) for s in self.rnd.sample(sorted(CHOICES), 5)]
        events += [lambda s=s: self.limit(s) for s in sorted(LIMITS)]
        functions = [f"{v}_{n}" for v, n in zip(self.rnd.sample(VERBS, 12), self.rnd.sample(NOUNS, 12))]
        events += [lambda f=f: self.rename(f) for f in functions[:4]] + [lambda f=f: self.error(f) for f in functions[4:10]]
        events += [lambda r=r: self.rule(r) for r in self.rnd.sample(RULES, 5)]
        events += [lambda p=p: self.owner(p) for p in self.rnd.sample(PARTS, 3)]
        self.rnd.shuffle(events)
        self.later = []
        for number, event in enumerate(events):
            self.session = f"s{1 + number // 5}"
            self.talk(self.rnd.randint(1, 4))
            event()
        self.rnd.shuffle(self.later)
        for number, event in enumerate(self.later):
            self.session = f"s{10 + number // 4}"
            self.talk(self.rnd.randint(1, 3))
            event()
        self.messages += self.here

    def decision(self, subject):
        first, second = self.rnd.sample(CHOICES[subject], 2)
        part = self.rnd.choice(PARTS)
        old = self.say(f"Let's use {first} for the {part}: as a {subject} it will do, and {self.rnd.choice(REASONS)}.")
        self.say(f"Good. I will wire {first} into the {part} and leave the rest as it is.", "assistant")
        if self.rnd.random() < 0.6:
            def reverse():
                new = self.say(f"We switched the {subject} of the {part} from {first} to {second}, {self.rnd.choice(REASONS)}.")
                self.say("Understood, I will move the code over.", "assistant")
                self.ask("reversal", f"Which {subject} does the {part} use?", [new], [old])
            self.later.append(reverse)
        else:
            self.ask("decision", f"Why did we choose the {subject} of the {part}?", [old])

    def limit(self, subject):
        first, second = self.rnd.sample(LIMITS[subject], 2)
        part = self.rnd.choice(PARTS)
        old = self.say(f"The {subject} of the {part} is {first}, please keep to it.")
        self.say("I will keep to that.", "assistant")

        def change():
            new = self.say(f"The {subject} of the {part} was changed to {second} after the last incident.")
            self.ask("update", f"What is the {subject} of the {part}?", [new], [old])
        self.later.append(change)

    def rename(self, name):
        verb, noun = name.split("_")
        fresh = f"{verb}_{self.rnd.choice([n for n in NOUNS if n != noun])}_{noun}s"
        first = self.say(f"{name}() is called from the {self.rnd.choice(PARTS)} and from two tests.")

        def move():
            new = self.say(f"I renamed {name} to {fresh}, because it takes more than one {noun} now.")
            self.say(f"All callers of {fresh} are changed.", "assistant")
            self.ask("rename", f"What is {name} called now?", [new], [first])
        self.later.append(move)

    def error(self, function):
        error, cause = self.rnd.choice(ERRORS).format(f=function), self.rnd.choice(CAUSES)
        seen = self.say(f"The build of this morning says: {error}. Any idea?")
        self.say("Let me look at the recent changes around it. It may have to do with the order of things.", "assistant")
        fixed = self.say(f"Found it, the one with {function} is fixed: {cause}.")
        self.ask("fix", f"How was the error in {function} fixed?", [fixed, seen])

    def rule(self, rule):
        first = self.say(f"For this project: {rule}.")
        self.say("Noted.", "assistant")
        content = " ".join(w for w in rule.split() if w not in ("never", "always", "the", "a", "of", "no", "for"))
        words = content.split()
        self.ask("preference", f"What did I ask for regarding {' '.join(words[-2:])}?", [first])

    def owner(self, part):
        who = self.rnd.choice(PEOPLE)
        first = self.say(f"{who} looks after the {part} from this week on.")
        self.ask("owner", f"Who is responsible for the {part}?", [first])


STOP = set("a an the of to in on for from is are was were be and or it its this that what which who how why did does do we i you "
           "with by at as not now my our your they them".split())


def floor(messages, questions):
    words = lambda text: [w for w in re.findall(r"[^\W_]+", text.lower()) if w not in STOP]
    by_scope, out = {}, {}
    for message in messages:
        by_scope.setdefault(message["scope"], []).append(message)
    for scope, some in by_scope.items():
        db = sqlite3.connect(":memory:")
        db.execute("create virtual table f using fts5(x, tokenize='porter unicode61')")
        db.executemany("insert into f(rowid, x) values (?, ?)", [(i + 1, m["text"]) for i, m in enumerate(some)])
        for question in questions:
            if question["scope"] == scope:
                match = " OR ".join('"%s"' % w for w in words(question["text"]))
                rows = db.execute("select rowid from f where f match ? order by bm25(f), rowid limit 50", (match,))
                out[question["id"]] = [some[r - 1]["id"] for (r,) in rows]
    return out


def ask_mira(program, messages, questions):
    with tempfile.TemporaryDirectory() as home:
        run = dict(env={**os.environ, "MIRA_HOME": home}, cwd=home, check=True, capture_output=True, text=True)
        subprocess.run([program, "import", "--format", "messages"], input="".join(json.dumps(m) + "\n" for m in messages), **run)
        lines = "".join(json.dumps(dict(id=q["id"], query=q["text"], scope=q["scope"], limit=50)) + "\n" for q in questions)
        answers = map(json.loads, subprocess.run([program, "recall", "--batch"], input=lines, **run).stdout.splitlines())
        return {a["id"]: [r["message"] for r in a["results"]] for a in answers}


def score(questions, ranked):
    kinds = {}
    for question in questions:
        order = ranked.get(question["id"], [])
        place = {m: i for i, m in enumerate(order, 1)}
        found = [place[g] for g in question["gold"] if g in place]
        row = dict(n=1, r5=sum(p <= 5 for p in found) / len(question["gold"]), r10=sum(p <= 10 for p in found) / len(question["gold"]),
                   mrr=1 / min(found) if found else 0, changes=0, fresh=0)
        if question["old"]:
            new, old = min(found or [999]), min([place.get(o, 998) for o in question["old"]])
            row.update(changes=1, fresh=new < old)
        for kind in (question["kind"], "all"):
            total = kinds.setdefault(kind, dict.fromkeys(row, 0))
            for key, value in row.items():
                total[key] += value
    return kinds


def show(name, kinds):
    print(f"\n{name}\n{'kind':12}{'n':>6}{'R@5':>8}{'R@10':>8}{'MRR':>8}{'fresh first':>13}")
    for kind in sorted(kinds, key=lambda k: (k == "all", k)):
        t = kinds[kind]
        fresh = f"{t['fresh'] / t['changes']:13.3f}" if t["changes"] else f"{'-':>13}"
        print(f"{kind:12}{t['n']:6}{t['r5'] / t['n']:8.3f}{t['r10'] / t['n']:8.3f}{t['mrr'] / t['n']:8.3f}{fresh}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mira", default="build/release/mira")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--projects", type=int, default=12)
    parser.add_argument("--dump")
    options = parser.parse_args()
    made = Writer(options.seed, options.projects)
    if options.dump:
        os.makedirs(options.dump, exist_ok=True)
        for name, rows in (("messages.jsonl", made.messages), ("questions.jsonl", made.questions)):
            with open(os.path.join(options.dump, name), "w", encoding="utf-8") as out:
                out.writelines(json.dumps(row) + "\n" for row in rows)
    print(f"{len(made.messages)} messages of {options.projects} projects, {len(made.questions)} questions, seed {options.seed}")
    show("FTS5, porter, stop words", score(made.questions, floor(made.messages, made.questions)))
    show("mira", score(made.questions, ask_mira(os.path.abspath(options.mira), made.messages, made.questions)))


if __name__ == "__main__":
    main()
