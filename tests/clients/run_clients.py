#!/usr/bin/env python3
"""Claude Code, Codex, Gemini CLI and opencode, as they are published, against one Mira: no network, no credentials, a
mock model on loopback, a home of their own.

  run_clients.py --mira build/release/mira --clients NODE_MODULES [--count-tokens PROGRAM] [--only claude,codex] [--keep DIR]

NODE_MODULES is where `npm ci` in this folder put the pinned agents. Asserted: connect and disconnect give every byte
back; each agent reports the server; what was said to one is in the next model request of each other; the recall tool
runs; what Mira adds to Claude Code's request stays within its bound; transcripts hold the same turns.
"""
import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from mock_model import ANSWER, ASK_FOR_TOOL, MockModel

MEMORY = "We decided that every invoice is rounded by the ocelot rule before it is sent."
QUESTION = "Which rule rounds every invoice before it is sent?"
SENTINEL = "ocelot rule before it is sent"
MOST_ALWAYS_ON_TOKENS = 600
TITLES = {"claude": "Claude Code", "codex": "Codex", "gemini": "Gemini CLI", "opencode": "opencode"}


class World:
    def __init__(self, arguments, scratch, port):
        self.mira, self.port, self.scratch = str(pathlib.Path(arguments.mira).resolve()), port, scratch
        self.home, self.project = scratch / "home", scratch / "project"
        self.bin = pathlib.Path(arguments.clients).resolve() / ".bin"
        self.count_program = arguments.count_tokens
        self.faults, self.measured = [], {}
        for folder in (self.home, self.project):
            folder.mkdir(parents=True)

    def environment(self, **more):
        node = os.path.dirname(shutil.which("node") or "/usr/bin/node")
        out = {"HOME": str(self.home), "PATH": f"{self.bin}:{node}:/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb",
               "DISABLE_AUTOUPDATER": "1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "MOCK_KEY": "x",
               "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{self.port}", "ANTHROPIC_API_KEY": "x", "MCP_CONNECTION_NONBLOCKING": "0",
               "GEMINI_API_KEY": "x", "GOOGLE_GEMINI_BASE_URL": f"http://127.0.0.1:{self.port}",
               "GEMINI_CLI_DISABLE_TELEMETRY": "1",
               "MIRA_HOOK_DEADLINE_MS": "20000",  # a loaded machine is not what is tested
               "IS_SANDBOX": "1",
               # what is not here is not waited for: opencode asks npm for its plugin types at every start, and npm tries
               # again after 10 s and after 60 s
               "npm_config_registry": "http://127.0.0.1:9", "BUN_CONFIG_REGISTRY": "http://127.0.0.1:9",
               "npm_config_fetch_retries": "0", "npm_config_fetch_retry_mintimeout": "1", "npm_config_fetch_retry_maxtimeout": "1",
               "OPENCODE_DISABLE_MODELS_FETCH": "1", "OPENCODE_DISABLE_AUTOUPDATE": "1", "OPENCODE_DISABLE_LSP_DOWNLOAD": "1"}
        out.update(more)
        return out

    def run(self, argv, timeout=240, **more):
        try:
            return subprocess.run([str(a) for a in argv], capture_output=True, text=True, timeout=timeout, cwd=self.project,
                                  env=self.environment(**more), stdin=subprocess.DEVNULL, errors="replace")
        except subprocess.TimeoutExpired as late:
            return subprocess.CompletedProcess(argv, 124, (late.stdout or b"").decode(errors="replace"),
                                               (late.stderr or b"").decode(errors="replace") + "\n(timed out)")

    def that(self, holds, what, detail=""):
        print(("ok   " if holds else "FAIL ") + what + ("" if holds or not detail else "\n       " + detail[-1500:]), flush=True)
        if not holds:
            self.faults.append(what)
        return holds

    def write(self, path, text):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def prepare(world):
    """A project with a commit, and the configuration that a user of the mock model would have."""
    world.write(world.project / "shop/money.py", "def add_tax(cents, rate):\n    return cents + cents * rate // 100\n")
    world.write(world.project / "shop/cart.py",
                "from shop.money import add_tax\n\n\ndef total(cents):\n    return add_tax(cents, 19)\n")
    for argv in (["init", "-q"], ["config", "user.email", "a@b"], ["config", "user.name", "Ada"], ["add", "."],
                 ["commit", "-qm", "Start the shop"]):
        world.run(["git", *argv])
    base, project, home = f"http://127.0.0.1:{world.port}", str(world.project), world.home
    world.write(home / ".claude.json", json.dumps({
        "hasCompletedOnboarding": True, "projects": {project: {"hasTrustDialogAccepted": True}},
        "customApiKeyResponses": {"approved": ["x"]}}, indent=2) + "\n")
    world.write(home / ".claude/settings.json", '{\n  "includeCoAuthoredBy": false\n}\n')
    world.write(home / ".codex/config.toml", f'''# the mock model
model = "mock"
model_provider = "mock"

[model_providers.mock]
name = "mock"
base_url = "{base}/v1"
env_key = "MOCK_KEY"
wire_api = "responses"

[projects."{project}"]
trust_level = "trusted"
''')
    world.write(home / ".gemini/settings.json", '''{
  // kept as it stands
  "security": {
    "auth": {"selectedType": "gemini-api-key"},
    "folderTrust": {"enabled": true}
  },
  "general": {"enableAutoUpdate": false},
  "privacy": {"usageStatisticsEnabled": false}
}
''')
    world.write(home / ".gemini/trustedFolders.json", json.dumps({project: "TRUST_FOLDER"}))
    world.write(home / ".config/opencode/opencode.json", json.dumps({
        "$schema": "https://opencode.ai/config.json", "model": "mock/mock", "small_model": "mock/mock", "autoupdate": False,
        "provider": {"mock": {"npm": "@ai-sdk/openai-compatible", "options": {"baseURL": f"{base}/v1", "apiKey": "x"},
                              "models": {"mock": {"tool_call": True, "limit": {"context": 200000, "output": 4000}}}}}}, indent=2) + "\n")


