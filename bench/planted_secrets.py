#!/usr/bin/env python3
"""Secrets of more than a hundred kinds, planted in what is said, and what is left of them on disk.

usage: planted_secrets.py [--mira PROGRAM] [--count 1000] [--seed 1] [--lines FOLDER]

Every kind is written here from its issuer's public format, independent of the program's own table: a prefix and
so many characters of an alphabet, or a name that the value is given to. They are put into sentences, shell lines,
JSON and YAML, said by a user, an assistant and a tool, recorded, imported, remembered and added as a document, asked
for again; then every byte of the program's home is searched for each of them. For false alarms the lines of a folder of
ordinary text (default: this repository without its tests, which plant secrets) are imported and compared with what was kept.
Printed: kinds, share masked of the structured ones and of all, what stands where, lines changed of ordinary ones.
"""
import argparse
import json
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import tempfile

ALPHABETS = {"A": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "h": "0123456789abcdef", "H": "0123456789ABCDEF",
             "d": "0123456789", "U": "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "l": "abcdefghijklmnopqrstuvwxyz0123456789",
             "b": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-",
             "B": "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"}

# name, what is planted: {A36} is 36 characters of alphabet A. Where « » stand, what is between them is the secret.
STRUCTURED = """
aws access key|AKIA{U16}
aws temporary key|ASIA{U16}
aws secret key|aws_secret_access_key = «{B40}»
aws secret in json|"SecretAccessKey": "«{B40}»"
github personal|ghp_{A36}
github oauth|gho_{A36}
github user to server|ghu_{A36}
github server|ghs_{A36}
github refresh|ghr_{A76}
github fine grained|github_pat_{A22}_{A59}
gitlab personal|glpat-{b20}
gitlab deploy|gldt-{b20}
gitlab runner|glrt-{b20}
gitlab trigger|glptt-{h40}
gitlab feed|glft-{b20}
gitlab mail|glimt-{b25}
gitlab agent|glagent-{b50}
gitlab oauth|gloas-{h64}
slack bot|xoxb-{d12}-{d13}-{A24}
slack user|xoxp-{d12}-{d12}-{d13}-{h32}
slack app|xapp-1-A{U10}-{d13}-{h64}
slack webhook|https://hooks.slack.com/services/«T{U8}/B{U10}/{A24}»
discord webhook|https://discord.com/api/webhooks/«{d18}/{b68}»
telegram bot|{d10}:AA{b33}
stripe live|sk_live_{A24}
stripe test|sk_test_{A24}
stripe restricted|rk_live_{A24}
stripe webhook|whsec_{A32}
square access|sq0atp-{b22}
square secret|sq0csp-{b43}
braintree|access_token$production${l16}${h32}
twilio key|TWILIO_AUTH_TOKEN={h32}
sendgrid|SG.{b22}.{b43}
mailgun|key-{h32}
mailchimp|{h32}-us14
brevo|xkeysib-{h64}-{A16}
openai project|sk-proj-{b48}T3BlbkFJ{b48}
openai legacy|sk-{A20}T3BlbkFJ{A20}
anthropic|sk-ant-api03-{b93}AA
openrouter|sk-or-v1-{h64}
google api|AIza{b35}
google client secret|GOCSPX-{b28}
google oauth access|ya29.{b120}
firebase|{b11}:APA91b{b134}
azure storage|DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=«{B86}==»;EndpointSuffix=core.windows.net
azure client secret|{A3}8Q~{b34}
azure service bus|Endpoint=sb://acme.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=«{B43}=»
digitalocean|dop_v1_{h64}
digitalocean oauth|doo_v1_{h64}
digitalocean refresh|dor_v1_{h64}
heroku|HRKU-{b58}
npm|npm_{A36}
npm auth|//registry.npmjs.org/:_authToken=«{A36}»
pypi|pypi-AgEIcHlwaS5vcmc{b160}
rubygems|rubygems_{h48}
nuget|oy2{l43}
docker hub|dckr_pat_{b27}
shopify|shpat_{h32}
shopify custom|shpca_{h32}
shopify private|shppa_{h32}
shopify secret|shpss_{h32}
linear|lin_api_{A40}
notion|ntn_{d11}{A35}
figma|figd_{b40}
postman|PMAK-{h24}-{h34}
databricks|dapi{h32}
hugging face|hf_{A34}
replicate|r8_{A37}
groq|gsk_{A52}
perplexity|pplx-{A48}
xai|xai-{A80}
new relic|NRAK-{U27}
grafana service|glsa_{A32}_{h8}
grafana cloud|glc_{A60}
datadog|DD_API_KEY={h32}
sentry user|sntryu_{h64}
dynatrace|dt0c01.{U24}.{U64}
doppler|dp.pt.{A43}
vault|hvs.{b95}
vault batch|hvb.{b140}
terraform cloud|{A14}.atlasv1.{b67}
pulumi|pul-{h40}
planetscale|pscale_tkn_{b43}
planetscale password|pscale_pw_{b43}
supabase|sbp_{h40}
fly|fo1_{b43}
netlify|nfp_{A40}
atlassian|ATATT3xFfGF0{b180}
bitbucket|ATBB{A32}
asana|ASANA_TOKEN=«1/{d16}:{h32}»
airtable|pat{A14}.{h64}
mapbox|sk.eyJ{b80}.{b22}
easypost|EZAK{A54}
shippo|shippo_live_{h40}
plaid|access-production-{h8}-{h4}-{h4}-{h4}-{h12}
facebook|EAAC{A120}
sonarqube|sqp_{h40}
sonar user|squ_{h40}
package server key|AKCp8{A69}
age key|AGE-SECRET-KEY-1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L{AGE}
ed25519 private key|-----BEGIN OPENSSH PRIVATE KEY-----\\n«{B70}\\n{B70}\\n{B40}==»\\n-----END OPENSSH PRIVATE KEY-----
rsa private key|-----BEGIN RSA PRIVATE KEY-----\\n«{B64}\\n{B64}\\n{B64}»\\n-----END RSA PRIVATE KEY-----
ec private key|-----BEGIN EC PRIVATE KEY-----\\n«{B64}\\n{B64}»\\n-----END EC PRIVATE KEY-----
private key|-----BEGIN PRIVATE KEY-----\\n«{B64}\\n{B64}»\\n-----END PRIVATE KEY-----
pgp private key|-----BEGIN PGP PRIVATE KEY BLOCK-----\\n\\n«{B64}\\n{B64}»\\n-----END PGP PRIVATE KEY BLOCK-----
jwt|eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ{b60}.{b43}
bearer header|Authorization: Bearer «{A48}»
basic header|Authorization: Basic «{B44}=»
postgres url|postgres://app:«{A20}»@db.acme.example:5432/orders
mysql url|mysql://app:«{A18}»@db.acme.example/orders
mongodb url|mongodb+srv://app:«{A20}»@cluster0.acme.example/orders
redis url|redis://default:«{A24}»@cache.acme.example:6379
amqp url|amqps://app:«{A22}»@queue.acme.example
url with password|https://deploy:«{A24}»@git.acme.example/team/app.git
""".strip().splitlines()

