#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Holds `pcargo plan --format=build-plan` against `cargo build --build-plan` of a cargo that still has it (until 1.92).

    tests/conformance/build_plan.py --pcargo build/src/pcargo --cargo CARGO [--fixture small-app] [-- OPTIONS OF BUILD]

pcargo plans with that cargo too. Compared is every field in its order, but for hashes, pcargo's folder in the build
directory, incremental directories (ours are per unit) and the order of LD_LIBRARY_PATH, which cargo has changed since.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def run(command, workspace, more=None):
    dropped = ("CARGO", "RUSTUP_TOOLCHAIN", "RUSTFLAGS")
    env = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
    env.update(more or {})
    done = subprocess.run(command, cwd=workspace, env=env, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def comparable(plan, workspace):
    text = json.dumps(plan).replace(workspace + "/target/pcargo/", workspace + "/target/")
    text = re.sub(r"/incremental/[-\w]+-[0-9a-f]{16}", "/incremental", text)
    plan = json.loads(re.sub(r"[0-9a-f]{16}", "HASH", text))
    for invocation in plan["invocations"]:
        paths = invocation["env"].get("LD_LIBRARY_PATH", "")
        invocation["env"]["LD_LIBRARY_PATH"] = sorted(paths.split(":"))
    return plan


def differences(theirs, ours, place=""):
    """One line for each place where the plans differ."""
    if isinstance(theirs, dict) and isinstance(ours, dict):
        if list(theirs) != list(ours):
            yield f"{place}: cargo has {list(theirs)}, pcargo {list(ours)}"
        for name in theirs.keys() & ours.keys():
            yield from differences(theirs[name], ours[name], f"{place}.{name}")
    elif isinstance(theirs, list) and isinstance(ours, list) and len(theirs) == len(ours):
        for number, (left, right) in enumerate(zip(theirs, ours)):
            yield from differences(left, right, f"{place}[{number}]")
    elif theirs != ours:
        yield f"{place}: cargo has {theirs}, pcargo {ours}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pcargo", required=True)
    parser.add_argument("--cargo", required=True)
    parser.add_argument("--fixture", default="small-app", help="below fixtures/; the directory of the workspace in it")
    parser.add_argument("options", nargs="*")
    arguments = parser.parse_args()
    pcargo, cargo = os.path.abspath(arguments.pcargo), os.path.abspath(arguments.cargo)
    with tempfile.TemporaryDirectory(prefix="pcargo-build-plan-") as space:
        fixture = arguments.fixture.split("/")
        shutil.copytree(os.path.join(REPOSITORY, "fixtures", fixture[0]), os.path.join(space, fixture[0]))
        workspace = os.path.realpath(os.path.join(space, *fixture))
        rustc = {"RUSTC": subprocess.run(
            ["rustc", "--print=sysroot"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip() + "/bin/rustc"}
        theirs = run(
            [cargo, "build", "--build-plan", "-Zunstable-options", "--offline", *arguments.options],
            workspace,
            {**rustc, "__CARGO_TEST_CHANNEL_OVERRIDE_DO_NOT_USE_THIS": "nightly"},
        )
        ours = run(
            [pcargo, "plan", "--format=build-plan", "--offline", *arguments.options],
            workspace,
            {**rustc, "CARGO": cargo, "PCARGO_HOME": os.path.join(space, "home")},
        )
        found = list(differences(comparable(theirs, workspace), comparable(ours, workspace)))
    print("\n".join(found))
    print(f"{len(theirs['invocations'])} invocations, {len(found)} differences")
    return 1 if found or not theirs["invocations"] else 0


if __name__ == "__main__":
    sys.exit(main())
