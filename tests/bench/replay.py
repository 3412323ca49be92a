#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Recorded builds played again: real cargo and real pcargo, with a rustc, a linker and build scripts that sleep.

    tests/bench/record_times.py --pcargo build/src/pcargo --work DIR ripgrep
    tests/bench/replay.py --pcargo build/src/pcargo --tools build/tests/bench --work DIR --jobs 4,16 ripgrep-dev

Pairs are interleaved; each build starts from nothing, without a history. Times are from the start of the first process to
the end of the last one, without planning (in brackets: all). Beside them what the simulator says of the same recording.
"""

import argparse
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

import record_times
import simulated_builds


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pcargo", required=True, type=pathlib.Path)
    parser.add_argument("--cargo", default="cargo")
    parser.add_argument("--tools", required=True, type=pathlib.Path, help="where the programs of tests/bench are built")
    parser.add_argument("--work", required=True, type=pathlib.Path, help="where record_times.py has been")
    parser.add_argument("--jobs", default="4,16", help="of 2, 4, 8, 16, 64")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--speed", type=float, default=1.0, help="so many times as fast; the processes themselves take 5 to 10 ms each")
    parser.add_argument("--keep-logs", action="store_true", help="DIR/replay/NAME/log-PROGRAM-JOBS stays, of the last pair")
    parser.add_argument("--only", choices=["cargo", "pcargo"])
    parser.add_argument("cases", nargs="+", metavar="NAME-PROFILE")
    return parser.parse_args()


class Case:
    """One recording, and where it is played again."""

    def __init__(self, options, name):
        self.options = options
        self.work = options.work.resolve()
        project, self.profile = name.rsplit("-", 1)
        self.times = self.work / f"{name}.sqlite"
        self.place = self.work / "replay" / name
        self.source = record_times.source_of(project, self.work)
        self.plan = simulated_builds.plan_of(options.pcargo.resolve(), self.work, self.source, self.profile)
        tools = options.tools.resolve()
        shutil.rmtree(self.place, ignore_errors=True)
        (self.place / "bin").mkdir(parents=True)
        (self.place / "bin/cc").symlink_to(tools / "sleeping_rustc")
        printed = self.work / f"{name}.printed"
        subprocess.run(
            [tools / "replay_script", self.plan, self.times, printed, str(options.speed), self.place], check=True
        )

    def simulated(self):
        """Cores -> seconds of cargo and of a first build of ours."""
        command = [self.options.tools / "simulated_builds", self.plan, self.times]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        rows = [[float(word) for word in line.split()] for line in lines[1:]]
        return {int(row[0]): (row[1] / self.options.speed, row[2] / self.options.speed) for row in rows}

    def environment(self, log):
        # Not rustup's proxy, which would take its time and listen to variables.
        sysroot = subprocess.run(["rustc", "--print", "sysroot"], capture_output=True, text=True, check=True).stdout.strip()
        own = {
            "PATH": f"{self.place / 'bin'}:{os.environ['PATH']}",
            "RUSTC": str(self.options.tools.resolve() / "sleeping_rustc"),
            "SLEEPING_RUSTC_BUILD": str(self.place),
            "SLEEPING_RUSTC_LOG": str(log),
            "SLEEPING_RUSTC_REAL": f"{sysroot}/bin/rustc",
            "CARGO_TARGET_DIR": str(self.place / "target"),
            "CARGO_INCREMENTAL": "0",
            "PCARGO_HOME": str(self.place / "home"),
        }
        return {**os.environ, **own}

    def build(self, program, jobs):
        """Seconds from the first process to the end of the last one, and in all."""
        log = self.place / f"log-{pathlib.Path(program).name}-{jobs}"
        for directory in ("home", "target"):
            shutil.rmtree(self.place / directory, ignore_errors=True)
        log.unlink(missing_ok=True)
        command = [program, "build", "--locked", "--offline", f"-j{jobs}", "--profile", self.profile]
        start = time.monotonic()
        done = subprocess.run(command, cwd=self.source, env=self.environment(log), capture_output=True, text=True, check=False)
        seconds = time.monotonic() - start
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}: {done.stderr.strip()[-3000:]}")
        spans = [[int(word) for word in line.split("\t")[1:]] for line in log.read_text(encoding="utf-8").splitlines()]
        if not self.options.keep_logs:
            log.unlink()
        shutil.rmtree(self.place / "target")
        return (max(span[-1] for span in spans) - min(span[0] for span in spans)) * 1e-9, seconds


def replay(case, jobs, simulated):
    programs = {"cargo": case.options.cargo, "pcargo": case.options.pcargo.resolve()}
    if case.options.only:
        programs = {case.options.only: programs[case.options.only]}
    took = {name: [] for name in programs}
    for number in range(case.options.pairs):
        for name in sorted(programs, reverse=number % 2 == 1):
            took[name].append(case.build(programs[name], jobs))
    line = f"  -j{jobs}:"
    for name, expected in zip(("cargo", "pcargo"), simulated):
        if name in took:
            seconds, whole = (statistics.median(column) for column in zip(*took[name]))
            line += f" {name} {seconds:.2f} s ({whole:.2f}), simulated {expected:.2f}: {seconds / expected:.3f};"
    if len(took) == 2:
        ratio = statistics.median(ours[0] / theirs[0] for ours, theirs in zip(took["pcargo"], took["cargo"]))
        whole = statistics.median(ours[1] / theirs[1] for ours, theirs in zip(took["pcargo"], took["cargo"]))
        expected = simulated[1] / simulated[0]
        line += f" ratio {ratio:.3f} ({whole:.3f}), simulated {expected:.3f}: {ratio / expected:.3f}"
    print(line, flush=True)


def main():
    options = arguments()
    for name in options.cases:
        case = Case(options, name)
        simulated = case.simulated()
        print(f"{name}, medians of {options.pairs}, speed {options.speed:g}", flush=True)
        for jobs in map(int, options.jobs.split(",")):
            replay(case, jobs, simulated[jobs])
    return 0


if __name__ == "__main__":
    sys.exit(main())
