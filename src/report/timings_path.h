// SPDX-License-Identifier: MIT OR Apache-2.0
// The path of a build for a terminal: its longest steps, and what all of them together were waited for.
#pragma once

#include "report/timings.h"

#include <string>
#include <string_view>
#include <vector>

namespace pcargo::report {

/// What a part of the build's time was waited for.
struct PathCause {
  std::string_view name;   ///< in JSON
  std::string_view words;  ///< "3.20 s " in front makes sense of them
  record::Microseconds took = 0;
};

/// All of them, also those that took nothing: together they are the wall time. The time of a step is what the next step
/// waited for: metadata or all of its unit, the core that it had; of the last one the end of the build.
std::vector<PathCause> path_causes(const record::Timeline& timeline, const Timings& timings);

/// `all`: also of a long path each step. Printed times add up as they are printed.
std::string path_as_text(const record::Timeline& timeline, const Timings& timings, std::size_t columns, bool all);

}  // namespace pcargo::report
