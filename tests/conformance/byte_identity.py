#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Byte for byte: given cargo's hashes, does pcargo make the same files?

    tests/conformance/byte_identity.py --pcargo ... --recorder ... --fixture small-app -- build
    tests/conformance/byte_identity.py --pcargo ... --recorder ... --project ripgrep --project just
    ... --source DIR -- build --release      any folder

Without a command after `--`: build and build --release. Each with CARGO_INCREMENTAL=0. Three builds at one path:
cargo's and pcargo's are recorded and paired (conformance.py), which gives the hash map (lines `ours cargo's`, for
`-C metadata` and `-C extra-filename`); then pcargo once more with PCARGO_TEST_HASH_MAP naming that file. Every rlib,
rmeta, shared object, archive and executable of cargo's is then compared with its counterpart.
A difference is called explained only if pcargo's file holds a path into pcargo's own folder. Exit code 1: unexplained ones.
"""

import argparse
import os
import pathlib
import re
import shutil
import stat
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import conformance  # noqa: E402
import corpus  # noqa: E402
from harness import canonical, cases, compare, files, processes, sources  # noqa: E402
from harness.exceptions import Exceptions  # noqa: E402


def arguments():
    own, command = sys.argv[1:], []
    if "--" in own:
        at = own.index("--")
        own, command = own[:at], own[at + 1:]
    parser = argparse.ArgumentParser(description="compare artifacts byte for byte")
    parser.add_argument("--pcargo")
    parser.add_argument("--recorder")
    parser.add_argument("--cargo", default="cargo")
    parser.add_argument("--fixture", action="append", default=[])
    parser.add_argument("--project", action="append", default=[], choices=sorted(corpus.PROJECTS))
    parser.add_argument("--source", action="append", default=[])
    parser.add_argument("--sources", help="where --project's sources are kept")
    parser.add_argument("--work")
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--self", action="store_true", dest="self_check", help="cargo against cargo")
    return parser.parse_args(own), command


def hash_map(case, theirs, ours, layouts):
    """Lines `ours theirs`, or what keeps the two from being paired."""
    report = processes.compare(
        theirs.processes, ours.processes, canonical.Canon(layouts[0]), canonical.Canon(layouts[1]), Exceptions()
    )
    if report.differences or report.total == 0:
        return None, report.differences or ["no process was recorded"]
    lines = {}
    for (_, digits), (_, mine) in sorted(report.pairing.hashes.to_ours.items()):
        if lines.setdefault(mine, digits) != digits:
            return None, [f"{case.name}: {mine} stands for {digits} and {lines[mine]}: metadata and file name share it"]
    return "".join(f"{mine} {digits}\n" for mine, digits in sorted(lines.items())), []


def artifacts(tree, build):
    """Compiled files below a target directory: path from it -> file."""
    found = {}
    for folder, _, names in os.walk(tree / build):
        for name in names:
            path = pathlib.Path(folder) / name
            relative = os.path.relpath(path, tree / build)
            if "/incremental/" in relative or "/out/" in relative or path.is_symlink():
                continue
            executable = path.stat().st_mode & stat.S_IXUSR and not name.endswith((".d", ".json"))
            if files.COMPILED.search(name) or executable:
                found[relative] = path
    return found


def counterpart(relative, ours):
    """pcargo's file for one of cargo's: at the same place, or in its own folder, there perhaps under one name only."""
    candidates = [f"pcargo/{relative}", relative]
    folder, name = os.path.split(relative)
    if re.match(r".*build/[^/]+$", folder):
        unhyphened = re.sub(HASHED_TAIL, "", name).replace("_", "-")
        candidates += [path for path in ours if path.startswith(f"pcargo/{folder}/") and "-build" in unhyphened]
    return next((ours[path] for path in candidates if path in ours), None)


HASHED_TAIL = r"-[0-9a-f]{16}$"


def compare_trees(their_tree, our_tree, build, internal):
    """(files compared, equal, explained differences, unexplained)."""
    theirs, ours = artifacts(their_tree, build), artifacts(our_tree, build)
    equal, explained, unexplained = 0, [], []
    for relative, path in sorted(theirs.items()):
        twin = counterpart(relative, ours)
        if twin is None:
            unexplained.append(f"{relative}: pcargo has no such file")
            continue
        left, right = path.read_bytes(), twin.read_bytes()
        if left == right:
            equal += 1
        elif internal and os.fsencode(internal) in right:
            explained.append(f"{relative}: {len(left)} and {len(right)} bytes; pcargo's holds a path into its own folder")
        else:
            at = files.first_difference(left, right)
            unexplained.append(f"{relative}: {len(left)} and {len(right)} bytes; {at}")
    return len(theirs), equal, explained, unexplained


def judge(case, source, work, tools):
    case.env = {**case.env, "CARGO_INCREMENTAL": "0"}
    theirs, ours, their_layout, our_layout, box = compare.build_both(case, source, work, tools)
    if (theirs.exit_code, ours.exit_code) != (0, 0):
        tail = "\n".join((theirs if theirs.exit_code else ours).stderr.splitlines()[-10:])
        return [f"exit codes {theirs.exit_code} and {ours.exit_code}:\n{tail}"]
    text, problems = hash_map(case, theirs, ours, (their_layout, our_layout))
    if text is None:
        return ["the two builds are not alike, see conformance.py: " + problem for problem in problems[:5]]
    map_file = box.work / "hash-map"
    map_file.write_text(text)
    args = [argument.replace("{toolchain}", tools.toolchain) for argument in case.program_args(tools.host)]
    again = box.run("pcargo-as-cargo", tools.pcargo, args, case.cwd, {**case.env, "PCARGO_TEST_HASH_MAP": str(map_file)})
    if again.exit_code != 0:
        return ["with the hash map: " + again.stderr[-2000:]]
    build = os.path.relpath(our_layout.build_dir, our_layout.root)
    compared, equal, explained, unexplained = compare_trees(theirs.tree, again.tree, build, our_layout.internal)
    print(f"{case.name}: {compared} artifacts compared, {equal} equal, {len(explained)} differ by a path, {len(unexplained)} unexplained")
    for line in explained:
        print("   path: " + line)
    return unexplained if compared else ["nothing was compared"]


def jobs(options, folder):
    """(name, source, cwd, target) of all that was asked for."""
    table = {case.fixture: case for case in cases.load(pathlib.Path(__file__).parent / "cases.toml")}
    for name in options.fixture:
        known = table[name]
        yield name, conformance.FIXTURES / name, known.cwd, known.target
    for name in options.project:
        yield name, sources.bring(name, corpus.PROJECTS[name][0], folder, options.cargo), ".", "target"
    for source in options.source:
        yield os.path.basename(os.path.abspath(source)), pathlib.Path(source).resolve(), ".", "target"


def main():
    options, command = arguments()
    if shutil.which(options.cargo) is None:
        print("SKIPPED: no cargo on this machine; NOTHING was compared", file=sys.stderr)
        return 77
    if options.project and cases.active_toolchain() is not None:
        os.environ.setdefault("RUSTUP_TOOLCHAIN", "1.95.0")
    tools = conformance.tools_of(options)
    temporary = pathlib.Path(tempfile.mkdtemp(prefix="bytes-"))
    work = pathlib.Path(options.work or temporary / "work").resolve()
    folder = pathlib.Path(options.sources or temporary / "sources").resolve()
    folder.mkdir(parents=True, exist_ok=True)
    good = True
    for name, source, cwd, target in jobs(options, folder):
        for args in [command] if command else [["build"], ["build", "--release"]]:
            case = cases.Case(name=f"{name} {' '.join(args)}", fixture=name, args=args, cwd=cwd, target=target)
            problems = judge(case, source, work / re.sub(r"\W+", "-", case.name), tools)
            good = good and not problems
            for problem in problems[:40]:
                print(f"   UNEXPLAINED {case.name}: {problem}")
    if good and not options.keep:
        shutil.rmtree(temporary, ignore_errors=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
