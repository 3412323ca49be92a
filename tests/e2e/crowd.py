#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Two pcargos, a `pcargo clean` and a cargo at once in one directory, one of them killed: none wrong, none stuck.

    PCARGO=build/src/pcargo tests/e2e/crowd.py --rounds 50 --seed 4

Who takes part, when each begins, who is killed and when: by the seed. Then at once a build: exit 0, all of pcargo's files
and all final files as after a clean build, nothing left over; cargo builds too, its program runs; and pcargo puts its own
final files back without building anything. A build beside a `clean` may fail, for its files were taken away; it may
not end in any other way.
"""

import argparse
import os
import random
import re
import shutil
import sys
import threading
import time

from harness import aftermath, case, real_builds, ten_crates


class Player:
    def __init__(self, space, what, words, start, program=None):
        self.space, self.what, self.words, self.start_at, self.program = space, what, words, start, program
        self.process, self.reader, self.outcome, self.was_killed = None, None, None, False

    def start(self):
        self.process = self.space.start(*self.words, program=self.program)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        try:
            self.outcome = self.space.finish(self.process)
        except AssertionError as stuck:
            self.outcome = stuck

    def kill(self, whole):
        self.was_killed = self.process.poll() is None
        self.process.kill()
        if whole:
            real_builds.kill_session(self.process.pid)


class Crowd(real_builds.RealBuilds):
    def facts(self):
        """Ours, and the final files: cargo's own are its own."""
        finals = self.wanted[0] if self.wanted else None
        return {
            path: fact
            for path, fact in super().facts().items()
            if finals is None or path in finals or path.startswith("pcargo/") or "/.pcargo" in path
        }

    def round(self, state, rng):
        ten_crates.write(self.space, state)
        span = self.seconds["cold"]
        players = [Player(self.space, "build", ["build"], rng.uniform(0, span / 2)) for _ in range(2)]
        if rng.random() < 0.6:
            players.append(Player(self.space, "clean", ["clean"], rng.uniform(0, span)))
        if rng.random() < 0.6:
            players.append(Player(self.space, "cargo", ["build"], rng.uniform(0, span), shutil.which("cargo")))
        events = [(player.start_at, player.start) for player in players]
        if rng.random() < 0.7:
            victim, whole = rng.choice(players), rng.random() < 0.5
            events.append((victim.start_at + rng.uniform(0, span), lambda: victim.kill(whole)))
        self.play(events)
        for player in players:
            player.reader.join()
        words = [word for player in players for word in self.judge(player, players)]
        return words + self.aftermath(state)

    @staticmethod
    def play(events):
        began, moment = time.monotonic(), threading.Event()
        for when, event in sorted(events, key=lambda entry: entry[0]):
            moment.wait(max(0, began + when - time.monotonic()))
            event()

    def judge(self, player, players):
        self.counts[player.what] += 1
        if isinstance(player.outcome, AssertionError):
            return [self.note("stuck", f"{player.what}: {player.outcome}")]
        if player.was_killed:
            self.counts["killed"] += 1
            return []
        if player.outcome.code == 0:
            return []
        if player.outcome.code == 101 and any(other.what == "clean" for other in players):
            self.counts[f"{player.what} failed beside clean"] += 1
            return []
        return [self.note(f"{player.what} failed", str(player.outcome))]

    def aftermath(self, state):
        words = self.build_and_compare("after the crowd", state, "build")
        cargo = self.space.run("build", program=shutil.which("cargo"))
        program = self.space.run(program=os.path.join(self.space.target, "debug", "tool"))
        if cargo.code != 0 or not program.out.endswith(f" {state}\n"):
            words.append(self.note("cargo wrong", f"{cargo}\n{program}"))
        return words + self.build_and_compare("after cargo", state, "build", "-v")

    def build_and_compare(self, when, state, *arguments):
        outcome = self.space.run(*arguments)
        if outcome.code != 0:
            return [self.note(f"build failed {when}", str(outcome))]
        if "-v" in arguments and re.search(r"^ +(Compiling|Running|Dirty) ", outcome.err, re.MULTILINE):
            return [self.note(f"built again {when}", str(outcome))]
        wrong, litter = aftermath.differences(self.facts(), self.wanted[state])
        words = [self.note(f"wrong {when}", "; ".join(wrong[:6]))] if wrong else []
        return words + ([self.note(f"litter {when}", "; ".join(litter[:6]))] if litter else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int)
    chosen = parser.parse_args()
    if shutil.which("cargo") is None or shutil.which("rustc") is None:
        promised = os.environ.get("PCARGO_TEST_REQUIRE_CARGO") or os.environ.get("CI") == "true"
        print("no rustc on this machine" + (", though one is required here" if promised else ": SKIPPED"))
        return 1 if promised else case.SKIPPED
    if chosen.seed is None:
        chosen.seed = int(os.environ.get("PCARGO_SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"seed {chosen.seed}", flush=True)
    crowd, rng, bad, started = Crowd(case.PCARGO), random.Random(chosen.seed), 0, time.monotonic()
    crowd.space.env["PCARGO_NO_HANDOVER"] = None  # `clean` is cargo's where it takes everything
    crowd.prepare()
    for number in range(chosen.rounds):
        words = crowd.round(number % real_builds.STATES, rng)
        if words:
            bad += 1
            print(f"FAIL round {number}", *words, sep="\n    ", flush=True)
            crowd.clean(number % real_builds.STATES)
    counts = ", ".join(f"{name} {count}" for name, count in sorted(crowd.counts.items()))
    print(f"{chosen.rounds} rounds: {counts}; {bad} not right; {time.monotonic() - started:.0f} s")
    crowd.space.close()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
