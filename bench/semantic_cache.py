#!/usr/bin/env python3
"""How much of a model's analysis of a repository is asked again while the repository moves on.

usage: semantic_cache.py MIRA --repo CLONE [--commits 200]

CLONE is a working tree that may be moved: its last commits along the first parents are checked out one after the other.
Before the first of them `mira refine --limit 0` asks a provider of this machine, which answers in the form asked
for and counts what it is asked; that run is left out. After each commit it runs again. Needed are the analyses
of all undocumented functions and types of that commit, requested those that reached the provider. The rate is
(needed - requested) / needed over all commits. Tokens and money avoided are what mira reports: of every analysis
that was needed and not requested, what it took when it was made, at the prices of the built-in catalogue's
gpt-5.4-mini (0.75 and 4.50 dollars a million tokens). Exit code 1 when what mira and the provider counted differs.
"""
import argparse, http.server, json, os, re, subprocess, tempfile, threading

ap = argparse.ArgumentParser()
ap.add_argument("mira")
ap.add_argument("--repo", required=True)
ap.add_argument("--commits", type=int, default=200)
args = ap.parse_args()
asked = []


class Host(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *ignored):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked.append(self.path)
        name = re.search(r'"text": ?"\w+ ([\w.]+)', body.decode()) or [None, "it"]
        text = json.dumps({"purpose": "Does what %s says." % name[1], "certainty": "medium"})
        output = [{"type": "message", "content": [{"type": "output_text", "text": text}]}]
        usage = {"input_tokens": len(body) // 8, "output_tokens": len(text) // 4}
        events = [{"type": "response.output_text.delta", "delta": text},
                  {"type": "response.completed", "response": {"status": "completed", "output": output, "usage": usage}}]
        data = b"".join(b"data: %s\n\n" % json.dumps(e).encode() for e in events)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def git(*command):
    return subprocess.run(["git", "-C", args.repo, *command], check=True, capture_output=True, text=True).stdout


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = "127.0.0.1:%d" % server.server_port
    commits = git("rev-list", "--first-parent", "-%d" % (args.commits + 1), "HEAD").split()[::-1]
    with tempfile.TemporaryDirectory() as home:
        os.makedirs(os.path.join(home, "config"))
        models = {"endpoint": {"base": "http://%s/v1" % host, "protocol": "responses"},
                  "aliases": [{"name": "fast", "model": "m", "effort": "low"}],
                  "prices": [{"model": "m", "host": host, "input": "0.75", "output": "4.50", "checked": "2026-11-24"}]}
        json.dump(models, open(os.path.join(home, "config", "models.json"), "w"))
        environment = dict(os.environ, MIRA_HOME=home)
        subprocess.run([args.mira, "budget", "set", "1000"], env=environment, capture_output=True)

        def refine():
            ran = subprocess.run([os.path.abspath(args.mira), "refine", "--limit", "0", "--json"], cwd=args.repo,
                                 env=environment, capture_output=True, text=True)
            if ran.returncode != 0:
                raise SystemExit("mira refine ended with %d: %s" % (ran.returncode, ran.stdout + ran.stderr))
            return json.loads(ran.stdout)["data"]

        git("checkout", "-q", "-f", commits[0])
        first = refine()
        print("first: %d needed, %d requested, %d tokens, $%.4f" % (
            first["symbols"], first["asked"], first["spent"]["tokens"], first["spent"]["nano"] / 1e9), flush=True)
        if first["asked"] != len(asked) or first["waiting"]:
            raise SystemExit("the first run is not whole: %s, the provider counts %d" % (first, len(asked)))
        needed = requested = tokens = nano = spent = 0
        for number, commit in enumerate(commits[1:], 1):
            git("checkout", "-q", "-f", commit)
            before = len(asked)
            done = refine()
            if done["asked"] != len(asked) - before or done["waiting"] or done["refused"]:
                raise SystemExit("at %s mira says %s, the provider counts %d" % (commit, done, len(asked) - before))
            needed += done["symbols"]
            requested += done["asked"]
            spent += done["spent"]["nano"]
            tokens += done["avoided"]["tokens"]
            nano += done["avoided"]["nano"]
            if number % 20 == 0:
                print("%d commits: %d needed, %d requested, %.2f %% not requested" % (
                    number, needed, requested, 100 * (needed - requested) / needed), flush=True)
        git("checkout", "-q", "-f", commits[-1])
        print("%d commits: %d analyses needed, %d requested: %.2f %% not requested again; %d tokens and $%.4f avoided, "
              "$%.4f spent" % (len(commits) - 1, needed, requested, 100 * (needed - requested) / needed, tokens,
                               nano / 1e9, spent / 1e9))


main()
