# SPDX-License-Identifier: MIT OR Apache-2.0
"""One workspace and its edits: after each, the incremental build is held against a clean one at the same path."""

import hashlib
import random
import subprocess
from collections import Counter
from dataclasses import dataclass, field

from harness import build, compare, disturb, edits, edits_outside, model, needs, place, sources  # noqa: F401

_STATES_KEPT = 12


@dataclass
class Edit:
    kind: str
    is_idle: bool = False  # nothing may run
    is_uncertain: bool = False  # the model cannot tell what must run


@dataclass
class Figures:
    edits: Counter = field(default_factory=Counter)  # by kind
    mismatches: Counter = field(default_factory=Counter)
    ran: int = 0
    needed: int = 0
    units: int = 0  # that a build has, summed over the edits
    ran_by_kind: Counter = field(default_factory=Counter)
    needed_by_kind: Counter = field(default_factory=Counter)
    clean_builds: int = 0
    failing: int = 0  # edits after which the build fails, as it must
    nondeterministic: Counter = field(default_factory=Counter)
    stories: Counter = field(default_factory=Counter)  # of mismatches that are only counted

    def add(self, other):
        for name in self.__dataclass_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            else:
                setattr(self, name, mine + theirs)


@dataclass
class Mismatch:
    index: int
    problems: list
    trail: list  # what was done, oldest first


@dataclass(frozen=True)
class Terms:
    """How all walks of one run of the oracle are made."""

    program: str
    seed: int
    is_behaviour: bool = False  # CARGO_INCREMENTAL=1, and programs are run instead of compared
    is_cargo: bool = False  # figures only
    only: tuple = ()  # kinds
    without: tuple = ()
    parent: str | None = None


