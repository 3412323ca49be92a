// SPDX-License-Identifier: MIT OR Apache-2.0
// What a unit takes when nobody has built it here: fitted on real builds (tests/bench/fit_prior.py), which were on one
// machine. So what counts is how units compare, not the numbers.
#pragma once

#include "graph/critical_path.h"
#include "plan/build_plan.h"

namespace pcargo::record {

/// On one core, alone. `kibibytes`: SourceSizes.
graph::PhaseDurations prior(const plan::BuildPlan& plan, UnitId unit, double kibibytes);

/// The most memory that it takes at once, in bytes; of ten units nine take less. `nanoseconds`: what the prior says of
/// its time, because what takes long takes much.
std::int64_t prior_peak(const plan::BuildPlan& plan, UnitId unit, std::int64_t nanoseconds);

}  // namespace pcargo::record
