#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""How many units cargo and pcargo build again when nothing that counts has changed.

    tests/bench/needless_work.py --pcargo build-release/src/pcargo PROJECT

The project is copied and committed to a repository of its own; each scenario starts from a finished build, changes what a
restored cache, a checkout or another shell would change, and builds again. Counted are the units reported as not fresh.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

TARGET = "target"


def git(project, *words):
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@localhost", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *words], cwd=project, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def rebuilt(program, project, env):
    """Units that were not fresh, build scripts' runs not counted: their messages do not say."""
    done = subprocess.run(
        [program, "build", "--offline", "--message-format=json", "--target-dir", os.path.join(project, TARGET)],
        cwd=project,
        env={**os.environ, **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode != 0:
        sys.exit(f"{program} build failed:\n{done.stderr.decode(errors='replace')}")
    messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(b"{")]
    units = [message["fresh"] for message in messages if message["reason"] == "compiler-artifact"]
    return units.count(False), len(units)


def sources(project):
    for folder, folders, files in os.walk(project):
        folders[:] = [name for name in folders if name not in (TARGET, ".git")]
        for name in files:
            yield os.path.join(folder, name)


def nothing(_):
    return {}


def touch_all(project):
    for file in sources(project):
        os.utime(file)
    return {}


def copy_away_and_back(project):
    """As a cache does that keeps no time stamps."""
    away = project + ".away"
    shutil.copytree(project, away, symlinks=True, copy_function=shutil.copy)
    shutil.rmtree(project)
    shutil.copytree(away, project, symlinks=True, copy_function=shutil.copy)
    shutil.rmtree(away)
    return {}


def clone_beside_restored_target(project):
    away = project + ".away"
    os.rename(project, away)
    git(os.path.dirname(project), "clone", away, project)
    os.rename(os.path.join(away, TARGET), os.path.join(project, TARGET))
    shutil.rmtree(away)
    return {}


def old_commit_and_back(project):
    git(project, "checkout", "HEAD~1")
    git(project, "checkout", "-")
    return {}


def another_shell(_):
    return {"TZ": "Asia/Tokyo", "LANG": "C", "LC_ALL": "C", "COLUMNS": "57"}


SCENARIOS = {
    "nothing": nothing,
    "touch every source": touch_all,
    "tree copied away and back, time stamps lost": copy_away_and_back,
    "git clone into the same path, target directory restored": clone_beside_restored_target,
    "old commit checked out, and back": old_commit_and_back,
    "another TZ, LANG, terminal": another_shell,
}


def set_up(source, project):
    shutil.copytree(source, project, symlinks=True, ignore=shutil.ignore_patterns(TARGET, ".git"))
    git(project, "init", "--initial-branch=main")
    with open(os.path.join(project, ".gitignore"), "a", encoding="utf-8") as file:
        file.write(f"\n/{TARGET}\n")
    # The first commit differs in every source: going there and back rewrites them all.
    originals = {}
    for file in sources(project):
        if file.endswith(".rs"):
            with open(file, "rb") as stream:
                originals[file] = stream.read()
            with open(file, "ab") as stream:
                stream.write(b"\n// old\n")
    git(project, "add", "-A")
    git(project, "commit", "-m", "old")
    for file, contents in originals.items():
        with open(file, "wb") as stream:
            stream.write(contents)
    git(project, "commit", "-a", "-m", "new")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pcargo", required=True)
    parser.add_argument("--cargo", default="cargo")
    parser.add_argument("--assert-none", action="store_true", help="fail if pcargo builds anything again")
    parser.add_argument("project")
    options = parser.parse_args()
    programs = {"cargo": options.cargo, "pcargo": os.path.abspath(options.pcargo)}
    counts, all_units = {}, 0
    with tempfile.TemporaryDirectory(prefix="pcargo-bench-") as scratch:
        for name, program in programs.items():
            project = os.path.join(scratch, name, "project")
            os.makedirs(os.path.dirname(project))
            set_up(options.project, project)
            for scenario, change in SCENARIOS.items():
                rebuilt(program, project, {})
                env = change(project)
                counts[name, scenario], all_units = rebuilt(program, project, env)
    print(f"{'units built again, of ' + str(all_units):58} {'cargo':>7} {'pcargo':>7}")
    for scenario in SCENARIOS:
        print(f"{scenario:58} {counts['cargo', scenario]:7} {counts['pcargo', scenario]:7}")
    needless = sum(counts["pcargo", scenario] for scenario in SCENARIOS)
    return 1 if options.assert_none and needless else 0


if __name__ == "__main__":
    sys.exit(main())
