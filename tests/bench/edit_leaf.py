#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""One line changed in one file: pcargo beside cargo, turn by turn in one run.

    tests/bench/edit_leaf.py --pcargo build-release/src/pcargo --cargo CARGO [--runs 10] FILE... -- PCARGOS-TREE CARGOS-TREE

The trees are two copies of one project; what is not built in them yet is built first. Each FILE, relative to them, gets
another last line before each build and its old contents at the end. CARGO is the toolchain's binary, not rustup's proxy.
"""

import argparse
import os
import random
import statistics
import sys

import measure


def changed(path, number):
    """Gives what was there."""
    with open(path, "rb") as file:
        before = file.read()
    with open(path, "wb") as file:
        file.write(before + b"\nconst _: u32 = %d;\n" % number)
    return before


def build(command, tree, file, number):
    path = os.path.join(tree, file)
    before = changed(path, number)
    try:
        return measure.run_or_exit(command, tree).wall
    finally:
        with open(path, "wb") as out:
            out.write(before)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pcargo", required=True)
    parser.add_argument("--cargo", required=True)
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("files", nargs="+")
    own, trees = sys.argv[1:], []
    if "--" in own:
        own, trees = own[: own.index("--")], own[own.index("--") + 1:]
    options = parser.parse_args(own)
    if len(trees) != 2:
        parser.error("two trees are needed, behind `--`")
    sides = list(zip(([os.path.abspath(options.pcargo), "build"], [os.path.abspath(options.cargo), "build"]), trees))
    for command, tree in sides:
        measure.run_or_exit(command, tree)
    number = random.randrange(1 << 30)
    for file in options.files:
        ratios = []
        for turn in range(options.runs + 1):
            walls = {}
            for side in (0, 1) if turn % 2 else (1, 0):
                number += 1
                walls[side] = build(*sides[side], file, number)
            if turn > 0:  # the first makes the incremental files
                ratios.append((walls[0] / walls[1], walls[0], walls[1]))
        ratio, ours, theirs = (statistics.median(column) for column in zip(*ratios))
        print(f"{file}: pcargo {ours:.2f} s, cargo {theirs:.2f} s, ratio {ratio:.3f} (medians of {len(ratios)} pairs)")


if __name__ == "__main__":
    main()
