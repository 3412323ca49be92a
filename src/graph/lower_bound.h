// SPDX-License-Identifier: MIT OR Apache-2.0
// How short a build on so many cores could be at best, whoever orders it.
#pragma once

#include "graph/critical_path.h"

namespace pcargo::graph {

/// Work that cannot begin before r and has q after it takes r + work / slots + q: the best of this over all r and q,
/// which includes the critical path and all work evenly spread. `fastest`: phases with as many cores as each can use;
/// `work`: what one core would take for them. Of more than a thousand different r, of a large graph fewer, some are
/// left out: it stays a bound.
std::int64_t lower_bound(const ActionGraph& graph, const Durations& fastest, const Durations& work, int slots);

}  // namespace pcargo::graph
