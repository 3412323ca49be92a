// SPDX-License-Identifier: MIT OR Apache-2.0
// Two builds of one project, held against each other.
#pragma once

#include "base/result.h"
#include "record/timeline.h"

#include <string>
#include <string_view>

namespace pcargo::report {

/// What became slower, what was built in one of them only, what is newly on the path.
std::string timings_diff(const record::Timeline& before, const record::Timeline& after);

/// `condition`: "wall>+10%", "wall>+2s", "wall>30s"; of the build after. Fails on what is none.
Result<bool> holds(std::string_view condition, const record::Timeline& before, const record::Timeline& after);

}  // namespace pcargo::report
