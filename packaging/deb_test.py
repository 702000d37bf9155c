#!/usr/bin/env python3
"""The .deb that cpack makes: what it asks for, what it brings, and that it runs nothing at installation.

  deb_test.py --build build/release --version 0.1.0 [--bare-debian]

With --bare-debian it is installed by apt into a bare Debian 12 made by debootstrap (as root), where it indexes a
git repository and answers; then it is removed again and leaves nothing.
"""
import argparse
import os
import pathlib
import shutil
import tempfile

from checks import Checks, run, skip

parser = argparse.ArgumentParser()
parser.add_argument("--build", required=True, type=lambda text: pathlib.Path(text).resolve())
parser.add_argument("--version", required=True)
parser.add_argument("--bare-debian", action="store_true")
arguments = parser.parse_args()
checks = Checks()


def fields(deb):
    out = {}
    for line in run(["dpkg-deb", "--field", deb]).stdout.splitlines():
        if not line.startswith(" ") and ": " in line:
            name, value = line.split(": ", 1)
            out[name] = value
    return out


def check_contents(deb):
    control = fields(deb)
    names = {part.split()[0] for part in control["Depends"].replace("|", ",").split(",") if part.split()}
    for name in ("libc6", "libstdc++6", "git"):
        checks.that(name in names, "it depends on " + name)
    for library in ("libre2", "libcurl", "libzip", "libseccomp", "libfmt", "libpoppler-cpp"):
        checks.that(any(name.startswith(library) for name in names), f"it depends on {library}*")
    checks.that(not [name for name in names if name.endswith("-dev")], "it needs nothing that is for building")
    checks.that(control["Version"] == arguments.version and control["Architecture"] == "amd64", "version and architecture")
    listed = run(["dpkg-deb", "--contents", deb]).stdout
    paths = [line.split()[5] for line in listed.splitlines()]
    for file in ("./usr/bin/mira", "./usr/libexec/mira/mira-pdf", "./usr/share/man/man1/mira.1", "./usr/share/doc/mira/copyright"):
        checks.that(file in paths, file + " is in it")
    checks.that(all(path.startswith("./usr/") or path in ("./", "./usr/") for path in paths), "all of it is below /usr")
    checks.that("root/root" in listed and all("root/root" in line for line in listed.splitlines()), "all of it belongs to root")
    with tempfile.TemporaryDirectory() as folder:
        run(["dpkg-deb", "--control", deb, folder])
        scripts = {"preinst", "postinst", "prerm", "postrm"} & set(os.listdir(folder))
        checks.that(not scripts, "nothing of it is run at installation or removal")


STORY = """set -e
mkdir -p /tmp/p && cd /tmp/p
git init -q . && git config user.email a@b && git config user.name A
printf 'def greet(name):\\n    return name\\n\\n\\ndef main():\\n    greet(1)\\n' > a.py
git add . && git commit -qm 'Greet'
export MIRA_HOME=/tmp/h LC_ALL=C.UTF-8
echo '== version'; mira version
echo '== callers'; mira callers greet
echo '== context'; mira context 'who greets' | head -4
echo '== hook'; printf '{"hook_event_name":"UserPromptSubmit","session_id":"s","cwd":"/tmp/p","prompt":"what is greet()?"}' | MIRA_HOOK_DEADLINE_MS=20000 mira hook --client claude
echo '== doctor'; mira doctor | cut -c1-60
"""


def inside(root, script):
    return run(["chroot", root, "/bin/bash", "-c", script], env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/tmp",
               "DEBIAN_FRONTEND": "noninteractive"})


def check_on_bare_debian(deb):
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        skip("needs root and debootstrap")
    root = pathlib.Path(tempfile.mkdtemp(prefix="mira-debian-"))
    # No bind mounts: what is made here is plain files and a /proc of its own, which is gone before the files are.
    ran = run(["debootstrap", "--variant=minbase", "bookworm", root] + ([os.environ["MIRA_DEBIAN"]] if "MIRA_DEBIAN" in os.environ else []),
              timeout=1500)
    if not checks.that(ran.returncode == 0, "a bare Debian 12 is there " + (ran.stdout + ran.stderr)[-300:] * (ran.returncode != 0)):
        return
    try:
        shutil.copy(deb, root / "tmp/mira.deb")
        for file in ("etc/resolv.conf", "etc/hosts"):  # to reach the archive as this machine does
            if pathlib.Path("/" + file).exists():
                shutil.copy("/" + file, root / file)
        for name in ("apt.conf", "apt.conf.d", "sources.list", "sources.list.d", "trusted.gpg.d", "keyrings"):
            source, to = pathlib.Path("/etc/apt") / name, root / "etc/apt" / name
            if os.environ.get("MIRA_DEBIAN") and source.exists():
                shutil.copytree(source, to, dirs_exist_ok=True) if source.is_dir() else shutil.copy(source, to)
        ran = inside(root, "apt-get -qq update && apt-get install -qq -y --no-install-recommends /tmp/mira.deb")
        checks.that(ran.returncode == 0, "apt installs it with what it depends on " + (ran.stdout + ran.stderr)[-400:] * (ran.returncode != 0))
        run(["mount", "-t", "proc", "proc", root / "proc"])  # Mira finds its own program there, as on any system
        ran = inside(root, STORY)
        print(ran.stdout + ran.stderr)
        checks.that(ran.returncode == 0, "it runs there")
        checks.that("a.py:6" in ran.stdout, "it indexes and answers there")
        checks.that("additionalContext" in ran.stdout, "its hook answers there")
        inside(root, "apt-get purge -qq -y mira")
        left = [path for path in ("usr/bin/mira", "usr/share/man/man1/mira.1", "usr/share/doc/mira") if (root / path).exists()]
        checks.that(not left, f"purged, it leaves nothing {left}")
    finally:
        run(["umount", root / "proc"])
        mounted = [line.split()[1] for line in open("/proc/mounts") if line.split()[1].startswith(str(root) + "/")]
        if checks.that(not mounted, f"nothing is mounted below it {mounted}"):
            shutil.rmtree(root)


if not shutil.which("dpkg-deb") or not shutil.which("dpkg-shlibdeps") or not shutil.which("cpack"):
    skip("needs dpkg-deb, dpkg-shlibdeps and cpack")
with tempfile.TemporaryDirectory() as out:
    made = run(["cpack", "-G", "DEB", "-B", out, "--config", pathlib.Path(arguments.build) / "CPackConfig.cmake"], cwd=out)
    debs = sorted(pathlib.Path(out).glob("*.deb"))
    if checks.that(len(debs) == 1, "cpack makes one package " + (made.stdout + made.stderr)[-300:] * (not debs)):
        print(debs[0].name, debs[0].stat().st_size, "bytes")
        check_on_bare_debian(debs[0]) if arguments.bare_debian else check_contents(debs[0])
checks.end()