def files_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and ".local/share/mira" not in str(path) and ".local/state/mira" not in str(path)
            and ".cache" not in str(path)}


def check_round_trip(world):
    before = files_of(world.home)
    ran = world.run([world.mira, "connect", "--all", "--yes"])
    world.that(ran.returncode == 0, "connect --all in a clean home", ran.stderr)
    world.that(files_of(world.home) != before, "connect writes something")
    ran = world.run([world.mira, "disconnect", "--all", "--yes"])
    world.that(ran.returncode == 0 and files_of(world.home) == before, "disconnect gives every byte back", ran.stderr)


def trust_gemini(world):
    """Gemini asks before it runs a server's tools; the user who connects it says yes once."""
    settings = world.home / ".gemini/settings.json"
    world.connected_gemini = settings.read_bytes()
    settings.write_text(settings.read_text().replace('"timeout": 30000', '"timeout": 30000, "trust": true'))


STATUS = {"claude": ["claude", "mcp", "list"], "gemini": ["gemini", "mcp", "list"], "opencode": ["opencode", "mcp", "list"],
          "codex": ["codex", "mcp", "list", "--json"]}


def check_status(world, client):
    ran = world.run(STATUS[client])
    text = re.sub(r"\x1b\[[0-9;]*m", "", ran.stdout + ran.stderr)
    if client == "codex":  # tells what is configured, starts nothing
        return world.that(ran.returncode == 0 and '"name": "mira"' in text and '"enabled": true' in text, "Codex has the server", text)
    line = next((line for line in text.splitlines() if re.search(r"\bmira\b", line) and "onnected" in line), "")
    world.that(line != "" and "isconnected" not in line, f"{TITLES[client]} reports it connected: {line.strip()[:80]}", text)


def ask(world, client, prompt):
    argv = {
        "claude": ["claude", "-p", prompt, "--allowedTools", "mcp__mira__recall", "--output-format", "json"],
        "codex": ["codex", "exec", "--json", "--skip-git-repo-check", "--dangerously-bypass-hook-trust", prompt],
        "gemini": ["gemini", "-p", prompt, "-m", "gemini-2.5-pro", "--output-format", "json", "--allowed-mcp-server-names", "mira"],
        "opencode": ["opencode", "run", prompt],
    }[client]
    return world.run(argv)


def requests_of(model, client, since):
    marks = {"claude": "/messages", "codex": "/responses", "gemini": "enerateContent", "opencode": "/chat/completions"}
    return [body for path, body in model.requests[since:] if marks[client] in path and "count_tokens" not in path]


def check_memory(world, model, told_to, asked):
    ran = ask(world, told_to, MEMORY)
    world.that(ANSWER in ran.stdout, f"{TITLES[told_to]} answers from the mock model", ran.stdout + ran.stderr)
    for client in asked:
        since = len(model.requests)
        ran = ask(world, client, QUESTION)
        sent = json.dumps(requests_of(model, client, since))
        world.that(ANSWER in ran.stdout, f"{TITLES[client]} answers", ran.stdout + ran.stderr)
        world.that(SENTINEL in sent, f"what {TITLES[told_to]} was told is in the next request of {TITLES[client]}",
                   ran.stderr + " requests: " + str(len(model.requests) - since))


def check_tool(world, model, client):
    since = len(model.requests)
    ran = ask(world, client, f"Please {ASK_FOR_TOOL} once.")
    sent = json.dumps(requests_of(model, client, since))
    results = [mark for mark in ('"tool_result"', '"function_call_output"', '"role": "tool"', '"functionResponse"') if mark in sent]
    world.that(bool(results) and "invoice" in sent.split(results[0])[-1], f"{TITLES[client]} runs the recall tool", ran.stdout + ran.stderr)


