// SPDX-License-Identifier: MIT OR Apache-2.0
// What the time of a build's units went to.
#pragma once

#include "record/timeline.h"

#include <string_view>
#include <vector>

namespace pcargo::report {

struct Part {
  std::string_view name;   ///< in JSON
  std::string_view words;  ///< for people
  record::Microseconds took = 0;
};

/// From start to end, without what was waited at gates: each moment of each unit is in one part.
std::vector<Part> parts_of(const record::Timeline& timeline);

/// What the processor worked, and what all cores could have worked from begin to end.
struct Processor {
  record::Microseconds used = 0;
  record::Microseconds available = 0;
};
Processor processor_of(const record::Timeline& timeline);

}  // namespace pcargo::report
