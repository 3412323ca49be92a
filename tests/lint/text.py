#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Licence lines, whitespace, conflict markers, large files: over every tracked text file of ours.

With --self-test the lint is fed planted mistakes and must find each of them.
"""

import os
import re
import sys

import sources

SPDX = "SPDX-License-Identifier: MIT OR Apache-2.0"
NEEDS_SPDX = (".cc", ".h", ".py", ".sh")
NO_TABS = (".cc", ".h", ".py", ".sh", ".build", ".md", ".toml", ".yaml")
LARGE = 512 * 1024

_CONFLICT = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)
_TODO = re.compile(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))")


def check_file(name, data):
    """What is wrong with one file, each as `file:line: sentence`."""
    if len(data) > LARGE:
        return [f"{name}:1: larger than {LARGE} bytes"]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return [f"{name}:1: not UTF-8"]
    problems = []

    def say(line, sentence):
        problems.append(f"{name}:{line}: {sentence}")

    if text and not text.endswith("\n"):
        say(text.count("\n") + 1, "no newline at the end")
    if text.endswith("\n\n"):
        say(text.count("\n"), "blank lines at the end")
    for number, line in enumerate(text.split("\n"), 1):
        if line.endswith("\r"):
            say(number, "CRLF")
        elif line != line.rstrip():
            say(number, "trailing blanks")
        if "\t" in line and name.endswith(NO_TABS):
            say(number, "tab")
    if name.startswith(("src/", "tests/", ".ci/")):
        _check_source(name, text, say)
    return problems


def _check_source(name, text, say):
    lines = text.split("\n")
    if text and (name.endswith(NEEDS_SPDX) or lines[0].startswith("#!")):
        first = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
        if SPDX not in first:
            say(1, f"the first line is not `{SPDX}`")
    if name.endswith(".h") and "\n#pragma once\n" not in text:
        say(1, "no #pragma once")
    if match := _CONFLICT.search(text):
        say(text.count("\n", 0, match.start()) + 1, "conflict marker")
    if name.endswith((".cc", ".h")) and (match := _TODO.search(text)):
        say(text.count("\n", 0, match.start()) + 1, f"{match.group(1)} without an issue number")


_HEAD = b"// " + SPDX.encode() + b"\n"
PLANTED = [
    ("src/a/b.cc", b"int x;\n", "first line"),
    ("tests/a.py", b"#!/usr/bin/env python3\nimport os\n", "first line"),
    ("src/a/b.h", _HEAD + b"int x;\n", "no #pragma once"),
    ("src/a/b.cc", _HEAD + b"int x; \n", "2: trailing blanks"),
    ("src/a/b.cc", _HEAD + b"int x;\r\n", "2: CRLF"),
    ("src/a/b.cc", _HEAD + b"\tint x;\n", "2: tab"),
    ("src/a/b.cc", _HEAD + b"int x;", "no newline"),
    ("src/a/b.cc", _HEAD + b"\n\n", "blank lines at the end"),
    ("src/a/b.cc", _HEAD + b"<<<<<<< ours\n", "2: conflict marker"),
    ("src/a/b.cc", _HEAD + b"// TO" + b"DO: later\n", "2: TODO without"),
    ("README.md", b"\xff\n", "not UTF-8"),
    ("README.md", b"x" * (LARGE + 1), "larger than"),
]
RIGHT = [
    ("src/a/b.h", _HEAD + b"#pragma once\n// TO" + b"DO(#12): later\n"),
    ("tests/a.py", b"#!/usr/bin/env python3\n# " + SPDX.encode() + b"\n"),
    ("README.md", b"# pcargo\n"),
]


def self_test():
    failures = []
    for name, data, expected in PLANTED:
        problems = check_file(name, data)
        if not any(expected in problem for problem in problems):
            failures.append(f"planted in {name}: {data[:60]!r}: expected {expected!r}, got {problems}")
    for name, data in RIGHT:
        if problems := check_file(name, data):
            failures.append(f"right text refused: {problems}")
    print("\n".join(failures) or f"{len(PLANTED)} planted mistakes found, {len(RIGHT)} right texts let through")
    return 1 if failures else 0


def main():
    if "--self-test" in sys.argv[1:]:
        return self_test()
    names = sources.tracked()
    problems = []
    for name in names:
        with open(os.path.join(sources.ROOT, name), "rb") as file:
            problems += check_file(name, file.read())
    print("\n".join(problems) or f"{len(names)} files, nothing wrong")
    return 1 if problems or not names else 0


if __name__ == "__main__":
    sys.exit(main())
