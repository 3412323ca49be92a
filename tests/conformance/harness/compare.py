# SPDX-License-Identifier: MIT OR Apache-2.0
"""One case from beginning to end: build with both, compare everything, say what differs."""

import dataclasses
import os
import shlex
import stat

from harness import canonical, cases, files, messages, processes, record, sandbox, spelling
from harness.exceptions import Exceptions
from harness.translate import Translator


@dataclasses.dataclass
class Result:
    name: str
    compared: dict = dataclasses.field(default_factory=dict)
    units: int = 0
    hashes: int = 0
    probes: tuple = (0, 0)
    files: int = 0
    contents: int = 0
    json_messages: int = 0
    blocks: int = 0
    differences: list = dataclasses.field(default_factory=list)
    skipped: str = ""
    respelt: set = dataclasses.field(default_factory=set)  # what an older cargo reads in an older spelling
    exceptions: Exceptions = dataclasses.field(default_factory=Exceptions)

    @property
    def processes(self):
        return sum(self.compared.values())


@dataclasses.dataclass
class Tools:
    cargo: str
    pcargo: str
    recorder: str
    host: str
    toolchain: str = ""
    cargo_version: tuple = ()
    is_nightly: bool = False
    is_unlocked: bool = False
    internal: str = "pcargo"  # pcargo's own folder in the build directory
    plan_source: str = ""  # which of cargo's texts pcargo has to plan from
    flags: tuple = ()  # given to every case


def add_variants(parser):
    """The options for what all cases have in common."""
    parser.add_argument("--plan-source", choices=("unit-graph", "build-plan"), default="")
    parser.add_argument("--flag", action="append", default=[])


#: Not `sh`: dash drops variables whose names are no identifiers, such as CARGO_BIN_EXE_the-app.
WRAPPER = """#!/bin/bash
# A user's RUSTC_WRAPPER: runs what it is given.
exec "$@"
"""


def set_up(case, source, work, tools):
    """The sandbox of a case: (box, arguments, environment, layouts of both sides, wrappers)."""
    box = sandbox.Sandbox(work, source, tools.recorder, tools.cargo_version)
    wrappers, env = [], dict(case.env)
    box.respelt |= spelling.respell_variables(env, tools.cargo_version)
    if tools.plan_source:
        env["PCARGO_PLAN_SOURCE"] = tools.plan_source
    if tools.plan_source == "build-plan" and case.no_processes and cases.command_of(case) in ("r", "run"):
        env["PCARGO_NO_HANDOVER"] = ""  # cargo has no build plan of a `run` that it refuses, only the words for it
    for wanted, variable in ((case.wrapper, "RUSTC_WRAPPER"), (case.workspace_wrapper, "RUSTC_WORKSPACE_WRAPPER")):
        if wanted:
            path = box.work / f"{variable.lower()}.sh"
            path.write_text(WRAPPER)
            path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
            env[variable] = str(path)
            wrappers.append(str(path))
    if case.runner:
        wrappers.append(str(box.root / case.runner))
    root = str(box.root)
    target = os.path.join(root, case.target)  # as given: cargo does not resolve `..` either
    build = os.path.normpath(os.path.join(root, case.build)) if case.build else target
    args = [argument.replace("{toolchain}", tools.toolchain or "") for argument in case.program_args(tools.host)]
    command = next(at for at, word in enumerate(args) if not word.startswith("+"))
    args[command + 1:command + 1] = tools.flags
    internal = os.path.join(build, tools.internal) if tools.internal else ""
    layouts = canonical.Layout(root, build, target), canonical.Layout(root, build, target, internal)
    return box, args, env, layouts, wrappers


def build_both(case, source, work, tools):
    """Runs cargo and pcargo; returns (cargo's run, pcargo's run, layouts, sandbox)."""
    box, args, env, (their_layout, our_layout), wrappers = set_up(case, source, work, tools)
    theirs = run_side(box, "cargo", tools.cargo, args, case, env)
    ours = run_side(box, "pcargo", tools.pcargo, args, case, env)
    for run in (theirs, ours):
        record.classify(run.processes, our_layout.build_dir, our_layout.target_dir, wrappers)
    return theirs, ours, their_layout, our_layout, box


