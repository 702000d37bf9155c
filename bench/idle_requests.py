#!/usr/bin/env python3
"""How many requests Mira makes while nobody asks it anything, and what standing by costs.

usage: idle_requests.py MIRA --repo PATH [--seconds 3600]

A host on this machine plays a chat model (Responses), an embedding model and Qdrant, and notes every request. A
home names it for all three; the repository is indexed, one question is asked so that the host is known to be used,
and everything is embedded. Then `mira serve`, `mira mcp` and `mira index --watch` stand on the repository and what
they have left to embed is waited for: the count starts when nothing was asked for a minute. Told: the requests from
then on and the processor time of each process. One file is changed at the end, which must be asked for again: else
nothing was configured and the count says nothing. Exit code 1 unless the count is 0 and that change was embedded.
"""
import argparse, collections, hashlib, http.server, json, os, random, subprocess, tempfile, threading, time

ap = argparse.ArgumentParser()
ap.add_argument("mira")
ap.add_argument("--repo", required=True, help="a working tree that may be changed")
ap.add_argument("--seconds", type=float, default=3600)
args = ap.parse_args()
DIMENSIONS = 64
lock, seen, collections_, aliases = threading.Lock(), [], {}, {}


def vector(text):
    draw = random.Random(hashlib.sha256(text.encode()).hexdigest())
    return [draw.gauss(0, 1) for _ in range(DIMENSIONS)]


def qdrant(method, path, body):
    """The part of Qdrant's REST interface that is asked; None: there is no such thing."""
    parts = path.split("?")[0].strip("/").split("/")
    if parts == ["aliases"]:
        return {"aliases": [{"alias_name": a, "collection_name": c} for a, c in aliases.items()]}
    if parts == ["collections"]:
        return {"collections": [{"name": name} for name in collections_]}
    if parts == ["collections", "aliases"]:
        for action in body["actions"]:
            for name, what in action.items():
                if name == "create_alias":
                    aliases[what["alias_name"]] = what["collection_name"]
                else:
                    aliases.pop(what["alias_name"], None)
        return True
    name, rest = parts[1], "/".join(parts[2:])
    if rest == "exists":
        return {"exists": name in collections_}
    if (method, rest) == ("PUT", ""):
        collections_[name] = {"metadata": body["metadata"], "points": {}}
        return True
    if name not in collections_:
        return None
    points = collections_[name]["points"]
    if rest == "":
        return {"status": "green", "config": {"metadata": collections_[name]["metadata"]}}
    if rest == "index":
        return {"status": "completed"}
    if (method, rest) == ("PUT", "points"):
        points.update((p["id"], p) for p in body["points"])
        return {"status": "completed"}
    if rest == "points/delete":
        for one in body.get("points", []):
            points.pop(one, None)
        return {"status": "completed"}
    wanted = [m for m in body["filter"]["must"] if "value" in m["match"]] if "filter" in body else []
    found = [p for p in points.values() if all(p["payload"].get(m["key"]) == m["match"]["value"] for m in wanted)]
    if rest == "points/count":
        return {"count": len(found)}
    if rest == "points/scroll":
        return {"points": found[:body["limit"]] if body["limit"] == 1 else found, "next_page_offset": None}
    return {"points": [dict(p, score=0.5) for p in found[:body["limit"]]]}


