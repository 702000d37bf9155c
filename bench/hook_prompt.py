#!/usr/bin/env python3
"""Times the prompt hook as a whole process over a large memory and a large project.

usage: bench/hook_prompt.py [--mira build/release/mira] [--memories 1000000] [--symbols 100000] [--calls 400] [--home DIR]

The project is made: Python files of a hundred functions that call each other. The memories are made: turns of invented words, some of them about
things that prompts then ask for. Half of the prompts name a function, a quarter ask for something said, a quarter name nothing. --home keeps what
was made for another run. Times are from the process's start to its end, each prompt in a conversation of its own; CPU is what the process used,
which a busy machine changes less. What is given by --home may be of an older version: the first command migrates it.
"""
import argparse, json, os, random, resource, shutil, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("--mira", default="build/release/mira")
parser.add_argument("--memories", type=int, default=1_000_000)
parser.add_argument("--symbols", type=int, default=100_000)
parser.add_argument("--calls", type=int, default=400)
parser.add_argument("--home", default="")
arguments = parser.parse_args()
mira = os.path.abspath(arguments.mira)
random.seed(7)
SYLLABLES = "ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu".split()
WORDS = ["".join(random.choices(SYLLABLES, k=random.randint(2, 4))) for _ in range(30_000)]


def function(number):
    return "%s_%s_%d" % (WORDS[number % len(WORDS)], WORDS[number * 7 % len(WORDS)], number)


def make_project(folder):
    os.makedirs(folder)
    for first in range(0, arguments.symbols, 100):
        body = "".join("def %s(a):\n    return %s(a)\n\n\n" % (function(n), function(n - 1 if n > first else n)) for n in range(first, min(first + 100, arguments.symbols)))
        place = os.path.join(folder, "part_%d" % (first // 10_000))
        os.makedirs(place, exist_ok=True)
        open(os.path.join(place, "m_%d.py" % first), "w").write(body)
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "Start"]):
        subprocess.run(["git", *words], cwd=folder, check=True)


def fact(number):
    return "The %s queue of %s is emptied every %d minutes." % (WORDS[number * 11 % len(WORDS)], WORDS[number * 13 % len(WORDS)], number % 50 + 3)


def memories():
    for number in range(arguments.memories):
        text = fact(number) if number % 1000 == 0 else " ".join(random.choices(WORDS, k=random.randint(8, 30)))
        yield {"session": "S%d" % (number // 200), "id": "m%d" % number, "role": "user" if number % 2 == 0 else "assistant", "speaker": "", "time": "", "text": text}


def prompt(number):
    kind = number % 4
    if kind < 2: return "why is %s wrong and what calls it?" % function(random.randrange(arguments.symbols))
    if kind == 2: return "how often is the %s emptied?" % fact(random.randrange(max(1, arguments.memories // 1000)) * 1000)[4:].split(" is ")[0]
    return "make %s faster please" % random.choice(WORDS)


def main():
    scratch = arguments.home or tempfile.mkdtemp(prefix="mira-hook-")
    tree, home = os.path.join(scratch, "tree"), os.path.join(scratch, "home")
    environment = dict(os.environ, MIRA_HOME=home, LC_ALL="C.UTF-8", MIRA_HOOK_DEADLINE_MS="20000")
    if not os.path.isdir(tree):
        make_project(tree)
        started = time.monotonic()
        subprocess.run([mira, "index", "--quiet"], cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL)
        print("%d symbols indexed in %.0f s" % (arguments.symbols, time.monotonic() - started), flush=True)
        started = time.monotonic()
        loading = subprocess.Popen([mira, "import", "--format", "messages"], cwd=tree, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        for one in memories(): loading.stdin.write(json.dumps(one) + "\n")
        loading.stdin.close()
        if loading.wait(): sys.exit("mira import: exit %d" % loading.returncode)
        print("%d memories stored in %.0f s" % (arguments.memories, time.monotonic() - started), flush=True)
    subprocess.run([mira, "recall", "the queue"], cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL)
    times, used, answered = [], [], 0
    for number in range(arguments.calls + 10):
        event = {"session_id": "c%d-%d" % (os.getpid(), number), "cwd": tree, "hook_event_name": "UserPromptSubmit", "prompt": prompt(number)}
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        ran = subprocess.run([mira, "hook", "--client", "claude"], cwd=tree, env=environment, input=json.dumps(event).encode(), stdout=subprocess.PIPE)
        if ran.returncode: sys.exit("exit %d" % ran.returncode)
        took, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        if number >= 10:
            times.append(1000 * took)
            used.append(1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime))
        answered += bool(ran.stdout)
    at = lambda figures, share: sorted(figures)[min(len(figures) - 1, int(len(figures) * share))]
    for what, figures in (("time", times), ("CPU", used)):
        print("%d prompts, %d answered: %s p50 %.1f p95 %.1f p99 %.1f most %.1f ms" % (
            len(figures), answered, what, at(figures, .5), at(figures, .95), at(figures, .99), max(figures)))
    if not arguments.home: shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
