# SPDX-License-Identifier: MIT OR Apache-2.0
"""Journals of builds that never were: what `pcargo timings --journal` takes."""

import json

HEAD = {"pcargo": "journal", "format": 1, "version": "0.1.0", "command": "pcargo build", "workspace": "/ws", "rustc": "1.95.0",
        "profile": "dev", "processor": "a processor", "began_at_ms": 1790000000000, "planned_us": 1000, "memory_bytes": 0,
        "jobs": 2, "cores": 2}  # fmt: skip

# What somebody could call a crate, to have a page, a table or a terminal believe it.
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "<img src=x onerror=alert(1)>",
    "]]></SCRIPT >\n<script src='//example.invalid/'>",
    "'\"`${alert(1)}\\",
    "@data@@script@",
    "=HYPERLINK(1)",
    "a|b | c\\| ``d` @someone https://example.invalid",
    "\u202eright to left",
    "two\nlines\u2028three\u0085\x1b[31m\x00",
    "n" * 300,
    "\U0001f980 \u00e9 &lt;/script&gt; &#60;",
]


def unit(package, *after, **more):
    return {"package": package, "version": "1.0.0", "target": package, "kind": "lib", "mode": "build", "platform": "",
            "member": False, "phases": "pipelined", "threads": 1, "after": [[number, "metadata"] for number in after]} | more  # fmt: skip


def chain(names, why="there is no record of it", **head):
    """A build of these, one after the other: each has its metadata after half a second and is done after a whole one."""
    units = [unit(name, *([number - 1] if number else [])) for number, name in enumerate(names)]
    lines = [HEAD | head, {"units": units}]
    begin = (HEAD | head)["planned_us"]
    for number in range(len(names)):
        lines += [
            {"us": begin, "unit": number, "is": "started", "why": why},
            {"us": begin + 500_000, "unit": number, "is": "metadata"},
            {"us": begin + 990_000, "unit": number, "is": "ended", "cpu_us": 900_000, "peak_kib": 100_000},
            {"us": begin + 1_000_000, "unit": number, "is": "done"},
        ]
        begin += 1_000_000
    lines += [{"us": begin, "is": "over", "outcome": "success"}, {"us": begin + 500, "is": "end"}]
    return "".join(json.dumps(line) + "\n" for line in lines)


def forest(count, lanes=8, **head):
    """A build of so many units in so many lanes: libraries, build scripts and their runs, programs that wait at their gate."""
    units, events = [], []
    free = [(HEAD | head)["planned_us"]] * lanes
    for number in range(count):
        lane = number % lanes
        below = [number - lanes] if number >= lanes else []
        start, took = free[lane], 50_000 * (1 + number * 7919 % 23)
        end = start + took
        events.append((start, {"unit": number, "is": "started", "why": "there is no record of it"}))
        if number % 11 == 5:
            units.append(unit(f"crate-{number}", kind="custom-build", mode="run-custom-build", phases="whole"))
        elif number % 13 == 7:
            units.append(unit(f"crate-{number}", *below, kind="bin", phases="linking"))
            events.append((start + took // 2, {"unit": number, "is": "objects"}))
            events.append((start + took * 3 // 4, {"unit": number, "is": "link"}))
        else:
            units.append(unit(f"crate-{number}", *below))
            events.append((start + took // 3, {"unit": number, "is": "metadata"}))
        units[-1]["after"] = [[other, "artifact"] for other in below]
        events.append((end, {"unit": number, "is": "ended", "cpu_us": took * 9 // 10, "peak_kib": 50_000 + 1000 * number}))
        events.append((end, {"unit": number, "is": "done"}))
        free[lane] = end
    last = max(free)
    events.sort(key=lambda event: event[0])
    lines = [HEAD | {"jobs": lanes, "cores": lanes} | head, {"units": units}, *({"us": at} | event for at, event in events),
             {"us": last, "is": "over", "outcome": "success"}, {"us": last, "is": "end"}]  # fmt: skip
    return "".join(json.dumps(line) + "\n" for line in lines)
