#!/usr/bin/env python3
"""Precision and recall of `mira patterns` on hand-labelled places of real packages.

usage: bench/patterns/score.py [--mira build/release/mira] [--packages FOLDER] [--unjudged] [--misses] [--write docs/figures.md]

Packages are those of labels.tsv, in their versions, downloaded once into FOLDER with pip and Maven. A hit is right when
its place is labelled yes and wrong when it is labelled no. Hits at places that nobody judged count for nothing and are
counted. Recall is over the places labelled yes before any answer was seen.
"""
import argparse, collections, json, os, pathlib, shutil, subprocess, sys, tempfile, zipfile

HERE = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser()
parser.add_argument("--mira", default=str(HERE.parent.parent / "build/release/mira"))
parser.add_argument("--packages", default=str(pathlib.Path(tempfile.gettempdir()) / "mira_labelled_packages"))
parser.add_argument("--unjudged", action="store_true")
parser.add_argument("--misses", action="store_true")
parser.add_argument("--write", default="")
arguments = parser.parse_args()
Label = collections.namedtuple("Label", "ecosystem package version path line name pattern verdict judged")


def labels():
    with open(HERE / "labels.tsv", encoding="utf-8") as lines:
        return [Label(*line.rstrip("\n").split("\t")) for line in lines if line.strip() and not line.startswith("#")]


def fetch(ecosystem, package, version):
    """The folder that holds the package's sources."""
    name = package.split(":")[-1] + "-" + version
    folder = pathlib.Path(arguments.packages) / name
    if folder.is_dir():
        return folder
    with tempfile.TemporaryDirectory() as download:
        if ecosystem == "pypi":
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:", "-d", download,
                       f"{package}=={version}"]
        elif ecosystem == "maven":
            command = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={package}:{version}:jar:sources",
                       f"-DoutputDirectory={download}"]
        else:
            sys.exit(f"no client for {ecosystem}")
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        archive, = os.listdir(download)
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        with zipfile.ZipFile(os.path.join(download, archive)) as packed:
            packed.extractall(part)
        part.rename(folder)
    return folder


def said(folder, home):
    """Places of Mira's patterns: {(path, name, pattern)}, and whether each is told unasked."""
    done = subprocess.run([os.path.abspath(arguments.mira), "patterns", "--all", "--limit", "10000", "--json"], cwd=folder,
                          capture_output=True, text=True, timeout=600, env={**os.environ, "MIRA_HOME": home})
    if done.returncode:
        sys.exit(done.stderr)
    return {(one["file"], one["name"], one["type"]) for one in json.loads(done.stdout)["data"]["patterns"]}


def share(part, whole):
    return f"{part / whole:.2f}" if whole else "-"


def main():
    packages = collections.defaultdict(list)
    for label in labels():
        packages[(label.ecosystem, label.package, label.version)].append(label)
    right, wrong, found, owed, no = (collections.Counter() for _ in range(5))
    unjudged = collections.Counter()
    for (ecosystem, package, version), places in packages.items():
        folder = fetch(ecosystem, package, version)
        with tempfile.TemporaryDirectory() as home:
            hits = said(folder, home)
        judged = {(one.path, one.name, one.pattern): one for one in places}
        for key in sorted(hits):
            if key not in judged:
                unjudged[key[2]] += 1
                if arguments.unjudged:
                    print(ecosystem, package, version, *key, sep="\t")
            elif judged[key].verdict == "yes":
                right[key[2]] += 1
            else:
                wrong[key[2]] += 1
                if arguments.misses:
                    print("wrong", package, *key, sep="\t")
        for key, one in judged.items():
            if one.verdict == "no":
                no[one.pattern] += 1
            elif one.judged == "before":
                owed[one.pattern] += 1
                found[one.pattern] += key in hits
                if arguments.misses and key not in hits:
                    print("missed", package, *key, sep="\t")
    rows = ["| pattern | labelled yes / no | told | precision | recall of those labelled before | not judged |",
            "|---|---|---|---|---|---|"]
    yes = collections.Counter(one.pattern for one in labels() if one.verdict == "yes")
    for name in sorted(set(yes) | set(no)):
        told = right[name] + wrong[name]
        rows.append(f"| {name.replace('_', ' ')} | {yes[name]} / {no[name]} | {told} | {share(right[name], told)} | "
                    f"{share(found[name], owed[name])} | {unjudged[name]} |")
    told = sum(right.values()) + sum(wrong.values())
    rows.append(f"| all | {sum(yes.values())} / {sum(no.values())} | {told} | {share(sum(right.values()), told)} | "
                f"{share(sum(found.values()), sum(owed.values()))} | {sum(unjudged.values())} |")
    table = "\n".join(rows)
    print(table)
    if arguments.write:
        write(pathlib.Path(arguments.write), table, len(labels()), len(packages))


def write(path, table, places, packages):
    heading = "## Design patterns\n"
    text = path.read_text(encoding="utf-8")
    before, _, rest = text.partition(heading)
    after = rest[rest.index("\n## ") + 1:] if "\n## " in rest else ""
    section = (f"{heading}\n`python3 bench/patterns/score.py`: {places} hand-labelled places in {packages} released packages "
               f"(bench/patterns/labels.tsv; no code is kept).\n\n{table}\n")
    path.write_text(before.rstrip("\n") + "\n\n" + section + ("\n" + after if after else ""), encoding="utf-8")


if __name__ == "__main__":
    main()