class Host(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *ignored):
        pass

    def send(self, status, data, kind="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do(self):
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.loads(text) if text else None
        with lock:
            seen.append((time.time(), self.command, self.path))
            if self.path == "/":
                return self.send(200, json.dumps({"title": "qdrant", "version": "1.19.0"}).encode())
            if self.path == "/v1/models":
                return self.send(200, b'{"data":[{"id":"m","shutdown_date":null}]}')
            if self.path == "/v1/embeddings":
                data = [{"index": i, "embedding": vector(t)} for i, t in enumerate(body["input"])]
                return self.send(200, json.dumps({"data": data, "usage": {"prompt_tokens": 9}}).encode())
            if self.path.startswith("/v1/"):
                output = [{"type": "message", "content": [{"type": "output_text", "text": "Nothing [1]."}]}]
                events = [{"type": "response.output_text.delta", "delta": "Nothing [1]."},
                          {"type": "response.completed", "response": {"status": "completed", "output": output, "usage": {
                              "input_tokens": 50, "output_tokens": 5}}}]
                return self.send(200, b"".join(b"data: %s\n\n" % json.dumps(e).encode() for e in events),
                                 "text/event-stream")
            result = qdrant(self.command, self.path, body)
            envelope = {"result": result, "status": "ok", "time": 0}
            self.send(200 if result is not None else 404, json.dumps(envelope).encode())

    do_GET = do_PUT = do_POST = do_DELETE = do


def processor_seconds(pid):
    fields = open("/proc/%d/stat" % pid).read().rsplit(")", 1)[1].split()
    return sum(int(f) for f in fields[11:15]) / os.sysconf("SC_CLK_TCK")  # its children's that ended too


def wait_for_quiet(seconds):
    while time.time() - (seen[-1][0] if seen else 0) < seconds:
        time.sleep(0.5)


def wait_for(what, timeout):
    end = time.time() + timeout
    while time.time() < end and not what():
        time.sleep(0.2)
    return what()


def asked(kind):
    with lock:
        return sum(kind in path for _, _, path in seen)


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = "http://127.0.0.1:%d" % server.server_port
    with tempfile.TemporaryDirectory() as home:
        os.makedirs(os.path.join(home, "config"))
        models = {"endpoint": {"base": base + "/v1", "protocol": "responses", "local": True},
                  "aliases": [{"name": n, "model": "m", "effort": "low"} for n in ("fast", "default", "deep")],
                  "embedding": {"model": "e", "dimensions": DIMENSIONS}}
        json.dump(models, open(os.path.join(home, "config", "models.json"), "w"))
        environment = dict(os.environ, MIRA_HOME=home, MIRA_QDRANT_URL=base)
        mira = os.path.abspath(args.mira)

        def run(*command):
            subprocess.run([mira, *command], cwd=args.repo, env=environment, check=True, stdout=subprocess.DEVNULL)

        run("index")
        run("ask", "what is this project for?")
        run("embed")
        before = {kind: asked(kind) for kind in ("/v1/responses", "/v1/embeddings", "/collections")}
        print("set up: %d questions, %d batches of embeddings, %d requests of Qdrant" % tuple(before.values()), flush=True)
        standing = {name: subprocess.Popen([mira, *command], cwd=args.repo, env=environment, stdin=subprocess.PIPE,
                                           stdout=subprocess.DEVNULL)
                    for name, command in (("serve", ["serve", "--port", "0"]), ("mcp", ["mcp"]),
                                          ("index --watch", ["index", "--watch"]))}
        try:
            time.sleep(15)
            wait_for_quiet(60)
            with lock:
                start, cpu = len(seen), {n: processor_seconds(p.pid) for n, p in standing.items()}
            time.sleep(args.seconds)
            with lock:
                idle = seen[start:]
            counted = collections.Counter((method, path.split("?")[0]) for _, method, path in idle)
            print("%d requests in %.0f s with nobody asking" % (len(idle), args.seconds))
            for (method, path), count in counted.most_common(20):
                print("  %5d %s %s" % (count, method, path))
            for name, process in standing.items():
                assert process.poll() is None, name + " has ended"
                print("mira %s: %.2f CPU s" % (name, processor_seconds(process.pid) - cpu[name]))
            known = asked("/v1/embeddings")
            with open(os.path.join(args.repo, "idle_probe.py"), "w") as probe:
                probe.write("def entirely_new_function():\n    return 'a text no vector is kept of'\n")
            embedded = wait_for(lambda: asked("/v1/embeddings") > known, 300)
            print("a new file afterwards was %s" % ("embedded" if embedded else "NOT embedded"))
        finally:
            for process in standing.values():
                process.stdin.close()
                process.terminate()
                process.wait()
            if os.path.exists(os.path.join(args.repo, "idle_probe.py")):
                os.remove(os.path.join(args.repo, "idle_probe.py"))
    raise SystemExit(0 if not idle and embedded else 1)


main()
