#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What recorded builds would take on 2 to 64 cores, in cargo's order and in ours.

    tests/bench/record_times.py --pcargo build/src/pcargo --work DIR
    tests/bench/simulated_builds.py --pcargo build/src/pcargo --simulator build/tests/bench/simulated_builds --work DIR

With --other DIR2, a second recording, the history is that one: what a unit takes is never known exactly beforehand.
Printed are ratios to the simulated cargo, and to the lower bound; their geometric means come last.
"""

import argparse
import math
import os
import pathlib
import subprocess
import sys

import record_times


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pcargo", required=True, type=pathlib.Path)
    parser.add_argument("--simulator", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path, help="where record_times.py has been")
    parser.add_argument("--other", type=pathlib.Path, help="another recording, for the history")
    return parser.parse_args()


def plan_of(pcargo, work, source, profile):
    """The plan as it was when the times were taken: the same variables make the same units."""
    file = work / f"{source.name}-{profile}.plan.json"
    with open(file, "wb") as out:
        subprocess.run(
            [pcargo, "plan", "--locked", "--profile", profile],
            cwd=source,
            env={**os.environ, "CARGO_TARGET_DIR": str(work / "target"), "CARGO_INCREMENTAL": "0"},
            stdout=out,
            check=True,
        )
    return file


def simulate(options, times):
    name, profile = times.stem.rsplit("-", 1)
    source = record_times.source_of(name, options.work)
    plan = plan_of(options.pcargo.resolve(), options.work.resolve(), source, profile)
    command = [options.simulator, plan, times]
    other = options.other / times.name if options.other else None
    if other and other.exists():
        command.append(other)
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [[float(word) for word in line.split()] for line in lines[1:]]
    return f"{name} {profile}", lines[0], rows


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def main():
    options = arguments()
    table = {}
    for times in sorted(options.work.glob("*.sqlite")):
        name, about, rows = simulate(options, times)
        print(f"{name} ({about})")
        for cores, cargo, prior, history, bound in rows:
            table.setdefault(int(cores), []).append((prior / cargo, history / cargo, prior / bound, cargo / bound))
            print(f"  {int(cores):3} cores: cargo {cargo:7.2f} s, first build {prior / cargo:.3f}, "
                  f"with history {history / cargo:.3f}; above the bound: cargo {cargo / bound:.3f}, "
                  f"ours {prior / bound:.3f}")
    print("geometric means, and the worst")
    for cores, rows in sorted(table.items()):
        columns = list(zip(*rows))
        print(f"  {cores:3} cores: first build {geometric_mean(columns[0]):.3f} ({max(columns[0]):.3f}), "
              f"with history {geometric_mean(columns[1]):.3f} ({max(columns[1]):.3f}); above the bound: "
              f"cargo {geometric_mean(columns[3]):.3f}, ours {geometric_mean(columns[2]):.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
