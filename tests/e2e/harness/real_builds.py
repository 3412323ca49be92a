# SPDX-License-Identifier: MIT OR Apache-2.0
"""Ten crates built by the real rustc over and over, each time held against a clean build; and who still runs."""

import collections
import os
import re
import shutil
import signal
import subprocess
import time

from harness import aftermath, case, ten_crates
from harness.space import Space

ARTIFACT = re.compile(r"\.(rlib|rmeta|so)$")
INCREMENTAL = re.compile(r"(^|/)incremental/")
STATES = 2


class RealBuilds:
    def __init__(self, program, compiles_incrementally=False):
        self.space = Space(program, case.FAKE_RUSTC)
        self.compiles_incrementally = compiles_incrementally
        self.space.env["CARGO_INCREMENTAL"] = str(int(compiles_incrementally))
        for name in ("RUSTC", "PCARGO_FAKE_RUSTC"):
            del self.space.env[name]
        self.space.env["PCARGO_LATE_LINK"] = os.environ.get("PCARGO_LATE_LINK", "auto")
        # The tools themselves: rustup's proxies cost more time than such small crates.
        asked = subprocess.run(["rustc", "--print", "sysroot"], stdout=subprocess.PIPE, text=True, check=True)
        tools = os.path.join(asked.stdout.strip(), "bin")
        self.space.env["PATH"] = tools + os.pathsep + self.space.env["PATH"]
        self.wanted, self.seconds = [], {}
        self.counts = collections.Counter()

    def prepare(self):
        """What clean builds leave, and how long a cold and an incremental one take."""
        ten_crates.write(self.space, 0)
        self.build()  # makes Cargo.lock
        for state in range(STATES):
            facts = [self.clean(state) for _ in range(2)]
            assert facts[0] == facts[1], f"clean builds differ: {aftermath.differences(*facts)}"
            self.wanted.append(facts[0])
        self.seconds["incremental"] = self.timed_edit(0)

    def clean(self, state):
        ten_crates.write(self.space, state)
        shutil.rmtree(self.space.target, ignore_errors=True)
        self.seconds["cold"] = self.build()
        return self.facts()

    def note(self, what, text):
        self.counts[what] += 1
        return f"{what}: {text}"

    def timed_edit(self, state):
        ten_crates.write(self.space, state)
        return self.build()

    def build(self):
        started = time.monotonic()
        outcome = self.space.run("build")
        assert outcome.code == 0, outcome
        return time.monotonic() - started

    def facts(self):
        """Digests of what compilers made; of all else only that it is there. Incremental compilation makes other bytes
        each time: then only what the program says, and what is there beside rustc's own directories."""
        found = {}
        if self.compiles_incrementally:
            for path, fact in aftermath.facts(self.space.target).items():
                if not INCREMENTAL.search(path):
                    found[path] = fact[0]
            return found | {"what the program says": self.said()}
        for path, fact in aftermath.facts(self.space.target).items():
            is_program = len(fact) == 3 and int(fact[1], 8) & 0o111
            found[path] = fact if is_program or ARTIFACT.search(path) else fact[0]
        return found


    def said(self):
        """By a program that uses all ten crates; None if there is none that runs."""
        program = os.path.join(self.space.target, "debug", "tool")
        try:
            done = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            return None
        return done.stdout


def session_of(leader):
    """Who still runs in the session: pcargo puts its children into process groups of their own."""
    found = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                state, _, _, session = file.read().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state not in "ZX":
            found.append(int(entry))
    return found


def kill_session(leader):
    while members := session_of(leader):
        for pid in members:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
