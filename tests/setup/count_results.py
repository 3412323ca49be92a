#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Counts what Meson recorded: count_results.py BUILD-DIRECTORY...

Reads each directory's meson-logs/testlog.json, names what was skipped or failed, and closes with the line
`N passed, N failed, N skipped`. Fails if anything failed, if a record is missing, or if nothing passed.
With --self-test it counts planted records.
"""

import json
import os
import sys
import tempfile

PASSED = {"OK", "EXPECTEDFAIL"}
SKIPPED = {"SKIP"}


def read_results(directory):
    """(name, result) of every test of the last `meson test` in `directory`. A result unknown here counts as failed."""
    path = os.path.join(directory, "meson-logs", "testlog.json")
    with open(path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file if line.strip()]
    return [(record["name"], record["result"]) for record in records]


def count(directories):
    """(passed, failed, skipped, lines that name what did not pass)."""
    passed = failed = skipped = 0
    lines = []
    for directory in directories:
        try:
            results = read_results(directory)
        except (OSError, ValueError, KeyError) as error:
            lines.append(f"failed: no record of tests in {directory}: {error}")
            failed += 1
            continue
        for name, result in results:
            if result in PASSED:
                passed += 1
            elif result in SKIPPED:
                skipped += 1
                lines.append(f"skipped: {name}")
            else:
                failed += 1
                lines.append(f"failed: {name}: {result}")
    return passed, failed, skipped, lines


def self_test():
    with tempfile.TemporaryDirectory() as root:

        def plant(directory, *results):
            logs = os.path.join(root, directory, "meson-logs")
            os.makedirs(logs)
            with open(os.path.join(logs, "testlog.json"), "w", encoding="utf-8") as file:
                for result in results:
                    file.write(json.dumps({"name": "t", "result": result}) + "\n")
            return os.path.join(root, directory)

        good = plant("good", "OK", "OK", "SKIP", "EXPECTEDFAIL")
        bad = plant("bad", "OK", "FAIL", "ERROR", "TIMEOUT", "UNEXPECTEDPASS", "INTERRUPT", "something new")
        expectations = [
            ([good], (3, 0, 1)),
            ([bad], (1, 6, 0)),
            ([good, bad], (4, 6, 1)),
            ([os.path.join(root, "nowhere")], (0, 1, 0)),
            ([plant("empty")], (0, 0, 0)),
        ]
        wrong = [(d, count(d)[:3], expected) for d, expected in expectations if count(d)[:3] != expected]
    print(wrong or f"{len(expectations)} planted records counted")
    return 1 if wrong else 0


def main():
    if "--self-test" in sys.argv[1:]:
        return self_test()
    passed, failed, skipped, lines = count(sys.argv[1:])
    print("\n".join([*lines, f"{passed} passed, {failed} failed, {skipped} skipped"]))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
