#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Conformance: real cargo and pcargo build the same project; everything they started, said and left is compared.

    tests/conformance/conformance.py --pcargo build/src/pcargo --recorder build/tests/conformance/librecorder.so
    ... --list                     the cases (cases.toml)
    ... kitchen-* lto-fat          some of them (shell patterns)
    ... --keep --work DIR          leave both sides' files, output and records in DIR
    ... --max 50                   how many differences of a case to print
    ... --jobs 4                   cases at the same time
    ... --toolchain debian-cargo   with another toolchain: rustup's names, and those of harness/toolchains.py
    ... --plan-source build-plan   pcargo plans from this text of cargo's; the other is unit-graph
    ... --flag=-Zno-embed-metadata every case with this flag too
    ... --self                     cargo against cargo: what the harness itself would call a difference

What it does. Each case copies a fixture to <work>/<case>/root, runs cargo there, moves everything aside, copies it
again to the same path and runs pcargo: so all paths agree. A preloaded library (recorder.cc) writes down argv, the
whole environment and the working directory of every process. Then, on the canonical form (harness/canonical.py):

  processes  every rustc, build script, wrapper and `run` program, argument by argument, variable by variable; the
             hashes are paired one to one (harness/pairing.py), never erased; the order of processes is free
  messages   JSON lines, stderr's status lines and diagnostics, exit code
  files      names, modes, links of all files; contents of all but compiled artifacts; OUT_DIRs

The only differences allowed are in harness/exceptions.py; the report counts their uses. Nothing compared is a failure;
so is a build that pcargo handed to cargo. rustc's probes (-vV, --print) are counted, not compared; linkers and other
tools are not looked at; a statically linked build script would not be seen (no fixture has one).

Exit code: 0 no unexplained difference, 1 some, 2 wrong use, 77 no cargo on this machine (meson: skipped).
The sisters: selftest.py (planted mistakes), byte_identity.py (artifacts byte for byte), corpus.py (real projects).
"""

import argparse
import concurrent.futures
import os
import pathlib
import shutil
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from harness import cases, compare, report, toolchains  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent.parent / "fixtures"


def arguments():
    parser = argparse.ArgumentParser(description="cargo and pcargo, compared process by process")
    parser.add_argument("patterns", nargs="*", help="names of cases (shell patterns); none: all")
    parser.add_argument("--pcargo", help="the binary to judge")
    parser.add_argument("--recorder", help="the preload library")
    parser.add_argument("--cargo", default="cargo")
    parser.add_argument("--toolchain", help="not the one in use")
    compare.add_variants(parser)
    parser.add_argument("--cases", default=str(HERE / "cases.toml"))
    parser.add_argument("--work", help="a folder for the builds (default: a temporary one)")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--max", type=int, default=12)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--self", action="store_true", dest="self_check")
    return parser.parse_args()


def tools_of(options, **variant):
    if options.self_check:
        options.pcargo = shutil.which(options.cargo)
    if not options.pcargo or not options.recorder:
        print("need --pcargo and --recorder (see --help)", file=sys.stderr)
        sys.exit(2)
    for path in (options.pcargo, options.recorder):
        if not os.path.exists(path):
            print(f"no such file: {path}", file=sys.stderr)
            sys.exit(2)
    return compare.Tools(
        cargo=options.cargo,
        pcargo=os.path.abspath(options.pcargo),
        recorder=os.path.abspath(options.recorder),
        host=cases.host_triple(),
        toolchain=cases.active_toolchain() or "",
        cargo_version=cases.cargo_version(options.cargo),
        is_nightly=cases.is_nightly(options.cargo),
        is_unlocked=cases.is_unlocked(options.cargo),
        internal="" if options.self_check else "pcargo",
        **variant,
    )


def run_one(case, work, tools, keep):
    result = compare.Result(case.name)
    if "rustup" in case.needs and not tools.toolchain:
        result.skipped = "no rustup here"
        return result
    if case.cargo and tools.cargo_version < cases.version_of(case.cargo):
        result.skipped = f"this cargo is older than {case.cargo}"
        return result
    if "nightly" in case.needs and not tools.is_nightly:
        result.skipped = "this cargo is no nightly"
        return result
    if "make" in case.needs and shutil.which("make") is None:
        result.skipped = "no make here"
        return result
    if tools.plan_source == "build-plan" and (words := cases.without_build_plan(case, tools.cargo)):
        result.skipped = words
        return result
    try:
        return compare.run_case(case, FIXTURES / case.fixture, work / case.name, tools, keep)
    except Exception:  # pylint: disable=broad-except  # a case that breaks the harness must fail, not end the run
        result.differences.append("the harness failed:\n" + traceback.format_exc())
        return result


def main():
    options = arguments()
    table = cases.choose(cases.load(options.cases), options.patterns)
    if options.list:
        print("\n".join(f"{case.name:34} {case.fixture:22} {' '.join(case.args)}" for case in table))
        return 0
    if options.toolchain and (missing := toolchains.choose(options.toolchain)):
        print(f"SKIPPED: {missing}; NOTHING was compared", file=sys.stderr)
        return 1 if toolchains.is_promised() else 77
    if shutil.which(options.cargo) is None or shutil.which("rustc") is None:
        print("SKIPPED: no cargo or no rustc on this machine; NOTHING was compared", file=sys.stderr)
        return 77
    if not table:
        print("no case has such a name", file=sys.stderr)
        return 2
    tools = tools_of(options, plan_source=options.plan_source, flags=options.flag)
    work = pathlib.Path(options.work or tempfile.mkdtemp(prefix="conformance-")).resolve()
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        running = [pool.submit(run_one, case, work, tools, options.keep) for case in table]
        results = []
        for future in concurrent.futures.as_completed(running):
            results.append(future.result())
            report.print_case(results[-1], options.max)
    order = {case.name: at for at, case in enumerate(table)}
    results.sort(key=lambda result: order[result.name])
    good = report.print_summary(results, time.monotonic() - began)
    if good and not options.keep and not options.work:
        shutil.rmtree(work, ignore_errors=True)
    elif not good:
        print(f"both sides of what failed are in {work}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
