#!/usr/bin/env python3
"""What streaming an answer through Mira costs over reading the same bytes with curl.

usage: stream_overhead.py MIRA [--events 2000] [--rate 200]

A host on this machine streams a Responses answer of that many parts, so many a second, and notes when the first
one left. `curl -N` and `mira ask` read it. Told: the CPU time of each beyond what it needs for an answer of one
part, as a share of one core while the stream lasts, and how long after it left the first part was on standard output.
"""
import argparse, http.server, json, os, resource, subprocess, tempfile, threading, time

ap = argparse.ArgumentParser()
ap.add_argument("mira")
ap.add_argument("--events", type=int, default=2000)
ap.add_argument("--rate", type=float, default=200)
args = ap.parse_args()
state = {"events": 1, "first": 0.0}
MARK = "first-part"


def event(data):
    return b"data: " + json.dumps(data).encode() + b"\n\n"


class Host(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *ignored):
        pass

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        start, whole = time.monotonic(), []
        time.sleep(0.2)
        for i in range(state["events"]):
            part = MARK if i == 0 else " word%d" % i
            whole.append(part)
            if i == 0:
                state["first"] = time.monotonic()
            self.wfile.write(event({"type": "response.output_text.delta", "delta": part}))
            self.wfile.flush()
            wait = start + 0.2 + (i + 1) / args.rate - time.monotonic()
            if wait > 0:
                time.sleep(wait)
        output = [{"type": "message", "content": [{"type": "output_text", "text": "".join(whole)}]}]
        usage = {"input_tokens": 50, "output_tokens": state["events"]}
        self.wfile.write(event({"type": "response.completed",
                                "response": {"status": "completed", "output": output, "usage": usage}}))


def run(command, events, **more):
    """(CPU seconds, wall seconds, milliseconds from the first part's leaving to its arrival)"""
    state["events"] = events
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start, arrived, seen = time.monotonic(), 0.0, b""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, **more)
    while part := os.read(child.stdout.fileno(), 65536):
        if not arrived:
            seen += part
            if MARK.encode() in seen:
                arrived = time.monotonic()
    if child.wait() != 0:
        raise SystemExit("%s ended with %d" % (command[0], child.returncode))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.monotonic() - start, (arrived - state["first"]) * 1000


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = "127.0.0.1:%d" % server.server_port
    with tempfile.TemporaryDirectory() as folder:
        project, home = os.path.join(folder, "project"), os.path.join(folder, "home")
        os.makedirs(project)
        os.makedirs(os.path.join(home, "config"))
        open(os.path.join(project, "a.py"), "w").write("def a():\n    return 1\n")
        models = {"endpoint": {"base": "http://%s/v1" % host, "protocol": "responses", "local": True},
                  "aliases": [{"name": "default", "model": "m", "effort": "low"}]}
        json.dump(models, open(os.path.join(home, "config", "models.json"), "w"))
        environment = dict(os.environ, MIRA_HOME=home)
        mira = [os.path.abspath(args.mira), "ask", "what does a do?", "--fresh", "--timeout", "600"]
        curl = ["curl", "-sN", "-d", "{}", "http://%s/v1/responses" % host]
        for name, command, more in (("curl", curl, {}), ("mira", mira, {"cwd": project, "env": environment})):
            run(command, 1, **more)
            base = min(run(command, 1, **more)[0] for _ in range(5))
            first = sorted(run(command, 1, **more)[2] for _ in range(15))
            cpu, wall, _ = run(command, args.events, **more)
            print("%s: %.1f ms CPU for %d parts beyond an answer of one, %.2f %% of a core at %.0f a second; first part "
                  "after %.2f ms median, %.2f ms most of 15"
                  % (name, (cpu - base) * 1000, args.events, (cpu - base) / wall * 100, args.rate, first[7], first[-1]))


main()
