#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Cold `pcargo build` beside cold `cargo build` on one project: interleaved pairs, medians, ratio, 95 % bound.

    tests/bench/compare_cold.py --pcargo build-release/src/pcargo PROJECT [--pairs 10] [-- --release]

The project is copied, everything is fetched and built once before anything is measured, and each build starts from an empty
target directory. Who goes first changes from pair to pair. What follows `--` goes to both.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile

import measure
import statistics_of_pairs


def parse():
    words = sys.argv[1:]
    extra = []
    if "--" in words:
        at = words.index("--")
        words, extra = words[:at], words[at + 1 :]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pcargo", required=True)
    parser.add_argument("--cargo", default="cargo")
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--json", help="also write the numbers to this file")
    parser.add_argument("--offline", action="store_true", help="fetch nothing first; builds run with --offline either way")
    parser.add_argument("project")
    options = parser.parse_args(words)
    options.extra = extra
    return options


def cold(program, project, target, extra):
    shutil.rmtree(target, ignore_errors=True)
    memory = target + ".plans"  # cold: nothing is remembered of the plan either
    shutil.rmtree(memory, ignore_errors=True)
    command = [program, "build", "--offline", "--target-dir", target, *extra]
    return measure.run_or_exit(command, project, {**os.environ, "PCARGO_HOME": memory})


def main():
    options = parse()
    ours = os.path.abspath(options.pcargo)
    with tempfile.TemporaryDirectory(prefix="pcargo-bench-") as scratch:
        project = os.path.join(scratch, "project")
        shutil.copytree(options.project, project, symlinks=True, ignore=shutil.ignore_patterns("target", ".git"))
        target = os.path.join(scratch, "target")
        if not options.offline:
            measure.run_or_exit([options.cargo, "fetch"], project)
        for program in (options.cargo, ours):
            cold(program, project, target, options.extra)  # warms the page cache; not counted
        pairs = []
        for number in range(options.pairs):
            order = [ours, options.cargo] if number % 2 else [options.cargo, ours]
            walls = {program: cold(program, project, target, options.extra).wall for program in order}
            pairs.append((walls[ours], walls[options.cargo]))
            print(f"pair {number + 1}: pcargo {pairs[-1][0]:.3f} s, cargo {pairs[-1][1]:.3f} s", flush=True)
    summary = statistics_of_pairs.ratio_summary(pairs)
    name = os.path.basename(os.path.normpath(options.project))
    print(
        f"{name} {' '.join(options.extra)}, {os.cpu_count()} cores, {summary['pairs']} pairs: "
        f"pcargo {summary['ours_median']:.3f} s, cargo {summary['theirs_median']:.3f} s (medians); "
        f"ratio {summary['ratio_median']:.4f}, 95 % bound {summary['ratio_bound_95']:.4f}, "
        f"range {summary['ratio_lowest']:.3f} to {summary['ratio_highest']:.3f}"
    )
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"project": name, "pairs": pairs, **summary}, file, indent=1)


if __name__ == "__main__":
    main()
