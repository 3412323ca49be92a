# SPDX-License-Identifier: MIT OR Apache-2.0
"""Pairs the processes of two recordings one to one, and the hashes with them.

First processes that are equal but for hashes; among several such, the pairing that agrees with the hashes known so far
(found by rounds, then by refinement). What is left over is paired by likeness, so that a report can say *what* differs.
Then every pair is walked field by field: a hash on one side must always meet the same hash on the other.
"""

import collections
import dataclasses
import difflib


@dataclasses.dataclass
class Pairing:
    pairs: list  # (cargo's, pcargo's)
    only_theirs: list
    only_ours: list
    hashes: "HashMap"


class HashMap:
    """The one-to-one relation between the two sides' hashes, per role."""

    def __init__(self):
        self.to_ours = {}
        self.to_theirs = {}
        self.witness = {}

    def score(self, theirs, ours):
        """How well a pair of processes agrees with what is known: (conflicts, -agreements)."""
        conflicts = agreements = 0
        for left, right in aligned(theirs, ours):
            if left in self.to_ours or right in self.to_theirs:
                if self.to_ours.get(left) == right and self.to_theirs.get(right) == left:
                    agreements += 1
                else:
                    conflicts += 1
        return conflicts, -agreements

    def learn(self, theirs, ours):
        """Adds what a pair says; returns the conflicts as texts."""
        conflicts = []
        for (role, left), (_, right), field in aligned_fields(theirs, ours):
            conflicts += self.relate(role, left, right, f"{field} of {theirs.process.describe()}")
        return conflicts

    def relate(self, role, left, right, place):
        known_right = self.to_ours.setdefault((role, left), (role, right))
        known_left = self.to_theirs.setdefault((role, right), (role, left))
        first = self.witness.setdefault((role, left), place)
        if known_right != (role, right):
            return [f"{role} hash {left} of cargo is {known_right[1]} in {first}, but {right} in {place}"]
        if known_left != (role, left):
            other = self.witness.get(known_left, "?")
            return [f"{role} hash {right} of pcargo stands for {known_left[1]} in {other}, but for {left} in {place}"]
        return []

    def translate(self, masked):
        """The hashes of one of cargo's texts as pcargo has them; None where a hash is not known."""
        return tuple(self.to_ours.get(entry) for entry in masked.hashes)

    def __len__(self):
        return len(self.to_ours)


def aligned_fields(theirs, ours):
    """Hash pairs of all fields that hold equally many hashes at the same places."""
    for field in sorted(theirs.fields):
        left, right = theirs.fields[field], ours.fields.get(field)
        if right is not None and left.text == right.text:
            for one, other in zip(left.hashes, right.hashes):
                yield one, other, field


def aligned(theirs, ours):
    return [(left, right) for left, right, _ in aligned_fields(theirs, ours)]


def pair(theirs, ours):
    """Two lists of CanonicalProcess to a Pairing, and the texts of all hash conflicts."""
    left, right = group(theirs), group(ours)
    known, pairs, open_groups = HashMap(), [], []
    rest_left, rest_right = [], []
    for key in sorted(set(left) | set(right)):
        ones, others = left.get(key, []), right.get(key, [])
        if len(ones) == len(others) == 1:
            pairs.append((ones[0], others[0]))
            known.learn(ones[0], others[0])
        elif ones and others:
            open_groups.append((ones, others))
        else:
            rest_left += ones
            rest_right += others
    resolve(open_groups, known, pairs, rest_left, rest_right)
    pair_by_likeness(known, pairs, rest_left, rest_right)
    # All over again from the final pairs: a wrong guess on the way must not excuse or accuse anything.
    final, conflicts = HashMap(), []
    for one, other in pairs:
        conflicts += final.learn(one, other)
    return Pairing(pairs, rest_left, rest_right, final), conflicts


def group(processes):
    groups = collections.defaultdict(list)
    for process in processes:
        groups[process.key].append(process)
    return groups


