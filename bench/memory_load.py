#!/usr/bin/env python3
"""Memory under load: many messages asked, many writers killed.

usage: memory_load.py recall [--mira PROGRAM] [--messages 60000] [--questions 300] [--seed 1]
       memory_load.py writers [--mira PROGRAM] [--processes 8] [--writes 2000] [--seed 1]

recall: seeded messages of some 2,000 bytes whose words fall off as words of a language do (Zipf), with rare names in them, are
imported into one scope and asked by one process (`recall --batch`) for names and for talk. Printed: seconds and rate of
the import, milliseconds of wall clock and of CPU a question, p50 and p95, and how often the message that was asked for is first.
writers: so many processes of `record --batch` write at once, each line durable before it is answered; every second one of
them is killed (SIGKILL) and another goes on with what was not answered. Printed: answered, lost, refusals that speak
of a lock, written twice.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time

SYLLABLES = [a + b for a in "b d f g k l m n p r s t v z".split() for b in "a e i o u ai or en".split()]


def vocabulary(rnd, size):
    words = set()
    while len(words) < size:
        words.add("".join(rnd.choice(SYLLABLES) for _ in range(rnd.choice((2, 2, 3, 3, 4)))))
    return sorted(words, key=lambda _: rnd.random())


def messages(rnd, count):
    words = vocabulary(rnd, 30000)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    sums = [0.0]
    for weight in weights:
        sums.append(sums[-1] + weight)
    for number in range(count):
        length = rnd.choice((30, 60, 200, 700)) if number % 2 else rnd.choice((8, 20, 60))
        chosen = rnd.choices(words, cum_weights=sums[1:], k=length)
        name = f"{rnd.choice(words)}_{rnd.choice(words)}_{number}"
        at = rnd.randrange(length)
        text = " ".join(chosen[:at]) + f" {name} " + " ".join(chosen[at:])
        yield name, text, chosen


def recall(given):
    rnd = random.Random(given.seed)
    asked, size = [], 0
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "MIRA_HOME": home}
        file = pathlib.Path(folder) / "messages.jsonl"
        with open(file, "w") as out:
            for number, (name, text, chosen) in enumerate(messages(rnd, given.messages)):
                size += len(text)
                role = "assistant" if number % 2 else "user"
                out.write(json.dumps(dict(session=str(number // 300), id=str(number), role=role, time="2024-05-01T10:00:00Z", text=text)) + "\n")
                if rnd.random() < given.questions / given.messages:
                    rare = rnd.sample(chosen, min(6, len(chosen)))
                    asked.append((str(number), name if len(asked) % 3 == 0 else "what about " + " ".join(rare)))
        begun = time.monotonic()
        subprocess.run([given.mira, "import", str(file)], cwd=folder, env=environment, check=True, capture_output=True, timeout=3000)
        print(f"imported {given.messages} messages, {size / 1e6:.0f} MB of text, in {time.monotonic() - begun:.1f} s")
        process = subprocess.Popen([given.mira, "recall", "--batch"], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   text=True, bufsize=1)
        wall, cpu, first = [], [], 0
        for number, (message, query) in enumerate(asked[:5] + asked):
            before, used = time.monotonic(), cpu_of(process.pid)
            process.stdin.write(json.dumps(dict(id=number, query=query, limit=10)) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            if number >= 5:  # the first warm it up
                wall.append(1000 * (time.monotonic() - before))
                cpu.append(1000 * (cpu_of(process.pid) - used))
                first += answer["results"][:1] != [] and answer["results"][0]["message"] == message
        process.stdin.close()
        process.wait(timeout=60)
    at = lambda row, share: sorted(row)[min(len(row) - 1, int(share * len(row)))]
    print(f"{len(wall)} questions: wall p50 {at(wall, .5):.1f} p95 {at(wall, .95):.1f} max {max(wall):.1f} ms; "
          f"CPU mean {sum(cpu) / len(cpu):.1f} p95 {at(cpu, .95):.1f} ms; the message asked for is first {first / len(wall):.3f}")


def cpu_of(pid):
    """Seconds of CPU that a process used, by the scheduler's own count."""
    total = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        total += int((task / "schedstat").read_text().split()[0])
    return total / 1e9


class Writers:
    def __init__(self, given, home, folder):
        self.given, self.home, self.folder = given, home, folder
        self.left = [collections.deque((w, n) for n in range(given.writes)) for w in range(given.processes)]
        self.answered, self.refused, self.running, self.lock = set(), [], {}, threading.Lock()

    def write(self, writer):
        """Starts process after process until everything of this writer was answered."""
        while self.left[writer]:
            process = subprocess.Popen([self.given.mira, "record", "--batch"], cwd=self.folder, text=True, bufsize=1,
                                       env={**os.environ, "MIRA_HOME": self.home}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE)
            with self.lock:
                self.running[writer] = process
            try:
                self.feed(writer, process)
            except (BrokenPipeError, ValueError):
                pass
            self.take_last(process)
            with self.lock:
                self.running.pop(writer, None)

    def feed(self, writer, process):
        while self.left[writer]:
            one = self.left[writer][0]
            line = dict(id=f"{one[0]}-{one[1]}", text=f"write {one[1]} of writer {one[0]}", session=f"w{one[0]}", message=str(one[1]))
            process.stdin.write(json.dumps(line) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())  # ValueError when it was killed
            if "entry" in answer:
                self.answered.add(one)
                self.left[writer].popleft()
            else:
                self.refused.append(json.dumps(answer)[:200])
                if len(self.refused) > 100:
                    raise SystemExit("too many refusals: " + self.refused[-1])
        process.stdin.close()

    def take_last(self, process):
        process.kill()
        said = process.stderr.read()
        process.wait()
        if "lock" in said:
            self.refused.append(said[:200])

    def kill_one(self, rnd):
        with self.lock:
            if self.running:
                process = self.running[rnd.choice(sorted(self.running))]
                os.kill(process.pid, signal.SIGKILL)
                return 1
        return 0


def writers(given):
    rnd, kills = random.Random(given.seed), 0
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        subprocess.run([given.mira, "recall", "x"], cwd=folder, env={**os.environ, "MIRA_HOME": home}, capture_output=True, timeout=600)
        drill = Writers(given, home, folder)
        threads = [threading.Thread(target=drill.write, args=(w,)) for w in range(given.processes)]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(1)
            kills += drill.kill_one(rnd)
        for thread in threads:
            thread.join()
        seconds = time.monotonic() - begun
        store = sqlite3.connect(f"file:{next(pathlib.Path(home).rglob('mira.db'))}?mode=ro", uri=True)
        kept = collections.Counter((int(s[1:]), int(m)) for s, m in store.execute(
            "SELECT c.session, e.message FROM memory_entries e JOIN memory_conversations c USING (conversation_id) WHERE c.session LIKE 'w%'"))
        sound = store.execute("PRAGMA integrity_check").fetchone()[0]
    print(f"{given.processes} processes x {given.writes} writes in {seconds:.0f} s, {kills} kills: answered {len(drill.answered)}, "
          f"lost {len(drill.answered - set(kept))}, twice {sum(n > 1 for n in kept.values())}, "
          f"refused {len(drill.refused)} of them for a lock {sum('lock' in r for r in drill.refused)}; the file is {sound}")
    for line in drill.refused[:3]:
        print("  " + line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=("recall", "writers"))
    parser.add_argument("--mira", default="build/release/mira")
    parser.add_argument("--messages", type=int, default=60000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--writes", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.mira = os.path.abspath(given.mira)
    {"recall": recall, "writers": writers}[given.what](given)


if __name__ == "__main__":
    main()
