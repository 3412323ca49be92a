#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Who may include whom: reads every #include line of src/ and fails on a wrong arrow between rooms.

The table is the one in src/HACKING.md. Linking alone would not catch a header that reaches too far.
With --self-test the lint is fed planted wrong arrows and must find each of them.
"""

import os
import re
import sys

import sources

# Room -> what it may include besides itself; None: anything.
ROOMS = {
    "base": set(),
    "gate": set(),
    "platform": {"base"},
    "graph": {"base"},
    "cargo": {"base"},
    "action": {"base"},
    "plan": {"cargo", "graph", "base"},
    "prepare": {"cargo", "plan", "graph", "platform", "base"},
    "schedule": {"graph", "base"},
    "freshness": {"cargo", "plan", "graph", "platform", "base"},
    "execute": {"schedule", "freshness", "plan", "graph", "platform", "cargo", "base"},
    "record": {"plan", "cargo", "graph", "platform", "base"},
    "report": {"schedule", "graph", "plan", "cargo", "base"},
    "cli": None,
}
# Single headers that a room may include though it may not include their room.
DOORS = {
    ("execute", "gate/protocol.h"),
    ("record", "execute/observer.h"),
    ("record", "schedule/simulator.h"),
    ("report", "execute/observer.h"),
    ("report", "freshness/cause.h"),
    ("report", "freshness/last_build.h"),
    ("report", "record/asked.h"),
    ("report", "record/simulation.h"),
    ("report", "record/timeline.h"),
    ("report", "record/timeline_estimates.h"),
    ("prepare", "freshness/inspector.h"),
    ("prepare", "freshness/look_coding.h"),
}
# src/main.cc hands argv to this and does nothing else.
MAIN_INCLUDES = {"cli/main.h"}
# Library headers with one room of their own.
LIBRARY_ROOMS = [(re.compile(r"uv(/.*)?\.h$"), "platform"), (re.compile(r"openssl/"), "platform"), (re.compile(r"git2"), "platform"), (re.compile(r"sqlite3"), "record"), (re.compile(r"CLI/"), "cli")]
# Too heavy for a header: every file that includes it would pay.
SOURCE_ONLY = re.compile(r"nlohmann/json\.hpp$|toml\+\+/|CLI/")

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]*)"|<([^>]*)>)', re.MULTILINE)


def check_file(name, text):
    """The wrong arrows of one file, each as `file:line: sentence`. `name` is relative to the repository's root."""
    parts = name.split("/")
    room = parts[1] if len(parts) > 2 else None
    if room is not None and room not in ROOMS:
        return [f"{name}:1: room {room} is not in the table of tests/lint/include_arrows.py"]
    problems = []
    for match in _INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        project, library = match.groups()
        problem = _project_arrow(room, project) if project is not None else _library_arrow(name, room, library)
        if problem:
            problems.append(f"{name}:{line}: {problem}")
    return problems


def _project_arrow(room, header):
    target = header.split("/")[0]
    if "/" not in header or ".." in header.split("/"):
        return f'"{header}" does not begin with a room'
    if room is None:
        return None if header in MAIN_INCLUDES else f'main.cc may include "cli/main.h" only, not "{header}"'
    if target not in ROOMS:
        return f'"{header}" is in no room of the table'
    allowed = ROOMS[room]
    if allowed is None or target == room or target in allowed or (room, header) in DOORS:
        return None
    return f'{room} may not include {target} ("{header}")'


def _library_arrow(name, room, header):
    for pattern, owner in LIBRARY_ROOMS:
        if pattern.match(header) and room != owner:
            return f"<{header}> belongs to {owner} alone"
    if name.endswith(".h") and SOURCE_ONLY.match(header):
        return f"<{header}> is too heavy for a header"
    return None


def check_tree(root):
    names = [n for n in sources.cplusplus(root) if n.startswith("src/")]
    problems = []
    for name in names:
        with open(os.path.join(root, name), encoding="utf-8") as file:
            problems += check_file(name, file.read())
    return names, problems


