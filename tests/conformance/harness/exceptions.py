# SPDX-License-Identifier: MIT OR Apache-2.0
"""The written exceptions: every difference that is allowed, each with its reason. The report counts their uses.

An exception about a field makes both sides' values equal (`same`) or it does not apply; it never hides a field whole.
"""

import dataclasses
import re
import typing

from harness import toolchains


@dataclasses.dataclass(frozen=True)
class FieldException:
    """A difference in one field of a process."""

    name: str
    reason: str
    kinds: tuple
    field: str  # a regular expression over the field's name, matched whole
    normalise: typing.Callable

    def covers(self, kind, field):
        return kind in self.kinds and re.fullmatch(self.field, field) is not None


@dataclasses.dataclass(frozen=True)
class RuleException:
    """A difference that a rule elsewhere in the harness asks about by name."""

    name: str
    reason: str


ANY = ("rustc", "build-script", "wrapper", "program", "nested-rustc")

FIELDS = (
    FieldException(
        name="jobserver-descriptors",
        reason="The numbers of the job server's two descriptors are whatever the driver's open files leave free.",
        kinds=ANY,
        field=r"env (CARGO_MAKEFLAGS|MAKEFLAGS|MFLAGS)",
        normalise=lambda value: re.sub(r"--jobserver-(fds|auth)=\d+,\d+", r"--jobserver-\1=R,W", value),
    ),
    FieldException(
        name="autocfg-crate-name",
        reason="The autocfg crate names its trial crates after a hash of OUT_DIR, in which our unit hash stands.",
        kinds=("nested-rustc",),
        field=r"argv.*",
        normalise=lambda value: re.sub(r"\bautocfg_[0-9a-f]{16}_", "autocfg_HASH_", value),
    ),
    FieldException(
        name="unit-lock-descriptor",
        reason="A build script holds a lock of its unit, and so does all that it starts: what a killed pcargo leaves"
        " running in OUT_DIR is waited for.",
        kinds=ANY,
        field="descriptors",
        normalise=lambda value: re.sub(r" \+rw (?:(?! \+).)*?/pcargo/(?:[^/ ]+/)?[^/ ]+/locks/[^ ]+", "", value),
    ),
    FieldException(
        name="jobserver-of-make",
        reason="Under an outer make cargo hands on make's two descriptors and a second pair opened on the same pipe; pcargo"
        " names make's own in CARGO_MAKEFLAGS too. The same pipe in the same directions is open.",
        kinds=ANY,
        field="descriptors",
        normalise=lambda value: re.sub(r"\+r (pipe#\d+) \+rn \1 \+w \1 \+w \1", r"+rn \1 +w \1", value),
    ),
    FieldException(
        name="jobserver-returns",
        reason="Children give tokens back into a pipe that only pcargo reads, beside the one that they take them from.",
        kinds=ANY,
        field="descriptors",
        normalise=lambda value: re.sub(r"\+(rn?) pipe#\d+ \+w pipe#\d+( |$)", r"+\1 pool +w pool\2", value),
    ),
)

#: Of a cargo that is built against the system's libraries.
OF_DEBIANS_CARGO = (
    FieldException(
        name="sockets-of-libcurl",
        reason="Debian's libcurl wakes itself through a pair of sockets that it does not close on exec: cargo's children inherit"
        " it. Only with Debian's cargo.",
        kinds=ANY,
        field="descriptors",
        normalise=lambda value: re.sub(r" \+rwn socket#1 \+rwn socket#2", "", value),
    ),
)

RULES = {
    rule.name: rule
    for rule in (
        RuleException(
            "failed-build-set",
            "Once a unit has failed, which others had been started is a question of order and time; only what both"
            " sides ran is compared (cases marked `failing = true` without --keep-going).",
        ),
        RuleException(
            "shared-dep-info",
            "The outputs of one unit that differ only in their ending (libx.a, libx.rlib, libx.so) share libx.d, and cargo"
            " writes it once for each in an order of its hash map: the file's first word is any of them.",
        ),
        RuleException(
            "compiling-or-checking",
            "A package that has units of both kinds is announced by whichever starts first: `Compiling` or `Checking`.",
        ),
        RuleException(
            "duplicate-warnings",
            "Of several units that say the same, the first to say it is shown and the others count a duplicate; which is first"
            " is a question of time. The number of warnings of each unit and the sum of duplicates must agree.",
        ),
        RuleException(
            "waiting-for-others",
            "With --keep-going `build failed, waiting for other jobs to finish...` is said if another unit runs when the first"
            " has failed: a question of time. Without, it is compared.",
        ),
        RuleException(
            "compiled-by-a-script",
            "What a build script itself compiles into OUT_DIR holds a hash of that path, in which our unit hash stands.",
        ),
        RuleException(
            "thread-id",
            "A panic message names the operating system's number of the thread.",
        ),
        RuleException(
            "package-cache-lock",
            "`Blocking waiting for file lock on package cache`: another cargo on this machine held it for a moment.",
        ),
        RuleException(
            "timing-line",
            "With -v pcargo says in a line of its own how long the build took, and how long it might have taken.",
        ),
        RuleException(
            "elapsed-time",
            "The time after `target(s) in` is this run's.",
        ),
    )
}


class Exceptions:
    """The table with its counters."""

    def __init__(self, fields=None, rules=None):
        if fields is None:
            fields = (OF_DEBIANS_CARGO if toolchains.is_debians() else ()) + FIELDS
        self.fields = fields
        self.rules = RULES if rules is None else rules
        self.uses = {exception.name: 0 for exception in fields} | {name: 0 for name in self.rules}

    def normalise(self, kind, field, text):
        for exception in self.fields:
            if exception.covers(kind, field):
                text = exception.normalise(text)
        return text

    def explains(self, kind, field, ours, theirs):
        """Whether an exception makes the two equal; counts its use."""
        for exception in self.fields:
            if exception.covers(kind, field) and exception.normalise(ours) == exception.normalise(theirs):
                self.uses[exception.name] += 1
                return True
        if self.normalise(kind, field, ours) != self.normalise(kind, field, theirs):
            return False
        text = ours
        for exception in self.fields:  # it takes several, each on what the one before left
            if exception.covers(kind, field) and exception.normalise(text) != text:
                text = exception.normalise(text)
                self.uses[exception.name] += 1
        return True

    def use(self, name, times=1):
        assert name in self.rules, name
        self.uses[name] += times

    def add(self, other):
        for name, count in other.uses.items():
            self.uses[name] = self.uses.get(name, 0) + count

    def table(self):
        rows = []
        for exception in list(self.fields) + list(self.rules.values()):
            rows.append((exception.name, self.uses[exception.name], exception.reason))
        return rows
