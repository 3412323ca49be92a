// SPDX-License-Identifier: MIT OR Apache-2.0
// The build of a journal once more, in the simulator.
#pragma once

#include "record/timeline_estimates.h"

namespace pcargo::report {

/// From the command's begin to its end: planning and what came behind the last unit take what they took.
record::Microseconds simulated_wall(const record::Timeline& timeline, const record::Estimates& estimates, int cores);

/// What came behind the last unit.
record::Microseconds tail_of(const record::Timeline& timeline);

}  // namespace pcargo::report
