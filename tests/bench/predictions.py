#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""How far off `pcargo timings --what-if` is: a build is predicted from the journal of another one, and then measured.

    tests/bench/predictions.py --pcargo build/src/pcargo --work DIR replay --tools build/tests/bench --jobs 4,8,16 ripgrep-dev
    tests/bench/predictions.py --pcargo build/src/pcargo --work DIR builds hexyl ripgrep

replay: recorded builds (record_times.py has been in DIR) played again with -j2, and predicted from that for more jobs. A
process that sleeps stands for one that works, so in the journal the time that it was to sleep is added to what it worked.
builds: cold builds with -j1 and with -j2 on this machine, in turn, each predicted from the other. What else the machine does
is part of what is measured.

All builds start from nothing, without a history.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import types

import record_times
import replay


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pcargo", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    modes = parser.add_subparsers(dest="mode", required=True)
    played = modes.add_parser("replay")
    played.add_argument("--tools", required=True, type=pathlib.Path, help="where the programs of tests/bench are built")
    played.add_argument("--jobs", default="4,8,16")
    played.add_argument("--speed", type=float, default=1.0)
    played.add_argument("cases", nargs="+", metavar="NAME-PROFILE")
    built = modes.add_parser("builds")
    built.add_argument("--runs", type=int, default=1, help="of each; what is compared is the median")
    built.add_argument("--profile", default="dev")
    built.add_argument("projects", nargs="+", metavar="NAME", help="of record_times.py, or a directory")
    return parser.parse_args()


def journal_of(target):
    """The lines of the one journal that is there, as objects."""
    (file,) = (target / "pcargo/journals").glob("*.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def wall_of(journal):
    assert journal[-1]["is"] == "end", "the journal is not whole"
    return journal[-1]["us"] / 1e6


def predict(pcargo, journal, jobs, place):
    """Seconds that the build would take with so many jobs, and the error that is expected, in percent; for each of `jobs`."""
    place.write_text("".join(json.dumps(line, separators=(",", ":")) + "\n" for line in journal), encoding="utf-8")
    words = [word for count in jobs for word in ("--what-if", f"cores={count}")]
    command = [pcargo, "timings", "--journal", place, *words]
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return [tuple(map(float, re.match(r" *([\d.]+) s \(± (\d+) %\)", line).groups())) for line in lines[1:]]


class Table:
    def __init__(self):
        self.errors = []
        self.within = 0
        print(f"{'':30} {'predicted':>16} {'measured':>9} {'error':>8}")

    def add(self, name, prediction, measured):
        predicted, expected = prediction
        error = predicted / measured - 1
        self.errors.append(abs(error))
        self.within += abs(measured - predicted) <= predicted * expected / 100
        print(f"{name:30} {predicted:7.2f} s ± {expected:2.0f} % {measured:7.2f} s {100 * error:+6.1f} %", flush=True)

    def close(self):
        print(f"{len(self.errors)} predictions: median error {100 * statistics.median(self.errors):.1f} %, "
              f"worst {100 * max(self.errors):.1f} %; {self.within} within what was said")


class Played:
    """A recorded build, played again by pcargo alone."""

    def __init__(self, options, name):
        self.case = replay.Case(types.SimpleNamespace(**vars(options), only="pcargo", pairs=1, keep_logs=False), name)
        self.pcargo = options.pcargo.resolve()
        self.units = (self.case.place / "units").read_text(encoding="utf-8").splitlines()

    def build(self, jobs):
        place = self.case.place
        for directory in ("home", "target"):
            shutil.rmtree(place / directory, ignore_errors=True)
        command = [self.pcargo, "build", "--locked", "--offline", f"-j{jobs}", "--profile", self.case.profile]
        environment = self.case.environment(place / "log")
        done = subprocess.run(command, cwd=self.case.source, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}: {done.stderr.strip()[-3000:]}")
        journal = journal_of(place / "target")
        shutil.rmtree(place / "target")
        return self.as_if_it_had_worked(journal)

    def as_if_it_had_worked(self, journal):
        for unit, line in zip(journal[1]["units"], self.units, strict=True):
            assert line.split()[1:3] == [unit["package"], unit["version"]], f"{line} is not {unit}"
        for event in journal[2:]:
            if event["is"] == "ended":
                frontend, codegen, _, link = self.units[event["unit"]].split("\t")[1].split()[:4]
                event["cpu_us"] += (int(frontend) + int(codegen) + int(link)) // 1000
        return journal


def replayed(options):
    table = Table()
    jobs = [int(word) for word in options.jobs.split(",")]
    for name in options.cases:
        played = Played(options, name)
        predictions = predict(played.pcargo, played.build(2), jobs, played.case.place / "journal")
        for count, prediction in zip(jobs, predictions):
            table.add(f"{name}, -j2 to -j{count}", prediction, wall_of(played.build(count)))
    table.close()


def build(options, source, jobs):
    home, target = options.work / "home", options.work / "target"
    for directory in (home, target):
        shutil.rmtree(directory, ignore_errors=True)
    command = [options.pcargo, "build", "--locked", f"-j{jobs}", "--profile", options.profile]
    environment = {**os.environ, "PCARGO_HOME": str(home), "CARGO_TARGET_DIR": str(target), "CARGO_INCREMENTAL": "0"}
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{source}: {done.stderr.strip()[-3000:]}")
    journal = journal_of(target)
    shutil.rmtree(target)
    return journal


def built(options):
    table = Table()
    for name in options.projects:
        if "/" in name:
            name = record_times.take_directory(pathlib.Path(name), options.work)
        source = record_times.source_of(name, options.work)
        journals = {1: [], 2: []}
        for number in range(options.runs):
            for jobs in sorted(journals, reverse=number % 2 == 1):
                journals[jobs].append(build(options, source, jobs))
        middle = {jobs: sorted(runs, key=wall_of)[len(runs) // 2] for jobs, runs in journals.items()}
        for seen, asked in ((1, 2), (2, 1)):
            (prediction,) = predict(options.pcargo, middle[seen], [asked], options.work / "journal")
            table.add(f"{source.name}, -j{seen} to -j{asked}", prediction, wall_of(middle[asked]))
    table.close()


def main():
    options = arguments()
    options.pcargo, options.work = options.pcargo.resolve(), options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    if options.mode == "replay":
        replayed(options)
    else:
        built(options)
    return 0


if __name__ == "__main__":
    sys.exit(main())