def resolve(open_groups, known, pairs, rest_left, rest_right):
    """Pairs inside groups of look-alikes: surest first, symmetric ones last."""
    colours = None
    while any(ones and others for ones, others in open_groups):
        progress = False
        for ones, others in open_groups:
            progress |= take_sure_pairs(ones, others, known, pairs)
        if progress:
            continue
        if colours is None:
            colours = refine(open_groups, pairs)
        ones, others = next((ones, others) for ones, others in open_groups if ones and others)
        one, other = min(
            ((one, other) for one in ones for other in others),
            key=lambda both: (known.score(*both), colours.get(id(both[0])) != colours.get(id(both[1]))),
        )
        take(one, other, ones, others, known, pairs)
    for ones, others in open_groups:
        rest_left += ones
        rest_right += others


def take_sure_pairs(ones, others, known, pairs):
    """Takes the pairs where one candidate alone agrees best and has no conflict."""
    progress = False
    for one in list(ones):
        scores = sorted(((known.score(one, other), index) for index, other in enumerate(others)))
        if not scores:
            break
        best = scores[0][0]
        alone = len(scores) == 1 or scores[1][0] > best
        if best[0] == 0 and best[1] < 0 and alone:
            take(one, others[scores[0][1]], ones, others, known, pairs)
            progress = True
        elif len(ones) == len(others) == 1:
            take(one, others[0], ones, others, known, pairs)
            progress = True
    return progress


def take(one, other, ones, others, known, pairs):
    ones.remove(one)
    others.remove(other)
    pairs.append((one, other))
    known.learn(one, other)


def refine(open_groups, pairs):
    """Colours for look-alikes that say how their hashes are used elsewhere (colour refinement, a few rounds)."""
    colours = {}
    for side in (0, 1):
        members = [process for entry in open_groups for process in entry[side]] + [both[side] for both in pairs]
        shade = {id(process): hash(process.key) for process in members}
        for _ in range(6):
            uses = collections.defaultdict(list)
            for process in members:
                for field, position, role, digits in process.hashes():
                    uses[role, digits].append((shade[id(process)], field, position))
            hash_shade = {entry: hash(tuple(sorted(places))) for entry, places in uses.items()}
            shade = {
                id(process): hash(
                    (process.key, tuple(hash_shade[role, digits] for _, _, role, digits in process.hashes()))
                )
                for process in members
            }
        colours.update(shade)
    return colours


def pair_by_likeness(known, pairs, rest_left, rest_right):
    """Pairs what is left when it is plainly the same unit with something different."""
    candidates = []
    for one in rest_left:
        for other in rest_right:
            if one.kind == other.kind and name_of(one) == name_of(other):
                conflicts, agreements = known.score(one, other)
                candidates.append((likeness(one, other), -conflicts, -agreements, len(candidates), one, other))
    for entry in sorted(candidates, key=lambda entry: entry[:3], reverse=True):
        one, other = entry[4], entry[5]
        if one in rest_left and other in rest_right:
            take(one, other, rest_left, rest_right, known, pairs)
    if len(rest_left) == len(rest_right) == 1 and rest_left[0].kind == rest_right[0].kind:
        take(rest_left[0], rest_right[0], rest_left, rest_right, known, pairs)


def name_of(process):
    argv = process.process.argv
    crate = argv[argv.index("--crate-name") + 1] if "--crate-name" in argv[:-1] else ""
    return crate, process.process.env.get("CARGO_PKG_NAME", "")


def likeness(one, other):
    left = [one.fields[name].text for name in sorted(one.fields) if name.startswith("argv")]
    right = [other.fields[name].text for name in sorted(other.fields) if name.startswith("argv")]
    env = sum(
        1
        for name, value in one.fields.items()
        if not name.startswith("argv") and name in other.fields and other.fields[name].text == value.text
    )
    total = max(1, len(one.fields) + len(other.fields) - len(left) - len(right))
    return difflib.SequenceMatcher(None, left, right, autojunk=False).ratio() + 2 * env / total
