#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The unit graph and the build plan of one cargo, compared: from both pcargo makes the same plan.

    tests/conformance/plan_sources.py --pcargo build/src/pcargo [--toolchain debian-cargo] [CASE ...]

Each `build` of cases.toml that this cargo can plan is planned from both by `pcargo plan`, and every unit is held against
its twin: its command, variables and directory, what it waits for, its files, whose scripts add to it, and all that the
unit graph says of it. Needs a cargo that has both (1.44 to 1.92): Debian's. Exit code 77: there is none here.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness import cases, sandbox, toolchains  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent.parent / "fixtures"
SKIPPED = 77
#: What the table has no case for.
MORE = [
    cases.Case("small-app-override", "small-app", ["build", "--workspace", "--config", "target.{host}.native.root='/x'"]),
    cases.Case("small-app-tests", "small-app", ["build", "--tests"]),
    cases.Case("vendored-all-targets", "vendored", ["build", "--workspace", "--all-targets", "--release"]),
]
#: Where the plan cannot say all of a profile, and only names of files tell.
OTHER_HASHES = {
    "kitchen-sink-checked-release": "split-debuginfo: cargo does not tell a rustc of it that would not take it",
}
#: At least so many of the cases must have come to a comparison.
LEAST = 30


def lower(folder):
    """What an older cargo refuses only for its name or number: edition, Rust version, debuginfo, form of the lock file."""
    for path in folder.rglob("Cargo.toml"):
        replace(path, r'rust-version = "[^"]*"', 'rust-version = "1.56"')
        replace(path, r'edition = "2024"', 'edition = "2021"')
        replace(path, r'debug = "line-(tables|directives)-only"', "debug = 1")
    for path in folder.rglob("Cargo.lock"):
        replace(path, r"(?m)^version = 4$", "version = 3")


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    changed = re.sub(old, new, text)
    if changed != text:
        path.write_text(changed, encoding="utf-8")