# Anything that is given to a name of this kind: seen by its look alone, so it is counted apart.
GUESSED = """
password in yaml|password: "{A18}"
secret in env|APP_SECRET={A32}
api key in code|api_key = "{h32}"
token in code|const token = "{A40}";
passwd|DB_PASSWD='{A16}'
""".strip().splitlines()

SENTENCES = ["I put {s} into the pipeline, is that fine?", "the deploy wants this: {s}", "export KEY={s}", '{{"key": "{s}"}}', "key: {s}",
             "curl -s https://api.acme.example -H 'X-Key: {s}'", "it printed {s} and stopped", "use `{s}` for the staging server"]


class Planter:
    def __init__(self, seed):
        self.rnd = random.Random(seed)

    def fill(self, template):
        def characters(match):
            if match.group(0) == "{AGE}":
                return "".join(self.rnd.choice("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L") for _ in range(26))
            return "".join(self.rnd.choice(ALPHABETS[match.group(1)]) for _ in range(int(match.group(2))))
        return re.sub(r"\{AGE\}|\{([AhHdUlbB])(\d+)\}", characters, template)

    def plant(self, row):
        name, template = row.split("|", 1)
        filled = self.fill(template.replace("\\n", "\n"))
        secret = filled[filled.index("«") + 1:filled.index("»")] if "«" in filled else filled
        shown = filled.replace("«", "").replace("»", "")
        alone = "=" in shown[:30] or ":" in shown[:40] or "\n" in shown or "://" in shown
        text = shown if alone else self.rnd.choice(SENTENCES).replace("{s}", shown).replace("{{", "{").replace("}}", "}")
        # The prefix may stay where the rest is masked; what counts is the random part.
        parts = [part for part in secret.split("\n") if len(part) >= 12]
        return name, text, parts or [secret]


def run(program, arguments, home, folder, text=None):
    ran = subprocess.run([program, *arguments], cwd=folder, input=text, capture_output=True, text=True, timeout=600,
                         env={**os.environ, "MIRA_HOME": home})
    if ran.returncode not in (0, 1):
        sys.exit(f"{' '.join(arguments[:2])} ended with {ran.returncode}: {ran.stderr[:300]}")
    return ran.stdout


