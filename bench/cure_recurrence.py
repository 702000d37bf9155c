#!/usr/bin/env python3
"""A cured error comes back: is its cure told, is it the right one, how long does it take, and is nothing told of another error?

usage: cure_recurrence.py --mira PROGRAM [--cases 20] [--languages c,python,javascript,go,java] [--show N]
The cases of red_to_green.py: a fault, cured by a known hunk among innocent ones. Then
  elsewhere: the same fault in another file (compilers; a test's error is its test's, so there is none elsewhere),
  later:     the same fault at its place after more than ten green runs,
  decoys:    another fault: of another name at the very same place, and of another kind.
Right: a cure is told and holds the line that cured it. Wrong: what is told holds no such line, or is told of a decoy.
"""
import collections
import os
import subprocess

from red_to_green import COMMANDS, FAULTS, in_every_language, read_arguments, run, show

NAMES = {"missing_name": "other_name", "missingName": "otherName", "lost_call": "other_call", "lostCall": "otherCall", "nothing": "anything", "idle": "spare",
         "String s = 3": "String s = 4", "KeyError('x')": "ValueError('x')", "null.x": "undefined.x", "missingName()": "otherName()"}


def other_fault(case, red):
    """The same place with another name or another kind of fault; None where the language's fault has no other."""
    for name, other in NAMES.items():
        if name in red and name != "String s = 3":
            return red.replace(name, other)
    return None


def build(case, mira, home, folder):
    return run(mira, home, folder, "build", "run", "--json", "--", *COMMANDS[case.language])


def pass_often(case, mira, home, folder, times):
    """Green runs of the same command, told and not made: each counts as a run of its key."""
    command = " ".join(COMMANDS[case.language])
    for _ in range(times):
        subprocess.run(mira.split() + ["build", "record", command, "--exit-code", "0"], cwd=folder, env=dict(os.environ, MIRA_HOME=home), input="fine\n", capture_output=True, text=True)


def told(answer, wanted):
    """none, right or wrong."""
    cures = answer.get("known_cures") or []
    if not cures:
        return "none"
    return "right" if any("+" + line in cure.split("\n") for cure in cures for line in wanted) else "wrong"


def judge(case, mira, home, folder, times):
    red, green = case.plant()
    case.files[case.victim][case.place] = red
    case.write(folder)
    case.support(folder)
    if build(case, mira, home, folder).get("state") != "failed":
        return
    case.files[case.victim][case.place] = green
    case.innocent()
    case.write(folder)
    if build(case, mira, home, folder).get("state") != "passed":
        return
    wanted = [line for line in green.split("\n") if line.strip() and line not in red.split("\n")] or [line for line in green.split("\n") if line.strip()]

    def ask(kind, stem, index, text, cured):
        case.files[stem][index] = text
        case.write(folder)
        answer = build(case, mira, home, folder)
        case.files[stem][index] = cured
        case.write(folder)
        build(case, mira, home, folder)
        if answer.get("state") == "failed":
            times.append(answer.get("known_cures_ms", 0))
            yield kind, told(answer, wanted), answer

    decoy = other_fault(case, red)
    if decoy:
        yield from ask("decoy", case.victim, case.place, decoy, green)
    if FAULTS[case.language]:
        again = lambda text: text.replace(case.subject, case.subject + "_again").replace(case.subject.capitalize(), case.subject.capitalize() + "Again")
        yield from ask("elsewhere", case.other, 2, again(red), again(green))
    pass_often(case, mira, home, folder, 11)
    yield from ask("later", case.victim, case.place, red, green)


def main():
    arguments, counts, times = read_arguments(20), collections.Counter(), []

    def judge_case(case, home, folder):
        for kind, verdict, answer in judge(case, arguments.mira, home, folder, times):
            if verdict != ("none" if kind == "decoy" else "right"):
                show(arguments, case.language, case.seed, kind, verdict, [e.get("message") for e in answer.get("errors", [])][:2], answer.get("known_cures"))
            yield kind, verdict
    for language, here in in_every_language(arguments, judge_case):
        counts.update(here)
        print("%-12s %s" % (language, {"%s %s" % key: n for key, n in sorted(here.items())}), flush=True)
    asked = sum(n for (kind, _), n in counts.items() if kind != "decoy")
    right = sum(n for (kind, verdict), n in counts.items() if kind != "decoy" and verdict == "right")
    given = sum(n for (_, verdict), n in counts.items() if verdict != "none")
    wrong = sum(n for (kind, verdict), n in counts.items() if verdict == "wrong" or (kind == "decoy" and verdict == "right"))
    decoys = sum(n for (kind, _), n in counts.items() if kind == "decoy")
    times.sort()
    print("recurrences told right: %d of %d (%.1f %%)" % (right, asked, 100.0 * right / max(1, asked)))
    print("wrong cures: %d of %d told (%.1f %%), over %d recurrences and %d decoys" % (wrong, given, 100.0 * wrong / max(1, given), asked, decoys))
    if times:
        print("time to the cure: median %.2f ms, 95th of 100 %.2f ms, longest %.2f ms" % (times[len(times) // 2], times[int(len(times) * 0.95)], times[-1]))


if __name__ == "__main__":
    main()
