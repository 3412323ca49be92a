#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""cargo and pcargo in one target directory: neither disturbs the other.

    tests/conformance/coexist.py --pcargo build/src/pcargo [--fixture small-app] [-- build --all-targets]

Three stories, each told to the end:
  cargo, pcargo, cargo   pcargo changes no byte and no time of cargo's own files, and cargo then finds everything fresh
  pcargo, cargo, pcargo  cargo finds nothing to reuse, builds all of it, changes nothing of pcargo's; pcargo builds again
  both at once           started together on an empty directory, both end well
After each step the program that was built runs.
"""

import argparse
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness import cases, sandbox  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent.parent / "fixtures"
CARGOS = re.compile(r"(^|/)(deps|\.fingerprint|incremental|build/[^/]+)(/|$)")


class Story:
    """One project folder and what is asked of it."""

    def __init__(self, folder, source, cwd, target, tools, args):
        self.root = pathlib.Path(folder) / "root"
        shutil.copytree(source, self.root, symlinks=True, ignore=sandbox.without_builds)
        self.cwd, self.target = self.root / cwd, self.root / target
        self.tools, self.args, self.problems = tools, args, []

    def command(self, tool):
        return [self.tools[tool], *self.args, "-v"]

    def environment(self):
        env = {name: os.environ[name] for name in sandbox.KEPT if name in os.environ}
        own = {"PCARGO_HOME": str(self.root.parent / "pcargo-home"), "PCARGO_PLAN_CACHE": "verify"}
        return {**env, **own, "PCARGO_NO_HANDOVER": "1", "CARGO_NET_OFFLINE": "true"}

    def build(self, tool):
        done = subprocess.run(
            self.command(tool), cwd=self.cwd, env=self.environment(), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            self.problems.append(f"{tool} exits {done.returncode}:\n{done.stderr[-1500:]}")
        self.run_programs(tool)
        return done.stderr

    def run_programs(self, after):
        for path in sorted((self.target / "debug").glob("*")):
            if path.is_file() and os.access(path, os.X_OK) and "." not in path.name:
                done = subprocess.run([path], capture_output=True, timeout=60, check=False)
                if done.returncode != 0:
                    self.problems.append(f"after {after}: {path.name} exits {done.returncode}")

    def cargos_files(self):
        """What cargo keeps to itself: content and times."""
        return self.facts(lambda path: not path.startswith("pcargo/") and CARGOS.search(path))

    def pcargos_files(self):
        return self.facts(lambda path: path.startswith("pcargo/"))

    def facts(self, wanted):
        found = {}
        for folder, _, names in os.walk(self.target):
            for name in names:
                path = pathlib.Path(folder) / name
                relative = os.path.relpath(path, self.target)
                if wanted(relative):
                    digest = hashlib.sha256(path.read_bytes()).hexdigest()
                    found[relative] = (digest, path.lstat().st_mtime_ns)
        return found

    def same(self, before, after, whose, who):
        """Whether `who` left alone what is `whose`; new names of its own (OUT_DIRs) are allowed."""
        if not before:
            self.problems.append(f"{whose} left no files of its own: nothing was compared")
        changed = [path for path in before if after.get(path) != before[path]]
        if changed:
            self.problems.append(f"{who} changed {len(changed)} of {whose}'s files: {changed[:5]}")


def stale_lines(said):
    return sorted(line for line in said.splitlines() if re.match(r" +(Compiling|Checking|Dirty|Running) ", line))


def cargo_then_pcargo(story):
    story.build("cargo")
    always = stale_lines(story.build("cargo"))  # a script that names a missing file runs every time
    before = story.cargos_files()
    story.build("pcargo")
    story.same(before, story.cargos_files(), "cargo", "pcargo")
    said = story.build("cargo")
    stale = stale_lines(said)
    if stale != always or " Fresh " not in said:
        story.problems.append(f"cargo after pcargo is not as fresh as after cargo: {stale[:5]}")
    return len(before)


def pcargo_then_cargo(story):
    story.build("pcargo")
    before = story.pcargos_files()
    said = story.build("cargo")
    if " Fresh " in said:
        story.problems.append("cargo takes what pcargo built for its own")
    story.same(before, story.pcargos_files(), "pcargo", "cargo")
    story.build("pcargo")
    return len(before)


def both_at_once(story):
    children = [
        (tool, subprocess.Popen(story.command(tool), cwd=story.cwd, env=story.environment(), stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, text=True))
        for tool in ("cargo", "pcargo")
    ]
    for tool, child in children:
        _, stderr = child.communicate(timeout=600)
        if child.returncode != 0:
            story.problems.append(f"{tool}, beside the other, exits {child.returncode}:\n{stderr[-1500:]}")
    story.run_programs("both")
    return len(story.cargos_files())


def main():
    own, args = sys.argv[1:], ["build"]
    if "--" in own:
        own, args = own[:own.index("--")], own[own.index("--") + 1:]
    parser = argparse.ArgumentParser(description="cargo and pcargo in one target directory")
    parser.add_argument("--pcargo", required=True)
    parser.add_argument("--cargo", default="cargo")
    parser.add_argument("--fixture", action="append", default=[])
    options = parser.parse_args(own)
    if shutil.which(options.cargo) is None:
        print("SKIPPED: no cargo on this machine; NOTHING was tried", file=sys.stderr)
        return 77
    tools = {"cargo": options.cargo, "pcargo": os.path.abspath(options.pcargo)}
    table = {case.fixture: case for case in cases.load(HERE / "cases.toml")}
    bad = 0
    for name in options.fixture or ["small-app", "kitchen-sink"]:
        for tell in (cargo_then_pcargo, pcargo_then_cargo, both_at_once):
            with tempfile.TemporaryDirectory(prefix="coexist-") as folder:
                story = Story(folder, FIXTURES / name, table[name].cwd, table[name].target, tools, args)
                count = tell(story)
            print(f"{'FAIL' if story.problems else 'ok  '} {name}: {tell.__name__}, {count} files watched", flush=True)
            for problem in story.problems:
                print("   - " + problem)
            bad += bool(story.problems)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
