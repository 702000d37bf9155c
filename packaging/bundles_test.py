#!/usr/bin/env python3
"""The bundles hold what they say: packages without scripts that run the program, a server.json
and an .mcpb that agree with the program about its version and its tools."""
import argparse
import json
import pathlib
import shutil
import stat
import subprocess
import tempfile
import zipfile

import bundles
from checks import Checks, run

parser = argparse.ArgumentParser()
parser.add_argument("--mira", required=True)
parser.add_argument("--version", required=True)
arguments = parser.parse_args()
version, mira = arguments.version, str(pathlib.Path(arguments.mira).resolve())
checks = Checks()


def check_npm(out, scratch):
    packages = {name: json.loads((out / "npm" / name / "package.json").read_text()) for name in ("mira", "linux-x64")}
    for name, package in packages.items():
        checks.that("scripts" not in package, f"{name} has no script that npm would run")
        checks.that(package["version"] == version, f"{name} has the program's version")
    wanted = packages["mira"]["optionalDependencies"]
    checks.that(wanted == {packages["linux-x64"]["name"]: version}, "the launcher asks for this very program")
    if not shutil.which("npm"):
        return print("left out: npm is not here")
    place, environment = scratch / "user", {"PATH": "/usr/bin:/bin", "HOME": str(scratch), "MIRA_HOME": str(scratch / "h"),
                                            "npm_config_offline": "true", "npm_config_audit": "false",
                                            "npm_config_update_notifier": "false"}
    place.mkdir()
    balls = []
    for name in packages:
        ran = run(["npm", "pack", "--pack-destination", scratch, out / "npm" / name], env=environment, cwd=scratch)
        checks.that(ran.returncode == 0, f"npm packs {name} {ran.stderr[-200:]}")
        balls.append(scratch / ran.stdout.split()[-1])
    ran = run(["npm", "install", "--no-save", "--offline", *balls], env=environment, cwd=place)
    checks.that(ran.returncode == 0, "both install without network " + ran.stderr[-300:])
    program = place / "node_modules" / ".bin" / "mira"
    ran = run([program, "version", "--json"], env=environment, cwd=place)
    checks.that(ran.returncode == 0 and json.loads(ran.stdout)["data"]["version"] == version, "the launcher runs the program")
    ran = run([program, "no-such-verb"], env=environment, cwd=place)
    checks.that(ran.returncode == 2 and "no-such-verb" in ran.stderr, "its exit code and errors come through")
    ran = run([program, "hook", "--client", "claude"], env=environment, cwd=place, input="{}")
    checks.that(ran.returncode == 0 and ran.stdout == "", "standard input comes through")
    shutil.rmtree(place / "node_modules" / packages["linux-x64"]["name"])
    ran = run([program, "version"], env=environment, cwd=place)
    checks.that(ran.returncode == 4 and "no program for this system" in ran.stderr, "without the program it says so")


def check_server_json(out):
    server = json.loads((out / "server.json").read_text())
    launcher = json.loads((out / "npm" / "mira" / "package.json").read_text())
    package = server["packages"][0]
    checks.that(server["version"] == version and package["version"] == version, "server.json has the version")
    checks.that(package["identifier"] == launcher["name"], "server.json names the npm package")
    checks.that(launcher["mcpName"] == server["name"], "the npm package names the server back")
    checks.that(len(server["description"]) <= 100, "its description is short enough for the registry")
    checks.that([a["value"] for a in package["packageArguments"]] == ["mcp"], "it runs `mira mcp`")


def check_mcpb(out, scratch):
    file = out / f"mira-{version}-linux-x64.mcpb"
    again = scratch / "again.mcpb"
    bundles.mcpb(mira, version, again)
    checks.that(file.read_bytes() == again.read_bytes(), "the same program gives the same bundle")
    with zipfile.ZipFile(file) as bundle:
        manifest = json.loads(bundle.read("manifest.json"))
        entry = bundle.getinfo(manifest["server"]["entry_point"])
        checks.that(bool((entry.external_attr >> 16) & stat.S_IXUSR), "the program in it may be run")
        place = scratch / "unpacked"
        bundle.extractall(place)
    checks.that(manifest["version"] == version, "the manifest has the version")
    names = [tool["name"] for tool in manifest["tools"]]
    checks.that("context" in names and "recall" in names, f"it lists the tools: {' '.join(names)}")
    command = manifest["server"]["mcp_config"]
    program = pathlib.Path(command["command"].replace("${__dirname}", str(place)))
    program.chmod(0o755)
    request = json.dumps({"jsonrpc": "2.0", "id": 7, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}})
    ran = subprocess.run([program, *command["args"]], input=request + "\n", capture_output=True, text=True, timeout=60,
                         env={"PATH": "/usr/bin:/bin", "HOME": str(scratch), "MIRA_HOME": str(scratch / "h")})
    answer = json.loads(ran.stdout.splitlines()[0])
    checks.that(answer["result"]["serverInfo"]["version"] == version, "as the manifest starts it, it answers")


with tempfile.TemporaryDirectory() as folder:
    scratch = pathlib.Path(folder)
    bundles.make(mira, version, scratch / "out")
    check_npm(scratch / "out", scratch)
    check_server_json(scratch / "out")
    check_mcpb(scratch / "out", scratch)
checks.end()
