#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The registry suite: real projects, built by cargo and by pcargo and compared like the fixtures (conformance.py).

    tests/conformance/corpus.py --pcargo build/src/pcargo --recorder build/tests/conformance/librecorder.so
    ... --list                 the runs
    ... ripgrep-dev 'just-*'   some of them (shell patterns)
    ... --sources DIR          where the crates' sources are kept between calls
    ... --toolchain debian-cargo 'ripgrep-13-*' 'hexyl-*'    with another toolchain, projects of its time
    ... --work DIR --keep      leave both sides' trees and records

Needs the registry once: the crates and all that their lockfiles name come by `cargo fetch`; after that it works offline.
Takes long: about two cold builds a run. What was built is run too, on both sides, and must say the same.
Where rustup is, the toolchain is RUSTUP_TOOLCHAIN, or 1.95.0 where that is not set.
"""

import argparse
import fnmatch
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import conformance  # noqa: E402
from harness import cases, compare, report, sources, toolchains  # noqa: E402

#: name -> (version, programs to run with what they built: (binary, arguments))
PROJECTS = {
    "ripgrep": ("15.1.0", [("rg", ["--version"]), ("rg", ["-n", "--sort", "path", "fn main", "crates", "build.rs"])]),
    "just": ("1.58.0", [("just", ["--version"]), ("just", ["--list"]), ("just", ["--evaluate"])]),
    "bat": ("0.26.1", [("bat", ["--version"]), ("bat", ["--color=always", "--style=full", "Cargo.toml", "src/bin/bat/main.rs"])]),
    "resvg": ("0.48.1", [("resvg", ["--version"]), ("resvg", ["--help"])]),
    "coreutils": ("0.10.0", [("coreutils", ["--list"]), ("coreutils", ["seq", "3"]), ("coreutils", ["sum", "Cargo.toml"])]),
    "hexyl": ("0.16.0", [("hexyl", ["--version"]), ("hexyl", ["--color=always", "Cargo.toml"])]),
    "cargo": ("0.96.0", []),
}

#: Projects of an older cargo's time: what is above, its cargo cannot read. Their crates are brought by the cargo in use and
#: vendored, as an old one has no index of the registry that is of use to it.
OF_THEIR_TIME = {
    "ripgrep-13": ("ripgrep", "13.0.0", [("rg", ["--version"]), ("rg", ["-n", "--sort", "path", "fn main", "crates", "build.rs"])]),
    "hexyl-0.10": ("hexyl", "0.10.0", [("hexyl", ["--version"]), ("hexyl", ["Cargo.toml"])]),
    "fd-find-8.3": ("fd-find", "8.3.2", [("fd", ["--version"])]),
}

#: (project, name of the run, command line, with a user's RUSTC_WRAPPER)
RUNS = [
    (project, name, args, False)
    for project in PROJECTS
    for name, args in (
        ("dev", ["build", "--locked"]),
        ("release", ["build", "--locked", "--release"]),
        ("check", ["check", "--locked"]),
    )
    if project != "cargo" or name == "check"
] + [
    ("ripgrep", "all-targets", ["build", "--locked", "--all-targets"], False),
    ("just", "all-targets", ["build", "--locked", "--all-targets"], False),
    ("ripgrep", "check-all-targets", ["check", "--locked", "--all-targets"], False),
    ("ripgrep", "wrapper", ["build", "--locked"], True),
] + [
    (project, name, args, False)
    for project in OF_THEIR_TIME
    for name, args in (("dev", ["build", "--locked"]), ("release", ["build", "--locked", "--release"]))
] + [
    ("ripgrep", "target-json", ["build", "--locked", "--target", "{host}", "--message-format=json"], False),
]


def arguments():
    parser = argparse.ArgumentParser(description="cargo and pcargo on real projects")
    parser.add_argument("patterns", nargs="*")
    parser.add_argument("--pcargo")
    parser.add_argument("--recorder")
    parser.add_argument("--cargo", default="cargo")
    parser.add_argument("--toolchain", help="not the one in use; see conformance.py")
    compare.add_variants(parser)
    parser.add_argument("--sources")
    parser.add_argument("--work")
    parser.add_argument("--max", type=int, default=20)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--self", action="store_true", dest="self_check")
    return parser.parse_args()


def chosen(patterns):
    for project, name, args, wrapper in RUNS:
        full = f"{project}-{name}"
        if not patterns and project in OF_THEIR_TIME:
            continue
        if not patterns or any(fnmatch.fnmatch(full, pattern) for pattern in patterns):
            yield project, cases.Case(name=full, fixture=project, args=args, wrapper=wrapper)


def run_one(project, case, folder, work, tools, keep, bringer):
    crate, version, programs = OF_THEIR_TIME[project] if project in OF_THEIR_TIME else (project, *PROJECTS[project])
    result = compare.Result(case.name)
    try:
        source = sources.bring(crate, version, folder, bringer, vendored=project in OF_THEIR_TIME)
        result = compare.run_case(case, source, work / case.name, tools, keep=True)
        if case.args[0] == "build" and "--target" not in case.args:
            result.differences += programs_differ(work / case.name, programs, "release" if "--release" in case.args else "debug")
    except Exception:  # pylint: disable=broad-except  # one project that breaks the harness must not hide the others
        result.differences.append("the harness failed:\n" + traceback.format_exc())
    if not result.differences and not keep:
        shutil.rmtree(work / case.name, ignore_errors=True)
    return result


def programs_differ(work, programs, profile):
    """Runs what both sides built, in the project's folder."""
    found = []
    for program, args in programs:
        said = []
        for side in ("cargo", "pcargo"):
            tree = work / side
            done = subprocess.run(
                [tree / "target" / profile / program, *args],
                cwd=tree,
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=120,
                check=False,
            )
            said.append((done.returncode, done.stdout, done.stderr))
        if said[0] != said[1] or said[0][0] != 0:
            found.append(f"`{program} {' '.join(args)}`: cargo's build says {said[0]!r:.300}, pcargo's {said[1]!r:.300}")
        else:
            print(f"   ran {program} {' '.join(args)}: both say the same {len(said[0][1])} bytes", flush=True)
    return found


def main():
    options = arguments()
    runs = list(chosen(options.patterns))
    if options.list:
        print("\n".join(f"{case.name:24} {' '.join(case.args)}{'  (wrapped)' if case.wrapper else ''}" for _, case in runs))
        return 0
    if not runs:
        print("no run has such a name", file=sys.stderr)
        return 2
    bringer = shutil.which(options.cargo)
    if options.toolchain:
        if missing := toolchains.choose(options.toolchain):
            print(f"SKIPPED: {missing}; NOTHING was compared", file=sys.stderr)
            return 1 if toolchains.is_promised() else 77
    elif cases.active_toolchain() is not None:
        os.environ.setdefault("RUSTUP_TOOLCHAIN", "1.95.0")
    tools = conformance.tools_of(options, plan_source=options.plan_source, flags=options.flag)
    temporary = pathlib.Path(tempfile.mkdtemp(prefix="corpus-"))
    work = pathlib.Path(options.work or temporary / "work").resolve()
    folder = pathlib.Path(options.sources or temporary / "sources").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    began, results = time.monotonic(), []
    for project, case in runs:
        results.append(run_one(project, case, folder, work, tools, options.keep, bringer))
        report.print_case(results[-1], options.max)
    good = report.print_summary(results, time.monotonic() - began)
    report.print_table(results)
    if good and not options.keep:
        shutil.rmtree(temporary, ignore_errors=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