def say_all(program, planted, home, folder):
    lines = []
    for number, (_, text, _) in enumerate(planted):
        role = ("user", "assistant", "tool")[number % 3]
        lines.append(dict(session=f"s{number // 40}", id=f"m{number}", role=role, speaker="", time="2024-05-01T10:00:00Z",
                          text=f"message {number} about the deploy\n{text}"))
    cut = len(lines) * 3 // 4
    run(program, ["import"], home, folder, "".join(json.dumps(line) + "\n" for line in lines[:cut]))
    given = [dict(text=line["text"], role=line["role"], session=line["session"], message=line["id"]) for line in lines[cut:-40]]
    run(program, ["record", "--batch"], home, folder, "".join(json.dumps(one) + "\n" for one in given))
    for line in lines[-40:-20]:
        run(program, ["remember", line["text"]], home, folder)
    notes = folder + "/notes.md"
    pathlib.Path(notes).write_text("\n\n".join(line["text"] for line in lines[-20:]))
    run(program, ["documents", "add", notes], home, folder)
    os.remove(notes)
    asked = "".join(json.dumps(dict(id=n, query=f"message {n} deploy", limit=20)) + "\n" for n in range(0, len(lines), 50))
    return run(program, ["recall", "--batch"], home, folder, asked) + run(program, ["context", "the deploy key"], home, folder)


def bytes_of(home):
    return {path: path.read_bytes() for path in pathlib.Path(home).rglob("*") if path.is_file()}


def stands(part, files):
    needle = part[len(part) // 3:].encode()  # without its public prefix
    return [str(path) for path, held in files.items() if needle in held]


def ordinary_lines(folder):
    out = []
    for path in sorted(pathlib.Path(folder).rglob("*")):
        name = str(path.relative_to(folder))
        skip = any(part in name for part in ("test", "build/", "vendor/", ".git/", "secret", "node_modules/", "models/"))
        if skip or not path.is_file() or path.suffix not in (".cpp", ".h", ".md", ".py", ".json", ".sql", ".txt", ".lock", ".c", ".ts", ".js"):
            continue
        out += [line for line in path.read_text(errors="replace").splitlines() if line.strip()]
        if len(out) > 60000:
            break
    return out


def false_alarms(program, folder, seed):
    """Ordinary lines that are not kept as they are."""
    lines = ordinary_lines(folder)
    random.Random(seed).shuffle(lines)
    lines = lines[:40000]
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as place:
        groups = [lines[i:i + 20] for i in range(0, len(lines), 20)]
        text = "".join(json.dumps(dict(session=str(i // 50), id=str(i), role="tool", text="\n".join(group))) + "\n"
                       for i, group in enumerate(groups))
        run(program, ["import"], home, place, text)
        kept = dict(sqlite3.connect(f"file:{find(home)}?mode=ro", uri=True).execute("SELECT message, content FROM memory_entries"))
    changed = []
    for i, group in enumerate(groups):
        now = kept.get(str(i), "").split("\n")
        changed += [line for line, other in zip(group, now) if line != other] if len(now) == len(group) else group
    return len(lines), changed


def find(home):
    return next(pathlib.Path(home).rglob("mira.db"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mira", default="build/release/mira")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", default=str(pathlib.Path(__file__).resolve().parent.parent))
    given = parser.parse_args()
    program = os.path.abspath(given.mira)
    planter = Planter(given.seed)
    rows = [row for n in range(given.count) for row in [(STRUCTURED + GUESSED)[n % len(STRUCTURED + GUESSED)]]]
    planted = [planter.plant(row) for row in rows]
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        answered = {pathlib.Path("answers"): say_all(program, planted, home, folder).encode()}
        files = {**bytes_of(home), **answered}
        lost, guessed_names = {}, {row.split("|")[0] for row in GUESSED}
        for name, _, parts in planted:
            if any(stands(part, files) for part in parts):
                lost.setdefault(name, []).append(parts[0])
    structured = [one for one in planted if one[0] not in guessed_names]
    missed = sum(len(found) for name, found in lost.items() if name not in guessed_names)
    print(f"kinds {len(STRUCTURED)} structured, {len(GUESSED)} known by their look; planted {len(planted)}")
    print(f"structured: masked {len(structured) - missed} of {len(structured)} = {(len(structured) - missed) / len(structured):.4f}")
    print(f"by their look: masked {len(planted) - len(structured) - sum(len(f) for n, f in lost.items() if n in guessed_names)}"
          f" of {len(planted) - len(structured)}")
    for name, found in sorted(lost.items()):
        print(f"  left: {name}, {len(found)} times")
    count, changed = false_alarms(program, given.lines, given.seed)
    print(f"ordinary lines: {len(changed)} of {count} changed = {len(changed) * 10000 / max(count, 1):.2f} in 10,000")
    for line in changed[:10]:
        print("  changed: " + line.strip()[:150])


if __name__ == "__main__":
    main()
