#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""What pcargo itself costs on a large graph: an offline workspace of many small units and an instant fake rustc.

    tests/bench/synthetic_graph.py --pcargo build-release/src/pcargo --fake-rustc build-release/tests/fake_rustc/fake_rustc \\
        [--planning-cost build-release/tests/bench/planning_cost] [--units 10000] [--small 1000]

A unit graph in cargo's form is made here and printed by a stand-in for cargo, so that cargo's own planning is not part of
the measurement; `--real-cargo` builds the same workspace with cargo beside it (its resolver takes minutes for 10 000
members). Two sizes are measured: the slope between them is the cost of one unit, without what a start costs anyway.
`--planning-cost` adds the part from the texts' arrival to the scheduler's last decision, without any process.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

import measure

SEED = 7
EDGES = 4


def package_name(number):
    return f"unit{number:05d}"


def edges_below(units, seed=SEED):
    """Per unit, the lower-numbered units it depends on: mostly near ones, sometimes one of the first."""
    generator = random.Random(seed)
    below = []
    for number in range(units):
        candidates = set()
        for _ in range(min(number, EDGES)):
            near = max(0, number - 1 - int(generator.expovariate(1 / 50)))
            candidates.add(near if generator.random() < 0.8 else generator.randrange(max(1, number // 10)))
        below.append(sorted(c for c in candidates if c < number))
    # The last unit is the one that is asked for: it needs all that nothing else needs. Were every unit asked for, each would
    # get a `.d` file with all sources below it, and writing those (gigabytes, with cargo too) would be what is measured.
    needed = {dependency for dependencies in below for dependency in dependencies}
    below[-1] = [number for number in range(units - 1) if number not in needed or number in below[-1]]
    return below


def write_workspace(root, below):
    members = ", ".join(f'"{package_name(n)}"' for n in range(len(below)))
    os.makedirs(root)
    with open(os.path.join(root, "Cargo.toml"), "w", encoding="utf-8") as file:
        file.write(f'[workspace]\nresolver = "2"\nmembers = [{members}]\n')
    for number, dependencies in enumerate(below):
        name = package_name(number)
        directory = os.path.join(root, name)
        os.makedirs(os.path.join(directory, "src"))
        lines = [f'[package]\nname = "{name}"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]']
        lines += [f'{package_name(d)} = {{ path = "../{package_name(d)}" }}' for d in dependencies]
        with open(os.path.join(directory, "Cargo.toml"), "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
        with open(os.path.join(directory, "src", "lib.rs"), "w", encoding="utf-8") as file:
            file.write("pub fn f() {}\n")


PROFILE = {
    "name": "dev",
    "opt_level": "0",
    "lto": "false",
    "codegen_backend": None,
    "codegen_units": None,
    "debuginfo": 2,
    "split_debuginfo": None,
    "debug_assertions": True,
    "overflow_checks": True,
    "rpath": False,
    "incremental": False,
    "panic": "unwind",
    "strip": {"deferred": "None"},
}


def unit_graph(root, below):
    """The graph cargo would print for `build` of the whole workspace."""
    units = []
    for number, dependencies in enumerate(below):
        name = package_name(number)
        units.append(
            {
                "pkg_id": f"path+file://{root}/{name}#0.1.0",
                "target": {
                    "kind": ["lib"],
                    "crate_types": ["lib"],
                    "name": name,
                    "src_path": f"{root}/{name}/src/lib.rs",
                    "edition": "2021",
                    "doc": True,
                    "doctest": True,
                    "test": True,
                },
                "profile": PROFILE,
                "platform": None,
                "mode": "build",
                "features": [],
                "dependencies": [
                    {"index": d, "extern_crate_name": package_name(d), "public": False, "noprelude": False}
                    for d in dependencies
                ],
            }
        )
    return {"version": 1, "units": units, "roots": [len(below) - 1]}


def metadata(root, below):
    """What `cargo metadata --no-deps` would print, as far as members and places go."""
    packages = []
    for number, dependencies in enumerate(below):
        name = package_name(number)
        directory = f"{root}/{name}"
        packages.append(
            {
                "name": name,
                "version": "0.1.0",
                "id": f"path+file://{directory}#0.1.0",
                "license": None,
                "license_file": None,
                "description": None,
                "source": None,
                "dependencies": [_metadata_dependency(root, d) for d in dependencies],
                "targets": [
                    {
                        "kind": ["lib"],
                        "crate_types": ["lib"],
                        "name": name,
                        "src_path": f"{directory}/src/lib.rs",
                        "edition": "2021",
                        "doc": True,
                        "doctest": True,
                        "test": True,
                    }
                ],
                "features": {},
                "manifest_path": f"{directory}/Cargo.toml",
                "metadata": None,
                "publish": None,
                "authors": [],
                "categories": [],
                "keywords": [],
                "readme": None,
                "repository": None,
                "homepage": None,
                "documentation": None,
                "edition": "2021",
                "links": None,
                "default_run": None,
                "rust_version": None,
            }
        )
    ids = [package["id"] for package in packages]
    return {
        "packages": packages,
        "workspace_members": ids,
        "workspace_default_members": ids,
        "resolve": None,
        "target_directory": f"{root}/target",
        "build_directory": f"{root}/target",
        "version": 1,
        "workspace_root": root,
        "metadata": None,
    }


def _metadata_dependency(root, number):
    name = package_name(number)
    return {
        "name": name,
        "source": None,
        "req": "*",
        "kind": None,
        "rename": None,
        "optional": False,
        "uses_default_features": True,
        "features": [],
        "target": None,
        "registry": None,
        "path": f"{root}/{name}",
    }


def write_stand_in(directory, root, below, cargo):
    """A cargo that answers pcargo's two planning questions from files."""
    os.makedirs(directory)
    for name, value in (("graph.json", unit_graph(root, below)), ("metadata.json", metadata(root, below))):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            json.dump(value, file, separators=(",", ":"))
    path = os.path.join(directory, "cargo")
    with open(path, "w", encoding="utf-8") as file:
        file.write(
            "#!/bin/sh\n"
            'for word in "$@"; do\n'
            '  case "$word" in\n'
            f"    --unit-graph|--unit-graph=*) exec cat '{directory}/graph.json';;\n"
            f"    metadata) exec cat '{directory}/metadata.json';;\n"
            "  esac\n"
            f'done\nexec "{cargo}" "$@"\n'
        )
    os.chmod(path, 0o755)
    return path


def measure_planning(program, stand_in):
    """Processor microseconds and bytes in use by step, and the peak in KiB, as planning_cost.cc prints them."""
    texts = [os.path.join(os.path.dirname(stand_in), name) for name in ("graph.json", "metadata.json")]
    lines = subprocess.run([program, *texts], check=True, capture_output=True, text=True).stdout.splitlines()
    steps = [re.fullmatch(r"(.+): (\d+) us, (\d+) bytes", line).groups() for line in lines[:-1]]
    peak = int(re.fullmatch(r"units: \d+, peak: (\d+) KiB", lines[-1])[1])
    return {name: (int(time), int(size)) for name, time, size in steps}, peak


def best_planning(options, stand_in):
    if not options.planning_cost:
        return None
    runs = [measure_planning(os.path.abspath(options.planning_cost), stand_in) for _ in range(options.repeat)]
    return min(runs, key=lambda run: sum(time for time, _ in run[0].values()))


def show_planning(small, large, step):
    (small_steps, small_peak), (large_steps, large_peak) = small, large
    total = 0
    for name, (time, size) in large_steps.items():
        if name == "invocations":  # made one by one, each when its process starts
            print(f"planning to scheduling: one unit more: {total:.1f} us, {(large_peak - small_peak) / step:.2f} KiB at the peak")
        cpu = (time - small_steps[name][0]) / step
        total += cpu
        print(f"  {name}: {cpu:.1f} us; in use after it: {(size - small_steps[name][1]) / step:.0f} bytes")


def measure_size(options, units, scratch):
    """The costs of pcargo, and of cargo if wanted, for one size: the best of the repetitions. And those of planning."""
    below = edges_below(units)
    directory = os.path.join(scratch, str(units))
    root = os.path.join(directory, "ws")
    write_workspace(root, below)
    stand_in = write_stand_in(os.path.join(directory, "stand-in"), root, below, shutil.which(options.cargo))
    env = {
        **os.environ,
        "RUSTC": os.path.abspath(options.fake_rustc),
        "CARGO_INCREMENTAL": "0",
        "PCARGO_HOME": os.path.join(directory, "home"),
    }
    env.pop("PCARGO_FAKE_RUSTC", None)
    programs = {"pcargo": ([os.path.abspath(options.pcargo)], {**env, "CARGO": stand_in})}
    if options.real_cargo:
        programs["cargo"] = ([options.cargo], env)
    best = {}
    for _ in range(options.repeat):
        for name, (program, its_env) in programs.items():
            for remembered in (os.path.join(root, "target"), its_env["PCARGO_HOME"]):
                shutil.rmtree(remembered, ignore_errors=True)
            cost = measure.run_or_exit([*program, "build", "-p", package_name(units - 1), "--offline", "-q"], root, its_env)
            if name not in best or cost.own_cpu < best[name].own_cpu:
                best[name] = cost
    planning = best_planning(options, stand_in)
    shutil.rmtree(directory)
    return best, planning


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pcargo", required=True)
    parser.add_argument("--fake-rustc", required=True)
    parser.add_argument("--planning-cost")
    parser.add_argument("--cargo", default="cargo")
    parser.add_argument("--real-cargo", action="store_true", help="build the same workspace with cargo too")
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--small", type=int, default=1_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    if not 0 < options.small < options.units:
        sys.exit("--small must be less than --units")
    with tempfile.TemporaryDirectory(prefix="pcargo-synthetic-") as scratch:
        small, small_planning = measure_size(options, options.small, scratch)
        large, large_planning = measure_size(options, options.units, scratch)
    for name, cost in large.items():
        step = options.units - options.small
        cpu = (cost.own_cpu - small[name].own_cpu) / step
        memory = (cost.peak_kib - small[name].peak_kib) / step
        if small[name].peak_kib <= small[name].floor_kib:
            print(f"{name}: the small build is below the {small[name].floor_kib} KiB that can be told: take a larger --small")
        print(
            f"{name}, {options.units} units: {cost.own_cpu:.2f} s of its own processor time, {cost.peak_kib} KiB at its peak, "
            f"{cost.wall:.2f} s in all; one unit more: {cpu * 1e6:.0f} us, {memory:.2f} KiB"
        )
    if large_planning:
        show_planning(small_planning, large_planning, options.units - options.small)


if __name__ == "__main__":
    main()
