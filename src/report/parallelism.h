// SPDX-License-Identifier: MIT OR Apache-2.0
// How many units ran at once during a build, and when there were fewer than cores.
#pragma once

#include "record/timeline.h"

#include <vector>

namespace pcargo::report {

/// From then on so many ran; at their gates they do not.
struct Running {
  record::Microseconds from = 0;
  int units = 0;

  bool operator==(const Running&) const = default;
};

/// From the end of planning, when none runs yet; each time once. The last is zero.
std::vector<Running> running_units(const record::Timeline& timeline);

struct IdleStretch {
  record::Microseconds from = 0;
  record::Microseconds to = 0;
  record::Microseconds core_time = 0;  ///< all that idled together
  /// What was waited for: the unit whose metadata or end came last, before cores were full again or the build was over.
  UnitId ended_by;
};

/// Where fewer units ran than there are cores; the ones that cost most first.
std::vector<IdleStretch> idle_stretches(const record::Timeline& timeline, std::size_t most);

}  // namespace pcargo::report
