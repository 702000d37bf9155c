#!/usr/bin/env python3
"""Holds `mira serve` against its own OpenAPI document with schemathesis: answers have the documented form, what breaks a schema
is refused, nothing ends as a fault of the server.

usage: openapi.py --mira MIRA [--schemathesis PROGRAM] [--examples 10] [--only REGEX] [--phases coverage,fuzzing]

Skipped (77) where schemathesis is not installed: pip install schemathesis==4.32.5. The home and the project are made for it.
"""
import argparse, os, shutil, subprocess, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
parser = argparse.ArgumentParser()
parser.add_argument("--mira", required=True)
parser.add_argument("--schemathesis", default="schemathesis")
parser.add_argument("--examples", type=int, default=10)
parser.add_argument("--only", default="")
parser.add_argument("--phases", default="coverage,fuzzing")
arguments = parser.parse_args()
# Unknown symbols and files are most of what a generator asks for, so few of its requests can succeed; and a schema does not say what an amount
# or a date is. Neither is a fault, so that what fits the schema is accepted is not asked.
CHECKS = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance", "negative_data_rejection",
          "unsupported_method", "missing_required_header", "ignored_auth"]


def main():
    program = shutil.which(arguments.schemathesis)
    if program is None:
        print("skipped: no schemathesis; pip install schemathesis==4.32.5")
        return 77
    import served
    with served.Served(arguments.mira) as server:
        words = [program, "run", "http://127.0.0.1:%d/api/v1/openapi.json" % server.port, "--header", "Authorization: Bearer " + server.token,
                 "--checks", ",".join(CHECKS), "--phases", arguments.phases, "--max-examples", str(arguments.examples), "--request-timeout", "120",
                 "--generation-deterministic", "--exclude-path-regex", "/(embed|models/check)$"]  # without a model they can only say 503
        if arguments.only: words += ["--include-path-regex", arguments.only]
        return subprocess.run(words, cwd=server.scratch).returncode


if __name__ == "__main__":
    sys.exit(main())
