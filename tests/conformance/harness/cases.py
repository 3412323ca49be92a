# SPDX-License-Identifier: MIT OR Apache-2.0
"""The table of cases (../cases.toml): which fixture is built how."""

import dataclasses
import fnmatch
import os
import pathlib
import subprocess
import tomllib

from harness import toolchains


@dataclasses.dataclass
class Case:
    name: str
    fixture: str
    args: list
    cwd: str = "."
    target: str = "target"  # relative to the fixture's folder
    build: str = ""  # build dir where it is not the target dir
    env: dict = dataclasses.field(default_factory=dict)
    wrapper: bool = False  # a user's RUSTC_WRAPPER
    workspace_wrapper: bool = False  # a user's RUSTC_WORKSPACE_WRAPPER
    runner: str = ""  # a program of the fixture through which `run` goes
    make: str = ""  # built under an outer `make` with this flag
    exit: int = 0
    exit_unlocked: int | None = None  # with a cargo that allows unstable features, where that is another
    failing: bool = False  # which units ran depends on order: see the exception `failed-build-set`
    no_processes: bool = False  # refused before anything is built
    needs: list = dataclasses.field(default_factory=list)
    cargo: str = ""  # the oldest cargo that knows what the case is about

    def program_args(self, host):
        return [argument.replace("{host}", host) for argument in self.args]


class BadCases(Exception):
    """The table holds something that this file does not know."""


def load(path):
    data = tomllib.loads(pathlib.Path(path).read_text(encoding="utf-8"))
    fixtures = data.get("fixture", {})
    known = {field.name for field in dataclasses.fields(Case)}
    cases = []
    for row in data["case"]:
        row = {**fixtures.get(row["fixture"], {}), **row}
        unknown = set(row) - known
        if unknown:
            raise BadCases(f"case {row['name']}: unknown {sorted(unknown)}")
        cases.append(Case(**row))
    names = [case.name for case in cases]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise BadCases(f"names used twice: {sorted(twice)}")
    return cases


def choose(cases, patterns):
    if not patterns:
        return cases
    return [case for case in cases if any(fnmatch.fnmatch(case.name, pattern) for pattern in patterns)]


def host_triple(rustc="rustc"):
    text = subprocess.run([rustc, "-vV"], capture_output=True, text=True, check=True).stdout
    return next(line.partition(" ")[2] for line in text.splitlines() if line.startswith("host: "))


def cargo_version(cargo="cargo"):
    """(1, 95, 0) for `cargo 1.95.0 (...)`."""
    text = subprocess.run([cargo, "-V"], capture_output=True, text=True, check=True).stdout
    return version_of(text.split()[1].partition("-")[0])


def is_unlocked(cargo="cargo"):
    """Does it allow unstable features? Debian's does, and calls itself no nightly."""
    asked = [cargo, "-Zunstable-options", "version"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def is_nightly(cargo="cargo"):
    text = subprocess.run([cargo, "-V"], capture_output=True, text=True, check=True).stdout
    return "-nightly" in text.split()[1]


def without_build_plan(case, cargo="cargo"):
    """Cargo's words where it has no build plan of the case's command; "" where it has one. `run` is planned as `build`."""
    command = command_of(case)
    if command in ("b", "build", "r", "run"):
        return ""
    asked = [cargo, command, "--build-plan", "-Zunstable-options"]
    env = {**os.environ, "__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS": "nightly"}
    said = subprocess.run(asked, cwd="/", env=env, capture_output=True, text=True, check=False).stderr
    return next((f"`cargo {command}`: {line}" for line in said.splitlines() if "'--build-plan'" in line), "")


def command_of(case):
    return next(word for word in case.args if not word.startswith("+"))


def version_of(text):
    return tuple(int(part) for part in text.split("."))


def active_toolchain():
    """rustup's active toolchain, or None where the cargo in use is not rustup's."""
    if not toolchains.told_by_rustup():
        return None
    done = subprocess.run(["rustup", "show", "active-toolchain"], capture_output=True, text=True, check=False)
    return done.stdout.split()[0] if done.returncode == 0 and done.stdout.split() else None
