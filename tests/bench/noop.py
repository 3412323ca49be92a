#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""A build with nothing to do: pcargo beside cargo, turn by turn in one run.

    tests/bench/noop.py --pcargo build-release/src/pcargo --cargo CARGO [--runs 30] [--cold 5] PCARGOS-TREE CARGOS-TREE

The trees are two copies of one project; what is not built in them yet is built first. CARGO is the toolchain's binary, not
rustup's proxy. Says the ratio of medians, peak memory, processes started (strace, in a run apart), paths looked at, and, as
root, the same with the caches of the file system dropped before each run.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import measure

MOST_WARM_UPS = 50


def drop_caches():
    subprocess.run(["sync"], check=True)
    with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as file:
        file.write("3\n")


def traced(command, cwd, env):
    """Processes started besides the command itself, paths looked at, and the files it opened."""
    with tempfile.NamedTemporaryFile("r", encoding="utf-8", errors="replace") as trace:
        words = ["strace", "-f", "-o", trace.name, "-e", "trace=%process,openat,statx", *command]
        subprocess.run(words, cwd=cwd, env=env, check=True, stderr=subprocess.DEVNULL)
        text = trace.read()
    children = len(re.findall(r"\b(?:vfork|fork|clone3?)\((?!.*CLONE_THREAD)", text))
    return children, len(re.findall(r"\bstatx\(", text)), text


def is_short(command, cwd, env):
    return "/records/" not in traced(command, cwd, env)[2]


def spread(values):
    ordered = sorted(values)
    return f"{ordered[len(ordered) // 4] * 1e3:.2f}..{ordered[3 * len(ordered) // 4] * 1e3:.2f}"


def compare(ours, theirs, runs, before=lambda: None):
    """Costs of both, a run of one after a run of the other."""
    costs = ([], [])
    for _ in range(runs):
        for side, (command, cwd, env) in zip(costs, (ours, theirs)):
            before()
            side.append(measure.run_or_exit(command, cwd, env))
    return costs


def report(title, costs):
    walls = [[cost.wall for cost in side] for side in costs]
    medians = [statistics.median(side) for side in walls]
    print(f"{title}: pcargo {medians[0] * 1e3:.2f} ms ({spread(walls[0])}), cargo {medians[1] * 1e3:.2f} ms "
          f"({spread(walls[1])}), ratio {medians[0] / medians[1]:.3f} (medians of {len(walls[0])}, quartiles)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pcargo", required=True)
    parser.add_argument("--cargo", required=True)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--cold", type=int, default=5)
    parser.add_argument("ours")
    parser.add_argument("theirs")
    options = parser.parse_args()
    memory = tempfile.mkdtemp(prefix="pcargo-noop-")
    env = {**os.environ, "PCARGO_HOME": memory}
    ours = ([os.path.abspath(options.pcargo), "build"], options.ours, env)
    theirs = ([os.path.abspath(options.cargo), "build"], options.theirs, env)
    try:
        for _ in range(MOST_WARM_UPS):
            measure.run_or_exit(*ours)
            if is_short(*ours):
                break
        else:
            sys.exit("pcargo never finds a standing that it believes")
        measure.run_or_exit(*theirs)
        costs = compare(ours, theirs, options.runs)
        report("warm", costs)
        start = [measure.run_or_exit([ours[0][0], "--version"], options.ours, env).wall for _ in range(options.runs)]
        print(f"pcargo --version: {statistics.median(start) * 1e3:.2f} ms")
        children, looks, _ = traced(*ours)
        peaks = [cost.peak_kib for cost in costs[0]]
        print(f"pcargo: peak {max(peaks)} KiB (what starts it counts for {costs[0][0].floor_kib}), "
              f"{children} processes started, {looks} paths looked at")
        if os.geteuid() == 0 and options.cold > 0:
            report("cold", compare(ours, theirs, options.cold, drop_caches))
    finally:
        shutil.rmtree(memory)


if __name__ == "__main__":
    main()