PLANTED = [
    ("src/base/a.h", '#include "platform/event_loop.h"\n', "base may not include platform"),
    ("src/schedule/a.cc", '#include "platform/event_loop.h"\n', "schedule may not include platform"),
    ("src/schedule/a.cc", '  #  include "plan/build_plan.h"\n', "schedule may not include plan"),
    ("src/graph/a.cc", '#include "cargo/unit_graph.h"\n', "graph may not include cargo"),
    ("src/plan/a.cc", '#include "execute/observer.h"\n', "plan may not include execute"),
    ("src/report/a.cc", '#include "execute/driver.h"\n', "report may not include execute"),
    ("src/report/a.cc", '#include "platform/event_loop.h"\n', "report may not include platform"),
    ("src/freshness/a.cc", '#include "execute/run.h"\n', "freshness may not include execute"),
    ("src/plan/a.cc", '#include "freshness/record.h"\n', "plan may not include freshness"),
    ("src/prepare/a.cc", '#include "freshness/record.h"\n', "prepare may not include freshness"),
    ("src/report/a.cc", '#include "freshness/checker.h"\n', "report may not include freshness"),
    ("src/freshness/a.cc", "#include <openssl/evp.h>\n", "<openssl/evp.h> belongs to platform"),
    ("src/execute/a.cc", '#include "report/screen.h"\n', "execute may not include report"),
    ("src/execute/a.cc", '#include "prepare/prepare.h"\n', "execute may not include prepare"),
    ("src/record/a.cc", '#include "execute/driver.h"\n', "record may not include execute"),
    ("src/cli/a.cc", "#include <sqlite3.h>\n", "<sqlite3.h> belongs to record"),
    ("src/execute/a.cc", "#include <vector>\n#include <uv.h>\n", "2: <uv.h> belongs to platform"),
    ("src/cli/a.cc", "#include <uv.h>\n", "<uv.h> belongs to platform"),
    ("src/cargo/a.cc", "#include <CLI/CLI.hpp>\n", "<CLI/CLI.hpp> belongs to cli"),
    ("src/cargo/a.h", "#include <nlohmann/json.hpp>\n", "too heavy"),
    ("src/cargo/a.cc", '#include "unit_graph.h"\n', "does not begin with a room"),
    ("src/cargo/a.cc", '#include "cargo/../plan/settings.h"\n', "does not begin with a room"),
    ("src/gate/a.cc", '#include "base/path.h"\n', "gate may not include base"),
    ("src/execute/a.cc", '#include "gate/rewrite.h"\n', "execute may not include gate"),
    ("src/attic/a.cc", "", "room attic is not in the table"),
    ("src/main.cc", '#include "base/path.h"\n', "main.cc may include"),
]
RIGHT = [
    ("src/report/a.cc", '#include "execute/observer.h"\n#include "report/a.h"\n'),
    ("src/report/a.cc", '#include "freshness/cause.h"\n'),
    ("src/prepare/a.cc", '#include "freshness/inspector.h"\n'),
    ("src/execute/a.cc", '#include "gate/protocol.h"\n'),
    ("src/cargo/a.cc", "#include <nlohmann/json.hpp>\n"),
    ("src/cargo/a.h", "#include <nlohmann/json_fwd.hpp>\n"),
    ("src/platform/a.cc", '#include "platform/a.h"\n#include <uv.h>\n'),
    ("src/cli/a.cc", '#include "execute/driver.h"\n#include <CLI/CLI.hpp>\n'),
    ("src/main.cc", '#include "cli/main.h"\n'),
    ("src/base/a.h", '// says: #include "platform/event_loop.h"\n'),
]


def self_test():
    failures = []
    for name, text, expected in PLANTED:
        problems = check_file(name, text)
        if len(problems) != 1 or expected not in problems[0]:
            failures.append(f"planted in {name}: {text!r}: expected one line with {expected!r}, got {problems}")
    for name, text in RIGHT:
        if problems := check_file(name, text):
            failures.append(f"right arrow refused: {problems}")
    print("\n".join(failures) or f"{len(PLANTED)} planted arrows found, {len(RIGHT)} right ones let through")
    return 1 if failures else 0


def main():
    if "--self-test" in sys.argv[1:]:
        return self_test()
    names, problems = check_tree(sources.ROOT)
    print("\n".join(problems) or f"{len(names)} files, no wrong arrow")
    return 1 if problems or not names else 0


if __name__ == "__main__":
    sys.exit(main())
