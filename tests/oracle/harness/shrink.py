# SPDX-License-Identifier: MIT OR Apache-2.0
"""A shorter way to a mismatch: the last edit alone, then with one earlier edit, then ever fewer of all of them.

Each edit draws its choices from its own index, so leaving others out mostly leaves it as it was."""

from harness import walk


def shorter(terms, number, mismatch, toolchains, tries):
    """A Mismatch reached by fewer edits, or None."""
    earlier = list(range(mismatch.index))
    best = None
    for indexes in _candidates(earlier, mismatch.index):
        if tries <= 0:
            return best
        tries -= 1
        if found := _fails(terms, number, indexes, toolchains):
            return found
    size = max(1, len(earlier) // 2)
    while size >= 1 and tries > 0:
        for start in range(0, len(earlier), size):
            less = earlier[:start] + earlier[start + size :]
            tries -= 1
            if found := _fails(terms, number, [*less, mismatch.index], toolchains):
                earlier, best = less, found
                break
            if tries <= 0:
                return best
        else:
            size //= 2
    return best


def _candidates(earlier, last):
    yield [last]
    for index in reversed(earlier[-8:]):
        yield [index, last]


def _fails(terms, number, indexes, toolchains):
    one = walk.Walk(terms, number, toolchains)
    try:
        return one.run(indexes)
    finally:
        one.close()
