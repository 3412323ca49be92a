#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""Plants one bug at a time in a copy of pcargo's sources, builds it and lets the oracle find it; what the oracle does
not find has to be found by the unit tests of freshness/. Slow (a minute each), so not a part of the suite: run it when
freshness/ or the oracle changes.

  mutants.py --copy DIR [--edits N] [-k NAME ...]

DIR is a clone with a build directory `build`; its sources are changed and put back.
"""

import argparse
import os
import re
import subprocess
import sys

ORACLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "oracle.py")

GIVEN, CHECKER = "src/freshness/given.cc", "src/freshness/checker.cc"
INSPECTOR, RESULTS = "src/freshness/inspector.cc", "src/freshness/results.cc"

# name: (file, what is there, what is planted, kinds of edits that have to do with it)
MUTANTS = {
    "the toolchain is forgotten": (
        GIVEN,
        'given.push_back({Kind::kToolchain, "rustc", plan.settings().toolchain.verbose_version});\n'
        '  given.push_back({Kind::kToolchain, "sysroot", plan.settings().toolchain.sysroot});',
        "",
        ("toolchain", "body"),
    ),
    "arguments are forgotten": (
        GIVEN,
        'given->push_back({Kind::kArgument, "", words[i]});',
        "",
        ("feature", "profile_field", "edition", "dependency_rename", "rustflags", "dependency_add", "triple"),
    ),
    "--cfg is forgotten": (
        GIVEN,
        'if (words[i].starts_with("--diagnostic-width=")',
        'if (words[i] == "--cfg") {\n      ++i;\n      continue;\n    }\n    if (words[i].starts_with("--diagnostic-width=")',
        ("script_says",),
    ),
    "variables are forgotten": (
        GIVEN,
        "if (!is_without_effect(name) && !says_only_what_was_asked) {",
        "if (false && !is_without_effect(name) && !says_only_what_was_asked) {",
        ("script_says", "variable", "config_env", "script_declared_file", "version"),
    ),
    "dependencies are forgotten": (
        GIVEN,
        "given.push_back(\n        {is_script_run ? Kind::kScript",
        "if (is_script_run) given.push_back(\n        {is_script_run ? Kind::kScript",
        ("body", "const", "macro", "inline", "signature"),
    ),
    "build scripts are forgotten": (
        GIVEN,
        "given.push_back(\n        {is_script_run ? Kind::kScript",
        "if (!is_script_run) given.push_back(\n        {is_script_run ? Kind::kScript",
        ("script_declared_file", "script_value", "variable", "script_output_foreign"),
    ),
    "a changed source is not seen": (
        CHECKER,
        "} else if (!first && now.digest != input.look.digest) {",
        "} else if (false && now.digest != input.look.digest) {",
        ("body", "comment", "module_value", "data"),
    ),
    "a missing source is not seen": (
        CHECKER,
        "if (!first && !now.is_there() && input.look.is_there()) {",
        "if (!now.is_there()) {\n      continue;\n    } else if (!first && !input.look.is_there() && now.is_there()) {",
        ("delete_file", "repair", "module_value"),
    ),
    "a second file for a module is not seen": (
        CHECKER,
        "if (const auto rival = rival_of_module(path)) {",
        "if (const auto rival = rival_of_module(path); rival && path.empty()) {",
        ("shadow", "repair"),
    ),
    "variables that were read are forgotten": (
        CHECKER,
        "if (now != variable.value) {",
        "if (false && now != variable.value) {",
        ("variable", "config_env"),
    ),
    "a missing output is not seen": (
        CHECKER,
        "if (!now.is_there()) {\n      return Cause{Cause::Kind::kOutputMissing, output.path};",
        "if (!now.is_there()) {\n      continue;",
        ("output_deleted", "directory_deleted"),
    ),
    "a changed output is not seen": (
        CHECKER,
        "if (now.digest != output.look.digest) {",
        "if (false && now.digest != output.look.digest) {",
        ("output_flipped",),
    ),
    "a changed OUT_DIR is not seen": (
        CHECKER,
        "if (now.digest != record->out_dir->digest) {",
        "if (false && now.digest != record->out_dir->digest) {",
        ("output_flipped", "output_deleted"),
    ),
    "a script's package is not looked at": (
        CHECKER,
        "if (attempt->package_before->digest == record.package->digest) {",
        "if (attempt->package_before) {",
        ("script_declared_file", "stray", "comment"),
    ),
    "the file behind a link is not looked at": (
        INSPECTOR,
        "if (behind.kind == FileKind::kFile) {",
        "if (false && behind.kind == FileKind::kFile) {",
        ("linked", "script_declared_file", "data"),
    ),
    "inputs are not looked at again after the run": (
        CHECKER,
        "return settled || unsettle(Cause::Kind::kInputChanged, path);",
        "return true;",
        ("while_building",),
    ),
    "a stamp is always believed": (
        INSPECTOR,
        "return ctime < look.looked_at_ns && age > doubtful_for;",
        "return ctime != age;",
        ("same_tick", "while_building"),
    ),
    "mtime is believed, ctime is not looked at": (
        INSPECTOR,
        "return earlier.stamp == look.stamp && can_be_trusted(earlier); };",
        "return earlier.stamp.size == look.stamp.size && earlier.stamp.mtime_ns == look.stamp.mtime_ns; };",
        ("old_time", "output_flipped"),
    ),
    "nothing is said again": (
        CHECKER,
        "record.messages = *std::move(messages);",
        "",
        ("warning", "touch"),
    ),
    "a record is not taken away before the run": (
        CHECKER,
        "PCARGO_TRY(RecordStore::remove(record_path(unit)));",
        "",
        ("breakage", "revert", "repair", "interrupted", "body"),
    ),
    "only the own metadata counts, not the closure": (
        RESULTS,
        "return closure(dependency, metadata_, &metadata_closure_);",
        "return metadata_[dependency];",
        ("body", "const", "macro", "inline", "signature"),
    ),
    "a linked file asks for metadata only": (
        RESULTS,
        "return closure(dependency, artifact_, &artifact_closure_);",
        "return closure(dependency, metadata_, &metadata_closure_);",
        ("body", "output_flipped", "module_value"),
    ),
    "an executable bit is not seen": (
        INSPECTOR,
        'return tagged(stamp.is_executable() ? "executable" : "file", bytes_of(contents));',
        'return tagged(stamp.is_executable() ? "file" : "file", bytes_of(contents));',
        ("output_flipped",),
    ),
}


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)


def try_one(copy, name, edits, seed):
    path, old, new, kinds = MUTANTS[name]
    with open(os.path.join(copy, path), encoding="utf-8") as file:
        source = file.read()
    if source.count(old) != 1:
        return f"OUT OF DATE: its text is there {source.count(old)} times in {path}"
    try:
        with open(os.path.join(copy, path), "w", encoding="utf-8") as file:
            file.write(source.replace(old, new))
        built = run(["ninja", "-C", os.path.join(copy, "build"), "src/pcargo"])
        if built.returncode:
            return "DOES NOT COMPILE: " + built.stdout[-1500:]
        command = [sys.executable, ORACLE, "--pcargo", os.path.join(copy, "build/src/pcargo"), "--shrink", "0"]
        command += [f"--edits={edits}", f"--workspaces={max(1, edits // 8)}", f"--seed={seed}", "--stop"]
        done = run(command + [f"--only={kind}" for kind in kinds])
        told = [line for line in done.stdout.splitlines() if line.startswith("  -> ")]
        if told:
            return "found by the oracle: " + told[0][5:160]
        if done.returncode:
            return "THE ORACLE FAILED: " + done.stdout[-600:]
        case = failing_unit_test(copy)
        return f"found by a unit test: {case}" if case else "NOT FOUND: " + done.stdout.splitlines()[-2]
    finally:
        with open(os.path.join(copy, path), "w", encoding="utf-8") as file:
            file.write(source)


def failing_unit_test(copy):
    """The name of the first case of freshness/ that fails; None if all pass."""
    program = "tests/unit/freshness/unit_freshness"
    built = run(["ninja", "-C", os.path.join(copy, "build"), program])
    if built.returncode:
        return "it does not compile: " + built.stdout[-300:]
    tried = run([os.path.join(copy, "build", program), "--reporter", "xml"])
    cases = re.findall(r'<TestCase name="([^"]*)".*?<OverallResult success="(\w+)"', tried.stdout, re.DOTALL)
    return next((name for name, success in cases if success == "false"), "it crashes" if tried.returncode else None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copy", required=True)
    parser.add_argument("--edits", type=int, default=48)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-k", action="append", default=[], help="only those whose name holds this; may be repeated")
    chosen = parser.parse_args()
    names = [name for name in MUTANTS if not chosen.k or any(part in name for part in chosen.k)]
    verdicts = []
    for name in names:
        verdicts.append(try_one(chosen.copy, name, chosen.edits, chosen.seed))
        print(f"{name}: {verdicts[-1]}", flush=True)
    by_oracle = sum(verdict.startswith("found by the oracle") for verdict in verdicts)
    by_unit_tests = sum(verdict.startswith("found by a unit test") for verdict in verdicts)
    print(f"{len(names)} bugs planted: {by_oracle} found by the oracle, {by_unit_tests} more by unit tests")
    return 0 if by_oracle + by_unit_tests == len(names) else 1


if __name__ == "__main__":
    sys.exit(main())
