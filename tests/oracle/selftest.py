#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""The oracle held against builds that are wrong on purpose: a toy build tool, made of the model itself, that forgets
one thing that a unit is built from. The oracle has to notice each of them, and nothing when the toy forgets nothing.

What is planted in pcargo itself, and found with the real rustc, is in mutants.py."""

import os
import sys
from collections import Counter

from harness import build, compare, edits, model, needs, walk

EDITS, SEEDS = 120, 16


def _neutral(**values):
    """Forgets fields of every crate."""

    def forget(ws):
        for crate in ws.crates.values():
            for name, value in values.items():
                if getattr(crate, name) is not None:
                    setattr(crate, name, value)

    return forget


def _modules(ws):
    for crate in ws.crates.values():
        for module in crate.modules.values():
            module.value = 1


def _script(**values):
    def forget(ws):
        for crate in ws.crates.values():
            for name, value in values.items():
                if crate.script:
                    setattr(crate.script, name, value)

    return forget


def _names(ws):
    for crate in ws.crates.values():
        for dependency in crate.dependencies:
            dependency.rename = None


def _set(name, value):
    return lambda ws: setattr(ws, name, value)


def _unset(*names):
    def forget(ws):
        for name in names:
            ws.environment.pop(name, None)
            ws.config_env.pop(name, None)

    return forget


FORGOTTEN = {
    "a constant": _neutral(const=1),
    "a body": _neutral(body=1),
    "an inlined body": _neutral(inline=1),
    "a macro": _neutral(macro=1),
    "a signature": _neutral(signature="u8"),
    "a module": _modules,
    "include_str!": _neutral(data=1),
    "include!": _neutral(part=1),
    "a comment": _neutral(comment=1),
    "an example": _neutral(example=1),
    "a test": _neutral(test=1),
    "the edition": _neutral(edition="2021"),
    "the version": _neutral(version="0.1.0"),
    "the names of dependencies": _names,
    "the script's value": _script(value=1),
    "the script's declared file": _script(declared=1),
    "the script's rustc-env": _script(says=1),
    "the script's rustc-cfg": _script(is_odd=False),
    "env!": _unset(model.STRICT),
    "option_env!": _unset(*model.VARIABLES),
    "the script's variable": _unset("ORACLE_S"),
    "features": _set("features", []),
    "the profile": _set("profile", {}),
    "a package's profile": _set("package_profile", {}),
    "RUSTFLAGS": _unset("RUSTFLAGS"),
    "build.rustflags": _set("config_flags", []),
}


class Toy:
    """Builds by writing each unit's needs into a file; believes what is there if the remembered needs are the same."""

    def __init__(self, place, forget, mischief):
        self.place, self.forget, self.mischief = place, forget, mischief

    def run(self, ws):
        told = needs.units(ws)
        forgetful = ws.copy()
        self.forget(forgetful)
        keys = needs.units(forgetful)
        outcome = build.Outcome()
        for unit, text in told.items():
            path = os.path.join(self.place.target, "-".join(map(str, unit)).replace("/", "_"))
            kept, key = path, os.path.join(self.place.target, "records", os.path.basename(path))
            outcome.units.add(unit)
            outcome.said[f"built {unit}"] += 1
            believes = os.path.exists(key) and os.path.exists(kept) and _read(key) == keys[unit]
            if believes and "flip" not in self.mischief:
                believes = _read(key + "-made") == _read(kept)
            if not believes or "eager" in self.mischief:
                outcome.ran.add(unit)
                _write(kept, text)
                _write(key, keys[unit])
                _write(key + "-made", text)
            elif "silent" in self.mischief:
                outcome.said[f"built {unit}"] -= 1
        outcome.said = +outcome.said
        return outcome


def _read(path):
    with open(path, "rb") as file:
        return file.read().decode(errors="replace")


def _write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class ToyWalk(walk.Walk):
    """A walk whose builds are the toy's. It cannot interrupt the toy, and the toy finds no errors."""

    WITHOUT = ("while_building", "interrupted", "breakage", "shadow", "delete_file", "screen", "lock_deleted", "check")

    def __init__(self, terms, number, forget, mischief):
        super().__init__(terms, number, Nobody())
        self.builder = Toy(self.place, forget, mischief)


class Nobody:
    others = ["other"]

    def host(self):
        return "host"


MEMORY = "/dev/shm" if os.path.isdir("/dev/shm") else None


def first_mismatch(forget=lambda ws: None, *mischief, seeds=SEEDS):
    """How many edits it took, or None; and which kinds there were."""
    kinds, made = Counter(), 0
    for seed in range(seeds):
        one = ToyWalk(walk.Terms("toy", seed, without=ToyWalk.WITHOUT, parent=MEMORY), 0, forget, mischief)
        try:
            mismatch = one.run(range(EDITS))
        finally:
            one.close()
        kinds += one.figures.edits
        made += sum(one.figures.edits.values())
        if mismatch:
            return made, kinds
    return None, kinds


def compare_cases():
    """Each pair: same, or the word that the sentence has to hold."""
    rule, other = compare.dep_info("a: b c\\ d e\n"), compare.dep_info("a: b c d e\n")
    said = build.Outcome(said=Counter({"warning": 2}))
    nothing = build.Outcome()
    return [
        ((nothing, {"a": "1"}), (nothing, {"a": "1"}), None),
        ((nothing, {"a": "1", "left over": "2"}), (nothing, {"a": "1"}), None),
        ((nothing, {"a": compare.dep_info("a: e b c\\ d\n")}), (nothing, {"a": rule}), None),
        ((nothing, {"a": other}), (nothing, {"a": rule}), "a: "),
        ((nothing, {"a": "1"}), (nothing, {"a": "2"}), "a: 1, clean 2"),
        ((nothing, {}), (nothing, {"a": "2"}), "is not there"),
        ((build.Outcome(code=101), {}), (nothing, {}), "exit code 101"),
        ((nothing, {}), (said, {}), "not said (2)"),
        ((said, {}), (nothing, {}), "said, but not when clean (2)"),
        ((build.Outcome(said=Counter({"warning": 1})), {}), (said, {}), "not said (1)"),
    ]


def main():
    wrong = []
    for incremental, clean, expected in compare_cases():
        problems = compare.differences(incremental, clean)
        if bool(problems) != bool(expected) or (expected and expected not in problems[0]):
            wrong.append(f"compare: expected {expected!r}, got {problems}")
    found, kinds = first_mismatch(seeds=5)
    if found:
        wrong.append("a toy that forgets nothing is called wrong")
    missing = set(edits.EDITS) - set(kinds) - set(ToyWalk.WITHOUT) - {"note_flipped", "final_file_flipped"}
    missing -= {"script_output_foreign", "repair"}
    if missing:
        wrong.append(f"kinds of edits that never came: {sorted(missing)}")
    planted = {f"forgets {name}": (forget,) for name, forget in FORGOTTEN.items()}
    for mischief in ("flip", "eager", "silent"):
        planted[mischief] = (lambda ws: None, mischief)
    for name, bug in planted.items():
        took, _ = first_mismatch(*bug)
        print(f"{name}: " + (f"found after {took} edits" if took is not None else "NOT FOUND"))
        if took is None:
            wrong.append(f"not found: {name}")
    print("\n".join(wrong) or f"{len(planted)} planted bugs found")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
