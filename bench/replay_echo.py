#!/usr/bin/env python3
"""Everything replayed three times, with what Mira told echoed back: does memory fill with itself?

usage: replay_echo.py [--mira PROGRAM] [--seed 7] [--projects 4] [--asked 25]

Conversations are those of coding_sessions.py. In each of three rounds all of them are imported again, with their ids and once
more without; then questions are asked (recall, context, session start), and what was told comes back in a new transcript: in a
tool's output, in an assistant's answer that quotes it among words of its own, in a block that a client put before the
user's prompt, and pasted by the user. Printed: entries that nobody said anew, as a share of what was said; facts
whose every source is such an entry; facts that became confirmed by echoes; spans that hold their statement.
"""
import argparse
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

from coding_sessions import Writer


def run(given, home, folder, arguments, text=None):
    ran = subprocess.run([given.mira, *arguments], cwd=folder, input=text, capture_output=True, text=True, timeout=600,
                         env={**os.environ, "MIRA_HOME": home})
    if ran.returncode != 0:
        sys.exit(f"{' '.join(arguments[:2])} ended with {ran.returncode}: {ran.stderr[:300]}")
    return ran.stdout


def as_lines(messages):
    return "".join(json.dumps(message) + "\n" for message in messages)


def told_by(given, home, folder, questions):
    """Blocks of text as each way in gives them."""
    out = []
    for question in questions:
        found = json.loads(run(given, home, folder, ["recall", question["text"], "--limit", "5", "--json"]))["data"]["results"]
        if found:
            out.append("\n".join(f"[{one['entry']}] {one['text']}" for one in found))
            out.append("\n".join("> " + line for one in found[:2] for line in one["text"].split("\n")))
    for question in questions[:5]:
        pieces = json.loads(run(given, home, folder, ["context", question["text"], "--json"]))["data"]["pieces"]
        if pieces:
            out.append("\n".join(piece["text"] for piece in pieces))
    out.append(run(given, home, folder, ["session", "start"]))
    return [block for block in out if block.strip()]


def echoes(blocks, number):
    """A transcript in which what was told stands again."""
    lines = []
    for i, block in enumerate(blocks):
        session, first = f"echo-{number}-{i}", block.split("\n")[0]
        lines += [dict(session=session, id="u1", role="user", text=f"Look into item {number}-{i} of my list now."),
                  dict(session=session, id="t1", role="tool", text=block),
                  dict(session=session, id="a1", role="assistant", text=f"This is what I found:\n{block}\nShall I go on with {number}-{i}?"),
                  dict(session=session, id="u2", role="user", text=block),
                  dict(session=session, id="u3", role="user", text=f"<memory>\n{block}\n</memory>\nGo on with {number}-{i}, please."),
                  dict(session=session, id="a2", role="assistant", text=first)]
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--mira", default="build/release/mira")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--projects", type=int, default=4)
    parser.add_argument("--asked", type=int, default=25)
    given = parser.parse_args()
    given.mira = os.path.abspath(given.mira)
    writer = Writer(given.seed, given.projects)
    said = [{**message, "scope": "project", "session": message["scope"] + message["session"]} for message in writer.messages]
    nameless = [{key: value for key, value in message.items() if key != "id"} for message in said]
    for message in nameless:
        message["session"] = "n" + message["session"]
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        fresh = 0
        for number in range(3):
            run(given, home, folder, ["import"], as_lines(said))
            run(given, home, folder, ["import"], as_lines(nameless))
            blocks = told_by(given, home, folder, writer.questions[number * given.asked:(number + 1) * given.asked])
            transcript = echoes(blocks, number)
            fresh += sum(1 for line in transcript if line["id"] in ("u1", "u3"))
            run(given, home, folder, ["import"], as_lines(transcript))
            run(given, home, folder, ["import"], as_lines(transcript))
        report(next(pathlib.Path(home).rglob("mira.db")), len(said) + len(nameless), fresh)


def report(file, said, fresh):
    store = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    one = lambda query: store.execute(query).fetchone()[0]
    echo = "(c.session LIKE 'echo-%' AND e.message NOT IN ('u1', 'u3'))"
    join = "memory_entries e JOIN memory_conversations c USING (conversation_id)"
    kept, recalled = one("SELECT count(*) FROM memory_entries"), one("SELECT count(*) FROM memory_entries WHERE origin = 'recalled'")
    anew = one(f"SELECT count(*) FROM {join} WHERE {echo} AND e.origin <> 'recalled'")
    replayed = one(f"SELECT count(*) FROM {join} WHERE c.session NOT LIKE 'echo-%'") - said
    print(f"said {said}, and {fresh} anew between echoes; kept {kept}, of them {recalled} as echoes")
    print(f"kept twice: {replayed} by replaying, {anew} by echoing = {(replayed + anew) / said:.4f} of what was said")
    for text, role in store.execute(f"SELECT substr(e.content, 1, 100), e.role FROM {join} WHERE {echo} AND e.origin <> 'recalled' LIMIT 5"):
        print(f"  taken for new, {role}: {text!r}")
    source = ("SELECT 1 FROM memory_fact_mentions m JOIN memory_entries e USING (entry_id)"
              " JOIN memory_conversations c USING (conversation_id)")
    alone = one(f"SELECT count(*) FROM memory_facts f WHERE NOT EXISTS ({source} WHERE m.fact_id = f.fact_id AND c.session NOT LIKE 'echo-%')")
    facts = one("SELECT count(*) FROM memory_facts")
    mentions = one(f"SELECT count(*) FROM memory_fact_mentions m JOIN memory_entries e USING (entry_id)"
                   " JOIN memory_conversations c USING (conversation_id) WHERE c.session LIKE 'echo-%'")
    spans = sum(1 for statement, content, first, end in store.execute(
        "SELECT f.statement, e.content, f.first_byte, f.end_byte FROM memory_facts f JOIN memory_entries e USING (entry_id)")
        if content.encode()[first:end].decode(errors="replace") == statement)
    print(f"facts {facts}; from echoes alone {alone}; mentions counted from echoes {mentions}; spans that hold their statement {spans}")


if __name__ == "__main__":
    main()