def tokens_of(world, text):
    ran = subprocess.run([world.count_program], input=text, capture_output=True, text=True, timeout=60)
    return int(ran.stdout)


def fixed_parts(request):
    """What Claude sends whatever is asked: tools, and texts of the system and of reminders."""
    texts = [block.get("text", "") for block in request.get("system") or [] if isinstance(block, dict)]
    for message in request.get("messages", [])[:2]:
        content = message.get("content")
        texts += [block.get("text", "") for block in content if isinstance(block, dict)] if isinstance(content, list) else [str(content)]
    return {json.dumps(tool) for tool in request.get("tools") or []}, texts


def check_always_on(world, model):
    """The difference between Claude Code's first requests without and with Mira, hooks silent in both."""
    def first_request():
        since = len(model.requests)
        ask(world, "claude", "hello")
        bodies = [body for body in requests_of(model, "claude", since) if body.get("tools")]
        return bodies[0] if bodies else {}
    world.run([world.mira, "disconnect", "claude", "--yes"])
    bare_tools, bare_texts = fixed_parts(first_request())
    world.run([world.mira, "connect", "claude", "--yes"])
    tools, texts = fixed_parts(first_request())
    added_tools = sorted(tools - bare_tools)
    lines = {line for text in bare_texts for line in text.splitlines()}
    added_lines = [line for text in texts for line in text.splitlines() if line not in lines and "What Mira knows" not in line
                   and not line.startswith(("- from the last conversation", "- left open", "- you said"))]
    world.write(world.scratch / "always-on.txt", "\n".join(added_tools + added_lines))
    if not world.count_program:
        return
    total = tokens_of(world, "\n".join(added_tools + added_lines))
    world.measured["always-on tokens in Claude Code"] = total
    world.that(0 < total <= MOST_ALWAYS_ON_TOKENS, f"always-on cost in Claude Code: {total} tokens "
               f"({len(added_tools)} tools, {len(added_lines)} lines)", "\n".join(added_lines))


def check_transcripts(world, clients):
    ran = world.run([world.mira, "import", "transcripts", "--json"])
    told = json.loads(ran.stdout or "{}").get("data", {})
    rows = {row["client"]: row for row in told.get("clients", [])}
    for client in clients:
        row = rows.get(client, {})
        world.that(row.get("turns", 0) >= 2, f"the transcripts of {TITLES[client]} are read: {row}", ran.stdout + ran.stderr)
    world.measured["turns of transcripts that the hooks had recorded"] = told.get("known")
    world.measured["turns only the transcripts had"] = told.get("added")


def check_after(world, before):
    ran = world.run([world.mira, "disconnect", "--all", "--yes"])
    world.that(ran.returncode == 0, "disconnect --all", ran.stderr)
    now = files_of(world.home)
    for name, data in before.items():
        if name == ".claude.json":  # Claude Code itself writes into it
            world.that(b'"mira"' not in now[name], "nothing of Mira's is left in .claude.json")
        else:
            same = now.get(name) == data
            world.that(same, f"{name} is as it was, byte for byte", "" if same else str(now.get(name))[:600])
    world.that(not (world.home / ".config/opencode/plugins/mira.ts").exists(), "the plugin file is gone")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mira", required=True)
    parser.add_argument("--clients", required=True)
    parser.add_argument("--count-tokens", default="")
    parser.add_argument("--only", default="claude,codex,gemini,opencode")
    parser.add_argument("--keep", default="")
    arguments = parser.parse_args()
    if not (pathlib.Path(arguments.clients) / ".bin/claude").exists():
        print(f"skipped: no agents in {arguments.clients}; run: npm ci --prefix tests/clients")
        return 77
    clients = arguments.only.split(",")
    scratch = pathlib.Path(arguments.keep or tempfile.mkdtemp(prefix="mira-clients-")).resolve()
    with MockModel() as model:
        world = World(arguments, scratch, model.port)
        prepare(world)
        check_round_trip(world)
        before = files_of(world.home)
        world.run([world.mira, "index"])
        world.run([world.mira, "connect", "--all", "--yes"])
        for client in clients:
            check_status(world, client)
        check_memory(world, model, clients[0], clients[1:])
        if "claude" in clients:
            check_always_on(world, model)
        if "gemini" in clients:
            trust_gemini(world)
        for client in clients:
            check_tool(world, model, client)
        check_transcripts(world, clients)
        if "gemini" in clients:  # back to what connect wrote
            (world.home / ".gemini/settings.json").write_bytes(world.connected_gemini)
        check_after(world, before)
        (scratch / "requests.json").write_text(json.dumps(model.requests, indent=1))
    for name, value in world.measured.items():
        print(f"{name}: {value}")
    if not arguments.keep:
        shutil.rmtree(scratch)
    print(f"{len(world.faults)} faults")
    return 1 if world.faults else 0


if __name__ == "__main__":
    sys.exit(main())
