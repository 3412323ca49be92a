// SPDX-License-Identifier: MIT OR Apache-2.0
// How much shorter the longest way through a build would be if one unit took no time, of each unit at once.
#pragma once

#include "graph/critical_path.h"

namespace pcargo::graph {

/// With as many cores as wanted; nothing for units off the longest way.
IdMap<UnitId, std::int64_t> potential(const ActionGraph& graph, const Durations& durations);

}  // namespace pcargo::graph
