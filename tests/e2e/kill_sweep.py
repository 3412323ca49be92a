#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""pcargo killed before each of its system calls that change anything; each time the next build makes all good.

    PCARGO=build/src/pcargo FAKE_RUSTC=build/tests/fake_rustc/fake_rustc tests/e2e/kill_sweep.py --full
    ... --every 9 --seed 4          # what the suite does: every ninth, begun somewhere; the seed is printed
    ... --only rename:7             # one point

strace counts the calls of a good build, then kills pcargo alone as it enters call i: its children live on. At once:
build again, exit 0, files as after a clean build, no litter; and once more, which does nothing.
"""

import argparse
import collections
import os
import random
import re
import shutil
import subprocess
import sys
import time

from harness import aftermath, case, projects
from harness.space import Space

CHANGING = (
    "rename renameat renameat2 link linkat symlink symlinkat unlink unlinkat rmdir mkdir mkdirat mknod mknodat creat "
    "truncate ftruncate fallocate chmod fchmod fchmodat chown fchown lchown fchownat utimensat futimesat utime utimes "
    "setxattr fsetxattr removexattr write pwrite64 writev pwritev pwritev2 sendfile copy_file_range splice"
).split()
CHANGING_WHEN = {
    "open": "O_WRONLY|O_RDWR|O_CREAT|O_TRUNC",
    "openat": "O_WRONLY|O_RDWR|O_CREAT|O_TRUNC",
    "openat2": "O_WRONLY|O_RDWR|O_CREAT|O_TRUNC",
    "ioctl": "FICLONE",
}
# Calls that would change files where strace does not see it: the kernel's ring. Threads are looked at by themselves.
BLINDING = ("io_uring_setup", "io_uring_enter")
STARTING = ("clone", "clone3")
CALL = re.compile(r"^(\w+)\((.*)")


MOST_TRIES = 4


class Sweep:
    def __init__(self, space, name, prepare):
        self.space, self.name, self.prepare = space, name, prepare
        self.trace = space.path("trace")
        self.home = space.env["PCARGO_HOME"]

    def strace(self, *words):
        return self.space.run("-o", self.trace, *words, self.space.pcargo, "build", program=shutil.which("strace"))

    def calls(self):
        with open(self.trace, encoding="utf-8", errors="replace") as file:
            return [found.groups() for line in file if (found := CALL.match(line))]

    def facts(self):
        return {
            **{f"target/{path}": fact for path, fact in aftermath.facts(self.space.target).items()},
            # A memo is kept or not as stamps are old or new; what is half made begins with a dot.
            **{f"home/{path}": fact for path, fact in aftermath.facts(self.home).items() if "/." in path},
        }

    def assert_threads_change_nothing(self):
        """Only the first thread is killed at its calls: the others must have none that count."""
        self.prepare(0)
        names = [*CHANGING, *CHANGING_WHEN, *STARTING]
        outcome = self.strace("-ff", "-e", "trace=" + ",".join("?" + name for name in names))
        assert outcome.code == 0, outcome
        traces = {}
        for name in os.listdir(os.path.dirname(self.trace)):
            if name.startswith(os.path.basename(self.trace) + "."):
                with open(os.path.join(os.path.dirname(self.trace), name), encoding="utf-8", errors="replace") as file:
                    traces[name.rsplit(".", 1)[1]] = file.read().splitlines()
                os.remove(os.path.join(os.path.dirname(self.trace), name))
        pcargo = min(traces, key=int)  # the first that was started
        threads = [line.rsplit(" ", 1)[1] for line in traces[pcargo] if "CLONE_THREAD" in line]
        for thread in threads:
            for line in traces.get(thread, []):
                call, text = CALL.match(line).groups() if CALL.match(line) else ("", "")
                changes = call in CHANGING or call in CHANGING_WHEN and re.search(CHANGING_WHEN[call], text)
                assert not changes, f"a thread changes something: {line}"

    def points(self):
        """(call, which of its kind, text) for all calls of a good build that change anything."""
        self.space.tell_sanitizer("detect_leaks=0")  # it cannot look for them under strace
        self.clean_build(1)
        self.assert_threads_change_nothing()
        self.clean_build(1)
        self.settle()
        self.prepare(0)
        names = [*CHANGING, *CHANGING_WHEN, *BLINDING]
        outcome = self.strace("-e", "trace=" + ",".join("?" + name for name in names))
        assert outcome.code == 0, outcome
        counts, found = collections.Counter(), []
        for call, text in self.calls():
            counts[call] += 1
            assert call not in BLINDING, f"out of sight: {call}({text}"
            if call in CHANGING or call in CHANGING_WHEN and re.search(CHANGING_WHEN[call], text):
                found.append((call, counts[call], text))
        return found

    def kill(self, number, call, which):
        """None, or what went wrong."""
        self.prepare(number)
        outcome = self.strace("-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={which}")
        with open(self.trace, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
        if outcome.code != -9 or not lines or "killed by SIGKILL" not in lines[-1]:
            return "not killed", [str(outcome)]
        struck = sum(1 for line in lines if CALL.match(line))
        if struck != which:
            return "not killed", [f"killed in call {struck}, not {which}"]
        again = self.space.run("build")
        if again.code != 0:
            return "build failed", [str(again)]
        return self.compare(number) or self.build_nothing()

    def compare(self, number):
        wrong, litter = aftermath.differences(self.facts(), self.wanted[number % len(self.wanted)])
        if wrong:
            return "wrong", wrong
        return ("litter", litter) if litter else None

    def build_nothing(self):
        before = aftermath.identities(self.space.target)
        outcome = self.space.run("build", "-v")
        if outcome.code != 0 or re.search(r"^ +(Compiling|Running|Dirty) ", outcome.err, re.MULTILINE):
            return "built again", [str(outcome)]
        if aftermath.identities(self.space.target) != before:
            return "wrote again", [str(outcome)]
        return None

    def take_wanted(self, states):
        """The facts of a clean build in each state."""
        self.wanted = []
        for state in range(states):
            self.clean_build(state)
            self.wanted.append(self.facts())

    def settle(self):
        """Until all looks are old enough: then the number of calls does not depend on the clock."""
        for _ in range(2):
            outcome = self.space.run("build")
            assert outcome.code == 0, outcome

    def clean_build(self, state):
        shutil.rmtree(self.space.target, ignore_errors=True)
        shutil.rmtree(self.home, ignore_errors=True)
        self.prepare(state)
        outcome = self.space.run("build")
        assert outcome.code == 0, outcome


def cold(space):
    def prepare(_):
        shutil.rmtree(space.target, ignore_errors=True)
        shutil.rmtree(space.env["PCARGO_HOME"], ignore_errors=True)

    return Sweep(space, "cold", prepare), 1


def edited(space):
    """Each point begins where the one before has ended, with the other of two states of the sources."""
    return Sweep(space, "edited", lambda number: projects.edit_grove(space, number % 2)), 2


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="every point")
    parser.add_argument("--every", type=int, default=14)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--only", help="call:which")
    parser.add_argument("--sweep", choices=("cold", "edited"), action="append")
    chosen = parser.parse_args()
    if chosen.seed is None:
        chosen.seed = int(os.environ.get("PCARGO_SEED") or random.SystemRandom().randrange(1 << 32))
    return chosen


def chosen_points(chosen, points, rng):
    if chosen.only:
        call, which = chosen.only.split(":")
        return [point for point in points if point[0] == call and point[1] == int(which)]
    every = 1 if chosen.full else chosen.every
    return points[rng.randrange(every) :: every]


def run(chosen, make, rng):
    space = Space(case.PCARGO, case.FAKE_RUSTC)
    space.env.update({"UV_USE_IO_URING": "0", "CARGO_BUILD_JOBS": "1", "PCARGO_HOME": space.path("pcargo-home")})
    projects.grove(space)
    space.run("build")  # makes Cargo.lock
    sweep, states = make(space)
    sweep.take_wanted(states)
    points = sweep.points()
    picked = chosen_points(chosen, points, rng)
    started, bad = time.monotonic(), collections.Counter()
    print(f"{sweep.name}: K = {len(points)}, {len(picked)} of them tried", flush=True)
    assert points and picked, "nothing to kill"
    for number, (call, which, text) in enumerate(picked, start=1):
        problem = sweep.kill(number, call, which)
        for earlier in range(1, MOST_TRIES):
            if not problem or problem[0] != "not killed":
                break
            # A build with fewer such calls: how many wake the loop or look again depends on the clock. From the state before,
            # in a call before this one.
            sweep.clean_build(number + 1)
            sweep.settle()
            problem = sweep.kill(number, call, max(which - earlier, 1))
        if problem:
            bad[problem[0]] += 1
            print(f"FAIL {sweep.name} {call}:{which} ({text[:160]}): {problem[0]}", *problem[1][:6], sep="\n    ")
            sweep.clean_build(number)
            sweep.settle()
    counts = ", ".join(f"{count} {what}" for what, count in sorted(bad.items())) or "none wrong"
    print(f"{sweep.name}: {len(picked)} killed, {counts}, {time.monotonic() - started:.0f} s", flush=True)
    space.kill_leftovers()
    space.close()
    return bool(bad)


def main():
    chosen = options()
    if shutil.which("cargo") is None or shutil.which("strace") is None or not can_trace():
        promised = os.environ.get("PCARGO_TEST_REQUIRE_CARGO") or os.environ.get("CI") == "true"
        print("no cargo, or no strace that works, on this machine" + (", though required" if promised else ": SKIPPED"))
        return 1 if promised else case.SKIPPED
    print(f"seed {chosen.seed}")
    rng = random.Random(chosen.seed)
    sweeps = {"cold": cold, "edited": edited}
    results = [run(chosen, sweeps[name], rng) for name in chosen.sweep or sweeps]
    return 1 if any(results) else 0


def can_trace():
    return subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