class Walk:
    def __init__(self, terms, number, toolchains):
        self.terms, self.number = terms, number
        self.place = place.Place(terms.parent)
        self.builder = build.Builder(terms.program, self.place, toolchains, terms.is_behaviour)
        self.host = toolchains.host()
        self.other_toolchains = toolchains.others
        self.rng = random.Random(f"{terms.seed}/{number}")
        self.ws = model.generate(self.rng)
        self.history, self.trail = [], []
        self.figures = Figures()
        self.cleans = {}  # state: (outcome, files)
        self.clean_files, self.last_code = {}, 0
        self.seen, self.last = set(), {}
        self.ran = set()
        self.edit = Edit("first build")

    def close(self):
        self.place.close()

    # What edits use.

    def crate_files(self, crate):
        return sources.crate_files(self.ws, crate)

    def build(self):
        self.place.sync(self.ws)
        outcome = self.builder.run(self.ws)
        self.note(outcome)
        return outcome

    def note(self, outcome):
        """A build that is not compared; what it ran need not run again."""
        self.ran |= outcome.ran
        self.edit.is_uncertain |= not outcome.can_tell

    # The walk.

    def run(self, indexes):
        """The first mismatch, or None."""
        for index in [-1, *indexes]:
            if index >= 0 and not self.make_edit(index):
                break
            problems = self.step(index)
            if problems:
                self.figures.mismatches[self.edit.kind] += 1
                self.figures.stories[f"workspace {self.number}, {self.trail[-1]}: {problems[0]}"] += 1
                if not self.terms.is_cargo:
                    return Mismatch(index, problems, self.trail)
        return None

    def step(self, index):
        self.history.append(self.ws.copy())
        self.place.sync(self.ws, by_rename=self.rng.random() < 0.3)
        outcome = self.builder.run(self.ws)
        self.ran |= outcome.ran
        clean = self.clean()
        now = (outcome, self.look())
        if index < 0 and clean[0].code:
            raise RuntimeError("the generator is wrong, its first state does not build:\n" + clean[0].text)
        problems = compare.differences(now, clean)
        if problems:
            problems = self.again(now, clean)
        problems += self.judge_work(outcome, clean[0])
        if build.CRASHED.search(outcome.text):
            problems.append("a crash: " + outcome.text[-2000:])
        if problems and self.terms.is_cargo:
            self.restart()
        self.last_code, self.clean_files = clean[0].code, clean[1]
        self.ran = set()
        return problems

    def make_edit(self, index):
        """False: none of the kinds that were asked for fits here."""
        self.rng = random.Random(f"{self.terms.seed}/{self.number}/{index}")
        terms = self.terms
        kinds = {k: v for k, v in edits.EDITS.items() if k not in terms.without and (not terms.only or k in terms.only)}
        weights = [self.weight(kind, weight) for kind, (weight, _) in kinds.items()]
        for _ in range(200):
            kind = self.rng.choices(list(kinds), weights)[0]
            self.edit = Edit(kind)
            what = kinds[kind][1](self)
            if what:
                self.figures.edits[kind] += 1
                self.trail.append(f"{index}: {kind}: {what}")
                return True
        if not terms.only:
            raise RuntimeError("no edit fits")
        return False

    def weight(self, kind, weight):
        """States in which little can be seen do not last long."""
        ws = self.ws
        lasts = {
            "repair": edits.is_broken(ws),
            "release": ws.release,
            "check": ws.command == "check",
            "toolchain": ws.toolchain,
            "triple": ws.triple,
            "screen": ws.human,
        }
        return weight * 12 if lasts.get(kind) else weight

    def state(self):
        text = repr((sorted(self.place.files.items()), sorted(self.ws.environment.items()), build.command("", self.ws)))
        return hashlib.sha256((text + self.ws.toolchain).encode()).hexdigest()

    def clean(self):
        state = self.state()
        if state not in self.cleans:
            self.cleans[state] = self.build_clean()
            while len(self.cleans) > _STATES_KEPT:
                del self.cleans[next(iter(self.cleans))]
        return self.cleans[state]

    def build_clean(self, keeps=False):
        self.figures.clean_builds += 1
        self.place.set_target_aside()
        outcome = self.builder.run(self.ws)
        files = self.look()
        if not keeps:
            self.place.put_target_back()
        return outcome, files

    def look(self):
        files = compare.snapshot(self.place.target)
        return self.programs(files) if self.terms.is_behaviour else files

    def programs(self, files):
        """What the programs say, in place of their bytes."""
        said = {}
        for path in files:
            if path.startswith(("debug/app-", "release/app-")) and not path.endswith(".d"):
                done = subprocess.run([f"{self.place.target}/{path}"], stdout=subprocess.PIPE, check=False)
                said[path] = f"{done.returncode} {done.stdout!r}"
        return said

    def again(self, now, clean):
        """Is it a mismatch, or do clean builds differ among themselves?"""
        other = self.build_clean()
        chance = {path for path in clean[1].keys() | other[1].keys() if clean[1].get(path) != other[1].get(path)}
        if chance:
            self.figures.nondeterministic[f"{len(chance)} files after {self.edit.kind}"] += 1
            self.trail.append(f"clean builds differ in {sorted(chance)[:6]}")
        return compare.differences(now, other, chance)

    def judge_work(self, outcome, clean):
        """Everything that had to run ran, and after an edit that changes nothing nothing did."""
        told = needs.units(self.ws)
        present = {unit for unit in told if unit in clean.units}
        never = {unit for unit in present if (unit, told[unit]) not in self.seen}
        changed = {unit for unit in present if self.last.get(unit) != told[unit]}
        problems = []
        can_tell = outcome.can_tell and clean.can_tell
        certain = can_tell and not self.edit.is_uncertain
        if certain and never - self.ran:
            problems.append(f"had to run and did not: {sorted(never - self.ran)}")
        if certain and self.edit.is_idle and self.last_code == 0 and self.ran and not self.terms.is_cargo:
            problems.append(f"ran though nothing changed: {sorted(self.ran)}")
        if certain and self.edit.kind != "first build":
            needed = len(never | (changed & self.ran))
            self.figures.ran += len(self.ran)
            self.figures.needed += needed
            self.figures.units += len(clean.units)
            self.figures.ran_by_kind[self.edit.kind] += len(self.ran)
            self.figures.needed_by_kind[self.edit.kind] += needed
        self.figures.failing += clean.code != 0
        if can_tell:
            self.last = {unit: told[unit] for unit in present}
            self.seen |= {(unit, told[unit]) for unit in present}
        else:
            self.last = {}
            self.seen |= set(told.items())
        return problems

    def restart(self):
        """After a mismatch that is only counted: on from a clean build."""
        self.build_clean(keeps=True)
        self.place.take_clean_target()
