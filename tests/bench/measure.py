# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs one command and says what it cost: wall time, its own processor time, its own peak memory."""

import os
import subprocess
import sys

LAUNCHER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "launch.py")


class Cost:
    """`own_cpu` is of the process itself, without its children; `floor_kib` is the least that `peak_kib` can say."""

    def __init__(self, wall, own_cpu, peak_kib, code, floor_kib):
        self.wall = wall
        self.own_cpu = own_cpu
        self.peak_kib = peak_kib
        self.code = code
        self.floor_kib = floor_kib


def run_or_exit(command, cwd, env=None):
    """Waits for the end. A command that fails ends the benchmark, because a failed build measures nothing."""
    reading, writing = os.pipe()
    done = subprocess.run(
        [sys.executable, "-I", "-S", LAUNCHER, str(writing), *command],
        cwd=cwd,
        env=env,
        pass_fds=[writing],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    with os.fdopen(reading, encoding="ascii") as file:
        words = file.read().split()
    if len(words) != 5 or words[3] != "0":
        sys.exit(f"{' '.join(command)}: exit {words[3:4]}\n{done.stderr.decode(errors='replace')[-4000:]}")
    return Cost(float(words[0]), float(words[1]), int(words[2]), int(words[3]), int(words[4]))
