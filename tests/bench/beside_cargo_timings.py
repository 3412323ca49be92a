#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The same build under `cargo build --timings` and under pcargo: when each unit started, had its metadata, and ended.

    tests/bench/beside_cargo_timings.py --pcargo build-release/src/pcargo PROJECT [--offline] [-- -j2]

What cargo says is taken from the data of its page. Of start, metadata and end: the middle of ours over cargo's with its
middle half, how many are of the same order of magnitude (of those above 50 ms), and the rank correlation of the order. Cargo starts
units in another order, so times since the beginning agree in kind only; how long a unit took is compared as well.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import fit_prior
import measure

LEAST = 0.05  # seconds: below it two runs of one unit differ by anything


def parse():
    words, extra = sys.argv[1:], []
    if "--" in words:
        at = words.index("--")
        words, extra = words[:at], words[at + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pcargo", required=True)
    parser.add_argument("--cargo", default="cargo")
    parser.add_argument("--offline", action="store_true", help="fetch nothing first; builds run with --offline either way")
    parser.add_argument("project")
    options = parser.parse_args(words)
    options.extra = extra
    return options


def key_of(package, version, what):
    return package, version.removeprefix("v"), what


def cargos(page):
    """{unit: [start, metadata or None, end]} in seconds."""
    with open(page, encoding="utf-8") as file:
        data = json.loads(re.search(r"^const UNIT_DATA = (\[.*?^\]);", file.read(), re.M | re.S)[1])
    units = {}
    for unit in data:
        sections = dict((name.lower(), section) for name, section in unit["sections"] or [])
        metadata = unit["start"] + sections["frontend"]["end"] if "frontend" in sections else None
        end = unit["start"] + unit["duration"]
        units.setdefault(key_of(unit["name"], unit["version"], unit["target"].strip()), []).append([unit["start"], metadata, end])
    return units


def word_of(unit):
    """As cargo has it in its page."""
    if unit["kind"] == "custom-build":
        return "build-script (run)" if unit["mode"] == "run-custom-build" else "build-script"
    return "" if unit["kind"] in ("lib", "rlib", "dylib", "cdylib", "staticlib", "proc-macro") else f'{unit["target"]} "{unit["kind"]}"'


def ours(report):
    units = {}
    for unit in report["units"]:
        times = [unit["start_us"], unit["metadata_us"], unit["finish_us"]]
        seconds = [None if time is None else time / 1e6 for time in times]
        units.setdefault(key_of(unit["package"], unit["version"], word_of(unit)), []).append(seconds)
    return units


def build(options, project, scratch):
    words = ["build", "--offline", *options.extra]
    target = os.path.join(scratch, "cargo")
    measure.run_or_exit([options.cargo, *words, "--timings", "--target-dir", target], project)
    theirs = cargos(os.path.join(target, "cargo-timings", "cargo-timing.html"))
    target = os.path.join(scratch, "pcargo")
    env = os.environ | {"PCARGO_HOME": os.path.join(scratch, "home")}
    program = os.path.abspath(options.pcargo)
    measure.run_or_exit([program, *words, "--target-dir", target], project, env)
    said = subprocess.run(
        [program, "timings", "--format=json", "--target-dir", target], cwd=project, env=env, stdout=subprocess.PIPE, check=True
    )
    return theirs, ours(json.loads(said.stdout))


def show(title, pairs):
    """[(cargo's, ours), ...] in seconds."""
    both = [(theirs, own) for theirs, own in pairs if theirs is not None and own is not None]
    long = [own / theirs for theirs, own in both if theirs >= LEAST and own > 0]
    if len(long) < 4:
        print(f"{title:>10}  {len(both):>5}  too few to compare")
        return
    low, middle, high = statistics.quantiles(long, n=4)
    near = sum(0.1 <= ratio <= 10 for ratio in long) / len(long)
    order = fit_prior.spearman([theirs for theirs, _ in both], [own for _, own in both])
    print(f"{title:>10}  {len(both):>5}  {middle:>8.2f}  {low:.2f} to {high:.2f}  {100 * near:>9.0f} %  {order:>9.3f}")


def main():
    options = parse()
    with tempfile.TemporaryDirectory(prefix="pcargo-bench-") as scratch:
        project = os.path.join(scratch, "project")
        shutil.copytree(options.project, project, symlinks=True, ignore=shutil.ignore_patterns("target", ".git"))
        if not options.offline:
            measure.run_or_exit([options.cargo, "fetch"], project)
        theirs, own = build(options, project, scratch)
    if {unit: len(times) for unit, times in theirs.items()} != {unit: len(times) for unit, times in own.items()}:
        sys.exit(f"only in cargo's: {sorted(set(theirs) - set(own))}\nonly in ours: {sorted(set(own) - set(theirs))}")
    pairs = [pair for unit in theirs for pair in zip(sorted(theirs[unit]), sorted(own[unit]))]
    print(f"{'':>10}  units  ours ÷ cargo's  middle half  same order  rank correlation")
    for title, number in (("start", 0), ("metadata", 1), ("end", 2)):
        show(title, [(cargo[number], our[number]) for cargo, our in pairs])
    show("took", [(cargo[2] - cargo[0], our[2] - our[0]) for cargo, our in pairs])
    firsts = [(cargo[1] - cargo[0], our[1] - our[0]) for cargo, our in pairs if cargo[1] is not None and our[1] is not None]
    show("frontend", firsts)


if __name__ == "__main__":
    main()