class Comparison:
    def __init__(self, program, folder, case, host):
        self.program, self.case, self.host = program, case, host
        self.root = folder / "root"
        self.home = folder / "home"
        self.problems = []

    def run(self):
        """How many units were compared; None: this cargo cannot plan the case."""
        shutil.copytree(FIXTURES / self.case.fixture, self.root, symlinks=True, ignore=sandbox.without_builds)
        lower(self.root)
        graph, of_graph = self.plan("unit-graph")
        plan, of_plan = self.plan("build-plan")
        if graph != plan:
            words = of_plan if plan else of_graph
            self.problems.append(f"exit code {graph} with the unit graph, {plan} with the build plan: {words}")
            return 0
        if graph != 0:
            self.problems.append(of_graph)
            return None
        if self.case.name in OTHER_HASHES:
            self.compare_without_hashes(of_graph, of_plan)
        else:
            self.compare(units(of_graph), units(of_plan))
            self.compare({"the rest": the_rest(of_graph)}, {"the rest": the_rest(of_plan)})
        return len(units(of_graph))

    def compare_without_hashes(self, graph, plan):
        if units(graph).keys() == units(plan).keys():
            self.problems.append("the hashes agree: OTHER_HASHES need not name this case")
        graph, plan = (sorted(without_hash(unit) for unit in units(text).values()) for text in (graph, plan))
        self.problems += [f"graph {one}\n    plan  {other}" for one, other in zip(graph, plan, strict=True) if one != other]

    def plan(self, source):
        env = {name: os.environ[name] for name in sandbox.KEPT if name in os.environ}
        env |= {"CARGO_NET_OFFLINE": "true", "PCARGO_HOME": str(self.home), "PCARGO_PLAN_SOURCE": source}
        for name, value in self.case.env.items():
            env[name] = value.replace("{root}", str(self.root))
        args = [argument.replace("{root}", str(self.root)) for argument in self.case.program_args(self.host)]
        done = subprocess.run(
            [self.program, "plan", *args], cwd=self.root / self.case.cwd, env=env, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout if done.returncode == 0 else done.stderr

    def compare(self, graph, plan):
        if not graph:
            self.problems.append("no units")
        for unit in sorted(set(graph) | set(plan)):
            first, second = graph.get(unit), plan.get(unit)
            if first is None or second is None:
                found = "the build plan" if first is None else "the unit graph"
                self.problems.append(f"{unit}: only from {found}")
                continue
            for field in first:
                if first[field] != second[field]:
                    self.problems.append(
                        f"{unit}: {field}\n    graph {json.dumps(first[field])}\n    plan  {json.dumps(second[field])}"
                    )


def units(text):
    """All that a plan says of each unit. A unit has another number from each source; here it is called by its file."""
    plan = json.loads(text)
    graph = plan["made_from"]["unit_graph"]
    names = [name_of(one) for one in plan["invocations"]]
    found = {}
    for name, one, unit in zip(names, plan["invocations"], graph["units"], strict=True):
        assert name not in found, "two units of one name"
        found[name] = one | {
            "unit": name,
            "depends_on": [edge | {"unit": names[edge["unit"]]} for edge in one["depends_on"]],
            "after_scripts": [names[script] for script in one["after_scripts"]],
            "is_root": one["unit"] in plan["roots"],
            "is_root_of_graph": one["unit"] in graph["roots"],
        }
        edges = [edge | {"index": names[edge["index"]]} for edge in unit["dependencies"]]
        for edge in edges:
            if edge.get("public") is False:  # no word in a command says so
                del edge["public"]
        found[name] |= {f"of the graph: {field}": value for field, value in (unit | {"dependencies": edges}).items()}
    return found


def without_hash(unit):
    """What the names of files are made of is other with another profile, and of that one thing is not in the plan."""
    profile = unit["of the graph: profile"]
    unit = unit | {"of the graph: profile": profile | {"split_debuginfo": None}}
    return re.sub(r"\b[0-9a-f]{16}\b", "H", json.dumps(unit))


def name_of(invocation):
    if invocation["outputs"]:
        return invocation["outputs"][0]["path"]
    return json.dumps([invocation[field] for field in ("package_id", "target", "mode", "platform")])


def the_rest(text):
    """What a plan says of no unit."""
    made_from = json.loads(text)["made_from"]
    packages = sorted(made_from["packages"], key=lambda package: package["id"])
    return {"packages": packages, "settings": made_from["settings"], "finished": made_from["finished"]}


def numbers(version):
    return [int(number) for number in re.findall(r"\d+", version)]


def cargo_version():
    done = subprocess.run(["cargo", "-V"], capture_output=True, text=True, check=True)
    return numbers(done.stdout.split()[1])


def host_triple():
    done = subprocess.run(["rustc", "-vV"], capture_output=True, text=True, check=True)
    return re.search(r"(?m)^host: (.*)$", done.stdout)[1]


def distinct_builds(patterns, cargo):
    """Of cases that differ only in what is done with the plan, the first; those that this cargo is not too old for."""
    seen = {}
    for case in cases.choose([*cases.load(HERE / "cases.toml"), *MORE], patterns):
        if case.args[0] == "build" and not case.needs and numbers(case.cargo) <= cargo:
            seen.setdefault((case.fixture, case.cwd, tuple(case.args), tuple(sorted(case.env.items()))), case)
    return list(seen.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pcargo", required=True)
    parser.add_argument("--toolchain", default="debian-cargo")
    parser.add_argument("cases", nargs="*")
    arguments = parser.parse_args()
    if missing := toolchains.choose(arguments.toolchain):
        print(missing)
        return 1 if toolchains.is_promised() else SKIPPED
    host = host_triple()
    program = str(pathlib.Path(arguments.pcargo).resolve())
    compared = total = 0
    failed = False
    for case in distinct_builds(arguments.cases, cargo_version()):
        with tempfile.TemporaryDirectory(prefix="pcargo-sources-") as folder:
            comparison = Comparison(program, pathlib.Path(folder).resolve(), case, host)
            count = comparison.run()
        if count is None:
            print(f"{case.name}: this cargo cannot plan it: {' '.join(comparison.problems[0].split())[-150:]}")
            continue
        compared, total = compared + 1, total + count
        failed |= bool(comparison.problems)
        print(f"{case.name}: {count} units, {len(comparison.problems)} differences")
        for problem in comparison.problems:
            print(f"  {problem}")
    print(f"{compared} cases, {total} units")
    if not arguments.cases and compared < LEAST:
        print(f"only {compared} cases were compared; at least {LEAST} can be")
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
