#!/usr/bin/env python3
"""`cmake --install` puts the program, its manual and completions into a prefix, and they work there."""
import argparse
import pathlib
import shutil
import tempfile

from checks import Checks, run

parser = argparse.ArgumentParser()
parser.add_argument("--build", required=True, type=lambda text: pathlib.Path(text).resolve())
parser.add_argument("--version", required=True)
arguments = parser.parse_args()
checks = Checks()
with tempfile.TemporaryDirectory() as scratch:
    prefix = pathlib.Path(scratch) / "prefix"
    ran = run(["cmake", "--install", arguments.build, "--prefix", prefix])
    checks.that(ran.returncode == 0, "cmake --install ends with 0 " + ran.stderr[-300:])
    files = {str(path.relative_to(prefix)) for path in prefix.rglob("*") if path.is_file()}
    for file in ("bin/mira", "libexec/mira/mira-pdf", "share/man/man1/mira.1", "share/bash-completion/completions/mira",
                 "share/zsh/vendor-completions/_mira", "share/fish/vendor_completions.d/mira.fish",
                 "share/doc/mira/copyright", "share/doc/mira/README.md"):
        checks.that(file in files, file + " is there")
    checks.that(not [f for f in files if "test" in f or "bench" in f], "no test and no bench is installed")
    environment = {"PATH": "/usr/bin:/bin", "HOME": scratch, "MIRA_HOME": scratch + "/home"}
    ran = run([prefix / "bin/mira", "version"], env=environment)
    checks.that(arguments.version in ran.stdout, "the installed program tells its version: " + ran.stdout.strip())
    project = pathlib.Path(scratch) / "project"
    project.mkdir()
    (project / "a.py").write_text("def greet(name):\n    return name\n\n\ndef main():\n    greet('x')\n")
    ran = run([prefix / "bin/mira", "callers", "greet"], env=environment, cwd=project)
    checks.that("a.py:6" in ran.stdout, "it indexes and answers: " + (ran.stdout + ran.stderr)[:200])
    if shutil.which("mandoc"):
        ran = run(["mandoc", "-Tlint", "-Wwarning", prefix / "share/man/man1/mira.1"])
        checks.that(ran.returncode == 0, "mandoc finds no fault in the manual page " + ran.stdout[:500])
    ran = run(["bash", "-c", f". {prefix}/share/bash-completion/completions/mira && complete -p mira"])
    checks.that(ran.returncode == 0, "bash takes the completion")
checks.end()
