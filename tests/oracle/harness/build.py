# SPDX-License-Identifier: MIT OR Apache-2.0
"""Runs a build and reads what it said: which units there were, which of them ran, and what was to be seen."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field

_STATUS = re.compile(
    r"^\s+(Compiling|Checking|Building|Fresh|Dirty|Running|Finished|Locking|Adding|Removing|Updating|Blocking)\b"
)
# Of two units with the same warning the later one is said to have a duplicate: which that is, their compilers decide.
_DUPLICATES = re.compile(r" \(\d+ duplicates?\)")
# Whether others were still at work when a unit failed is a matter of time.
_CHANCE = "warning: build failed, waiting for other jobs to finish..."
CRASHED = re.compile(r"PCARGO_CHECK|AddressSanitizer|runtime error:|panicked at|internal compiler error")


@dataclass
class Outcome:
    code: int = 0
    said: Counter = field(default_factory=Counter)  # diagnostics and messages, without what differs by nature
    units: set = field(default_factory=set)  # that were finished or found fresh
    ran: set = field(default_factory=set)  # of them
    can_tell: bool = True  # what ran is known
    text: str = ""  # all of it, for a report


class Toolchains:
    """The tools themselves in front of the path: rustup's proxies cost more time than compiling such small crates."""

    def __init__(self):
        self.homes = {}
        listed = _output(["rustup", "toolchain", "list"]) or ""
        self.others = [line.split()[0] for line in listed.splitlines() if "nightly" in line]

    def about(self):
        """What `rustc -vV` says, by name."""
        environment = {"PATH": self.path("")}
        said = subprocess.run(["rustc", "-vV"], env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return dict(line.split(": ", 1) for line in said.stdout.splitlines() if ": " in line)

    def host(self):
        return self.about()["host"]

    def knows_edition_2024(self):
        return tuple(int(part) for part in self.about()["release"].split(".")[:2]) >= (1, 85)

    def path(self, name):
        if name not in self.homes:
            command = ["rustup", "run", name, "rustc"] if name else ["rustc"]
            sysroot = _output(command + ["--print", "sysroot"])
            if not sysroot:
                sys.exit(f"no rustc of toolchain `{name}`")
            self.homes[name] = os.path.join(sysroot.strip(), "bin")
        return self.homes[name] + os.pathsep + os.environ["PATH"]


def _output(command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None


def environment(ws, toolchains, incremental):
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CARGO_", "RUST", "ORACLE_", "MAKE", "MFLAGS")) or name == "CARGO_HOME"
    }
    kept.update(
        PATH=toolchains.path(ws.toolchain),
        CARGO_INCREMENTAL="1" if incremental else "0",
        CARGO_TERM_COLOR="never",
        CARGO_NET_OFFLINE="true",
        PCARGO_NO_HANDOVER="1",
    )
    if "RUSTUP_HOME" in os.environ:
        kept["RUSTUP_HOME"] = os.environ["RUSTUP_HOME"]
    return {**kept, **ws.environment}


def command(program, ws):
    words = [program, ws.command, "--workspace", "--keep-going", *ws.targets]
    words += ["--features=" + ",".join(ws.features)] if ws.features else []
    words += ["--release"] if ws.release else []
    words += ["--target", ws.triple] if ws.triple else []
    return words + ([] if ws.human else ["--message-format=json"])


class Builder:
    def __init__(self, program, place, toolchains, incremental=False):
        self.program, self.place, self.toolchains, self.incremental = program, place, toolchains, incremental

    def start(self, ws):
        with open(self.place.script_log, "wb"):
            pass
        return subprocess.Popen(
            command(self.program, ws),
            cwd=self.place.workspace,
            env=environment(ws, self.toolchains, self.incremental),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, ws):
        process = self.start(ws)
        out, err = process.communicate()
        return self.read(ws, process.returncode, out.decode(), err.decode())

    def read(self, ws, code, out, err):
        outcome = Outcome(code, can_tell=not ws.human, text=out + err)
        for line in err.splitlines():
            if line and not _STATUS.match(line) and line != _CHANCE:
                outcome.said[_DUPLICATES.sub("", line)] += 1
        for line in out.splitlines():
            if line.startswith("{"):
                _add_message(outcome, json.loads(line))
        with open(self.place.script_log, encoding="utf-8") as log:
            for name in log.read().split():
                outcome.ran.add((name, "run", "build-script-build", False))
        return outcome


def _add_message(outcome, message):
    reason = message["reason"]
    if reason == "compiler-artifact":
        unit = _unit(message)
        outcome.units.add(unit)
        if not message.pop("fresh"):
            outcome.ran.add(unit)
    elif reason == "build-script-executed":
        package = message["package_id"].split("#")[0].rsplit("/", 1)[1]
        outcome.units.add((package, "run", "build-script-build", False))
    outcome.said[json.dumps(message, sort_keys=True)] += 1


def _unit(message):
    target = message["target"]
    package = os.path.basename(os.path.dirname(message["manifest_path"]))
    return (package, target["kind"][0], target["name"], message["profile"]["test"])
