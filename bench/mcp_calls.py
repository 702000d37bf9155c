#!/usr/bin/env python3
"""Times warm MCP tool calls, 8 at once, over stdio and HTTP, and a cancelled one; writes their section of docs/figures.md.

usage: bench/mcp_calls.py --repo PATH [--mira build/release/mira] [--calls 800] [--out docs/figures.md]

PATH is any git clone; it is cloned again and indexed. The symbols asked for are its own, drawn with a fixed seed. A call's time is
from its last byte sent to its answer read, this script's own work included.
"""
import argparse, http.client, json, os, queue, random, re, shutil, subprocess, sys, tempfile, threading, time

parser = argparse.ArgumentParser()
parser.add_argument("--repo", required=True)
parser.add_argument("--name", default="")
parser.add_argument("--mira", default="build/release/mira")
parser.add_argument("--calls", type=int, default=800)
parser.add_argument("--at-once", type=int, default=8)
parser.add_argument("--out", default="")
arguments = parser.parse_args()
mira = os.path.abspath(arguments.mira)
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}


def request(number, action, query):
    params = {"name": "code", "arguments": {"action": action, "query": query, "limit": 10}, "_meta": META}
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}).encode()


def in_parallel(calls, ask):
    """ask(worker, number, call) by `at_once` threads; the seconds of each."""
    work, times, faults = queue.Queue(), [], []
    for item in enumerate(calls):
        work.put(item)

    def worker(which):
        while True:
            try:
                number, call = work.get_nowait()
            except queue.Empty:
                return
            started = time.monotonic()
            answer = ask(which, number, call)
            times.append(time.monotonic() - started)
            if "result" not in answer:
                faults.append(answer)
    threads = [threading.Thread(target=worker, args=(n,)) for n in range(arguments.at_once)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    if faults: sys.exit("a call failed: %s" % faults[0])
    return sorted(times)


class Stdio:
    def __init__(self, tree, environment):
        self.child = subprocess.Popen([mira, "mcp"], cwd=tree, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.waiting, self.lock, self.last = {}, threading.Lock(), 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.child.stdout:
            answer = json.loads(line)
            self.waiting.pop(answer["id"]).put(answer)

    def ask(self, which, number, call):
        box = queue.Queue()
        with self.lock:
            self.last += 1
            self.waiting[self.last] = box
            self.child.stdin.write(request(self.last, *call) + b"\n")
            self.child.stdin.flush()
        return box.get(timeout=60)

    def end(self):
        self.child.stdin.close()
        self.child.wait(20)


class Http:
    def __init__(self, tree, environment):
        self.child = subprocess.Popen([mira, "serve", "--quiet"], cwd=tree, env=environment)
        while True:
            try:
                told = json.load(open(os.path.join(environment["MIRA_HOME"], "serve.json")))
                break
            except (OSError, ValueError):
                time.sleep(.05)
        self.connections = [http.client.HTTPConnection("127.0.0.1", told["port"], timeout=60) for _ in range(arguments.at_once)]
        self.headers = {"Authorization": "Bearer " + told["token"], "Content-Type": "application/json", "MCP-Protocol-Version": "2026-07-28",
                        "Mcp-Method": "tools/call", "Mcp-Name": "code", "Accept": "application/json, text/event-stream"}

    def ask(self, which, number, call):
        connection = self.connections[which]
        connection.request("POST", "/mcp", request(number, *call), self.headers)
        return json.loads(connection.getresponse().read())

    def end(self):
        self.child.terminate()
        self.child.wait(20)


def ticks(process):
    """CPU ticks of a process and its children that are there now."""
    total = 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit(): continue
        try:
            fields = open("/proc/%s/stat" % entry).read().rsplit(") ", 1)[1].split()
        except (OSError, IndexError):
            continue
        if int(entry) == process or int(fields[1]) == process: total += int(fields[11]) + int(fields[12])
    return total


def cancelled(tree, scratch):
    """(ms from a cancel being written until the server and its workers use no CPU any more, CPU ms used after it): a first search, which has to index."""
    stops = []
    for round in range(5):
        environment = dict(os.environ, MIRA_HOME=os.path.join(scratch, "cancel-%d" % round), LC_ALL="C.UTF-8")
        child = subprocess.Popen([mira, "mcp"], cwd=tree, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        child.stdin.write(request(1, "search", "main") + b"\n")
        child.stdin.flush()
        while ticks(child.pid) < 30: time.sleep(.005)  # it is at work
        child.stdin.write(json.dumps({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}).encode() + b"\n")
        child.stdin.flush()
        told = time.monotonic()
        before, used = ticks(child.pid), [(0, 0)]  # ms after the cancel, ticks used until then
        while time.monotonic() - told < 2:
            now = ticks(child.pid)  # less when a worker has ended
            used.append((1000 * (time.monotonic() - told), used[-1][1] + max(0, now - before)))
            before = now
            time.sleep(.002)
        total = used[-1][1]  # two ticks in two seconds are what a server that waits uses
        stops.append((next(at for at, until in used if total - until <= 2), 10 * total))
        child.stdin.close()
        child.kill()
        child.wait(20)
    return sorted(stops)


def main():
    scratch = tempfile.mkdtemp(prefix="mira-mcp-")
    tree, home = os.path.join(scratch, "tree"), os.path.join(scratch, "home")
    environment = dict(os.environ, MIRA_HOME=home, LC_ALL="C.UTF-8")
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", arguments.repo, tree], check=True)
    subprocess.run([mira, "index", "--quiet"], cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL)
    rows = subprocess.run([mira, "graph", "export", "--what", "symbols", "--format", "tsv"], cwd=tree, env=environment, check=True,
                          capture_output=True, text=True).stdout.split("\n")
    stops = cancelled(tree, scratch)
    print("cancelled: work stops after %s ms (and that much CPU)" % ", ".join("%.0f (%d)" % stop for stop in stops), flush=True)
    random.seed(7)
    symbols = [row.split("\t")[3] for row in rows if row and not row.startswith("#")]
    symbols = random.sample(sorted({s for s in symbols if re.fullmatch(r"\w{4,}", s)}), 200)
    table = []
    for name, transport in (("stdio", Stdio), ("HTTP", Http)):
        server = transport(tree, environment)
        for action in ("search", "callers"):
            calls = [(action, random.choice(symbols)) for _ in range(arguments.calls)]
            in_parallel(calls[:40], server.ask)
            before = ticks(server.child.pid)
            times = in_parallel(calls, server.ask)
            used = 10 * (ticks(server.child.pid) - before) / len(calls)
            at = lambda share: 1000 * times[min(len(times) - 1, int(len(times) * share))]
            table.append((name, action, at(.5), at(.95), at(.99), used))
            print("%-6s %-8s p50 %.1f p95 %.1f p99 %.1f ms, %.1f ms of CPU a call" % table[-1], flush=True)
        server.end()
    shutil.rmtree(scratch, ignore_errors=True)
    if not arguments.out: return
    title = "\n## Tool calls over MCP\n"
    text = title + "\n`bench/mcp_calls.py` over %s: %d calls each of the `code` tool, warm, %d at once, symbols of the repository itself.\n" % (
        arguments.name or os.path.basename(arguments.repo.rstrip("/")), arguments.calls, arguments.at_once)
    text += "\n| way | action | p50 ms | p95 ms | p99 ms | CPU ms a call |\n|---|---|---|---|---|---|\n"
    text += "".join("| %s | %s | %.1f | %.1f | %.1f | %.1f |\n" % row for row in table)
    text += "\nA first search that has to index is cancelled: server and workers use no CPU after %.0f ms in the median of %d, %.0f at most (ticks of 10 ms).\n" % (
        stops[len(stops) // 2][0], len(stops), stops[-1][0])
    kept = open(arguments.out).read()
    if title in kept:
        begin = kept.index(title)
        end = kept.find("\n## ", begin + len(title))
        kept = kept[:begin] + (kept[end:] if end >= 0 else "")
    open(arguments.out, "w").write(kept.rstrip("\n") + "\n" + text)


if __name__ == "__main__":
    main()
