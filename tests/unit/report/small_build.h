// SPDX-License-Identifier: MIT OR Apache-2.0
// Builds so small that what is said of them can be worked out by hand, in microseconds.
#pragma once

#include "record/timeline.h"

#include <map>
#include <string>

namespace pcargo::test {

/// Microseconds of one core.
struct Work {
  record::Microseconds frontend = 0;
  record::Microseconds codegen = 0;
  record::Microseconds link = 0;
};

/// Each unit is a library of a package of its own name, and `wall` is what the whole took, with 7 of planning and 3
/// behind the last unit.
record::Timeline build_of(const std::string& text,
                          const std::map<std::string, Work>& works,
                          int cores,
                          record::Microseconds wall);

/// On 4 cores 240. `only` is on the way to the end, which is app's link: 0-100-200, app 100-110-130 and from 200.
record::Timeline chain();

}  // namespace pcargo::test
