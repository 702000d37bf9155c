#!/usr/bin/env python3
"""Lays out what is published beside the .deb, from one built program:

  OUT/npm/mira/             the package `mira-evidence`: a launcher of a few lines, no install script
  OUT/npm/linux-x64/        the package `@mira-evidence/linux-x64`: the program itself
  OUT/server.json           for the MCP registry
  OUT/mira-VERSION-linux-x64.mcpb   a bundle for clients that install MCP servers by a click

  bundles.py --mira PROGRAM --version 0.1.0 --out OUT
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
TREE = HERE.parent
NAME, SCOPE, PLATFORM = "mira-evidence", "@mira-evidence", "linux-x64"
SUMMARY = "Cited evidence about a project for coding agents: its code, history, builds and conversations"
REGISTRY_NAME = "io.github.mira-evidence/mira"
FIXED_TIME = (2026, 1, 1, 0, 0, 0)  # the same program gives the same bundle


def write(path, text, mode=0o644):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


def as_json(value):
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def npm(mira, version, out):
    platform = out / PLATFORM
    (platform / "bin").mkdir(parents=True)
    shutil.copy(mira, platform / "bin" / "mira")
    (platform / "bin" / "mira").chmod(0o755)
    common = {"version": version, "license": "Apache-2.0", "description": SUMMARY}
    write(platform / "package.json", as_json({"name": f"{SCOPE}/{PLATFORM}", **common, "os": ["linux"], "cpu": ["x64"],
                                              "libc": ["glibc"], "files": ["bin"]}))
    launcher = out / "mira"
    write(launcher / "package.json", as_json({
        "name": NAME, **common, "bin": {"mira": "bin/mira.js"}, "files": ["bin"], "engines": {"node": ">=18"},
        "mcpName": REGISTRY_NAME, "optionalDependencies": {f"{SCOPE}/{PLATFORM}": version}}))
    write(launcher / "bin" / "mira.js", (HERE / "npm" / "mira.js").read_text(), 0o755)
    shutil.copy(TREE / "LICENSE", launcher / "LICENSE")
    shutil.copy(TREE / "LICENSE", platform / "LICENSE")
    write(launcher / "README.md", (HERE / "npm" / "README.md").read_text())


def server_json(version):
    return {
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": REGISTRY_NAME,
        "description": SUMMARY[:100],
        "version": version,
        "packages": [{"registryType": "npm", "identifier": NAME, "version": version, "transport": {"type": "stdio"},
                      "packageArguments": [{"type": "positional", "value": "mcp"}]}],
    }


def tools_of(mira):
    """The tools as the program lists them, so that the manifest cannot say others."""
    meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
    request = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}}
    ran = subprocess.run([mira, "mcp"], input=json.dumps(request) + "\n", capture_output=True, text=True, timeout=60)
    for line in ran.stdout.splitlines():
        answer = json.loads(line)
        if answer.get("id") == 1:
            return answer["result"]["tools"]
    sys.exit(f"{mira} mcp did not list its tools: {ran.stdout[:300]}{ran.stderr[:300]}")


def manifest(mira, version):
    return {
        "manifest_version": "0.3",
        "name": "mira",
        "display_name": "Mira",
        "version": version,
        "description": SUMMARY,
        "author": {"name": "Mira"},
        "license": "Apache-2.0",
        "server": {"type": "binary", "entry_point": "server/mira",
                   "mcp_config": {"command": "${__dirname}/server/mira", "args": ["mcp"], "env": {}}},
        "tools": [{"name": tool["name"], "description": tool["description"]} for tool in tools_of(mira)],
        "compatibility": {"platforms": ["linux"]},
    }


def mcpb(mira, version, file):
    parts = [("manifest.json", as_json(manifest(mira, version)).encode(), 0o644),
             ("LICENSE", (TREE / "LICENSE").read_bytes(), 0o644),
             ("server/mira", pathlib.Path(mira).read_bytes(), 0o755)]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data, mode in parts:
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.external_attr = (0o100000 | mode) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            bundle.writestr(entry, data)


def make(mira, version, out):
    out = pathlib.Path(out)
    out.mkdir(parents=True, exist_ok=True)
    npm(mira, version, out / "npm")
    write(out / "server.json", as_json(server_json(version)))
    mcpb(mira, version, out / f"mira-{version}-{PLATFORM}.mcpb")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mira", required=True)
    parser.add_argument("--version", required=True)
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    make(os.path.abspath(arguments.mira), arguments.version, arguments.out)
