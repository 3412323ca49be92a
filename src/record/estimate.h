// SPDX-License-Identifier: MIT OR Apache-2.0
// How long each unit of a build will take, from the best that is known of it: this very unit here, else the same crate
// built in another way, scaled, else the prior. Looks at no clock and no database.
#pragma once

#include "graph/critical_path.h"
#include "plan/build_plan.h"
#include "record/history.h"

#include <cstdint>
#include <vector>

namespace pcargo::record {

struct Estimate {
  enum class From : std::uint8_t { kThisUnit, kThisCrate, kPrior };

  From from = From::kPrior;
  graph::PhaseDurations one_thread;  ///< alone, on one core
  unsigned threads = 1;              ///< that may share codegen where job slots are free
  std::int64_t peak_bytes = 0;       ///< what its processes take together; where nobody has measured it, the prior's
  std::int64_t prior = 0;            ///< what the prior said of the whole; kept beside what is measured
};
using Estimates = IdMap<UnitId, Estimate>;

/// Of codegen: one thread makes the modules that the others work on, and puts together what they made.
inline constexpr double kSerialShare = 0.2;

/// What a run took, as it would take alone on one core. `phases`: what the unit has; `shares`: how its time divides
/// where nobody told.
graph::PhaseDurations one_thread(const Measurement& measured,
                                 graph::Phases phases,
                                 const graph::PhaseDurations& shares);

/// `known`: by unit.
Estimates estimate(const plan::BuildPlan& plan, const std::vector<Known>& known);

/// What the longest way to the end of a build is made of. On that way are the units that run when cores begin to idle,
/// so codegen is as long as with a core for each of its threads, as far as there are so many.
graph::Durations on_free_cores(const Estimates& estimates, unsigned cores);

/// Bytes by unit.
IdMap<UnitId, std::int64_t> peaks(const Estimates& estimates);

}  // namespace pcargo::record
