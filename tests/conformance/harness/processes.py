# SPDX-License-Identifier: MIT OR Apache-2.0
"""Compares two recordings process by process."""

import dataclasses
import difflib

from harness import canonical, pairing, record


@dataclasses.dataclass
class ProcessReport:
    compared: dict  # kind -> pairs compared
    differences: list
    pairing: object
    units: int = 0

    @property
    def total(self):
        return sum(self.compared.values())


def compare(theirs, ours, their_canon, our_canon, exceptions, failing=False):
    """`theirs` and `ours` are classified recordings. `failing`: only what both sides ran is compared."""
    left = canonical_list(theirs, their_canon, exceptions)
    right = canonical_list(ours, our_canon, exceptions)
    return compare_canonical(left, right, exceptions, failing)


def canonical_list(recording, canon, exceptions):
    return [canonical.canonical(one, canon, exceptions) for one in recording if one.kind in record.COMPARED_KINDS]


def compare_canonical(left, right, exceptions, failing=False):
    if failing:  # where the two sides ran different units, what only one of them ran has no partner
        both = {one.process.describe() for one in left} & {one.process.describe() for one in right}
        alone = [one for one in left + right if one.process.describe() not in both]
        exceptions.use("failed-build-set", len(alone))
        left = [one for one in left if one.process.describe() in both]
        right = [one for one in right if one.process.describe() in both]
    result, differences = pairing.pair(left, right)
    compared = {}
    for one, other in result.pairs:
        compared[one.kind] = compared.get(one.kind, 0) + 1
        differences += compare_pair(one, other, exceptions)
    lonely = [f"only cargo ran {line(one.process)}" for one in result.only_theirs]
    lonely += [f"only pcargo ran {line(one.process)}" for one in result.only_ours]
    if failing:
        exceptions.use("failed-build-set", len(lonely))
        lonely = []
    units = compared.get("rustc", 0) + compared.get("build-script", 0)
    return ProcessReport(compared, differences + lonely, result, units)


def built_and_checked(recording):
    """Packages ("name vVERSION") of which some units are compiled to code and some only checked."""
    built, checked = set(), set()
    for process in recording:
        if process.kind != "rustc":
            continue
        package = f"{process.env.get('CARGO_PKG_NAME')} v{process.env.get('CARGO_PKG_VERSION')}"
        linked = any(argument.startswith("--emit=") and "link" in argument for argument in process.argv)
        (built if linked else checked).add(package)
    return built & checked


def line(process):
    return f"{process.describe()}: {' '.join(process.argv)[:300]}"


def compare_pair(one, other, exceptions):
    """Every field of one pair of processes."""
    differences = compare_argv(one, other, exceptions)
    for field in sorted(set(one.fields) | set(other.fields)):
        if field.startswith("argv"):
            continue
        left, right = one.fields.get(field), other.fields.get(field)
        if left is None or right is None:
            value = (left or right).text
            differences.append(f"{field} only with {'pcargo' if left is None else 'cargo'}: {value[:200]}")
        elif left.text != right.text and not exceptions.explains(one.kind, field, right.text, left.text):
            differences.append(f"{field}\n      cargo:  {show(left.text)}\n      pcargo: {show(right.text)}")
    return [f"{one.process.describe()}: {difference}" for difference in differences]


def compare_argv(one, other, exceptions):
    left = [one.fields[name].text for name in sorted(one.fields) if name.startswith("argv")]
    right = [other.fields[name].text for name in sorted(other.fields) if name.startswith("argv")]
    if left == right:
        return []
    if len(left) == len(right):
        same = [
            theirs == mine or exceptions.explains(one.kind, f"argv[{at:03}]", mine, theirs)
            for at, (theirs, mine) in enumerate(zip(left, right))
        ]
        if all(same):
            return []
    differences = []
    matcher = difflib.SequenceMatcher(None, left, right, autojunk=False)
    for what, left_from, left_to, right_from, right_to in matcher.get_opcodes():
        if what != "equal":
            context = left[max(0, left_from - 1):left_from]
            differences.append(
                f"argv after {context}\n      cargo:  {left[left_from:left_to]}\n      pcargo: {right[right_from:right_to]}"
            )
    return differences


def show(text):
    return repr(text) if len(text) < 400 else repr(text[:400]) + "..."
