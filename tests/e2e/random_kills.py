#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""SIGKILL at a random moment of a build of ten crates with the real rustc, and at once another build.

    PCARGO=build/src/pcargo tests/e2e/random_kills.py --trials 300 --seed 7 --victim alone     # or: all
    ... --incremental               # CARGO_INCREMENTAL=1: what the program says is compared, not the bytes
    ... --program cargo             # the same for cargo: figures only, never a failure

`alone`: pcargo dies, its compilers live on and write. `all`: everything that belongs to it dies with it. Then: exit 0;
every library, metadata file and program as after a clean build at the same path; again when the last orphan has ended;
a further build has nothing to do, and then there is nothing that a clean build has not. Litter before that build (of a
compiler that was writing while it was cleared away) is counted.
"""

import argparse
import os
import random
import re
import select
import shutil
import subprocess
import sys
import time

from harness import aftermath, case, real_builds, ten_crates


class Trials(real_builds.RealBuilds):
    def trial(self, kind, victim, state, rng):
        """Counts what happened; gives what was wrong, in words."""
        if kind == "cold":
            shutil.rmtree(self.space.target)
        ten_crates.write(self.space, state)
        moment = rng.uniform(0, self.seconds[kind])
        process = self.space.start("build", output=subprocess.DEVNULL)
        self.counts["trials"] += 1
        if not has_ended_within(process, moment):
            process.kill()
            if victim == "all":
                real_builds.kill_session(process.pid)
            self.counts["killed in mid-build"] += 1
        process.wait()
        orphans = [os.pidfd_open(pid) for pid in real_builds.session_of(process.pid)]
        self.counts["with live orphans"] += bool(orphans)
        words = self.rebuild(state, "at once")
        for orphan in orphans:
            select.select([orphan], [], [])
            os.close(orphan)
        words += self.compare(state, "when orphans had ended")
        outcome = self.space.run("build", "-v")
        if outcome.code != 0:
            words.append(self.note("third build failed", str(outcome)))
        elif re.search(r"^ +(Compiling|Running|Dirty) ", outcome.err, re.MULTILINE):
            words.append(self.note("built again", str(outcome)))
        return words + self.compare(state, "in the end")

    def rebuild(self, state, when):
        outcome = self.space.run("build")
        if outcome.code != 0:
            return [self.note("rebuild failed", str(outcome))]
        return self.compare(state, when)

    def compare(self, state, when):
        wrong, litter = aftermath.differences(self.facts(), self.wanted[state])
        words = [self.note(f"wrong {when}", "; ".join(wrong[:6]))] if wrong else []
        if litter:
            self.counts[f"litter {when}"] += 1
        return words + (["litter: " + "; ".join(litter[:6])] if litter and when == "in the end" else [])


def has_ended_within(process, seconds):
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=3, help="for each victim")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--victim", choices=("alone", "all"), action="append")
    parser.add_argument("--incremental", action="store_true")
    parser.add_argument("--program", help="instead of pcargo; its failures are counted only")
    chosen = parser.parse_args()
    if chosen.seed is None:
        chosen.seed = int(os.environ.get("PCARGO_SEED") or random.SystemRandom().randrange(1 << 32))
    return chosen


def run(chosen, victim):
    trials = Trials(chosen.program or case.PCARGO, chosen.incremental)
    trials.prepare()
    rng = random.Random(f"{chosen.seed} {victim}")
    started, bad = time.monotonic(), 0
    for number in range(chosen.trials):
        kind = rng.choice(("cold", "incremental"))
        words = trials.trial(kind, victim, (number + 1) % real_builds.STATES, rng)
        if words:
            bad += 1
            print(f"FAIL trial {number} ({kind}, {victim})", *words, sep="\n    ", flush=True)
            trials.clean((number + 1) % real_builds.STATES)
    counts = ", ".join(f"{name} {count}" for name, count in trials.counts.items())
    print(f"{victim}: {counts}; {bad} trials not right; {time.monotonic() - started:.0f} s", flush=True)
    trials.space.close()
    assert trials.counts["killed in mid-build"] * 4 >= chosen.trials, "hardly ever killed in mid-build"
    return bad > 0 and not chosen.program


def main():
    chosen = options()
    if shutil.which("cargo") is None or shutil.which("rustc") is None:
        promised = os.environ.get("PCARGO_TEST_REQUIRE_CARGO") or os.environ.get("CI") == "true"
        print("no rustc on this machine" + (", though one is required here" if promised else ": SKIPPED"))
        return 1 if promised else case.SKIPPED
    print(f"seed {chosen.seed}", flush=True)
    return 1 if any([run(chosen, victim) for victim in chosen.victim or ("alone", "all")]) else 0


if __name__ == "__main__":
    sys.exit(main())
