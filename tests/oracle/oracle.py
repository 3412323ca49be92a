#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Fresh means fresh: after each edit of a made-up workspace the incremental build equals a clean build at the same
path, byte for byte, and everything ran that the generator's own model says must run. Offline, with the real rustc.

  oracle.py --pcargo build/src/pcargo [--seed N] [--edits N] [--workspaces M]     # PCARGO_SEED overrides the seed
  oracle.py --cargo cargo ...                                                     # figures only: where cargo is stale
"""

import argparse
import concurrent.futures
import os
import random
import shutil
import sys
import time

from harness import build, model, shrink, walk

SKIPPED = 77


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pcargo", help="the program under test")
    parser.add_argument("--cargo", help="the same edits for this cargo: mismatches are counted, and are no failure")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--edits", type=int, default=24, help="in all")
    parser.add_argument("--workspaces", type=int, default=2)
    parser.add_argument("--only-workspace", type=int, help="this one, with as many edits as it would have had")
    parser.add_argument("--jobs", type=int, default=2, help="workspaces at a time")
    parser.add_argument("--only", action="append", default=[], help="only this kind of edit; may be repeated")
    parser.add_argument("--without", action="append", default=[], help="never this kind of edit; may be repeated")
    parser.add_argument("--behaviour", action="store_true", help="CARGO_INCREMENTAL=1; what programs do, not bytes")
    parser.add_argument("--shrink", type=int, default=40, metavar="TRIES", help="for a shorter way to a mismatch")
    parser.add_argument("--stop", action="store_true", help="begin no other workspace after a mismatch")
    parser.add_argument("--directory", help="where the workspaces go")
    parser.add_argument("--figures", action="store_true", help="what ran by kind of edit")
    chosen = parser.parse_args()
    if bool(chosen.pcargo) == bool(chosen.cargo):
        parser.error("one of --pcargo and --cargo")
    if chosen.seed is None:
        chosen.seed = int(os.environ.get("PCARGO_SEED") or random.SystemRandom().randrange(1 << 32))
    return chosen


def walk_one(chosen, terms, number, toolchains, reports):
    if chosen.stop and reports:
        return walk.Figures(), None
    count = chosen.edits // chosen.workspaces + (number < chosen.edits % chosen.workspaces)
    one = walk.Walk(terms, number, toolchains)
    mismatch = one.run(range(count))
    if mismatch is None:
        one.close()
        return one.figures, None
    lines = [f"MISMATCH: seed {terms.seed}, workspace {number}, edit {mismatch.index}, kept in {one.place.root}"]
    lines += ["  " + step for step in mismatch.trail] + ["  -> " + problem for problem in mismatch.problems]
    short = shrink.shorter(terms, number, mismatch, toolchains, chosen.shrink)
    if short:
        lines += ["shorter:"] + ["  " + step for step in short.trail] + ["  -> " + p for p in short.problems]
    return one.figures, "\n".join(lines)


def main():
    chosen = options()
    if shutil.which("rustc") is None:
        promised = os.environ.get("PCARGO_TEST_REQUIRE_CARGO") or os.environ.get("CI") == "true"
        print("no rustc on this machine" + (", though one is required here" if promised else ": SKIPPED"))
        return 1 if promised else SKIPPED
    program = chosen.pcargo or chosen.cargo
    program = os.path.abspath(program) if os.sep in program else program
    only, without = tuple(chosen.only), tuple(chosen.without)
    terms = walk.Terms(program, chosen.seed, chosen.behaviour, bool(chosen.cargo), only, without, chosen.directory)
    print(f"seed {chosen.seed}: {chosen.edits} edits of {chosen.workspaces} workspaces", flush=True)
    toolchains = build.Toolchains()
    if not toolchains.knows_edition_2024():
        model.EDITIONS.remove("2024")
    numbers = range(chosen.workspaces) if chosen.only_workspace is None else [chosen.only_workspace]
    figures, reports, started = walk.Figures(), [], time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
        runs = [pool.submit(walk_one, chosen, terms, number, toolchains, reports) for number in numbers]
        for run in concurrent.futures.as_completed(runs):
            made, report = run.result()
            figures.add(made)
            if report:
                reports.append(report)
                print(report, flush=True)
    tell(figures, time.monotonic() - started, chosen.figures)
    return 1 if reports else 0


def tell(figures, seconds, by_kind):
    made = sum(figures.edits.values())
    ratio = f"{figures.ran / figures.needed:.2f}" if figures.needed else "-"
    print(
        f"{made} edits of {len(figures.edits)} kinds, {sum(figures.mismatches.values())} mismatches, "
        f"{figures.clean_builds} clean builds, {figures.failing} states that must not build, {seconds:.0f} s"
    )
    print(f"ran {figures.ran} of {figures.units}, needed {figures.needed}: ran / needed = {ratio}")
    if figures.mismatches:
        print("mismatches after: " + ", ".join(f"{k} {n}" for k, n in figures.mismatches.most_common()))
    if figures.nondeterministic:
        print("clean builds that differ: " + ", ".join(f"{k} ({n})" for k, n in figures.nondeterministic.items()))
    if by_kind:
        for story in figures.stories:
            print(f"  {story}")
        for kind, count in sorted(figures.edits.items()):
            ran, needed = figures.ran_by_kind[kind], figures.needed_by_kind[kind]
            print(f"{kind:24} {count:5} edits, ran {ran:5}, needed {needed:5}")


if __name__ == "__main__":
    sys.exit(main())
