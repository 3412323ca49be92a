// SPDX-License-Identifier: MIT OR Apache-2.0
// What a build would not need without some units.
#pragma once

#include "graph/action_graph.h"

#include <span>
#include <vector>

namespace pcargo::graph {

/// `units`, and all that only they need, by id. What nothing depends on is needed for itself.
std::vector<UnitId> needed_only_by(const ActionGraph& graph, std::span<const UnitId> units);

}  // namespace pcargo::graph
