# SPDX-License-Identifier: MIT OR Apache-2.0
"""Medians and a bootstrap bound for pairs of durations measured side by side."""

import random
import statistics

RESAMPLES = 10_000


def ratio_summary(pairs, seed=1):
    """For (ours, theirs) pairs: median ratio and the upper 95 % bound of it (bootstrap over the pairs, fixed seed)."""
    ratios = [ours / theirs for ours, theirs in pairs]
    generator = random.Random(seed)
    medians = sorted(statistics.median(generator.choices(ratios, k=len(ratios))) for _ in range(RESAMPLES))
    return {
        "pairs": len(pairs),
        "ours_median": statistics.median(ours for ours, _ in pairs),
        "theirs_median": statistics.median(theirs for _, theirs in pairs),
        "ratio_median": statistics.median(ratios),
        "ratio_bound_95": medians[int(0.95 * RESAMPLES)],
        "ratio_lowest": min(ratios),
        "ratio_highest": max(ratios),
    }
