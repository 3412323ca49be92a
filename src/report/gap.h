// SPDX-License-Identifier: MIT OR Apache-2.0
// Why a build took longer than the bound of its graph: the difference, part by part.
#pragma once

#include "graph/built_path.h"
#include "record/timeline.h"

#include <string_view>
#include <vector>

namespace pcargo::report {

struct GapPart {
  std::string_view name;   ///< in JSON
  std::string_view words;  ///< for people
  record::Microseconds took = 0;
};

/// What the simulator says of a build whose processes start at once.
struct IdealWalls {
  record::Microseconds bound = 0;      ///< no order is faster
  record::Microseconds ordered = 0;    ///< in our order
  record::Microseconds in_memory = 0;  ///< and below the limit of memory
  record::Microseconds slowed =
      0;  ///< without that limit, and each unit takes the time that passed, not what it worked
};

/// Together exactly the wall time less `ideal.bound`. Planning, what came behind the last unit, and the delays between
/// the steps of the path are measured; order, memory and slowness are simulated; the last part is what remains, and may
/// be negative.
std::vector<GapPart> gap_of(const record::Timeline& timeline,
                            const std::vector<graph::PathStep>& path,
                            const IdealWalls& ideal);

}  // namespace pcargo::report