def run_side(box, side, program, args, case, env):
    if not case.make:
        return box.run(side, program, args, case.cwd, env)
    # The Makefile and the name of the program are the same for both sides, so that no variable differs.
    tool, makefile = box.work / "tool.sh", box.work / "Makefile"
    tool.write_text(f'#!/bin/bash\nexec {shlex.quote(program)} "$@"\n')
    tool.chmod(0o755)
    makefile.write_text(f"all:\n\t+@{shlex.quote(str(tool))} {shlex.join(box.fill(word) for word in args)}\n")
    return box.run(side, "make", [case.make, "-s", "-f", str(makefile)], case.cwd, env)


def run_case(case, source, work, tools, keep=False):
    result = Result(case.name)
    theirs, ours, their_layout, our_layout, box = build_both(case, source, work, tools)
    result.respelt = box.respelt
    expected = case.exit_unlocked if tools.is_unlocked and case.exit_unlocked is not None else case.exit
    too_old = spelling.unreadable(theirs.stderr) if theirs.exit_code != expected else ""
    if too_old:
        result.skipped = f"this cargo is too old for it: {too_old}"
        box.remove()
        return result
    if theirs.exit_code != expected:
        tail = "\n".join(theirs.stderr.splitlines()[-15:])
        result.differences.append(f"the case is broken: cargo exits {theirs.exit_code}, not {expected}:\n{tail}")
    asked = {word for one in ours.processes for word in one.argv if word in ("--unit-graph", "--build-plan")}
    if tools.plan_source and ours.processes and not case.no_processes and asked != {f"--{tools.plan_source}"}:
        result.differences.append(f"pcargo should ask for the {tools.plan_source}, but asked for {sorted(asked)}")
    compare_runs(case, theirs, ours, their_layout, our_layout, result)
    if not result.differences and not keep:
        box.remove()
    return result


def compare_runs(case, theirs, ours, their_layout, our_layout, result):
    exceptions = result.exceptions
    if theirs.exit_code != ours.exit_code:
        tail = "\n".join(ours.stderr.splitlines()[-15:])
        result.differences.append(f"exit code: cargo {theirs.exit_code}, pcargo {ours.exit_code}; pcargo said:\n{tail}")
    for process in record.handed_over(ours.processes) if our_layout.internal else []:
        result.differences.append(f"handed over to cargo: {processes.line(process)}")
    report = processes.compare(
        theirs.processes,
        ours.processes,
        canonical.Canon(their_layout),
        canonical.Canon(our_layout),
        exceptions,
        case.failing,
    )
    result.compared, result.units = report.compared, report.units
    result.hashes = len(report.pairing.hashes)
    result.probes = tuple(sum(1 for one in side.processes if one.kind == "probe") for side in (theirs, ours))
    result.differences += report.differences
    if report.total == 0 and not case.no_processes:
        result.differences.append("nothing was compared")
    if report.total != 0 and case.no_processes:
        result.differences.append("processes ran where none should")
    translator = Translator(their_layout, our_layout, report.pairing.hashes)
    said = messages.compare(
        theirs,
        ours,
        translator,
        exceptions,
        case.failing,
        ordered="run" in case.args[:2],
        both_kinds=processes.built_and_checked(theirs.processes),
        keep_going="--keep-going" in case.args,
    )
    result.json_messages, result.blocks = said.json_messages, said.blocks
    result.differences += said.differences
    left = files.compare(
        files.Tree(theirs.tree, their_layout, is_ours=False),
        files.Tree(ours.tree, our_layout, is_ours=bool(our_layout.internal)),
        translator,
        exceptions,
        partial=case.failing,
    )
    result.files, result.contents = left.compared, left.contents
    result.differences += left.differences
